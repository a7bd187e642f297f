"""Open data: complete, described, the same each time, and harmless in a spreadsheet."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from access.identity import identify
from data_model.engine import open_session
from data_model.releases import ReleasedFigure
from publishing import __main__ as commands
from publishing import export, open_data, releases
from publishing.open_data import NoSuchRelease
from tests.factories import START, make_world
from tests.publishing.test_releases import PLENTY, report

SMALL = PLENTY | {"020311": {"teachers_total": 50, "teachers_active": 3, "messages_sent": 90}}


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def release(session, world):
    report(session, world, SMALL)
    reviewer = identify(session, world.accounts["reviewer"])
    return releases.release(session, by=reviewer, note='=HYPERLINK("x")', at=START + timedelta(hours=1))


@pytest.fixture
def data(session, release):
    return open_data.open_data(session)


def figures_of(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("name", export.FORMATS)
def test_a_release_gives_the_same_bytes_each_time(session, data, release, name):
    again = open_data.open_data(session, release.id)
    assert export.FORMATS[name](data, Path("x")) == export.FORMATS[name](again, Path("x"))


def test_csv_has_a_row_for_each_figure_and_its_description_beside_it(data):
    files = export.as_csv(data, Path("out/figures.csv"))
    assert [path.name for path in files] == ["figures.csv", "figures.csv-metadata.json"]
    rows = figures_of(files[Path("out/figures.csv")])
    assert len(rows) == 3 * 12 and list(rows[0]) == list(open_data.FIGURE_COLUMNS)
    found = {(row["measure"], row["area"]): row for row in rows}
    total = found["teachers_total", "KZ"]
    assert (total["value"], total["state"], total["schools_reporting"]) == ("145", "reported", "4")
    withheld = found["teachers_active", "KZ-10"]
    assert withheld["state"] == "suppressed"
    assert {withheld[name] for name in ("value", "numerator", "denominator", "schools_reporting")} == {""}
    metadata = json.loads(files[Path("out/figures.csv-metadata.json")])
    assert metadata["url"] == "figures.csv" and metadata["about"]["threshold"] == 5
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == list(rows[0])
    assert all(column["dc:description"] for column in metadata["tableSchema"]["columns"])
    assert set(metadata["states"]) == {"reported", "not_reported", "not_applicable", "suppressed"}


def test_json_tells_release_licence_and_definitions(data, release):
    (document,) = [json.loads(content) for content in export.as_json(data, Path("x.json")).values()]
    assert document["about"]["release"] == release.id and document["about"]["as_of"].endswith("Z")
    assert document["licence"]["name"] == "CC-BY-4.0"
    measures = {measure["measure"]: measure for measure in document["measures"]}
    assert set(measures) == {figure["measure"] for figure in document["figures"]}
    assert all(measure["definition"] and measure["formula"] for measure in measures.values())
    assert {area["area"]: area["parent"] for area in document["areas"]} == {"KZ": None, "KZ-10": "KZ", "KZ-75": "KZ"}
    assert [initiative["initiative"] for initiative in document["initiatives"]] == ["kz-chatgpt-edu"]
    assert not {"email", "file_name", "sha256", "submission"} & set(json.dumps(document).split('"'))


def test_a_datapackage_describes_every_file_by_hash_and_keys(data):
    files = export.as_datapackage(data, Path("package"))
    package = json.loads(files[Path("package/datapackage.json")])
    assert {path.name for path in files} == {"datapackage.json"} | {one["path"] for one in package["resources"]}
    for resource in package["resources"]:
        content = files[Path("package") / resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = figures_of(content)
        assert rows and list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
    tables = {one["name"]: figures_of(files[Path("package") / one["path"]]) for one in package["resources"]}
    figures = next(one for one in package["resources"] if one["name"] == "figures")
    for key in figures["schema"]["foreignKeys"]:
        known = {row[key["reference"]["fields"]] for row in tables[key["reference"]["resource"]]}
        assert {row[key["fields"]] for row in tables["figures"]} <= known
    types = {
        (one["name"], field["name"]): field["type"] for one in package["resources"] for field in one["schema"]["fields"]
    }
    assert (types["figures", "numerator"], types["measures", "numerator"]) == ("number", "string")
    unique = [tuple(row[name] for name in figures["schema"]["primaryKey"]) for row in tables["figures"]]
    assert len(unique) == len(set(unique))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text):
    assert export._cell(text) == f"'{text}"
    assert export._cell(-1) == "-1" and export._cell("KZ-75") == "KZ-75"


def test_demonstration_figures_say_so_everywhere(session, world):
    for school in world.schools.values():
        school.demonstration = True
    report(session, world, PLENTY)
    reviewer = identify(session, world.accounts["reviewer"])
    assert releases.release(session, by=reviewer, note="", at=START + timedelta(hours=1)).demonstration
    data = open_data.open_data(session)
    assert "invented" in data.about["notice"]
    assert {row["demonstration"] for row in data.figures} == {True}
    for files in (render(data, Path("x")) for render in export.FORMATS.values()):
        assert any(b"invented" in content for content in files.values())


def test_what_is_not_there_or_was_taken_back_is_refused(session, world):
    with pytest.raises(NoSuchRelease) as refused:
        open_data.open_data(session)
    assert refused.value.code == "no_release"
    report(session, world, PLENTY)
    reviewer = identify(session, world.accounts["reviewer"])
    made = releases.release(session, by=reviewer, note="", at=START + timedelta(hours=1))
    with pytest.raises(NoSuchRelease) as refused:
        open_data.open_data(session, 4711)
    assert refused.value.code == "release_unknown"
    made.withdrawn_at, made.withdrawal_reason = START + timedelta(days=1), "wrong base"
    session.flush()
    with pytest.raises(NoSuchRelease) as refused:
        open_data.open_data(session, made.id)
    assert refused.value.code == "release_withdrawn" and "wrong base" in refused.value.message


def test_the_commands_answer_and_refuse(engine, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    with open_session(engine, write=True) as session:
        report(session, make_world(session), SMALL)
        session.commit()

    def run(*words):
        status = commands.main(list(words))
        return status, capsys.readouterr().out

    assert json.loads(run("export", "csv", "-o", str(tmp_path / "x.csv"))[1])["error"] == "no_release"
    status, text = run("release", "--by", "manager@example.org", "--note", "x", "--json")
    assert status == 1 and json.loads(text)["error"] == "not_allowed"
    assert json.loads(run("release", "--by", "nobody@example.org", "--note", "x")[1])["error"] == "unknown_account"
    status, text = run("release", "--by", "reviewer@example.org", "--note", "ours", "--json")
    answer = json.loads(text)
    assert status == 0 and set(answer) == {"release", "as_of", "figures", "suppressed"}
    assert answer["figures"] == 36 and answer["suppressed"] > 0
    with open_session(engine) as session:
        assert len(session.exec(select(ReleasedFigure)).all()) == 36
    for name in export.FORMATS:
        target = tmp_path / name / "out"
        status, text = run("export", name, "--release", str(answer["release"]), "-o", str(target), "--json")
        assert status == 0 and all(Path(path).exists() for path in json.loads(text)["files"])
    status, text = run("export", "iati", "-o", str(tmp_path / "x.xml"))
    assert status == 1 and json.loads(text)["error"] == "no_activities", "no date of its initiative is known"
    (tmp_path / "file").write_text("")
    status, text = run("export", "json", "-o", str(tmp_path / "file" / "x.json"))
    assert status == 1 and json.loads(text)["error"] == "not_written"
    with pytest.raises(SystemExit) as stopped:
        run("export", "xml", "-o", "x")
    assert stopped.value.code == 2
