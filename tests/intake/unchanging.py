"""A country that nobody changes while its files are checked: what a check reads of its rules is read once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from data_model.registry import Initiative
from intake import check, matching

Read = Callable[..., Any]


@contextmanager
def unchanging(session: Session) -> Iterator[None]:
    """Let checks in this session read the rules and the register of each initiative once for each moment.

    Half of what the check of a small file costs are these same answers. Whoever writes in the session has no use of it.
    """
    with pytest.MonkeyPatch.context() as patch:
        for place, name in ((check, "read_rulebook"), (check, "rules_version"), (matching, "read_register")):
            patch.setattr(place, name, _once(getattr(place, name), session))
        yield


def _once(read: Read, of: Session) -> Read:
    held: dict[Any, Any] = {}

    def once(session: Session, initiative: Initiative, *words: Any) -> Any:
        if session is not of:
            return read(session, initiative, *words)
        # A small country's register is the same for whatever schools it is asked.
        key = (initiative.id, *(word for word in words if isinstance(word, datetime)))
        if key not in held:
            held[key] = read(session, initiative, *words)
        return held[key]

    return once
