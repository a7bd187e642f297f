"""The tables of what was announced: sources, organisations, programmes, initiatives, and what hangs on them."""

import re
from collections.abc import Iterator

from access import codes
from access.administration import places
from access.administration.description import Asked, Column, Kind, Problem, Reference, Table
from access.language import N_, _
from data_model.places import Country
from data_model.registry import (
    Claim,
    CountryFact,
    Grade,
    Initiative,
    Milestone,
    Organisation,
    Participation,
    Programme,
    Source,
)
from data_model.registry_codes import (
    FACT_QUALIFIERS,
    MONEY,
    SLUG,
    UNITS,
    belongs_to_country,
    claim_faults,
    currencies,
    ends_before_it_starts,
    units_of_figure,
)
from data_model.terms import SchoolTerm

ANNOUNCED = N_("What was announced")

SOURCE = Reference(Source, name="title")
ORGANISATION = Reference(Organisation)
PROGRAMME = Reference(Programme)
INITIATIVE = Reference(Initiative)
COUNTRY = Reference(Country, key="code", name="name_", identity="code")

SOURCE_KEY = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
AS_PRECISE = N_("As precise as known: 2026, 2026-05 or 2026-05-20.")
NEVER_CHANGES = N_("It stands in addresses and files and never changes.")


def its_source(help_text: str = N_("Not in the list? Add it under “Sources” first.")) -> Column:
    """Return the column of the source that says what the row says."""
    return Column("source", Kind.REFERENCE, N_("Source"), help_text, required=True, wide=True, refers_to=SOURCE)


def its_initiative() -> Column:
    """Return the column of the initiative to which the row belongs."""
    return Column("initiative", Kind.REFERENCE, N_("Initiative"), required=True, fixed=True, listed=True,
                  refers_to=INITIATIVE)  # fmt: skip


def its_country() -> Column:
    """Return the column of the country to which the row belongs."""
    return Column("country", Kind.REFERENCE, N_("Country"), required=True, fixed=True, listed=True,
                  refers_to=COUNTRY)  # fmt: skip


def its_key(help_text: str) -> Column:
    """Return the column of a key."""
    return Column("key", Kind.KEY, N_("Key"), help_text, required=True, fixed=True, listed=True, form=SLUG,
                  longest=80)  # fmt: skip


def note() -> Column:
    """Return the column of a note."""
    return Column("note", Kind.LONG_TEXT, N_("Note"), N_("Shown beside it: doubts, contradictions, own sums."))


def _begins_with_its_country(asked: Asked) -> Iterator[Problem]:
    key, country = asked.written["key"], asked.written["country"]
    if not belongs_to_country(key, country):
        message = _("The key begins with the country's code: {country}-…")
        yield Problem("key", message.format(country=country.lower()))


def _in_order(asked: Asked) -> Iterator[Problem]:
    if ends_before_it_starts(asked.written["starts_on"], asked.written["ends_on"]):
        yield Problem("ends_on", _("The end lies before the start: mend one of them."))


def _dated(asked: Asked) -> Iterator[Problem]:
    if not asked.written["due_on"] and not asked.written["achieved_on"]:
        yield Problem("due_on", _("A step has a day: when it is due, when it was done, or both."))


CLAIM_PROBLEMS = {
    "range": ("value_high", N_("A second value goes with “From … to …”, and only with it.")),
    "high": ("value_high", N_("The second value is above the first.")),
    "percent": ("value", N_("It cannot be more than 100 percent.")),
    "unit": ("unit", N_("This unit does not fit what is counted. What fits: {units}.")),
    "money": ("kind", N_("An amount of money is a claim of the kind “Money”.")),
    "share": ("note", N_("A share of GDP needs a note that says whose spending it is.")),
    "ai_fund": ("figure", N_("No source states the size of this fund: what is said of others is no budget of it.")),
}


def _fits_together(asked: Asked) -> Iterator[Problem]:
    written, values = asked.written, asked.values
    faults = claim_faults(
        initiative=written["initiative"], figure=written["figure"], kind=written["kind"],
        qualifier=written["qualifier"], value=values["value"], value_high=values["value_high"], unit=written["unit"],
        note=written["note"],
    )  # fmt: skip
    for fault in faults:
        column, message = CLAIM_PROBLEMS[fault]
        yield Problem(column, _(message).format(units=_units_that_fit(written["figure"])))


