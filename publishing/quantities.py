"""The numbers behind published figures: which quantities a figure shows, and what holds between them.

A quantity is a sum of one metric over an area's schools, known by its metric, area and value. Two figures that show
the same number of the same thing (a metric and the numerator of its rate; two releases; two initiatives) show the
same quantity: whoever withholds it in one place must withhold it in all.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import NamedTuple

from publishing.attack import Knowledge
from publishing.traits import Trait, Traits

# Sums are exact to this many decimals (`data_model.sums.UNITS`).
DECIMALS = 4


class Cell(NamedTuple):
    """A figure of a period: of which initiative, measure and area (ids)."""

    initiative: int
    measure: int
    area: int


class Since(NamedTuple):
    """The lesser sums of two releases: what came between the two is counted from them."""

    numerator: float
    denominator: float


class Sums(NamedTuple):
    """What is rolled up for a cell. Without a school in the base there are no sums.

    With `since`, the sums of the schools that one release counts and another does not.
    """

    numerator: float | None
    denominator: float | None
    in_base: int
    reporting: int
    expected: int
    demonstration: bool = False
    since: Since | None = None


class Quantity(NamedTuple):
    """A number that figures show. `weighted`: of a score, the sum of value x count.

    With `since`, what came between two releases: the difference between `since` + `value` and `since`.
    """

    metric: int
    weighted: bool
    area: int
    value: float
    since: float | None = None


@dataclass(frozen=True)
class Block:
    """The cells of a country and its regions in one period, as of one moment. What lies in no region is the rest."""

    root: int
    regions: tuple[int, ...]
    cells: Mapping[Cell, Sums]
    codes: Mapping[int, str] = field(default_factory=dict)

    @property
    def rest(self) -> int:
        """The name of what lies in the country and in none of its regions: never shown, but the rest of a sum."""
        return -self.root

    def with_rest(self) -> dict[Cell, Sums]:
        """Return the cells with those of the rest, where schools are awaited there."""
        cells = dict(self.cells)
        for cell, whole in self.cells.items():
            if cell.area == self.root:
                parts = [self.cells.get(cell._replace(area=region)) for region in self.regions]
                rest = _difference(whole, [part for part in parts if part is not None])
                if rest.expected > 0:
                    cells[cell._replace(area=self.rest)] = rest
        return cells


def shown(trait: Trait, area: int, sums: Sums) -> list[Quantity]:
    """Return the quantities that a figure shows: numerator, then denominator where it has one."""
    if sums.in_base == 0 or sums.numerator is None:
        return []
    since = sums.since
    numerator = round(sums.numerator, DECIMALS)
    quantities = [Quantity(trait.numerator, trait.weighted, area, numerator, since and since.numerator)]
    if trait.denominator is not None and sums.denominator is not None:
        denominator = round(sums.denominator, DECIMALS)
        quantities.append(Quantity(trait.denominator, False, area, denominator, since and since.denominator))
    return quantities


def shown_by(block: Block, cells: Iterable[Cell], traits: Traits) -> frozenset[Quantity]:
    """Return every quantity that these cells of the block show."""
    return frozenset(
        quantity for cell in cells for quantity in shown(traits.by_id[cell.measure], cell.area, block.cells[cell])
    )


def knowledge_of(blocks: Iterable[Block], traits: Traits) -> Knowledge[Quantity]:
    """Return what holds between the quantities of some blocks of one country and period, and between the blocks."""
    equations: set[tuple[tuple[Quantity, int], ...]] = set()
    orders: set[tuple[Quantity, Quantity]] = set()
    values: dict[Quantity, float] = {}
    known = [(block, block.with_rest()) for block in blocks]
    for block, cells in known:
        for cell, sums in cells.items():
            for quantity in shown(traits.by_id[cell.measure], cell.area, sums):
                values[quantity] = quantity.value
        equations.update(_additions(block, cells, traits))
        orders.update(_orders(cells, traits))
    for (_, before), (_, after) in combinations(known, 2):
        between = came_between(before, after)
        for cell, sums in between.items():
            for quantity in shown(traits.by_id[cell.measure], cell.area, sums):
                values[quantity] = quantity.value
                equations.add(_counted_from(quantity))
        orders.update(_orders(between, traits))
    return Knowledge(values, frozenset(equations), frozenset(orders))


def came_between(before: Mapping[Cell, Sums], after: Mapping[Cell, Sums]) -> dict[Cell, Sums]:
    """Return what the schools say that one of two moments counts and the other does not, where that can be told.

    Whoever has both figures has their difference. It is of a group of schools if more (or fewer) schools are counted
    and no sum went the other way; any other difference is of what schools say of themselves anew.
    """
    found = {}
    for cell in before.keys() & after.keys():
        lesser, greater = sorted((before[cell], after[cell]), key=lambda sums: sums.in_base)
        if 0 < lesser.in_base < greater.in_base:
            group = _difference(greater, [lesser])
            if (group.numerator or 0) >= 0 and (group.denominator or 0) >= 0:
                since = Since(round(lesser.numerator or 0, DECIMALS), round(lesser.denominator or 0, DECIMALS))
                found[cell] = group._replace(since=since)
    return found


def _counted_from(group: Quantity) -> tuple[tuple[Quantity, int], ...]:
    """Return that a group is what one figure counts more than another."""
    since = group.since or 0
    lesser = group._replace(value=since, since=None)
    greater = group._replace(value=round(since + group.value, DECIMALS), since=None)
    if lesser == greater:
        return ((group, 1),)
    return ((group, 1), (lesser, 1), (greater, -1))


def by_place(cells: Mapping[Cell, Sums]) -> dict[tuple[int, int], list[int]]:
    """Return the measures of each initiative and area."""
    places: dict[tuple[int, int], list[int]] = {}
    for cell in cells:
        places.setdefault((cell.initiative, cell.area), []).append(cell.measure)
    return places


def totals(
    cells: Mapping[Cell, Sums], place: tuple[int, int], measures: Iterable[int], traits: Traits
) -> dict[int, Quantity]:
    """Return the quantity of each plain metric of an initiative and area, by metric."""
    found = {}
    for measure in measures:
        trait = traits.by_id[measure]
        if trait.is_plain:
            for quantity in shown(trait, place[1], cells[Cell(place[0], measure, place[1])]):
                found[measure] = quantity
    return found


def _difference(whole: Sums, parts: list[Sums]) -> Sums:
    """Return what the parts leave of the whole."""

    def left(of: str) -> float:
        return float(getattr(whole, of) or 0) - sum(float(getattr(part, of) or 0) for part in parts)

    return Sums(
        round(left("numerator"), DECIMALS),
        None if whole.denominator is None else round(left("denominator"), DECIMALS),
        whole.in_base - sum(part.in_base for part in parts),
        whole.reporting - sum(part.reporting for part in parts),
        whole.expected - sum(part.expected for part in parts),
    )


def _additions(block: Block, cells: Mapping[Cell, Sums], traits: Traits) -> Iterator[tuple[tuple[Quantity, int], ...]]:
    """Yield, for each number a national figure shows, that it is the sum of the regions' and the rest's."""
    for cell, sums in cells.items():
        if cell.area != block.root:
            continue
        trait = traits.by_id[cell.measure]
        for position, whole in enumerate(shown(trait, cell.area, sums)):
            terms = {whole: -1}
            for area in (*block.regions, block.rest):
                part = cells.get(cell._replace(area=area))
                if part is not None and (quantities := shown(trait, area, part)):
                    terms[quantities[position]] = 1
            yield tuple(sorted(terms.items()))


def _orders(cells: Mapping[Cell, Sums], traits: Traits) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield (lesser, greater) pairs: parts of a whole, and what a rate's base leaves of a metric.

    Only pairs that hold are yielded: reports of different schools may stand on the two sides of a rule.
    """
    for place, measures in by_place(cells).items():
        whole = totals(cells, place, measures, traits)
        pairs = [
            (whole[lesser], whole[greater]) for lesser, greater in traits.nested if {lesser, greater} <= set(whole)
        ]
        for measure in measures:
            trait = traits.by_id[measure]
            if trait.is_plain:
                continue
            quantities = shown(trait, place[1], cells[Cell(place[0], measure, place[1])])
            unweighted = [quantity for quantity in quantities if not quantity.weighted]
            pairs += [(quantity, whole[quantity.metric]) for quantity in unweighted if quantity.metric in whole]
            pairs += [
                (lesser, greater)
                for lesser, greater in product(unweighted, unweighted)
                if (lesser.metric, greater.metric) in traits.nested
            ]
        yield from (
            (lesser, greater) for lesser, greater in pairs if lesser != greater and lesser.value <= greater.value
        )
