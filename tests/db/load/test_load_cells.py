"""Optional cells, instants and phones of CSV files: read as meant, or lost with a reason; their row is stored."""

from __future__ import annotations

import pytest

from db.connection import Connection
from db.load.loader import Report
from tests.db.load.loading import ALL, B, C, Loader, content, told
from tests.db.load.test_load_bad_rows import B_ROW, E_, S
from tests.outbox import value


def lost(report: Report) -> list[tuple[str, int, str | None, str]]:
    return [(n.file, n.line, n.field, n.reason) for n in report.notices if n.outcome == "cell"]


NOT_A_TIME = "is not a time such as 2026-11-23T18:05:00+06:00"
IN_LETTERS = "names a time zone in letters, which has several meanings; write an offset such as +06:00"
NOT_MOBILE = "is not a Bangladeshi mobile number"
NOT_EMAIL = "is not an e-mail address"
P = "k,2025-01-01,"

# (file, header, row, field, reason): each row is alone in its file.
LOST_CELLS = [
    ("services", S, "k,cleaning,ক,K,1,60,perhaps", "active", "is neither true nor false"),
    ("customers", C + "email", P + "rahima@", "email", NOT_EMAIL),
    ("customers", C + "email", P + '"a@b.com, c@d.com"', "email", NOT_EMAIL),
    ("customers", C + "phone", P + "01212345678", "phone", NOT_MOBILE),
    ("customers", C + "phone", P + "+14155550100", "phone", NOT_MOBILE),
    ("customers", C + "phone", P + "8801712345678.0", "phone", NOT_MOBILE),
    ("customers", C + "phone", P + "".join(f"{n}/" for n in range(20_000)), "phone", NOT_MOBILE),
    ("customers", C + "phone", P + "8.80171E+12", "phone", NOT_MOBILE),
    ("customers", C + "phone", P + "01712345678 or 01812345678", "phone", NOT_MOBILE),
    ("customers", C + "whatsapp", P + "0171234567", "whatsapp", NOT_MOBILE),
    ("customers", C + "language", P + "fr", "language", "is neither bn nor en"),
    ("customers", C + "address_form", P + "sir", "address_form", "is not one of none, bhai, apa, dada, didi"),
    ("customers", C + "greeting", P + "hi", "greeting", "is not one of shubheccha, assalamu_alaikum, nomoskar"),
    (
        "customers",
        C + "preferred_channel",
        P + "fax",
        "preferred_channel",
        "is not one of email, sms, whatsapp, push, in_app",
    ),
    ("customers", C + "quiet_from", P + "22:00", "quiet_until", "quiet hours need both quiet_from and quiet_until"),
    ("customers", C + "quiet_from,quiet_until", P + "22:00,22:00", "quiet_until", "is the same as quiet_from"),
    ("customers", C + "full_name", P + "\x1b[31mRed", "full_name", "holds control characters"),
    ("customers", C + "full_name", P + "x" * 201, "full_name", "is longer than 200 characters"),
    ("workers", C + "zone,started_at", P + "uttara,soon", "started_at", NOT_A_TIME),
    ("bookings", B + "ends_at", B_ROW.format("completed") + "2026-01-02T10:00", "ends_at", "is not after scheduled_at"),
    ("bookings", B + "arrived_at", B_ROW.format("completed") + "on time", "arrived_at", NOT_A_TIME),
    ("bookings", B + "completed_at", B_ROW.format("completed") + "noon", "completed_at", NOT_A_TIME),
    (
        "bookings",
        B + "price_poisha",
        B_ROW.format("completed") + "free",
        "price_poisha",
        "is not a whole number of poisha",
    ),
    (
        "reviews",
        "booking_id,rating,created_at,body",
        "b1,5,2026-01-03," + "x" * 5001,
        "body",
        "is longer than 5000 characters",
    ),
    ("app_events", E_, "e9,c1,app_open,2026-01-01,[1]", "properties", "is not a JSON object"),
    ("app_events", E_, "e9,c1,app_open,2026-01-01,{", "properties", "is not a JSON object"),
]


def test_a_bad_optional_cell_costs_only_itself(load: Loader, db: Connection) -> None:
    load(**ALL | {"reviews": "booking_id,rating,created_at\n"})
    for number, (file, header, row, field, reason) in enumerate(LOST_CELLS):
        key = row.split(",", 1)[0]
        text = row if key == "b1" else f"{key}-{number},{row.split(',', 1)[1]}"
        before = content(db)
        # Strictly, the cell stops the load.
        strict = load.strictly(**{file: f"{header}\n{text}\n"})
        assert (strict.stored, content(db) == before) == (False, True), row
        report = load(**{file: f"{header}\n{text}\n"})
        assert (report.rejected, report.counts[0].stored) == (0, 1), row
        assert lost(report) == [(file, 2, field, reason)], row
        assert "cell" in load.rejects.read_text()


