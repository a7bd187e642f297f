"""The checker as one file of HTML: page, script, style and what it carries, and no address of anything else."""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session

from access.identity import Identity
from access.language import DEFAULT_LANGUAGE
from data_model.registry import Initiative
from intake.checker.languages import languages
from intake.checker.rules import rules
from intake.checker.script import FOLDER, bundle
from intake.checker.snapshot import snapshot

# Nothing is loaded from anywhere and nothing sent. The page's own script runs, and itself again as a worker.
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; worker-src blob:; base-uri 'none'; form-action 'none'"
)


def checker(
    session: Session, initiative: Initiative, *, by: Identity, at: datetime, language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Return the page with which `by` checks files for the initiative offline. Raises NotAllowed."""
    return page({**carried(), "snapshot": snapshot(session, initiative, by=by, at=at), "language": language})


def carried() -> dict[str, Any]:
    """Return what every checker carries: the rules and the words."""
    return {"rules": rules(), "languages": languages()}


def page(carries: dict[str, Any]) -> bytes:
    """Return the page with what it carries."""
    script, style = bundle(), (FOLDER / "page.css").read_text(encoding="utf-8")
    parts = {
        "policy": POLICY.format(script=_hash(script), style=_hash(style)),
        "style": style,
        "script": script,
        # A text of the data never ends the element that it stands in.
        "carried": json.dumps(carries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }
    html = (FOLDER / "page.html").read_text(encoding="utf-8")
    for name, content in parts.items():
        before, after = html.split("{{" + name + "}}")
        html = before + content + after
    return html.encode()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
