"""Upkeep, every minute and every night."""

from __future__ import annotations

import structlog
from pgqueuer.models import Job

from worker.handlers.parts import Parts

log = structlog.get_logger()


async def sweep(parts: Parts, job: Job) -> None:
    """Every minute: stuck messages, campaigns that start or end, early receipts, bookings to credit."""
    log.info("swept", **await parts.jobs.sweep())


async def housekeep(parts: Parts, job: Job) -> None:
    """Every night: expired rows, partitions, the uplift of campaigns."""
    log.info("housekept", **await parts.jobs.housekeep())
