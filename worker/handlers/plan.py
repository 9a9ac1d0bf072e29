"""Planning of campaigns, its previews, and the judgement of running campaigns."""

from __future__ import annotations

import structlog
from pgqueuer.models import Job

from worker.handlers.parts import Parts, Payload

log = structlog.get_logger()


class PlanPayload(Payload):
    campaign_id: str
    trigger_key: str
    segments: list[str] | None = None


class PreviewPayload(Payload):
    preview_id: str


async def plan(parts: Parts, job: Job) -> None:
    """Plans one run of a campaign."""
    asked = PlanPayload.model_validate_json(job.payload or b"")
    planned = await parts.jobs.plan_campaign(asked.campaign_id, asked.trigger_key, asked.segments)
    log.info("planned", **planned)


async def preview(parts: Parts, job: Job) -> None:
    """Runs one preview of planning."""
    preview_id = PreviewPayload.model_validate_json(job.payload or b"").preview_id
    log.info("previewed", **await parts.jobs.run_preview(preview_id))


async def plan_daily(parts: Parts, job: Job) -> None:
    """Plans the day's run of every repeating campaign."""
    log.info("planned_day", **await parts.jobs.plan_daily())


async def judge_campaigns(parts: Parts, job: Job) -> None:
    """Rolls out or stops campaigns by their guardrails."""
    log.info("judged", **await parts.jobs.judge_campaigns())
