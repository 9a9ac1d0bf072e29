"""What-if: a year of history replayed under another policy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from db.connection import Connection
from tests.bench.figure import Figure, measurement_on_request
from tests.bench.stage import Stage

YEAR = (Path(__file__).parent / "year.sql").read_text()
POLICIES = {
    "unchanged": "{}",
    "stricter": '{"outreach_weekly": {"max_messages": 1}}',
}

#: The floor: reading each person's deliveries in order of time.
FLOOR = """
select count(*), sum(x.n)
from (
  select d.user_id, count(*) as n, array_agg(d.sent_at order by d.sent_at)
  from outreach.delivery d
  group by d.user_id
) x
"""


@measurement_on_request
def what_if(stage: Stage) -> Iterator[Figure]:
    """Twelve deliveries to each of ten times the people of the marketplace: 12 million by default."""
    stage.empty("year")
    people = 10 * stage.customers
    stage.tell(f"making a year of {12 * people:,} sends")
    made, _, tidied = YEAR.partition("vacuum (analyze)")
    with stage.superuser("year") as superuser:
        superuser.execute("select set_config('bench.people', %s, false)", [str(people)])
        superuser.execute(made)
        superuser.execute("vacuum (analyze)" + tidied)
    with stage.connect("year") as owner:
        yield Figure("what_if_sends", 12 * people, "rows")
        yield from figures(stage, owner, "what_if_floor", FLOOR)
        for name, policy in POLICIES.items():
            yield from figures(
                stage,
                owner,
                f"what_if_{name}",
                "select * from what_if.comparison("
                "'2025-11-24 00:00+06', '2026-11-24 23:00+06', %s, '2026-11-25 10:00+06')",
                policy,
            )


def figures(stage: Stage, owner: Connection, name: str, statement: str, *arguments: str) -> Iterator[Figure]:
    cpu, started = stage.server_cpu_s(), time.perf_counter()
    owner.execute(statement, arguments)
    yield Figure(name, time.perf_counter() - started, "s")
    yield Figure(f"{name}_cpu", stage.server_cpu_s() - cpu, "s")
