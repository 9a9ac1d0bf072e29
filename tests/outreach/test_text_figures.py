"""Days, times, money and digits as people here write them."""

import pytest

from db.connection import Connection
from tests.outreach.judging import one


@pytest.mark.parametrize(
    ("at", "zone", "language", "said"),
    [
        ("2026-11-23T17:59:59Z", "Asia/Dhaka", "bn", "সোমবার, ২৩ নভেম্বর"),
        ("2026-11-23T18:00:00Z", "Asia/Dhaka", "bn", "মঙ্গলবার, ২৪ নভেম্বর"),
        ("2026-11-23T18:00:00Z", "UTC", "bn", "সোমবার, ২৩ নভেম্বর"),
        ("2026-11-23T04:00:00Z", "Asia/Dhaka", "en", "Monday 23 November"),
        ("2027-01-01T00:00:00+06:00", "Asia/Dhaka", "bn", "শুক্রবার, ১ জানুয়ারি"),
        ("2028-02-29T12:00:00+06:00", "Asia/Dhaka", "bn", "মঙ্গলবার, ২৯ ফেব্রুয়ারি"),
        ("2026-11-23T04:00:00Z", "Asia/Dhaka", None, "সোমবার, ২৩ নভেম্বর"),
        (None, "Asia/Dhaka", "bn", None),
    ],
)
def test_local_date(
    template_connection: Connection, at: str | None, zone: str, language: str | None, said: str | None
) -> None:
    assert one(template_connection, "text.local_date(%s::timestamptz, %s, %s)", at, zone, language) == said


def test_a_week_and_a_year_have_all_their_names(template_connection: Connection) -> None:
    days = template_connection.execute(
        "select distinct split_part(text.local_date(t, 'Asia/Dhaka', 'bn'), ',', 1)"
        " from generate_series('2026-01-01'::timestamptz, '2026-12-31', '1 day') t"
    ).fetchall()
    months = template_connection.execute(
        "select distinct split_part(text.local_date(t, 'Asia/Dhaka', 'bn'), ' ', 3)"
        " from generate_series('2026-01-01'::timestamptz, '2026-12-31', '1 day') t"
    ).fetchall()
    assert {name for (name,) in days} == {
        "শনিবার", "রবিবার", "সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার",
    }  # fmt: skip
    assert {name for (name,) in months} == {
        "জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন",
        "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর", "নভেম্বর", "ডিসেম্বর",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "bengali", "english"),
    [
        ("00:00", "রাত ১২টা", "12:00 am"),
        ("04:30", "ভোর সাড়ে ৪টা", "4:30 am"),
        ("09:00", "সকাল ৯টা", "9:00 am"),
        ("09:15", "সকাল সোয়া ৯টা", "9:15 am"),
        ("09:30", "সকাল সাড়ে ৯টা", "9:30 am"),
        ("11:45", "সকাল পৌনে ১২টা", "11:45 am"),
        ("12:00", "দুপুর ১২টা", "12:00 pm"),
        ("12:45", "দুপুর পৌনে ১টা", "12:45 pm"),
        ("13:30", "দুপুর দেড়টা", "1:30 pm"),
        ("14:30", "দুপুর আড়াইটা", "2:30 pm"),
        ("15:05", "বিকেল ৩টা ৫ মিনিট", "3:05 pm"),
        ("18:20", "সন্ধ্যা ৬টা ২০ মিনিট", "6:20 pm"),
        ("20:00", "রাত ৮টা", "8:00 pm"),
    ],
)
def test_local_time(template_connection: Connection, clock: str, bengali: str, english: str) -> None:
    at = f"2026-11-23 {clock}+06"
    assert one(template_connection, "text.local_time(%s::timestamptz, 'Asia/Dhaka', 'bn')", at) == bengali
    assert one(template_connection, "text.local_time(%s::timestamptz, 'Asia/Dhaka', 'en')", at) == english


@pytest.mark.parametrize(
    ("poisha", "bengali", "english"),
    [
        (0, "৳০", "৳0"),
        (99, "৳০.৯৯", "৳0.99"),
        (100, "৳১", "৳1"),
        (1250, "৳১২.৫০", "৳12.50"),
        (99900, "৳৯৯৯", "৳999"),
        (100000, "৳১,০০০", "৳1,000"),
        (12500000, "৳১,২৫,০০০", "৳1,25,000"),
        (1234567800, "৳১,২৩,৪৫,৬৭৮", "৳1,23,45,678"),
        (-12550, "-৳১২৫.৫০", "-৳125.50"),
        (-(2**63), "-৳৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫৮.০৮", "-৳92,23,37,20,36,85,47,758.08"),
        (None, None, None),
    ],
)
def test_taka(template_connection: Connection, poisha: int | None, bengali: str | None, english: str | None) -> None:
    assert one(template_connection, "text.taka(%s::bigint, 'bn')", poisha) == bengali
    assert one(template_connection, "text.taka(%s::bigint, 'en')", poisha) == english


def test_digits(template_connection: Connection) -> None:
    assert one(template_connection, "text.bengali_digits(%s)", "10টি, ৩ ও 2.5") == "১০টি, ৩ ও ২.৫"
