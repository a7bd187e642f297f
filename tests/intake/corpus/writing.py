"""How a file is written: its encoding, its delimiter, its decimal mark, its group separator."""

import codecs
from collections.abc import Iterator

from tests.intake.corpus.case import NA, Case
from tests.intake.corpus.tables import (
    COUNTS,
    EXCEL,
    KAZAKH,
    PLAIN,
    RUSSIAN,
    Style,
    changed,
    clean_cells,
    long,
    wide,
)

CELLS = clean_cells()
KAZAKH_CELLS = clean_cells(metrics=COUNTS)
READ = (6, 0, 6, 0)
UTF16_LE, UTF16_BE = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
SPACES = {
    "space": " ", "no-break space": "\u00a0", "narrow no-break space": "\u202f", "thin space": "\u2009",
    "figure space": "\u2007",
}  # fmt: skip
APOSTROPHES = {"apostrophe": "'", "curled apostrophe": "’"}


def cases() -> Iterator[Case]:
    """Yield files in every way of writing, all acceptable."""
    yield from _encodings()
    yield from _few_letters()
    yield from _delimiters()
    yield from _separators()
    yield from _layouts()


def _encodings() -> Iterator[Case]:
    def made(name: str, content: bytes, encoding: str, cells=CELLS) -> Case:
        return Case(
            "encoding",
            name,
            content,
            cells,
            warnings=(),
            rows=READ,
            blank=0,
            reading={"encoding": encoding, "header_row": 1},
        )

    russian = wide(CELLS, names=RUSSIAN)
    text = PLAIN.join(russian)
    yield made("UTF-8", text.encode(), "utf-8")
    yield made("UTF-8 with its mark", codecs.BOM_UTF8 + text.encode(), "utf-8-sig")
    yield made("UTF-8 with its mark, quoted", codecs.BOM_UTF8 + PLAIN.but(quote_all=True).write(russian), "utf-8-sig")
    yield made("UTF-16, little end first", UTF16_LE + text.encode("utf-16-le"), "utf-16")
    yield made("UTF-16, big end first", UTF16_BE + text.encode("utf-16-be"), "utf-16")
    yield made("UTF-16 without its mark", text.encode("utf-16-le"), "utf-16-le")
    yield made("UTF-16, big end first, without its mark", text.encode("utf-16-be"), "utf-16-be")
    yield made("Unicode text: UTF-16 and tabs", PLAIN.but(delimiter="\t", encoding="utf-16").write(russian), "utf-16")
    yield made("Windows-1251", text.encode("windows-1251"), "windows-1251")
    yield made("KOI8-R", PLAIN.but(encoding="koi8-r").write(russian), "koi8-r")
    yield made("DOS", PLAIN.but(encoding="cp866").write(russian), "cp866")
    yield made("only ASCII", PLAIN.write(wide(CELLS)), "utf-8")
    kazakh = wide(KAZAKH_CELLS, names=KAZAKH)
    yield made("Kazakh letters in UTF-8", PLAIN.write(kazakh), "utf-8", KAZAKH_CELLS)
    yield made(
        "Kazakh letters in UTF-8 with its mark", codecs.BOM_UTF8 + PLAIN.write(kazakh), "utf-8-sig", KAZAKH_CELLS
    )
    yield made("Kazakh letters in UTF-16", PLAIN.but(encoding="utf-16").write(kazakh), "utf-16", KAZAKH_CELLS)
    yield made("Kazakh letters in KZ-1048", PLAIN.but(encoding="kz1048").write(kazakh), "kz1048", KAZAKH_CELLS)
    broken = text.encode()
    at = broken.index("Сообщений".encode())
    yield Case(
        "encoding", "UTF-8 with a broken letter", broken[: at + 1] + b"\xff" + broken[at + 1 :],
        errors=(("broken_encoding", 1, None),),
    )  # fmt: skip
    cut = PLAIN.but(encoding="utf-16").write(russian)[:-1]
    yield Case("encoding", "UTF-16 cut in the middle of a letter", cut, errors=(("broken_encoding", 7, None),))


def _few_letters() -> Iterator[Case]:
    """Yield files in which hardly a byte says which eight-bit encoding it is."""
    for encoding in ("windows-1251", "windows-1252"):
        spaced = Style(delimiter=";", mark=",", group="\u00a0", encoding=encoding)
        yield Case("encoding", f"only no-break spaces, {encoding}", spaced.write(wide(CELLS, spaced)), CELLS, rows=READ)
        curled = Style(delimiter=";", mark=",", group="’", encoding=encoding)
        yield Case(
            "encoding", f"only curled apostrophes, {encoding}", curled.write(wide(CELLS, curled)), CELLS, rows=READ
        )
        for dash in ("–", "—"):
            rows = changed(wide(CELLS), 4, "messages_sent", dash)
            said = {**CELLS, ("002017", "messages_sent", "2026-09"): NA}
            style = Style(delimiter=";", encoding=encoding)
            yield Case("encoding", f"only one {dash}, {encoding}", style.write(rows), said, rows=READ)
    month = changed(wide(CELLS), 4, "period", "сентябрь 2026")
    yield Case("encoding", "one Russian word, windows-1251", EXCEL.write(month), either=True, cells=CELLS)
    one = PLAIN.but(encoding="windows-1251").write(changed(wide(CELLS), 4, "messages_sent", "н/д"))
    yield Case(
        "encoding", "one н/д, windows-1251", one, {**CELLS, ("002017", "messages_sent", "2026-09"): NA}, rows=READ
    )
    mac = Style(delimiter=";", mark=",", encoding="mac-cyrillic", line_end="\r")
    yield Case("encoding", "old Mac", mac.write(wide(CELLS, mac, RUSSIAN)), CELLS, warnings=(), rows=READ)
    declared = codecs.BOM_UTF8 + b"sep=;\r\n" + Style(delimiter=";", mark=",").write(wide(CELLS, Style(mark=",")))
    yield Case(
        "encoding", "a byte-order mark before sep=;", declared, CELLS, warnings=(), rows=READ, reading={"header_row": 2}
    )


