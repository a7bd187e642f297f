"""Schools in groups: by setting, language of instruction, size, or the wave in which they joined."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

GROUPS = ("setting", "language", "size", "wave")
# Teachers at the school: up to which number each size reaches. A school's size is what it last reported by then.
SIZES = ((19, "1-19"), (49, "20-49"), (99, "50-99"))
LARGEST = "100+"
UNKNOWN = ""


def group_of(schools: pd.DataFrame, group: str, teachers: np.ndarray | None = None) -> np.ndarray:
    """Return each school's group as text, UNKNOWN where it is not known.

    `schools` has the columns setting, languages, wave; `teachers` (numbers, NaN for unknown) is wanted for `size`.
    A school with several languages of instruction is of the group that names them all ("kk,ru"), in order of code.
    """
    if group == "setting":
        return schools["setting"].fillna(UNKNOWN).to_numpy(dtype=object)
    if group == "language":
        return np.array([_languages(listed) for listed in schools["languages"]], dtype=object)
    if group == "wave":
        return np.array([str(wave) for wave in schools["wave"]], dtype=object)
    if group == "size" and teachers is not None:
        return np.array([_size(count) for count in teachers], dtype=object)
    raise ValueError(f"{group!r} is no grouping of schools: take one of {', '.join(GROUPS)}")


def in_order(groups: Sequence[str]) -> list[str]:
    """Return the groups in the order in which they are shown: sizes and waves rising, what is not known last."""
    sizes = [*(name for _upper, name in SIZES), LARGEST]

    def place(name: str) -> tuple[bool, int, str]:
        number = sizes.index(name) if name in sizes else int(name) if name.isdigit() else 0
        return (name == UNKNOWN, number, name)

    return sorted(set(groups), key=place)


def _languages(listed: str) -> str:
    return ",".join(sorted(part.strip() for part in listed.split(",") if part.strip()))


def _size(teachers: float) -> str:
    if np.isnan(teachers) or teachers < 1:
        return UNKNOWN
    return next((name for upper, name in SIZES if teachers <= upper), LARGEST)
