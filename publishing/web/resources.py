"""What can be asked for under /api/v1, and how each is answered from the released tables."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from access.language import DEFAULT_LANGUAGE
from publishing import export, open_data, releases
from publishing.described import AREA_COLUMNS, CLAIM_COLUMNS, INITIATIVE_COLUMNS, MEASURE_COLUMNS, Row, kept, number
from publishing.open_data import FIGURE_COLUMNS, SCHOOL_COLUMNS, Filters, OpenRelease
from publishing.web import parameters
from publishing.web.answers import CSV, JSON, ZIP, Content, as_json
from publishing.web.parameters import Asked, Parameter

ROOT = "/api/v1"
OPENAPI = f"{ROOT}/openapi.json"
COMMON = (parameters.RELEASE, parameters.LANGUAGE, parameters.FORMAT)
PAGED = (parameters.PAGE, parameters.LIMIT)
RELEASE_COLUMNS = (
    "release", "released_at", "as_of", "note", "threshold", "demonstration", "withdrawn_at", "withdrawal_reason",
    "figures", "suppressed",
)  # fmt: skip
# The date of every file in an archive: the same release, the same bytes.
NO_DATE = (1980, 1, 1, 0, 0, 0)

Rows = tuple[int, list[Row]]


@dataclass(frozen=True)
class Table:
    """A table of a release, to be had as JSON and CSV. `read` returns how many rows fit, and those asked for."""

    name: str
    about: str
    columns: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    read: Callable[[Session, OpenRelease, Asked], Rows]

    @property
    def paged(self) -> bool:
        """Whether it comes in pages."""
        return parameters.PAGE in self.parameters

    def answer(self, session: Session, asked: Asked, form: str) -> tuple[int, Content]:
        """Return the release's number and the content. Raises NoSuchRelease."""
        release = open_data.open_release(session, asked.release)
        total, rows = self.read(session, release, asked)
        links = [*_explaining(release, asked), *(self._pages(release, asked, total) if self.paged else ())]
        if form == "csv":
            listed = [{"release": release.number, **row} for row in rows]
            columns = list(dict.fromkeys(["release", *self.columns]))
            name = f"{self.name}-release-{release.number}.csv"
            return release.number, Content(CSV, export.table(listed, columns), links, name)
        document = {**_about(release, asked), **self._place(links, asked, total), self.name: rows}
        return release.number, Content(JSON, as_json(document), links)

    def _place(self, links: Sequence[tuple[str, str]], asked: Asked, total: int) -> dict[str, Any]:
        """Return what a document says of how many rows there are and where the others stand."""
        if not self.paged:
            return {"total": total}
        ways = dict(links)
        return {
            "total": total, "page": asked.page, "limit": asked.limit,
            "next": ways.get("next"), "prev": ways.get("prev"),
        }  # fmt: skip

    def _pages(self, release: OpenRelease, asked: Asked, total: int) -> list[tuple[str, str]]:
        """Return links to the other pages, which stay with the release: a new one must not come between two pages."""
        last = max(1, ceil(total / asked.limit))
        ways = {"first": 1, "last": last}
        if asked.page < last:
            ways["next"] = asked.page + 1
        if asked.page > 1:
            ways["prev"] = min(asked.page - 1, last)
        given = [(name, value) for name, value in asked.query() if name not in ("release", "page")]
        return [
            (name, f"{ROOT}/{self.name}?{urlencode([('release', release.number), *given, ('page', page)])}")
            for name, page in ways.items()
        ]


def _figures(session: Session, release: OpenRelease, asked: Asked) -> Rows:
    wanted = Filters(
        initiatives=asked.many(parameters.INITIATIVE),
        measures=asked.many(parameters.MEASURE),
        areas=asked.many(parameters.AREA),
        periods=asked.many(parameters.PERIODS),
        first=asked.month(parameters.FIRST),
        last=asked.month(parameters.LAST),
    )
    skip = (asked.page - 1) * asked.limit
    rows = open_data.read_figures(session, release, wanted, skip=skip, limit=asked.limit)
    return open_data.count_figures(session, release, wanted), rows


def _schools(session: Session, release: OpenRelease, asked: Asked) -> Rows:
    return open_data.read_schools(
        session, release, asked.many(parameters.NATION), asked.many(parameters.AREA),
        skip=(asked.page - 1) * asked.limit, limit=asked.limit,
    )  # fmt: skip


def _kept(name: str, *filters: Parameter) -> Callable[[Session, OpenRelease, Asked], Rows]:
    def read(session: Session, release: OpenRelease, asked: Asked) -> Rows:
        rows = kept(session, release.number, name)
        for one in filters:
            wanted = asked.many(one)
            rows = [row for row in rows if not wanted or row[one.name] in wanted]
        return len(rows), rows

    return read


