"""Open data as files: CSV described beside it (W3C CSV on the Web), JSON, and a Frictionless Data Package."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from access.language import _
from publishing.open_data import (
    AREA_COLUMNS,
    FIGURE_COLUMNS,
    INITIATIVE_COLUMNS,
    MEASURE_COLUMNS,
    OpenData,
    Row,
    state_meanings,
)

# A cell that begins with one of these is run as a formula by spreadsheet programs (OWASP, "CSV Injection").
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
TYPES = {
    "release": "integer", "value": "number", "numerator": "number", "denominator": "number", "level": "integer",
    "value_high": "number", "schools_reporting": "integer", "schools_expected": "integer", "demonstration": "boolean",
}  # fmt: skip

# The parts of an indicator are figures in one table and keys of metrics in another.
KEYS_OF_METRICS = ("numerator", "denominator")

Files = dict[Path, bytes]


def as_csv(data: OpenData, target: Path) -> Files:
    """Return the figures as one CSV file, and what they are as `<file>-metadata.json` beside it."""
    metadata = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": target.name,
        "dc:title": _title(data),
        "dc:license": data.licence["path"],
        "dc:issued": data.about["released_at"],
        "tableSchema": {
            "columns": [
                {"name": name, "titles": name, "datatype": type_of(name, "figures"), "dc:description": text}
                for name, text in _columns().items()
            ],
            "primaryKey": ["initiative", "measure", "area", "period"],
        },
        **_described(data),
    }
    return {
        target: table(data.figures, FIGURE_COLUMNS),
        target.with_name(f"{target.name}-metadata.json"): _document(metadata),
    }


def as_json(data: OpenData, target: Path) -> Files:
    """Return everything as one JSON document."""
    document = {**_described(data), "figures": data.figures}
    return {target: _document(document)}


def as_datapackage(data: OpenData, folder: Path) -> Files:
    """Return a folder: `datapackage.json` (Frictionless Data Package 1.0) and a CSV file for each table."""
    tables: list[tuple[str, list[Row], Sequence[str], str]] = [
        ("measures", data.measures, MEASURE_COLUMNS, "measure"),
        ("areas", data.areas, AREA_COLUMNS, "area"),
        ("initiatives", data.initiatives, INITIATIVE_COLUMNS, "initiative"),
    ]
    files = {folder / "figures.csv": table(data.figures, FIGURE_COLUMNS)}
    files |= {folder / f"{name}.csv": table(rows, columns) for name, rows, columns, _key in tables}
    figures_schema = {
        **_schema(FIGURE_COLUMNS, _columns(), "figures"),
        "primaryKey": ["initiative", "measure", "area", "period"],
        "foreignKeys": [
            {"fields": key, "reference": {"resource": name, "fields": key}} for name, _rows, _columns_of, key in tables
        ],
    }
    resources = [_resource("figures", files[folder / "figures.csv"], figures_schema)]
    for name, _rows, columns, key in tables:
        schema = {**_schema(columns, {}, name), "primaryKey": key}
        resources.append(_resource(name, files[folder / f"{name}.csv"], schema))
    described = _described(data)
    package = {
        "profile": "tabular-data-package",
        "name": f"uptake-release-{data.about['release']}",
        "title": _title(data),
        "description": described["about"].get("notice", data.about["note"]),
        "version": str(data.about["release"]),
        "created": data.about["released_at"],
        "licenses": [data.licence],
        "uptake": described["about"] | {"states": described["states"]},
        "resources": resources,
    }
    return {folder / "datapackage.json": _document(package), **files}


FORMATS: dict[str, Callable[[OpenData, Path], Files]] = {
    "csv": as_csv,
    "json": as_json,
    "datapackage": as_datapackage,
}


def write(files: Files) -> None:
    """Write the files, making the folders they lie in."""
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _title(data: OpenData) -> str:
    title = _("Uptake: release {number}").format(number=data.about["release"])
    return title + " (" + _("demonstration") + ")" if data.about["demonstration"] else title


def _described(data: OpenData) -> dict[str, Any]:
    """Return what every format says of itself."""
    return {
        "about": data.about,
        "licence": data.licence,
        "states": state_meanings(),
        "measures": data.measures,
        "areas": data.areas,
        "initiatives": data.initiatives,
    }


def _columns() -> dict[str, str]:
    """Return what the columns of the figures hold."""
    meanings = {
        "release": _("number of the release"),
        "initiative": _("key of the initiative"),
        "measure": _("key of the metric or indicator"),
        "area": _("code of the country or region (ISO 3166-2)"),
        "period": _("period: 2026-09, 2026-Q3 or 2025/26"),
        "state": _("reported, not_reported, not_applicable or suppressed: four different things, none of them zero"),
        "value": _("the figure, in its unit; empty unless reported"),
        "numerator": _("sum over the schools in the base"),
        "denominator": _("sum over the schools in the base; empty for plain metrics"),
        "schools_reporting": _("schools that said something about the measure; empty where suppressed"),
        "schools_expected": _("schools that were to report"),
        "unit": _("unit of the value"),
        "demonstration": _("true: invented for demonstration, nobody measured it"),
    }
    return {name: meanings[name] for name in FIGURE_COLUMNS}


def type_of(column: str, table_name: str) -> str:
    """Return the type of a column of one of the tables."""
    is_key = table_name == "measures" and column in KEYS_OF_METRICS
    return "string" if is_key else TYPES.get(column, "string")


def _schema(columns: Sequence[str], meanings: dict[str, str], table_name: str) -> dict[str, Any]:
    fields = []
    for name in columns:
        entry = {"name": name, "type": type_of(name, table_name)}
        fields.append(entry | ({"description": meanings[name]} if name in meanings else {}))
    return {"fields": fields, "missingValues": [""]}


def _resource(name: str, content: bytes, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def table(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    """Return rows as CSV (RFC 4180) that no spreadsheet program runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """Return a cell that a spreadsheet shows and does not run: an apostrophe goes before a formula's sign."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text


def _document(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