def _units_that_fit(figure: str) -> str:
    """Return in words in which units a figure is counted."""
    units = units_of_figure(figure)
    named = [_(codes.UNITS[unit]) for unit in UNITS if unit in units]
    return ", ".join([*named, *([_("a currency")] if MONEY in units else [])])


def _term_fits(asked: Asked) -> Iterator[Problem]:
    year = asked.written["school_year"]
    if not re.fullmatch(r"20[0-9]{2}/[0-9]{2}", year) or (int(year[:4]) + 1) % 100 != int(year[5:]):
        yield Problem("school_year", _("A school year is written 2025/26."))
        return
    starts, ends = asked.written["starts_on"], asked.written["ends_on"]
    if not f"{year[:4]}-09-01" <= starts < ends < f"{int(year[:4]) + 1}-09-01":
        yield Problem("ends_on", _("A term lies in its school year, from 1 September on, and ends after it starts."))


SOURCES = Table(
    name="source",
    row=Source,
    title=N_("Sources"),
    one=N_("Source"),
    about=N_("Pages that a claim, a step or a fact cites. Each has a grade that says how near it stands to the fact."),
    group=ANNOUNCED,
    columns=(
        Column("key", Kind.KEY, N_("Key"), NEVER_CHANGES, required=True, fixed=True, listed=True, form=SOURCE_KEY,
               longest=80),
        Column("title", Kind.TEXT, N_("Title"), required=True, listed=True, longest=500),
        Column("publisher", Kind.TEXT, N_("Publisher"), required=True, listed=True, longest=300),
        Column("published_on", Kind.ROUGH_DATE, N_("Published on"), AS_PRECISE, listed=True, past_only=True),
        Column("url", Kind.WEB_ADDRESS, N_("Web address"), required=True),
        Column("grade", Kind.CHOICE, N_("Grade"), required=True, listed=True, wide=True,
               choices={grade: codes.GRADES[grade] for grade in Grade}),
    ),
    key=("key",),
    called=("title",),
    places=None,
    search=("key", "title", "publisher", "url"),
)  # fmt: skip

ORGANISATIONS = Table(
    name="organisation",
    row=Organisation,
    title=N_("Organisations"),
    one=N_("Organisation"),
    about=N_("Ministries, companies, foundations and others that lead, pay for or take part in initiatives."),
    group=ANNOUNCED,
    columns=(
        its_key(NEVER_CHANGES),
        Column("name", Kind.TEXT, N_("Name"), required=True, listed=True, longest=300),
        Column("kind", Kind.CHOICE, N_("Kind"), required=True, listed=True, choices=codes.ORGANISATION_KINDS),
        Column("country", Kind.REFERENCE, N_("Country"), N_("Where it has its seat; empty for an international one."),
               listed=True, refers_to=COUNTRY),
    ),
    key=("key",),
    called=("name",),
    places=None,
    search=("key", "name"),
    narrowed_by="country",
)  # fmt: skip

PROGRAMMES = Table(
    name="programme",
    row=Programme,
    title=N_("Programmes"),
    one=N_("Programme"),
    about=N_("Families of initiatives in several countries."),
    group=ANNOUNCED,
    columns=(
        its_key(NEVER_CHANGES),
        Column("name", Kind.TEXT, N_("Name"), required=True, listed=True, longest=300),
        Column("lead", Kind.REFERENCE, N_("Led by"), required=True, listed=True, refers_to=ORGANISATION,
               held_as="lead_organisation_id"),
        Column("started_on", Kind.ROUGH_DATE, N_("Started on"), AS_PRECISE, listed=True, past_only=True),
        Column("summary", Kind.LONG_TEXT, N_("Summary"), required=True),
        its_source(),
    ),
    key=("key",),
    called=("name",),
    places=None,
    search=("key", "name", "summary"),
)  # fmt: skip

