"""Waiting out a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

import psycopg
from psycopg_pool import PoolTimeout

Result = TypeVar("Result")

UNAVAILABLE_ERRORS = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)


async def retry_while_unavailable(work: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """The result of `work`, repeated while the database is away, for at most so many seconds.

    Only for work that may be done twice: the answer of an attempt can be lost after its commit.
    """
    give_up_at = monotonic() + seconds
    wait = 0.1
    while True:
        try:
            return await work()
        except UNAVAILABLE_ERRORS:
            if monotonic() + wait > give_up_at:
                raise
        await asyncio.sleep(wait)
        wait = min(wait * 2, 2.0)
