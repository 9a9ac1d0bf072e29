"""The process: start, refused starts, an unreachable database, and stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from psycopg import Connection

from db.embedded.server import LOGIN
from db.fault import EXIT_CONFIGURATION, EXIT_UNAVAILABLE
from db.provision import bring_up_to_date
from db.settings import ROOT
from tests.app.serving import APP, PATIENCE, Edge, altered, eventually, serving, start, stop
from tests.servers import TestServer

Db = Connection[Any]


def refused(database_url: str, *, code: int = EXIT_CONFIGURATION, **environment: str) -> str:
    """The one line with which the process refuses to start."""
    edge = start(database_url, **environment)
    try:
        assert edge.exit_code() == code
        with edge.said:
            edge.said.wait_for(lambda: bool(edge.lines), PATIENCE)
        (line,) = edge.lines
        assert line.startswith("shokti: ")
        return line
    finally:
        stop(edge)


def test_an_occupied_port(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = refused(database_url, APP_PORT=str(port))
    assert f"port {port} of 127.0.0.1 is taken by another program; set APP_PORT to a free one, and PUBLIC_URL" in line


def test_a_host_that_is_not_here(database_url: str) -> None:
    assert "cannot listen on port" in refused(database_url, APP_HOST="192.0.2.1")


def test_a_database_that_is_not_there(database_url: str) -> None:
    line = refused("postgresql://someone:secret-word@127.0.0.1:1/nothing", code=EXIT_UNAVAILABLE)
    assert "cannot reach the database nothing at 127.0.0.1:1" in line
    assert "secret-word" not in line


def test_a_database_without_anything_in_it(server: TestServer) -> None:
    name = f"empty_{os.getpid()}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} owner {LOGIN}")
        try:
            assert "run `python -m db up`" in refused(server.url(name))
        finally:
            maintenance.execute(f"drop database {name} with (force)")


def test_a_function_that_is_missing(db: Db, database_url: str) -> None:
    change, back = "alter function api.services() rename to offers", "alter function api.offers() rename to services"
    with altered(db, change, back):
        line = refused(database_url)
    assert line == "shokti: GET /services needs the function api.services, which the database does not have\n"


def test_an_argument_with_a_different_name(db: Db, database_url: str) -> None:
    text = (ROOT / "sql" / "api" / "link" / "stop_page.sql").read_text()
    again = "drop function api.stop_page(text); {}; grant execute on function api.stop_page(text) to shokti_app"
    with altered(db, again.format(text.replace("p_token", "p_key")), again.format(text)):
        line = refused(database_url)
    assert line == "shokti: GET /u/{token}: api.stop_page has no argument p_token\n"


def test_the_edge_may_do_nothing_but_call_its_functions(edge: Edge, db: Db, app: httpx2.Client) -> None:
    assert app.get("/services").status_code == 200
    sessions = db.execute(
        "select application_name from pg_stat_activity where datname = current_database() and application_name = 'app'"
    ).fetchall()
    assert sessions
    for table in ("account.person", "market.booking", "outreach.link"):
        allowed = db.execute("select has_table_privilege('shokti_app', %s, 'select')", [table]).fetchone()
        assert allowed == (False,)


def test_a_conflict_is_retried_once(db: Db, app: httpx2.Client) -> None:
    """40001 at the first call of two, 40P01 at both."""
    row = db.execute("select pg_get_functiondef('api.services()'::regprocedure)").fetchone()
    assert row is not None
    db.execute("create sequence api.tries; grant usage on api.tries to shokti_app")
    failing = """create or replace function api.services() returns jsonb language plpgsql volatile security definer
      set search_path = pg_catalog, pg_temp as $f$ begin
        if nextval('api.tries') <= {} then raise 'x' using errcode = '{}'; end if;
        return '{{"items": []}}';
      end $f$"""
    with altered(db, failing.format(1, "40001"), f"{row[0]}; drop sequence api.tries"):
        answer = app.get("/services")
        assert (answer.status_code, answer.json()) == (200, {"items": []})
        db.execute(failing.format(9, "40P01"))
        answer = app.get("/services")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        last = db.execute("select last_value from api.tries").fetchone()
        assert last == (4,)


def test_an_internal_error_is_logged_and_not_shown_to_the_caller(edge: Edge, db: Db, app: httpx2.Client) -> None:
    row = db.execute("select pg_get_functiondef('api.services()'::regprocedure)").fetchone()
    assert row is not None
    failing = """create or replace function api.services() returns jsonb language plpgsql stable security definer
      set search_path = pg_catalog, pg_temp as $f$ begin raise 'inner sentence' using detail = 'Rahim, 01700000000'; end $f$"""
    with altered(db, failing, row[0]):
        answer = app.get("/services")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "inner" not in answer.text
    entry = edge.wait_for("call", function="services", trace_id=answer.json()["trace_id"])
    assert (entry["sqlstate"], entry["sentence"]) == ("P0001", "inner sentence")
    assert "Rahim" not in "".join(edge.lines)


def test_an_unexpected_exception_is_a_problem_that_pages_of_allowed_origins_can_read(db: Db, database_url: str) -> None:
    """The answer of the database cannot be rendered as a page."""
    row = db.execute("select pg_get_functiondef('api.stop_page(text)'::regprocedure)").fetchone()
    assert row is not None
    failing = """create or replace function api.stop_page(p_token text) returns jsonb
      language sql stable security definer set search_path = pg_catalog, pg_temp return '{}'::jsonb"""
    home = "https://app.example.com"
    with altered(db, failing, row[0]), serving(database_url, CORS_ORIGINS=home) as edge, edge.client() as browser:
        answer = browser.get("/u/some-token", headers={"accept": "text/html", "origin": home})
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert answer.headers["access-control-allow-origin"] == home
        assert "x-request-id" in answer.headers["access-control-expose-headers"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.json()["instance"] == f"urn:shokti:request:{answer.headers['x-request-id']}"
        edge.wait_for("request", status=500, trace_id=answer.json()["trace_id"])
        elsewhere = browser.get("/u/some-token", headers={"accept": "text/html", "origin": "https://evil.example"})
        assert elsewhere.status_code == 500
        assert "access-control-allow-origin" not in elsewhere.headers


def test_dead_connections_are_replaced_without_an_error(superuser_url: str, app: httpx2.Client) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        for _ in range(5):
            assert app.get("/services").status_code == 200
            killed = superuser.execute(
                """select pg_terminate_backend(pid, 5000) from pg_stat_activity
                   where application_name = 'app' and datname = current_database()"""
            ).fetchall()
            assert killed
            assert app.get("/services").status_code == 200


@pytest.mark.faults
def test_a_database_that_is_killed_and_restarted() -> None:
    with TestServer("edge") as own:
        bring_up_to_date(own.url())
        with serving(own.url()) as edge, edge.client(**APP) as app:
            assert app.get("/services").status_code == 200
            own.kill()
            for path in ("/services", "/l/some-token", "/readyz"):
                answer = app.get(path)
                assert answer.status_code == 503
                assert answer.headers["content-type"] == "application/problem+json"
                assert int(answer.headers["retry-after"]) > 0
            page = app.get("/l/some-token", headers={"accept": "text/html"})
            assert page.status_code == 503
            assert "একটু পরে আবার চেষ্টা করুন" in page.text
            assert app.get("/healthz").status_code == 200
            own.start()
            eventually(lambda: app.get("/readyz").status_code == 200)
            assert app.get("/services").status_code == 200


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_open_requests_are_finished_on_stop(database_url: str, db: Db, sent: signal.Signals) -> None:
    """A request waits in the database while the process gets the signal, and is still answered."""
    row = db.execute("select pg_get_functiondef('api.services()'::regprocedure)").fetchone()
    assert row is not None
    with altered(db, WAITING_FOR_LOCK, row[0]), serving(database_url) as edge:
        answers: list[httpx2.Response] = []

        def ask() -> None:
            with edge.client(**APP) as client:
                answers.append(client.get("/services"))

        with db.transaction():
            db.execute("select pg_advisory_xact_lock(4711)")
            caller = threading.Thread(target=ask)
            caller.start()
            eventually(lambda: waiting(db))
            edge.process.send_signal(sent)
            eventually(lambda: not accepts(edge))
        caller.join(PATIENCE)
        assert [answer.status_code for answer in answers] == [200]
        assert answers[0].headers["connection"] == "close"
        assert edge.exit_code() == 0
        edge.wait_for("stopped")


# api.services that first waits for a lock.
WAITING_FOR_LOCK = """create or replace function api.services() returns jsonb language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp as $f$ begin
    perform pg_advisory_xact_lock(4711);
    return '{"items": []}';
  end $f$"""


def waiting(db: Db) -> bool:
    row = db.execute("select count(*) from pg_locks where locktype = 'advisory' and not granted").fetchone()
    assert row is not None
    return bool(row[0])


def accepts(edge: Edge) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", edge.port)) == 0


def test_readiness_reports_draining_before_the_socket_closes(database_url: str) -> None:
    with serving(database_url, APP_DRAIN_SECONDS="30") as edge, edge.client(**APP) as app:
        edge.process.send_signal(signal.SIGTERM)
        eventually(lambda: app.get("/readyz").status_code == 503)
        answer = app.get("/readyz")
        assert [fault["field"] for fault in answer.json()["errors"]] == ["process"]
        assert answer.headers["connection"] == "close"
        assert app.get("/services").status_code == 200
        edge.process.send_signal(signal.SIGTERM)
        assert edge.exit_code() == 0


def test_the_contract_can_be_checked_and_written(database_url: str) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "app", "openapi", "--check"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert Path(ROOT / "app" / "openapi.json").is_file()
