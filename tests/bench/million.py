"""A million customers: the model fitted, people scored, snapshots refreshed, a day planned, people explained."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from db.connection import Connection
from tests.bench.explaining import FLOOR as OWN_ROWS
from tests.bench.explaining import each_ms, quantiles
from tests.bench.figure import Figure, measurement_on_request
from tests.bench.planning import FLOOR, OUTCOMES, SCAN, one, timed
from tests.bench.stage import HERE, Stage, peak_mb

NAME = "million"
#: The two mornings on which everything runs.
DAYS = ("timestamptz '2026-11-23 07:00+06'", "timestamptz '2026-11-24 07:00+06'")
#: offset 0: every column of every row is computed.
SCORE = f"select count(*), sum(s.p14) from (select * from prediction.score({DAYS[0]}) offset 0) s"
#: When messages are claimed: at noon, when they are due; after nine in the evening, when they are deferred.
CLAIMS = {"2026-11-24 12:00+06": 30, "2026-11-24 21:30+06": 5}
EXPLAINED_AT = "2026-11-24 22:00+06"
#: Between the two mornings: the former snapshots are deleted.
THEN = "2026-11-23 12:00+06"
#: So many people of each kind are explained.
EACH = 250
KINDS = {
    "sent": "select d.user_id from outreach.delivery d order by d.message_id",
    "put_off": "select m.user_id from outreach.message m where m.state = 'scheduled'"
    f" and m.due_at > timestamptz '{EXPLAINED_AT}' order by m.state_at desc, m.message_id",
    "refused": "select user_id from smartengage.candidate c where outcome = 'refused' order by md5(user_id::text)",
    "others": "select p.user_id from account.person p where p.role = 'customer' order by md5(p.user_id::text)",
}


@measurement_on_request
def million(stage: Stage) -> Iterator[Figure]:
    """Ten times the customers of the marketplace, ten bookings each, on two mornings."""
    started = time.perf_counter()
    made(stage)
    yield Figure("million_making", time.perf_counter() - started, "s (not measured, only told)")
    yield from step(stage, "million_learn", f"select prediction.store_model({DAYS[0]})")
    yield from step(stage, "million_score", SCORE)
    yield from step(stage, "million_floor", FLOOR)
    yield from step(stage, "million_refresh_first", f"select smartengage.refresh_snapshots({DAYS[0]})")
    settled(stage, "smartengage.predicted_booking, smartengage.customer_segment")
    yield from step(stage, "million_refresh", f"select smartengage.refresh_snapshots({DAYS[1]})")
    with stage.connect(NAME) as owner:
        for row in owner.execute("select snapshot, seconds from policy.snapshot_refresh order by 2 desc").fetchall():
            yield Figure(f"million_refresh_{row[0].split('.')[1]}", row[1], "s of it")
    settled(stage, "smartengage.predicted_booking, smartengage.customer_segment")
    yield from step(stage, "million_scan", SCAN)  # the floor of the next figure; it also warms the caches
    yield from planned(stage)
    with stage.connect(NAME) as owner:
        for outcome, people in owner.execute(
            "select outcome, count(*) from smartengage.candidate group by 1"
        ).fetchall():
            yield Figure(f"million_plan_{outcome}", people, "of two campaigns together")
    settled(stage, "smartengage.candidate, outreach.message")
    yield from explained(stage)
    with stage.connect(NAME) as owner:
        yield Figure("million_size", one(owner, f"select pg_database_size('{NAME}')") / 1e9, "GB of database")


def planned(stage: Stage) -> Iterator[Figure]:
    """A plan with an outcome or reason for each person, in one transaction; then the plan of the other campaign."""
    plan = f"select smartengage.plan_reminder_run(campaign_id, 'bench', {DAYS[1]}) from smartengage.campaign where name = %s"
    stage.tell("planning all of them")
    with stage.connect(NAME) as owner:
        started, cpu = time.perf_counter(), stage.server_cpu_s()
        with owner.transaction():
            owner.execute("set transaction isolation level repeatable read")
            owner.execute(plan.encode(), ["reminders"])
            decided, decided_cpu = time.perf_counter() - started, stage.server_cpu_s() - cpu
            stage.tell("telling what was planned of everybody")
            row = owner.execute(OUTCOMES).fetchone()
        seconds, cpu = time.perf_counter() - started, stage.server_cpu_s() - cpu
        assert row is not None
        assert row[1] == row[0], "somebody has neither an outcome nor a reason"
        yield Figure(
            "million_planned_rows", row[0], "rows, every customer and service, each with its outcome or reason"
        )
        yield Figure("million_planned", seconds, "s (the plan, and from it a reason for everybody, in one transaction)")
        yield Figure("million_planned_cpu", cpu, "s")
        yield Figure("million_plan", decided, "s (the plan of it)")
        yield Figure("million_plan_cpu", decided_cpu, "s")
        yield Figure("million_reasons", seconds - decided, "s (the reasons of it)")
        yield Figure("million_reasons_cpu", cpu - decided_cpu, "s")
        yield Figure("million_planned_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")
        yield Figure("million_planned_floor", timed(owner, SCAN), "s (plain scan of the same tables)")
        owner.execute(plan.encode(), ["more reminders"])


def step(stage: Stage, name: str, statement: str) -> Iterator[Figure]:
    """Runs a step on a connection of its own, so that the memory is that of one statement; elapsed and processor time."""
    stage.tell(f"measuring {name}")
    with stage.connect(NAME) as owner:
        cpu = stage.server_cpu_s()
        yield Figure(name, timed(owner, statement), "s")
        yield Figure(f"{name}_cpu", stage.server_cpu_s() - cpu, "s")
        yield Figure(f"{name}_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")


def settled(stage: Stage, tables: str) -> None:
    """Does at once what autovacuum does later."""
    with stage.superuser(NAME) as owner:
        owner.execute(f"vacuum (analyze) {tables}".encode())


def made(stage: Stage) -> None:
    """Makes the rows over two connections, while the server does not wait for its disk."""
    stage.tell("making a million customers")
    stage.empty(NAME)
    with careless(stage), stage.superuser(NAME) as owner:
        people = 10 * stage.customers
        owner.execute("select set_config('bench.people', %s, false)", [str(people)])
        owner.execute((HERE / "million.sql").read_text())
        parts, done = 20, 0

        def part(number: int) -> None:
            with stage.superuser(NAME) as writer:
                writer.execute("set session_replication_role = replica")
                for name, value in (("first", number * people // parts + 1), ("last", (number + 1) * people // parts)):
                    writer.execute("select set_config('bench.' || %s, %s, false)", [name, str(value)])
                writer.execute((HERE / "million-bookings.sql").read_text())

        with ThreadPoolExecutor(2) as writers:
            for _ in writers.map(part, range(parts)):
                done += 1
                stage.tell(f"making their bookings: {done} of {parts} parts")
        stage.tell("indexing their bookings")
        owner.execute((HERE / "million-end.sql").read_text())
        owner.execute("vacuum (analyze)")


@contextmanager
def careless(stage: Stage) -> Iterator[None]:
    """Writes of the block reach the disk only at its end."""
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    with stage.superuser(NAME) as superuser:
        for setting in settings:
            superuser.execute(f"alter system set {setting} = off".encode())
        superuser.execute("select pg_reload_conf()")
        yield
        for setting in settings:
            superuser.execute(f"alter system reset {setting}".encode())
        superuser.execute("select pg_reload_conf()")
        superuser.execute("checkpoint")


def explained(stage: Stage) -> Iterator[Figure]:
    """Explains people with a message, with a deferred one, refused by the plan, and arbitrary ones."""
    with stage.connect(NAME) as owner:
        stage.tell("claiming some of their messages")
        for moment, batches in CLAIMS.items():
            for _ in range(batches):
                claim(owner, moment)
        settled(stage, "outreach.message, outreach.delivery, outreach.cap_slot")
        kinds = {
            kind: [who for (who,) in owner.execute(f"{people} limit {EACH}".encode()).fetchall()]
            for kind, people in KINDS.items()
        }
        assert all(len(people) == EACH for people in kinds.values()), {k: len(v) for k, v in kinds.items()}
        explain = "select count(*) from explain.verdicts(%(who)s, %(at)s)"
        everybody = [who for people in kinds.values() for who in people]
        stage.tell(f"explaining {len(everybody)} of them")
        # The first few explanations of a session plan its statements.
        each_ms(owner, explain, everybody[:: EACH // 5], EXPLAINED_AT)
        each_ms(owner, OWN_ROWS, everybody, EXPLAINED_AT)
        cpu = stage.server_cpu_s()
        took = {kind: each_ms(owner, explain, people, EXPLAINED_AT) for kind, people in kinds.items()}
        cpu = (stage.server_cpu_s() - cpu) / len(everybody) * 1000
        yield from quantiles("million_explain", [ms for each in took.values() for ms in each])
        yield Figure("million_explain_cpu", cpu, "ms (of the server, each)")
        for kind, each in took.items():
            yield from quantiles(f"million_explain_{kind}", each)
        floor = each_ms(owner, OWN_ROWS, everybody, EXPLAINED_AT)
        yield from quantiles("million_explain_floor", floor)
        yield Figure("million_explain_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")
        yield from quantiles("million_explain_then", each_ms(owner, explain, everybody[:: EACH // 5], THEN))


def claim(owner: Connection, moment: str) -> None:
    """Claims a batch as a worker does; all messages are accepted."""
    row = owner.execute(
        "select outreach.claim_messages('email', 100, %s, 'https://shokti.example')", [moment]
    ).fetchone()
    assert row is not None
    told = [
        {"message_id": m["message_id"], "attempt": m["attempt"], "adapter": "null", "outcome": "accepted"}
        for m in row[0]["messages"]
    ]
    owner.execute("select outreach.record_outcomes(%s, %s)", [json.dumps(told), moment])
