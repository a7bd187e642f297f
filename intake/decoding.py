"""From bytes to text: which encoding a file is in. The same bytes always give the same answer.

Byte-order marks and valid UTF-8 speak for themselves. Otherwise the file is in one of the eight-bit encodings of the
field, and the one is taken in which its words look like words.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows-1251 first: it wins a tie. KZ-1048 is its Kazakh sister, with the letters ә ғ қ ң ө ұ ү һ.
CYRILLIC = ("windows-1251", "kz1048", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
# In Greek countries the Greek ones come before them, elsewhere after them.
GREEK = ("windows-1253", "iso8859-7")
WESTERN = ("windows-1252", "windows-1250", "windows-1254", "windows-1257")
EIGHT_BIT = (*CYRILLIC, *GREEK, *WESTERN)
KAZAKH_COUNTRIES, GREEK_COUNTRIES = ("KZ",), ("GR", "CY")
SAMPLE = 1_000_000  # bytes looked at: enough words, whatever the file's size
COMMON = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэ")
KAZAKH = frozenset("әғқңөұүһі")
RUSSIAN_AND_KAZAKH = COMMON | KAZAKH | frozenset("ёфъ")
GREEK_LETTERS = frozenset("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ")
# The letters beyond ASCII of each language by the encoding it is written in; the first encoding wins a tie.
LATIN = (
    ("windows-1252", frozenset("àâæçèéêëîïôœùûüÿ")),  # French
    ("windows-1252", frozenset("äöüß")),  # German
    ("windows-1252", frozenset("áéíñóúüªº")),  # Spanish
    ("windows-1252", frozenset("áâãàçéêíóôõúªº")),  # Portuguese
    ("windows-1252", frozenset("àèéìòù")),  # Italian
    ("windows-1252", frozenset("æøåéäö")),  # Danish, Norwegian, Swedish, Finnish
    ("windows-1250", frozenset("áčďéěíňóřšťúůýžäľĺôŕ")),  # Czech, Slovak
    ("windows-1250", frozenset("ąćęłńóśźż")),  # Polish
    ("windows-1250", frozenset("áéíóöőúüű")),  # Hungarian
    ("windows-1250", frozenset("ăâîşţ")),  # Romanian
    ("windows-1250", frozenset("čćđšž")),  # Croatian, Slovene
    ("windows-1254", frozenset("çğıöşüâîû") | {"i̇"}),  # Turkish; the last is İ in lower case
    ("windows-1257", frozenset("ąčęėįšųūž")),  # Lithuanian
    ("windows-1257", frozenset("āčēģīķļņšūž")),  # Latvian
    ("windows-1257", frozenset("äöõüšž")),  # Estonian
)
# Signs beyond ASCII that stand among the words of any language.
SIGNS = frozenset("№«»–—“”„’‘…\u00a0")
WORD_BYTES = re.compile(rb"[0-9A-Za-z\x80-\xff]*[\x80-\xff][0-9A-Za-z\x80-\xff]*")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Decoding:
    """How to decode a file. `problem`: None, `binary`, `unknown_encoding` or `broken_encoding`.

    `broken_line` is the first physical line that holds bytes which are none of the encoding's.
    """

    encoding: str | None
    problem: str | None = None
    broken_line: int | None = None


def recognise_encoding(content: bytes, *, country: str = "") -> Decoding:
    """Return the file's encoding. `country`: where it is from, which says what letters its texts may hold."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _checked(content, encoding)
    if wide := _wide_without_mark(content):
        return _checked(content, wide)
    if b"\0" in content:
        return Decoding(None, "binary")
    if content.isascii() or _decodes(content, "utf-8"):
        return Decoding("utf-8")
    if _mostly_utf8(content):
        return _checked(content, "utf-8")
    return _eight_bit(content, country)


def checked_encoding(content: bytes, encoding: str) -> Decoding:
    """Return the decoding a manager asked for, checked against the bytes."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        return Decoding(None, "unknown_encoding")
    return _checked(content, encoding)


def _checked(content: bytes, encoding: str) -> Decoding:
    if _decodes(content, encoding):
        return Decoding(encoding)
    return Decoding(encoding, "broken_encoding", _first_broken_line(content, encoding))


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether all bytes are the encoding's, looked at in pieces so that no copy of the text is made."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    view = memoryview(content)
    try:
        for start in range(0, len(view), CHUNK):
            decoder.decode(view[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _first_broken_line(content: bytes, encoding: str) -> int:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, errors="ignore")
        return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return 1


def _wide_without_mark(content: bytes) -> str | None:
    """Return UTF-16 for text whose every second byte is mostly zero: spreadsheet text without its byte-order mark."""
    head = content[:4000]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    # Digits, delimiters and line ends are in the first 256 signs, whatever the letters are.
    if odd > 0.2 and even < 0.02:
        return "utf-16-le"
    if even > 0.2 and odd < 0.02:
        return "utf-16-be"
    return None


def _mostly_utf8(content: bytes) -> bool:
    """Whether this is UTF-8 with a few broken bytes: read as another encoding, every other letter would be damaged."""
    text = content[:SAMPLE].decode("utf-8", errors="replace")
    broken = text.count("�")
    whole = sum(1 for sign in text if ord(sign) > 127) - broken
    return whole > 4 * broken


def _eight_bit(content: bytes, country: str) -> Decoding:
    words = list(dict.fromkeys(WORD_BYTES.findall(content[:SAMPLE])))
    if not words:
        words = list(dict.fromkeys(WORD_BYTES.findall(content)))
    letters = b"".join(words)
    latin = sum(1 for byte in letters if 64 < byte < 128)
    best, best_score = None, float("-inf")
    for encoding, alphabet in LATIN if latin > len(letters) / 2 else _other_alphabets(country):
        score = _likeness(words, encoding, alphabet)
        if score > best_score and _decodes(content, encoding):
            best, best_score = encoding, score
    return Decoding(best) if best else Decoding(None, "unknown_encoding")


def _other_alphabets(country: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Return the encodings of Cyrillic and Greek letters with the letters, the likelier ones first."""
    cyrillic = [name for name in CYRILLIC if name != "kz1048" or country in KAZAKH_COUNTRIES]
    found = [(name, RUSSIAN_AND_KAZAKH) for name in cyrillic]
    greek = [(name, GREEK_LETTERS) for name in GREEK]
    return [*greek, *found] if country in GREEK_COUNTRIES else [*found, *greek]


def _likeness(words: list[bytes], encoding: str, alphabet: frozenset[str]) -> float:
    """Return how much these words look like words in these letters when read in this encoding."""
    score = 0.0
    for word in words:
        if len(word) == 1:
            # One sign alone says nothing: the dash of one encoding is a letter in another.
            continue
        text = word.decode(encoding, errors="replace")
        for before, sign in zip(" " + text, text, strict=False):
            # A letter in a number is more likely the space between its groups, in another encoding.
            if (sign.isalpha() and before.isdigit()) or (sign.isdigit() and before.isalpha()):
                score -= 2
            if ord(sign) < 128:
                continue
            if sign.lower() in alphabet:
                score += 1
            elif sign not in SIGNS:
                score -= 2
            if before.islower() and sign.isupper():
                score -= 2
    return score
