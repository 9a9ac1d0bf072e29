"""Builders of minimal valid rows, for tests that need people, services and bookings.

Each takes the connection first, gives every column a sensible default, lets any column be set by keyword, and returns
the id of the new row. Instants may be `datetime` or ISO text; text without an offset is read in Asia/Dhaka.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import Connection, sql
from psycopg.rows import tuple_row
from psycopg.types.range import TimestamptzRange

DHAKA = ZoneInfo("Asia/Dhaka")

#: When people, consents and workers began unless told otherwise: before anything a test does.
BEGINNING = datetime(2025, 1, 1, 9, 0, tzinfo=DHAKA)

#: Numbers that make external ids, codes and addresses unique within a test session.
_serial = count(1)


def at(moment: datetime | date | str) -> datetime:
    """The instant meant: text is ISO 8601; a day alone is ten in the morning; without an offset it is Dhaka time."""
    if isinstance(moment, str):
        moment = date.fromisoformat(moment) if len(moment) == 10 else datetime.fromisoformat(moment)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(10))
    return moment if moment.tzinfo else moment.replace(tzinfo=DHAKA)


def person(
    db: Connection[Any],
    *,
    email: str | bool | None = True,
    phone: str | bool | None = None,
    consents: Iterable[str] = (),
    **columns: Any,
) -> UUID:
    """A customer (or `role="worker"`/`"admin"`): by default with an e-mail address and without any consent.

    `email`/`phone`: True makes a unique one, None none. `consents`: outreach opt-ins by channel.
    """
    number = next(_serial)
    created_at = at(columns.pop("created_at", BEGINNING))
    row: dict[str, Any] = {
        "external_id": f"person-{number}",
        "role": "customer",
        "full_name": "রহিমা খাতুন",
        "created_at": created_at,
        "disabled_at": None,
    } | columns
    user_id = _insert(db, "account.person", row, "user_id")
    if email:
        contact(db, user_id, "email", email if isinstance(email, str) else f"person{number}@example.com")
    if phone:
        contact(db, user_id, "sms", phone if isinstance(phone, str) else f"+8801700{number:06d}")
    for channel in consents:
        consent(db, user_id, channel, since=created_at)
    return user_id


def contact(db: Connection[Any], user_id: UUID, channel: str, address: str, **columns: Any) -> None:
    """An address of a person on a channel."""
    _insert(db, "account.contact", {"user_id": user_id, "channel": channel, "address": address} | columns, "user_id")


def consent(
    db: Connection[Any],
    user_id: UUID,
    channel: str = "email",
    purpose: str = "outreach",
    *,
    since: datetime | date | str = BEGINNING,
    until: datetime | date | str | None = None,
) -> None:
    """An opt-in from `since`, withdrawn at `until` if given."""
    row: dict[str, Any] = {
        "user_id": user_id,
        "channel": channel,
        "purpose": purpose,
        "valid_at": TimestamptzRange(at(since), None if until is None else at(until), "[)"),
        "source": "test",
        "wording_version": "1",
        "actor": str(user_id),
        "withdrawn_source": None if until is None else "test",
        "withdrawn_actor": None if until is None else str(user_id),
    }
    _insert(db, "account.consent", row, "user_id")


def service(db: Connection[Any], **columns: Any) -> UUID:
    """A bookable service: home cleaning, two hours, 1,500 taka, unless told otherwise."""
    row: dict[str, Any] = {
        "code": f"service-{next(_serial)}",
        "category": "cleaning",
        "name_bn": "বাসা পরিষ্কার",
        "name_en": "Home cleaning",
        "price_poisha": 150_000,
        "duration_minutes": 120,
    } | columns
    return _insert(db, "market.service", row, "service_id")


def add_on(db: Connection[Any], service_id: UUID, **columns: Any) -> UUID:
    """An extra of a service: the fridge cleaned, 300 taka, unless told otherwise."""
    row: dict[str, Any] = {
        "service_id": service_id,
        "code": f"add-on-{next(_serial)}",
        "name_bn": "ফ্রিজ পরিষ্কার",
        "name_en": "Fridge cleaning",
        "price_poisha": 30_000,
    } | columns
    return _insert(db, "market.add_on", row, "add_on_id")


def worker(
    db: Connection[Any], *, categories: Iterable[str] = ("cleaning",), zone: str = "uttara", **columns: Any
) -> UUID:
    """A person with role worker and what they do."""
    user_id = person(db, role="worker", **({"full_name": "সালমা আক্তার"} | columns))
    started_at = at(columns.get("created_at", BEGINNING))
    row = {"user_id": user_id, "categories": list(categories), "zone": zone, "started_at": started_at}
    _insert(db, "market.worker", row, "user_id")
    return user_id


def booking(
    db: Connection[Any],
    customer_id: UUID,
    service_id: UUID,
    *,
    scheduled_at: datetime | date | str,
    status: str = "completed",
    worker_id: UUID | None = None,
    add_ons: Mapping[UUID, int] | None = None,
    **columns: Any,
) -> UUID:
    """A booking in any status, its other instants following from `scheduled_at`: booked the day before, done in 2 h.

    `add_ons`: add-on id → poisha. Without a worker its source is `import`, the one source that may lack one.
    """
    scheduled_at = at(scheduled_at)
    ends_at = at(columns.pop("ends_at", scheduled_at + timedelta(hours=2)))
    completed_at = columns.pop("completed_at", None) or (ends_at if status == "completed" else None)
    is_under_way = status in ("in_progress", "completed")
    row: dict[str, Any] = {
        "external_id": f"booking-{next(_serial)}",
        "customer_id": customer_id,
        "worker_id": worker_id,
        "service_id": service_id,
        "status": status,
        "source": "app" if worker_id or status == "pending" else "import",
        "created_at": scheduled_at - timedelta(days=1),
        "scheduled_at": scheduled_at,
        "ends_at": ends_at,
        "confirmed_at": None if status == "pending" else scheduled_at - timedelta(hours=20),
        "arrived_at": scheduled_at if is_under_way else None,
        "started_at": scheduled_at if is_under_way else None,
        "completed_at": None if completed_at is None else at(completed_at),
        "cancelled_at": scheduled_at - timedelta(hours=2) if status == "cancelled" else None,
        "cancelled_by": "customer" if status == "cancelled" else None,
        "price_poisha": 150_000,
    } | columns
    booking_id = _insert(db, "market.booking", row, "booking_id")
    for add_on_id, price_poisha in (add_ons or {}).items():
        extra = {"booking_id": booking_id, "add_on_id": add_on_id, "price_poisha": price_poisha}
        _insert(db, "market.booking_add_on", extra, "booking_id")
    return booking_id


def visits(
    db: Connection[Any],
    customer_id: UUID,
    service_id: UUID,
    days: Iterable[datetime | date | str],
    **columns: Any,
) -> list[UUID]:
    """Completed bookings, one for each day; a day without a time is ten in the morning in Dhaka."""
    return [booking(db, customer_id, service_id, scheduled_at=day, **columns) for day in days]


def rhythm(
    db: Connection[Any],
    customer_id: UUID,
    service_id: UUID,
    *,
    last: datetime | date | str,
    every: int = 28,
    times: int = 8,
    **columns: Any,
) -> list[UUID]:
    """`times` completed bookings, `every` so many days, the latest on `last`: somebody whose next visit can be told."""
    days = [at(last) - timedelta(days=every * back) for back in reversed(range(times))]
    return visits(db, customer_id, service_id, days, **columns)


def review(db: Connection[Any], booking_id: UUID, *, rating: int = 5, **columns: Any) -> None:
    """The customer's word on a booking."""
    row: dict[str, Any] = {"booking_id": booking_id, "rating": rating, "body": None, "created_at": BEGINNING} | columns
    _insert(db, "market.review", row | {"created_at": at(row["created_at"])}, "booking_id")


