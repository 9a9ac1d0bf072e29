"""Receipts: read from calls of providers, or asked for where a provider does not call."""

from __future__ import annotations

import structlog
from pgqueuer.models import Job

from worker.channels.channel import Receipt
from worker.channels.receipts import standard_receipts
from worker.handlers.parts import Parts, Payload

# How many messages a provider is asked about at a time.
POLL_LIMIT = 200
# A prepaid account with less taka than this is logged as a warning.
LOW_BALANCE = 1000.0

log = structlog.get_logger()


class WebhookPayload(Payload):
    provider: str
    webhook_id: str


async def receipts(parts: Parts, job: Job) -> None:
    """Reads a provider's call that the edge has stored. A call that cannot be parsed is marked, not tried again."""
    call = WebhookPayload.model_validate_json(job.payload or b"")
    body = await parts.jobs.webhook_body(call.provider, call.webhook_id)
    if body is None:
        return
    found: list[Receipt] = []
    parse_error: str | None = None
    try:
        found = _parse(parts, call, body)
    except ValueError as error:
        # Without its text, which may quote the body.
        parse_error = type(error).__name__
        log.warning("webhook_not_understood", provider=call.provider, fault=parse_error)
    recorded = await parts.jobs.finish_webhook(call.provider, call.webhook_id, found, parse_error)
    log.info("webhook_read", provider=call.provider, receipts=len(found), **recorded)


def _parse(parts: Parts, call: WebhookPayload, body: bytes) -> list[Receipt]:
    for channel in parts.channels.values():
        parses = channel.parses_receipts
        if parses is not None and channel.adapter == call.provider:
            return parses.parse_receipts(body)
    return standard_receipts(body, call.webhook_id)


async def poll_receipts(parts: Parts, job: Job) -> None:
    """Asks providers that do not call us for receipts, and prepaid ones for their balance."""
    for name, channel in parts.channels.items():
        if channel.seconds_until_allowed() > 0:
            continue
        polls = channel.polls_receipts
        if polls is not None and (deliveries := await parts.jobs.awaiting_receipt(name, channel.adapter, POLL_LIMIT)):
            found = await polls.poll_receipts(deliveries)
            recorded = await parts.jobs.record_receipts(channel.adapter, found) if found else {"recorded": 0}
            log.info("polled", channel=name, asked=len(deliveries), **recorded)
        if channel.has_balance is not None:
            balance = await channel.has_balance.balance()
            write = log.warning if balance is None or balance < LOW_BALANCE else log.info
            write("balance", channel=name, taka=balance)
