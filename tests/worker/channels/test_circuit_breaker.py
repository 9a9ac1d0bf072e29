"""Breaker and rate limit hold messages back until a stated time, and never lose one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from tests.worker.messages import message
from worker.channels.channel import Accepted, Later, Message, Outcome, Refused, Unknown
from worker.channels.circuit_breaker import CircuitBreaker, GuardedChannel, RateLimit

DOWN = Later("down", provider_is_down=True)


@dataclass
class Watch:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Scripted:
    """An adapter with scripted outcomes, which counts the messages that reach it."""

    answers: list[Outcome | Exception]
    seen: int = 0
    adapter: str = "scripted"
    concurrency: int = 1
    closed: bool = field(default=False)

    async def send(self, message: Message) -> Outcome:
        self.seen += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed = True


def guarded(
    watch: Watch, *answers: Outcome | Exception, per_second: float | None = None
) -> tuple[GuardedChannel, Scripted]:
    channel = Scripted(list(answers))
    return GuardedChannel(
        channel, CircuitBreaker(failures=3, pause_s=10, now=watch), RateLimit(per_second, now=watch)
    ), channel


def send(channel: GuardedChannel, times: int = 1) -> list[Outcome]:
    async def all_of_them() -> list[Outcome]:
        return [await channel.send(message()) for _ in range(times)]

    return asyncio.run(all_of_them())


def test_after_three_bad_answers_nothing_reaches_the_provider() -> None:
    channel, provider = guarded(Watch(), DOWN)
    assert send(channel, 5) == [DOWN, DOWN, DOWN, Later("breaker_open", after=10), Later("breaker_open", after=10)]
    assert provider.seen == 3


def test_one_probe_passes_after_the_pause_and_a_good_answer_closes_it() -> None:
    watch = Watch()
    channel, provider = guarded(watch, DOWN, DOWN, DOWN, Accepted())
    send(channel, 3)
    assert (channel.seconds_until_allowed(), channel.claim_limit(100)) == (10, 1)
    watch.at += 10
    assert (channel.seconds_until_allowed(), channel.claim_limit(100)) == (0, 1)
    assert send(channel, 2) == [Accepted(), Accepted()]
    assert channel.claim_limit(100) == 100
    assert provider.seen == 5


def test_a_failed_probe_doubles_the_pause_up_to_the_longest() -> None:
    watch = Watch()
    channel, _ = guarded(watch, DOWN)
    send(channel, 3)
    pauses = []
    for _ in range(7):
        pauses.append(channel.seconds_until_allowed())
        watch.at += channel.seconds_until_allowed()
        send(channel)
    assert pauses == [10, 20, 40, 80, 160, 300, 300]


@pytest.mark.parametrize("answer", [Refused("nobody", address_is_bad=True), Later("greylisted")])
def test_answers_about_one_message_never_trip_it(answer: Outcome) -> None:
    channel, provider = guarded(Watch(), answer)
    send(channel, 50)
    assert provider.seen == 50


def test_lost_answers_trip_it() -> None:
    channel, provider = guarded(Watch(), Unknown("lost"))
    assert send(channel, 4)[-1] == Later("breaker_open", after=10)
    assert provider.seen == 3


def test_a_broken_adapter_is_in_doubt_not_a_crash() -> None:
    channel, _ = guarded(Watch(), RuntimeError("bug"))
    assert send(channel) == [Unknown("adapter_failed RuntimeError")]


def test_a_rate_spreads_and_what_waits_too_long_goes_back() -> None:
    watch = Watch()
    rate = RateLimit(2.0, now=watch)
    assert [rate.reserve() for _ in range(5)] == [0, 0.5, 1.0, 1.5, 1.5]
    watch.at += 1.5
    assert rate.reserve() == 0
    channel, provider = guarded(Watch(), Accepted(), per_second=0.1)
    assert send(channel, 2) == [Accepted(), Later("rate_limited", after=10)]
    assert provider.seen == 1
