"""When two written words are the same: case, spaces, look-alike letters and the many kinds of quotes folded away."""

import re
import unicodedata
from functools import lru_cache

SPACES = re.compile(r"[\s_]+")
QUOTES = re.compile(r"[\"'`´«»“”„‟‘’‚‹›]")
HYPHENS = re.compile(r"[‐‑‒–—−]")

# The same headers, metric names and school names come with every file.
FOLDED_KEPT = 20_000

# Cyrillic letters that look Latin, with what they look like. Both cases: codes are compared in upper case.
LOOK_ALIKE = str.maketrans("АВЕЁКМНОРСТУХІЅЈҮавеёкмнорстухіѕјү", "ABEEKMHOPCTYXISJYabeekmhopctyxisjy")


def tidy(text: str) -> str:
    """Return the text with single plain spaces and none outside, and without what nobody can see.

    Zero-width characters and stray byte-order marks go; all other signs stay as they are, so that `5²` is not 52.
    """
    if not text.isascii():
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return " ".join(text.split())


def squeeze(text: str) -> str:
    """Return the text tidied and in Unicode's compatibility form: for names, never for codes and numbers."""
    return tidy(text if text.isascii() else unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=FOLDED_KEPT)
def fold(text: str) -> str:
    """Return the form in which names of columns, metrics and months are compared.

    Case, outer spaces, space or underscore, no-break spaces, `ё` and `е` make no difference.
    """
    return SPACES.sub(" ", squeeze(text).casefold().replace("ё", "е")).strip(' :*"')


def look_alike(text: str) -> str:
    """Return the folded text with Cyrillic letters that look Latin written as Latin ones."""
    return fold(text).translate(LOOK_ALIKE)


@lru_cache(maxsize=FOLDED_KEPT)
def fold_school_name(text: str) -> str:
    """Return the form in which school names are compared: as `look_alike`, and quotes, hyphens, their spaces alike.

    Two names that nobody can tell apart by looking are one: keyboards lend Kazakh names a Latin i.
    """
    spaced = text.replace("№", " № ")
    return " ".join(QUOTES.sub("", HYPHENS.sub("-", look_alike(spaced))).split())
