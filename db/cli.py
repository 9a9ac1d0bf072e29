"""The commands of `python -m db`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from db import definitions, provision
from db.backtest import backtest
from db.connection import connect
from db.demo.command import demo
from db.embedded.account import server_account
from db.embedded.binaries import binaries
from db.embedded.server import Server
from db.erasure import erase_again, list_erasures, read_erasures
from db.fault import Fault, exit_on_fault
from db.load.command import load
from db.migrations import runner
from db.roles import ensure_roles
from db.settings import read_settings

app = typer.Typer(
    name="python -m db",
    help="The database of Shokti: DATABASE_URL if it is set, else the embedded PostgreSQL of this checkout.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """A Fault becomes its line and its exit code, and so does an error of PostgreSQL."""
    with exit_on_fault():
        try:
            app(prog_name="python -m db")
        except psycopg.Error as error:
            raise Fault(f"PostgreSQL refuses: {' '.join(str(error).split())}", exit_code=1) from None


def _embedded() -> Server:
    if read_settings().database_url is not None:
        raise Fault("DATABASE_URL is set: that server is not started or stopped from here")
    return Server.of_checkout()


@app.command()
def up() -> None:
    """Bring roles, migrations and sql/ up to date. Starts the embedded server first."""
    with out.status("starting") as status:
        url = provision.ensure_up(tell=lambda what: status.update(f"applying {what}"))
    out.print(f"up: {_printable(url)}")


@app.command()
def down(
    remove: Annotated[bool, typer.Option("--remove", help="Also delete its data.")] = False,
) -> None:
    """Stop the embedded server."""
    if read_settings().database_url is not None:
        out.print("DATABASE_URL is set: nothing embedded is touched")
        return
    server = _embedded()
    stopped = server.stop()
    if remove:
        server.remove()
    out.print("stopped" if stopped else "was not running")


@app.command()
def url() -> None:
    """Print the address of the database, for other programs."""
    out.print(provision.find_url(read_settings()))


@app.command()
def migrate() -> None:
    """Apply the pending migrations."""
    address = provision.start_server(read_settings())
    ensure_roles(address)
    done = runner.migrate(address, tell=lambda name: out.print(f"  {name}"))
    out.print(f"{len(done)} migrations applied" if done else "no migration pending")


@app.command()
def apply() -> None:
    """Apply the changed files of sql/."""
    address = provision.start_server(read_settings())
    done = definitions.apply(address, tell=lambda file: out.print(f"  {file}"))
    for file in done.dropped:
        out.print(f"  {file} (gone, dropped)")
    out.print(f"{len(done.files)} files applied" if done.files or done.dropped else "nothing changed in sql/")


@app.command("erasures")
def print_erasures() -> None:
    """Print the erasures, one JSON line each. Keep them apart from the database and its backups."""
    with connect(
        provision.find_url(read_settings()), role="shokti_worker", application_name="shokti-erasures"
    ) as connection:
        for one in list_erasures(connection):
            out.print(json.dumps(one), markup=False)


@app.command("erase-again")
def repeat_erasures(
    file: Annotated[Path, typer.Argument(help="Output of `python -m db erasures`, as new as possible.")],
) -> None:
    """Repeat erasures in a restored database. Run it before the database is used again."""
    with connect(
        provision.find_url(read_settings()), role="shokti_worker", application_name="shokti-erasures"
    ) as connection:
        count, left = erase_again(connection, read_erasures(file))
    out.print(f"{count} people erased again")
    if left:
        raise Fault(f"not erased, as they have a booking under way: {', '.join(left)}", exit_code=1)


@app.command()
def status() -> None:
    """Print the state of server, migrations, sql/, clock and queue."""
    settings = read_settings()
    table = Table(box=None, show_header=False, pad_edge=False)
    if settings.database_url is None:
        server = _embedded()
        table.add_row("server", "embedded" if server.running() else "embedded, not running (python -m db up)")
        table.add_row("data", str(server.data))
        table.add_row("log", str(server.log))
        if not server.running():
            out.print(table)
            raise typer.Exit(1)
    address = provision.find_url(settings)
    with connect(address, application_name="shokti-status") as connection:
        row = connection.execute(
            "select current_setting('server_version'), to_regclass('deploy.definition') is not null, "
            "to_regclass('clock.simulation') is not null, to_regclass('queue.pgqueuer') is not null"
        ).fetchone()
        assert row is not None
        version, is_set_up, is_simulated, has_queue = row
        table.add_row("address", _printable(address))
        table.add_row("PostgreSQL", version)
        if is_set_up:
            connection.execute("set role shokti_owner")
            migrations = runner.pending(connection)
            files = definitions.changed_files(connection)
            table.add_row(
                "migrations", f"{len(migrations)} pending: {', '.join(migrations)}" if migrations else "at head"
            )
            table.add_row("sql/", f"{len(files)} changed: {', '.join(files[:5])}" if files else "at head")
        else:
            table.add_row("migrations", "none applied yet (python -m db up)")
        if is_simulated:
            (now,) = connection.execute("select clock.now()").fetchone() or (None,)
            table.add_row("clock", f"simulated, now {now}")
        else:
            table.add_row("clock", "real")
        if has_queue:
            rows = connection.execute(
                "select status::text, count(*) from queue.pgqueuer group by 1 order by 1"
            ).fetchall()
            table.add_row("queue", ", ".join(f"{count} {name}" for name, count in rows) or "empty")
    out.print(table)


@app.command()
def schema() -> None:
    """Write db/schema.sql and sql/MAP.md from a fresh database."""
    from db import dump, map

    with dump.fresh_database() as url, connect(url, role="shokti_owner", application_name="shokti-map") as connection:
        for name, is_new in (("db/schema.sql", dump.write_schema(url)), ("sql/MAP.md", map.write_map(connection))):
            out.print(f"{name} written" if is_new else f"{name} is fresh")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql in the database; further arguments go to psql."""
    address = provision.start_server(read_settings())
    program = binaries(server_account()) / "psql"
    os.execv(program, [str(program), address, *context.args])


app.command()(load)
app.command()(demo)
app.command()(backtest)


def _printable(address: str) -> str:
    """The address without its password."""
    head, at, tail = address.rpartition("@")
    if not at or ":" not in head.split("://", 1)[-1]:
        return address
    return head.rsplit(":", 1)[0] + at + tail
