"""The prediction: honest as of its instant, sane on any log, and following what people do."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from tests.marketplace import DHAKA

Visit = tuple[str, str, datetime]
DATES = ("expected_at", "last_visit_at", "due_from", "due_until", "overdue_at", "lost_at")


def noon(day: float, hour: int = 12) -> datetime:
    """An instant so many days after the beginning."""
    return datetime(2026, 1, 1, hour, tzinfo=DHAKA) + timedelta(days=int(day))


def midnight(day: int) -> datetime:
    """The midnight with which the day begins, so many days after the beginning."""
    return noon(day, 0)


def load(db: Connection[Any], visits: Iterable[Visit]) -> None:
    """Completed bookings of named customers and services, in bulk."""
    with db.cursor() as cursor:
        cursor.execute("create temp table if not exists log (customer text, service text, at timestamptz)")
        cursor.execute("truncate log")
        with cursor.copy("copy log from stdin") as copy:
            for visit in visits:
                copy.write_row(visit)
        cursor.execute(
            "insert into account.person (user_id, role, created_at)"
            " select distinct md5(customer)::uuid, 'customer', '2020-01-01'::timestamptz from log"
            " on conflict do nothing"
        )
        cursor.execute(
            "insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)"
            " select distinct md5(service)::uuid, service, 'cleaning', service, service, 0, 60 from log"
            " on conflict do nothing"
        )
        cursor.execute(
            "insert into market.booking (customer_id, service_id, status, source, created_at, scheduled_at, ends_at,"
            " completed_at, price_poisha)"
            " select md5(customer)::uuid, md5(service)::uuid, 'completed', 'import', at, at, at + interval '1 hour',"
            " at, 0 from log"
        )


def score(db: Connection[Any], at: datetime) -> dict[str, dict[str, Any]]:
    """All scores as of an instant, by customer/service."""
    with db.cursor(row_factory=dict_row) as cursor:
        cursor.execute("select * from smartengage.score(p_at => %s) order by customer_id, service_id", [at])
        return {f"{row['customer_id']}/{row['service_id']}": row for row in cursor.fetchall()}


def of(db: Connection[Any], scores: dict[str, dict[str, Any]], customer: str, service: str = "s") -> dict[str, Any]:
    with db.cursor() as cursor:
        cursor.execute("select md5(%s)::uuid || '/' || md5(%s)::uuid", [customer, service])
        row = cursor.fetchone()
    assert row is not None
    return scores[row[0]]


def people(number: int, *, days: int = 300, seed: int = 1, services: int = 2) -> list[Visit]:
    """A marketplace in small: own rhythms of 10 to 50 days, 15 % irregular, some leave, some book twice a day."""
    chance = random.Random(seed)
    visits: list[Visit] = []
    for person in range(number):
        service = f"s{chance.randrange(services)}"
        period, day, stays = chance.uniform(10, 50), chance.uniform(0, 60), chance.uniform(100, 900)
        while day < min(days, stays):
            visits.append((f"c{person}", service, noon(day, chance.randrange(8, 20))))
            if chance.random() < 0.05:
                visits.append((f"c{person}", service, noon(day, 21)))
            day += max(1.0, chance.gauss(period, 0.15 * period))
    return visits


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
    for pair, row in before.items():  # to the last digits: sums run in another order after the analyze
        assert [after[pair][name] for name in ("p7", "p14", "p28")] == pytest.approx(
            [row[name] for name in ("p7", "p14", "p28")], rel=1e-9
        )
        assert [after[pair][name] for name in DATES] == [row[name] for name in DATES]


def test_booking_at_the_very_instant_is_not_known_yet(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(day)) for day in (0, 30, 60)])
    assert of(db, score(db, noon(60)), "a")["visits"] == 2
    assert of(db, score(db, noon(60) + timedelta(microseconds=1)), "a")["visits"] == 3


def test_only_completed_bookings_are_visits(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(day)) for day in (0, 30, 60)])
    db.execute(
        "update market.booking set status = 'cancelled', completed_at = null, cancelled_at = created_at,"
        " cancelled_by = 'customer' where completed_at = %s",
        [noon(30)],
    )
    assert of(db, score(db, midnight(70)), "a")["visits"] == 2


def test_two_bookings_of_one_local_day_are_one_visit(db: Connection[Any]) -> None:
    late, early = noon(10, 23), noon(11, 1)  # one UTC day, two days in Dhaka
    load(db, [("a", "s", noon(5, 1)), ("a", "s", noon(5, 23)), ("b", "s", late), ("b", "s", early)])
    scores = score(db, midnight(40))
    assert len(scores) == 1
    assert of(db, scores, "b")["visits"] == 2
    assert of(db, scores, "b")["last_visit_at"] == early


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


def test_who_stays_away_is_expected_less(db: Connection[Any]) -> None:
    load(db, [visit for visit in people(300, seed=3) if visit[2] < midnight(300)])
    load(db, [("gone", "s0", noon(day)) for day in range(0, 100, 20)])
    load(db, [("loyal", "s0", noon(day)) for day in range(10, 300, 20)])
    scores = score(db, midnight(300))
    gone, loyal = of(db, scores, "gone", "s0"), of(db, scores, "loyal", "s0")
    assert gone["p28"] < 0.3 < 0.8 < loyal["p28"]
    assert gone["overdue_at"] < gone["lost_at"] < midnight(300)
    assert loyal["overdue_at"] > midnight(300)
