"""Brings a database to the state of this checkout, from nothing or from an earlier state."""

from __future__ import annotations

import sys
from collections.abc import Callable

from db import definitions
from db.embedded.folders import FALLBACK_FOLDER
from db.embedded.server import Server
from db.migrations import runner
from db.roles import ensure_roles
from db.settings import Settings, read_settings


def silent(_: str) -> None:
    """Discards a line of progress."""


def find_url(settings: Settings) -> str:
    """The address of the database, whether or not it runs."""
    return settings.database_url or Server.of_checkout().url()


def start_server(settings: Settings) -> str:
    """The address of a running database: DATABASE_URL, else the embedded server, which is started if needed."""
    if settings.database_url is not None:
        return settings.database_url
    server = Server.of_checkout()
    if server.start() and server.data.is_relative_to(FALLBACK_FOLDER):
        print(f"the OS user of the server cannot reach this folder: its data is in {server.data}", file=sys.stderr)
    return server.url()


def ensure_up(settings: Settings | None = None, tell: Callable[[str], None] = silent) -> str:
    """Brings server, roles, migrations and definitions to the state of this checkout. Idempotent; returns the address."""
    url = start_server(settings or read_settings())
    bring_up_to_date(url, tell)
    return url


def bring_up_to_date(url: str, tell: Callable[[str], None] = silent) -> None:
    """Brings roles, migrations and definitions of a running database to the state of this checkout."""
    ensure_roles(url)
    runner.migrate(url, tell=tell)
    definitions.apply(url, tell=tell)
