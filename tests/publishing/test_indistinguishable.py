"""Two countries that differ in nothing but what is withheld are the same to the public, to the last byte.

Three active teachers in one region and 32 in the other, or two and 33: files, routes, charts, pictures, the brief and
the IATI file, headers, addresses and texts are compared. What no reader can tell apart tells nothing.
"""

import io
import json
import re
import shutil
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from sqlmodel import col, select

from access.identity import identify
from access.language import in_language
from data_model.engine import make_engine, open_session
from data_model.periods import Period
from data_model.releases import ReleasedFigure
from publishing import front, releases
from publishing.addresses import FigureKey, embedded, of_figure, preview_of
from publishing.brief import drawing, map_drawing
from publishing.brief.contents import Question, contents
from publishing.brief.make import HALF, HIGH, as_pdf
from publishing.iati.activities import activity_file
from publishing.open_data import open_release
from publishing.shown_figure import shown_figure
from publishing.web import card, site
from tests.factories import START, make_world
from tests.publishing.test_releases import PLENTY, report
from tests.publishing.test_same_bytes import everything_of

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
SAID = {"020311": {"teachers_total": 50, "teachers_active": 3, "messages_sent": 90}}
OTHERWISE = {
    "020311": {"teachers_total": 50, "teachers_active": 2, "messages_sent": 91},
    "002017": PLENTY["002017"] | {"teachers_active": 13, "messages_sent": 199},
}
AREAS, KEY = ("KZ", "KZ-75", "KZ-10"), "kz-chatgpt-edu"


def country(template, folder, said):
    """Return an engine on a country where schools said this, released twice: a month, then a second one with it."""
    path = folder / "uptake.db"
    shutil.copyfile(template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        world.initiative.starts_on = "2026-05"
        reviewer = identify(session, world.accounts["reviewer"])
        for hours, month in ((0, "2026-08"), (2, "2026-09")):
            report(session, world, PLENTY | said, at=START + timedelta(hours=hours), period=month)
            releases.release(session, by=reviewer, note="", at=START + timedelta(hours=hours + 1))
        session.commit()
    return engine


@pytest.fixture(scope="module")
def two(sqlite_template, tmp_path_factory):
    """Two countries that differ in what is withheld alone."""
    made = [country(sqlite_template, tmp_path_factory.mktemp("country"), said) for said in (SAID, OTHERWISE)]
    yield made
    for engine in made:
        engine.dispose()


def of_the_site(session, key):
    """Return all that is answered about a figure outside of the routes, with headers."""
    yield site.answer(session, of_figure(2, key), b"")
    for query in ("chart=trend", "chart=areas") if key.area == "KZ" else ("chart=trend",):
        yield site.answer(session, embedded(2, key, {}).partition("?")[0], query.encode())
    if key.measure in ("teachers_active", "teacher_activation"):
        yield site.answer(session, preview_of(2, key), b"")


def everything(engine):
    """Return all that is public, by what it is."""
    found: dict[Any, Any] = {way: (one.headers, one.body) for way, one in everything_of(engine, 2).items()}
    with open_session(engine) as session:
        of_the_release = (col(ReleasedFigure.release_id) == 2, col(ReleasedFigure.period) == "2026-09")
        for figure in session.exec(select(ReleasedFigure).where(*of_the_release)).all():
            key = FigureKey(KEY, figure.measure, figure.area_code, figure.period)
            found[key] = list(of_the_site(session, key))
        for path in ("/sitemap.xml", "/robots.txt"):
            found[path] = site.answer(session, path, b"")
        found["iati"] = activity_file(session, 2, START)
        found["front"] = front.front(session, None, START)
        for area in AREAS:
            question = Question(KEY, area, Period.parse("2026-09"), "teachers_active", released=True, release=2)
            found["brief", area] = contents(session, question, START)
        found["pdf"] = as_pdf(found["brief", "KZ-10"])
    return found


def test_what_is_withheld_makes_no_difference_to_anything_public(two):
    one, other = map(everything, two)
    assert one.keys() == other.keys()
    assert [place for place in one if one[place] != other[place]] == []


def test_the_two_countries_differ(two):
    """Else the comparison could not fail: the same schools reported other numbers, and these are withheld."""
    rows = []
    for engine in two:
        with open_session(engine) as session:
            shown = session.exec(select(ReleasedFigure).where(col(ReleasedFigure.release_id) == 2)).all()
            withheld = {(one.measure, one.area_code) for one in shown if one.state == "suppressed"}
            rows.append(withheld)
            assert {("teachers_active", "KZ-10"), ("messages_sent", "KZ-10"), ("teachers_active", "KZ-75")} <= withheld
    assert rows[0] == rows[1]
    assert SAID["020311"] != OTHERWISE["020311"]


def test_the_pages_of_a_brief_print_no_number_that_they_are_not_made_of(two):
    """What the attack reads is what the pages are set from; so it has read every number on the pages."""
    with open_session(two[0]) as session:
        said = contents(session, Question(KEY, released=True, release=2), START)
    pictures = [
        drawing.course(said.figures.course, HALF, HIGH),
        *(drawing.funnel(one, HALF) for one in said.figures.funnels),
    ]
    pictures += [map_drawing.draw(said.figures.map, HALF, HIGH)] if said.figures.map else []
    texts = [json.dumps(asdict(said), default=str, ensure_ascii=False), said.citation, "page 1 of 2, page 2 of 2"]
    texts += [str(mark) for picture in pictures for mark in asdict(picture)["marks"] if "text" in str(mark)]
    given = set(NUMBER.findall(" ".join(texts)))
    printed = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(as_pdf(said))).pages)
    assert len(set(NUMBER.findall(printed))) > 20
    assert set(NUMBER.findall(printed)) <= given


def test_the_picture_beside_a_link_is_drawn_of_the_figure_and_its_course_alone(two, monkeypatch):
    given = []

    def compiled(*_page, sys_inputs, **_more):
        given.append(sys_inputs)
        return b""

    monkeypatch.setattr(card.typst, "compile", compiled)
    with open_session(two[0]) as session, in_language("en"):
        told = shown_figure(session, open_release(session, 2), FigureKey(KEY, "teacher_activation", "KZ", "2026-09"))
        card.as_png(told, site.instance(session))
    (inputs,) = given
    drawn = json.loads(inputs["card"])
    picture = drawn.pop("picture")
    known = f"{told.title} {told.figure.text} {told.figure.base} release 2 {told.release.released_at:%-d %Y} "
    assert set(NUMBER.findall(" ".join(map(str, drawn.values())))) - {str(drawn["size"])} <= set(NUMBER.findall(known))
    # The last dot has a ring around it.
    places = {(mark["x"], mark["y"]) for mark in picture["marks"] if mark["kind"] == "disc"}
    assert len(places) == sum(one.value is not None for one in told.course) == 2
