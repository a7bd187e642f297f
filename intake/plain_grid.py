"""The fast way through plain delimited text: no quotation marks, every row with as many cells as the header.

What it cannot read exactly as the careful reader would, it leaves to that one.
"""

import io
import re
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from intake.grid import Grid, TextColumn, without_empty_columns

BLOCK = 4 << 20  # bytes parsed at a time
ROWS_FREED = 10_000  # from so many on a column's memory is worth giving back before the next is read
# Encodings in which quotation marks, delimiters and line ends are the bytes of ASCII.
LIKE_ASCII = re.compile(r"utf-8(?:-sig)?|windows-125\d|kz1048|koi8-r|cp866|mac-cyrillic|iso8859-\d+")


def plain_grid(content: bytes, encoding: str, delimiter: str, header: list[str], header_row: int) -> Grid | None:
    """Return the rows below the header, or None where the text is not plain."""
    if not _is_plain(content, encoding, delimiter):
        return None
    names = [f"column {position}" for position in range(len(header))]
    texts = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            io.BytesIO(content),
            read_options=csv.ReadOptions(
                column_names=names, skip_rows=header_row, block_size=BLOCK, encoding=encoding.removesuffix("-sig")
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, quote_char=False, double_quote=False, escape_char=False,
                newlines_in_values=False, ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, texts), strings_can_be_null=False, check_utf8=True
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        return None  # a row of another length, or nothing below the header
    rows = np.arange(header_row + 1, header_row + 1 + table.num_rows, dtype=np.int32)
    waiting = [column.chunks for column in reversed(table.columns)]
    del table
    columns = []
    while waiting:
        # What has become texts goes: of a large file there is not room for both.
        columns.append(_text_column(waiting.pop()))
        if len(rows) > ROWS_FREED:
            pa.default_memory_pool().release_unused()
    return without_empty_columns(Grid(list(header), columns, rows, [], {}, []))


def _is_plain(content: bytes, encoding: str, delimiter: str) -> bool:
    if LIKE_ASCII.fullmatch(encoding) is None or len(delimiter.encode()) != 1:
        return False
    # A lone carriage return ends a row too, but not for this reader.
    return b'"' not in content and (b"\r" not in content or content.count(b"\r") == content.count(b"\r\n"))


def _text_column(pieces: list[Any]) -> TextColumn:
    """Return the column with one list of distinct texts over all its pieces, which are used up."""
    place: dict[str, int] = {}
    codes = [np.zeros(0, np.int32)]
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        texts = piece.dictionary.to_pylist()
        code = np.fromiter((place.setdefault(text, len(place)) for text in texts), np.int32, len(texts))
        codes.append(code[piece.indices.to_numpy()])
    return TextColumn(np.concatenate(codes), list(place))
