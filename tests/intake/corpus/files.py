"""Files that are no table at all, and files that may not be kept."""

import codecs
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import EXCEL, PLAIN, Rows, changed, clean_cells, long, wide

CELLS = clean_cells()
READ = (6, 0, 6, 0)
PERSON = "aigerim.bekova@school24.edu.kz"
EXPORT_HEADER = (
    "cadence,period_start,period_end,account_id,public_id,name,email,role,user_role,department,groups,user_status,"
    "created_or_invited_date,is_active,first_day_active_in_period,last_day_active_in_period,messages,messages_rank,"
    "model_to_messages,gpt_messages,credits_used"
)
EXPORT_ROW = (
    f"monthly,2026-09-01,2026-09-30,acc,user-1,Aigerim Bekova,{PERSON},member,user,School 001024,001024,enabled,"
    "2026-01-01,True,2026-09-02,2026-09-28,12,1,{'a': 12},0,1"
)


def cases() -> Iterator[Case]:
    """Yield what is no table, what is an empty one, and what holds people's addresses."""
    yield from _empty()
    yield from _no_tables()
    yield from _rubbish_within()
    yield from _addresses()
    yield from _user_exports()


def _empty() -> Iterator[Case]:
    for name, content in (
        ("no bytes", b""),
        ("one line end", b"\n"),
        ("spaces", b"   \n \r\n"),
        ("a byte-order mark", codecs.BOM_UTF8),
        ("a byte-order mark of UTF-16", codecs.BOM_UTF16_LE),
        ("delimiters", b",,,\n,,,\n"),
        ("semicolons", b";;;\r\n" * 5),
        ("no-break spaces", "\u00a0\n\u00a0".encode()),
        ("tabs", b"\t\t\n\t\t\n"),
        ("empty quotes", b'"",""\n'),
    ):
        yield Case("empty file", name, content, errors=ANY_ERROR, rows=(0, 0, 0, 0))
    for layout, table in (("wide", wide(CELLS)), ("long", long(CELLS))):
        yield Case("empty file", f"only a header, {layout}", PLAIN.write(table[:1]), errors=(("no_rows", None, None),))
        blank = [*table[:1], [], [""] * len(table[0]), []]
        yield Case("empty file", f"a header and blank rows, {layout}", PLAIN.write(blank), either=True)
    yield Case("empty file", "only a title", "Отчёт за сентябрь 2026\n".encode(), errors=ANY_ERROR)
    yield Case("empty file", "only a totals row", PLAIN.write([wide(CELLS)[0], ["Итого", *[""] * 11]]), either=True)


