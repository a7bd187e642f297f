"""The plain pages of the door: HTML without a script, in the reader's language, light or dark as their device is."""

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from access.language import LANGUAGES, _, current

FOLDER = Path(__file__).resolve().parent
STYLE = (FOLDER / "door.css").read_text(encoding="utf-8")
FRAME = Template((FOLDER / "door.html").read_text(encoding="utf-8"))
ADDRESS = "/account/login"
PROVIDER_START = "/account/oidc/start"
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


def framed(
    *,
    title: str,
    lead: str,
    content: str,
    address: str,
    back: str,
    back_label: str,
    carried: dict[str, str] | None = None,
    problem: str = "",
    notice: str = "",
    wide: bool = False,
) -> str:
    """Return a page around `content`, which is HTML; everything else is text. `carried` goes along in its address."""
    return FRAME.substitute(
        language=current(),
        style=STYLE,
        title=escape(title if "Uptake" in title else f"{title} · Uptake"),
        shape="wide" if wide else "narrow",
        heading=escape(title),
        lead=escape(lead),
        notice=f'<p class="notice" role="status">{escape(notice)}</p>' if notice else "",
        problem=f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else "",
        content=content,
        back=escape(back),
        back_label=escape(back_label),
        languages_label=escape(_("Language")),
        languages="".join(_language_link(language, address, carried or {}) for language in LANGUAGES),
    )


def sign_in_page(
    *, return_to: str, email: str = "", problem: str = "", wrong: bool = False, notice: str = "", provider: str = ""
) -> str:
    """Return the page to sign in on, in the current language, with what was typed and whether that was `wrong`.

    Where an identity provider is asked too, its button comes first: there most people have their password already.
    """
    carried = {"next": return_to}
    form = (
        f'<form method="post" action="{escape(with_language(ADDRESS, current(), carried))}">'
        + field(
            "username", _("E-mail"), kind="email", value=email, complete="username",
            focus=not provider and not email, wrong=wrong,
        )
        + field(
            "password", _("Password"), kind="password", complete="current-password",
            focus=bool(email), wrong=wrong,
        )
        + button(_("Sign in"), quiet=bool(provider))
        + "</form>"
    )  # fmt: skip
    return framed(
        title=_("Sign in to Uptake"),
        lead=_("For ministry staff and programme managers. Released figures are open to everyone."),
        content=_way_to(provider, carried) + form,
        address=ADDRESS,
        carried=carried,
        back=return_to,
        back_label=_("Back without signing in"),
        problem=problem,
        notice=notice,
    )


def field(
    name: str, label: str, *, kind: str, value: str = "", complete: str = "off", focus: bool = False,
    wrong: bool = False, hint: str = "", required: bool = True,
) -> str:  # fmt: skip
    """Return a labelled field. One that is `wrong` names the problem above, for those who hear the page by field."""
    described = [*(["problem"] if wrong else []), *([f"{name}-hint"] if hint else [])]
    marks = [
        f'value="{escape(value)}"' if value else "",
        "required" if required else "",
        "autofocus" if focus else "",
        f'aria-describedby="{" ".join(described)}"' if described else "",
        'aria-invalid="true"' if wrong else "",
    ]
    said = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
    return (
        f'<label for="{name}">{escape(label)}</label>{said}'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" {" ".join(filter(None, marks))}>'
    )


def button(label: str, *, quiet: bool = False) -> str:
    """Return the button that sends a form; a quiet one is not the first thing to do on its page."""
    shape = ' class="quiet"' if quiet else ""
    return f'<button type="submit"{shape}>{escape(label)}</button>'


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


def with_language(address: str, language: str, carried: dict[str, str]) -> str:
    """Return the address of a plain page in a language."""
    return f"{address}?{urlencode({'lang': language, **carried})}"


def _way_to(provider: str, carried: dict[str, str]) -> str:
    """Return the way to sign in at the identity provider, where there is one."""
    if not provider:
        return ""
    label = _("Sign in with {provider}").format(provider=provider)
    other = _("or with e-mail and password")
    address = with_language(PROVIDER_START, current(), carried)
    return (
        f'<a class="button" href="{escape(address)}">{escape(label)}</a><p class="or"><span>{escape(other)}</span></p>'
    )


def _language_link(language: str, address: str, carried: dict[str, str]) -> str:
    here = ' aria-current="true"' if language == current() else ""
    name, address = escape(LANGUAGES[language]), with_language(address, language, carried)
    return f'<a href="{escape(address)}" lang="{language}" hreflang="{language}"{here}>{name}</a> '
