"""The open data routes: what they answer, to whom, in which form, and what they never touch."""

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from access.identity import identify
from access.web.addresses import counted_as
from data_model.engine import make_engine, open_session
from data_model.people import Account
from data_model.places import Area, SchoolRecord
from data_model.registry import Initiative
from data_model.settings import InstanceSetting
from publishing import releases
from publishing.web import openapi, resources
from publishing.web.answers import METHODS
from publishing.web.api import OpenData
from publishing.web.limits import RateLimit
from tests.access.web.asgi import Client
from tests.factories import START
from tests.publishing.web.conftest import REASON, client_of, fill

FIGURES = "/api/v1/figures"
PUBLIC_TABLES = {"release", "released_figure", "released_table", "released_school", "instance_setting"}


def document(answer):
    assert answer.status == 200, answer.text
    assert answer.header("content-type") == "application/json"
    return json.loads(answer.text)


def problem(answer):
    assert answer.header("content-type") == "application/problem+json"
    said = json.loads(answer.text)
    assert said["status"] == answer.status and said["detail"] and said["title"]
    return said


def rows_of(answer):
    assert answer.status == 200 and answer.header("content-type").startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("name", resources.TABLES)
def test_every_answer_names_its_release_licence_and_definitions(client, name):
    answer = client.get(f"/api/v1/{name}")
    said = document(answer)
    assert said["release"]["release"] == 3 and said["release"]["note"] == "third"
    assert said["licence"]["name"] == "CC-BY-4.0" and said["definitions"] == "/api/v1/measures?release=3"
    assert said["total"] and said[name]
    table = client.get(f"/api/v1/{name}.csv")
    assert {row["release"] for row in rows_of(table)} == {"3"} and len(rows_of(table)) == said["total"]
    for link in ('</api/v1/releases/3>; rel="collection"', 'by/4.0/>; rel="license"', 'rel="describedby"'):
        assert link in answer.header("link") and link in table.header("link")


def test_figures_are_filtered_and_come_in_pages_of_one_release(client):
    query = "measure=teachers_active&measure=teachers_total&area=KZ&area=KZ-75&period=2026-09&from=2026-01&to=2026-12"
    first = client.get(f"{FIGURES}?{query}&limit=3")
    said = document(first)
    assert [(row["measure"], row["area"]) for row in said["figures"]] == [
        ("teachers_active", "KZ"), ("teachers_active", "KZ-75"), ("teachers_total", "KZ"),
    ]  # fmt: skip
    assert (said["total"], said["page"], said["prev"]) == (4, 1, None)
    assert f'<{said["next"]}>; rel="next"' in first.header("link") and "release=3" in said["next"]
    rest = document(client.get(said["next"]))
    assert [row["area"] for row in rest["figures"]] == ["KZ-75"] and rest["next"] is None
    assert document(client.get(f"{FIGURES}?from=2027-01"))["figures"] == []
    assert document(client.get(f"{FIGURES}?page=9"))["figures"] == []


def test_what_is_withheld_says_so_and_nothing_else(client):
    (row,) = document(client.get(f"{FIGURES}?measure=teachers_active&area=KZ-10"))["figures"]
    assert row["state"] == "suppressed"
    assert {row[name] for name in ("value", "numerator", "denominator", "schools_reporting")} == {None}


def test_the_form_is_chosen_by_address_parameter_or_accept_header(client):
    for address, headers in (
        (f"{FIGURES}.csv", {}), (f"{FIGURES}?format=csv", {"accept": "application/json"}),
        (FIGURES, {"accept": "text/csv"}), (FIGURES, {"accept": "text/html;q=0.9, text/*;q=0.8, application/json;q=0"}),
    ):  # fmt: skip
        assert len(rows_of(client.get(address, **headers))) == 36
    for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}, {"accept": "application/*, text/csv;q=0.1"}):
        assert document(client.get(FIGURES, **headers))["total"] == 36
    refused = client.get(FIGURES, accept="text/html")
    assert refused.status == 406 and "text/csv" in problem(refused)["detail"]
    assert client.get(FIGURES).header("vary") == "Accept, Accept-Encoding"


def test_no_spreadsheet_runs_what_somebody_wrote(client):
    (claim,) = rows_of(client.get("/api/v1/claims.csv"))
    assert claim["note"] == "'=1+1"


