"""Messages claimed and sent through the functions that the worker process calls, with their links."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from tests import marketplace


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that was sent, with the key of its link."""

    message_id: UUID
    user_id: UUID
    service_id: UUID
    token: str

    @property
    def link(self) -> str:
        return f"/l/{self.token}"

    @property
    def stop_link(self) -> str:
        return f"/u/{self.token}"


def claimed_message(
    db: Connection[Any],
    now: datetime,
    *,
    user_id: UUID | None = None,
    service_id: UUID | None = None,
    add_on_ids: list[UUID] | None = None,
    language: str = "bn",
    suggested_at: datetime | None = None,
    channel: str = "email",
    **person: Any,
) -> ClaimedMessage:
    """A reminder, claimed and accepted at `now`, the simulated instant of the database."""
    if user_id is None:
        user_id = marketplace.person(db, consents=[channel], language=language, **person)
    service_id = service_id or marketplace.service(db)
    message_id = _one(
        db,
        """insert into outreach.message (
             user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, occurrence, service_id, add_on_ids,
             suggested_at, expected_at, template_id, state_at, planned_at, due_at, useful_until)
           select
             %(user)s, %(channel)s, 'outreach', c.message_class, c.obeys_caps, c.takes_slot, 'reminder',
             gen_random_uuid()::text, %(service)s, %(add_ons)s::uuid[],
             %(suggested)s, %(suggested)s, %(template)s, %(now)s, %(now)s, %(now)s, %(until)s
           from policy.message_class c
           where c.purpose = 'outreach' and c.obeys_caps
           order by c.priority
           limit 1
           returning message_id""",
        {
            "user": user_id,
            "channel": channel,
            "service": service_id,
            "add_ons": add_on_ids or [],
            "suggested": suggested_at or now + timedelta(days=3),
            "template": template(db, language),
            "now": now,
            "until": now + timedelta(days=5),
        },
    )
    batch = _one(
        db, "select jobs.claim_messages(p_channel => %s, p_limit => 100, p_public_url => 'http://x')", [channel]
    )
    claimed = {message["message_id"]: message for message in batch["messages"]}
    assert str(message_id) in claimed, f"the message was not claimed: {batch}"
    mine = claimed[str(message_id)]
    outcome = {"message_id": str(message_id), "attempt": mine["attempt"], "adapter": "test", "outcome": "accepted",
               "provider_id": None, "error": None, "address_is_bad": False, "retry_after": None}  # fmt: skip
    _one(db, "select jobs.record_outcomes(p_outcomes => jsonb_build_array(%s::text::jsonb))", [json.dumps(outcome)])
    return ClaimedMessage(message_id, user_id, service_id, mine["link"].rsplit("/", 1)[-1])


def template(db: Connection[Any], language: str) -> UUID:
    """An approved text of that language."""
    body = "{address},\n{service}: {link}\n{stop_link}"
    subject = "{service}"
    found = db.execute(
        "select template_id from text.template where cohort is null and variant = 'test' and language = %s",
        [language],
    ).fetchone()
    if found:
        return UUID(str(found[0]))
    created: UUID = _one(
        db,
        """insert into text.template
             (kind, language, variant, origin, subject, body, created_at, approved_by, approved_at)
           values ('reminder', %s, 'test', 'house', %s, %s, now(), 'test', now()) returning template_id""",
        [language, subject, body],
    )
    return created


def state(db: Connection[Any], sent: ClaimedMessage) -> str:
    return str(_one(db, "select state from outreach.message where message_id = %s", [sent.message_id]))


def _one(db: Connection[Any], statement: Any, values: Any) -> Any:
    row = db.execute(statement, values).fetchone()
    assert row is not None
    return row[0]
