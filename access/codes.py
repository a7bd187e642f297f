"""The registry's codes in words, marked for translation: what stands on screen, in forms and in pictures."""

import re
from collections.abc import Mapping

from access.language import N_, _, format_number

STATUSES = {
    "announced": N_("Announced"),
    "planned": N_("Planned"),
    "active": N_("Active"),
    "completed": N_("Completed"),
    "suspended": N_("Suspended"),
    "changed": N_("Changed"),
}
KINDS = {
    "platform_rollout": N_("Rollout of a platform"),
    "teacher_training": N_("Teacher training"),
    "curriculum": N_("Curriculum"),
    "infrastructure": N_("Infrastructure"),
    "research": N_("Research"),
    "fund": N_("Fund"),
    "national_platform": N_("National platform"),
    "licensing_framework": N_("Licensing framework"),
    "other": N_("Other"),
}
GRANULARITIES = {
    "month": N_("Every month"),
    "quarter": N_("Every quarter"),
    "school_year": N_("Every school year"),
}
ORGANISATION_KINDS = {
    "ministry": N_("Ministry"),
    "government": N_("Government body"),
    "central_bank": N_("Central bank"),
    "fund": N_("Fund"),
    "technology_provider": N_("Technology provider"),
    "foundation": N_("Foundation"),
    "university": N_("University"),
    "consortium": N_("Consortium"),
    "company": N_("Company"),
    "international": N_("International organisation"),
    "other": N_("Other"),
}
ROLES = {
    "lead": N_("Lead"),
    "implementer": N_("Implementer"),
    "funder": N_("Funder"),
    "technology_provider": N_("Technology provider"),
    "evaluator": N_("Evaluator"),
    "partner": N_("Partner"),
}
CLAIM_KINDS = {
    "target": N_("Target"),
    "result": N_("Result"),
    "money": N_("Money"),
    "effect": N_("Effect"),
}
# What a claim is about.
FIGURES = {
    "schools_targeted": N_("Schools targeted"),
    "schools_participating": N_("Schools taking part"),
    "students_targeted": N_("Students targeted"),
    "students_engaged": N_("Students engaged"),
    "students_with_account": N_("Students with an account"),
    "students_active": N_("Active students"),
    "teachers_targeted": N_("Teachers targeted"),
    "teachers_trained": N_("Teachers trained"),
    "teachers_active": N_("Active teachers"),
    "teachers_engaged": N_("Teachers engaged"),
    "licences_allocated": N_("Licences allocated"),
    "licences_activated": N_("Licences activated"),
    "prompts_sent": N_("Prompts sent"),
    "budget": N_("Budget"),
    "unit_price": N_("Price of a licence"),
    "self_reported_hours_saved_per_week": N_("Hours saved a week, by own account"),
    "share_surveyed_finding_it_useful": N_("Share of those asked who find it useful"),
    "other": N_("Other figure"),
}
UNITS = {
    "teachers": N_("teachers"),
    "schools": N_("schools"),
    "students": N_("students"),
    "people": N_("people"),
    "users": N_("users"),
    "accounts": N_("accounts"),
    "licences": N_("licences"),
    "prompts": N_("prompts"),
    "messages": N_("messages"),
    "percent": N_("%"),
    "percent_of_gdp": N_("% of GDP"),
    "hours_per_week": N_("hours a week"),
    "ratio": N_("to 1"),
    "hour": N_("hours"),
    "hours": N_("hours"),
    "points": N_("points"),
    "point": N_("points"),
}
# The same where a unit stands alone, as a heading or a fact, and not behind a number.
COUNTED = {
    "teachers": N_("Teachers"),
    "schools": N_("Schools"),
    "students": N_("Students"),
    "people": N_("People"),
    "users": N_("Users"),
    "accounts": N_("Accounts"),
    "licences": N_("Licences"),
    "prompts": N_("Prompts"),
    "messages": N_("Messages"),
    "percent": N_("Percent"),
    "percent_of_gdp": N_("Percent of GDP"),
    "hours_per_week": N_("Hours a week"),
    "ratio": N_("How many times"),
    "hours": N_("Hours"),
    "points": N_("Points"),
}
# How a figure was given: as a choice, and around its value.
HEDGES = {
    "exact": N_("Exactly"),
    "at_least": N_("At least"),
    "about": N_("Roughly"),
    "at_most": N_("At most"),
    "range": N_("A range"),
}
QUALIFIERS = {
    "exact": N_("{value}"),
    "at_least": N_("at least {value}"),
    "about": N_("about {value}"),
    "at_most": N_("at most {value}"),
    "range": N_("{value} to {high}"),
}
CLAIM_PERIODS = {
    "per_year": N_("a year"),
    "calendar_year": N_("in the calendar year"),
    "month_1": N_("in the first month of use"),
    "year_1": N_("in the first year of use"),
    "over_three_years": N_("over three years"),
    "per_licence_month": N_("per licence and month"),
}
TRANSACTIONS = {
    "commitment": N_("Commitment"),
    "disbursement": N_("Disbursement"),
    "expenditure": N_("Expenditure"),
}
# What a number about a country counts.
FACTS = {
    "schools": N_("Schools"),
    "pupils": N_("Pupils"),
    "teachers": N_("Teachers"),
    "schools_online": N_("Schools with internet"),
    "upper_secondary_schools": N_("Upper-secondary schools"),
    "public_pupils": N_("Pupils in public schools"),
    "schools_on_fibre": N_("Schools on fibre"),
    "urban_schools": N_("Urban schools"),
    "rural_schools": N_("Rural schools"),
    "gdp_usd": N_("GDP, current US dollars"),
}
# What the grade of a source says.
GRADES = {
    "A": N_("Grade A: the actor's own or an official text. It says who speaks, not that it is true."),
    "B": N_("Grade B: established press or an official wire."),
    "C": N_("Grade C: blog, aggregator, copy or machine translation. Verify before you rely on it."),
}


def word(code: str | None, words: Mapping[str, str]) -> str:
    """Return the code in words; one that is unknown without its underscores, an empty one as nothing."""
    if not isinstance(code, str) or not code:
        return ""
    return _(words[code]) if code in words else code.replace("_", " ")


def claimed(value: float, high: float | None, qualifier: str, unit: str, period: str) -> str:
    """Return an announced figure as it was announced: at least 84,000 teachers, about 90 %, 4 to 6 % of GDP."""
    upper = "" if high is None or high != high else _plain(high)
    # A language has its own order: in Kazakh the period stands first.
    said = _("{number} {unit} {period}").format(
        number=word(qualifier, QUALIFIERS).format(value=_plain(value), high=upper),
        unit=_(UNITS[unit]) if unit in UNITS else unit,  # a currency is its code
        period=word(period, CLAIM_PERIODS),
    )
    return re.sub(" +", " ", said).strip(" ")


def _plain(value: float) -> str:
    decimals = 0 if float(value).is_integer() else 2 if round(value, 1) != value else 1
    return format_number(value, decimals)
