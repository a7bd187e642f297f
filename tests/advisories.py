"""Known weaknesses of the pinned packages: `python -m tests.advisories` asks the Python advisories by pip-audit.

A known weakness fails it. What could not be asked about (no network, a mirror without advisories) fails nothing, and
passes for nothing either: it is said to be not audited.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).resolve().parent.parent / "constraints.txt"
PATIENCE_SECONDS = 10
ANSWER_SECONDS = 4
# One question a package, one after another: parts are asked at a time.
PARTS = 3


@dataclass
class Audit:
    """What was found: weaknesses in words, how many packages were looked up, and those that could not be, by reason."""

    weaknesses: list[str] = field(default_factory=list)
    audited: int = 0
    not_audited: dict[str, list[str]] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The exit status: 1 where a weakness is known."""
        return 1 if self.weaknesses else 0

    def lines(self) -> list[str]:
        """Return what to print."""
        said = [f"known weakness: {one}" for one in self.weaknesses]
        for reason, names in self.not_audited.items():
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            said.append(f"not audited: {shown}: {reason}")
        if self.audited and not self.weaknesses:
            said.append(f"audited: {self.audited} packages, no known weakness in them")
        return said

    def add(self, names: Sequence[str], answer: Any) -> None:
        """Add what pip-audit said about these packages: its JSON document, or a reason why there is none."""
        if isinstance(answer, str):
            self.not_audited.setdefault(answer, []).extend(names)
            return
        for package in answer["dependencies"]:
            if "skip_reason" in package:
                self.not_audited.setdefault("the index knows no advisories of it", []).append(package["name"])
                continue
            self.audited += 1
            for known in package["vulns"]:
                mended = ", ".join(known["fix_versions"]) or "no version yet"
                self.weaknesses.append(f"{package['name']} {package['version']}: {known['id']}, mended in {mended}")


def ask(pins: Sequence[str]) -> Any:
    """Return what pip-audit says about these pins, or why it says nothing."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(pins))
        listed.flush()
        command = [
            sys.executable, "-m", "pip_audit", "--requirement", listed.name, "--no-deps", "--disable-pip",
            "--format", "json", "--progress-spinner", "off", "--timeout", str(ANSWER_SECONDS),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            return f"no answer within {PATIENCE_SECONDS} seconds"
    try:
        return json.loads(done.stdout)
    except ValueError:
        return "the advisory database cannot be reached"


def audit(pins: Sequence[str]) -> Audit:
    """Return what is known of all these packages."""
    parts = [pins[start::PARTS] for start in range(PARTS)]
    found = Audit()
    with ThreadPoolExecutor(PARTS) as asking:
        for part, answer in zip(parts, asking.map(ask, parts), strict=True):
            found.add([pin.partition("==")[0] for pin in part], answer)
    return found


def pinned(lines: Iterable[str]) -> list[str]:
    """Return the pins of a constraints file."""
    texts = (line.partition("#")[0].strip() for line in lines)
    return [text for text in texts if text]


def main() -> int:
    """Audit what is pinned and say what was found."""
    found = audit(pinned(CONSTRAINTS.read_text(encoding="utf-8").splitlines()))
    print("\n".join(found.lines()), flush=True)
    return found.status


if __name__ == "__main__":
    sys.exit(main())
