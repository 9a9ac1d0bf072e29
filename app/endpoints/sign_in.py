"""Inputs and outputs of signing in. Nothing secret of an input reaches the database: it is used up in the edge."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, WithJsonSchema

from app.endpoints.fields import Agent, EdgeOnly, Input, Output, WithoutNul
from app.sign_in.destinations import Destination, destination

IN_THE_EDGE = EdgeOnly("used up in the edge: the database gets what was made of it")


def _decimal(value: object) -> object:
    """Digits of any script: people type ১২৩৪৫৬ as well as 123456."""
    if isinstance(value, str) and value.strip().isdecimal():
        return "".join(str(int(digit)) for digit in value.strip())
    return value


SixDigits = Annotated[
    str,
    BeforeValidator(_decimal),
    StringConstraints(pattern=r"^[0-9]{6}$", max_length=6),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{6}$"}),
    IN_THE_EDGE,
]
RefreshToken = Annotated[str, StringConstraints(min_length=20, max_length=100), WithoutNul(), IN_THE_EDGE]


class ToDestination(Input):
    """Whom a code goes to."""

    channel: Annotated[Literal["email", "sms"], Field(description="The way the code goes.")]
    destination: Annotated[str, StringConstraints(min_length=3, max_length=254), WithoutNul()] = Field(
        description="The e-mail address, or the mobile number of Bangladesh, in any usual form."
    )

    @property
    def normalised(self) -> Destination:
        """In the form that is compared; a fault of the field `destination` if it can be none."""
        return destination(self.channel, self.destination)


class RequestOtp(ToDestination):
    """Where the code is to go."""

    language: Literal["bn", "en"] | None = Field(
        default=None, description="Of the message; default: the person's, or Bengali."
    )


class OtpRequested(Output):
    """The code is on its way, if it can reach anybody."""

    request_id: UUID = Field(description="To be sent with the code.")
    expires_in: int = Field(description="Seconds for which the code is valid.")
    again_in: int = Field(description="Seconds after which another can be asked for.")


class VerifyOtp(ToDestination):
    """The code, with the request and the destination that it is bound to."""

    request_id: UUID
    code: SixDigits = Field(description="Six digits, in either script.")
    agent: Agent = None


class SignedIn(Output):
    """The tokens of a session."""

    access_token: str = Field(description="For `Authorization: Bearer`; a JWT (typ at+jwt).")
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds for which the access token is valid.")
    refresh_token: str = Field(description="Works once, at POST /auth/refresh.")
    refresh_until: AwareDatetime
    session_id: UUID
    user_id: UUID
    role: Literal["customer", "worker", "admin"]


class Refresh(Input):
    """The newest refresh token of the session."""

    refresh_token: RefreshToken


class Logout(Input):
    """A refresh token of the session."""

    refresh_token: RefreshToken


class SignedOut(Output):
    """The session has ended."""

    signed_out: Literal[True]


class AdminLogin(Input):
    """An admin's login, password and the code shown by the authenticator app."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=100), WithoutNul(), IN_THE_EDGE]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000), IN_THE_EDGE]
    code: SixDigits
    agent: Agent = None


class Session(Output):
    """One device."""

    session_id: UUID
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    agent: str | None = Field(description="What the device called itself.")
    current: bool = Field(description="True for the session of this call.")


class Sessions(Output):
    """The devices on which the person is signed in."""

    items: list[Session]


class EndSessions(Input):
    """Which device to sign out."""

    session_id: UUID | None = Field(default=None, description="Default: all of them.")


class SessionsEnded(Output):
    """How many sessions ended."""

    ended: int
