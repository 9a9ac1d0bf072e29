"""The table of endpoints: one row each. Adding a path is a row here, a model in models.py and a function in sql/api."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from app.fields import Input, Output
from app.models import (
    Book,
    Booking,
    Click,
    Link,
    LinkToken,
    Nothing,
    Recorded,
    Services,
    Stop,
    StopPage,
    Stopped,
)

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Who(Enum):
    """Who may call. For everyone but ANYONE, p_actor comes from the bearer token and from nowhere else."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    CUSTOMER = "customer"
    WORKER = "worker"
    ADMIN = "admin"
    SERVICE = "service"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: so many calls in so many seconds, counted for each caller or each address."""

    calls: int
    seconds: int
    per: Literal["actor", "address"]


@dataclass(frozen=True, slots=True)
class Page:
    """How a browser is answered: with a template, or by being sent on to a path (after a form was accepted)."""

    template: str | None = None
    see_other: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row. Input = path + query + headers + body; its field x is the argument p_x of `api.<function>`."""

    method: Method
    path: str
    function: str
    input: type[Input]
    output: type[Output]
    who: Who = Who.ANYONE
    status: int = 200
    rate: Rate | None = None
    # True: the function itself makes a repetition harmless. POSTs without it are for Idempotency-Key.
    idempotent: bool = False
    # Codes that the function raises; those of the edge itself (400, 405, 413, …) are not repeated in every row.
    errors: tuple[str, ...] = ()
    page: Page | None = None
    # True: answered with an ETag, to be asked again with If-None-Match; all else is no-store.
    revalidated: bool = False


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/services", "services", Nothing, Services, revalidated=True),
    Endpoint(
        "GET", "/l/{token}", "link", LinkToken, Link,
        errors=("SH404", "SH410"), page=Page("link.html"),
    ),
    Endpoint(
        "POST", "/l/{token}/book", "book_link", Book, Booking,
        idempotent=True, errors=("SH404", "SH410", "SH422"), page=Page(see_other="/l/{token}#thanks"),
    ),
    # Not idempotent: each look is noted, and SQL decides what it counts for.
    Endpoint("POST", "/l/{token}/click", "click_link", Click, Recorded, errors=("SH404",)),
    Endpoint(
        "GET", "/u/{token}", "stop_page", LinkToken, StopPage,
        errors=("SH404", "SH410"), page=Page("stop.html"),
    ),
    Endpoint(
        "POST", "/u/{token}", "stop", Stop, Stopped,
        idempotent=True, errors=("SH404", "SH410"), page=Page("stopped.html"),
    ),
)  # fmt: skip

# Called by the edge about itself, not by a path: its own start-up check and readiness.
OWN_FUNCTIONS = ("contract", "ready")
