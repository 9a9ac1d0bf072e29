"""Commands of the HTTP edge: serve, write the contract, create admins, manage program tokens."""

from __future__ import annotations

import sys
from typing import Annotated
from uuid import UUID

import typer
import uvloop

from app import serving
from app.edge.application import CONTRACT_FILE
from app.edge.contract import encode, openapi_document
from app.edge.functions import read_functions
from app.sign_in import program_tokens
from app.sign_in.admin import create_admin
from db import Settings, connect_async, ensure_up, exit_on_fault, load_settings, log
from db import program_tokens as register

cli = typer.Typer(add_completion=False, rich_markup_mode=None, help="The HTTP edge of Shokti.")
tokens = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Tokens of our own programs. They call the paths under /internal."
)
cli.add_typer(tokens, name="program-token")


@cli.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Serve on APP_HOST and APP_PORT until stopped."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve() -> None:
    """Serve on APP_HOST and APP_PORT until stopped (the default)."""
    settings = load_settings()
    log.configure(settings.log_level, "app", sys.stdout)
    with exit_on_fault():
        # The port first, because it is checked faster than the database.
        listener = serving.bind(settings.app_host, settings.app_port, shared=settings.app_processes > 1)
        uvloop.run(serving.serve(settings, _url(settings), listener))


@cli.command()
def admin(
    login: Annotated[str, typer.Option(help="Login name of the admin.")],
) -> None:
    """Create an admin, or replace password and authenticator of one. Asks for the password."""
    settings = load_settings()
    with exit_on_fault():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        address = create_admin(_url(settings), settings.keyring, login, password)
    typer.echo("Add this to an authenticator app; it is not shown again:")
    typer.echo(address)


@tokens.command("make")
def make_token(
    program: Annotated[str, typer.Argument(help="Name of the program; the audit log records it with each call.")],
) -> None:
    """Print a new token of a program; earlier ones stay valid. It is not shown again."""
    settings = load_settings()
    with exit_on_fault():
        token = program_tokens.new_token()
        until = register.create_token(_url(settings), program, program_tokens.token_hash(token))
    typer.echo(f"Valid until {until:%Y-%m-%d}; it is not shown again:", err=True)
    typer.echo(token)


@tokens.command("revoke")
def revoke_tokens(
    program: Annotated[str, typer.Argument(help="Name of the program.")],
    token_id: Annotated[UUID | None, typer.Option("--id", help="Only the token with this id, see `list`.")] = None,
) -> None:
    """Revoke all tokens of a program, or one. They are refused from the next call on."""
    settings = load_settings()
    with exit_on_fault():
        typer.echo(f"{register.revoke_tokens(_url(settings), program, token_id)} revoked")


@tokens.command("list")
def list_tokens() -> None:
    """Print all tokens with program, expiry and last use."""
    settings = load_settings()
    with exit_on_fault():
        for one in register.list_tokens(_url(settings)):
            state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else f"until {one.expires_at:%Y-%m-%d}"
            used = f"last used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
            typer.echo(f"{one.program:<20} {one.token_id}  created {one.created_at:%Y-%m-%d}, {state}, {used}")


@cli.command()
def openapi(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if the file is not fresh.")] = False,
) -> None:
    """Write app/openapi.json. Generated from the table, the models and the comments of the functions."""
    settings = load_settings()
    with exit_on_fault():
        url = ensure_up(settings)
        content = uvloop.run(_contract(url))
    if check:
        raise typer.Exit(CONTRACT_FILE.read_bytes() != content)
    CONTRACT_FILE.write_bytes(content)


def _url(settings: Settings) -> str:
    return settings.database_url or ensure_up(settings)


async def _contract(url: str) -> bytes:
    async with await connect_async(url, role=serving.ROLE, application_name="app-openapi") as connection:
        return encode(openapi_document(await read_functions(connection)))


if __name__ == "__main__":
    cli()
