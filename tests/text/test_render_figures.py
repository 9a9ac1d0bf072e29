"""Days and digits in Bengali and English."""

import pytest

from db.connection import Connection
from tests.text.judging import one


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


def test_all_weekdays_and_months_have_names(template_connection: Connection) -> None:
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


def test_bengali_digits(template_connection: Connection) -> None:
    assert one(template_connection, "text.bengali_digits(%s)", "10টি, ৩ ও 2.5") == "১০টি, ৩ ও ২.৫"
