"""The settings of access: what the environment of the server says. docs/deployment.md lists them for its operator."""

import os
from datetime import timedelta

SECRET = "UPTAKE_SECRET"
OWN_REVIEW = "UPTAKE_OWN_REVIEW"
SESSION_HOURS = "UPTAKE_SESSION_HOURS"
IDLE_MINUTES = "UPTAKE_IDLE_MINUTES"
HOSTS = "UPTAKE_HOSTS"
TRUSTED_PROXIES = "UPTAKE_TRUSTED_PROXIES"
HTTPS = "UPTAKE_HTTPS"
PUBLIC_DATABASE = "UPTAKE_PUBLIC_DATABASE_URL"
API_REQUESTS = "UPTAKE_API_REQUESTS_PER_MINUTE"
WINDOWS = "UPTAKE_WINDOWS_PER_ADDRESS"

SHORTEST_SECRET = 32
API_REQUESTS_BY_DEFAULT = 600
WINDOWS_BY_DEFAULT = 500
LONGEST_NUMBER = 9


class SettingRefused(ValueError):
    """A setting in the environment cannot be used; the message says which and what to write."""


def own_review_allowed() -> bool:
    """Return whether people may review their own submissions here. For an office of one person."""
    return switched_on(OWN_REVIEW)


def session_lifetime() -> timedelta:
    """Return how long a sign-in lasts at most."""
    return timedelta(hours=_positive(SESSION_HOURS, 12))


def session_idle_time() -> timedelta:
    """Return how long a sign-in lasts without anything done."""
    return timedelta(minutes=_positive(IDLE_MINUTES, 120))


def given_secret() -> bytes | None:
    """Return the secret that signs cookies, where the environment names one."""
    secret = os.environ.get(SECRET, "")
    if not secret:
        return None
    if len(secret) < SHORTEST_SECRET:
        raise SettingRefused(f"{SECRET} is too short: take {SHORTEST_SECRET} random characters or more")
    return secret.encode()


def hosts(port: int) -> frozenset[str]:
    """Return the hosts (with port where the address shows one) under which the server may be asked for."""
    named = os.environ.get(HOSTS, "").replace(",", " ").lower().split()
    return frozenset(named or (f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]")))


def address() -> str:
    """Return the address under which people reach the server: by its first host, or on this machine where none is.

    A host that is named with a port is taken to be asked directly, one without to stand behind a proxy that does TLS.
    """
    named = os.environ.get(HOSTS, "").replace(",", " ").lower().split()
    if named:
        return f"{'https' if always_https() or ':' not in named[0] else 'http'}://{named[0]}"
    return f"http://localhost:{os.environ.get('PORT', '8501')}"


def trusted_proxies() -> str:
    """Return the addresses whose X-Forwarded-* headers are believed, comma-separated; empty: nobody's."""
    return os.environ.get(TRUSTED_PROXIES, "")


def always_https() -> bool:
    """Return whether every visitor comes by https, whatever the server itself sees."""
    return switched_on(HTTPS)


def public_database() -> str | None:
    """Return the address under which the public's questions are asked; None: the instance's own."""
    return os.environ.get(PUBLIC_DATABASE, "").strip() or None


def api_requests_per_minute() -> int:
    """Return how many requests a minute one address may make to the open data routes; 0: as many as it likes."""
    return _whole(API_REQUESTS, API_REQUESTS_BY_DEFAULT)


def windows_per_address() -> int:
    """Return how many windows one address may hold open at a time, in each process; 0: as many as it likes."""
    return _whole(WINDOWS, WINDOWS_BY_DEFAULT)


def check() -> None:
    """Read every setting once, at the start, so that a wrong one is told there and not to a visitor."""
    for read in (
        own_review_allowed, session_lifetime, session_idle_time, given_secret, always_https, api_requests_per_minute,
        windows_per_address,
    ):  # fmt: skip
        read()


def switched_on(name: str) -> bool:
    """Return whether the setting says 1; nothing and 0 say no. Raises SettingRefused on anything else."""
    value = os.environ.get(name, "").strip().lower()
    if value not in ("", "0", "1"):
        raise SettingRefused(f"{name} is {value!r}: write 1 or 0")
    return value == "1"


def _whole(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or len(value) > LONGEST_NUMBER:
        raise SettingRefused(f"{name} is {value!r}: write a whole number, 0 for no limit")
    return int(value)


def _positive(name: str, default: int) -> float:
    value = os.environ.get(name, "").strip()
    try:
        number = float(value) if value else default
    except ValueError:
        number = 0
    if not 0 < number < 10_000:
        raise SettingRefused(f"{name} is {value!r}: write a number above 0")
    return number
