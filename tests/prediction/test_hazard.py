"""Hazard curves: who is at risk in which phase, and the days on which a curve reaches a hazard."""

from datetime import datetime
from math import exp, floor, log, sinh
from typing import Any

import pytest
from psycopg import Connection

from tests.outbox import row
from tests.prediction.models import PRIOR, phase
from tests.prediction.visit_log import load, midnight, noon, people


def test_days_to_hazard_inverts_the_curve_and_the_week_clock(db: Connection[Any]) -> None:
    """The day on which a curve reaches the hazard that it has on a day is that day."""
    load(db, people(200, seed=7))
    with db.cursor() as cursor:
        cursor.execute(
            """
            select d.days, prediction.days_to_hazard(p_curve => c.readings, p_week_clock => w.readings, p_center => ln(30),
                     p_hazards => array[prediction.cumulative_hazard_at(p_curve => c.readings, p_phase => prediction.rhythm_phase(
                       p_days => prediction.weekday_adjusted_days(p_week_clock => w.readings, p_days => d.days),
                       p_center => ln(30))) - 1e-9])
              from (select week_clocks, curves from prediction.fit_model(p_at => %s)) h
             cross join lateral (select array(select h.curves[14][i] from generate_series(1, 51) i) as readings) c
             cross join lateral (select array(select h.week_clocks[1][i] from generate_series(1, 8) i) as readings) w
             cross join generate_series(20, 45) as d(days)
            """,
            [midnight(280)],
        )
        rows = cursor.fetchall()
    assert len(rows) == 26
    assert all([day] == back for day, back in rows)


def prior_curve(spread: float) -> list[float]:
    """The log-logistic prior of a regularity, in which one in ten never returns."""

    def survival(step: int) -> float:
        return 0.1 + 0.9 / (1 + exp(1.7 * 0.15 * sinh(0.2 * (step - 25)) / spread))

    return [log(survival(0)) - log(survival(step)) for step in range(51)]


SPREADS = (0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.73, 1.12)


def hazard_curves(db: Connection[Any], at: datetime) -> tuple[list[list[float]], list[list[float]]]:
    found = row(db, f"select * from prediction.hazard_curves(%s, {PRIOR})", at)
    return found["week_clocks"], found["curves"]


def test_without_visits_the_curves_are_the_prior_and_the_clocks_plain(db: Connection[Any]) -> None:
    week_clocks, curves = hazard_curves(db, midnight(10))
    for clock in week_clocks:
        assert clock == pytest.approx(range(8), abs=1e-9)
    for number, curve in enumerate(curves):
        assert curve == pytest.approx(prior_curve(SPREADS[number % 8]), abs=1e-9)


def test_everybody_is_at_risk_once_until_they_return_or_the_log_ends(db: Connection[Any]) -> None:
    """Three people whose second visit is ten days old, and two who returned after 20 days, ten days ago."""
    load(db, [(f"once {n}", "s", noon(day)) for n in range(3) for day in (20, 40)])
    load(db, [(f"back {n}", "s", noon(day)) for n in range(2) for day in (0, 20, 40)])
    week_clocks, curves = hazard_curves(db, midnight(51))

    # All gaps of 20 days: the clock of their class advances most on day 6 of a week.
    returned = 2
    pace = [7 * (n + 10 * (n + 2) / (returned + 14)) / (returned + 10) for n in (returned * (d == 6) for d in range(7))]
    passed = [sum(pace[1 : d + 1]) + (pace[0] if d == 7 else 0) for d in range(8)]
    ahead = sum(d - passed[d] for d in range(7)) / 7
    assert week_clocks[0] == pytest.approx([p + ahead for p in passed], abs=1e-9)

    def clock(days: int) -> float:
        return max(7 * (days // 7) + week_clocks[0][days % 7], 0.25)

    # A gap of 20 days spreads by 0.16 / (1 + gaps), the prior: class 4 at the second visit, class 8 + 3 at the third.
    at_end, at_return = phase(clock(10)), phase((clock(19) + clock(20)) / 2)
    episodes = {4: [(at_end, False)] * 3 + [(at_return, True)] * 2, 8 + 3: [(at_end, False)] * 2}
    for number, curve in enumerate(curves):
        expected = [0.0]
        for step in range(50):
            alike = [episode for one, found in episodes.items() if one % 8 == number % 8 for episode in found]

            def counted(found: list[tuple[float, bool]], step: int = step) -> tuple[float, int]:
                risk = sum(min(max(p - step, 0), 1) for p, _ in found)
                return risk, sum(came and floor(p) == step for p, came in found)

            prior = prior_curve(SPREADS[number % 8])
            risk_alike, returned_alike = counted(alike)
            risk, came = counted(episodes.get(number, []))
            shared = (returned_alike + 10 * (prior[step + 1] - prior[step])) / (risk_alike + 10)
            expected.append(expected[-1] + (came + 50 * shared) / (risk + 50))
        assert curve == pytest.approx(expected, abs=1e-9), number
