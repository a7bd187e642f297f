"""Answers as they go out: bytes with their headers, made once, told apart by a strong ETag; and refusals in words."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

JSON, CSV, ZIP = "application/json", "text/csv; charset=utf-8; header=present", "application/zip"
PROBLEM = "application/problem+json"
# Everybody may keep an answer for a minute: a withdrawn release is gone everywhere after that.
KEPT_SECONDS = 60
SHORTEST_PACKED = 1_000
ZIPPED = b"PK\x03\x04"
METHODS = "GET, HEAD, OPTIONS"

Header = tuple[bytes, bytes]
# Any page on any site may read; nothing here is anybody's own. An answer is data and loads nothing.
ALWAYS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
TITLES = {
    400: "No such parameter",
    404: "Not found",
    405: "Only reading is possible here",
    406: "Not in this form",
    410: "Withdrawn",
    422: "Not understood",
    429: "Too many requests",
    503: "Not available at the moment",
}


@dataclass(frozen=True)
class Answer:
    """An answer that is ready to be sent. `etag` is empty for what is not kept."""

    status: int
    headers: tuple[Header, ...]
    body: bytes
    etag: bytes = b""


@dataclass(frozen=True)
class Content:
    """What an answer says, before it is wrapped: its media type, bytes, links (relation, address) and file name."""

    media_type: str
    body: bytes
    links: Sequence[tuple[str, str]] = field(default_factory=list)
    file_name: str = ""


def ready(
    content: Content, release: int | None, always: Sequence[Header] = ALWAYS, varies: str = "Accept, Accept-Encoding"
) -> Answer:
    """Return the answer with a strong ETag: the release and a hash of the very bytes.

    `always` are the headers of all answers of its kind, `varies` those of a request that decide between answers.
    """
    digest = hashlib.sha256(content.media_type.encode() + b"\0" + content.body).hexdigest()[:24]
    etag = f'"r{release}-{digest}"' if release is not None else f'"{digest}"'
    headers = [
        ("content-type", content.media_type),
        ("content-length", str(len(content.body))),
        ("etag", etag),
        ("cache-control", f"public, max-age={KEPT_SECONDS}"),
        ("vary", varies),
    ]
    if content.links:
        headers.append(("link", ", ".join(f'<{_ascii(address)}>; rel="{name}"' for name, address in content.links)))
    if content.file_name:
        headers.append(("content-disposition", f'attachment; filename="{content.file_name}"'))
    return Answer(200, (*encoded(headers), *always), content.body, etag.encode())


def packed(answer: Answer) -> Answer:
    """Return a kept answer packed by gzip, under an ETag of its own; a short one as it is."""
    if not answer.etag or len(answer.body) < SHORTEST_PACKED or answer.body.startswith(ZIPPED):
        return answer
    body = gzip.compress(answer.body, mtime=0)
    etag = answer.etag[:-1] + b'-gzip"'
    new = {b"content-length": str(len(body)).encode(), b"etag": etag}
    headers = tuple((name, new.get(name, value)) for name, value in answer.headers)
    return Answer(answer.status, ((b"content-encoding", b"gzip"), *headers), body, etag)


def unchanged(answer: Answer) -> Answer:
    """Return the answer to who has these bytes already."""
    kept = tuple(
        one for one in answer.headers if one[0] not in (b"content-length", b"content-type", b"content-encoding")
    )
    return Answer(304, kept, b"")


def problem(status: int, detail: str, *, headers: Sequence[tuple[str, str]] = (), **more: str) -> Answer:
    """Return a refusal as RFC 9457 has it, in plain words. `code` and whatever else programs need go beside them."""
    said = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, **more}
    body = as_json(said)
    written = [
        ("content-type", PROBLEM), ("content-length", str(len(body))), ("cache-control", "no-store"), *headers,
    ]  # fmt: skip
    return Answer(status, (*encoded(written), *ALWAYS), body)


def preflight() -> Answer:
    """Return the answer to a browser that asks, for a page elsewhere, whether it may ask."""
    written = [
        ("allow", METHODS), ("access-control-allow-methods", "GET, HEAD"),
        ("access-control-allow-headers", "Accept, If-None-Match"), ("access-control-max-age", "86400"),
    ]  # fmt: skip
    return Answer(204, (*encoded(written), *ALWAYS), b"")


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return a document as compact JSON, the same bytes each time."""
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def encoded(headers: Iterable[tuple[str, str]]) -> tuple[Header, ...]:
    """Return headers as they are sent."""
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def _ascii(address: str) -> str:
    return quote(address, safe="/?&=:#%+,.-_~")
