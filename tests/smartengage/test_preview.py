"""Planning as a function of its values: the planner stores what it returns, and a preview counts what planning would do."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.candidates import plan, profile, random_profile, random_reader
from tests.conftest import Clock
from tests.marketplace import campaign, service
from tests.outbox import DAY, HOUR, MICRO, NOW, message, reader, row, rows, set_cap, set_rule, value

Db = Connection[Any]

RULES: dict[str, list[float]] = {
    "reminder.lead": [0, 2, 3, 4, 30],
    "reminder.useful_for": [0, 1, 2, 3, 30],
    "reminder.min_p14": [0, 0.25, 0.5, 0.9, 1],
    "reminder.min_visits": [2, 5, 6, 100],
    "holdout.global_share": [0, 0.3, 1],
}
SEGMENTS = ["new", "repeat", "at_risk", "inactive"]

#: A planning with all columns of its decisions, under the values in force with those of the arguments in their place.
DECIDED = """
select d.user_id, d.service_id, d.segment, d.occurrence, d.p14, d.expected_at, d.outcome, d.reason, d.rule, d.rule_version,
       case when d.outcome <> 'refused' then d.expected_value end as expected_value,
       case when d.outcome <> 'refused' then d.useful_until end as useful_until,
       case when d.outcome <> 'refused' then d.channel end as channel,
       case when d.outcome <> 'refused' then d.template_id end as template_id,
       case when d.outcome <> 'refused' then d.due_at end as due_at,
       case when d.outcome <> 'refused' then v.window_from end as window_from,
       case when d.outcome <> 'refused' then v.window_until end as window_until
from smartengage.planning_values(
  %(campaign)s, %(at)s, %(rules)s, %(segments)s, %(holdout_share)s, %(window_from)s::time, %(window_until)s::time) v
cross join lateral smartengage.plan_decisions(%(campaign)s, v, %(at)s, %(salt)s) d
order by d.user_id, d.service_id
"""
#: The same as a run has stored it.
STORED = """
select c.user_id, c.service_id, c.segment, c.occurrence, c.p14, c.expected_at, c.outcome, c.reason, c.rule, c.rule_version,
       m.expected_value, m.useful_until, m.channel, m.template_id, m.due_at, m.window_from, m.window_until
