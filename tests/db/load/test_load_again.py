"""A changed row updates the stored one where it may; other differences are reported."""

from __future__ import annotations

import pytest

from db.connection import Connection
from db.load.loader import Report
from tests.db.load.loading import ADD_ONS, ALL, BOOKINGS, CUSTOMERS, REVIEWS, SERVICES, WORKERS, B, C, Loader, content
from tests.outbox import value


def kept(report: Report) -> list[tuple[str, int, str | None]]:
    return [(n.file, n.line, n.field) for n in report.notices if n.outcome == "kept"]


def test_a_nightly_export_updates(load: Loader, db: Connection) -> None:
    load(**ALL)
    night = ALL | {
        "services": SERVICES.replace("200000,90", "210000,80"),
        "add_ons": ADD_ONS.replace("Oven cleaning,20000", "Oven cleaning,25000"),
        "customers": CUSTOMERS.replace("01712345678", "01812345678").replace("John Gomes", "John A. Gomes"),
        "workers": WORKERS.replace("uttara", "mirpur"),
        "bookings": BOOKINGS.replace(
            "confirmed,2026-11-01,2026-12-02T10:00,", "completed,2026-11-01,2026-11-02T10:00,"
        ),
    }
    report = load(**night)
    assert (report.rejected, report.notices) == (0, [])
    assert {count.file: count.updated for count in report.counts if count.updated} == {
        "services": 1,
        "add_ons": 1,
        "customers": 2,
        "workers": 1,
        "bookings": 1,
    }
    assert all(count.read == count.updated + count.already_there for count in report.counts)
    assert db.execute("select price_poisha, duration_minutes from market.service where code = 'ac'").fetchone() == (
        210_000,
        80,
    )
    assert value(db, "select price_poisha from market.add_on where code = 'oven'") == 25_000
    assert value(db, "select full_name from account.person where external_id = 'c2'") == "John A. Gomes"
    assert value(db, "select address from account.contact where channel = 'sms'") == "+8801812345678"
    assert value(db, "select zone from market.worker") == "mirpur"
    assert db.execute(
        "select status, ends_at - scheduled_at = '80 minutes', worker_id is not null from market.booking where external_id = 'b3'"
    ).fetchone() == ("completed", True, True)
    before = content(db)
    again = load(**night)
    assert content(db) == before
    assert [count.updated for count in again.counts] == [0] * len(again.counts)


def test_an_empty_cell_changes_nothing(load: Loader, db: Connection) -> None:
    load(**ALL)
    before = content(db)
    load(customers=f"{C}full_name,email,phone\nc1,2025-01-01,,,8.8E+12\nc2,2025-01-01T10:00:00Z,,,\n")
    assert content(db) == before


def test_a_new_address_is_unverified_and_takes_its_whatsapp_along(load: Loader, db: Connection) -> None:
    load(**ALL)
    db.execute(
        "update account.contact set verified_at = now(), suppressed_at = now(), suppressed_reason = 'hard_bounce'"
    )
    db.execute(
        """
        insert into account.contact (user_id, channel, address, suppressed_at, suppressed_reason)
        select c.user_id, 'whatsapp', c.address, now(), 'complaint'
        from account.contact c
        where c.channel = 'sms'
        """
    )
    load(customers=f"{C}phone\nc1,2025-01-01,01812345678\n")
    assert db.execute(
        """
        select c.channel, c.address, c.verified_at is null, c.suppressed_reason
        from account.contact c
        join account.person p on p.user_id = c.user_id
        where p.external_id = 'c1'
          and c.channel <> 'email'
        order by 1
        """
    ).fetchall() == [("sms", "+8801812345678", True, None), ("whatsapp", "+8801812345678", True, "complaint")]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("b1,c1,w1,clean,confirmed,2026-01-01T20:00,2026-01-02T10:00,,", "status"),
        ("b2,c1,,clean,completed,2026-02-01,2026-02-02T10:00,,", "status"),
        ("b1,c1,w1,clean,cancelled,2026-01-01T20:00,2026-01-02T10:00,customer,", "status"),
        ("b3,c1,w1,ac,confirmed,2026-11-01,2026-12-02T10:00,,", "customer_id"),
        ("b3,c2,w1,clean,confirmed,2026-11-01,2026-12-02T10:00,,", "service_code"),
        ("b3,c2,w1,ac,confirmed,2026-11-01,2026-12-02T10:00,,1", "price_poisha"),
        ("b1,c1,w1,clean,completed,2026-01-01T20:00,2026-01-03T10:00,,", "scheduled_at"),
    ],
)
def test_what_may_not_change_is_kept(load: Loader, db: Connection, row: str, field: str) -> None:
    load(**ALL)
    before = content(db)
    report = load(bookings=f"{B}cancelled_by,price_poisha\n{row}\n")
    assert (report.rejected, kept(report)) == (0, [("bookings", 2, field)])
    assert report.counts[0].already_there == 1
    assert content(db) == before
    assert not load.strictly(bookings=f"{B}cancelled_by,price_poisha\n{row}\n").stored


def test_a_rating_and_a_joining_date_are_kept(load: Loader, db: Connection) -> None:
    load(**ALL)
    before = content(db)
    report = load(
        customers=CUSTOMERS.replace("01712345678,2025-01-01", "01712345678,2025-01-02"),
        reviews=REVIEWS.replace(",5,", ",1,"),
    )
    assert kept(report) == [("customers", 2, "created_at"), ("reviews", 2, "rating")]
    assert content(db) == before


def test_a_booking_takes_several_steps_and_moves_at_once(load: Loader, db: Connection) -> None:
    load(**ALL)
    header = B.rstrip(",")
    load(
        bookings=f"{header}\nb8,c1,,clean,pending,2026-11-01,2026-12-02T10:30\nb7,c1,,clean,pending,2026-11-01,2026-12-09\n"
    )
    # b3 occupies the worker until 11:30.
    report = load(
        bookings=f"{header}\nb8,c1,w1,clean,in_progress,2026-11-01,2026-12-02T10:30\n"
        "b7,c1,w1,clean,in_progress,2026-11-01,2026-12-10T09:00\n"
    )
    assert kept(report) == [("bookings", 2, "worker_id")]
    assert db.execute(
        """
        select external_id, status, worker_id is null, to_char(ends_at at time zone 'Asia/Dhaka', 'DD HH24:MI')
        from market.booking
        where external_id in ('b7', 'b8')
        order by 1
        """
    ).fetchall() == [("b7", "in_progress", False, "10 11:00"), ("b8", "pending", True, "02 12:30")]


def test_a_step_keeps_the_agreed_end(load: Loader, db: Connection) -> None:
    load(**ALL)
    row = "b3,c2,w1,ac,cancelled,2026-11-01,2026-12-02T10:00,worker"
    load(services=SERVICES.replace("200000,90", "200000,80"), bookings=f"{B}cancelled_by\n{row}\n")
    assert db.execute(
        "select status, cancelled_by, ends_at - scheduled_at = '90 minutes' from market.booking where external_id = 'b3'"
    ).fetchone() == ("cancelled", "worker", True)
