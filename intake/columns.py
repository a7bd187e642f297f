"""What a file's columns mean: by their exact name, by an alias, or because a manager said so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from access.language import _
from intake.column_names import plain_name, shorter_names
from intake.folding import fold, look_alike
from intake.grid import column_letters
from intake.our_sheets import REASON_COLUMN, ROW_COLUMN
from intake.refusal import Refused
from intake.rulebook import MetricAsked, Rulebook


class ColumnRole(StrEnum):
    """What a key column is for."""

    SCHOOL_CODE = "school_code"
    SCHOOL_NAME = "school_name"
    PERIOD = "period"
    METRIC = "metric"
    VALUE = "value"


IGNORE = "ignore"
LONGEST_NAME = 300  # signs: what is longer is a text, not a name

# Other names of the key columns, in English (with those of Giga's school schema), Russian and Kazakh.
ROLE_ALIASES: dict[ColumnRole, tuple[str, ...]] = {
    ColumnRole.SCHOOL_CODE: (
        "school id", "school id govt", "school_id_gov", "government school id", "govt school id", "schoolid",
        "schoolcode", "code of school", "school", "школа", "мектеп", "code", "id school", "emis code", "emis id",
        "school id (emis)", "school emis code", "school number code", "school code (govt)", "unique school id",
        "national school code", "code (school)", "school code no", "код школы (ео)", "код школы (нобд)", "код нобд",
        "код школы", "школа код", "код организации", "код организации образования", "код оо", "код объекта",
        "код учреждения", "код учебного заведения", "идентификатор школы", "ид школы", "id школы", "код", "школа id",
        "мектеп коды", "мектептің коды", "мектеп id", "мектеп идентификаторы", "білім беру ұйымының коды", "ұйым коды",
        "коды",
    ),
    ColumnRole.SCHOOL_NAME: (
        "name of school", "schoolname", "name", "school name en", "name of the school", "institution",
        "institution name",
        "наименование", "наименование школы", "название", "название школы", "имя школы",
        "наименование организации", "наименование организации образования", "наименование оо", "учреждение",
        "мектеп атауы", "мектептің атауы", "атауы", "білім беру ұйымының атауы", "ұйым атауы", "мектеп аты",
        "школа (наименование)", "наименование (школа)", "полное наименование", "полное наименование школы",
        "краткое наименование", "наименование учебного заведения", "название организации", "название учреждения",
        "school title", "full name of school", "school full name", "school (name)", "мектептің толық атауы",
    ),
    ColumnRole.PERIOD: (
        "month", "reporting period", "reporting month", "report period", "report month", "date", "quarter",
        "school year", "year and month", "year month", "period (month)", "reporting period (month)", "month and year",
        "период", "отчетный период", "отчетный месяц", "месяц", "дата", "квартал", "учебный год", "месяц отчета",
        "период отчета", "период (месяц)", "отчетный период (месяц)", "месяц и год", "месяц, год",
        "за период", "за месяц",
        "кезең", "есепті кезең", "есептік кезең", "есепті ай", "ай", "күні", "тоқсан", "оқу жылы", "мерзім",
    ),
    ColumnRole.METRIC: (
        "indicator", "measure", "metric key", "metric name", "variable",
        "показатель", "метрика", "код показателя", "наименование показателя", "индикатор",
        "көрсеткіш", "көрсеткіш коды", "көрсеткіш атауы", "метрика коды",
    ),
    ColumnRole.VALUE: (
        "metric value", "amount", "count", "number", "reported value", "obs value",
        "значение", "величина", "количество", "значение показателя", "число",
        "мәні", "мән", "көрсеткіш мәні", "саны",
    ),
}  # fmt: skip


# Words that say little: such a column is taken only when no other one has the role. `school` may hold codes or names.
WEAK = frozenset(
    {"school", "школа", "мектеп", "code", "код", "коды", "name", "date", "дата", "күні", "count", "number",
     "количество", "число", "саны", "учебный год", "school year", "оқу жылы", "квартал", "quarter", "тоқсан"}
)  # fmt: skip
SCHOOL_WORDS = frozenset({"school", "школа", "мектеп"})


@dataclass(frozen=True)
class Meaning:
    """What a column means: a metric's id, a role, or neither (to be ignored), and how that was found."""

    metric_id: int | None
    role: ColumnRole | None
    how: str
    weak: bool = field(default=False, compare=False)  # the name says little: see WEAK


# A column that we add to sheets for people: it says nothing, and nobody needs to be told so.
OURS = Meaning(None, None, "ours")