def _delimiters() -> Iterator[Case]:
    for name, delimiter in (("semicolon", ";"), ("comma", ","), ("tab", "\t"), ("bar", "|")):
        for mark in (",", "."):
            style = Style(delimiter=delimiter, mark=mark)
            for layout, made in (("wide", wide), ("long", long)):
                yield Case(
                    "delimiter", f"{name}, {layout}, decimal {mark}", style.write(made(CELLS, style)), CELLS,
                    warnings=(), blank=0, reading={"delimiter": delimiter, "decimal_mark": mark, "layout": layout},
                )  # fmt: skip
    declared = "sep=;\r\n" + EXCEL.join(wide(CELLS, EXCEL))
    yield Case(
        "delimiter", "declared in the first line", EXCEL.encode(declared), CELLS, warnings=(), rows=READ,
        reading={"delimiter": ";", "header_row": 2},
    )  # fmt: skip
    quoted = '"sep=|"\n' + Style(delimiter="|").join(wide(CELLS))
    yield Case("delimiter", "declared in quotes", quoted.encode(), CELLS, rows=READ, reading={"delimiter": "|"})
    tab = "sep=\t\n" + Style(delimiter="\t").join(wide(CELLS))
    yield Case("delimiter", "tab declared", tab.encode(), CELLS, rows=READ, reading={"delimiter": "\t"})
    commas = [["Отчёт, сентябрь, 2026, Астана, Алматы, Шымкент, Караганда, Актобе"], *wide(CELLS, EXCEL)]
    yield Case(
        "delimiter", "title full of commas above a table of semicolons", EXCEL.write(commas), CELLS, warnings=(),
        rows=READ, reading={"delimiter": ";", "header_row": 2},
    )  # fmt: skip
    few = {cell: value for cell, value in CELLS.items() if cell[1] == "training_hours"}
    style = Style(delimiter=";", mark=",")
    yield Case(
        "delimiter", "every number holds the other delimiter", style.write(wide(few, style, school_names=False)), few,
        reading={"delimiter": ";", "decimal_mark": ","},
    )  # fmt: skip
    yield Case(
        "delimiter", "names full of commas", style.write(changed(wide(CELLS, style), 3, 1, "a, b, c, d, e, f, g, h")),
        CELLS, warnings=(("school_name_differs", 3),), rows=READ, reading={"delimiter": ";"},
    )  # fmt: skip


def _separators() -> Iterator[Case]:
    for name, group in (SPACES | APOSTROPHES).items():
        for mark in (",", "."):
            style = Style(delimiter=";", mark=mark, group=group)
            yield Case(
                "group separator", f"{name}, decimal {mark}", style.write(wide(CELLS, style)), CELLS,
                warnings=(), rows=READ, blank=0, reading={"decimal_mark": mark},
            )  # fmt: skip
        whole = {cell: value for cell, value in CELLS.items() if cell[1] in COUNTS}
        style = Style(group=group)
        yield Case("group separator", f"{name}, whole numbers", style.write(wide(whole, style)), whole, warnings=())
    for delimiter in (",", ";", "\t"):
        for mark, group in ((",", "."), (".", ",")):
            style = Style(delimiter=delimiter, mark=mark, group=group)
            named = {",": "comma", ";": "semicolon", "\t": "tab"}[delimiter]
            for layout, made in (("wide", wide), ("long", long)):
                yield Case(
                    "group separator", f"{group} with decimal {mark}, {named}, {layout}",
                    style.write(made(CELLS, style)), CELLS, warnings=(), reading={"decimal_mark": mark},
                )  # fmt: skip


def _layouts() -> Iterator[Case]:
    for language, names, cells in (("Russian", RUSSIAN, CELLS), ("Kazakh", KAZAKH, KAZAKH_CELLS)):
        for layout, made in (("wide", wide), ("long", long)):
            style = Style(delimiter=";", mark=",", group="\u00a0")
            yield Case(
                "names", f"{layout} with {language} names", style.write(made(cells, style, names)), cells,
                warnings=(), blank=0, rows=(len(made(cells)) - 1, 0, len(made(cells)) - 1, 0),
                    reading={"layout": layout},
            )  # fmt: skip
    yield Case(
        "names",
        "as spreadsheets here write it",
        EXCEL.write(wide(CELLS, EXCEL, RUSSIAN)),
        CELLS,
        warnings=(),
        rows=READ,
    )
