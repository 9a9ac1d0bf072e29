"""The interface of every adapter: the message it gets, the outcomes it may return, what else it may offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """One claimed message: `message_id` is the idempotency key, `body` the final text, links included."""

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
    # Seconds after which the message must not be shown; None: no limit.
    useful_for: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider confirmed that it took the message. `provider_id` is its name for the message, if it gave one."""

    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Permanently not taken. `address_is_bad`: nothing must be sent to that address again."""

    reason: str
    address_is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not taken; may be tried again, but not before `after` seconds where the provider gave a time.

    `provider_is_down`: the cause is the provider, not this message; such outcomes open the circuit breaker.
    `person_limit`: the provider limits what this person gets from all senders together. SQL then waits for days, longer
    each time (rule retry.person_limit).
    """

    reason: str
    after: float | None = None
    provider_is_down: bool = False
    person_limit: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Handed over, but the answer was lost: the message may or may not arrive, so it must not be sent again."""

    reason: str


Outcome = Accepted | Refused | Later | Unknown
"""Reasons are short and hold no personal data: they are stored and shown."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """An event that a provider reports about a message it took; `source_event_id` makes a repeated report count once.

    The message is named by our id, by its short form (`reference`, as SQL's outreach.sms_reference) or by the
    provider's name. `attempt`: the delivery attempt, where the provider knows it. `happened_at` None: no time was given.
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
class AcceptedDelivery:
    """An accepted message without a receipt yet."""

    message_id: str
    provider_id: str


class Channel(Protocol):
    """An adapter. `adapter` is recorded with each delivery; at most `concurrency` sends run at once."""

    @property
    def adapter(self) -> str: ...

    @property
    def concurrency(self) -> int: ...

    async def send(self, message: Message) -> Outcome:
        """Hands one message over. Never raises for what the provider does; an exception is a bug."""

    async def close(self) -> None: ...


@runtime_checkable
class LooksUp(Protocol):
    """An adapter that can look up whether an attempt whose answer was lost has arrived."""

    async def lookup(self, message_id: str, attempt: int) -> bool: ...


@runtime_checkable
class ParsesReceipts(Protocol):
    """An adapter whose provider calls us back."""

    def parse_receipts(self, body: bytes) -> list[Receipt]:
        """The receipts in a call whose signature was verified. ValueError if the body cannot be parsed."""
        ...


@runtime_checkable
class PollsReceipts(Protocol):
    """An adapter whose provider has to be asked for receipts."""

    async def poll_receipts(self, deliveries: Sequence[AcceptedDelivery]) -> list[Receipt]: ...


@runtime_checkable
class HasBalance(Protocol):
    """An adapter with a prepaid account."""

    async def balance(self) -> float | None:
        """The balance in taka; None if it could not be read."""
        ...
