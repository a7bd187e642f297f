"""The commands of the review, in the manner of the others: take-up, return, comment, withdraw, thread."""

import argparse
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access import command_line
from access.command_line import DONE
from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import Finding
from intake.review import steps
from intake.review.about import About
from intake.review.steps import Point
from intake.review.thread import thread

Commands = Any  # argparse does not name what add_subparsers returns


def add(commands: Commands) -> None:
    """Add the commands to those of `python -m intake`."""
    _command(commands, "take-up", _take_up, "take a waiting submission up for review")

    command = _command(commands, "return", _return, "return a submission to its maker with what is to be mended")
    command.add_argument("--reason", required=True, metavar="TEXT")
    command.add_argument("--row", type=int, action="append", default=[], metavar="N", help="a row to mend; repeatable")
    command.add_argument(
        "--finding", action="append", default=[], metavar="CODE", help="findings of this kind to mend; repeatable"
    )

    command = _command(commands, "comment", _comment, "say something about a submission, a row or a value")
    command.add_argument("--text", required=True, metavar="TEXT")
    command.add_argument("--row", type=int, metavar="N")
    command.add_argument("--column", default="", metavar="NAME")

    command = _command(commands, "withdraw", _withdraw, "take away one's own submission before it is decided on")
    command.add_argument("--reason", default="", metavar="TEXT")

    _command(commands, "thread", _thread, "list what was done and said about a submission and those it answers")


def _command(commands: Commands, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text)
    command.set_defaults(run=run)
    command.add_argument("submission", type=int, metavar="SUBMISSION", help="its number")
    command.add_argument("--by", required=True, metavar="EMAIL", help="whose rights apply")
    command.add_argument("--json", action="store_true", help="print JSON and nothing else")
    return command


def _take_up(engine: Engine, given: argparse.Namespace) -> int:
    return _step(engine, given, steps.take_up)


def _withdraw(engine: Engine, given: argparse.Namespace) -> int:
    return _step(engine, given, steps.withdraw, reason=given.reason)


def _return(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        points = [Point(About(row=row)) for row in given.row] + _points(session, given.submission, given.finding)
    return _step(engine, given, steps.send_back, reason=given.reason, points=points)


def _points(session: Session, submission: int, codes: list[str]) -> list[Point]:
    """Return the submission's findings of these kinds as points to mend."""
    query = select(Finding).where(Finding.submission_id == submission, col(Finding.code).in_(codes))
    return [
        Point(About(row=one.row, column=one.column, value=one.value, finding=one.code, details=one.details))
        for one in session.exec(query.order_by(col(Finding.id))).all()
    ]


def _comment(engine: Engine, given: argparse.Namespace) -> int:
    about = About(row=given.row, column=given.column)
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, given.by)
        entry = steps.comment(session, given.submission, by=by, text=given.text, about=about, at=datetime.now(UTC))
        session.commit()
        answer = {"submission": entry.submission_id, "entry": entry.id}
    command_line.print_json(answer)
    return DONE


def _thread(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        entries = thread(session, given.submission, who=identity_of_email(session, given.by))
    command_line.print_json({"thread": [entry.as_json() for entry in entries]})
    return DONE


def _step(engine: Engine, given: argparse.Namespace, step: Any, **more: Any) -> int:
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, given.by)
        submission = step(session, given.submission, by=by, at=datetime.now(UTC), **more)
        session.commit()
        answer = {"submission": submission.id, "state": str(submission.state)}
    command_line.print_json(answer)
    return DONE