INITIATIVES = Table(
    name="initiative",
    row=Initiative,
    title=N_("Initiatives"),
    one=N_("Initiative"),
    about=N_("One country's undertaking: a rollout, a training course, a curriculum, a fund, a platform."),
    group=ANNOUNCED,
    columns=(
        Column("name", Kind.TEXT, N_("Name"), required=True, listed=True, longest=300),
        its_country(),
        Column("key", Kind.KEY, N_("Key"), N_("Begins with the country's code, such as kz-ai-sana. It never changes."),
               required=True, fixed=True, listed=True, form=SLUG, longest=80),
        Column("programme", Kind.REFERENCE, N_("Programme"), N_("The family it belongs to, if any."),
               refers_to=PROGRAMME),
        Column("kind", Kind.CHOICE, N_("Kind"), required=True, listed=True, choices=codes.KINDS),
        Column("status", Kind.CHOICE, N_("Status"), N_("The last one that a source supports."), required=True,
               listed=True, choices=codes.STATUSES, default="announced"),
        Column("summary", Kind.LONG_TEXT, N_("Summary"), required=True),
        Column("announced_on", Kind.ROUGH_DATE, N_("Announced on"), AS_PRECISE, past_only=True),
        Column("starts_on", Kind.ROUGH_DATE, N_("Starts on"), AS_PRECISE),
        Column("ends_on", Kind.ROUGH_DATE, N_("Ends on"), AS_PRECISE),
        its_source(),
        Column("granularity", Kind.CHOICE, N_("Schools report"), N_("The one length of period it asks for."),
               required=True, fixed=True, choices=codes.GRANULARITIES, default="month"),
        Column("due_days", Kind.WHOLE_NUMBER, N_("Days to report"),
               N_("A report is due so many days after its period ends. It holds for periods that begin from now on."),
               required=True, least=0, greatest=366, default="10"),
    ),
    key=("key",),
    called=("name",),
    places=places.of_itself,
    rules=(_begins_with_its_country, _in_order),
    search=("key", "name", "summary"),
    narrowed_by="country",
)  # fmt: skip

PARTICIPATIONS = Table(
    name="participation",
    row=Participation,
    title=N_("Who takes part"),
    one=N_("Participation"),
    about=N_("An organisation's role in an initiative, as a source says it."),
    group=ANNOUNCED,
    columns=(
        its_initiative(),
        Column("organisation", Kind.REFERENCE, N_("Organisation"), N_("Not in the list? Add it under “Organisations”"
               " first."), required=True, fixed=True, listed=True, refers_to=ORGANISATION),
        Column("role", Kind.CHOICE, N_("Role"), required=True, fixed=True, listed=True, choices=codes.ROLES),
        its_source(),
    ),
    key=("initiative", "organisation", "role"),
    called=("organisation", "role", "initiative"),
    places=places.of_initiative,
    narrowed_by="initiative",
)  # fmt: skip

MILESTONES = Table(
    name="milestone",
    row=Milestone,
    title=N_("Steps"),
    one=N_("Step"),
    about=N_("Dated steps of an initiative. One that is due and not done is not confirmed, which is not failed."),
    group=ANNOUNCED,
    columns=(
        its_initiative(),
        Column("title", Kind.TEXT, N_("Title"), required=True, listed=True, longest=300),
        Column("due_on", Kind.ROUGH_DATE, N_("Due on"), AS_PRECISE, listed=True),
        Column("achieved_on", Kind.ROUGH_DATE, N_("Done on"), AS_PRECISE, listed=True, past_only=True),
        its_source(),
        note(),
    ),
    key=("initiative", "title"),
    called=("title", "initiative"),
    places=places.of_initiative,
    rules=(_dated,),
    search=("title", "note"),
    narrowed_by="initiative",
)  # fmt: skip