TABLES = {
    table.name: table
    for table in (
        Table(
            "figures",
            "Figures of countries and regions. In order of initiative, measure, time and area.",
            FIGURE_COLUMNS,
            (
                *COMMON, parameters.INITIATIVE, parameters.MEASURE, parameters.AREA, parameters.PERIODS,
                parameters.FIRST, parameters.LAST, *PAGED,
            ),
            _figures,
        ),
        Table(
            "initiatives",
            "Initiatives, each with the source that tells of it.",
            INITIATIVE_COLUMNS,
            (*COMMON, parameters.NATION),
            _kept("initiatives", parameters.NATION),
        ),
        Table(
            "claims",
            "What was announced, by whom. Claims may contradict each other and are never added up.",
            CLAIM_COLUMNS,
            (*COMMON, parameters.INITIATIVE),
            _kept("claims", parameters.INITIATIVE),
        ),
        Table("measures", "What the measures mean and how they are computed.", MEASURE_COLUMNS, COMMON,
              _kept("measures")),
        Table("areas", "Countries and their regions.", AREA_COLUMNS, COMMON, _kept("areas")),
        Table(
            "schools",
            "The register of schools: name, region, setting. No figure of a school is public, nor where it takes part.",
            SCHOOL_COLUMNS,
            (*COMMON, parameters.NATION, parameters.AREA, *PAGED),
            _schools,
        ),
    )
}  # fmt: skip


def release_list(session: Session, _asked: Asked, form: str) -> Content:
    """Return all releases, those withdrawn with the reason, the newest first."""
    frame = releases.listing(session)
    rows: list[Row] = [
        {
            **{str(name): number(value) for name, value in row.items()},
            "released_at": open_data.instant(row["released_at"]),
            "as_of": open_data.instant(row["as_of"]),
            "withdrawn_at": open_data.instant(row["withdrawn_at"]) if number(row["withdrawn_at"]) else None,
            "demonstration": bool(row["demonstration"]),
        }
        for row in frame.astype(object).to_dict("records")
    ]
    licence = open_data.newest_licence(session)
    links = [("license", str(licence["path"])), ("service-desc", OPENAPI)]
    if form == "csv":
        return Content(CSV, export.table(rows, RELEASE_COLUMNS), links, "releases.csv")
    return Content(JSON, as_json({"licence": licence, "total": len(rows), "releases": rows}), links)


def one_release(session: Session, asked: Asked) -> tuple[int, Content]:
    """Return what a release is, and the addresses of all it holds. Raises NoSuchRelease."""
    release = open_data.open_release(session, asked.release)
    base = f"{ROOT}/releases/{release.number}"
    ways = {
        "tables": {name: f"{ROOT}/{name}?release={release.number}" for name in TABLES},
        "files": {name: f"{base}/{name}" for name in FILES},
    }
    content = as_json({**_about(release, asked), **ways})
    return release.number, Content(JSON, content, _explaining(release, asked))


def file_of_release(session: Session, asked: Asked, name: str) -> tuple[int, Content]:
    """Return one of FILES. Raises NoSuchRelease."""
    data = open_data.open_data(session, asked.release)
    release = int(data.about["release"])
    media_type, make = FILES[name]
    links = [("license", str(data.licence["path"])), ("collection", f"{ROOT}/releases/{release}")]
    prefix = f"uptake-release-{release}-"
    return release, Content(media_type, make(data), links, prefix + name)


def _csv_file(data: open_data.OpenData) -> bytes:
    return export.as_csv(data, Path("figures.csv"))[Path("figures.csv")]


def _csv_metadata(data: open_data.OpenData) -> bytes:
    return export.as_csv(data, Path("figures.csv"))[Path("figures.csv-metadata.json")]


def _json_file(data: open_data.OpenData) -> bytes:
    return export.as_json(data, Path("release.json"))[Path("release.json")]


def _package(data: open_data.OpenData) -> bytes:
    packed = io.BytesIO()
    folder = Path("package")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in export.as_datapackage(data, folder).items():
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()


FILES: Mapping[str, tuple[str, Callable[[open_data.OpenData], bytes]]] = {
    "figures.csv": (CSV, _csv_file),
    "figures.csv-metadata.json": (JSON, _csv_metadata),
    "release.json": (JSON, _json_file),
    "datapackage.zip": (ZIP, _package),
}


def _about(release: OpenRelease, asked: Asked) -> dict[str, Any]:
    """Return what every document says of itself: its release, licence, and where its definitions stand."""
    ways = dict(_explaining(release, asked))
    return {
        "release": release.about() | {"address": f"{ROOT}/releases/{release.number}"},
        "licence": release.licence,
        "definitions": ways["describedby"],
        "states": open_data.state_meanings(),
    }


def _explaining(release: OpenRelease, asked: Asked) -> list[tuple[str, str]]:
    spoken = f"&lang={asked.language}" if asked.language != DEFAULT_LANGUAGE else ""
    return [
        ("collection", f"{ROOT}/releases/{release.number}"),
        ("describedby", f"{ROOT}/measures?release={release.number}{spoken}"),
        ("license", str(release.licence["path"])),
        ("service-desc", OPENAPI),
    ]
