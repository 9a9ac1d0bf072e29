"""Rules as versions in time: values in force, bounds, audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.outbox import DAY, MICRO, NOW, rows, run_concurrently, set_cap, set_rule, value, wait_until_blocked

Connect = Callable[..., Connection[Any]]


def test_a_rule_has_the_value_in_force_at_the_instant(db: Connection[Any]) -> None:
    set_rule(db, "reminder.lead", 5, NOW)
    set_rule(db, "reminder.lead", 7, NOW + DAY)
    for moment, number, version in [
        (NOW - MICRO, 3, 1), (NOW, 5, 2), (NOW + DAY - MICRO, 5, 2), (NOW + DAY, 7, 3), (NOW + 9999 * DAY, 7, 3),
        ("-infinity", 3, 1),
    ]:  # fmt: skip
        assert value(db, "select policy.number('reminder.lead', %s)", moment) == number
        assert value(db, "select policy.version('reminder.lead', %s)", moment) == version
    assert value(db, "select policy.number('no such', %s)", NOW) is None
    assert value(db, "select policy.text('default_zone', %s)", NOW) == "Asia/Dhaka"


@pytest.mark.parametrize(
    ("rule", "setting", "allowed"),
    [
        ("reminder.min_p14", 0, True),
        ("reminder.min_p14", 1, True),
        ("reminder.min_p14", 1.0000001, False),
        ("reminder.min_p14", -0.0001, False),
        ("reminder.min_visits", 1, False),
        ("reminder.min_visits", 2, True),
        ("reminder.lead", "3", False),
        ("reminder.lead", None, False),
        ("reminder.lead", [3], False),
        ("default_zone", 6, False),
        ("default_zone", "Europe/London", True),
        ("consent", False, False),
        ("consent", True, True),
        ("approved_text", False, False),
        ("cap", False, False),
        ("reminder.once", "yes", False),
        ("link.stop_for", 364, False),
        ("link.stop_for", 365, True),
    ],
)
def test_a_value_must_fit_the_type_and_bounds_of_its_rule(
    db: Connection[Any], rule: str, setting: Any, allowed: bool
) -> None:
    before = rows(db, "select * from policy.rule order by rule, version")
    if allowed:
        set_rule(db, rule, setting)
        assert value(db, "select policy.value(%s, %s)", rule, NOW) == setting
        return
    with pytest.raises(psycopg.Error) as refusal:
        set_rule(db, rule, setting)
    assert refusal.value.sqlstate == "SH422"
    assert rows(db, "select * from policy.rule order by rule, version") == before


@pytest.mark.parametrize(("setting", "allowed"), [("true", True), ("1", False)])
def test_a_definition_and_its_first_value_may_be_one_statement(
    db: Connection[Any], setting: str, allowed: bool
) -> None:
    """Migrations insert them so, also in a database that has the trigger."""
    both = """with kind as (
                insert into policy.rule_definition (rule, value_type, unit, meaning)
                values ('new.switch', 'boolean', '', 'Something new.'))
              insert into policy.rule (rule, version, value, valid_at, author, reason)
              values ('new.switch', 1, %s::jsonb, tstzrange(null, null), 'test', 'test')"""
    if allowed:
        db.execute(both, [setting])
        assert value(db, "select policy.value('new.switch', %s)", NOW) is True
    else:
        with pytest.raises(psycopg.Error, match="wrong type"):
            db.execute(both, [setting])
        assert value(db, "select count(*) from policy.rule_definition where rule = 'new.switch'") == 0


def test_the_default_zone_must_be_known_to_the_server(db: Connection[Any]) -> None:
    """An unknown zone would make every local time an error."""
    with pytest.raises(psycopg.Error) as refusal:
        set_rule(db, "default_zone", "Mars/Olympus")
    assert refusal.value.sqlstate == "SH422"


@pytest.mark.parametrize(
    ("rule", "since", "sqlstate"),
    [
        ("no such rule", NOW, "SH404"),
        ("reminder.lead", NOW, "SH409"),
        ("reminder.lead", NOW - MICRO, "SH409"),
    ],
)
def test_a_version_cannot_begin_before_the_last_one(db: Connection[Any], rule: str, since: Any, sqlstate: str) -> None:
    set_rule(db, "reminder.lead", 5, NOW)
    with pytest.raises(psycopg.Error) as refusal:
        set_rule(db, rule, 6, since)
    assert refusal.value.sqlstate == sqlstate
    set_rule(db, "reminder.lead", 6, NOW + MICRO)
    assert rows(db, "select value from policy.rule where rule = 'reminder.lead' order by version") == [
        {"value": 3}, {"value": 5}, {"value": 6}
    ]  # fmt: skip


def test_every_change_is_audited_with_actor_and_rows(db: Connection[Any], clock: Clock) -> None:
    set_rule(db, "reminder.lead", 5, NOW)
    set_cap(db, "outreach_daily", 2, 24, NOW)
    db.execute("update policy.quiet_period set during = tstzrange(null, %s) where name = 'night'", [NOW + DAY])
    db.execute(
        "insert into policy.quiet_period (name, from_time, until_time, created_at, author, reason)"
        " values ('night', '22:00', '07:00', %s, 'ops', 'shorter nights')",
        [NOW],
    )
    found = rows(
        db, "select subject, action, actor, happened_at, detail from policy.audit where happened_at = %s"
        " order by audit_id", NOW,
    )  # fmt: skip
    assert [(f["subject"], f["action"]) for f in found] == [
        ("policy.rule", "update"), ("policy.rule", "insert"), ("policy.cap", "update"), ("policy.cap", "insert"),
        ("policy.quiet_period", "update"), ("policy.quiet_period", "insert"),
    ]  # fmt: skip
    assert found[1]["actor"] == "tester"
    assert (found[1]["detail"]["new"]["value"], found[1]["detail"]["old"]) == (5, None)
    assert all(f["detail"]["login"] for f in found)
    # The actor of an update is who changes the row, not the author of the row.
    assert [f["actor"] for f in found[2:]] == ["tester", "tester", found[2]["detail"]["login"], "ops"]


def test_a_reason_is_required(db: Connection[Any]) -> None:
    for blank in ("", "   "):
        with pytest.raises(psycopg.errors.CheckViolation, match="rule_reason_is_given"):
            db.execute("select policy.change_rule('reminder.lead', '4', 'tester', %s, %s)", [blank, NOW])
        with pytest.raises(psycopg.errors.CheckViolation, match="cap_reason_is_given"):
            db.execute("select policy.change_cap('outreach_daily', 1, 24, 'tester', %s, %s)", [blank, NOW])


def test_concurrent_changes_of_a_rule_make_two_versions(db: Connection[Any], connect: Connect) -> None:
    one, two = connect(autocommit=False), connect()
    change = "select policy.change_rule('reminder.lead', %s, 'tester', 'a test', %s)"
    value(one, change, Jsonb(4), NOW)
    with run_concurrently(lambda: value(two, change, Jsonb(5), NOW + MICRO)) as second:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert second == [3]
