"""A small marketplace as CSV files, and a loader for a test's database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from db.connection import Connection
from db.load.loader import Report, load_folder
from tests.outbox import value

SERVICES = """\
code,category,name_bn,name_en,price_poisha,duration_minutes
clean,cleaning,বাসা পরিষ্কার,Home cleaning,150000,120
ac,ac,এসি সার্ভিস,AC service,200000,90
"""
ADD_ONS = """\
code,service_code,name_bn,name_en,price_poisha
fridge,clean,ফ্রিজ পরিষ্কার,Fridge cleaning,30000
oven,clean,ওভেন পরিষ্কার,Oven cleaning,20000
gas,ac,গ্যাস ভরা,Gas refill,90000
"""
CUSTOMERS = """\
external_id,full_name,email,phone,created_at
c1,রহিমা খাতুন,rahima@example.com,01712345678,2025-01-01
c2,John Gomes,john@example.com,,2025-01-01T10:00:00Z
"""
WORKERS = """\
external_id,full_name,created_at,zone,categories
w1,সালমা আক্তার,2025-01-01,uttara,cleaning; ac
"""
BOOKINGS = """\
external_id,customer_id,worker_id,service_code,status,created_at,scheduled_at,completed_at,cancelled_by,add_on_codes
b1,c1,w1,clean,completed,2026-01-01T20:00,2026-01-02T10:00,2026-01-02T12:10,,fridge;oven
b2,c1,,clean,cancelled,2026-02-01,2026-02-02T10:00,,customer,
b3,c2,w1,ac,confirmed,2026-11-01,2026-12-02T10:00,,,
"""
REVIEWS = """\
booking_id,rating,body,created_at
b1,5,"খুব ভালো, সময়মতো এসেছেন",2026-01-03
"""
CONSENTS = """\
user_id,channel,purpose,granted_at,withdrawn_at,source,wording_version
c1,email,outreach,2025-02-01,2025-03-01,signup,1
c1,email,outreach,2025-03-01,,settings,2
"""
APP_EVENTS = """\
external_id,user_id,kind,happened_at,properties
e1,c1,app_open,2026-10-01T21:00,"{""screen"": ""home""}"
e2,c2,app_open,2026-11-01T21:00,
"""
ALL = {
    "services": SERVICES,
    "add_ons": ADD_ONS,
    "customers": CUSTOMERS,
    "workers": WORKERS,
    "bookings": BOOKINGS,
    "reviews": REVIEWS,
    "consents": CONSENTS,
    "app_events": APP_EVENTS,
}
#: The first columns of some files.
C = "external_id,created_at,"
B = "external_id,customer_id,worker_id,service_code,status,created_at,scheduled_at,"
N = "user_id,channel,purpose,granted_at,source,wording_version,withdrawn_at"
TABLES = (
    "account.person",
    "account.contact",
    "account.consent",
    "market.service",
    "market.add_on",
    "market.worker",
    "market.booking",
    "market.booking_add_on",
    "market.review",
    "market.app_event",
)


@dataclass(frozen=True, slots=True)
class Loader:
    url: str
    folder: Path

    def __call__(self, **files: str | bytes) -> Report:
        """Loads these files only."""
        self.write(files)
        return load_folder(self.url, self.folder, rejects=self.rejects)

    def strictly(self, **files: str | bytes) -> Report:
        self.write(files)
        return load_folder(self.url, self.folder, strict=True, rejects=self.rejects)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for path in self.folder.glob("*.csv"):
            path.unlink()
        for name, content in files.items():
            (self.folder / f"{name}.csv").write_bytes(content.encode() if isinstance(content, str) else content)

    @property
    def rejects(self) -> Path:
        return self.folder / "out" / "rejects.csv"


def sizes(db: Connection) -> dict[str, int]:
    return {table: value(db, f"select count(*) from {table}") for table in TABLES}


def content(db: Connection) -> list[object]:
    """Every row of every table that a load writes."""
    return [db.execute(f"select t::text from {table} t order by 1").fetchall() for table in TABLES]


def told(report: Report) -> list[tuple[str, int, str | None, str]]:
    return [(reject.file, reject.line, reject.field, reject.reason) for reject in report.rejects]
