"""The personal rhythm: recent gaps, their estimate, and its phases."""

from __future__ import annotations

from math import asinh, exp, log, sqrt
from typing import Any

import pytest
from psycopg import Connection

from tests.outbox import row, rows, value
from tests.prediction.models import PRIOR
from tests.prediction.visit_log import load, midnight, noon

WITHIN, BETWEEN, PRIOR_MEAN = 0.16, 0.25, log(20)


def estimate(db: Connection[Any], at: Any) -> dict[str, Any]:
    return row(db, f"select * from prediction.rhythm_estimate(%s, 1, true, {PRIOR})", at)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (20, 25),
        (20 * exp(0.15), 25 + asinh(1) / 0.2),
        (20 * exp(-0.15), 25 - asinh(1) / 0.2),
        (20 * exp(-30), 0),
        (20 * exp(30), 49.999999),
    ],
)
def test_the_phase_is_25_on_the_expected_day_and_limited(db: Connection[Any], days: float, expected: float) -> None:
    assert value(db, "select prediction.rhythm_phase(%s::float8, ln(20::float8))", days) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("days", "adjusted"), [(0, 0.25), (1, 0.5), (6, 6.5), (7, 7), (8, 7.5), (13, 13.5), (700, 700)]
)
def test_the_clock_of_a_week_runs_in_each_week_anew(db: Connection[Any], days: int, adjusted: float) -> None:
    clock = [0.0, 0.5, 1.5, 2.5, 3.5, 4.5, 6.5, 7.0]
    assert value(db, "select prediction.weekday_adjusted_days(%s::float8[], %s)", clock, days) == adjusted


def test_recent_gaps_are_the_last_twelve(db: Connection[Any]) -> None:
    gaps = [3, 7, 14, 5, 21, 6, 8, 9, 10, 28, 11, 12, 13, 15]
    days = [sum(gaps[:number]) for number in range(len(gaps) + 1)]
    load(db, [("a", "s", noon(day)) for day in days])
    every = "select * from prediction.recent_gaps(%s, 1, %s) order by visits"
    found = rows(db, every, midnight(300), False)
    assert [f["visits"] for f in found] == list(range(2, 16))
    for number, one in enumerate(found, start=1):
        recent = gaps[max(number - 12, 0) : number]
        assert one["log_gaps"] == pytest.approx([log(gap) for gap in recent])
        assert one["whole_weeks"] == sum(gap % 7 == 0 for gap in recent)
        ordered = sorted(log(gap) for gap in recent)
        assert one["median"] == pytest.approx((ordered[(len(recent) - 1) // 2] + ordered[len(recent) // 2]) / 2)
        assert one["first_visit_day"] == noon(0).date()
        assert one["visit_day"] == noon(days[number]).date()
        assert one["next_visit_day"] == (noon(days[number + 1]).date() if number < len(gaps) else None)
        assert one["last_at"] == (noon(days[-1]) if number == len(gaps) else None)
    assert rows(db, every, midnight(300), True) == found[-1:]


@pytest.mark.parametrize("gaps", [[20], [20, 20, 40], [20, 20, 20, 20, 80], [10, 30, 25, 18, 22, 21], [5, 60]])
def test_a_rhythm_is_one_step_from_the_median_and_shrunken(db: Connection[Any], gaps: list[int]) -> None:
    days = [sum(gaps[:number]) for number in range(len(gaps) + 1)]
    load(db, [("a", "s", noon(day)) for day in days])
    logs, n = [log(gap) for gap in gaps], len(gaps)
    ordered = sorted(logs)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    bound = 2.5 * (sum(abs(g - median) for g in logs) + sqrt(WITHIN / 2)) / (n + 0.25)
    location = median + sum(min(max(g - median, -bound), bound) for g in logs) / n
    spread = sqrt((sum(min(abs(g - location), bound) ** 2 for g in logs) + WITHIN) / (n + 1))
    weight = min(max(spread**2 / BETWEEN, 0.02), 20)
    center = (n * location + weight * PRIOR_MEAN) / (n + weight)
    found = estimate(db, midnight(days[-1] + 1))
    assert (found["center"], found["spread"]) == pytest.approx((center, spread))
    assert found["last_gap_deviation"] == pytest.approx(logs[-1] - center)


@pytest.mark.parametrize(("visits", "experience"), [(2, 0), (3, 1), (4, 1), (5, 2), (9, 2), (10, 3), (30, 3)])
def test_experience_has_four_classes(db: Connection[Any], visits: int, experience: int) -> None:
    load(db, [("a", "s", noon(20 * number)) for number in range(visits)])
    assert estimate(db, midnight(700))["class"] // 8 == experience


@pytest.mark.parametrize(
    ("gaps", "week_class"),
    # (whole weeks + 2 / 7) / (gaps + 2) against 0.22, 0.35, 0.5, 0.65 and 0.8.
    [([20, 20], 0), ([21], 2), ([21, 20], 1), ([21, 21], 3), ([21] * 3 + [20], 3), ([21] * 4, 4), ([21] * 7, 5)],
)
def test_people_of_one_weekday_have_a_high_week_class(db: Connection[Any], gaps: list[int], week_class: int) -> None:
    load(db, [("a", "s", noon(sum(gaps[:number]))) for number in range(len(gaps) + 1)])
    assert estimate(db, midnight(400))["week_class"] == week_class


def test_the_prior_of_gaps_is_shrunken_to_everybody(db: Connection[Any]) -> None:
    """Two people of one service and one of another, with 14, 28 and 20, 20 and 30 days between visits."""
    log_of = {("a", "x"): [0, 14, 42], ("b", "x"): [0, 20, 40], ("c", "y"): [0, 30]}
    load(db, [(who, what, noon(day)) for (who, what), days in log_of.items() for day in days])
    found = row(db, "select (g).* from prediction.gap_prior(%s) g", midnight(100))
    a, b, c = (log(14) + log(28)) / 2, log(20), log(30)
    mean = (a + b + c) / 3
    squares = 2 * (log(2) / 2) ** 2
    within = (squares + 1.6) / (2 + 10)
    observed = ((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2
    inverse = (1 / 2 + 1 / 2 + 1) / 3
    assert found["mean_log"] == pytest.approx(mean)
    assert found["within_variance"] == pytest.approx(within)
    assert found["between_variance"] == pytest.approx(((observed - within * inverse) * 3 + 1.25) / 8)
    assert found["whole_week_share"] == pytest.approx((2 + 2) / (5 + 14))
    assert sorted(found["mean_logs"]) == pytest.approx(sorted([(a + b + 10 * mean) / 12, (c + 10 * mean) / 11]))
