"""Rows of the routes, asked with the cookie of a real session. What is refused answers with its HTTP status."""

from access.matrix.table import ADMINISTRATORS, EVERYBODY, MANAGERS, SIGNED_IN, YES, Asker, Row, told

_CLOSED = "404"


def _closed(route: str, does: str) -> Row:
    return Row(route, does, (), refused=_CLOSED, refused_visitor=_CLOSED)


ROWS = (
    Row("GET /", "Streamlit's page", EVERYBODY),
    _closed("GET /_stcore/agent", "Streamlit's interface for agents"),
    _closed("GET /_stcore/metrics", "Streamlit's metrics"),
    _closed("GET /_stcore/script-health-check", "runs the script, for nobody"),
    Row("GET /account", "the page about one's own account", SIGNED_IN, refused_visitor="to sign in"),
    Row("GET /account/link/{token}", "the page to set a password on, for whoever holds the link", EVERYBODY),
    Row("GET /account/login", "the page to sign in on", EVERYBODY, but=told("goes on", SIGNED_IN)),
    Row("GET /api/v1/areas", "places of released figures", EVERYBODY),
    Row("GET /api/v1/claims", "what was announced", EVERYBODY),
    Row("GET /api/v1/figures", "released figures", EVERYBODY),
    Row("GET /api/v1/initiatives", "the registry", EVERYBODY),
    Row("GET /api/v1/measures", "definitions", EVERYBODY),
    Row("GET /api/v1/openapi", "the description of these routes", EVERYBODY),
    Row("GET /api/v1/releases", "all releases, and what lies under each", EVERYBODY),
    Row("GET /api/v1/schools", "the register of schools, as released", EVERYBODY),
    _closed("GET /auth/login", "Streamlit's own signing in"),
    Row("GET /embed/latest", "a released figure as a page to be framed elsewhere", EVERYBODY),
    Row("GET /health", "whether the server can do its work", EVERYBODY),
    Row("GET /r/1", "the permanent address of a release leads to its page", EVERYBODY),
    Row("GET /robots.txt", "what crawlers may read", EVERYBODY),
    Row("GET /sitemap.xml", "the pages for everyone", EVERYBODY),
    Row("POST /account/link/{token}", "setting the password of the link's account", EVERYBODY),
    Row("POST /account/login", "signing in with the right password", EVERYBODY),
    Row("POST /account/logout", "signing out", EVERYBODY),
    Row("POST /account/password", "another password of one's own", SIGNED_IN, refused_visitor="to sign in"),
    Row("POST /account/profile", "another name or language of one's own", SIGNED_IN, refused_visitor="to sign in"),
    Row("POST /account/sessions", "signing out everywhere else", SIGNED_IN, refused_visitor="to sign in"),
    Row("POST /api/v1/figures", "what is open for reading is not written to", (), refused="405", refused_visitor="405"),
    _closed("PUT /_stcore/upload_file/session/file", "Streamlit's own uploads, kept in memory"),
    Row(
        "PUT /intake/files",
        "brings a file for the initiative",
        MANAGERS | ADMINISTRATORS,
        but=told(YES, Asker.OTHER_REGION),
        refused="403",
        refused_visitor="401",
    ),
    Row(
        "PUT /register/files",
        "reads a file of enrolments for the form; nothing is kept",
        ADMINISTRATORS,
        refused="403",
        refused_visitor="401",
    ),
)
