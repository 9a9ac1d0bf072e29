"""What predictions read: completed bookings before an instant, as local days."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from tests.marketplace import booking
from tests.prediction.visit_log import load, midnight, noon, of, score


def test_a_booking_at_the_instant_itself_is_not_used(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(day)) for day in (0, 30, 60)])
    assert of(db, score(db, noon(60)), "a")["visits"] == 2
    assert of(db, score(db, noon(60) + timedelta(microseconds=1)), "a")["visits"] == 3


def test_only_completed_bookings_are_visits(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(0)), ("a", "s", noon(30))])
    before = score(db, midnight(70))
    with db.cursor(row_factory=dict_row) as cursor:
        cursor.execute("select md5('a')::uuid as customer, md5('s')::uuid as service")
        ids = cursor.fetchone()
    assert ids is not None
    booking(db, ids["customer"], ids["service"], scheduled_at=noon(60), status="cancelled")
    booking(db, ids["customer"], ids["service"], scheduled_at=noon(61), status="pending")
    assert of(db, before, "a")["visits"] == 2
    assert score(db, midnight(70)) == before


def test_two_bookings_of_one_local_day_are_one_visit(db: Connection[Any]) -> None:
    late, early = noon(10, 23), noon(11, 1)  # one UTC day, two days in Dhaka
    load(db, [("a", "s", noon(5, 1)), ("a", "s", noon(5, 23)), ("b", "s", late), ("b", "s", early)])
    scores = score(db, midnight(40))
    assert len(scores) == 1
    assert of(db, scores, "b")["visits"] == 2
    assert of(db, scores, "b")["last_visit_at"] == early


def test_fractions_of_customers_are_nested_and_of_the_right_size(db: Connection[Any]) -> None:
    load(db, [(f"c{person}", "s", noon(0)) for person in range(4000)])
    with db.cursor() as cursor:
        cursor.execute(
            "select array(select customer_id from prediction.visit_history(p_at => %(at)s, p_fraction => 0.1)),"
            " array(select customer_id from prediction.visit_history(p_at => %(at)s, p_fraction => 0.5)),"
            " (select count(*) from prediction.visit_history(p_at => %(at)s, p_fraction => 1)),"
            " prediction.sample_fraction(p_at => %(at)s, p_target_visits => 1000),"
            " prediction.sample_fraction(p_at => %(at)s, p_target_visits => 5000)",
            {"at": midnight(1)},
        )
        row = cursor.fetchone()
    assert row is not None
    tenth, half, everybody, quarter, whole = row
    assert set(tenth) < set(half)
    assert 320 < len(tenth) < 480
    assert 1850 < len(half) < 2150
    assert everybody == 4000
    assert (quarter, whole) == (0.25, 1)


@pytest.mark.parametrize(
    ("at", "today"),
    [("2026-03-10T00:00+06:00", "2026-03-09"), ("2026-03-10T11:59+06:00", "2026-03-09"),
     ("2026-03-10T12:00+06:00", "2026-03-10"), ("2026-03-10T23:59+06:00", "2026-03-10")],
)  # fmt: skip
def test_instant_is_rounded_to_the_nearest_local_midnight(db: Connection[Any], at: str, today: str) -> None:
    with db.cursor() as cursor:
        cursor.execute("select prediction.last_complete_day(p_at => %s::timestamptz)::text", [at])
        assert cursor.fetchone() == (today,)
