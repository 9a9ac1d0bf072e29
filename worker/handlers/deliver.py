"""Delivery: due messages are claimed in batches, sent, and their outcomes recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pydantic_core import from_json

from worker.channels.channel import Later, Message
from worker.channels.circuit_breaker import GuardedChannel
from worker.handlers.parts import RECORD_WITHIN_S, Parts, Payload
from worker.jobs import SendResult
from worker.retry import retry_while_unavailable

BATCH_SIZE = 100
# Batches of one channel in hand at once per process: while one is sent the next is claimed. No more, because messages
# that a dying process has claimed but not sent are in doubt.
BATCHES_AT_ONCE = 2
# A message is sent at most so long after its claim; well below the rule claim.lease, after which it counts as in doubt.
SEND_WITHIN_S = 120.0
IN_DOUBT_LIMIT = 1000

log = structlog.get_logger()


class ChannelPayload(Payload):
    channel: str


class Delivery:
    """The deliveries of one process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._batches = {channel: asyncio.Semaphore(BATCHES_AT_ONCE) for channel in parts.channels}
        # Channels that were asked for again while all their batches were in hand.
        self._woken: set[str] = set()
        # By channel: when the job comes back that waits for a provider that is down.
        self._back_at: dict[str, float] = {}

    async def deliver(self, job: Job) -> None:
        """Sends what is due on a channel, batch after batch, until nothing is due."""
        name = ChannelPayload.model_validate_json(job.payload or b"").channel
        channel = self._parts.channels.get(name)
        if channel is None:
            log.warning("channel_not_configured", channel=name)
            return
        if self._batches[name].locked():
            # The running deliveries look once more before they end; waiting would only block a place for other jobs.
            self._woken.add(name)
            return
        async with self._batches[name]:
            self._woken.add(name)
            while name in self._woken:
                self._woken.discard(name)
                while await self._deliver_batch(name, channel):
                    pass

    async def _deliver_batch(self, name: str, channel: GuardedChannel) -> bool:
        """Delivers one batch; whether more may be due. The job goes back while the provider is down or at a stop."""
        parts = self._parts
        if parts.stopping.is_set():
            raise RetryRequested(reason="stopping")
        if (pause := channel.seconds_until_allowed()) > 0:
            if self._back_at.get(name, 0.0) > monotonic():
                # One retry per channel is enough.
                return False
            self._back_at[name] = monotonic() + 0.9 * pause
            raise RetryRequested(timedelta(seconds=pause), "provider is down")
        started = monotonic()
        batch = await parts.jobs.claim_messages(
            name, channel.claim_limit(BATCH_SIZE), parts.public_url, channel.adapter
        )
        claimed = monotonic()
        recorded: dict[str, Any] = {}
        sent = claimed
        if batch.messages:
            results = await send_all(channel, batch.messages)
            sent = monotonic()
            recorded = await retry_while_unavailable(lambda: parts.jobs.record_outcomes(results), RECORD_WITHIN_S)
        log.info(
            "delivered",
            channel=name,
            claimed=len(batch.messages),
            refused=batch.refused,
            expired=batch.expired,
            deferred=batch.deferred,
            **recorded,
            claim_ms=round(1000 * (claimed - started)),
            send_ms=round(1000 * (sent - claimed)),
            record_ms=round(1000 * (monotonic() - sent)),
        )
        return batch.more


async def send_all(channel: GuardedChannel, messages: Sequence[Message]) -> list[SendResult]:
    """Sends a claimed batch, as many messages at once as the adapter allows; every message gets an outcome."""
    give_up_at = monotonic() + SEND_WITHIN_S
    waiting = iter(messages)
    results: list[SendResult] = []

    async def send_one_after_the_other(waiting: Iterator[Message]) -> None:
        for message in waiting:
            # The process may have been paused: messages claimed long ago may already count as in doubt.
            outcome = await channel.send(message) if monotonic() < give_up_at else Later("not_sent_in_time")
            results.append(SendResult(message, channel.adapter, outcome))

    senders = min(channel.concurrency, len(messages))
    await asyncio.gather(*(send_one_after_the_other(waiting) for _ in range(senders)))
    return results


async def settle(parts: Parts, job: Job) -> None:
    """Asks adapters with a look-up about messages whose answer was lost. The payload {} means all channels."""
    asked: dict[str, str] = from_json(job.payload or b"{}")
    for name, channel in parts.channels.items():
        looks_up = channel.looks_up
        if looks_up is None or asked.get("channel", name) != name:
            continue
        in_doubt = await parts.jobs.in_doubt_messages(name, IN_DOUBT_LIMIT, channel.adapter)
        results = [
            {
                "message_id": message_id,
                "attempt": attempt,
                "adapter": channel.adapter,
                "found": await looks_up.lookup(message_id, attempt),
                "provider_id": None,
            }
            for message_id, attempt in in_doubt
        ]
        if results:
            log.info("settled", channel=name, **await parts.jobs.settle_in_doubt(results))
