"""Receipts: their message, their effect on the delivery, and on the address."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, permutations
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock, Connect
from tests.marketplace import consent, contact, person
from tests.outbox import (
    DAY,
    HOUR,
    NOW,
    claim,
    delivery,
    message,
    record_event,
    record_outcome,
    row,
    rows,
    sent_by_hand,
    set_rule,
    state,
    value,
)

Db = Connection[Any]
SECOND = timedelta(seconds=1)
LATER = NOW + 10 * SECOND
_serial = count(1)


def sms_reader(db: Db) -> UUID:
    return person(db, phone=True, consents=("sms", "email"))


def told(db: Db, source: str, *events: dict[str, Any], at: Any = LATER) -> int:
    given = [{"source_event_id": f"told-{next(_serial)}"} | event for event in events]
    recorded: int = value(db, "select outreach.record_message_events(%s, %s, %s)", source, Jsonb(given), at)
    return recorded


def address(db: Db, user_id: UUID, channel: str = "email") -> tuple[Any, Any]:
    found = row(
        db,
        "select suppressed_at, suppressed_reason from account.contact where user_id = %s and channel = %s",
        user_id,
        channel,
    )
    return found["suppressed_at"], found["suppressed_reason"]


def reason(db: Db, user_id: UUID, channel: str = "email") -> Any:
    return address(db, user_id, channel)[1]


# Matching


@pytest.mark.parametrize("known_by", ["message_id", "reference", "provider_id"])
def test_receipt_finds_its_message_by_any_of_its_ids(db: Db, known_by: str) -> None:
    message_id = message(db, sms_reader(db), channel="sms")
    other = message(db, sms_reader(db), channel="sms")
    claim(db, channel="sms")
    record_outcome(db, message_id, "accepted", LATER, adapter="gateway", provider_id="ref-1")
    record_outcome(db, other, "accepted", LATER, adapter="gateway", provider_id="ref-2")
    names = {
        "message_id": str(message_id),
        "reference": value(db, "select outreach.sms_reference(%s)", message_id),
        "provider_id": "ref-1",
    }
    assert told(db, "gateway", {"kind": "delivered", known_by: names[known_by]}) == 1
    assert (state(db, message_id)["state"], state(db, other)["state"]) == ("delivered", "sent")


def test_provider_id_is_matched_only_with_its_provider(db: Db) -> None:
    message_id = message(db, sms_reader(db), channel="sms")
    claim(db, channel="sms")
    record_outcome(db, message_id, "accepted", LATER, adapter="gateway", provider_id="ref-1")
    told(db, "another", {"kind": "delivered", "provider_id": "ref-1"})
    assert state(db, message_id)["state"] == "sent"
    assert value(db, "select outreach.match_orphan_events(null, %s)", LATER) == 0


def test_sms_in_doubt_is_settled_by_its_reference(db: Db) -> None:
    """The answer was lost, and the provider's id with it."""
    message_id = message(db, sms_reader(db), channel="sms")
    claim(db, channel="sms")
    record_outcome(db, message_id, "unknown", LATER, adapter="gateway")
    reference = value(db, "select outreach.sms_reference(%s)", message_id)
    told(db, "gateway", {"kind": "sent", "reference": reference, "provider_id": "ref-9"})
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("sent", "accepted")


@pytest.mark.parametrize("outcome", ["accepted", "unknown"])
def test_early_receipt_waits_for_the_outcome(db: Db, outcome: str) -> None:
    message_id = message(db, sms_reader(db), channel="sms")
    claim(db, channel="sms")
    assert told(db, "gateway", {"kind": "delivered", "provider_id": "ref-1"}) == 1
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("claimed", "claimed")
    record_outcome(db, message_id, outcome, LATER, adapter="gateway", provider_id="ref-1")
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("delivered", "accepted")
    assert value(db, "select message_id from outreach.message_event") == message_id


def test_receipts_wait_for_a_limited_time(db: Db) -> None:
    told(db, "gateway", {"kind": "delivered", "provider_id": "ref-1"}, at=NOW - 7 * DAY - SECOND)
    told(db, "gateway", {"kind": "delivered", "provider_id": "ref-2"}, at=NOW - 7 * DAY)
    for name in ("ref-1", "ref-2"):
        message_id = sent_by_hand(db, sms_reader(db), NOW - HOUR, channel="sms")
        db.execute(
            "update outreach.delivery set adapter = 'gateway', provider_id = %s where message_id = %s",
            [name, message_id],
        )
    assert value(db, "select outreach.match_orphan_events(null, %s)", NOW) == 1
    assert [
        one["provider_id"]
        for one in rows(db, "select provider_id from outreach.message_event where message_id is null")
    ] == ["ref-1"]


