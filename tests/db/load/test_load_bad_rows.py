"""Loading CSV files: every invalid row is reported with line and reason, and only it is rejected."""

from __future__ import annotations

import csv

import pytest

from db.connection import Connection
from tests.db.load.loading import ALL, CUSTOMERS, SERVICES, B, C, Loader, N, content, told

# (file, header, row, field, reason): each row is alone in its file; services, add-ons and people are stored already.
B_ROW = "b9,c1,w1,clean,{},2026-01-01,2026-01-02T10:00,"
E_ = "external_id,user_id,kind,happened_at,properties"
S = "code,category,name_bn,name_en,price_poisha,duration_minutes,active"
BAD_ROWS = [
    ("services", S, ",cleaning,ক,K,1,60,", "code", "is missing"),
    ("services", S, "a b,cleaning,ক,K,1,60,", "code", "holds more than letters, digits and _ . : -"),
    ("services", S, "k,Pest control,ক,K,1,60,", "category", "is not a word such as pest_control"),
    ("services", S, "k,cleaning, ,K,1,60,", "name_bn", "is missing"),
    ("services", S, "k,cleaning,ক,K,12.50,60,", "price_poisha", "is not a whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,-1,60,", "price_poisha", "is not a whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,99999999999999999999,60,", "price_poisha", "is not a whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,1,4,", "duration_minutes", "is not a whole number of minutes from 5 to 1440"),
    ("add_ons", "code,service_code,name_bn,name_en,price_poisha", "k,nails,ক,K,1", "service_code", "no such service"),
    (
        "add_ons",
        "code,service_code,name_bn,name_en,price_poisha",
        "gas,clean,ক,K,1",
        "code",
        "belongs to another service",
    ),
    ("customers", C + "email", "k,,", "created_at", "is missing"),
    ("customers", C + "email", "k,now,", "created_at", "is not a time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,2025-02-30,", "created_at", "is not a time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,05/06/2025,", "created_at", "is not a time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,2099-01-01,", "created_at", "is in the future"),
    ("customers", C + "email", "w1,2025-01-01,", "external_id", "belongs to a person of another role"),
    ("workers", C + "zone", "k,2025-01-01,", "zone", "is missing"),
    (
        "bookings",
        B + "completed_at",
        "b9,nobody,w1,clean,completed,2026-01-01,2026-01-02,",
        "customer_id",
        "no such customer",
    ),
    (
        "bookings",
        B + "completed_at",
        "b9,w1,w1,clean,completed,2026-01-01,2026-01-02,",
        "customer_id",
        "no such customer",
    ),
    ("bookings", B + "completed_at", "b9,c1,c2,clean,completed,2026-01-01,2026-01-02,", "worker_id", "no such worker"),
    (
        "bookings",
        B + "completed_at",
        "b9,c1,w1,nails,completed,2026-01-01,2026-01-02,",
        "service_code",
        "no such service",
    ),
    (
        "bookings",
        B + "add_on_codes",
        B_ROW.format("completed") + "fridge;gas",
        "add_on_codes",
        "no such add-on of this service",
    ),
    (
        "bookings",
        B + "completed_at",
        B_ROW.format("done") + "",
        "status",
        "is not one of pending, confirmed, in_progress, completed, cancelled",
    ),
    ("bookings", B + "completed_at", B_ROW.format("completed") + "2099-01-01", "completed_at", "is in the future"),
    (
        "bookings",
        B + "completed_at",
        B_ROW.format("pending") + "2026-01-03",
        "completed_at",
        "is given although the booking is not completed",
    ),
    (
        "bookings",
        B + "started_at,completed_at",
        B_ROW.format("completed") + "2026-01-02T11:00,2026-01-02T10:59",
        "completed_at",
        "is before started_at",
    ),
    (
        "bookings",
        B + "cancelled_by",
        B_ROW.format("cancelled") + "",
        "cancelled_by",
        "is missing: customer, worker or admin",
    ),
    (
        "bookings",
        B + "cancelled_by",
        B_ROW.format("completed") + "worker",
        "cancelled_by",
        "is given although the booking is not cancelled",
    ),
    ("reviews", "booking_id,rating,created_at", "b1,6,2026-01-03", "rating", "is not a whole number from 1 to 5"),
    ("reviews", "booking_id,rating,created_at", "b2,5,2026-01-03", "booking_id", "its booking is not completed"),
    ("reviews", "booking_id,rating,created_at", "b8,5,2026-01-03", "booking_id", "no such booking"),
    ("consents", N, "nobody,email,outreach,2025-01-01,signup,1,", "user_id", "no such person"),
    (
        "consents",
        N,
        "c1,fax,outreach,2025-01-01,signup,1,",
        "channel",
        "is not one of email, sms, whatsapp, push, in_app",
    ),
    ("consents", N, "c1,email,service,2025-01-01,signup,1,", "purpose", "is not one of outreach, coaching, voice"),
    ("consents", N, "c1,email,outreach,2025-01-01,signup,,", "wording_version", "is missing: which text was agreed to"),
    ("consents", N, "c1,sms,outreach,2025-01-02,signup,1,2025-01-01", "withdrawn_at", "is not after granted_at"),
    (
        "consents",
        N,
        "c1,email,outreach,2025-02-10,signup,1,",
        "granted_at",
        "overlaps another consent of the same person, channel and purpose",
    ),
    ("app_events", E_, "e9,nobody,app_open,2026-01-01,", "user_id", "no such person"),
    ("app_events", E_, "e9,c1,App Open,2026-01-01,", "kind", "is not a word such as app_open"),
]


