"""Base classes of inputs and outputs, markers that say where a field comes from, and field types that rooms share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args
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
from pydantic_core import CoreSchema, PydanticCustomError, core_schema, to_json

from db.settings import LOCAL_ZONE


class Input(BaseModel):
    """What a caller may send: exactly these fields with exactly these types. Field x is the argument p_x."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


def _may_gain_fields(schema: dict[str, Any]) -> None:
    schema.pop("additionalProperties", None)


class Output(BaseModel):
    """What a function answers. Documents the jsonb and fills pages; JSON answers bypass it, and tests hold SQL to it.

    Our own code and tests refuse unknown fields; the contract lets answers gain fields, which clients ignore.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra=_may_gain_fields)


@dataclass(frozen=True, slots=True)
class FromHeader:
    """The field is read from this request header only."""

    name: str


@dataclass(frozen=True, slots=True)
class EdgeOnly:
    """The field is accepted but is not an argument of the function."""

    why: str


@dataclass(frozen=True, slots=True)
class RawBody:
    """The field is the body as bytes, because a signature covers the bytes."""


@dataclass(frozen=True, slots=True)
class LocalInForms:
    """In forms, and only there, a time without an offset is local in this zone (`datetime-local` sends none)."""

    zone: ZoneInfo


NO_NUL = r"^[^\u0000]*$"


def without_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "must not contain the NUL character")
    return text


class WithoutNul:
    """`without_nul`, also stated in the JSON Schema."""

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


def as_json(value: Any) -> str:
    """Text for a jsonb argument: the value is validated here and read in SQL."""
    return to_json(value).decode()


def comma_list(words: Any, max_length: int = 100) -> StringConstraints:
    """One word of a Literal, or several separated by commas."""
    one = "|".join(get_args(words))
    return StringConstraints(max_length=max_length, pattern=f"^({one})(,({one}))*$")


Instant = Annotated[
    AwareDatetime,
    # Lax inside: in strict mode pydantic refuses the text that the check before has just accepted.
    Field(strict=False),
    BeforeValidator(_rfc_3339),
    AfterValidator(_utc),
    LocalInForms(LOCAL_ZONE),
]
TimeOfDay = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Poisha = Annotated[int, Field(ge=0, description="Money in poisha, 1/100 taka.")]
Share = Annotated[float, Field(ge=0, le=1)]
Slug = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]

# Longer than any link key; SQL checks whether it is one (404).
LinkKey = Annotated[str, StringConstraints(min_length=1, max_length=128), WithoutNul()]
UserAgent = Annotated[str | None, FromHeader("user-agent")]
# The ETag that the caller has read. Optional here, because SQL answers 428 where it is missing.
IfMatch = Annotated[str | None, FromHeader("if-match")]
AuditReason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=500, strip_whitespace=True),
    AfterValidator(without_nul),
    Field(description="Why; written to the audit log. Never name a customer in it."),
]

Language = Literal["bn", "en"]
Channel = Literal["email", "sms", "whatsapp", "push", "in_app"]
Purpose = Literal["outreach", "coaching", "voice"]
Segment = Literal["new", "repeat", "at_risk", "inactive"]


class Nothing(Input):
    """No input."""


class PageRequest(Input):
    """Which page of a list."""

    # Its signature decides whether it is valid, not a pattern.
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = Field(
        default=None, description="next_cursor of the previous page; default: the first page."
    )
    limit: Annotated[int, Field(ge=1, le=200, description="Maximum number of items.")] = 20


class ListPage(Output):
    """One page of a list."""

    next_cursor: str | None = Field(description="Cursor of the next page; null on the last page.")
