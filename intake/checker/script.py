"""The page's script: its modules one after the other in one text, for a page opened from a file can import none.

Each module becomes a function that gives back what the module exports; an import takes it from there.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "page"
IMPORT = re.compile(r'^import (?P<what>\{[^}]*\}|\* as \w+) from "\./(?P<module>\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?P<what>(?:async )?(?:function\*?|class|const|let) (?P<name>\w+))", re.MULTILINE)
RENAMED = re.compile(r"(\w+) as (\w+)")


def bundle(first: str = "start") -> str:
    """Return the module `first` with all that it imports, each once and after what it needs itself."""
    written: dict[str, str] = {}
    _write(first, written)
    return '"use strict";\n' + "\n".join(written.values())


def _write(module: str, written: dict[str, str], above: tuple[str, ...] = ()) -> None:
    if module in written:
        return
    if module in above:
        raise ValueError(f"{' -> '.join((*above, module))} import one another")
    source = (FOLDER / f"{module}.js").read_text(encoding="utf-8")
    for found in IMPORT.finditer(source):
        _write(found["module"], written, (*above, module))
    names = ", ".join(found["name"] for found in EXPORT.finditer(source))
    body = EXPORT.sub(r"\g<what>", IMPORT.sub(_taken, source)).strip()
    written[module] = f"const module_{module} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    what, source = found["what"], f"module_{found['module']}"
    if what.startswith("*"):
        return f"const {what.removeprefix('* as ')} = {source};\n"
    renamed = RENAMED.sub(r"\1: \2", what)
    return f"const {renamed} = {source};\n"
