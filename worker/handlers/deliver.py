"""What each job does: decode, one call of SQL, one act outside, one call of SQL. Decisions are all in the database.

No connection is held while something outside is awaited: each call takes one from the pool and gives it back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json

from db.keyring import Keyring
from worker.channels.channel import Accepted, Later, Message, Receipt, Refused, Unknown
from worker.channels.circuit_breaker import Guarded
from worker.channels.receipts import standard_receipts
from worker.handlers import code_message
from worker.jobs import Jobs, Told, patiently
from worker.model.writer import Allowance, Writer, Written

BATCH = 100
# Batches of one channel in hand at once per process: while one is being sent the next is claimed. No more, because
# what a dying process has claimed but not sent is in doubt.
LANES = 2
# Nothing is sent longer after its claim than this; well below policy claim.lease, after which it counts as in doubt.
SEND_WITHIN_S = 120.0
# How long outcomes wait for a database that is away, before they are given up to be in doubt.
RECORD_WITHIN_S = 60.0
# A code that could not be handed over is tried again so soon.
CODE_AGAIN_S = 3.0
COHORTS = 1000
IN_DOUBT = 1000
# How many messages a provider is asked about at a time.
ASKED = 200
# A prepaid account with less taka than this is worth a warning.
LOW_BALANCE = 1000.0

log = structlog.get_logger()

Handler = Callable[[Job], Awaitable[None]]


class Payload(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plan(Payload):
    campaign_id: str
    trigger_key: str
    segments: list[str] | None = None


class Preview(Payload):
    preview_id: str


class Compose(Payload):
    run_id: str


class SendCode(Payload):
    request_id: str


class OnChannel(Payload):
    channel: str


class Called(Payload):
    provider: str
    webhook_id: str


@dataclass(slots=True)
class Handlers:
    """The entrypoints by name, over the parts they need."""

    jobs: Jobs
    channels: Mapping[str, Guarded]
    model: Writer | None
    public_url: str
    keyring: Keyring
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _lanes: dict[str, asyncio.Semaphore] = field(init=False)
    _woken: set[str] = field(default_factory=set)
    _back_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lanes = {channel: asyncio.Semaphore(LANES) for channel in self.channels}

    def entrypoints(self) -> dict[str, Handler]:
        return {
            "plan": self.plan,
            "plan_daily": self.plan_daily,
            "preview": self.preview,
            "judge_campaigns": self.judge_campaigns,
            "compose": self.compose,
            "deliver": self.deliver,
            "send_code": self.send_code,
            "sweep": self.sweep,
            "settle": self.settle,
            "receipts": self.receipts,
            "poll_receipts": self.poll_receipts,
            "housekeep": self.housekeep,
        }

    async def plan(self, job: Job) -> None:
        asked = Plan.model_validate_json(job.payload or b"")
        planned = await self.jobs.plan_campaign(asked.campaign_id, asked.trigger_key, asked.segments)
        log.info("planned", **planned)

    async def preview(self, job: Job) -> None:
        preview_id = Preview.model_validate_json(job.payload or b"").preview_id
        log.info("previewed", **await self.jobs.run_preview(preview_id))

    async def plan_daily(self, job: Job) -> None:
        log.info("planned_day", **await self.jobs.plan_daily())

    async def judge_campaigns(self, job: Job) -> None:
        log.info("judged", **await self.jobs.judge_campaigns())

    async def compose(self, job: Job) -> None:
        """Texts of the model for the cohorts of a run. Without a model, or where it fails, templates stay in place."""
        run_id = Compose.model_validate_json(job.payload or b"").run_id
        accepted: list[int] = []
        if self.model is not None:
            asked = await self.jobs.cohorts(run_id, COHORTS)
            version: int = asked["prompt_version"]
            allowance = Allowance(asked["requests"])
            accepted = await asyncio.gather(
                *(self._ask(self.model, run_id, cohort, version, allowance) for cohort in asked["cohorts"])
            )
        assigned = await self.jobs.assign_texts(run_id)
        log.info("composed", run_id=run_id, cohorts=len(accepted), texts=sum(accepted), **assigned)

    async def _ask(
        self, model: Writer, run_id: str, cohort: Mapping[str, Any], version: int, allowance: Allowance
    ) -> int:
        """Asks for one cohort; how many of the texts SQL accepted."""
        name: str = cohort["cohort"]
        answer = await model.write(cohort, version, allowance)
        if isinstance(answer, Written):
            judged = await self.jobs.accept_text(run_id, cohort, version, answer)
            accepted: int = judged["accepted"]
            return accepted
        log.warning("model_failed", cohort=name, reason=answer.reason)
        if answer.spent.requests:
            await self.jobs.record_model_failure(run_id, name, version, answer)
        return 0

    async def deliver(self, job: Job) -> None:
        """Sends what is due on a channel, a batch after the other, until nothing is."""
        name = OnChannel.model_validate_json(job.payload or b"").channel
        channel = self.channels.get(name)
        if channel is None:
            log.warning("channel_not_configured", channel=name)
            return
        if self._lanes[name].locked():
            # Those at work look once more before they end; waiting here would only take a place from other jobs.
            self._woken.add(name)
            return
        async with self._lanes[name]:
            self._woken.add(name)
            while name in self._woken:
                self._woken.discard(name)
                while await self._deliver_batch(name, channel):
                    pass

    async def _deliver_batch(self, name: str, channel: Guarded) -> bool:
        """One batch; whether there may be more. While the provider is down, or we are stopping, the job goes back."""
        if self.stopping.is_set():
            raise RetryRequested(reason="stopping")
        if (pause := channel.closed_in()) > 0:
            if self._back_at.get(name, 0.0) > monotonic():
                # One wake-up is on its way back already; hundreds would only fill the queue's log.
                return False
            self._back_at[name] = monotonic() + 0.9 * pause
            raise RetryRequested(timedelta(seconds=pause), "provider is down")
        started = monotonic()
        batch = await self.jobs.claim_batch(name, channel.room(BATCH), self.public_url, channel.adapter)
        claimed = monotonic()
        recorded: dict[str, Any] = {}
        sent = claimed
        if batch.messages:
            told = await send_all(channel, batch.messages)
            sent = monotonic()
            recorded = await patiently(lambda: self.jobs.record_outcomes(told), RECORD_WITHIN_S)
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

    async def send_code(self, job: Job) -> None:
        """A one-time code. It is opened here, in memory, and only here; nothing of it is logged."""
        request_id = SendCode.model_validate_json(job.payload or b"").request_id
        told = {"request_id": request_id}
        claimed = await self.jobs.claim_code(request_id)
        if claimed["sealed"] is None:
            log.info("code_not_needed", **told)
            return
        channel = self.channels.get(claimed["channel"])
        if channel is None:
            await self.jobs.record_code_outcome(request_id, "channel_not_configured", True)
            log.warning("channel_not_configured", channel=claimed["channel"], **told)
            return
        outcome = await channel.send(code_message.message(self.keyring, request_id, claimed))
        log.info("code_sent", channel=claimed["channel"], outcome=type(outcome).__name__.lower(), **told)
        match outcome:
            case Accepted():
                await patiently(lambda: self.jobs.record_code_outcome(request_id, "accepted", True), RECORD_WITHIN_S)
            case Refused():
                await self.jobs.record_code_outcome(request_id, outcome.reason, True)
            case Later() | Unknown():
                # The same code twice does no harm, one that never comes does: it is sent again while it is valid.
                await self.jobs.record_code_outcome(request_id, outcome.reason, False)
                raise RetryRequested(timedelta(seconds=CODE_AGAIN_S), "code not sent")

    async def sweep(self, job: Job) -> None:
        log.info("swept", **await self.jobs.sweep())

    async def settle(self, job: Job) -> None:
        """Asks adapters that can tell what became of messages whose answer was lost. Payload {} means all channels."""
        asked: dict[str, str] = from_json(job.payload or b"{}")
        for name, channel in self.channels.items():
            looks_up = channel.looks_up
            if looks_up is None or asked.get("channel", name) != name:
                continue
            lost = await self.jobs.in_doubt(name, IN_DOUBT, channel.adapter)
            results = [
                {
                    "message_id": message_id,
                    "attempt": attempt,
                    "adapter": channel.adapter,
                    "found": await looks_up.lookup(message_id, attempt),
                    "provider_id": None,
                }
                for message_id, attempt in lost
            ]
            if results:
                log.info("settled", channel=name, **await self.jobs.settle(results))

    async def receipts(self, job: Job) -> None:
        """Reads a provider's call that the edge received. What cannot be understood is noted, not tried again."""
        called = Called.model_validate_json(job.payload or b"")
        body = await self.jobs.webhook(called.provider, called.webhook_id)
        if body is None:
            return
        found: list[Receipt] = []
        fault: str | None = None
        try:
            found = self._read(called, body)
        except ValueError as error:
            # Not what it says: that may quote the body.
            fault = type(error).__name__
            log.warning("webhook_not_understood", provider=called.provider, fault=fault)
        recorded = await self.jobs.finish_webhook(called.provider, called.webhook_id, found, fault)
        log.info("webhook_read", provider=called.provider, receipts=len(found), **recorded)

    def _read(self, called: Called, body: bytes) -> list[Receipt]:
        for channel in self.channels.values():
            parses = channel.parses_receipts
            if parses is not None and channel.adapter == called.provider:
                return parses.parse_receipts(body)
        return standard_receipts(body, called.webhook_id)

    async def poll_receipts(self, job: Job) -> None:
        """Asks providers that do not call us, and those paid in advance what is left."""
        for name, channel in self.channels.items():
            if channel.closed_in() > 0:
                continue
            polls = channel.polls_receipts
            if polls is not None and (sendings := await self.jobs.unreported(name, channel.adapter, ASKED)):
                receipts = await polls.poll_receipts(sendings)
                recorded = await self.jobs.record_events(channel.adapter, receipts) if receipts else {"recorded": 0}
                log.info("polled", channel=name, asked=len(sendings), **recorded)
            if channel.has_balance is not None:
                balance = await channel.has_balance.balance()
                tell = log.warning if balance is None or balance < LOW_BALANCE else log.info
                tell("balance", channel=name, taka=balance)

    async def housekeep(self, job: Job) -> None:
        log.info("housekept", **await self.jobs.housekeep())


async def send_all(channel: Guarded, messages: Sequence[Message]) -> list[Told]:
    """Sends a claimed batch, as many at once as the adapter can; every message gets an answer."""
    give_up_at = monotonic() + SEND_WITHIN_S
    waiting = iter(messages)
    told: list[Told] = []

    async def lane(waiting: Iterator[Message]) -> None:
        for message in waiting:
            # Also after a pause of the whole process: what was claimed long ago may be counted as in doubt by now.
            outcome = await channel.send(message) if monotonic() < give_up_at else Later("not_sent_in_time")
            told.append(Told(message, channel.adapter, outcome))

    await asyncio.gather(*(lane(waiting) for _ in range(min(channel.concurrency, len(messages)))))
    return told
