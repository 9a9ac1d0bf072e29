"""Messages, deliveries and rules of a test: what the planner and the worker processes write."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row, tuple_row
from psycopg.types.json import Jsonb

from tests.marketplace import at, person, service

#: Ten in the morning of a Monday in Dhaka: neither night nor Friday prayer.
NOW = at("2026-11-23T10:00:00")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
URL = "https://shokti.example"

_serial = count(1)


def value(db: Connection[Any], statement: str, *arguments: Any) -> Any:
    """The single value of a statement."""
    with db.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(statement, arguments).fetchone()
    assert found is not None, f"no row: {statement}"
    return found[0]


def rows(db: Connection[Any], statement: str, *arguments: Any) -> list[dict[str, Any]]:
    with db.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, arguments).fetchall()


def row(db: Connection[Any], statement: str, *arguments: Any) -> dict[str, Any]:
    """The single row of a statement."""
    found = rows(db, statement, *arguments)
    assert len(found) == 1, found
    return found[0]


def reader(db: Connection[Any], *, consents: tuple[str, ...] = ("email",), **columns: Any) -> UUID:
    """Makes a customer with consent to e-mail."""
    return person(db, consents=consents, **columns)


def house_text(db: Connection[Any], language: str = "bn", channel: str = "email") -> UUID:
    """An approved house text without category, in the form of the channel."""
    found: UUID = value(
        db,
        "select template_id from text.template where origin = 'house' and kind = 'reminder' and category is null"
        " and language = %s and form = text.channel_form(%s) and approved_at is not null order by variant limit 1",
        language,
        channel,
    )
    return found


def message(
    db: Connection[Any], user_id: UUID, *, due: datetime = NOW, message_class: str = "reminder", **columns: Any
) -> UUID:
    """Makes a message of a person, by e-mail, planned an hour before it is due and useful for two days after."""
    labels = row(
        db, "select purpose, obeys_caps, takes_slot from policy.message_class where message_class = %s", message_class
    )
    given: dict[str, Any] = {
        "user_id": user_id,
        "channel": "email",
        "message_class": message_class,
        "kind": "reminder",
        "occurrence": f"occurrence-{next(_serial)}",
        "state_at": due - HOUR,
        "planned_at": due - HOUR,
        "due_at": due,
        "useful_until": due + 2 * DAY,
    }
    given |= labels | columns
    if "service_id" not in given:
        given["service_id"] = service(db)
    if "template_id" not in given:
        given["template_id"] = house_text(db, channel=given["channel"])
    if "suggested_at" not in given:
        given["suggested_at"] = given["planned_at"] + 3 * DAY
    statement = sql.SQL("insert into outreach.message ({}) values ({}) returning message_id").format(
        sql.SQL(", ").join(map(sql.Identifier, given)), sql.SQL(", ").join(sql.Placeholder() for _ in given)
    )
    with db.cursor(row_factory=tuple_row) as cursor:
        made = cursor.execute(statement, list(given.values())).fetchone()
    assert made is not None
    message_id: UUID = made[0]
    return message_id


#: A delivery as written in psql: the columns of the message copied, the consent named.
BARE_DELIVERY = """
    insert into outreach.delivery
      (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose)
    select m.message_id, 1, m.user_id, m.channel, m.purpose, m.takes_slot, %s,
           case when m.purpose <> 'transactional' then m.channel end, case when m.purpose <> 'transactional' then m.purpose end
    from outreach.message m
    where m.message_id = %s
"""


def deliver(db: Connection[Any], message_id: UUID, sent_at: datetime) -> None:
    """Writes a delivery without claim and verdict."""
    db.execute(BARE_DELIVERY, [sent_at, message_id])


def sent_by_hand(db: Connection[Any], user_id: UUID, sent_at: datetime, **columns: Any) -> UUID:
    """Makes a message that was sent at an instant, without claim and outcome."""
    message_id = message(db, user_id, due=sent_at, state="sent", **columns)
    deliver(db, message_id, sent_at)
    return message_id


def sent(db: Connection[Any], user_id: UUID, sent_at: datetime, **columns: Any) -> UUID:
    """Makes a message that was sent at an instant and accepted, by claim and outcome."""
    message_id = message(db, user_id, due=sent_at, **columns)
    channel = columns.get("channel", "email")
    claimed = claim(db, sent_at, channel=channel)
    assert str(message_id) in [m["message_id"] for m in claimed["messages"]], state(db, message_id)
    record_outcome(db, message_id, "accepted", sent_at + timedelta(seconds=1))
    return message_id


def claim(db: Connection[Any], moment: datetime = NOW, *, channel: str = "email", limit: int = 100) -> dict[str, Any]:
    answer: dict[str, Any] = value(db, "select outreach.claim_messages(%s, %s, %s, %s)", channel, limit, moment, URL)
    return answer


def record_outcome(
    db: Connection[Any], message_id: UUID, outcome: str, moment: datetime = NOW, *, attempt: int = 1, **more: Any
) -> dict[str, Any]:
    """Records the adapter's outcome of one delivery; returns the result of record_outcomes."""
    told = {"message_id": str(message_id), "attempt": attempt, "adapter": "test", "outcome": outcome} | more
    answer: dict[str, Any] = value(db, "select outreach.record_outcomes(%s, %s)", Jsonb([told]), moment)
    return answer


