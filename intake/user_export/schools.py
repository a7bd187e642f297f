"""Which school a group, a department or an e-mail domain means: a choice, or the whole code of one enrolled school.

Anything weaker, a name or a damaged code, is a suggestion: people are not counted at a school by likeness.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from access.language import _
from intake.folding import fold
from intake.refusal import Refused
from intake.register import NEVER, Register
from intake.schools import SUGGESTED_FOR, SchoolMatcher
from intake.user_export.cells import WITHHELD
from intake.user_export.columns import Way
from intake.user_export.counting import Kind, Numbers

# Letters and digits stand apart: `school001024` holds the code 001024, and 1001024 does not.
PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
PARTS_OF_A_CODE = 8
SHORTEST_CODE_IN_TEXT = 4  # signs: a shorter one is found in any text
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
SEPARATORS = re.compile(r"[;,|\n]")


def shown_texts(texts: Sequence[str]) -> str:
    """Return a user's texts as they are shown and chosen by: without what was withheld."""
    return ", ".join(text for text in texts if text != WITHHELD)


@dataclass
class Meant:
    """What one text stands for: places in the register, by whose word, and codes that are no match but may be meant."""

    places: frozenset[int] = frozenset()
    chosen: bool = False
    exact: bool = False
    near: tuple[int, ...] = ()


class TextMatcher:
    """Matches texts to the schools of one register."""

    def __init__(self, register: Register, remembered: Mapping[str, int], said: Mapping[str, str]) -> None:
        """`remembered`: folded text -> school id. `said`: text -> school code, for this file alone.

        Raises Refused (`mapping_invalid`) when `said` names no school, or holds an address.
        """
        self.register = register
        self._chosen = {
            text: place for text, i in remembered.items() if (place := register.place_of_id.get(i)) is not None
        }
        for text, code in said.items():
            if "@" in text:
                raise Refused("mapping_invalid", _("A text in the mapping holds an e-mail address: leave it out."))
            if code not in register.place_of_code:
                message = _("“{code}” in the mapping is not the code of a school.").format(code=code)
                raise Refused("mapping_invalid", message)
            self._chosen[fold(text)] = register.place_of_code[code]
        self._enrolled = (register.joined != NEVER).tolist()
        self._known: dict[str, Meant] = {}

    def meant(self, way: Way, texts: Sequence[str]) -> dict[str, Meant]:
        """Return what each of a user's texts means: the whole of them where that was chosen, else each one."""
        whole = shown_texts(texts)
        if whole and fold(whole) in self._chosen:
            return {whole: self._meant(whole)}
        found: dict[str, Meant] = {}
        for text in self._single(way, texts):
            if text != WITHHELD and text not in found:
                found[text] = self._meant(text)
        return found

    def _single(self, way: Way, texts: Sequence[str]) -> Iterator[str]:
        for text in texts:
            if way is Way.DOMAIN:
                yield self._chosen_part_of_domain(text)
            elif fold(text) in self._chosen:
                yield text
            else:
                yield from (part.strip() for part in SEPARATORS.split(text) if part.strip())

    def _chosen_part_of_domain(self, domain: str) -> str:
        """Return the nearest domain above this one for which a school was chosen, else the domain itself."""
        labels = domain.split(".")
        above = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((part for part in above if fold(part) in self._chosen), domain)

    def _meant(self, text: str) -> Meant:
        if text not in self._known:
            self._known[text] = self._look_up(text)
        return self._known[text]

    def _look_up(self, text: str) -> Meant:
        if (place := self._chosen.get(fold(text))) is not None:
            return Meant(frozenset({place}), chosen=True)
        if (place := self.register.place_of_code.get(text)) is not None and self._enrolled[place]:
            return Meant(frozenset({place}), exact=True)
        places = self._codes_in(text)
        enrolled = [place for place in places if self._enrolled[place]]
        if not enrolled:
            return Meant(near=tuple(places))
        return Meant(frozenset(places))

    def _codes_in(self, text: str) -> list[int]:
        """Return the schools whose whole codes stand in the text; of codes within each other the longest."""
        parts = [(match.start(), match.end()) for match in PARTS.finditer(text)]
        found: list[int] = []
        first = 0
        while first < len(parts):
            for last in range(min(len(parts), first + PARTS_OF_A_CODE) - 1, first - 1, -1):
                place = self._place(text[parts[first][0] : parts[last][1]])
                if place is not None:
                    found.append(place)
                    first = last
                    break
            first += 1
        return list(dict.fromkeys(found))

    def _place(self, code: str) -> int | None:
        if len(code) < SHORTEST_CODE_IN_TEXT or YEAR.fullmatch(code):
            return None
        return self._by_small_letters.get(code.casefold())

    @cached_property
    def _by_small_letters(self) -> dict[str, int]:
        """Places by code in small letters, as domains write them; codes that differ in nothing else are left out."""
        places: dict[str, list[int]] = {}
        for code, place in self.register.place_of_code.items():
            places.setdefault(code.casefold(), []).append(place)
        return {code: several[0] for code, several in places.items() if len(several) == 1}

    def suggestions(self, text: str) -> list[str]:
        """Return the schools that a text without a match may mean, nearest first, as "code (name)"."""
        near = self._known[text].near if text in self._known else ()
        if near:
            return [f"{self.register.codes[place]} ({self.register.names[place]})" for place in near]
        return self._house.suggestions(text, "")

    @cached_property
    def _house(self) -> SchoolMatcher:
        return SchoolMatcher(self.register, {}, {})


