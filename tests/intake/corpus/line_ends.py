"""Where lines end, and what stands between them: kinds of line ends, blank lines, signs nobody sees."""

from collections.abc import Iterator

from tests.intake.corpus.case import Case
from tests.intake.corpus.tables import EXCEL, PLAIN, Style, clean_cells, long, wide

CELLS = clean_cells()
TEXT = PLAIN.join(wide(CELLS))
LINES = TEXT.splitlines()
READ = (6, 0, 6, 0)


def cases() -> Iterator[Case]:
    """Yield files with all kinds of line ends and blank lines."""
    yield from _ends()
    yield from _blanks()
    yield from _unseen()


def _made(kind: str, name: str, text: str, **expected) -> Case:
    return Case(kind, name, text.encode(), CELLS, **{"warnings": (), "rows": READ, "blank": 0} | expected)


def _ends() -> Iterator[Case]:
    for name, end in (("Windows", "\r\n"), ("Unix", "\n"), ("old Mac", "\r")):
        yield _made("line ends", name, end.join(LINES) + end)
        yield _made("line ends", f"{name}, none after the last", end.join(LINES))
        quoted = PLAIN.but(line_end=end, quote_all=True).join(wide(CELLS))
        yield _made("line ends", f"{name}, all quoted", quoted)
        yield _made("line ends", f"{name}, long", PLAIN.but(line_end=end).join(long(CELLS)), rows=(54, 0, 54, 0))
    mixed = "".join(line + ("\n", "\r\n", "\r")[index % 3] for index, line in enumerate(LINES))
    yield _made("line ends", "all three mixed", mixed)
    yield _made("line ends", "one lone carriage return", "\n".join(LINES[:4]) + "\r" + "\n".join(LINES[4:]))
    yield _made("line ends", "Windows, and the last row Unix", "\r\n".join(LINES[:-1]) + "\n" + LINES[-1] + "\n")
    yield _made("line ends", "doubled carriage returns", "\r\r\n".join(LINES), rows=(12, 6, 6, 0))
    yield _made(
        "line ends", "end of file sign of DOS", "\n".join(LINES) + "\n\x1a", rows=None, warnings=None, either=True
    )


def _blanks() -> Iterator[Case]:
    header, body = LINES[0], LINES[1:]
    commas = "," * (len(wide(CELLS)[0]) - 1)
    for name, blank in (
        ("empty", ""),
        ("of delimiters", commas),
        ("of spaces", "   "),
        ("of no-break spaces", "\u00a0"),
    ):
        yield _made("blank lines", f"{name}, above", "\n".join([blank, blank, *LINES]), reading={"header_row": 3})
        yield _made("blank lines", f"{name}, below the header", "\n".join([header, blank, *body]), rows=(7, 1, 6, 0))
        between = "\n".join([header, *body[:3], blank, blank, *body[3:]])
        yield _made("blank lines", f"{name}, between", between, rows=(8, 2, 6, 0))
        yield _made("blank lines", f"{name}, below", "\n".join([*LINES, blank, blank, ""]), rows=(8, 2, 6, 0))
        wrong = "\n".join([blank, header, blank, *body[:2], blank, body[2].replace("002017", "999999"), *body[3:]])
        yield Case(
            "blank lines", f"{name}, and an unknown school below them", wrong.encode(),
            {cell: value for cell, value in CELLS.items() if cell[0] != "002017"},
            errors=(("unknown_school", 7, "school_code"),), rows=(8, 2, 5, 1),
        )  # fmt: skip


def _unseen() -> Iterator[Case]:
    yield _made("unseen signs", "a second byte-order mark", "\ufeff\ufeff" + TEXT)
    yield _made(
        "unseen signs", "a byte-order mark within, where files were joined", TEXT.replace("\n002017", "\n\ufeff002017")
    )
    yield _made("unseen signs", "a byte-order mark before a number", TEXT.replace(",2026-09,", ",2026-09,\ufeff"))
    yield _made("unseen signs", "zero-width spaces in the codes", TEXT.replace("\n0", "\n\u200b0"))
    yield _made("unseen signs", "no-break spaces around cells", TEXT.replace(",", "\u00a0,\u00a0"))
    yield _made("unseen signs", "spaces around cells", TEXT.replace(",", " , "))
    yield _made(
        "unseen signs", "a soft hyphen in a column's name", TEXT.replace("messages_sent", "messages\u00ad_sent")
    )
    yield _made("unseen signs", "marks of the writing direction", TEXT.replace("001024,", "\u200e001024\u200f,", 1))
    style = Style(delimiter="\t")
    spaced = style.join(wide(CELLS)).replace("\t", " \t ")
    yield _made("unseen signs", "spaces around cells between tabs", spaced)
    padded = EXCEL.join([[cell.rjust(14) for cell in row] for row in wide(CELLS, EXCEL)])
    yield _made("unseen signs", "cells of one width", padded)
