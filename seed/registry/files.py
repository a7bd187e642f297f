"""Reading the seed's CSV files."""

import csv
from collections.abc import Iterator
from pathlib import Path

REGISTRY = Path(__file__).resolve().parent
REFERENCE = REGISTRY.parent / "reference"


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of `name`.csv by column; cells are as written, an empty one is ''."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)
