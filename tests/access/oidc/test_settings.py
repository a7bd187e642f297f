"""What the environment says about the identity provider, and the rules for roles: read, and refused when wrong."""

import pytest
from joserfc.jwk import ECKey

from access.oidc import rules
from access.oidc.discovery import KEPT_SECONDS, KEYS_AGAIN_SECONDS, Discovery, DiscoveryFailed
from access.oidc.settings import provider
from access.settings import SettingRefused
from data_model.people import Role

ISSUER = "https://login.example.gov/realms/ministry"
KEY = ECKey.generate_key("P-256", private=False).as_dict(private=False)
GIVEN = {
    "UPTAKE_OIDC_ISSUER": ISSUER, "UPTAKE_OIDC_CLIENT_ID": "uptake", "UPTAKE_OIDC_CLIENT_SECRET": "very secret",
    "UPTAKE_OIDC_ROLES": "/Staff/ICT -> analyst country=KZ\nboss -> administrator;;",
}  # fmt: skip


@pytest.fixture
def given(monkeypatch):
    def given(**other: str) -> None:
        for name, value in {**GIVEN, **other}.items():
            monkeypatch.setenv(name, value)

    return given


def test_without_an_issuer_there_is_no_provider():
    assert provider() is None


def test_a_provider_is_read_with_its_defaults_and_shows_its_secret_nowhere(given):
    given()
    found = provider()
    assert (found.name, found.roles_claim, found.verified_claim) == ("login.example.gov", "groups", "email_verified")
    assert not found.new_accounts and found.scopes == "openid email profile" and "very secret" not in repr(found)
    assert [(rule.value, rule.role, rule.country) for rule in found.rules] == [
        ("/Staff/ICT", Role.ANALYST, "KZ"), ("boss", Role.ADMINISTRATOR, None),
    ]  # fmt: skip
    given(UPTAKE_OIDC_DOMAINS="Example.GOV, edu.example.gov")
    assert provider().speaks_for("anna@example.gov") and not provider().speaks_for("anna@evil-example.gov")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UPTAKE_OIDC_ISSUER", "http://login.example.gov"),
        ("UPTAKE_OIDC_ISSUER", "login.example.gov"),
        ("UPTAKE_OIDC_CLIENT_ID", ""),
        ("UPTAKE_OIDC_CLIENT_SECRET", " "),
        ("UPTAKE_OIDC_SCOPES", "email"),
        ("UPTAKE_OIDC_NAME", "x" * 61),
        ("UPTAKE_OIDC_NEW_ACCOUNTS", "yes"),
        ("UPTAKE_OIDC_ROLES", "staff analyst"),
        ("UPTAKE_OIDC_ROLES", "staff -> king"),
        ("UPTAKE_OIDC_ROLES", "-> analyst"),
        ("UPTAKE_OIDC_ROLES", "staff -> analyst country"),
        ("UPTAKE_OIDC_ROLES", "staff -> analyst country=KZ country=EE"),
        ("UPTAKE_OIDC_ROLES", "staff -> analyst school=1"),
        ("UPTAKE_OIDC_ROLES", "s" * 300 + " -> analyst"),
    ],
)
def test_a_setting_that_cannot_be_is_told_at_the_start(given, name, value):
    given(**{name: value})
    with pytest.raises(SettingRefused) as refused:
        provider()
    assert name in str(refused.value) and "very secret" not in str(refused.value)


def test_a_claim_is_found_by_its_whole_name_or_by_its_way():
    keycloak = {"realm_access": {"roles": ["staff", 7]}, "https://example.gov/roles": "boss", "groups": None}
    assert rules.values_of(keycloak, "realm_access.roles") == {"staff"}
    assert rules.values_of(keycloak, "https://example.gov/roles") == {"boss"}
    assert rules.values_of(keycloak, "groups") == rules.values_of(keycloak, "realm_access") == frozenset()


def test_what_a_provider_says_of_itself_is_kept_and_must_be_about_itself(given):
    given()
    said = {"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in ("authorization_endpoint", "token_endpoint")}}
    said["jwks_uri"] = f"{ISSUER}/keys"
    asked, moment = [], [0.0]

    def fetch(address):
        asked.append(address)
        return {"keys": [KEY]} if address.endswith("keys") else said

    def discovery():
        return Discovery(provider(), fetch, lambda: moment[0])

    kept = discovery()
    for _each in range(3):
        kept.metadata(), kept.keys(), kept.keys(anew=True)
    assert len(asked) == 2, "forged tokens do not make the server ask again and again"
    moment[0] += KEYS_AGAIN_SECONDS + 1
    kept.keys(), kept.keys(anew=True)
    assert len(asked) == 3
    moment[0] += KEPT_SECONDS + 1
    kept.keys()
    assert len(asked) == 5
    for wrong in ({"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://login.example.gov/token"},
                  {"jwks_uri": 7}, {"userinfo_endpoint": "http://10.0.0.1/"}):  # fmt: skip
        sound = dict(said)
        said.update(wrong)
        with pytest.raises(DiscoveryFailed):
            discovery().metadata()
        said.clear()
        said.update(sound)
