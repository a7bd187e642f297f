"""What the provider says of itself (OpenID Connect Discovery 1.0), and its keys: asked once and kept for a while."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from access.oidc.settings import Provider, is_trusted_address

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT_SECONDS = 60 * 60
# A key that is not known yet is asked for, but not at every forged token.
KEYS_AGAIN_SECONDS = 30
PATIENCE_SECONDS = 10
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

Fetch = Callable[[str], Any]


class DiscoveryFailed(Exception):
    """The provider does not answer, or says of itself what cannot be right."""


def fetch(address: str) -> Any:
    """Return the JSON at an address. Redirects are not followed: what is asked is written in the settings."""
    try:
        answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        if answer.status_code != requests.codes.ok:
            raise DiscoveryFailed(f"{address} answers {answer.status_code}")
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise DiscoveryFailed(f"{address}: {type(error).__name__}") from error


class Discovery:
    """One provider's documents. Two threads that need them at once ask once."""

    def __init__(self, provider: Provider, fetch: Fetch = fetch, seconds: Callable[[], float] = time.monotonic) -> None:
        self.provider = provider
        self.fetch = fetch
        self.seconds = seconds
        self._lock = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._metadata_at = self._keys_at = float("-inf")
        self._keys: KeySet | None = None

    def metadata(self) -> Mapping[str, Any]:
        """Return what the provider says of itself. Raises DiscoveryFailed."""
        with self._lock:
            if self.seconds() - self._metadata_at > KEPT_SECONDS:
                self._metadata = self._checked(self.fetch(self.provider.issuer.rstrip("/") + WELL_KNOWN))
                self._metadata_at = self.seconds()
            return self._metadata

    def keys(self, *, anew: bool = False) -> KeySet:
        """Return the keys that sign its tokens; `anew` where a token names one that is not among them."""
        address = self.metadata()["jwks_uri"]
        with self._lock:
            age = self.seconds() - self._keys_at
            if self._keys is None or age > (KEYS_AGAIN_SECONDS if anew else KEPT_SECONDS):
                try:
                    self._keys = KeySet.import_key_set(self.fetch(address))
                except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                    raise DiscoveryFailed(f"{address} holds no set of keys") from error
                self._keys_at = self.seconds()
            return self._keys

    def _checked(self, said: Any) -> Mapping[str, Any]:
        issuer = self.provider.issuer
        if not isinstance(said, Mapping) or said.get("issuer") != issuer:
            raise DiscoveryFailed(f"{issuer} does not call itself that")
        for name in (*ENDPOINTS, *(["userinfo_endpoint"] if "userinfo_endpoint" in said else [])):
            if not isinstance(said.get(name), str) or not is_trusted_address(said[name], issuer):
                raise DiscoveryFailed(f"{issuer} names no {name} that can be trusted")
        return said
