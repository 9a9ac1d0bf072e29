"""The cost of a claim and its outcome in the database, with all constraints and without."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from db.connection import Connection
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage

BATCH = 100
BATCHES = 200
#: Warm-up: functions are planned and caches filled.
WARM_UP = 20

#: The same work without the key to a consent and without cap slots.
WITHOUT = """
drop trigger delivery_takes_slots on outreach.delivery;
alter table outreach.delivery drop constraint delivery_has_consent, drop constraint delivery_is_of_message;
alter table outreach.cap_slot drop constraint cap_slot_is_taken_once;
"""


@measurement
def claims(stage: Stage) -> Iterator[Figure]:
    """One connection, batches of a hundred: claim, then record all as accepted, in two durable transactions."""
    with stage.clone(stage.due(), "claims") as name, stage.connect(name) as owner:
        per_s, cpu_us = rounds(stage, owner)
    yield Figure("claims", per_s, "messages/s")
    yield Figure("claims_cpu", cpu_us, "us/message")
    with stage.clone(stage.due(), "claims") as name, stage.connect(name) as owner:
        owner.execute(WITHOUT)
        per_s, cpu_us = rounds(stage, owner)
    yield Figure("claims_floor", per_s, "messages/s (without consent key, caps and their trigger)")
    yield Figure("claims_cpu_floor", cpu_us, "us/message")


def rounds(stage: Stage, owner: Connection) -> tuple[float, float]:
    """Messages a second, and processor microseconds for each message."""
    owner.prepare_threshold = 0
    done = 0
    started = cpu = 0.0
    for round_number in range(WARM_UP + BATCHES):
        if round_number == WARM_UP:
            done, started, cpu = 0, time.perf_counter(), stage.server_cpu_s()
        if (claimed := claim(owner)) == 0:
            break
        done += claimed
    seconds = time.perf_counter() - started
    return done / seconds, 1e6 * (stage.server_cpu_s() - cpu) / done


def claim(owner: Connection) -> int:
    """Claims a batch and records it; returns its number of messages."""
    row = owner.execute(
        "select jobs.claim_messages(p_channel => 'email', p_limit => %s, p_public_url => 'https://shokti.example')",
        [BATCH],
    ).fetchone()
    assert row is not None
    messages = row[0]["messages"]
    outcomes = [
        {
            "message_id": message["message_id"],
            "attempt": message["attempt"],
            "adapter": "null",
            "outcome": "accepted",
            "provider_id": None,
            "error": None,
            "address_is_bad": False,
            "retry_after": None,
        }
        for message in messages
    ]
    owner.execute("select jobs.record_outcomes(p_outcomes => %s::jsonb)", [json.dumps(outcomes)])
    return len(messages)
