import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from charts import palette
from charts.map import ZERO_STRENGTH

SETTINGS = tomllib.loads((Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text())
THEMES = {"light": (palette.LIGHT, "#ffffff"), "dark": (palette.DARK, "#0f151c")}
# Machado, Oliveira, Fernandes (2009): how full protanopia, deuteranopia and tritanopia see linear RGB.
SIMULATED = {
    "full sight": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
# CIELAB distance at which two lines are told apart at a glance.
TOLD_APART = 18
# A chart of ours has at most this many series at once; direct labels tell more apart.
SERIES = 4


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = to_xyz @ rgb.clip(0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_and_the_files_have_the_same_colours(theme: str):
    colours = palette.colours(theme)
    settings = SETTINGS["theme"][theme]
    assert settings["chartCategoricalColors"] == [colours[one] for one in palette.CATEGORICAL]
    assert settings["chartSequentialColors"] == [colours[one] for one in palette.SEQUENTIAL]
    assert settings["backgroundColor"] == THEMES[theme][1]


@pytest.mark.parametrize("theme", THEMES)
def test_every_mark_stands_out_from_the_page(theme: str):
    colours, ground = THEMES[theme]
    assert len(colours) >= 10
    for colour in (*colours, palette.MUTED):
        assert contrast(colour, ground) >= 3, colour  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_text_can_be_read(theme: str):
    colours, ground = THEMES[theme]
    quiet = palette.colours(theme)[palette.QUIET]
    for colour in (*colours[:2], quiet):
        assert contrast(colour, ground) >= 4.5, colour  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("sight", SIMULATED)
@pytest.mark.parametrize("theme", THEMES)
def test_series_are_told_apart_whatever_colours_one_sees(theme: str, sight: str):
    seen = [lab(SIMULATED[sight] @ linear(colour)) for colour in THEMES[theme][0][:SERIES]]
    for one, other in combinations(range(SERIES), 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= TOLD_APART, (one, other)


@pytest.mark.parametrize("steps", [palette.SEQUENTIAL_LIGHT, palette.SEQUENTIAL_DARK])
def test_more_is_evenly_further_from_the_ground(steps: tuple[str, ...]):
    lightness = [lab(linear(colour))[0] for colour in steps]
    assert lightness == sorted(lightness, reverse=steps is palette.SEQUENTIAL_LIGHT)


@pytest.mark.parametrize("sight", SIMULATED)
@pytest.mark.parametrize("theme", THEMES)
def test_zero_on_a_map_is_told_apart_from_every_class_whatever_colours_one_sees(theme: str, sight: str):
    colours, ground = palette.colours(theme), THEMES[theme][1]
    zero = (1 - ZERO_STRENGTH) * linear(ground) + ZERO_STRENGTH * linear(colours[palette.SECOND])
    seen = lab(SIMULATED[sight] @ zero)
    for place in palette.SEQUENTIAL[1:]:
        assert np.linalg.norm(seen - lab(SIMULATED[sight] @ linear(colours[place]))) >= TOLD_APART, place
