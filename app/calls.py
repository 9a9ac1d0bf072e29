"""`select api.f(p_x => …)::text`, built once per endpoint at start-up from what the database says it has."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.adapt import Buffer, Loader
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic import Field, TypeAdapter

from app.endpoints import Endpoint
from app.fields import Input, Output
from app.problems import is_conflict, is_lost_connection
from db import Fault

# Longer than any call should wait for a connection, shorter than callers wait for us.
POOL_TIMEOUT = 2.0


class Argument(Output):
    """One argument of a function, as the catalogue has it."""

    name: str
    type: str
    optional: bool


class Function(Output):
    """One function of schema api."""

    name: str
    arguments: list[Argument]
    result: str
    comment: str = Field(description="Its COMMENT ON FUNCTION.")


class Contract(Output):
    """Every function of schema api."""

    functions: list[Function]


class Untouched(Loader):
    """The answer's bytes as they came: the edge neither parses nor rebuilds what Postgres wrote."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


async def prepare(connection: AsyncConnection[Any]) -> None:
    """Given to the pool for each new connection."""
    connection.adapters.register_loader("text", Untouched)


@dataclass(frozen=True, slots=True)
class Call:
    """One statement and how an input fills it."""

    function: str
    statement: bytes
    names: tuple[str, ...]
    repeatable: bool

    def values(self, given: Input) -> tuple[Any, ...]:
        if not self.names:
            return ()
        values = attrgetter(*self.names)(given)
        return values if len(self.names) > 1 else (values,)


async def read_contract(connection: AsyncConnection[Any]) -> Mapping[str, Function]:
    """What schema api offers, by name; a Fault if the database has no such schema or not for us."""
    try:
        cursor = await connection.execute("select api.contract()::text")
        row = await cursor.fetchone()
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidSchemaName, psycopg.errors.InsufficientPrivilege):
        raise Fault("the database is not up to date: it has no api.contract(); run `python -m db up`") from None
    assert row is not None
    contract = TypeAdapter(Contract).validate_json(row[0])
    return {function.name: function for function in contract.functions}


def build(endpoint: Endpoint, names: tuple[str, ...], functions: Mapping[str, Function]) -> Call:
    """The call of a row, whose input has these fields; a Fault if the database cannot serve it."""
    row = f"{endpoint.method} {endpoint.path}"
    function = functions.get(endpoint.function)
    if function is None:
        raise Fault(f"{row} needs the function api.{endpoint.function}, which the database does not have")
    types = {argument.name: argument.type for argument in function.arguments}
    wanted = {f"p_{name}" for name in names}
    if missing := sorted(wanted - types.keys()):
        raise Fault(f"{row}: api.{function.name} has no argument {', '.join(missing)}")
    required = {argument.name for argument in function.arguments if not argument.optional}
    if left := sorted(required - wanted):
        raise Fault(f"{row}: api.{function.name} needs {', '.join(left)}, which the row does not give")
    if unused := sorted(types.keys() - wanted):
        raise Fault(f"{row}: api.{function.name} takes {', '.join(unused)}, which the row does not give")
    # All of it is the catalogue's own spelling, or ours: nothing of a request ever stands in a statement.
    arguments = ", ".join(f"p_{name} => %s::{types[f'p_{name}']}" for name in names)
    statement = f"select api.{function.name}({arguments})::text".encode()
    return Call(function.name, statement, names, endpoint.method == "GET" or endpoint.idempotent)


def own(name: str, functions: Mapping[str, Function]) -> Call:
    """The call of a function without arguments that the edge asks about itself."""
    if name not in functions:
        raise Fault(f"the database has no api.{name}(); run `python -m db up`")
    return Call(name, f"select api.{name}()::text".encode(), (), repeatable=True)


class Database:
    """The pool, and the rules by which a call is tried a second time."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self.pool = pool

    async def ask(self, call: Call, values: tuple[Any, ...]) -> bytes:
        """The answer's bytes. Raises psycopg.Error; problems.from_database tells what it means."""
        try:
            return await self._ask_once(call, values)
        except psycopg.Error as error:
            if is_lost_connection(error) and call.repeatable:
                # The database was restarted: every idle connection is as dead as this one was.
                await self.pool.check()
            elif not is_conflict(error):
                raise
        return await self._ask_once(call, values)

    async def _ask_once(self, call: Call, values: tuple[Any, ...]) -> bytes:
        async with self.pool.connection(timeout=POOL_TIMEOUT) as connection:
            cursor = await connection.execute(call.statement, values)
            row = await cursor.fetchone()
        assert row is not None
        return cast(bytes, row[0])

    async def ask_within(self, seconds: float, call: Call) -> bytes:
        """For probes: whatever takes longer counts as away."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask_once(call, ())
        except TimeoutError:
            raise PoolTimeout(f"no answer within {seconds} s") from None
