"""A rate limit and a circuit breaker around every adapter. A message that they hold back has the outcome Later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from worker.channels.channel import (
    Accepted,
    Channel,
    HasBalance,
    Later,
    LooksUp,
    Message,
    Outcome,
    ParsesReceipts,
    PollsReceipts,
    Refused,
    Unknown,
)

# A shorter wait is spent within the batch; a longer one goes back to the database with its time.
LONGEST_WAIT_S = 1.0


@dataclass(slots=True)
class CircuitBreaker:
    """Opens after so many `failures` in a row. Then one probe passes per pause, which doubles up to the longest."""

    failures: int = 5
    pause_s: float = 15.0
    longest_pause_s: float = 300.0
    now: Callable[[], float] = monotonic
    _failed: int = 0
    _open_until: float = 0.0
    _next_pause_s: float = 0.0
    _probing: bool = False

    @property
    def is_open(self) -> bool:
        return self._failed >= self.failures

    def seconds_until_allowed(self) -> float:
        """Seconds until an attempt is allowed; 0 = now."""
        if not self.is_open:
            return 0.0
        if self._probing:
            return self._next_pause_s or self.pause_s
        return max(0.0, self._open_until - self.now())

    def start_attempt(self) -> None:
        """To be called before each attempt: while the breaker is open it is the one probe."""
        self._probing = self.is_open

    def record_success(self) -> None:
        self._failed = 0
        self._next_pause_s = 0.0
        self._probing = False

    def record_failure(self) -> None:
        self._failed += 1
        if self.is_open and (self._probing or self._open_until <= self.now()):
            self._next_pause_s = min(self._next_pause_s * 2 or self.pause_s, self.longest_pause_s)
            self._open_until = self.now() + self._next_pause_s
        self._probing = False

    def end_attempt(self) -> None:
        """Ends an attempt that proves nothing about the provider."""
        self._probing = False


@dataclass(slots=True)
class RateLimit:
    """At most `per_second` attempts a second, evenly spread; None = no limit."""

    per_second: float | None = None
    now: Callable[[], float] = monotonic
    _next_at: float = 0.0

    def reserve(self) -> float:
        """Reserves the next place and returns the seconds until it; a place beyond LONGEST_WAIT_S is not reserved."""
        if not self.per_second:
            return 0.0
        at = max(self._next_at, self.now())
        wait = at - self.now()
        if wait <= LONGEST_WAIT_S:
            self._next_at = at + 1.0 / self.per_second
        return wait


@dataclass(slots=True)
class GuardedChannel:
    """An adapter as the handlers see it."""

    channel: Channel
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    rate: RateLimit = field(default_factory=RateLimit)

    @property
    def adapter(self) -> str:
        return self.channel.adapter

    @property
    def concurrency(self) -> int:
        return self.channel.concurrency

    @property
    def looks_up(self) -> LooksUp | None:
        return self.channel if isinstance(self.channel, LooksUp) else None

    @property
    def parses_receipts(self) -> ParsesReceipts | None:
        return self.channel if isinstance(self.channel, ParsesReceipts) else None

    @property
    def polls_receipts(self) -> PollsReceipts | None:
        return self.channel if isinstance(self.channel, PollsReceipts) else None

    @property
    def has_balance(self) -> HasBalance | None:
        return self.channel if isinstance(self.channel, HasBalance) else None

    def seconds_until_allowed(self) -> float:
        """Seconds for which nothing should be claimed for this channel; 0 = none."""
        return self.breaker.seconds_until_allowed()

    def claim_limit(self, batch: int) -> int:
        """How many messages to claim: a whole batch, or one as the probe of an open breaker."""
        return 1 if self.breaker.is_open else batch

    async def send(self, message: Message) -> Outcome:
        pause = self.breaker.seconds_until_allowed()
        if pause > 0:
            return Later("breaker_open", after=pause)
        wait = self.rate.reserve()
        if wait > LONGEST_WAIT_S:
            return Later("rate_limited", after=wait)
        if wait > 0:
            await asyncio.sleep(wait)
        self.breaker.start_attempt()
        try:
            outcome = await self.channel.send(message)
        except Exception as error:
            # An adapter that fails may have handed the message over.
            self.breaker.record_failure()
            return Unknown(f"adapter_failed {type(error).__name__}")
        match outcome:
            case Accepted() | Refused():
                self.breaker.record_success()
            case Unknown() | Later(provider_is_down=True):
                self.breaker.record_failure()
            case Later():
                self.breaker.end_attempt()
        return outcome

    async def close(self) -> None:
        await self.channel.close()
