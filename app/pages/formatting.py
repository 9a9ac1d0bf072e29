"""Digits, money and times on pages. A test compares the dates with text.local_date, which messages use."""

from __future__ import annotations

import re
from datetime import datetime

from db.settings import LOCAL_ZONE

BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")

WEEKDAYS = {
    "bn": ("সোমবার", "মঙ্গলবার", "বুধবার", "বৃহস্পতিবার", "শুক্রবার", "শনিবার", "রবিবার"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "bn": ("জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর",
           "নভেম্বর", "ডিসেম্বর"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip

# Each from this hour until the next entry.
TIMES_OF_DAY = ((0, "রাত"), (4, "ভোর"), (6, "সকাল"), (12, "দুপুর"), (15, "বিকেল"), (18, "সন্ধ্যা"), (20, "রাত"))


def calendar(language: str) -> dict[str, object]:
    """The names above, for the script of a page that shows the chosen time."""
    return {"language": language, "weekdays": WEEKDAYS[language], "months": MONTHS[language], "times": TIMES_OF_DAY}


def digits(value: object, language: str) -> str:
    """A number in the reader's digits."""
    return str(value).translate(BENGALI_DIGITS) if language == "bn" else str(value)


def taka(poisha: int, language: str) -> str:
    """৳১,২৫,০০০: lakh grouping; poisha only if not zero."""
    whole, rest = divmod(abs(poisha), 100)
    amount = re.sub(r"(?<=\d)(?=(\d\d)*\d{3}$)", ",", str(whole)) + (f".{rest:02}" if rest else "")
    return digits(("-" if poisha < 0 else "") + "৳" + amount, language)


def local_date(at: datetime, language: str) -> str:
    """মঙ্গলবার, ২৪ নভেম্বর, or Tuesday 24 November."""
    local = at.astimezone(LOCAL_ZONE)
    weekday, month = WEEKDAYS[language][local.weekday()], MONTHS[language][local.month - 1]
    return f"{weekday}{',' if language == 'bn' else ''} {digits(local.day, language)} {month}"


def local_time(at: datetime, language: str) -> str:
    """সকাল সাড়ে ৯টা, or 9:30 am."""
    local = at.astimezone(LOCAL_ZONE)
    hour, minute = local.hour, local.minute
    clock_hour = (hour + 11) % 12 + 1
    if language == "en":
        return f"{clock_hour}:{minute:02} {'am' if hour < 12 else 'pm'}"
    part = [name for start, name in TIMES_OF_DAY if start <= hour][-1]
    return f"{part} {digits(_clock(clock_hour, minute), language)}"


def _clock(hour: int, minute: int) -> str:
    if minute == 30:
        return {1: "দেড়টা", 2: "আড়াইটা"}.get(hour, f"সাড়ে {hour}টা")
    if minute == 45:
        return f"পৌনে {hour % 12 + 1}টা"
    return {0: f"{hour}টা", 15: f"সোয়া {hour}টা"}.get(minute, f"{hour}টা {minute} মিনিট")


def duration(minutes: int, language: str) -> str:
    """৩ ঘণ্টা, ১ ঘণ্টা ৩০ মিনিট, or 1 hour 30 minutes."""
    hours, rest = divmod(minutes, 60)
    hour_word, minute_word = ("ঘণ্টা", "মিনিট") if language == "bn" else ("hour", "minute")
    parts = [(hours, hour_word), (rest, minute_word)]
    plural = language == "en"
    text = " ".join(f"{n} {word}{'s' if plural and n != 1 else ''}" for n, word in parts if n)
    return digits(text, language)


def input_time(at: datetime) -> str:
    """The value of a `datetime-local` input: 2026-11-24T10:00."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")
