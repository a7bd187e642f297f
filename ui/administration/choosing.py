"""What is administered: the start of the page, with everything that can be kept, and the way back to it."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from access.administration import listing, register_counts
from access.administration import measures as kept_measures
from access.administration.description import Table
from access.administration.measure_tables import INDICATORS, METRICS
from access.administration.reporting_tables import REPORTING
from access.administration.tables import TABLES
from access.language import N_, _, format_number
from ui import filters
from ui.administration import countries, founding, instance, measures, people, register, table_rows
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain

CARD_WIDTH = 300
# Everything whose address parameters belong to one table.
OF_A_TABLE = ("row", "search", "within", "lines")


class Screen(NamedTuple):
    """Something to administer that is no plain table: what it is called, what it is about, and what shows it."""

    name: str
    title: str
    about: str
    group: str
    show: Callable[[], None]


# Beside the tables; in the order of the menu.
PEOPLE = N_("People and this instance")
SCREENS: tuple[Screen, ...] = (
    Screen(METRICS.name, METRICS.title, METRICS.about, REPORTING, measures.of_metrics),
    Screen(INDICATORS.name, INDICATORS.title, INDICATORS.about, REPORTING, measures.of_indicators),
    Screen(
        "countries", N_("Countries"),
        N_("Whose schools report, and by which clock their periods begin and due days end."), REPORTING,
        countries.show,
    ),
    Screen(
        "schools", N_("Schools"),
        N_("The register of a country's schools: opened, closed, moved, merged and split, many at a time."),
        REPORTING, register.of_schools,
    ),
    Screen(
        "enrolments", N_("Enrolments"),
        N_("Which schools take part in an initiative: joined, left, wave. Who is expected follows at once."),
        REPORTING, register.of_enrolments,
    ),
    Screen(
        "people", N_("People and roles"), N_("Who has an account, what they may do and where; invitations and links."),
        PEOPLE, people.show,
    ),
    Screen(
        "instance", N_("Settings of this instance"),
        N_("Its name, contact and licence, the smallest count that may be published, own review."), PEOPLE,
        instance.show,
    ),
)  # fmt: skip
# What takes the place of the plain form of a new row.
FOUNDING: dict[str, Callable[[], None]] = {"initiative": founding.show}


def show() -> None:
    """Show what the address asks for: everything there is, a table, a row of it, or a new one."""
    screens = {screen.name: screen for screen in SCREENS}
    wanted = filters.address("table")
    if wanted in screens:
        _heading(screens[wanted].title, screens[wanted].about)
        filters.show("table", wanted)
        screens[wanted].show()
    elif wanted in TABLES:
        filters.show("table", wanted)
        _table(TABLES[wanted])
    else:
        if wanted is not None:
            st.warning(_("There is nothing called “{name}” to administer.").format(name=plain(wanted[:80])))
        everything()


def everything() -> None:
    """Show the tables and screens by group, each opening."""
    with reading() as session:
        who = asking().who
        counts = listing.counts(session, list(TABLES.values()), who=who) | kept_measures.counts(session, who=who)
        counts |= register_counts.counts(session, who=who)
    entries = [(table.group, table.name, table.title, table.about) for table in TABLES.values()]
    entries += [(screen.group, screen.name, screen.title, screen.about) for screen in SCREENS]
    for group in dict.fromkeys(group for group, *_rest in entries):
        st.subheader(_(group), anchor=False)
        with st.grid(min_column_width=CARD_WIDTH):
            for _group, name, title, about in (entry for entry in entries if entry[0] == group):
                _card(name, title, about, counts.get(name))


def _card(name: str, title: str, about: str, count: int | None) -> None:
    said = _(title) if count is None else _("{title} ({count})").format(title=_(title), count=format_number(count))
    with st.container(border=True, height="stretch", gap="xsmall", key=f"kept-{name}"):
        st.button(bold(plain(said)), key=f"open-{name}", type="tertiary", on_click=filters.go, kwargs={"table": name})
        st.caption(plain(_(about)))


def _table(table: Table) -> None:
    row = filters.address("row")
    if row is None:
        _heading(table.title, table.about)
        table_rows.show(table)
    elif row == table_rows.NEW and table.name in FOUNDING:
        FOUNDING[table.name]()
    else:
        table_rows.one(table, row)


def _heading(title: str, about: str) -> None:
    st.button(
        _("All that is kept"), type="tertiary", icon=":material/arrow_back:", key="to-everything",
        on_click=filters.go, args=(OF_A_TABLE,), kwargs={"table": None},
    )  # fmt: skip
    st.subheader(_(title), anchor=False)
    st.caption(plain(_(about)))