def event(
    db: Connection[Any], user_id: UUID, happened_at: datetime | date | str, *, kind: str = "app_open", **columns: Any
) -> UUID:
    """Something a person did in the app."""
    row = {"user_id": user_id, "kind": kind, "happened_at": at(happened_at)} | columns
    return _insert(db, "market.app_event", row, "event_id")


def campaign(db: Connection[Any], **columns: Any) -> UUID:
    """A running reminder campaign by e-mail, open to everybody and without a holdout unless told otherwise."""
    row: dict[str, Any] = {
        "name": f"campaign-{next(_serial)}",
        "status": "running",
        "channels": ["email"],
        "canary_share": 1.0,
        "holdout_share": 0.0,
        "created_at": BEGINNING,
        "created_by": "test",
    } | columns
    if row["status"] == "scheduled":
        row.setdefault("starts_at", BEGINNING)
    return _insert(db, "smartengage.campaign", row, "campaign_id")


def _insert(db: Connection[Any], table: str, row: Mapping[str, Any], key: str) -> UUID:
    """Insert one row and return its key, whatever row factory the connection has."""
    statement = sql.SQL("insert into {} ({}) values ({}) returning {}").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
        sql.Identifier(key),
    )
    with db.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(statement, list(row.values()))
        inserted = cursor.fetchone()
    assert inserted is not None
    new_id: UUID = inserted[0]
    return new_id
