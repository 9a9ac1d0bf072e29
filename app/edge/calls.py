"""`select api.f(p_x => …)::text`, built once per endpoint at start-up from what the database says it has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeVar, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.adapt import Buffer, Loader
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic import Field, TypeAdapter

from app.edge.problems import is_conflict, is_lost_connection
from app.endpoints.fields import Input, Output
from app.endpoints.table import Endpoint
from db import Fault

Answer = TypeVar("Answer")

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
    # Arguments that the edge gives beside the input: who calls, the trace, what a ceremony makes.
    made: tuple[str, ...] = ()

    def values(self, given: Input, made: Mapping[str, Any] = MappingProxyType({})) -> tuple[Any, ...]:
        values: tuple[Any, ...] = ()
        if self.names:
            found = attrgetter(*self.names)(given)
            values = found if len(self.names) > 1 else (found,)
        return (*values, *(made[name] for name in self.made)) if self.made else values


async def read_contract(connection: AsyncConnection[Any]) -> Mapping[str, Function]:
    """What schema api offers, by name; a Fault if the database has no such schema or not for us."""
    try:
        cursor = await connection.execute("select api.function_signatures()::text")
        row = await cursor.fetchone()
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidSchemaName, psycopg.errors.InsufficientPrivilege):
        raise Fault(
            "the database is not up to date: it has no api.function_signatures(); run `python -m db up`"
        ) from None
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
    made = endpoint.ceremony.makes if endpoint.ceremony else ()
    if forged := set(endpoint.who.told_by_token) & set(names):
        raise Fault(f"{row}: who calls is told by the token, not by the field {', '.join(forged)}")
    made += endpoint.who.told_by_token
    names = tuple(name for name in names if name not in made)
    wanted = {f"p_{name}" for name in (*names, *made)}
    if missing := sorted(wanted - types.keys()):
        raise Fault(f"{row}: api.{function.name} has no argument {', '.join(missing)}")
    required = {argument.name for argument in function.arguments if not argument.optional}
    if left := sorted(required - wanted):
        raise Fault(f"{row}: api.{function.name} needs {', '.join(left)}, which the row does not give")
    if unused := sorted(types.keys() - wanted):
        raise Fault(f"{row}: api.{function.name} takes {', '.join(unused)}, which the row does not give")
    # All of it is the catalogue's own spelling, or ours: nothing of a request ever stands in a statement.
    arguments = ", ".join(f"p_{name} => %s::{types[f'p_{name}']}" for name in (*names, *made))
    statement = f"select api.{function.name}({arguments})::text"
    reads = endpoint.method == "GET"
    if not reads:
        # Told for this transaction: every job that the function makes, however deep, carries it (queue.trace_headers).
        statement += " from pg_catalog.set_config('shokti.traceparent', %s, true)"
        made += ("traceparent",)
    return Call(function.name, statement.encode(), names, reads or endpoint.idempotent, made)


def own(name: str, functions: Mapping[str, Function]) -> Call:
    """The call of a function that the edge asks for itself; its arguments in the catalogue's order."""
    if name not in functions:
        raise Fault(f"the database has no api.{name}(); run `python -m db up`")
    made = tuple(argument.name.removeprefix("p_") for argument in functions[name].arguments)
    arguments = ", ".join(f"{argument.name} => %s::{argument.type}" for argument in functions[name].arguments)
    return Call(name, f"select api.{name}({arguments})::text".encode(), (), repeatable=True, made=made)


@dataclass(frozen=True, slots=True)
class Repetition:
    """An Idempotency-Key, with what it stands for."""

    begin: Call
    finish: Call
    actor: str
    key: str
    request_hash: bytes
    status: int


class Stored(Output):
    """What was answered under a key before; nulls for a new one."""

    status: int | None
    body: str | None


STORED = TypeAdapter(Stored)


class Database:
    """The pool, and the rules by which a call is tried a second time."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self.pool = pool

    async def ask(self, call: Call, values: tuple[Any, ...]) -> bytes:
        """The answer's bytes. Raises psycopg.Error; problems.from_database tells what it means."""
        return await self._twice(lambda: self._ask_once(call, values), call.repeatable)

    async def ask_under_key(self, call: Call, values: tuple[Any, ...], repetition: Repetition) -> tuple[bytes, bool]:
        """The answer under an Idempotency-Key, and whether it is an old one; effect and answer are one transaction."""
        return await self._twice(lambda: self._ask_under_key(call, values, repetition), repeatable=True)

    async def _twice(self, ask: Callable[[], Awaitable[Answer]], repeatable: bool) -> Answer:
        try:
            return await ask()
        except psycopg.Error as error:
            # With a lost connection the pool has just replaced the other dead ones: the second try meets none of them.
            if not (is_conflict(error) or (is_lost_connection(error) and repeatable)):
                raise
        return await ask()

    async def _ask_under_key(self, call: Call, values: tuple[Any, ...], one: Repetition) -> tuple[bytes, bool]:
        async with self.pool.connection(timeout=POOL_TIMEOUT) as connection, connection.transaction():
            cursor = await connection.execute(one.begin.statement, (one.actor, one.key, one.request_hash))
            row = await cursor.fetchone()
            assert row is not None
            stored = STORED.validate_json(row[0])
            if stored.body is not None:
                return stored.body.encode(), True
            cursor = await connection.execute(call.statement, values)
            row = await cursor.fetchone()
            assert row is not None
            content = cast(bytes, row[0])
            await connection.execute(one.finish.statement, (one.actor, one.key, one.status, content.decode()))
        return content, False

    async def _ask_once(self, call: Call, values: tuple[Any, ...]) -> bytes:
        # Not `pool.connection()`, which would commit at its end where there is no transaction. What is given back in no
        # good state (cut off, cancelled) the pool closes.
        connection = await self.pool.getconn(timeout=POOL_TIMEOUT)
        try:
            cursor = await connection.execute(call.statement, values)
            row = await cursor.fetchone()
        finally:
            await self.pool.putconn(connection)
        assert row is not None
        return cast(bytes, row[0])

    async def ask_within(self, seconds: float, call: Call) -> bytes:
        """For probes: whatever takes longer counts as away."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask_once(call, ())
        except TimeoutError:
            raise PoolTimeout(f"no answer within {seconds} s") from None
