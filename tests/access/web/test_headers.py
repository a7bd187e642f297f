"""What every answer tells the browser."""

import importlib.util
from pathlib import Path

import pytest

from access.web.headers import SecureCookies, SecurityHeaders, content_security_policy, inline_script_hashes
from tests.access.web.asgi import HOST, Client

COOKIES = [b"_streamlit_xsrf=1; Path=/", b"secure_looking=secure; Path=/", b"ours=1; Path=/; Secure"]


async def answering(_scope, receive, send):
    """An application with cookies of its own and one header that it chooses itself."""
    await receive()
    headers = [(b"referrer-policy", b"no-referrer"), *((b"set-cookie", cookie) for cookie in COOKIES)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "index.html"
    path.write_text("<html><script>\n let a = 1\n</script><script type='module' src='x.js'></script></html>")
    return path


def test_the_policy_allows_the_inline_script_of_the_installed_streamlit():
    found = importlib.util.find_spec("streamlit")
    assert found is not None and found.origin is not None
    page = Path(found.origin).parent / "static" / "index.html"
    assert len(inline_script_hashes(page)) == page.read_text(encoding="utf-8").count("<script>") == 1


def test_the_hash_is_what_a_browser_computes(tmp_path):
    page = tmp_path / "index.html"
    page.write_text("<script>doSomething();</script>")
    # echo -n 'doSomething();' | openssl sha256 -binary | openssl base64
    assert inline_script_hashes(page) == ["'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"]


def test_nothing_runs_that_is_not_the_sites_own():
    policy = dict(part.split(" ", 1) for part in content_security_policy(["'sha256-x'"], HOST, https=True).split("; "))
    assert policy["script-src"] == "'self' blob: 'sha256-x'"
    assert "unsafe" not in policy["script-src"] and "unsafe-eval" not in str(policy)
    assert policy["connect-src"] == f"'self' wss://{HOST}"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "http:" not in str(policy) and "https:" not in str(policy) and "*" not in str(policy)


def test_every_answer_carries_the_headers_and_keeps_its_own(page):
    answer = Client(SecurityHeaders(answering, page, hosts=[HOST])).get("/")
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("x-frame-options") == "DENY"
    assert answer.header("referrer-policy") == "no-referrer"
    assert f"ws://{HOST}" in answer.header("content-security-policy")
    assert answer.header("strict-transport-security") == ""


def test_a_host_that_is_not_ours_never_reaches_the_policy(page):
    answer = Client(SecurityHeaders(answering, page, hosts=[HOST])).get("/", host="evil.example; script-src *")
    assert "evil" not in answer.header("content-security-policy")


@pytest.mark.parametrize(("scheme", "always"), [("https", False), ("http", True)])
def test_by_https_alone_is_asked_for_where_the_visitor_came_so(page, scheme, always):
    client = Client(SecurityHeaders(answering, page, hosts=[HOST], always_https=always), scheme=scheme)
    assert client.get("/").header("strict-transport-security") == "max-age=31536000"
    assert f"wss://{HOST}" in client.get("/").header("content-security-policy")


def test_every_cookie_is_secure_once_where_the_visitor_came_by_https():
    plain = Client(SecureCookies(answering)).get("/")
    assert [value.encode() for name, value in plain.headers if name == "set-cookie"] == COOKIES
    marked = Client(SecureCookies(answering), scheme="https").get("/")
    cookies = [value for name, value in marked.headers if name == "set-cookie"]
    assert [cookie.lower().count("; secure") for cookie in cookies] == [1, 1, 1]
