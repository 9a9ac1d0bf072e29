"""`python -m app`: serve the HTTP edge. `python -m app openapi`: write its contract."""

from __future__ import annotations

from typing import Annotated

import typer
import uvloop

from app import journal, serving
from app.admin import make as make_admin
from app.calls import read_contract
from app.contract import document, encode
from app.edge import CONTRACT_FILE
from db import connect_async, ensure_up, load_settings, reported

cli = typer.Typer(add_completion=False, help="The HTTP edge of Shokti.")


@cli.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Serves on APP_HOST and APP_PORT until stopped."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve() -> None:
    """Serve on APP_HOST and APP_PORT until stopped (the default)."""
    settings = load_settings()
    journal.configure(settings.log_level)
    with reported():
        # The port first: it is known in a moment, and without it there is no use in asking the database.
        listener = serving.bind(settings.app_host, settings.app_port, shared=settings.app_processes > 1)
        url = settings.database_url or ensure_up(settings)
        uvloop.run(serving.serve(settings, url, listener))


@cli.command()
def admin(
    login: Annotated[str, typer.Option(help="What the admin signs in with.")],
) -> None:
    """Make an admin, or give one a new password and authenticator; asks for the password."""
    settings = load_settings()
    with reported():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        url = settings.database_url or ensure_up(settings)
        address = make_admin(url, settings.keyring, login, password)
    typer.echo("Take this into an authenticator app; it is not shown again:")
    typer.echo(address)


@cli.command()
def openapi(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if the file is not fresh.")] = False,
) -> None:
    """Write app/openapi.json from the table, the models and the comments of the functions in the database."""
    settings = load_settings()
    with reported():
        url = ensure_up(settings)
        content = uvloop.run(_contract(url))
    if check:
        raise typer.Exit(CONTRACT_FILE.read_bytes() != content)
    CONTRACT_FILE.write_bytes(content)


async def _contract(url: str) -> bytes:
    async with await connect_async(url, role=serving.ROLE, application_name="app-openapi") as connection:
        return encode(document(await read_contract(connection)))


if __name__ == "__main__":
    cli()
