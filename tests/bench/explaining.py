"""Explaining one person: every gate before each of their campaigns and messages, in a large marketplace."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from tests.bench.figure import Figure, measurement
from tests.bench.stage import MORNING, Stage

#: The floor: finding the person's rows by index.
FLOOR = """
select (select count(*) from account.person p where p.user_id = %(who)s)
     + (select count(*) from account.consent c where c.user_id = %(who)s)
     + (select count(*) from account.contact c where c.user_id = %(who)s)
     + (select count(*) from smartengage.predicted_booking f where f.user_id = %(who)s)
     + (select count(*) from outreach.message m where m.user_id = %(who)s)
     + (select count(*) from outreach.delivery d where d.user_id = %(who)s)
     + (select count(*) from market.booking b where b.customer_id = %(who)s)
"""
PEOPLE = 300


@measurement
def explaining(stage: Stage) -> Iterator[Figure]:
    with stage.clone(stage.base(), "explaining") as name, stage.connect(name) as owner:
        owner.execute("select smartengage.refresh_snapshots(%s)", [MORNING])
        owner.execute(
            "select smartengage.plan_reminder_run(campaign_id, 'bench', %s) from smartengage.campaign", [MORNING]
        )
        with stage.superuser(name) as superuser:
            superuser.execute("vacuum (analyze) smartengage.predicted_booking, smartengage.candidate, outreach.message")
        # Candidates, with a decision and perhaps a message, and as many other people.
        people = [
            who
            for (who,) in owner.execute(
                "(select distinct user_id from smartengage.candidate order by 1 limit %(n)s)"
                " union (select user_id from account.person where role = 'customer'"
                " order by md5(external_id) limit %(n)s)",
                {"n": PEOPLE // 2},
            ).fetchall()
        ]
        explain = "select count(*) from explain.verdicts(%(who)s, %(at)s)"
        # The first few explanations of a session plan its statements.
        first = each_ms(owner, explain, people[:1], MORNING)[0]
        each_ms(owner, FLOOR, people[:10], MORNING)
        cpu = stage.server_cpu_s()
        took = each_ms(owner, explain, people, MORNING)
        cpu = (stage.server_cpu_s() - cpu) / len(people) * 1000
        floor = each_ms(owner, FLOOR, people, MORNING)
        yield from quantiles("explaining", took)
        yield Figure("explaining_cpu", cpu, "ms (of the server, each)")
        yield Figure("explaining_first", first, "ms (the first of a session)")
        yield Figure("explaining_floor", statistics.median(floor), "ms (the person's rows, each by its index)")


def quantiles(name: str, took: list[float]) -> Iterator[Figure]:
    """Median and upper quantiles."""
    part = statistics.quantiles(took, n=100)
    for percent in (50, 95, 99):
        yield Figure(f"{name}_p{percent}", part[percent - 1], "ms")


def each_ms(owner: Any, statement: str, people: list[Any], moment: Any) -> list[float]:
    """Milliseconds for each person, round trip included."""
    took = []
    for who in people:
        started = time.perf_counter()
        owner.execute(statement, {"who": who, "at": moment}).fetchone()
        took.append((time.perf_counter() - started) * 1000)
    return took
