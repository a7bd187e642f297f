"""Text of people and files inside Streamlit's Markdown: shown as it was written, whatever signs it holds."""

import re
from html import escape

# A dollar begins a formula, a colon an emoji or a colour, the rest is Markdown or HTML.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$:!&^=])")
_ESCAPED = re.compile(rf"\\{_SIGNS.pattern}")
_BOLD = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")


def plain(text: object) -> str:
    """Return the text so that Markdown shows it as it stands, on one line; nothing for a missing one."""
    if text is None or text != text:
        return ""
    return _SIGNS.sub(r"\\\1", " ".join(str(text).split()))


def heading(title: str) -> str:
    """Return a title in which a name shows as it stands. Its colons stay: with no bracket behind it none does harm."""
    return plain(title).replace("\\:", ":")


def bold(text: str) -> str:
    """Return a text of our own in bold."""
    return f"**{text}**"


def as_html(text: str) -> str:
    """Return a line of Markdown as HTML: what is bold in it, and else as it stands."""
    return _ESCAPED.sub(r"\1", _BOLD.sub(r"<strong>\1</strong>", escape(text)))


def link(text: object, url: object) -> str:
    """Return a Markdown link. Only web addresses become one; anything else is shown as its text."""
    address = str(url or "")
    if not re.match(r"https?://", address):
        return plain(text)
    return f"[{plain(text)}](<{address.replace('>', '%3E').replace('<', '%3C')}>)"
