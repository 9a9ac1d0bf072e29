"""A run whose texts the model writes, and answers of the model."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import campaign, rhythm, service
from tests.outbox import DAY, NOW, reader, row, set_rule, value


def house(db: Connection[Any], variant: str = "a") -> dict[str, Any]:
    """A house text as an answer of the model: it has no faults, whatever the rules."""
    found = row(
        db, "select subject, body, add_on_line from text.template where origin = 'house' and language = 'bn'"
        " and category is null and form = 'long' order by variant limit 1",
    )  # fmt: skip
    return found | {"variant": variant}


def planned(db: Connection[Any], *, people: int = 6) -> tuple[UUID, list[UUID]]:
    """A run with waiting messages in one cohort."""
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    users = [reader(db) for _ in range(people)]
    for user in users:
        rhythm(db, user, home, last=NOW - 26 * DAY)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    run = value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    assert run["messages"] == people
    return UUID(run["run_id"]), users


def cohorts(db: Connection[Any], run_id: UUID, limit: int = 10, moment: Any = NOW) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = value(
        db, "select smartengage.cohorts_without_text(%s, %s, %s)", run_id, limit, moment
    )["cohorts"]
    return found


def accept(
    db: Connection[Any], cohort: str, answer: Any, *, form: str = "long", tokens: int = 10, moment: Any = NOW
) -> dict[str, Any]:
    told: dict[str, Any] = value(
        db,
        "select text.record_model_answer(%s, 'reminder', %s, 'bn', %s, 1, 'model-x', %s, %s, %s, %s)",
        cohort,
        cohort.split("/")[1],
        form,
        Jsonb(answer),
        tokens,
        tokens,
        moment,
    )
    return told
