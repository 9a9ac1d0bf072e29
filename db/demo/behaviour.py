"""The behaviour of made-up customers: each returns for a service in a rhythm of their own, until they leave.

Minutes are counted from midnight of the first day in Bangladesh. Every person has a random generator of their own, so
that the same seed, sizes and dates make the same marketplace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from db.demo import reviews
from db.demo.catalogue import AREAS, SERVICES, AddOn, Service
from db.demo.people import Person, make_person
from db.demo.rows import DAY, NULL, Batch, Calendar, Ids

HALF_HOURS = 48


@dataclass(slots=True)
class Worker:
    user_id: str
    since: int  # day
    lateness: float  # share of visits with a late arrival
    quality: float  # 0 poor … 1 excellent
    busy: list[int]  # a mask of half-hours for each day


@dataclass(slots=True)
class Market:
    """What all customers share."""

    calendar: Calendar
    ids: Ids
    seed: int
    service_ids: dict[str, str] = field(default_factory=dict)
    add_on_ids: dict[str, str] = field(default_factory=dict)
    #: By category and area; a worker is listed more often the more they work and the nearer they live.
    workers: dict[tuple[str, str], list[Worker]] = field(default_factory=dict)


CATEGORIES = tuple(dict.fromkeys(service.category for service in SERVICES))


def add_services(market: Market, batch: Batch) -> None:
    """Adds the services and their add-ons."""
    random = Random(f"{market.seed}/catalogue")
    for service in SERVICES:
        service_id = market.ids.next(random.getrandbits(62))
        market.service_ids[service.code] = service_id
        batch.add(
            "market.service", service_id, service.code, service.category, service.name_bn, service.name_en,
            service.taka * 100, service.minutes,
        )  # fmt: skip
        for extra in service.add_ons:
            add_on_id = market.ids.next(random.getrandbits(62))
            market.add_on_ids[extra.code] = add_on_id
            batch.add(
                "market.add_on", add_on_id, service_id, extra.code, extra.name_bn, extra.name_en, extra.taka * 100
            )


def add_worker(market: Market, number: int, batch: Batch) -> None:
    """Adds one worker with categories, area, workload, punctuality and quality."""
    random = Random(f"{market.seed}/worker/{number}")
    calendar = market.calendar
    # Every category has a worker from the first day on, however few workers there are.
    is_pioneer = number <= len(CATEGORIES) or random.random() < 0.6
    joined = (
        -int(random.random() * (Calendar.BEFORE - 50)) * DAY
        if is_pioneer
        else int(random.random() * calendar.days) * DAY
    ) + 10 * 60
    person = make_person(random, "worker", number, joined, calendar, market.ids, batch)
    demand = [service.category for service in SERVICES for _ in range(service.popularity)]
    categories = [CATEGORIES[number - 1] if number <= len(CATEGORIES) else demand[int(random.random() * len(demand))]]
    if random.random() < 0.25:
        second = demand[int(random.random() * len(demand))]
        categories += [second] if second not in categories else []
    started = joined + int(random.random() * 10) * DAY if joined > 0 else joined
    batch.add("market.worker", person.user_id, "{" + ",".join(categories) + "}", person.area, calendar.text(started))
    lateness = 0.04 + 0.4 * random.random() ** 2.5
    worker = Worker(
        person.user_id, started // DAY, lateness, 1 - 0.6 * random.random() ** 2, [0] * (calendar.days + Calendar.AFTER)
    )
    eagerness = 1 + int(8 * random.random() ** 3)
    for category in categories:
        for area in AREAS:
            times = eagerness * (5 if area == person.area else 1)
            market.workers.setdefault((category, area), []).extend([worker] * times)


def add_customer(market: Market, number: int, batch: Batch) -> None:
    """Adds one customer with all bookings, reviews and app events."""
    random = Random(f"{market.seed}/customer/{number}")
    calendar = market.calendar
    # A third joined before the records begin; of the others more joined lately.
    is_early = random.random() < 0.34
    day = -int(random.random() * 300) if is_early else int(calendar.days * random.random() ** 0.85)
    joined = min(day * DAY + int((8 + random.random() * 15) * 60), calendar.end - 60)
    person = make_person(random, "customer", number, joined, calendar, market.ids, batch)
    weekday = None if random.random() < 0.4 else (4, 4, 4, 5, 5, 6, 0, 1, 2, 3)[int(random.random() * 10)]
    opened: list[int] = []
    for service in _wishes(random, person):
        begins = random.random() * service.every if is_early else joined // DAY + int(random.random() * 4)
        _ServiceHabit(market, batch, random, person, service, weekday, opened).add_bookings(begins)
    _browse(market, batch, random, person, opened)


def _wishes(random: Random, person: Person) -> list[Service]:
    """The services that a person uses; a few people never book."""
    draw = random.random()
    count = 0 if draw < 0.05 else 1 if draw < 0.56 else 2 if draw < 0.85 else 3 if draw < 0.96 else 4
    weights = WOMENS_WISHES if person.is_woman else MENS_WISHES
    wishes: list[Service] = []
    while len(wishes) < count:
        service = weights[int(random.random() * len(weights))]
        if service not in wishes:
            wishes.append(service)
    return wishes


def _weighted(beauty: float, barber: float) -> list[Service]:
    factor = {"beauty": beauty, "barber": barber}
    wishes: list[Service] = []
    for service in SERVICES:
        wishes += [service] * max(1, round(10 * service.popularity * factor.get(service.category, 1)))
    return wishes


WOMENS_WISHES = _weighted(beauty=1.5, barber=0.3)
MENS_WISHES = _weighted(beauty=0.1, barber=1.8)

CUSTOMERS_REASONS = ("changed_plans", "changed_plans", "price", "found_other", "family")
WORKERS_REASONS = ("sick", "family", "double_booked", "too_far", "too_far")


class _ServiceHabit:
    """The bookings of one service by one customer."""

    def __init__(
        self,
        market: Market,
        batch: Batch,
        random: Random,
        person: Person,
        service: Service,
        weekday: int | None,
        opened: list[int],
    ) -> None:
        self.market = market
        self.batch = batch
        self.random = random
        self.person = person
        self.service = service
        self.opened = opened
        self.every = service.every * pow(2.718281828, random.gauss(0, 0.22))
        self.weekday = weekday if service.regular else None
        if self.weekday is not None and service.every <= 35:
            # People with a fixed weekday have intervals of whole weeks.
            self.every = max(1, round(self.every / 7)) * 7
        self.jitter = (0.05, 0.05, 0.12, 0.12, 0.3)[int(random.random() * 5)]
        self.leaves = 0.02 + 0.07 * random.random() ** 2 if service.regular else 0.10
        self.hour = service.hours[int(random.random() * len(service.hours))]
        self.usual_add_on: AddOn | None = (
            service.add_ons[int(random.random() * len(service.add_ons))] if random.random() < 0.38 else None
        )
        self.favourite: Worker | None = None

    def add_bookings(self, begins: float) -> None:
        """Adds visit after visit, until the customer leaves or the records end."""
        calendar = self.market.calendar
        due = begins
        while True:
            day = self._day_for(due)
            if day >= calendar.days + Calendar.AFTER - 10:
                return
            outcome = self._book(day)
            if outcome == "later":
                return
            if outcome == "cancelled" and self.random.random() < 0.6:
                due = day + 1 + int(self.random.random() * 3)
                continue
            if self.random.random() < self.leaves:
                return
            due = day + self._gap()

    def _gap(self) -> float:
        if not self.service.regular:
            return 3 + self.random.expovariate(1 / self.every)
        gap = max(2.0, self.random.gauss(self.every, self.jitter * self.every))
        # Now and then a person skips a visit.
        return gap + self.every if self.random.random() < 0.06 else gap

    def _day_for(self, due: float) -> int:
        """The day of the visit: the due day, or the person's weekday nearest to it."""
        day = int(due)
        calendar = self.market.calendar
        if self.weekday is not None and self.random.random() < 0.85:
            ahead = (self.weekday - calendar.weekday(day)) % 7
            day += ahead if ahead <= 3 else ahead - 7
        if self.service.category == "ac" and day < calendar.days and calendar.month(day) in (12, 1):
            day += 45
        return max(day, self.person.joined // DAY + 1, 0)

    def _book(self, day: int) -> str:
        """Adds a booking for that day: "completed", "cancelled", or "later" if it is not over when the records end."""
        random, calendar, service = self.random, self.market.calendar, self.service
        hour = self.hour if random.random() < 0.8 else service.hours[int(random.random() * len(service.hours))]
        starts = day * DAY + hour * 60 + (30 if random.random() < 0.25 else 0)
        created = self._created(day, starts)
        if created >= calendar.end:
            return "later"
        booking_id = self.market.ids.next(random.getrandbits(62))
        add_ons = [
            extra
            for extra in service.add_ons
            if random.random() < (0.85 if extra is self.usual_add_on else 0.05)
        ]  # fmt: skip
        taka = service.taka + sum(extra.taka for extra in add_ons)
        self.opened.append(created)
        worker = self._worker(day, starts)
        confirmed = created + 2 + int(random.random() * 40)
        draw = random.random()
        status, done, cancelled, by, why = "completed", None, None, None, None
        arrived = started = None
        late_by = 0
        if worker is None:
            status, by, why = "cancelled", "admin", "no_worker"
            cancelled = min(created + 60, starts)
        elif draw < 0.07:
            status = "cancelled"
            by, reasons = ("customer", CUSTOMERS_REASONS) if draw < 0.05 else ("worker", WORKERS_REASONS)
            why = reasons[int(random.random() * len(reasons))]
            cancelled = confirmed + int(random.random() * max(1, starts - confirmed))
        if status == "cancelled" and cancelled is not None and cancelled >= calendar.end:
            status, cancelled, by, why = "completed", None, None, None
        if status == "completed" and worker is not None:
            late_by = self._late_by(worker, hour)
            arrived = starts + late_by
            started = max(arrived + 2 + int(random.random() * 5), starts - 5)
            done = started + int(service.minutes * pow(2.718281828, random.gauss(-0.03, 0.15)))
            if starts >= calendar.end:
                status = "confirmed" if confirmed < calendar.end and random.random() < 0.8 else "pending"
            elif done >= calendar.end:
                status = "in_progress" if started < calendar.end else "confirmed"
            if status != "completed":
                done = None
            if status in ("confirmed", "pending"):
                arrived = started = None
            if status == "pending":
                worker = None
            else:
                self._hold(worker, day, starts)
        elif status == "completed":
            status = "pending"
        text = calendar.text
        second = int(random.random() * 60)
        is_confirmed = worker is not None and confirmed < calendar.end and (cancelled is None or cancelled > confirmed)
        self.batch.lines["market.booking"].append(
            f"{booking_id}\t{self.person.user_id}\t{worker.user_id if worker else NULL}\t"
            f"{self.market.service_ids[service.code]}\t{status}\tapp\t{text(created, second)}\t{text(starts)}\t"
            f"{text(starts + service.minutes)}\t{text(confirmed, second) if is_confirmed else NULL}\t"
            f"{NULL if arrived is None else text(arrived)}\t{NULL if started is None else text(started)}\t"
            f"{NULL if done is None else text(done, second)}\t"
            f"{NULL if cancelled is None else text(cancelled, second)}\t{by or NULL}\t{why or NULL}\t{taka * 100}"
        )
        for extra in add_ons:
            self.batch.lines["market.booking_add_on"].append(
                f"{booking_id}\t{self.market.add_on_ids[extra.code]}\t{extra.taka * 100}"
            )
        if done is None:
            return "cancelled" if status == "cancelled" else "later"
        assert worker is not None
        self._review(booking_id, worker, done, late_by)
        return "completed"

    def _created(self, day: int, starts: int) -> int:
        """When the customer booked: around their usual hour, mostly a day or two before."""
        random = self.random
        ahead = (0, 0, 0, 1, 1, 1, 1, 2, 2, 3)[int(random.random() * 10)]
        hour = self.person.booking_hour
        draw = random.random()
        if draw > 0.7:
            hour = min(23, max(7, hour + (1 if draw > 0.85 else -1))) if draw < 0.95 else 8 + int(random.random() * 15)
        created = (day - ahead) * DAY + hour * 60 + int(random.random() * 60)
        if created > starts - 90:
            created -= DAY
        # A person joins before the first booking.
        return max(created, self.person.joined + 3)

    def _worker(self, day: int, starts: int) -> Worker | None:
        """A free worker of the category, preferably the favourite one."""
        random = self.random
        mask = _mask(starts, self.service.minutes)
        favourite = self.favourite
        if favourite is not None and random.random() < 0.65 and not favourite.busy[day] & mask:
            return favourite
        choices: Sequence[Worker] = self.market.workers.get((self.service.category, self.person.area), ())
        for _ in range(12 if choices else 0):
            worker = choices[int(random.random() * len(choices))]
            if worker.since <= day and not worker.busy[day] & mask:
                return worker
        return None

    def _hold(self, worker: Worker, day: int, starts: int) -> None:
        worker.busy[day] |= _mask(starts, self.service.minutes)

    def _late_by(self, worker: Worker, hour: int) -> int:
        """Minutes between agreed time and arrival; lateness is more frequent in rush hours."""
        random = self.random
        rush = 1.5 if hour in (9, 10, 17, 18) else 0.8
        if random.random() < worker.lateness * rush:
            return 11 + int(random.expovariate(1 / 18))
        return int(random.random() * 16) - 8

    def _review(self, booking_id: str, worker: Worker, done: int, late_by: int) -> None:
        random = self.random
        mood = worker.quality - (0.35 if late_by > 10 else 0) + random.gauss(0, 0.22)
        rating = 5 if mood > 0.6 else 4 if mood > 0.4 else 3 if mood > 0.2 else 2 if mood > 0.05 else 1
        if rating >= 4 and late_by <= 10:
            self.favourite = worker
        written = done + 20 + int(random.expovariate(1 / 600))
        if random.random() > 0.38 or written >= self.market.calendar.end:
            return
        body = NULL
        if random.random() < 0.55:
            texts = (
                reviews.LATE
                if late_by > 10 and rating < 5
                else reviews.PLEASED
                if rating == 5
                else reviews.CONTENT
                if rating >= 3
                else reviews.UNHAPPY
            )
            body = texts[int(random.random() * len(texts))]
        self.batch.lines["market.review"].append(
            f"{booking_id}\t{rating}\t{body}\t{self.market.calendar.text(written)}"
        )


def _mask(starts: int, minutes: int) -> int:
    """The half-hours of a visit and of the way to the next one, up to midnight."""
    first = starts % DAY // 30
    count = min((minutes + 29) // 30 + 1, HALF_HOURS - first)
    return ((1 << count) - 1) << first


#: Days of app events before the end of the records, as a real marketplace would export.
EVENTS_FOR = 90


def _browse(market: Market, batch: Batch, random: Random, person: Person, booked: list[int]) -> None:
    """Adds recent app events: those before bookings, and others around the person's usual hour."""
    calendar = market.calendar
    begins = max(calendar.end - EVENTS_FOR * DAY, person.joined)
    events = [(minute - 1, kind) for minute in booked if minute > begins for kind in ("app_open", "service_view")]
    is_active = any(minute > calendar.end - 200 * DAY for minute in booked)
    for _ in range(int(random.expovariate(1 / 2.5)) if is_active else 0):
        day = begins // DAY + int(random.random() * (calendar.days - begins // DAY))
        hour = min(23, max(7, person.booking_hour + int(random.gauss(0, 1.2))))
        minute = day * DAY + hour * 60 + int(random.random() * 60)
        if begins < minute < calendar.end:
            events.append((minute, "app_open"))
    for minute, kind in events:
        event_id = market.ids.next(random.getrandbits(62))
        batch.lines["market.app_event"].append(
            f"{event_id}\t{person.user_id}\t{kind}\t{calendar.text(minute, int(random.random() * 60))}"
        )
