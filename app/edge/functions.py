"""What schema api offers, as `api.function_signatures()` reports it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import AsyncConnection
from pydantic import Field

from app.endpoints.fields import Output
from db import Fault


class Argument(Output):
    """One argument of a function."""

    name: str
    type: str
    optional: bool


class ApiFunction(Output):
    """One function of schema api."""

    name: str
    arguments: list[Argument]
    result: str
    comment: str = Field(description="Its COMMENT ON FUNCTION.")


class ApiFunctions(Output):
    """Every function of schema api."""

    functions: list[ApiFunction]


async def read_functions(connection: AsyncConnection[Any]) -> Mapping[str, ApiFunction]:
    """The functions by name; a Fault if the database has no such schema or does not grant it to us."""
    try:
        cursor = await connection.execute("select api.function_signatures()::text")
        row = await cursor.fetchone()
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidSchemaName, psycopg.errors.InsufficientPrivilege):
        raise Fault(
            "the database is not up to date: it has no api.function_signatures(); run `python -m db up`"
        ) from None
    assert row is not None
    return {function.name: function for function in ApiFunctions.model_validate_json(row[0]).functions}
