"""Messages as their recipient reads them, and feedback."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.outbox import (
    DAY,
    HOUR,
    NOW,
    claim,
    delivery,
    message,
    reader,
    record_event,
    record_outcome,
    rows,
    sent,
    set_cap,
)
from tests.sessions import Phone, phone, refused

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def customer(db: Db) -> UUID:
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    return reader(db)


@pytest.fixture
def mine(db: Db, api: Db, customer: UUID) -> Phone:
    return phone(db, api, customer)


def test_messages_as_sent_without_their_links(db: Db, mine: Phone, customer: UUID) -> None:
    one = sent(db, customer, NOW - HOUR)
    record_event(db, one, "clicked", NOW)
    [read] = mine.ask("ai_messages")["items"]
    kept = delivery(db, one)
    assert "{link}" in kept["body"]
    assert (read["message_id"], read["state"], read["subject"], read["useful"]) == (
        str(one),
        "clicked",
        kept["subject"],
        None,
    )
    assert "{" not in read["body"]
    first_line = kept["body"].splitlines()[0]
    assert read["body"].startswith(first_line)


def test_only_sent_messages_are_listed(db: Db, mine: Phone, customer: UUID) -> None:
    message(db, customer, due=NOW + DAY)
    sent(db, reader(db), NOW - HOUR)
    refused_for_now = message(db, customer, due=NOW)
    claim(db, NOW)
    assert mine.ask("ai_messages")["items"] == []
    record_outcome(db, refused_for_now, "later", NOW, retry_after=60)
    assert mine.ask("ai_messages")["items"] == []
    with refused("SH404"):
        mine.ask("give_feedback", message_id=refused_for_now, useful=True)


def test_pages(db: Db, mine: Phone, customer: UUID) -> None:
    made = [str(sent(db, customer, NOW - n * DAY)) for n in (5, 3, 2)]
    first = mine.ask("ai_messages", limit=2)
    second = mine.ask("ai_messages", limit=2, cursor=first["next_cursor"])
    assert [item["message_id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None


def test_latest_feedback_counts_and_repetition_adds_nothing(db: Db, mine: Phone, customer: UUID, clock: Clock) -> None:
    one = sent(db, customer, NOW - HOUR)
    for useful in (True, True, False, True, True):
        assert mine.ask("give_feedback", message_id=one, useful=useful) == {"message_id": str(one), "useful": useful}
        [read] = mine.ask("ai_messages")["items"]
        assert read["useful"] is useful
    said = rows(db, "select kind from outreach.message_event where source = 'feedback' order by event_id")
    assert [each["kind"] for each in said] == ["useful", "not_useful", "useful"]
    assert mine.ask("ai_messages")["items"][0]["state"] == "sent"


def test_messages_of_others_are_not_found(db: Db, mine: Phone, customer: UUID) -> None:
    theirs = sent(db, reader(db), NOW - HOUR)
    for wrong in (theirs, uuid4()):
        with refused("SH404"):
            mine.ask("give_feedback", message_id=wrong, useful=True)
