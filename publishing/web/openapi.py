"""The OpenAPI 3.1 document of the open data routes, made of what decides about the requests themselves."""

from functools import lru_cache
from typing import Any

from data_model.releases import FigureState
from publishing.described import LICENCE
from publishing.export import type_of
from publishing.web import resources
from publishing.web.answers import JSON, PROBLEM, ZIP, as_json
from publishing.web.parameters import FORMAT, LANGUAGE, LARGEST_NUMBER, MOST_VALUES, Parameter

# What a row may leave empty; everything else is always there.
MAY_BE_EMPTY = {
    "value", "numerator", "denominator", "schools_reporting", "parent", "programme", "value_high", "setting",
    "opened_on", "closed_on", "withdrawn_at",
}  # fmt: skip
CSV = "text/csv"
INTEGERS = {"threshold", "figures", "suppressed"}
# Everywhere the same: what nobody knows, too often, and out of order.
TROUBLE = (400, 429, 503)
WORDS = {
    400: "A parameter is unknown: `detail` names it and those there are. No other is ignored.",
    404: "There is no such address, or no such release.",
    406: "The Accept header takes neither of the forms there are.",
    410: "The release was withdrawn: `reason` and `withdrawn_at` say why and when.",
    422: "A parameter is given twice, or not what it may be.",
    429: "Too many requests from one address: `Retry-After` says how many seconds to wait.",
    503: "The database cannot be reached.",
}

Schema = dict[str, Any]


@lru_cache
def document_bytes() -> bytes:
    """Return the document as it is sent."""
    return as_json(document())


def document() -> Schema:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Uptake open data",
            "version": "1",
            "description": (
                "Everything that was released to the public. A release never changes: the same address gives the same "
                "bytes, until the release is withdrawn (410). Without `release` the newest one answers. Missing is "
                "never zero: see `state`. Each answer names the licence under which it may be used."
            ),
        },
        "paths": dict(_paths()),
        "components": {"schemas": dict(_schemas()), "headers": _headers(), "responses": dict(_problems())},
    }


def _paths() -> list[tuple[str, Schema]]:
    found: list[tuple[str, Schema]] = [(resources.OPENAPI, _get("This document.", (), {JSON: {"type": "object"}}, 422))]
    found += _forms("releases", "All releases, those withdrawn with the reason. The newest first.", (FORMAT,), (422,))
    for table in resources.TABLES.values():
        found += _forms(table.name, table.about, table.parameters, (404, 410, 422))
    number = {
        "name": "number", "in": "path", "required": True, "description": "Number of the release.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    }  # fmt: skip
    for address, path in (
        (f"{resources.ROOT}/releases/latest", []),
        (f"{resources.ROOT}/releases/{{number}}", [number]),
    ):
        about = "What a release is, and the addresses of all it holds."
        found.append((address, _get(about, (LANGUAGE,), {JSON: _named("Release")}, 404, 410, 422, path=path)))
        for name, (media_type, _make) in resources.FILES.items():
            content = _content_of_file(media_type)
            about = f"The whole release as one file: {name}."
            found.append((f"{address}/{name}", _get(about, (LANGUAGE,), content, 404, 410, 422, path=path)))
    return found


def _forms(
    name: str, about: str, parameters: tuple[Parameter, ...], refusals: tuple[int, ...]
) -> list[tuple[str, Schema]]:
    """Return a table's address, and those that name the form: for people, and for tools that send no headers."""
    address, schema = f"{resources.ROOT}/{name}", _named(name.capitalize() + "Answer")
    both = {JSON: schema, CSV: {"type": "string"}}
    return [
        (address, _get(about, parameters, both, *refusals, 406)),
        (f"{address}.json", _get(f"{about} As JSON.", _without_form(parameters), {JSON: schema}, *refusals)),
        (f"{address}.csv", _get(f"{about} As CSV.", _without_form(parameters), {CSV: {"type": "string"}}, *refusals)),
    ]


def _without_form(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    return tuple(one for one in parameters if one is not FORMAT)


def _content_of_file(media_type: str) -> dict[str, Schema]:
    if media_type == ZIP:
        return {ZIP: {}}
    return {JSON: {"type": "object"}} if media_type == JSON else {CSV: {"type": "string"}}


def _get(
    about: str,
    parameters: tuple[Parameter, ...],
    content: dict[str, Schema],
    *refusals: int,
    path: list[Schema] | None = None,
) -> Schema:
    answer = {
        "description": "As asked for.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Link", "Cache-Control")},
        "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
    }
    responses: Schema = {"200": answer, "304": {"description": "What `If-None-Match` names has not changed."}}
    responses |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted({*refusals, *TROUBLE})}
    return {
        "get": {
            "summary": about,
            "parameters": [*(path or []), *map(_parameter, parameters)],
            "responses": responses,
        }
    }


