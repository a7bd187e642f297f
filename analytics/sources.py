"""The pages that claims, milestones and facts cite, each with its grade."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.reading import read_frame
from data_model.bulk import Query
from data_model.registry import Source

SOURCE = ("source_title", "publisher", "published_on", "url", "grade")


def sources(session: Session) -> pd.DataFrame:
    """Return every source: source (key), title, publisher, published_on, url, grade, in order of key."""
    query: Query = sa.select(
        col(Source.key).label("source"), col(Source.title), col(Source.publisher), col(Source.published_on),
        col(Source.url), col(Source.grade),
    ).order_by(col(Source.key))  # fmt: skip
    return read_frame(session, query)


def source_columns() -> list[Any]:
    """Return the columns of SOURCE, of a query that joins Source."""
    return [
        col(Source.title).label("source_title"), col(Source.publisher), col(Source.published_on), col(Source.url),
        col(Source.grade),
    ]  # fmt: skip
