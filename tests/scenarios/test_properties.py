"""Any sequence of planning, claiming, outcomes, receipts, withdrawals, rule changes and rows by hand keeps the laws.

Each example runs in a transaction that is rolled back, so all of them share one database.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import campaign, service
from tests.outbox import (
    BARE_DELIVERY,
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    message,
    no_quiet_periods,
    reader,
    record_event,
    record_outcome,
    rows,
    set_cap,
    set_rule,
    value,
    withdraw,
)

PEOPLE = 3
people = st.integers(0, PEOPLE - 1)
RANK = ["scheduled", "claimed", "in_doubt", "sent", "bounced", "delivered", "opened", "clicked", "booked"]
ENDS = {"ghost", "expired", "refused", "failed"}

Cap = tuple[datetime, int | None, timedelta]


class Life(RuleBasedStateMachine):
    """What a test does to the database, beside a model of consents, caps and states in Python."""

    db: ClassVar[Connection[Any]]
    numbers: ClassVar[count[int]] = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.users: list[UUID] = [reader(self.db) for _ in range(PEOPLE)]
        self.home = service(self.db)
        self.campaign = campaign(self.db, holdout_share=0.3)
        set_rule(self.db, "holdout.global_share", 0)
        # Quiet times have tests of their own; here they would hold most of what happens.
        no_quiet_periods(self.db)
        self.consented: dict[UUID, list[list[datetime | None]]] = {u: [[NOW - 600 * DAY, None]] for u in self.users}
        start = NOW - 1000 * DAY
        self.caps: dict[str, list[Cap]] = {
            "outreach_daily": [(start, 1, 24 * HOUR)],
            "outreach_weekly": [(start, 2, 168 * HOUR)],
        }
        self.seen: dict[UUID, str] = {}
        self.ended: dict[UUID, str] = {}
        self.visits = 5
        for user in self.users:
            self.db.execute(
                "insert into smartengage.predicted_booking values (%(u)s, %(s)s, %(n)s, 5, %(n)s, .6, .6, .6,"
                " %(n)s, %(n)s, %(n)s, %(n)s, %(n)s)",
                {"u": user, "s": self.home, "n": NOW},
            )
            self.db.execute(
                "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
                " values (%s, %s, 5, 'repeat', 1)",
                [user, NOW],
            )

    def teardown(self) -> None:
        self.db.rollback()

    def refused(self, action: Callable[[], Any]) -> psycopg.Error | None:
        """Tries something; what the database said against it. The example goes on either way."""
        try:
            with self.db.transaction():
                action()
        except psycopg.Error as refusal:
            return refusal
        return None

    # What may happen ------------------------------------------------------------------------------------------------

    @rule(span=st.sampled_from([MICRO, HOUR / 60, HOUR, 23 * HOUR, 24 * HOUR - MICRO, 24 * HOUR, 3 * DAY, 7 * DAY]))
    def time_passes(self, span: timedelta) -> None:
        self.now += span

    @rule(
        who=people,
        wait=st.sampled_from([0 * HOUR, HOUR, 30 * HOUR]),
        kind=st.sampled_from(["reminder", "announcement"]),
    )
    def somebody_plans_one(self, who: int, wait: timedelta, kind: str) -> None:
        message(
            self.db, self.users[who], due=self.now + wait, useful_until=self.now + wait + 9 * DAY, message_class=kind,
            kind=kind, service_id=self.home,
        )  # fmt: skip

    @rule()
    def the_planner_runs(self) -> None:
        self.visits += 1
        self.db.execute(
            "update smartengage.predicted_booking set visits = %s, expected_at = %s", [self.visits, self.now + 2 * DAY]
        )
        key = f"run {next(self.numbers)}"
        first = value(self.db, "select smartengage.plan_reminder_run(%s, %s, %s)", self.campaign, key, self.now)
        again = value(self.db, "select smartengage.plan_reminder_run(%s, %s, %s)", self.campaign, key, self.now)
        assert again == first | {"already": True}
        assert first["candidates"] == PEOPLE

    @rule(limit=st.sampled_from([1, 2, 100]), ago=st.sampled_from([0 * HOUR, MICRO, HOUR]))
    def a_worker_claims(self, limit: int, ago: timedelta) -> None:
        """Perhaps by a transaction that began a while ago."""
        answer = claim(self.db, self.now - ago, limit=limit)
        assert len(answer["messages"]) == answer["claimed"] <= limit

    @rule(who=people, ago=st.sampled_from([0 * HOUR, HOUR, 25 * HOUR]))
    def somebody_inserts_by_hand(self, who: int, ago: timedelta) -> None:
        """Into a message of their own, as psql allows; at an instant somewhat off, when no rule changed meanwhile."""
        if any(since > self.now - ago for versions in self.caps.values() for since, _, _ in versions):
            ago = 0 * HOUR
        by_hand = message(self.db, self.users[who], due=self.now, state="sent", service_id=self.home)
        refusal = self.refused(lambda: self.db.execute(BARE_DELIVERY, [self.now - ago, by_hand]))
        assert refusal is None or refusal.sqlstate in ("SH429", "23503", "23P01"), refusal
        if refusal:
            self.db.execute("delete from outreach.message where message_id = %s", [by_hand])

    def open_ones(self, states: tuple[str, ...]) -> list[dict[str, Any]]:
        return rows(
            self.db,
            "select message_id, attempt from outreach.message where state = any (%s) order by planned_at, message_id",
            list(states),
        )

    @rule(
        pick=st.integers(0, 9),
        outcome=st.sampled_from(["accepted", "accepted", "refused", "later", "unknown"]),
        off=st.integers(0, 1),
    )
    def an_adapter_tells(self, pick: int, outcome: str, off: int) -> None:
        if found := self.open_ones(("claimed", "in_doubt", "sent", "delivered")):
            one = found[pick % len(found)]
            record_outcome(self.db, one["message_id"], outcome, self.now, attempt=max(1, one["attempt"] - off))

    @rule(pick=st.integers(0, 9), kind=st.sampled_from(["delivered", "opened", "clicked", "bounced", "sent", "booked"]))
    def a_receipt_comes(self, pick: int, kind: str) -> None:
        if found := self.open_ones((*RANK, *ENDS)):
            record_event(self.db, found[pick % len(found)]["message_id"], kind, self.now)

    @rule(pick=st.integers(0, 9), again=st.booleans(), limit=st.booleans(), off=st.integers(0, 1))
    def a_provider_gives_back(self, pick: int, again: bool, limit: bool, off: int) -> None:
        """What it had taken, or only now takes, or took long ago and delivered."""
        if found := self.open_ones((*RANK, *ENDS)):
            one = found[pick % len(found)]
            detail = {"code": 131049, "again": again, "person_limit": limit}
            record_event(
                self.db, one["message_id"], "returned", self.now, attempt=max(1, one["attempt"] - off), detail=detail
            )

    @rule()
    def the_sweep_runs(self) -> None:
        value(self.db, "select outreach.sweep_stuck_messages(%s)", self.now)

    @rule(found=st.booleans())
    def a_look_up_settles(self, found: bool) -> None:
        doubts = [
            {"message_id": str(d["message_id"]), "attempt": d["attempt"], "adapter": "t", "found": found}
            for d in self.open_ones(("in_doubt",))
        ]
        value(self.db, "select outreach.settle_in_doubt(%s, %s)", Jsonb(doubts), self.now)

    @rule(who=people)
    def somebody_opts_out(self, who: int) -> None:
        user = self.users[who]
        if withdraw(self.db, user, self.now):
            # Where something went out at this instant, or after it, the end lies later: never before now.
            closed = value(
                self.db,
                "select max(upper(valid_at)) from account.consent where user_id = %s and not upper_inf(valid_at)",
                user,
            )
            assert closed >= self.now
            assert self.consented[user][-1][1] is None
            self.consented[user][-1][1] = closed

    @rule(who=people)
    def somebody_opts_in(self, who: int) -> None:
        user = self.users[who]
        if value(
            self.db, "select account.grant_consent(%s, 'email', 'outreach', %s, 'app', 'v1', 'self')", user, self.now
        ):
            begun = value(
                self.db, "select lower(valid_at) from account.consent where user_id = %s and upper_inf(valid_at)", user
            )
            assert self.consented[user][-1][1] is not None
            self.consented[user].append([begun, None])

    @rule(
        cap=st.sampled_from(["outreach_daily", "outreach_weekly"]),
        limit=st.sampled_from([0, 1, 2, 3, None]),
        hours=st.sampled_from([1, 24, 48, 168]),
    )
    def ops_change_a_cap(self, cap: str, limit: int | None, hours: int) -> None:
        self.now += MICRO
        if self.refused(lambda: set_cap(self.db, cap, limit, hours, self.now)) is None:
            self.caps[cap].append((self.now, limit, hours * HOUR))

    # What always holds ----------------------------------------------------------------------------------------------

    def sendings(self) -> list[dict[str, Any]]:
        return rows(self.db, "select message_id, attempt, user_id, sent_at, state from outreach.delivery")

    def cap_at(self, cap: str, moment: datetime) -> Cap:
        return max((v for v in self.caps[cap] if v[0] <= moment), key=lambda v: v[0])

    @invariant()
    def no_rolling_window_holds_more_than_it_may(self) -> None:
        of_user: dict[UUID, list[datetime]] = defaultdict(list)
        for sending in self.sendings():
            if sending["state"] != "released":
                of_user[sending["user_id"]].append(sending["sent_at"])
        for instants in of_user.values():
            for last in instants:
                for cap in self.caps:
                    _, limit, window = self.cap_at(cap, last)
                    held = sum(last - window < t <= last for t in instants)
                    assert limit is None or held <= limit, (cap, limit, window, sorted(instants))

    @invariant()
    def every_sending_lies_within_a_consent(self) -> None:
        for sending in self.sendings():
            assert any(
                begun <= sending["sent_at"] and (closed is None or sending["sent_at"] < closed)
                for begun, closed in self.consented[sending["user_id"]]
                if begun is not None
            ), sending

    @invariant()
    def slots_are_those_of_the_live_sendings(self) -> None:
        held = {
            (s["message_id"], s["attempt"]): s["n"]
            for s in rows(self.db, "select message_id, attempt, count(*) as n from outreach.cap_slot group by 1, 2")
        }
        for sending in self.sendings():
            limits = [self.cap_at(cap, sending["sent_at"])[1] for cap in self.caps]
            due = 0 if sending["state"] == "released" else sum(limit is not None for limit in limits)
            assert held.get((sending["message_id"], sending["attempt"]), 0) == due

    @invariant()
    def states_go_forward(self) -> None:
        for found in rows(self.db, "select message_id, state from outreach.message"):
            message_id, new = found["message_id"], found["state"]
            old = self.seen.get(message_id, new)
            if old in ENDS:
                assert new == old
            elif new not in ENDS and not (new == "scheduled" and old in ("claimed", "in_doubt", "sent")):
                assert RANK.index(new) >= RANK.index(old), (old, new)
            self.seen[message_id] = new

    @invariant()
    def every_run_adds_up(self) -> None:
        assert rows(self.db, "select * from smartengage.run_reconciliation where not identity_holds") == []

    @invariant()
    def an_occurrence_exists_once_and_is_out_once(self) -> None:
        assert (
            rows(
                self.db,
                "select message_id from outreach.delivery where state <> 'released' group by 1 having count(*) > 1",
            )
            == []
        )


def test_any_sequence_of_events_keeps_the_laws(connect: Callable[..., Connection[Any]]) -> None:
    Life.db = connect(autocommit=False)
    examples = int(os.environ.get("SHOKTI_TEST_EXAMPLES", "10"))
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=examples == 10,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
