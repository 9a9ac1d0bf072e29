"""`python -m db demo`: progress and result of making the marketplace."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from db import provision
from db.demo.build import build_marketplace
from db.settings import read_settings

out = Console(highlight=False, soft_wrap=True, markup=False)


def demo(
    customers: Annotated[int, typer.Option(help="Number of customers.")] = 2000,
    workers: Annotated[
        int | None, typer.Option(help="Number of workers.", show_default="one for ten customers")
    ] = None,
    months: Annotated[int, typer.Option(help="Months of records.")] = 18,
    seed: Annotated[int, typer.Option(help="The same seed, sizes and last day make the same marketplace.")] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Last day of the records.",
            show_default="two days ago in Dhaka",
        ),
    ] = None,
) -> None:
    """Make a realistic marketplace in an empty database. It has a daily reminder campaign."""
    with out.status("starting the database"):
        url = provision.ensure_up(read_settings())
    columns = (TextColumn("customers"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        task = progress.add_task("customers", total=customers)
        built = build_marketplace(
            url,
            customers=customers,
            workers=workers,
            months=months,
            seed=seed,
            until=until.date() if until else None,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if built.is_new:
        out.print(f"made a marketplace: {built.plan}, {built.bookings:,} bookings")
    else:
        out.print(f"the made-up marketplace is already there: {built.plan}; nothing changed")
