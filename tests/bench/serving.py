"""Requests a second of the HTTP edge, one process, with the concurrent callers of a small server.

The bounds of a request are the edge without the database (A: /healthz) and the database without the edge (B: the same
call through the same kind of pool from an empty loop). pgbench measures the database alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import psutil
import uvloop

from app.edge.calls import Call, Database, build_call, configure_connection
from app.edge.functions import read_functions
from app.edge.intake import Intake
from app.endpoints.row import Endpoint
from app.endpoints.table import ENDPOINTS
from app.serving import ROLE
from app.sign_in.access_tokens import AccessTokens, Caller
from db.connection import Connection, pool
from db.embedded.account import server_account
from db.embedded.binaries import binaries
from db.settings import read_settings
from tests.bench import load
from tests.bench.claiming import BATCH
from tests.bench.figure import Figure, measurement
from tests.bench.load import CONNECTIONS, Load, request
from tests.bench.stage import Program, Stage, running

PEOPLE = 1000
# A batch of events as a phone sends it.
EVENTS = 10
HALF_MINUTE_BEFORE = "2026-11-24T03:59:30Z"
NEXT_WEEK = "2026-12-01T04:00:00Z"
# Warm-up: functions are planned, connections opened, caches filled.
WARM_UP = 400
# More than any of these servers handles in the time, so that each row is written once.
PREPARED = 25_000
FLOOR_SECONDS = 3

#: Sessions of people with bookings, whose ids pgbench can make from a number.
SESSIONS = """
insert into account.session (session_id, user_id, created_at, last_used_at, expires_at)
select
  ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, c.customer_id,
  clock.now(), clock.now(), clock.now() + interval '1 day'
