"""What is refused before Streamlit sees it."""

import pytest
from starlette.datastructures import Headers

from access.web.guard import Guard, is_same_origin
from tests.access.web.asgi import HOST, Client


async def everything(scope, receive, send):
    """An application that accepts whatever reaches it."""
    await receive()
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"reached"})


@pytest.fixture
def client():
    return Client(Guard(everything, hosts=[HOST, "uptake.example.gov"]))


@pytest.mark.parametrize(
    ("host", "origin", "opens"),
    [
        (HOST, f"http://{HOST}", True),
        ("uptake.example.gov", "https://uptake.example.gov", True),
        ("UPTAKE.example.gov", "https://uptake.EXAMPLE.gov", True),
        (HOST, "http://evil.example", False),
        (HOST, "http://localhost:9999", False),
        (HOST, "https://uptake.example.gov", False),
        (HOST, "null", False),
        (HOST, f"file://{HOST}", False),
        (HOST, "http://[bad", False),
        ("evil.example", "http://evil.example", False),
    ],
)
def test_a_websocket_opens_for_a_page_of_the_site_itself_only(client, host, origin, opens):
    assert client.opens_websocket("/_stcore/stream", host=host, origin=origin) == opens


def test_a_websocket_without_an_origin_is_refused(client):
    assert not client.opens_websocket("/_stcore/stream")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_is_changed_for_a_page_of_another_site(client, method):
    for headers in ({}, {"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"},
                    {"sec_fetch_site": "same-site", "origin": f"http://{HOST}"}):  # fmt: skip
        assert client.ask(method, "/anything", headers).status == 403
    assert client.ask(method, "/anything", {"origin": f"http://{HOST}"}).status == 200
    assert client.ask(method, "/anything", {"sec_fetch_site": "same-origin"}).status == 200


def test_only_the_servers_own_names_are_answered_to(client):
    assert client.get("/").status == 200
    assert client.get("/", host="evil.example").status == 421
    assert client.get("/", host="").status == 421
    assert client.get("/health", host="10.0.0.7:8501").status == 200, "a load balancer asks by address"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/script-health-check",
        "/auth/login", "/auth/logout", "/oauth2callback",
    ],
)  # fmt: skip
def test_what_uptake_does_not_use_is_closed(client, path):
    assert client.get(path).status == 404
    assert client.post(path).status == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/base/_stcore/upload_file/session/file"])
def test_streamlits_uploads_are_closed_to_everybody(client, method, path):
    refused = client.ask(method, path, {})
    assert refused.status == 404 and refused.header("connection") == "close"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "host": HOST, "origin": f"http://{HOST}"}, False),
        ({"host": HOST, "origin": f"http://{HOST}"}, True),
        ({"host": HOST, "origin": "http://evil.example"}, False),
        ({"host": HOST, "origin": "null"}, False),
        ({"host": HOST}, False),
        ({}, False),
    ],
)
def test_a_form_is_believed_from_the_site_itself_only(headers, own):
    assert is_same_origin(Headers(headers)) == own