@dataclass
class Matched:
    """Users by school, and those of no or several schools by their texts.

    `schools`: the kinds at each place of the register. `unmapped`, `several`: way and text -> number of users, of the
    latter with the places. `nameless`: users without any text, `withheld`: users whose every text names a person.
    `read_as`: texts that decided, with their school and number of users, by a choice or by a code within the text.
    """

    schools: dict[int, list[tuple[Kind, Numbers]]] = field(default_factory=dict)
    unmapped: dict[tuple[Way, str], int] = field(default_factory=dict)
    several: dict[tuple[Way, str], tuple[frozenset[int], int]] = field(default_factory=dict)
    nameless: int = 0
    withheld: int = 0
    read_as: dict[tuple[Way, str, int, bool], int] = field(default_factory=dict)

    def chosen_unless(self, said: Iterable[str]) -> list[str]:
        """Return the texts whose school a choice decided, without those said for this file alone."""
        now = set(map(fold, said))
        return [text for _way, text, _place, chosen in self.read_as if chosen and fold(text) not in now]

    @property
    def users(self) -> int:
        """Users who have a school."""
        return sum(numbers.users for found in self.schools.values() for _kind, numbers in found)

    @property
    def of_several(self) -> int:
        """Users who fit several schools."""
        return sum(count for _places, count in self.several.values())

    @property
    def of_none(self) -> int:
        """Users who fit no school."""
        return sum(self.unmapped.values()) + self.nameless + self.withheld


def match_users(kinds: Mapping[Kind, Numbers], matcher: TextMatcher, by: Way | None) -> Matched:
    """Return the users by school. Where no way was chosen, all of them must agree as far as they say anything."""
    ways = [by] if by else list(Way)
    matched = Matched()
    for kind, numbers in kinds.items():
        meant = {way: matcher.meant(way, kind.texts(way)) for way in ways}
        places = frozenset().union(*(one.places for found in meant.values() for one in found.values()))
        if len(places) == 1:
            place = next(iter(places))
            matched.schools.setdefault(place, []).append((kind, numbers))
            for way, found in meant.items():
                for text, one in found.items():
                    if one.places and not one.exact:
                        key = (way, text, place, one.chosen)
                        matched.read_as[key] = matched.read_as.get(key, 0) + numbers.users
            continue
        _without_school(matched, kind, numbers, ways, places)
    return matched


def _without_school(
    matched: Matched, kind: Kind, numbers: Numbers, ways: Sequence[Way], places: frozenset[int]
) -> None:
    way, text = next(((way, shown) for way in ways if (shown := shown_texts(kind.texts(way)))), (ways[0], ""))
    if places:
        before = matched.several.get((way, text), (frozenset(), 0))
        matched.several[way, text] = (before[0] | places, before[1] + numbers.users)
    elif text:
        matched.unmapped[way, text] = matched.unmapped.get((way, text), 0) + numbers.users
    elif any(kind.texts(way) for way in ways):
        matched.withheld += numbers.users
    else:
        matched.nameless += numbers.users


def report_matches(matched: Matched, matcher: TextMatcher) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield (finding's code, column, value, details): who has no school first, then what was read as which."""
    register = matcher.register
    most_first = sorted(matched.unmapped.items(), key=lambda entry: (-entry[1], entry[0]))
    for number, ((way, text), count) in enumerate(most_first):
        suggestions = matcher.suggestions(text) if number < SUGGESTED_FOR else []
        yield "unmapped_users", way.value, text, {"count": count, "suggestions": suggestions}
    for (way, text), (places, count) in sorted(matched.several.items(), key=lambda entry: entry[0]):
        schools = [register.codes[place] for place in sorted(places)[:5]]
        yield "users_of_several_schools", way.value, text, {"count": count, "schools": schools}
    if matched.nameless:
        yield "unmapped_users_blank", "", "", {"count": matched.nameless}
    if matched.withheld:
        yield "unmapped_users_withheld", "", "", {"count": matched.withheld}
    for (way, text, place, chosen), count in sorted(matched.read_as.items()):
        code = "school_choice_applied" if chosen else "school_code_in_text"
        details: dict[str, Any] = {"school": register.codes[place], "name": register.names[place]}
        yield code, way.value, text, details if chosen else {**details, "count": count}
