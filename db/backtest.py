"""`python -m db backtest`: the accuracy of predictions from days in the past, on the loaded marketplace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from db import provision
from db.connection import connect
from db.fault import Fault
from db.settings import read_settings

out = Console(highlight=False, soft_wrap=True)

#: Predicted dates are compared with visits within 60 days, so the last cut is that long before the last record.
FOLLOWED = timedelta(days=60)
#: Columns of prediction.backtest and their headings.
FIGURES = {
    "auc7": "AUC 7",
    "auc14": "AUC 14",
    "auc28": "AUC 28",
    "log_loss14": "loss",
    "brier14": "Brier",
    "predicted_observed14": "p/o",
    "within7_days": "±7d",
    "naive_auc14": "naive",
}


def backtest(
    cuts: Annotated[int, typer.Option(min=1, max=100, help="How many days in the past to predict from.")] = 6,
    every: Annotated[int, typer.Option(min=1, max=365, help="Days between them.")] = 14,
) -> None:
    """Predict from days in the past and compare with what followed. Only earlier records are used; a naive rule stands beside."""
    with out.status("starting the database"):
        url = provision.ensure_up(read_settings())
    with connect(url, role="shokti_owner", application_name="shokti-backtest") as connection:
        row = connection.execute(
            "select min(b.completed_at), max(b.completed_at) from market.booking b where b.status = 'completed'"
        ).fetchone()
        assert row is not None
        first, last = row
        if first is None:
            raise Fault(
                "there are no completed bookings to predict from: load a marketplace, or make one with demo",
                exit_code=1,
            )
        ends: datetime = last - FOLLOWED
        days = [ends - timedelta(days=every * n) for n in reversed(range(cuts))]
        days = [day for day in days if day > first]
        rows = [
            found
            for day in track(days, "predicting", console=out, transient=True)
            for found in connection.execute(
                f"select cut, n, {', '.join(FIGURES)} from prediction.backtest(%s, %s, '1 day')".encode(), (day, day)
            )
        ]
    if not rows:
        raise Fault(
            "the records are too short: no customer has two visits that end sixty days before the last one", exit_code=1
        )
    table = Table(box=None, pad_edge=False)
    table.add_column("cut", no_wrap=True)
    for heading in ("n", *FIGURES.values()):
        table.add_column(heading, justify="right")
    for cut, n, *figures in rows:
        table.add_row(f"{cut.astimezone(UTC):%Y-%m-%d}", f"{n:,}", *map(_formatted, figures))
    table.add_row(
        "all", f"{sum(row[1] for row in rows):,}", *(_formatted(_mean(rows, 2 + i)) for i in range(len(FIGURES)))
    )
    out.print(table)
    out.print(
        '\nnaive: AUC 14 of the rule "last visit 21 to 30 days ago"; loss: log-loss; p/o: predicted over observed;\n'
        "±7d: dates right within a week. Exact definitions: \\df+ prediction.backtest"
    )


def _mean(rows: list[tuple[object, ...]], column: int) -> float | None:
    """Mean over the cuts, weighted by the number of predictions."""
    known = [(float(row[column]), int(row[1])) for row in rows if row[column] is not None]  # type: ignore[arg-type, call-overload]
    return sum(value * n for value, n in known) / sum(n for _, n in known) if known else None


def _formatted(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"
