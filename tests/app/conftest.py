"""One running edge for each test module, on its own database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import httpx2
import psycopg
import pytest

from db.embedded.server import LOGIN
from db.embedded.temporary import TemporaryServer
from tests.app.serving import APP, BROWSER, PATIENCE, Browser, Edge, serving

_serial = count(1)


@pytest.fixture(scope="module")
def database_name(server: TemporaryServer, template: str) -> Iterator[str]:
    """A clone of the template for the whole module, instead of one for each test."""
    name = f"{template.replace('template', 'edge')}_{os.getpid()}_{next(_serial)}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {template} owner {LOGIN} strategy file_copy")
        maintenance.execute(f"grant create, temporary on database {name} to shokti_owner")
        yield name
        maintenance.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def edge(server: TemporaryServer, database_name: str) -> Iterator[Edge]:
    """The running process."""
    with serving(server.url(database_name)) as running:
        yield running


@pytest.fixture
def browser(edge: Edge) -> Iterator[httpx2.Client]:
    """The browser of a phone."""
    with Browser(base_url=edge.url, headers=BROWSER, timeout=PATIENCE) as client:
        yield client


@pytest.fixture
def app(edge: Edge) -> Iterator[httpx2.Client]:
    """The customer app."""
    with edge.client(**APP) as client:
        yield client
