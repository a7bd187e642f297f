"""The classes of a map's colours: few, of equal width, with round edges, and written in few letters."""

from dataclasses import dataclass
from math import floor, log10
from typing import Any

from access.language import format_compact, format_number, format_percent
from charts import palette
from charts.theme import Measure

CLASSES = 5
THOUSAND = 1_000


@dataclass(frozen=True)
class Scale:
    """Classes of values: `edges` from the least to the greatest, and the colour of each class between two of them."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]

    def place(self, value: float) -> int:
        """Return the number of the class that a value falls into."""
        inner = self.edges[1:-1]
        return sum(value >= edge for edge in inner)

    def is_strong(self, value: float) -> bool:
        """Return whether a value's colour is so far from the ground that text on it takes the ground's colour."""
        return palette.SEQUENTIAL.index(self.colours[self.place(value)]) > 5

    @property
    def steps(self) -> list[list[Any]]:
        """The colours as Plotly takes them, without any blending, for class numbers."""
        count = len(self.colours)
        return [[(number + end) / count, colour] for number, colour in enumerate(self.colours) for end in (0, 1)]


def classes(values: list[float]) -> Scale:
    """Return at most five classes of equal width with round edges that hold all values."""
    if not values:
        return Scale((0.0, 1.0), (palette.SEQUENTIAL[5],))
    low, high = min(values), max(values)
    # Classes are not drawn finer than a fortieth of the greatest value: what is nearly the same looks the same.
    wanted = max((high - low) / CLASSES, abs(high) / 40, 1e-9)
    size = 10.0 ** floor(log10(wanted))
    for step in (size * factor for factor in (1, 2, 2.5, 5, 10, 20)):
        first = floor(low / step + 1e-9)
        count = floor(high / step - 1e-9) - first + 1
        if step >= wanted * 0.9999 and count <= CLASSES:
            break
    count = max(count, 1)
    edges = tuple(round((first + number) * step, 9) for number in range(count + 1))
    # From the second palest on: the palest is too near the ground.
    colours = [palette.SEQUENTIAL[1 + round(number * 8 / max(count - 1, 1))] for number in range(count)]
    return Scale(edges, tuple(colours if count > 1 else [palette.SEQUENTIAL[5]]))


def short(value: float, measure: Measure) -> str:
    """Return a value in as few letters as a map has room for."""
    if measure.percent:
        return format_percent(value / 100, 0)
    return format_compact(value) if abs(value) >= THOUSAND else format_number(value, min(measure.decimals, 1))


def edge(value: float, scale: Scale, measure: Measure) -> str:
    """Return a class's edge, as fine as the classes are wide."""
    step = scale.edges[1] - scale.edges[0]
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    if measure.percent:
        return format_percent(value / 100, decimals)
    return short(value, measure) if abs(value) >= THOUSAND else format_number(value, decimals)
