"""prediction.score: uses nothing after its instant, is finite on any log, and follows personal rhythms."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import exp, log
from typing import Any

import pytest
from psycopg import Connection

from tests.marketplace import DHAKA
from tests.prediction.models import RHYTHM, first_day, hazard, store_by_hand
from tests.prediction.visit_log import DATES, Visit, load, midnight, noon, of, people, score


def check_sane(rows: Iterable[dict[str, Any]], at: datetime) -> None:
    for row in rows:
        assert None not in row.values()
        assert 0 < row["p7"] <= row["p14"] <= row["p28"] < 1
        assert at < row["expected_at"] < at + timedelta(days=3 * 366)
        assert at <= row["due_from"] <= row["expected_at"] <= row["due_until"]
        assert row["last_visit_at"] < row["overdue_at"] < row["lost_at"] < at + timedelta(days=10 * 366)


def test_uses_nothing_after_its_instant(db: Connection[Any]) -> None:
    visits = people(200)
    at = noon(220, 15)
    load(db, [visit for visit in visits if visit[2] < at])
    before = score(db, at)
    load(db, [visit for visit in visits if visit[2] >= at])
    db.execute("analyze market.booking")
    assert len(before) > 100
    after = score(db, at)
    assert after.keys() == before.keys()
    for pair, row in before.items():  # approximately: after the analyze sums run in another order
        assert [after[pair][name] for name in ("p7", "p14", "p28")] == pytest.approx(
            [row[name] for name in ("p7", "p14", "p28")], rel=1e-9
        )
        assert [after[pair][name] for name in DATES] == [row[name] for name in DATES]


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [("a", "s", noon(0))],
        [("a", "s", noon(0)), ("a", "s", noon(1))],
        [("a", "s", noon(day)) for day in range(0, 100, 10)],
        [("a", "s", noon(day)) for day in range(100)],
        [(f"c{person}", "s", noon(day)) for person in range(10) for day in range(0, 100, 25)],
        [(f"c{person}", f"s{person}", noon(day + person)) for person in range(30) for day in (0, 80)],
        [("a", "s", noon(0)), ("a", "s", noon(95)), ("b", "s", noon(0)), ("b", "s", noon(1))],
        people(5, days=100),
        people(40, days=100),
    ],
    ids=["none", "one visit", "one gap", "one customer", "daily", "all alike", "services", "extremes", "few", "some"],
)
@pytest.mark.parametrize("later", [0, 1, 30, 700])
def test_any_log_gets_finite_nested_probabilities(db: Connection[Any], visits: list[Visit], later: int) -> None:
    load(db, visits)
    at = midnight(100 + later)
    scores = score(db, at)
    by_pair: dict[tuple[str, str], set[date]] = {}
    for customer, service, instant in visits:
        if instant < at:
            by_pair.setdefault((customer, service), set()).add(instant.date())
    assert len(scores) == sum(len(days) >= 2 for days in by_pair.values())
    check_sane(scores.values(), at)


def test_follows_the_personal_rhythm(db: Connection[Any]) -> None:
    others = people(300, seed=2, services=1)
    load(db, [(customer, "s", at) for customer, _, at in others if at < midnight(240)])
    load(db, [("weekly", "s", noon(day)) for day in range(2, 240, 7)])
    load(db, [("monthly", "s", noon(day)) for day in range(20, 240, 30)])
    scores = score(db, midnight(240))
    check_sane(scores.values(), midnight(240))
    weekly, monthly = of(db, scores, "weekly"), of(db, scores, "monthly")
    assert weekly["p14"] > 0.9
    assert monthly["p14"] < 0.5 < monthly["p28"]
    assert abs((monthly["expected_at"] - noon(260)).days) <= 4


def test_a_long_absence_lowers_the_probability(db: Connection[Any]) -> None:
    load(db, [visit for visit in people(300, seed=3) if visit[2] < midnight(300)])
    load(db, [("gone", "s0", noon(day)) for day in range(0, 100, 20)])
    load(db, [("loyal", "s0", noon(day)) for day in range(10, 300, 20)])
    scores = score(db, midnight(300))
    gone, loyal = of(db, scores, "gone", "s0"), of(db, scores, "loyal", "s0")
    assert gone["p28"] < 0.3 < 0.8 < loyal["p28"]
    assert gone["overdue_at"] < gone["lost_at"] < midnight(300)
    assert loyal["overdue_at"] > midnight(300)


def test_skipped_visit_does_not_slow_the_rhythm(db: Connection[Any]) -> None:
    load(db, people(300, seed=4, services=1))
    skipped = [day for day in range(0, 290, 20) if day != 100]
    load(db, [("skipped", "s0", noon(day)) for day in skipped])
    row = of(db, score(db, midnight(290)), "skipped", "s0")
    assert abs((row["expected_at"] - noon(300)).days) <= 3


def test_a_person_of_one_weekday_is_expected_on_it(db: Connection[Any]) -> None:
    chance = random.Random(5)
    visits: list[Visit] = []
    for person in range(150):
        day, weeks = person % 7, chance.choice([2, 3, 4])
        while day < 300:
            visits.append((f"c{person}", "s", noon(day)))
            day += 7 * max(1, weeks + chance.choice([-1, 0, 0, 0, 0, 1]))
    load(db, visits)
    at = midnight(250)
    rows = score(db, at).values()
    on_it = [
        row["expected_at"].astimezone(DHAKA).weekday() == row["last_visit_at"].astimezone(DHAKA).weekday()
        for row in rows
    ]
    assert len(on_it) == 150
    assert sum(on_it) > 140


def test_regular_people_get_narrower_intervals(db: Connection[Any]) -> None:
    chance = random.Random(6)
    visits: list[Visit] = []
    for person in range(200):
        day = chance.uniform(0, 25)
        while day < 300:
            visits.append((("even" if person % 2 else "odd") + str(person), "s", noon(day)))
            day += max(1, chance.gauss(25, 1.5 if person % 2 else 12))
    load(db, visits)
    with db.cursor() as cursor:
        cursor.execute("select customer, md5(customer)::uuid from (select distinct customer from log) l")
        names = {str(identity): name for name, identity in cursor.fetchall()}
    widths: dict[str, list[float]] = {"even": [], "odd": []}
    for row in score(db, midnight(260)).values():
        kind = names[str(row["customer_id"])].rstrip("0123456789")
        widths[kind].append((row["due_until"] - row["due_from"]).days)
    assert sum(widths["even"]) / len(widths["even"]) < 0.6 * sum(widths["odd"]) / len(widths["odd"])


@pytest.mark.parametrize("days", [1, 6, 9, 20, 27, 45, 100, 400])
def test_a_hand_made_model_gives_exact_scores(db: Connection[Any], days: int) -> None:
    """Probabilities and days follow in closed form; p7, p14 and p28 look exactly so many days ahead."""
    load(db, [("a", "s", noon(day)) for day in range(0, 61, RHYTHM)])
    at = midnight(60 + days + 1)
    store_by_hand(db, at)
    found = of(db, score(db, at), "a")

    now, ahead = hazard(days), 60
    for name, later in (("p7", 7), ("p14", 14), ("p28", 28)):
        # Limited by stats.log_odds_of_hazard.
        expected = 1 - exp(-min(max(hazard(days + later) - now, 0.0001), 9.2))
        assert found[name] == pytest.approx(expected, rel=1e-9), name

    returns, returns_ever = 1 - exp(now - hazard(days + ahead)), 1 - exp(-hazard(2 * ahead))
    horizon = days + ahead

    def due(share: float) -> int:
        return 60 + min(max(first_day(now - log(1 - share * returns)), days + 1), horizon)

    assert found["due_from"] == max(midnight(due(0.1)), at)
    assert found["expected_at"] == max(noon(due(0.5)), at + timedelta(hours=1))
    assert found["due_until"] == max(midnight(due(0.9) + 1), at + timedelta(hours=1))
    overdue = first_day(-log(1 - 0.8 * returns_ever))
    lost = max(first_day(-log(1 - 0.975 * returns_ever)), overdue + 1)
    # From the end of that day on.
    assert found["overdue_at"] == midnight(60 + overdue + 1)
    assert found["lost_at"] == midnight(60 + lost + 1)
    assert (found["visits"], found["last_visit_at"]) == (4, noon(60))
