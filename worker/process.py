"""One worker process: takes jobs, runs the schedule, and ends on a signal or when its listener is lost."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import uuid4

import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import FailingListenerError
from pgqueuer.models import Schedule as Firing

from db.connection import connect_async, pool
from db.settings import Settings
from worker.channels.registry import channels
from worker.handlers.parts import Parts
from worker.handlers.registry import entrypoints
from worker.jobs import Jobs
from worker.model.writer import Writer
from worker.queue import ListenerLostError, ListeningDriver, executor_factory, queries, without_error_values
from worker.retry import UNAVAILABLE_ERRORS
from worker.schedules import SCHEDULES, Schedule

ROLE = "shokti_worker"
# Connections of the handlers: two batches each of e-mail and in-app, and some for the other jobs.
HANDLER_CONNECTIONS = 6
# Jobs in hand at once, and taken at once.
JOBS_AT_ONCE = 20
JOBS_TAKEN = 10
# How long the loop sleeps when no notification comes and no job is due.
IDLE_S = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and the demo day change.

    `heartbeat_s`: the jobs of a process that is silent for so long go to another. `probe_s`: seconds between two probes
    of the listener. `gone_s`: the process ends when the database is away for so long.
    """

    schedules: bool = True
    heartbeat_s: float = 30.0
    probe_s: float = 5.0
    gone_s: float = 20.0


@asynccontextmanager
async def open_parts(settings: Settings, jobs: Jobs) -> AsyncIterator[Parts]:
    """What the handlers work with, from the settings alone; closed at the end."""
    adapters = channels(settings)
    model = writer(settings)
    try:
        yield Parts(jobs, adapters, model, settings.public_url, settings.keyring)
    finally:
        for channel in adapters.values():
            await channel.close()
        if model is not None:
            await model.close()


def writer(settings: Settings) -> Writer | None:
    """The model if there is a key for one. Its library takes half of the start-up time and a third of the memory."""
    if settings.openai_api_key is None:
        return None
    from worker.model.client import ModelClient

    return ModelClient(settings.openai_api_key.get_secret_value(), settings.openai_model, settings.openai_base_url)


async def run(settings: Settings, url: str, options: Options) -> int:
    """Works until SIGTERM or SIGINT (returns 0), or until it can no longer work (1). Batches in hand are finished."""
    async with (
        pool(url, role=ROLE, application_name="shokti worker jobs", max_size=HANDLER_CONNECTIONS) as handling,
        pool(url, role=ROLE, application_name="shokti worker queue", max_size=2) as queueing,
        await connect_async(url, role=ROLE, application_name="shokti worker listen") as listening,
        open_parts(settings, Jobs(handling)) as parts,
    ):
        driver = ListeningDriver(listening, queueing)
        queuer = PgQueuer(driver, queries=queries(driver))
        for name, handler in entrypoints(parts).items():
            queuer.entrypoint(name, on_failure="hold", executor_factory=executor_factory(parts.jobs))(
                without_error_values(handler)
            )
        if options.schedules:
            for schedule in SCHEDULES:
                queuer.schedule(schedule.entrypoint, schedule.cron)(enqueue_when_due(parts.jobs, schedule))
        return await run_until_stopped(queuer, driver, parts, options)


def enqueue_when_due(jobs: Jobs, schedule: Schedule) -> Callable[[Firing], Awaitable[None]]:
    """The schedule only makes a job, so that a failure is retried like that of any job."""

    async def enqueue(_: Firing) -> None:
        await jobs.enqueue(schedule.entrypoint, schedule.payload, schedule.dedupe_key)

    return enqueue


async def run_until_stopped(queuer: PgQueuer, driver: ListeningDriver, parts: Parts, options: Options) -> int:
    """Runs pgqueuer's loops beside the watch over the listener; the first that ends, ends all."""

    def stop() -> None:
        parts.stopping.set()
        queuer.shutdown.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)

    working = [
        loop.create_task(
            queuer.qm.run(
                dequeue_timeout=timedelta(seconds=IDLE_S),
                batch_size=JOBS_TAKEN,
                max_concurrent_tasks=JOBS_AT_ONCE,
                heartbeat_timeout=timedelta(seconds=options.heartbeat_s),
            )
        )
    ]
    if options.schedules:
        working.append(loop.create_task(queuer.sm.run()))
    watch = loop.create_task(watch_listener(queuer, driver, parts, options))
    await asyncio.wait([*working, watch], return_when=asyncio.FIRST_COMPLETED)
    ended_by_us = queuer.shutdown.is_set() and not any(task.done() and task.exception() for task in (*working, watch))
    stop()
    outcomes = await asyncio.gather(*working, return_exceptions=True)
    watch.cancel()
    outcomes += await asyncio.gather(watch, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            log.error("ended", exc_info=outcome)
    if ended_by_us:
        log.info("stopped")
    return 0 if ended_by_us else 1


async def watch_listener(queuer: PgQueuer, driver: ListeningDriver, parts: Parts, options: Options) -> None:
    """Ends with an error when the listening connection is dead or silent, or when the database is away."""
    await driver.listening.wait()
    log.info(
        "started",
        entrypoints=sorted(entrypoints(parts)),
        channels=adapter_names(parts),
        model=parts.model and parts.model.name,
    )
    probing = asyncio.create_task(probe_listener(queuer, parts, options))
    try:
        # A listener that is known to be dead needs no probe, which would wait for the database first.
        await asyncio.wait((probing, driver.lost), return_when=asyncio.FIRST_COMPLETED)
        await (driver.lost if driver.lost.done() else probing)
    finally:
        probing.cancel()


async def probe_listener(queuer: PgQueuer, parts: Parts, options: Options) -> None:
    """Sends probes through the database, which must come back on the listening connection.

    Only that proves that the process receives notifications. Each success is recorded in the database, for the edge's
    /readyz.
    """
    listener_id = uuid4()
    heard_at = monotonic()
    while True:
        try:
            await queuer.qm.listener_healthy(timedelta(seconds=options.probe_s))
            heard_at = monotonic()
            await parts.jobs.record_listener_heartbeat(listener_id)
        except FailingListenerError:
            raise ListenerLostError("a notification did not come back") from None
        except UNAVAILABLE_ERRORS:
            if monotonic() - heard_at > options.gone_s:
                raise
        await asyncio.sleep(options.probe_s)


def adapter_names(parts: Parts) -> dict[str, str]:
    return {name: channel.adapter for name, channel in parts.channels.items()}