class Vocabulary:
    """All names under which columns are known to an initiative."""

    def __init__(self, rulebook: Rulebook, mapping: Mapping[str, str] | None = None) -> None:
        """Take the initiative's names and a manager's mapping. Raises Refused when that names what is unknown."""
        self.metrics: dict[int, MetricAsked] = rulebook.metrics
        keys = {fold(metric.key): metric.id for metric in rulebook.metrics.values()}
        self._said = {
            fold(column): self._said_meaning(rulebook, meaning)
            for column, meaning in {**rulebook.column_choices, **(mapping or {})}.items()
        }
        self._exact = {name: Meaning(identity, None, "exact") for name, identity in keys.items()}
        self._exact |= {fold(role): Meaning(None, role, "exact") for role in ColumnRole}
        self._aliases = {name: Meaning(identity, None, "alias") for name, identity in rulebook.aliases.items()}
        for role, names in ROLE_ALIASES.items():
            for name in names:
                self._aliases.setdefault(fold(name), Meaning(None, role, "alias", weak=name in WEAK))
        self._ours = {fold(name) for names in (ROW_COLUMN, REASON_COLUMN) for name in names.values()}
        self._look = self._by(look_alike)
        self._plain = self._by(plain_name)

    def _said_meaning(self, rulebook: Rulebook, meaning: str) -> Meaning:
        word = meaning.strip().lower()
        if word == IGNORE:
            return Meaning(None, None, "mapping")
        if word in list(ColumnRole):
            return Meaning(None, ColumnRole(word), "mapping")
        metric = rulebook.metric_of_key.get(word)
        if metric is None:
            raise Refused(
                "mapping_invalid",
                _("“{meaning}” in the mapping is neither a metric nor a key column nor “ignore”.").format(
                    meaning=meaning
                ),
            )
        return Meaning(metric.id, None, "mapping")

    def _by(self, form: Callable[[str], str]) -> dict[str, Meaning]:
        """Return the names in another form, without those that then mean two things.

        As they look: for headers typed with Cyrillic letters in Latin words or the reverse. Plainly: for their words
        among numbers and units.
        """
        found: dict[str, Meaning] = {}
        unclear = set()
        for name, meaning in [*self._exact.items(), *self._aliases.items()]:
            formed = form(name)
            known = found.get(formed)
            if known is None:
                known = found[formed] = meaning if meaning.how == "alias" else replace(meaning, how="alias")
            if (known.metric_id, known.role) != (meaning.metric_id, meaning.role):
                unclear.add(formed)
        return {formed: meaning for formed, meaning in found.items() if formed not in unclear}

    def meaning_at(self, position: int, name: str) -> Meaning | None:
        """Return what the column at this position means: as said of its place, else by its name."""
        return self._said.get(fold(f"({column_letters(position)})")) or self.meaning(name)

    def meaning(self, name: str) -> Meaning | None:
        """Return what a column of this name means, None when the name is not known."""
        folded = fold(name)
        if not folded:
            return None
        return (
            self._said.get(folded)
            or self._exact.get(folded)
            or self._aliases.get(folded)
            or self._look.get(look_alike(folded))
            or (OURS if folded in self._ours else None)
            or self._meaning_of_words(name)
        )

    def _meaning_of_words(self, name: str) -> Meaning | None:
        """Return what the words of a name mean, without the number, unit, footnote mark or tag that stands by them."""
        if len(name) > LONGEST_NAME or not any(map(str.isalpha, name)):
            return None
        plain = plain_name(name)
        if meaning := self._plain.get(plain):
            return meaning
        for words, units in shorter_names(plain):
            meaning = self._plain.get(words)
            if meaning and meaning.metric_id is not None and self.metrics[meaning.metric_id].unit in units:
                return meaning
        return None

    def metric_named(self, text: str) -> MetricAsked | None:
        """Return the metric that a cell of the long layout names, by key or alias."""
        meaning = self.meaning(text)
        return self.metrics[meaning.metric_id] if meaning and meaning.metric_id is not None else None

    def known_names(self, cells: Sequence[str]) -> int:
        """Return how many different things the cells name, when at least two are or one is a key column; else 0.

        A row of the long layout names one metric; a header row names more.
        """
        found = {meaning for cell in set(cells) if (meaning := self.meaning(cell))}
        roles = {meaning.role for meaning in found if meaning.role}
        metrics = {meaning.metric_id for meaning in found if meaning.metric_id is not None}
        has_said = any(meaning.how == "mapping" for meaning in found)
        return len(found) if roles or len(metrics) > 1 or has_said else 0
