"""The offline checker in a real browser, opened from a file with the network off: it says what the server says.

Files of every kind of the corpus, and some of them damaged, are checked by both; what needs no stored value must be the
same. `UPTAKE_WHOLE_CORPUS=1` compares every file, which takes three times as long.
"""

import base64
import json
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from access.identity import identify
from data_model.places import School
from intake.check import Check, check_file
from intake.checker.page import carried, page
from intake.checker.snapshot import snapshot
from intake.layout import USER_EXPORT
from intake.template import template
from tests.factories import START, make_account, make_grant
from tests.intake.checker.damage import damaged
from tests.intake.corpus import all_cases
from tests.intake.corpus.case import Case
from tests.intake.corpus.country import Country, corpus_country

SEED, DAMAGED = 20261125, 300
BATCH = 100
# The files of a kind stand beside each other, so that each kind is among them.
EACH = 1 if os.environ.get("UPTAKE_WHOLE_CORPUS") else 3
# What the page leaves to the upload: the findings that look at stored values.
ON_UPLOAD = {"rule_against_stored", "jump", "scaled_column", "shifted_column", "same_as_before", "nothing_new"}
CHECK_ALL = """async ([files, day]) => {
    const answers = [];
    for (const { content, options } of files) {
        const { buffer } = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        const answer = await page.session.ask("check", [buffer, options, { day }]);
        answers.push({ ...answer, findings: await page.session.ask("everything", []) });
    }
    return answers;
}"""


@dataclass(frozen=True)
class Checkers:
    """The corpus's country, and an offline checker of each of its initiatives, open in a window without a network."""

    country: Country
    pages: Mapping[str, Page]
    files: Mapping[str, Path]

    def answers(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Check, dict[str, Any]]]:
        """Yield each case with what the server and the page say of it."""
        for initiative, window in self.pages.items():
            concerned = [case for case in cases if case.initiative == initiative]
            for start in range(0, len(concerned), BATCH):
                batch = concerned[start : start + BATCH]
                files = [
                    {"content": base64.b64encode(case.content).decode(), "options": case.options.as_json()}
                    for case in batch
                ]
                said = window.evaluate(CHECK_ALL, [files, START.date().toordinal()])
                for case, answer in zip(batch, said, strict=True):
                    yield case, self.country.check(case), answer


@pytest.fixture(scope="module")
def checkers(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkers]:
    folder = tmp_path_factory.mktemp("checkers")
    with corpus_country(folder) as country:
        account = make_account(country.session, "region@example.org")
        district = country.session.get_one(School, min(country.schools))
        make_grant(country.session, account, "manager", country=district.country)
        country.session.flush()
        by = identify(country.session, account)
        context = browser.new_context(offline=True, locale="en-GB", accept_downloads=True)
        pages, files = {}, {}
        for key, initiative in country.initiatives.items():
            held = snapshot(country.session, initiative, by=by, at=START)
            files[key] = folder / f"{key}.html"
            files[key].write_bytes(page({**carried(), "snapshot": held, "language": "en"}))
            pages[key] = context.new_page()
            pages[key].goto(files[key].as_uri())
        yield Checkers(country, pages, files)
        context.close()


def differences(checked: Check, answer: dict[str, Any]) -> list[str]:
    """Return in what the page says something else than the server, of all that needs no stored value."""
    recognised = answer["reading"]
    if checked.recognised.layout == USER_EXPORT or recognised["layout"] == USER_EXPORT:
        # Its users are matched and counted on upload; both must know it.
        return [] if checked.recognised.layout == recognised["layout"] else ["a user export to one of them"]
    server = checked.as_json()
    columns = [
        {"name": column["name"], **({"metric": column["metric"]} if column["metric"] else {"role": column["role"]}),
         "how": column["how"]}
        for column in recognised["columns"]
    ]  # fmt: skip
    values = {name: server["values"][name] for name in ("blank", "not_applicable")}
    values["stated"] = sum(server["values"][name] for name in ("new", "changed", "unchanged"))
    pairs = {
        "file": (checked.recognised.file_json(), {name: recognised[name] for name in checked.recognised.file_json()}),
        "columns": (server["columns"], columns),
        "ignored columns": (server["ignored_columns"], recognised["ignored_columns"]),
        "rows": (server["rows"], answer["rows"]),
        "values": (values, answer["values"]),
        "verdict": (server["verdict"], answer["verdict"]),
    }
    found = [
        f"{name}: {said} on the server, {told} on the page" for name, (said, told) in pairs.items() if said != told
    ]
    findings = [finding for finding in server["findings"] if finding["code"] not in ON_UPLOAD]
    if findings != answer["findings"]:
        apart = Counter(map(json.dumps, findings))
        apart.subtract(map(json.dumps, answer["findings"]))
        listed = [(number, json.loads(text)) for text, number in apart.items() if number]
        found.append(f"findings (more on the server: positive): {listed[:4] or 'in another order'}")
    return found


