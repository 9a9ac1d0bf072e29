"""The kinds of values that come in, and where a field comes from when it is not the body, the query or the path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

# Visits happen in Bangladesh: a time typed into a page without an offset is a time there, wherever the phone is.
PLACE = ZoneInfo("Asia/Dhaka")


class Input(BaseModel):
    """What a caller may send: exactly these fields, of exactly these kinds. Field x is the argument p_x."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Output(BaseModel):
    """What a function answers: documents the jsonb and fills pages; tests hold SQL to it. JSON answers skip it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class FromHeader:
    """The field is read from a request header, and from nowhere else."""

    name: str


@dataclass(frozen=True, slots=True)
class EdgeOnly:
    """The field is accepted because a standard sends it; no argument of the function corresponds to it."""

    why: str


@dataclass(frozen=True, slots=True)
class RawBody:
    """The field is the whole body as it came: what was signed is its bytes, not what they mean."""


@dataclass(frozen=True, slots=True)
class LocalInForms:
    """A page's `datetime-local` has no offset: in forms, and only there, the value is read in this zone."""

    zone: ZoneInfo


NO_NUL = r"^[^\u0000]*$"


def without_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "must not contain the NUL character")
    return text


class WithoutNul:
    """`without_nul`, told in the schema as well, so that no client learns it from a refusal."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(without_nul, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"pattern": NO_NUL} | handler(schema)


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def _rfc_3339(value: Any) -> Any:
    if not isinstance(value, str) or not RFC_3339.fullmatch(value):
        raise PydanticCustomError("rfc_3339", "must be an RFC 3339 instant such as 2026-11-24T04:00:00Z")
    return value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("out_of_calendar", "is outside the calendar") from None


Instant = Annotated[
    AwareDatetime,
    # Lax inside: in strict mode pydantic refuses the text that the check before has just let through.
    Field(strict=False),
    BeforeValidator(_rfc_3339),
    AfterValidator(_utc),
    LocalInForms(PLACE),
]

# Long enough for any token we make; whether it is one of ours is for SQL to say (404), not for a pattern.
Token = Annotated[str, StringConstraints(min_length=1, max_length=128), WithoutNul()]

Agent = Annotated[str | None, FromHeader("user-agent")]

Poisha = Annotated[int, Field(ge=0, description="Money in poisha, 1/100 taka.")]

# What `next_cursor` of the page before said; the edge has checked its signature before the function gets it.
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=r"^[A-Za-z0-9_-]+$")]

# The ETag that the caller has seen; edge.check_if_match compares it with what there is now.
IfMatch = Annotated[str | None, FromHeader("if-match")]
