"""The daily planning: snapshots of all customers, then an outcome for each candidate."""

from __future__ import annotations

import time
from collections.abc import Iterator

from db.connection import Connection
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage, peak_mb

#: The floor: reading every booking once, grouped by person and service, in order of time.
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

#: The decision for each person, with its reason; every column of every row is computed.
TOLD = """
select count(*), count(*) filter (where (v.outcome in ('message', 'ghost')) = (v.reason is null)),
       max(hashtext(concat_ws('/', v.user_id, v.service_id, v.segment, v.outcome, v.reason, v.rule, v.rule_version)))
from (select campaign_id from smartengage.campaign order by created_at limit 1) c
cross join lateral smartengage.planning_values(c.campaign_id, '2026-11-24 07:00+06') p
cross join lateral (
  select d.user_id, d.service_id, d.segment, d.outcome, d.reason, d.rule, d.rule_version
  from smartengage.plan_decisions(c.campaign_id, p, '2026-11-24 07:00+06', 'bench') d
  union all
  select n.user_id, n.service_id, n.segment, n.outcome, n.reason, n.rule, n.rule_version
  from smartengage.ineligible(p, '2026-11-24 07:00+06') n
) v
"""
#: The same read from the plan, where it is the only one.
OUTCOMES = (
    TOLD[: TOLD.index("from (")]
    + """
from (
  select c.user_id, c.service_id, c.segment, c.outcome, c.reason, c.rule, c.rule_version
  from smartengage.candidate c
  union all
  select n.user_id, n.service_id, n.segment, n.outcome, n.reason, n.rule, n.rule_version
  from smartengage.run r
  cross join lateral smartengage.planning_values(r.campaign_id, r.planned_at) p
  cross join lateral smartengage.ineligible(p, r.planned_at) n
) v
"""
)
#: The floor: reading its tables, one column of each row.
SCAN = """
select (select count(c.segment) from smartengage.customer_segment c),
       (select sum(p.p14) from smartengage.predicted_booking p),
       (select count(p.language) from account.person p),
       (select count(c.address) from account.contact c),
       (select count(c.source) from account.consent c)
"""


@measurement
def planning(stage: Stage) -> Iterator[Figure]:
    with stage.clone(stage.base(), "planning") as name, stage.connect(name) as owner:
        bookings = one(owner, "select count(*) from market.booking")
        yield Figure("planning_bookings", bookings, "rows")
        first = timed(owner, "select smartengage.refresh_snapshots('2026-11-23 07:00+06')")
        yield Figure("planning_first_refresh", first, "s (the first ever)")
        cpu = stage.server_cpu_s()
        refresh = timed(owner, "select smartengage.refresh_snapshots('2026-11-24 07:00+06')")
        plan = timed(
            owner,
            "select smartengage.plan_reminder_run(campaign_id, 'bench', '2026-11-24 07:00+06') from smartengage.campaign",
        )
        yield Figure("planning", refresh + plan, "s")
        yield Figure("planning_cpu", stage.server_cpu_s() - cpu, "s")
        yield Figure("planning_refresh", refresh, "s")
        yield Figure("planning_plan", plan, "s")
        yield Figure("planning_floor", timed(owner, FLOOR), "s (one ordered aggregate of the bookings)")
        yield Figure("planning_candidates", one(owner, "select count(*) from smartengage.candidate"), "rows")
        yield from reasons(stage, name, "reasons")


def reasons(stage: Stage, database: str, name: str) -> Iterator[Figure]:
    """An outcome or a reason for each customer and service, from existing snapshots; rolled back."""
    with stage.connect(database) as owner:
        found = owner.execute(TOLD).fetchone()  # warm, as the floor is
        assert found is not None
        yield Figure(f"{name}_rows", found[0], "rows, every customer and service, each with its outcome or reason")
        assert found[1] == found[0], "somebody has neither an outcome nor a reason"
        spent = stage.server_cpu_s()
        yield Figure(name, timed(owner, TOLD), "s")
        yield Figure(f"{name}_cpu", stage.server_cpu_s() - spent, "s")
        yield Figure(f"{name}_floor", timed(owner, SCAN), "s (plain scan of the same tables)")
        yield Figure(f"{name}_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")


def timed(owner: Connection, statement: str) -> float:
    started = time.perf_counter()
    owner.execute(statement)
    return time.perf_counter() - started


def one(owner: Connection, statement: str) -> float:
    row = owner.execute(statement).fetchone()
    assert row is not None
    return float(row[0])
