"""Webhook calls of providers: stored, parsed once, their receipts recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import person
from tests.outbox import (
    NOW,
    claim,
    message,
    record_outcome,
    row,
    state,
    value,
)

Db = Connection[Any]
LATER = NOW + timedelta(seconds=10)


def test_webhook_call_is_parsed_once_and_its_body_deleted(db: Db) -> None:
    message_id = message(db, person(db, phone=True, consents=("sms", "email")), channel="sms")
    claim(db, channel="sms")
    record_outcome(db, message_id, "accepted", LATER, adapter="gateway", provider_id="ref-1")
    assert value(db, "select outreach.receive_webhook('gateway', 'call-1', %s, %s)", b"{}", LATER) is True
    assert value(db, "select outreach.receive_webhook('gateway', 'call-1', %s, %s)", b"{}", LATER) is False
    assert value(db, "select jobs.webhook_body('gateway', 'call-1')") == {"body": "e30="}
    events = Jsonb([{"kind": "delivered", "provider_id": "ref-1", "source_event_id": "e-1"}])
    finish = "select outreach.finish_webhook('gateway', 'call-1', %s, null, %s)"
    assert value(db, finish, events, LATER) == {"recorded": 1}
    assert value(db, finish, events, LATER) == {"recorded": 0}
    assert value(db, "select jobs.webhook_body('gateway', 'call-1')") == {"body": None}
    kept = row(db, "select body, read_at, events, parse_error from outreach.webhook_call")
    assert kept == {"body": None, "read_at": LATER, "events": 1, "parse_error": None}
    assert state(db, message_id)["state"] == "delivered"


def test_webhook_call_whose_events_fail_can_be_parsed_again(db: Db) -> None:
    value(db, "select outreach.receive_webhook('gateway', 'call-1', %s, %s)", b"{}", LATER)
    with pytest.raises(psycopg.errors.CheckViolation):
        value(
            db,
            "select outreach.finish_webhook('gateway', 'call-1', %s, null, %s)",
            Jsonb([{"kind": "teleported", "message_id": str(uuid4()), "source_event_id": "e"}]),
            LATER,
        )
    assert value(db, "select jobs.webhook_body('gateway', 'call-1')") == {"body": "e30="}
