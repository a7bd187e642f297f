"""A file's values beside what the same schools reported before: jumps, and columns that look scaled, shifted or copied.

All of it is warnings: a value may be surprising and right. The distances are robust (median and median absolute
deviation, on the logarithmic scale), so that one odd month in a school's past does not hide the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from sqlmodel import Session, col, select

from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.registry import Initiative
from data_model.statements import FEW_SCHOOLS, current_statements
from intake.cells import REPORTED, Cells
from intake.finding_list import FindingList, Place
from intake.register import school_codes
from intake.rulebook import MetricAsked
from intake.stored_checks import number_texts

PERIODS_BACK = 6
PERIODS_CHECKED = 4  # of a file with many periods, the newest: the older ones were looked at when they were new

# A jump: at least three values above zero before, now three times more or less than their median, ten or more apart,
# and beyond five robust standard deviations. The deviation is taken to be 15 percent at least: schools are steady.
JUMP_HISTORY, JUMP_RATIO, JUMP_DIFFERENCE, JUMP_DEVIATIONS, LEAST_DEVIATION = 3, 3.0, 10.0, 5.0, 0.15
NORMAL = 1.4826  # of a normal distribution, standard deviation over median absolute deviation

COLUMN_SCHOOLS = 5  # a column says something about itself from so many schools on
SCALE, SCALE_SHARE, SCALE_WIDTH = 5.0, 0.8, 0.3
SHIFT_SCHOOLS, SHIFT_NEAR, SHIFT_FAR = 8, 0.1, 0.3
SAME_SHARE = 0.9


@dataclass
class Past:
    """One metric of one period of the file, with what the same schools reported before.

    `index`: positions of the file's cells, in the file's order. `value`: their values. `before`: periods back x cells,
    NaN where nothing was reported; the first line is the last period before. `earlier` names those periods.
    """

    metric: MetricAsked
    period: Period
    index: np.ndarray
    value: np.ndarray
    before: np.ndarray
    earlier: list[Period]


def report_against_history(
    session: Session,
    initiative: Initiative,
    metrics: dict[int, MetricAsked],
    cells: Cells,
    places: dict[int, Place],
    findings: FindingList,
) -> None:
    """Warn of values and columns that do not look like what was reported before."""
    checked = np.unique(cells.period_index).tolist()[-PERIODS_CHECKED:]
    earlier = {index: _earlier(session, initiative, cells.periods[index].starts_on) for index in checked}
    here = np.flatnonzero(np.isin(cells.period_index, checked) & (cells.state == REPORTED))
    held = _held(session, initiative, [row for rows in earlier.values() for row in rows], cells.take(here))
    for index, rows in earlier.items():
        pasts = _pasts(metrics, cells, here[cells.period_index[here] == index], rows, held) if rows else []
        for past in pasts:
            _report_jumps(session, past, cells, places[past.metric.id], findings)
            if past.before.shape[1] >= COLUMN_SCHOOLS:
                _report_scaled(past, places[past.metric.id], findings)
                _report_shifted(past, places[past.metric.id], findings)
        _report_same(pasts, places, findings)


@dataclass
class Held:
    """What some schools reported in some periods: metric id -> periods x schools, NaN where nothing was reported.

    `line` says where a period stands, by its id; `schools` are ids in order.
    """

    line: dict[int, int]
    schools: np.ndarray
    values: dict[int, np.ndarray]


def _held(session: Session, initiative: Initiative, periods: Sequence[ReportingPeriod], cells: Cells) -> Held:
    """Return what the cells' schools reported of the cells' metrics in these periods, each read once."""
    ids = sorted({row.id or 0 for row in periods})
    schools, metric_ids = np.unique(cells.school_id), np.unique(cells.metric_id).tolist()
    held = Held({identity: line for line, identity in enumerate(ids)}, schools, {})
    if not ids or not metric_ids:
        return held
    assert initiative.id is not None
    statements = partial(current_statements, session, initiative.id, period_ids=ids, school_ids=schools)
    # Of a few schools everything at once; of many, one metric after another stays small.
    of_all = statements(metric_ids=metric_ids) if len(schools) <= FEW_SCHOOLS else None
    for metric_id in metric_ids:
        found = statements(metric_ids=[metric_id]) if of_all is None else of_all.chosen(of_all.metric_id == metric_id)
        values = np.full((len(ids), len(schools)), np.nan)
        values[np.searchsorted(ids, found.period_id), np.searchsorted(schools, found.school_id)] = found.value
        held.values[metric_id] = values
    return held


def _pasts(
    metrics: dict[int, MetricAsked], cells: Cells, here: np.ndarray, earlier: list[ReportingPeriod], held: Held
) -> Sequence[Past]:
    """Return the past of each metric of one period. `here`: the positions of its cells."""
    lines = [held.line[row.id or 0] for row in earlier]
    names = [Period(row.starts_on, Granularity(row.granularity)) for row in earlier]
    found = []
    for metric_id in np.unique(cells.metric_id[here]).tolist():
        index = here[cells.metric_id[here] == metric_id]
        before = held.values[metric_id][lines][:, np.searchsorted(held.schools, cells.school_id[index])]
        period = cells.periods[cells.period_index[index[0]]]
        found.append(Past(metrics[metric_id], period, index, cells.value[index], before, names))
    return found


def _earlier(session: Session, initiative: Initiative, day: date) -> list[ReportingPeriod]:
    """Return the last periods before that day, the newest first."""
    query = (
        select(ReportingPeriod)
        .where(
            ReportingPeriod.initiative_id == initiative.id,
            ReportingPeriod.granularity == initiative.granularity,
            col(ReportingPeriod.starts_on) < day,
        )
        .order_by(col(ReportingPeriod.starts_on).desc())
        .limit(PERIODS_BACK)
    )
    return list(session.exec(query).all())


def _medians(values: np.ndarray) -> np.ndarray:
    """Return each column's median, leaving NaN out; NaN where a column has nothing else.

    By sorting: numpy's own does this column by column, a hundred times slower.
    """
    count = (~np.isnan(values)).sum(axis=0)
    in_order = np.sort(values, axis=0)  # NaN goes last
    columns = np.arange(values.shape[1])
    low, high = (count - 1).clip(min=0) // 2, count // 2
    middle: np.ndarray = (in_order[low, columns] + in_order[high.clip(max=len(values) - 1), columns]) / 2
    middle[count == 0] = np.nan
    return middle


def _report_jumps(session: Session, past: Past, cells: Cells, place: Place, findings: FindingList) -> None:
    """A zero is compared with nothing: schools pause in holidays, and a first use is no jump either."""
    if not past.index.size:
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.where(past.before > 0, np.log(past.before), np.nan)
        median = _medians(logarithms)
        deviation = np.maximum(NORMAL * _medians(np.abs(logarithms - median)), LEAST_DEVIATION)
        distance = np.abs(np.log(np.where(past.value > 0, past.value, np.nan)) - median)
        usual = np.exp(median)
        jumps = (
            ((past.before > 0).sum(axis=0) >= JUMP_HISTORY)
            & (distance > JUMP_DEVIATIONS * deviation)
            & (distance >= np.log(JUMP_RATIO))
            & (np.abs(past.value - usual) >= JUMP_DIFFERENCE)
        )
    if not jumps.any():
        return
    index = past.index[jumps]
    codes = school_codes(session, np.unique(cells.school_id[index]))
    findings.add_rows(
        "jump", cells.row[index], place, number_texts(cells.value[index]), metric=past.metric.key,
        school=[codes[school] for school in cells.school_id[index].tolist()],
        usual=number_texts(usual[jumps].round(1)), period=past.period.key,
    )  # fmt: skip


def _report_scaled(past: Past, place: Place, findings: FindingList) -> None:
    both = (past.before[0] > 0) & (past.value > 0)
    if both.sum() < COLUMN_SCHOOLS:
        return
    ratio = np.log(past.value[both] / past.before[0][both])
    middle = float(np.median(ratio))
    near = np.abs(ratio - middle) < SCALE_WIDTH
    if abs(middle) >= np.log(SCALE) and near.mean() >= SCALE_SHARE:
        factor = float(np.exp(middle))
        findings.add(
            "scaled_column", column=place.column, metric=past.metric.key, period=past.period.key,
            factor=f"{factor:.3g}", before=past.earlier[0].key,
        )  # fmt: skip


def _report_shifted(past: Past, place: Place, findings: FindingList) -> None:
    """Compare each value with what the school one row away reported: a slipped column fits those better."""
    with np.errstate(divide="ignore", invalid="ignore"):
        now, then = np.log(past.value), np.log(past.before[0])
    own = _distance(now, then)
    if own is None or own < SHIFT_FAR:
        return
    for mine, other in ((now[1:], then[:-1]), (now[:-1], then[1:])):
        distance = _distance(mine, other)
        if distance is not None and distance < SHIFT_NEAR:
            findings.add(
                "shifted_column", column=place.column, metric=past.metric.key, period=past.period.key,
                before=past.earlier[0].key,
            )  # fmt: skip
            return


def _distance(now: np.ndarray, then: np.ndarray) -> float | None:
    """Return the median distance of two columns of logarithms; None where too few schools have both."""
    both = np.isfinite(now) & np.isfinite(then)
    return float(np.median(np.abs(now[both] - then[both]))) if both.sum() >= SHIFT_SCHOOLS else None


def _report_same(pasts: Sequence[Past], places: dict[int, Place], findings: FindingList) -> None:
    """A level may well stay as it was; activity does not, and a whole file does not."""
    counted: list[tuple[Past, int, int]] = []
    for past in pasts:
        both = (past.before[0] > 0) & (past.value > 0)
        counted.append((past, int((past.value[both] == past.before[0][both]).sum()), int(both.sum())))
    all_same, all_both = sum(same for _, same, _ in counted), sum(both for _, _, both in counted)
    whole_file = all_both > 0 and all_same >= SAME_SHARE * all_both
    for past, same, both in counted:
        if both >= COLUMN_SCHOOLS and same >= SAME_SHARE * both and (whole_file or not past.metric.is_level):
            findings.add(
                "same_as_before", column=places[past.metric.id].column, metric=past.metric.key,
                period=past.period.key, before=past.earlier[0].key, count=same, schools=both,
            )  # fmt: skip
