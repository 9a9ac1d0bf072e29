"""Changes of rules and caps as admins ask for and approve them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.outbox import NOW, rows, value

ONE, TWO = str(uuid4()), str(uuid4())


ONE, TWO = str(uuid4()), str(uuid4())


def cap(limit: int | None, hours: int = 24, **more: Any) -> dict[str, Any]:
    return {"max_messages": limit, "window_hours": hours} | more


def change(
    db: Connection[Any],
    rule: str,
    wish: Any,
    *,
    by: str = ONE,
    since: Any = None,
    at: Any = NOW,
    reason: str = "a test",
) -> UUID | None:
    """Returns the id of the proposal, or None if the change was applied."""
    proposal_id: UUID | None = value(
        db, "select policy.request_change(%s, %s, %s, %s, %s, %s)", rule, Jsonb(wish), by, reason, since, at
    )
    return proposal_id


def approve(db: Connection[Any], rule: str, proposal_id: UUID | None, *, by: str = TWO, at: Any = NOW) -> int:
    version: int = value(db, "select policy.approve_proposal(%s, %s, %s, 'agreed', %s)", rule, proposal_id, by, at)
    return version


def in_force(db: Connection[Any], rule: str, at: Any = NOW) -> Any:
    found = rows(db, "select value from policy.setting_version where rule = %s and valid_at @> %s", rule, at)
    return found[0]["value"] if found else None


def limits(db: Connection[Any], rule: str, at: Any = NOW) -> tuple[int | None, int] | None:
    found = in_force(db, rule, at)
    return None if found is None else (found["max_messages"], found["window_hours"])
