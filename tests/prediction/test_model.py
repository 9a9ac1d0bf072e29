"""Stored models: valid for some days, equal to a fresh fit, and without leaks from the future."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection

from tests.outbox import MICRO, set_rule, value
from tests.prediction.visit_log import DATES, Visit, load, midnight, noon, people, score

DAY = timedelta(days=1)
FIGURES = ("p7", "p14", "p28")
CERTAIN = 9.0


def store(db: Connection[Any], at: datetime) -> datetime:
    """fitted_at of the model that is valid now."""
    fitted_at: datetime = value(db, "select prediction.store_model(%s)", at)
    return fitted_at


def distort(db: Connection[Any], at: datetime) -> None:
    """Stores a model by which everybody returns within a week, so that its use is visible in the scores."""
    db.execute(
        "insert into prediction.fitted_model (fitted_at, visits, gap_prior, week_clocks, curves, weights)"
        " select %s, l.visits, l.gap_prior, l.week_clocks, l.curves, array[[%s,0,0,0,0,0,0],[%s,0,0,0,0,0,0],[%s,0,0,0,0,0,0]]"
        " from prediction.fit_model(%s) l",
        [at, CERTAIN, CERTAIN, CERTAIN, at],
    )


def is_distorted(db: Connection[Any], at: datetime) -> bool:
    return all(row["p7"] > 0.99 for row in score(db, at).values())


def test_a_stored_model_gives_the_scores_of_a_fresh_fit(db: Connection[Any]) -> None:
    at = midnight(250)
    load(db, [visit for visit in people(150) if visit[2] < at])
    fresh = score(db, at)
    assert store(db, at) == at
    assert len(fresh) > 100
    stored = score(db, at)
    assert stored.keys() == fresh.keys()
    for pair, row in fresh.items():
        assert [stored[pair][name] for name in FIGURES] == pytest.approx([row[name] for name in FIGURES], rel=1e-9)
        assert [stored[pair][name] for name in DATES] == [row[name] for name in DATES]


@pytest.mark.parametrize(
    ("later", "is_used"),
    [
        (timedelta(0), True),
        (MICRO, True),
        (7 * DAY - MICRO, True),
        (7 * DAY, False),
        (-MICRO, False),
        (-30 * DAY, False),
    ],
)
def test_a_model_is_valid_from_its_instant_for_some_days(db: Connection[Any], later: timedelta, is_used: bool) -> None:
    load(db, [visit for visit in people(60) if visit[2] < midnight(200)])
    distort(db, midnight(220))
    assert is_distorted(db, midnight(220) + later) == is_used


def test_the_newest_model_that_is_not_later_is_used(db: Connection[Any]) -> None:
    load(db, [visit for visit in people(60) if visit[2] < midnight(200)])
    distort(db, midnight(220))
    store(db, midnight(222))
    db.execute("insert into prediction.fitted_model select (prediction.fit_model(%s)).*", [midnight(221)])
    assert is_distorted(db, midnight(221) - MICRO)
    assert not is_distorted(db, midnight(221))


@pytest.mark.parametrize(("more", "is_used"), [(20, True), (21, False)])
def test_a_model_of_far_fewer_bookings_is_invalid(db: Connection[Any], more: int, is_used: bool) -> None:
    load(db, [("a", "s", noon(day)) for day in range(100)])
    distort(db, midnight(150))
    load(db, [("b", "s", noon(day)) for day in range(more)])
    assert is_distorted(db, midnight(151)) == is_used


def test_later_bookings_do_not_count_as_growth(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(day)) for day in range(100)])
    distort(db, midnight(150))
    load(db, [("a", "s", noon(day)) for day in range(160, 260)])
    assert is_distorted(db, midnight(151))


def test_the_daily_refresh_fits_once_a_week(db: Connection[Any]) -> None:
    load(db, [visit for visit in people(60) if visit[2] < midnight(240)])
    for day in range(200, 215):
        db.execute("select smartengage.refresh_snapshots(%s)", [midnight(day)])
    with db.cursor() as cursor:
        cursor.execute("select fitted_at from prediction.fitted_model order by 1")
        assert [row[0] for row in cursor.fetchall()] == [midnight(200), midnight(207), midnight(214)]


def test_the_validity_of_a_model_is_a_rule(db: Connection[Any]) -> None:
    load(db, [visit for visit in people(30) if visit[2] < midnight(200)])
    set_rule(db, "learning.every", 2, midnight(0))
    assert store(db, midnight(210)) == midnight(210)
    assert store(db, midnight(211)) == midnight(210)
    assert store(db, midnight(212)) == midnight(212)


def test_a_fit_uses_nothing_after_its_instant(db: Connection[Any]) -> None:
    visits = people(60)
    at = midnight(180)
    load(db, [visit for visit in visits if visit[2] < at])
    before = value(db, "select concat(l.gap_prior, l.week_clocks, l.curves) from prediction.fit_model(%s) l", at)
    load(db, [visit for visit in visits if visit[2] >= at])
    assert (
        value(db, "select concat(l.gap_prior, l.week_clocks, l.curves) from prediction.fit_model(%s) l", at) == before
    )


def test_a_service_with_more_leavers_has_a_lower_offset(db: Connection[Any]) -> None:
    chance = random.Random(8)
    visits: list[Visit] = []
    for person in range(500):
        service, leaves = (("kept", 0.02), ("left", 0.3))[person % 2]
        day = chance.uniform(0, 300)
        while day < 360:
            visits.append((f"c{person}", service, noon(day)))
            if chance.random() < leaves:
                break
            day += max(1.0, chance.gauss(20, 4))
    load(db, visits)
    found = value(
        db,
        "select jsonb_object_agg("
        "   s.code, array[l.weights[1][7 + u.place], l.weights[2][7 + u.place], l.weights[3][7 + u.place]])"
        " from prediction.fit_model(%s) l"
        " cross join unnest((l.gap_prior).service_ids) with ordinality as u (service_id, place)"
        " join market.service s using (service_id)",
        midnight(360),
    )
    assert all(left < 0 < kept for left, kept in zip(found["left"], found["kept"], strict=True))
