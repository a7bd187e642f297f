"""Permanent addresses of what was released: of a release, of a figure in it, of a page's view of it, of a chart of it.

They never change their meaning. `publishing.web.site` answers them with the way to the page, or with why there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

RELEASED = "/r"
EMBEDDED = "/embed"
# Stands in the place of a release's number and of a period: whichever is the newest when somebody looks.
LATEST = "latest"
FIGURES = "figures"
PREVIEW = "preview.png"
# The pages that can show a release; what of their addresses is no part of a view of it.
PAGES = (
    "start", "overview", "initiatives", "adoption", "compare", "completeness", "changes", "money", "definitions",
    "method", "about",
)  # fmt: skip
NOT_OF_A_RELEASE = ("release", "as_of", "figure")


@dataclass(frozen=True)
class FigureKey:
    """What names a figure in a release: keys and codes. `period` may be LATEST where that is asked for."""

    initiative: str
    measure: str
    area: str
    period: str

    @property
    def path(self) -> str:
        """The figure's part of an address; a school year is written 2025_26 there."""
        parts = (self.initiative, self.measure, self.area, self.period.replace("/", "_"))
        return "/".join(quote(part, safe="") for part in parts)

    @classmethod
    def parse(cls, initiative: str, measure: str, area: str, period: str) -> "FigureKey":
        """Return the figure that the parts of an address name."""
        return cls(initiative, measure, area, period.replace("_", "/"))

    @property
    def parameters(self) -> dict[str, str]:
        """The figure as the parameters of a page."""
        return {"initiative": self.initiative, "measure": self.measure, "area": self.area, "period": self.period}


def of_release(number: int) -> str:
    """Return the permanent address of a release."""
    return f"{RELEASED}/{number}"


def of_figure(number: int, figure: FigureKey) -> str:
    """Return the permanent address of a figure in a release."""
    return f"{RELEASED}/{number}/{FIGURES}/{figure.path}"


def preview_of(number: int, figure: FigureKey) -> str:
    """Return the address of the picture that other sites show beside a link to a figure."""
    return f"{of_figure(number, figure)}/{PREVIEW}"


def of_view(number: int, page: str, view: Mapping[str, str]) -> str:
    """Return the permanent address of what a page shows of a release."""
    query = urlencode({name: value for name, value in view.items() if name not in NOT_OF_A_RELEASE})
    return f"{RELEASED}/{number}/{page}" + (f"?{query}" if query else "")


def embedded(number: int | None, figure: FigureKey, chosen: Mapping[str, str]) -> str:
    """Return the address of a chart for other pages: of this release, or (None) of whichever is the newest."""
    query = urlencode(chosen)
    return f"{EMBEDDED}/{number or LATEST}/{figure.path}" + (f"?{query}" if query else "")
