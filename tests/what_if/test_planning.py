"""What-if against the product itself: another policy gives what the product does under it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from tests.marketplace import campaign, service
from tests.outbox import DAY, HOUR, MICRO, NOW, message, no_quiet_periods, reader, rows, set_cap, set_rule, value
from tests.what_if.replays import FROM, UNTIL, changes, run_until_idle, screened_as_all

Due = tuple[int, int, int]
Cap = tuple[int | None, int]

dues = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 14 * 24), st.sampled_from([0, 1, 5, 24, 30, 72, 168])),
    min_size=1,
    max_size=12,
)
#: Quiet periods as tried: nightly, on Sundays, for some days; local times of Dhaka.
quiets: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.tuples(st.integers(0, 23), st.integers(1, 14), st.sampled_from([None, 1, 4])).map(
        lambda t: (
            {"from_time": f"{t[0]:02}:00", "until_time": f"{(t[0] + t[1]) % 24:02}:00"}
            | ({} if t[2] is None else {"weekday": t[2]})
        )
    ),
    st.tuples(st.integers(0, 10), st.integers(1, 5)).map(
        lambda t: {"since": (NOW + t[0] * DAY).isoformat(), "until": (NOW + (t[0] + t[1]) * DAY).isoformat()}
    ),
)
caps = st.tuples(st.sampled_from([0, 1, 1, 2, 3, None]), st.sampled_from([1, 5, 24, 48, 100, 168]))


class Policy(NamedTuple):
    """What the messages of one life are decided by."""

    daily: Cap
    weekly: Cap
    quiet: dict[str, Any]
    useful_for: int


policies = st.builds(Policy, caps, caps, quiets, st.sampled_from([0, 1, 2, 2, 3, 9]))


def lived(
    db: Connection[Any], users: list[UUID], planned: list[tuple[int, datetime, datetime]], policy: Policy
) -> tuple[dict[int, datetime], dict[UUID, int], str | None]:
    """What the product does with these messages: when each one goes; which is which; the id of the quiet period."""
    set_cap(db, "outreach_daily", *policy.daily, since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", *policy.weekly, since=NOW - 9 * DAY)
    set_rule(db, "reminder.useful_for", policy.useful_for, since=NOW - 9 * DAY)
    period = None
    if quiet := policy.quiet:
        period = value(
            db,
            "insert into policy.quiet_period (name, isodow, from_time, until_time, during, created_at, author, reason)"
            " values ('tried', %s, %s, %s, tstzrange(%s, %s), %s, 'test', 'tried') returning quiet_period_id::text",
            *(quiet.get(field) for field in ("weekday", "from_time", "until_time", "since", "until")),
            NOW - 9 * DAY,
        )
    ids = {}
    for n, (who, due, expected_at) in enumerate(planned):
        # Planning plans nothing that would be due too late.
        if (useful_until := expected_at + policy.useful_for * DAY) >= due:
            one = message(
                db, users[who], due=due, planned_at=NOW - DAY, expected_at=expected_at, useful_until=useful_until
            )
            ids[one] = n
    run_until_idle(db)
    found = rows(db, "select message_id, sent_at from outreach.delivery")
    return {ids[d["message_id"]]: d["sent_at"] for d in found}, ids, period


def replays_as_lived(db: Connection[Any], dues: list[Due], history: Policy, other: Policy) -> None:
    no_quiet_periods(db)
    # The place in the spread is drawn by the id of a message, which is another one in each of the two lives.
    set_rule(db, "quiet.spread", 0)
    users = [reader(db), reader(db)]
    # A microsecond apart each, or who goes first of two would be a matter of chance.
    due = [(who, NOW + hour * HOUR + n * MICRO, useful * HOUR) for n, (who, hour, useful) in enumerate(dues)]
    planned = [(who, at, at + useful - history.useful_for * DAY) for who, at, useful in due]
    # What is tried in the place of another keeps what is not given of that.
    tried = history.quiet | other.quiet if other.quiet else {}
    with db.transaction(force_rollback=True):
        expected, _, _ = lived(db, users, planned, other._replace(quiet=tried))
    was, ids, period = lived(db, users, planned, history)
    assert changes(db, {}) == []
    screened_as_all(db, {}, FROM, UNTIL)
    policy: dict[str, Any] = {
        "outreach_daily": {"max_messages": other.daily[0], "window_hours": other.daily[1]},
        "outreach_weekly": {"max_messages": other.weekly[0], "window_hours": other.weekly[1]},
    }
    if other.useful_for != history.useful_for:
        policy["reminder.useful_for"] = other.useful_for
    if period:
        policy["instead_of"] = period
    if other.quiet:
        policy["quiet_period"] = other.quiet
    screened_as_all(db, policy, FROM, UNTIL)
    would_be = dict(was)
    for change in changes(db, policy):
        number = ids[change["message_id"]]
        assert change["before_at"] == was.get(number)
        if change["change"] == "no_longer":
            del would_be[number]
        else:
            would_be[number] = change["after_at"]
    assert would_be == expected


def test_another_policy_gives_what_the_product_does_under_it(connect: Callable[..., Connection[Any]]) -> None:
    """The oracle is the product: the same messages lived through under either policy, and one replayed as the other."""
    db = connect(autocommit=False)

    @settings(
        max_examples=int(os.environ.get("SHOKTI_TEST_EXAMPLES", "40")),
        deadline=None,
        derandomize="SHOKTI_TEST_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(planned=dues, history=policies, other=policies)
    def agrees(planned: list[Due], history: Policy, other: Policy) -> None:
        with db.transaction(force_rollback=True):
            replays_as_lived(db, planned, history, other)

    agrees()


# Rules of planning ----------------------------------------------------------------------------------------------------


class Planning(NamedTuple):
    """The rules by which planning chooses."""

    lead: int
    useful_for: int
    min_p14: float
    min_visits: int
    weekly: Cap


RULES = [name for name in Planning._fields if name != "weekly"]


class Course(NamedTuple):
    """What a customer does: each visit so many days after the one before, and how far off the expectation was."""

    gaps: list[tuple[int, int]]
    likely: list[float]


DAYS = 18
WEEKLY: list[Cap] = [(None, 168), (1, 168), (1, 240), (2, 168)]


def drawn(draw: random.Random) -> tuple[list[Course], Planning, Planning]:
    """Six customers, the rules by which they were planned for, and others of which history can tell."""
    courses = [
        Course(
            [(draw.randint(3, 12), draw.randint(-3, 4)) for _ in range(5)],
            [draw.choice([0.2, 0.2, 0.2, 0.3, 0.5, 0.7]) for _ in range(draw.randint(1, 9))],
        )
        for _ in range(6)
    ]
    history = Planning(
        draw.choice([1, 2, 3, 5]), draw.choice([0, 1, 2, 4]), draw.choice([0.25, 0.4]), 2, draw.choice(WEEKLY)
    )
    other = Planning(
        draw.choice([*range(history.lead + 1), history.lead, history.lead]),
        draw.choice([0, 1, 2, 4, history.useful_for]),
        draw.choice([history.min_p14, 0.45, 0.6]),
        draw.choice([2, 2, 7]),
        draw.choice([*WEEKLY, history.weekly, history.weekly]),
    )
    return courses, history, other


def planned_daily(
    db: Connection[Any], users: list[UUID], home: UUID, courses: list[Course], rules: Planning
) -> dict[tuple[UUID, str], dict[str, Any]]:
    """What the product does for these customers, planning each morning: the message of each occurrence that went."""
    for name in RULES:
        set_rule(db, f"reminder.{name}", getattr(rules, name), since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", *rules.weekly, since=NOW - 9 * DAY)
    mine = campaign(db, holdout_share=0.0)
    for day in range(DAYS):
        morning = NOW + day * DAY - 3 * HOUR
        for user, course in zip(users, courses, strict=True):
            visit, expected, visits = 0, 2, 5
            for gap, off in course.gaps:
                visit += gap
                if visit > day:
                    break
                visits += 1
                expected = visit + gap + off
            db.execute(
                "update smartengage.predicted_booking set visits = %s, p14 = %s, expected_at = %s where user_id = %s",
                [visits, course.likely[day % len(course.likely)], NOW + expected * DAY + HOUR, user],
            )
        run_until_idle(db, morning)
        value(db, "select smartengage.plan_reminder_run(%s, %s, %s)", mine, f"day {day}", morning)
    run_until_idle(db)
    found = rows(
        db,
        "select m.user_id, m.occurrence, d.sent_at, m.planned_at, m.expected_at"
        " from outreach.delivery d join outreach.message m using (message_id)",
    )
    return {(d["user_id"], d["occurrence"]): d for d in found}


def plans_as_lived(db: Connection[Any], courses: list[Course], history: Planning, other: Planning) -> set[str]:
    """The kinds of changes that were met."""
    no_quiet_periods(db)
    set_rule(db, "holdout.global_share", 0)
    users = [reader(db) for _ in courses]
    home = service(db, code="home")
    for user in users:
        db.execute(
            "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
            " values (%s, %s, 5, 'repeat', 1)",
            [user, NOW],
        )
        db.execute(
            "insert into smartengage.predicted_booking values (%(u)s, %(s)s, %(n)s, 5, %(n)s, .1, .6, 1, %(n)s, %(n)s, %(n)s,"
            " %(n)s, %(n)s)",
            {"u": user, "s": home, "n": NOW},
        )
    with db.transaction(force_rollback=True):
        expected = planned_daily(db, users, home, courses, other)
    was = planned_daily(db, users, home, courses, history)
    since, until = NOW - DAY, NOW + (DAYS + 9) * DAY
    assert changes(db, {}, since, until) == []
    policy: dict[str, Any] = {
        f"reminder.{name}": getattr(other, name) for name in RULES if getattr(other, name) != getattr(history, name)
    }
    if other.weekly != history.weekly:
        policy["outreach_weekly"] = {"max_messages": other.weekly[0], "window_hours": other.weekly[1]}
    screened_as_all(db, policy, since, until)
    named = {
        c["id"]: (c["user_id"], c["occurrence"])
        for c in rows(
            db,
            "select distinct c.user_id, c.occurrence,"
            " what_if.replayed_message_id(r.campaign_id, c.user_id, c.occurrence) as id"
            " from smartengage.candidate c join smartengage.run r using (run_id)",
        )
    }
    would_be = {occurrence: one["sent_at"] for occurrence, one in was.items()}
    found = changes(db, policy, since, until)
    for change in found:
        occurrence = named[change["message_id"]]
        if change["change"] == "no_longer":
            del would_be[occurrence]
        else:
            would_be[occurrence] = change["after_at"]
    # Once it was too late for a customer nothing is recorded: whom other rules plan for then, they tell too little of.
    beyond = {
        user
        for (user, _), one in expected.items()
        if one["planned_at"] >= one["expected_at"] + history.useful_for * DAY
    }
    assert {occurrence: at for occurrence, at in would_be.items() if occurrence[0] not in beyond} == {
        occurrence: one["sent_at"] for occurrence, one in expected.items() if occurrence[0] not in beyond
    }
    return {change["reason"] or change["change"] for change in found}


def test_other_rules_of_planning_give_what_the_product_plans_by_them(connect: Callable[..., Connection[Any]]) -> None:
    """The same customers planned for day by day under either set of rules, and one replayed as the other."""
    db = connect(autocommit=False)
    met: set[str] = set()
    for seed in range(int(os.environ.get("SHOKTI_TEST_EXAMPLES", "20"))):
        with db.transaction(force_rollback=True):
            met |= plans_as_lived(db, *drawn(random.Random(seed)))
    assert met >= {"later", "reminder.lead", "reminder.useful_for", "reminder.min_p14", "reminder.min_visits"}
