"""Runs: what each states, and that every candidate and message is accounted for."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.candidates import plan, profile, without_global_control
from tests.marketplace import (
    campaign,
    service,
)
from tests.outbox import (
    NOW,
    reader,
    value,
)


@pytest.mark.parametrize("left", [2, 0])
def test_plan_that_loses_candidates_plans_nothing(db: Connection[Any], left: int) -> None:
    """One, or all of them: how many are due is not counted from what was decided."""
    without_global_control(db)
    campaign_id, home = campaign(db), service(db)
    for _ in range(3):
        profile(db, reader(db), home)
    result = value(db, "select pg_get_function_result('smartengage.plan_decisions'::regproc)")
    db.execute("alter function smartengage.plan_decisions rename to decide_all")
    db.execute(
        f"""
        create function smartengage.plan_decisions(
          p_campaign_id uuid, p_values smartengage.planning_values, p_at timestamptz, p_salt text)
        returns {result} language sql stable
        as 'select * from smartengage.decide_all(p_campaign_id, p_values, p_at, p_salt) limit {left}'
        """.encode()
    )
    with pytest.raises(psycopg.errors.InternalError_, match="does not reconcile"):
        plan(db, campaign_id)
    assert value(db, "select count(*) from smartengage.run") == value(db, "select count(*) from outreach.message") == 0


@pytest.mark.parametrize(
    ("message_class", "names_text", "exempt_reason", "broken"),
    [
        ("reminder", False, None, None),
        ("reminder", True, None, "run_is_of_kind"),
        ("reminder", False, "a flood", "run_is_of_kind"),
        ("announcement", True, None, None),
        ("announcement", False, None, "run_is_of_kind"),
        ("announcement", True, "a flood", "run_is_of_kind"),
        ("urgent", True, "a flood", None),
        ("urgent", True, None, "run_is_of_kind"),
        ("urgent", True, " ", "run_exemption_has_reason"),
        ("coaching", False, None, "run_is_of_kind"),
    ],
)
def test_a_run_states_what_its_kind_demands(
    db: Connection[Any], message_class: str, names_text: bool, exempt_reason: str | None, broken: str | None
) -> None:
    statement = """
        insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates, message_class, template_id, exempt_reason)
        values (%s, 'by hand', %s, 0, %s, %s, %s)"""
    text = value(db, "select template_id from text.template limit 1") if names_text else None
    given = [campaign(db), NOW, message_class, text, exempt_reason]
    if broken is None:
        assert db.execute(statement, given).rowcount == 1
        return
    with pytest.raises(psycopg.errors.IntegrityError, match=broken):
        db.execute(statement, given)
