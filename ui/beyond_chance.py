"""Which places or schools lie further apart than chance would put them, and where to look first. No league table."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import N_, _, format_number, format_percent, ngettext
from analytics import funnel_plot
from analytics.funnel_plot import Spread
from analytics.scope import Scope
from charts import funnel_plot as drawn
from ui import downloads, figures, filters, navigation, scope, words
from ui.answers import ask, derived, records
from ui.figures import Exhibit
from ui.scope import Asked
from ui.text import bold, plain
from ui.words import PERCENT, Measure

OF = {"areas": N_("Areas"), "schools": N_("Schools")}
BEYOND = {
    "below_998": N_("below the 99.8% limit"),
    "below_95": N_("below the 95% limit"),
    "within": N_("within the limits"),
    "above_95": N_("above the 95% limit"),
    "above_998": N_("above the 99.8% limit"),
}
LISTED = 8


def show(asked: Asked, shown: Scope, measure: Measure, row: DeltaGenerator) -> None:
    """Show the rates of the place's areas or schools against their number of people, and where to look first."""
    if not measure.indicator:
        st.info(_("Only a rate can be compared with chance. Choose one of the rates as the measure."))
        return
    of = _choose_of(asked, row)
    if of is None:
        st.info(_("There are no areas below {place} whose figures may be shown.").format(place=asked.place))
        return
    units = ask(funnel_plot.units, shown, of, initiative=shown.initiative, released=shown.released)
    if units.empty:
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return
    spread = funnel_plot.summary(units)
    _picture(asked, shown, measure, of, units, spread)
    st.subheader(_("What to look at first"), anchor=False)
    _look_at_first(asked, measure, of, units)


def _choose_of(asked: Asked, row: DeltaGenerator) -> str | None:
    options = {
        **({"areas": _(OF["areas"])} if scope.has_areas_below(asked) else {}),
        **({"schools": _(OF["schools"])} if not asked.scope.released else {}),
    }
    if not options:
        return None
    with row:
        return filters.switch("of", _("What to compare"), options, next(iter(options)))


def _picture(asked: Asked, shown: Scope, measure: Measure, of: str, units: pd.DataFrame, spread: Spread) -> None:
    caption = figures.about(shown)
    limits = derived(("limits", shown, of), lambda: funnel_plot.limits(units), initiative=shown.initiative,
                     released=shown.released)  # fmt: skip
    headings = {
        "name": _("Name"), "area_name": _("Area"), "rate": _("Rate, %"), "numerator": _("Count"),
        "denominator": _("Of how many"), "position": _("Position"), "people_beyond": _("How many beyond the 95% limit"),
    }  # fmt: skip
    figures.exhibit(
        Exhibit(
            key="chance",
            title=_("{measure} and chance: {place}, {period}").format(
                measure=measure.name, place=asked.place, period=words.period(shown.period)
            ),
            frame=units,
            draw=lambda: drawn.funnel_plot(units, limits, measure.for_charts, caption),
            tell=lambda: drawn.alt_text(units, measure.for_charts),
            rows=lambda: words.under_headings(
                units.assign(position=[_(BEYOND[code]) for code in units["beyond"]]), headings
            ),
            caption=caption,
            chart=f"chance-{of}-{measure.key}-{shown.area}",
            file_name=figures.file_name(f"chance-{of}", shown, measure),
            facts=downloads.facts(shown, measure),
            definitions={measure.name: measure.definition},
            note=about(spread),
            code="unit",
            opens=lambda code: _open(code, of, units),
            measure=measure,
        ),
        shown,
    )


def _open(code: str, of: str, units: pd.DataFrame) -> None:
    """Go down into an area, or to a school on Adoption."""
    if of == "areas":
        filters.go(area=code)
        return
    area = units.loc[units["unit"] == code, "area_code"].iloc[0]
    navigation.go_to("adoption", area=str(area), school=code)


def about(spread: Spread) -> str:
    """Return how the limits are made, and how far the units scatter beyond chance."""
    text = _(
        "Within the limits lie 95% and 99.8% of those that have the overall rate of {overall} and differ by chance only"
        " (Spiegelhalter 2005)."
    ).format(overall=format_percent(spread.overall / PERCENT))
    if not spread.is_overdispersed:
        return text
    more = _(
        "They scatter {times} times as widely as chance would make them; what is usual among them widens the limits"
        " (overdispersion as a random effect, Spiegelhalter and others 2012)."
    )
    return f"{text} {more.format(times=format_number(spread.phi**0.5, 1))}"


def _look_at_first(asked: Asked, measure: Measure, of: str, units: pd.DataFrame) -> None:
    below = funnel_plot.look_at_first(units, len(units))
    st.markdown(in_short(units, len(below)))
    with st.container(gap=None, key="lines-look"):
        for row in records(below.head(LISTED)):
            place = {"area": row.unit} if of == "areas" else {"area": row.area_code, "school": row.unit}
            name = plain(row.name if of == "areas" else f"{row.name}, {row.area_name}")
            label = f"{bold(f'{row.rank}. {name}')} · {in_words(row, measure)}"
            navigation.way_to("adoption", label, measure=measure.key, **place)
    more = len(below) - LISTED
    if more > 0:
        text = ngettext("{count} more in the table of the picture.", "{count} more in the table of the picture.", more)
        st.caption(text.format(count=format_number(more)))


def in_short(units: pd.DataFrame, below: int) -> str:
    """Return how many units lie below the limits, and what is not to be said of the others."""
    if not below:
        return _("None lies below the limits: what sets them apart is no more than chance would.")
    text = ngettext(
        "{below} of {count} lies below the limits. It comes first where most people are concerned.",
        "{below} of {count} lie below the limits. Those come first where most people are concerned.",
        below,
    )
    said = text.format(below=format_number(below), count=format_number(len(units)))
    return said + " " + _("The others are not told apart by this measure.")


def in_words(row: Any, measure: Measure) -> str:
    """Return why a unit is to be looked at: its rate, of how many, and how many it is short of the limit."""
    return _("{rate} of {total}, {beyond}: {short} short of the range of chance").format(
        rate=words.number(measure, row.rate), total=format_number(row.denominator), beyond=_(BEYOND[row.beyond]),
        short=format_number(max(round(row.people_beyond), 1)),
    )  # fmt: skip
