"""`python -m publishing brief`: the brief as a file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from access import command_line
from access.command_line import moment, period
from access.identity import identity_of_email
from access.language import LANGUAGES, _, in_language
from access.refusal import Refusal
from data_model.engine import open_session
from publishing.brief.contents import Contents, Question, contents
from publishing.brief.make import as_images, as_pdf, require_figures


def describe(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.set_defaults(run=_run)
    parser.add_argument("--initiative", required=True, metavar="KEY")
    parser.add_argument("--area", metavar="CODE", help="an area's code; the initiative's whole country without it")
    parser.add_argument("--period", type=period, metavar="PERIOD", help="2026-09; the newest with figures without it")
    parser.add_argument("--measure", metavar="KEY", help="the measure that leads; that of active people without it")
    parser.add_argument("--lang", choices=list(LANGUAGES), default="en", help="its language (default: %(default)s)")
    parser.add_argument("--as-of", type=moment, metavar="ISO", help="as it was known then; UTC without an offset")
    parser.add_argument("--released", action="store_true", help="from the newest release, as the public sees it")
    parser.add_argument("--release", type=int, metavar="N", help="from an earlier release")
    parser.add_argument("--by", metavar="EMAIL", help="whose rights apply; the operator's without it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE",
                        help="a PDF; where it ends with .png two pictures, FILE-1.png and FILE-2.png")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _run(engine: Engine, given: argparse.Namespace) -> int:
    released = given.released or given.release is not None
    asked = Question(
        given.initiative, given.area, given.period, given.measure, given.as_of, released, given.release
    )  # fmt: skip
    with in_language(given.lang), open_session(engine) as session:
        if given.by is not None:
            require_figures(session, identity_of_email(session, given.by), asked)
        said = contents(session, asked, datetime.now(UTC))
        files = _files(given.output, said)
    _write(files)
    if given.json:
        names = [str(path) for path in files]
        command_line.print_json({"citation": said.citation, "address": said.address, "files": names})
    else:
        print("\n".join(map(str, files)))
    return command_line.DONE


def _files(output: Path, said: Contents) -> dict[Path, bytes]:
    """Return what is to be written where."""
    if output.suffix.lower() != ".png":
        return {output: as_pdf(said)}
    pages = enumerate(as_images(said), start=1)
    return {output.with_stem(f"{output.stem}-{number}"): page for number, page in pages}


def _write(files: dict[Path, bytes]) -> None:
    for path, content in files.items():
        try:
            path.write_bytes(content)
        except OSError as trouble:
            message = _("{path} cannot be written: {reason}")
            reason = trouble.strerror or str(trouble)
            raise Refusal("not_written", message.format(path=path, reason=reason)) from trouble
