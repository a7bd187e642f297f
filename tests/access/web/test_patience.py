"""A request that is asked too slowly is not waited for: a real server, asked byte by byte."""

import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from access.web import forms
from access.web.patience import PatientHttp
from tests.access.web.raw import Wire, free_port

PATIENCE = 0.3


class Hurried(PatientHttp):
    """As the server's own, in less time."""

    patience = PATIENCE


async def answer(request):
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def form(request):
    fields = await forms.posted_form(request)
    return fields if isinstance(fields, Response) else PlainTextResponse(str(fields))


@pytest.fixture(scope="module")
def port():
    port = free_port()
    routes = [Route("/", answer, methods=["GET", "POST"]), Route("/form", form, methods=["POST"])]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=routes), port=port, http=Hurried, log_level="error", lifespan="off")
    )
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    yield port
    server.should_exit = True
    running.join(10)


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "])
def test_a_connection_whose_request_does_not_come_is_closed(port, said):
    wire = Wire(port)
    wire.send(said)
    began = time.monotonic()
    assert wire.rest() == b""
    assert time.monotonic() - began < 20 * PATIENCE


def test_a_second_request_on_the_same_connection_is_not_waited_for_either(port):
    wire = Wire(port)
    wire.send(b"GET / HTTP/1.1\r\nHost: here\r\n\r\nGET / HT")
    assert wire.rest().count(b"200 OK") == 1


def test_a_request_that_came_is_answered_however_long_its_body_takes(port):
    wire = Wire(port)
    wire.send(b"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab")
    time.sleep(2 * PATIENCE)
    wire.send(b"cd")
    assert wire.rest().endswith(b"4 bytes")


def test_a_form_to_sign_in_is_not_waited_for(port, monkeypatch):
    monkeypatch.setattr(forms, "FORM_SECONDS", PATIENCE)
    wire = Wire(port)
    wire.send(b"POST /form HTTP/1.1\r\nHost: here\r\nOrigin: http://here\r\nContent-Length: 400\r\n\r\nusername=anna")
    assert wire.rest().startswith(b"HTTP/1.1 408 ")
