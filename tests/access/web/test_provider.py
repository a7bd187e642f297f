"""Signing in at an identity provider, as a browser does it, against a real one that runs beside the tests."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import col, select
from starlette.applications import Starlette

from access import audit
from access.accounts import add_account, add_grant, disable_account
from access.identity import identity_of_email
from access.oidc import rules
from access.oidc.discovery import Discovery
from access.oidc.refusal import REASONS
from access.oidc.settings import Provider
from access.sessions import COOKIE, account_for
from access.web import provider as way
from access.web import sign_in
from data_model.engine import make_engine, open_session
from data_model.people import Account, AuditEvent, Grant, ProviderIdentity, SignInSession
from tests.access.oidc.provider import CLIENT_ID, CLIENT_SECRET, Ministry, running_provider
from tests.access.web.asgi import Answer, Client
from tests.factories import make_world

NOW = datetime.now(UTC)
EMAIL, SUBJECT = "anna@example.org", "f81d4fae"
RULES = "staff -> analyst country=KZ; managers -> manager country=KZ initiative=kz-chatgpt-edu"


class Browser:
    """A browser that signs in at the provider and keeps its cookies."""

    def __init__(self, engine, discovery):
        self.engine, self.at, self.cookies = engine, datetime.now(UTC), {}
        clock = lambda: self.at  # noqa: E731
        self.client = Client(
            Starlette(routes=[*sign_in.routes(engine, clock, "Ministry"), *way.routes(engine, discovery, clock)])
        )

    def get(self, address: str, **cookies: str) -> Answer:
        kept = "; ".join(f"{name}={value}" for name, value in (self.cookies | cookies).items())
        answer = self.client.get(address, cookie=kept, accept_language="en")
        for name, cookie in answer.cookies.items():
            self.cookies[name] = cookie.value
        return answer

    def set_out(self, ministry: Ministry, subject: str = SUBJECT, query: str = "") -> str:
        """Go to the provider, sign in there, and return where it sends the browser to."""
        answer = self.get(f"/account/oidc/start{query}")
        assert answer.status == 303, answer.text
        back = urlsplit(ministry.send_back(answer.header("location"), subject))
        return f"{back.path}?{back.query}"

    def sign_in(self, ministry: Ministry, subject: str = SUBJECT, query: str = "") -> Answer:
        return self.get(self.set_out(ministry, subject, query))

    @property
    def who(self):
        with open_session(self.engine) as session:
            return account_for(session, self.cookies.get(COOKIE), self.at)


@pytest.fixture(scope="module")
def running() -> Iterator[Ministry]:
    with running_provider() as ministry:
        yield ministry


@pytest.fixture
def ministry(running) -> Ministry:
    running.spoil, running.forged, running.algorithm, running.broken = None, False, "RS256", False
    running.knows(SUBJECT, email=EMAIL, email_verified=True, name="Anna", groups=["staff", "cooks"])
    return running


@pytest.fixture
def provider(ministry) -> Provider:
    return Provider(
        issuer=ministry.issuer, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Ministry",
        scopes="openid email profile", roles_claim="groups", rules=rules.parse("RULES", RULES), new_accounts=True,
        verified_claim="email_verified", domains=frozenset(),
    )  # fmt: skip


@pytest.fixture
def engine(sqlite_url) -> Iterator[Engine]:
    opened = make_engine(sqlite_url)
    with open_session(opened, write=True) as session:
        make_world(session)
        session.commit()
    yield opened
    opened.dispose()


@pytest.fixture
def browser(engine, provider) -> Browser:
    return Browser(engine, Discovery(provider))


def account_of(session, email=EMAIL) -> Account | None:
    return session.exec(select(Account).where(Account.email == email)).one_or_none()


def held(engine, email=EMAIL) -> list[tuple[str, str | None]]:
    with open_session(engine) as session:
        return [(grant.role, grant.initiative_key) for grant in identity_of_email(session, email).grants]


def is_refused(answer: Answer, reason: str, browser: Browser) -> None:
    """The browser is sent to the sign-in page, which says why in words, and nobody is signed in."""
    assert answer.status == 303
    assert parse_qs(urlsplit(answer.header("location")).query)["said"] == [reason]
    shown = browser.get(answer.header("location"))
    assert shown.status == 200 and REASONS[reason] in unescape(shown.text) and "Traceback" not in shown.text
    assert not browser.who.signed_in


def test_signing_in_at_the_provider_makes_an_account_with_the_roles_of_the_rules(browser, ministry, engine):
    answer = browser.sign_in(ministry, query="?next=/review&lang=ru")
    assert answer.status == 303 and answer.header("location") == "/review?lang=ru"
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert (browser.who.email, browser.who.name) == (EMAIL, "Anna") and held(engine) == [("analyst", None)]
    assert answer.cookies[way.JOURNEY_COOKIE].value == "", "what tied the answer to the browser is forgotten"
    with open_session(engine) as session:
        account = account_of(session)
        assert account.password_hash == "", "no password opens it"
        assert session.exec(select(SignInSession.provider)).all() == [ministry.issuer]
        actions = [event.action for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()]
        assert actions[-4:] == ["account_added", "provider_joined", "grant_added", "signed_in"]
        assert audit.verify(session).intact


def test_the_way_there_carries_state_nonce_and_a_challenge_and_its_cookie_is_bound_to_it(browser):
    answer = browser.get("/account/oidc/start")
    asked = parse_qs(urlsplit(answer.header("location")).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost:8501/account/oidc/callback"]
    assert len(asked["state"][0]) >= 43 and len(asked["nonce"][0]) >= 43
    cookie = answer.cookies[way.JOURNEY_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/account/oidc")


def _without(name):
    return lambda claims: {key: value for key, value in claims.items() if key != name}


HOUR = 3600
MOMENT = int(NOW.timestamp())
# What is wrong with a token, and what the log says of it.
SPOILT = {
    "another nonce": (lambda claims: claims | {"nonce": "another"}, "'InvalidClaimError' nonce"),
    "no nonce": (_without("nonce"), "'MissingClaimError' nonce"),
    "another audience": (lambda claims: claims | {"aud": "another"}, "'InvalidClaimError' aud"),
    "another audience, though for us": (lambda claims: claims | {"aud": "another", "azp": CLIENT_ID}, "aud"),
    "two audiences": (lambda claims: claims | {"aud": [CLIENT_ID, "another"]}, "'MissingClaimError' azp"),
    "another issuer": (lambda claims: claims | {"iss": "https://elsewhere.example"}, "'InvalidClaimError' iss"),
    "expired": (lambda claims: claims | {"exp": MOMENT - HOUR, "iat": MOMENT - 2 * HOUR}, "'ExpiredTokenError'"),
    "of tomorrow": (lambda claims: claims | {"iat": MOMENT + 24 * HOUR}, "'InvalidClaimError' iat"),
    "without an end": (_without("exp"), "'MissingClaimError' exp"),
    "of nobody": (_without("sub"), "'MissingClaimError' sub"),
    "of a name too long to keep": (lambda claims: claims | {"sub": "x" * 300}, "'InvalidClaimError' sub"),
    "of another access token": (lambda claims: claims | {"at_hash": "another"}, "'InvalidClaimError' at_hash"),
}


def test_a_token_that_does_not_fit_signs_nobody_in(browser, ministry, caplog):
    for fault, (ministry.spoil, told) in SPOILT.items():
        caplog.clear()
        is_refused(browser.sign_in(ministry), "provider_answer", browser)
        assert told in caplog.text, fault


def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(browser, ministry, caplog):
    ministry.spoil = dict
    for forged, algorithm in ((True, "RS256"), (False, "HS256"), (False, "none")):
        ministry.forged, ministry.algorithm = forged, algorithm
        with caplog.at_level(logging.DEBUG):
            is_refused(browser.sign_in(ministry), "provider_answer", browser)
    assert "BadSignatureError" in caplog.text and CLIENT_SECRET not in caplog.text and EMAIL not in caplog.text


def test_an_answer_opens_once_and_in_the_browser_that_set_out_only(browser, ministry, engine, provider):
    back = browser.set_out(ministry)
    journey = browser.cookies[way.JOURNEY_COOKIE]
    thief = Browser(engine, Discovery(provider))
    is_refused(thief.get(back), "provider_state", thief)
    thief.get("/account/oidc/start")
    is_refused(thief.get(back), "provider_state", thief)
    assert browser.get(back).cookies[COOKIE].value
    # The same way again, with all that the browser had and with a code that is fresh.
    thief.cookies = {way.JOURNEY_COOKIE: journey}
    is_refused(thief.get(back), "provider_answer", thief)
    state = parse_qs(urlsplit(back).query)["state"][0]
    with open_session(engine, write=True) as session:
        assert not way.admission.use_up(session, state, at=NOW, lasts=way.LASTS)


def test_a_way_that_took_too_long_or_was_changed_leads_nowhere(browser, ministry):
    back = browser.set_out(ministry)
    journey = browser.cookies[way.JOURNEY_COOKIE]
    # Not its last sign: some of the bits of that one say nothing.
    browser.cookies[way.JOURNEY_COOKIE] = journey[:-5] + ("A" if journey[-5] != "A" else "B") + journey[-4:]
    is_refused(browser.get(back), "provider_state", browser)
    browser.cookies[way.JOURNEY_COOKIE] = journey
    browser.at += way.LASTS
    is_refused(browser.get(back), "provider_state", browser)


def test_who_turns_back_at_the_provider_is_told_so(browser):
    answer = browser.get("/account/oidc/start")
    state = parse_qs(urlsplit(answer.header("location")).query)["state"][0]
    is_refused(browser.get(f"/account/oidc/callback?error=access_denied&state={state}"), "provider_denied", browser)


def test_an_answer_that_another_provider_says_is_its_own_is_refused(browser):
    answer = browser.get("/account/oidc/start")
    state = parse_qs(urlsplit(answer.header("location")).query)["state"][0]
    mixed_up = f"/account/oidc/callback?code=x&iss=https%3A%2F%2Felsewhere.example&state={state}"
    is_refused(browser.get(mixed_up), "provider_answer", browser)


def test_an_address_that_is_not_verified_opens_no_account(browser, ministry, engine):
    with open_session(engine, write=True) as session:
        add_account(session, email=EMAIL, password=None, at=NOW)
        session.commit()
    for verified in (False, None, "false", 0):
        ministry.knows(SUBJECT, email=EMAIL, email_verified=verified, groups=["staff"])
        is_refused(browser.sign_in(ministry), "provider_email", browser)
    with open_session(engine) as session:
        assert not session.exec(select(ProviderIdentity)).all()
        refused = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert (refused.action, refused.details["reason"]) == ("provider_sign_in_refused", "provider_email")
        assert EMAIL not in str(refused.model_dump()), "of a stranger nothing is kept"


def test_a_provider_is_believed_about_its_own_domains_only(browser, ministry, engine, provider):
    browser = Browser(engine, Discovery(replace(provider, domains=frozenset({"ministry.example"}))))
    is_refused(browser.sign_in(ministry), "provider_email", browser)
    ministry.knows("other", email="Anna@Ministry.example", email_verified=True)
    assert browser.sign_in(ministry, "other").cookies[COOKIE].value


def test_who_has_no_account_is_let_in_only_where_the_settings_say_so(engine, ministry, provider):
    browser = Browser(engine, Discovery(replace(provider, new_accounts=False)))
    is_refused(browser.sign_in(ministry), "provider_unknown", browser)
    with open_session(engine, write=True) as session:
        add_account(session, email=EMAIL, password=None, at=NOW)
        session.commit()
    assert browser.sign_in(ministry).cookies[COOKIE].value


def test_an_account_is_joined_to_one_person_and_follows_them_not_the_address(browser, ministry, engine, provider):
    browser.sign_in(ministry)
    # The address goes to a new colleague: they do not come into the account of the old one.
    ministry.knows("new-colleague", email=EMAIL, email_verified=True)
    stranger = Browser(engine, Discovery(provider))
    is_refused(stranger.sign_in(ministry, "new-colleague"), "provider_other_person", stranger)
    # Who had it keeps their account under the address they are known by, whatever the provider says of it now.
    ministry.knows(SUBJECT, email="anna.new@example.org", email_verified=False, groups=["staff"])
    again = Browser(engine, Discovery(provider))
    again.sign_in(ministry)
    assert again.who.email == EMAIL and again.who.account_id == browser.who.account_id


def test_a_disabled_account_stays_closed_and_the_refusal_is_recorded(browser, ministry, engine):
    browser.sign_in(ministry)
    with open_session(engine, write=True) as session:
        disable_account(session, account_of(session), at=NOW)
        session.commit()
    assert not browser.who.signed_in, "the open session ends at once"
    is_refused(browser.sign_in(ministry), "provider_disabled", browser)
    with open_session(engine) as session:
        refused = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert (refused.subject_key, refused.details["reason"]) == (EMAIL, "provider_disabled")


def test_roles_follow_the_claims_and_what_a_person_gave_stays(browser, ministry, engine):
    with open_session(engine, write=True) as session:
        add_grant(session, add_account(session, email=EMAIL, password=None, at=NOW), "reviewer", at=NOW, country="KZ")
        session.commit()
    ministry.knows(SUBJECT, email=EMAIL, email_verified=True, groups=["staff", "managers"])
    browser.sign_in(ministry)
    assert sorted(held(engine)) == [("analyst", None), ("manager", "kz-chatgpt-edu"), ("reviewer", None)]
    ministry.knows(SUBJECT, email=EMAIL, email_verified=True, groups="managers")
    browser.sign_in(ministry)
    assert sorted(held(engine)) == [("manager", "kz-chatgpt-edu"), ("reviewer", None)]
    ministry.knows(SUBJECT, email=EMAIL, email_verified=True)
    browser.sign_in(ministry)
    assert held(engine) == [("reviewer", None)] == [(grant.role, None) for grant in browser.who.grants]
    with open_session(engine) as session:
        made = {grant.role: grant.rule for grant in session.exec(select(Grant).where(
            Grant.account_id == browser.who.account_id)).all()}  # fmt: skip
    assert made["reviewer"] is None and made["analyst"] == "staff -> analyst country=KZ"


def test_a_rule_that_is_no_longer_configured_gives_nothing(browser, ministry, engine, provider):
    browser.sign_in(ministry)
    Browser(engine, Discovery(replace(provider, rules=()))).sign_in(ministry)
    assert held(engine) == []


def test_a_rule_about_what_is_not_in_the_registry_gives_nothing_and_is_told_the_operator(
    engine, ministry, provider, caplog
):
    unknown = rules.parse("RULES", "staff -> analyst country=XX")
    browser = Browser(engine, Discovery(replace(provider, rules=unknown)))
    assert browser.sign_in(ministry).cookies[COOKIE].value and held(engine) == []
    assert "country=XX" in caplog.text


def test_signing_out_ends_what_the_provider_began_and_a_copy_of_the_cookie_opens_nothing(browser, ministry):
    browser.sign_in(ministry)
    copy = browser.cookies[COOKIE]
    assert browser.who.signed_in
    browser.client.post("/account/logout", cookie=f"{COOKIE}={copy}")
    browser.cookies[COOKIE] = copy
    assert not browser.who.signed_in


def test_signing_in_ends_the_session_that_the_browser_brought(browser, ministry, engine):
    browser.sign_in(ministry)
    planted = browser.cookies[COOKIE]
    browser.sign_in(ministry)
    assert browser.cookies[COOKIE] != planted and browser.who.signed_in
    browser.cookies[COOKIE] = planted
    assert not browser.who.signed_in


def test_the_provider_is_asked_about_itself_once(browser, ministry):
    ministry.asked.clear()
    for _each in range(3):
        browser.sign_in(ministry)
    assert ministry.asked.count("/.well-known/openid-configuration") == 1 and ministry.asked.count("/jwks") == 1


def test_a_provider_that_fails_is_told_in_words_in_the_readers_language(browser, ministry, engine, provider):
    ministry.broken = True
    is_refused(browser.get("/account/oidc/start"), "provider_unreachable", browser)
    gone = Browser(engine, Discovery(replace(provider, issuer="http://127.0.0.1:9")))
    answer = gone.get("/account/oidc/start?lang=kk")
    assert "lang=kk" in answer.header("location") and "said=provider_unreachable" in answer.header("location")


def test_the_page_shows_the_way_to_the_provider_first(browser):
    text = browser.get("/account/login?next=/review&lang=en").text
    assert "Sign in with Ministry" in text
    assert 'href="/account/oidc/start?lang=en&amp;next=%2Freview"' in text
    assert text.index("Sign in with Ministry") < text.index('name="username"')
    assert "<script" not in browser.get("/account/login?said=%3Cscript%3E").text
