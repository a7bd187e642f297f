"""What the plain pages of the door share: small forms from the site itself, the reader's language, and the cookie."""

import asyncio
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from access import settings
from access.language import LANGUAGES, negotiate
from access.sessions import COOKIE
from access.web.guard import is_same_origin
from access.web.headers import comes_by_https

LARGEST_FORM = 16 * 1024
FORM_SECONDS = 20.0


async def posted_form(request: Request) -> dict[str, str] | Response:
    """Return the fields of a form, or the refusal of one of another site, or larger or slower than any of ours."""
    if not is_same_origin(request.headers):
        return PlainTextResponse("This form was sent from another site.\n", 403)
    # What is sent is never piled up, nor waited for without end.
    body = bytearray()
    try:
        async with asyncio.timeout(FORM_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_FORM:
                    return PlainTextResponse("The form is too large.\n", 413, headers={"connection": "close"})
    except TimeoutError:
        return PlainTextResponse("The form came too slowly.\n", 408, headers={"connection": "close"})
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def language_of(request: Request) -> str:
    """Return the language chosen on the page, else the best one that the browser asks for."""
    asked_for = request.query_params.get("lang", "")
    return asked_for if asked_for in LANGUAGES else negotiate(request.headers.get("accept-language"))


def go_to(address: str) -> Response:
    """Return the answer that sends the browser on."""
    return RedirectResponse(address, 303, headers={"cache-control": "no-store"})


def is_by_https(request: Request) -> bool:
    """Return whether cookies of this answer travel by https alone."""
    return comes_by_https(request.scope, settings.always_https())


def set_session_cookie(answer: Response, request: Request, value: str) -> None:
    """Let the browser keep the session: out of reach of scripts and of forms elsewhere."""
    answer.set_cookie(
        COOKIE,
        value,
        max_age=int(settings.session_lifetime().total_seconds()),
        path="/",
        secure=is_by_https(request),
        httponly=True,
        samesite="lax",
    )


def drop_session_cookie(answer: Response, request: Request) -> None:
    """Let the browser forget the session."""
    answer.delete_cookie(COOKIE, path="/", secure=is_by_https(request), httponly=True, samesite="lax")
