"""Health and readiness."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from psycopg import Connection

from tests.app.serving import altered

Db = Connection[Any]


def test_health_and_readiness(app: httpx2.Client) -> None:
    assert app.get("/healthz").json() == {"alive": True}
    assert app.get("/readyz").json() == {"ready": True, "listener_silent_seconds": None}


@pytest.mark.parametrize(
    ("silent_for", "fields", "seconds"),
    [
        # The wall clock cannot be simulated here, so the cases are a minute from the five minutes of the rule.
        (["4 minutes"], [], 240),
        (["6 minutes"], ["listener"], None),
        # One active listener is enough; older entries do not matter.
        (["2 days", "6 minutes", "0 seconds"], [], 0),
        # The wall clock was set back.
        (["-1 hour"], [], 0),
    ],
)
def test_not_ready_when_no_worker_gets_notifications(
    db: Db, app: httpx2.Client, silent_for: list[str], fields: list[str], seconds: int | None
) -> None:
    change = "insert into queue.listener select gen_random_uuid(), now() - s from unnest(array{}::interval[]) s"
    with altered(db, change.format(silent_for), "delete from queue.listener"):
        answer = app.get("/readyz")
    assert answer.status_code == (503 if fields else 200)
    assert [fault["field"] for fault in answer.json().get("errors", [])] == fields
    if seconds is not None:
        assert seconds <= answer.json()["listener_silent_seconds"] <= seconds + 30


def test_not_ready_when_definitions_or_migrations_are_not_those_of_this_checkout(db: Db, app: httpx2.Client) -> None:
    for change, back, name in (
        (
            "update deploy.definition set sha256 = 'x' || sha256 where file = 'sql/api/market/services.sql'",
            "update deploy.definition set sha256 = substr(sha256, 2) where file = 'sql/api/market/services.sql'",
            "definitions",
        ),
        (
            "insert into deploy.applied (file, sha256) values ('9999.later.sql', '')",
            "delete from deploy.applied where file = '9999.later.sql'",
            "migration",
        ),
    ):
        with altered(db, change, back):
            answer = app.get("/readyz")
            assert answer.status_code == 503
            assert [fault["field"] for fault in answer.json()["errors"]] == [name]
            assert app.get("/healthz").status_code == 200
    assert app.get("/readyz").status_code == 200
