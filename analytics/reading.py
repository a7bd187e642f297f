"""Rows of a query as a frame."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session


def read_frame(
    session: Session, query: sa.Select[Any] | sa.CompoundSelect[Any], columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the rows of a query, its labels (or `columns`, in order) as columns."""
    result = session.connection().execute(query)
    names = list(result.keys()) if columns is None else list(columns)
    # Plain tuples: pandas asks every other kind of row what it is, which costs more than reading it.
    return pd.DataFrame([tuple(row) for row in result.all()], columns=names)
