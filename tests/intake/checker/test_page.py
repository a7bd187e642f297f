"""The checker's file: whole in itself, closed to the network, in every language, and one with the Python modules."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from access.language import LANGUAGES
from intake.checker import patterns, script
from intake.checker.page import carried, page
from intake.checker.words import WORDS
from intake.findings import KINDS

MODULES = {path.stem: path.read_text(encoding="utf-8") for path in script.FOLDER.glob("*.js")}
HTML = (script.FOLDER / "page.html").read_text(encoding="utf-8")


class Elements(HTMLParser):
    """The page's elements, and the texts of its scripts and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.found.append((tag, attributes))
        if tag in ("script", "style"):
            self.open = attributes.get("id") or tag
            assert self.open not in self.texts, f"two of {self.open}"
            self.texts[self.open] = ""

    def handle_endtag(self, tag: str) -> None:
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open] += data


@pytest.fixture(scope="module")
def html() -> Elements:
    snapshot: dict[str, Any] = {"name": "</script><img src=x>", "schools": {"names": ["<!-- школа", "a & b"]}}
    return Elements(page({**carried(), "snapshot": snapshot, "language": "en"}).decode())


def test_nothing_is_loaded_from_elsewhere(html):
    for tag, attributes in html.found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base"), tag
        assert not {"src", "href", "action", "style", "onclick", "onload"} & attributes.keys(), (tag, attributes)
    for text in (html.texts["script"], html.texts["style"]):
        assert not re.search(r"https?://|@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\beval\(", text)


def test_its_policy_lets_run_what_it_carries_and_nothing_else(html):
    policy = next(attributes["content"] for tag, attributes in html.found if attributes.get("http-equiv"))
    assert (
        policy and policy.startswith("default-src 'none';") and "unsafe" not in policy and "connect-src" not in policy
    )
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(html.texts[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_no_name_in_the_data_ends_the_element_it_stands_in(html):
    held = json.loads(html.texts["carried"])
    assert held["snapshot"]["name"] == "</script><img src=x>"
    assert "<" not in html.texts["carried"]


def test_every_finding_and_every_word_is_there_in_every_language(html):
    held = json.loads(html.texts["carried"])["languages"]
    assert set(held) == set(LANGUAGES)
    for texts in held.values():
        assert set(texts["findings"]) == set(KINDS) and set(texts["words"]) == set(WORDS)


def test_each_word_is_used_and_each_used_word_is_there():
    used = set(re.findall(r'data-word="(\w+)"', HTML))
    code = "\n".join(MODULES[name] for name in ("page", "session", "check"))
    named = {word for word in WORDS if re.search(rf"""(["'`.]){word}\b""", code)}
    made = {word for word in WORDS if re.match(r"(how|role|layout)_", word)}
    assert used <= set(WORDS) and set(re.findall(r"\bwords\.(\w+)", code)) <= set(WORDS)
    assert set(re.findall(r'\bword\("(\w+)"', code)) <= set(WORDS)
    assert used | named | made == set(WORDS)


def test_each_constant_that_the_script_takes_is_exported():
    exported = carried()["rules"]
    for name, source in MODULES.items():
        for module, constants in re.findall(r"const \{([^}]*)\} = rules\.(\w+)", source):
            wanted = {constant.strip() for constant in module.split(",") if constant.strip()}
            assert wanted <= exported[constants].keys(), (name, constants)
        for module, constant in re.findall(r"\brules\.(\w+)\.([A-Z][A-Z0-9_]+)", source):
            assert constant in exported[module], (name, module, constant)


def test_the_script_is_its_modules_without_an_import():
    bundled = script.bundle()
    assert not re.search(r"^(import|export) ", bundled, re.MULTILINE) and "</script" not in bundled
    assert set(re.findall(r"^const module_(\w+) = ", bundled, re.MULTILINE)) == set(MODULES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [(r"[^\W\d_]+", r"[\p{L}\p{Nl}\p{No}]+"), (r"(?P<a>x)(?P=a)", r"(?<a>x)\k<a>"), (r"a.b", r"a[^\n]b"),
     (r"[.]\.", r"[.]\."), (r"[\"']", "[\"']"), (r"(?<!\w)ж", r"(?<![\p{L}\p{N}_])ж")],
)  # fmt: skip
def test_pythons_patterns_are_written_as_javascript_writes_them(written, meant):
    assert patterns.in_javascript(re.compile(written)) == {"source": meant, "flags": "u"}


def test_a_pattern_of_bytes_keeps_to_latin_letters():
    found = patterns.in_javascript(re.compile(rb"\s*<[\x80-\xff]", re.IGNORECASE | re.DOTALL))
    assert found == {"source": r"[ \t\n\r\f\v]*<[\x80-\xff]", "flags": "uis"}
