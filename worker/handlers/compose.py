"""Texts of the model for the cohorts of a run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from pgqueuer.models import Job

from worker.handlers.parts import Parts, Payload
from worker.model.writer import RequestBudget, Writer, WrittenTexts

COHORT_LIMIT = 1000

log = structlog.get_logger()


class ComposePayload(Payload):
    run_id: str


async def compose(parts: Parts, job: Job) -> None:
    """Asks the model for texts and assigns them. Without a model, or where it fails, approved templates are sent."""
    run_id = ComposePayload.model_validate_json(job.payload or b"").run_id
    accepted: list[int] = []
    if parts.model is not None:
        asked = await parts.jobs.cohorts(run_id, COHORT_LIMIT)
        version: int = asked["prompt_version"]
        budget = RequestBudget(asked["requests"])
        accepted = await asyncio.gather(
            *(_write(parts, parts.model, run_id, cohort, version, budget) for cohort in asked["cohorts"])
        )
    assigned = await parts.jobs.assign_texts(run_id)
    log.info("composed", run_id=run_id, cohorts=len(accepted), texts=sum(accepted), **assigned)


async def _write(
    parts: Parts, model: Writer, run_id: str, cohort: Mapping[str, Any], version: int, budget: RequestBudget
) -> int:
    """Asks for the texts of one cohort; returns how many of them SQL accepted."""
    name: str = cohort["cohort"]
    answer = await model.write(cohort, version, budget)
    if isinstance(answer, WrittenTexts):
        judged = await parts.jobs.record_model_answer(run_id, cohort, version, answer)
        accepted: int = judged["accepted"]
        return accepted
    log.warning("model_failed", cohort=name, reason=answer.reason)
    if answer.usage.requests:
        await parts.jobs.record_model_failure(run_id, name, version, answer)
    return 0
