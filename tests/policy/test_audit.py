"""Alerts: raised once while open; who judged one, and how."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.outbox import NOW, value

ADMIN = uuid4()


@pytest.mark.parametrize(
    ("acknowledged_by", "judged", "judged_by", "broken"),
    [
        (ADMIN, None, None, None),
        (ADMIN, "right", ADMIN, None),
        (ADMIN, "wrong", ADMIN, None),
        (ADMIN, "unclear", ADMIN, None),
        (ADMIN, "maybe", ADMIN, "alert_judgement_is_known"),
        (ADMIN, "right", None, "alert_judgement_is_whole"),
        (ADMIN, None, ADMIN, "alert_judgement_is_whole"),
        (None, "right", ADMIN, "alert_judgement_needs_acknowledgement"),
    ],
)
def test_an_alert_is_judged_by_somebody_once_acknowledged(
    db: Connection[Any], acknowledged_by: Any, judged: str | None, judged_by: Any, broken: str | None
) -> None:
    alert = value(db, "select policy.raise_alert('burnout', 'cohort cleaning', '{}', %s)", NOW)
    columns = "acknowledged_at = %s, acknowledged_by = %s, judged = %s, judged_by = %s"
    statement = f"update policy.alert set {columns} where alert_id = %s"
    given = [acknowledged_by and NOW, acknowledged_by, judged, judged_by, alert]
    if broken is None:
        assert db.execute(statement, given).rowcount == 1
        return
    with pytest.raises(psycopg.errors.CheckViolation, match=broken):
        db.execute(statement, given)


def test_an_alert_is_raised_once_while_it_is_open(db: Connection[Any], clock: Clock) -> None:
    raised = "select policy.raise_alert('campaign_stopped', %s, '{\"opt_outs\": 9}', clock.now())"
    (first,) = db.execute(raised, ["campaign 1"]).fetchone() or (None,)
    assert first is not None
    assert db.execute(raised, ["campaign 1"]).fetchone() in (None, (None,))
    assert db.execute(raised, ["campaign 2"]).fetchone() not in (None, (None,), (first,))
    db.execute(
        "update policy.alert set acknowledged_at = clock.now(), acknowledged_by = uuidv7() where alert_id = %s", [first]
    )
    assert db.execute(raised, ["campaign 1"]).fetchone() not in (None, (None,), (first,))
