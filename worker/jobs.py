"""The functions of schema jobs, one method each: one statement that calls the function of the same name."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from pydantic_core import from_json, to_json

from db import trace
from db.connection import Pool
from worker.channels.channel import Accepted, AcceptedDelivery, Later, Message, Outcome, Receipt, Refused, Unknown
from worker.model.writer import WritingFailure, WrittenTexts


@dataclass(frozen=True, slots=True)
class Batch:
    """The result of jobs.claim_messages: messages to send now, and how many others were decided otherwise."""

    messages: list[Message]
    refused: int
    expired: int
    deferred: int
    more: bool


@dataclass(frozen=True, slots=True)
class SendResult:
    """A message and the outcome of its adapter."""

    message: Message
    adapter: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Jobs:
    """Calls over a pool of autocommit connections in the role of the worker: none leaves a transaction open."""

    pool: Pool

    async def plan_campaign(
        self, campaign_id: str, trigger_key: str, segments: Sequence[str] | None = None
    ) -> dict[str, Any]:
        return await self._call(
            "select jobs.plan_campaign(p_campaign_id => %s, p_trigger_key => %s, p_segments => %s)::text",
            campaign_id,
            trigger_key,
            segments,
        )

    async def run_preview(self, preview_id: str) -> dict[str, Any]:
        return await self._call("select jobs.run_preview(p_preview_id => %s)::text", preview_id)

    async def plan_daily(self) -> dict[str, Any]:
        return await self._call("select jobs.plan_daily()::text")

    async def judge_campaigns(self) -> dict[str, Any]:
        return await self._call("select jobs.judge_campaigns()::text")

    async def cohorts(self, run_id: str, limit: int) -> dict[str, Any]:
        return await self._call("select jobs.cohorts(p_run_id => %s, p_limit => %s)::text", run_id, limit)

    async def record_model_answer(
        self, run_id: str, cohort: Mapping[str, Any], prompt_version: int, written: WrittenTexts
    ) -> dict[str, Any]:
        context = cohort["context"]
        return await self._call(
            "select jobs.record_model_answer(p_cohort => %s, p_kind => %s, p_category => %s, p_language => %s,"
            " p_form => %s, p_prompt_version => %s, p_model => %s, p_answer => %s::jsonb,"
            " p_tokens_in => %s, p_tokens_out => %s, p_run_id => %s, p_requests => %s)::text",
            cohort["cohort"],
            context["kind"],
            context["category"],
            context["language"],
            context["form"],
            prompt_version,
            written.model,
            written.answer,
            written.usage.tokens_in,
            written.usage.tokens_out,
            run_id,
            written.usage.requests,
        )

    async def record_model_failure(
        self, run_id: str, cohort: str, prompt_version: int, failure: WritingFailure
    ) -> None:
        await self._call(
            "select jobs.record_model_failure(p_cohort => %s, p_prompt_version => %s, p_model => %s,"
            " p_reason => %s, p_run_id => %s, p_requests => %s, p_tokens_in => %s, p_tokens_out => %s)::text",
            cohort,
            prompt_version,
            failure.model,
            failure.reason,
            run_id,
            failure.usage.requests,
            failure.usage.tokens_in,
            failure.usage.tokens_out,
        )

    async def assign_texts(self, run_id: str) -> dict[str, Any]:
        return await self._call("select jobs.assign_texts(p_run_id => %s)::text", run_id)

    async def claim_messages(self, channel: str, limit: int, public_url: str, adapter: str) -> Batch:
        claimed = await self._call(
            "select jobs.claim_messages(p_channel => %s, p_limit => %s, p_public_url => %s, p_adapter => %s)::text",
            channel,
            limit,
            public_url,
            adapter,
        )
        return Batch(
            [Message(**message) for message in claimed["messages"]],
            claimed["refused"],
            claimed["expired"],
            claimed["deferred"],
            claimed["more"],
        )

    async def record_outcomes(self, results: Sequence[SendResult]) -> dict[str, Any]:
        return await self._call(
            "select jobs.record_outcomes(p_outcomes => %s::jsonb)::text",
            to_json([outcome_row(result) for result in results]),
        )

    async def sweep(self) -> dict[str, Any]:
        return await self._call("select jobs.sweep()::text")

    async def in_doubt_messages(self, channel: str, limit: int, adapter: str) -> list[tuple[str, int]]:
        found = await self._call(
            "select jobs.in_doubt_messages(p_channel => %s, p_limit => %s, p_adapter => %s)::text",
            channel,
            limit,
            adapter,
        )
        return [(message["message_id"], message["attempt"]) for message in found["messages"]]

    async def settle_in_doubt(self, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return await self._call("select jobs.settle_in_doubt(p_lookups => %s::jsonb)::text", to_json(results))

    async def record_receipts(self, source: str, events: Sequence[Receipt]) -> dict[str, Any]:
        return await self._call(
            "select jobs.record_receipts(p_source => %s, p_receipts => %s::jsonb)::text", source, to_json(events)
        )

    async def webhook_body(self, provider: str, webhook_id: str) -> bytes | None:
        """The body of a provider's call; None if it was read already."""
        found = await self._call(
            "select jobs.webhook_body(p_provider => %s, p_webhook_id => %s)::text", provider, webhook_id
        )
        return b64decode(found["body"]) if found["body"] is not None else None

    async def finish_webhook(
        self, provider: str, webhook_id: str, receipts: Sequence[Receipt], parse_error: str | None
    ) -> dict[str, Any]:
        return await self._call(
            "select jobs.finish_webhook(p_provider => %s, p_webhook_id => %s, p_receipts => %s::jsonb,"
            " p_parse_error => %s)::text",
            provider,
            webhook_id,
            to_json(receipts),
            parse_error,
        )

    async def awaiting_receipt(self, channel: str, adapter: str, limit: int) -> list[AcceptedDelivery]:
        found = await self._call(
            "select jobs.awaiting_receipt(p_channel => %s, p_adapter => %s, p_limit => %s)::text",
            channel,
            adapter,
            limit,
        )
        return [AcceptedDelivery(**delivery) for delivery in found["sendings"]]

    async def housekeep(self) -> dict[str, Any]:
        return await self._call("select jobs.housekeep()::text")

    async def pending_code(self, request_id: str) -> dict[str, Any]:
        return await self._call("select jobs.pending_code(p_request_id => %s)::text", request_id)

    async def record_code_outcome(self, request_id: str, outcome: str, is_final: bool) -> None:
        await self._call(
            "select jobs.record_code_outcome(p_request_id => %s, p_outcome => %s, p_is_final => %s)::text",
            request_id,
            outcome,
            is_final,
        )

    async def enqueue(self, entrypoint: str, payload: dict[str, Any], dedupe_key: str | None) -> int | None:
        made = await self._call(
            "select jobs.enqueue(p_entrypoint => %s, p_payload => %s::jsonb, p_dedupe_key => %s)::text",
            entrypoint,
            to_json(payload),
            dedupe_key,
        )
        job_id: int | None = made["job_id"]
        return job_id

    async def record_listener_heartbeat(self, listener_id: UUID) -> None:
        await self._call("select jobs.record_listener_heartbeat(p_listener_id => %s)::text", listener_id)

    async def crash_count(self, job_id: int) -> int:
        found = await self._call("select jobs.crash_count(p_job_id => %s)::text", job_id)
        crashes: int = found["crashes"]
        return crashes

    async def request_plan(self, campaign: str, trigger_key: str) -> int | None:
        made = await self._call(
            "select jobs.request_plan(p_campaign => %s, p_trigger_key => %s)::text", campaign, trigger_key
        )
        job_id: int | None = made["job_id"]
        return job_id

    async def find_run(self, campaign: str, trigger_key: str) -> str | None:
        found = await self._call(
            "select jobs.find_run(p_campaign => %s, p_trigger_key => %s)::text", campaign, trigger_key
        )
        run_id: str | None = found["run_id"]
        return run_id

    async def installation(self) -> dict[str, Any]:
        return await self._call("select jobs.installation()::text")

    async def run_report(self, run_id: str) -> dict[str, Any]:
        return await self._call("select jobs.run_report(p_run_id => %s)::text", run_id)

    async def next_due_at(self, run_id: str) -> datetime | None:
        found = await self._call("select jobs.next_due_at(p_run_id => %s)::text", run_id)
        return datetime.fromisoformat(found["next_due_at"]) if found["next_due_at"] else None

    async def sample_messages(self, run_id: str, limit: int) -> list[dict[str, Any]]:
        found = await self._call("select jobs.sample_messages(p_run_id => %s, p_limit => %s)::text", run_id, limit)
        messages: list[dict[str, Any]] = found["messages"]
        return messages

    async def _call(self, statement: LiteralString, *values: object) -> dict[str, Any]:
        # With the trace of the job in hand, which the jobs that the call makes inherit (queue.trace_headers).
        traced = statement + " from pg_catalog.set_config('shokti.traceparent', %s, true)"
        given = [value.decode() if isinstance(value, bytes) else value for value in (*values, trace.traceparent())]
        async with self.pool.connection() as connection:
            row = await (await connection.execute(traced, given)).fetchone()
        assert row is not None
        result: dict[str, Any] = from_json(row[0])
        return result


def outcome_row(result: SendResult) -> dict[str, Any]:
    """The outcome of a message as jobs.record_outcomes takes it."""
    outcome = result.outcome
    row: dict[str, Any] = {
        "message_id": result.message.message_id,
        "attempt": result.message.attempt,
        "adapter": result.adapter,
        "provider_id": None,
        "error": None,
        "address_is_bad": False,
        "retry_after": None,
        "person_limit": False,
    }
    match outcome:
        case Accepted():
            row |= {"outcome": "accepted", "provider_id": outcome.provider_id}
        case Refused():
            row |= {"outcome": "refused", "error": outcome.reason, "address_is_bad": outcome.address_is_bad}
        case Later():
            row |= {"outcome": "later", "error": outcome.reason, "retry_after": outcome.after}
            row |= {"person_limit": outcome.person_limit}
        case Unknown():
            row |= {"outcome": "unknown", "error": outcome.reason}
    return row
