"""Where does this come from? The panel any figure opens to, and its address (`?figure=...`)."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_date, format_number, ngettext
from analytics import provenance
from analytics.provenance import Provenance
from analytics.scope import Scope
from ui import asking, downloads, figures, filters, scope, share, words
from ui.answers import ask
from ui.database import reading
from ui.text import bold, link, plain
from ui.words import Measure

# So many lines are shown at once; all of them can be downloaded.
LINES_SHOWN = 500


def open_if_asked(asked: scope.Asked) -> None:
    """Open the panel when the address asks where a figure of this page comes from."""
    key = filters.address("figure")
    if key not in asked.measures:
        return
    measure = asked.measures[key]
    shown = asked.scope.of(measure=key)
    school = None if shown.released else filters.view().get("school")
    panel = st.dialog(
        _("Where does this come from?"), width="large", icon=":material/account_tree:", on_dismiss=_close
    )(_panel)
    panel(asked, measure, shown, school)


def _panel(asked: scope.Asked, measure: Measure, shown: Scope, school: str | None) -> None:
    asking.begin()
    if not shown.released and not scope.reads_live(shown.initiative, shown.area):
        st.rerun()  # signed out, or a grant ended, while the panel stood open
    found = ask(provenance.provenance, shown, school, LINES_SHOWN, initiative=shown.initiative, released=shown.released)
    _headline(asked, measure, shown, found, school)
    _how(measure, found)
    if shown.released:
        _release(asked, found)
    else:
        _submissions(found)
        _lines(asked, measure, shown, found, school)
    st.caption(_("The address of this page now opens this panel: copy it to share."))


def _headline(asked: scope.Asked, measure: Measure, shown: Scope, found: Provenance, school: str | None) -> None:
    figure = found.figure
    place = asked.place if school is None else _("{place}, school {code}").format(place=asked.place, code=school)
    st.metric(measure.name, words.figure(measure, figure.value, figure.state))
    parts = [place, words.period(shown.period), words.base(figure.base, figure.schools_expected)]
    if figure.demonstration:
        parts.append(_("demonstration"))
    st.write(" · ".join(parts))


def _how(measure: Measure, found: Provenance) -> None:
    _part(_("Definition"), plain(found.definition))
    _part(_("Formula"), plain(found.formula))
    figure = found.figure
    if figure.numerator is not None and figure.denominator is not None:
        st.markdown(
            _("In numbers: {numerator} ÷ {denominator}").format(
                numerator=format_number(figure.numerator, 0), denominator=format_number(figure.denominator, 0)
            )
        )
    base = _("{base}: the schools expected in the period that reported what the formula needs.")
    _part(_("Base"), base.format(base=words.base(figure.base, figure.schools_expected)))


def _part(heading: str, text: str) -> None:
    st.markdown(f"{bold(heading)}  \n{text}")


def _release(asked: scope.Asked, found: Provenance) -> None:
    """Say what the public may know: the release and the registry's source, never rows, files or people."""
    figure, source = found.figure, asked.initiative
    if figure.release is not None and figure.last_recorded_at is not None:
        text = _("Release {number} of {date}. Small counts of people are withheld in it.")
        _part(_("Release"), text.format(number=figure.release, date=format_date(figure.last_recorded_at.date())))
    reports = _("Reports of the schools that take part, reviewed before they count.")
    _part(_("Sources"), f"{reports}  \n{plain(source.publisher)}: {link(source.source_title, source.url)}")


def _submissions(found: Provenance) -> None:
    count = len(found.submissions)
    text = ngettext("From {count} submission", "From {count} submissions", count)
    st.markdown(bold(text.format(count=format_number(count))))
    if count:
        st.dataframe(_submission_table(found.submissions), hide_index=True, alt=_("Submissions behind the figure"))
        if found.submissions["table_sha256"].any():
            st.caption(
                _("Of a workspace’s users only a table of school counts is kept. Rows are then rows of that table.")
            )


def _lines(asked: scope.Asked, measure: Measure, shown: Scope, found: Provenance, school: str | None) -> None:
    if not found.lines_total:
        return
    text = ngettext("{count} value behind it", "{count} values behind it", found.lines_total)
    st.markdown(bold(text.format(count=format_number(found.lines_total))))
    if found.lines_total > len(found.lines):
        st.caption(_("The first {count} are shown; the download has all.").format(count=len(found.lines)))
    st.dataframe(line_table(found.lines, asked.measures), hide_index=True, alt=_("Values behind the figure"))
    caption = figures.about(shown)
    taken = downloads.Taken(
        lambda: _all_lines(shown, school),
        lambda: downloads.about(_("Where does this come from?"), shown, measure, caption),
        figures.file_name("rows", shown, measure),
        demonstration=found.figure.demonstration,
        address=share.address(),
    )
    downloads.csv_button(taken, key="csv-lines")


def _all_lines(shown: Scope, school: str | None) -> pd.DataFrame:
    with reading() as session:
        return provenance.provenance(session, shown, school, None).lines


def _submission_table(submissions: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("No."): submissions["submission"],
            _("File"): submissions["file_name"],
            _("Schools"): submissions["schools"],
            _("Values"): submissions["values"],
            **_people(submissions),
            _("SHA-256"): submissions["sha256"],
            **({_("SHA-256 of the table kept"): kept} if (kept := submissions["table_sha256"]).any() else {}),
        }
    )


def line_table(lines: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Return the lines behind a figure under headings people read."""
    return pd.DataFrame(
        {
            _("School code"): lines["school_code"],
            _("School"): lines["school_name"],
            _("Metric"): [measures[key].name if key in measures else key for key in lines["measure"]],
            _("Value"): lines["value"],
            _("State"): [words.state(state) for state in lines["state"]],
            _("File"): lines["file_name"],
            _("Row"): lines["row"],
            **({_("Mended"): lines["mended"]} if lines["mended"].any() else {}),
            _("Submission"): lines["submission"],
            **_people(lines),
            _("SHA-256"): lines["sha256"],
        }
    )


def _people(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        _("Uploaded by"): frame["uploaded_by"],
        _("Uploaded"): [_moment(moment) for moment in frame["uploaded_at"]],
        _("Accepted by"): frame["accepted_by"],
        _("Accepted"): [_moment(moment) for moment in frame["accepted_at"]],
    }


def _moment(moment: Any) -> str:
    return "" if pd.isna(moment) else words.moment(moment)


def _close() -> None:
    filters.go(figure=None)
