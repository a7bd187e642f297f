"""The catalogues' upkeep: from the texts in the code to the .po files, and what is wrong with them."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from access.language.current import DEFAULT_LANGUAGE, LANGUAGES
from access.language.messages import catalogue_path, is_complete, keeps_placeholders, read_catalogue

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (
    "app.py",
    "pages",
    "ui",
    "seed",
    "publishing",
    "charts",
    "analytics",
    "intake",
    "access",
    "data_model",
)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
# Nobody can upload a file or find a page without these: they must be translated, the rest may follow.
REQUIRED = ("intake/findings.py", "ui/navigation.py", "ui/dashboard.py")
LINE_WIDTH = 100
# Without dates and tool versions, so that a catalogue changes only when its texts do.
HEADER = r"""msgid ""
msgstr ""
"Project-Id-Version: Uptake\n"
"Language: {language}\n"
"Plural-Forms: {plural_forms}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""


def extract(root: Path = ROOT) -> Catalog:
    """Return the template: every text marked in the code, with the files it stands in."""
    template = Catalog()
    for path in _source_files(root):
        found = extract_from_file("python", path, keywords=KEYWORDS, comment_tags=("Translators:",))
        for _line, message, comments, _context in found:
            template.add(message, locations=[(path.relative_to(root).as_posix(), 0)], auto_comments=comments)
    return template


def merge(template: Catalog, known: Catalog, language: str) -> Catalog:
    """Return the catalogue of a language: the template's messages with the translations already known.

    A translation whose text has left the code is kept aside as obsolete, and comes back with the text. Nothing is
    guessed from similar texts. English is its own translation.
    """
    merged = Catalog(locale=language)
    translated = {_key(message): message for message in (*known.obsolete.values(), *known) if message.id}
    for message in template:
        if message.id:
            old = translated.pop(_key(message), None)
            string = message.id if language == DEFAULT_LANGUAGE else _known_string(message, old)
            merged.add(
                message.id,
                string,
                flags=old.flags if old else (),
                auto_comments=message.auto_comments,
                user_comments=old.user_comments if old else (),
            )
    if language != DEFAULT_LANGUAGE:
        merged.obsolete.update((key, old) for key, old in translated.items() if is_complete(old))
    return merged


def catalogues(root: Path = ROOT) -> dict[Path, bytes]:
    """Return the template and every catalogue as they should be now, by path."""
    template, locale = extract(root), root / "locale"
    files = {locale / "messages.pot": _written(template, language="")}
    for language in LANGUAGES:
        merged = merge(template, read_catalogue(language, locale), language)
        files[catalogue_path(language, locale)] = _written(merged, language)
    return files


def update(root: Path = ROOT) -> list[Path]:
    """Write the template and the catalogues anew; return the files that changed."""
    changed = _stale(root)
    for path, content in changed.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(changed)


def problems(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the catalogues, a sentence each."""
    found = [
        f"{path.relative_to(root).as_posix()} is not current: run `python -m access.language extract`"
        for path in _stale(root)
    ]
    template = extract(root)
    required = {_key(message) for message in template if _is_required(message)}
    for language in LANGUAGES:
        for message in merge(template, read_catalogue(language, root / "locale"), language):
            if message.id and not keeps_placeholders(message):
                found.append(f"{language}: the placeholders differ in the translation of {_key(message)!r}")
            elif _key(message) in required and (message.fuzzy or not is_complete(message)):
                found.append(f"{language}: no translation of {_key(message)!r}")
    return found


def untranslated(language: str, root: Path = ROOT) -> list[str]:
    """Return the texts of the code that have no complete translation into a language."""
    merged = merge(extract(root), read_catalogue(language, root / "locale"), language)
    return sorted(_key(message) for message in merged if message.id and not is_complete(message))


def _source_files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        if path.is_file():
            yield path
        yield from sorted(path.rglob("*.py"))


def _stale(root: Path) -> dict[Path, bytes]:
    current = catalogues(root)
    return {path: content for path, content in current.items() if not path.exists() or path.read_bytes() != content}


def _written(catalogue: Catalog, language: str) -> bytes:
    body = BytesIO()
    write_po(body, catalogue, width=LINE_WIDTH, no_location=True, omit_header=True, sort_output=True)
    plural_forms = catalogue.plural_forms.rstrip(";") + ";"
    return HEADER.format(language=language, plural_forms=plural_forms).encode() + body.getvalue()


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _known_string(message: Message, old: Message | None) -> str | list[str] | tuple[str, ...] | None:
    # A text that has gained or lost a plural needs a new translation.
    return old.string if old and isinstance(old.id, str) == isinstance(message.id, str) else None


def _is_required(message: Message) -> bool:
    return bool(message.id) and any(file in REQUIRED for file, _line in message.locations)
