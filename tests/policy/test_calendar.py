"""Quiet periods: bounds, and history that can be read for any instant and cannot be rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import at
from tests.outbox import DAY, HOUR, MICRO, NOW, row, rows, value
from tests.sessions import refused

ONE, TWO = str(uuid4()), str(uuid4())


def add(db: Connection[Any], since: Any, until: Any, *, moment: Any = NOW, **more: Any) -> UUID:
    given = {"name": "strike", "purpose": None, "isodow": None, "from_time": None, "until_time": None} | more
    made: UUID = value(
        db,
        "select policy.add_quiet_period(%s, %s, %s, %s, %s, %s, %s, %s, 'a test', %s)",
        *given.values(), since, until, ONE, moment,
    )  # fmt: skip
    return made


def end(db: Connection[Any], period: UUID, moment: Any, *, by: str = ONE) -> str:
    ended: str = value(db, "select policy.end_quiet_period(%s, %s, 'a test', %s)", period, by, moment)
    return ended


def is_quiet(db: Connection[Any], moment: datetime) -> bool:
    found: bool = value(
        db,
        "select outreach.merged_quiet_windows(%s, %s, 'Asia/Dhaka', 'outreach', null, null, null, null) @> %s",
        moment, moment + HOUR, moment,
    )  # fmt: skip
    return found


def test_an_ended_period_still_applies_to_the_time_before_its_end(db: Connection[Any], clock: Clock) -> None:
    period = add(db, None, NOW + 3 * DAY)
    clock.set(NOW + DAY)
    assert end(db, period, NOW + DAY) == "ended"
    quiet = {moment: is_quiet(db, moment) for moment in (NOW - MICRO, NOW, NOW + DAY - MICRO, NOW + DAY, NOW + 2 * DAY)}
    assert list(quiet.values()) == [False, True, True, False, False]


def test_ending_an_unbounded_period_takes_two_admins(db: Connection[Any], clock: Clock) -> None:
    night: UUID = value(db, "select quiet_period_id from policy.quiet_period where name = 'night'")
    late = at("2026-11-24T03:00:00")
    assert [end(db, night, NOW), end(db, night, NOW + HOUR)] == ["proposed", "proposed"]
    assert is_quiet(db, late)
    # The proposal has expired, so the call of the second admin is a new proposal.
    assert end(db, night, NOW + 7 * DAY, by=TWO) == "proposed"
    assert end(db, night, NOW + 8 * DAY, by=ONE) == "ended"
    assert is_quiet(db, late)
    assert not is_quiet(db, late + 30 * DAY)
    found = rows(db, "select author, state, decided_by from policy.proposal order by proposed_at")
    assert [(p["author"], p["state"], p["decided_by"]) for p in found] == [
        (ONE, "expired", None), (TWO, "approved", ONE),
    ]  # fmt: skip


def test_the_owner_may_end_an_unbounded_period_and_is_audited(db: Connection[Any], clock: Clock) -> None:
    night: UUID = value(db, "select quiet_period_id from policy.quiet_period where name = 'night'")
    assert end(db, night, NOW, by="owner") == "ended"
    logged = row(
        db, "select actor, detail from policy.audit where subject = 'policy.quiet_period' and action = 'update'"
    )
    assert (logged["actor"], logged["detail"]["new"]["end_reason"]) == ("owner", "a test")


@pytest.mark.parametrize(
    "tampering",
    [
        "delete from policy.quiet_period",
        "truncate policy.quiet_period",
        "update policy.quiet_period set until_time = '09:00'",
        "update policy.quiet_period set name = 'day'",
        "update policy.quiet_period set during = 'empty' where name = 'night'",
        "update policy.quiet_period set during = tstzrange('2026-01-01', null) where name = 'night'",
        "update policy.quiet_period set during = tstzrange(lower(during), null) where name = 'strike'",
        "update policy.quiet_period set during = tstzrange(lower(during), '2027-01-01') where name = 'strike'",
        "update policy.quiet_period set during = tstzrange(lower(during), '2026-11-24 09:59+06') where name = 'strike'",
        "delete from smartengage.segment_definition",
        "truncate smartengage.segment_definition",
        "update smartengage.segment_definition set silent_for_days = 90 where position = 30",
        "update smartengage.segment_definition set valid_at = 'empty'",
    ],
)
def test_history_is_not_rewritten(db: Connection[Any], clock: Clock, tampering: str) -> None:
    add(db, None, NOW + 9 * DAY)
    clock.advance(days=1)
    with pytest.raises(psycopg.Error) as refusal:
        db.execute(tampering)
    assert refusal.value.sqlstate == "SH409"


@pytest.mark.parametrize(
    ("since", "until", "times", "field"),
    [
        (None, NOW + 14 * DAY, (None, None), None),
        (None, NOW + 14 * DAY + MICRO, (None, None), "until"),
        (None, NOW + 366 * DAY, (None, None), "until"),
        (NOW, NOW + HOUR, (None, None), None),
        (NOW - MICRO, NOW + HOUR, (None, None), "since"),
        (NOW, NOW, (None, None), "until"),
        (NOW, None, (None, None), "until"),
        (NOW, None, ("04:00", "20:00"), None),
        (NOW, None, ("04:00", "20:01"), "until"),
        (NOW, None, ("20:00", "12:00"), None),
        (NOW, None, ("20:00", "12:01"), "until"),
        # Daily times longer than quiet.longest_daily are bounded by quiet.longest, as whole days are.
        (NOW, NOW + 14 * DAY, ("00:01", "00:00"), None),
        (NOW, NOW + 15 * DAY, ("00:01", "00:00"), "until"),
        (NOW, None, ("09:00", "09:00"), "until_time"),
        (NOW, None, ("09:00", None), "until_time"),
    ],
)
def test_a_quiet_period_is_checked_against_its_bounds(
    db: Connection[Any], since: Any, until: Any, times: tuple[str | None, str | None], field: str | None
) -> None:
    if field is None:
        add(db, since, until, from_time=times[0], until_time=times[1])
        return
    with refused("SH422", column=field):
        add(db, since, until, from_time=times[0], until_time=times[1])


def test_the_longest_quiet_period_is_a_rule(db: Connection[Any]) -> None:
    db.execute("select policy.change_rule('quiet.longest', '30', 'tester', 'a flood', %s)", [NOW])
    add(db, None, NOW + 30 * DAY)
