"""Cells that were mended before their file was submitted, beside the values that were read from them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.behind import SUBMISSIONS_IN_ONE_QUERY
from data_model.bulk import Query
from data_model.submissions import Submission

Place = tuple[int, int]  # submission, row
INVISIBLE = "\u2060"  # marks a typed number of a sheet (see intake.quantities)


class Mended:
    """What was mended in some submissions."""

    def __init__(self, session: Session, submissions: Iterable[int]) -> None:
        """Look up the mended cells of these submissions."""
        self._cells: dict[Place, list[dict[str, Any]]] = defaultdict(list)
        self._metrics: dict[int, dict[str, str]] = {}
        numbers = sorted(set(submissions))
        reading = col(Submission.reading)
        query: Query = sa.select(col(Submission.id), reading["options"]["mended"], reading["columns"])
        for start in range(0, len(numbers), SUBMISSIONS_IN_ONE_QUERY):
            some = query.where(col(Submission.id).in_(numbers[start : start + SUBMISSIONS_IN_ONE_QUERY]))
            for number, cells, columns in session.connection().execute(some):
                if cells:
                    self._metrics[number] = {one["name"]: one["metric"] for one in columns or () if "metric" in one}
                for cell in cells or ():
                    self._cells[number, cell["row"]].append(cell)

    def said(self, submission: int, row: int, metric: str) -> str:
        """Return what was mended in the row a value of this metric comes from: old → new and by whom; "" for nothing.

        What was mended in another metric's column says nothing about this value; a key column does about all.
        """
        parts = []
        for cell in self._cells.get((submission, row), ()):
            about = self._metrics[submission].get(cell["column"], metric)
            if about == metric and cell["text"] != cell["original"]:
                by = f" ({cell['by']})" if cell["by"] else ""
                parts.append(f"{cell['column']}: “{cell['original']}” → “{cell['text']}”{by}".replace(INVISIBLE, ""))
        return "; ".join(parts)
