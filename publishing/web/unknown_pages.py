"""An address that names no page answers 404 in the reader's language, with the way to the start.

Streamlit would answer 200 with its start, and say in a window, in English, that there is no such page.
"""

import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from access.language import _, in_language
from publishing.web import html
from publishing.web.answers import Answer
from publishing.web.withdrawn import language_of

# A page has a name of its own; what else is served lies deeper, has an ending, or is named by who makes this.
_NAME = re.compile(r"/([A-Za-z0-9_~-]+)/?")


class UnknownPages:
    """Stands before the pages, and answers a browser that asks for one that is not there. `known` are those that are,
    and what else is served under one name.
    """

    def __init__(self, app: ASGIApp, known: Collection[str]) -> None:
        self.app = app
        self.known = frozenset(known)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if not self._is_unknown(scope):
            await self.app(scope, receive, send)
            return
        with in_language(language_of(scope)):
            answer = _refused()
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    def _is_unknown(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        wanted = b",".join(value for name, value in scope["headers"] if name == b"accept")
        found = _NAME.fullmatch(scope["path"])
        return b"text/html" in wanted and found is not None and found[1] not in self.known


def _refused() -> Answer:
    detail = _("There is no page under this address. It may have been mistyped, or the link to it is old.")
    return html.refusal(404, _("There is no such page"), detail, way=("/", _("To the start")))
