"""Files as accidents leave them: bytes changed, lines moved, delimiters swapped. The same chance, the same damage."""

import random
from collections.abc import Callable

SIGNS = b'\n\r";,\t @\xa0\xff0-'
PIECES = (
    b'"', b";", b",", b"\r\n", b"\n\n", b"\t", b"Total", "Итого".encode(), b"1,234", b"n/a", b"a@b.kz",
    b"\xef\xbb\xbf", b"\0", b"12 %", b"-", b"1.5", b"2026-09", b'""', b"\x1c", "²".encode(),
)  # fmt: skip
SWAPS = (
    (b",", b";"), (b";", b","), (b",", b"\t"), (b",", b"|"), (b".", b","), (b"0", b"O"), (b"1", b"I"), (b"-", b"."),
    (b'"', b"'"),
)  # fmt: skip

Damage = Callable[[random.Random, bytes], bytes]


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Return the content with one kind of damage."""
    ways: tuple[Damage, ...] = (_bytes, _bytes, _gap, _insertion, _moved_lines, _repeated_line, _swap)
    return chance.choice(ways)(chance, content) if content else content


def _bytes(chance: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        changed[chance.randrange(len(changed))] = chance.choice((chance.randrange(256), *SIGNS))
    return bytes(changed)


def _gap(chance: random.Random, content: bytes) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.choice((1, 3, 30)) :]


def _insertion(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(PIECES) + content[at:]


def _moved_lines(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _repeated_line(chance: random.Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"\n".join(lines)


def _swap(chance: random.Random, content: bytes) -> bytes:
    old, new = chance.choice(SWAPS)
    return content.replace(old, new, chance.choice((1, 3, -1)))
