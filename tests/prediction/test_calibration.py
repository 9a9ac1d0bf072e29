"""The log-odds offset of services: lasting, seasonal, by trend, or none."""

from __future__ import annotations

import random
from math import cos, exp, pi
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from tests.outbox import value
from tests.prediction.visit_log import Visit, load, midnight, noon

#: horizon, service, periods_ago, expected, residual: all with weight 1 and information as much as expected.
Cell = tuple[int, str, int, float, float]


def seasonal(number: int, days: int, strength: float, *, seed: int, service: str) -> list[Visit]:
    """Visits every 80 days on average, more often in the half years around the days 90, 455 and 820."""
    chance = random.Random(seed)
    visits: list[Visit] = []
    for person in range(number):
        day = float(chance.randrange(-80, 400))
        rest = 0.0
        while day < days:
            rest -= exp(strength * cos(2 * pi * (day - 90) / 365))
            if rest <= 0:
                if day >= 0:
                    visits.append((f"{service}{person}", service, noon(day)))
                rest += chance.gauss(80, 16)
            day += 1
    return visits


def fitted_offset(db: Connection[Any], day: int) -> dict[str, list[float]]:
    """The log-odds offset of each service for 7, 14 and 28 days, fitted to the visits before a day."""
    offsets: dict[str, list[float]] = value(
        db,
        "select jsonb_object_agg("
        "   s.code, array[l.weights[1][7 + u.place], l.weights[2][7 + u.place], l.weights[3][7 + u.place]])"
        " from prediction.fit_model(%s) l"
        " cross join unnest((l.gap_prior).service_ids) with ordinality as u (service_id, place)"
        " join market.service s using (service_id)",
        midnight(day),
    )
    return offsets


def offset(db: Connection[Any], day: int, cells: list[Cell]) -> dict[tuple[int, str], float]:
    with db.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "with cell as ("
            "  select row(c.horizon, md5(c.service)::uuid, c.periods_ago, 1, c.expected, c.residual, c.expected)"
            "    ::prediction.calibration_cell as c"
            "  from unnest(%s::int[], %s::text[], %s::int[], %s::float[], %s::float[])"
            "    as c (horizon, service, periods_ago, expected, residual))"
            " select s.horizon, s.log_odds_offset, n.service"
            " from prediction.service_offset(%s, (select array_agg(c) from cell)) s"
            " join (select distinct service, md5(service)::uuid as service_id from unnest(%s::text[]) as service) n"
            "   using (service_id)",
            [*map(list, zip(*cells, strict=True)), midnight(day), [cell[1] for cell in cells]],
        )
        return {(row["horizon"], row["service"]): row["log_odds_offset"] for row in cursor.fetchall()}


def test_a_season_is_expected_again_a_year_later(db: Connection[Any]) -> None:
    """Also against the trend: at the end of the high season, the same weeks of last year predict its end."""
    load(db, seasonal(400, 920, 1.0, seed=1, service="cooling"))
    load(db, seasonal(400, 920, 0.0, seed=2, service="cleaning"))
    before, ending = fitted_offset(db, 760), fitted_offset(db, 890)
    for horizon in range(3):
        assert before["cooling"][horizon] > 0.2 > 0.15 > abs(before["cleaning"][horizon])
        assert ending["cooling"][horizon] < -0.1 < 0.15 > abs(ending["cleaning"][horizon])


