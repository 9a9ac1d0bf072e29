"""Loading CSV files: all good rows, every bad one told, nothing twice."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import Connection
from db.fault import Fault
from db.load import Report, load_folder, reader
from tests import marketplace

ROOT = Path(__file__).resolve().parents[2]

SERVICES = """\
code,category,name_bn,name_en,price_poisha,duration_minutes
clean,cleaning,বাসা পরিষ্কার,Home cleaning,150000,120
ac,ac,এসি সার্ভিস,AC service,200000,90
"""
ADD_ONS = """\
code,service_code,name_bn,name_en,price_poisha
fridge,clean,ফ্রিজ পরিষ্কার,Fridge cleaning,30000
oven,clean,ওভেন পরিষ্কার,Oven cleaning,20000
gas,ac,গ্যাস ভরা,Gas refill,90000
"""
CUSTOMERS = """\
external_id,full_name,email,phone,created_at
c1,রহিমা খাতুন,rahima@example.com,01712345678,2025-01-01
c2,John Gomes,john@example.com,,2025-01-01T10:00:00Z
"""
WORKERS = """\
external_id,full_name,created_at,zone,categories
w1,সালমা আক্তার,2025-01-01,uttara,cleaning; ac
"""
BOOKINGS = """\
external_id,customer_id,worker_id,service_code,status,created_at,scheduled_at,completed_at,cancelled_by,add_on_codes
b1,c1,w1,clean,completed,2026-01-01T20:00,2026-01-02T10:00,2026-01-02T12:10,,fridge;oven
b2,c1,,clean,cancelled,2026-02-01,2026-02-02T10:00,,customer,
b3,c2,w1,ac,confirmed,2026-11-01,2026-12-02T10:00,,,
"""
REVIEWS = """\
booking_id,rating,body,created_at
b1,5,"খুব ভালো, সময়মতো এসেছেন",2026-01-03
"""
CONSENTS = """\
user_id,channel,purpose,granted_at,withdrawn_at,source,wording_version
c1,email,outreach,2025-02-01,2025-03-01,signup,1
c1,email,outreach,2025-03-01,,settings,2
"""
APP_EVENTS = """\
external_id,user_id,kind,happened_at,properties
e1,c1,app_open,2026-10-01T21:00,"{""screen"": ""home""}"
e2,c2,app_open,2026-11-01T21:00,
"""
ALL = {
    "services": SERVICES,
    "add_ons": ADD_ONS,
    "customers": CUSTOMERS,
    "workers": WORKERS,
    "bookings": BOOKINGS,
    "reviews": REVIEWS,
    "consents": CONSENTS,
    "app_events": APP_EVENTS,
}
TABLES = (
    "account.person",
    "account.contact",
    "account.consent",
    "market.service",
    "market.add_on",
    "market.worker",
    "market.booking",
    "market.booking_add_on",
    "market.review",
    "market.app_event",
)


@dataclass(frozen=True, slots=True)
class Loader:
    url: str
    folder: Path

    def __call__(self, **files: str | bytes) -> Report:
        """Loads just these files."""
        self.write(files)
        return load_folder(self.url, self.folder, rejects=self.rejects)

    def strictly(self, **files: str | bytes) -> Report:
        self.write(files)
        return load_folder(self.url, self.folder, strict=True, rejects=self.rejects)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for path in self.folder.glob("*.csv"):
            path.unlink()
        for name, content in files.items():
            (self.folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)

    @property
    def rejects(self) -> Path:
        return self.folder / "out" / "rejects.csv"


@pytest.fixture
def load(database_url: str, tmp_path: Path) -> Loader:
    return Loader(database_url, tmp_path)


def sizes(db: Connection) -> dict[str, int]:
    return {table: value(db, f"select count(*) from {table}") for table in TABLES}


def content(db: Connection) -> list[object]:
    """Every row of every table that a load writes."""
    return [db.execute(f"select t::text from {table} t order by 1").fetchall() for table in TABLES]


def value(db: Connection, query: str) -> Any:
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0]


def told(report: Report) -> list[tuple[str, int, str | None, str]]:
    return [(reject.file, reject.line, reject.field, reject.reason) for reject in report.rejects]


def test_everything_good_is_stored(load: Loader, db: Connection) -> None:
    report = load(**ALL)
    assert report.stored
    assert (report.rejected, report.rejects, report.ignored) == (0, [], [])
    assert sizes(db) == {
        "account.person": 3,
        "account.contact": 3,
        "account.consent": 2,
        "market.service": 2,
        "market.add_on": 3,
        "market.worker": 1,
        "market.booking": 3,
        "market.booking_add_on": 2,
        "market.review": 1,
        "market.app_event": 2,
    }
    # Instants without an offset are Bangladeshi; what a file leaves out follows from the rest.
    assert db.execute(
        """
        select b.external_id, b.source, b.status, to_char(b.scheduled_at at time zone 'UTC', 'MM-DD HH24:MI'),
               to_char(b.ends_at at time zone 'UTC', 'HH24:MI'), b.price_poisha
        from market.booking b
        order by 1
        """
    ).fetchall() == [
        ("b1", "import", "completed", "01-02 04:00", "06:00", 200_000),
        ("b2", "import", "cancelled", "02-02 04:00", "06:00", 150_000),
        ("b3", "import", "confirmed", "12-02 04:00", "05:30", 200_000),
    ]
    assert value(db, "select categories from market.worker") == ["cleaning", "ac"]
    assert value(db, "select count(*) from market.app_event_default") == 0, "events belong into their months"
    assert not load.rejects.exists()


def test_loading_twice_changes_nothing(load: Loader, db: Connection) -> None:
    load(**ALL)
    before = content(db)
    report = load(**ALL)
    assert content(db) == before
    assert [(c.stored, c.already_there, c.rejected) for c in report.counts] == [(0, c.read, 0) for c in report.counts]


def test_files_may_come_one_after_the_other(load: Loader, db: Connection) -> None:
    for name, text in ALL.items():
        assert load(**{name: text}).rejected == 0, name
    assert sizes(db)["market.booking"] == 3


def test_order_of_columns_is_free(load: Loader, db: Connection) -> None:
    load(services="duration_minutes,name_en,code,price_poisha,category,name_bn\n45,Haircut,cut,50000,barber,চুল কাটা\n")
    assert db.execute("select code, category, duration_minutes from market.service").fetchall() == [
        ("cut", "barber", 45)
    ]


# (file, header, row, field, reason): each row is alone in its file, over services, add-ons and people that are there.
C = "external_id,created_at,"
B = "external_id,customer_id,worker_id,service_code,status,created_at,scheduled_at,"
B_ROW = "b9,c1,w1,clean,{},2026-01-01,2026-01-02T10:00,"
N = "user_id,channel,purpose,granted_at,source,wording_version,withdrawn_at"
E_ = "external_id,user_id,kind,happened_at,properties"
S = "code,category,name_bn,name_en,price_poisha,duration_minutes,active"
BAD_ROWS = [
    ("services", S, ",cleaning,ক,K,1,60,", "code", "is missing"),
    ("services", S, "a b,cleaning,ক,K,1,60,", "code", "holds more than letters, digits and _ . : -"),
    ("services", S, "k,Pest control,ক,K,1,60,", "category", "is no word such as pest_control"),
    ("services", S, "k,cleaning, ,K,1,60,", "name_bn", "is missing"),
    ("services", S, "k,cleaning,ক,K,12.50,60,", "price_poisha", "is no whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,-1,60,", "price_poisha", "is no whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,99999999999999999999,60,", "price_poisha", "is no whole number of poisha"),
    ("services", S, "k,cleaning,ক,K,1,4,", "duration_minutes", "is no whole number of minutes from 5 to 1440"),
    ("services", S, "k,cleaning,ক,K,1,60,perhaps", "active", "is neither true nor false"),
    ("add_ons", "code,service_code,name_bn,name_en,price_poisha", "k,nails,ক,K,1", "service_code", "no such service"),
    (
        "add_ons",
        "code,service_code,name_bn,name_en,price_poisha",
        "gas,clean,ক,K,1",
        "code",
        "belongs to another service",
    ),
    ("customers", C + "email", "k,2025-01-01,rahima@", "email", "is no e-mail address"),
    ("customers", C + "email", 'k,2025-01-01,"a@b.com, c@d.com"', "email", "is no e-mail address"),
    ("customers", C + "phone", "k,2025-01-01,01212345678", "phone", "is no Bangladeshi mobile number"),
    ("customers", C + "phone", "k,2025-01-01,+14155550100", "phone", "is no Bangladeshi mobile number"),
    ("customers", C + "whatsapp", "k,2025-01-01,0171234567", "whatsapp", "is no Bangladeshi mobile number"),
    ("customers", C + "language", "k,2025-01-01,fr", "language", "is neither bn nor en"),
    (
        "customers",
        C + "greeting",
        "k,2025-01-01,hello",
        "greeting",
        "is none of shubheccha, assalamu_alaikum, nomoskar",
    ),
    (
        "customers",
        C + "quiet_from",
        "k,2025-01-01,22:00",
        "quiet_until",
        "quiet hours need both quiet_from and quiet_until",
    ),
    ("customers", C + "full_name", "k,2025-01-01,\x1b[31mRed", "full_name", "holds control characters"),
    ("customers", C + "email", "k,,", "created_at", "is missing"),
    ("customers", C + "email", "k,now,", "created_at", "is no time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,2025-02-30,", "created_at", "is no time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,05/06/2025,", "created_at", "is no time such as 2026-11-23T18:05:00+06:00"),
    ("customers", C + "email", "k,2099-01-01,", "created_at", "lies in the future"),
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
    ("bookings", B + "ends_at", B_ROW.format("completed") + "2026-01-02T10:00", "ends_at", "is not after scheduled_at"),
    (
        "bookings",
        B + "completed_at",
        B_ROW.format("done") + "",
        "status",
        "is none of pending, confirmed, in_progress, completed, cancelled",
    ),
    ("bookings", B + "completed_at", B_ROW.format("completed") + "2099-01-01", "completed_at", "lies in the future"),
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
    (
        "bookings",
        B + "price_poisha",
        B_ROW.format("completed") + "free",
        "price_poisha",
        "is no whole number of poisha",
    ),
    ("reviews", "booking_id,rating,created_at", "b1,6,2026-01-03", "rating", "is no whole number from 1 to 5"),
    ("reviews", "booking_id,rating,created_at", "b2,5,2026-01-03", "booking_id", "its booking is not completed"),
    ("reviews", "booking_id,rating,created_at", "b8,5,2026-01-03", "booking_id", "no such booking"),
    ("consents", N, "nobody,email,outreach,2025-01-01,signup,1,", "user_id", "no such person"),
    ("consents", N, "c1,fax,outreach,2025-01-01,signup,1,", "channel", "is none of email, sms, whatsapp, push, in_app"),
    ("consents", N, "c1,email,service,2025-01-01,signup,1,", "purpose", "is none of outreach, coaching, voice"),
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
    ("app_events", E_, "e9,c1,App Open,2026-01-01,", "kind", "is no word such as app_open"),
    ("app_events", E_, "e9,c1,app_open,2026-01-01,[1]", "properties", "is no JSON object"),
    ("app_events", E_, "e9,c1,app_open,2026-01-01,{", "properties", "is no JSON object"),
]


def test_every_kind_of_bad_row_has_its_reason(load: Loader, db: Connection) -> None:
    load(**ALL)
    before = content(db)
    for file, header, row, field, reason in BAD_ROWS:
        report = load(**{file: f"{header}\n{row}\n"})
        assert told(report) == [(file, 2, field, reason)], row
    assert content(db) == before, "a rejected row leaves nothing behind"


GOOD_PHONES = (
    "01712345678",
    "+880 1712-345678",
    "8801712345678",
    "008801712345678",
    "০১৭১২৩৪৫৬৭৮",
    " (017) 12.345678 ",
)


@pytest.mark.parametrize("phone", GOOD_PHONES)
def test_phones_become_e164(load: Loader, db: Connection, phone: str) -> None:
    load(customers=f"{C}phone\nk,2025-01-01,{phone}\n")
    assert db.execute("select channel, address from account.contact").fetchall() == [("sms", "+8801712345678")]


def test_names_are_stored_composed_and_tidy(load: Loader, db: Connection) -> None:
    # য় as one code point is what keyboards send; normal form C takes it apart.
    load(customers=f"{C}full_name\nk,2025-01-01,  জ\u09df   রায়  \nl,2025-01-01,   \n")
    assert db.execute("select full_name from account.person order by external_id").fetchall() == [
        ("জ\u09af\u09bc রা\u09af\u09bc",),
        (None,),
    ]


def test_what_refers_to_a_bad_row_is_bad_too(load: Loader) -> None:
    report = load(
        **ALL
        | {
            "services": SERVICES.replace("AC service,200000", "AC service,dear"),
            "customers": CUSTOMERS.replace("rahima@example.com", "rahima"),
        }
    )
    assert told(report) == [
        ("services", 3, "price_poisha", "is no whole number of poisha"),
        ("add_ons", 4, "service_code", "its service was rejected"),
        ("customers", 2, "email", "is no e-mail address"),
        ("bookings", 2, "customer_id", "its customer was rejected"),
        ("bookings", 3, "customer_id", "its customer was rejected"),
        ("bookings", 4, "service_code", "its service was rejected"),
        ("reviews", 2, "booking_id", "its booking was rejected"),
        ("consents", 2, "user_id", "its person was rejected"),
        ("consents", 3, "user_id", "its person was rejected"),
        ("app_events", 2, "user_id", "its person was rejected"),
    ]
    # The mended files bring in exactly what was left out.
    again = load(**ALL)
    assert again.rejected == 0
    stored = {count.file: count.stored for count in again.counts}
    assert (stored["services"], stored["add_ons"], stored["customers"], stored["workers"]) == (1, 1, 1, 0)
    assert (stored["bookings"], stored["reviews"], stored["consents"], stored["app_events"]) == (3, 1, 2, 1)


def test_strict_loads_nothing_unless_all_is_good(load: Loader, db: Connection) -> None:
    before = content(db)
    report = load.strictly(**ALL | {"reviews": REVIEWS.replace(",5,", ",9,")})
    assert not report.stored
    assert told(report) == [("reviews", 2, "rating", "is no whole number from 1 to 5")]
    assert content(db) == before
    assert value(db, "select count(*) from pg_class where relname like 'app_event_2026%'") == 0
    assert load.strictly(**ALL).stored


def test_first_line_with_an_id_counts(load: Loader, db: Connection) -> None:
    report = load(customers=f"{C}full_name\nk,2025-01-01,First\nl,2025-01-01,Other\nk,2025-01-01,Second\n")
    assert told(report) == [("customers", 4, "external_id", "appears on an earlier line")]
    assert value(db, "select full_name from account.person where external_id = 'k'") == "First"


def test_overlapping_bookings_of_a_worker_are_told(load: Loader, db: Connection) -> None:
    load(**ALL)
    header = B.rstrip(",")
    rows = {
        "d1": "confirmed,2026-11-01,2026-12-05T10:00",
        "d2": "confirmed,2026-11-01,2026-12-05T11:00",  # overlaps d1
        "d3": "in_progress,2026-11-01,2026-12-05T12:00",  # touches d1, overlaps d2 only, which is out
        "d4": "pending,2026-11-01,2026-12-05T10:00",  # holds no time yet
        "d5": "confirmed,2026-11-01,2026-12-02T09:00",  # overlaps b3, which is there already
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


def test_a_withdrawal_in_the_file_reaches_a_consent_that_is_there(load: Loader, db: Connection) -> None:
    load(**ALL)
    report = load(consents=f"{N}\nc1,email,outreach,2025-03-01,settings,2,2026-02-01\n")
    assert (report.rejected, report.counts[0].already_there) == (0, 1)
    assert report.remarks == ["1 consents in force here are withdrawn in consents.csv: withdrawn here too"]
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 0
    # The other way round a file cannot bring a withdrawn consent back.
    assert load(**{"consents": CONSENTS}).rejected == 0
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 0


def test_unknown_time_zone_is_kept_and_remarked(load: Loader, db: Connection) -> None:
    report = load(customers=f"{C}time_zone\nk,2025-01-01,Asia/Daka\n")
    assert report.rejected == 0
    assert "time zones that this server does not know: 1" in report.remarks[0]
    assert value(db, "select time_zone from account.person") == "Asia/Daka"


def test_personal_cells_are_not_repeated(load: Loader) -> None:
    report = load(customers=f"{C}email,phone,language\nk,2025-01-01,rahima@,0123,fr\n")
    assert {(reject.field, reject.value) for reject in report.rejects} == {
        ("email", None), ("phone", None), ("language", "fr"),
    }  # fmt: skip
    assert "rahima" not in load.rejects.read_text()


def test_rejects_file_holds_every_bad_row(load: Loader) -> None:
    rows = "".join(f"k{n},2025-01-01,bad\n" for n in range(100))
    report = load(customers=f"{C}email\n{rows}good,2025-01-01,a@example.com\n")
    assert (report.rejected, len(report.rejects), report.counts[0].stored) == (100, 20, 1)
    assert report.reasons == [("customers", "email is no e-mail address", 100)]
    with load.rejects.open(newline="") as file:
        assert [int(row["line"]) for row in csv.DictReader(file)] == list(range(2, 102))
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a header row"),
        (b"external_id,created_at,fullname\n", "unknown column fullname"),
        (b"external_id;created_at\n", "columns are separated by commas"),
        (b"external_id,full_name\n", "column created_at is missing"),
        (b"external_id,created_at,created_at\n", "column created_at appears twice"),
        ("external_id,created_at".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_wrong_header_changes_nothing(load: Loader, db: Connection, content: bytes, message: str) -> None:
    with pytest.raises(Fault, match=message):
        load(services=SERVICES, customers=content)
    assert sizes(db)["market.service"] == 0


def test_header_alone_and_byte_order_mark_are_fine(load: Loader, db: Connection) -> None:
    report = load(services="\ufeff" + SERVICES, customers=f"{C}email")
    assert [(count.file, count.read) for count in report.counts] == [("services", 2), ("customers", 0)]


def test_other_files_are_named(load: Loader) -> None:
    assert load(services=SERVICES, custmers=CUSTOMERS).ignored == ["custmers.csv"]


def test_a_folder_without_files_is_refused(load: Loader) -> None:
    with pytest.raises(Fault, match=r"holds none of services\.csv"):
        load()
    with pytest.raises(Fault, match="is no folder"):
        load_folder(load.url, load.folder / "nowhere")


def test_a_second_load_waits_for_the_first(load: Loader, connect: Callable[..., Connection]) -> None:
    """Two at once do not race for the same ids: the lock is taken before anything is looked up."""
    other = connect(autocommit=False)
    other.execute("select pg_advisory_xact_lock(hashtextextended('db.load', 0))")
    (load.folder / "services.csv").write_text(SERVICES)
    program = "import pathlib, sys, db.load; db.load.load_folder(sys.argv[1], pathlib.Path(sys.argv[2]))"
    with subprocess.Popen([sys.executable, "-c", program, load.url, str(load.folder)], cwd=ROOT) as second:
        watcher = connect()
        waiting = """
            select count(*)
            from pg_locks l
            join pg_database d on d.oid = l.database
            where d.datname = current_database()
              and l.locktype = 'advisory'
              and not l.granted
            """
        while not value(watcher, waiting):
            assert second.poll() is None
        assert value(watcher, "select count(*) from market.service") == 0
        other.rollback()
    assert second.returncode == 0
    assert value(watcher, "select count(*) from market.service") == 2


def test_builders_and_loads_live_together(load: Loader, db: Connection) -> None:
    """Rows made elsewhere are found by their ids."""
    marketplace.person(db, external_id="c9")
    marketplace.service(db, code="clean")
    report = load(bookings=f"{B}completed_at\nb9,c9,,clean,completed,2026-01-01,2026-01-02T10:00,\n")
    assert report.rejected == 0
    assert value(db, "select completed_at - scheduled_at = '2 hours' from market.booking") is True


def command(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": url, "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "db", "load", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_command_tells_what_it_did(load: Loader, db: Connection) -> None:
    load.folder.joinpath("services.csv").write_text(SERVICES.replace("200000,90", "200000,9000"))
    rejects = load.folder / "rejects.csv"
    strict = command(load.url, str(load.folder), "--strict", "--rejects", str(rejects))
    assert strict.returncode == 1
    assert "services.csv:3: duration_minutes is no whole number of minutes from 5 to 1440 (9000)" in strict.stdout
    assert "nothing was loaded" in strict.stdout
    assert sizes(db)["market.service"] == 0
    lenient = command(load.url, str(load.folder), "--rejects", str(rejects))
    assert lenient.returncode == 0
    assert sizes(db)["market.service"] == 1
    wrong = command(load.url, str(load.folder / "nowhere"))
    assert (wrong.returncode, wrong.stdout.strip()) == (2, "")
    assert wrong.stderr == f"shokti: {load.folder / 'nowhere'} is no folder\n"


# The reader alone, without a database.

CELL = st.text(alphabet=st.sampled_from("ab ,\"'\n|\\é্র\u2028\t;"), max_size=6)


def read_back(path: Path, width: int) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Rows by line as COPY would see them, malformed lines with their reasons."""
    rows: dict[int, list[str]] = {}
    malformed: dict[int, str] = {}
    for piece in reader.pieces(path, width):
        for line, *cells in csv.reader(io.StringIO(piece.rows.decode(), newline="\n")):
            rows[int(line)] = cells
        malformed |= {each.line: each.reason for each in piece.malformed}
    return rows, malformed


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.tuples(CELL, CELL, CELL), max_size=12), piece=st.integers(1, 50), crlf=st.booleans())
def test_reader_gives_back_what_a_writer_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: list[tuple[str, str, str]], piece: int, crlf: bool
) -> None:
    monkeypatch.setattr(reader, "PIECE", piece)
    path = tmp_path / "t.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n" if crlf else "\n")
        writer.writerow(["x", "y", "z"])
        writer.writerows(table)
    rows, malformed = read_back(path, 3)
    assert malformed == {}
    assert list(rows.values()) == [list(row) for row in table]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.lists(st.binary(max_size=20), max_size=10), piece=st.integers(1, 50))
def test_reader_survives_any_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, garbage: list[bytes], piece: int
) -> None:
    """Whatever comes between, good rows before it are read, and each line is a row, a malformed line, or blank."""
    monkeypatch.setattr(reader, "PIECE", piece)
    path = tmp_path / "t.csv"
    path.write_bytes(b"\n".join([b"x,y", b"1,2", *garbage]))
    rows, malformed = read_back(path, 2)
    assert rows[2] == ["1", "2"]
    assert not rows.keys() & malformed.keys()
    assert all("\0" not in cell for cells in rows.values() for cell in cells)


def test_reader_refuses_an_endless_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PIECE", 1000)
    monkeypatch.setattr(reader, "LONGEST_LINE", 5000)
    path = tmp_path / "t.csv"
    path.write_bytes(b"x,y\n" + b"1,2\n" + b"a" * 10_000)
    with pytest.raises(Fault, match="line 3 is longer"):
        list(reader.pieces(path, 2))
