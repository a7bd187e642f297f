"""Is a file of outlines fit to be drawn? What is wrong with it is said in words; a wrong direction is mended."""

import json
from collections.abc import Collection
from itertools import combinations
from typing import Any

import numpy as np

from access.language import _
from charts import outlines
from charts.outlines import Points

LARGEST_FILE = 5_000_000  # bytes: it goes to every browser that opens a map
MOST_POINTS = 60_000
# Below this share two outlines of one file may overlap: neighbours drawn a little past each other.
MOST_OVERLAP = 0.02
SAMPLES = 60  # points a side


class BoundariesRefused(ValueError):
    """A file of outlines cannot be used; `problems` say why, each in a sentence."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(_("{file} cannot be used: {problems}").format(file=name, problems=" ".join(problems)))
        self.problems = problems


def checked(content: bytes, name: str, codes: Collection[str]) -> dict[str, Any]:
    """Return the GeoJSON of a file, each feature with its area's code as `id` and its outer rings clockwise.

    `codes` are the areas that it may show; without any, whatever it shows. A feature's code stands in its `id`, or
    among its properties as `code` or `iso_3166_2`. Raises BoundariesRefused.
    """
    if len(content) > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        raise BoundariesRefused(name, [_("It is larger than {limit} MB; simplify the outlines.").format(limit=limit)])
    try:
        collection = json.loads(content)
    except ValueError:
        raise BoundariesRefused(name, [_("It is not JSON in UTF-8.")]) from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features:
        raise BoundariesRefused(name, [_("It is not a GeoJSON FeatureCollection with features.")])
    kept: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for position, feature in enumerate(features, start=1):
        code, problem = _feature(feature, position, codes, kept)
        problems += [problem] if problem else []
        if not problem:
            kept[code] = {"type": "Feature", "id": code, "geometry": clockwise(feature["geometry"])}
    if not problems and sum(_count(feature["geometry"]) for feature in kept.values()) > MOST_POINTS:
        problems.append(_("It has more than {count} points; simplify the outlines.").format(count=MOST_POINTS))
    problems += [] if problems else overlaps({code: feature["geometry"] for code, feature in kept.items()})
    if problems:
        raise BoundariesRefused(name, problems)
    source = collection.get("source")
    told = source if isinstance(source, str) else ""
    return {"type": "FeatureCollection", "source": told, "features": list(kept.values())}


def _feature(feature: Any, position: int, codes: Collection[str], kept: Collection[str]) -> tuple[str, str]:
    """Return a feature's code and what is wrong with it, empty when nothing is."""
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties") or {}
    code = str(feature.get("id") or properties.get("code") or properties.get("iso_3166_2") or "")
    if not code:
        text = _("Feature {number} has no code: give it an id such as KZ-75.")
        return "", text.format(number=position)
    if codes and code not in codes:
        return code, _("{code} is not an area of this country.").format(code=code)
    if code in kept:
        return code, _("{code} is there twice; make one MultiPolygon of it.").format(code=code)
    geometry = feature.get("geometry") or {}
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not geometry.get("coordinates"):
        return code, _("{code} is no Polygon or MultiPolygon.").format(code=code)
    try:
        rings = outlines.rings(geometry)
    except (TypeError, ValueError, IndexError):
        return code, _("{code} has coordinates that are no pairs of numbers.").format(code=code)
    return code, next((problem for ring in rings if (problem := _ring_problem(code, ring))), "")


def _ring_problem(code: str, ring: Points) -> str:
    if not np.isfinite(ring).all() or np.abs(ring[:, 0]).max() > 180 or np.abs(ring[:, 1]).max() > 90:
        text = _("{code} has points that are no longitude and latitude in degrees (WGS 84).")
        return text.format(code=code)
    if len(ring) < 4 or (ring[0] != ring[-1]).any():
        return _("{code} has a ring that does not end where it begins.").format(code=code)
    if outlines.signed_area(ring) == 0:
        return _("{code} has a ring that encloses nothing.").format(code=code)
    where = crossing(ring)
    if where is not None:
        text = _("{code} has a ring that crosses itself near {longitude}, {latitude}.")
        return text.format(code=code, longitude=round(where[0], 3), latitude=round(where[1], 3))
    return ""


def crossing(ring: Points) -> tuple[float, float] | None:
    """Return where a ring crosses itself, None where it does not. Touching itself is no crossing."""
    start, end = ring[:-1], ring[1:]
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.argsort(low[:, 0], kind="stable")
    start, end, low, high = start[order], end[order], low[order], high[order]
    # Only those that begin before one ends, from west to east, can cross it.
    until = np.searchsorted(low[:, 0], high[:, 0], side="right")
    for index in range(len(start)):
        near = slice(index + 1, until[index])
        others = (low[near, 1] <= high[index, 1]) & (high[near, 1] >= low[index, 1])
        if others.any() and _crossed(start[index], end[index], start[near][others], end[near][others]).any():
            return float(start[index, 0]), float(start[index, 1])
    return None


def _crossed(start: Points, end: Points, starts: Points, ends: Points) -> Any:
    """Return which segments cross the first one properly, each having its ends on both sides of the other."""

    def side(one: Points, other: Points, points: Points) -> Any:
        along, away = other - one, points - one
        return np.sign(along[..., 0] * away[..., 1] - along[..., 1] * away[..., 0])

    apart = side(start, end, starts) * side(start, end, ends) < 0
    return apart & (side(starts, ends, start) * side(starts, ends, end) < 0)


def overlaps(geometries: dict[str, dict[str, Any]]) -> list[str]:
    """Return which areas lie over each other by more than a little, sampled on a grid over the smaller one."""
    boxes = {code: outlines.bounds([geometry]) for code, geometry in geometries.items()}
    problems = []
    for one, other in combinations(geometries, 2):
        (west, south, east, north), box = boxes[one], boxes[other]
        if west >= box[2] or box[0] >= east or south >= box[3] or box[1] >= north:
            continue
        smaller, larger = sorted((one, other), key=lambda code: _box_area(boxes[code]))
        points = _grid(boxes[smaller])
        points = points[outlines.inside(geometries[smaller], points)]
        if len(points) and outlines.inside(geometries[larger], points).mean() > MOST_OVERLAP:
            problems.append(_("{one} and {other} lie over each other.").format(one=smaller, other=larger))
    return problems


def clockwise(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return the geometry with its outer rings clockwise and its holes the other way: so Plotly fills them.

    The standard (RFC 7946) asks for the opposite, which Plotly takes for the rest of the world.
    """
    turned = []
    for polygon in outlines.polygons(geometry):
        turned.append([
            (ring if (outlines.signed_area(ring) < 0) == (number == 0) else ring[::-1]).tolist()
            for number, ring in enumerate(polygon)
        ])  # fmt: skip
    return {"type": "MultiPolygon", "coordinates": turned}


def _count(geometry: dict[str, Any]) -> int:
    return sum(len(ring) for ring in outlines.rings(geometry))


def _box_area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _grid(box: tuple[float, float, float, float]) -> Points:
    west, south, east, north = box
    across, up = np.meshgrid(np.linspace(west, east, SAMPLES), np.linspace(south, north, SAMPLES))
    return np.column_stack([across.ravel(), up.ravel()])