def test_receipts_of_codes_and_of_unknown_messages_are_kept(db: Db) -> None:
    """Receipts of one-time codes have no message and are never matched."""
    assert told(db, "gateway", {"kind": "delivered", "provider_id": "code-1", "reference": "0" * 20}) == 1
    assert value(db, "select outreach.match_orphan_events(null, %s)", LATER) == 0


# Deliveries to poll


def test_deliveries_awaiting_a_receipt(db: Db) -> None:
    heard, silent, old, nameless = (sms_reader(db) for _ in range(4))
    ids = {}
    for user, name, at in ((heard, "r1", NOW), (silent, "r2", NOW), (old, "r3", NOW - 8 * DAY), (nameless, None, NOW)):
        ids[user] = message(db, user, due=at, channel="sms")
        claim(db, at, channel="sms")
        record_outcome(db, ids[user], "accepted", at, adapter="gateway", provider_id=name)
    told(db, "gateway", {"kind": "delivered", "provider_id": "r1"})
    asked = value(db, "select outreach.awaiting_receipt('sms', 'gateway', 10, %s)", LATER)
    assert asked == {"sendings": [{"message_id": str(ids[silent]), "provider_id": "r2"}]}
    assert value(db, "select outreach.awaiting_receipt('sms', 'another', 10, %s)", LATER) == {"sendings": []}


# Classes of bounces


@pytest.mark.parametrize(
    ("detail", "bounce"),
    [
        ({}, "soft"),
        ({"bounce": "soft"}, "soft"),
        ({"bounce": "hard"}, "hard"),
        ({"bounce": "vacation"}, "vacation"),
        ({"bounce": "mailbox_full"}, "mailbox_full"),
        ({"bounce": "nonsense"}, "soft"),
        ({"status": "5.1.1"}, "hard"),
        # Some providers call hard bounces transient: the code wins.
        ({"bounce": "soft", "status": "5.1.1"}, "hard"),
        ({"bounce": "hard", "status": "4.4.7"}, "soft"),
        ({"bounce": "hard", "status": "5.2.2"}, "mailbox_full"),
        ({"status": "4.2.2"}, "mailbox_full"),
        # The sender is judged, not the address.
        ({"bounce": "hard", "status": "5.7.1"}, "soft"),
        ({"bounce": "vacation", "status": "5.1.1"}, "vacation"),
        ({"status": "nonsense"}, "soft"),
    ],
)
def test_bounce_class(db: Db, detail: dict[str, str], bounce: str) -> None:
    assert value(db, "select outreach.bounce_class(%s)", Jsonb(detail)) == bounce


def test_only_bounces_have_a_class(db: Db) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="message_event_bounce_is_of_bounced"):
        db.execute(
            "insert into outreach.message_event (kind, happened_at, recorded_at, source, bounce)"
            " values ('delivered', now(), now(), 'test', 'hard')"
        )


# Suppressions


def deliveries(db: Db, user_id: UUID, number: int) -> list[UUID]:
    """Accepted e-mails to a person, a week apart."""
    return [sent_by_hand(db, user_id, NOW - (number - place) * 8 * DAY) for place in range(number)]


def bounced(db: Db, message_id: UUID, bounce: str, at: Any = LATER, **more: Any) -> int:
    return record_event(db, message_id, "bounced", at, detail={"bounce": bounce}, happened_at=at.isoformat(), **more)


@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_soft_bounces_up_to_the_limit(db: Db, number: int) -> None:
    user = person(db, consents=("email",))
    for place, message_id in enumerate(deliveries(db, user, number)):
        bounced(db, message_id, "soft", LATER + place * SECOND)
    assert reason(db, user) == ("soft_bounces" if number >= 5 else None)


def test_the_limit_is_a_rule(db: Db) -> None:
    set_rule(db, "bounce.soft_limit", 2)
    user = person(db, consents=("email",))
    one, two = deliveries(db, user, 2)
    bounced(db, one, "soft")
    assert reason(db, user) is None
    bounced(db, two, "soft")
    assert address(db, user) == (LATER, "soft_bounces")


