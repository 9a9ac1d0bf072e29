"""`python -m db demo`: what a person sees of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from db import upkeep
from db.demo import DEFAULT, STEPS, Size, analyze, build
from db.settings import read_settings

out = Console(highlight=False, soft_wrap=True, markup=False)


def demo(
    customers: Annotated[int, typer.Option(help="How many customers.")] = DEFAULT.customers,
    workers: Annotated[int, typer.Option(help="How many workers.")] = DEFAULT.workers,
    months: Annotated[int, typer.Option(help="How many months of history.")] = DEFAULT.months,
    seed: Annotated[int, typer.Option(help="The same seed and sizes make the same rows.")] = DEFAULT.seed,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day of the history; default: so that the demo day is the last whole day."),
    ] = None,
) -> None:
    """Make a believable marketplace in an empty database: people, bookings, reviews, consents."""
    with out.status("starting the database"):
        url = upkeep.ensure_up(read_settings())
    size = Size(customers, workers, months, seed, until.date() if until else None)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        bar = progress.add_task("", total=len(STEPS) + 1)

        def tell(step: str) -> None:
            progress.update(bar, description=step, advance=1)

        counts = build(url, size, tell)
        if counts is not None:
            tell("statistics")
            analyze(url)
    if counts is None:
        out.print("this marketplace is here already: nothing changed")
        return
    for table, rows in counts.items():
        out.print(f"{table:<18} {rows:>10,}")
