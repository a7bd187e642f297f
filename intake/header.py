"""Which row names the columns, also where their names take two rows; and what a title above them says."""

from collections.abc import Iterable, Sequence

from intake.columns import Vocabulary
from intake.finding_list import FindingList
from intake.options import Options
from intake.written_periods import periods_in

LEAST_ABOVE = 2  # names in a row above, for it to be a header's upper part: a label such as "Period:" is one


def names_of_rows(head: Sequence[Sequence[str]], vocabulary: Vocabulary) -> list[list[str]]:
    """Return each row's cells as column names, those of a header's lower row with what its upper row says."""
    found: list[list[str]] = []
    for cells in head:
        above = found[-1] if found else []
        is_upper_part = vocabulary.known_names(above) >= LEAST_ABOVE
        found.append(_with_upper_row(cells, above, vocabulary) if is_upper_part else list(cells))
    return found


def header_row_of(names: Sequence[Sequence[str]], vocabulary: Vocabulary) -> int | None:
    """Return the row that names most columns, the first of several; None when no row names any."""
    known = [vocabulary.known_names(cells) for cells in names]
    most = max(known, default=0)
    return known.index(most) + 1 if most else None


def _with_upper_row(cells: Sequence[str], above: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return the names of a header's lower row.

    A blank cell takes the name above it (cells merged downwards); one that says nothing alone is read together with
    the group it stands in: `Licences`, spread over `allocated` and `activated`.
    """
    named = list(cells)
    said = {_what(name, vocabulary) for name in cells}
    group = ""
    for position, upper in enumerate(above[: len(named)]):
        group = upper if upper.strip() else group
        if not named[position].strip():
            if _what(upper, vocabulary) not in said or not _what(upper, vocabulary):
                named[position] = upper
        elif vocabulary.meaning(named[position]) is None:
            named[position] = f"{group} {named[position]}"
            meaning = vocabulary.meaning(named[position])
            if meaning is None or meaning.metric_id is None:
                return list(cells)  # part of the names would be lost
    return named


def _what(name: str, vocabulary: Vocabulary) -> tuple[object, object] | None:
    meaning = vocabulary.meaning(name)
    return (meaning.metric_id, meaning.role) if meaning else None


def report_title_period(titles: Iterable[str], options: Options, findings: FindingList) -> None:
    """Warn where the titles above a table without periods name one by its month, and another was chosen."""
    if options.period is None:
        return
    for title in titles:
        named = {period for period in periods_in(title) if period.granularity == options.period.granularity}
        if len(named) == 1 and options.period not in named:
            findings.add("title_period_differs", value=title, period=named.pop().key, chosen=options.period.key)
            return
