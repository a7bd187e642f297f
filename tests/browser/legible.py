"""Everything that can be read in what a server sent: texts and numbers in its messages, tables, charts and files."""

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from html import unescape
from typing import Any

import numpy as np
import pyarrow as pa
import pypdf
from google.protobuf.message import Message
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

NUMBERS = (int, float)


def of_frame(frame: bytes) -> Iterator[str]:
    """Yield the texts of one message of a page: also those inside its tables (Arrow) and charts (JSON, packed arrays).

    Raises DecodeError where it is no such message: what cannot be read must not pass for what says nothing.
    """
    yield from _of_message(ForwardMsg.FromString(frame))


def of_body(body: bytes, media_type: str = "") -> Iterator[str]:
    """Yield the texts of a file or an answer, unpacked: archives by their files, a PDF by its pages."""
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield from of_body(archive.read(name))
    elif body.startswith(b"%PDF"):
        yield from _of_pdf(body)
    else:
        text = body.decode("utf-8-sig", errors="replace")
        yield from _of_text(text if "json" in media_type else unescape(text))


def _of_pdf(body: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(body))
    yield str(reader.metadata)
    for page in reader.pages:
        yield page.extract_text()
        yield from (str(note.get_object()) for note in page.get("/Annots", []))


def _of_message(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        several = hasattr(value, "__iter__") and not isinstance(value, str | bytes)
        for one in value.values() if hasattr(value, "values") else value if several else [value]:
            if isinstance(one, Message):
                yield from _of_message(one)
            elif isinstance(one, bytes):
                yield from _of_bytes(one)
            elif isinstance(one, str):
                yield from _of_text(one)
            elif isinstance(one, NUMBERS) and not isinstance(one, bool) and field.enum_type is None:
                yield _written(one)


def _of_bytes(content: bytes) -> Iterator[str]:
    try:
        table = pa.ipc.open_stream(content).read_all()
    except (pa.ArrowInvalid, OSError):
        yield from of_body(content)
        return
    yield " ".join(table.column_names)
    for column in table.columns:
        yield from _of_value(column.to_pylist())


def _of_text(text: str) -> Iterator[str]:
    if text[:1] in ("{", "["):
        try:
            yield from _of_value(json.loads(text))
            return
        except ValueError:  # it only looks like JSON
            pass
    yield text


def _of_value(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if {"bdata", "dtype"} <= value.keys():
            value = {"packed": np.frombuffer(base64.b64decode(value["bdata"]), np.dtype(value["dtype"])).tolist()}
        for name, one in value.items():
            yield str(name)
            yield from _of_value(one)
    elif isinstance(value, list | tuple):
        # Many small texts are looked through faster as one.
        yield "\n".join(text for one in value for text in _of_value(one))
    elif isinstance(value, NUMBERS) and not isinstance(value, bool):
        yield _written(value)
    elif value is not None:
        yield str(value)


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(number)