def test_every_kind_of_bad_row_has_its_reason(load: Loader, db: Connection) -> None:
    load(**ALL)
    before = content(db)
    for file, header, row, field, reason in BAD_ROWS:
        report = load(**{file: f"{header}\n{row}\n"})
        assert told(report) == [(file, 2, field, reason)], row
    assert content(db) == before, "a rejected row leaves nothing behind"


def test_what_refers_to_a_bad_row_is_bad_too(load: Loader) -> None:
    report = load(
        **ALL
        | {
            "services": SERVICES.replace("AC service,200000", "AC service,dear"),
            "customers": CUSTOMERS.replace("01712345678,2025-01-01", "01712345678,2025-02-30"),
        }
    )
    assert told(report) == [
        ("services", 3, "price_poisha", "is not a whole number of poisha"),
        ("add_ons", 4, "service_code", "its service was rejected"),
        ("customers", 2, "created_at", "is not a time such as 2026-11-23T18:05:00+06:00"),
        ("bookings", 2, "customer_id", "its customer was rejected"),
        ("bookings", 3, "customer_id", "its customer was rejected"),
        ("bookings", 4, "service_code", "its service was rejected"),
        ("reviews", 2, "booking_id", "its booking was rejected"),
        ("consents", 2, "user_id", "its person was rejected"),
        ("consents", 3, "user_id", "its person was rejected"),
        ("app_events", 2, "user_id", "its person was rejected"),
    ]
    # The corrected files add exactly the rejected rows.
    again = load(**ALL)
    assert again.rejected == 0
    stored = {count.file: count.stored for count in again.counts}
    assert (stored["services"], stored["add_ons"], stored["customers"], stored["workers"]) == (1, 1, 1, 0)
    assert (stored["bookings"], stored["reviews"], stored["consents"], stored["app_events"]) == (3, 1, 2, 1)


def test_overlapping_bookings_of_a_worker_are_told(load: Loader, db: Connection) -> None:
    load(**ALL)
    header = B.rstrip(",")
    rows = {
        "d1": "confirmed,2026-11-01,2026-12-05T10:00",
        "d2": "confirmed,2026-11-01,2026-12-05T11:00",  # overlaps d1
        "d3": "in_progress,2026-11-01,2026-12-05T12:00",  # touches d1, overlaps only d2, which is rejected
        "d4": "pending,2026-11-01,2026-12-05T10:00",  # not active yet
        "d5": "confirmed,2026-11-01,2026-12-02T09:00",  # overlaps b3, which is stored already
    }
    report = load(bookings="\n".join([header, *(f"{name},c1,w1,clean,{row}" for name, row in rows.items())]))
    assert told(report) == [
        ("bookings", 3, "worker_id", "has another booking at that time"),
        ("bookings", 6, "worker_id", "has another booking at that time"),
    ]
    assert db.execute("select external_id from market.booking where external_id like 'd%' order by 1").fetchall() == [
        ("d1",),
        ("d3",),
        ("d4",),
    ]


def test_personal_cells_are_not_repeated(load: Loader) -> None:
    report = load(customers=f"{C}email,phone,language\nk,2025-01-01,rahima@,0123,fr\n")
    assert {(notice.field, notice.value) for notice in report.notices} == {
        ("email", None), ("phone", None), ("language", "fr"),
    }  # fmt: skip
    assert "rahima" not in load.rejects.read_text()


def test_rejects_file_holds_every_bad_row(load: Loader) -> None:
    rows = "".join(f"k{n},now,bad\n" for n in range(100))
    report = load(customers=f"{C}email\n{rows}good,2025-01-01,a@example.com\n")
    assert (report.rejected, len(report.rejects), report.counts[0].stored) == (100, 20, 1)
    assert ("customers", "created_at is not a time such as 2026-11-23T18:05:00+06:00", 100) in report.reasons
    with load.rejects.open(newline="") as file:
        assert sorted({int(row["line"]) for row in csv.DictReader(file)}) == list(range(2, 102))
    load(customers=CUSTOMERS)
    assert not load.rejects.exists(), "a clean load leaves no old rejects behind"


MALFORMED = [
    (b"k,2025-01-01", "has 2 fields where the header has 3"),
    (b"k,2025-01-01,a,b", "has 4 fields where the header has 3"),
    (b"just text", "has 1 field where the header has 3"),
    (b"k,2025-01-01,Rah\xffim", "is not UTF-8"),
    (b"k,2025-01-01,\xed\xa0\x80", "is not UTF-8"),
    (b"k,2025-01-01,Rah\0im", "holds a NUL byte"),
    (b"k,2025-01-01,Rah\rim", "holds a carriage return inside the line"),
    (b'k,2025-01-01,"Rahim', "a quote is not closed or not doubled"),
    (b'k,2025-01-01,"Rah"im', "a quote is not closed or not doubled"),
    (b'k,2025-01-01,"Rah\xff"', "is not UTF-8"),
    (b'k,2025-01-01,"Rah\0"', "holds a NUL byte"),
    (b'k,2025-01-01,"a","b"', "has 4 fields where the header has 3"),
    (b"k,2025-01-01," + b"x" * 131_073, "holds a cell of more than 131,072 characters"),
    (b'k,2025-01-01,"' + b"x" * 131_073 + b'"', "holds a cell of more than 131,072 characters"),
]


@pytest.mark.parametrize(("row", "reason"), MALFORMED)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_malformed_line_costs_only_itself(
    load: Loader, db: Connection, row: bytes, reason: str, newline: bytes
) -> None:
    lines = [
        b"external_id,created_at,full_name",
        b"g1,2025-01-01,One",
        row,
        b"g2,2025-01-01,Two",
        b'g3,2025-01-01,"Th,ree"',
    ]
    report = load(customers=newline.join(lines))
    assert told(report) == [("customers", 3, None, reason)]
    assert db.execute("select external_id from account.person order by 1").fetchall() == [("g1",), ("g2",), ("g3",)]
