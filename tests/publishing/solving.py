"""An attack of another kind than the one suppression judges itself by: exact elimination and narrowing of intervals.

It shares no code with `publishing.attack`, so that a mistake there is not made here again.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import inf
from typing import Any

Row = dict[Any, Fraction]


def eliminated(
    equations: Collection[Mapping[Any, int]], values: Mapping[Any, float], known: Collection[Any]
) -> list[Row]:
    """Return the equations over unknown quantities in reduced echelon form; the key None holds the constant."""
    rows: list[Row] = []
    for equation in equations:
        row: Row = {None: Fraction(0)}
        for one, times in equation.items():
            if one in known:
                row[None] += times * Fraction(values[one]).limit_denominator(10_000)
            else:
                row[one] = row.get(one, Fraction(0)) + times
        row = reduced(row, rows)
        pivot = next((one for one in row if one is not None), None)
        if pivot is None:
            continue
        row = {one: times / row[pivot] for one, times in row.items()}
        rows = [minus(other, row, other[pivot]) if pivot in other else other for other in rows]
        rows.append(row)
    return rows


def reduced(row: Row, rows: list[Row]) -> Row:
    """Return the row with the pivots of the others taken out (a pivot stands in one row only)."""
    for other in rows:
        pivot = next(one for one in other if one is not None and other[one] == 1 and is_pivot(one, rows))
        if pivot in row:
            row = minus(row, other, row[pivot])
    return row


def is_pivot(one: Any, rows: list[Row]) -> bool:
    """Return whether the quantity stands in one row alone."""
    return sum(one in row for row in rows) == 1


def minus(row: Row, other: Row, times: Fraction) -> Row:
    """Return row - times x other without zeros."""
    result = dict(row)
    for one, factor in other.items():
        result[one] = result.get(one, Fraction(0)) - times * factor
    return {one: factor for one, factor in result.items() if factor != 0 or one is None}


def narrowed(
    rows: list[Row],
    orders: Collection[tuple[Any, Any]],
    values: Mapping[Any, float],
    known: Collection[Any],
    limits: Mapping[tuple[tuple[Any, int], ...], tuple[float, float]],
    rounds: int = 12,
) -> dict[Any, tuple[float, float]]:
    """Return (least, greatest) of every unknown after letting each equation, order and limit narrow its members."""
    unknown = {one for row in rows for one in row if one is not None} | {
        one for pair in [*orders, *([one for one, _ in terms] for terms in limits)] for one in pair if one not in known
    }
    box = {one: limits.get(((one, 1),), (0.0, inf)) for one in unknown}
    several = [(dict(terms), ends) for terms, ends in limits.items() if len(terms) > 1]

    def span(one: Any) -> tuple[float, float]:
        return (values[one], values[one]) if one in known else box[one]

    for _ in range(rounds):
        for lesser, greater in orders:
            if lesser in box:
                box[lesser] = (box[lesser][0], min(box[lesser][1], span(greater)[1]))
            if greater in box:
                box[greater] = (max(box[greater][0], span(lesser)[0]), box[greater][1])
        for terms, (least, greatest) in several:
            for one in terms.keys() & box.keys():
                low, high = sum_of_others(terms, one, {other: span(other) for other in terms})
                ends = sorted(((least - high) / terms[one], (greatest - low) / terms[one]))
                box[one] = (max(box[one][0], ends[0]), min(box[one][1], ends[1]))
        for row in rows:
            for one, times in row.items():
                if one is not None:
                    low, high = sum_of_others(row, one, box)
                    ends = sorted((-low / float(times), -high / float(times)))
                    box[one] = (max(box[one][0], ends[0]), min(box[one][1], ends[1]))
    return box


def sum_of_others(row: Mapping[Any, Any], but: Any, box: Mapping[Any, tuple[float, float]]) -> tuple[float, float]:
    """Return the least and greatest value of a row without one of its members."""
    low = high = float(row.get(None, 0))
    for one, times in row.items():
        if one is not None and one != but:
            ends = sorted((float(times) * box[one][0], float(times) * box[one][1]))
            low, high = low + ends[0], high + ends[1]
    return low, high
