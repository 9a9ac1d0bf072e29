"""How the planner and the claim go about it on a marketplace of some size: which indexes, and no node that explodes.

The statements inside the functions are seen by auto_explain, as they run, with what they truly read. The time they
take is for `make bench`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from db.embedded.server import LOGIN, SUPERUSER
from db.embedded.temporary import TemporaryServer
from tests.marketplace import service
from tests.outbox import HOUR, NOW, URL, reader, row, sent_by_hand, value, withdraw

VOLUME = (Path(__file__).parent / "volume.sql").read_text()


#: Names of our tables, filled by the fixture.
RELATIONS: set[str] = set()


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a plan and what it did, all its loops together."""

    kind: str
    relation: str
    index: str
    rows: float
    loops: float
    removed: float

    @property
    def read(self) -> float:
        """Rows it gave, and those it read in vain."""
        return (self.rows + self.removed) * self.loops


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    nodes: list[Node]

    def scans(self, relation: str) -> list[Node]:
        assert relation in RELATIONS, f"no table is called {relation}: nothing would ever be found"
        return [n for n in self.nodes if n.relation == relation and "Scan" in n.kind]

    def indexes(self, relation: str) -> set[str]:
        return {n.index for n in self.nodes if n.relation == relation and n.index}

    def writes(self, relation: str) -> bool:
        """Statements of functions in SQL are logged without their text: what they write to tells them apart."""
        return any(n.relation == relation and n.kind == "ModifyTable" for n in self.nodes)

    def most(self) -> Node:
        return max(self.nodes, key=lambda n: n.read)


def nodes(plan: dict[str, Any], relation: str = "") -> Iterator[Node]:
    # A bitmap's index scan tells no relation: it is its parent's.
    here = plan.get("Relation Name", relation if plan["Node Type"] == "Bitmap Index Scan" else "")
    yield Node(
        plan["Node Type"],
        here,
        plan.get("Index Name", ""),
        plan.get("Actual Rows", 0),
        plan.get("Actual Loops", 0),
        plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Join Filter", 0),
    )
    for child in plan.get("Plans", []):
        yield from nodes(child, here)


