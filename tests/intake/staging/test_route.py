"""The way a file comes in: who may send one, how large it may be, and that people in it never reach the disk."""

import io
import itertools
import json
import tracemalloc
from datetime import timedelta

import pytest
import xlsxwriter
from sqlmodel import select
from starlette.applications import Starlette

from access.sessions import start_session
from data_model.engine import open_session
from data_model.people import Account
from intake.staging import drafts, jobs, route
from intake.staging.jobs import Kind
from tests.access.web.asgi import Client
from tests.factories import START
from tests.intake.staging.conftest import INITIATIVE, kept

PLAIN = b"school_code;period;teachers_total\n001024;2026-10;10\n"
EXPORT = "email,name,user role,user status,is active,messages rank\n"
MANAGER, ANALYST = "manager@example.org", "analyst@example.org"


class Sender:
    """Somebody who sends files, signed in or not."""

    def __init__(self, engine, folder, email=None):
        self.folder, self.account_id, self.cookie, self.at = folder, None, "", START
        self.client = Client(Starlette(routes=route.routes(engine, folder, self.now)))
        if email:
            with open_session(engine, write=True) as session:
                account = session.exec(select(Account).where(Account.email == email)).one()
                self.account_id = account.id
                self.cookie = f"uptake_session={start_session(session, account, at=START)}"
                session.commit()

    def now(self):
        """A second later than the last time somebody looked."""
        self.at += timedelta(seconds=1)
        return self.at

    def send(self, content, *, name="october.csv", initiative=INITIATIVE, language="en", **more):
        pieces = [content] if isinstance(content, bytes) else content
        address = f"/intake/files?initiative={initiative}&name={name}&lang={language}"
        return self.client.put(address, pieces, cookie=self.cookie, **more)

    def refused(self, content, **given):
        """Send what is refused; return status and code once it is sure that nothing of it was kept."""
        answer = self.send(content, **given)
        assert kept(self.folder) == b""
        return answer.status, json.loads(answer.text)["error"]


@pytest.fixture
def manager(engine, folder):
    return Sender(engine, folder, MANAGER)


def in_pieces(content, size=1000):
    return [content[start : start + size] for start in range(0, len(content), size)]


def workbook(*cells, sheet_two=""):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for row, cell in enumerate(cells):
        sheet.write_string(row, 0, cell)
    if sheet_two:
        book.add_worksheet().write_string(0, 0, sheet_two)
    book.close()
    return made.getvalue()


def test_a_file_becomes_its_senders_draft_to_the_byte(manager):
    content = PLAIN + b"001025;2026-10;20\n" * 20_000
    answer = manager.send(in_pieces(content, 7001), name="%D0%BE%D0%BA%D1%82.csv")
    assert answer.status == 201 and answer.header("cache-control") == "no-store"
    draft = drafts.find(manager.folder, json.loads(answer.text)["draft"], manager.account_id)
    assert (draft.content(), draft.file_name, draft.initiative) == (content, "окт.csv", INITIATIVE)
    assert not list((manager.folder / "incoming").iterdir())


def test_an_empty_file_is_a_file(manager):
    assert manager.send(b"").status == 201


@pytest.mark.parametrize(("email", "status", "code"), [(None, 401, "not_signed_in"), (ANALYST, 403, "not_allowed")])
def test_who_may_not_submit_sends_nothing(engine, folder, email, status, code):
    assert Sender(engine, folder, email).refused(PLAIN) == (status, code)


def test_an_initiative_that_is_not_there_takes_no_file(manager):
    assert manager.refused(PLAIN, initiative="nowhere") == (403, "not_allowed")


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_another_site_sends_nothing(manager, headers):
    assert manager.refused(PLAIN, **headers) == (403, "other_site")


def test_a_refusal_is_said_in_the_senders_language(manager, engine, folder):
    said = json.loads(Sender(engine, folder).send(PLAIN, language="ru").text)
    assert said == {"error": "not_signed_in", "message": "Сначала войдите."}


def test_a_text_may_have_200_megabytes_and_memory_stays_bounded(manager, monkeypatch):
    piece = (b"001024;2026-10;10\n" * 4000)[:65_536]
    monkeypatch.setattr(route, "MOST_CSV_BYTES", 20_000_000)  # a tenth is the same, sooner
    tracemalloc.start()
    try:
        assert manager.send(itertools.repeat(piece, 305)).status == 201
        assert manager.send(itertools.repeat(piece, 306)).status == 413
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert len(drafts.of_account(manager.folder, manager.account_id)) == 1
    assert not list((manager.folder / "incoming").iterdir())


