"""The CSV files that can be loaded, in the order of their references; db/load/csv.md documents the columns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file: its columns, and the name of the SQL that checks and stores it (name.check.sql, name.store.sql)."""

    name: str
    definition: str
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.required + self.optional


PERSON = (
    "full_name",
    "language",
    "address_form",
    "greeting",
    "time_zone",
    "quiet_from",
    "quiet_until",
    "preferred_channel",
    "email",
    "phone",
    "whatsapp",
)

FILES = (
    CsvFile(
        "services",
        "services",
        ("code", "category", "name_bn", "name_en", "price_poisha", "duration_minutes"),
        ("active",),
    ),
    CsvFile("add_ons", "add_ons", ("code", "service_code", "name_bn", "name_en", "price_poisha"), ("active",)),
    CsvFile("customers", "people", ("external_id", "created_at"), PERSON),
    CsvFile("workers", "people", ("external_id", "created_at", "zone"), (*PERSON, "categories", "started_at")),
    CsvFile(
        "bookings",
        "bookings",
        ("external_id", "customer_id", "service_code", "status", "created_at", "scheduled_at"),
        (
            "worker_id",
            "ends_at",
            "confirmed_at",
            "arrived_at",
            "started_at",
            "completed_at",
            "cancelled_at",
            "cancelled_by",
            "cancel_reason",
            "price_poisha",
            "add_on_codes",
        ),
    ),
    CsvFile("reviews", "reviews", ("booking_id", "rating", "created_at"), ("body",)),
    CsvFile(
        "consents",
        "consents",
        ("user_id", "channel", "purpose", "granted_at", "source", "wording_version"),
        ("withdrawn_at", "actor", "withdrawn_source", "withdrawn_actor"),
    ),
    CsvFile("suppressions", "suppressions", ("channel", "address"), ("suppressed_at", "reason")),
    CsvFile("app_events", "app_events", ("external_id", "user_id", "kind", "happened_at"), ("properties",)),
)

#: Columns with phone numbers by the SQL of their files.
PHONES = {"people": ("phone", "whatsapp"), "suppressions": ("address",)}

#: Columns with personal data, whose values are never repeated in a report.
PERSONAL = ("full_name", "email", "phone", "whatsapp", "address", "body", "properties")


def all_columns(file: CsvFile) -> tuple[str, ...]:
    """The columns that the SQL of a file reads: its own, and those of files with the same SQL, which are then empty."""
    return tuple(
        dict.fromkeys(column for each in FILES if each.definition == file.definition for column in each.columns)
    )