class Explained:
    """A connection of the superuser whose statements, nested ones too, are explained as they run."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, options="-c TimeZone=UTC")
        self.statements: list[Statement] = []
        self.connection.add_notice_handler(self._note)
        for setting in (
            "load 'auto_explain'",
            "set auto_explain.log_min_duration = 0",
            "set auto_explain.log_analyze = on",
            "set auto_explain.log_timing = off",
            "set auto_explain.log_nested_statements = on",
            "set auto_explain.log_format = json",
            "set client_min_messages = log",
        ):
            self.connection.execute(setting)

    def _note(self, notice: psycopg.errors.Diagnostic) -> None:
        said = notice.message_primary or ""
        if "plan:" in said:
            told = json.loads(said[said.index("{") :])
            self.statements.append(Statement(told["Query Text"], list(nodes(told["Plan"]))))

    def run(self, statement: str, *arguments: Any) -> tuple[Any, list[Statement]]:
        self.statements.clear()
        return value(self.connection, statement, *arguments), list(self.statements)


@dataclass(frozen=True, slots=True)
class Marketplace:
    explained: Explained
    customers: int


@pytest.fixture(
    scope="module", params=[2_000, pytest.param(100_000, marks=pytest.mark.slow)], ids=["2,000", "100,000 customers"]
)
def marketplace(request: pytest.FixtureRequest, server: TemporaryServer, template: str) -> Iterator[Marketplace]:
    """A database of its own, filled once for all tests here and refreshed for this morning."""
    name = f"plans_{request.param}_{os.getpid()}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {template} owner {LOGIN} strategy file_copy")
        maintenance.execute(f"alter database {name} set plans.customers = {request.param}")
        try:
            explained = Explained(server.url(name, SUPERUSER))
            tables = explained.connection.execute("select relname from pg_class where relkind in ('r', 'p')")
            RELATIONS.update(table for (table,) in tables)
            with psycopg.connect(server.url(name, SUPERUSER), autocommit=True) as filling:
                filling.execute(VOLUME)
                filling.execute("select smartengage.refresh_snapshots(%s)", [NOW])
                filling.execute("analyze")
            yield Marketplace(explained, request.param)
            explained.connection.close()
        finally:
            maintenance.execute(f"drop database {name} with (force)")


def test_a_claim_reads_in_proportion_to_what_it_claims(marketplace: Marketplace) -> None:
    """Whether there are two thousand customers or a hundred thousand: a hundred messages, some rows each."""
    answer, statements = marketplace.explained.run("select outreach.claim_messages('email', 30, %s, %s)", NOW, URL)
    assert answer["claimed"] == 30, {k: v for k, v in answer.items() if k != "messages"}
    (picked,) = [s for s in statements if "skip locked" in s.text]
    assert picked.indexes("message") == {"message_due_idx"}
    assert picked.most().read <= 60
    (decided,) = [s for s in statements if s.writes("delivery")]
    # Not what waits for others, of which there are thousands: each person's own.
    assert decided.most().read <= 30 * 24, decided.most()
    assert decided.indexes("consent") == {"consent_pkey"}
    assert decided.indexes("delivery") <= {"delivery_consent_idx"}
    assert decided.indexes("booking") <= {"booking_open_idx", "booking_visit_idx"}
    for relation in ("message", "delivery", "booking", "consent", "contact", "person", "cap_slot"):
        assert not [n for n in decided.scans(relation) if n.kind == "Seq Scan"], relation
    # The slots' trigger: a handful of statements for all thirty, none of which reads a table through.
    slots = [s for s in statements if s.writes("cap_slot")]
    assert len(slots) == 1
    assert slots[0].most().read <= 30 * 24, slots[0].most()
    for relation in ("delivery", "cap_slot"):
        assert not [n for n in slots[0].scans(relation) if n.kind == "Seq Scan"], relation
    # What is asked message by message is foreign keys and slots, each a look at one row or two.
    assert all(s.most().read <= 30 * 24 for s in statements)
    assert len(statements) < 12 * 30


def test_outcomes_and_sweep_read_what_they_touch(marketplace: Marketplace) -> None:
    answer, _ = marketplace.explained.run("select outreach.claim_messages('email', 5, %s, %s)", NOW, URL)
    assert answer["claimed"] > 0
    told = json.dumps(
        [
            {"message_id": m["message_id"], "attempt": 1, "adapter": "t", "outcome": "accepted"}
            for m in answer["messages"]
        ]
    )
    _, statements = marketplace.explained.run("select outreach.record_outcomes(%s, %s)", told, NOW)
    assert max(s.most().read for s in statements) <= 40 * len(answer["messages"])
    # With nothing stale and nothing useless there is next to nothing to read.
    _, statements = marketplace.explained.run("select outreach.sweep_stuck_messages(%s)", NOW - 25 * HOUR)
    assert not [n for s in statements for n in s.scans("delivery") if n.kind == "Seq Scan"]


def test_planning_is_one_statement_that_grows_with_who_is_due(marketplace: Marketplace) -> None:
    run, statements = marketplace.explained.run(
        "select smartengage.plan_reminder_run(md5('campaign')::uuid, 'explained', %s)", NOW
    )
    due = run["candidates"]
    profiles = 2 * marketplace.customers
    assert due > marketplace.customers / 20
    (planned,) = [s for s in statements if s.writes("candidate")]
    most = planned.most()
    assert most.read <= max(profiles, 40 * due), most
    # For who is due the bookings are looked up, never read through.
    assert not [n for n in planned.scans("booking") if n.kind == "Seq Scan" and n.loops > 1]
    for relation in ("delivery", "message", "consent", "contact"):
        assert not [n for n in planned.scans(relation) if n.kind == "Seq Scan" and n.loops > 1], relation
    if marketplace.customers >= 100_000:
        assert planned.indexes("delivery") == {"delivery_consent_idx"}
        assert "booking_open_idx" in planned.indexes("booking")
    # No function is called person by person: what is left are the foreign keys of what was written.
    assert len([s for s in statements if "SELECT 1 FROM ONLY" not in s.text]) < 100
    assert value(
        marketplace.explained.connection,
        "select identity_holds from smartengage.run_reconciliation where run_id = %s",
        run["run_id"],
    )


@pytest.mark.parametrize("who", ["due", "else"])
def test_explaining_somebody_reads_their_own_rows_alone(marketplace: Marketplace, who: str) -> None:
    """Whether of two thousand or of a hundred thousand; and after the first time it is not planned anew."""
    user = value(
        marketplace.explained.connection,
        f"select p.user_id from account.person p where {'not' if who == 'else' else ''} exists (select from"
        " outreach.message m where m.user_id = p.user_id and m.state = 'scheduled') order by 1 limit 1",
    )
    for _ in range(2):
        gates, statements = marketplace.explained.run("select count(*) from explain.verdicts(%s, %s)", user, NOW)
        assert gates > 20
        for relation in ("person", "consent", "contact", "predicted_booking", "customer_segment", "booking", "message", "delivery",
                         "candidate"):  # fmt: skip
            assert not [n for s in statements for n in s.scans(relation) if n.kind == "Seq Scan" and n.read], relation
        # The gates beside the rules in force, a hundred or so, are the most of it.
        assert max(s.most().read for s in statements) <= 2000


WITHDRAWN = """
insert into account.consent (
  user_id, channel, purpose, valid_at, source, wording_version, actor, withdrawn_source, withdrawn_actor)