def test_a_workbook_may_have_50_megabytes(manager, monkeypatch):
    monkeypatch.setattr(route, "MOST_XLSX_BYTES", 500_000)
    assert manager.send(in_pieces(b"PK\x03\x04" + b"\0" * 499_996)).status == 201
    drafts.discard(drafts.of_account(manager.folder, manager.account_id)[0])
    assert manager.refused(in_pieces(b"PK\x03\x04" + b"\0" * 499_997)) == (413, "file_too_large")


def test_what_says_it_is_too_large_is_refused_before_it_comes(manager):
    assert manager.refused(PLAIN, **{"content-length": "200000001"}) == (413, "file_too_large")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_vendors_export_of_users_is_known_by_its_columns_and_counted(manager, encoding, delimiter):
    rows = EXPORT + "anna at example,Anna,teacher,active,true,1\n" * 3
    content = rows.replace(",", delimiter).encode(encoding)
    draft = json.loads(manager.send(in_pieces(content)).text)["draft"]
    assert drafts.find(manager.folder, draft, manager.account_id).counted and b"nna" not in kept(manager.folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "cp1251"])
@pytest.mark.parametrize("rows_before", [0, 5, 40_000])
def test_an_address_anywhere_in_a_text_leaves_nothing_of_it(manager, encoding, rows_before):
    row = "школа;2026-10;р@10;10\n"  # an "@" alone is no address
    content = ("код;период;учителя\n" + row * rows_before + "anna.k@school.example.kz;1;2\n" + row * 50).encode(
        encoding
    )
    for size in (997, 70_001):
        assert manager.refused(in_pieces(content, size)) == (422, "personal_data")


def test_an_address_is_found_wherever_two_pieces_meet(manager):
    content = b"a;b\n" * 30_000 + b"anna@example.org\n" + b"a;b\n" * 10
    first = content.index(b"anna@")
    for cut in range(first, first + 17):
        assert manager.refused([content[:cut], content[cut:]]) == (422, "personal_data")


def test_letters_whose_bytes_look_like_an_at_sign_are_no_address(manager):
    # In UTF-16 the letter "р" is written with the byte of "@".
    assert manager.send("школа;р.район\nр.р;р\n".encode("utf-16")).status == 201


@pytest.mark.parametrize(
    "content",
    [
        workbook("School", "anna@example.org"),
        workbook("School", sheet_two="anna@example.org"),
        workbook("Director: Anna (anna@example.org)"),
    ],
)
def test_an_address_in_a_workbook_leaves_nothing_of_it(manager, content):
    assert manager.refused(in_pieces(content)) == (422, "personal_data")


def test_an_address_set_in_two_formats_is_an_address(manager):
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    bold = book.add_format({"bold": True})
    book.add_worksheet().write_rich_string(0, 0, "anna", bold, "@example.org", " wrote")
    book.close()
    assert manager.refused(in_pieces(made.getvalue())) == (422, "personal_data")


def test_two_cells_are_not_one_address(manager):
    assert manager.send(in_pieces(workbook("anna@", "example.org"))).status == 201


def test_who_breaks_off_leaves_nothing(manager):
    manager.send(itertools.repeat(PLAIN, 10_000), breaks_off=True)
    assert kept(manager.folder) == b""


def test_older_files_make_room_for_newer_ones_unless_they_are_worked_on(manager, monkeypatch):
    monkeypatch.setattr(route, "MOST_DRAFTS", 3)
    token = json.loads(manager.send(PLAIN).text)["draft"]
    jobs.ask(manager.folder, Kind.SUBMIT, token, {}, account_id=manager.account_id, language="en", at=START)
    for number in range(5):
        assert manager.send(PLAIN, name=f"{number}.csv").status == 201
    left = drafts.of_account(manager.folder, manager.account_id)
    assert len(left) == 4 and token in [draft.token for draft in left]


def test_one_person_sends_only_some_files_at_a_time(manager, monkeypatch):
    monkeypatch.setattr(route, "MOST_TRANSFERS", 0)
    assert manager.refused(PLAIN) == (429, "too_many_files")


def test_a_full_disk_is_said_before_anything_is_written(manager, monkeypatch):
    monkeypatch.setattr(route, "ROOM_LEFT", 10**18)
    assert manager.refused(PLAIN) == (507, "no_room")
