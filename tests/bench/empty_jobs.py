"""pgqueuer with jobs that do nothing: `python -m tests.bench.empty_jobs`, on the database of DATABASE_URL."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta

import uvloop
from pgqueuer import PgQueuer
from pgqueuer.models import Job

from db.connection import connect_async, pool
from worker.queue import ListeningDriver, queries


async def nothing(job: Job) -> None:
    return None


async def run(url: str) -> None:
    """Listens on a connection of its own, as our worker does, with the best number of jobs at once."""
    async with (
        pool(url, role="shokti_worker", max_size=2) as queueing,
        await connect_async(url, role="shokti_worker") as listening,
    ):
        driver = ListeningDriver(listening, queueing)
        queuer = PgQueuer(driver, queries=queries(driver))
        queuer.entrypoint("empty")(nothing)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, queuer.shutdown.set)
        print("started", file=sys.stderr, flush=True)
        await queuer.qm.run(dequeue_timeout=timedelta(seconds=1), batch_size=100)


if __name__ == "__main__":
    uvloop.run(run(os.environ["DATABASE_URL"]))
