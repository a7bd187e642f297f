"""How the pages look beyond Streamlit's theme settings, which stand in `.streamlit/config.toml`."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
ICON = str(STATIC / "icon.svg")


def _address(name: str) -> str:
    """Return where the browser finds a file: another address for another content, so that none shows an old one."""
    return f"/app/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


# What every page's HTML brings besides Streamlit's own: at its end, so that our style stands after Streamlit's. What
# is sent with each run instead costs every run.
BROUGHT = (
    f'<link rel="stylesheet" href="{_address("uptake.css")}">'
    f'<script type="module" src="{_address("page.js")}"></script>'
)
