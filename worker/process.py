"""One worker process: takes jobs, runs the schedule, ends when told to or when it has gone deaf."""

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
from worker.handlers.deliver import Handlers
from worker.jobs import GONE, Jobs
from worker.model.writer import Writer
from worker.queue import ListenerLostError, ListeningDriver, executor_factory, queries, told_safely
from worker.schedules import SCHEDULES, Schedule

ROLE = "shokti_worker"
# Connections of the handlers: two batches each of e-mail and in-app, and something for the rest.
HANDLER_CONNECTIONS = 6
# Jobs in hand at once, and taken at once.
JOBS_AT_ONCE = 20
JOBS_TAKEN = 10
# How long the loop sleeps when no notification comes and no job is due.
IDLE_S = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Options:
    """What tests and the demo day change. `heartbeat_s`: a job silent for so long is given to another process."""

    schedules: bool = True
    heartbeat_s: float = 30.0
    probe_s: float = 5.0
    gone_s: float = 20.0


@asynccontextmanager
async def parts(settings: Settings, jobs: Jobs) -> AsyncIterator[Handlers]:
    """The handlers and what they talk to, from the settings alone; closed at the end."""
    ways = channels(settings)
    model = writer(settings)
    try:
        yield Handlers(jobs, ways, model, settings.public_url, settings.keyring)
    finally:
        for channel in ways.values():
            await channel.close()
        if model is not None:
            await model.close()


def writer(settings: Settings) -> Writer | None:
    """The model if there is a key for one. Its library is half of the start-up and a third of the memory."""
    if settings.openai_api_key is None:
        return None
    from worker.model.client import Model

    return Model(settings.openai_api_key.get_secret_value(), settings.openai_model, settings.openai_base_url)


async def run(settings: Settings, url: str, options: Options) -> int:
    """Works until SIGTERM or SIGINT (0) or until it can no longer work (1), finishing the batches in hand."""
    async with (
        pool(url, role=ROLE, application_name="shokti worker jobs", max_size=HANDLER_CONNECTIONS) as handling,
        pool(url, role=ROLE, application_name="shokti worker queue", max_size=2) as queueing,
        await connect_async(url, role=ROLE, application_name="shokti worker listen") as listening,
        parts(settings, Jobs(handling)) as handlers,
    ):
        driver = ListeningDriver(listening, queueing)
        queuer = PgQueuer(driver, queries=queries(driver))
        for name, handler in handlers.entrypoints().items():
            queuer.entrypoint(name, on_failure="hold", executor_factory=executor_factory(handlers.jobs))(
                told_safely(handler)
            )
        if options.schedules:
            for schedule in SCHEDULES:
                queuer.schedule(schedule.entrypoint, schedule.cron)(asking(handlers.jobs, schedule))
        return await until_told(queuer, driver, handlers, options)


def asking(jobs: Jobs, schedule: Schedule) -> Callable[[Firing], Awaitable[None]]:
    """What the schedule does when its time comes: only asks, so that a failure is retried like any job's."""

    async def ask(_: Firing) -> None:
        await jobs.enqueue(schedule.entrypoint, schedule.payload, schedule.dedupe_key)

    return ask


async def until_told(queuer: PgQueuer, driver: ListeningDriver, handlers: Handlers, options: Options) -> int:
    """Runs pgqueuer's loops beside the watch over the listener; whichever ends first ends all."""

    def stop() -> None:
        handlers.stopping.set()
        queuer.shutdown.set()

    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stop)

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
    watch = loop.create_task(watched(queuer, driver, handlers, options))
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


async def watched(queuer: PgQueuer, driver: ListeningDriver, handlers: Handlers, options: Options) -> None:
    """Ends with an error when the connection that listens is dead, or says nothing, or the database is away."""
    await driver.listening.wait()
    log.info(
        "started",
        entrypoints=sorted(handlers.entrypoints()),
        channels=adapters(handlers),
        model=handlers.model and handlers.model.name,
    )
    proving = asyncio.create_task(proven(queuer, handlers, options))
    try:
        # A listener that is known to be dead needs no probe, which would wait for the database first.
        await asyncio.wait((proving, driver.lost), return_when=asyncio.FIRST_COMPLETED)
        await (driver.lost if driver.lost.done() else proving)
    finally:
        proving.cancel()


async def proven(queuer: PgQueuer, handlers: Handlers, options: Options) -> None:
    """A probe goes through the database and must come back on the listening connection: only that proves that it hears.

    That it did is noted in the database, where the app's /readyz looks.
    """
    listener_id = uuid4()
    heard_at = monotonic()
    while True:
        try:
            await queuer.qm.listener_healthy(timedelta(seconds=options.probe_s))
            heard_at = monotonic()
            await handlers.jobs.heard(listener_id)
        except FailingListenerError:
            raise ListenerLostError("a notification did not come back") from None
        except GONE:
            if monotonic() - heard_at > options.gone_s:
                raise
        await asyncio.sleep(options.probe_s)


def adapters(handlers: Handlers) -> dict[str, str]:
    return {name: channel.adapter for name, channel in handlers.channels.items()}
