"""The made-up marketplace: reproducible, realistic, and never mixed with real people."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from db.connection import Connection
from db.demo.build import DemoPlan, batches, build_marketplace
from db.fault import Fault
from db.settings import ROOT
from tests import marketplace

UNTIL = date(2026, 11, 21)
SMALL = DemoPlan(customers=120, workers=20, months=6, seed=3, until=UNTIL)

TABLES = ("account.person", "account.contact", "account.consent", "market.booking", "market.review", "market.app_event")


def make(url: str, **changes: Any) -> bool:
    arguments: dict[str, Any] = {"customers": 120, "workers": 20, "months": 6, "seed": 3, "until": UNTIL} | changes
    return build_marketplace(url, **arguments).is_new


def value(db: Connection, query: str) -> Any:
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


def content(db: Connection) -> list[object]:
    return [db.execute(f"select t::text from {table} t order by 1").fetchall() for table in TABLES]


def test_same_plan_same_rows_other_seed_other_rows() -> None:
    first, second, other = (
        [batch.lines for _, batch in batches(plan)]
        for plan in (SMALL, SMALL, DemoPlan(120, 20, 6, 4, UNTIL))
    )  # fmt: skip
    assert first == second
    assert first[0]["market.booking"] != other[0]["market.booking"]


def test_repeating_changes_nothing(database_url: str, db: Connection) -> None:
    assert make(database_url)
    before = content(db)
    assert not make(database_url)
    # Without a last day it finds the existing marketplace, also on later days.
    assert not make(database_url, until=None)
    assert content(db) == before


def test_another_marketplace_is_refused(database_url: str, db: Connection) -> None:
    make(database_url)
    before = content(db)
    with pytest.raises(Fault, match=r"already holds a made-up marketplace \(120 customers, .* seed 3\)"):
        make(database_url, seed=4)
    assert content(db) == before


def test_real_people_are_left_alone(database_url: str, db: Connection) -> None:
    marketplace.person(db)
    with pytest.raises(Fault, match="holds real people"):
        make(database_url)
    assert value(db, "select count(*) from account.person") == 1
    assert value(db, "select kind from policy.installation") == "live"


def test_services_of_a_real_marketplace_are_left_alone(database_url: str, db: Connection) -> None:
    marketplace.service(db)
    with pytest.raises(Fault, match="real marketplace"):
        make(database_url)
    assert value(db, "select count(*) from account.person") == 0


@pytest.mark.parametrize("wrong", [{"customers": 0}, {"months": 0}, {"months": 61}, {"workers": -1}])
def test_impossible_sizes_are_refused(database_url: str, db: Connection, wrong: dict[str, int]) -> None:
    with pytest.raises(Fault, match="must be from"):
        make(database_url, **wrong)
    assert value(db, "select kind from policy.installation") == "live"


@pytest.mark.parametrize("sizes", [{"customers": 1, "workers": 1}, {"customers": 3, "months": 1}])
def test_smallest_marketplaces_work(database_url: str, sizes: dict[str, int]) -> None:
    assert make(database_url, **sizes)


def test_daily_reminder_runs_and_keeps_what_an_admin_changed(database_url: str, db: Connection) -> None:
    make(database_url)
    campaign = "select name, status, channels, created_by from smartengage.campaign"
    assert db.execute(campaign).fetchall() == [("daily-reminder", "running", ["email", "in_app"], "demo")]
    db.execute("update smartengage.campaign set status = 'paused'")
    make(database_url)
    assert value(db, "select status from smartengage.campaign") == "paused"
    assert value(db, "select kind from policy.installation") == "demo"


# Each of these queries finds impossible rows.
IMPOSSIBLE = {
    "anything after the last day": """
        select from market.booking
        where greatest(created_at, confirmed_at, arrived_at, started_at, completed_at, cancelled_at)
              >= '2026-11-22 00:00+06'
        union all select from market.review where created_at >= '2026-11-22 00:00+06'
        union all select from market.app_event where happened_at >= '2026-11-22 00:00+06'
        union all select from account.consent
        where lower(valid_at) >= '2026-11-22 00:00+06' or upper(valid_at) >= '2026-11-22 00:00+06'""",
    "a booking before its customer joined": """
        select
        from market.booking b
        join account.person p on p.user_id = b.customer_id
        where b.created_at < p.created_at""",
    "a booking made after its visit, or ended before it began": """
        select from market.booking where created_at >= scheduled_at or cancelled_at < created_at""",
    "an open booking of the past": """
        select
        from market.booking
        where status in ('pending', 'confirmed')
          and scheduled_at < '2026-11-22 00:00+06'""",
    "a worker in two places": """
        select
        from market.booking a
        join market.booking b on b.worker_id = a.worker_id and b.booking_id > a.booking_id
        where a.status <> 'cancelled'
          and b.status <> 'cancelled'
          and tstzrange(a.scheduled_at, a.ends_at) && tstzrange(b.scheduled_at, b.ends_at)""",
    "a worker outside their trade": """
        select
        from market.booking b
        join market.service s using (service_id)
        join market.worker w on w.user_id = b.worker_id
        where s.category <> all (w.categories)""",
    "a review of a visit that was not": """
        select
        from market.review r
        join market.booking b using (booking_id)
        where b.status <> 'completed' or r.created_at < b.completed_at""",
    "a price that does not add up": """
        select
        from market.booking b
        join market.service s using (service_id)
        where b.price_poisha <> s.price_poisha + coalesce(
          (select sum(a.price_poisha) from market.booking_add_on a where a.booking_id = b.booking_id), 0)""",
    "an address that could be somebody's": """
        select from account.contact where channel = 'email' and address !~ '@example\\.(com|net|org)$'""",
    "an event outside its month": "select from market.app_event_default",
    "an id that tells no time before the last midnight": """
        select
        from account.person
        where uuid_extract_timestamp(user_id) not between '2026-11-21 00:00+06' and '2026-11-22 00:00+06'""",
}


def test_nothing_in_it_is_impossible(database_url: str, db: Connection) -> None:
    make(database_url, customers=400, workers=40)
    for what, query in IMPOSSIBLE.items():
        assert db.execute(query).fetchall() == [], what


def test_it_is_believable(database_url: str, db: Connection) -> None:
    """Shares on which other tests rely: rhythms, usual hours, consents, late workers, customers who leave."""
    make(database_url, customers=1000, workers=100, months=18)
    share = "select avg(({})::int)::float8 from {}"
    expected = {
        "e-mail outreach in force": (
            share.format(
                "exists (select from account.consent c where c.user_id = p.user_id and channel = 'email'"
                " and purpose = 'outreach' and upper_inf(valid_at))",
                "account.person p where role = 'customer'",
            ),
            0.65,
            0.85,
        ),
        "completed": (share.format("status = 'completed'", "market.booking"), 0.85, 0.95),
        "late": (
            share.format(
                "arrived_at > scheduled_at + interval '10 minutes'", "market.booking where arrived_at is not null"
            ),
            0.05,
            0.30,
        ),
        "reviewed": (
            share.format("rating is not null", "market.booking left join market.review using (booking_id)"),
            0.2,
            0.5,
        ),
        "booked in the evening": (
            share.format("extract(hour from created_at at time zone 'Asia/Dhaka') between 17 and 21", "market.booking"),
            0.35,
            0.75,
        ),
        "visits on Friday and Saturday": (
            share.format("extract(isodow from scheduled_at at time zone 'Asia/Dhaka') in (5, 6)", "market.booking"),
            0.32,
            0.6,
        ),
        "without a name": (share.format("full_name is null", "account.person where role = 'customer'"), 0.03, 0.1),
        "silent for 120 days after three visits (left)": (
            """
            select avg((last < '2026-07-24')::int)::float8
            from (
              select max(completed_at) as last
              from market.booking
              where status = 'completed'
              group by customer_id
              having count(*) >= 3) v""",
            0.05,
            0.45,
        ),
    }
    for what, (query, least, most) in expected.items():
        assert least <= value(db, query) <= most, what
    assert value(db, "select count(*) from account.person_with_invalid_zone") == 2
    assert value(db, "select count(distinct category) from market.service") >= 8
    assert value(db, "select count(*) from market.booking where status in ('pending', 'confirmed')") > 10


def test_on_the_next_day_a_few_percent_are_due(database_url: str, db: Connection) -> None:
    make(database_url, customers=1000, workers=100, months=18)
    db.execute("select smartengage.refresh_snapshots('2026-11-22 07:00+06')")
    due = value(
        db,
        """
        select count(distinct f.user_id)
        from smartengage.predicted_booking f
        where f.expected_at between '2026-11-20 07:00+06' and '2026-11-25 07:00+06'
          and f.p14 >= 0.25
          and not exists (
            select
            from market.booking b
            where b.customer_id = f.user_id
              and b.service_id = f.service_id
              and b.status in ('pending', 'confirmed', 'in_progress'))
        """,
    )
    assert 10 <= due <= 100
    segments: dict[str, int] = dict(
        db.execute("select segment, count(*) from smartengage.customer_segment group by 1").fetchall()
    )
    assert set(segments) == {"new", "repeat", "at_risk", "inactive"}


def test_command_makes_it_once(database_url: str, db: Connection) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "db", "demo", *arguments],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url},
            capture_output=True,
            text=True,
        )

    size = ("--customers", "50", "--workers", "10", "--months", "3", "--seed", "9")
    first = command(*size, "--until", "2026-11-21")
    assert first.returncode == 0
    assert "made a marketplace: 50 customers, 10 workers, 3 months until 2026-11-21, seed 9" in first.stdout
    again = command(*size)
    assert again.returncode == 0
    assert "already there" in again.stdout
    other = command("--customers", "51")
    assert other.returncode == 2
    assert other.stderr.startswith("shokti: this database already holds a made-up marketplace")
    assert value(db, "select count(*) from account.person") == 60
