"""One-time codes."""

from __future__ import annotations

from datetime import timedelta

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from worker.channels.channel import Accepted, Later, Refused, Unknown
from worker.handlers.code_message import code_message
from worker.handlers.parts import RECORD_WITHIN_S, Parts, Payload
from worker.retry import retry_while_unavailable

# A code that could not be handed over is tried again so soon.
CODE_RETRY_S = 3.0

log = structlog.get_logger()


class SendCodePayload(Payload):
    request_id: str


async def send_code(parts: Parts, job: Job) -> None:
    """Sends a one-time code. It is decrypted here, in memory, and nowhere else; nothing of it is logged."""
    request_id = SendCodePayload.model_validate_json(job.payload or b"").request_id
    jobs = parts.jobs
    pending = await jobs.pending_code(request_id)
    if pending["sealed"] is None:
        log.info("code_not_needed", request_id=request_id)
        return
    channel = parts.channels.get(pending["channel"])
    if channel is None:
        await jobs.record_code_outcome(request_id, "channel_not_configured", True)
        log.warning("channel_not_configured", channel=pending["channel"], request_id=request_id)
        return
    outcome = await channel.send(code_message(parts.keyring, request_id, pending))
    kind = type(outcome).__name__.lower()
    log.info("code_sent", channel=pending["channel"], outcome=kind, request_id=request_id)
    match outcome:
        case Accepted():
            await retry_while_unavailable(
                lambda: jobs.record_code_outcome(request_id, "accepted", True), RECORD_WITHIN_S
            )
        case Refused():
            await jobs.record_code_outcome(request_id, outcome.reason, True)
        case Later() | Unknown():
            # The same code twice does no harm, a code that never comes does: it is sent again while it is valid.
            await jobs.record_code_outcome(request_id, outcome.reason, False)
            raise RetryRequested(timedelta(seconds=CODE_RETRY_S), "code not sent")