from (
  select b.customer_id, row_number() over (order by b.customer_id) as n
  from market.booking b
  join account.person p on p.user_id = b.customer_id
  where p.role = 'customer'
    and p.disabled_at is null
    and p.erased_at is null
  group by b.customer_id
  order by b.customer_id
  limit %s
) c
returning session_id::text, user_id::text
"""
ACTOR = "p_actor => ('00000000-0000-7000-8000-' || lpad(:n::text, 12, '0'))::uuid"


@dataclass(frozen=True, slots=True)
class Case:
    """An endpoint under measurement: its n-th request, and the same for pgbench."""

    name: str
    method: str
    path: str
    statement: str
    body: Callable[[], Any] | None = None

    @property
    def endpoint(self) -> Endpoint:
        return next(row for row in ENDPOINTS if (row.method, row.path) == (self.method, self.path))


@dataclass(frozen=True, slots=True)
class Session:
    session_id: str
    bearer: str


@measurement
def requests(stage: Stage) -> Iterator[Figure]:
    """The most used paths, each with its bounds; then the page behind a link."""
    with stage.clone(stage.due(), "requests") as name:
        with stage.connect(name) as owner:
            links = links_of(owner)
            service_id = one(owner, "select service_id::text from market.service where active order by code limit 1")
        with stage.superuser(name) as owner:
            sessions = [session(*row) for row in owner.execute(SESSIONS, [PEOPLE]).fetchall()]
            owner.execute("vacuum (analyze)")
        port = free_port()
        place = stage.server.data.parent / "edge.log"
        url = stage.server.url(name)
        environment = {"DATABASE_URL": url, "APP_PORT": str(port), "LOG_LEVEL": "WARNING"}
        with stage.undisturbed(), running("app", log=place, **environment) as edge:
            wait_for(port)
            stage.tell(f"measuring requests, sent by {load.CLIENT}")
            for case in cases(service_id):
                yield from beside_its_bounds(stage, case, url, port, edge, sessions)
            yield from keyed(stage, port, edge, sessions, service_id)
            for figure, accept in (("link_page", "text/html"), ("link_json", "application/json")):
                prepared = [request("GET", link, {"Accept": accept}) for link in links]
                yield from served(stage, figure, port, edge, prepared)[1]
            yield Figure("edge_memory", edge.peak_mb(), "MB, the most the process held")
    yield Figure("requests_load_average", os.getloadavg()[0], "processes, over the last minute, ours among them")


def cases(service_id: str) -> Iterator[Case]:
    number = count()

    def events() -> Any:
        return {
            "events": [
                {
                    "event_id": str(uuid4()),
                    "kind": "service_viewed",
                    "happened_at": HALF_MINUTE_BEFORE,
                    "properties": {"service": service_id, "place": next(number) % 20},
                }
                for _ in range(EVENTS)
            ]
        }

    def booking() -> Any:
        return {"service_id": service_id, "scheduled_at": NEXT_WEEK}

    yield Case("services", "GET", "/services", "select api.services()::text")
    yield Case("bookings", "GET", "/bookings", f"select api.bookings({ACTOR})::text")
    yield Case(
        "events",
        "POST",
        "/events",
        f"select api.record_events({ACTOR}, p_events => (select jsonb_agg(jsonb_build_object("
        f"'event_id', gen_random_uuid(), 'kind', 'service_viewed', 'happened_at', '{HALF_MINUTE_BEFORE}', 'properties',"
        f" jsonb_build_object('service', '{service_id}', 'place', i))) from generate_series(1, {EVENTS}) i))::text",
        events,
    )
    yield Case(
        "book",
        "POST",
        "/bookings",
        f"select api.book({ACTOR}, p_service_id => '{service_id}', p_scheduled_at => '{NEXT_WEEK}')::text",
        booking,
    )


def beside_its_bounds(
    stage: Stage, case: Case, url: str, port: int, edge: Program, sessions: list[Session]
) -> Iterator[Figure]:
    """The requests, A, B, pgbench, and the share of 1 / (1/A + 1/B), by elapsed and by processor time."""
    nothing = request("GET", "/healthz")
    empty = load.sent(port, [nothing], seconds=FLOOR_SECONDS)
    signed = case.endpoint.who.signs_in
    prepared = [
        request(
            case.method,
            case.path,
            {"Authorization": sessions[n % len(sessions)].bearer} if signed else {},
            case.body() if case.body else None,
        )
        for n in range(PREPARED if case.body else PEOPLE)
    ]
    cpu_us, figures = served(stage, case.name, port, edge, prepared, again=case.body is None)
    yield from figures
    cpu = edge.cpu_s()
    answered = load.paced(port, nothing, figures[0].value, seconds=FLOOR_SECONDS)
    empty_us = 1e6 * (edge.cpu_s() - cpu) / answered
    alone, alone_us = uvloop.run(called(case, url, sessions))
    yield Figure(f"{case.name}_floor_edge", empty.per_s, "requests/s of /healthz")
    yield Figure(f"{case.name}_floor_pool", alone, "calls/s through the pool, without HTTP")
    yield Figure(f"{case.name}_floor_pgbench", benched(stage, case, url), "calls/s by pgbench")
    ceiling = 1 / (1 / empty.per_s + 1 / alone)
    reached = figures[0].value / ceiling
    yield Figure(f"{case.name}_reached", 100 * reached, f"% of {ceiling:.0f}/s = 1 / (1/floor_edge + 1/floor_pool)")
    yield Figure(
        f"{case.name}_reached_cpu",
        100 * (empty_us + alone_us) / cpu_us,
        f"% of the processor time that edge ({empty_us:.0f} us at this rate) and pool ({alone_us:.0f} us) take alone",
    )


def keyed(stage: Stage, port: int, edge: Program, sessions: list[Session], service_id: str) -> Iterator[Figure]:
    """The same booking under an Idempotency-Key, as apps should send it."""
    body = {"service_id": service_id, "scheduled_at": NEXT_WEEK}
    prepared = [
        request(
            "POST",
            "/bookings",
            {"Authorization": sessions[n % len(sessions)].bearer, "Idempotency-Key": uuid4().hex},
            body,
        )
        for n in range(PREPARED)
    ]
    yield from served(stage, "book_under_key", port, edge, prepared, again=False)[1]


def served(
    stage: Stage, name: str, port: int, edge: Program, prepared: list[bytes], *, again: bool = True
) -> tuple[float, list[Figure]]:
    """Processor microseconds of the edge for a request, and the load's result."""
    if again:
        # Each request at least once: a token is verified at its first use, and cached.
        load.sent(port, prepared * (1 + WARM_UP // len(prepared)) + prepared[:CONNECTIONS], again=False)
    else:
        load.sent(port, prepared[:WARM_UP], again=False)
        prepared = prepared[WARM_UP:]
    edge_s, server_s = edge.cpu_s(), stage.server_cpu_s()
    result: Load = load.sent(port, prepared, again=again)
    edge_us = 1e6 * (edge.cpu_s() - edge_s) / result.requests
    server_us = 1e6 * (stage.server_cpu_s() - server_s) / result.requests
    return edge_us, [
        Figure(name, result.per_s, f"requests/s on {CONNECTIONS} connections"),
        Figure(f"{name}_p50", result.p50_ms, "ms"),
        Figure(f"{name}_p95", result.p95_ms, "ms"),
        Figure(f"{name}_p99", result.p99_ms, "ms"),
        Figure(f"{name}_cpu_edge", edge_us, "us/request"),
        Figure(f"{name}_cpu_server", server_us, "us/request"),
    ]


async def called(case: Case, url: str, sessions: list[Session]) -> tuple[float, float]:
    """Calls a second through a pool like the edge's by as many callers, and microseconds of this process for each."""
    endpoint = case.endpoint
    size = read_settings().app_pool_size
    async with pool(
        url, role=ROLE, application_name="bench", min_size=size, max_size=size, configure=configure_connection
    ) as connections:
        async with connections.connection() as connection:
            functions = await read_functions(connection)
        call = build_call(endpoint, Intake(endpoint).arguments, functions)
        values = [values_of(case, call, sessions[n % len(sessions)]) for n in range(PREPARED if case.body else PEOPLE)]
        database = Database(connections)
        turns = count()

        async def caller(until: float, most: int) -> int:
            done = 0
            while time.perf_counter() < until and (turn := next(turns)) < most:
                await database.call(call, values[turn % len(values)])
                done += 1
            return done

        async def for_seconds(seconds: float, most: int) -> int:
            until = time.perf_counter() + seconds
            return sum(await asyncio.gather(*(caller(until, most) for _ in range(CONNECTIONS))))

        await for_seconds(1.0, WARM_UP)
        most = len(values) if case.body else load.MOST
        begun, cpu = time.perf_counter(), psutil.Process().cpu_times()
        done = await for_seconds(FLOOR_SECONDS, most)
        seconds, spent = time.perf_counter() - begun, psutil.Process().cpu_times()
    return done / seconds, 1e6 * (spent.user + spent.system - cpu.user - cpu.system) / done


def values_of(case: Case, call: Call, one: Session) -> tuple[Any, ...]:
    given = case.endpoint.input.model_validate_json(json.dumps(case.body() if case.body else {}))
    return call.values(given, {"actor": one.session_id, "traceparent": None})


def benched(stage: Stage, case: Case, url: str) -> float:
    """Calls a second by pgbench, of the same function as the same role."""
    script = stage.server.data.parent / f"{case.name}.sql"
    script.write_text(f"\\set n random(1, {PEOPLE})\n{case.statement};\n")
    done = subprocess.run(
        [
            binaries(server_account()) / "pgbench", "--no-vacuum", "--protocol=prepared", "--jobs=1",
            f"--client={CONNECTIONS}", f"--time={FLOOR_SECONDS}", f"--file={script}", url,
        ],
        env=os.environ | {"PGOPTIONS": f"-c role={ROLE} -c TimeZone=UTC"},
        capture_output=True,
        text=True,
        timeout=60,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench said: {done.stdout} {done.stderr}")
    return float(found[1])


def session(session_id: str, user_id: str) -> Session:
    caller = Caller(user_id, session_id, "customer")
    return Session(session_id, f"Bearer {AccessTokens.of(read_settings()).issue(caller, 3600)}")


def links_of(owner: Connection) -> list[str]:
    """Paths of links in delivered messages."""
    row = owner.execute(
        "select jobs.claim_messages(p_channel => 'email', p_limit => %s, p_public_url => '')", [BATCH]
    ).fetchone()
    assert row is not None
    return [message["link"] for message in row[0]["messages"]]


def one(owner: Connection, statement: str) -> Any:
    row = owner.execute(statement).fetchone()
    assert row is not None
    return row[0]


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
