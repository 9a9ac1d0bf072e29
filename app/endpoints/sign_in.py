"""Sign-in and sessions. Secrets of an input stay in the edge: the database gets what was computed from them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, WithJsonSchema

from app.endpoints.fields import EdgeOnly, Input, Language, Nothing, Output, UserAgent, WithoutNul
from app.endpoints.row import Endpoint, Who
from app.sign_in.destinations import Destination, destination
from app.sign_in.flows import AdminLoginFlow, CodeCheckFlow, CodeRequestFlow, LogoutFlow, RefreshFlow

EDGE_ONLY = EdgeOnly("stays in the edge: the database gets what was computed from it")


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
    EDGE_ONLY,
]
RefreshToken = Annotated[str, StringConstraints(min_length=20, max_length=100), WithoutNul(), EDGE_ONLY]


class ToDestination(Input):
    """Where a code is sent."""

    channel: Annotated[Literal["email", "sms"], Field(description="The channel of the code.")]
    destination: Annotated[str, StringConstraints(min_length=3, max_length=254), WithoutNul()] = Field(
        description="The e-mail address, or the mobile number of Bangladesh, in any usual form."
    )

    @property
    def normalized(self) -> Destination:
        """The destination in its canonical form. Refused (422) if it is not an address or number."""
        return destination(self.channel, self.destination)


class RequestOtp(ToDestination):
    """Where the code is sent."""

    language: Language | None = Field(
        default=None, description="Of the message; default: the person's language, or Bengali."
    )


class OtpRequested(Output):
    """The request is accepted. The answer does not reveal whether the destination is known."""

    request_id: UUID = Field(description="To be sent with the code.")
    expires_in: int = Field(description="Seconds for which the code is valid.")
    again_in: int = Field(description="Seconds after which another code can be requested.")


class VerifyOtp(ToDestination):
    """The code, with the request and the destination that it is bound to."""

    request_id: UUID
    code: SixDigits = Field(description="Six digits, in Latin or Bengali script.")
    agent: UserAgent = None


class SignedIn(Output):
    """The tokens of a session."""

    access_token: str = Field(description="For `Authorization: Bearer`; a JWT (typ at+jwt).")
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds for which the access token is valid.")
    refresh_token: str = Field(description="Can be used once, at POST /auth/refresh.")
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
    """An admin's login, password and code of the authenticator app."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=100), WithoutNul(), EDGE_ONLY]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000), EDGE_ONLY]
    code: SixDigits
    agent: UserAgent = None


class Session(Output):
    """One device."""

    session_id: UUID
    created_at: AwareDatetime
    last_used_at: AwareDatetime
    agent: str | None = Field(description="The User-Agent header at sign-in.")
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


# Many people of one mobile operator share a network address, so limits per address are high. The low ones, per
# destination and per login, are in SQL.
ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST", "/auth/request-otp", "request_otp", RequestOtp, OtpRequested,
        rate_limit_per="address", sign_in_flow=CodeRequestFlow(),
    ),
    Endpoint(
        "POST", "/auth/verify-otp", "verify_otp", VerifyOtp, SignedIn,
        rate_limit_per="address", sign_in_flow=CodeCheckFlow(),
    ),
    Endpoint(
        "POST", "/auth/refresh", "refresh", Refresh, SignedIn,
        rate_limit_per="address", sign_in_flow=RefreshFlow(), idempotent=True,
    ),
    Endpoint("POST", "/auth/logout", "logout", Logout, SignedOut, sign_in_flow=LogoutFlow(), idempotent=True),
    Endpoint(
        "POST", "/auth/admin/login", "admin_login", AdminLogin, SignedIn,
        rate_limit_per="address", sign_in_flow=AdminLoginFlow(),
    ),
    Endpoint("GET", "/me/sessions", "sessions", Nothing, Sessions, who=Who.SIGNED_IN),
    Endpoint(
        "DELETE", "/me/sessions", "end_sessions", EndSessions, SessionsEnded,
        who=Who.SIGNED_IN, idempotent=True,
    ),
)  # fmt: skip
