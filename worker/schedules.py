"""The jobs that have a time. Times are Dhaka's, which has no summer time; pgqueuer's cron is UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DHAKA_IS_AHEAD_BY_H = 6


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron line that makes a job. Two processes make one job together: the key of a waiting job is unique."""

    entrypoint: str
    cron: str
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def dedupe_key(self) -> str:
        return f"schedule/{self.entrypoint}"


def daily_in_dhaka(hour: int, minute: int = 0) -> str:
    """The UTC cron line of a time of day in Dhaka."""
    return f"{minute} {(hour - DHAKA_IS_AHEAD_BY_H) % 24} * * *"


SCHEDULES = (
    Schedule("plan_daily", daily_in_dhaka(7)),
    Schedule("housekeep", daily_in_dhaka(3)),
    Schedule("judge_campaigns", "*/5 * * * *"),
    Schedule("settle", "*/5 * * * *"),
    Schedule("poll_receipts", "*/5 * * * *"),
    Schedule("sweep", "* * * * *"),
)