@pytest.mark.parametrize("arrival", ["delivered", "opened", "clicked"])
@pytest.mark.parametrize("place", range(6))
def test_arrival_between_bounces_restarts_the_count(db: Db, place: int, arrival: str) -> None:
    """Six deliveries, one of which arrived: five bounces in a row only if it was the first or the last."""
    user = person(db, consents=("email",))
    for number, message_id in enumerate(deliveries(db, user, 6)):
        at = LATER + number * SECOND
        if number == place:
            record_event(db, message_id, arrival, at, happened_at=at.isoformat())
        else:
            bounced(db, message_id, "soft", at)
    assert reason(db, user) == ("soft_bounces" if place in (0, 5) else None)


def test_open_by_a_machine_is_no_arrival(db: Db) -> None:
    user = person(db, consents=("email",))
    ids = deliveries(db, user, 5)
    for place, message_id in enumerate(ids):
        bounced(db, message_id, "soft", LATER + place * SECOND)
        record_event(db, ids[2], "opened", LATER + 2 * SECOND, is_machine=True)
    assert reason(db, user) == "soft_bounces"


def test_delivery_bounces_once_however_often_reported(db: Db) -> None:
    user = person(db, consents=("email",))
    (message_id,) = deliveries(db, user, 1)
    for place in range(10):
        assert bounced(db, message_id, "soft", LATER + place * SECOND, source=f"way-{place}") == 1
    assert reason(db, user) is None


@pytest.mark.parametrize("bounce", ["mailbox_full", "vacation"])
def test_a_full_mailbox_or_a_vacation_never_suppresses(db: Db, bounce: str) -> None:
    user = person(db, consents=("email",))
    ids = deliveries(db, user, 12)
    for place, message_id in enumerate(ids):
        bounced(db, message_id, bounce, LATER + place * SECOND)
    assert reason(db, user) is None
    # A vacation reply is not a bounce, a full mailbox is.
    assert state(db, ids[0])["state"] == ("sent" if bounce == "vacation" else "bounced")


@pytest.mark.parametrize(("kind", "why"), [("bounced", "hard_bounce"), ("complained", "complaint")])
def test_hard_bounce_or_complaint_suppresses_at_once_and_stops_pending_messages(db: Db, kind: str, why: str) -> None:
    user = person(db, consents=("email",))
    (message_id,) = deliveries(db, user, 1)
    waiting = message(db, user)
    record_event(db, message_id, kind, LATER - HOUR, detail={"bounce": "hard"})
    assert address(db, user) == (LATER - HOUR, why)
    assert claim(db, NOW)["refused"] == 1
    assert (state(db, waiting)["reason"], state(db, waiting)["rule"]) == ("suppressed", "contact")


def test_only_the_address_of_the_channel_is_suppressed(db: Db) -> None:
    user = sms_reader(db)
    message_id = message(db, user, channel="sms")
    claim(db, channel="sms")
    record_outcome(db, message_id, "accepted", LATER)
    bounced(db, message_id, "hard")
    assert (reason(db, user, "sms"), reason(db, user, "email")) == ("hard_bounce", None)


def test_new_address_starts_from_zero(db: Db) -> None:
    user = person(db, consents=("email",))
    (old,) = deliveries(db, user, 1)
    bounced(db, old, "hard")
    db.execute(
        "update account.contact set address = 'new@example.com', verified_at = %s, suppressed_at = null,"
        " suppressed_reason = null where user_id = %s",
        [NOW - HOUR, user],
    )
    # Reported late, of the former address.
    record_event(db, old, "complained", LATER)
    assert reason(db, user) is None
    new = sent_by_hand(db, user, NOW)
    bounced(db, new, "hard")
    assert reason(db, user) == "hard_bounce"


@pytest.mark.parametrize("by_hand", ["by_hand", "refused"])
def test_suppression_by_others_is_kept(db: Db, by_hand: str) -> None:
    user = person(db, consents=("email",))
    (message_id,) = deliveries(db, user, 1)
    db.execute(
        "update account.contact set suppressed_at = %s, suppressed_reason = %s where user_id = %s", [NOW, by_hand, user]
    )
    record_event(db, message_id, "delivered", LATER)
    bounced(db, message_id, "hard")
    assert address(db, user) == (NOW, by_hand)


def test_in_app_has_no_address(db: Db) -> None:
    user = person(db, consents=())
    consent(db, user, "in_app")
    message_id = message(db, user, channel="in_app")
    claim(db, channel="in_app")
    record_outcome(db, message_id, "accepted", LATER)
    bounced(db, message_id, "hard")
    assert state(db, message_id)["state"] == "bounced"
    assert reason(db, user) is None