CLAIMS = Table(
    name="claim",
    row=Claim,
    title=N_("Claims"),
    one=N_("Claim"),
    about=N_("Figures that somebody announced. Claims may conflict: they stand side by side and are never added up."),
    group=ANNOUNCED,
    columns=(
        its_initiative(),
        Column("key", Kind.KEY, N_("Key"), NEVER_CHANGES, required=True, fixed=True, listed=True, form=SLUG,
               longest=120),
        Column("figure", Kind.CHOICE, N_("What is counted"), required=True, listed=True, choices=codes.FIGURES),
        Column("kind", Kind.CHOICE, N_("Kind"), required=True, choices=codes.CLAIM_KINDS),
        Column("qualifier", Kind.CHOICE, N_("How exactly"), N_("“Over” and “more than” are at least; “nearly” is"
               " about; “up to” is at most."), required=True, listed=True, choices=codes.HEDGES),
        Column("value", Kind.DECIMAL, N_("Value"), required=True, listed=True, least=0),
        Column("value_high", Kind.DECIMAL, N_("Second value"), N_("The upper end of “From … to …”."), least=0),
        Column("unit", Kind.CHOICE, N_("Unit"), required=True, listed=True,
               choices={unit: codes.UNITS[unit] for unit in UNITS} | {code: code for code in currencies()}),
        Column("population", Kind.TEXT, N_("Who is counted"),
               N_("Two claims of one figure may count different people."), required=True, wide=True),
        Column("as_of", Kind.ROUGH_DATE, N_("As of"), N_("The day the claim speaks for, as precise as known."),
               listed=True, past_only=True),
        Column("period", Kind.CHOICE, N_("For which time"), choices=codes.CLAIM_PERIODS),
        its_source(),
        note(),
    ),
    key=("key",),
    called=("figure", "qualifier", "value", "unit", "initiative"),
    places=places.of_initiative,
    rules=(_fits_together,),
    search=("key", "population", "note"),
    narrowed_by="initiative",
)  # fmt: skip

COUNTRY_FACTS = Table(
    name="country_fact",
    row=CountryFact,
    title=N_("Facts about countries"),
    one=N_("Fact about a country"),
    about=N_("Numbers about a country's schools and economy, each from a source."),
    group=ANNOUNCED,
    columns=(
        its_country(),
        Column("fact", Kind.CHOICE, N_("What is counted"), required=True, fixed=True, listed=True,
               choices=codes.FACTS),
        Column("year", Kind.WHOLE_NUMBER, N_("Year"), N_("Of the count, or in which the school year begins."),
               required=True, fixed=True, listed=True, least=2000, greatest=2099),
        Column("qualifier", Kind.CHOICE, N_("How exactly"), required=True, listed=True,
               choices={one: codes.HEDGES[one] for one in FACT_QUALIFIERS}, default="exact"),
        Column("value", Kind.DECIMAL, N_("Value"), required=True, listed=True, least=0),
        its_source(),
        note(),
    ),
    key=("country", "fact", "year", "source"),
    called=("country", "fact", "year"),
    places=places.of_country,
    search=("note",),
    narrowed_by="country",
)  # fmt: skip

SCHOOL_TERMS = Table(
    name="school_term",
    row=SchoolTerm,
    title=N_("School terms"),
    one=N_("School term"),
    about=N_("The terms of a country's school year. What lies between two terms is holidays, which charts mark."),
    group=ANNOUNCED,
    columns=(
        its_country(),
        Column("school_year", Kind.TEXT, N_("School year"), N_("Written 2025/26."), required=True, fixed=True,
               listed=True, longest=7),
        Column("number", Kind.WHOLE_NUMBER, N_("Term"), N_("1 is the one that begins in September."), required=True,
               fixed=True, listed=True, least=1, greatest=9),
        Column("starts_on", Kind.DAY, N_("First day of lessons"), required=True, listed=True),
        Column("ends_on", Kind.DAY, N_("Last day of lessons"), required=True, listed=True),
        its_source(),
        note(),
    ),
    key=("country", "school_year", "number"),
    called=("country", "school_year", "number"),
    places=places.of_country,
    rules=(_term_fits,),
    narrowed_by="country",
)  # fmt: skip

REGISTRY_TABLES = (
    INITIATIVES, PARTICIPATIONS, CLAIMS, MILESTONES, SOURCES, ORGANISATIONS, PROGRAMMES, COUNTRY_FACTS, SCHOOL_TERMS,
)  # fmt: skip
