"""Proposals: changes that loosen need the approval of a second admin, in time and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.outbox import DAY, HOUR, MICRO, NOW, row, rows, run_concurrently, value, wait_until_blocked
from tests.policy.changes import ONE, TWO, approve, cap, change, limits
from tests.sessions import refused

Connect = Callable[..., Connection[Any]]


def test_the_author_of_a_proposal_may_decline_but_not_approve_it(db: Connection[Any]) -> None:
    proposal_id = change(db, "outreach_daily", cap(2))
    with refused("SH403", column="proposal_id"):
        approve(db, "outreach_daily", proposal_id, by=ONE)
    with pytest.raises(psycopg.errors.CheckViolation, match="proposal_is_approved_by_another"):
        db.execute(
            "update policy.proposal set state = 'approved', decided_by = author, decided_at = %s,"
            " decision_reason = 'x'",
            [NOW],
        )
    db.execute(
        "select policy.decide_proposal('outreach_daily', %s, 'declined', %s, 'a slip', %s)", [proposal_id, ONE, NOW]
    )
    with refused("SH409"):
        approve(db, "outreach_daily", proposal_id)
    assert limits(db, "outreach_daily") == (1, 24)


@pytest.mark.parametrize(("late", "in_time"), [(7 * DAY - MICRO, True), (7 * DAY, False)])
def test_a_proposal_expires(db: Connection[Any], late: timedelta, in_time: bool) -> None:
    proposal_id = change(db, "outreach_daily", cap(2))
    if in_time:
        assert approve(db, "outreach_daily", proposal_id, at=NOW + late) == 2
        return
    with refused("SH409"):
        approve(db, "outreach_daily", proposal_id, at=NOW + late)
    # An expired proposal does not block a new one.
    assert change(db, "outreach_daily", cap(3), at=NOW + late) is not None
    states = rows(db, "select state from policy.proposal order by proposed_at")
    assert [p["state"] for p in states] == ["expired", "pending"]


def test_one_proposal_is_pending_at_a_time_and_a_change_supersedes_it(db: Connection[Any]) -> None:
    proposal_id = change(db, "outreach_daily", cap(2))
    with refused("SH409"):
        change(db, "outreach_daily", cap(3), by=TWO)
    # A proposal for another rule does not conflict.
    assert change(db, "bounce.soft_limit", 6) is not None
    assert change(db, "outreach_daily", cap(0), at=NOW + HOUR) is None
    with refused("SH409"):
        approve(db, "outreach_daily", proposal_id, at=NOW + HOUR)
    with refused("SH404"):
        approve(db, "outreach_weekly", proposal_id)


@pytest.mark.parametrize(
    ("asked_for", "approved_at", "from_when"),
    [(None, NOW + DAY, NOW + DAY), (NOW + 3 * DAY, NOW + DAY, NOW + 3 * DAY), (NOW + HOUR, NOW + DAY, NOW + DAY)],
)
def test_an_approved_change_takes_effect_as_proposed_but_not_before_approval(
    db: Connection[Any], asked_for: Any, approved_at: Any, from_when: Any
) -> None:
    proposal_id = change(db, "outreach_daily", cap(2), since=asked_for)
    assert approve(db, "outreach_daily", proposal_id, at=approved_at) == 2
    made = row(db, "select * from policy.cap where cap = 'outreach_daily' and version = 2")
    assert (made["valid_at"].lower, made["author"], made["proposal_id"]) == (from_when, ONE, proposal_id)


def test_concurrent_approvals_set_one_version(db: Connection[Any], connect: Connect) -> None:
    proposal_id = change(db, "outreach_daily", cap(2))
    one, two = connect(autocommit=False), connect()
    approve(one, "outreach_daily", proposal_id, by=TWO)
    with run_concurrently(lambda: approve(two, "outreach_daily", proposal_id, by=str(uuid4()))) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert isinstance(outcome[0], psycopg.Error)
    assert outcome[0].sqlstate == "SH409"
    assert value(db, "select count(*) from policy.cap where cap = 'outreach_daily'") == 2


@pytest.mark.parametrize(
    "tampering",
    [
        "update policy.proposal set value = '9'",
        "update policy.proposal set author = 'x'",
        "update policy.proposal set expires_at = 'infinity'",
        "delete from policy.proposal",
        "truncate policy.proposal cascade",
    ],
)
def test_a_proposal_cannot_be_edited_or_deleted(db: Connection[Any], tampering: str) -> None:
    change(db, "outreach_daily", cap(2))
    with pytest.raises(psycopg.Error) as refusal:
        db.execute(tampering)
    assert refusal.value.sqlstate == "SH409"


def test_every_step_is_audited_with_its_actor(db: Connection[Any], clock: Clock) -> None:
    proposal_id = change(db, "outreach_daily", cap(2))
    approve(db, "outreach_daily", proposal_id)
    found = rows(
        db,
        "select actor, action, subject, detail #>> '{new,reason}' as reason from policy.audit where happened_at = %s"
        " order by audit_id",
        NOW,
    )
    assert [(f["actor"], f["action"], f["subject"]) for f in found] == [
        (ONE, "insert", "policy.proposal"),
        (TWO, "update", "policy.proposal"),
        (ONE, "update", "policy.cap"),
        (ONE, "insert", "policy.cap"),
    ]
    assert {f["reason"] for f in found if f["subject"] == "policy.proposal"} == {"a test"}
