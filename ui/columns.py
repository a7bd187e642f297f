"""What the columns and codes of a table mean, for who takes it away."""

from access.language import N_

MEANINGS = {
    "value": N_("the figure; empty unless the state is “reported”"),
    "state": N_("what the figure is: see below"),
    "numerator": N_("the upper part of a rate, or the sum that the figure is"),
    "denominator": N_("the lower part of a rate; empty for a count"),
    "schools_in_base": N_("expected schools whose values the figure is made of"),
    "schools_reporting": N_("expected schools that said something, “not applicable” included"),
    "schools_expected": N_("schools enrolled and open on the period's last day"),
    "demonstration": N_("whether invented schools are in it"),
    "recorded_at": N_("when the figure last changed (UTC)"),
    "period": N_("2026-09 is a month, 2026-Q3 a quarter, 2025/26 a school year"),
    "starts_on": N_("the period's first day"),
    "area_code": N_("ISO 3166-2 for a region, the country's own code below it"),
    "school_code": N_("the school's national code: a text, leading zeros matter"),
    "measure": N_("the key of the metric or indicator"),
    "low": N_("the interval's lower end"),
    "high": N_("the interval's upper end"),
    "share_reporting": N_("schools that reported, percent of those expected"),
    "share_on_time": N_("schools that reported on time, percent of those expected"),
    "converted": N_("the amount in the currency of the picture; empty without an exchange rate"),
}
STATES = {
    "reported": N_("at least one expected school gave a value; it may be zero"),
    "not_reported": N_("no expected school said anything; not a zero"),
    "not_applicable": N_("those that reported said “not applicable”, or there is nothing to divide by"),
    "suppressed": N_("withheld from the public to protect people"),
}
