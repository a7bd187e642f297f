"""Outlines of areas as GeoJSON: their rings, what lies inside, where a name stands, and the lines that hatch them.

Longitudes and latitudes are taken as plane coordinates, which is good enough for what is drawn here and not for areas.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # n x 2: longitude, latitude

# Candidates a side among which the place of a name is looked for.
CANDIDATES = 25
# A text is wider than a place: what it keeps clear of counts as nearer than it is.
CLEAR = 0.4


def rings(geometry: dict[str, Any]) -> list[Points]:
    """Return all rings of a polygon or multipolygon, holes included: an odd number of them is around what is inside."""
    return [ring for polygon in polygons(geometry) for ring in polygon]


def polygons(geometry: dict[str, Any]) -> list[list[Points]]:
    """Return the polygons, each as its outer ring and then its holes."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[np.asarray(ring, dtype=float)[:, :2] for ring in part] for part in parts]


def signed_area(ring: Points) -> float:
    """Return the area that a ring encloses in square degrees; negative when it runs clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def bounds(geometries: Iterable[dict[str, Any]]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of all of them together."""
    every = np.concatenate([ring for geometry in geometries for ring in rings(geometry)])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return float(west), float(south), float(east), float(north)


def inside(geometry: dict[str, Any], points: Points) -> NDArray[np.bool_]:
    """Return for every point whether it lies in the outline."""
    crossings = np.zeros(len(points), dtype=int)
    x, y = points[:, :1], points[:, 1:]
    for ring in rings(geometry):
        x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        crosses = (y1 <= y) != (y2 <= y)
        with np.errstate(divide="ignore", invalid="ignore"):
            where = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        crossings += (crosses & (x < where)).sum(axis=1)
    return crossings % 2 == 1


def label_point(geometry: dict[str, Any], away_from: Sequence[tuple[float, float]] = ()) -> tuple[float, float]:
    """Return the place in the largest part that is furthest from its edge, where a name or a number can stand.

    `away_from` are places to keep clear of, inside or outside.
    """
    largest = max(polygons(geometry), key=lambda part: abs(signed_area(part[0])))
    part = {"type": "Polygon", "coordinates": largest}
    west, south, east, north = bounds([part])
    across, up = np.linspace(west, east, CANDIDATES + 2)[1:-1], np.linspace(south, north, CANDIDATES + 2)[1:-1]
    candidates = np.array([(x, y) for x in across for y in up])
    candidates = candidates[inside(part, candidates)]
    if not len(candidates):  # a sliver: any corner will do
        return float(largest[0][0, 0]), float(largest[0][0, 1])
    shrink = np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    distances = np.min([_distances(candidates * shrink, ring * shrink) for ring in largest], axis=0)
    if away_from:
        apart = candidates[:, None, :] * shrink - np.asarray(away_from) * shrink
        distances = np.minimum(distances, CLEAR * np.sqrt((apart**2).sum(axis=2)).min(axis=1))
    x, y = candidates[int(distances.argmax())]
    return float(x), float(y)


def extent(geometry: dict[str, Any]) -> float:
    """Return how far an outline reaches, in degrees: the shorter side of the box around its largest part."""
    largest = max(polygons(geometry), key=lambda part: abs(signed_area(part[0])))
    west, south, east, north = bounds([{"type": "Polygon", "coordinates": largest}])
    return min((east - west) * float(np.cos(np.radians((south + north) / 2))), north - south)


def hatching(geometry: dict[str, Any], distance: float, *, down: bool = False) -> tuple[list[float], list[float]]:
    """Return parallel slanting lines inside an outline, so many degrees apart: longitudes and latitudes, NaN between.

    They climb to the right, or with `down` fall. Lines of neighbours continue each other.
    """
    slant = -1.0 if down else 1.0
    # Along a line x - slant * y stays the same: turned by that, the lines lie level.
    turned = [
        np.column_stack([ring[:, 0] + slant * ring[:, 1], ring[:, 0] - slant * ring[:, 1]]) for ring in rings(geometry)
    ]
    every = np.concatenate([ring[:, 1] for ring in turned])
    longitudes: list[float] = []
    latitudes: list[float] = []
    step = distance * 2**0.5
    for level in np.arange(np.ceil(every.min() / step), every.max() / step) * step:
        found = np.sort(np.concatenate([_crossings(ring, level) for ring in turned]))
        for start, end in zip(found[::2], found[1::2], strict=False):
            longitudes += [(start + level) / 2, (end + level) / 2, float("nan")]
            latitudes += [slant * (start - level) / 2, slant * (end - level) / 2, float("nan")]
    return longitudes, latitudes


def _crossings(ring: Points, level: float) -> NDArray[np.float64]:
    x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
    crosses = (y1 <= level) != (y2 <= level)
    x1, y1, x2, y2 = x1[crosses], y1[crosses], x2[crosses], y2[crosses]
    return np.asarray(x1 + (level - y1) * (x2 - x1) / (y2 - y1))


def _distances(points: Points, ring: Points) -> NDArray[np.float64]:
    """Return how far each point is from a ring."""
    start, along = ring[:-1], ring[1:] - ring[:-1]
    lengths = np.maximum((along**2).sum(axis=1), 1e-18)
    offset = points[:, None, :] - start
    share = np.clip((offset * along).sum(axis=2) / lengths, 0, 1)
    away = offset - share[:, :, None] * along
    return np.asarray(np.sqrt((away**2).sum(axis=2)).min(axis=1))
