"""What became of a submission's values when it was undone: how many went back, and which stay with another one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from access.language import _, format_number, ngettext
from data_model.periods import Period
from ui import words
from ui.words import Measure


def said(answer: Mapping[str, Any]) -> str:
    """Return it in words. `answer` is that of `intake.staging.outcome.undo_answer`."""
    if "reversed" not in answer:  # done by a worker that could not say what came of it
        return _("The submission is undone.")
    text = ngettext("{count} value was reversed.", "{count} values were reversed.", answer["reversed"]).format(
        count=format_number(answer["reversed"])
    )
    if not answer["kept"]:
        return text
    kept = ngettext(
        "{count} value stays, because another submission says it too or has replaced it since:",
        "{count} values stay, because other submissions say them too or have replaced them since:",
        answer["kept_count"],
    ).format(count=format_number(answer["kept_count"]))
    if answer["kept_count"] > len(answer["kept"]):
        kept += " " + _("The first {count} of them:").format(count=format_number(len(answer["kept"])))
    return f"{text} {kept}"


def table(answer: Mapping[str, Any], measures: Mapping[str, Measure]) -> pd.DataFrame | None:
    """Return the values that stay, each with the submission that says it now; None where none does."""
    kept = answer.get("kept")
    if not kept:
        return None
    return pd.DataFrame(
        {
            _("School"): [cell["school"] for cell in kept],
            _("Metric"): [
                measures[cell["metric"]].name if cell["metric"] in measures else cell["metric"] for cell in kept
            ],
            _("Period"): [words.period(Period.parse(cell["period"]), short=True) for cell in kept],
            _("Submission"): [cell["submission"] for cell in kept],
        }
    )
