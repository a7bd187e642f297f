"""What an export's figures are: the sample's exactly, and the same ones however the file is written and arrives."""

import csv
import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest

from intake.check import Check, check_counted
from intake.options import Options
from intake.user_export.counting import ExportCounter
from tests.factories import START
from tests.intake.conftest import CheckText, errors, warnings
from tests.intake.user_export.exports import COLUMNS, export, table, user, workbook

SAMPLE = (Path(__file__).parents[1] / "files" / "chatgpt_edu_users_monthly.csv").read_bytes()


def kept(check: Check) -> list[dict[str, str]]:
    """Return the table that is kept of an export."""
    return list(csv.DictReader(check.content.decode().splitlines()))


def figures(check: Check) -> dict[str, tuple[str, ...]]:
    """Return the kept figures by school, in the order of their columns."""
    return {row["school_code"]: tuple(row.values())[2:] for row in kept(check)}


@pytest.fixture(scope="module")
def sample(check: CheckText) -> Check:
    """The check of the sample as it is."""
    return check(SAMPLE)


def test_the_samples_figures_are_those_counted_by_hand(sample: Check):
    counted: dict[str, Counter[str]] = {}
    for person in csv.DictReader(SAMPLE.decode().splitlines()):
        school = counted.setdefault(person["email"].partition("@school")[2].partition(".")[0], Counter())
        school["licences_allocated"] += person["user_status"] in ("enabled", "pending")
        school["licences_activated"] += person["user_status"] == "enabled"
        school["teachers_active"] += person["is_active"] == "true"
        school["messages_sent"] += int(person["messages"] or 0)
    assert len(counted) == 12 and sum(one["licences_allocated"] for one in counted.values()) == 108
    assert kept(sample) == [
        {"school_code": code, "period": "2026-10", **{metric: str(count) for metric, count in counted[code].items()}}
        for code in sorted(counted)
    ]
    assert sample.acceptable and sample.values["new"] == 48
    changes = {(c["school"], c["metric"], c["period"]): c["new"] for c in sample.as_json()["changes"]}
    assert changes["031002", "messages_sent", "2026-10"] == counted["031002"]["messages_sent"] == 817


def test_the_check_tells_of_the_original_and_of_what_is_kept(sample: Check):
    said = sample.as_json()
    assert said["file"] | {"name": ""} == {
        "name": "", "sha256": hashlib.sha256(SAMPLE).hexdigest(), "bytes": len(SAMPLE), "encoding": "utf-8",
        "delimiter": ",", "decimal_mark": None, "header_row": 1, "layout": "user_export", "sheet": None,
    }  # fmt: skip
    assert said["original"] == {"sha256": said["file"]["sha256"], "bytes": len(SAMPLE), "rows": 121}
    assert said["table"]["sha256"] == hashlib.sha256(sample.content).hexdigest()
    assert (said["table"]["bytes"], said["table"]["rows"]) == (len(sample.content), 12)
    assert said["rows"] == {"read": 121, "blank": 0, "accepted": 121, "rejected": 0}
    assert said["users"] == {
        "pending": 22, "enabled": 86, "deleted": 13, "with_school": 121, "several_schools": 0, "no_school": 0,
    }  # fmt: skip
    assert {column["name"]: (column["role"], column["how"]) for column in said["columns"]}["email"] == (
        "email", "exact",
    )  # fmt: skip
    assert "model_to_messages" in said["ignored_columns"] and "name" in said["ignored_columns"]
    assert {code for code, _row in warnings(sample)} == {"users_deleted", "school_code_in_text", "audience_from_role"}
    assert "model" not in str([finding.as_json() for finding in sample.findings])
    assert [change["row"] for change in said["changes"][::4]] == list(range(2, 14))


