"""Suppressions of an earlier system, and the report's file in a spreadsheet."""

from __future__ import annotations

import csv

from db.connection import Connection
from tests.db.load.loading import ALL, C, Loader, content, told

HEADER = "channel,address,suppressed_at,reason"


def suppressed(db: Connection) -> list[tuple[object, ...]]:
    return db.execute(
        """
        select c.channel, c.address, c.suppressed_reason, to_char(c.suppressed_at at time zone 'Asia/Dhaka', 'YYYY-MM-DD')
        from account.contact c
        where c.suppressed_at is not null
        order by 1, 2
        """
    ).fetchall()


def test_a_suppression_reaches_everybody_with_the_address(load: Loader, db: Connection) -> None:
    people = f"{C}email,phone,whatsapp\nk,2025-01-01,K@Example.com,,\nl,2025-01-01,,01812345678,01812345678\n"
    load(customers=people)
    rows = "email,k@example.COM,2026-05-01,complaint\nsms,+880 1812-345678,2026-06-01,hard_bounce\n"
    report = load(suppressions=f"{HEADER}\n{rows}")
    assert (report.rejected, report.counts[0].stored) == (0, 2)
    assert suppressed(db) == [
        ("email", "K@Example.com", "complaint", "2026-05-01"),
        ("sms", "+8801812345678", "hard_bounce", "2026-06-01"),
        ("whatsapp", "+8801812345678", "hard_bounce", "2026-06-01"),
    ]
    before = content(db)
    again = load(suppressions=f"{HEADER}\nemail,k@example.com,2026-07-01,refused\n{rows}")
    assert (again.rejected, again.counts[0].already_there) == (0, 3)
    assert content(db) == before


def test_a_suppression_with_a_bad_cell_still_counts(load: Loader, db: Connection) -> None:
    load(**ALL)
    report = load(suppressions=f"{HEADER}\nsms,01712345678,lately,angry\n")
    assert [(n.field, n.outcome) for n in report.notices] == [("reason", "cell"), ("suppressed_at", "cell")]
    assert [row[:3] for row in suppressed(db)] == [("sms", "+8801712345678", "refused")]


def test_bad_suppressions_are_told(load: Loader, db: Connection) -> None:
    load(**ALL)
    report = load(
        suppressions=f"{HEADER}\nfax,01712345678,,\nemail,rahima,,\nsms,1234,,\nsms,01912345678,,\nemail,,,\n"
    )
    assert told(report) == [
        ("suppressions", 2, "channel", "is not one of email, sms, whatsapp"),
        ("suppressions", 3, "address", "is not an e-mail address"),
        ("suppressions", 4, "address", "is not a Bangladeshi mobile number"),
        ("suppressions", 5, "address", "is the address of nobody here"),
        ("suppressions", 6, "address", "is missing"),
    ]
    assert {reject.value for reject in report.rejects} == {"fax", None}
    assert suppressed(db) == []


def test_formulas_are_neutralised_in_the_file_of_rejects(load: Loader) -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "fr"]
    load(customers=f"{C}language\n" + "".join(f"k{number},2025-01-01,{cell}\n" for number, cell in enumerate(cells)))
    with load.rejects.open(newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "fr"]
