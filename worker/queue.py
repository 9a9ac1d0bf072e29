"""pgqueuer as this project runs it: its own schema, a listener that is noticed when it dies, jobs that cannot harm."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from pgqueuer import DatabaseRetryEntrypointExecutor, Job, PsycopgDriver, Queries, RetryRequested
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.domain.settings import DBSettings
from pgqueuer.models import Context, TracebackRecord
from pgqueuer.ports.driver import NotifyCallback
from psycopg import AsyncRawCursor
from psycopg.rows import dict_row
from pydantic import ValidationError

from db import trace
from db.connection import AsyncConnection, Pool
from db.log import error_text
from worker.jobs import GONE, Jobs, patiently

SCHEMA = "queue"
# A restart of the server is sat out; what takes longer ends the process, and the supervisor starts it anew.
PATIENCE_S = 10.0
# So many processes may die with a job in hand before it is held: with one it may be chance.
MOST_CRASHES = 3

log = structlog.get_logger()


class ListeningDriver(PsycopgDriver):
    """LISTEN on a connection of its own, everything else over a pool.

    pgqueuer's own driver does both on one connection, whose lock it holds while it waits for a notification: a query on
    an idle worker then waits up to a second.
    """

    def __init__(self, listening: AsyncConnection, pool: Pool) -> None:
        super().__init__(listening)
        self._pool = pool
        self.listening = asyncio.Event()
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        async def work() -> list[dict[str, object]]:
            async with self._borrowed() as connection:
                cursor = AsyncRawCursor(connection, row_factory=dict_row)
                await cursor.execute(query, args or None)
                return await cursor.fetchall()

        return await patiently(work, PATIENCE_S)

    async def execute(self, query: str, *args: object) -> str:
        async def work() -> str:
            async with self._borrowed() as connection:
                cursor = AsyncRawCursor(connection)
                await cursor.execute(query, args or None)
                return cursor.statusmessage or ""

        return await patiently(work, PATIENCE_S)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        await super().add_listener(channel, callback)
        self.listening.set()

    async def watch_notifies(self) -> None:
        """As the library's, but its end is known: there it dies silently and the worker goes on deaf."""
        try:
            await super().watch_notifies()
        except (psycopg.Error, OSError) as error:
            if not self.lost.done():
                self.lost.set_exception(ListenerLostError(error_text(error)))

    def _borrowed(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._pool.connection()


class ListenerLostError(Exception):
    """Nobody hears notifications any more: the process must end and be started anew."""


class PoisonedJobError(Exception):
    """This job was in hand when several processes died: it is held for a person to look at."""


class JobError(Exception):
    """What went wrong in a job, told without any value: pgqueuer keeps the text in its log."""


class PayloadError(JobError):
    """The job itself is malformed: trying again would change nothing."""


@dataclass
class Executor(DatabaseRetryEntrypointExecutor):
    """Retries by the database with growing waits; holds a job that fails for good or that kills processes."""

    jobs: Jobs | None = None

    async def execute(self, job: Job, context: Context) -> None:
        assert self.jobs is not None
        with structlog.contextvars.bound_contextvars(
            job_id=job.id, entrypoint=job.entrypoint, trace_id=trace_id_of(job)
        ):
            try:
                crashes = await self.jobs.crashes(job.id)
            except GONE as error:
                # The job has not even begun: it goes back, not to a person.
                raise RetryRequested(timedelta(seconds=1), error_text(error)) from None
            if crashes >= MOST_CRASHES:
                raise PoisonedJobError(f"{crashes} processes died with this job in hand")
            try:
                await super().execute(job, context)
            except RetryRequested as retry:
                if isinstance(retry.__cause__, PayloadError):
                    raise retry.__cause__ from None
                raise


def trace_id_of(job: Job) -> str:
    """The trace id of the request or job that made this job; a new one where there is none."""
    parsed = trace.parse_traceparent(str((job.headers or {}).get("traceparent", "")))
    return parsed[0] if parsed else trace.new_trace_id()


def told_safely(handler: Callable[[Job], Awaitable[None]]) -> Callable[[Job], Awaitable[None]]:
    """The handler, whose errors go on without the values that their texts may quote."""

    async def safely(job: Job) -> None:
        try:
            await handler(job)
        except RetryRequested:
            raise
        except ValidationError as error:
            raise PayloadError(error_text(error)) from None
        except Exception as error:
            raise JobError(error_text(error)) from None

    return safely


class QueueQueries(Queries):
    """pgqueuer's statements; what a job is held for is the job's fault, never that the database was away."""

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """As the library's, but where the database does not come back in time the job stays as it is.

        pgqueuer would hold it. So it is given away after its heartbeat, as if this process had died.
        """
        try:
            await super().retry_job(job, delay, traceback_record)
        except GONE as error:
            log.warning("not_given_back", job_id=job.id, entrypoint=job.entrypoint, reason=error_text(error))


def queries(driver: PsycopgDriver) -> Queries:
    """pgqueuer's own statements, on its tables in our schema."""
    settings = DBSettings(db_schema=SCHEMA)
    return QueueQueries(
        driver,
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


def executor_factory(jobs: Jobs) -> Callable[[Any], Executor]:
    return lambda parameters: Executor(parameters, jobs=jobs)
