"""XML elements of the kinds that occur all over an IATI file."""

import re
from decimal import Decimal
from typing import Any

from lxml import etree

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold.
IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = Any  # lxml comes without types


def add(parent: Element, tag: str, text: str | None = None, /, **attributes: str | None) -> Element:
    """Add an element with its attributes (`iso_date` is written iso-date), leaving out those that are None."""
    named = {key.replace("_", "-"): clean(value) for key, value in attributes.items() if value is not None}
    made = etree.SubElement(parent, tag, named)
    if text is not None:
        made.text = clean(text)
    return made


def told(parent: Element, tag: str, text: str, /, **attributes: str | None) -> Element:
    """Add an element that says something in words."""
    made = add(parent, tag, **attributes)
    add(made, "narrative", text)
    return made


def clean(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return IMPOSSIBLE.sub("", text)


def number(value: float | int | Decimal) -> str:
    """Return a number as IATI writes one: no exponent, no separators, no digits that say nothing."""
    written = format(value if isinstance(value, Decimal) else Decimal(str(value)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
