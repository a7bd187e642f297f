"""Python's regular expressions as JavaScript writes them, so that each pattern stands once."""

import re

# What `\s` and `str.split` take for a space.
SPACES = "".join(chr(code) for code in range(0x110000) if chr(code).isspace())
LETTER, WORD, DECIMAL = r"\p{L}\p{Nl}\p{No}", r"\p{L}\p{N}_", r"\p{Nd}"
# The one way in which letters are written there: a class of what is neither no word nor a decimal digit.
LETTERS = ((r"[^\W\d_]", f"[{LETTER}]"), (r"[^\W\d]", f"[{LETTER}_]"))
TOKEN = re.compile(r"\\.|\[\^?\]?|\]|\(\?P<|\(\?P=\w+\)|\.|[^\\]", re.DOTALL)
FLAGS = ((re.IGNORECASE, "i"), (re.DOTALL, "s"))


def in_javascript(pattern: re.Pattern[str] | re.Pattern[bytes]) -> dict[str, str]:
    """Return the source and the flags of the same expression in JavaScript; bytes as the letters of Latin-1."""
    is_text = isinstance(pattern.pattern, str)
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for written, meant in LETTERS:
        source = source.replace(written, meant)
    within, pieces = False, []
    for token in TOKEN.findall(source):
        pieces.append(_piece(token, within=within, is_text=is_text, dot_all=bool(pattern.flags & re.DOTALL)))
        if token.startswith("[") and not within:
            within = True
        elif token == "]":
            within = False
    return {
        "source": "".join(pieces),
        "flags": "u" + "".join(letter for flag, letter in FLAGS if pattern.flags & flag),
    }


def _piece(token: str, *, within: bool, is_text: bool, dot_all: bool) -> str:
    if token == "(?P<":
        return "(?<"
    if token.startswith("(?P="):
        return rf"\k<{token[4:-1]}>"
    if token == "." and not within and not dot_all:
        return r"[^\n]"
    classes = {r"\w": WORD, r"\s": _escaped(SPACES), r"\d": DECIMAL} if is_text else {r"\s": r" \t\n\r\f\v"}
    if token in classes:
        return classes[token] if within else f"[{classes[token]}]"
    if token in (r"\"", r"\'", "\\-") and not (token == "\\-" and within):
        return token[1]
    return token


def _escaped(signs: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in signs)
