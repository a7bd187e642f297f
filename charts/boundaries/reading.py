"""The outlines of a country's first-level areas, or of the world's countries, as they are drawn."""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from access.language import _
from charts.boundaries.checking import LARGEST_FILE, BoundariesRefused, checked

FOLDER = Path(__file__).resolve().parent
# A folder with files that take the place of ours: KZ.geojson, world.geojson.
SETTING = "UPTAKE_BOUNDARIES"
WORLD = "world"


@dataclass(frozen=True)
class Boundaries:
    """Outlines as GeoJSON, each feature's `id` the code of its area; what they were taken from.

    `geometry` names who drew them, as far as the source says so.
    """

    geojson: dict[str, Any]
    source: str
    geometry: str
    own: bool  # the operator's file, not the one that came with Uptake

    @property
    def codes(self) -> frozenset[str]:
        """The areas that have an outline."""
        return frozenset(feature["id"] for feature in self.geojson["features"])


def about_borders(found: Boundaries) -> str:
    """Return what a reader has to know of a map's borders: where they come from, and that they claim nothing."""
    note = _("Borders are those of the file they come from and say nothing about their status.")
    if not found.source:
        return note
    if found.own:
        told = _("Outlines: {source}.")
    elif found.geometry:
        told = _("Outlines: {geometry}, as packed in {source}.")
    else:
        told = _("Outlines: {source}; the source does not say who drew them.")
    return f"{note} {told.format(source=found.source, geometry=found.geometry)}"


def boundaries(name: str) -> Boundaries | None:
    """Return the outlines of a country (by its code) or of the `world`; None where there are none.

    Raises BoundariesRefused when the operator's own file is wrong.
    """
    folder = os.environ.get(SETTING, "")
    return _read(name, folder)


def check_own() -> list[str]:
    """Read every file of the operator's folder, so that a wrong one is told at the start; return their names.

    Raises BoundariesRefused, also when there is no such folder.
    """
    folder = os.environ.get(SETTING, "")
    if not folder:
        return []
    if not Path(folder).is_dir():
        raise BoundariesRefused(SETTING, [f"there is no folder {folder}"])
    names = sorted(path.stem for path in Path(folder).glob("*.geojson"))
    for name in names:
        boundaries(name)
    return names


@lru_cache(maxsize=32)
def _read(name: str, folder: str) -> Boundaries | None:
    if not name.isalnum():
        return None
    came, own = FOLDER / f"{name}.geojson", Path(folder) / f"{name}.geojson"
    # What came with Uptake was checked when it was made, and the tests check it again.
    ours = json.loads(came.read_bytes()) if came.is_file() else None
    if not folder or not own.is_file():
        return Boundaries(ours, ours["source"], ours["geometry"], own=False) if ours else None
    known = [feature["id"] for feature in ours["features"]] if ours else []
    with own.open("rb") as file:
        theirs = checked(file.read(LARGEST_FILE + 1), own.name, known)
    return Boundaries(theirs, theirs["source"], "", own=True)
