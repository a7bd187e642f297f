"""Which language the current thread or task answers in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
DEFAULT_LANGUAGE = "en"

_current: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def current() -> str:
    """Return the code of the language in use, English until `use` says otherwise."""
    return _current.get()


def by_preference() -> tuple[str, ...]:
    """Return the languages in the order in which a name is looked for: the one in use, English, then the others."""
    return tuple(dict.fromkeys((current(), DEFAULT_LANGUAGE, *LANGUAGES)))


def use(language: str) -> None:
    """Answer in `language` from here on in this thread or task.

    A new thread starts in English: whatever starts one (a script run, a fragment's rerun) calls this first.
    """
    _current.set(_known(language))


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Answer in `language` inside the block, and as before after it."""
    token = _current.set(_known(language))
    try:
        yield
    finally:
        _current.reset(token)


def negotiate(accept_language_or_locale: str | None) -> str:
    """Return the language we have that a browser's Accept-Language, or a locale such as `ru-KZ`, likes best."""
    wanted = [_preference(part) for part in (accept_language_or_locale or "").split(",")]
    # sorted is stable: among equal weights the browser's own order decides.
    for weight, language in sorted(wanted, key=lambda preference: -preference[0]):
        if weight > 0 and language in LANGUAGES:
            return language
    return DEFAULT_LANGUAGE


def _preference(part: str) -> tuple[float, str]:
    """Return (weight, language) of one part of an Accept-Language header (RFC 9110, 12.5.4)."""
    tag, _semicolon, parameter = part.partition(";")
    language = tag.strip().lower().replace("_", "-").partition("-")[0]
    name, _equals, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0, language
    try:
        return float(value), language
    except ValueError:
        return 0.0, language


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    return language
