"""Makes a realistic marketplace of made-up people, for the demo day, the bench and exploration.

The same customers, workers, months, seed and last day make the same marketplace, with the same ids.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import psycopg

from db.connection import Connection, connect
from db.demo.behaviour import Market, add_customer, add_services, add_worker
from db.demo.rows import Batch, Calendar, Ids
from db.fault import Fault
from db.settings import LOCAL_ZONE

#: Customers made between two writes.
BATCH_SIZE = 1000


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """The parameters of a marketplace; `until` is the last day of the records."""

    customers: int
    workers: int
    months: int
    seed: int
    until: date

    def __str__(self) -> str:
        return (
            f"{self.customers:,} customers, {self.workers:,} workers, {self.months} months until {self.until},"
            f" seed {self.seed}"
        )


@dataclass(frozen=True, slots=True)
class BuildResult:
    """`is_new` False: the marketplace existed already, and nothing changed."""

    plan: DemoPlan
    is_new: bool
    bookings: int


def build_marketplace(
    url: str,
    *,
    customers: int = 2000,
    workers: int | None = None,
    months: int = 18,
    seed: int = 1,
    until: date | None = None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> BuildResult:
    """Makes the marketplace in an empty database. Idempotent; a Fault in a database with other data.

    `workers`: by default one for ten customers. `until`: by default two days ago in Bangladesh, so that the demo day can
    run on yesterday, the last whole day. `tell` gets the number of customers done, and of all.
    """
    with connect(url, role="shokti_owner", application_name="shokti-demo", autocommit=False) as connection:
        connection.execute("set local synchronous_commit = off")
        # A concurrent load or build waits, and then finds the marketplace.
        connection.execute("select pg_advisory_xact_lock(hashtextextended('db.load', 0))")
        plan = DemoPlan(
            customers,
            workers or max(10, customers // 10),
            months,
            seed,
            until or _before_the_last_whole_day(connection),
        )
        _check(plan)
        known = _known(connection)
        is_new = known is None
        if known is not None and (known == plan or (until is None and known == _at(plan, known.until))):
            plan = known
        elif known is not None:
            raise Fault(
                f"this database already holds a made-up marketplace ({known}); nothing was changed."
                " Another one needs an empty database (python -m db down --remove)"
            )
        else:
            _refuse_real(connection)
            try:
                _make(connection, plan, tell)
            except psycopg.Error as error:
                said = error.diag.message_primary or " ".join(str(error).split())
                raise Fault(f"{said}; nothing was changed", exit_code=1) from error
        _start_campaign(connection, plan)
        (bookings,) = connection.execute("select count(*) from market.booking").fetchone() or (0,)
        return BuildResult(plan, is_new, int(bookings))


def _before_the_last_whole_day(connection: Connection) -> date:
    row = connection.execute("select (clock.now() at time zone policy.default_zone())::date - 2").fetchone()
    assert row is not None
    day: date = row[0]
    return day


def _check(plan: DemoPlan) -> None:
    for name, value, least, most in (
        ("customers", plan.customers, 1, 5_000_000),
        ("workers", plan.workers, 1, 500_000),
        ("months", plan.months, 1, 60),
    ):
        if not least <= value <= most:
            raise Fault(f"{name} must be from {least:,} to {most:,}, not {value:,}")


def _at(plan: DemoPlan, until: date) -> DemoPlan:
    return DemoPlan(plan.customers, plan.workers, plan.months, plan.seed, until)


def _known(connection: Connection) -> DemoPlan | None:
    """The marketplace that this database holds already."""
    row = connection.execute("select detail from policy.audit where action = 'demo.built'").fetchone()
    if row is None:
        return None
    detail = row[0]
    return DemoPlan(
        detail["customers"], detail["workers"], detail["months"], detail["seed"], date.fromisoformat(detail["until"])
    )


def _refuse_real(connection: Connection) -> None:
    row = connection.execute(
        """
        select kind, exists (select from account.person), exists (select from market.service)
        from policy.installation
        """
    ).fetchone()
    kind, has_people, has_services = row or ("live", True, True)
    if has_people:
        who = "real people" if kind == "live" else "people already"
        raise Fault(f"this database holds {who}, and made-up people must not be mixed in; nothing was changed")
    if has_services:
        raise Fault("this database holds a real marketplace's services; nothing was changed")


def batches(plan: DemoPlan) -> Iterator[tuple[int, Batch]]:
    """All rows of a marketplace in batches, each with the number of customers done so far."""
    first = _months_before(plan.until, plan.months) + timedelta(days=1)
    calendar = Calendar(first, (plan.until - first).days + 1)
    # Ids hold a time, as those of uuidv7() do: an hour before the end of the last day.
    market = Market(calendar, Ids(int(_midnight_after(plan.until).timestamp() - 3600) * 1000), plan.seed)
    batch = Batch()
    add_services(market, batch)
    for number in range(1, plan.workers + 1):
        add_worker(market, number, batch)
    for number in range(1, plan.customers + 1):
        add_customer(market, number, batch)
        if number % BATCH_SIZE == 0 or number == plan.customers:
            yield number, batch
            batch = Batch()


def _make(connection: Connection, plan: DemoPlan, tell: Callable[[int, int], None]) -> None:
    midnight = _midnight_after(plan.until)
    connection.execute(
        """
        select market.make_event_partitions(m.begins)
        from generate_series(%s::timestamptz, %s::timestamptz, '1 month') as m (begins)
        """,
        [midnight - timedelta(days=120), midnight],
    )
    # One thread makes rows while the other waits for the server, which takes the larger part of the time.
    with ThreadPoolExecutor(max_workers=1) as writer:
        written: Future[None] = writer.submit(lambda: None)
        for done, batch in batches(plan):
            written.result()
            tell(done, plan.customers)
            written = writer.submit(batch.write, connection)
        written.result()
    connection.execute("update policy.installation set kind = 'demo'")
    connection.execute(
        """
        insert into policy.audit (happened_at, actor, action, subject, detail)
        values (clock.now(), 'demo', 'demo.built', 'marketplace', %s)
        """,
        [json.dumps(asdict(plan), default=str)],
    )
    connection.execute(
        "analyze account.person, account.contact, account.consent, market.worker, market.service, market.add_on,"
        " market.booking, market.booking_add_on, market.review, market.app_event"
    )


def _start_campaign(connection: Connection, plan: DemoPlan) -> None:
    """Creates the daily reminder campaign, unless one of this name exists."""
    random = Random(f"{plan.seed}/campaign")
    midnight = _midnight_after(plan.until)
    connection.execute(
        """
        insert into smartengage.campaign (campaign_id, name, status, channels, created_at, created_by)
        values (%s, 'daily-reminder', 'running', '{email,in_app}', %s, 'demo')
        on conflict (name) do nothing
        """,
        [Ids(int(midnight.timestamp() - 7200) * 1000).next(random.getrandbits(62)), midnight],
    )


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), LOCAL_ZONE)


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for shorter in range(4):
        try:
            return date(year, month + 1, day.day - shorter)
        except ValueError:
            continue
    raise AssertionError(day)


__all__ = ["BuildResult", "DemoPlan", "batches", "build_marketplace"]
