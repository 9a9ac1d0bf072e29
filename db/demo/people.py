"""Made-up people: names, contacts, forms of address, consents."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TypeVar

from db.demo.catalogue import AREAS
from db.demo.names import COMMUNITIES, Community, Name
from db.demo.rows import DAY, Batch, Calendar, Ids

#: One in so many customers has an invalid time zone, as in real data.
INVALID_ZONE_EVERY = 500
INVALID_ZONES = ("Asia/Daka", "BST+6:00", "Dhaka", "GMT +06", "বাংলাদেশ")
OTHER_ZONES = ("Asia/Dubai", "Asia/Kolkata", "Asia/Kuala_Lumpur", "Europe/London")
QUIET_HOURS = (("13:00", "15:30"), ("22:00", "09:30"), ("20:00", "10:00"), ("08:00", "11:00"), ("17:30", "21:30"))
MAIL_DOMAINS = ("example.com", "example.com", "example.net", "example.org")
OPERATORS = "3456789"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    joined: int  # minute
    is_woman: bool
    area: str
    booking_hour: int  # local hour of most bookings and app events


def make_person(
    random: Random, role: str, number: int, joined: int, calendar: Calendar, ids: Ids, batch: Batch
) -> Person:
    """Adds one person with contacts and consents."""
    community = _community(random.random())
    is_woman = random.random() < (0.58 if role == "customer" else 0.45)
    first = _pick(random, community.women if is_woman else community.men)
    last = _pick(random, community.family_of_women if is_woman else community.family_of_men)
    user_id = ids.next(random.getrandbits(62))
    language = "en" if random.random() < (0.07 if role == "customer" else 0.0) else "bn"
    is_customer = role == "customer"
    name = None if is_customer and random.random() < 0.06 else _spelt(first, last, language)
    kin = community.kin_of_women if is_woman else community.kin_of_men
    quiet = _pick(random, QUIET_HOURS) if random.random() < 0.05 else (None, None)
    channels = _consents(random, role, user_id, joined, calendar, batch)
    batch.add(
        "account.person",
        user_id,
        f"demo-{role}-{number:06}",
        role,
        name,
        language,
        kin if random.random() < 0.62 else "none",
        community.greeting if random.random() < community.greeting_share else "shubheccha",
        _time_zone(random, number) if is_customer else None,
        *quiet,
        _pick(random, tuple(channels)) if channels and random.random() < 0.08 else None,
        calendar.text(joined),
        calendar.text(joined + int(random.random() * (calendar.end - joined))) if random.random() < 0.006 else None,
    )
    _contacts(random, role, number, user_id, f"{first[1]}.{last[1]}", joined, calendar, batch)
    return Person(user_id, joined, is_woman, _pick(random, AREAS), _booking_hour(random))


def _pick(random: Random, choices: tuple[T, ...]) -> T:
    return choices[int(random.random() * len(choices))]


def _community(draw: float) -> Community:
    for community in COMMUNITIES:
        draw -= community.share
        if draw < 0:
            return community
    return COMMUNITIES[0]


def _spelt(first: Name, last: Name, language: str) -> str:
    spelling = 1 if language == "en" else 0
    return f"{first[spelling]} {last[spelling]}"


def _time_zone(random: Random, number: int) -> str | None:
    if number % INVALID_ZONE_EVERY == 7:
        return _pick(random, INVALID_ZONES)
    draw = random.random()
    return "Asia/Dhaka" if draw < 0.3 else _pick(random, OTHER_ZONES) if draw < 0.308 else None


def _booking_hour(random: Random) -> int:
    draw = random.random()
    if draw < 0.5:
        return 18 + int(random.random() * 3)
    if draw < 0.72:
        return 12 + int(random.random() * 3)
    if draw < 0.9:
        return 9 + int(random.random() * 2)
    return 8 + int(random.random() * 15)


def _contacts(
    random: Random, role: str, number: int, user_id: str, name: str, joined: int, calendar: Calendar, batch: Batch
) -> None:
    """Adds contacts: e-mail addresses in domains reserved for examples, well-formed phone numbers in sequence."""
    since = calendar.text(joined)
    if random.random() < 0.95:
        is_bad = random.random() < 0.01
        address = f"{name.lower()}{number}@{_pick(random, MAIL_DOMAINS)}"
        bounced = calendar.text(calendar.end - int(random.random() * 60 * DAY) - 1) if is_bad else None
        batch.add("account.contact", user_id, "email", address, since, bounced, "refused" if is_bad else None)
    if random.random() < 0.92:
        series = 10_000_000 if role == "customer" else 50_000_000
        phone = f"+8801{OPERATORS[number % 7]}{series + number:08}"
        batch.add("account.contact", user_id, "sms", phone, since, None, None)
        if random.random() < 0.3:
            batch.add("account.contact", user_id, "whatsapp", phone, since, None, None)


#: Channel, purpose, and the share of people who opt in.
OPT_INS = {
    "customer": (
        ("email", "outreach", 0.80), ("in_app", "outreach", 0.45),
        ("sms", "outreach", 0.15), ("whatsapp", "outreach", 0.06),
    ),
    "worker": (("email", "coaching", 0.80), ("in_app", "coaching", 0.85), ("in_app", "voice", 0.35)),
}  # fmt: skip


def _consents(random: Random, role: str, user_id: str, joined: int, calendar: Calendar, batch: Batch) -> list[str]:
    """Adds consents, some withdrawn, some given again later; returns the channels with consent at the end."""
    in_force = []
    for channel, purpose, share in OPT_INS[role]:
        if random.random() >= share:
            continue
        given = joined if random.random() < 0.8 else min(joined + int(random.random() * 40 * DAY), calendar.end - 1)
        while given < calendar.end:
            left = calendar.end - given
            is_withdrawn = random.random() < 0.09
            until = given + 2 + int(random.random() * left) if is_withdrawn else None
            if until is not None and until >= calendar.end:
                until = None
            batch.add(
                "account.consent",
                user_id,
                channel,
                purpose,
                f'["{calendar.text(given)}",{"" if until is None else f"{chr(34)}{calendar.text(until)}{chr(34)}"})',
                "signup" if given == joined else "settings",
                "1",
                user_id,
                None if until is None else "settings",
                None if until is None else user_id,
            )
            if until is None:
                in_force.append(channel)
                break
            if random.random() >= 0.2:
                break
            given = until + 1 + int(random.random() * 30 * DAY)
    return in_force
