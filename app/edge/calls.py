"""`select api.f(p_x => …)::text`: statements built at start-up, and the pool that runs them."""

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

from app.edge.functions import ApiFunction
from app.edge.problems import is_conflict, is_lost_connection
from app.endpoints.fields import Input, Output
from app.endpoints.row import Endpoint
from db import Fault

Answer = TypeVar("Answer")

# Shorter than callers wait for us.
POOL_TIMEOUT_S = 2.0


class RawBytes(Loader):
    """The bytes of an answer as Postgres wrote them, neither parsed nor rebuilt."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


async def configure_connection(connection: AsyncConnection[Any]) -> None:
    """The pool's hook for each new connection."""
    connection.adapters.register_loader("text", RawBytes)


@dataclass(frozen=True, slots=True)
class Call:
    """One statement and the order of its values."""

    function: str
    statement: bytes
    input_fields: tuple[str, ...]
    repeatable: bool
    # Arguments that the edge computes: the caller, the trace, what a sign-in flow prepares.
    edge_arguments: tuple[str, ...] = ()

    def values(self, given: Input, computed: Mapping[str, Any] = MappingProxyType({})) -> tuple[Any, ...]:
        """The values of the statement, from an input and from what the edge computed."""
        values: tuple[Any, ...] = ()
        if self.input_fields:
            found = attrgetter(*self.input_fields)(given)
            values = found if len(self.input_fields) > 1 else (found,)
        return (*values, *(computed[name] for name in self.edge_arguments)) if self.edge_arguments else values


def build_call(endpoint: Endpoint, input_fields: tuple[str, ...], functions: Mapping[str, ApiFunction]) -> Call:
    """The call of a row whose input has these fields; a Fault if the database cannot serve it."""
    row = f"{endpoint.method} {endpoint.path}"
    function = functions.get(endpoint.function)
    if function is None:
        raise Fault(f"{row} needs the function api.{endpoint.function}, which the database does not have")
    types = {argument.name: argument.type for argument in function.arguments}
    edge_arguments = endpoint.sign_in_flow.edge_arguments if endpoint.sign_in_flow else ()
    if forged := set(endpoint.who.token_arguments) & set(input_fields):
        raise Fault(f"{row}: the token identifies the caller, not the field {', '.join(forged)}")
    edge_arguments += endpoint.who.token_arguments
    input_fields = tuple(name for name in input_fields if name not in edge_arguments)
    given = {f"p_{name}" for name in (*input_fields, *edge_arguments)}
    if missing := sorted(given - types.keys()):
        raise Fault(f"{row}: api.{function.name} has no argument {', '.join(missing)}")
    required = {argument.name for argument in function.arguments if not argument.optional}
    if left := sorted(required - given):
        raise Fault(f"{row}: api.{function.name} needs {', '.join(left)}, which the row does not give")
    if unused := sorted(types.keys() - given):
        raise Fault(f"{row}: api.{function.name} takes {', '.join(unused)}, which the row does not give")
    # Names and types come from the catalogue or from our code: nothing of a request is part of a statement.
    arguments = ", ".join(f"p_{name} => %s::{types[f'p_{name}']}" for name in (*input_fields, *edge_arguments))
    statement = f"select api.{function.name}({arguments})::text"
    reads = endpoint.method == "GET"
    if not reads:
        # Set for this transaction, so that every job that the function queues carries it (queue.trace_headers).
        statement += " from pg_catalog.set_config('shokti.traceparent', %s, true)"
        edge_arguments += ("traceparent",)
    return Call(function.name, statement.encode(), input_fields, reads or endpoint.idempotent, edge_arguments)


def build_edge_call(name: str, functions: Mapping[str, ApiFunction]) -> Call:
    """The call of a function without a path; its arguments in the order of the catalogue."""
    if name not in functions:
        raise Fault(f"the database has no api.{name}(); run `python -m db up`")
    names = tuple(argument.name.removeprefix("p_") for argument in functions[name].arguments)
    arguments = ", ".join(f"{argument.name} => %s::{argument.type}" for argument in functions[name].arguments)
    return Call(name, f"select api.{name}({arguments})::text".encode(), (), repeatable=True, edge_arguments=names)


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    """An Idempotency-Key with its caller and the hash of its request."""

    begin: Call
    finish: Call
    actor: str
    key: str
    request_hash: bytes
    status: int


class StoredAnswer(Output):
    """The answer stored under a key; nulls for a new key."""

    status: int | None
    body: str | None


class Database:
    """The pool, and the rules for a second attempt."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self.pool = pool

    async def call(self, call: Call, values: tuple[Any, ...]) -> bytes:
        """The bytes of the answer. Raises psycopg.Error, which problems.from_database translates."""
        return await self._retry_once(lambda: self._call(call, values), call.repeatable)

    async def call_idempotently(self, call: Call, values: tuple[Any, ...], one: IdempotentCall) -> tuple[bytes, bool]:
        """The answer, and whether it was stored before. Effect and stored answer are one transaction."""
        return await self._retry_once(lambda: self._call_idempotently(call, values, one), repeatable=True)

    async def call_within(self, seconds: float, call: Call) -> bytes:
        """For probes: a call without values that counts as unavailable after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await self._call(call, ())
        except TimeoutError:
            raise PoolTimeout(f"no answer within {seconds} s") from None

    async def _retry_once(self, attempt: Callable[[], Awaitable[Answer]], repeatable: bool) -> Answer:
        try:
            return await attempt()
        except psycopg.Error as error:
            # After a lost connection the pool has replaced the other dead ones, so the second attempt meets none.
            if not (is_conflict(error) or (is_lost_connection(error) and repeatable)):
                raise
        return await attempt()

    async def _call_idempotently(self, call: Call, values: tuple[Any, ...], one: IdempotentCall) -> tuple[bytes, bool]:
        async with self.pool.connection(timeout=POOL_TIMEOUT_S) as connection, connection.transaction():
            cursor = await connection.execute(one.begin.statement, (one.actor, one.key, one.request_hash))
            row = await cursor.fetchone()
            assert row is not None
            stored = StoredAnswer.model_validate_json(row[0])
            if stored.body is not None:
                return stored.body.encode(), True
            cursor = await connection.execute(call.statement, values)
            row = await cursor.fetchone()
            assert row is not None
            content = cast(bytes, row[0])
            await connection.execute(one.finish.statement, (one.actor, one.key, one.status, content.decode()))
        return content, False

    async def _call(self, call: Call, values: tuple[Any, ...]) -> bytes:
        # Not `pool.connection()`, which would commit at its end although there is no transaction. The pool closes
        # connections that are returned in a bad state (cut off, cancelled).
        connection = await self.pool.getconn(timeout=POOL_TIMEOUT_S)
        try:
            cursor = await connection.execute(call.statement, values)
            row = await cursor.fetchone()
        finally:
            await self.pool.putconn(connection)
        assert row is not None
        return cast(bytes, row[0])
