"""Caps: bounds, which changes loosen, and that a purpose keeps one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    rows,
    run_concurrently,
    set_cap,
    value,
    wait_until_blocked,
)
from tests.policy.changes import approve, cap, change, in_force, limits
from tests.sessions import refused

Connect = Callable[..., Connection[Any]]


@pytest.mark.parametrize(
    ("cap", "limit", "hours", "complaint"),
    [
        ("no_such", 1, 24, "SH404"),
        ("outreach_daily", -1, 24, "23514"),
        ("outreach_daily", 1, 0, "23514"),
        ("outreach_daily", 1, 8785, "23514"),
        ("outreach_daily", 0, 1, None),
        ("outreach_daily", None, 8784, None),
    ],
)
def test_a_cap_is_checked_against_its_bounds(
    db: Connection[Any], cap: str, limit: int | None, hours: int, complaint: str | None
) -> None:
    if complaint is None:
        assert set_cap(db, cap, limit, hours, NOW) == 2
        old, new = rows(db, "select * from policy.cap where cap = %s order by version", cap)
        assert (old["purpose"], old["channel"]) == (new["purpose"], new["channel"])
        assert (old["valid_at"].upper, new["valid_at"].lower, new["valid_at"].upper) == (NOW, NOW, None)
        assert (new["max_messages"], new["window_hours"]) == (limit, hours)
        with pytest.raises(psycopg.Error) as refusal:
            set_cap(db, cap, 1, 24, NOW)
        assert refusal.value.sqlstate == "SH409"
        return
    with pytest.raises(psycopg.Error) as refusal:
        set_cap(db, cap, limit, hours, NOW)
    assert refusal.value.sqlstate == complaint


def test_concurrent_changes_of_a_cap_make_two_versions(db: Connection[Any], connect: Connect) -> None:
    one, two = connect(autocommit=False), connect()
    change = "select policy.change_cap('outreach_daily', %s, 24, 'tester', 'a test', %s)"
    value(one, change, 2, NOW)
    with run_concurrently(lambda: value(two, change, 3, NOW + MICRO)) as second:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert second == [3]


@pytest.mark.parametrize(
    ("old", "new", "loosens"),
    [
        ((2, 168), (1, 168), False),
        ((2, 168), (2, 168), False),
        ((2, 168), (3, 168), True),
        ((2, 168), (2, 169), False),
        ((2, 168), (2, 167), True),
        # More messages in a longer window, or fewer in a shorter one: looser on some days.
        ((2, 168), (3, 336), True),
        ((2, 168), (1, 24), True),
        ((2, 168), (None, 168), True),
        ((2, 168), (None, 8784), True),
        ((2, 168), (0, 1), False),
        ((0, 168), (0, 1), False),
        ((0, 168), (1, 8784), True),
        ((0, 168), (None, 168), True),
        ((None, 168), (None, 1), False),
        ((None, 168), (1000, 1), False),
        ((None, 168), (0, 1), False),
    ],
)
def test_cap_loosens_with_more_messages_or_a_shorter_window(
    db: Connection[Any], old: Any, new: Any, loosens: bool
) -> None:
    assert value(db, "select policy.cap_loosens(%s::int, %s, %s::int, %s)", *old, *new) is loosens
    db.execute("select policy.change_cap('outreach_weekly', %s, %s, 'tester', 'a test', %s)", [*old, NOW - DAY])
    proposal_id = change(db, "outreach_weekly", cap(*new))
    assert (proposal_id is not None) is loosens
    assert limits(db, "outreach_weekly") == (old if loosens else new)


def allowed(instants: tuple[int, ...], most: int, hours: int) -> bool:
    return all(sum(last - hours < earlier <= last for earlier in instants) <= most for last in instants)


def test_cap_loosens_whenever_the_new_cap_allows_more(db: Connection[Any]) -> None:
    """Compares with a brute-force check: every pattern of up to two messages an hour over five hours."""
    patterns = [tuple(hour for hour in range(5) for _ in range(number // 3**hour % 3)) for number in range(3**5)]
    caps = [(most, hours) for most in range(3) for hours in (1, 2, 3)]
    through = {one: {pattern for pattern in patterns if allowed(pattern, *one)} for one in caps}
    for old in caps:
        for new in caps:
            said = value(db, "select policy.cap_loosens(%s, %s, %s, %s)", *old, *new)
            assert said >= bool(through[new] - through[old]), (old, new)


def test_an_additional_cap_tightens_and_the_first_of_a_purpose_loosens(db: Connection[Any]) -> None:
    assert change(db, "outreach_sms", cap(1, 720, purpose="outreach", channel="sms")) is None
    assert limits(db, "outreach_sms") == (1, 720)
    # Voice has no cap, so nothing may be sent for it: the first cap enables sending.
    proposal_id = change(db, "voice_weekly", cap(1, 168, purpose="voice"))
    assert proposal_id is not None
    assert limits(db, "voice_weekly") is None
    assert approve(db, "voice_weekly", proposal_id) == 1
    assert in_force(db, "voice_weekly") == cap(1, 168, purpose="voice", channel=None)
    # Voice now has a cap over all channels, so one for SMS tightens.
    assert change(db, "voice_sms", cap(1, 24, purpose="voice", channel="sms")) is None


def test_ending_a_cap_takes_two_admins_and_the_last_cap_cannot_end(db: Connection[Any]) -> None:
    proposal_id = change(db, "outreach_daily", None)
    assert limits(db, "outreach_daily") == (1, 24)
    approve(db, "outreach_daily", proposal_id)
    assert limits(db, "outreach_daily") is None
    assert limits(db, "outreach_daily", NOW - MICRO) == (1, 24)
    # No cap does not mean no limit: a purpose without a cap sends nothing.
    with refused("SH422", column="value"):
        change(db, "outreach_weekly", None)
    # Setting it again tightens, as another cap is in force.
    assert change(db, "outreach_daily", cap(1, 24), at=NOW + HOUR) is None
    assert limits(db, "outreach_daily", NOW + HOUR) == (1, 24)


def test_two_pending_ends_leave_one_cap(db: Connection[Any]) -> None:
    daily, weekly = change(db, "outreach_daily", None), change(db, "outreach_weekly", None)
    approve(db, "outreach_daily", daily)
    with refused("SH422", column="value"):
        approve(db, "outreach_weekly", weekly)
    assert limits(db, "outreach_weekly") == (2, 168)
