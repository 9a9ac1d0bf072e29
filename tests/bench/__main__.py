"""`python -m tests.bench` measures: a line `name value unit` for each figure, with its floor from the same run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from db.fault import exit_on_fault
from tests.bench import (
    claiming,
    codes,
    delivering,
    explaining,
    loading,
    million,
    pipeline,
    planning,
    replaying,
    scoring,
    serving,
)
from tests.bench.figure import MEASUREMENTS, ON_REQUEST
from tests.bench.stage import Stage, stage

__all__ = [
    "claiming",
    "codes",
    "delivering",
    "explaining",
    "loading",
    "million",
    "pipeline",
    "planning",
    "replaying",
    "scoring",
    "serving",
]

err = Console(stderr=True, highlight=False)


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(MEASUREMENTS)}; repeatable.")] = None,
    customers: Annotated[int, typer.Option(min=1000, help="Size of the market.")] = 100_000,
) -> None:
    """Measure all figures, or the named ones. Uses a server of its own and removes it."""
    for name in only or []:
        if name not in MEASUREMENTS:
            raise typer.BadParameter(f"{name}: known are {', '.join(MEASUREMENTS)}")
    with err.status("starting a server") as status:

        def tell(doing: str) -> None:
            status.update(doing)
            if not err.is_terminal:
                err.print(f"{datetime.now():%H:%M:%S} {doing}")

        with stage(customers, tell) as measured:
            measure(measured, only or [name for name in MEASUREMENTS if name not in ON_REQUEST])


def measure(measured: Stage, names: list[str]) -> None:
    """Prints each figure as soon as it is measured."""
    for name in names:
        measured.tell(f"measuring {name}")
        for figure in MEASUREMENTS[name](measured):
            print(figure, flush=True)


if __name__ == "__main__":
    with exit_on_fault():
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command()(main)
        app(prog_name="python -m tests.bench")