def _no_tables() -> Iterator[Case]:
    chance = random.Random(7)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("report.csv", PLAIN.write(wide(CELLS)))
    document = json.dumps([dict(zip(*pair, strict=True)) for pair in [wide(CELLS)[:2]]])
    html = "<html><body><table><tr><td>school_code</td><td>period</td></tr></table></body></html>"
    for name, content in (
        ("random bytes", bytes(chance.randrange(256) for _ in range(5000))),
        ("random bytes without NUL", bytes(chance.randrange(1, 256) for _ in range(5000))),
        ("NUL bytes", b"\0" * 1000), ("a zip of a CSV", archive.getvalue()), ("a cut zip", archive.getvalue()[:60]),
        ("a zip's first bytes", b"PK\x03\x04"), ("an old Excel file",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("JSON", document.encode()), ("HTML", html.encode()), ("XML", b'<?xml version="1.0"?><a><b>1</b></a>'),
        ("compressed", gzip.compress(PLAIN.write(wide(CELLS)), mtime=0)), ("RTF", rb"{\rtf1\ansi Report}"),
        ("prose", "Уважаемые коллеги, направляем отчёт; просим учесть, что школа закрыта.\n".encode() * 5),
        ("a program", b"import os\nprint('school')\n"), ("one letter", b"a"), ("one quotation mark", b'"'),
        ("a thousand quotation marks", b'"' * 1001), ("a very long line", b"x" * 2_000_000),
    ):  # fmt: skip
        yield Case("no table", name, content, errors=ANY_ERROR, rows=(0, 0, 0, 0) if name == "no bytes" else None)


def _rubbish_within() -> Iterator[Case]:
    text = PLAIN.join(wide(CELLS))
    yield Case(
        "rubbish", "a NUL in a name", text.replace("School 002017", "School\0002017").encode(), CELLS, either=True
    )
    yield Case("rubbish", "a NUL in a number", text.replace(",2026-09,", ",2026-09,\0", 1).encode(), CELLS, either=True)
    yield Case("rubbish", "NUL bytes at the end", text.encode() + b"\0" * 64, CELLS, either=True)
    control = text.replace("School 002017", "School \x01\x02\x1b[31m\x7f 002017")
    yield Case(
        "rubbish", "control signs in a name", control.encode(), CELLS, warnings=(("school_name_differs", 4),), rows=READ
    )
    vertical = text.replace("School 002017", "School\x0b\x0c\x1c\x85\u2028 002017")
    yield Case("rubbish", "line ends that are none in a name", vertical.encode(), CELLS, rows=READ)
    separators = text.replace("2026-09,", "2026-09,\x1c", 1)
    yield Case("rubbish", "a separator sign before a number", separators.encode(), CELLS, either=True)
    long_name = changed(wide(CELLS), 4, "school_name", "Ш" * 100_000)
    yield Case(
        "rubbish", "a name of 100,000 letters", PLAIN.write(long_name), CELLS, warnings=(("school_name_differs", 4),)
    )
    huge = changed(wide(CELLS), 4, "school_name", "Ш" * 300_000)
    yield Case("rubbish", "a name of 300,000 letters", PLAIN.write(huge), CELLS, either=True)
    number = changed(wide(CELLS), 4, "messages_sent", "x" * 200_000)
    yield Case("rubbish", "a value of 200,000 letters", PLAIN.write(number), errors=ANY_ERROR)
    wide_table: Rows = [
        [*row, *(f"column {index}" if at == 0 else "1" for index in range(3000))] for at, row in enumerate(wide(CELLS))
    ]
    yield Case("rubbish", "3,000 more columns", PLAIN.write(wide_table), CELLS, rows=READ)
    alone = text.replace("School 002017", "School \udcff 002017").encode("utf-8", "surrogatepass")
    yield Case("rubbish", "half a surrogate pair in UTF-8", alone, CELLS, either=True)


def _addresses() -> Iterator[Case]:
    refused = (("personal_data", None, None),)
    for name, header, cell in (
        ("a column of them", "Ответственный", PERSON), ("without a name", "", PERSON), ("in Cyrillic", "Почта",
        "директор@школа.рф"),
        ("with a name", "contact", f"Bekova <{PERSON}>"), ("among words", "note", f"пишите: {PERSON}; спасибо"),
        ("several", "note", f"{PERSON}, second@example.kz"), ("as a link", "note", f"mailto:{PERSON}"),
    ):  # fmt: skip
        for styled in (PLAIN, EXCEL, PLAIN.but(encoding="utf-16")):
            rows = [[*row, header if index == 0 else cell] for index, row in enumerate(wide(CELLS, styled))]
            errors = ANY_ERROR if name == "without a name" else (("personal_data", None, header),)
            yield Case(
                "e-mail addresses", f"{name}, {styled.encoding} {styled.delimiter}", styled.write(rows), errors=errors
            )
    for place in ("school_code", "school_name", "period", "messages_sent"):
        yield Case(
            "e-mail addresses",
            f"one, as {place}",
            PLAIN.write(changed(wide(CELLS), 4, place, PERSON)),
            errors=ANY_ERROR,
        )
    ragged = PLAIN.join(wide(CELLS)) + f"001024,x,2026-09,{PERSON}\n" + ",".join(["1"] * 14) + f",{PERSON}\n"
    yield Case("e-mail addresses", "in ragged rows", ragged.encode(), errors=refused)
    broken = PLAIN.join(wide(CELLS)) + f'001024,"{PERSON},2026-09\n'
    yield Case("e-mail addresses", "in a row whose quote is not closed", broken.encode(), errors=refused)
    for name in ("@edu", "a@b", "user@", "12 @ 5", "@", "школа@"):
        rows = changed(wide(CELLS), 4, "school_name", name)
        yield Case(
            "e-mail addresses",
            f"none: {name!r}",
            PLAIN.write(rows),
            CELLS,
            warnings=(("school_name_differs", 4),),
            rows=READ,
        )
    people = "Фамилия;Почта;Школа\n" + f"Бекова;{PERSON};001024\n" * 3
    yield Case("e-mail addresses", "a list of people", people.encode("windows-1251"), errors=ANY_ERROR)
    headless = "\n".join([f"Бекова;{PERSON};001024"] * 3)
    yield Case("e-mail addresses", "a list of people without a header", headless.encode(), errors=ANY_ERROR)
    lower = "\n".join([f"Бекова;{PERSON};001024"] * 3 + EXCEL.join(wide(CELLS, EXCEL)).splitlines())
    yield Case("e-mail addresses", "a list of people above a table", lower.encode(), errors=ANY_ERROR)


def _user_exports() -> Iterator[Case]:
    text = f"{EXPORT_HEADER}\n{EXPORT_ROW}\n"
    columns = EXPORT_HEADER.split(",")
    older = [name for name in columns if name not in ("cadence", "credits_used", "groups", "gpt_messages")]
    cells = dict(zip(columns, EXPORT_ROW.split(","), strict=True))
    old = ",".join(older) + "\n" + ",".join(cells[name] for name in older) + "\n"
    for name, content in (
        ("as it is", text.encode()),
        ("with a byte-order mark", codecs.BOM_UTF8 + text.encode()),
        ("UTF-16", text.encode("utf-16")),
        ("Windows line ends", text.replace("\n", "\r\n").encode()),
        ("an older version", old.encode()),
        ("its header alone", f"{EXPORT_HEADER}\n".encode()),
        ("in capitals", f"{EXPORT_HEADER.upper()}\n{EXPORT_ROW}\n".encode()),
        ("semicolons", text.replace(",", ";").encode()),
        ("a title above", ("Workspace export\n" + text).encode()),
    ):
        asks = "no_rows" if name == "its header alone" else "audience_unclear"
        yield Case("user export", name, content, errors=((asks, None, None),), reading={"layout": "user_export"})
