"""What people and files wrote is shown as written, whatever signs it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.text import link, plain


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
