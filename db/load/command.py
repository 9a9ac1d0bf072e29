"""`python -m db load`: progress and report of a load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from db import provision
from db.load.loader import Reject, Report, load_folder
from db.settings import read_settings

out = Console(highlight=False, soft_wrap=True, markup=False)


def load(
    folder: Annotated[Path, typer.Argument(help="Folder with any of the CSV files described in db/load/csv.md.")],
    strict: Annotated[
        bool, typer.Option("--strict", help="Load nothing unless every row is stored as written.")
    ] = False,
    rejects: Annotated[Path, typer.Option(help="File for all rejected rows.")] = Path("var/load-rejects.csv"),
) -> None:
    """Load the CSV files of an existing marketplace. Valid rows are stored; rejected ones are listed with line and reason."""
    with out.status("starting the database"):
        url = provision.ensure_up(read_settings())
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as progress:
        report = load_folder(url, folder, strict=strict, rejects=rejects, progress=progress)
    _print(report, rejects)
    if not report.stored:
        raise typer.Exit(1)


def _print(report: Report, rejects: Path) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("file")
    for heading in ("rows", "stored" if report.stored else "good", "updated", "already there", "rejected"):
        table.add_column(heading, justify="right")
    for count in report.counts:
        figures = (count.read, count.stored, count.updated, count.already_there, count.rejected)
        table.add_row(f"{count.file}.csv", *(f"{figure:,}" for figure in figures))
    out.print(table)
    _list("rejected rows", report.rejects, report.rejected)
    _list("rows that are not stored as written", report.notices, report.noticed)
    if report.rejects:
        out.print("\nrejected rows by reason")
        for file, reason, times in report.reasons:
            out.print(f"  {times:>7,}  {file}.csv: {reason}")
    if report.rejects or report.notices:
        out.print(f"\nall of them: {rejects}")
    for name in report.ignored:
        out.print(f"ignored: {name} is not one of the files that can be loaded")
    for remark in report.remarks:
        out.print(f"note: {remark}")
    if not report.stored:
        out.print("nothing was loaded, as --strict asks")


def _list(title: str, rejects: list[Reject], total: int) -> None:
    if not rejects:
        return
    out.print(f"\n{title}" + ("" if total <= len(rejects) else f", the first {len(rejects)}"))
    for reject in rejects:
        value = f" ({reject.value})" if reject.value else ""
        what = f"{reject.field} {reject.reason}" if reject.field else reject.reason
        out.print(f"  {reject.file}.csv:{reject.line}: {what}{value}")