def _parameter(one: Parameter) -> Schema:
    schema: Schema = dict(one.schema)
    if one.many:
        schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    return {"name": one.name, "in": "query", "required": False, "description": one.description, "schema": schema}


def _schemas() -> list[tuple[str, Schema]]:
    about = _object(
        {
            "release": {"type": "integer"}, "released_at": _instant(), "as_of": _instant(), "note": {"type": "string"},
            "threshold": {"type": "integer", "description": "Counts of people from 1 to threshold - 1 are withheld."},
            "demonstration": {"type": "boolean"}, "address": {"type": "string"},
        },
        optional={"notice": {"type": "string", "description": "Says that the figures are invented."}},
    )  # fmt: skip
    licence = _object({name: {"type": "string"} for name in LICENCE})
    head = {
        "release": _named("About"), "licence": _named("Licence"), "definitions": {"type": "string"},
        "states": {"type": "object", "additionalProperties": {"type": "string"}},
    }  # fmt: skip
    addresses = {"type": "object", "additionalProperties": {"type": "string"}}
    found = [
        ("About", about),
        ("Licence", licence),
        ("Problem", _problem()),
        ("Release", _object({**head, "tables": addresses, "files": addresses})),
        ("ReleasesRow", _row(resources.RELEASE_COLUMNS, "releases")),
        (
            "ReleasesAnswer",
            _object({"licence": _named("Licence"), "total": _count(), "releases": _rows("Releases")}),
        ),
    ]
    for table in resources.TABLES.values():
        name = table.name.capitalize()
        place = {"total": _count()}
        if table.paged:
            address = {"type": ["string", "null"]}
            place |= {"page": _count(), "limit": _count(), "next": address, "prev": address}
        found += [
            (f"{name}Row", _row(table.columns, table.name)),
            (f"{name}Answer", _object({**head, **place, table.name: _rows(name)})),
        ]
    return found


def _row(columns: tuple[str, ...], table: str) -> Schema:
    properties: Schema = {}
    for name in columns:
        kind = "integer" if name in INTEGERS else type_of(name, table)
        properties[name] = {"type": [kind, "null"] if name in MAY_BE_EMPTY else kind}
    if "state" in properties:
        properties["state"] = {"type": "string", "enum": [state.value for state in FigureState]}
    return _object(properties)


def _rows(name: str) -> Schema:
    return {"type": "array", "items": _named(f"{name}Row")}


def _object(properties: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def _problem() -> Schema:
    told = {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "code": {"type": "string"},
    }  # fmt: skip
    return _object(told, optional={"withdrawn_at": _instant(), "reason": {"type": "string"}})


def _problems() -> list[tuple[str, Schema]]:
    return [
        (str(status), {"description": words, "content": {PROBLEM: {"schema": _named("Problem")}}})
        for status, words in WORDS.items()
    ]


def _headers() -> Schema:
    text = {"type": "string"}
    return {
        "ETag": {"description": "Names these very bytes; send it back as If-None-Match.", "schema": text},
        "Link": {"description": "The release, definitions, licence, and the other pages.", "schema": text},
        "Cache-Control": {"description": "How long the answer may be kept.", "schema": text},
    }


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _count() -> Schema:
    return {"type": "integer", "minimum": 0}


def _instant() -> Schema:
    return {"type": "string", "format": "date-time"}
