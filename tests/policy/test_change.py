"""Changes of rules and caps: which ones loosen, which are invalid, and what they replace."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.outbox import DAY, MICRO, NOW, rows, value
from tests.policy.changes import ONE, TWO, approve, cap, change, in_force, limits
from tests.sessions import refused


@pytest.mark.parametrize(
    ("rule", "wish", "loosens"),
    [
        ("bounce.soft_limit", 6, True),
        ("bounce.soft_limit", 5, False),
        ("bounce.soft_limit", 4, False),
        ("link.stop_for", 1825, True),
        ("link.stop_for", 1827, False),
        ("text.min_bengali_share", 0.79, True),
        ("text.min_bengali_share", 0.81, False),
        ("reminder.lead", 30, False),
        ("reminder.lead", 0, False),
        ("default_zone", "Europe/London", False),
    ],
)
def test_rule_loosens_in_its_direction(db: Connection[Any], rule: str, wish: Any, loosens: bool) -> None:
    before = in_force(db, rule)
    assert (change(db, rule, wish) is not None) is loosens
    assert in_force(db, rule) == (before if loosens else wish)


@pytest.mark.parametrize(
    ("rule", "wish", "field"),
    [
        ("outreach_daily", cap(-1), "value.max_messages"),
        ("outreach_daily", cap(1.5), "value.max_messages"),  # type: ignore[arg-type]
        ("outreach_daily", cap("1"), "value.max_messages"),  # type: ignore[arg-type]
        ("outreach_daily", {"window_hours": 24}, "value.max_messages"),
        ("outreach_daily", cap(1, 0), "value.window_hours"),
        ("outreach_daily", cap(1, 8785), "value.window_hours"),
        ("outreach_daily", cap(1, -24), "value.window_hours"),
        ("outreach_daily", {"max_messages": 1}, "value.window_hours"),
        ("outreach_daily", cap(1, purpose="coaching"), "value.purpose"),
        ("outreach_daily", cap(1, channel="sms"), "value.channel"),
        ("outreach_daily", cap(1, hours_="x"), "value"),
        ("outreach_daily", 1, "value"),
        ("new_cap", cap(1, purpose="transactional"), "value.purpose"),
        ("new_cap", cap(1, purpose="outreach", channel="fax"), "value.channel"),
        ("New Cap", cap(1, purpose="outreach"), "rule"),
        ("new_cap", cap(1), "rule"),
        ("no.such.rule", 1, "rule"),
        ("no.such.rule", None, "rule"),
        ("reminder.lead", None, "value"),
        ("reminder.lead", "3", "value"),
        ("reminder.lead", -1, "value"),
        ("reminder.lead", 31, "value"),
        ("consent", False, "value"),
        ("default_zone", "Mars/Olympus", "value"),
    ],
)
def test_an_invalid_change_names_the_field_and_changes_nothing(
    db: Connection[Any], rule: str, wish: Any, field: str
) -> None:
    everything = "select * from policy.setting_version order by rule, version"
    before = rows(db, everything)
    with refused("SH422", column=field):
        change(db, rule, wish)
    assert rows(db, everything) == before
    assert rows(db, "select * from policy.proposal") == []


def test_a_change_needs_a_reason_and_cannot_begin_in_the_past(db: Connection[Any]) -> None:
    for blank in ("", " \t"):
        with refused("SH422", column="reason"):
            change(db, "reminder.lead", 4, reason=blank)
    with refused("SH422", column="effective_from"):
        change(db, "reminder.lead", 4, since=NOW - MICRO)
    assert change(db, "reminder.lead", 4, since=NOW) is None


def test_a_change_replaces_scheduled_versions(db: Connection[Any], clock: Clock) -> None:
    change(db, "outreach_weekly", cap(1, 168), since=NOW + DAY)
    assert (limits(db, "outreach_weekly"), limits(db, "outreach_weekly", NOW + DAY)) == ((2, 168), (1, 168))
    # The value in force again is looser than the scheduled one, so it takes two admins.
    assert change(db, "outreach_weekly", cap(2, 168)) is not None
    # A value tighter than both is applied at once, and withdraws the scheduled one.
    assert change(db, "outreach_weekly", cap(0, 168)) is None
    assert limits(db, "outreach_weekly", NOW + 2 * DAY) == (0, 168)
    assert [
        (r["version"], r["empty"])
        for r in rows(
            db, "select version, isempty(valid_at) as empty from policy.cap where cap = 'outreach_weekly' order by 1"
        )
    ] == [(1, False), (2, True), (3, False)]
    # A version that has begun cannot be withdrawn.
    with pytest.raises(psycopg.Error, match="never changed or deleted"):
        db.execute("update policy.cap set valid_at = 'empty' where cap = 'outreach_weekly' and version = 3")


def test_a_change_that_replaces_a_scheduled_version_loosens_what_precedes_it(db: Connection[Any], clock: Clock) -> None:
    approve(db, "outreach_daily", change(db, "outreach_daily", cap(2), since=NOW + DAY))
    proposal_id = change(db, "outreach_daily", cap(2), since=NOW + DAY)
    assert proposal_id is not None
    approve(db, "outreach_daily", proposal_id)
    assert [limits(db, "outreach_daily", NOW + n * DAY) for n in (0, 1)] == [(1, 24), (2, 24)]


def test_a_future_end_can_be_brought_nearer_but_not_into_the_past(db: Connection[Any], clock: Clock) -> None:
    change(db, "reminder.lead", 4, since=NOW + 2 * DAY)
    change(db, "reminder.lead", 5, since=NOW + DAY)
    assert [in_force(db, "reminder.lead", NOW + n * DAY) for n in (0, 1, 2)] == [3, 5, 5]
    end = "update policy.rule set valid_at = tstzrange(null, %s) where rule = 'reminder.lead' and version = 1"
    for moment in (NOW - MICRO, NOW + DAY + MICRO):
        with pytest.raises(psycopg.Error, match="never changed or deleted"):
            db.execute(end, [moment])


def test_an_admin_cannot_loosen_alone_in_psql_either(db: Connection[Any]) -> None:
    """The owner may, under another name; a row whose author is an admin needs an approved proposal."""
    declined = change(db, "outreach_daily", cap(2))
    db.execute("select policy.decide_proposal('outreach_daily', %s, 'declined', %s, 'no', %s)", [declined, TWO, NOW])
    other = change(db, "outreach_daily", cap(3))
    db.execute("update policy.cap set valid_at = tstzrange(null, %s) where cap = 'outreach_daily'", [NOW])
    for proposal_id in (None, declined, other):
        with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
            db.execute(LOOSER_CAP, [NOW, ONE, proposal_id])
    with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
        db.execute("select policy.change_rule('bounce.soft_limit', '6', %s, 'alone', %s)", [ONE, NOW])
    with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
        db.execute(
            "insert into policy.cap (cap, version, purpose, max_messages, window_hours, valid_at, author, reason)"
            " values ('voice_any', 1, 'voice', 1, 24, tstzrange(%s, null), %s, 'alone')",
            [NOW, ONE],
        )
    db.execute(LOOSER_CAP, [NOW, "owner", None])
    logged = "select actor from policy.audit where subject = 'policy.cap' and action = 'insert' order by audit_id"
    assert rows(db, logged)[-1]["actor"] == "owner"


@pytest.mark.parametrize(("version", "wish"), [(None, 4), (1, 3), (2, 4), (3, 5)])
def test_earlier_value_of_a_version_and_of_the_previous(
    db: Connection[Any], clock: Clock, version: int | None, wish: int
) -> None:
    for day, number in enumerate((4, 5, 6)):
        change(db, "reminder.lead", number, at=NOW + day * DAY)
    # A scheduled version is not the previous one.
    clock.set(NOW + 2 * DAY)
    change(db, "reminder.lead", 7, since=NOW + 9 * DAY, at=NOW + 2 * DAY)
    found = value(db, "select policy.earlier_value('reminder.lead', %s, %s)", version, NOW + 3 * DAY)
    assert found == (5 if version is None else wish)


def test_a_missing_earlier_version_is_an_error(db: Connection[Any]) -> None:
    for version in (None, 2):
        with refused("SH422", column="version"):
            value(db, "select policy.earlier_value('reminder.lead', %s::int, %s)", version, NOW)


LOOSER_CAP = """
    insert into policy.cap (cap, version, purpose, max_messages, window_hours, valid_at, author, reason, proposal_id)
    values ('outreach_daily', 2, 'outreach', 2, 24, tstzrange(%s, null), %s, 'alone', %s)
"""
