"""Errors as problem documents (RFC 9457, `application/problem+json`).

SQL refuses with `raise … using errcode = 'SH404'`. message: a sentence without values; detail: the value; hint: what to
do; column: the input field. Several faults at once: `datatype = 'json'`, and the detail is `[{"field", "value"}]`. Errors
that Postgres itself raises are translated only here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests
from pydantic_core import ErrorDetails

MEDIA_TYPE = "application/problem+json"

# Seconds after which a client may try again while the database is unreachable or overloaded.
RETRY_AFTER = "2"

# status: (last part of the type URI, title). A title is fixed for its type; `detail` is specific.
KINDS: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "The request cannot be read"),
    401: ("unauthenticated", "Sign-in is needed"),
    403: ("forbidden", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "This path has no such method"),
    409: ("conflict", "In conflict with what is recorded"),
    410: ("gone", "No longer available"),
    412: ("changed-meanwhile", "Changed meanwhile"),
    413: ("too-large", "The body is too large"),
    415: ("unsupported-media-type", "This kind of body is not understood here"),
    422: ("invalid", "A field is not acceptable"),
    428: ("condition-needed", "A condition header is needed"),
    429: ("too-many-requests", "Too many requests"),
    500: ("internal", "Something went wrong on our side"),
    503: ("unavailable", "Unavailable for the moment"),
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault of one input field; `value` is the refused value, given only where SQL names it."""

    field: str
    detail: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `detail` is a sentence for developers of clients, without personal data."""

    status: int
    detail: str
    errors: tuple[FieldFault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, request_id: str, trace_id: str) -> bytes:
        kind, title = KINDS[self.status]
        document: dict[str, Any] = {
            "type": f"urn:shokti:problem:{kind}",
            "title": title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:shokti:request:{request_id}",
            "errors": [{"field": fault.field, "detail": fault.detail, "value": fault.value} for fault in self.errors],
            "trace_id": trace_id,
        }
        return json.dumps(document, ensure_ascii=False).encode()


class Refusal(Exception):
    """Raised anywhere in the edge; answered with its problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def refuse(status: int, detail: str, *errors: FieldFault, **headers: str) -> Refusal:
    """`raise refuse(415, "…", accept="application/json")`; underscores in header names become hyphens."""
    return Refusal(Problem(status, detail, errors, {name.replace("_", "-"): value for name, value in headers.items()}))


UNAVAILABLE = Problem(
    503, "The database cannot be reached at the moment. Try again in a few seconds.", (), {"retry-after": RETRY_AFTER}
)
INTERNAL = Problem(500, "The error is logged under the trace id. Please report this id to us.")

# What a named constraint means to a caller.
CONSTRAINTS: Mapping[str, Problem] = {
    "booking_worker_is_free": Problem(409, "The worker already has a booking at that time."),
    "booking_ends_after_start": Problem(422, "A booking ends after it starts."),
    "booking_add_on_pkey": Problem(
        422, "An add-on can be booked only once.", (FieldFault("add_on_ids", "contains the same add-on twice"),)
    ),
    "booking_add_on_add_on_id_fkey": Problem(
        422, "An add-on is unknown.", (FieldFault("add_on_ids", "contains an unknown add-on"),)
    ),
    "campaign_name_is_unique": Problem(409, "A campaign of this name exists.", (FieldFault("name", "is taken"),)),
    "segment_definition_visits_are_in_order": Problem(
        422,
        "The minimum number of visits is above the maximum.",
        (FieldFault("definitions", "has a minimum above its maximum"),),
    ),
    "delivery_has_consent": Problem(409, "A message was sent under this consent at that instant."),
}

# Other errors by SQLSTATE, exact or by class (its first two characters).
STATES: Mapping[str, Problem] = {
    "22": Problem(422, "A value cannot be stored: it is out of range or of the wrong type."),
    "23505": Problem(409, "This is already recorded."),
    "23P01": Problem(409, "In conflict with a change made meanwhile."),
    "23503": Problem(409, "A referenced object does not exist, or the object is still referenced."),
    "23514": Problem(422, "A value violates a constraint of the database."),
    "23502": Problem(422, "A value is missing."),
    "40": Problem(503, "Too many concurrent changes to the same data. Try again.", (), {"retry-after": "1"}),
    "53": UNAVAILABLE,
    "55P03": UNAVAILABLE,
    "57": UNAVAILABLE,
    "58": UNAVAILABLE,
    "08": UNAVAILABLE,
}

# RFC 6750: the challenge to a caller without a suitable token.
CHALLENGES: Mapping[int, Mapping[str, str]] = {
    401: {"www-authenticate": 'Bearer realm="shokti", error="invalid_token"'},
    403: {"www-authenticate": 'Bearer realm="shokti", error="insufficient_scope"'},
}

OWN_STATE = re.compile(r"SH([45]\d\d)")


def from_database(error: psycopg.Error) -> Problem:
    """The only translation of `psycopg.Error`; `INTERNAL` for errors that only a bug can cause."""
    state = error.sqlstate
    if own := OWN_STATE.fullmatch(state or ""):
        return _raised_by_us(int(own.group(1)), error.diag)
    if state is None:
        # Raised by psycopg: a value that it cannot encode, or a connection that it cannot get or has lost.
        if isinstance(error, psycopg.DataError):
            return STATES["22"]
        return UNAVAILABLE if isinstance(error, psycopg.OperationalError) else INTERNAL
    if known := CONSTRAINTS.get(error.diag.constraint_name or ""):
        return known
    return STATES.get(state) or STATES.get(state[:2]) or INTERNAL


def _raised_by_us(status: int, diag: psycopg.errors.Diagnostic) -> Problem:
    if status not in KINDS:
        return INTERNAL
    sentences = [part.rstrip(".") + "." for part in (diag.message_primary, diag.message_hint) if part]
    faults: tuple[FieldFault, ...] = ()
    if diag.datatype_name == "json":
        faults = tuple(
            FieldFault(fault["field"], diag.message_primary or "", fault["value"])
            for fault in json.loads(diag.message_detail or "[]")
        )
    elif diag.column_name or diag.message_detail:
        faults = (FieldFault(diag.column_name or "", diag.message_primary or "", diag.message_detail),)
    return Problem(status, " ".join(sentences), faults, CHALLENGES.get(status, {}))


def is_conflict(error: psycopg.Error) -> bool:
    """A serialization failure or deadlock: the call had no effect and may be repeated."""
    return error.sqlstate in ("40001", "40P01")


def is_lost_connection(error: psycopg.Error) -> bool:
    """The connection was lost during the call, which may or may not have had an effect."""
    if isinstance(error, (PoolTimeout, TooManyRequests)):
        return False
    return isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate[:2] in ("08", "57")
    )


# Replaces messages of pydantic that mention Python.
SENTENCES: Mapping[str, str] = {
    "extra_forbidden": "is not a field of this request",
    "missing": "is required",
}


def from_validation(details: Sequence[ErrorDetails]) -> Problem:
    """Every invalid field, named as in the request: `add_on_ids.0`."""
    faults = tuple(
        FieldFault(
            # An unknown name is text of the caller: limited, so that it cannot flood logs or pages.
            ".".join(str(part) for part in fault["loc"])[:100],
            SENTENCES.get(fault["type"], fault["msg"]),
        )
        for fault in details[:20]
    )
    names = ", ".join(dict.fromkeys(fault.field for fault in faults if fault.field))
    return Problem(422, f"Not acceptable: {names}." if names else "The request is not acceptable.", faults)
