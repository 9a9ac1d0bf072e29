"""Loading CSV files: all valid rows, none twice, also into a database with rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from db.connection import Connection
from db.fault import Fault
from db.load.loader import load_folder
from db.settings import ROOT
from tests import marketplace
from tests.db.load.loading import (
    ALL,
    CONSENTS,
    CUSTOMERS,
    REVIEWS,
    SERVICES,
    B,
    C,
    Loader,
    N,
    content,
    sizes,
    told,
)
from tests.outbox import value


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
    # Instants without an offset are Bangladeshi; empty cells are derived from the others.
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
    # Keyboards send য় as one code point; normal form C decomposes it.
    load(customers=f"{C}full_name\nk,2025-01-01,  জ\u09df   রায়  \nl,2025-01-01,   \n")
    assert db.execute("select full_name from account.person order by external_id").fetchall() == [
        ("জ\u09af\u09bc রা\u09af\u09bc",),
        (None,),
    ]


def test_strict_loads_nothing_unless_all_is_good(load: Loader, db: Connection) -> None:
    before = content(db)
    report = load.strictly(**ALL | {"reviews": REVIEWS.replace(",5,", ",9,")})
    assert not report.stored
    assert told(report) == [("reviews", 2, "rating", "is not a whole number from 1 to 5")]
    assert content(db) == before
    assert value(db, "select count(*) from pg_class where relname like 'app_event_2026%%'") == 0
    assert load.strictly(**ALL).stored


def test_first_line_with_an_id_counts(load: Loader, db: Connection) -> None:
    report = load(customers=f"{C}full_name\nk,2025-01-01,First\nl,2025-01-01,Other\nk,2025-01-01,Second\n")
    assert told(report) == [("customers", 4, "external_id", "appears on an earlier line")]
    assert value(db, "select full_name from account.person where external_id = 'k'") == "First"


def test_a_withdrawal_in_the_file_reaches_a_consent_that_is_there(load: Loader, db: Connection) -> None:
    load(**ALL)
    report = load(consents=f"{N}\nc1,email,outreach,2025-03-01,settings,2,2026-02-01\n")
    assert (report.rejected, report.counts[0].already_there) == (0, 1)
    assert report.remarks == ["1 consents in force here are withdrawn in consents.csv: withdrawn here too"]
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 0
    # A file cannot restore a withdrawn consent.
    assert load(**{"consents": CONSENTS}).rejected == 0
    assert value(db, "select count(*) from account.consent where upper_inf(valid_at)") == 0


def test_unknown_time_zone_is_kept_and_remarked(load: Loader, db: Connection) -> None:
    report = load(customers=f"{C}time_zone\nk,2025-01-01,Asia/Daka\n")
    assert report.rejected == 0
    assert "people with a time zone that this server does not know: 1" in report.remarks[0]
    assert value(db, "select time_zone from account.person") == "Asia/Daka"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a header row"),
        (b"external_id,created_at,fullname\n", "unknown column fullname"),
        (b"external_id;created_at\n", "columns are separated by commas"),
        (b"external_id,full_name\n", "column created_at is missing"),
        (b"external_id,created_at,created_at\n", "column created_at appears twice"),
        ("external_id,created_at".encode("utf-16"), "not UTF-8"),
        (b"external_id,created_at\rk,2025-01-01\rl,2025-01-01\r", "the lines end with CR alone"),
        (b"external_id,created_at," + b"x" * 131_073 + b"\n", "header row is longer than 131,072"),
        (b'external_id,"created_at\n', "a quote in the header row"),
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
    with pytest.raises(Fault, match="is not a folder"):
        load_folder(load.url, load.folder / "nowhere")


def test_a_second_load_waits_for_the_first(load: Loader, connect: Callable[..., Connection]) -> None:
    """Concurrent loads do not race for the same ids: the lock is taken before any look-up."""
    other = connect(autocommit=False)
    other.execute("select pg_advisory_xact_lock(hashtextextended('db.load', 0))")
    (load.folder / "services.csv").write_text(SERVICES)
    program = "import pathlib, sys; from db.load.loader import load_folder; load_folder(sys.argv[1], pathlib.Path(sys.argv[2]))"
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
    """Rows made by other means are found by their ids."""
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
    assert "services.csv:3: duration_minutes is not a whole number of minutes from 5 to 1440 (9000)" in strict.stdout
    assert "nothing was loaded" in strict.stdout
    assert sizes(db)["market.service"] == 0
    lenient = command(load.url, str(load.folder), "--rejects", str(rejects))
    assert lenient.returncode == 0
    assert sizes(db)["market.service"] == 1
    wrong = command(load.url, str(load.folder / "nowhere"))
    assert (wrong.returncode, wrong.stdout.strip()) == (2, "")
    assert wrong.stderr == f"shokti: {load.folder / 'nowhere'} is not a folder\n"
