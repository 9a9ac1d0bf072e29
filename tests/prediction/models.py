"""A hand-made model, whose scores follow in closed form: straight hazard curves, plain week clocks, weights of identity."""

from __future__ import annotations

from datetime import datetime
from math import asinh, exp, floor, log, sinh
from typing import Any

from psycopg import Connection

#: Rise of each curve by step of the phase.
SLOPE = 0.08
#: Days between the visits of everybody.
RHYTHM = 20
#: A prior that agrees with the rhythm, as values of type prediction.gap_prior.
PRIOR = "row('{}', '{}', ln(20::double precision), 0.16, 0.25, 1 / 7.0)::prediction.gap_prior"


def store_by_hand(db: Connection[Any], at: datetime) -> None:
    """Stores the model as fitted at an instant; weights 0 1 0 0 0 0 0 make p = 1 - exp(-hazard)."""
    db.execute(
        f"""
        insert into prediction.fitted_model (fitted_at, visits, gap_prior, week_clocks, curves, weights)
        select
          %(at)s,
          (select count(*) from market.booking where completed_at < %(at)s),
          {PRIOR},
          array(select array[0, 1, 2, 3, 4, 5, 6, 7] from generate_series(1, 6)),
          array(select array(select %(slope)s::double precision * i from generate_series(0, 50) i) from generate_series(1, 32)),
          array[[0, 1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0]]
        """.encode(),
        {"at": at, "slope": SLOPE},
    )


def phase(days: float, rhythm: float = RHYTHM) -> float:
    """The phase of 0 to 50 within a rhythm, so many days after the visit."""
    return min(max(asinh(log(days / rhythm) / 0.15) / 0.2 + 25, 0), 49.999999)


def hazard(days: float) -> float:
    """The cumulative hazard so many days after the visit."""
    return SLOPE * phase(days)


def first_day(reached: float) -> int:
    """The day after the visit in whose course the curve reaches a hazard."""
    step = min(max(reached / SLOPE, 0), 50)
    return max(floor(RHYTHM * exp(0.15 * sinh(0.2 * (step - 25)))) + 1, 1)
