"""The way to the provider and back: where a browser is sent, and what the provider says about who came back.

State, nonce and PKCE (RFC 7636) tie the answer to the browser that set out. An answer is believed when its signature,
issuer, audience, time and nonce fit (OpenID Connect Core 1.0, section 3.1.3.7).
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from access.oidc.discovery import PATIENCE_SECONDS, Discovery, DiscoveryFailed
from access.oidc.refusal import ProviderRefused
from access.oidc.settings import Provider

# Signed with a key that only the provider has. Never `none`, and never a secret that we hold too.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
SIGNED = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)  # providers add headers of their own
LEEWAY_SECONDS = 60
SECRET_BYTES = 32
LONGEST_SUBJECT = 255  # as OpenID Connect Core 1.0 bounds it

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Secrets:
    """What ties the provider's answer to the browser that set out. The browser keeps them, signed, in a cookie."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def new_secrets() -> Secrets:
    """Return secrets that nobody used before."""
    return Secrets(*(secrets.token_urlsafe(SECRET_BYTES) for _each in range(3)))


def way_there(discovery: Discovery, held: Secrets, *, back_to: str, language: str) -> str:
    """Return the provider's address to send the browser to. Raises ProviderRefused."""
    try:
        endpoint = discovery.metadata()["authorization_endpoint"]
    except DiscoveryFailed as failed:
        _log.warning("identity provider: %s", failed)
        raise ProviderRefused("provider_unreachable") from failed
    with _client(discovery.provider, back_to) as client:
        address, _state = client.create_authorization_url(
            endpoint, state=held.state, nonce=held.nonce, code_verifier=held.verifier, ui_locales=language
        )
    return str(address)


def claims_of(discovery: Discovery, code: str, held: Secrets, *, back_to: str, at: datetime) -> dict[str, Any]:
    """Return what the provider says about the person who came back with this code. Raises ProviderRefused."""
    try:
        token = _token(discovery, code, held, back_to)
        claims = _checked(discovery, token, held, at)
        return _completed(discovery, token, claims)
    except (DiscoveryFailed, requests.RequestException) as failed:
        _log.warning("identity provider: %s", failed if isinstance(failed, DiscoveryFailed) else type(failed).__name__)
        raise ProviderRefused("provider_unreachable") from failed
    except (OAuthError, JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        # What a wrong answer holds is not for the log: it may be somebody's valid token.
        reason = wrong.error if isinstance(wrong, OAuthError) else type(wrong).__name__
        _log.warning("an answer of the identity provider was refused: %.60r %.60s", reason, getattr(wrong, "claim", ""))
        raise ProviderRefused("provider_answer") from wrong


def _token(discovery: Discovery, code: str, held: Secrets, back_to: str) -> Mapping[str, Any]:
    metadata = discovery.metadata()
    ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    with _client(discovery.provider, back_to) as client:
        client.token_endpoint_auth_method = (
            "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        )
        token: Mapping[str, Any] = client.fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=held.verifier,
            allow_redirects=False,
        )
    return token


def _checked(discovery: Discovery, token: Mapping[str, Any], held: Secrets, at: datetime) -> dict[str, Any]:
    """Return the claims of the token's `id_token`. Raises JoseError where anything about it does not fit."""
    provider = discovery.provider
    try:
        read = jwt.decode(token["id_token"], discovery.keys(), registry=SIGNED)
    except InvalidKeyIdError:
        read = jwt.decode(token["id_token"], discovery.keys(anew=True), registry=SIGNED)
    claims = CodeIDToken(
        read.claims,
        read.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": provider.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": held.nonce},
        },
        {"nonce": held.nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
    )
    claims.validate(now=int(at.timestamp()), leeway=LEEWAY_SECONDS)
    if not isinstance(claims["sub"], str) or len(claims["sub"]) > LONGEST_SUBJECT:
        raise InvalidClaimError("sub")
    return dict(claims)


def _completed(discovery: Discovery, token: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims with those that the provider tells on asking only, where one that is needed is missing."""
    provider = discovery.provider
    wanted = {"email", provider.verified_claim, *([provider.roles_claim.partition(".")[0]] if provider.rules else [])}
    endpoint = discovery.metadata().get("userinfo_endpoint")
    if wanted <= claims.keys() or endpoint is None or "access_token" not in token:
        return claims
    answer = requests.get(
        endpoint,
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=PATIENCE_SECONDS,
        allow_redirects=False,
    )
    answer.raise_for_status()
    told = answer.json()
    if told.get("sub") != claims["sub"]:
        raise ValueError("the provider speaks of somebody else")
    return {**told, **claims}


def _client(provider: Provider, back_to: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope=provider.scopes,
        redirect_uri=back_to,
        code_challenge_method="S256",
        default_timeout=PATIENCE_SECONDS,
    )
