"""How the pages about one's own account look: HTML from what is held, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from access.accounts import SHORTEST_PASSWORD
from access.identity import Identity
from access.language import LANGUAGES, N_, _, current, format_moment
from access.own_account import HeldRole, OpenSession
from access.web.page import ADDRESS, button, field, framed, with_language

OWN = "/account"
ROLE_NAMES = {
    "analyst": N_("Analyst"),
    "manager": N_("Manager"),
    "reviewer": N_("Reviewer"),
    "administrator": N_("Administrator"),
}
# What the page is told to say, by a word in its address. Nothing else can be put there.
NOTICES = {
    "profile": N_("Your name and language are kept."),
    "password": N_("Your password is changed. You are signed out everywhere else."),
    "sessions": N_("You are signed out everywhere else."),
}


@dataclass(frozen=True)
class Shown:
    """What the page about one's own account shows."""

    who: Identity
    name: str
    roles: list[HeldRole]
    sessions: list[OpenSession]
    has_password: bool
    provider: str


def own_page(shown: Shown, *, said: str = "", problem: str = "", wrong: str = "") -> str:
    """Return the page "Your account"; `wrong` is the form that the problem is about."""
    return framed(
        title=_("Your account"),
        lead=shown.who.email,
        content=_profile(shown) + _roles(shown.roles) + _password(shown, wrong=wrong == "password") + _sessions(shown),
        address=OWN,
        back=f"/?lang={current()}",
        back_label=_("Back to Uptake"),
        problem=problem,
        notice=_(NOTICES[said]) if said in NOTICES else "",
        wide=True,
    )


def link_page(path: str, *, email: str, problem: str = "") -> str:
    """Return the page to set a password on, from a link; without an e-mail address the link opens nothing."""
    form = (
        f'<form method="post" action="{escape(with_language(path, current(), {}))}">'
        # For the browser's store of passwords, which asks whose it is.
        f'<input type="email" name="username" value="{escape(email)}" autocomplete="username" hidden>'
        + _new_password(focus=True, wrong=bool(problem))
        + button(_("Set password"))
        + "</form>"
    )
    return framed(
        title=_("Set your password"),
        lead=email or _("This link opens nothing."),
        content=form if email else "",
        address=path,
        back=with_language(ADDRESS, current(), {}),
        back_label=_("Sign in"),
        problem=problem,
    )


def _profile(shown: Shown) -> str:
    spoken = "".join(
        f'<option value="{code}"{" selected" if code == shown.who.language else ""}>{escape(name)}</option>'
        for code, name in LANGUAGES.items()
    )
    label = _("Language")
    inside = (
        '<div class="pair"><div>'
        + field("name", _("Name, as others see it"), kind="text", value=shown.name, complete="name", required=False)
        + f'</div><div><label for="language">{escape(label)}</label>'
        + f'<select id="language" name="language">{spoken}</select></div></div>'
        + button(_("Keep name and language"), quiet=True)
    )
    return _section(_("Name and language"), _form("profile", inside))


def _roles(roles: Iterable[HeldRole]) -> str:
    """What one may do, and where. Nobody changes that here: it says whom to ask."""
    everywhere = _("everywhere")
    rows = [(_(ROLE_NAMES.get(one.role, one.role)), ", ".join(one.places) or everywhere) for one in roles]
    listed = "".join(f"<li>{escape(role)}<small>{escape(where)}</small></li>" for role, where in rows)
    if not listed:
        nothing = _("You hold no role yet. An administrator gives it.")
        return _section(_("What you may do"), f'<p class="hint">{escape(nothing)}</p>')
    return _section(_("What you may do"), f'<ul class="rows">{listed}</ul>')


def _password(shown: Shown, *, wrong: bool) -> str:
    title = _("Password")
    if not shown.has_password:
        told = _("No password opens this account: you sign in with {provider}.")
        text = told.format(provider=shown.provider or _("an identity provider"))
        return _section(title, f'<p class="hint">{escape(text)}</p>')
    inside = (
        f'<input type="email" name="username" value="{escape(shown.who.email)}" autocomplete="username" hidden>'
        + field(
            "present", _("Present password"), kind="password", complete="current-password", focus=wrong, wrong=wrong
        )
        + f'<div class="pair">{_new_password(wrong=wrong)}</div>'
        + button(_("Change password"), quiet=True)
    )
    return _section(title, _form("password", inside))


def _new_password(*, focus: bool = False, wrong: bool = False) -> str:
    hint = _("{count} characters or more. A few words are easy to remember and hard to guess.")
    return (
        "<div>"
        + field(
            "new", _("New password"), kind="password", complete="new-password", focus=focus, wrong=wrong,
            hint=hint.format(count=SHORTEST_PASSWORD),
        )
        + "</div><div>"
        + field("again", _("New password again"), kind="password", complete="new-password", wrong=wrong)
        + "</div>"
    )  # fmt: skip


def _sessions(shown: Shown) -> str:
    """Where one is signed in; which of them is this browser."""
    here, password = _("this browser"), _("with your password")
    provided = _("with {provider}").format(provider=shown.provider or _("an identity provider"))
    lasts = _("Last seen {seen}, ends {ends} at the latest")
    rows = []
    for one in shown.sessions:
        began = _("Since {moment}, {how}").format(
            moment=format_moment(one.started_at), how=provided if one.by_provider else password
        )
        until = lasts.format(seen=format_moment(one.last_seen_at), ends=format_moment(one.expires_at))
        mark = f'<span class="here">{escape(here)}</span>' if one.here else ""
        rows.append(f"<li>{escape(began)}{mark}<small>{escape(until)}</small></li>")
    elsewhere = _form("sessions", button(_("Sign out everywhere else"), quiet=True)) if len(rows) > 1 else ""
    return _section(_("Where you are signed in"), f'<ul class="rows">{"".join(rows)}</ul>{elsewhere}')


def _form(name: str, inside: str) -> str:
    return f'<form method="post" action="{escape(with_language(f"{OWN}/{name}", current(), {}))}">{inside}</form>'


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"
