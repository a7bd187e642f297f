"""`python -m seed registry | demo | reset`: what the database starts with, and how it loses the invented part again."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.engine import Engine

from access.command_line import DONE, REFUSED, print_json, run
from access.language import _
from access.origin import Channel
from access.refusal import Refusal
from data_model.engine import open_session
from data_model.periods import Granularity, Period
from data_model.places import Country
from seed import demo, registry
from seed.start import COUNTRY, default_options

# Beyond so many school-months, every step is kept as it is made: one transaction would grow without bound.
ONE_TRANSACTION = 500_000


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parsed = _parser().parse_args(words)
    command: Callable[[argparse.Namespace, Engine], int] = parsed.command
    return run(lambda engine: command(parsed, engine), Channel.SEED)


def _parser() -> argparse.ArgumentParser:
    about = "What the database starts with, and how it loses the invented part of it again."
    parser = argparse.ArgumentParser(prog="python -m seed", description=about)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    one = commands.add_parser("registry", help="bring the registry of real initiatives up to the files in seed/")
    one.add_argument("--json", action="store_true", help="print the counts as JSON")
    one.set_defaults(command=_registry)
    one = commands.add_parser("demo", help="make a demonstration country whose schools report through intake")
    one.add_argument("--country", default=COUNTRY, help="ISO 3166-1 code (default: %(default)s)")
    one.add_argument("--schools", type=_number(1, 2_000_000), default=1_200, help="how many (default: %(default)s)")
    one.add_argument("--months", type=_number(1, 120), default=24, help="how many (default: %(default)s)")
    one.add_argument("--until", type=_month, help="last month, such as 2026-09 (default: the last that is over)")
    one.add_argument("--random-seed", type=_number(0, 2**31), default=1, help="another number, another country")
    one.add_argument(
        "--comparison", action="store_true",
        help="beside it a second initiative of some of its schools and a few schools of another country",
    )  # fmt: skip
    one.set_defaults(command=_demo)
    one = commands.add_parser("reset", help="remove all demonstration data, and nothing else")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one.set_defaults(command=_reset)
    return parser


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"write a number from {least:,} to {most:,}")
        return int(text)

    return read


def _month(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if period.granularity is not Granularity.MONTH:
        raise argparse.ArgumentTypeError("write a month, such as 2026-09")
    return period


def _registry(parsed: argparse.Namespace, engine: Engine) -> int:
    with open_session(engine, write=True) as session:
        counts = registry.load(session, datetime.now(UTC), say=_say)
        session.commit()
    if parsed.json:
        print_json({table: dict(count) for table, count in counts.items()})
        return DONE
    for table, count in counts.items():
        print(f"{table:20}" + ", ".join(f"{number} {what}" for what, number in sorted(count.items())))
    return DONE


def _demo(parsed: argparse.Namespace, engine: Engine) -> int:
    with open_session(engine, write=True) as session:
        now = datetime.now(UTC)
        if session.get(Country, parsed.country) is None:
            registry.load(session, now)
        options = default_options(session, now, parsed.country)
        if parsed.until is not None and parsed.until > options.until:
            message = _("{month} is not over yet: the last complete month is {last}.")
            raise Refusal("month_not_over", message.format(month=parsed.until, last=options.until))
        options = replace(
            options, until=parsed.until or options.until, schools=parsed.schools, months=parsed.months,
            random_seed=parsed.random_seed, comparison=parsed.comparison,
        )  # fmt: skip
        large = options.schools * options.months > ONE_TRANSACTION
        made = demo.make_demonstration(session, options, say=_say, keep=session.commit if large else None)
        session.commit()
    for line in demo.as_lines(made.accounts):
        print(line)
    return DONE


def _reset(parsed: argparse.Namespace, engine: Engine) -> int:
    with open_session(engine) as session:
        counts, real = demo.counts(session), demo.real_submissions(session)
    if not counts:
        print(_("There is no demonstration data."))
        return DONE
    listed = ", ".join(f"{number} {table}" for table, number in counts.items())
    print(_("This removes the demonstration: {counts}.").format(counts=listed))
    if real:
        print(_("Real submissions on invented schools lose these schools:"))
    for submission in real:
        print("  " + submission.as_line())
    if not parsed.yes and not _agrees():
        print(_("Nothing was removed."))
        return REFUSED
    with open_session(engine, write=True) as session:
        if demo.real_submissions(session) != real:
            raise Refusal("changed_meanwhile", _("Somebody has submitted meanwhile. Nothing was removed: start again."))
        demo.remove_demonstration(session, datetime.now(UTC))
        session.commit()
    print(_("The demonstration was removed. The registry and real data stay."))
    return DONE


def _agrees() -> bool:
    print(_("Remove it? Write yes:"), end=" ", flush=True)
    return sys.stdin.readline().strip().lower() == "yes"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
