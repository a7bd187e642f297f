"""Which school a text means: its exact code, a remembered choice, a code a spreadsheet damaged, or a name."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz, process

from intake.folding import LOOK_ALIKE, fold, fold_school_name, tidy
from intake.register import Register

SUGGESTED = 3
SUGGESTED_FOR = 200  # distinct unknown schools; comparing names takes time, and nobody chooses among more at once
NAME_LIKENESS, CODE_LIKENESS = 60, 70  # percent
LONGEST_CODE = 40  # signs: no register holds longer ones

DECIMAL_TAIL = re.compile(r"([0-9]+)[.,]0+")
EXPONENT = re.compile(r"([0-9](?:[.,][0-9]+)?)E\+?([0-9]{1,2})", re.IGNORECASE)
FORMULA_TEXT = re.compile(r"=\"(.*)\"")


class How(StrEnum):
    """How a text was matched to a school, or why it was not."""

    EXACT = "exact"
    REPAIRED = "repaired"
    CHOSEN = "chosen"
    BY_NAME = "by_name"
    BLANK = "blank"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Match:
    """What one text was matched to: a place in the register, -1 for none. `others`: codes it could be as well."""

    place: int
    how: How
    others: tuple[str, ...] = field(default=())


class SchoolMatcher:
    """Matches texts to the schools of one register."""

    def __init__(self, register: Register, chosen: Mapping[str, int], said: Mapping[str, str]) -> None:
        """`chosen`: remembered, folded text -> school id. `said`: text -> school code, for this file alone."""
        self.register = register
        self._chosen = {text: place for text, i in chosen.items() if (place := register.place_of_id.get(i)) is not None}
        for text, code in said.items():
            if (place := register.place_of_code.get(code)) is not None:
                self._chosen[fold(text)] = place

    def match(self, text: str) -> Match:
        """Return the school that the text in a code column means."""
        code = tidy(text)
        if not code:
            return Match(-1, How.BLANK)
        if (place := self.register.place_of_code.get(code)) is not None:
            return Match(place, How.EXACT)
        if (place := self._chosen.get(fold(text))) is not None:
            return Match(place, How.CHOSEN)
        repaired = self._repaired(code)
        return repaired if repaired.how is not How.UNKNOWN else self.match_name(text)

    def match_name(self, text: str) -> Match:
        """Return the school of which this is the name, where only one has it."""
        name = fold_school_name(text)
        if not name:
            return Match(-1, How.BLANK)
        if (place := self._chosen.get(fold(text))) is not None:
            return Match(place, How.CHOSEN)
        return self._one_of(self._by_name.get(name, []), How.BY_NAME)

    def _one_of(self, places: Sequence[int], how: How) -> Match:
        if len(places) == 1:
            return Match(places[0], how)
        if places:
            return Match(-1, How.AMBIGUOUS, tuple(self.register.codes[place] for place in sorted(places)[:SUGGESTED]))
        return Match(-1, How.UNKNOWN)

    def _repaired(self, code: str) -> Match:
        """Undo what spreadsheets and keyboards do to codes, one kind of damage after the other."""
        if text := FORMULA_TEXT.fullmatch(code):
            code = text[1]
        code = code.lstrip("'’")
        if code in self.register.place_of_code:
            return Match(self.register.place_of_code[code], How.REPAIRED)
        if exponent := EXPONENT.fullmatch(code):
            return self._one_of(self._rounded(exponent[1], int(exponent[2])), How.REPAIRED)
        if tail := DECIMAL_TAIL.fullmatch(code):
            code = tail[1]
            if code in self.register.place_of_code:
                return Match(self.register.place_of_code[code], How.REPAIRED)
        if code.isascii() and code.isdigit() and len(code) <= LONGEST_CODE:
            longer = [place for place in self._by_number.get(int(code), []) if self._lost_zeros(code, place)]
            return self._one_of(longer, How.REPAIRED)
        return self._one_of(self._by_look.get(_look(code), []), How.REPAIRED)

    def _lost_zeros(self, code: str, place: int) -> bool:
        return self.register.codes[place].endswith(code)

    def _rounded(self, mantissa: str, exponent: int) -> list[int]:
        """Return the schools whose code, as a number, a spreadsheet shows as this exponent form."""
        written = mantissa.replace(",", ".")
        shown = Decimal(written).scaleb(exponent)
        half = Decimal(5).scaleb(exponent - len(written.partition(".")[2]) - 1)
        return [
            place for number, places in self._by_number.items() if shown - half <= number < shown + half
            for place in places
        ]  # fmt: skip

    @cached_property
    def _by_number(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = defaultdict(list)
        for place, code in enumerate(self.register.codes):
            if code.isascii() and code.isdigit():
                places[int(code)].append(place)
        return places

    @cached_property
    def _by_look(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, code in enumerate(self.register.codes):
            places[_look(code)].append(place)
        return places

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self.register.folded_names):
            places[name].append(place)
        return places

    def suggestions(self, code: str, name: str) -> list[str]:
        """Return up to three schools that may be meant, nearest first, as "code (name)"."""
        wanted = fold_school_name(name) or (fold_school_name(code) if any(map(str.isalpha, code)) else "")
        places: list[int] = []
        if wanted:
            found = process.extract(
                wanted, self.register.folded_names, scorer=fuzz.token_sort_ratio, processor=None,
                limit=SUGGESTED, score_cutoff=NAME_LIKENESS,
            )  # fmt: skip
            places = [place for _name, _score, place in found]
        if not places:
            near = process.extract(
                tidy(code), self.register.codes, scorer=fuzz.ratio, limit=SUGGESTED, score_cutoff=CODE_LIKENESS
            )
            places = [place for _code, _score, place in near]
        return [f"{self.register.codes[place]} ({self.register.names[place]})" for place in places]


def _look(code: str) -> str:
    """Return a code as it looks: Cyrillic letters that look Latin as Latin ones, the letter O as a zero."""
    return code.upper().translate(LOOK_ALIKE).replace("O", "0").replace(" ", "")
