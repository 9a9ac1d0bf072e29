"""The daily planning: profiles of everybody, then one outcome for everybody due."""

from __future__ import annotations

import time
from collections.abc import Iterator

from db.connection import Connection
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage

#: What no planning can do without: reading every booking once, grouped by person and service, in order of time.
FLOOR = """
select count(*), sum(gaps)
from (
  select b.customer_id, b.service_id, count(*) as visits, array_agg(b.completed_at order by b.completed_at) as at,
         sum(extract(epoch from b.completed_at)) as gaps
  from market.booking b
  where b.status = 'completed'
  group by b.customer_id, b.service_id
) x
"""


@measurement
def planning(stage: Stage) -> Iterator[Figure]:
    with stage.clone(stage.base(), "planning") as name, stage.connect(name) as owner:
        bookings = one(owner, "select count(*) from market.booking")
        yield Figure("planning_bookings", bookings, "rows")
        first = timed(owner, "select smartengage.refresh('2026-11-23 07:00+06')")
        yield Figure("planning_first_refresh", first, "s (the first ever)")
        cpu = stage.server_cpu_s()
        refresh = timed(owner, "select smartengage.refresh('2026-11-24 07:00+06')")
        plan = timed(
            owner, "select smartengage.plan(campaign_id, 'bench', '2026-11-24 07:00+06') from smartengage.campaign"
        )
        yield Figure("planning", refresh + plan, "s")
        yield Figure("planning_cpu", stage.server_cpu_s() - cpu, "s")
        yield Figure("planning_refresh", refresh, "s")
        yield Figure("planning_plan", plan, "s")
        yield Figure("planning_floor", timed(owner, FLOOR), "s (one ordered aggregate of the bookings)")
        yield Figure("planning_candidates", one(owner, "select count(*) from smartengage.candidate"), "rows")


def timed(owner: Connection, statement: str) -> float:
    started = time.perf_counter()
    owner.execute(statement)
    return time.perf_counter() - started


def one(owner: Connection, statement: str) -> float:
    row = owner.execute(statement).fetchone()
    assert row is not None
    return float(row[0])