def test_weeks_are_standardized_by_the_length_of_absences(db: Connection[Any]) -> None:
    """Twice as many customers in the second half year are no season; a week without visits is."""
    visits = [(f"a{n}", "s", noon(n % 20 + 20 * k)) for n in range(100) for k in range(25)]
    visits += [(f"b{n}", "s", noon(200 + n % 20 + 20 * k)) for n in range(100) for k in range(15)]
    load(db, [visit for visit in visits if not noon(399) < visit[2] < noon(407)])
    with db.cursor() as cursor:
        cursor.execute(
            "select weeks_ago, observed, expected from prediction.weekly_seasonal_index(%s)", [midnight(470)]
        )
        weeks = {week: (observed, expected) for week, observed, expected in cursor.fetchall()}
    # A missed visit comes a whole gap later, so the week after the closed one is like any other.
    ratios = {week: observed / expected for week, (observed, expected) in weeks.items() if expected > 5}
    assert min(ratios, key=lambda week: ratios[week]) in {8, 9, 10}
    assert min(ratios.values()) < 0.5
    assert all(0.8 < ratio < 1.3 for week, ratio in ratios.items() if 14 <= week < 60)


def test_the_index_uses_nothing_after_its_instant(db: Connection[Any]) -> None:
    visits = seasonal(100, 500, 0.5, seed=3, service="s")
    query = "select array_agg((weeks_ago, observed, expected) order by weeks_ago)::text from prediction.weekly_seasonal_index(%s)"
    load(db, [visit for visit in visits if visit[2] < midnight(400)])
    before = value(db, query, midnight(400))
    load(db, [visit for visit in visits if visit[2] >= midnight(400)])
    assert value(db, query, midnight(400)) == before


def test_a_season_without_residuals_has_no_weight(db: Connection[Any]) -> None:
    """However strong the index of last year, residuals of 0 need no correction."""
    load(db, seasonal(200, 800, 1.0, seed=4, service="s"))
    cells: list[Cell] = [(h, "s", back, 100, 0) for h in (7, 14, 28) for back in range(10)]
    assert offset(db, 760, cells) == {(7, "s"): 0, (14, "s"): 0, (28, "s"): 0}


@pytest.mark.parametrize(
    ("missed", "sign"),
    [
        ([20, 21, 19, 20, 22, 20, 19, 20, 21, 20], 1),  # lasting
        ([30, 26, 22, 18, 14, 10, 6, 2, -2, -6], 1),  # a rise continues
        ([-30, -26, -22, -18, -14, -10, -6, -2, 2, 6], -1),
        ([20, -20, 20, -20, 20, -20, 20, -20, 20, -20], 0),  # alternating
        ([20, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0),  # once
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0),
    ],
)
def test_residuals_are_corrected_as_far_as_they_persist(db: Connection[Any], missed: list[float], sign: int) -> None:
    other = [-m for m in missed]
    cells: list[Cell] = [
        (14, service, back, 100.0, m) for service, of in (("s", missed), ("t", other)) for back, m in enumerate(of)
    ]
    found = offset(db, 100, cells)
    if sign:
        assert found[14, "s"] * sign > 0.05
        assert found[14, "t"] * sign < -0.05
    else:
        assert found == pytest.approx({(14, "s"): 0, (14, "t"): 0}, abs=0.005)


@pytest.mark.parametrize(
    ("x", "residual", "low", "high"),
    [
        ([1, -1, 1, -1], [50, -50, 50, -50], 0.45, 0.5),  # lowered by the ridge
        ([1, -1, 1, -1], [500, -500, 500, -500], 1, 1),
        ([1, -1, 1, -1], [-50, 50, -50, 50], 0, 0),
        ([1, -1, 1, -1], [50, 0, 0, 50], 0, 0),
        ([1, -1, 1, -1], [50, -10, 40, -60], 0.35, 0.37),  # slope 0.39, shrunken by its error
        ([1, -1, 1, -1], [60, 40, -20, -90], 0, 0),  # slope 0.22, with an error of the same size
        ([1, -1, 1], [50, -50, 50], 0, 0),  # too few cells
        ([0, 0, 0, 0], [50, 20, 30, 40], 0, 0),
    ],
)
def test_a_slope_is_shrunken_by_its_error(
    db: Connection[Any], x: list[float], residual: list[float], low: float, high: float
) -> None:
    share = value(
        db, "select prediction.shrunken_slope(%s::float[], %s::float[], %s::float[])", x, residual, [100.0] * len(x)
    )
    assert low <= share <= high
