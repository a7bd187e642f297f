"""The server: Streamlit's pages behind our own door, with sign-in and health routes. `python app.py` starts it."""

import asyncio
import gc
import importlib
import importlib.util
import logging
import os
import pkgutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from access import settings
from access.oidc.discovery import Discovery
from access.oidc.settings import provider
from access.secret import signing_secret
from access.web import account, sign_in
from access.web import provider as oidc
from access.web.account_page import OWN
from access.web.guard import HEALTH, Guard
from access.web.headers import SecureCookies, SecurityHeaders
from access.web.patience import PatientHttp
from access.web.renewal import Renewal
from access.web.windows import OpenWindows
from charts.boundaries.checking import BoundariesRefused
from charts.boundaries.reading import check_own as check_own_boundaries
from data_model.engine import Engine, SchemaOutdated, open_session, ready_engine
from intake import register_upload
from intake.staging import drafts, jobs
from intake.staging import route as files
from intake.staging.folder import staging_folder
from publishing import described
from publishing.iati import activities
from publishing.web.api import OpenData, open_data_api
from publishing.web.page_head import PageHead
from publishing.web.site import PublicSite, public_site
from publishing.web.unknown_pages import UnknownPages
from publishing.web.withdrawn import WithdrawnPages
from seed.start import seed_when_empty
from ui import theme

ROOT = Path(__file__).resolve().parent
SCRIPT = ROOT / "ui" / "dashboard.py"
# What the pages import on their first run; the packages they bring are the heavy ones.
ROOMS = ("charts", "analytics", "intake", "publishing")
# Files go by HTTP. What comes through a page's websocket is clicks and short texts.
LARGEST_MESSAGE = 4 * 1024 * 1024
PING_SECONDS = 30
PATIENCE_AT_END_SECONDS = 3
CLEARED_EVERY_SECONDS = 60 * 60


def make_app(engine: Engine, hosts: frozenset[str]) -> st.App:
    """Return the application: Streamlit, our routes before its own, and around both what guards them.

    `hosts` are the names it is asked for by, with the port where the address shows one.
    """
    https = settings.always_https()
    ministry = provider()
    staging = staging_folder(engine.url)
    return st.App(
        SCRIPT,
        lifespan=lambda _app: _tended(staging),
        routes=[
            *sign_in.routes(engine, provider_name=ministry.name if ministry else ""),
            *account.routes(engine, provider_name=ministry.name if ministry else ""),
            *oidc.routes(engine, Discovery(ministry) if ministry else None),
            *files.routes(engine, staging),
            *register_upload.routes(engine),
        ],
        middleware=[
            Middleware(SecurityHeaders, page=_streamlit_page(), hosts=hosts, always_https=https),
            Middleware(SecureCookies, always_https=https),
            Middleware(Guard, hosts=hosts),
            Middleware(OpenWindows, most=settings.windows_per_address()),
            Middleware(Renewal, engine=engine),
            Middleware(OpenData, api=open_data_api(engine)),
            Middleware(PublicSite, site=public_site(engine)),
            Middleware(WithdrawnPages, engine=engine),
            Middleware(UnknownPages, known=_known()),
            Middleware(PageHead, engine=engine, brought=theme.BROUGHT),
        ],
    )


def _known() -> frozenset[str]:
    """Return the names of the pages, and of what else answers under one name."""
    pages = {path.stem for path in (ROOT / "pages").glob("[a-z]*.py")}
    return frozenset(pages | {"home", HEALTH.strip("/"), OWN.strip("/")})


@asynccontextmanager
async def _tended(staging: Path) -> AsyncIterator[None]:
    """See to the staging folder while the server runs: broken-off work goes on, what is forgotten is removed."""

    async def tend() -> None:
        while True:
            await run_in_threadpool(_clear, staging)
            await asyncio.sleep(CLEARED_EVERY_SECONDS)

    tending = asyncio.create_task(tend())
    yield
    tending.cancel()


def _clear(staging: Path) -> None:
    drafts.clear(staging, datetime.now(UTC))
    jobs.clear(staging, datetime.now(UTC))
    jobs.ensure_running(staging)


class Server(uvicorn.Server):
    """Says where it is once it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            shown = "localhost" if self.config.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else self.config.host
            _say(f"Uptake is at http://{shown}:{self.config.port}")


def main() -> int:
    """Make the database ready, seed an empty one, and serve until stopped. Returns the exit status."""
    # Streamlit looks for its settings, and SQLite for its default file, from here.
    os.chdir(ROOT)
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8501)
    if not _is_free(host, port):
        print(f"Port {port} is taken. Another one: make run PORT={port + 1}", file=sys.stderr)
        return 1
    try:
        app = _ready(port)
    except (SchemaOutdated, settings.SettingRefused, BoundariesRefused) as refused:
        print(refused, file=sys.stderr)
        return 1
    try:
        server = Server(_configuration(app, host, port))
        _only_warnings()
        server.run()
        return 0 if server.started else 1
    except KeyboardInterrupt:
        return 0


def _ready(port: int) -> st.App:
    """Return the application on a database that is migrated and filled, everything heavy loaded."""
    hosts = settings.hosts(port)
    settings.check()
    check_own_boundaries()
    engine = ready_engine()
    signing_secret(engine.url)  # made now where there is none, and told now where it cannot be
    for line in seed_when_empty(engine, say=_say) or ():
        _say(line)
    with open_session(engine, write=True) as session:  # releases of an older version lack what explains them
        described.keep_missing(session)
        activities.keep_missing(session)
        session.commit()
    _load_rooms()
    # What is loaded by now stays: the collector need not walk over it again and again.
    gc.collect()
    gc.freeze()
    return make_app(engine, hosts)


def _configuration(app: st.App, host: str, port: int) -> uvicorn.Config:
    proxies = settings.trusted_proxies()
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=PatientHttp,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        ws_per_message_deflate=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=PATIENCE_AT_END_SECONDS,
    )


def _say(line: str) -> None:
    print(line, flush=True)


def _only_warnings() -> None:
    """Let the web server speak of trouble alone; Streamlit, which sets its loggers' levels, leaves filters as they are.

    A line for each request would also keep the addresses of visitors.
    """
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)


def _load_rooms() -> None:
    """Import what the pages will ask for, so that the first visitor does not wait for it."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            # What is run by hand stays out; that which makes the outlines of maps needs what only developers install.
            if not module.name.endswith((".__main__", ".boundaries.build")):
                importlib.import_module(module.name)


def _streamlit_page() -> Path:
    """Return where the installed Streamlit keeps the HTML file it serves."""
    found = importlib.util.find_spec("streamlit")
    if found is None or found.origin is None:
        raise RuntimeError("Streamlit is not installed: run `make run`, which installs it")
    return Path(found.origin).parent / "static" / "index.html"


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
