"""Rows of `access/administration/`: everything that can be made and changed on screen."""

from access.matrix.table import Row

ROWS: tuple[Row, ...] = ()

UNDECIDED: dict[str, str] = {}
