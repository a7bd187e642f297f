"""The commands that managers script against: their words, their JSON and their exit status."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from access import command_line
from access.command_line import DONE, REFUSED, period
from access.identity import identity_of_email
from access.language import _
from access.refusal import Refusal
from data_model.engine import open_session
from data_model.registry import Initiative
from intake import erasing, period_commands, record, summary, undo
from intake.check import Check, check_file
from intake.findings_page import findings_markdown
from intake.history import history
from intake.layout import LONG, WIDE
from intake.options import Options, read_mapping
from intake.refusal import Refused
from intake.review import commands as review_commands
from intake.review import steps
from intake.template import template


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done or acceptable, 1 refused, 2 usage."""
    parser = _parser()
    given = parser.parse_args(words)
    if hasattr(sys.stdout, "reconfigure"):
        # File names and cells hold any letters, whatever the terminal was set to.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if given.command == "findings":
        sys.stdout.write(findings_markdown())
        return DONE
    return command_line.run(lambda engine: given.run(engine, given))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m intake", description="A file's way in, and back out.")
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("template", help="write a file for the schools expected in a period to fill in")
    command.set_defaults(run=_template)
    _initiative(command)
    command.add_argument("--layout", choices=[WIDE, LONG], default=WIDE)
    command.add_argument("--format", choices=["csv", "xlsx"], default="csv")
    command.add_argument("--period", type=period, metavar="2026-09", help="by default the last complete one")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    command = commands.add_parser("check", help="say what is wrong with files and what they would change")
    command.set_defaults(run=_check)
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    _initiative(command)
    _reading(command)

    command = commands.add_parser("submit", help="check a file and hand it in for review")
    command.set_defaults(run=_submit)
    command.add_argument("file", type=Path, metavar="FILE")
    _initiative(command)
    _by(command)
    _reading(command)
    command.add_argument("--note", default="", metavar="TEXT", help="what the reviewer should know")
    command.add_argument("--answers", type=int, metavar="SUBMISSION", help="the returned submission that it mends")

    command = commands.add_parser("accept", help="let a waiting submission speak for its cells")
    command.set_defaults(run=_accept)
    _submission(command)
    command.add_argument("--fingerprint", required=True, help="of the preview that was looked at")

    for name, run, text in (
        ("reject", _reject, "turn a waiting submission away"),
        ("undo", _undo, "take an accepted submission back"),
        ("erase", _erase, "erase the bytes of a submission's file"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        _submission(command)
        command.add_argument("--reason", required=True, metavar="TEXT")

    review_commands.add(commands)
    period_commands.add(commands)

    command = commands.add_parser("history", help="list all that was ever held about one cell")
    command.set_defaults(run=_history)
    _initiative(command)
    command.add_argument("--school", required=True, metavar="CODE")
    command.add_argument("--metric", required=True, metavar="KEY")
    command.add_argument("--period", type=period, required=True, metavar="2026-09")
    _json(command)

    commands.add_parser("findings", help="print the catalogue of findings as a table in Markdown")
    return parser


def _initiative(command: argparse.ArgumentParser) -> None:
    command.add_argument("--initiative", required=True, metavar="KEY", help="such as kz-chatgpt-edu")


def _by(command: argparse.ArgumentParser) -> None:
    command.add_argument("--by", required=True, metavar="EMAIL", help="whose rights apply")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON and nothing else")


def _reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--period", type=period, metavar="2026-09", help="where the file does not name one")
    command.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help="JSON: column name to metric, key column, ignore; for a user export also by, schools, audience",
    )
    _json(command)


def _submission(command: argparse.ArgumentParser) -> None:
    command.add_argument("submission", type=int, metavar="SUBMISSION", help="its number")
    _by(command)
    _json(command)


def _now() -> datetime:
    return datetime.now(UTC)


def _initiative_named(session: Session, key: str) -> Initiative:
    initiative = session.exec(select(Initiative).where(Initiative.key == key)).one_or_none()
    if initiative is None:
        raise Refused("unknown_initiative", _("There is no initiative {key}.").format(key=key))
    return initiative


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused("file_missing", _("There is no file {file}.").format(file=path)) from error
    except OSError as error:
        message = _("The file {file} cannot be read: {reason}.").format(file=path, reason=error.strerror)
        raise Refused("file_unreadable", message) from error


def _options(given: argparse.Namespace) -> Options:
    return Options(period=given.period, **(read_mapping(given.mapping) if given.mapping else {}))


def _template(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        initiative = _initiative_named(session, given.initiative)
        content = template(
            session, initiative, layout=given.layout, file_format=given.format, period=given.period, at=_now()
        )
    try:
        given.output.write_bytes(content)
    except OSError as error:
        message = _("{file} cannot be written: {reason}.").format(file=given.output, reason=error.strerror)
        raise Refused("file_unwritable", message) from error
    return DONE


def _check(engine: Engine, given: argparse.Namespace) -> int:
    options = _options(given)
    status = DONE
    for path in given.files:
        try:
            with open_session(engine) as session:
                initiative = _initiative_named(session, given.initiative)
                check = check_file(session, initiative, _content(path), path.name, options, at=_now())
        except Refused as refused:
            # An initiative or mapping that does not exist is wrong for every file alike.
            if refused.code not in ("file_missing", "file_unreadable"):
                raise
            command_line.print_json(refused.as_json())
            status = REFUSED
            continue
        _print_check(check, as_json=given.json)
        status = status if check.acceptable else REFUSED
    return status


def _print_check(check: Check, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.writelines(check.json_pieces())
        sys.stdout.write("\n")
    else:
        sys.stdout.write(summary.in_words(check))


def _submit(engine: Engine, given: argparse.Namespace) -> int:
    options, at = _options(given), _now()
    content = _content(given.file)
    with open_session(engine) as session:
        identity_of_email(session, given.by)
        initiative = _initiative_named(session, given.initiative)
        check = check_file(session, initiative, content, given.file.name, options, at=at)
    try:
        with open_session(engine, write=True) as session:
            by = identity_of_email(session, given.by)
            answers = None if given.answers is None else steps.to_answer(session, given.answers, initiative, by=by)
            submission = record.submit(session, check, by=by, note=given.note, answers=answers, at=at)
            session.commit()
            number, state = submission.id, str(submission.state)
    except Refusal as refused:
        if check.acceptable or not given.json:
            raise
        # What is wrong with the file is the reason, so it goes along.
        _print_around(refused.as_json(), check)
        return REFUSED
    if given.json:
        _print_around({"submission": number, "fingerprint": check.fingerprint, "state": state}, check)
    else:
        sys.stdout.write(summary.in_words(check))
        sys.stdout.write(_("Submission {number} is waiting for review.").format(number=number) + "\n")
    return DONE


def _print_around(document: dict[str, Any], check: Check) -> None:
    """Print the document with the check as its last entry."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False)[:-1] + ', "check": ')
    sys.stdout.writelines(check.json_pieces())
    sys.stdout.write("}\n")


def _accept(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        submission = record.accept(
            session, given.submission, by=identity_of_email(session, given.by), fingerprint=given.fingerprint, at=_now()
        )
        session.commit()
        answer = {"submission": submission.id, "state": str(submission.state)}
    command_line.print_json(answer)
    return DONE


def _reject(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        submission = record.reject(
            session, given.submission, by=identity_of_email(session, given.by), reason=given.reason, at=_now()
        )
        session.commit()
        answer = {"submission": submission.id, "state": str(submission.state)}
    command_line.print_json(answer)
    return DONE


def _undo(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        undone = undo.undo(
            session, given.submission, by=identity_of_email(session, given.by), reason=given.reason, at=_now()
        )
        session.commit()
        kept = [cell._asdict() for cell in undone.kept]
        answer = {"submission": undone.submission.id, "reversed": undone.reversed, "kept": kept}
    command_line.print_json(answer)
    return DONE


def _erase(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        submission = erasing.erase(
            session, given.submission, by=identity_of_email(session, given.by), reason=given.reason, at=_now()
        )
        session.commit()
        answer = {"submission": submission.id, "state": str(submission.state), "erased": True}
    command_line.print_json(answer)
    return DONE


def _history(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        initiative = _initiative_named(session, given.initiative)
        observations = history(session, initiative, given.school, given.metric, given.period)
    command_line.print_json({"observations": observations})
    return DONE