def test_schools_are_told_from_the_register_alone(client):
    said = document(client.get("/api/v1/schools?area=KZ-75"))
    assert [row["school"] for row in said["schools"]] == ["001024", "001025", "002017"]
    assert set(said["schools"][0]) == set(resources.TABLES["schools"].columns)
    assert not {"initiative", "value", "latitude", "joined_on"} & set(said["schools"][0])


def test_a_withdrawn_release_is_gone_with_reason_and_day(client):
    for address in (
        "/api/v1/releases/1", "/api/v1/figures?release=1", "/api/v1/figures.csv?release=1", "/api/v1/areas?release=1",
        "/api/v1/releases/1/datapackage.zip",
    ):  # fmt: skip
        answer = client.get(address)
        said = problem(answer)
        assert (answer.status, said["code"], said["reason"]) == (410, "release_withdrawn", REASON)
        assert said["withdrawn_at"].startswith("2026-11-02") and REASON in said["detail"]
    listed = document(client.get("/api/v1/releases"))["releases"]
    assert [row["release"] for row in listed] == [3, 2, 1]
    assert listed[2]["withdrawal_reason"] == REASON and listed[0]["withdrawn_at"] is None
    assert listed[0]["suppressed"] > 0 and "released_by" not in listed[0]


def test_latest_is_the_newest_that_is_public(client):
    said = document(client.get("/api/v1/releases/latest"))
    assert said["release"]["release"] == 3
    for address in (*said["tables"].values(), *said["files"].values()):
        assert client.get(address).status == 200, address
    package = zipfile.ZipFile(io.BytesIO(client.get(said["files"]["datapackage.zip"]).body))
    assert "datapackage.json" in package.namelist() and package.testzip() is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api", 404), ("/api/v1", 404), ("/api/v2/figures", 404), ("/api/v1/figures/", 404), ("/api/v1/people", 404),
        ("/api/v1/releases/9", 404), ("/api/v1/releases/first", 404), ("/api/v1/releases/99999999999", 404),
        ("/api/v1/releases/2/secret.csv", 404), ("/api/v1/figures?release=9", 404),
        ("/api/v1/figures?release=0", 422), ("/api/v1/figures?release=two", 422), ("/api/v1/figures?mesure=x", 400),
        ("/api/v1/figures?limit=1&limit=2", 422), ("/api/v1/figures?limit=10001", 422), ("/api/v1/figures?page=0", 422),
        ("/api/v1/figures?from=2026", 422), ("/api/v1/figures?from=0000-01", 422), ("/api/v1/figures?period=soon", 422),
        ("/api/v1/figures?area=%00", 422), ("/api/v1/figures?area=", 422), ("/api/v1/figures?format=xml", 422),
        ("/api/v1/figures?lang=fr", 422), ("/api/v1/openapi.json?x=1", 400),
        ("/api/v1/figures?" + "area=KZ&" * 101, 422), ("/api/v1/figures?area=%D9%A1%FF", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(client, address, status):
    answer = client.get(address)
    assert answer.status == status, answer.text
    assert problem(answer)["code"] and answer.header("cache-control") == "no-store"


def test_nothing_released_is_not_found(sqlite_url):
    client = client_of(make_engine(sqlite_url))
    for address in (FIGURES, "/api/v1/releases/latest"):
        assert problem(client.get(address))["code"] == "no_release"
    assert document(client.get("/api/v1/releases"))["releases"] == []


def test_who_has_the_bytes_already_gets_none(client):
    answer = client.get(f"{FIGURES}?release=2")
    etag = answer.header("etag")
    assert re.fullmatch(r'"r2-[0-9a-f]{24}"', etag) and answer.header("cache-control") == "public, max-age=60"
    for named in (etag, f'W/{etag}, "other"', "*"):
        again = client.get(f"{FIGURES}?release=2", if_none_match=named)
        assert (again.status, again.body, again.header("etag")) == (304, b"", etag)
    assert client.get(f"{FIGURES}?release=2", if_none_match='"other"').status == 200
    assert client.get(f"{FIGURES}?release=3", if_none_match=etag).status == 200
    assert client.get(f"{FIGURES}.csv?release=2").header("etag") != etag


def test_a_packed_answer_is_another_representation(client):
    plain, packed = client.get(FIGURES), client.get(FIGURES, accept_encoding="br, gzip;q=0.5")
    assert packed.header("content-encoding") == "gzip" and gzip.decompress(packed.body) == plain.body
    assert packed.header("content-length") == str(len(packed.body)) and packed.header("etag") != plain.header("etag")
    assert client.get(FIGURES, accept_encoding="gzip;q=0").body == plain.body
    again = client.get(FIGURES, accept_encoding="gzip", if_none_match=packed.header("etag"))
    assert (again.status, again.body, again.header("content-encoding")) == (304, b"", "")
    assert client.get(FIGURES, accept_encoding="gzip", if_none_match=plain.header("etag")).status == 200
    assert client.get("/api/v1/releases/2/datapackage.zip", accept_encoding="gzip").header("content-encoding") == ""


@pytest.mark.parametrize("path", ["/api", "/api/v1/x%0Ay", "/api/v1/releases/\n/figures.csv"])
def test_everything_below_the_address_is_answered_here(client, path):
    async def page(*_given):
        raise AssertionError("a page was asked")

    assert Client(OpenData(page, client.app)).get(path).status == 404
    with pytest.raises(AssertionError):
        Client(OpenData(page, client.app)).get("/apiary")


def test_head_answers_as_get_does_without_the_body(client):
    whole, head = client.get(FIGURES), client.ask("HEAD", FIGURES, {})
    assert head.status == 200 and head.body == b"" and head.headers == whole.headers
    assert head.header("content-length") == str(len(whole.body))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_it_is_for_reading(client, method):
    refused = client.ask(method, FIGURES, {})
    assert refused.status == 405 and refused.header("allow") == METHODS and problem(refused)


def test_pages_elsewhere_may_read_and_nothing_more(client):
    answer = client.get(FIGURES, origin="https://elsewhere.example")
    assert answer.header("access-control-allow-origin") == "*"
    assert "access-control-allow-credentials" not in dict(answer.headers) and not answer.cookies
    assert answer.header("cross-origin-resource-policy") == "cross-origin"
    assert answer.header("content-security-policy") == "default-src 'none'; frame-ancestors 'none'"
    assert answer.header("x-content-type-options") == "nosniff"
    asked = client.ask("OPTIONS", FIGURES, {"origin": "https://elsewhere.example"})
    assert asked.status == 204 and asked.header("access-control-allow-methods") == "GET, HEAD"


def test_who_asks_too_often_waits(filled):
    seconds = [0.0]
    client = client_of(filled, limit=RateLimit(3, clock=lambda: seconds[0]))
    assert [client.get(FIGURES).status for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(FIGURES)
    assert refused.header("retry-after") == "20" and problem(refused)["code"] == "too_many_requests"
    seconds[0] += 20
    assert client.get(FIGURES).status == 200
    assert client.get(FIGURES).status == 429


def test_behind_a_trusted_proxy_the_visitors_address_counts(filled):
    limited = client_of(filled, limit=RateLimit(1)).app
    for trusted, statuses in (("127.0.0.1", [200, 200, 429]), ("10.9.9.9", [200, 429, 429])):
        limited.app.limit = RateLimit(1)
        client = Client(ProxyHeadersMiddleware(limited, trusted))
        asked = [client.get(FIGURES, x_forwarded_for=visitor).status for visitor in ("1.1.1.1", "2.2.2.2", "2.2.2.2")]
        assert asked == statuses, trusted


def test_a_network_of_ipv6_addresses_counts_as_one():
    assert counted_as("2001:db8::1") == counted_as("2001:db8::ffff") != counted_as("2001:db8:0:1::1")
    assert counted_as("::ffff:10.0.0.1") == "10.0.0.1" and counted_as("10.0.0.1") == "10.0.0.1"


def test_names_come_in_the_language_asked_for(client):
    names = {
        lang: {row["area"]: row["name"] for row in document(client.get(f"/api/v1/areas?lang={lang}"))["areas"]}
        for lang in ("en", "ru")
    }
    assert (names["en"]["KZ"], names["ru"]["KZ"]) == ("Kazakhstan", "Казахстан")


def test_no_live_table_is_touched(filled):
    statements: list[str] = []
    sa.event.listen(filled, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client = client_of(filled)
    for name in resources.TABLES:
        for form in ("json", "csv"):
            assert client.get(f"/api/v1/{name}.{form}").status == 200
    for address in ("", "/2", "/latest", *(f"/2/{name}" for name in resources.FILES)):
        assert client.get(f"/api/v1/releases{address}").status == 200
    asked = {table for one in statements for table in re.findall(r"(?:FROM|JOIN)\s+\"?(\w+)", one)}
    assert asked <= PUBLIC_TABLES and "released_figure" in asked
    assert not [one for one in statements if "released_by" in one]


def test_a_release_gives_the_same_bytes_whatever_happens_later(sqlite_url):
    engine = make_engine(sqlite_url)
    fill(engine)
    addresses = [f"/api/v1/{name}.{form}?release=2" for name in resources.TABLES for form in ("json", "csv")]
    addresses += [f"/api/v1/releases/2/{name}" for name in resources.FILES]
    before = {address: client_of(engine).get(address) for address in addresses}
    with open_session(engine, write=True) as session:
        session.connection().execute(sa.update(Area).values(name_en="Renamed", name_ru="", name_kk=""))
        session.connection().execute(sa.update(Initiative).values(name="Renamed"))
        session.connection().execute(sa.update(SchoolRecord).values(superseded_at=START + timedelta(hours=8)))
        reviewer = identify(session, session.get_one(Account, 3))
        releases.release(session, by=reviewer, note="fourth", at=START + timedelta(hours=9))
        session.commit()
    for address in addresses:
        after = client_of(engine).get(address)
        assert after.status == 200 and (after.body, after.header("etag")) == (
            before[address].body, before[address].header("etag"),
        ), address  # fmt: skip


def test_kept_answers_go_when_a_release_comes_or_goes(sqlite_url):
    engine = make_engine(sqlite_url)
    fill(engine)
    client = client_of(engine)
    assert document(client.get(FIGURES))["release"]["release"] == 3
    with open_session(engine, write=True) as session:
        reviewer = identify(session, session.get_one(Account, 3))
        releases.withdraw(session, 3, by=reviewer, reason="wrong", at=START + timedelta(hours=9))
        session.commit()
    assert document(client.get(FIGURES))["release"]["release"] == 2
    assert client.get(f"{FIGURES}?release=3").status == 410


def test_a_kept_answer_asks_the_database_nothing(filled):
    client = client_of(filled, looks_every=1e9)
    first = client.get(FIGURES)
    statements: list[str] = []
    sa.event.listen(filled, "before_cursor_execute", lambda *given: statements.append(given[2]))
    again = client.get(FIGURES)
    assert (again.body, statements) == (first.body, [])


def test_a_database_that_is_gone_is_told_without_a_trace(tmp_path):
    refused = client_of(make_engine(f"sqlite:///{tmp_path / 'nothing.db'}")).get(FIGURES)
    assert refused.status == 503 and refused.header("retry-after") == "60"
    assert "sqlite" not in refused.text.lower() and "Traceback" not in refused.text


def test_the_document_describes_every_address_and_answer(client):
    said = document(client.get(resources.OPENAPI))
    assert said == json.loads(openapi.document_bytes()) and said["openapi"] == "3.1.0"
    for path in said["paths"]:
        answer = client.get(path.replace("{number}", "2"))
        assert answer.status == 200, path
        media_types = said["paths"][path]["get"]["responses"]["200"]["content"]
        assert answer.header("content-type").partition(";")[0] in media_types


def test_a_release_keeps_the_licence_it_was_made_under(sqlite_url):
    engine = make_engine(sqlite_url)
    fill(engine)
    client = client_of(engine)
    before = client.get("/api/v1/releases/3/release.json")
    with open_session(engine, write=True) as session:
        reviewer = identify(session, session.exec(select(Account).where(Account.email == "reviewer@example.org")).one())
        session.add(InstanceSetting(key="licence_code", value="CC0-1.0", set_by=reviewer.account_id, recorded_at=START))
        releases.release(session, by=reviewer, note="fourth", at=START + timedelta(hours=9))
        session.commit()
    assert document(client.get("/api/v1/areas"))["licence"]["name"] == "CC0-1.0"
    assert json.loads(client.get("/api/v1/releases/latest/release.json").text)["licence"]["name"] == "CC0-1.0"
    assert document(client.get("/api/v1/areas?release=2"))["licence"]["name"] == "CC-BY-4.0"
    assert client.get("/api/v1/releases/3/release.json").text == before.text
    engine.dispose()
