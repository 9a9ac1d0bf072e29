"""Rules and caps as history; the queue's doors; wake-ups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.marketplace import at
from tests.outbox import DAY, HOUR, MICRO, NOW, meanwhile, row, rows, set_cap, set_rule, value, wait_until_waiting

Connect = Callable[..., Connection[Any]]


def test_a_rule_is_what_was_in_force_at_the_instant(db: Connection[Any]) -> None:
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
def test_a_value_keeps_its_type_and_bounds(db: Connection[Any], rule: str, setting: Any, allowed: bool) -> None:
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
def test_a_kind_and_its_first_value_may_come_in_one_statement(db: Connection[Any], setting: str, allowed: bool) -> None:
    """As migrations bring them, also to a database that already has this trigger."""
    both = """with kind as (
                insert into policy.rule_definition (rule, value_type, unit, meaning)
                values ('new.switch', 'boolean', '', 'Something new.'))
              insert into policy.rule (rule, version, value, valid_at, author, reason)
              values ('new.switch', 1, %s::jsonb, tstzrange(null, null), 'test', 'test')"""
    if allowed:
        db.execute(both, [setting])
        assert value(db, "select policy.value('new.switch', %s)", NOW) is True
    else:
        with pytest.raises(psycopg.Error, match="another type"):
            db.execute(both, [setting])
        assert value(db, "select count(*) from policy.rule_definition where rule = 'new.switch'") == 0


def test_a_default_zone_must_be_one_that_is_known(db: Connection[Any]) -> None:
    """An unknown one would stop every local time of everybody."""
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
def test_history_is_only_added_to(db: Connection[Any], rule: str, since: Any, sqlstate: str) -> None:
    set_rule(db, "reminder.lead", 5, NOW)
    with pytest.raises(psycopg.Error) as refusal:
        set_rule(db, rule, 6, since)
    assert refusal.value.sqlstate == sqlstate
    set_rule(db, "reminder.lead", 6, NOW + MICRO)
    assert rows(db, "select value from policy.rule where rule = 'reminder.lead' order by version") == [
        {"value": 3}, {"value": 5}, {"value": 6}
    ]  # fmt: skip


def test_every_change_is_audited_with_who_and_what(db: Connection[Any], clock: Clock) -> None:
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
    # An old row is changed by whoever changes it, not by whom it names.
    assert [f["actor"] for f in found[2:]] == ["tester", "tester", found[2]["detail"]["login"], "ops"]


def test_a_reason_must_be_given(db: Connection[Any]) -> None:
    for blank in ("", "   "):
        with pytest.raises(psycopg.errors.CheckViolation, match="rule_reason_is_given"):
            db.execute("select policy.change_rule('reminder.lead', '4', 'tester', %s, %s)", [blank, NOW])
        with pytest.raises(psycopg.errors.CheckViolation, match="cap_reason_is_given"):
            db.execute("select policy.change_cap('outreach_daily', 1, 24, 'tester', %s, %s)", [blank, NOW])


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
def test_a_cap_keeps_its_bounds(
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


def test_two_who_change_a_rule_at_once_make_two_versions(db: Connection[Any], connect: Connect) -> None:
    one, two = connect(autocommit=False), connect()
    change = "select policy.change_rule('reminder.lead', %s, 'tester', 'a test', %s)"
    value(one, change, Jsonb(4), NOW)
    with meanwhile(lambda: value(two, change, Jsonb(5), NOW + MICRO)) as second:
        wait_until_waiting(db, two.info.backend_pid)
        one.commit()
    assert second == [3]


def test_two_who_change_a_cap_at_once_make_two_versions(db: Connection[Any], connect: Connect) -> None:
    one, two = connect(autocommit=False), connect()
    change = "select policy.change_cap('outreach_daily', %s, 24, 'tester', 'a test', %s)"
    value(one, change, 2, NOW)
    with meanwhile(lambda: value(two, change, 3, NOW + MICRO)) as second:
        wait_until_waiting(db, two.info.backend_pid)
        one.commit()
    assert second == [3]


# The queue ----------------------------------------------------------------------------------------------------------


def test_a_job_with_a_key_exists_once_while_it_waits(db: Connection[Any]) -> None:
    enqueue = "select queue.enqueue('plan', %s, p_dedupe_key => %s)"
    first = value(db, enqueue, Jsonb({"n": 1}), "k")
    assert first is not None
    assert value(db, enqueue, Jsonb({"n": 2}), "k") is None
    assert value(db, enqueue, Jsonb({"n": 3}), None) is not None
    assert value(db, enqueue, Jsonb({"n": 4}), None) is not None
    db.execute("update queue.pgqueuer set status = 'picked' where id = %s", [first])
    assert value(db, enqueue, Jsonb({"n": 5}), "k") is None
    db.execute("delete from queue.pgqueuer where id = %s", [first])
    assert value(db, enqueue, Jsonb({"n": 6}), "k") is not None


def test_a_job_carries_its_payload_as_the_bytes_of_the_json(db: Connection[Any]) -> None:
    value(
        db, "select queue.enqueue('deliver', %s, null, 100, null, %s)",
        Jsonb({"channel": "email"}), Jsonb({"traceparent": "00-x"}),
    )  # fmt: skip
    job = row(db, "select entrypoint, priority, status::text, payload, headers from queue.pgqueuer")
    assert job == {
        "entrypoint": "deliver", "priority": 100, "status": "queued", "payload": b'{"channel": "email"}',
        "headers": {"traceparent": "00-x"},
    }  # fmt: skip


def test_jobs_wait_for_the_wall_clock_that_the_simulated_one_stands_for(db: Connection[Any], clock: Clock) -> None:
    """While time stands still what is due runs at once and the rest never; while it runs, at its speed."""

    def wait(moment: Any) -> float:
        seconds: float = value(
            db, "select extract(epoch from clock.wall_clock_at(%s) - clock_timestamp())::float", moment
        )
        return seconds

    assert wait(NOW) <= 0
    assert wait(NOW - DAY) <= 0
    assert wait(NOW + MICRO) > 1e9
    clock.set(NOW, speed=3600)
    assert 22 <= wait(NOW + DAY) <= 24
    job = value(db, "select queue.enqueue('deliver', '{}', %s)", NOW + DAY)
    assert 22 <= value(
        db, "select extract(epoch from execute_after - clock_timestamp())::float from queue.pgqueuer where id = %s", job
    ) <= 24  # fmt: skip


def test_in_production_a_job_waits_until_the_instant_itself(db: Connection[Any]) -> None:
    job = value(db, "select queue.enqueue('deliver', '{}', %s)", NOW)
    assert value(db, "select execute_after from queue.pgqueuer where id = %s", job) == NOW


def test_wake_ups_are_one_for_a_hundred_messages_of_a_minute(db: Connection[Any]) -> None:
    def wake(ats: list[Any]) -> int | None:
        made: int | None = value(db, "select outreach.enqueue_wake_ups('email', %s::timestamptz[])", ats)
        return made

    minute = at("2026-11-23T10:00:00")
    assert wake([minute + n * timedelta(milliseconds=1) for n in range(100)]) == 1
    assert wake([minute + timedelta(seconds=59, microseconds=999999)]) == 0, "that minute has its wake-up"
    assert wake([minute + timedelta(seconds=60)]) == 1
    assert wake([minute + HOUR] * 101) == 2
    assert wake([minute + HOUR] * 250) == 1, "two of three are waiting"
    assert not wake([])
    found = rows(db, "select execute_after, count(*) as n from queue.pgqueuer group by 1 order by 1")
    assert [(f["execute_after"] - minute, f["n"]) for f in found] == [
        (timedelta(minutes=1), 1), (timedelta(minutes=2), 1), (timedelta(minutes=61), 3),
    ]  # fmt: skip


def test_what_is_never_due_has_no_wake_up(db: Connection[Any]) -> None:
    assert not value(db, "select outreach.enqueue_wake_ups('email', array['infinity'::timestamptz])")


def test_many_jobs_in_one_statement_are_one_notification(db: Connection[Any], connect: Connect) -> None:
    listener = connect()
    listener.execute("listen ch_pgqueuer")
    made = value(
        db, "select queue.enqueue_many('deliver', array_agg('{}'::jsonb), array_agg(%s::timestamptz),"
        " array_agg(n::text)) from generate_series(1, 500) n", NOW,
    )  # fmt: skip
    assert made == 500
    assert len(list(listener.notifies(timeout=0.5))) == 1
