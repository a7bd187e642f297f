"""People on screen: who has an account, inviting somebody, and one person with their grants, links and sessions."""

from datetime import datetime
from math import ceil

import streamlit as st

from access import invitations
from access.administration import people
from access.administration.people import Held, Offered, Person
from access.identity import GrantView, Identity
from access.invitations import Link
from access.language import LANGUAGES, N_, _, format_number, ngettext
from access.permissions import Place
from access.refusal import AccountRefused
from data_model.engine import Session
from data_model.people import Account, Role
from ui import acting, filters, words
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain

ROLES: dict[str, str] = {
    Role.ANALYST: N_("Analyst"),
    Role.MANAGER: N_("Manager"),
    Role.REVIEWER: N_("Reviewer"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
NEW = "new"
_LINK = "people-link"  # a link that was just made: shown in the run after it, and in no other


def show() -> None:
    """Show everybody, or who the address names, or the form of an invitation."""
    _link()
    wanted = filters.address("row")
    if wanted is None:
        _everybody()
        return
    st.button(
        _("Back to: {what}").format(what=_("People")), type="tertiary", icon=":material/arrow_back:", key="to-people",
        on_click=filters.go, kwargs={"row": None},
    )  # fmt: skip
    filters.show("row", wanted)
    if wanted == NEW:
        _invitation()
        return
    with reading() as session:
        try:
            person = people.one(session, asking().who, int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0)
        except AccountRefused as refused:
            st.warning(refused.message)
            return
    _in_full(person)


def _everybody() -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    wanted = filters.address("search") or ""
    st.session_state["people-search"] = wanted
    left.text_input(
        _("Search by name or e-mail address"), key="people-search", icon=":material/search:", max_chars=80,
        on_change=lambda: filters.go(("lines",), search=st.session_state["people-search"].strip() or None),
    )  # fmt: skip
    if wanted:
        filters.show("search", wanted)
    right.button(
        _("Invite somebody"), type="primary", icon=":material/person_add:", key="invite", on_click=filters.go,
        kwargs={"row": NEW},
    )  # fmt: skip
    page = _page()
    with reading() as session:
        found, total = people.listing(session, asking().who, search=wanted, page=page)
    for person in found:
        with st.container(border=True, key=f"lines-person-{person.account_id}", gap="xsmall"):
            st.button(
                plain(" · ".join(part for part in (person.name, person.email) if part)),
                key=f"open-person-{person.account_id}", type="tertiary", icon=":material/person:",
                on_click=filters.go, kwargs={"row": str(person.account_id)},
            )  # fmt: skip
            st.caption(_in_short(person))
    if not found:
        st.write(_("Nobody fits the search."))
    if total > people.PAGE:
        pages = ceil(total / people.PAGE)
        key = f"people-page-{page}"  # the address may turn the page too: then it is another control
        st.pagination(pages, default=min(page, pages), key=key, on_change=_turn, args=(key,))


def _page() -> int:
    """Return which page of the list the address asks for."""
    wanted = filters.address("lines") or "1"
    page = max(int(wanted), 1) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7 else 1
    if page > 1:
        filters.show("lines", str(page))
    return page


def _turn(key: str) -> None:
    filters.go(lines=str(st.session_state[key]))


def _in_short(person: Person) -> str:
    roles = [in_words(held.view) for held in person.grants] or [_("no role")]
    return " · ".join([*(plain(role) for role in roles[:3]), *(["…"] if len(roles) > 3 else []), _state(person)])


def in_words(grant: GrantView) -> str:
    """Return a grant in words: the role, and where it holds."""
    where = [part for part in (grant.initiative_key, grant.area_code, grant.country) if part]
    return _("{role} ({where})").format(role=_(ROLES[grant.role]), where=", ".join(where) or _("everywhere"))


def _state(person: Person) -> str:
    if person.disabled_at is not None:
        return _("disabled since {moment}").format(moment=words.moment(person.disabled_at))
    if not person.can_sign_in:
        return _("invited, has set no password yet")
    if person.last_sign_in is None:
        return _("has never signed in")
    return _("last signed in {moment}").format(moment=words.moment(person.last_sign_in))


def _in_full(person: Person) -> None:
    st.subheader(plain(person.name or person.email), anchor=False)
    known = (person.email, _state(person)) if person.name else (_state(person),)
    st.markdown("  \n".join(plain(part) for part in known))
    st.markdown(bold(_("Roles")))
    if not person.grants:
        st.write(_("None: this person sees what the public sees."))
    for held in person.grants:
        _grant(held)
    with reading() as session:
        offer = people.offered(session, asking().who)
    with st.form("grant", border=True):
        st.markdown(bold(_("Give another role")))
        _limits("grant", offer)
        st.form_submit_button(_("Give this role"), icon=":material/add:", on_click=_give, args=(person.email,))
    if person.may_change:
        _access(person)
    else:
        st.info(
            _("This person holds a role outside of what you administer: only who administers that too can do more."),
            icon=":material/info:",
        )


def _grant(held: Held) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"grant-{held.number}"):
        st.markdown(plain(in_words(held.view)), width="stretch")
        if held.may_revoke:
            st.button(
                _("Take back"), key=f"revoke-{held.number}", icon=":material/remove_circle:", on_click=_revoke,
                args=(held.number,),
            )  # fmt: skip


def _access(person: Person) -> None:
    """Show what can be done about signing in: a link, ending sessions, closing the account and opening it again."""
    st.markdown(bold(_("Signing in")))
    sessions = ngettext("{count} open session", "{count} open sessions", person.open_sessions)
    st.caption(sessions.format(count=format_number(person.open_sessions)))
    number = person.account_id
    with st.container(horizontal=True):
        if person.disabled_at is not None:
            st.button(
                _("Open the account again"), key="enable", icon=":material/lock_open:", on_click=_enable, args=(number,)
            )
            return
        st.button(
            _("Make a link to set a password"), key="make-link", icon=":material/link:", on_click=_make_link,
            args=(number,),
        )  # fmt: skip
        if person.open_sessions:
            st.button(
                _("Sign out everywhere"), key="end-sessions", icon=":material/logout:", on_click=_end_sessions,
                args=(number,),
            )  # fmt: skip
        st.button(_("Disable the account"), key="disable", icon=":material/block:", on_click=_disable, args=(number,))


def _invitation() -> None:
    """Ask whom to invite, as what and where."""
    st.subheader(_("Invite somebody"), anchor=False)
    st.write(
        _("They get an account and a link by which they set a password. The link is shown once, to you: hand it on.")
    )
    with reading() as session:
        offer = people.offered(session, asking().who)
    with st.form("invitation", border=True):
        st.text_input(_("E-mail address"), key="invite-email", max_chars=200)
        st.text_input(_("Name, as others see it"), key="invite-name", max_chars=200)
        st.selectbox(_("Language"), list(LANGUAGES), format_func=lambda code: LANGUAGES[code], key="invite-language")
        _limits("invite", offer)
        st.form_submit_button(_("Make the invitation"), type="primary", icon=":material/person_add:", on_click=_invite)


def _limits(form: str, offer: Offered) -> None:
    """Ask for a role and where it holds."""
    st.selectbox(_("Role"), list(ROLES), format_func=lambda role: _(ROLES[role]), key=f"{form}-role")
    # What gives the most stands last: nobody should choose it by not choosing.
    places = {code: f"{name} ({code})" for code, name in offer.places.items()} | {
        "": _("everywhere") if offer.everywhere else _("where the initiative is")
    }
    initiatives = {"": _("all initiatives there")} | {key: f"{name} ({key})" for key, name in offer.initiatives.items()}
    first = list(places).index(offer.likely_place or "")
    st.selectbox(_("Place"), list(places), first, format_func=lambda code: places[code], key=f"{form}-place")
    st.selectbox(_("Initiative"), list(initiatives), format_func=lambda key: initiatives[key], key=f"{form}-initiative")


def _chosen(form: str) -> tuple[str, str | None, str | None, str | None]:
    """Return the role, country, area and initiative that a form says."""
    place, initiative = st.session_state[f"{form}-place"], st.session_state[f"{form}-initiative"] or None
    country, area = (place, None) if len(place) == 2 else (None, place or None)
    return st.session_state[f"{form}-role"], country, area, initiative


def _invite() -> None:
    role, country, area, initiative = _chosen("invite")
    said = {name: st.session_state[f"invite-{name}"] for name in ("email", "name", "language")}

    def deed(session: Session, who: Identity, at: datetime) -> str:
        link = invitations.invite(
            session, who, role=role, at=at, country=country, area=area, initiative=initiative, **said
        )
        st.session_state[_LINK] = link
        return _("{email} is invited.").format(email=plain(link.email))

    if acting.act(deed):
        filters.go(row=None)


def _make_link(number: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        link = invitations.make_link(session, who, session.get_one(Account, number), at=at)
        st.session_state[_LINK] = link
        return _("A link for {email} is made. An older one does not work any more.").format(email=plain(link.email))

    acting.act(deed)


def _link() -> None:
    """Show the link that was just made, once."""
    link: Link | None = st.session_state.pop(_LINK, None)
    if link is None:
        return
    with st.container(border=True, key="link-once"):
        st.markdown(_("The link for {email}, which is **shown only now**:").format(email=plain(link.email)))
        st.code(link.address, language=None, wrap_lines=True)
        st.caption(
            _(
                "It works once, until {moment}. Whoever has it can sign in as this person: send it to nobody else."
            ).format(moment=words.moment(link.expires_at))
        )


def _give(email: str) -> None:
    role, country, area, initiative = _chosen("grant")

    def deed(session: Session, who: Identity, at: datetime) -> str:
        people.grant(session, who, email, role, Place(initiative, country), area=area or "", at=at)
        return _("The role is given. It holds from their next click on.")

    acting.act(deed)


def _revoke(number: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        people.revoke(session, who, number, at=at)
        return _("The role is taken back, from their next click on.")

    acting.act(deed)


def _disable(number: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        people.disable(session, who, number, at=at)
        return _("The account is disabled, and its sessions have ended.")

    acting.act(deed)


def _enable(number: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        people.enable(session, who, number, at=at)
        return _("The account is open again.")

    acting.act(deed)


def _end_sessions(number: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        ended = people.end_sessions(session, who, number, at=at)
        said = ngettext("{count} session has ended.", "{count} sessions have ended.", ended)
        return said.format(count=format_number(ended))

    acting.act(deed)
