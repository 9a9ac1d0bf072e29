"""The prediction: all customers scored in one statement, by a stored model and by one that is fitted first."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, measurement
from tests.bench.planning import FLOOR, one, timed
from tests.bench.stage import Stage, peak_mb

AT = "timestamptz '2026-11-24 07:00+06'"
#: offset 0: every column of every row is computed.
SCORE = f"select count(*), sum(s.p14) from (select * from prediction.score({AT}) offset 0) s"


@measurement
def scoring(stage: Stage) -> Iterator[Figure]:
    with stage.clone(stage.base(), "scoring") as database:
        yield from scored(stage, database, "scoring")


def scored(stage: Stage, database: str, name: str) -> Iterator[Figure]:
    """Scores on a connection of its own, so that the memory is that of one statement."""
    with stage.connect(database) as owner:
        cpu = stage.server_cpu_s()
        yield Figure(f"{name}_fresh", timed(owner, SCORE), "s (learning included)")
        yield Figure(f"{name}_fresh_cpu", stage.server_cpu_s() - cpu, "s")
        yield Figure(f"{name}_fresh_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")
        owner.execute(f"select prediction.store_model({AT})".encode())
    with stage.connect(database) as owner:
        cpu = stage.server_cpu_s()
        yield Figure(name, timed(owner, SCORE), "s (by what was learned before)")
        yield Figure(f"{name}_cpu", stage.server_cpu_s() - cpu, "s")
        yield Figure(f"{name}_memory", peak_mb(owner.info.backend_pid), "MB, the most the backend held")
        yield Figure(f"{name}_floor", timed(owner, FLOOR), "s (one ordered aggregate of the bookings)")
        yield Figure(f"{name}_bookings", one(owner, "select count(*) from market.booking"), "rows")
