"""The message catalogues, read straight from their .po files, so that no build step stands between text and screen."""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from access.language.current import DEFAULT_LANGUAGE, current

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def _(message: str) -> str:
    """Return `message` in the current language, or as it stands where there is no usable translation."""
    # The empty message is the catalogue's header in gettext.
    return _translations(current()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for `count` in the current language; the caller fills the placeholders in."""
    return _translations(current()).ngettext(singular, plural, count)


def N_(message: str) -> str:
    """Return `message` unchanged: marks a text for translation where it is written, to be shown with `_` later."""
    return message


def catalogue_path(language: str, locale: Path = LOCALE) -> Path:
    """Return where the catalogue of a language lies."""
    return locale / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(language: str, locale: Path = LOCALE) -> Catalog:
    """Return the catalogue of a language, empty when there is none yet."""
    path = catalogue_path(language, locale)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8", abort_invalid=True)


def translations_from(catalogue: Catalog) -> NullTranslations:
    """Return the translations of a catalogue that can be shown.

    One that is unfinished, or whose placeholders are not those of the English text, is left out: `.format()` after
    `_()` can then never fail, or lose a value, because of a translator's slip.
    """
    usable = Catalog(locale=catalogue.locale)
    for message in catalogue:
        if message.id and not message.fuzzy and is_complete(message) and keeps_placeholders(message):
            usable.add(message.id, message.string)
    compiled = BytesIO()
    write_mo(compiled, usable)
    compiled.seek(0)
    return GNUTranslations(compiled)


def is_complete(message: Message) -> bool:
    """Return whether every form of a message is translated."""
    return all(_forms(message.string)) and bool(_forms(message.string))


def keeps_placeholders(message: Message) -> bool:
    """Return whether every translated form has exactly the placeholders of the English text (of its plural)."""
    expected = placeholders(_forms(message.id)[-1])
    return all(placeholders(form) == expected for form in _forms(message.string) if form)


def placeholders(text: str) -> frozenset[tuple[str, str, str]] | None:
    """Return the fields `str.format` would fill in, with their formats; None when it could not read the text."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        return None
    return frozenset(
        (field, spec or "", conversion or "") for _text, field, spec, conversion in parsed if field is not None
    )


@lru_cache
def _translations(language: str) -> NullTranslations:
    return NullTranslations() if language == DEFAULT_LANGUAGE else translations_from(read_catalogue(language))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)
