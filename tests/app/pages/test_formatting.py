"""Times and money on pages."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.pages import formatting


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
def test_local_time(clock: str, bengali: str, english: str) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{clock}+06:00")
    assert formatting.local_time(at, "bn") == bengali
    assert formatting.local_time(at, "en") == english


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
    ],
)
def test_taka(poisha: int, bengali: str, english: str) -> None:
    assert formatting.taka(poisha, "bn") == bengali
    assert formatting.taka(poisha, "en") == english
