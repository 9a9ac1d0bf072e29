"""An invalid request is answered with a 4xx problem that names the fault: never with a 500 or SQL text."""

from __future__ import annotations

import gzip
import json
import re
import socket
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import Connection

from app.edge.contract import ProblemDocument
from app.edge.problems import CONSTRAINTS, KINDS, from_database
from tests.app.claimed_messages import ClaimedMessage, claimed_message
from tests.app.serving import Edge
from tests.conftest import Clock

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def sent(db: Connection[Any], clock: Clock) -> ClaimedMessage:
    return claimed_message(db, clock.now())


def check(answer: httpx2.Response, status: int, *fields: str) -> ProblemDocument:
    """Asserts a complete problem document with this status and these fields."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = ProblemDocument.model_validate_json(answer.content)
    assert problem.status == status
    assert problem.type == f"urn:shokti:problem:{KINDS[status][0]}"
    assert problem.instance == f"urn:shokti:request:{answer.headers['x-request-id']}"
    assert [fault.field for fault in problem.errors] == list(fields)
    for tell_tale in ("select ", "Traceback", "psycopg", "pydantic", "PL/pgSQL", 'File "'):
        assert tell_tale not in answer.text
    return problem


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        pytest.param(b"{", 400, None, id="cut short"),
        pytest.param(b"\xff\xfe{}", 400, None, id="not UTF-8"),
        pytest.param(b'{"scheduled_at": "\xff"}', 400, None, id="not UTF-8 inside"),
        pytest.param(b'{"scheduled_at": "\\ud800"}', 400, None, id="half a surrogate"),
        pytest.param(b"[" * 100_000, 400, None, id="deep"),
        pytest.param(b'{"a":' * 50_000, 400, None, id="deep object"),
        pytest.param(b'{"scheduled_at": NaN}', 400, None, id="not a number"),
        pytest.param(b"[]", 422, None, id="a list"),
        pytest.param(b"null", 422, None, id="null"),
        pytest.param(b'"text"', 422, None, id="text"),
        pytest.param(b'{"colour": "red"}', 422, "colour", id="unknown field"),
        pytest.param(b'{"token": "other"}', 422, "token", id="the path's field"),
        pytest.param(b'{"agent": "me"}', 422, "agent", id="the edge's field"),
        pytest.param(b'{"scheduled_at": 1700000000}', 422, "scheduled_at", id="a number for an instant"),
        pytest.param(b'{"scheduled_at": "1700000000"}', 422, "scheduled_at", id="seconds in text"),
        pytest.param(b'{"scheduled_at": "2026-11-24"}', 422, "scheduled_at", id="a day"),
        pytest.param(b'{"scheduled_at": "2026-11-24T10:00:00"}', 422, "scheduled_at", id="no offset"),
        pytest.param(b'{"scheduled_at": "2026-02-30T10:00:00Z"}', 422, "scheduled_at", id="30 February"),
        pytest.param(b'{"scheduled_at": "2026-11-24T25:00:00Z"}', 422, "scheduled_at", id="hour 25"),
        pytest.param(b'{"scheduled_at": "0001-01-01T00:00:00+23:59"}', 422, "scheduled_at", id="before the calendar"),
        pytest.param(b'{"scheduled_at": "9999-12-31T23:59:59-23:59"}', 422, "scheduled_at", id="after the calendar"),
        pytest.param(b'{"scheduled_at": "2026-11-24T10:00:00Z\\u0000"}', 422, "scheduled_at", id="NUL"),
        pytest.param(b'{"scheduled_at": true}', 422, "scheduled_at", id="a truth value"),
        pytest.param(b'{"scheduled_at": {"a": 1}}', 422, "scheduled_at", id="an object"),
        pytest.param(b'{"add_on_ids": "all"}', 422, "add_on_ids", id="text for a list"),
        pytest.param(b'{"add_on_ids": [1]}', 422, "add_on_ids.0", id="a number for an id"),
        pytest.param(b'{"add_on_ids": ["x"]}', 422, "add_on_ids.0", id="not an id"),
        pytest.param(b'{"add_on_ids": [1e999]}', 422, "add_on_ids.0", id="a huge number"),
        pytest.param(b'{"add_on_ids": [], "add_on_ids": []}', 422, "add_on_ids", id="a name twice"),
        pytest.param(b'{"add_on_ids": [], "add_on_\\u0069ds": []}', 422, "add_on_ids", id="a name twice, escaped"),
        pytest.param(
            json.dumps({"add_on_ids": ["01a209fe-9fce-7bb2-9209-27454d2c23a3"] * 21}).encode(), 422, "add_on_ids",
            id="too many",
        ),
    ],
)  # fmt: skip
def test_invalid_json(app: httpx2.Client, sent: ClaimedMessage, body: bytes, status: int, field: str | None) -> None:
    answer = app.post(sent.link + "/book", content=body, headers={"content-type": JSON})
    check(answer, status, *([field] if field else []))


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"scheduled_at=2026-02-30T10:00", 422, "scheduled_at"),
        (b"scheduled_at=tomorrow", 422, "scheduled_at"),
        (b"scheduled_at=2026-11-24T10:00&scheduled_at=2026-11-25T10:00", 422, "scheduled_at"),
        (b"scheduled_at=%00", 422, "scheduled_at"),
        (b"add_on_ids=%FF", 400, None),
        (b"add_on_ids=\xff", 400, None),
        (b"colour=red", 422, "colour"),
        (b"token=other", 422, "token"),
        (b"a=1&" * 200, 400, None),
    ],
)
def test_invalid_forms(app: httpx2.Client, sent: ClaimedMessage, body: bytes, status: int, field: str | None) -> None:
    answer = app.post(sent.link + "/book", content=body, headers={"content-type": FORM})
    check(answer, status, *([field] if field else []))


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-16", None]
)
def test_unsupported_media_types(app: httpx2.Client, sent: ClaimedMessage, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = app.post(sent.link + "/book", content=b"{}", headers=headers)
    check(answer, 415)
    assert JSON in answer.headers["accept"]


def test_compressed_bodies(app: httpx2.Client, sent: ClaimedMessage) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    check(app.post(sent.link + "/book", content=gzip.compress(b"{}"), headers=headers), 415)


def test_forms_only_where_there_is_a_page(app: httpx2.Client, sent: ClaimedMessage) -> None:
    check(app.post(sent.link + "/click", content=b"a=1", headers={"content-type": FORM}), 415)


@pytest.mark.parametrize("size", [256 * 1024 + 1, 10 * 1024 * 1024])
def test_bodies_beyond_the_limit(app: httpx2.Client, sent: ClaimedMessage, size: int) -> None:
    answer = app.post(sent.link + "/book", content=b" " * size, headers={"content-type": JSON})
    check(answer, 413)


def test_bodies_beyond_the_limit_without_a_length(app: httpx2.Client, sent: ClaimedMessage) -> None:
    def endless() -> Any:
        for _ in range(200):
            yield b" " * 4096

    check(app.post(sent.link + "/book", content=endless(), headers={"content-type": JSON}), 413)


def test_a_body_at_the_limit_is_read(app: httpx2.Client, sent: ClaimedMessage) -> None:
    answer = app.post(sent.link + "/book", content=b"{}".ljust(256 * 1024), headers={"content-type": JSON})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "fields"),
    [
        ("/l/%00", 422, ("token",)),
        ("/l/" + "x" * 129, 422, ("token",)),
        ("/l/%ff%fe", 400, ()),
        ("/l/", 404, ()),
        ("/l/a/b/c", 404, ()),
        ("/services/", 404, ()),
        ("/nothing", 404, ()),
        ("/services?colour=red", 422, ("colour",)),
        ("/services?a=1&a=2&%00=3", 422, ("a", "a", "\x00")),
        ("/services?%ff", 400, ()),
    ],
)
def test_invalid_paths_and_queries(app: httpx2.Client, path: str, status: int, fields: tuple[str, ...]) -> None:
    check(app.get(path), status, *fields)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/services", "GET, HEAD"),
        ("DELETE", "/l/x", "GET, HEAD"),
        ("GET", "/l/x/book", "POST"),
        ("HEAD", "/l/x/click", "POST"),
        ("PUT", "/u/x", "GET, HEAD, POST"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
        ("PROPFIND", "/readyz", "GET, HEAD"),
    ],
)
def test_unsupported_methods(app: httpx2.Client, method: str, path: str, allowed: str) -> None:
    answer = app.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    if method != "HEAD":
        check(answer, 405)


def test_bytes_that_are_not_http(edge: Edge) -> None:
    with socket.create_connection(("127.0.0.1", edge.port), timeout=10) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00 this is TLS\r\n\r\n")
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 400


def test_a_caller_that_disconnects_does_not_disturb_others(edge: Edge, app: httpx2.Client) -> None:
    with socket.create_connection(("127.0.0.1", edge.port), timeout=10) as connection:
        connection.sendall(
            b"POST /l/hung-up/book HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
    edge.wait_for("request", status=499)
    assert app.get("/services").status_code == 200


def test_scripts_in_a_token_stay_text(browser: httpx2.Client) -> None:
    page = browser.get("/l/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "<script>alert" not in page.text


def test_request_ids_are_cleaned_and_echoed(app: httpx2.Client) -> None:
    assert app.get("/healthz", headers={"x-request-id": "order-17.a_B"}).headers["x-request-id"] == "order-17.a_B"
    assert app.get("/healthz", headers={"x-request-id": 'x"}<b>\t;y'}).headers["x-request-id"] == "xby"
    assert len(app.get("/healthz", headers={"x-request-id": "z" * 500}).headers["x-request-id"]) == 64
    made = [app.get("/healthz", headers=headers).headers["x-request-id"] for headers in ({}, {"x-request-id": "<>"})]
    assert all(re.fullmatch("[0-9a-f]{32}", request_id) for request_id in made)


def test_a_trace_is_continued_or_started(edge: Edge, app: httpx2.Client) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = app.get("/nothing", headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
    assert answer.json()["trace_id"] == trace_id
    entry = edge.wait_for("request", trace_id=trace_id)
    assert entry["parent_id"] == "00f067aa0ba902b7"
    for damaged in (f"00-{trace_id}-00f067aa0ba902b7", f"00-{'0' * 32}-00f067aa0ba902b7-01", "ff-x", ""):
        made = app.get("/nothing", headers={"traceparent": damaged}).json()["trace_id"]
        assert re.fullmatch("[0-9a-f]{32}", made)
        assert made not in (trace_id, "0" * 32)


def test_every_answer_has_the_security_headers(
    edge: Edge, app: httpx2.Client, browser: httpx2.Client, sent: ClaimedMessage
) -> None:
    for answer in (
        app.get("/services"),
        app.get("/nothing"),
        app.get("/healthz"),
        app.post("/services"),
        browser.get(sent.link),
        browser.get("/l/x"),
        app.get(sent.link),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_logs_contain_neither_link_keys_nor_personal_data(
    edge: Edge, app: httpx2.Client, browser: httpx2.Client, sent: ClaimedMessage
) -> None:
    browser.get(sent.link, headers={"x-forwarded-for": "203.0.113.9"})
    browser.post(sent.link + "/click")
    app.post(sent.link + "/book", json={})
    browser.get(sent.stop_link, headers={"x-request-id": "the-last"})
    edge.wait_for("request", request_id="the-last", route="/u/{token}", status=200)
    written = "".join(edge.lines)
    for secret in (sent.token, "রহিমা", "203.0.113.9", "127.0.0.1:", "Pixel", str(sent.user_id)):
        assert secret not in written


def test_the_catalogue_is_not_sent_again_if_its_etag_matches(app: httpx2.Client, sent: ClaimedMessage) -> None:
    first = app.get("/services")
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for condition in (etag, f'W/{etag}, "x"', f'"x", {etag}', "*"):
        again = app.get("/services", headers={"if-none-match": condition})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert app.get("/services", headers={"if-none-match": '"x"'}).content == first.content


def test_head_is_get_without_its_body(app: httpx2.Client, browser: httpx2.Client, sent: ClaimedMessage) -> None:
    for client, path in ((app, "/services"), (app, sent.link), (browser, "/healthz")):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(get.content))
        assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/json", "application/json"),
        ("application/json, */*;q=0.1", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("application/*", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("text/html;q=nonsense, application/json;q=0.1", "application/json"),
        ("image/png", "text/html"),
    ],
)
def test_pages_for_people_and_json_for_programs(edge: Edge, sent: ClaimedMessage, accept: str, kind: str) -> None:
    with edge.client(accept=accept) as client:
        # A browser is redirected to the address with UTM parameters.
        answer = client.get(sent.link, follow_redirects=True)
        assert answer.headers["content-type"].partition(";")[0] == kind
        refused = client.get("/l/unknown")
        assert refused.headers["content-type"].partition(";")[0] == kind.replace("/json", "/problem+json")


def raised(db: Connection[Any], body: str) -> psycopg.Error:
    """The error that Postgres raises for a statement."""
    with pytest.raises(psycopg.Error) as caught:
        db.execute(body)
    return caught.value


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("do $$ begin raise 'No such thing' using errcode = 'SH404'; end $$", 404),
        ("do $$ begin raise 'x' using errcode = 'SH499'; end $$", 500),
        ("do $$ begin raise 'x' using errcode = 'SH503'; end $$", 503),
        ("do $$ begin raise 'x' using errcode = '40001'; end $$", 503),
        ("do $$ begin raise 'x' using errcode = '53100'; end $$", 503),
        ("do $$ begin raise 'x' using errcode = '57014'; end $$", 503),
        ("do $$ begin raise 'x' using errcode = '55P03'; end $$", 503),
        ("do $$ begin raise 'x' using errcode = '23505'; end $$", 409),
        ("do $$ begin raise 'x' using errcode = '23P01', constraint = 'booking_worker_is_free'; end $$", 409),
        ("do $$ begin raise 'x' using errcode = '23514', constraint = 'booking_ends_after_start'; end $$", 422),
        ("select 1/0", 422),
        ("select 'x'::int", 422),
        ("select '99999-99-99'::timestamptz", 422),
        ("select nonsense", 500),
        ("do $$ begin raise 'x'; end $$", 500),
    ],
)
def test_errors_of_postgres_become_problems(db: Connection[Any], statement: str, status: int) -> None:
    problem = from_database(raised(db, statement))
    assert problem.status == status
    assert ("retry-after" in problem.headers) == (status == 503 and "SH" not in statement)


def test_errors_raised_in_sql_keep_hint_field_and_value(db: Connection[Any]) -> None:
    problem = from_database(
        raised(
            db,
            """do $$ begin raise 'The time has passed' using errcode = 'SH422', column = 'scheduled_at',
               detail = '2026-01-01', hint = 'Choose a later one.'; end $$""",
        )
    )
    assert problem.detail == "The time has passed. Choose a later one."
    assert [(f.field, f.detail, f.value) for f in problem.errors] == [
        ("scheduled_at", "The time has passed", "2026-01-01")
    ]


def test_every_named_constraint_exists(db: Connection[Any]) -> None:
    known = {name for (name,) in db.execute("select conname from pg_constraint").fetchall()}
    assert set(CONSTRAINTS) <= known
