"""WhatsApp and push through the real parts: the providers, a worker and the edge as processes, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from psycopg import Connection

from tests.app.people import bearer
from tests.app.serving import APP, Edge, serving
from tests.conftest import Clock
from tests.doubles.cloud_api import PHONE_NUMBER_ID, TOKEN, VERSION
from tests.doubles.process import Provider, started
from tests.marketplace import consent, contact, person
from tests.outbox import DAY, HOUR, delivery, message, rows, slots, state, value
from tests.worker.stage import Start, until

Db = Connection[Any]
APP_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
DEVICE, NEW_DEVICE = "device-one:APA91b0123456789", "device-two:APA91b0123456789"


@pytest.fixture(autouse=True)
def time_runs(clock: Clock) -> None:
    """From ten in the morning in Dhaka on, so that what is deferred comes due."""
    clock.set("2026-11-23T10:00:00+06:00", speed=1)


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    with serving(database_url, WEBHOOK_SECRETS=f"whatsapp_cloud=hub_{APP_SECRET}") as running:
        yield running


@pytest.fixture
def meta() -> Iterator[Provider]:
    with started("tests.doubles.cloud_api") as port:
        yield Provider(f"http://127.0.0.1:{port}")


@pytest.fixture
def google() -> Iterator[Provider]:
    with started("tests.doubles.fcm") as port:
        yield Provider(f"http://127.0.0.1:{port}")


@pytest.fixture
def whatsapp_worker(worker: Start, meta: Provider) -> Callable[[], Any]:
    url = f"{meta.url}/{VERSION}"
    return lambda: worker(WHATSAPP_TOKEN=TOKEN, WHATSAPP_PHONE_NUMBER_ID=PHONE_NUMBER_ID, WHATSAPP_URL=url)


@pytest.fixture
def push_worker(worker: Start, google: Provider, tmp_path: Path) -> Callable[[], Any]:
    file = tmp_path / "firebase.json"
    file.write_bytes(httpx2.get(f"{google.url}/account").content)
    return lambda: worker(FCM_CREDENTIALS=str(file), FCM_URL=google.url)


def reader(db: Db, channel: str, address: str) -> UUID:
    user = person(db)
    consent(db, user, channel)
    contact(db, user, channel, address)
    return user


def due(db: Db, clock: Clock, user: UUID, channel: str) -> UUID:
    """A message that is due now, and the wake-up that goes with it."""
    now = clock.now()
    message_id = message(db, user, due=now, channel=channel, useful_until=now + 9 * DAY)
    wake(db, channel)
    return message_id


def wake(db: Db, channel: str) -> None:
    db.execute("select queue.enqueue('deliver', jsonb_build_object('channel', %s::text))", [channel])


def comes_to(db: Db, message_id: UUID, *states: str) -> dict[str, Any]:
    until(lambda: state(db, message_id)["state"] in states, what=f"{states}, not {state(db, message_id)}")
    return state(db, message_id)


def suppressed(db: Db, user: UUID, channel: str) -> Any:
    return value(db, "select suppressed_reason from account.contact where user_id = %s and channel = %s", user, channel)


# WhatsApp


def tell(meta: Provider, edge: Edge, *statuses: dict[str, Any], secret: str = APP_SECRET) -> int:
    """Has Meta call our webhook; the status it was answered with."""
    asked = {"url": f"{edge.url}/webhooks/whatsapp_cloud", "secret": secret, "statuses": list(statuses)}
    status: int = httpx2.post(f"{meta.url}/tell", json=asked, timeout=30).json()["status"]
    return status


def test_a_message_and_what_is_heard_of_it_in_any_order(
    db: Db, clock: Clock, edge: Edge, meta: Provider, whatsapp_worker: Callable[[], Any]
) -> None:
    user = reader(db, "whatsapp", "+8801712345678")
    message_id = due(db, clock, user, "whatsapp")
    running = whatsapp_worker()
    comes_to(db, message_id, "sent")
    (taken,) = meta.taken()
    assert taken["to"] == "8801712345678"
    # What was read is what is recorded: the text that SQL made, in one line; the links are buttons.
    subject, body = (one["text"] for one in taken["given"]["template"]["components"][0]["parameters"])
    tokens = [one["parameters"][0]["text"] for one in taken["given"]["template"]["components"][1:]]
    kept = delivery(db, message_id)
    assert (subject, body) == (kept["subject"], " ".join(kept["body"].split()))
    assert "http" not in body
    assert tokens[0] == tokens[1]
    assert value(db, "select count(*) from outreach.link where key_hash = outreach.link_key_hash(%s)", tokens[0]) == 1
    # Read, twice; then that it was delivered and sent, late; and once by somebody else.
    assert tell(meta, edge, {"id": taken["id"], "status": "read"}, secret="f" * 32) == 401
    for kind in ("read", "read", "delivered", "sent", "delivered"):
        assert tell(meta, edge, {"id": taken["id"], "status": kind}) == 200
        until(lambda: not rows(db, "select 1 from outreach.webhook_call where read_at is null"), what="calls read")
        assert state(db, message_id)["state"] == "opened"
    assert [one["kind"] for one in rows(db, "select kind from outreach.message_event order by kind")] == [
        "delivered", "opened", "sent",
    ]  # fmt: skip
    for table in ("delivery", "message_event"):
        assert taken["id"] not in str(rows(db, f"select to_jsonb(t) as row from outreach.{table} t"))
    for secret in (TOKEN, "8801712345678", tokens[0], "শুভেচ্ছা"):
        assert secret not in running.log.read_text()


def test_a_lost_answer_is_settled_by_our_own_name_in_the_status(
    db: Db, clock: Clock, edge: Edge, meta: Provider, whatsapp_worker: Callable[[], Any]
) -> None:
    meta.behave("reset")
    message_id = due(db, clock, reader(db, "whatsapp", "+8801712345678"), "whatsapp")
    whatsapp_worker()
    comes_to(db, message_id, "in_doubt")
    assert delivery(db, message_id)["provider_id"] is None
    assert tell(meta, edge, {"id": meta.taken()[0]["id"], "status": "delivered"}) == 200
    comes_to(db, message_id, "delivered")
    assert delivery(db, message_id)["state"] == "accepted"
    assert len(meta.taken()) == 1


def test_a_persons_limit_waits_a_day_then_two_and_holds_no_place(
    db: Db, clock: Clock, edge: Edge, meta: Provider, whatsapp_worker: Callable[[], Any]
) -> None:
    """Said at once the first time, and by a status the second, as Meta does either."""
    meta.behave("131049", "good")
    user = reader(db, "whatsapp", "+8801712345678")
    message_id = due(db, clock, user, "whatsapp")
    whatsapp_worker()
    until(lambda: state(db, message_id)["failures"] == 1, what="the refusal")
    first = state(db, message_id)
    assert (first["state"], first["reason"], first["rule"]) == ("scheduled", "person_limit", "retry.person_limit")
    assert DAY - HOUR < first["due_at"] - clock.now() <= DAY
    assert (slots(db, user), meta.taken()) == ([], [])
    assert suppressed(db, user, "whatsapp") is None

    clock.advance(days=1, minutes=1)
    wake(db, "whatsapp")
    comes_to(db, message_id, "sent")
    assert slots(db, user)
    (taken,) = meta.taken()
    assert tell(meta, edge, {"id": taken["id"], "status": "failed", "code": 131049}) == 200
    second = comes_to(db, message_id, "scheduled")
    assert (second["reason"], second["attempt"]) == ("person_limit", 2)
    assert 2 * DAY - HOUR < second["due_at"] - clock.now() <= 2 * DAY
    assert slots(db, user) == []

    # Not before its time, and then it goes; what was said of the one before changes nothing more.
    wake(db, "whatsapp")
    clock.advance(days=2, minutes=1)
    wake(db, "whatsapp")
    comes_to(db, message_id, "sent")
    assert (
        tell(meta, edge, {"id": taken["id"], "status": "sent"}, {"id": meta.taken()[1]["id"], "status": "read"}) == 200
    )
    comes_to(db, message_id, "opened")
    assert [one["state"] for one in rows(db, "select state from outreach.delivery order by attempt")] == [
        "released", "released", "accepted",
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["at once", "by a status"])
def test_a_number_without_whatsapp_is_written_to_once(
    db: Db, clock: Clock, edge: Edge, meta: Provider, whatsapp_worker: Callable[[], Any], way: str
) -> None:
    user = reader(db, "whatsapp", "+8801712345678")
    meta.behave(*(["131026", "good"] if way == "at once" else ["good"]))
    message_id = due(db, clock, user, "whatsapp")
    whatsapp_worker()
    if way == "at once":
        comes_to(db, message_id, "failed")
    else:
        comes_to(db, message_id, "sent")
        tell(meta, edge, {"id": meta.taken()[0]["id"], "status": "failed", "code": 131026})
        comes_to(db, message_id, "bounced")
    until(lambda: suppressed(db, user, "whatsapp"), what="the number suppressed")
    before = len(meta.requests())
    another = due(db, clock, user, "whatsapp")
    assert (comes_to(db, another, "refused")["reason"], len(meta.requests())) == ("suppressed", before)


def test_who_told_whatsapp_to_stop_us_is_left_alone(
    db: Db, clock: Clock, edge: Edge, meta: Provider, whatsapp_worker: Callable[[], Any]
) -> None:
    user = reader(db, "whatsapp", "+8801712345678")
    message_id = due(db, clock, user, "whatsapp")
    whatsapp_worker()
    comes_to(db, message_id, "sent")
    assert tell(meta, edge, {"id": meta.taken()[0]["id"], "status": "failed", "code": 131050}) == 200
    comes_to(db, message_id, "failed")
    assert (suppressed(db, user, "whatsapp"), slots(db, user)) == ("complaint", [])


def test_a_bad_token_loses_nothing(db: Db, clock: Clock, meta: Provider, whatsapp_worker: Callable[[], Any]) -> None:
    """The messages wait, the log says why; with a good token they go."""
    meta.behave("190", "good")
    message_id = due(db, clock, reader(db, "whatsapp", "+8801712345678"), "whatsapp")
    running = whatsapp_worker()
    until(lambda: state(db, message_id)["failures"] == 1, what="the refusal")
    assert [line["code"] for line in running.said("provider_refuses_us")] == [190]
    clock.advance(minutes=6)
    wake(db, "whatsapp")
    comes_to(db, message_id, "sent")


# Push


def test_an_unregistered_device_is_left_alone_until_the_app_is_back(
    db: Db, clock: Clock, edge: Edge, google: Provider, push_worker: Callable[[], Any]
) -> None:
    user = person(db)
    consent(db, user, "push")
    # So that three may go within the day of this test.
    db.execute("select policy.change_cap('outreach_daily', null, 24, 'test', 'test', '2026-01-01 00:00+06')")
    db.execute("select policy.change_cap('outreach_weekly', null, 168, 'test', 'test', '2026-01-01 00:00+06')")
    running = push_worker()
    with edge.client(**APP, **bearer(db, user)) as app:

        def register(token: str) -> None:
            assert app.patch("/me", json={"push_token": token}, headers={"if-match": "*"}).status_code == 200

        nowhere = due(db, clock, user, "push")
        assert comes_to(db, nowhere, "refused")["reason"] == "no_address"
        register(DEVICE)
        arrived = due(db, clock, user, "push")
        comes_to(db, arrived, "sent")
        (taken,) = google.taken()
        kept = delivery(db, arrived)
        assert (taken["message"]["token"], kept["provider_id"], kept["adapter"]) == (DEVICE, taken["id"], "fcm")
        assert taken["message"]["notification"]["title"] == kept["subject"]
        # As long as it is useful, and no longer.
        ttl = timedelta(seconds=int(taken["message"]["android"]["ttl"].removesuffix("s")))
        assert 9 * DAY - HOUR < ttl <= 9 * DAY

        google.put("/devices", {"gone": [DEVICE]})
        lost = due(db, clock, user, "push")
        assert comes_to(db, lost, "failed")["reason"] == "provider_refused"
        assert (delivery(db, lost)["error"], suppressed(db, user, "push")) == ("fcm UNREGISTERED", "refused")
        assert value(db, "select count(*) from outreach.delivery where state = 'released'") == 1
        asked = len(google.requests())
        another = due(db, clock, user, "push")
        assert (comes_to(db, another, "refused")["reason"], len(google.requests())) == ("suppressed", asked)

        register(NEW_DEVICE)
        again = due(db, clock, user, "push")
        comes_to(db, again, "sent")
        assert google.taken()[1]["message"]["token"] == NEW_DEVICE

        # Signed out: nothing more goes there.
        app.delete("/me/sessions")
    last = due(db, clock, user, "push")
    assert comes_to(db, last, "refused")["reason"] == "no_address"
    for secret in (DEVICE, NEW_DEVICE, "ya29.", "PRIVATE KEY"):
        assert secret not in running.log.read_text()
        assert not any(secret in line for line in edge.lines)


def test_a_push_that_is_pressed_is_clicked(
    db: Db, clock: Clock, edge: Edge, google: Provider, push_worker: Callable[[], Any]
) -> None:
    message_id = due(db, clock, reader(db, "push", DEVICE), "push")
    push_worker()
    comes_to(db, message_id, "sent")
    token = google.taken()[0]["message"]["data"]["link"].rpartition("/")[2]
    clock.advance(minutes=1)
    assert httpx2.post(f"{edge.url}/l/{token}/click", json={}, headers=APP).json() == {"recorded": True}
    assert state(db, message_id)["state"] == "clicked"


def test_google_asks_to_wait_and_nothing_is_lost(
    db: Db, clock: Clock, google: Provider, push_worker: Callable[[], Any]
) -> None:
    google.behave("UNAVAILABLE", "QUOTA_EXCEEDED", "good")
    user = reader(db, "push", DEVICE)
    message_id = due(db, clock, user, "push")
    push_worker()

    def refused(times: int) -> bool:
        found: bool = state(db, message_id)["failures"] == times
        return found

    for times in (1, 2):
        until(partial(refused, times), what="the refusal")
        assert (state(db, message_id)["state"], slots(db, user)) == ("scheduled", [])
        clock.advance(minutes=5)
        wake(db, "push")
    comes_to(db, message_id, "sent")
    assert len(google.taken()) == 1
