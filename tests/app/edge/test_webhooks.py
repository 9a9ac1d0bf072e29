"""Calls of providers over HTTP: only those with a valid and recent signature have an effect."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection
from standardwebhooks.webhooks import Webhook

from db.embedded.temporary import TemporaryServer
from tests.app.serving import Edge, serving
from tests.outbox import rows, value

Db = Connection[Any]
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, thirty-two").decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"what the secret was before, once").decode()
SHARED = "agreed-with-the-gateway-by-telephone"
APP_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
VERIFY_TOKEN = "what-we-told-meta-to-say"
BODY = json.dumps({"type": "message.delivered", "timestamp": "2026-11-23T04:00:00Z", "data": {"provider_id": "p-1"}})


@pytest.fixture(scope="module")
def edge(server: TemporaryServer, database_name: str) -> Iterator[Edge]:
    secrets = (
        f"smtp={SECRET},smtp={OLD_SECRET},ssl_wireless={SHARED},"
        f"whatsapp_cloud=hub_{APP_SECRET},whatsapp_cloud=verify_{VERIFY_TOKEN}"
    )
    with serving(server.url(database_name), WEBHOOK_SECRETS=secrets) as running:
        yield running


@pytest.fixture
def provider(edge: Edge) -> Iterator[httpx2.Client]:
    with edge.client() as client:
        yield client


def signed(
    body: str = BODY, *, webhook_id: str | None = None, age: float = 0, secret: str = SECRET, **changes: str
) -> dict[str, str]:
    """Headers signed by the reference library; `changes` replace some, with underscores for hyphens."""
    name = webhook_id or f"msg_{uuid4().hex}"
    at = datetime.fromtimestamp(int(time.time() - age), UTC)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body),
        "content-type": "application/json",
    } | {key.replace("_", "-"): text for key, text in changes.items()}


def received(db: Db) -> list[dict[str, Any]]:
    return rows(
        db, "select provider, webhook_id, body, read_at from outreach.webhook_call order by received_at, webhook_id"
    )


def jobs(db: Db) -> int:
    found: int = value(db, "select count(*) from queue.pgqueuer where entrypoint = 'receipts'")
    return found


@pytest.fixture(autouse=True)
def nothing_received_yet(db: Db) -> None:
    db.execute("delete from outreach.webhook_call")
    db.execute("delete from queue.pgqueuer where entrypoint = 'receipts'")


def test_a_repeated_signed_call_is_stored_once(provider: httpx2.Client, db: Db) -> None:
    headers = signed(webhook_id="msg_1")
    answers = [provider.post("/webhooks/smtp", content=BODY, headers=headers) for _ in range(5)]
    assert [(one.status_code, one.json()) for one in answers] == [(200, {"received": one == 0}) for one in range(5)]
    (kept,) = received(db)
    assert (kept["provider"], kept["webhook_id"], bytes(kept["body"])) == ("smtp", "msg_1", BODY.encode())
    assert jobs(db) == 1


def test_fifty_concurrent_calls_are_stored_once(edge: Edge, db: Db) -> None:
    headers = signed(webhook_id="msg_50")

    def call(_: int) -> bool:
        with edge.client() as client:
            answer = client.post("/webhooks/smtp", content=BODY, headers=headers)
        assert answer.status_code == 200
        new: bool = answer.json()["received"]
        return new

    with ThreadPoolExecutor(16) as callers:
        assert sum(callers.map(call, range(50))) == 1
    assert (len(received(db)), jobs(db)) == (1, 1)


@pytest.mark.parametrize("age", [-280, 0, 280])
def test_a_timestamp_within_five_minutes_is_accepted(provider: httpx2.Client, age: float) -> None:
    assert provider.post("/webhooks/smtp", content=BODY, headers=signed(age=age)).status_code == 200


def test_any_configured_secret_and_any_of_several_signatures_is_accepted(provider: httpx2.Client) -> None:
    assert provider.post("/webhooks/smtp", content=BODY, headers=signed(secret=OLD_SECRET)).status_code == 200
    headers = signed()
    headers["webhook-signature"] = f"v1a,AAAA v1,{'A' * 43}= {headers['webhook-signature']}"
    assert provider.post("/webhooks/smtp", content=BODY, headers=headers).status_code == 200


def test_the_signature_is_that_of_the_standard(provider: httpx2.Client) -> None:
    """Computed without the library."""
    now = str(int(time.time()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = hmac.new(key, f"msg_hand.{now}.{BODY}".encode(), hashlib.sha256).digest()
    headers = {
        "webhook-id": "msg_hand",
        "webhook-timestamp": now,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
        "content-type": "application/json",
    }
    assert provider.post("/webhooks/smtp", content=BODY, headers=headers).json() == {"received": True}


STRANGER = "whsec_" + base64.b64encode(b"a secret that nobody ever agreed").decode()
FORGERIES = {
    "by a stranger": signed(secret=STRANGER),
    "not signed": {"content-type": "application/json"},
    "another id": signed(webhook_id="msg_a") | {"webhook-id": "msg_b"},
    "no id": signed(webhook_id="msg_a") | {"webhook-id": ""},
    "too old": signed(age=310),
    "from the future": signed(age=-3600),
    "replayed with a new time": signed(age=600) | {"webhook-timestamp": str(int(time.time()))},
    "another version": signed(webhook_signature="v2,AAAA"),
    "no version": signed(webhook_signature="AAAA"),
    "not base64": signed(webhook_signature="v1,!!!!"),
    "empty": signed(webhook_signature=""),
    "commas": signed(webhook_signature=",,,, ,,"),
    "no number for a time": signed(webhook_timestamp="yesterday"),
    "endless time": signed(webhook_timestamp="inf"),
    "no time at all": signed(webhook_timestamp="nan"),
    "an id too long": signed(webhook_id="m" * 201),
    "an id of blanks": signed(webhook_id="m m"),
    "the signing secret itself": {"authorization": f"Bearer {SECRET}", "content-type": "application/json"},
    "the secret of another provider": {"authorization": f"Bearer {SHARED}", "content-type": "application/json"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_scenario_42_forged_stale_or_replayed_is_401_and_changes_nothing(
    provider: httpx2.Client, db: Db, forgery: str
) -> None:
    answer = provider.post("/webhooks/smtp", content=BODY, headers=FORGERIES[forgery])
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert (received(db), jobs(db), value(db, "select count(*) from outreach.message_event")) == ([], 0, 0)


@pytest.mark.parametrize("body", [BODY + " ", BODY.replace("delivered", "bounced"), "", "{"])
def test_a_body_that_was_not_signed_is_401(provider: httpx2.Client, db: Db, body: str) -> None:
    assert provider.post("/webhooks/smtp", content=body, headers=signed()).status_code == 401
    assert received(db) == []


def test_an_unknown_provider_is_401(provider: httpx2.Client, db: Db) -> None:
    for name in ("nobody", "ssl_wireless", "SMTP", "%00", "smtp%20"):
        assert provider.post(f"/webhooks/{name}", content=BODY, headers=signed()).status_code == 401
    assert received(db) == []


def test_a_signed_body_is_stored_even_if_it_cannot_be_parsed(provider: httpx2.Client, db: Db) -> None:
    """The worker process parses the body later."""
    assert provider.post("/webhooks/smtp", content="{", headers=signed("{")).status_code == 200
    assert len(received(db)) == 1


GATEWAY = {"authorization": f"Bearer {SHARED}"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"reference_id": "r-1", "status": "DELIVERED"}', "application/json"),
        (b"reference_id=r-1&status=DELIVERED", "application/x-www-form-urlencoded"),
    ],
)
def test_a_gateway_with_its_shared_secret_is_accepted(
    provider: httpx2.Client, db: Db, content: bytes, kind: str
) -> None:
    for again in (False, True):
        answer = provider.post("/webhooks/ssl_wireless", content=content, headers=GATEWAY | {"content-type": kind})
        assert answer.json() == {"received": not again}
    (kept,) = received(db)
    assert kept["webhook_id"] == "sha256:" + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "authorization", [f"Bearer {SHARED}x", f"Bearer {SHARED[:-1]}", f"Basic {SHARED}", SHARED, "Bearer", ""]
)
def test_a_gateway_with_another_secret_is_401(provider: httpx2.Client, db: Db, authorization: str) -> None:
    answer = provider.post(
        "/webhooks/ssl_wireless", json={"status": "DELIVERED"}, headers={"authorization": authorization}
    )
    assert answer.status_code == 401
    assert received(db) == []


# Meta: the signature covers only the body


META = {"content-type": "application/json"}


def hub(body: bytes, secret: str = APP_SECRET, **changes: str) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return (
        META | {"x-hub-signature-256": f"sha256={mac}"} | {key.replace("_", "-"): text for key, text in changes.items()}
    )


@pytest.mark.parametrize("body", [b'{"object": "whatsapp_business_account"}', '{"ক": "খ"}'.encode(), b"{", b"[1,\n 2]"])
def test_metas_signature_is_over_the_raw_body(provider: httpx2.Client, db: Db, body: bytes) -> None:
    for again in (False, True):
        answer = provider.post("/webhooks/whatsapp_cloud", content=body, headers=hub(body))
        assert (answer.status_code, answer.json()) == (200, {"received": not again})
    (kept,) = received(db)
    assert (kept["webhook_id"], bytes(kept["body"])) == ("sha256:" + hashlib.sha256(body).hexdigest(), body)
    assert jobs(db) == 1


BY_META = b'{"entry": []}'
MAC = hub(BY_META)["x-hub-signature-256"]


@pytest.mark.parametrize(
    "headers",
    [
        META,
        hub(BY_META, secret="f" * 32),
        hub(BY_META + b" "),
        hub(BY_META, secret=f"hub_{APP_SECRET}"),
        META | {"x-hub-signature-256": MAC.upper()},
        META | {"x-hub-signature-256": MAC.removeprefix("sha256=")},
        META | {"x-hub-signature-256": MAC[:-1]},
        META | {"x-hub-signature-256": ""},
        META | {"x-hub-signature": MAC},
        META | {"authorization": f"Bearer {APP_SECRET}"},
        META | {"authorization": f"Bearer hub_{APP_SECRET}"},
        META | {"authorization": f"Bearer {VERIFY_TOKEN}"},
        signed(BY_META.decode()),
    ],
)
def test_what_meta_did_not_sign_is_401(provider: httpx2.Client, db: Db, headers: dict[str, str]) -> None:
    assert provider.post("/webhooks/whatsapp_cloud", content=BY_META, headers=headers).status_code == 401
    assert received(db) == []


def test_metas_signature_twice_or_at_another_provider_is_401(provider: httpx2.Client, db: Db) -> None:
    for path, headers in (
        ("smtp", list(hub(BY_META).items())),
        ("whatsapp_cloud", [*hub(BY_META).items(), ("x-hub-signature-256", MAC)]),
    ):
        assert provider.post(f"/webhooks/{path}", content=BY_META, headers=headers).status_code == 401
    assert received(db) == []


def test_metas_calls_may_be_larger(provider: httpx2.Client, db: Db) -> None:
    for size, status in ((3 * 1024 * 1024, 200), (3 * 1024 * 1024 + 1, 413)):
        body = b'"' + b"x" * (size - 2) + b'"'
        assert provider.post("/webhooks/whatsapp_cloud", content=body, headers=hub(body)).status_code == status
    assert len(received(db)) == 1


ASKED = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}


def test_the_handshake_returns_the_challenge(edge: Edge, provider: httpx2.Client, db: Db) -> None:
    answer = provider.get("/webhooks/whatsapp_cloud", params=ASKED)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (received(db), jobs(db)) == ([], 0)
    edge.wait_for("request", route="/webhooks/{provider}", method="GET", status=200)
    assert not any(VERIFY_TOKEN in line for line in edge.lines)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        ASKED | {"hub.verify_token": VERIFY_TOKEN + "x"},
        ASKED | {"hub.verify_token": ""},
        ASKED | {"hub.verify_token": f"verify_{VERIFY_TOKEN}"},
        ASKED | {"hub.verify_token": APP_SECRET},
        ASKED | {"hub.mode": "unsubscribe"},
        ASKED | {"hub.challenge": ""},
        ASKED | {"hub.challenge": "<script>"},
        ASKED | {"hub.challenge": "1" * 201},
        {key.removeprefix("hub."): text for key, text in ASKED.items()},
    ],
)
def test_an_invalid_handshake_is_403(provider: httpx2.Client, asked: dict[str, str]) -> None:
    answer = provider.get("/webhooks/whatsapp_cloud", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


def test_other_providers_have_no_handshake(provider: httpx2.Client) -> None:
    for name in ("smtp", "ssl_wireless", "nobody", "%00"):
        assert provider.get(f"/webhooks/{name}", params=ASKED).status_code == 403


def test_the_usual_limits_of_bodies_apply(provider: httpx2.Client, db: Db) -> None:
    large = "x" * (256 * 1024 + 1)
    assert provider.post("/webhooks/smtp", content=large, headers=signed(large)).status_code == 413
    assert provider.post("/webhooks/smtp", content=BODY, headers=signed(content_type="text/xml")).status_code == 415
    assert provider.put("/webhooks/smtp").status_code == 405
    assert received(db) == []


def test_no_secret_is_logged(edge: Edge, provider: httpx2.Client) -> None:
    provider.post("/webhooks/ssl_wireless", json={"status": "DELIVERED"}, headers=GATEWAY)
    provider.post("/webhooks/smtp", content=BODY, headers=signed(secret=STRANGER))
    for line in edge.lines:
        assert SHARED not in line
        assert SECRET not in line
