"""The interface of every adapter: what it is given, what it may answer, what else it may offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """One claimed message, ready to go: `message_id` is the idempotency key, `body` the final text, links included."""

    message_id: str
    attempt: int
    channel: str
    purpose: str
    language: str
    address: str | None
    name: str | None
    subject: str
    body: str
    link: str | None
    stop_link: str | None
    # Seconds after which it is better not shown at all; None: no matter when.
    useful_for: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it over and said so. `provider_id` is its name for the message, if it gave one."""

    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Never this message. `address_is_bad`: nothing should go to that address again."""

    reason: str
    address_is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not taken, may be tried again, not before `after` seconds where the provider said when.

    `provider_is_down`: it says something about the provider, not about this message; such answers trip the breaker.
    `person_limit`: the provider finds that this person gets enough for now, from everybody together; SQL then waits by
    the day, and longer each time (policy retry.person_limit).
    """

    reason: str
    after: float | None = None
    provider_is_down: bool = False
    person_limit: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Handed over, but the answer was lost: it may or may not arrive, so it must not be sent again blindly."""

    reason: str


Outcome = Accepted | Refused | Later | Unknown
"""Reasons are short and hold no personal data: they are stored and shown."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider tells about a message after it took it; `source_event_id` makes a repeated telling count once.

    The message by our id, by the short form of it (`reference`, as SQL's outreach.sms_reference), or by the provider's name.
    `attempt`: which sending of it, where the provider knows. `happened_at` None: the provider does not say when.
    """

    kind: str
    happened_at: datetime | None
    source_event_id: str
    message_id: str | None = None
    reference: str | None = None
    provider_id: str | None = None
    attempt: int | None = None
    is_machine: bool = False
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sending:
    """An accepted message that nothing was heard of since."""

    message_id: str
    provider_id: str


class Channel(Protocol):
    """An adapter. `adapter` is recorded with each delivery; at most `concurrency` sends run at once."""

    @property
    def adapter(self) -> str: ...

    @property
    def concurrency(self) -> int: ...

    async def send(self, message: Message) -> Outcome:
        """Hand one message over. Never raises for what the provider does; an exception is a bug."""

    async def close(self) -> None: ...


@runtime_checkable
class LooksUp(Protocol):
    """An adapter that can tell whether an attempt whose answer was lost has arrived."""

    async def lookup(self, message_id: str, attempt: int) -> bool: ...


@runtime_checkable
class ParsesReceipts(Protocol):
    """An adapter whose provider calls us back."""

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        """What a call tells, whose signature was checked. ValueError: it cannot be understood."""
        ...


@runtime_checkable
class PollsReceipts(Protocol):
    """An adapter whose provider has to be asked what became of messages."""

    async def poll_receipts(self, sendings: Sequence[Sending]) -> list[Receipt]: ...


@runtime_checkable
class HasBalance(Protocol):
    """An adapter that is paid in advance."""

    async def balance(self) -> float | None:
        """What is left, in taka; None if it could not be learned."""
        ...
