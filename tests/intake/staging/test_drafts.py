"""Drafts: what was brought and not yet submitted, found by its owner, kept for a day."""

import os
from datetime import timedelta

import pytest

from data_model.periods import Period
from intake.options import Options
from intake.staging import drafts
from intake.staging.folder import staging_folder
from tests.factories import START
from tests.intake.staging.conftest import kept


def test_a_draft_is_found_as_it_was_brought(folder, bring):
    draft = bring("a;b\n1;2\n", file_name="October.csv", options=Options(period=Period.parse("2026-10")))
    found = drafts.find(folder, draft.token, 2)
    assert found == draft and found.content() == b"a;b\n1;2\n"
    assert (found.size, found.sha256[:8], found.file_name) == (8, "403bea51", "October.csv")


@pytest.mark.parametrize("token", ["", "..", "../../etc", "x" * 43, "é" * 43])
def test_a_token_that_names_no_draft_finds_none(folder, bring, token):
    bring("a")
    assert drafts.find(folder, token, 2) is None


@pytest.mark.parametrize("account_id", [3, None])
def test_nobody_else_finds_it(folder, bring, account_id):
    assert drafts.find(folder, bring("a").token, account_id) is None


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\data\\a.csv", "a.csv"),
        ("../../a.csv", "a.csv"),
        ("a\x00\n.csv", "a.csv"),
        ("", "file"),
        ("дек.csv", "дек.csv"),
    ],
)
def test_of_a_file_name_only_the_name_is_kept(bring, given, name):
    assert bring("a", file_name=given).file_name == name


def test_nobody_else_on_the_machine_may_look_into_it(folder, bring):
    path = bring("a").path
    for place in (folder, folder / "drafts", path):
        assert place.stat().st_mode & 0o077 == 0


def test_new_options_forget_the_old_result(folder, bring):
    draft = bring("a")
    key = draft.result_key("v1")
    drafts.keep_result(draft, key, {"shown": 1}, {"checked": 2})
    assert drafts.decide(draft, draft.options) == draft and drafts.result(draft, key) == {"shown": 1}
    decided = drafts.decide(draft, Options(delimiter=";"))
    assert drafts.find(folder, draft.token, 2).options == Options(delimiter=";")
    assert decided.result_key("v1") != key
    assert drafts.result(decided, key) is None and drafts.result(decided, key, drafts.CHECKED) is None


def test_a_result_stands_for_one_state_of_things(bring):
    draft = bring("a")
    drafts.keep_result(draft, draft.result_key("v1"), 1)
    assert drafts.has_result(draft, draft.result_key("v1")) and not drafts.has_result(draft, draft.result_key("v2"))
    drafts.keep_result(draft, draft.result_key("v2"), 2)
    assert drafts.result(draft, draft.result_key("v1")) is None, "only the newest is kept"


def test_a_discarded_draft_leaves_nothing(folder, bring):
    drafts.discard(bring("secret"))
    assert kept(folder) == b""


def test_drafts_are_cleared_after_a_day_and_broken_transfers_after_two_hours(folder, bring):
    old, young = bring("old"), bring("young", at=START + timedelta(hours=2))
    broken_off, coming = drafts.Receiving(folder), drafts.Receiving(folder)
    for receiving in (broken_off, coming):
        receiving.write(b"piece")
    content = folder / "incoming" / broken_off.token / "content"
    os.utime(content, (0, 0))
    assert drafts.clear(folder, START + timedelta(days=1, hours=1)) == 2
    assert drafts.find(folder, old.token, 2) is None and drafts.find(folder, young.token, 2) == young
    assert not content.exists()
    finished = coming.finish(account_id=2, initiative="x", file_name="a", at=START)
    assert finished.content() == b"piece"


def test_the_folder_lies_beside_the_database_or_where_the_operator_says(tmp_path, monkeypatch):
    assert staging_folder(f"sqlite:///{tmp_path}/uptake.db") == tmp_path / "uptake.db-staging"
    monkeypatch.chdir(tmp_path)
    assert staging_folder("postgresql://host/name") == tmp_path / "data" / "staging"
    monkeypatch.setenv("UPTAKE_STAGING", str(tmp_path / "elsewhere"))
    assert staging_folder("postgresql://host/name") == tmp_path / "elsewhere"
