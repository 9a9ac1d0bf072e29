"""What-if against the product itself: another policy gives what the product does under it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg import Connection

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


policies = st.builds(Policy, caps, caps, quiets)


def lived(
    db: Connection[Any], users: list[UUID], planned: list[tuple[int, datetime, datetime]], policy: Policy
) -> tuple[dict[int, datetime], dict[UUID, int], str | None]:
    """What the product does with these messages: when each one goes; which is which; the id of the quiet period."""
    set_cap(db, "outreach_daily", *policy.daily, since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", *policy.weekly, since=NOW - 9 * DAY)
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
    for n, (who, due, useful_until) in enumerate(planned):
        ids[message(db, users[who], due=due, planned_at=NOW - DAY, useful_until=useful_until)] = n
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
    planned = [(who, at, at + useful) for who, at, useful in due]
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
    if period:
        policy["instead_of"] = period
    if other.quiet:
        policy["quiet_period"] = other.quiet
    screened_as_all(db, policy, FROM, UNTIL)
    would_be = dict(was)
    for change in changes(db, policy):
        number = ids[change["message_id"]]
        assert change["before_at"] == was.get(number)
        if change["difference"] == "no_longer":
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
