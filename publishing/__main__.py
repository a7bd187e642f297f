"""`python -m publishing preview | release | withdraw | export | brief | attack | public-role`: the way out."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from access import command_line
from access.identity import identity_of_email
from access.language import _
from access.refusal import Refusal
from data_model.engine import open_session
from publishing import attacked, export, open_data, public_role, releases
from publishing.brief import command as brief_command
from publishing.iati.activities import activity_file
from publishing.preview import preview

IATI = "iati"


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 refused, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="The way out: releases and open data.")
    commands = parser.add_subparsers(dest="command", required=True)
    _describe_preview(commands.add_parser("preview", help="what a release made now would let the public see"))
    _describe_release(commands.add_parser("release", help="let the public see the figures as they stand now"))
    _describe_withdraw(commands.add_parser("withdraw", help="take a release back from the public"))
    _describe_export(commands.add_parser("export", help="write a release as csv, json or datapackage"))
    brief_command.describe(commands.add_parser("brief", help="print two pages about an initiative, as PDF"))
    _describe_attack(commands.add_parser("attack", help="try to work out what releases withhold, from their files"))
    _describe_public_role(commands.add_parser("public-role", help="make the database role of the public (PostgreSQL)"))
    given = parser.parse_args(words)
    return command_line.run(lambda engine: given.run(engine, given))


def _describe_release(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_release)
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the reviewer whose rights apply")
    parser.add_argument("--note", required=True, metavar="TEXT", help="what the public is told about this release")
    parser.add_argument("--threshold", type=int, metavar="N",
                        help="counts of people below N are withheld (default: the instance's)")  # fmt: skip
    parser.add_argument("--fingerprint", metavar="F", help="of a preview: release what it showed or nothing")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_preview(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_preview)
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the reviewer whose rights apply")
    parser.add_argument("--threshold", type=int, metavar="N",
                        help="counts of people below N would be withheld (default: the instance's)")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_withdraw(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_withdraw)
    parser.add_argument("release", type=int, help="the number of the release")
    parser.add_argument("--by", required=True, metavar="EMAIL", help="the reviewer whose rights apply")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="what is told to everyone who asks for it")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_attack(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_attack)
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_public_role(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_public_role)
    parser.add_argument("name", help="the role to make, or to give its rights anew: uptake_public, for example")


def _describe_export(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_export)
    parser.add_argument("format", choices=[*export.FORMATS, IATI], metavar="FORMAT",
                        help=", ".join([*export.FORMATS, IATI]))  # fmt: skip
    parser.add_argument("--release", type=int, metavar="N", help="an earlier release; the newest without it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PATH",
                        help="a file; for datapackage a folder")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _release(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, given.by)
        made = releases.release(
            session, by=by, note=given.note, at=datetime.now(UTC),
            threshold=given.threshold, fingerprint=given.fingerprint,
        )  # fmt: skip
        held = releases.counts(session, made)
        session.commit()
    if given.json:
        answer = {"release": made.id, "as_of": made.as_of.isoformat(), "figures": held.figures}
        command_line.print_json(answer | {"suppressed": held.suppressed})
    else:
        message = _("Release {number}: {figures} figures, {suppressed} of them withheld.")
        print(message.format(number=made.id, figures=held.figures, suppressed=held.suppressed))
    return command_line.DONE


def _preview(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        by = identity_of_email(session, given.by)
        found = preview(session, by=by, at=datetime.now(UTC), threshold=given.threshold)
    if given.json:
        command_line.print_json(found.as_json())
        return command_line.DONE
    message = _("{figures} figures, {suppressed} of them withheld; {changes} changes against the last release.")
    held = found.counts
    print(message.format(figures=held.figures, suppressed=held.suppressed, changes=len(found.changes)))
    print(_("Fingerprint: {fingerprint}").format(fingerprint=found.fingerprint))
    for number in found.to_withdraw:
        print(_("Release {number} was made under a weaker rule: withdraw it.").format(number=number))
    return command_line.DONE


def _withdraw(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, given.by)
        gone = releases.withdraw(session, given.release, by=by, reason=given.reason, at=datetime.now(UTC))
        session.commit()
    if given.json:
        command_line.print_json({"release": gone.id, "state": "withdrawn", "reason": gone.withdrawal_reason})
    else:
        print(_("Release {number} is withdrawn.").format(number=gone.id))
    return command_line.DONE


def _attack(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        found = attacked.attack(session)
    if given.json:
        command_line.print_json(found.as_json())
    else:
        message = _("{releases} releases, {numbers} numbers read from their files.")
        print(message.format(releases=len(found.releases), numbers=found.numbers))
        print(_("Protected counts: {protected}. Leaks: {leaks}.").format(
            protected=found.protected, leaks=len(found.leaks)))  # fmt: skip
        for leak in found.leaks:
            print(" ".join(map(str, leak)))
    return command_line.REFUSED if found.leaks else command_line.DONE


def _public_role(engine: Engine, given: argparse.Namespace) -> int:
    password = command_line.asked_password()
    public_role.make(engine, given.name, password)
    print(_("The role {name} can read what was released and nothing else.").format(name=given.name))
    return command_line.DONE


def _export(engine: Engine, given: argparse.Namespace) -> int:
    if given.format == IATI:
        return _export_activities(engine, given)
    with open_session(engine) as session:
        data = open_data.open_data(session, given.release)
    files = export.FORMATS[given.format](data, given.output)
    _write(files, given)
    if given.json:
        names = [str(path) for path in files]
        command_line.print_json({"release": data.about["release"], "figures": len(data.figures), "files": names})
    else:
        for path in files:
            print(path)
    return command_line.DONE


def _export_activities(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        made = activity_file(session, given.release, datetime.now(UTC))
    _write({given.output: made.content}, given)
    if given.json:
        answer = {"release": made.release, "activities": list(made.activities), "left_out": list(made.left_out)}
        command_line.print_json(answer | {"files": [str(given.output)]})
        return command_line.DONE
    print(given.output)
    for key in made.left_out:
        print(_("{initiative} is left out: no source tells when it was announced, starts or ends.").format(
            initiative=key), file=sys.stderr)  # fmt: skip
    return command_line.DONE


def _write(files: export.Files, given: argparse.Namespace) -> None:
    try:
        export.write(files)
    except OSError as trouble:
        message = _("{path} cannot be written: {reason}")
        reason = trouble.strerror or str(trouble)
        raise Refusal("not_written", message.format(path=given.output, reason=reason)) from trouble


if __name__ == "__main__":
    raise SystemExit(main())
