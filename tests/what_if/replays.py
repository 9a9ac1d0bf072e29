"""What tests of what-if share: history, its replay under another policy, and weeks of a marketplace."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from tests.marketplace import campaign, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    message,
    reader,
    record_event,
    record_outcome,
    rows,
    set_cap,
    set_rule,
    value,
)

FROM, UNTIL = NOW - DAY, NOW + 60 * DAY
LIMITLESS = {"outreach_daily": {"max_messages": None}, "outreach_weekly": {"max_messages": None}}


def changes(
    db: Connection[Any], policy: dict[str, Any], since: datetime = FROM, until: datetime = UNTIL
) -> list[dict[str, Any]]:
    return rows(
        db,
        "select message_id, difference, before_at, after_at, reason, bookings"
        " from what_if.message_differences(%s, %s, what_if.tried_policy(%s, %s, %s, %s)) order by before_at, after_at",
        since,
        until,
        since,
        until,
        Jsonb(policy),
        until,
    )


def told(db: Connection[Any], policy: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The same without ids, in short."""
    return [(c["difference"], c["before_at"], c["after_at"], c["reason"]) for c in changes(db, policy)]


NOBODY, BEYOND = UUID(int=0), UUID(int=2**128 - 1)


def screened_as_all(db: Connection[Any], policy: dict[str, Any], since: datetime, until: datetime) -> int:
    """The pass for those whom the screen names gives what the pass for everybody gives; how many the screen spared."""
    given = {"since": since, "until": until, "policy": Jsonb(policy), "nobody": NOBODY, "beyond": BEYOND}
    tried = "what_if.tried_policy(%(since)s, %(until)s, %(policy)s, %(until)s)"
    replay = f"what_if.replay_history(%(since)s, %(until)s, {tried}, %(nobody)s, %(beyond)s, %(everybody)s)"
    with db.cursor(row_factory=tuple_row) as cursor:
        found = [
            cursor.execute(
                f"select message_id, sent_at, reason, before_at from {replay} order by 1".encode(), asked
            ).fetchall()
            for asked in (given | {"everybody": everybody} for everybody in (True, False))
        ]
        named = f"what_if.people_to_replay(%(nobody)s, %(beyond)s, 'outreach', %(long_before)s, %(since)s, %(until)s, {tried})"
        screened = cursor.execute(
            f"select (select count(distinct user_id) from outreach.delivery) - (select count(*) from {named})".encode(),
            given | {"long_before": since - 17 * DAY},
        ).fetchone()
    assert found[0] == found[1], policy
    assert screened is not None
    return int(screened[0])


def run_until_idle(db: Connection[Any], until: datetime = UNTIL) -> None:
    """A worker that is never late: claims at each instant at which something is due."""
    while (
        due := value(db, "select min(due_at) from outreach.message where state = 'scheduled'")
    ) is not None and due <= until:
        for claimed in claim(db, due)["messages"]:
            record_outcome(db, UUID(claimed["message_id"]), "accepted", due)


class Weeks:
    """Six weeks of six people and two services: planned daily, claimed late, answered in every way; caps change."""

    def __init__(self, db: Connection[Any], seed: int) -> None:
        self.db = db
        self.random = random.Random(seed)
        self.doubts = 0
        set_rule(db, "holdout.global_share", 0)
        self.users = [reader(db) for _ in range(6)]
        self.homes = [service(db, code=f"home-{n}") for n in range(2)]
        self.campaign = campaign(db, holdout_share=0.0, window_from="09:00", window_until="20:30")
        for user in self.users:
            db.execute(
                "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
                " values (%s, %s, 5, %s, 1)",
                [user, NOW, self.random.choice(["repeat", "at_risk", "new"])],
            )
            for home in self.homes:
                db.execute(
                    "insert into smartengage.predicted_booking values (%(u)s, %(s)s, %(n)s, 5, %(n)s, .1, .6, 1,"
                    " %(n)s, %(n)s, %(n)s, %(n)s, %(n)s)",
                    {"u": user, "s": home, "n": NOW},
                )

    def live(self) -> None:
        for day in range(42):
            morning = NOW + day * DAY - 3 * HOUR
            if day == 14:
                set_cap(self.db, "outreach_weekly", 1, 100, morning)
            if day == 28:
                set_cap(self.db, "outreach_daily", 2, 30, morning)
                set_cap(self.db, "outreach_weekly", 3, 168, morning)
            self.plan(day, morning)
            for hour in range(13):
                self.work(morning + (hour + 1) * HOUR + timedelta(microseconds=self.random.randrange(10**9)))
            value(self.db, "select outreach.sweep_stuck_messages(%s)", morning + 14 * HOUR)

    def plan(self, day: int, morning: datetime) -> None:
        # An expected booking every five days and one every four: more than the caps let through.
        self.db.execute(
            "update smartengage.predicted_booking f set visits = 5 + %(day)s / x.rhythm,"
            " p14 = 0.3 + 0.06 * ((%(day)s * 7) %% 10),"
            " expected_at = %(now)s::timestamptz + make_interval(hours => 24 * (2 - %(day)s %% x.rhythm) + %(off)s)"
            " from (values (%(a)s::uuid, 5), (%(b)s::uuid, 4)) as x (service_id, rhythm)"
            " where x.service_id = f.service_id",
            {"day": day, "now": morning, "off": self.random.randrange(12), "a": self.homes[0], "b": self.homes[1]},
        )
        value(self.db, "select smartengage.plan_reminder_run(%s, %s, %s)", self.campaign, f"day {day}", morning)
        if self.random.random() < 0.3:
            message(
                self.db, self.random.choice(self.users), due=morning + 5 * HOUR, message_class="urgent",
                kind="announcement", exempt_reason="flood",
            )  # fmt: skip
        if self.random.random() < 0.5:
            message(self.db, self.random.choice(self.users), due=morning + 6 * HOUR, message_class="announcement")

    def work(self, moment: datetime) -> None:
        for claimed in claim(self.db, moment)["messages"]:
            outcome = self.random.choices(["accepted", "later", "refused", "unknown"], [12, 2, 1, 2])[0]
            # Now and then the answer comes only after the next claims.
            answered = moment + self.random.choice([MICRO, MICRO, 2 * HOUR])
            record_outcome(self.db, UUID(claimed["message_id"]), outcome, answered, attempt=claimed["attempt"])
            self.doubts += outcome == "unknown"
            if outcome == "accepted" and self.random.random() < 0.1:
                record_event(self.db, UUID(claimed["message_id"]), "booked", answered + HOUR)
        if self.random.random() < 0.1:
            doubts = rows(self.db, "select message_id, attempt from outreach.delivery where state = 'in_doubt'")
            found = [
                {"message_id": str(d["message_id"]), "attempt": d["attempt"], "adapter": "t", "found": n % 2 == 0}
                for n, d in enumerate(doubts)
            ]
            value(self.db, "select outreach.settle_in_doubt(%s, %s)", Jsonb(found), moment)


def figures(db: Connection[Any], policy: dict[str, Any], since: datetime, until: datetime) -> dict[Any, dict[str, Any]]:
    return {
        line["segment"]: line
        for line in rows(db, "select * from what_if.comparison(%s, %s, %s, %s)", since, until, Jsonb(policy), until)
    }
