"""A believable marketplace, made up: for the first look, the demo day, and measuring.

All of it is drawn in SQL from a seed, so the same arguments make the same rows, a hundred thousand people as quickly as a
server can write them. The people have made-up names, addresses at example.com and numbers that follow only the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db.connection import Connection, connect
from db.fault import Fault

HERE = Path(__file__).resolve().parent
DHAKA = ZoneInfo("Asia/Dhaka")

#: Each step is a file of SQL, done in this order, in one transaction.
STEPS = {
    "begin": "preparing",
    "services": "services and add-ons",
    "people": "people and consents",
    "bookings": "bookings",
    "aftermath": "reviews, events, campaign",
}
COUNTED = ("account.person", "market.service", "market.booking", "market.review", "market.app_event")
#: What planning reads; without statistics its first plan would be a guess.
ANALYZED = (
    "account.person", "account.contact", "account.consent", "market.booking", "market.booking_add_on", "market.add_on",
    "market.service", "market.review",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """What a marketplace is made from; equal sizes make equal rows. `until`: the last local day of its history."""

    customers: int = 2000
    workers: int = 200
    months: int = 18
    seed: int = 1
    until: date | None = None


#: What is made unless told otherwise: small enough for a first look.
DEFAULT = Size()


def last_whole_day(now: datetime) -> date:
    """The last day in Dhaka that is over at `now`: the day that the demo day lives through."""
    return now.astimezone(DHAKA).date() - timedelta(days=1)


def build(url: str, size: Size, tell: Callable[[str], None] = lambda step: None) -> dict[str, int] | None:
    """Makes the marketplace; rows by table, or None if this very one is there already.

    `tell` is called with each step before it is done. A Fault if the database holds real people or another made-up
    marketplace; then nothing has changed.
    """
    until = size.until or last_whole_day(datetime.now(DHAKA)) - timedelta(days=1)
    if size.customers < 1 or size.workers < 10 or not 1 <= size.months <= 60:
        raise Fault("a marketplace needs at least 1 customer, 10 workers and 1 to 60 months")
    with connect(url, role="shokti_owner", application_name="shokti demo", autocommit=False) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtextextended('db.demo', 0))")
        made_from = f"{size.customers} customers, {size.workers} workers, {size.months} months until {until}, seed {size.seed}"
        if _made_before(connection, made_from):
            return None
        connection.execute("set local synchronous_commit = off; set local work_mem = '256MB'; set local jit = off")
        for name, value in (
            ("seed", size.seed), ("customers", size.customers), ("workers", size.workers), ("months", size.months), ("until", until),
        ):  # fmt: skip
            connection.execute("select set_config('demo.' || %s, %s, true)", (name, str(value)))
        for step, told in STEPS.items():
            tell(told)
            connection.execute((HERE / f"{step}.sql").read_bytes())
        connection.execute(
            "insert into policy.audit (happened_at, actor, action, subject, detail)"
            " values (clock.now(), session_user, 'demo', 'marketplace', jsonb_build_object('made_from', %s::text))",
            (made_from,),
        )
        return {table: _count(connection, table) for table in COUNTED}


def analyze(url: str) -> None:
    """Statistics for the planner, over what was just written; a transaction of its own."""
    with connect(url, role="shokti_owner", application_name="shokti demo", autocommit=True) as connection:
        for table in ANALYZED:
            connection.execute(f"analyze {table}".encode())


def _made_before(connection: Connection, made_from: str) -> bool:
    """Whether this very marketplace is there; a Fault if something else is."""
    row = connection.execute(
        "select i.kind, exists (select from account.person), ("
        "  select a.detail ->> 'made_from' from policy.audit a where a.action = 'demo' order by a.happened_at desc limit 1)"
        " from policy.installation i"
    ).fetchone()
    assert row is not None
    kind, inhabited, before = row
    if kind == "demo" and before == made_from:
        return True
    if kind == "demo" and before is not None:
        raise Fault(f"another made-up marketplace is here already ({before}); `python -m db down --remove` clears the embedded one")
    if inhabited:
        raise Fault("this database holds people of a real marketplace: made-up ones are not mixed with them")
    return False


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])
