"""Scenarios 38 to 42 through the real parts: a gateway, a worker and the edge as processes, spoken to over HTTP."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import httpx2
import pytest
from psycopg import Connection
from standardwebhooks.webhooks import Webhook

from tests.app.serving import Edge, serving
from tests.conftest import Clock
from tests.doubles.process import started
from tests.doubles.sms_gateway import SID, TOKEN
from tests.marketplace import person
from tests.outbox import DAY, delivery, message, row, rows, sent_by_hand, state, value
from tests.worker.stage import Start, until

Db = Connection[Any]
SHARED = "agreed-with-the-gateway-by-telephone"
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, thirty-two").decode()
KINDS = ("delivered", "opened", "clicked", "bounced")


@pytest.fixture(autouse=True)
def time_runs(clock: Clock) -> None:
    """From ten in the morning in Dhaka on, so that what is deferred comes due."""
    clock.set("2026-11-23T10:00:00+06:00", speed=1)


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    with serving(database_url, WEBHOOK_SECRETS=f"ssl_wireless={SHARED},smtp={SECRET}") as running:
        yield running


@pytest.fixture
def gateway() -> Iterator[str]:
    with started("tests.doubles.sms_gateway") as port:
        yield f"http://127.0.0.1:{port}"


def sms_settings(gateway: str, name: str = "ssl_wireless") -> dict[str, str]:
    return {"SMS_GATEWAY": name, "SMS_URL": gateway, "SMS_API_TOKEN": TOKEN, "SMS_SID": SID}


def behave(gateway: str, *moods: str) -> None:
    httpx2.put(f"{gateway}/behaviour", json={"moods": list(moods)})


def taken(gateway: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = httpx2.get(f"{gateway}/taken").json()
    return found


def sms(db: Db, clock: Clock) -> UUID:
    """A message that is due now, and the wake-up that goes with it."""
    now = clock.now()
    message_id = message(db, person(db, phone=True, consents=("sms",)), due=now, channel="sms")
    db.execute("select queue.enqueue('deliver', jsonb_build_object('channel', 'sms'))")
    return message_id


def call_back(edge: Edge, **report: str) -> httpx2.Response:
    """As the gateway does it."""
    return httpx2.post(f"{edge.url}/webhooks/ssl_wireless", json=report, headers={"authorization": f"Bearer {SHARED}"})


def call(edge: Edge, webhook_id: str, body: dict[str, Any], *, age: int = 0, secret: str = SECRET) -> int:
    """As a mail relay does it, by Standard Webhooks; the status."""
    content = json.dumps(body)
    at = datetime.fromtimestamp(int(time.time()) - age, UTC)
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, content),
        "content-type": "application/json",
    }
    return httpx2.post(f"{edge.url}/webhooks/smtp", content=content, headers=headers).status_code


def event(kind: str, message_id: UUID, event_id: str, **more: str) -> dict[str, Any]:
    data = {"message_id": str(message_id), "event_id": event_id} | more
    return {"type": f"message.{kind}", "timestamp": "2026-11-23T04:00:05Z", "data": data}


@contextmanager
def all_read(db: Db) -> Iterator[None]:
    """Ends when the worker has read every call."""
    yield
    until(lambda: value(db, "select count(*) = 0 from outreach.webhook_call where read_at is null"), what="calls read")


def suppressed(db: Db, message_id: UUID) -> Any:
    return row(
        db,
        "select c.suppressed_reason from outreach.message m join account.contact c using (user_id, channel)"
        " where m.message_id = %s",
        message_id,
    )["suppressed_reason"]


def test_scenario_38_bounces(db: Db, clock: Clock, edge: Edge, worker: Start) -> None:
    """Hard and complaint at once, five soft, vacation and mailbox-full not, the same event ten times counts once."""
    now = clock.now()
    worker()

    def sent_to(user: UUID, number: int) -> list[UUID]:
        return [sent_by_hand(db, user, now - (number - place) * 8 * DAY) for place in range(number)]

    people = {
        name: sent_to(person(db, consents=("email",)), number)
        for name, number in {
            "hard": 1, "complaint": 1, "four": 4, "five": 5, "vacation": 6, "full": 6, "repeated": 1,
        }.items()
    }  # fmt: skip
    with all_read(db):
        calls = [
            ("bounced", people["hard"], {"bounce": "soft", "status": "5.1.1"}),
            ("complained", people["complaint"], {}),
            ("bounced", people["four"], {"bounce": "soft"}),
            ("bounced", people["five"], {"bounce": "soft"}),
            ("bounced", people["vacation"], {"bounce": "vacation"}),
            ("bounced", people["full"], {"bounce": "mailbox_full"}),
        ]
        for kind, ids, detail in calls:
            for message_id in ids:
                assert call(edge, f"msg-{message_id}", event(kind, message_id, f"e-{message_id}", **detail)) == 200
        (repeated,) = people["repeated"]
        for place in range(10):
            # Ten calls, each with an id of its own, about one event.
            assert call(edge, f"again-{place}", event("bounced", repeated, "e-repeated", bounce="soft")) == 200
    assert {name: suppressed(db, ids[0]) for name, ids in people.items()} == {
        "hard": "hard_bounce",
        "complaint": "complaint",
        "four": None,
        "five": "soft_bounces",
        "vacation": None,
        "full": None,
        "repeated": None,
    }
    assert value(db, "select count(*) from outreach.message_event where message_id = %s", repeated) == 1


def test_scenario_39_every_order_and_repetition_ends_in_the_same_state(
    db: Db, clock: Clock, edge: Edge, worker: Start
) -> None:
    """Every order of four kinds of receipts, each told twice, over HTTP and through two workers at once."""
    orders = list(permutations(KINDS))
    ids = [sent_by_hand(db, person(db, consents=("email",)), clock.now()) for _ in orders]
    worker()
    worker()
    with all_read(db):
        for again in ("", "-again"):
            for place in range(len(KINDS)):
                for order, message_id in zip(orders, ids, strict=True):
                    kind = order[place]
                    told = event(kind, message_id, f"{message_id}/{kind}")
                    assert call(edge, f"{message_id}-{kind}{again}", told) == 200
    ends = {
        (
            state(db, message_id)["state"],
            delivery(db, message_id)["state"],
            suppressed(db, message_id),
            value(db, "select count(*) from outreach.message_event where message_id = %s", message_id),
        )
        for message_id in ids
    }
    assert ends == {("clicked", "bounced", None, 4)}


def test_scenario_40_a_receipt_before_our_commit_is_matched_later(
    db: Db, clock: Clock, edge: Edge, gateway: str, worker: Start
) -> None:
    """The gateway reports before it has answered, by its own name for the message, which nobody here knows yet."""
    behave(gateway, "slow")
    message_id = sms(db, clock)
    worker(**sms_settings(gateway))
    until(lambda: taken(gateway), what="the gateway took it")
    assert state(db, message_id)["state"] == "claimed"
    name = f"ref0x{taken(gateway)[0]['id'][:6]}"
    with all_read(db):
        assert call_back(edge, reference_id=name, status="DELIVRD").json() == {"received": True}
    assert state(db, message_id)["state"] == "claimed"
    assert (
        value(db, "select count(*) from outreach.message_event where message_id is null and provider_id = %s", name)
        == 1
    )
    until(lambda: state(db, message_id)["state"] == "delivered", what="matched when our record committed")
    assert value(db, "select message_id from outreach.message_event where provider_id = %s", name) == message_id
    assert len(taken(gateway)) == 1


@pytest.mark.parametrize("mood", ["login", "empty", "array", "no_message", "another"])
def test_scenario_41_a_200_that_says_nothing_is_not_sent(
    db: Db, clock: Clock, gateway: str, worker: Start, mood: str
) -> None:
    behave(gateway, mood)
    message_id = sms(db, clock)
    running = worker(**sms_settings(gateway))
    until(lambda: state(db, message_id)["state"] != "claimed" and running.said("delivered"), what="an answer")
    assert (state(db, message_id)["state"], delivery(db, message_id)["state"]) == ("in_doubt", "in_doubt")
    # Not repeated blindly, and still counted.
    assert len(httpx2.get(f"{gateway}/requests").json()) == 1
    assert value(db, "select count(*) > 0 from outreach.cap_slot where message_id = %s", message_id)


def test_scenario_42_forged_stale_and_replayed_calls_change_nothing(
    db: Db, clock: Clock, edge: Edge, worker: Start
) -> None:
    message_id = sent_by_hand(db, person(db, consents=("email",)), clock.now())
    worker()
    hostile = event("complained", message_id, "e-hostile")
    stranger = "whsec_" + base64.b64encode(b"a secret that nobody ever agreed").decode()
    assert call(edge, "forged", hostile, secret=stranger) == 401
    assert call(edge, "stale", hostile, age=301) == 401
    assert httpx2.post(f"{edge.url}/webhooks/smtp", json=hostile).status_code == 401
    assert value(db, "select count(*) from outreach.webhook_call") == 0
    # A good one, and the same id again with another content: answered as a repetition, without effect.
    with all_read(db):
        assert call(edge, "good", event("delivered", message_id, "e-good")) == 200
        assert call(edge, "good", hostile) == 200
    assert call(edge, "good", event("delivered", message_id, "e-good"), age=600) == 401
    assert [one["kind"] for one in rows(db, "select kind from outreach.message_event")] == ["delivered"]
    assert (state(db, message_id)["state"], suppressed(db, message_id)) == ("delivered", None)


def test_receipts_that_have_to_be_asked_for(db: Db, clock: Clock, gateway: str, worker: Start) -> None:
    message_id = sms(db, clock)
    running = worker(**sms_settings(gateway, "alpha_sms"))
    until(lambda: state(db, message_id)["state"] == "sent", what="sent")
    httpx2.put(f"{gateway}/statuses", json={delivery(db, message_id)["provider_id"]: "Delivered"})
    httpx2.put(f"{gateway}/balance", json=12.5)
    db.execute("select queue.enqueue('poll_receipts', '{}')")
    until(lambda: state(db, message_id)["state"] == "delivered", what="told when asked")
    (balance,) = until(lambda: running.said("balance"), what="the balance")
    assert (balance["taka"], balance["level"]) == (12.5, "warning")
    # Heard of, so not asked about again.
    assert value(db, "select jobs.awaiting_receipt('sms', 'alpha_sms', 10)") == {"sendings": []}


def test_a_call_that_nobody_understands_is_noted_and_not_tried_again(
    db: Db, clock: Clock, edge: Edge, worker: Start
) -> None:
    running = worker()
    with all_read(db):
        assert call(edge, "odd", {"type": "invoice.paid", "data": {"secret": "words of the body"}}) == 200
    assert row(db, "select events, body from outreach.webhook_call") == {"events": 0, "body": None}
    assert value(db, "select parse_error from outreach.webhook_call") == "ValidationError"
    assert "words of the body" not in running.log.read_text()
    until(lambda: value(db, "select count(*) = 0 from queue.pgqueuer where entrypoint = 'receipts'"), what="done")
