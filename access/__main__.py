"""`python -m access add-user | invite | reset-link | grant | audit | matrix`: accounts, the trail, who may do what."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from access import audit, command_line
from access.accounts import add_account, add_grant
from access.invitations import Link, invite, make_link
from access.language import LANGUAGES, _
from access.matrix.document import document
from access.refusal import AccountRefused
from data_model.engine import open_session
from data_model.people import Account, Role


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 done, 1 refused, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m access", description="Accounts, grants and the audit trail.")
    commands = parser.add_subparsers(dest="command", required=True)
    _describe_add_user(commands.add_parser("add-user", help="add a person who may sign in, with a role"))
    _describe_invite(commands.add_parser("invite", help="make a person an account, and a link to set its password"))
    _describe_reset_link(commands.add_parser("reset-link", help="make a link to set a password anew"))
    _describe_grant(commands.add_parser("grant", help="give a person who has an account another role"))
    _describe_audit(commands.add_parser("audit", help="check the audit trail"))
    _describe_matrix(commands.add_parser("matrix", help="write down who may do what"))
    given = parser.parse_args(words)
    if given.command == "matrix":  # it is in the code, not in a database
        return _matrix(given.output)
    return command_line.run(lambda engine: given.run(engine, given))


def _describe_add_user(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_add_user)
    parser.add_argument("email", metavar="EMAIL")
    _describe_role(parser)
    parser.add_argument("--name", default="", help="as it is shown to others")
    parser.add_argument("--language", default="en", choices=list(LANGUAGES))


def _describe_invite(parser: argparse.ArgumentParser) -> None:
    _describe_add_user(parser)
    parser.set_defaults(run=_invite)


def _describe_reset_link(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_reset_link)
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_grant(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_grant)
    parser.add_argument("email", metavar="EMAIL")
    _describe_role(parser)


def _describe_role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=[str(role) for role in Role])
    parser.add_argument("--country", metavar="CODE", help="limit the role to a country, such as KZ")
    parser.add_argument("--area", metavar="CODE", help="limit the role to an area, such as KZ-75")
    parser.add_argument("--initiative", metavar="KEY", help="limit the role to an initiative")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_audit(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_audit)
    parser.add_argument(
        "--verify", action="store_true", required=True, help="check that no event was altered or removed"
    )
    parser.add_argument("--contains", metavar="HASH", help="check that this event, noted earlier, is still there")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def _describe_matrix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help="write it there; else it is printed")


def _matrix(output: Path | None) -> int:
    if output is None:
        print(document(), end="")
    else:
        output.write_text(document(), encoding="utf-8")
    return command_line.DONE


def _add_user(engine: Engine, given: argparse.Namespace) -> int:
    password = command_line.asked_password()
    at = datetime.now(UTC)
    with open_session(engine, write=True) as session:
        account = add_account(
            session, email=given.email, password=password, name=given.name, language=given.language, at=at
        )
        add_grant(
            session, account, given.role,
            country=given.country, area=given.area, initiative=given.initiative, at=at,
        )  # fmt: skip
        session.commit()
    return _answer_with_account(account, given)


def _invite(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        link = invite(
            session, None, email=given.email, role=given.role, name=given.name, language=given.language,
            country=given.country, area=given.area, initiative=given.initiative, at=datetime.now(UTC),
        )  # fmt: skip
        session.commit()
    return _answer_with_link(link, given)


def _reset_link(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        link = make_link(session, None, _account(session, given.email), at=datetime.now(UTC))
        session.commit()
    return _answer_with_link(link, given)


def _answer_with_link(link: Link, given: argparse.Namespace) -> int:
    """Print the link, which is shown this once."""
    until = link.expires_at.isoformat(timespec="seconds")
    if given.json:
        command_line.print_json(
            {"email": link.email, "purpose": link.purpose, "link": link.address, "expires_at": until}
        )
    else:
        message = _("Send {email} this link. It works once, until {moment}, and is not shown again:")
        print(message.format(email=link.email, moment=until))
        print(link.address)
    return command_line.DONE


def _grant(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        account = _account(session, given.email)
        add_grant(
            session, account, given.role,
            country=given.country, area=given.area, initiative=given.initiative, at=datetime.now(UTC),
        )  # fmt: skip
        session.commit()
    return _answer_with_account(account, given)


def _account(session: Session, email: str) -> Account:
    account = session.exec(select(Account).where(Account.email == email.strip().lower())).one_or_none()
    if account is None:
        raise AccountRefused("unknown_account", _("There is no account {email}.").format(email=email))
    return account


def _answer_with_account(account: Account, given: argparse.Namespace) -> int:
    limits = {"country": given.country, "area": given.area, "initiative": given.initiative}
    named = {name: code for name, code in limits.items() if code is not None}
    if given.json:
        command_line.print_json({"email": account.email, "role": given.role, **limits})
    else:
        where = ", ".join(f"{name} {code}" for name, code in named.items()) or _("everywhere")
        print(_("{email} is now {role} ({where}).").format(email=account.email, role=given.role, where=where))
    return command_line.DONE


def _audit(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        found = audit.verify(session)
        missing = given.contains is not None and not audit.contains(session, given.contains)
    intact = found.intact and not missing
    if given.json:
        document = {"intact": intact, "events": found.events, "head": found.head, "broken_event": found.broken_event}
        command_line.print_json(document)
    elif not found.intact:
        message = _("The audit trail is broken at event {event}: it, or the one before it, was altered or removed.")
        print(message.format(event=found.broken_event))
    elif missing:
        print(_("The event {hash} is missing: the end of the audit trail was cut off.").format(hash=given.contains))
    else:
        message = _("The audit trail is intact: {count} events. Its head, to keep elsewhere: {head}")
        print(message.format(count=found.events, head=found.head))
    return command_line.DONE if intact else command_line.REFUSED


if __name__ == "__main__":
    raise SystemExit(main())
