"""The app as Streamlit's AppTest opens it: a page at an address, without a browser."""

from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60

# Before each run AppTest looks through the metadata of every installed package for components, which takes longer than
# most of our pages. Nothing is installed while tests run: once is enough.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def open_screen(page: str, **address: str) -> AppTest:
    """Return the app after it opened the page; nothing on it may have failed."""
    app = AppTest.from_file(str(ROOT / "ui" / "dashboard.py"), default_timeout=PATIENCE_SECONDS)
    app.query_params.update(address)
    app.switch_page(str(ROOT / "pages" / f"{page}.py"))
    app.run()
    assert not app.exception, app.exception
    return app
