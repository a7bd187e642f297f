"""The plain HTML pages of these routes: a chart to be embedded, and a word on what is not there. No script, no cookie.

A chart may stand in a frame of any page; nothing else of this server may.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from access.instance_settings import Instance
from access.language import LANGUAGES, _, current, format_date
from data_model.releases import FigureState
from publishing.addresses import of_figure
from publishing.brief import drawing
from publishing.brief.drawing import Picture
from publishing.shown_figure import Shown, ShownFigure
from publishing.web import social, svg
from publishing.web.answers import KEPT_SECONDS, Answer, Content, Header, encoded, ready
from publishing.web.course import course_of

FOLDER = Path(__file__).resolve().parent
STYLE = (FOLDER / "embed.css").read_text(encoding="utf-8")
PAGE = Template((FOLDER / "embed.html").read_text(encoding="utf-8"))
MEDIA_TYPE = "text/html; charset=utf-8"
THEMES = ("auto", "light", "dark")
# One drawing for each width of a frame: letters of a picture grow and shrink with it, and must stay readable.
WIDTHS = {"narrow": 66.0, "middle": 96.0, "wide": 136.0}
HEIGHT = 48.0

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors "


def chart_page(told: ShownFigure, areas: Sequence[tuple[str, Shown]] | None, instance: Instance, theme: str) -> Answer:
    """Return a figure as a page that may be framed anywhere: its course, or (`areas`) where it is further."""
    pictures = _bars(told, areas) if areas is not None else _course(told)
    drawn = "".join(svg.as_svg(picture, name) for name, picture in pictures.items())
    body = "\n".join([*_head(told, by_area=areas is not None), drawn, _foot(told, instance)])
    text = _page(told.title, social.tags(social.of_figure_told(told, instance)), body, theme)
    return ready(Content(MEDIA_TYPE, text), told.release.number, framed(), VARIES)


def refusal(
    status: int,
    title: str,
    detail: str,
    headers: Sequence[tuple[str, str]] = (),
    *,
    in_frame: bool = False,
    way: tuple[str, str] | None = None,
) -> Answer:
    """Return a page that says why there is nothing here, with the way to what there is: the releases, or `way`, an
    address and its name.

    `in_frame`: it stands in a chart's place.
    """
    address, name = way or ("/releases", _("All releases"))
    link = f'<a href="{escape(address)}?lang={current()}">{escape(name)}</a>'
    body = f"<h1>{escape(title)}</h1>\n<p>{escape(detail)}</p>\n<p>{link}</p>"
    text = _page(title, '<meta name="robots" content="noindex">', body, "auto")
    written = [
        ("content-type", MEDIA_TYPE), ("content-length", str(len(text))), ("cache-control", "no-store"),
        ("vary", VARIES), *headers,
    ]  # fmt: skip
    return Answer(status, (*encoded(written), *(framed() if in_frame else UNFRAMED)), text)


def moved(address: str) -> Answer:
    """Return the way to an address of this server."""
    written = [
        ("location", address), ("content-length", "0"), ("cache-control", f"public, max-age={KEPT_SECONDS}"),
    ]  # fmt: skip
    return Answer(302, encoded(written), b"")


VARIES = "Accept-Language, Accept-Encoding"


def framed() -> tuple[Header, ...]:
    """Return the headers of a page that may stand in a frame anywhere. It loads nothing and runs nothing."""
    return encoded([
        ("content-security-policy", f"{_POLICY}*"), ("cross-origin-resource-policy", "cross-origin"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ])  # fmt: skip


UNFRAMED = encoded([("content-security-policy", f"{_POLICY}'none'")])


def _page(title: str, tags: str, body: str, theme: str) -> bytes:
    """Return a page; `tags` and `body` are HTML."""
    return PAGE.substitute(
        language=current(), theme=theme, style=STYLE, page_title=escape(title), tags=tags, body=body
    ).encode()


def _head(told: ShownFigure, *, by_area: bool) -> list[str]:
    where = " · ".join((told.area, told.figure.period_text, told.initiative))
    title = _("{measure} by area").format(measure=told.measure.name) if by_area else told.measure.name
    base = f" <small>{escape(told.figure.base)}</small>" if told.figure.base else ""
    invented = _("Demonstration figures: invented, not measured")
    return [
        f"<h1>{escape(title)}</h1>",
        f'<p class="where">{escape(where)}</p>',
        *([f'<p class="note">{escape(invented)}</p>'] if told.demonstration else []),
        f'<p class="value">{escape(told.figure.text)}{base}</p>',
    ]


def _foot(told: ShownFigure, instance: Instance) -> str:
    release, licence = told.release, told.release.licence
    source = _("Source: {instance}, release {number} of {date}; reports of schools, reviewed and accepted.").format(
        instance=instance.name, number=release.number, date=format_date(release.released_at.date())
    )
    withheld = _("Withheld to protect people. This is not zero.")
    language = f"?lang={current()}" if current() in LANGUAGES else ""
    permanent, opens = of_figure(release.number, told.key) + language, _("Open this figure")
    lines = [
        *([escape(withheld)] if told.figure.state == FigureState.SUPPRESSED else []),
        *([escape(_("Base: {base}").format(base=told.figure.base))] if told.figure.base else []),
        escape(told.definition),
        escape(source),
        f'<a href="{escape(permanent)}" target="_blank" rel="noopener">{escape(opens)}</a> · '
        f'<a href="{escape(str(licence["path"]))}" target="_blank" rel="noopener license">'
        f"{escape(str(licence['title']))}</a>",
    ]
    return "<footer>" + "".join(f"<p>{line}</p>" for line in lines if line) + "</footer>"


def _course(told: ShownFigure) -> dict[str, Picture]:
    made = course_of(told)
    return {name: drawing.course(made, width, HEIGHT, svg.LETTER) for name, width in WIDTHS.items()}


def _bars(told: ShownFigure, areas: Sequence[tuple[str, Shown]]) -> dict[str, Picture]:
    alternative = svg.told_bars(_("{measure} by area").format(measure=told.measure.name), areas)
    return {name: svg.bars(areas, told.measure, width, alternative) for name, width in WIDTHS.items()}
