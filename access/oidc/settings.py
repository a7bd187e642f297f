"""Which identity provider people sign in at: what the environment says. docs/deployment.md has examples."""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from access.oidc import rules
from access.oidc.rules import Rule
from access.settings import SettingRefused, switched_on

ISSUER = "UPTAKE_OIDC_ISSUER"
CLIENT_ID = "UPTAKE_OIDC_CLIENT_ID"
CLIENT_SECRET = "UPTAKE_OIDC_CLIENT_SECRET"  # the setting's name
NAME = "UPTAKE_OIDC_NAME"
SCOPES = "UPTAKE_OIDC_SCOPES"
ROLES_CLAIM = "UPTAKE_OIDC_ROLES_CLAIM"
ROLES = "UPTAKE_OIDC_ROLES"
NEW_ACCOUNTS = "UPTAKE_OIDC_NEW_ACCOUNTS"
VERIFIED_CLAIM = "UPTAKE_OIDC_VERIFIED_CLAIM"
DOMAINS = "UPTAKE_OIDC_DOMAINS"

LONGEST_ISSUER = 300
LONGEST_NAME = 60
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Provider:
    """An identity provider, and how far it is believed."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)  # no log and no traceback shows it
    name: str
    scopes: str
    roles_claim: str
    rules: tuple[Rule, ...]
    new_accounts: bool
    verified_claim: str
    domains: frozenset[str]

    def speaks_for(self, email: str) -> bool:
        """Return whether the provider is believed about addresses of this domain; where none is named, about all."""
        return not self.domains or email.rpartition("@")[2].lower() in self.domains


def provider() -> Provider | None:
    """Return the provider that the environment names, None where it names none. Raises SettingRefused."""
    issuer = _given(ISSUER)
    if not issuer:
        return None
    if not is_trusted_address(issuer, issuer) or len(issuer) > LONGEST_ISSUER:
        raise SettingRefused(
            f"{ISSUER} is {issuer!r}: write the address, beginning with https://, that it calls itself"
        )
    for name in (CLIENT_ID, CLIENT_SECRET):
        if not _given(name):
            raise SettingRefused(f"{name} is missing: {ISSUER} needs it")
    name = _given(NAME) or str(urlsplit(issuer).hostname)
    if len(name) > LONGEST_NAME:
        raise SettingRefused(f"{NAME} is longer than {LONGEST_NAME} characters: a button has no room for it")
    scopes = _given(SCOPES) or "openid email profile"
    if "openid" not in scopes.split():
        raise SettingRefused(f"{SCOPES} is {scopes!r}: it must contain openid")
    return Provider(
        issuer=issuer,
        client_id=_given(CLIENT_ID),
        client_secret=_given(CLIENT_SECRET),
        name=name,
        scopes=scopes,
        roles_claim=_given(ROLES_CLAIM) or "groups",
        rules=rules.parse(ROLES, os.environ.get(ROLES, "")),
        new_accounts=switched_on(NEW_ACCOUNTS),
        verified_claim=_given(VERIFIED_CLAIM) or "email_verified",
        domains=frozenset(_given(DOMAINS).replace(",", " ").lower().split()),
    )


def is_trusted_address(address: str, issuer: str) -> bool:
    """Return whether an address may be asked: by https, or on this very machine where the issuer is there too."""
    try:
        parts, own = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if parts.scheme == "http":
        return parts.hostname in THIS_MACHINE and own.hostname in THIS_MACHINE
    return parts.scheme == "https" and bool(parts.hostname)


def _given(name: str) -> str:
    return os.environ.get(name, "").strip()