def record_event(
    db: Connection[Any],
    message_id: UUID | None,
    kind: str,
    moment: datetime = NOW,
    *,
    source: str = "test",
    **more: Any,
) -> int:
    """Records a receipt or an act of the reader; returns how many events were new."""
    event = {"message_id": str(message_id), "kind": kind, "source_event_id": f"event-{next(_serial)}"} | more
    recorded: int = value(db, "select outreach.record_message_events(%s, %s, %s)", source, Jsonb([event]), moment)
    return recorded


def state(db: Connection[Any], message_id: UUID) -> dict[str, Any]:
    return row(
        db,
        "select state, state_at, due_at, attempt, failures, reason, rule, rule_version from outreach.message"
        " where message_id = %s",
        message_id,
    )


def delivery(db: Connection[Any], message_id: UUID, attempt: int = 1) -> dict[str, Any]:
    return row(db, "select * from outreach.delivery where message_id = %s and attempt = %s", message_id, attempt)


def set_cap(db: Connection[Any], cap: str, limit: int | None, hours: int, since: datetime = NOW - 365 * DAY) -> int:
    version: int = value(db, "select policy.change_cap(%s, %s, %s, 'tester', 'a test', %s)", cap, limit, hours, since)
    return version


def new_cap(
    db: Connection[Any],
    cap: str,
    limit: int | None,
    hours: int,
    *,
    channel: str | None = None,
    purpose: str = "outreach",
    since: datetime | None = None,
) -> None:
    db.execute(
        "insert into policy.cap (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason)"
        " values (%s, 1, %s, %s, %s, %s, tstzrange(%s, null), 'tester', 'a test')",
        [cap, purpose, channel, limit, hours, since],
    )


def only_cap(db: Connection[Any], limit: int | None, hours: int) -> None:
    """Sets the weekly cap and removes the daily one."""
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", limit, hours)


def set_rule(db: Connection[Any], rule: str, setting: Any, since: datetime = NOW - 365 * DAY) -> None:
    db.execute("select policy.change_rule(%s, %s, 'tester', 'a test', %s)", [rule, Jsonb(setting), since])


def no_quiet_periods(db: Connection[Any]) -> None:
    """Ends the quiet periods of policy before any time of a test; they cannot be deleted."""
    db.execute("update policy.quiet_period set during = tstzrange(lower(during), 'epoch') where upper_inf(during)")


def withdraw(db: Connection[Any], user_id: UUID, moment: datetime = NOW, channel: str = "email") -> bool:
    done: bool = value(
        db,
        "select account.withdraw_consent(%s, %s, 'outreach', %s, 'test', %s)",
        user_id,
        channel,
        moment,
        str(user_id),
    )
    return done


def slots(db: Connection[Any], user_id: UUID) -> list[tuple[str, int]]:
    """The cap slots that a person's messages hold."""
    return [
        (s["cap"], s["slot_no"])
        for s in rows(
            db, "select cap, slot_no from outreach.cap_slot where user_id = %s order by cap, taken_at, slot_no", user_id
        )
    ]


def wait_until_blocked(db: Connection[Any], pid: int) -> None:
    """Waits until the server shows that another connection waits for a lock, as the race needs it."""
    give_up_at = time.monotonic() + 10
    # pg_locks, since pg_stat_activity hides from a role what others than its own log-in wait for.
    while not value(db, "select exists (select from pg_locks where pid = %s and not granted)", pid):
        assert time.monotonic() < give_up_at, f"{pid} never waited"
        time.sleep(0.005)


@contextmanager
def run_concurrently(action: Callable[[], Any]) -> Iterator[list[Any]]:
    """Runs an action in a thread while the block runs; at its end the list holds the result or the exception."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(action())
        except Exception as fault:
            outcome.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield outcome
    thread.join(timeout=30)
    assert not thread.is_alive()
