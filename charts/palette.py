"""The colours of every chart. Safe for colour-blind readers, in light and dark; the tests hold them to it.

On a page Streamlit puts its theme's colours (`.streamlit/config.toml`, the same lists as here) in the place of the
placeholders below, so that one drawn figure serves both themes. Elsewhere `charts.theme.concrete` does.
"""

# The first four stay apart in protanopia, deuteranopia and tritanopia; more series than that are labelled directly.
LIGHT = (
    "#0b4f8a",  # blue
    "#c4500c",  # orange
    "#10998a",  # teal
    "#8f3ff0",  # violet
    "#7a6300",  # olive
    "#2686c0",  # sky
    "#8c1c37",  # wine
    "#4f5bc0",  # indigo
    "#3f6b22",  # moss
    "#5c6670",  # slate
)
DARK = (
    "#6fb3f2",
    "#f79256",
    "#c3ee5a",
    "#f1c9e0",
    "#d8bd3f",
    "#a9dcff",
    "#ef7d95",
    "#a3a9ff",
    "#9bcf72",
    "#b4bec9",
)
# From least to most, for maps and heat maps: one hue, evenly darker (lighter in the dark).
SEQUENTIAL_LIGHT = (
    "#e8f1fa", "#cfe2f3", "#b3d0ea", "#93bbdf", "#71a5d3",
    "#508dc4", "#3475b0", "#1f5f9b", "#0b4f8a", "#063563",
)  # fmt: skip
SEQUENTIAL_DARK = (
    "#16283a", "#1b3650", "#204567", "#27567f", "#316998",
    "#407db1", "#5592c7", "#71a9da", "#94c2ea", "#bfdcf6",
)  # fmt: skip

CATEGORICAL = tuple(f"#0000{number:02}" for number in range(1, 11))
SEQUENTIAL = tuple(f"#0000{number:02}" for number in range(11, 21))
MAIN, SECOND = CATEGORICAL[0], CATEGORICAL[1]
# For words that are no figure: a grey that can be read on either background.
QUIET = CATEGORICAL[9]

# These stand on both backgrounds as they are, for lines and marks: as words they would be too faint.
MUTED = "#7d8794"
FAINT = "rgba(125, 135, 148, 0.22)"
GAP = "rgba(125, 135, 148, 0.12)"
HATCH = "rgba(125, 135, 148, 0.85)"
NOTHING = "rgba(0, 0, 0, 0)"


def colours(theme: str) -> dict[str, str]:
    """Return what stands in the placeholders' place in the `light` or `dark` theme."""
    categorical, sequential = (LIGHT, SEQUENTIAL_LIGHT) if theme == "light" else (DARK, SEQUENTIAL_DARK)
    return dict(zip((*CATEGORICAL, *SEQUENTIAL), (*categorical, *sequential), strict=True))
