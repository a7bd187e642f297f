"""What is asked about, chosen on screen and kept in the address.

The address is the one truth: a control shows what the address says, and choosing writes it there. Streamlit's own
binding of controls to the address is not used: it writes the shown label, so that an address would hold for one
language only. Here it holds keys and codes.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

import streamlit as st

from access.language import _
from ui import ways
from ui.asking import begun

# What a run showed, by parameter, so that a choice can write the whole view into the address: a view shared today
# must not fall back to next month's defaults.
_VIEW = "view"
# Whether the run showed all of it: a click may come while the page is still being drawn.
_WHOLE = "view_is_whole"
# What is asked about; what else the address holds belongs to one page.
SCOPE = ("initiative", "area", "period", "as_of", "release")

Control = Callable[..., Any]


def address(parameter: str) -> str | None:
    """Return what the address says of a parameter, None when it says nothing."""
    return said().get(parameter)


def said() -> Mapping[str, str]:
    """Return what the address says by parameter. Read once a run, which begins when the callbacks have written there:
    each look into Streamlit's own costs as much as a small element. A callback comes before that, and looks anew.
    """
    run = begun()
    if run is None:
        return st.query_params.to_dict()
    found = run.found
    if "address" not in found:
        found["address"] = st.query_params.to_dict()
    known: Mapping[str, str] = found["address"]
    return known


def begin_view() -> None:
    """Forget the last run's view. The choices of this run make the new one."""
    st.session_state[_VIEW] = {name: value for name, value in said().items() if name == "lang"}
    st.session_state[_WHOLE] = False


def end_view() -> None:
    """Note that this run showed everything: what is not in its view by now does not belong to the page."""
    st.session_state[_WHOLE] = True


def view() -> dict[str, str]:
    """Return this run's view so far: every parameter with the value that is shown, chosen or by default."""
    return dict(st.session_state.get(_VIEW, {}))


def growing_view() -> dict[str, str]:
    """Return this run's view itself, which goes on growing until the run ends: for what is made when it has."""
    grows: dict[str, str] = st.session_state.get(_VIEW, {})
    return grows


def carried(*, scope_too: bool = False) -> dict[str, str]:
    """Return what a link to another page takes along of the address: the language, the release that is being read
    and, where asked for, the scope.
    """
    names, known = ("lang", *SCOPE) if scope_too else ("lang", "release"), said()
    return {name: known[name] for name in names if name in known}


def choose(
    parameter: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    control: Control = st.selectbox,
    resets: tuple[str, ...] = (),
    **look: Any,
) -> str:
    """Show a control for `parameter` and return the chosen key of `options` (key -> shown text).

    An address that names an unknown key is answered with the default, and says so. A choice removes the parameters
    in `resets`: what they named belonged to the old choice.
    """
    chosen = _asked_for(parameter, options, default)
    widget = f"choice_{parameter}"
    st.session_state[widget] = chosen
    control(
        label,
        list(options),
        format_func=lambda key: options.get(key, key),
        key=widget,
        on_change=_choose,
        args=(parameter, resets),
        **look,
    )
    _say_if_unknown(parameter, options, chosen)
    return show(parameter, chosen)


def chosen(parameter: str, options: Mapping[str, str], default: str) -> str:
    """Return the chosen key of `options` of a parameter whose control is plain HTML (see `ui.ways`)."""
    chosen = _asked_for(parameter, options, default)
    _say_if_unknown(parameter, options, chosen)
    return show(parameter, chosen)


def switch(parameter: str, label: str, options: Mapping[str, str], default: str, *, label_shown: bool = True) -> str:
    """Show few options beside each other, of which one is pressed, and return the chosen key, as `choose` does.

    They are plain HTML: a widget of Streamlit's costs every run three times as much.
    """
    key = chosen(parameter, options, default)
    said = f'<span class="uptake-label">{escape(label)}</span>' if label_shown else ""
    st.html(f'<div class="uptake-choice">{said}{ways.switch(label, options, key, parameter)}</div>', width="content")
    return key


def _asked_for(parameter: str, options: Mapping[str, str], default: str) -> str:
    wanted = address(parameter)
    return wanted if wanted is not None and wanted in options else default


def _say_if_unknown(parameter: str, options: Mapping[str, str], chosen: str) -> None:
    wanted = address(parameter)
    if wanted is not None and wanted != chosen:
        st.warning(
            _("The address asks for “{wanted}”, which is not there. Shown instead: {shown}.").format(
                wanted=wanted[:80], shown=options.get(chosen, chosen)
            )
        )


def slide(parameter: str, label: str, ends: tuple[float, ...], default: tuple[float, ...], **look: Any) -> list[float]:
    """Show a slider for `parameter` and return its value, or both of them where the default has two.

    `ends` are lowest, highest and step. What the address says and a slider could not is answered with the default.
    """
    low, high, step = ends
    wanted, chosen = address(parameter), list(default)
    if wanted is not None:
        try:
            asked = [float(part) for part in wanted.split("~")]
        except ValueError:
            asked = []
        if len(asked) == len(default) and sorted(asked) == asked and all(low <= one <= high for one in asked):
            chosen = asked
        else:
            st.warning(
                _("The address asks for “{wanted}”, which is not there. Shown instead: {shown}.").format(
                    wanted=wanted[:80], shown=_numbers(chosen)
                )
            )
    whole = all(float(one).is_integer() for one in (low, high, step))
    kind: Callable[[float], float] = int if whole else float
    widget = f"choice_{parameter}"
    st.session_state[widget] = kind(chosen[0]) if len(chosen) == 1 else tuple(map(kind, chosen))
    st.slider(
        label, kind(low), kind(high), step=kind(step), format="%d" if whole else "%.1f", key=widget, on_change=_slide,
        args=(parameter,), **look,
    )  # fmt: skip
    show(parameter, _numbers(chosen))
    return chosen


def show(parameter: str, value: str) -> str:
    """Note that this run shows `value` for a parameter that has no control of its own; return the value."""
    st.session_state[_VIEW][parameter] = value
    return value


def go(resets: tuple[str, ...] = (), **parameters: str | None) -> None:
    """Write the last run's view into the address with some parameters changed (None: removed). For callbacks.

    Of a run that was interrupted the view is not whole: what it did not come to is as the address says.
    """
    before = {} if st.session_state.get(_WHOLE) else st.query_params.to_dict()
    changed = before | view() | {name: value for name, value in parameters.items() if value is not None}
    gone = {*resets, *(name for name, value in parameters.items() if value is None)}
    st.query_params.from_dict({name: value for name, value in changed.items() if name not in gone})


def _choose(parameter: str, resets: tuple[str, ...]) -> None:
    chosen = st.session_state[f"choice_{parameter}"]
    if chosen is not None:  # a segmented control lets go of its choice when it is clicked again: then nothing changes
        go(resets, **{parameter: chosen})


def _slide(parameter: str) -> None:
    chosen = st.session_state[f"choice_{parameter}"]
    go((), **{parameter: _numbers(chosen if isinstance(chosen, tuple) else (chosen,))})


def _numbers(values: Iterable[float]) -> str:
    """Return numbers as an address holds them: 5 or 0~1.5."""
    return "~".join(f"{value:g}" for value in values)
