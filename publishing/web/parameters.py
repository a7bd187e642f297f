"""What may be asked of the open data routes: each parameter with the JSON Schema that decides what is refused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from access.language import DEFAULT_LANGUAGE, LANGUAGES
from access.refusal import Refusal

# PostgreSQL's largest integer: no release has a greater number.
LARGEST_NUMBER = 2_147_483_647
DEFAULT_ROWS, MOST_ROWS, MOST_PAGES = 1_000, 10_000, 1_000_000
MOST_FIELDS, MOST_VALUES = 100, 50
KEY = r"^[A-Za-z0-9_.\-]{1,80}$"
COUNTRY = r"^[A-Z]{2}$"
PERIOD = r"^[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4]|/[0-9]{2})$"
MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


# A name that nobody knows is repeated up to so many letters.
LONGEST_NAME_TOLD = 40


class ParameterRefused(Refusal):
    """A parameter is unknown (`parameter_unknown`), or is given twice or not what it may be (`parameter_refused`)."""

    @property
    def status(self) -> int:
        """The status of an answer that says so."""
        return 400 if self.code == "parameter_unknown" else 422


@dataclass(frozen=True)
class Parameter:
    """A parameter of a route. `schema` is of one value; `many`: it may be given several times, any of them fits."""

    name: str
    schema: Mapping[str, Any]
    description: str
    many: bool = False

    def read(self, text: str) -> str | int:
        """Return the value. Raises ParameterRefused when it is not what the schema asks for."""
        if self.schema["type"] == "integer":
            whole = int(text) if re.fullmatch(r"[0-9]{1,10}", text, re.ASCII) else -1
            if not self.schema["minimum"] <= whole <= self.schema["maximum"]:
                raise self._refused(f"a whole number from {self.schema['minimum']} to {self.schema['maximum']}")
            return whole
        if "enum" in self.schema and text not in self.schema["enum"]:
            raise self._refused(" or ".join(self.schema["enum"]))
        if "pattern" in self.schema and not re.fullmatch(self.schema["pattern"], text, re.ASCII):
            raise self._refused(f"text that fits {self.schema['pattern']}")
        return text

    def _refused(self, wanted: str) -> ParameterRefused:
        return ParameterRefused("parameter_refused", f"The parameter {self.name} must be {wanted}.")


def _named(name: str, description: str, pattern: str = KEY) -> Parameter:
    return Parameter(name, {"type": "string", "pattern": pattern}, description, many=True)


RELEASE = Parameter(
    "release",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    "Number of the release; without it the newest that is public.",
)
LANGUAGE = Parameter(
    "lang",
    {"type": "string", "enum": list(LANGUAGES), "default": DEFAULT_LANGUAGE},
    "Language of names and definitions.",
)
FORMAT = Parameter(
    "format",
    {"type": "string", "enum": ["json", "csv"]},
    "Form of the answer; goes before the Accept header.",
)
INITIATIVE = _named("initiative", "Key of an initiative. May be repeated.")
MEASURE = _named("measure", "Key of a metric or indicator. May be repeated.")
AREA = _named("area", "Code of a country or region (ISO 3166). May be repeated.")
NATION = _named("country", "Code of a country (ISO 3166-1). May be repeated.", COUNTRY)
PERIODS = _named("period", "A period: 2026-09, 2026-Q3 or 2025/26. May be repeated.", PERIOD)
FIRST = Parameter("from", {"type": "string", "pattern": MONTH}, "Periods that begin in this month or later.")
LAST = Parameter("to", {"type": "string", "pattern": MONTH}, "Periods that begin in this month or earlier.")
PAGE = Parameter(
    "page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1}, "Page, from 1."
)  # fmt: skip
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS},
    "Rows on a page.",
)


@dataclass(frozen=True)
class Asked:
    """What a request asks for: single values by name, repeated ones as tuples, and the query as it came."""

    values: Mapping[str, str | int] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def release(self) -> int | None:
        """The number of the release, None for the newest."""
        return self._number("release")

    @property
    def language(self) -> str:
        """The language of names and definitions."""
        return str(self.values.get("lang", DEFAULT_LANGUAGE))

    @property
    def format(self) -> str | None:
        """The form that is named, None where the Accept header decides."""
        found = self.values.get("format")
        return None if found is None else str(found)

    @property
    def page(self) -> int:
        """The page, from 1."""
        return self._number("page") or 1

    @property
    def limit(self) -> int:
        """How many rows a page has."""
        return self._number("limit") or DEFAULT_ROWS

    def many(self, parameter: Parameter) -> tuple[str, ...]:
        """Return the values of a parameter that may be repeated."""
        return self.lists.get(parameter.name, ())

    def month(self, parameter: Parameter) -> date | None:
        """Return the first day of a month that is named."""
        found = self.values.get(parameter.name)
        return None if found is None else date.fromisoformat(f"{found}-01")

    def query(self) -> list[tuple[str, str | int]]:
        """Return everything that was asked for, to write an address with."""
        return [*self.values.items(), *((name, value) for name, found in self.lists.items() for value in found)]

    def _number(self, name: str) -> int | None:
        found = self.values.get(name)
        return None if found is None else int(found)


def read(query_string: bytes, parameters: Sequence[Parameter]) -> Asked:
    """Return what a query asks for. Raises ParameterRefused: a misspelt filter must not pass for none."""
    known = {parameter.name: parameter for parameter in parameters}
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ParameterRefused("parameter_refused", f"Name {MOST_FIELDS} parameters or fewer.") from None
    values: dict[str, str | int] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        parameter = known.get(name)
        if parameter is None:
            raise _unknown(name, known)
        value = parameter.read(text)
        if parameter.many:
            lists[name] = (*lists.get(name, ()), str(value))
            if len(lists[name]) > MOST_VALUES:
                raise ParameterRefused("parameter_refused", f"Give {MOST_VALUES} values of {name} or fewer.")
        elif name in values:
            raise ParameterRefused("parameter_refused", f"Give the parameter {name} once.")
        else:
            values[name] = value
    return Asked(values, lists)


def _unknown(name: str, known: Mapping[str, Parameter]) -> ParameterRefused:
    shown = "".join(letter if letter.isprintable() else "?" for letter in name[:LONGEST_NAME_TOLD])
    said = f"There is no parameter “{shown}” at this address. There are: {', '.join(known) or 'none'}."
    return ParameterRefused("parameter_unknown", said)
