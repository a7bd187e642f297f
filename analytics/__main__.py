"""`python -m analytics figure`: one figure, for scripts and for whoever checks a number on a page."""

import argparse
import json
from typing import Any

from access.command_line import moment, period
from access.refusal import Refusal
from analytics.figures import figure_as_json
from analytics.lookup import country_of
from analytics.scope import Scope
from data_model.engine import SchemaOutdated, open_session, ready_engine


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit status: 0 answered, 1 refused (with JSON that says why), 2 usage."""
    asked = _parser().parse_args(words)
    try:
        answer = _figure(asked)
    except Refusal as refusal:
        print(json.dumps(refusal.as_json(), ensure_ascii=False))
        return 1
    except SchemaOutdated as outdated:
        print(json.dumps({"error": "schema_outdated", "message": str(outdated)}))
        return 1
    print(json.dumps(answer, ensure_ascii=False) if asked.json else _as_text(answer))
    return 0


def _figure(asked: argparse.Namespace) -> dict[str, Any]:
    with open_session(ready_engine()) as session:
        scope = Scope(
            initiative=asked.initiative,
            measure=asked.measure,
            area=asked.area or country_of(session, asked.initiative),
            period=asked.period,
            as_of=asked.as_of,
            released=asked.released,
        )
        return figure_as_json(session, scope)


def _as_text(answer: dict[str, Any]) -> str:
    """Return the answer as lines for a person; what has no value says which of the four states it is in."""
    submissions = answer["submissions"]
    shown = {key: value for key, value in answer.items() if key != "submissions" and value is not None}
    lines = [f"{key}: {value}" for key, value in shown.items()]
    return "\n".join([*lines, f"submissions: {', '.join(str(entry['id']) for entry in submissions) or 'none'}"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m analytics", description="Ask for figures.")
    commands = parser.add_subparsers(dest="command", required=True)
    figure = commands.add_parser("figure", help="print one figure with its base and the submissions behind it")
    figure.add_argument("--initiative", required=True, metavar="KEY")
    figure.add_argument("--measure", required=True, metavar="KEY", help="a metric's or an indicator's key")
    figure.add_argument("--period", required=True, type=period, help="2026-09, 2026-Q3 or 2025/26")
    figure.add_argument("--area", metavar="CODE", help="an area's code; the initiative's whole country without it")
    figure.add_argument("--as-of", type=moment, metavar="ISO", help="as it was known then; UTC without an offset")
    figure.add_argument("--released", action="store_true", help="from the newest release, as the public sees it")
    figure.add_argument("--json", action="store_true", help="print JSON and nothing else")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
