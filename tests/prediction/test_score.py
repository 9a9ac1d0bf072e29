"""prediction.score: uses nothing after its instant, is finite on any log, and follows personal rhythms."""

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from tests.marketplace import DHAKA, booking

Visit = tuple[str, str, datetime]
DATES = ("expected_at", "last_visit_at", "due_from", "due_until", "overdue_at", "lost_at")


def noon(day: float, hour: int = 12) -> datetime:
    """Noon so many days after 1 January 2026 in Dhaka, or another hour."""
    return datetime(2026, 1, 1, hour, tzinfo=DHAKA) + timedelta(days=int(day))


def midnight(day: int) -> datetime:
    """The first instant of the day so many days after 1 January 2026."""
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
        cursor.execute("select * from prediction.score(p_at => %s) order by customer_id, service_id", [at])
        return {f"{row['customer_id']}/{row['service_id']}": row for row in cursor.fetchall()}


def of(db: Connection[Any], scores: dict[str, dict[str, Any]], customer: str, service: str = "s") -> dict[str, Any]:
    with db.cursor() as cursor:
        cursor.execute("select md5(%s)::uuid || '/' || md5(%s)::uuid", [customer, service])
        row = cursor.fetchone()
    assert row is not None
    return scores[row[0]]


def people(number: int, *, days: int = 300, seed: int = 1, services: int = 2) -> list[Visit]:
    """A small marketplace: rhythms of 10 to 50 days with 15 % deviation; some leave, some book twice a day."""
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
    for pair, row in before.items():  # approximately: after the analyze sums run in another order
        assert [after[pair][name] for name in ("p7", "p14", "p28")] == pytest.approx(
            [row[name] for name in ("p7", "p14", "p28")], rel=1e-9
        )
        assert [after[pair][name] for name in DATES] == [row[name] for name in DATES]


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


def test_linear_equations_are_solved(db: Connection[Any]) -> None:
    with db.cursor() as cursor:
        cursor.execute(
            "select stats.solve_linear_system(p_matrix => array[[4,1,0],[1,3,1],[0,1,2]], p_right => array[6,10,8])"
        )
        row = cursor.fetchone()
    assert row is not None
    assert row[0] == pytest.approx([1, 2, 3])


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
