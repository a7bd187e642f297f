"""From a header to a layout: which column is the school, the period, a metric; wide or long; what is left unread."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from intake.column_names import plain_name
from intake.columns import OURS, SCHOOL_WORDS, ColumnRole, Meaning, Vocabulary
from intake.finding_list import FindingList
from intake.findings import quoted
from intake.grid import column_letters
from intake.written_periods import read_period

WIDE, LONG, USER_EXPORT = "wide", "long", "user_export"

PERIODS_NAMED = 5


@dataclass(frozen=True)
class ColumnReading:
    """What one column was read as: a metric (by key) or a role, and how that was known.

    Columns of a user export have roles of their own, named as the vendor names them.
    """

    name: str
    position: int
    metric: str | None
    role: ColumnRole | str | None
    how: str

    def as_json(self) -> dict[str, Any]:
        """Return the design's JSON for a column."""
        meaning = {"metric": self.metric} if self.metric else {"role": str(self.role)}
        return {"name": self.name, **meaning, "how": self.how}


@dataclass
class Layout:
    """How the columns are laid out. `kind` is None when they make no table that can be read.

    `roles`: role -> column position. `metrics`: column position -> metric id, of the wide layout.
    """

    kind: str | None = None
    roles: dict[ColumnRole, int] = field(default_factory=dict)
    metrics: dict[int, int] = field(default_factory=dict)
    columns: list[ColumnReading] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    readable: bool = True


def column_name(header: Sequence[str], position: int) -> str:
    """Return a column's name as it stands, or its letter in brackets where it has none."""
    name = " ".join(header[position].split())
    if name:
        return name
    return f"({column_letters(position)})"


def lay_out(
    header: Sequence[str], vocabulary: Vocabulary, findings: FindingList, *, forced: str | None = None
) -> Layout:
    """Return what the columns mean. Errors that make the file unreadable, and ignored columns, become findings."""
    layout = Layout()
    meanings = {position: vocabulary.meaning_at(position, name) for position, name in enumerate(header)}
    layout.roles = _roles(header, meanings, findings, layout)
    layout.metrics = _metric_columns(header, meanings, vocabulary, findings)
    _choose_kind(layout, vocabulary, findings, forced, header, meanings)
    if not layout.roles.keys() & {ColumnRole.SCHOOL_CODE, ColumnRole.SCHOOL_NAME}:
        findings.add("no_school_column")
        layout.readable = False
    _name_columns(header, meanings, vocabulary, layout)
    for position in layout.ignored:
        said = meanings[position]
        if said is None or said.how not in ("mapping", OURS.how):
            findings.add("ignored_column", column=column_name(header, position))
    return layout


def _roles(
    header: Sequence[str], meanings: dict[int, Meaning | None], findings: FindingList, layout: Layout
) -> dict[ColumnRole, int]:
    """Return the one column of each role; where a role has several, the one that is named most clearly."""
    candidates: dict[ColumnRole, list[tuple[int, int]]] = defaultdict(list)
    for position, meaning in meanings.items():
        if meaning and meaning.role:
            candidates[meaning.role].append((_clarity(meaning), position))
    roles = {}
    for role, ranked in candidates.items():
        best = min(ranked)[0]
        clearest = [position for clarity, position in ranked if clarity == best]
        roles[role] = clearest[0]
        if len(clearest) > 1:
            findings.add("duplicate_column", **_several(header, clearest, str(role)))
            layout.readable = False
    # A column "school" beside one of codes holds names.
    for _clearness, position in sorted(candidates[ColumnRole.SCHOOL_CODE]):
        holds_names = position != roles.get(ColumnRole.SCHOOL_CODE) and plain_name(header[position]) in SCHOOL_WORDS
        if holds_names and ColumnRole.SCHOOL_NAME not in roles:
            roles[ColumnRole.SCHOOL_NAME] = position
    return roles


def _clarity(meaning: Meaning) -> int:
    """Return how clearly a column is named: 0 is clearest."""
    if meaning.how == "alias" and meaning.weak:
        return 3
    return {"mapping": 0, "exact": 1, "alias": 2}[meaning.how]


def _is_weak(meanings: dict[int, Meaning | None], position: int | None) -> bool:
    meaning = None if position is None else meanings[position]
    return meaning is not None and meaning.weak


def _several(header: Sequence[str], positions: Sequence[int], meaning: str) -> dict[str, Any]:
    names = [f"“{quoted(column_name(header, position))}”" for position in positions]
    return {"columns": names, "meaning": meaning, "column": column_name(header, positions[-1])}


def _metric_columns(
    header: Sequence[str], meanings: dict[int, Meaning | None], vocabulary: Vocabulary, findings: FindingList
) -> dict[int, int]:
    """Return the columns of metrics that are asked for. Several for one metric are an error; none of them is read."""
    found: dict[int, list[int]] = defaultdict(list)
    for position, meaning in meanings.items():
        if meaning and meaning.metric_id is not None and vocabulary.metrics[meaning.metric_id].asked:
            found[meaning.metric_id].append(position)
    for metric_id, positions in found.items():
        if len(positions) > 1:
            findings.add("duplicate_column", **_several(header, positions, vocabulary.metrics[metric_id].key))
    return {positions[0]: metric_id for metric_id, positions in found.items() if len(positions) == 1}


def _choose_kind(
    layout: Layout,
    vocabulary: Vocabulary,
    findings: FindingList,
    forced: str | None,
    header: Sequence[str],
    meanings: dict[int, Meaning | None],
) -> None:
    metric, value = layout.roles.get(ColumnRole.METRIC), layout.roles.get(ColumnRole.VALUE)
    can_be_long = metric is not None and value is not None
    has_metrics = any(
        meaning and meaning.metric_id is not None and vocabulary.metrics[meaning.metric_id].asked
        for meaning in meanings.values()
    )
    if forced is None and can_be_long and has_metrics:
        if _is_weak(meanings, value):
            can_be_long = False
        else:
            findings.add("layout_unclear")
            layout.readable = False
    if can_be_long and (forced == LONG or not has_metrics):
        layout.kind, layout.metrics = LONG, {}
    elif has_metrics and forced != LONG:
        layout.kind = WIDE
    else:
        if periods := [name for name in header if any(map(str.isdigit, name)) and read_period(name)]:
            findings.add("periods_as_columns", columns=[quoted(name) for name in periods[:PERIODS_NAMED]])
        else:
            asked = [metric.key for metric in vocabulary.metrics.values() if metric.asked]
            findings.add("no_metric_columns", metrics=asked)
        layout.readable = False
    if layout.kind != LONG:
        layout.roles.pop(ColumnRole.METRIC, None)
        layout.roles.pop(ColumnRole.VALUE, None)


def _name_columns(
    header: Sequence[str], meanings: dict[int, Meaning | None], vocabulary: Vocabulary, layout: Layout
) -> None:
    """Fill in the layout's `columns` and `ignored` in the file's order."""
    role_of = {position: role for role, position in layout.roles.items()}
    for position in range(len(header)):
        meaning = meanings[position]
        metric_id = meaning.metric_id if meaning else None
        is_metric = metric_id is not None and vocabulary.metrics[metric_id].asked and layout.kind == WIDE
        if position in role_of or is_metric:
            assert meaning is not None
            key = vocabulary.metrics[metric_id].key if is_metric and metric_id is not None else None
            layout.columns.append(
                ColumnReading(column_name(header, position), position, key, role_of.get(position), meaning.how)
            )
        else:
            layout.ignored.append(position)
