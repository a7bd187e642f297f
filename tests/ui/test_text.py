"""What people and files wrote is shown as written, whatever signs it holds."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.text import as_html, link, plain


@given(st.text())
def test_plain_text_is_never_markdown(text):
    tokens = MarkdownIt("commonmark").parseInline(plain(text))
    kinds = {child.type for token in tokens for child in token.children or []}
    assert kinds <= {"text", "text_special"}


@pytest.mark.parametrize(
    "signs", ["S$300 million and $5", ":smile: :red[x]", "*a* _b_ `c`", "<b>x</b>", "[x](javascript:1)"]
)
def test_signs_that_streamlit_reads_are_escaped(signs):
    escaped = plain(signs)
    for sign in "$:*_`<[":
        assert escaped.count(sign) == escaped.count(f"\\{sign}")


@pytest.mark.parametrize("missing", [None, float("nan"), ""])
def test_a_missing_text_is_nothing(missing):
    assert plain(missing) == ""


def test_only_web_addresses_become_links():
    assert link("A page", "https://example.org/a b") == "[A page](<https://example.org/a b>)"
    assert link("A page", "javascript:alert(1)") == "A page"
    assert link("A page", None) == "A page"


@given(st.text())
def test_as_html_a_text_of_people_is_what_they_wrote(text):
    written = " ".join(text.split())
    assert (
        as_html(f"**{plain('Target')}**: {plain(text)}").rstrip()
        == f"<strong>Target</strong>: {escape(written)}".rstrip()
    )


def test_as_html_bold_is_bold_and_a_tag_is_none():
    assert (
        as_html("Target 5%: **off course** <b>x</b>") == "Target 5%: <strong>off course</strong> &lt;b&gt;x&lt;/b&gt;"
    )
