"""Of a user export's people nothing is written anywhere: every byte that the commands leave behind is searched.

Each command is a process of its own. It also notes every file that it opens to write, so that a temporary file is
found out even if it is gone at the end.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from data_model.engine import make_engine, open_session
from intake.check import check_counted
from intake.record import submit
from intake.user_export.counting import ExportCounter
from tests.factories import START, World, make_world
from tests.intake.stories import who
from tests.intake.user_export.exports import COLUMNS, export, table, user, workbook

ROOT = Path(__file__).parents[3]
MARKS = ("zhazira", "qaraqoz", "mark-user", "mark-account", "mark-model", "mark-mail", "mark-half")
# Notes each file that Python opens to write: the path by which it was asked for, one a line.
WATCH = """
import os, sys
note = os.open(os.environ["WATCHED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def watch(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        os.write(note, f"{arguments[0]}\\n".encode())
    if event.startswith("tempfile."):
        os.write(note, f"{event}\\n".encode())
sys.addaudithook(watch)
"""


def person(number: int, **cells: str) -> dict[str, str]:
    """Return a user whom nobody could miss."""
    return user(
        number,
        **{
            "public_id": f"mark-user-{number}", "account_id": "mark-account", "name": f"Zhazira Qaraqoz {number}",
            "email": f"mark-mail{number}@school001024.example.org", "model_to_messages": "{'mark-model': 10}", **cells,
        },
    )  # fmt: skip


ADDRESSES = [
    person(1, groups="mark-half@"), person(2, department="mark-mail2@school001024.example.org"),
    person(3, groups='["mark-mail@a.kz", "x"]'), person(4, name="Zhazira Qaraqoz", groups="Qaraqoz Zhazira, staff"),
]  # fmt: skip
GOOD = export(person(5), person(6, groups="school-001025", email="mark-mail6@gmail.com"), *ADDRESSES)
SEPTEMBER = {"period_start": "2026-09-01", "period_end": "2026-09-30"}
RENAMED = ["Фамилия" if name == "name" else "Почта" if name == "email" else name for name in COLUMNS]
PLAIN_LIST = "ФИО;Почта;user_status\n" + "".join(f"Zhazira Qaraqoz;mark-mail{n}@a.kz;enabled\n" for n in range(3))
ACCEPTABLE = {"good.csv": GOOD.encode(), "good.xlsx": workbook(table(*(one | SEPTEMBER for one in ADDRESSES)))}
BROKEN = {
    "open quote.csv": GOOD.replace("Zhazira Qaraqoz 5", '"Zhazira Qaraqoz 5').encode(),
    "quote.csv": GOOD.replace("mark-mail6", '"mark-mail6').encode("utf-16"),
    "cells.csv": (GOOD + "Zhazira,mark-mail9@a.kz\n" + GOOD.splitlines()[1] + ",mark-half\n").encode(),
    "columns moved.csv": export(person(5, user_status="Zhazira Qaraqoz", messages="mark-mail@a.kz")).encode(),
    "bytes.csv": GOOD.encode() + b"Zhazira " + b"\xff\xfe mark-mail\n" * 9,
    "cells.xlsx": workbook(table(person(5, is_active="Zhazira Qaraqoz"), person(6, period_start="mark-mail@a.kz"))),
    "twice.csv": export(person(5), person(5, messages="11", name="Zhazira")).encode(),
    "header.csv": export(person(5), columns=[*COLUMNS, "mark-mail@a.kz"]).encode(),
    "disguised.csv": ("Отчёт\n" + GOOD.replace(",".join(COLUMNS), ",".join(RENAMED))).encode(),
    "list.csv": PLAIN_LIST.encode("utf-8-sig"),
    "quoted header.csv": ('"' + GOOD).encode(),
}


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, World]]:
    """A folder that holds a database, and nothing else yet; the small country is in it."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "uptake.db").write_bytes(sqlite_template.read_bytes())
    (folder / "tmp").mkdir()
    engine = make_engine(f"sqlite:///{folder / 'uptake.db'}")
    with open_session(engine, write=True) as session:
        made = make_world(session)
        session.commit()
        session.expunge_all()
    yield folder, made
    engine.dispose()


@pytest.fixture(scope="module")
def run(world: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    """Return a function that runs `python -m intake` and gives its status and output; the output is searched too."""
    folder, _made = world
    beside = tmp_path_factory.mktemp("beside")
    (beside / "sitecustomize.py").write_text(WATCH)
    for name, content in {**ACCEPTABLE, **BROKEN}.items():
        (beside / name).write_bytes(content)
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{folder / 'uptake.db'}", "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": f"{beside}{os.pathsep}{ROOT}", "WATCHED": str(folder / "written.txt"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip

    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "intake", *words]
        done = subprocess.run(command, cwd=beside, env=environment, capture_output=True, text=True, timeout=120)
        output = folder / f"output {len(list(folder.iterdir()))}.txt"
        output.write_text(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout

    return run


def left_behind(folder: Path) -> list[tuple[str, str]]:
    """Return which marks stand in which files of the folder, in any encoding an eye or a machine would read."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            for mark in MARKS:
                if mark.encode() in content or mark.encode("utf-16-le") in content:
                    found.append((path.name, mark))
    return found


def test_the_search_finds_what_is_there(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("… Zhazira".encode("utf-16"))
    (tmp_path / "b.db-wal").write_bytes(b"\0\0mark-mail1@\0")
    assert sorted(left_behind(tmp_path)) == [("a.txt", "zhazira"), ("b.db-wal", "mark-mail")]


def test_neither_database_nor_output_nor_any_file_names_a_person(run, world):
    folder, _made = world
    to = ("--initiative", "kz-chatgpt-edu")
    for name in ACCEPTABLE:
        status, said = run("submit", name, *to, "--by", "manager@example.org", "--json")
        told = json.loads(said)
        assert (status, told["state"], told["check"]["file"]["layout"]) == (0, "waiting", "user_export")
    number, fingerprint = str(told["submission"]), told["fingerprint"]
    assert run("accept", number, "--by", "reviewer@example.org", "--fingerprint", fingerprint)[0] == 0
    status, said = run("check", *BROKEN, *to, "--json")
    checks = dict(zip(BROKEN, map(json.loads, said.splitlines()), strict=True))
    assert status == 1
    assert {name for name, check in checks.items() if check["verdict"] == "acceptable"} == {
        "header.csv", "disguised.csv",
    }  # fmt: skip
    assert {name for name, check in checks.items() if check["findings"][0]["code"] == "personal_data"} == {
        "list.csv", "quoted header.csv",
    }  # fmt: skip
    assert run("submit", "quote.csv", *to, "--by", "manager@example.org")[0] == 1
    assert left_behind(folder) == []
    written = (folder / "written.txt").read_text().splitlines()
    assert [path for path in written if path != os.devnull] == [] and not list((folder / "tmp").iterdir())


def test_what_is_kept_is_the_table_and_the_originals_hash_size_and_rows(run, world):
    folder, _made = world
    engine = make_engine(f"sqlite:///{folder / 'uptake.db'}")
    with engine.connect() as connection:
        query = "SELECT sha256, size, reading, original FROM submission JOIN submission_content ON id = submission_id"
        submissions = connection.execute(sa.text(query + " ORDER BY id")).all()
    engine.dispose()
    originals = zip(submissions, ACCEPTABLE.values(), (6, 4), strict=True)
    for (sha256, size, reading, kept), original, users in originals:
        said = json.loads(reading)
        assert (sha256, size) == (hashlib.sha256(original).hexdigest(), len(original))
        assert said["original"] == {"sha256": sha256, "bytes": size, "rows": users}
        assert kept.startswith(b"school_code,period,licences_allocated")
        assert said["table"]["sha256"] == hashlib.sha256(kept).hexdigest() != sha256


def test_an_export_that_was_counted_as_it_arrived_leaves_nothing_either(session, tmp_path: Path):
    made = make_world(session)
    counter = ExportCounter()
    for start in range(0, len(GOOD), 100):
        counter.feed(GOOD.encode()[start : start + 100])
    counted = counter.finish()
    assert counted is not None
    check = check_counted(session, made.initiative, counted, "export of mark-mail@a.kz.csv", at=START)
    submission = submit(session, check, by=who(session, made, "manager"), at=START)
    everything = [repr(vars(counter)), repr(counted), json.dumps(check.as_json()), check.content.decode()]
    for name in ("submission", "finding", "audit_event", "submission_content"):
        everything += [repr(row) for row in session.connection().execute(sa.text(f"SELECT * FROM {name}"))]
    assert submission.id and not [mark for mark in MARKS for text in everything if mark in text.lower()]