PEOPLE = [
    user(1), user(2, is_active="false", messages="0"), user(3, user_status="pending", is_active="false", messages=""),
    user(4, user_status="deleted", is_active="false", messages="7"), user(5, groups="school-001025", email="x@y.org"),
    user(6, department='["Школа №5", "school 001025"]', email="z@y.org", messages="120"),
]  # fmt: skip
PLAIN = export(*PEOPLE)
MEANT = {"001024": ("3", "2", "1", "10"), "001025": ("2", "2", "2", "130")}
SHUFFLED = random.Random(3).sample(COLUMNS, len(COLUMNS))
OLDER = [name for name in COLUMNS if name not in ("cadence", "credits_used", "gpt_messages", "model_to_messages")]
DATES = [{**one, "period_start": "01.10.2026", "period_end": "31.10.2026"} for one in PEOPLE]
AMERICAN = [{**one, "period_start": "10/1/2026", "period_end": "10/31/2026"} for one in PEOPLE]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("utf-16"), PLAIN.encode("utf-16-le"),
        export(*PEOPLE, delimiter=";").encode("utf-8-sig"), export(*PEOPLE, delimiter="\t").encode("utf-16"),
        export(*PEOPLE, delimiter=";").encode("windows-1251"), PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(), ("sep=;\n" + export(*PEOPLE, delimiter=";")).encode(),
        export(*PEOPLE, columns=SHUFFLED).encode(), export(*PEOPLE, columns=OLDER).encode(),
        export(*PEOPLE, columns=[*COLUMNS, "a_new_one"]).encode(), export(*PEOPLE, title="Users, October").encode(),
        PLAIN.replace("user_status", "User Status").replace("email", "E-mail").encode(),
        PLAIN.replace("true", "ИСТИНА").replace("false", "ЛОЖЬ").encode(), export(*DATES).encode(),
        export(*AMERICAN).encode(), workbook(table(*PEOPLE)), workbook(table(*PEOPLE, title="Users")),
        (PLAIN + "\n" + "," * (len(COLUMNS) - 1) + "\n").encode(),
    ],
)  # fmt: skip
def test_the_same_users_give_the_same_figures_however_they_are_written(check: CheckText, content: bytes):
    found = check(content)
    assert errors(found) == [] and found.recognised.layout == "user_export"
    assert figures(found) == MEANT


@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
def test_an_export_that_arrives_in_pieces_is_the_same_export(country, check: CheckText, size: int):
    session, world = country
    for content in (SAMPLE, export(*PEOPLE).encode("utf-16")):
        counter = ExportCounter()
        for start in range(0, len(content), size):
            counter.feed(content[start : start + size])
        counted = counter.finish()
        assert counted is not None
        whole = check(content)
        pieces = check_counted(session, world.initiative, counted, "file.csv", Options(), at=START)
        assert pieces.as_json() == whole.as_json() and pieces.content == whole.content


def test_what_is_kept_is_the_same_whatever_the_order_of_the_users(check: CheckText):
    assert check(export(*reversed(PEOPLE))).content == check(PLAIN).content


def test_a_user_export_may_hold_several_periods_each_by_itself(check: CheckText):
    september = {"period_start": "2026-09-01", "period_end": "2026-09-30"}
    found = check(export(user(1), user(1, **september, messages="4")))
    assert [(row["period"], row["messages_sent"]) for row in kept(found)] == [("2026-09", "4"), ("2026-10", "10")]


def test_an_export_of_any_dates_is_fine_when_they_are_exactly_the_period(check: CheckText):
    assert check(export(user(1, cadence="Date Range"))).acceptable


def test_no_more_is_held_of_an_export_than_its_counts():
    counter = ExportCounter()
    head, row = PLAIN.partition("\n")[0] + "\n", PLAIN.splitlines()[1]
    counter.feed(head.encode())
    for number in range(20_000):
        counter.feed(row.replace("user-00001", f"user-{number}").encode() + b"\n")
    counted = counter.finish()
    assert counted is not None and counted.total.enabled == 20_000 and len(counted.kinds) == 1


def test_an_export_whose_texts_are_peoples_own_is_refused_before_it_fills_the_memory(check: CheckText, monkeypatch):
    monkeypatch.setattr("intake.user_export.counting.MOST_COMBINATIONS", 5)
    found = check(export(*(user(number, groups=f"group {number}") for number in range(9))))
    assert errors(found) == [("export_too_varied", None)] and found.content == b""