from smartengage.candidate c
left join outreach.message m on m.message_id = c.message_id
order by c.user_id, c.service_id
"""


def random_marketplace(db: Db, dice: random.Random) -> UUID:
    """People of all kinds with predictions for up to three services, some reminded already; a campaign."""
    homes = [service(db, price_poisha=price) for price in (150_000, 150_000, 90_000)]
    mine = campaign(db, channels=["sms", "email"], canary_share=0.9, holdout_share=0.3, segments=["repeat", "at_risk"])
    set_cap(db, "outreach_weekly", dice.choice([1, 2]), 168, since=NOW - HOUR)
    for user in [random_reader(db, dice, NOW) for _ in range(70)] + [reader(db) for _ in range(30)]:
        for home in dice.sample(homes, dice.choice([1, 1, 2, 3])):
            random_profile(db, user, home, dice)
            if dice.random() < 0.1:
                occurrence = value(db, "select code || ':5' from market.service where service_id = %s", home)
                message(
                    db, user, campaign_id=mine, occurrence=occurrence, service_id=home, planned_at=NOW - DAY,
                    due=NOW + HOUR, useful_until=NOW + DAY,
                )  # fmt: skip
    return mine


def random_values(dice: random.Random) -> dict[str, Any]:
    """Some values given, others left to policy and campaign."""
    rules = {rule: dice.choice(settings) for rule, settings in RULES.items() if dice.random() < 0.5}
    return {
        "rules": rules,
        "segments": dice.choice([None, SEGMENTS, ["inactive", "new"], ["repeat"]]),
        "holdout_share": dice.choice([None, 0, 0.6, 1]),
        "window_from": dice.choice([None, "06:00", "12:30"]),
        "window_until": dice.choice([None, "13:00", "23:00"]),
    }


def put_in_force(db: Db, campaign_id: UUID, values: dict[str, Any]) -> None:
    for rule, setting in values["rules"].items():
        set_rule(db, rule, setting)
    for column in ("segments", "holdout_share", "window_from", "window_until"):
        if values[column] is not None:
            db.execute(
                f"update smartengage.campaign set {column} = %s where campaign_id = %s".encode(),
                [values[column], campaign_id],
            )


def arguments(campaign_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    return values | {"campaign": campaign_id, "at": NOW, "rules": Jsonb(values["rules"])}


@pytest.mark.parametrize("seed", range(6))
def test_a_run_stores_what_is_decided_whether_values_are_in_force_or_given(db: Db, seed: int) -> None:
    dice = random.Random(seed)
    mine = random_marketplace(db, dice)
    nothing: dict[str, Any] = {
        "rules": {},
        "segments": None,
        "holdout_share": None,
        "window_from": None,
        "window_until": None,
    }
    seen = Counter[str]()
    for values in (nothing, *(random_values(dice) for _ in range(4))):
        with db.transaction(force_rollback=True):
            put_in_force(db, mine, values)
            run_id = plan(db, mine)["run_id"]
            figures = value(db, "select smartengage.run_report(%s) - '{run_id,trigger_key,planned_at}'::text[]", run_id)
            stored = rows(db, STORED)
        decided = [dict(d) for d in rows_named(db, DECIDED, arguments(mine, values) | {"salt": run_id})]
        preview = value(
            db,
            "select smartengage.planned_figures(%s, smartengage.planning_values("
            "%s, %s, %s, %s, %s, %s::time, %s::time), %s)",
            mine, mine, NOW, Jsonb(values["rules"]), values["segments"], values["holdout_share"], values["window_from"],
            values["window_until"], NOW,
        )  # fmt: skip
        assert preview["refusals"] == figures["refusals"]
        for count in ("candidates", "messages", "ghosts", "refused"):
            assert preview[count] == figures[count] == sum(one[count] for one in preview["segments"])
        for one in preview["segments"]:
            refused = Counter(s["reason"] for s in stored if s["segment"] == one["segment"] and s["reason"])
            assert one["refusals"] == refused
        if values is not nothing:
            # A value in force has a version of its own; a given one has none.
            for each in (*stored, *decided):
                del each["rule_version"]
        assert decided == stored
        seen.update(each["reason"] or each["outcome"] for each in stored)
    assert seen.keys() >= {"message", "ghost", "already_reminded", "no_consent", "another_service_first"}, seen


def rows_named(db: Db, statement: str, named: dict[str, Any]) -> list[dict[str, Any]]:
    with db.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        return cursor.execute(statement.encode(), named).fetchall()


def test_every_rule_of_planning_can_be_given_and_is_read(db: Db) -> None:
    mine = campaign(db)
    named = [r["rule"] for r in rows(db, "select rule from smartengage.planning_rule")]
    assert sorted(named) == sorted(RULES)
    values = "select to_jsonb(smartengage.planning_values(%s, %s, %s))"
    before = value(db, values, mine, NOW, Jsonb({}))
    changed = set()
    for rule, settings in RULES.items():
        given = value(db, values, mine, NOW, Jsonb({rule: settings[-1]}))
        with db.transaction(force_rollback=True):
            set_rule(db, rule, settings[-1])
            assert value(db, values, mine, NOW, Jsonb({})) == given
        changed |= {column for column in before if given[column] != before[column]}
    assert changed == {"lead", "useful_for", "min_p14", "min_visits", "global_share"}


def test_nobody_is_a_candidate_of_an_unknown_campaign(db: Db) -> None:
    profile(db, reader(db), service(db))
    unknown = "smartengage.planning_values(gen_random_uuid(), %s)"
    due = f"select count(*) from smartengage.due_candidates({unknown}, %s)"
    assert value(db, due, NOW, NOW) == 0


def test_a_preview_waits_for_nobody_and_could_run_on_a_standby(db: Db, connect: Any) -> None:
    """Read-only, while a planner holds its locks; and the only locks it takes are those of any query."""
    set_rule(db, "holdout.global_share", 0)
    profile(db, reader(db), service(db))
    mine = campaign(db)
    reading = connect(autocommit=False)
    reading.execute("set transaction read only")
    with db.transaction():
        assert plan(db, mine)["messages"] == 1
        given = "smartengage.planning_values(%s, %s, '{\"reminder.lead\": 1}')"
        preview = value(reading, f"select smartengage.planning_preview(%s, {given}, %s)", mine, mine, NOW, NOW)
    assert (preview["today"]["messages"], preview["tried"]["candidates"]) == (1, 0)
    assert preview["today"]["segments"] == [
        {"segment": "repeat", "candidates": 1, "messages": 1, "ghosts": 0, "refused": 0, "refusals": {}}
    ]
    assert preview["tried"] == {
        "candidates": 0, "messages": 0, "ghosts": 0, "refused": 0, "refusals": {}, "segments": []
    }  # fmt: skip
    held = rows(reading, "select distinct locktype, mode from pg_locks where pid = pg_backend_pid()")
    assert {(h["locktype"], h["mode"]) for h in held} == {
        ("relation", "AccessShareLock"),
        ("virtualxid", "ExclusiveLock"),
    }
    reading.rollback()


ASK = "select smartengage.request_preview(%s, %s, %s, %s, %s::time, %s::time, 'test', %s)"


def ask(db: Db, campaign_id: UUID, **given: Any) -> UUID:
    preview_id: UUID = value(
        db,
        ASK,
        campaign_id,
        Jsonb(given.get("rules", {})),
        *(given.get(name) for name in ("segments", "holdout_share", "window_from", "window_until")),
        NOW,
    )
    return preview_id


def test_a_preview_is_computed_once_and_kept_for_a_day(db: Db, clock: Clock) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    for days in (2, 4):
        profile(db, reader(db), home, expected_at=NOW + days * DAY)
    mine = campaign(db, status="draft")
    preview_id = ask(db, mine, rules={"reminder.lead": 4}, holdout_share=1)
    assert row(db, "select entrypoint, convert_from(payload, 'UTF8')::jsonb as payload from queue.pgqueuer") == {
        "entrypoint": "preview",
        "payload": {"preview_id": str(preview_id)},
    }
    document = "select smartengage.preview_document(%s, %s, %s)"
    queued = value(db, document, mine, preview_id, NOW)
    assert (queued["status"], queued["result"], queued["rules"]) == ("queued", None, {"reminder.lead": 4})
    clock.set(NOW)
    assert value(db, "select jobs.run_preview(%s)", preview_id)["done"]
    done = value(db, document, mine, preview_id, NOW)
    today, tried = (done["result"][name] for name in ("today", "tried"))
    assert done["status"] == "done"
    assert [(f["candidates"], f["messages"], f["ghosts"]) for f in (today, tried)] == [(1, 1, 0), (2, 0, 2)]
    # A job that is repeated changes nothing; nothing was planned.
    profile(db, reader(db), home)
    assert not value(db, "select jobs.run_preview(%s)", preview_id)["done"]
    assert value(db, document, mine, preview_id, NOW) == done
    for table in ("smartengage.run", "smartengage.candidate", "outreach.message"):
        assert value(db, f"select count(*) from {table}") == 0
    assert value(db, document, mine, preview_id, NOW + DAY - MICRO) == done
    for asked in ((mine, preview_id, NOW + DAY), (campaign(db), preview_id, NOW), (mine, mine, NOW)):
        with pytest.raises(psycopg.Error) as refusal:
            value(db, document, *asked)
        assert refusal.value.sqlstate == "SH404"
    clock.set(NOW + DAY - MICRO)
    assert value(db, "select jobs.housekeep()")["previews_pruned"] == 0
    clock.set(NOW + DAY)
    assert value(db, "select jobs.housekeep()")["previews_pruned"] == 1
    assert value(db, "select count(*) from smartengage.preview") == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rules": {"reminder.leed": 3}}, "rules.reminder.leed"),
        ({"rules": {"look_ahead": True}}, "rules.look_ahead"),
        ({"rules": {"outreach_daily": {"max_messages": 3}}}, "rules.outreach_daily"),
        ({"rules": {"reminder.lead": 31}}, "rules.reminder.lead"),
        ({"rules": {"reminder.lead": "3"}}, "rules.reminder.lead"),
        ({"rules": {"reminder.lead": None}}, "rules.reminder.lead"),
        ({"rules": {"reminder.lead": 3, "reminder.min_p14": 1.01}}, "rules.reminder.min_p14"),
        ({"segments": []}, "segments"),
        ({"segments": ["old"]}, "segments"),
        ({"segments": SEGMENTS}, "segments"),
        ({"segments": ["inactive"]}, "segments"),
        ({"window_from": "20:30"}, "window_until"),
        ({"window_until": "09:00"}, "window_until"),
    ],
)
def test_an_impossible_value_is_refused_with_the_field(db: Db, given: dict[str, Any], field: str) -> None:
    profile(db, reader(db), service(db))
    with pytest.raises(psycopg.Error) as refusal:
        ask(db, campaign(db), **given)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", field)
    for table in ("smartengage.preview", "queue.pgqueuer"):
        assert value(db, f"select count(*) from {table}") == 0


def test_only_reminder_campaigns_have_it(db: Db) -> None:
    for campaign_id, code in ((service(db), "SH404"), (campaign(db, kind="announcement"), "SH409")):
        with pytest.raises(psycopg.Error) as refusal:
            ask(db, campaign_id)
        assert refusal.value.sqlstate == code
