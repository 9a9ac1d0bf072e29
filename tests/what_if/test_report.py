"""What-if: the unchanged policy gives any history back; the screen misses nobody; the sums add up."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from psycopg import Connection
from psycopg.pq import TransactionStatus

from tests.outbox import (
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
    row,
    rows,
    sent,
    set_cap,
    value,
)
from tests.scenarios.test_properties import Life, people
from tests.what_if.replays import FROM, LIMITLESS, UNTIL, Weeks, changes, figures, run_until_idle, screened_as_all


class History(Life):
    """Any sequence of plans, claims, outcomes, receipts, withdrawals, changes of caps and rows by hand."""

    replays = 0

    @rule(
        late=st.sampled_from([0 * HOUR, MICRO, HOUR, 26 * HOUR]),
        outcomes=st.lists(
            st.sampled_from(["accepted", "accepted", "accepted", "later", "refused", "unknown"]), min_size=1, max_size=5
        ),
    )
    def a_worker_gets_to_what_is_due(self, late: timedelta, outcomes: list[str]) -> None:
        for outcome in outcomes:
            due = value(self.db, "select min(due_at) from outreach.message where state = 'scheduled'")
            if due is not None:
                self.now = max(self.now, due) + late
                for claimed in claim(self.db, self.now)["messages"]:
                    record_outcome(self.db, UUID(claimed["message_id"]), outcome, self.now, attempt=claimed["attempt"])

    @rule(kinds=st.lists(st.tuples(people, st.integers(0, 200)), min_size=1, max_size=6))
    def several_are_planned(self, kinds: list[tuple[int, int]]) -> None:
        for who, hours in kinds:
            self.somebody_plans_one(who, hours * HOUR, "reminder")

    @rule(pick=st.integers(0, 9), again=st.booleans())
    def a_provider_gives_back(self, pick: int, again: bool, limit: bool = False, off: int = 0) -> None:
        """Of what went by the ordinary way."""
        if found := [one for one in self.open_ones(("claimed", "in_doubt", "sent")) if one["attempt"] > 0]:
            one = found[pick % len(found)]
            detail = {"code": 131049, "again": again, "person_limit": False}
            record_event(self.db, one["message_id"], "returned", self.now, attempt=one["attempt"], detail=detail)

    # Rarer than there: who opted out makes no more history.
    @rule(who=people, really=st.integers(0, 5))
    def somebody_opts_out(self, who: int, really: int = 0) -> None:
        if not really:
            super().somebody_opts_out(who)

    # The laws themselves are tested where Life is; exempt messages would need laws of their own.
    def no_rolling_window_holds_more_than_it_may(self) -> None: ...
    def slots_are_those_of_the_live_sendings(self) -> None: ...
    def every_sending_lies_within_a_consent(self) -> None: ...
    def states_go_forward(self) -> None: ...
    def every_run_adds_up(self) -> None: ...
    def an_occurrence_exists_once_and_is_out_once(self) -> None: ...

    @rule(who=people, wait=st.sampled_from([HOUR, 30 * HOUR]))
    def somebody_plans_what_is_urgent(self, who: int, wait: timedelta) -> None:
        message(
            self.db, self.users[who], due=self.now + wait, useful_until=self.now + wait + DAY, message_class="urgent",
            kind="announcement", exempt_reason="flood", service_id=self.home,
        )  # fmt: skip

    def teardown(self) -> None:
        since, until = NOW - DAY, self.now + DAY
        if self.db.info.transaction_status == TransactionStatus.INERROR:
            super().teardown()
            return
        try:
            assert changes(self.db, {}, since, until) == []
            for policy in (
                {},
                LIMITLESS,
                {"outreach_weekly": {"max_messages": 1}},
                {"outreach_daily": {"window_hours": 40}},
            ):
                screened_as_all(self.db, policy, since, until)
            # Not because nothing is seen: without sendings allowed, all that went by the ordinary way is gone.
            of_the_policy = {
                d["message_id"]
                for d in rows(
                    self.db,
                    "select message_id from outreach.delivery"
                    " where state <> 'released' and obeys_caps and sent_at >= %s",
                    since,
                )
            }
            silent = changes(self.db, {"outreach_daily": {"max_messages": 0}}, since, until)
            assert {c["message_id"] for c in silent if c["difference"] == "no_longer"} == of_the_policy
            type(self).replays += len(of_the_policy)
        finally:
            super().teardown()


def test_the_unchanged_policy_reproduces_any_history(connect: Callable[..., Connection[Any]]) -> None:
    History.db = connect(autocommit=False)
    examples = int(os.environ.get("SHOKTI_TEST_EXAMPLES", "10"))
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=examples == 10,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
    # Hypothesis leaves out rules at random, so many examples send nothing; the weeks below send much.
    assert History.replays > 0


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_weeks_of_a_marketplace_are_reproduced_exactly(db: Connection[Any], seed: int) -> None:
    weeks = Weeks(db, seed)
    weeks.live()
    since, until = NOW - DAY, NOW + 43 * DAY
    # Everything that could go wrong was there.
    met = row(
        db,
        "select (select count(*) from outreach.delivery where state <> 'released') as sent,"
        " (select count(*) from outreach.delivery where state = 'released') as released,"
        " (select count(*) from outreach.claim_denial where reason = 'capped' and verdict = 'defer') as waited,"
        " (select count(*) from outreach.claim_denial where reason = 'capped' and verdict = 'refuse') as refused,"
        " (select count(*) from smartengage.candidate where reason = 'capped') as capped_at_planning",
    )
    assert met["sent"] > 60
    assert all(met.values()), met
    assert weeks.doubts > 0
    assert changes(db, {}, since, until) == []
    # The sums are those of the views that analysts know.
    everything = figures(db, {}, since, until)
    total = everything.pop(None)
    assert total["sent"] == total["unchanged"] == total["would_be_sent"] == met["sent"]
    assert total["no_longer"] == {}
    assert total["newly"] == total["later"] == total["earlier"] == 0
    assert sum(line["sent"] for line in everything.values()) == total["sent"]
    seen = rows(db, "select segment, sum(sent) as n from analytics.engagement group by 1")
    assert {s["segment"]: s["n"] for s in seen} == {s: e["sent"] for s, e in everything.items() if s != "none"}
    refused = rows(db, "select reason, sum(refusals) as n from analytics.refusal where gate = 'plan' group by 1")
    for one in refused:
        assert total["refused"][one["reason"]] >= one["n"]
    # A value that was in force changes nothing, another one does.
    assert changes(db, {"outreach_weekly": {"max_messages": 2}}, since, NOW + 13 * DAY) == []
    assert changes(db, {"outreach_weekly": {"max_messages": 2}}, since, until) != []


def test_the_screen_judges_sendings_alone_by_number_and_window(db: Connection[Any]) -> None:
    """Of people who were never refused anything, only the distances between their messages tell."""
    no_quiet_periods(db)
    set_cap(db, "outreach_daily", None, 24, since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", None, 168, since=NOW - 9 * DAY)
    draw = random.Random(1)
    for n in range(16):
        user, due = reader(db), NOW + n * MICRO
        for _ in range(2 + n % 5):
            message(db, user, due=due)
            due += draw.choice([1, 5, 24, 25, 49, 100, 168, 169]) * HOUR
    run_until_idle(db)
    spared = [
        screened_as_all(db, {"outreach_daily": {"max_messages": limit, "window_hours": hours}}, FROM, UNTIL)
        for limit in range(6)
        for hours in (1, 5, 24, 25, 100, 168, 400)
    ]
    assert min(spared) == 0
    assert max(spared) == 16
    assert len(set(spared)) > 5


def test_the_screen_misses_nobody_and_spares_whom_it_can(db: Connection[Any]) -> None:
    Weeks(db, 5).live()
    since, until = NOW - DAY, NOW + 43 * DAY
    night = value(db, "select quiet_period_id::text from policy.quiet_period where name = 'night'")
    policies: list[dict[str, Any]] = [
        {},
        LIMITLESS,
        *({"outreach_daily": {"max_messages": n, "window_hours": h}} for n in (0, 1, 2) for h in (12, 24, 25, 49)),
        *(
            {"outreach_weekly": {"max_messages": n, "window_hours": h}}
            for n in (1, 2, 3, 4, 5)
            for h in (100, 168, 400)
        ),
        {"instead_of": night},
        {"instead_of": night, "quiet_period": {"from_time": "19:00"}},
        {"instead_of": night, "quiet_period": {"until_time": "07:00"}},
        {"quiet_period": {"from_time": "13:00", "until_time": "15:00", "weekday": 3}},
        {
            "quiet_period": {"since": NOW.isoformat(), "until": (NOW + 3 * DAY).isoformat()},
            "outreach_daily": {"max_messages": 2},
        },
    ]
    # From the middle on, too: what went before lies in the windows still.
    for begin in (since, since + 20 * DAY):
        for policy in policies:
            screened_as_all(db, policy, begin, until)
    no_quiet_periods(db)
    calm = reader(db)
    for week in range(4):
        sent(db, calm, NOW + (60 + 8 * week) * DAY)
    assert screened_as_all(db, {}, NOW + 60 * DAY, NOW + 90 * DAY) == value(
        db, "select count(distinct user_id) from outreach.delivery"
    )


def test_several_processes_work_on_it(db: Connection[Any]) -> None:
    asked = "select parallel_workers_to_launch from pg_stat_database where datname = current_database()"
    value(db, "select pg_stat_force_next_flush()::text")
    before = value(db, asked)
    value(db, "select what_if.comparison_document(%s, %s, '{}', %s)::text", FROM, UNTIL, UNTIL)
    value(db, "select pg_stat_force_next_flush()::text")
    assert value(db, asked) > before


def test_sums_of_another_policy(db: Connection[Any]) -> None:
    Weeks(db, 4).live()
    since, until = NOW - DAY, NOW + 43 * DAY
    before = figures(db, {}, since, until)
    after = figures(db, {"outreach_weekly": {"max_messages": 1, "window_hours": 168}}, since, until)
    assert set(after) == set(before)
    for segment, line in after.items():
        lost = sum(line["no_longer"].values())
        assert line["sent"] == before[segment]["sent"] == line["unchanged"] + line["later"] + line["earlier"] + lost
        assert line["would_be_sent"] == line["sent"] - lost + line["newly"]
        assert line["bookings_at_risk"] <= line["bookings"]
    assert after[None]["no_longer"]["outreach_weekly"] > 0
    loose = figures(db, LIMITLESS, since, until)
    assert loose[None]["newly"] > 0
    assert loose[None]["no_longer"] == {} or set(loose[None]["no_longer"]) <= {"quiet"}
