"""Paths for our own programs: program tokens are valid there only, and no other token is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from psycopg import Connection

from app.edge import application
from app.edge.calls import Database, configure_connection
from app.edge.envelope import Draining
from app.edge.functions import read_functions
from app.endpoints.fields import Input, Output
from app.endpoints.row import Endpoint, Who
from app.endpoints.table import ENDPOINTS
from app.serving import ROLE
from app.sign_in import program_tokens
from db import connect_async, pool
from db.settings import ROOT, read_settings
from tests import marketplace
from tests.app.people import bearer
from tests.app.serving import Edge

Db = Connection[Any]


class Asked(Input):
    """What a program sends."""

    word: str


class Echoed(Output):
    """The program, and what it sent."""

    program: str
    word: str


ROW = Endpoint("POST", "/internal/echo", "echo", Asked, Echoed, who=Who.PROGRAM, idempotent=True)

ECHO = """
create or replace function api.echo(p_token_hash bytea, p_word text) returns jsonb
language sql volatile security definer set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('word', p_word, 'program', s.program) from account.authenticate_program(p_token_hash, clock.now()) s;
end;
grant execute on function api.echo(bytea, text) to shokti_app;
"""


def ask(database_url: str, *requests: tuple[str, list[str]]) -> list[httpx2.Response]:
    """Answers of the application with one more row to POSTs with these Authorization headers."""

    async def answers() -> list[httpx2.Response]:
        settings = read_settings()
        async with await connect_async(database_url, role=ROLE, application_name="test") as connection:
            functions = await read_functions(connection)
        async with pool(
            database_url, role=ROLE, application_name="test", max_size=2, configure=configure_connection
        ) as connections:
            app = application.build_application(
                Database(connections), functions, Draining(), settings, [*ENDPOINTS, ROW]
            )
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test") as client:
                return [
                    await client.post(path, json={"word": "ক"}, headers=[("authorization", one) for one in sent])
                    for path, sent in requests
                ]

    return asyncio.run(answers())


def command(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "program-token", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def token(database_url: str) -> str:
    made = command(database_url, "make", "scheduler")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_only_a_valid_program_token_opens_the_path(
    database_url: str, db: Db, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    db.execute(ECHO)
    customer = bearer(db, marketplace.person(db))["authorization"]
    good, lower, *others = ask(
        database_url,
        ("/internal/echo", [f"Bearer {token}"]),
        ("/internal/echo", [f"bearer   {token}"]),
        ("/internal/echo", [customer]),
        ("/internal/echo", []),
        ("/internal/echo", [f"Bearer {token[:-1]}"]),
        ("/internal/echo", [f"Bearer {token}x"]),
        ("/internal/echo", [f"Basic {token}"]),
        ("/internal/echo", [f"Bearer {token}", f"Bearer {token}"]),
        ("/internal/echo", ["Bearer shokti_service_"]),
        ("/internal/echo", ["Bearer " + "x" * 5000]),
    )
    assert (good.status_code, good.json()) == (200, {"word": "ক", "program": "scheduler"})
    assert lower.status_code == 200
    assert [one.status_code for one in others] == [403, 401, 401, 401, 401, 401, 401, 401]
    for one in others:
        assert one.headers["content-type"] == "application/problem+json"
        assert one.headers["www-authenticate"].startswith('Bearer realm="shokti"')
        assert token not in one.text
    printed = capsys.readouterr()
    assert token not in printed.out + printed.err


def test_a_program_token_opens_no_path_of_people(app: httpx2.Client, token: str) -> None:
    for path in ("/me", "/bookings", "/me/jobs"):
        assert app.get(path, headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_is_replaced_without_a_gap(database_url: str, db: Db) -> None:
    db.execute(ECHO)
    old, new = (command(database_url, "make", "reporter").stdout.strip() for _ in range(2))
    assert new.startswith(program_tokens.PREFIX)
    assert new != old
    first = ("/internal/echo", [f"Bearer {old}"])
    second = ("/internal/echo", [f"Bearer {new}"])
    assert [one.status_code for one in ask(database_url, first, second)] == [200, 200]
    listed = command(database_url, "list")
    assert "reporter" in listed.stdout
    assert old not in listed.stdout
    (old_id, _) = [line.split()[1] for line in listed.stdout.splitlines() if line.startswith("reporter")]
    assert command(database_url, "revoke", "reporter", "--id", old_id).stdout == "1 revoked\n"
    assert [one.status_code for one in ask(database_url, first, second)] == [401, 200]
    assert "revoked" in command(database_url, "list").stdout
    assert command(database_url, "revoke", "reporter").stdout == "1 revoked\n"
    assert [one.status_code for one in ask(database_url, second)] == [401]


def test_an_invalid_name_is_refused_with_one_line(database_url: str) -> None:
    refused = command(database_url, "make", "The Scheduler")
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        "shokti: the name of a program is a word of lower-case letters, digits, - and _, such as scheduler"
    ]
    assert refused.stdout == ""


def test_only_the_token_is_printed_to_stdout(token: str) -> None:
    assert len(token) == len(program_tokens.PREFIX) + 43
    assert token.split() == [token]


@pytest.mark.parametrize("row", [row for row in ENDPOINTS if row.who is Who.PROGRAM], ids=lambda row: row.path)
def test_every_path_of_programs_is_closed_to_all_others(
    edge: Edge, database_url: str, db: Db, app: httpx2.Client, token: str, row: Endpoint
) -> None:
    def ask(authorization: str | None) -> int:
        headers = {"authorization": authorization} if authorization else {}
        # An unknown field: a caller that passes authentication gets 422.
        status: int = app.request(row.method, row.path, json={"rubbish": True}, headers=headers).status_code
        return status

    people = [marketplace.person(db), marketplace.worker(db), marketplace.person(db, role="admin")]
    assert [ask(bearer(db, user_id)["authorization"]) for user_id in people] == [403, 403, 403]
    assert [ask(None), ask("Bearer x.y.z"), ask(f"Basic {token}")] == [401, 401, 401]
    assert ask(f"Bearer {token}") == 422
    assert not any(token in line for line in edge.lines)
