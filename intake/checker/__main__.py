"""`python -m intake.checker --initiative KEY --by EMAIL -o FILE`: write the offline checker for a manager."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlmodel import select

from access import command_line
from access.command_line import DONE
from access.identity import identity_of_email
from access.language import DEFAULT_LANGUAGE, LANGUAGES, _
from data_model.engine import open_session
from data_model.registry import Initiative
from intake.checker.page import checker
from intake.refusal import Refused


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 refused, 2 usage."""
    parser = argparse.ArgumentParser(
        prog="python -m intake.checker", description="Write one HTML file that checks progress files offline."
    )
    parser.add_argument("--initiative", required=True, metavar="KEY", help="such as kz-chatgpt-edu")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="whose rights apply: who will upload the files")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="such as checker.html")
    parser.add_argument("--lang", choices=list(LANGUAGES), default=DEFAULT_LANGUAGE, help="it opens in; all are in it")
    given = parser.parse_args(words)
    return command_line.run(lambda engine: _write(engine, given))


def _write(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        by = identity_of_email(session, given.by)
        initiative = session.exec(select(Initiative).where(Initiative.key == given.initiative)).one_or_none()
        if initiative is None:
            raise Refused("unknown_initiative", _("There is no initiative {key}.").format(key=given.initiative))
        content = checker(session, initiative, by=by, at=datetime.now(UTC), language=given.lang)
    try:
        given.output.write_bytes(content)
    except OSError as error:
        message = _("{file} cannot be written: {reason}.").format(file=given.output, reason=error.strerror)
        raise Refused("file_unwritable", message) from error
    return DONE


if __name__ == "__main__":
    raise SystemExit(main())
