"""pgqueuer as this project runs it: its own schema, a listener whose death is noticed, and jobs that cannot do harm."""

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
from worker.jobs import Jobs
from worker.retry import UNAVAILABLE_ERRORS, retry_while_unavailable

SCHEMA = "queue"
# Long enough for a restart of the server. After that the process ends, and the supervisor starts it again.
RETRY_S = 10.0
# A job is held after so many processes have died with it in hand; fewer may be chance.
MOST_CRASHES = 3

log = structlog.get_logger()


class ListeningDriver(PsycopgDriver):
    """LISTEN on a connection of its own, everything else over a pool.

    pgqueuer's own driver does both on one connection and holds its lock while it waits for a notification. A query of
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

        return await retry_while_unavailable(work, RETRY_S)

    async def execute(self, query: str, *args: object) -> str:
        async def work() -> str:
            async with self._borrowed() as connection:
                cursor = AsyncRawCursor(connection)
                await cursor.execute(query, args or None)
                return cursor.statusmessage or ""

        return await retry_while_unavailable(work, RETRY_S)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        await super().add_listener(channel, callback)
        self.listening.set()

    async def watch_notifies(self) -> None:
        """The library's loop, whose end is reported here: by itself it ends silently, and no notification arrives."""
        try:
            await super().watch_notifies()
        except (psycopg.Error, OSError) as error:
            if not self.lost.done():
                self.lost.set_exception(ListenerLostError(error_text(error)))

    def _borrowed(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._pool.connection()


class ListenerLostError(Exception):
    """Notifications no longer arrive: the process must end and be started again."""


class PoisonedJobError(Exception):
    """Several processes died with this job in hand: it is held for an operator."""


class JobError(Exception):
    """The failure of a job, described without values: pgqueuer stores the text in its log."""


class PayloadError(JobError):
    """The payload is malformed, so a retry would change nothing."""


@dataclass
class Executor(DatabaseRetryEntrypointExecutor):
    """Retries in the database with growing waits; holds a job that keeps failing or that kills processes."""

    jobs: Jobs | None = None

    async def execute(self, job: Job, context: Context) -> None:
        assert self.jobs is not None
        with structlog.contextvars.bound_contextvars(
            job_id=job.id, entrypoint=job.entrypoint, trace_id=trace_id_of(job)
        ):
            try:
                crashes = await self.jobs.crash_count(job.id)
            except UNAVAILABLE_ERRORS as error:
                # The job has not begun, so it goes back to the queue and is not held.
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


def without_error_values(handler: Callable[[Job], Awaitable[None]]) -> Callable[[Job], Awaitable[None]]:
    """The handler, with errors that lack the values which their texts may quote."""

    async def handle(job: Job) -> None:
        try:
            await handler(job)
        except RetryRequested:
            raise
        except ValidationError as error:
            raise PayloadError(error_text(error)) from None
        except Exception as error:
            raise JobError(error_text(error)) from None

    return handle


class QueueQueries(Queries):
    """pgqueuer's statements. A job is held for its own failure, never because the database was away."""

    async def retry_job(self, job: Job, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """As the library's, but the job stays in hand where the database does not come back in time.

        pgqueuer would hold the job. Here it goes to another process after its heartbeat timeout, as after a crash.
        """
        try:
            await super().retry_job(job, delay, traceback_record)
        except UNAVAILABLE_ERRORS as error:
            log.warning("not_given_back", job_id=job.id, entrypoint=job.entrypoint, reason=error_text(error))


def queries(driver: PsycopgDriver) -> Queries:
    """pgqueuer's statements, on its tables in our schema."""
    settings = DBSettings(db_schema=SCHEMA)
    return QueueQueries(
        driver,
        qbe=QueryBuilderEnvironment(settings),
        qbq=QueryQueueBuilder(settings),
        qbs=QuerySchedulerBuilder(settings),
    )


def executor_factory(jobs: Jobs) -> Callable[[Any], Executor]:
    return lambda parameters: Executor(parameters, jobs=jobs)
