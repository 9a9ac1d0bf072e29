"""The contract tried by schemathesis with all its checks, as everybody who may call."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from tests import marketplace
from tests.app.people import bearer
from tests.app.serving import Edge

Db = Connection[Any]

CONFIG = Path(__file__).parent / "schemathesis.toml"
ROLES = ("anonymous", "customer", "worker")


def header_of(db: Db, role: str) -> list[str]:
    """The session of somebody with a past, so that lists are not empty."""
    if role == "anonymous":
        return []
    service = marketplace.service(db)
    if role == "worker":
        user_id = marketplace.worker(db)
    else:
        user_id = marketplace.person(db)
        marketplace.visits(db, user_id, service, days=["2026-09-01", "2026-10-01"])
    return ["--header", f"Authorization: {bearer(db, user_id)['authorization']}"]


def run(edge: Edge, db: Db, role: str, examples: int, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(CONFIG),
            "run", f"{edge.url}/openapi.json",
            "--checks", "all", "--max-examples", str(examples), "--seed", "1", "--workers", "2",
            "--phases", "examples,coverage,fuzzing", "--generation-database", "none", "--no-color",
            # The person must still be there for the next call.
            "--exclude-path", "/me", "--exclude-path", "/me/sessions",
            *header_of(db, role),
        ],
        cwd=folder,
        env=os.environ | {"NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found(edge: Edge, db: Db, role: str, tmp_path: Path) -> None:
    found = run(edge, db, role, 5, tmp_path)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_found_in_many_examples(edge: Edge, db: Db, role: str, tmp_path: Path) -> None:
    found = run(edge, db, role, 200, tmp_path)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
