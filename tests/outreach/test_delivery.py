"""After the claim: outcomes, receipts, look-ups and the sweep."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import campaign
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    delivery,
    message,
    reader,
    record_event,
    record_outcome,
    row,
    rows,
    set_rule,
    slots,
    state,
    value,
)

SECOND = timedelta(seconds=1)
LATER = NOW + 10 * SECOND


def claimed(db: Connection[Any], **columns: Any) -> UUID:
    message_id = message(db, reader(db), **columns)
    assert claim(db)["claimed"] == 1
    return message_id


@pytest.mark.parametrize(
    ("outcome", "figure", "message_state", "delivery_state", "reason", "holds_slots"),
    [
        ("accepted", "accepted", "sent", "accepted", None, True),
        ("refused", "failed", "failed", "released", "provider_refused", False),
        ("later", "retry", "scheduled", "released", "provider_later", False),
        ("unknown", "in_doubt", "in_doubt", "in_doubt", None, True),
    ],
)
def test_each_outcome_is_idempotent(
    db: Connection[Any],
    outcome: str,
    figure: str,
    message_state: str,
    delivery_state: str,
    reason: str | None,
    holds_slots: bool,
) -> None:
    message_id = claimed(db)
    user = value(db, "select user_id from outreach.message where message_id = %s", message_id)
    nothing = {"accepted": 0, "failed": 0, "retry": 0, "in_doubt": 0}
    assert record_outcome(db, message_id, outcome, LATER, error="451 try later", provider_id="p") == nothing | {
        figure: 1
    }
    then = state(db, message_id), delivery(db, message_id), slots(db, user)
    assert (then[0]["state"], then[1]["state"], then[0]["reason"]) == (message_state, delivery_state, reason)
    assert (then[1]["error"], then[1]["provider_id"], then[1]["adapter"]) == ("451 try later", "p", "test")
    assert bool(then[2]) == holds_slots
    # Repeated, also with another error: nothing changes, the first error text is kept.
    assert record_outcome(db, message_id, outcome, LATER + HOUR, error="another", provider_id="q") == nothing
    assert (state(db, message_id), delivery(db, message_id), slots(db, user)) == then


@pytest.mark.parametrize(("first", "second", "end"), [
    ("unknown", "accepted", "sent"),
    ("unknown", "refused", "failed"),
    ("unknown", "later", "scheduled"),
    ("accepted", "refused", "sent"),
    ("accepted", "later", "sent"),
    ("accepted", "unknown", "sent"),
    ("refused", "accepted", "failed"),
    ("later", "accepted", "scheduled"),
])  # fmt: skip
def test_first_final_outcome_is_kept_and_a_doubt_can_be_settled(
    db: Connection[Any], first: str, second: str, end: str
) -> None:
    message_id = claimed(db)
    record_outcome(db, message_id, first, LATER, error="first")
    record_outcome(db, message_id, second, LATER + SECOND, error="second")
    assert state(db, message_id)["state"] == end
    assert delivery(db, message_id)["error"] == "first"


def test_retry_doubles_its_wait_until_given_up(db: Connection[Any]) -> None:
    set_rule(db, "retry.max", 3)
    message_id = claimed(db, useful_until=NOW + 9 * DAY)
    moment = NOW
    for attempt, seconds in [(1, 60), (2, 120), (3, 240)]:
        assert record_outcome(db, message_id, "later", moment, attempt=attempt)["retry"] == 1
        assert state(db, message_id)["due_at"] == moment + seconds * SECOND
        assert claim(db, moment + seconds * SECOND - MICRO)["claimed"] == 0
        moment += seconds * SECOND
        assert claim(db, moment)["claimed"] == 1
    assert record_outcome(db, message_id, "later", moment, attempt=4)["failed"] == 1
    now = state(db, message_id)
    assert (now["state"], now["reason"], now["rule"], now["rule_version"], now["failures"]) == (
        "failed", "retries_used_up", "retry.max", 2, 4,
    )  # fmt: skip
    assert value(db, "select count(*) from outreach.cap_slot") == 0


@pytest.mark.parametrize(
    ("useful_for", "end"),
    [(60 * SECOND, "scheduled"), (60 * SECOND - MICRO, "expired")],
    ids=["just", "too late"],
)
def test_retry_after_useful_until_expires(db: Connection[Any], useful_for: timedelta, end: str) -> None:
    message_id = claimed(db, useful_until=NOW + useful_for)
    record_outcome(db, message_id, "later", NOW)
    assert state(db, message_id)["state"] == end
    if end == "expired":
        assert (state(db, message_id)["reason"], state(db, message_id)["rule"]) == ("too_late", "reminder.useful_for")


def test_provider_can_ask_for_a_longer_wait_but_not_a_shorter(db: Connection[Any]) -> None:
    for retry_after, seconds in [(3600, 3600), (5, 60), (None, 60), (0, 60), (60.5, 60.5)]:
        message_id = claimed(db)
        record_outcome(db, message_id, "later", NOW, retry_after=retry_after)
        assert state(db, message_id)["due_at"] == NOW + seconds * SECOND


def test_a_retry_has_a_wake_up(db: Connection[Any]) -> None:
    message_id = claimed(db)
    before = value(db, "select count(*) from queue.pgqueuer where entrypoint = 'deliver'")
    record_outcome(db, message_id, "later", NOW)
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'deliver'") == before + 1


@pytest.mark.parametrize(
    ("outcome", "bad", "suppressed"),
    [("refused", True, True), ("refused", False, False), ("later", True, False), ("accepted", True, False)],
)
def test_a_bad_address_is_suppressed_only_by_a_refusal(
    db: Connection[Any], outcome: str, bad: bool, suppressed: bool
) -> None:
    message_id = claimed(db)
    record_outcome(db, message_id, outcome, LATER, address_is_bad=bad)
    contact = row(
        db,
        "select c.suppressed_at, c.suppressed_reason from account.contact c join outreach.message m using (user_id)"
        " where m.message_id = %s",
        message_id,
    )
    assert contact == {
        "suppressed_at": LATER if suppressed else None,
        "suppressed_reason": "refused" if suppressed else None,
    }


def test_outcomes_of_many_and_of_unknown_messages_in_one_call(db: Connection[Any]) -> None:
    for _ in range(4):
        message(db, reader(db))
    ids = [m["message_id"] for m in claim(db)["messages"]]
    told = [
        {"message_id": i, "attempt": 1, "adapter": "test", "outcome": o}
        for i, o in zip(ids, ["accepted", "refused", "later", "unknown"], strict=True)
    ]
    strangers = [{"message_id": str(uuid4()), "attempt": 1, "adapter": "test", "outcome": "accepted"}]
    nonsense = [told[0] | {"outcome": "perhaps"}, told[1] | {"attempt": 9}]
    answer = value(db, "select outreach.record_outcomes(%s, %s)", Jsonb(nonsense + strangers + told + told), LATER)
    assert answer == {"accepted": 1, "failed": 1, "retry": 1, "in_doubt": 1}
    empty = value(db, "select outreach.record_outcomes('[]', %s)", LATER)
    assert empty == {"accepted": 0, "failed": 0, "retry": 0, "in_doubt": 0}


EVENTS = ["sent", "delivered", "opened", "clicked", "booked", "bounced"]
KINDS_THAT_MATTER = {frozenset(c) for n in (2, 3) for c in permutations(EVENTS, n)}


def end_of(db: Connection[Any], message_id: UUID) -> tuple[Any, ...]:
    return (
        state(db, message_id)["state"],
        delivery(db, message_id)["state"],
        value(db, "select count(*) from outreach.message_event where message_id = %s", message_id),
    )


@pytest.mark.parametrize("before", ["claimed", "in_doubt", "sent"])
def test_scenario_39_every_order_and_repetition_of_events_ends_in_the_same_state(
    db: Connection[Any], before: str
) -> None:
    """Every pair and triple of kinds in every order, before, with and after the outcome, with repetitions."""
    set_rule(db, "look_ahead", 0)
    orders = [order for kinds in sorted(KINDS_THAT_MATTER, key=sorted) for order in permutations(sorted(kinds))]
    ids = {order: message(db, reader(db), service_id=None) for order in orders}
    while claim(db, limit=500)["more"]:
        pass
    if before != "claimed":
        outcome = {"in_doubt": "unknown", "sent": "accepted"}[before]
        told = [{"message_id": str(i), "attempt": 1, "adapter": "t", "outcome": outcome} for i in ids.values()]
        value(db, "select outreach.record_outcomes(%s, %s)", Jsonb(told), LATER)
    ends: dict[frozenset[str], set[tuple[Any, ...]]] = {}
    for place in range(3):
        for again in range(2):
            events = [
                {"message_id": str(i), "kind": order[place], "source_event_id": f"{i}/{order[place]}"}
                for order, i in ids.items()
                if place < len(order)
            ]
            recorded = value(
                db, "select outreach.record_message_events('t', %s, %s)", Jsonb(events), LATER + place * SECOND
            )
            assert recorded == (0 if again else len(events))
    # The outcome, recorded only now, changes nothing that a receipt has settled.
    told = [{"message_id": str(i), "attempt": 1, "adapter": "t", "outcome": "accepted"} for i in ids.values()]
    value(db, "select outreach.record_outcomes(%s, %s)", Jsonb(told), LATER + HOUR)
    for order, i in ids.items():
        ends.setdefault(frozenset(order), set()).add(end_of(db, i))
    assert {kinds: found for kinds, found in ends.items() if len(found) > 1} == {}
    furthest = {"sent": 0, "bounced": 1, "delivered": 2, "opened": 3, "clicked": 4, "booked": 5}
    for kinds, found in ends.items():
        (end,) = found
        assert end == (
            max(kinds, key=lambda k: furthest[k]),
            "bounced" if "bounced" in kinds else "accepted",
            len(kinds),
        )


def test_all_events_of_one_call_in_any_order(db: Connection[Any]) -> None:
    ends = set()
    for order in permutations(["delivered", "opened", "clicked", "bounced"]):
        message_id = claimed(db)
        events = [
            {"message_id": str(message_id), "kind": kind, "source_event_id": f"{message_id}/{kind}"} for kind in order
        ]
        assert value(db, "select outreach.record_message_events('t', %s, %s)", Jsonb(events + events), LATER) == 4
        ends.add(end_of(db, message_id))
    assert ends == {("clicked", "bounced", 4)}


def test_receipt_before_the_outcome_settles_and_keeps_the_slot(db: Connection[Any]) -> None:
    message_id = claimed(db)
    record_event(db, message_id, "delivered", LATER)
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("delivered", "accepted")
    assert record_outcome(db, message_id, "later", LATER + SECOND)["retry"] == 0
    assert state(db, message_id)["state"] == "delivered"
    assert value(db, "select count(*) from outreach.cap_slot where message_id = %s", message_id) == 2


def test_bounce_after_acceptance_marks_the_delivery_and_still_counts(db: Connection[Any]) -> None:
    message_id = claimed(db)
    record_outcome(db, message_id, "accepted", LATER)
    record_event(db, message_id, "bounced", LATER + SECOND)
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("bounced", "bounced")
    assert value(db, "select count(*) from outreach.cap_slot where message_id = %s", message_id) == 2


def test_machine_events_are_kept_without_effect(db: Connection[Any]) -> None:
    message_id = claimed(db)
    record_outcome(db, message_id, "accepted", LATER)
    for kind in ("opened", "clicked", "delivered"):
        assert record_event(db, message_id, kind, LATER, is_machine=True) == 1
    assert state(db, message_id)["state"] == "sent"
    assert value(db, "select count(*) from outreach.message_event where is_machine") == 3


def test_an_event_counts_once_per_source(db: Connection[Any]) -> None:
    message_id = claimed(db)
    ten = [record_event(db, message_id, "opened", LATER, source_event_id="e-1") for _ in range(10)]
    assert ten == [1] + [0] * 9
    assert record_event(db, message_id, "opened", LATER, source="another", source_event_id="e-1") == 1


def test_event_of_an_unknown_message_is_kept_without_it(db: Connection[Any]) -> None:
    stranger = uuid4()
    assert record_event(db, stranger, "delivered", LATER, detail={"code": 250}) == 1
    kept = row(db, "select message_id, detail from outreach.message_event")
    assert kept == {"message_id": None, "detail": {"code": 250, "message_id": str(stranger)}}


@pytest.mark.parametrize("end", ["ghost", "scheduled", "expired", "refused", "failed"])
def test_event_does_not_change_a_message_that_was_not_sent(db: Connection[Any], end: str) -> None:
    message_id = message(
        db, reader(db), state=end, reason=None if end in ("ghost", "scheduled") else "test", due=NOW + DAY
    )
    assert record_event(db, message_id, "delivered", LATER) == 1
    assert state(db, message_id)["state"] == end


def test_unknown_kind_of_event_is_refused(db: Connection[Any]) -> None:
    message_id = claimed(db)
    with pytest.raises(psycopg.errors.CheckViolation, match="message_event_kind_is_known"):
        record_event(db, message_id, "teleported")
    assert value(db, "select count(*) from outreach.message_event") == 0


@pytest.mark.parametrize(
    ("after", "doubted"), [(300 * SECOND, 0), (300 * SECOND + MICRO, 1)], ids=["at the lease", "past it"]
)
def test_sweep_doubts_a_claim_only_after_its_lease(db: Connection[Any], after: timedelta, doubted: int) -> None:
    message_id = claimed(db)
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW + after)["in_doubt"] == doubted
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == (
        ("in_doubt", "in_doubt") if doubted else ("claimed", "claimed")
    )
    # Still counted, never blindly repeated.
    assert value(db, "select count(*) from outreach.cap_slot where message_id = %s", message_id) == 2
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW + DAY)["in_doubt"] == 1 - doubted
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW + 2 * DAY)["in_doubt"] == 0
    assert claim(db, NOW + DAY)["claimed"] == 0


def test_sweep_expires_messages_after_useful_until(db: Connection[Any]) -> None:
    paused = campaign(db, status="paused")
    stale = message(db, reader(db), due=NOW - DAY, useful_until=NOW - MICRO, campaign_id=paused)
    useful = message(db, reader(db), due=NOW - DAY, useful_until=NOW)
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW)["expired"] == 1
    assert (state(db, stale)["state"], state(db, stale)["reason"], state(db, stale)["rule_version"]) == (
        "expired", "too_late", 1,
    )  # fmt: skip
    assert state(db, useful)["state"] == "scheduled"
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW)["expired"] == 0


def test_sweep_enqueues_one_wake_up_for_overdue_messages(db: Connection[Any]) -> None:
    message(db, reader(db), due=NOW - 120 * SECOND)
    message(db, reader(db), due=NOW - 119 * SECOND)
    message(db, reader(db), due=NOW - HOUR, campaign_id=campaign(db, status="paused"))
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW)["woken"] == 1
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW)["woken"] == 0
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW + 60 * SECOND)["woken"] == 1


def settle(db: Connection[Any], message_id: UUID, found: bool, moment: Any = LATER, attempt: int = 1) -> dict[str, int]:
    result = {
        "message_id": str(message_id),
        "attempt": attempt,
        "adapter": "test",
        "found": found,
        "provider_id": "p-9",
    }
    answer: dict[str, int] = value(db, "select outreach.settle_in_doubt(%s, %s)", Jsonb([result]), moment)
    return answer


def test_a_look_up_settles_what_is_in_doubt(db: Connection[Any]) -> None:
    found, lost, useless = claimed(db), claimed(db), claimed(db, useful_until=NOW + 9 * SECOND)
    for message_id in (found, lost, useless):
        record_outcome(db, message_id, "unknown", LATER)
    asked = value(db, "select jobs.in_doubt_messages('email', 10)")["messages"]
    assert {m["message_id"] for m in asked} == {str(found), str(lost), str(useless)}
    assert settle(db, found, True) == {"accepted": 1, "released": 0}
    assert settle(db, lost, False) == {"accepted": 0, "released": 1}
    assert settle(db, useless, False) == {"accepted": 0, "released": 1}
    assert [state(db, m)["state"] for m in (found, lost, useless)] == ["sent", "scheduled", "expired"]
    assert delivery(db, found)["provider_id"] == "p-9"
    for message_id, was_found in [(found, True), (lost, False), (useless, True)]:
        assert settle(db, message_id, was_found) == {"accepted": 0, "released": 0}


def test_look_up_does_not_change_an_open_claim(db: Connection[Any]) -> None:
    message_id = claimed(db)
    assert settle(db, message_id, False) == {"accepted": 0, "released": 0}
    assert state(db, message_id)["state"] == "claimed"


STEPS = ["ghost", "scheduled", "claimed", "in_doubt", "sent", "bounced", "delivered", "opened", "clicked", "booked",
         "expired", "refused", "failed"]  # fmt: skip
ALLOWED = {
    "scheduled": {"claimed", "expired", "refused", "failed"},
    "claimed": {"scheduled", "failed", "expired", "refused", "in_doubt", "sent", "bounced", "delivered", "opened",
                "clicked", "booked"},
    "in_doubt": {"scheduled", "failed", "expired", "refused", "sent", "bounced", "delivered", "opened", "clicked",
                 "booked"},
    "sent": {"bounced", "delivered", "opened", "clicked", "booked"},
    "bounced": {"delivered", "opened", "clicked", "booked"},
    "delivered": {"opened", "clicked", "booked"},
    "opened": {"clicked", "booked"},
    "clicked": {"booked"},
}  # fmt: skip


def test_states_only_move_forward_for_every_writer(db: Connection[Any]) -> None:
    user = reader(db)
    for old in STEPS:
        for new in STEPS:
            if old == new:
                continue
            message_id = message(db, user, state=old, reason="test", service_id=None)
            change = "update outreach.message set state = %s where message_id = %s"
            if new in ALLOWED.get(old, ()):
                db.execute(change, [new, message_id])
                continue
            with pytest.raises(psycopg.Error) as refusal:
                db.execute(change, [new, message_id])
            assert refusal.value.sqlstate == "SH409", (old, new)


def test_counts_of_a_run_add_up_in_every_state(db: Connection[Any]) -> None:
    campaign_id = campaign(db)
    run_id = value(
        db,
        "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates) values (%s,"
        " 'x', %s, %s) returning run_id",
        campaign_id, NOW, len(STEPS),
    )  # fmt: skip
    for step in STEPS:
        user = reader(db)
        message_id = message(db, user, state=step, reason="test", campaign_id=campaign_id, run_id=run_id)
        db.execute(
            "insert into smartengage.candidate (run_id, user_id, service_id, occurrence, segment,"
            " p14, expected_at, outcome,"
            " message_id) select %s, user_id, service_id, occurrence, 'repeat', 0.5, %s, %s, message_id"
            " from outreach.message where message_id = %s",
            [run_id, NOW, "ghost" if step == "ghost" else "message", message_id],
        )
    report = value(db, "select jobs.run_report(%s)", run_id)
    assert report["identity_holds"]
    assert (report["sent"], report["waiting"], report["in_doubt"], report["ghosts"]) == (6, 2, 1, 1)
    assert (report["expired"], report["refused_at_claim"], report["failed"]) == (1, 1, 1)
    # It does not if a message of the run is missing.
    db.execute("delete from smartengage.candidate where outcome = 'ghost'")
    assert rows(db, "select identity_holds from smartengage.run_reconciliation") == [{"identity_holds": False}]