select p.user_id, 'sms', 'outreach', tstzrange('2025-01-01', %(at)s - make_interval(days => 30 + (n %% 300)::int)),
       'test', '1', 'test', 'test', 'test'
from (select p.user_id, row_number() over () as n from account.person p) p
where n %% 10 = 0
on conflict do nothing
"""


def test_guardrails_read_the_withdrawals_of_their_days_not_everybodys_consent(marketplace: Marketplace) -> None:
    """They are asked every five minutes for every campaign. A tenth of all customers once withdrew, one did now."""
    connection = marketplace.explained.connection
    connection.execute(WITHDRAWN, {"at": NOW})
    connection.execute("analyze account.consent")
    run = row(
        connection, "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates)"
        " values (md5('campaign')::uuid, 'watched', %s, 0) returning campaign_id, run_id", NOW,
    )  # fmt: skip
    user = reader(connection, external_id="watched", email="watched@example.com")
    message_id = sent_by_hand(connection, user, NOW, service_id=service(connection, code="watched"), **run)
    connection.execute("update outreach.delivery set state = 'accepted' where message_id = %s", [message_id])
    withdraw(connection, user, NOW + HOUR / 2)
    hits, statements = marketplace.explained.run(
        "select hits from smartengage.guardrails(md5('campaign')::uuid, %s) where guardrail = 'opt_outs'", NOW + HOUR
    )
    assert hits == 1
    (asked,) = [s for s in statements if s.scans("consent")]
    assert asked.indexes("consent") == {"consent_withdrawn_idx"}
    assert sum(n.read for n in asked.scans("consent")) == 1


def test_profiles_read_every_booking_a_few_times_and_no_more(marketplace: Marketplace) -> None:
    _, statements = marketplace.explained.run("select smartengage.refresh_snapshots(%s)", NOW + 24 * HOUR)
    bookings = 10 * marketplace.customers
    for statement in statements:
        most = statement.most()
        assert most.read <= 60 * bookings, (statement.text[:200], most)