def test_a_lost_cell_is_an_empty_one(load: Loader, db: Connection) -> None:
    load(**ALL)
    columns = "email,phone,language,quiet_from,quiet_until,preferred_channel,full_name"
    load(
        customers=f"{C}{columns}\nk,2025-01-01,k@example.com,8.8E+12,fr,22:00,late,fax,Rahim\n",
        bookings=f"{B}ends_at,price_poisha,completed_at\n{B_ROW.format('completed')}2025-01-02,dear,noon\n",
    )
    assert db.execute(
        "select language, quiet_from, quiet_until, preferred_channel, full_name from account.person where external_id = 'k'"
    ).fetchone() == ("bn", None, None, None, "Rahim")
    assert value(db, "select count(*) from account.contact where address = 'k@example.com'") == 1
    assert db.execute(
        """
        select ends_at - scheduled_at = '2 hours', completed_at = ends_at, price_poisha
        from market.booking
        where external_id = 'b9'
        """
    ).fetchone() == (True, True, 150_000)


def test_what_refers_to_a_person_with_a_lost_cell_is_stored(load: Loader) -> None:
    report = load(**ALL | {"customers": ALL["customers"].replace("01712345678", "8.80171E+12")})
    assert (report.rejected, lost(report)) == (0, [("customers", 2, "phone", NOT_MOBILE)])


#: Instants as written, and in UTC. All are read as meant.
INSTANTS = {
    "2026-01-02T12:05:00Z": "2026-01-02 12:05:00",
    "2026-01-02 12:05 UTC": "2026-01-02 12:05:00",
    "2026-01-02 12:05:00 GMT": "2026-01-02 12:05:00",
    "2026-01-02 18:05:00 GMT+6": "2026-01-02 12:05:00",
    "2026-01-02 06:05:00 GMT-6": "2026-01-02 12:05:00",
    "2026-01-02 18:05:00 UTC+06:00": "2026-01-02 12:05:00",
    "2026-01-02 17:35:00 UTC +05:30": "2026-01-02 12:05:00",
    "2026-01-02T18:05:00 GMT+0600": "2026-01-02 12:05:00",
    "2026-01-02T18:05:00+0600": "2026-01-02 12:05:00",
    "2026-01-02 18:05:00 +06": "2026-01-02 12:05:00",
    "2026-01-02T18:05:00+06:00[Asia/Dhaka]": "2026-01-02 12:05:00",
    "2026-01-02 17:35:00 Asia/Kolkata": "2026-01-02 12:05:00",
    "2026-01-02 6:05 PM": "2026-01-02 12:05:00",
    "\t2026-01-02 18:05 ": "2026-01-02 12:05:00",
    "২০২৬-০১-০২ ১৮:০৫": "2026-01-02 12:05:00",
    "1999-12-31": "1999-12-30 18:00:00",
    "1971-03-26T00:00+06:00": "1971-03-25 18:00:00",
}


def test_instants_are_read_as_meant(load: Loader, db: Connection) -> None:
    rows = "".join(f"k{number},{instant}\n" for number, instant in enumerate(INSTANTS))
    report = load(customers=f"external_id,created_at\n{rows}")
    assert told(report) == []
    read = [
        str(text)
        for (text,) in db.execute(
            """
            select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
            from account.person
            order by substr(external_id, 2)::integer
            """
        )
    ]
    assert dict(zip(INSTANTS, read, strict=True)) == INSTANTS


@pytest.mark.parametrize(
    ("instant", "reason"),
    [
        ("2026-01-02 18:05:00 BST", IN_LETTERS),
        ("2026-01-02 18:05 IST", IN_LETTERS),
        ("2026-01-02 18:05:00 EST+5", IN_LETTERS),
        ("2026-01-02 BC", NOT_A_TIME),
        ("0001-01-01", NOT_A_TIME),
        ("2126-01-02", NOT_A_TIME),
        ("2026-01-02 18:05:00 Asia/Daka", NOT_A_TIME),
        ("2026-01-02 18:05:00+06:00 BC", NOT_A_TIME),
        ("2026-01-02 19:05 PM PM", NOT_A_TIME),
        ("1/2/2026 18:05", NOT_A_TIME),
        ("20260102", NOT_A_TIME),
        ("46024.75", NOT_A_TIME),
        ("infinity", NOT_A_TIME),
        ("2026-01-02 18:05 +25:00", NOT_A_TIME),
    ],
)
def test_instants_with_several_meanings_are_rejected(load: Loader, instant: str, reason: str) -> None:
    report = load(customers=f"external_id,created_at\nk,{instant}\n")
    assert told(report) == [("customers", 2, "created_at", reason)]


PHONES = (
    "1712345678",
    '"=""01712345678"""',
    "'01712345678",
    "+880 (0) 1712-345678",
    "0088 01712345678",
    "88001712345678",
    "880-01712345678",
    "\u202a+8801712345678\u202c",
    "01712\u00a0345678",
    "01712–345678",
    "01712/345678",
    "০১৭১২৩৪৫৬৭৮",
    "０１７１２３４５６７８",
    "tel:+8801712345678",
)


def test_phones_are_read_as_at_sign_in(load: Loader, db: Connection) -> None:
    rows = "".join(f"k{number},2025-01-01,{phone}\n" for number, phone in enumerate(PHONES))
    report = load(customers=f"{C}whatsapp\n{rows}")
    assert (report.rejected, lost(report)) == (0, [])
    assert db.execute("select address, count(*) from account.contact group by 1").fetchall() == [
        ("+8801712345678", len(PHONES))
    ]
