"""The page to sign in on: plain HTML, no script, in the reader's language, light or dark as their device is."""

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from access.language import LANGUAGES, _, current

FOLDER = Path(__file__).resolve().parent
STYLE = (FOLDER / "sign_in.css").read_text(encoding="utf-8")
PAGE = Template((FOLDER / "sign_in.html").read_text(encoding="utf-8"))
ADDRESS = "/account/login"
# Longer addresses than our pages make are no addresses of our pages.
LONGEST_RETURN = 2_000

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}


def sign_in_page(*, return_to: str, email: str = "", problem: str = "") -> str:
    """Return the page as HTML, in the current language, with what was typed and what was wrong with it."""
    return PAGE.substitute(
        language=current(),
        style=STYLE,
        title=escape(_("Sign in to Uptake")),
        lead=escape(_("For ministry staff and programme managers. Released figures are open to everyone.")),
        problem=f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else "",
        # Said again at the field, for those who hear the page field by field.
        described='aria-describedby="problem" aria-invalid="true"' if problem else "",
        action=escape(_address(current(), return_to)),
        email_label=escape(_("E-mail")),
        email=escape(email),
        first="" if email else "autofocus",
        second="autofocus" if email else "",
        password_label=escape(_("Password")),
        button=escape(_("Sign in")),
        back=escape(return_to),
        back_label=escape(_("Back without signing in")),
        languages_label=escape(_("Language")),
        languages="".join(_language_link(language, return_to) for language in LANGUAGES),
    )


def safe_return(address: str | None) -> str:
    """Return the address to go back to if it is one of this site, else the start page.

    Browsers read `//host` and `/\\host` as other sites, and drop tabs and line ends wherever they stand.
    """
    if not address or len(address) > LONGEST_RETURN or not address.startswith("/"):
        return "/"
    if address.startswith("//") or "\\" in address or not address.isprintable() or " " in address:
        return "/"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path.startswith(("/account/", "/_stcore/")):
        return "/"
    return address


def _address(language: str, return_to: str) -> str:
    return f"{ADDRESS}?{urlencode({'lang': language, 'next': return_to})}"


def _language_link(language: str, return_to: str) -> str:
    here = ' aria-current="true"' if language == current() else ""
    name = escape(LANGUAGES[language])
    return (
        f'<a href="{escape(_address(language, return_to))}" lang="{language}" hreflang="{language}"{here}>{name}</a> '
    )
