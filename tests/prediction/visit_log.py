"""Logs of visits, and the scores that they give."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from tests.marketplace import DHAKA

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
