"""`python -m tests.intake.corpus [FOLDER]`: print how many files of each kind there are, and write them."""

import sys
from collections import Counter
from pathlib import Path

from tests.intake.corpus import all_cases


def main(folder: str | None) -> None:
    """Print the counts by kind and their sum; write the files, numbered, where a folder is named."""
    counts: Counter[str] = Counter()
    for number, case in enumerate(all_cases(), start=1):
        counts[case.kind] += 1
        if folder is not None:
            Path(folder).mkdir(parents=True, exist_ok=True)
            Path(folder, f"{number:04}-{case.kind.replace(' ', '-')}-{case.file_name}").write_bytes(case.content)
    for kind, count in counts.items():
        print(f"{count:5} {kind}")
    print(f"{counts.total():5} files")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
