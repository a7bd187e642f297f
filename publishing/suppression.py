"""What a release must not show. docs/methods.md tells the method and its sources.

Protected are counts of people from 1 to threshold - 1, and what two nested counts leave (all teachers less the active
ones); in an area, and in the schools that one release counts and another does not. Zero is shown. Where a count is
protected, everything about those people is withheld with it. Then figures are withheld, smallest first, until nothing
that was ever published encloses a protected count more tightly than "from 1 to threshold - 1": judged by the best that
an attacker can do (`attack`), who knows every release that is still reachable.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import NamedTuple

from publishing.attack import Attack, Knowledge
from publishing.quantities import (
    DECIMALS,
    Block,
    Cell,
    Quantity,
    Sums,
    by_place,
    came_between,
    knowledge_of,
    shown,
    shown_by,
    totals,
)
from publishing.traits import Traits

TOLERANCE = 1e-6
# What is withheld because it is about protected people must stay open by this much at least.
LEAST_WIDTH = 1.0


@dataclass(frozen=True)
class Published:
    """A block as an earlier release, still reachable, published it: all but the withheld cells."""

    block: Block
    withheld: frozenset[Cell]
    threshold: int


@dataclass(frozen=True)
class Secret:
    """What must not become known: a sum of quantities between 1 and `ceiling`, or anything when that is None.

    `hide` is the quantity to withhold for it, None where no figure shows it. `about` says that it counts people as an
    initiative reports them in an area, of whom nothing else may be told.
    """

    terms: tuple[tuple[Quantity, int], ...]
    ceiling: int | None
    hide: Quantity | None
    about: tuple[int, int, str] | None = None

    def is_kept(self, attack: Attack[Quantity], allowed: Attack[Quantity]) -> bool:
        """Return whether an attacker cannot tell it from the other values it might have by the rule.

        `allowed` is the attacker who knows no number but the zeros, and which counts are protected: that a nation has
        at least one for each of its regions without a zero is no secret.
        """
        low, high = attack.bounds(dict(self.terms))
        if self.ceiling is None:
            return high - low >= LEAST_WIDTH - TOLERANCE
        least, greatest = allowed.bounds(dict(self.terms))
        least, greatest = max(1.0, least), min(float(self.ceiling), greatest)
        return low <= least + TOLERANCE and high >= greatest - TOLERANCE


def withheld_cells(block: Block, traits: Traits, threshold: int, earlier: Sequence[Published] = ()) -> frozenset[Cell]:
    """Return the cells of the block that a release must withhold, given what earlier ones still show of the period."""
    releases = [*earlier, Published(block, frozenset(), threshold)]
    secrets = _protected(block.with_rest(), traits, threshold)
    secrets += _about_people(block.cells, secrets, traits)
    secrets += protected_between(releases, traits)
    secrets += [secret for one in earlier for secret in protected_counts(one.block, traits, one.threshold)]
    return _Choice(block, traits, threshold, earlier, list(dict.fromkeys(secrets))).made() if secrets else frozenset()


def protected_counts(block: Block, traits: Traits, threshold: int) -> list[Secret]:
    """Return every protected count of the block, in a fixed order."""
    return _protected(block.with_rest(), traits, threshold)


def protected_between(releases: Sequence[Published], traits: Traits) -> list[Secret]:
    """Return what must not become known of the schools that one release counts and another does not, in a fixed order.

    Of two releases the rule of the later one holds.
    """
    found: dict[Secret, None] = {}
    known = [(one.block.with_rest(), one.threshold) for one in releases]
    for (before, _), (after, threshold) in combinations(known, 2):
        cells = came_between(before, after)
        secrets = _protected(cells, traits, threshold)
        for secret in [*secrets, *_about_people(cells, secrets, traits)]:
            found[replace(secret, hide=None)] = None
    return list(found)


def _protected(cells: Mapping[Cell, Sums], traits: Traits, threshold: int) -> list[Secret]:
    found = {
        Secret(one.terms, threshold - 1, one.hide, one.about)
        for one in _counted(cells, traits)
        if _is_small(one.value, threshold)
    }
    return sorted(found, key=lambda secret: (secret.terms, secret.about or ()))


def _about_people(cells: Mapping[Cell, Sums], secrets: Iterable[Secret], traits: Traits) -> list[Secret]:
    """Return what cells say about people whose count is protected, beyond how many they are."""
    about: dict[tuple[int, int], set[str]] = {}
    for initiative, area, subject in (secret.about for secret in secrets if secret.about is not None):
        about.setdefault((initiative, area), set()).add(subject)
    found = []
    for cell, sums in sorted(cells.items()):
        subjects = frozenset(about.get((cell.initiative, cell.area), ()))
        if subjects and cell.measure in traits.about(subjects):
            for quantity in shown(traits.by_id[cell.measure], cell.area, sums)[:1]:
                found.append(Secret(((quantity, 1),), None, quantity))
    return found


def known_of(releases: Sequence[Published], traits: Traits) -> Knowledge[Quantity]:
    """Return what an attacker knows of the quantities of these releases, whatever they show.

    Whoever has read the method tells from the pattern which figures are withheld for their own sake and which to hide
    others. So the attacker is told of every count that the rule looks at whether it is zero, protected or neither.
    """
    blocks = [(one.block.with_rest(), one.threshold) for one in releases]
    looked_at = [*blocks]
    looked_at += [
        (came_between(before, after), threshold) for (before, _), (after, threshold) in combinations(blocks, 2)
    ]
    limits: dict[tuple[tuple[Quantity, int], ...], tuple[float, float]] = {}
    for cells, threshold in looked_at:
        for one in _counted(cells, traits):
            least, greatest = limits.get(one.terms, (0.0, float("inf")))
            told = _told(one.value, threshold)
            limits[one.terms] = (max(least, told[0]), min(greatest, told[1]))
    return replace(knowledge_of((one.block for one in releases), traits), limits=limits)


def _told(value: float, threshold: int) -> tuple[float, float]:
    """Return from what to what a count can be of which it is known whether it is zero, protected or neither."""
    if abs(value) <= TOLERANCE:
        return 0.0, 0.0
    if _is_small(value, threshold):
        return 1.0, threshold - 1.0
    return (float(threshold) if value > 1 else 0.0), float("inf")


def _is_small(value: float, threshold: int) -> bool:
    return 1 - TOLERANCE <= value <= threshold - 1 + TOLERANCE


class _Count(NamedTuple):
    """A count of people that the rule looks at: a sum or difference of quantities; the rest as a `Secret` has it."""

    terms: tuple[tuple[Quantity, int], ...]
    value: float
    hide: Quantity | None
    about: tuple[int, int, str] | None = None


def _counted(cells: Mapping[Cell, Sums], traits: Traits) -> Iterator[_Count]:
    """Yield every count of people that the cells show or leave."""
    for place, measures in by_place(cells).items():
        whole = totals(cells, place, measures, traits)
        for metric, quantity in whole.items():
            if metric in traits.people:
                yield _Count(((quantity, 1),), quantity.value, quantity, (*place, traits.people[metric]))
        yield from _complements(place, whole, traits)
        yield from _of_bases(place, cells, whole, measures, traits)


def _complements(place: tuple[int, int], whole: Mapping[int, Quantity], traits: Traits) -> Iterator[_Count]:
    """Yield what nested counts leave: those of the whole who are not in the part."""
    for part, all_of in traits.nested:
        if part in whole and all_of in whole and {part, all_of} & traits.people.keys():
            about = (*place, traits.people[part]) if part in traits.people else None
            yield from _left(whole[all_of], whole[part], about)


def _of_bases(
    place: tuple[int, int],
    cells: Mapping[Cell, Sums],
    whole: Mapping[int, Quantity],
    measures: Iterable[int],
    traits: Traits,
) -> Iterator[_Count]:
    """Yield the counts that rates and scores show or leave: their parts, and what their base leaves of a metric."""
    for measure in measures:
        trait = traits.by_id[measure]
        if trait.is_plain:
            continue
        quantities = shown(trait, place[1], cells[Cell(place[0], measure, place[1])])
        counted = [one for one in quantities if not one.weighted and one.metric in traits.people]
        for quantity in counted:
            yield _Count(((quantity, 1),), quantity.value, quantity)
            total = whole.get(quantity.metric)
            if total is not None:
                yield from _left(total, quantity)
        if (trait.numerator, trait.denominator) in traits.nested and counted and len(quantities) == 2:
            part, all_of = quantities
            yield from _left(all_of, part)


def _left(all_of: Quantity, part: Quantity, about: tuple[int, int, str] | None = None) -> Iterator[_Count]:
    """Yield what a part leaves. Where it is zero, that is the whole itself; reports of other schools may leave less."""
    left = all_of.value - part.value
    if part.value and all_of != part and left >= 0:
        yield _Count(tuple(sorted({all_of: 1, part: -1}.items())), left, part, about)


@dataclass
class _Choice:
    """Choosing what to withhold of a block."""

    block: Block
    traits: Traits
    threshold: int
    earlier: Sequence[Published]
    secrets: list[Secret]
    hidden: set[Quantity] = field(default_factory=set)
    public: frozenset[Quantity] = frozenset()

    def made(self) -> frozenset[Cell]:
        """Withhold what is protected, then what would give it away, until nothing does."""
        self.hidden = {secret.hide for secret in self.secrets if secret.hide is not None}
        self.public = frozenset().union(
            *(shown_by(one.block, one.block.cells.keys() - one.withheld, self.traits) for one in self.earlier)
        )
        now = Published(self.block, frozenset(), self.threshold)
        self.knowledge = known_of([*self.earlier, now], self.traits)
        # What earlier releases gave away (under a weaker rule, say) no choice of ours can take back.
        before = Attack(known_of(self.earlier, self.traits), self.public)
        allowed = Attack(self.knowledge, {one for one, value in self.knowledge.values.items() if value == 0})
        attack = self._attack()
        for secret in [secret for secret in self.secrets if secret.is_kept(before, allowed)]:
            # Withholding more never tells more: what is kept by now stays kept.
            if not secret.is_kept(attack, allowed):
                attack = self._hide_for(secret, attack, allowed)
        return self._withheld()

    def _attack(self) -> Attack[Quantity]:
        return Attack(self.knowledge, self.public | self._shown())

    def _hide_for(self, secret: Secret, attack: Attack[Quantity], allowed: Attack[Quantity]) -> Attack[Quantity]:
        """Withhold more until the secret is kept; return the attack on what is shown then.

        Where earlier releases tell it whatever we do, what withholding more did not help against is shown after all.
        """
        steps: list[tuple[tuple[float, ...], frozenset[Quantity]]] = []
        while not secret.is_kept(attack, allowed):
            bounds = tuple(round(end, DECIMALS) for end in attack.bounds(dict(secret.terms)))
            steps.append((bounds, frozenset(self.hidden)))
            candidate = self._next_to_hide(secret, attack)
            if candidate is None:
                self.hidden = set(next(hidden for reached, hidden in steps if reached == bounds))
                return self._attack()
            self.hidden.add(candidate)
            attack = self._attack()
        return attack

    def _withheld(self) -> frozenset[Cell]:
        """Return the cells that show something hidden, and the rates and scores made of a metric that is withheld."""
        cells = {cell: sums for cell, sums in self.block.cells.items() if sums.in_base}
        withheld = {
            cell
            for cell, sums in cells.items()
            if self.hidden.intersection(shown(self.traits.by_id[cell.measure], cell.area, sums))
        }
        for cell in cells:
            trait = self.traits.by_id[cell.measure]
            if not trait.is_plain:
                metrics = (trait.numerator, trait.denominator)
                if any(cell._replace(measure=metric) in withheld for metric in metrics if metric is not None):
                    withheld.add(cell)
        return frozenset(withheld)

    def _shown(self) -> frozenset[Quantity]:
        return shown_by(self.block, self.block.cells.keys() - self._withheld(), self.traits)

    def _next_to_hide(self, told: Secret, attack: Attack[Quantity]) -> Quantity | None:
        """Return the next quantity to withhold: of what ties the secret down, the smallest that is not public yet.

        Of the same metric before any other, a region before the nation; zeros stay, they are always shown.
        """
        tied = attack.related(dict(told.terms))
        neighbours = {one for one, _ in told.terms} | {
            one
            for equation in self.knowledge.equations
            if any(quantity in tied for quantity, _ in equation)
            for one, _ in equation
        }
        neighbours |= {one for pair in self.knowledge.orders if tied.intersection(pair) for one in pair}
        candidates = [one for one in neighbours & self._shown() - self.public if one.value != 0]
        metrics = {quantity.metric for quantity, _ in told.terms}

        def order(one: Quantity) -> tuple[bool, bool, float, str, int]:
            code = self.block.codes.get(one.area, str(one.area))
            return (one.metric not in metrics, one.area == self.block.root, one.value, code, one.metric)

        return min(candidates, key=order, default=None)
