"""Made-up rows as text for COPY."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from psycopg import sql

from db.connection import Connection

NULL = r"\N"
DAY = 24 * 60

#: Tables in the order of their foreign keys, with the columns that are written.
TABLES = {
    "market.service": "service_id code category name_bn name_en price_poisha duration_minutes",
    "market.add_on": "add_on_id service_id code name_bn name_en price_poisha",
    "account.person": "user_id external_id role full_name language address_form greeting time_zone quiet_from"
    " quiet_until preferred_channel created_at disabled_at",
    "market.worker": "user_id categories zone started_at",
    "account.contact": "user_id channel address verified_at suppressed_at suppressed_reason",
    "account.consent": "user_id channel purpose valid_at source wording_version actor withdrawn_source withdrawn_actor",
    "market.booking": "booking_id customer_id worker_id service_id status source created_at scheduled_at ends_at"
    " confirmed_at arrived_at started_at completed_at cancelled_at cancelled_by cancel_reason price_poisha",
    "market.booking_add_on": "booking_id add_on_id price_poisha",
    "market.review": "booking_id rating body created_at",
    "market.app_event": "event_id user_id kind happened_at",
}


@dataclass(slots=True)
class Batch:
    """Lines for each table. Values are made in this folder and hold no tab, line break or backslash."""

    lines: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in TABLES})

    def add(self, table: str, *values: object) -> None:
        self.lines[table].append("\t".join(NULL if value is None else str(value) for value in values))

    def write(self, connection: Connection) -> None:
        for table, lines in self.lines.items():
            if not lines:
                continue
            statement = sql.SQL("copy {} ({}) from stdin").format(
                sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, TABLES[table].split()))
            )
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write("\n".join(lines) + "\n")


class Calendar:
    """Turns minutes since midnight of the first day in Bangladesh (UTC+6 all year round) into texts of instants."""

    #: People join at most BEFORE days before the first day, and book at most AFTER days after the last.
    BEFORE = 800
    AFTER = 60

    def __init__(self, first: date, days: int) -> None:
        self.first = first
        self.days = days
        self.end = days * DAY
        self._dates = [str(first + timedelta(days=day - self.BEFORE)) for day in range(self.BEFORE + days + self.AFTER)]
        self._clock = [f" {minute // 60:02}:{minute % 60:02}:" for minute in range(DAY)]

    def text(self, minute: int, second: int = 0) -> str:
        return f"{self._dates[minute // DAY + self.BEFORE]}{self._clock[minute % DAY]}{second:02}+06"

    def weekday(self, day: int) -> int:
        """0 = Monday."""
        return (self.first.weekday() + day) % 7

    def month(self, day: int) -> int:
        return int(self._dates[day + self.BEFORE][5:7])


class Ids:
    """Reproducible ids in the format of uuidv7(), unique and ascending."""

    VARIANT = 1 << 63

    def __init__(self, milliseconds: int) -> None:
        self._tick = milliseconds * 4096

    def next(self, bits: int) -> str:
        """`bits`: 62 random ones."""
        self._tick += 1
        return f"{self._tick >> 12:012x}7{self._tick & 4095:03x}{self.VARIANT | bits:016x}"
