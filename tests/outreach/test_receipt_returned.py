"""Deliveries that the provider accepted and returned later: released, then sent again after a wait, or failed."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import consent, contact, person
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    delivery,
    message,
    record_event,
    record_outcome,
    row,
    set_rule,
    slots,
    state,
    value,
)

Db = Connection[Any]
LATER = NOW + HOUR
LIMITED: dict[str, Any] = {"code": 131049, "again": True, "retry_after": None, "person_limit": True}
BUSY: dict[str, Any] = {"code": 131056, "again": True, "retry_after": 60.0, "person_limit": False}
FINAL: dict[str, Any] = {"code": 132015, "again": False}


def whatsapp_reader(db: Db) -> UUID:
    user = person(db)
    contact(db, user, "whatsapp", f"+88018{str(user.int)[-8:]}")
    consent(db, user, "whatsapp")
    return user


def on_its_way(db: Db, **columns: Any) -> tuple[UUID, UUID]:
    """A person, and a message to them that the provider accepted."""
    user = whatsapp_reader(db)
    message_id = message(db, user, channel="whatsapp", **({"useful_until": NOW + 9 * DAY} | columns))
    accept(db, message_id, 1, NOW)
    return user, message_id


def accept(db: Db, message_id: UUID, attempt: int, moment: Any) -> None:
    assert claim(db, moment, channel="whatsapp")["claimed"] == 1, state(db, message_id)
    record_outcome(db, message_id, "accepted", moment, attempt=attempt, adapter="cloud", provider_id=f"wamid.{attempt}")


def told(db: Db, message_id: UUID, kind: str, moment: Any = LATER, *, attempt: int = 1, **detail: Any) -> int:
    name = f"wamid.{attempt}"
    return record_event(
        db, message_id, kind, moment, source="cloud", source_event_id=f"{message_id}/{name}/{kind}",
        provider_id=name, attempt=attempt, detail=detail,
    )  # fmt: skip


def test_returned_delivery_holds_no_slot_and_the_message_is_due_again(db: Db) -> None:
    user, message_id = on_its_way(db)
    assert slots(db, user)
    assert told(db, message_id, "returned", **BUSY) == 1
    assert (slots(db, user), delivery(db, message_id)["state"]) == ([], "released")
    assert delivery(db, message_id)["error"] == "returned 131056"
    now = state(db, message_id)
    assert (now["state"], now["reason"], now["due_at"]) == ("scheduled", "provider_later", LATER + HOUR / 60)
    # Repeated by another event: nothing changes.
    record_event(db, message_id, "returned", LATER + HOUR, source="cloud", attempt=1, detail=BUSY)
    assert state(db, message_id) == now


def test_wait_for_a_persons_limit_doubles(db: Db) -> None:
    """A day, two, four; whether the provider refuses at once or by a later status."""
    _, message_id = on_its_way(db)
    moment, waits = LATER, []
    for attempt in (1, 2, 3):
        if attempt == 2:
            record_outcome(db, message_id, "later", moment, attempt=2, person_limit=True)
        else:
            told(db, message_id, "returned", moment, attempt=attempt, **LIMITED)
        now = state(db, message_id)
        assert (now["state"], now["reason"], now["rule"]) == ("scheduled", "person_limit", "retry.person_limit")
        waits.append(now["due_at"] - moment)
        assert claim(db, now["due_at"] - MICRO, channel="whatsapp")["claimed"] == 0
        moment = now["due_at"]
        if attempt == 1:
            assert claim(db, moment, channel="whatsapp")["claimed"] == 1
        elif attempt == 2:
            accept(db, message_id, 3, moment)
    assert waits == [DAY, 2 * DAY, 4 * DAY]


def test_other_failures_do_not_lengthen_the_wait_for_a_persons_limit(db: Db) -> None:
    user = whatsapp_reader(db)
    message_id = message(db, user, channel="whatsapp", useful_until=NOW + 9 * DAY)
    moment = NOW
    for attempt in (1, 2, 3):
        assert claim(db, moment, channel="whatsapp")["claimed"] == 1
        record_outcome(db, message_id, "later", moment, attempt=attempt)
        moment = state(db, message_id)["due_at"]
    assert claim(db, moment, channel="whatsapp")["claimed"] == 1
    record_outcome(db, message_id, "later", moment, attempt=4, person_limit=True)
    assert state(db, message_id)["due_at"] == moment + DAY


def test_wait_is_a_rule_and_the_provider_can_ask_for_more(db: Db) -> None:
    set_rule(db, "retry.person_limit", 36)
    _, message_id = on_its_way(db)
    told(db, message_id, "returned", **LIMITED)
    assert state(db, message_id)["due_at"] == LATER + 36 * HOUR
    _, other = on_its_way(db)
    told(db, other, "returned", **LIMITED | {"retry_after": 40 * 3600})
    assert state(db, other)["due_at"] == LATER + 40 * HOUR


@pytest.mark.parametrize(("useful", "end"), [(0 * MICRO, "scheduled"), (-MICRO, "expired")])
def test_returned_after_useful_until_expires(db: Db, useful: Any, end: str) -> None:
    user, message_id = on_its_way(db, useful_until=LATER + DAY + useful)
    told(db, message_id, "returned", **LIMITED)
    assert (state(db, message_id)["state"], slots(db, user)) == (end, [])


def test_permanently_returned_message_fails(db: Db) -> None:
    user, message_id = on_its_way(db)
    told(db, message_id, "returned", **FINAL)
    assert (state(db, message_id)["state"], state(db, message_id)["reason"]) == ("failed", "provider_refused")
    assert slots(db, user) == []
    # The text is judged, not the address.
    assert (
        value(db, "select suppressed_at from account.contact where user_id = %s and channel = 'whatsapp'", user) is None
    )


@pytest.mark.parametrize("before", ["claimed", "in_doubt", "accepted"])
def test_return_can_come_before_the_outcome(db: Db, before: str) -> None:
    user = whatsapp_reader(db)
    message_id = message(db, user, channel="whatsapp", useful_until=NOW + 9 * DAY)
    claim(db, channel="whatsapp")
    outcome = {"in_doubt": "unknown", "accepted": "accepted"}
    if before in outcome:
        record_outcome(db, message_id, outcome[before], NOW, adapter="cloud")
    told(db, message_id, "returned", **LIMITED)
    now = state(db, message_id)
    assert (now["state"], now["due_at"], slots(db, user)) == ("scheduled", LATER + DAY, [])
    record_outcome(db, message_id, "accepted", LATER, adapter="cloud", provider_id="wamid.1")
    assert state(db, message_id) == now


def test_return_with_only_a_provider_id_waits_for_the_outcome(db: Db) -> None:
    user = whatsapp_reader(db)
    message_id = message(db, user, channel="whatsapp", useful_until=NOW + 9 * DAY)
    claim(db, channel="whatsapp")
    event = {"provider_id": "wamid.9", "kind": "returned", "source_event_id": "e", "detail": LIMITED}
    assert value(db, "select outreach.record_message_events('cloud', %s, %s)", Jsonb([event]), NOW) == 1
    assert state(db, message_id)["state"] == "claimed"
    record_outcome(db, message_id, "accepted", LATER, adapter="cloud", provider_id="wamid.9")
    assert (state(db, message_id)["state"], slots(db, user)) == ("scheduled", [])


@pytest.mark.parametrize("order", list(permutations(["sent", "returned", "delivered"])))
def test_in_every_order_of_events_nobody_gets_it_twice(db: Db, order: tuple[str, ...]) -> None:
    """The provider contradicts itself: returned and also delivered, as to people with several phones."""
    _, message_id = on_its_way(db)
    for place, kind in enumerate(order):
        told(db, message_id, kind, LATER + place * MICRO, **(LIMITED if kind == "returned" else {}))
    answer = claim(db, LATER + DAY + HOUR, channel="whatsapp")
    assert answer["claimed"] == 0
    end = state(db, message_id)
    if order.index("delivered") < order.index("returned"):
        assert end["state"] == "delivered"
    else:
        assert (end["state"], end["reason"], end["rule"]) == ("refused", "arrived", "reminder.once")


def test_late_event_of_the_first_delivery_does_not_change_the_second(db: Db) -> None:
    _, message_id = on_its_way(db)
    told(db, message_id, "returned", **LIMITED)
    again = state(db, message_id)["due_at"]
    assert claim(db, again, channel="whatsapp")["claimed"] == 1
    told(db, message_id, "sent", again, attempt=1)
    assert (state(db, message_id)["state"], delivery(db, message_id, 2)["state"]) == ("claimed", "claimed")
    record_outcome(db, message_id, "accepted", again, attempt=2, adapter="cloud", provider_id="wamid.2")
    told(db, message_id, "opened", again, attempt=2)
    assert state(db, message_id)["state"] == "opened"
    # The second is not returned by an event of the first.
    record_event(db, message_id, "returned", again, source="cloud", attempt=1, detail=LIMITED)
    assert (state(db, message_id)["state"], delivery(db, message_id, 2)["state"]) == ("opened", "accepted")


@pytest.mark.parametrize(
    ("detail", "end"), [(BUSY, ("scheduled", "provider_later")), (FINAL, ("failed", "provider_refused"))]
)
@pytest.mark.parametrize("attempt", [1, 9])
def test_delivery_recorded_by_hand_is_returned_like_any(
    db: Db, attempt: int, detail: dict[str, Any], end: tuple[str, str]
) -> None:
    """Its number is higher than the attempts of the message; other receipts of the same call are not affected."""
    user = whatsapp_reader(db)
    by_hand = message(db, user, channel="whatsapp", state="sent", useful_until=NOW + 9 * DAY)
    db.execute(
        "insert into outreach.delivery (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, state,"
        " adapter, provider_id, consent_channel, consent_purpose) select message_id, %s, user_id, channel, purpose,"
        " takes_slot, %s, 'accepted', 'cloud', 'wamid.hand', channel, purpose from outreach.message where message_id = %s",
        [attempt, NOW, by_hand],
    )
    _, other = on_its_way(db)
    events = [
        {"provider_id": "wamid.hand", "kind": "returned", "source_event_id": "hand", "detail": detail},
        {"message_id": str(other), "attempt": 1, "kind": "delivered", "source_event_id": "other"},
    ]
    for new in (2, 0):
        assert value(db, "select outreach.record_message_events('cloud', %s, %s)", Jsonb(events), LATER) == new
    assert state(db, other)["state"] == "delivered"
    now = state(db, by_hand)
    assert (now["state"], now["reason"]) == end
    assert (delivery(db, by_hand, attempt)["state"], slots(db, user)) == ("released", [])
    if end[0] == "scheduled":
        # The next delivery follows the one by hand.
        accept(db, by_hand, attempt + 1, now["due_at"])
        assert state(db, by_hand)["attempt"] == attempt + 1


def test_accepted_delivery_is_released_only_if_returned(db: Db) -> None:
    """Else psql could evade a cap."""
    user, message_id = on_its_way(db)
    held = slots(db, user)
    for statement in (
        "update outreach.delivery set state = 'released' where message_id = %s",
        "update outreach.message set state = 'scheduled' where message_id = %s",
        "update outreach.message set state = 'failed', reason = 'x' where message_id = %s",
    ):
        with pytest.raises(psycopg.Error) as caught:
            db.execute(statement, [message_id])
        assert caught.value.sqlstate == "SH409"
    recorded_by_hand = [
        {"message_id": str(message_id), "attempt": 1, "outcome": "later", "is_returned": True, "adapter": "x"}
    ]
    with pytest.raises(psycopg.Error, match="cannot go back"):
        value(db, "select outreach.record_outcomes(%s, %s)", Jsonb(recorded_by_hand), LATER)
    assert (slots(db, user), state(db, message_id)["state"]) == (held, "sent")


def test_number_without_whatsapp_or_that_opted_out_is_suppressed(db: Db) -> None:
    heard: list[tuple[str, dict[str, Any], str]] = [
        ("bounced", {"bounce": "hard"}, "hard_bounce"),
        ("complained", {}, "complaint"),
    ]
    for kind, detail, reason in heard:
        user, message_id = on_its_way(db)
        told(db, message_id, kind, **detail)
        found = row(
            db, "select suppressed_reason from account.contact where user_id = %s and channel = 'whatsapp'", user
        )
        assert found == {"suppressed_reason": reason}
        waiting = message(db, user, channel="whatsapp", due=LATER)
        assert claim(db, LATER, channel="whatsapp")["refused"] == 1
        assert state(db, waiting)["reason"] == "suppressed"