HISTORY = ["soft", "soft", "delivered", "soft", "hard", "complained", "vacation", "mailbox_full"]


def test_every_order_of_recording_gives_the_same_suppression(db: Db) -> None:
    """The same events with their instants, recorded in every order of four, in one call or in several."""
    set_rule(db, "bounce.soft_limit", 2)
    for kinds in (
        ("soft", "delivered", "soft", "soft"),
        ("soft", "soft", "delivered", "vacation"),
        ("soft", "delivered", "soft", "mailbox_full"),
        ("soft", "soft", "hard", "complained"),
    ):
        ends = set()
        for order in permutations(range(4)):
            user = person(db, consents=("email",))
            ids = deliveries(db, user, 4)
            for place in order:
                one(db, ids[place], kinds[place], place)
            ends.add(reason(db, user))
        assert len(ends) == 1, (kinds, ends)


def one(db: Db, message_id: UUID, kind: str, place: int) -> None:
    at = LATER + place * SECOND
    if kind in ("delivered", "complained"):
        record_event(db, message_id, kind, at, happened_at=at.isoformat())
    else:
        bounced(db, message_id, kind, at)


def expected(kinds: list[str], limit: int) -> str | None:
    """The rule in Python."""
    if "complained" in kinds:
        return "complaint"
    if "hard" in kinds:
        return "hard_bounce"
    run = longest = 0
    for kind in kinds:
        run = 0 if kind == "delivered" else run + (kind == "soft")
        longest = max(longest, run)
    return "soft_bounces" if longest >= limit else None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_history_in_any_order(db: Db, data: st.DataObject) -> None:
    softer = [*HISTORY, "soft", "soft", "soft", "soft", "delivered"]
    kinds = data.draw(st.lists(st.sampled_from(softer), min_size=1, max_size=9))
    order = data.draw(st.permutations(range(len(kinds))))
    user = person(db, consents=("email",))
    ids = deliveries(db, user, len(kinds))
    for place in order:
        one(db, ids[place], kinds[place], place)
    assert reason(db, user) == expected(kinds, 5)


# Webhook calls


def test_two_contacts_are_judged_separately(db: Db) -> None:
    """Two people of one call, one of whom complained."""
    users = [person(db, consents=("email",)) for _ in range(2)]
    ids = [deliveries(db, user, 1)[0] for user in users]
    contact(db, users[0], "sms", "+8801799999999")
    told(
        db,
        "smtp",
        {"kind": "complained", "message_id": str(ids[0])},
        {"kind": "delivered", "message_id": str(ids[1])},
    )
    assert [reason(db, user) for user in users] == ["complaint", None]
    assert reason(db, users[0], "sms") is None


def test_housekeeping_deletes_receipts_that_never_matched(db: Db) -> None:
    for days, name in ((31, "old"), (29, "young")):
        at = NOW - days * DAY
        value(db, "select outreach.receive_webhook('gateway', %s, %s, %s)", name, b"{}", at)
        told(db, "gateway", {"kind": "delivered", "provider_id": name}, at=at)
        # A matched receipt is kept, however old.
        told(db, "gateway", {"kind": "delivered", "message_id": str(sent_by_hand(db, sms_reader(db), at))}, at=at)
    assert value(db, "select outreach.prune_receipts(%s)", NOW) == 2
    assert [one["webhook_id"] for one in rows(db, "select webhook_id from outreach.webhook_call")] == ["young"]
    assert value(db, "select count(*) from outreach.message_event where message_id is not null") == 2
    assert value(db, "select count(*) from outreach.message_event where provider_id = 'young'") == 1
    assert value(db, "select outreach.prune_receipts(%s)", NOW) == 0


def test_receipt_concurrent_with_the_outcome_is_matched_by_the_sweep(db: Db, connect: Connect, clock: Clock) -> None:
    """Neither sees the other: each is recorded before the other commits."""
    message_id = message(db, sms_reader(db), channel="sms")
    claim(db, channel="sms")
    recording, receiving = connect(autocommit=False), connect(autocommit=False)
    told(receiving, "gateway", {"kind": "delivered", "provider_id": "ref-1"})
    record_outcome(recording, message_id, "accepted", LATER, adapter="gateway", provider_id="ref-1")
    receiving.commit()
    recording.commit()
    assert state(db, message_id)["state"] == "sent"
    assert value(db, "select jobs.sweep() ->> 'matched'") == "1"
    assert state(db, message_id)["state"] == "delivered"
    assert value(db, "select jobs.sweep() ->> 'matched'") == "0"
