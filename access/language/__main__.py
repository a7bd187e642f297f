"""`python -m access.language extract | check`: bring the message catalogues up to date, or say what is wrong."""

import argparse
import sys

from access.language.catalogues import ROOT, problems, untranslated, update
from access.language.current import DEFAULT_LANGUAGE, LANGUAGES


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 when `check` found something."""
    parser = argparse.ArgumentParser(prog="python -m access.language", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="update locale/ from the texts in the code, keeping translations")
    commands.add_parser("check", help="say what is wrong with locale/; 1 when anything is")
    missing = commands.add_parser("missing", help="list the texts not yet translated into a language")
    missing.add_argument("language", choices=[language for language in LANGUAGES if language != DEFAULT_LANGUAGE])
    chosen = parser.parse_args(arguments)
    if chosen.command == "extract":
        lines = [f"updated {path.relative_to(ROOT).as_posix()}" for path in update()]
    elif chosen.command == "missing":
        lines = untranslated(chosen.language)
    else:
        lines = problems()
    for line in lines:
        print(line)
    return 1 if chosen.command == "check" and lines else 0


if __name__ == "__main__":
    sys.exit(main())
