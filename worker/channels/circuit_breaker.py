"""Around every adapter: a rate limit and a circuit breaker. What they hold back comes as Later, nothing is lost."""

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

# A wait shorter than this is slept off within the batch; a longer one goes back to the database with its time.
LONGEST_WAIT_S = 1.0


@dataclass(slots=True)
class Breaker:
    """Opens after `failures` bad answers in a row; then one probe passes per pause, which doubles up to the longest."""

    failures: int = 5
    pause_s: float = 15.0
    longest_pause_s: float = 300.0
    now: Callable[[], float] = monotonic
    _bad: int = 0
    _open_until: float = 0.0
    _next_pause_s: float = 0.0
    _probing: bool = False

    @property
    def is_open(self) -> bool:
        return self._bad >= self.failures

    def closed_in(self) -> float:
        """Seconds until something may pass; 0 = now."""
        if not self.is_open:
            return 0.0
        if self._probing:
            return self._next_pause_s or self.pause_s
        return max(0.0, self._open_until - self.now())

    def enter(self) -> None:
        """Called by what passes: while the breaker is open it is the one probe."""
        self._probing = self.is_open

    def good(self) -> None:
        self._bad = 0
        self._next_pause_s = 0.0
        self._probing = False

    def bad(self) -> None:
        self._bad += 1
        if self.is_open and (self._probing or self._open_until <= self.now()):
            self._next_pause_s = min(self._next_pause_s * 2 or self.pause_s, self.longest_pause_s)
            self._open_until = self.now() + self._next_pause_s
        self._probing = False

    def neutral(self) -> None:
        """Passed, but told nothing about the provider."""
        self._probing = False


@dataclass(slots=True)
class Rate:
    """At most `per_second` starts a second, evenly spread; None = no limit."""

    per_second: float | None = None
    now: Callable[[], float] = monotonic
    _next_at: float = 0.0

    def reserve(self) -> float:
        """Takes the next place and tells how many seconds away it is; a place too far away is not taken."""
        if not self.per_second:
            return 0.0
        at = max(self._next_at, self.now())
        wait = at - self.now()
        if wait <= LONGEST_WAIT_S:
            self._next_at = at + 1.0 / self.per_second
        return wait


@dataclass(slots=True)
class Guarded:
    """An adapter as the handlers see it."""

    channel: Channel
    breaker: Breaker = field(default_factory=Breaker)
    rate: Rate = field(default_factory=Rate)

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

    def closed_in(self) -> float:
        """Seconds for which claiming for this channel makes no sense; 0 = go on."""
        return self.breaker.closed_in()

    def room(self, batch: int) -> int:
        """How many messages to claim: a whole batch, or the one that probes whether the provider is back."""
        return 1 if self.breaker.is_open else batch

    async def send(self, message: Message) -> Outcome:
        pause = self.breaker.closed_in()
        if pause > 0:
            return Later("breaker_open", after=pause)
        wait = self.rate.reserve()
        if wait > LONGEST_WAIT_S:
            return Later("rate_limited", after=wait)
        if wait > 0:
            await asyncio.sleep(wait)
        self.breaker.enter()
        try:
            outcome = await self.channel.send(message)
        except Exception as error:
            # Nobody knows how far a broken adapter got: the only honest answer is that we do not know.
            self.breaker.bad()
            return Unknown(f"adapter_failed {type(error).__name__}")
        match outcome:
            case Accepted() | Refused():
                self.breaker.good()
            case Unknown() | Later(provider_is_down=True):
                self.breaker.bad()
            case Later():
                self.breaker.neutral()
        return outcome

    async def close(self) -> None:
        await self.channel.close()
