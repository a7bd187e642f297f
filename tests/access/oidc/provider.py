"""A real identity provider on a port of this machine, whose answers a test can spoil on their way.

`oidc-provider-mock` is somebody else's reading of OpenID Connect. It does not look at PKCE, so this does it for it.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import requests
import werkzeug.serving
from authlib import jose
from oidc_provider_mock import app as make_provider

CLIENT_ID, CLIENT_SECRET = "uptake", "a secret that no log may show"

Spoil = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class Ministry:
    """The provider: who its people are, and what it does wrong."""

    issuer: str = ""
    spoil: Spoil | None = None  # changes the claims before they are signed
    forged: bool = False  # signs with a key that is not the provider's
    algorithm: str = "RS256"
    broken: bool = False
    asked: list[str] = field(default_factory=list)
    _challenges: dict[str, str] = field(default_factory=dict)
    _own_key: Any = field(default_factory=lambda: jose.JsonWebKey.generate_key("RSA", 2048, is_private=True))

    def knows(self, subject: str, **claims: Any) -> None:
        """Let the provider know a person, or know them otherwise from now on."""
        answer = requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5)
        answer.raise_for_status()

    def send_back(self, address: str, subject: str) -> str:
        """Sign in as this person on the provider's page at the address, and return where it sends the browser."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def before(self) -> Any:
        """Note what is asked, and look at PKCE."""
        self.asked.append(flask.request.path)
        if self.broken:
            return flask.Response("<h1>Traceback</h1>", 500)
        if flask.request.path == "/oauth2/token":
            verifier = flask.request.form.get("code_verifier", "")
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if self._challenges.pop(flask.request.form.get("code", ""), None) != challenge:
                return flask.jsonify({"error": "invalid_grant"}), 400
        return None

    def after(self, answer: flask.Response) -> flask.Response:
        """Remember which challenge a code belongs to; spoil the token where the test asks for it."""
        if "location" in answer.headers:
            code = parse_qs(urlsplit(answer.headers["location"]).query).get("code", [""])[0]
            assert flask.request.args["code_challenge_method"] == "S256"
            self._challenges[code] = flask.request.args["code_challenge"]
        if flask.request.path == "/oauth2/token" and answer.status_code == 200 and (self.spoil or self.forged):
            token = answer.get_json()
            header, claims = (json.loads(_unpacked(part)) for part in token["id_token"].split(".")[:2])
            claims = self.spoil(claims) if self.spoil else claims
            token["id_token"] = self._signed(header, claims)
            answer.set_data(json.dumps(token))
        return answer

    def _signed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        key = self._own_key if self.forged else flask.g.oidc_provider_mock_storage.jwk
        if self.algorithm == "HS256":
            key = CLIENT_SECRET
        if self.algorithm == "none":
            key = None
        header = header | {"alg": self.algorithm}
        signer = jose.JsonWebToken(["RS256", "HS256", "none"])
        return signer.encode(header, claims, key).decode()


@contextmanager
def running_provider() -> Iterator[Ministry]:
    """Run a provider in the background."""
    ministry = Ministry()
    provider = make_provider(require_nonce=True)
    provider.before_request(ministry.before)
    provider.after_request(ministry.after)
    server = werkzeug.serving.make_server("127.0.0.1", 0, provider, threaded=True)
    ministry.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ministry
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
