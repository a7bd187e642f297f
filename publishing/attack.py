"""What can be worked out about withheld quantities from everything published, by linear programming.

The attacker knows every published number, that parts add up to their whole, that one count is at most another, and
what the rule tells of each count. `Attack.bounds` says how tightly that encloses a sum or difference of quantities.
It is how `suppression` judges its own work (after the linear programs of J. Castro, "Recent advances in optimization
techniques for statistical tabular data protection", EJOR 216 (2012), and the audit of tau-ARGUS).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from publishing.linear_program import Program, Row

Quantity = TypeVar("Quantity", bound=Hashable)
ANYTHING = (0.0, np.inf)


@dataclass(frozen=True)
class Knowledge(Generic[Quantity]):
    """What holds between quantities, whoever knows their values.

    `equations` are sums that are zero, `orders` are (lesser, greater) pairs, `values` the true values. `limits` are the
    least and greatest values of sums that an attacker takes for granted (a quantity is 0 or more where none is named).
    """

    values: Mapping[Quantity, float]
    equations: frozenset[tuple[tuple[Quantity, int], ...]]
    orders: frozenset[tuple[Quantity, Quantity]]
    limits: Mapping[tuple[tuple[Quantity, int], ...], tuple[float, float]] = field(default_factory=dict)


class Attack(Generic[Quantity]):
    """The attacker who knows the values of `known` quantities."""

    def __init__(self, knowledge: Knowledge[Quantity], known: Iterable[Quantity]) -> None:
        self.knowledge = knowledge
        self.known = frozenset(known)
        self._component: dict[Quantity, int] = {}
        self._members: dict[int, list[Quantity]] = {}
        self._equations: dict[int, list[tuple[tuple[Quantity, int], ...]]] = {}
        self._orders: dict[int, list[tuple[Quantity, Quantity]]] = {}
        self._limits: dict[int, list[tuple[tuple[Quantity, int], ...]]] = {}
        self._programs: dict[int, Program] = {}
        self._find_components()

    def bounds(self, expression: Mapping[Quantity, int]) -> tuple[float, float]:
        """Return the least and greatest value that a sum (quantities with whole coefficients) can have."""
        certain = sum(times * self.knowledge.values[one] for one, times in expression.items() if one in self.known)
        unknown = {one: times for one, times in expression.items() if one not in self.known}
        low = high = float(certain)
        for component in sorted({self._component.setdefault(one, -1) for one in unknown} - {-1}):
            members = self._members[component]
            cost = np.array([float(unknown.get(one, 0)) for one in members])
            program = self._program(component)
            low, high = low + program.least(cost), high - program.least(-cost)
        for one, times in unknown.items():
            if self._component[one] == -1:  # it is tied to nothing
                ends = sorted(times * end for end in self._limit(one))
                low, high = low + ends[0], high + ends[1]
        return low, high

    def related(self, expression: Mapping[Quantity, int]) -> frozenset[Quantity]:
        """Return every unknown quantity that is tied, through others, to an unknown one of the expression."""
        components = {self._component.get(one, -1) for one in expression if one not in self.known} - {-1}
        return frozenset(one for component in components for one in self._members[component])

    def _limit(self, one: Quantity) -> tuple[float, float]:
        return self.knowledge.limits.get(((one, 1),), ANYTHING)

    def _find_components(self) -> None:
        """Group the unknown quantities that occur together: each group is a small program of its own."""
        parent: dict[Quantity, Quantity] = {}

        def root(one: Quantity) -> Quantity:
            while parent.setdefault(one, one) != one:
                parent[one] = parent[parent[one]]
                one = parent[one]
            return one

        ties = [[one for one, _ in equation] for equation in self.knowledge.equations]
        ties += [list(pair) for pair in self.knowledge.orders]
        ties += [[one for one, _ in terms] for terms in self.knowledge.limits if len(terms) > 1]
        for tie in ties:
            unknown = [one for one in tie if one not in self.known]
            for one in unknown:
                parent[root(one)] = root(unknown[0])
        numbers: dict[Quantity, int] = {}
        for one in sorted(parent, key=repr):
            number = numbers.setdefault(root(one), len(numbers))
            self._component[one] = number
            self._members.setdefault(number, []).append(one)
        for equation in self.knowledge.equations:
            self._equations.setdefault(self._number_of(one for one, _ in equation), []).append(equation)
        for pair in self.knowledge.orders:
            self._orders.setdefault(self._number_of(pair), []).append(pair)
        for terms in self.knowledge.limits:
            if len(terms) > 1:
                self._limits.setdefault(self._number_of(one for one, _ in terms), []).append(terms)

    def _number_of(self, tied: Iterable[Quantity]) -> int:
        """Return the component of the unknown ones among quantities that are tied, -1 where all are known."""
        return next((self._component[one] for one in tied if one not in self.known), -1)

    def _program(self, component: int) -> Program:
        if component not in self._programs:
            self._programs[component] = self._written(component)
        return self._programs[component]

    def _written(self, component: int) -> Program:
        """Write down what ties the members of a component, with the known values filled in."""
        members = self._members[component]
        place = {one: index for index, one in enumerate(members)}
        equal = [self._row(dict(equation), place) for equation in self._equations.get(component, ())]
        at_most = [self._row({lesser: 1, greater: -1}, place) for lesser, greater in self._orders.get(component, ())]
        for terms in self._limits.get(component, ()):
            pairs, side = self._row(dict(terms), place)
            least, greatest = self.knowledge.limits[terms]
            at_most += [(pairs, side + greatest)] if greatest < np.inf else []
            at_most.append((tuple((one, -times) for one, times in pairs), -side - least))
        floors, ceilings = np.array([self._limit(one) for one in members]).T
        return Program(len(members), _sorted(equal), _sorted(at_most), floors, ceilings)

    def _row(self, expression: Mapping[Quantity, int], place: Mapping[Quantity, int]) -> Row:
        """Return (unknown, coefficient) pairs over the members, and the right-hand side."""
        pairs, certain = [], 0.0
        for one, times in expression.items():
            if one in place:
                pairs.append((place[one], float(times)))
            else:
                certain += times * self.knowledge.values[one]
        return tuple(sorted(pairs)), -certain


def _sorted(rows: list[Row]) -> list[Row]:
    # Sets have no order; the same question must take the same path.
    return sorted(set(rows))
