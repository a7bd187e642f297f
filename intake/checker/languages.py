"""The findings and the page's own words in every language, from the catalogues in locale/."""

from collections.abc import Iterator
from typing import Any

from access.language import LANGUAGES, _, in_language
from data_model.submissions import Severity
from intake import findings
from intake.checker.words import WORDS


def languages() -> dict[str, Any]:
    """Return language -> the texts of the findings by code, the words of formats, and the page's own by key."""
    found = {}
    for language in LANGUAGES:
        with in_language(language):
            found[language] = {
                "findings": {
                    kind.code: {
                        "severity": str(kind.severity),
                        "message": _(kind.message),
                        "what_to_do": _(kind.what_to_do),
                    }
                    for kind in findings.CATALOGUE
                },
                "phrases": {text: _(text) for text in _phrases()},
                "words": {key: _(text) for key, text in WORDS.items()},
            }
    return found


def _phrases() -> Iterator[str]:
    """Yield the texts that findings put into their messages: the other constants beside their catalogue."""
    for name, text in vars(findings).items():
        if name.isupper() and isinstance(text, str) and not isinstance(text, Severity):
            yield text
