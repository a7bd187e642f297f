"""A column's name without what people write around it: numbers of columns, units, footnote marks, tags."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from intake.folding import FOLDED_KEPT, fold

TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
NUMBER_BEFORE = re.compile(
    r"\s*(?:№\s*[0-9]{1,2}[.)\s]\s*|[0-9]{1,2}(?:\.[0-9]{1,2})+\s+|"
    r"[0-9]{1,2}(?:\.[0-9]{1,2})*(?:[.)]\s*|\s+[-–—]\s+))(?=[^\W\d])"
)
FOOTNOTE = re.compile(r"(?:[*†‡¹²³⁴⁵]|\([0-9*]\)|\[[0-9*]\])+\s*$")
# Not the percent sign: a share is another thing than a count.
PUNCTUATION = re.compile(r"[\s_.,;:!?()\[\]{}/\\|«»“”„\"'’`‐‑‒–—-]+")

COUNTS = ("people", "licences", "messages")
# Words that change nothing about a metric in one of these units. Hours of teachers are no teachers.
AROUND: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("количество", "кол во", "число", "общее количество", "number of", "no of", "count of", "total number of",
         "саны", "count", "шт", "штук", "ед", "единиц", "дана", "pcs", "units"), COUNTS,
    ),
    **dict.fromkeys(("чел", "человек", "адам", "people", "persons", "pers"), ("people",)),
    **dict.fromkeys(("балл", "баллов", "баллы", "points"), ("points",)),
    **dict.fromkeys(("час", "часов", "ч", "hours", "hrs", "h", "сағат"), ("hours",)),
    **dict.fromkeys(
        ("за отчетный период", "на конец периода", "in the period", "at the end of the period", "в школе", "in school"),
        (*COUNTS, "points", "hours"),
    ),
}  # fmt: skip
BEFORE = re.compile(rf"({'|'.join(sorted(AROUND, key=len, reverse=True))}) ")
AFTER = re.compile(rf" ({'|'.join(sorted(AROUND, key=len, reverse=True))})$")


@lru_cache(maxsize=FOLDED_KEPT)
def plain_name(name: str) -> str:
    """Return the folded name with nothing but its words."""
    text = FOOTNOTE.sub("", TAG.sub(" ", html.unescape(name)))
    text = NUMBER_BEFORE.sub("", text, count=1)
    return PUNCTUATION.sub(" ", fold(text)).strip()


def shorter_names(plain: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the plain name without a word before it, after it, on both sides; with the units that may lose them."""
    before, after = BEFORE.match(plain), AFTER.search(plain)
    if before:
        yield plain[before.end() :], AROUND[before[1]]
    if after:
        yield plain[: after.start()], AROUND[after[1]]
    if before and after and before.end() < after.start():
        both = tuple(unit for unit in AROUND[before[1]] if unit in AROUND[after[1]])
        yield plain[before.end() : after.start()], both
