"""Codes in words, the registry's and the schools'. One without a word here is shown as it is, without underscores."""

from collections.abc import Mapping

from access.language import N_, _, format_number
from charts.claims import FIGURES as FIGURES
from charts.claims import GRADES as GRADES

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
UNITS = {
    "teachers": N_("teachers"),
    "schools": N_("schools"),
    "students": N_("students"),
    "people": N_("people"),
    "users": N_("users"),
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
SUBMISSION_STATES = {
    "waiting": N_("Waiting for review"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "undone": N_("Undone"),
}
SETTINGS = {"urban": N_("urban"), "rural": N_("rural")}
LANGUAGES_OF_INSTRUCTION = {
    "kk": N_("Kazakh"), "ru": N_("Russian"), "en": N_("English"), "uz": N_("Uzbek"), "ug": N_("Uyghur"),
    "tg": N_("Tajik"),
}  # fmt: skip


def word(code: str | None, words: Mapping[str, str]) -> str:
    """Return the code in words; one that is unknown without its underscores, an empty one as nothing."""
    if not isinstance(code, str) or not code:
        return ""
    return _(words[code]) if code in words else code.replace("_", " ")


def claimed(value: float, high: float, qualifier: str, unit: str, period: str) -> str:
    """Return an announced figure as it was announced: at least 84,000 teachers, about 90 %, 4 to 6 % of GDP."""
    low, upper = _plain(value), _plain(high) if high == high else ""
    said = word(qualifier, QUALIFIERS).format(value=low, high=upper)
    parts = [said, word(unit, UNITS) if unit in UNITS else unit, word(period, CLAIM_PERIODS)]
    return " ".join(part for part in parts if part)


def _plain(value: float) -> str:
    decimals = 0 if float(value).is_integer() else 2 if round(value, 1) != value else 1
    return format_number(value, decimals)
