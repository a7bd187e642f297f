"""What a page says of itself to who shows a link to it: title, description, permanent address, picture, languages.

Open Graph and the cards of X take it from tags in the page's head. Everything in them is released or the registry's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from access import settings
from access.instance_settings import Instance
from access.language import LANGUAGES, _, current, format_date
from publishing.addresses import FigureKey, of_figure, preview_of
from publishing.shown_figure import ShownFigure
from publishing.web.card import HEIGHT, WIDTH

LOCALES = {"en": "en_GB", "ru": "ru_RU", "kk": "kk_KZ"}


@dataclass(frozen=True)
class Told:
    """A page in short. `path` is its permanent address on this server, without language, `query` what else it says.

    `image` is the path of its picture, "" for none; `hidden`: no crawler need know it.
    """

    title: str
    description: str
    path: str
    query: Mapping[str, str]
    site: str
    image: str = ""
    image_words: str = ""
    hidden: bool = False


def of_figure_told(told: ShownFigure, instance: Instance) -> Told:
    """Return a released figure in short: its value, base and release, under its permanent address."""
    release = told.release
    said = [
        f"{told.measure.name}: {told.figure.text}",
        told.figure.base,
        _("Release {number}, {date}").format(number=release.number, date=format_date(release.released_at.date())),
        _("Demonstration figures: invented, not measured") if told.demonstration else "",
    ]
    return Told(
        title=told.title,
        description=" · ".join(part for part in (*said, told.definition) if part),
        path=of_figure(release.number, told.key),
        query={},
        site=instance.name,
        image=picture_of(release.number, told.key),
        image_words=f"{told.title}: {told.figure.text}",
    )


def picture_of(number: int, key: FigureKey) -> str:
    """Return the path of a figure's picture in the current language."""
    return f"{preview_of(number, key)}?lang={current()}"


def tags(told: Told) -> str:
    """Return the tags of a page's head, as HTML."""
    if told.hidden:
        return '<meta name="robots" content="noindex">'
    address = _absolute(told, current())
    lines = [
        _meta("name", "description", told.description),
        f'<link rel="canonical" href="{escape(address)}">',
        *(_alternate(told, language) for language in LANGUAGES),
        *_graph(told, address),
        _meta("name", "twitter:card", "summary_large_image" if told.image else "summary"),
        _meta("name", "twitter:title", told.title),
        _meta("name", "twitter:description", told.description),
    ]
    if told.image:
        lines.append(_meta("name", "twitter:image", settings.address() + told.image))
    return "\n".join(lines)


def _graph(told: Told, address: str) -> Iterable[str]:
    yield _meta("property", "og:type", "website")
    yield _meta("property", "og:site_name", told.site)
    yield _meta("property", "og:title", told.title)
    yield _meta("property", "og:description", told.description)
    yield _meta("property", "og:url", address)
    yield _meta("property", "og:locale", LOCALES[current()])
    if told.image:
        yield _meta("property", "og:image", settings.address() + told.image)
        yield _meta("property", "og:image:type", "image/png")
        yield _meta("property", "og:image:width", str(WIDTH))
        yield _meta("property", "og:image:height", str(HEIGHT))
        yield _meta("property", "og:image:alt", told.image_words)


def _meta(kind: str, name: str, text: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(" ".join(text.split()))}">'


def _alternate(told: Told, language: str) -> str:
    return f'<link rel="alternate" hreflang="{language}" href="{escape(_absolute(told, language))}">'


def _absolute(told: Told, language: str) -> str:
    return f"{settings.address()}{told.path}?{urlencode([*told.query.items(), ('lang', language)])}"
