"""Own data over HTTP: profile, consents, events, messages, export and erasure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.market import EventsRecorded
from app.endpoints.me import Consents, Erased, Export, Me, SentMessages
from tests import marketplace
from tests.app.people import bearer
from tests.app.problems import problem
from tests.app.serving import APP, Edge
from tests.conftest import Clock
from tests.outbox import HOUR, NOW, reader, sent

Db = Connection[Any]


@pytest.fixture
def user_id(db: Db) -> UUID:
    return marketplace.person(db, full_name="রহিমা খাতুন", phone=True)


@pytest.fixture
def mine(edge: Edge, db: Db, user_id: UUID) -> Iterator[httpx2.Client]:
    with edge.client(**APP, **bearer(db, user_id)) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"), ("PATCH", "/me"), ("DELETE", "/me"), ("GET", "/me/export"), ("GET", "/me/consents"),
        ("PUT", "/me/consents"), ("POST", "/events"),
    ],
)  # fmt: skip
def test_nothing_without_sign_in(app: httpx2.Client, method: str, path: str) -> None:
    problem(app.request(method, path, json={}), 401)


def test_the_profile_is_private_and_changed_with_its_etag(mine: httpx2.Client, user_id: UUID) -> None:
    read = mine.get("/me")
    assert read.headers["cache-control"] == "no-store"
    me = Me.model_validate_json(read.content)
    assert (me.user_id, me.name, len(me.contacts)) == (user_id, "রহিমা খাতুন", 2)
    assert mine.get("/me", headers={"if-none-match": read.headers["etag"]}).status_code == 304
    wish = {"language": "en", "quiet_from": "22:30", "quiet_until": "06:00", "time_zone": "Asia/Tokyo", "name": None}
    problem(mine.patch("/me", json=wish), 428)
    changed = mine.patch("/me", json=wish, headers={"if-match": read.headers["etag"]})
    assert Me.model_validate_json(changed.content) == me.model_copy(update=wish)
    problem(mine.patch("/me", json=wish, headers={"if-match": read.headers["etag"]}), 412)
    assert mine.get("/me").headers["etag"] == changed.headers["etag"]
    # Fields left out keep their values; null removes them.
    match = {"if-match": changed.headers["etag"]}
    assert mine.patch("/me", json={}, headers=match).content == changed.content
    gone = mine.patch("/me", json={"quiet_from": None, "quiet_until": None}, headers=match)
    assert Me.model_validate_json(gone.content).quiet_from is None


DEVICE = "fGHkz1Ab:APA91b-x_Y.z=0123456789"


def test_the_app_sets_the_push_device(mine: httpx2.Client) -> None:
    def devices() -> list[str]:
        me = Me.model_validate_json(mine.get("/me").content)
        return [contact.address for contact in me.contacts if contact.channel == "push"]

    anyhow = {"if-match": "*"}
    assert devices() == []
    changed = mine.patch("/me", json={"push_token": DEVICE}, headers=anyhow)
    assert (changed.status_code, devices()) == (200, [DEVICE])
    mine.patch("/me", json={"push_token": DEVICE + "2"}, headers=anyhow)
    assert devices() == [DEVICE + "2"]
    mine.patch("/me", json={"language": "en"}, headers=anyhow)
    assert devices() == [DEVICE + "2"]
    mine.patch("/me", json={"push_token": None}, headers=anyhow)
    assert devices() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"push_token": ""}, "push_token"), ({"push_token": "short"}, "push_token"),
        ({"push_token": "x" * 1025}, "push_token"), ({"push_token": "with a blank in it"}, "push_token"),
        ({"push_token": "ট" * 20}, "push_token"), ({"push_token": 1}, "push_token"),
        ({"language": None}, "language"), ({"language": ""}, "language"), ({"language": "de"}, "language"),
        ({"address_form": "sir"}, "address_form"), ({"greeting": "hello"}, "greeting"), ({"name": ""}, "name"),
        ({"name": "a\u0000"}, "name"), ({"name": "a\u0007"}, "name"), ({"name": "x" * 101}, "name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"), ({"time_zone": ""}, "time_zone"),
        ({"quiet_from": "24:00"}, "quiet_from"), ({"quiet_from": "7:00"}, "quiet_from"),
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_from": "07:00"}, "quiet_until"), ({"preferred_channel": "fax"}, "preferred_channel"),
        ({"role": "admin"}, "role"), ({"if_match": "*"}, "if_match"), ({"user_id": str(uuid4())}, "user_id"),
    ],
)  # fmt: skip
def test_invalid_changes_name_the_field(mine: httpx2.Client, change: dict[str, Any], field: str) -> None:
    before = mine.get("/me").content
    problem(mine.patch("/me", json=change, headers={"if-match": "*"}), 422, field)
    assert mine.get("/me").content == before


def test_consents_are_given_and_withdrawn(mine: httpx2.Client) -> None:
    assert not any(item.granted for item in Consents.model_validate_json(mine.get("/me/consents").content).items)
    wish = {"consents": [{"channel": "email", "purpose": "outreach", "granted": True}], "wording_version": "2026-11"}
    answer = Consents.model_validate_json(mine.put("/me/consents", json=wish).content)
    assert [item.channel for item in answer.items if item.granted] == ["email"]
    wish["consents"][0]["granted"] = False  # type: ignore[index]
    assert not any(item["granted"] for item in mine.put("/me/consents", json=wish).json()["items"])


GIVEN = {"channel": "email", "purpose": "outreach", "granted": True}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"consents": [], "wording_version": "1"}, "consents"),
        ({"consents": [GIVEN | {"purpose": "voice"}], "wording_version": "1"}, "consents"),
        ({"consents": [GIVEN, GIVEN], "wording_version": "1"}, "consents"),
        ({"consents": [GIVEN | {"channel": "fax"}], "wording_version": "1"}, "consents.0.channel"),
        ({"consents": [GIVEN | {"granted": "yes"}], "wording_version": "1"}, "consents.0.granted"),
        ({"consents": [GIVEN | {"since": "now"}], "wording_version": "1"}, "consents.0.since"),
        ({"consents": [GIVEN]}, "wording_version"),
        ({"consents": [GIVEN], "wording_version": ""}, "wording_version"),
    ],
)
def test_invalid_consents_name_the_field(mine: httpx2.Client, body: dict[str, Any], field: str) -> None:
    problem(mine.put("/me/consents", json=body), 422, field)


def one(**more: Any) -> dict[str, Any]:
    happened_at = (datetime.now().astimezone() - timedelta(minutes=1)).isoformat()
    return {"event_id": str(uuid4()), "kind": "app_open", "happened_at": happened_at} | more


def test_events_in_batches(mine: httpx2.Client) -> None:
    batch = [one(properties={"screen": "home", "n": n, "new": True, "share": 0.5, "none": None}) for n in range(500)]
    answer = EventsRecorded.model_validate_json(mine.post("/events", json={"events": batch}).content)
    assert (answer.recorded, answer.repeated, answer.refused) == (500, 0, [])
    future = one(happened_at="2030-01-01T00:00:00Z")
    answer = EventsRecorded.model_validate_json(mine.post("/events", json={"events": [*batch[:3], future]}).content)
    assert (answer.recorded, answer.repeated) == (0, 3)
    assert [(str(item.event_id), item.reason) for item in answer.refused] == [(future["event_id"], "in_future")]


@pytest.mark.parametrize(
    ("events", "field"),
    [
        ([], "events"),
        ([{}], "events.0.event_id"),
        ([one()] * 501, "events"),
        ([one(event_id="x")], "events.0.event_id"),
        ([one(), one(kind="Drop Table")], "events.1.kind"),
        ([one(kind="")], "events.0.kind"),
        ([one(happened_at="yesterday")], "events.0.happened_at"),
        ([one(happened_at="2026-02-30T00:00:00Z")], "events.0.happened_at"),
        ([one(properties={"a": "x\u0000"})], "events.0.properties.a"),
        ([one(properties={"a": {"b": 1}})], "events.0.properties.a"),
        ([one(properties={"a": 10**400})], "events.0.properties.a"),
        ([one(properties={f"k{n}": 1 for n in range(21)})], "events.0.properties"),
        ([one(extra=1)], "events.0.extra"),
        ("x", "events"),
    ],
)
def test_invalid_events_name_the_field(mine: httpx2.Client, events: Any, field: str) -> None:
    answer = mine.post("/events", json={"events": events})
    assert answer.status_code == 422, answer.text
    assert any(fault["field"].startswith(field) for fault in answer.json()["errors"]), answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999"])
def test_non_finite_numbers_are_refused(mine: httpx2.Client, number: str) -> None:
    body = json.dumps({"events": [one(properties={"a": 1})]}).replace('"a": 1', f'"a": {number}')
    answer = mine.post("/events", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.text


def test_messages_and_feedback(edge: Edge, db: Db, clock: Clock) -> None:
    customer = reader(db)
    message_id = sent(db, customer, NOW - HOUR)
    with edge.client(**APP, **bearer(db, customer)) as client:
        (read,) = SentMessages.model_validate_json(client.get("/me/ai-messages").content).items
        assert (read.message_id, read.useful) == (message_id, None)
        path = f"/me/ai-messages/{message_id}/feedback"
        assert client.post(path, json={"useful": False}).json() == {"message_id": str(message_id), "useful": False}
        assert client.get("/me/ai-messages").json()["items"][0]["useful"] is False
        problem(client.post(path, json={"useful": "no"}), 422, "useful")
        problem(client.post(f"/me/ai-messages/{uuid4()}/feedback", json={"useful": True}), 404)


def test_export_and_erasure(edge: Edge, db: Db, mine: httpx2.Client, user_id: UUID) -> None:
    home = marketplace.service(db)
    marketplace.visits(db, user_id, home, ["2026-10-01", "2026-11-01"])
    answer = mine.get("/me/export")
    assert answer.headers["cache-control"] == "no-store"
    document = Export.model_validate_json(answer.content)
    assert (document.person.name, len(document.bookings)) == ("রহিমা খাতুন", 2)
    erased = Erased.model_validate_json(mine.delete("/me").content)
    assert erased.user_id == user_id
    # The token is still valid for minutes, but its session has ended.
    for path in ("/me", "/me/export", "/bookings"):
        problem(mine.get(path), 401)
    problem(mine.delete("/me"), 401)


def test_erasure_is_refused_during_a_job(edge: Edge, db: Db) -> None:
    salma = marketplace.worker(db)
    customer, home = marketplace.person(db), marketplace.service(db)
    marketplace.booking(db, customer, home, scheduled_at=NOW, status="in_progress", worker_id=salma)
    with edge.client(**APP, **bearer(db, salma)) as client:
        problem(client.delete("/me"), 409)
        assert client.get("/me").status_code == 200