def test_files_of_every_kind_get_the_same_answer_from_both(checkers: Checkers):
    cases, compared, findings, wrong = list(all_cases())[::EACH], 0, 0, []
    for case, checked, answer in checkers.answers(cases):
        compared += 1
        findings += len(answer["findings"])
        wrong += [f"{case.title}: {difference}" for difference in differences(checked, answer)]
    assert compared == len(cases) and findings > compared
    assert not wrong, f"{len(wrong)} of {compared} files:\n" + "\n".join(wrong[:20])


def test_damaged_files_get_the_same_answer_from_both(checkers: Checkers):
    chance = random.Random(SEED)
    sources = [case for case in all_cases() if len(case.content) < 20_000]
    cases = [_damaged(chance, number, chance.choice(sources)) for number in range(DAMAGED)]
    wrong = [
        f"{case.title}: {difference}"
        for case, checked, answer in checkers.answers(cases)
        for difference in differences(checked, answer)
    ]
    assert not wrong, "\n".join(wrong[:20])


def _damaged(chance: random.Random, number: int, case: Case) -> Case:
    return Case(
        f"damaged {number}", case.title, damaged(chance, case.content), options=case.options,
        file_name=case.file_name, initiative=case.initiative,
    )  # fmt: skip


def test_a_person_sees_the_verdict_filters_the_findings_and_takes_them_away(checkers: Checkers):
    window = checkers.pages["kz-chatgpt-edu"]
    text = (
        "school_code,period,teachers_active\n001024,2026-09,=1+1\n001025,2026-09,5\nОбщий итог,,7\nnowhere,2026-09,1\n"
    )
    window.locator("#file").set_input_files({"name": "report.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(window.get_by_role("heading", name="This file would be refused.", exact=False)).to_be_focused()
    expect(window.get_by_text("Rows: 4 read, 0 blank, 1 without errors, 2 with errors.")).to_be_visible()
    rows = window.locator("#table tbody tr")
    expect(rows).to_have_count(3)
    window.get_by_label("Severity").select_option("error")
    expect(rows).to_have_count(2)
    window.get_by_label("Kind").select_option("not_a_number")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("“=1+1” is not a number.")
    with window.expect_download() as download:
        window.get_by_role("button", name="Download all findings (CSV)").click()
    taken = download.value.path().read_text(encoding="utf-8-sig")
    assert len(taken.splitlines()) == 4 and '"\'=1+1"' in taken, taken
    window.get_by_label("Language").select_option("ru")
    assert window.evaluate("document.documentElement.lang") == "ru"
    window.get_by_role("combobox").first.select_option("en")


def test_what_was_recognised_can_be_said_otherwise(checkers: Checkers):
    window = checkers.pages["kz-chatgpt-edu"]
    text = "school_code;period;messages_sent\n001024;2026-09;1,234\n"
    window.locator("#file").set_input_files({"name": "report.csv", "mimeType": "text/csv", "buffer": text.encode()})
    expect(window.locator("#table tbody tr")).to_contain_text(["can be read in two ways"])
    window.get_by_text("How to read the file").click()
    window.get_by_label("Decimal mark").select_option(".")
    window.get_by_role("button", name="Check again").click()
    expect(window.get_by_role("heading", name="This file can be uploaded.")).to_be_visible()
    window.get_by_text("How to read the file").click()


def test_a_template_filled_in_passes_without_a_finding(checkers: Checkers):
    initiative = checkers.country.initiatives["kz-chatgpt-edu"]
    content = template(checkers.country.session, initiative, layout="wide", file_format="xlsx", at=START)
    checked = check_file(checkers.country.session, initiative, content, "template.xlsx", at=START)
    window = checkers.pages["kz-chatgpt-edu"]
    window.locator("#file").set_input_files({"name": "template.xlsx", "mimeType": "", "buffer": content})
    expect(window.locator("#counts")).to_contain_text(f"Warnings: {checked.findings.totals['warning']}")
    expect(window.locator("#counts")).to_contain_text("Errors: 0")


def test_an_old_checker_says_so(checkers: Checkers, browser: Browser):
    context = browser.new_context(offline=True)
    window = context.new_page()
    window.clock.set_fixed_time("2027-02-01T08:00:00Z")
    window.goto(checkers.files["kz-chatgpt-edu"].as_uri())
    expect(window.locator("#age")).to_contain_text("This checker is 91 days old.")
    context.close()
