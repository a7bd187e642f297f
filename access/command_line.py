"""What the house's commands share: a ready database, JSON answers, and refusals that end with status 1."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from typing import Any

from sqlalchemy.engine import Engine

from access import origin
from access.language import _
from access.origin import Channel
from access.refusal import AccountRefused, Refusal
from access.settings import SettingRefused
from data_model.engine import SchemaOutdated, ready_engine
from data_model.periods import Period

DONE, REFUSED = 0, 1


def run(command: Callable[[Engine], int], channel: Channel = Channel.COMMAND_LINE) -> int:
    """Run a command on the database that DATABASE_URL names and return the exit status.

    A refusal is printed as `{"error", "message"}` and gives 1.
    """
    origin.use(channel)
    try:
        engine = ready_engine()
        try:
            return command(engine)
        finally:
            engine.dispose()
    except Refusal as refused:
        print_json(refused.as_json())
    except SchemaOutdated as outdated:
        print_json({"error": "schema_outdated", "message": str(outdated)})
    except SettingRefused as setting:
        print_json({"error": "setting_refused", "message": str(setting)})
    return REFUSED


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document on a line of its own, whatever the terminal's encoding."""
    sys.stdout.write(json.dumps(document, ensure_ascii=not _speaks_unicode()) + "\n")


def asked_password() -> str:
    """Return the password: typed twice at a terminal, else one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(_("Password (12 characters or more): "))
    if getpass(_("The same again: ")) != password:
        raise AccountRefused("passwords_differ", _("The two passwords differ. Nothing was done."))
    return password


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def period(text: str) -> Period:
    """Return the period that an argument names, for a parser's `type`."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def moment(text: str) -> datetime:
    """Return the moment that an argument names, in UTC where it names no offset, for a parser's `type`."""
    try:
        named = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment: write 2026-09-30T12:00:00Z") from error
    return named if named.tzinfo else named.replace(tzinfo=UTC)
