"""How figures come to be, in plain words; beside each the whole rule, as the documentation has it."""

from pathlib import Path
from typing import NamedTuple

import streamlit as st

from access.language import N_, _, current

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "methods.md"


class Part(NamedTuple):
    """A part of the method in plain words, and the sections of the documentation that say it in full."""

    title: str
    text: str
    sections: tuple[str, ...]


PARTS = (
    Part(
        N_("From a school to a figure"),
        N_(
            "Schools report every month. A manager uploads the reports as a file; every row is checked, and what is"
            " wrong goes back. A second person, never the one who uploaded it, accepts or rejects the file. Nothing"
            " that was accepted is ever overwritten: a correction is added, and the figures of any earlier moment can"
            " be shown."
        ),
        ("As of a moment", "From a figure to its rows"),
    ),
    Part(
        N_("A value, or one of three reasons why there is none"),
        N_(
            "Zero is a number that somebody reported. Where there is no number, one of three things is said: nobody"
            " has reported it, it does not apply, or it is withheld to protect people. None of them is a zero, in no"
            " picture, no table and no file."
        ),
        ("Figures and their states",),
    ),
    Part(
        N_("Rates, and what they rest on"),
        N_(
            "A rate is one sum divided by another, both over the schools that reported both. Percentages are never"
            " averaged: a small school must not weigh as much as a large one. Every figure stands with its base, such"
            " as “412 of 530 schools”: so many of those that were to report did. Teachers, students and licences are"
            " never added to each other."
        ),
        ("Expected, reporting, base", "How metrics add up over schools", "Metrics over time"),
    ),
    Part(
        N_("Announced is not measured"),
        N_(
            "What a government or a company says is a claim, with its source and a grade for how good that source is."
            " Claims may contradict each other; they stand side by side. A claim is never added to another, and never"
            " mixed with what schools report."
        ),
        ("Announced and measured", "Money"),
    ),
    Part(
        N_("What is withheld to protect people"),
        N_(
            "Where very few people are counted, a figure could tell about one of them. Such counts are withheld, with"
            " everything about the same people, and with every other figure from which they could be worked out: by"
            " subtraction between a country and its regions, between measures, between months, or between this"
            " release and earlier ones. The limit is stated with each release. A linear program that plays the"
            " attacker has to fail before anything is released; the literature it follows is cited below. Schools that"
            " report late, between two releases, are a group of their own and are protected as an area is; by how much"
            " schools corrected what they had said is shown, even where that is little."
        ),
        ("What is withheld",),
    ),
    Part(
        N_("Complete or provisional"),
        N_(
            "A figure is called provisional while too few of its schools have reported, or while their day to report"
            " is not over. Who has not reported is missing from the base, and not counted as nothing."
        ),
        ("Completeness, timeliness, provisional figures",),
    ),
    Part(
        N_("Forecasts"),
        N_(
            "A forecast continues the months so far by one of three curves, whichever did best on months that it had"
            " not seen, and is drawn as a band. Fewer than eight months are never continued. It says where a course"
            " leads if it stays as it is, and not what will be."
        ),
        ("Forecasts and targets",),
    ),
    Part(
        N_("Releases"),
        N_(
            "The public sees what was released. A release never changes: its figures, its names and definitions stay"
            " as they were, under an address that holds. Corrections come in the next one. A release that was wrong"
            " can be withdrawn; its addresses then say when and why."
        ),
        ("What changed", "Demonstration figures"),
    ),
)


def show() -> None:
    """Show the parts, each with what the documentation says of it in full."""
    written = _sections()
    for part in PARTS:
        st.subheader(_(part.title), anchor=False)
        st.write(_(part.text))
        with st.expander(_("In full") if current() == "en" else _("In full (in English)")):
            st.markdown("\n\n".join(f"#### {name}\n\n{written[name]}" for name in part.sections))
    with st.expander(_("Everything else") if current() == "en" else _("Everything else (in English)")):
        named = {name for part in PARTS for name in part.sections}
        st.markdown("\n\n".join(f"#### {name}\n\n{text}" for name, text in written.items() if name not in named))


@st.cache_resource(show_spinner=False)
def _sections() -> dict[str, str]:
    """Return the sections of the documentation by title: the rules stand there once."""
    found: dict[str, str] = {}
    for section in DOCUMENT.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _line, text = section.partition("\n")
        found[title.strip()] = text.strip().replace("\n### ", "\n##### ")
    return found
