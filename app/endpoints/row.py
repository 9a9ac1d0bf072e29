"""The columns of the table of endpoints: one row is a method and path, a function of schema api and its models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from app.endpoints.fields import Input, Output

if TYPE_CHECKING:
    from app.sign_in.flows import SignInFlow

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Who(Enum):
    """Who may call.

    An access token of a person gives the argument `p_actor`, a token of one of our own programs `p_token_hash`. Neither is
    ever a field of an input.
    """

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    CUSTOMER = "customer"
    WORKER = "worker"
    ADMIN = "admin"
    PROGRAM = "program"
    PROVIDER = "provider"

    @property
    def signs_in(self) -> bool:
        """Whether an access token of a person is required."""
        return self in (Who.SIGNED_IN, Who.CUSTOMER, Who.WORKER, Who.ADMIN)

    @property
    def bears_token(self) -> bool:
        """Whether a bearer token of any kind is required."""
        return self.signs_in or self is Who.PROGRAM

    @property
    def token_arguments(self) -> tuple[str, ...]:
        """Arguments that identify the caller, without `p_`."""
        return ("actor",) if self.signs_in else ("token_hash",) if self is Who.PROGRAM else ()

    @property
    def errors(self) -> tuple[str, ...]:
        """SQLSTATEs raised by every function that authenticates such a caller: invalid token, wrong role."""
        return ("SH401", "SH403") if self.signs_in else ("SH401",) if self is Who.PROGRAM else ()

    def admits(self, role: str) -> bool:
        """Whether a token of this role may call."""
        return self is Who.SIGNED_IN or self.value == role


@dataclass(frozen=True, slots=True)
class Page:
    """How a browser is answered: with a template, or with a redirect to a path (after a form was accepted).

    `query_fields` names a field of the answer whose members become the query of the page's address. A browser that asks
    without them is redirected.
    """

    template: str | None = None
    see_other: str | None = None
    query_fields: str | None = None


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
    # Who has an allowance of the limit that the rules rate.<function>.calls and rate.<function>.seconds set; None = no limit.
    rate_limit_per: Literal["actor", "address"] | None = None
    # True: the function is idempotent by itself. POSTs without it take an Idempotency-Key.
    idempotent: bool = False
    # SQLSTATEs that the function raises beside `who.errors`. Those of the edge itself (400, 405, 413, …) are not listed.
    errors: tuple[str, ...] = ()
    page: Page | None = None
    # True: the body of a POST is not read, whatever it is.
    ignores_body: bool = False
    # True: answered with an ETag, for If-None-Match and If-Match.
    has_etag: bool = False
    # Work with keys before and after the call; only for sign-in.
    sign_in_flow: SignInFlow[Any] | None = None

    @property
    def all_errors(self) -> frozenset[str]:
        """Every SQLSTATE that the function raises."""
        return frozenset(self.errors + self.who.errors)

    @property
    def takes_idempotency_key(self) -> bool:
        """True for POSTs of people that are not idempotent by themselves."""
        return self.method == "POST" and self.who.signs_in and not self.idempotent
