"""Explain of a past instant says what the planner said then, whatever has become of everybody since."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from tests.marketplace import at, booking, campaign, consent, person, rhythm, service
from tests.outbox import DAY, HOUR, MICRO, NOW, claim, rows, set_cap, set_rule, value, withdraw

Db = Connection[Any]
Told = dict[tuple[UUID, UUID, UUID | None], tuple[str, str | None, str | None, int | None]]

#: What the planner says of everybody who has a profile, before it carries anything out.
SAID = """
select c.campaign_id, v.user_id, v.service_id,
       case v.outcome when 'refused' then 'refuse' else v.outcome end as verdict, v.reason, v.rule, v.rule_version
from smartengage.campaign c
cross join (select %s::timestamptz as at) a
cross join lateral smartengage.planning_values(c.campaign_id, a.at) p
cross join lateral (
  select d.user_id, d.service_id, d.outcome, d.reason, d.rule, d.rule_version
  from smartengage.plan_decisions(c.campaign_id, p, a.at, 'x') d
  union all
  select n.user_id, n.service_id, n.outcome, n.reason, n.rule, n.rule_version
  from smartengage.ineligible(p, a.at) n
) v
"""
EXPLAINED = """
select e.campaign_id, p.user_id, e.service_id, e.verdict, e.reason, e.rule, e.rule_version
from account.person p
cross join lateral explain.verdicts(p.user_id, %s) e
where e.stage = 'plan' and e.gate = 'outcome'
"""


def told(db: Db, statement: str, moment: datetime) -> Told:
    return {
        (r["campaign_id"], r["user_id"], r["service_id"]): (r["verdict"], None, None, None)
        if r["verdict"] in ("message", "ghost")
        else (r["verdict"], r["reason"], r["rule"], r["rule_version"])
        for r in rows(db, statement, moment)
    }


def random_customers(db: Db, dice: random.Random, homes: list[UUID]) -> list[UUID]:
    """Regular and not, known well and hardly, just been there and long gone."""
    users = []
    for _ in range(90):
        user = person(db, consents=["email"] if dice.random() < 0.85 else [])
        users.append(user)
        for home in dice.sample(homes, dice.choice([0, 1, 1, 2, 3])):
            every = dice.choice([14, 21, 28, 28, 35])
            # Most are due about now; some were here yesterday, some stay away.
            since = dice.choice([every - 2, every - 1, every, every - 3, every - 10, every + 15, 3 * every, 200])
            rhythm(
                db,
                user,
                home,
                last=NOW - since * DAY + dice.randrange(9) * HOUR,
                every=every,
                times=dice.choice([1, 2, 3, 6, 9]),
            )
    return users


def life_goes_on(db: Db, dice: random.Random, users: list[UUID], homes: list[UUID], since: datetime) -> None:
    """Bookings made and done, consents given and taken back, in the two days from an instant on."""
    for user in users:
        fate = dice.random()
        if fate < 0.25:
            booking(db, user, dice.choice(homes), scheduled_at=since + DAY, created_at=since + 3 * HOUR)
        elif fate < 0.35:
            booking(
                db, user, dice.choice(homes), status="pending", scheduled_at=since + 9 * DAY, created_at=since + HOUR
            )
        elif fate < 0.45:
            withdraw(db, user, since + 5 * HOUR)
        elif fate < 0.5 and not value(db, "select count(*) from account.consent where user_id = %s", user):
            consent(db, user, since=since + 5 * HOUR)


def test_the_past_is_explained_as_the_planner_decided_it(db: Db) -> None:
    """Three days of planning and life; the second day's answers are nowhere kept, and are computed as of then."""
    dice = random.Random(7)
    set_rule(db, "holdout.global_share", 0.1)
    set_rule(db, "reminder.min_p14", 0.3)
    homes = [service(db, price_poisha=price) for price in (150_000, 150_000, 90_000)]
    first = campaign(db, segments=["repeat", "at_risk"], holdout_share=0.3, repeats=True)
    campaign(db, canary_share=0.5, segments=["new", "repeat", "inactive"])
    users = random_customers(db, dice, homes)
    moments = [NOW, NOW + 2 * DAY, NOW + 4 * DAY, NOW + 9 * DAY]
    value(db, "select prediction.store_model(%s)", NOW - MICRO)
    said: list[Told] = []
    for moment in moments:
        value(db, "select smartengage.refresh_snapshots(%s)", moment)
        said.append(told(db, SAID, moment))
        if moment == NOW:
            value(db, "select smartengage.plan_reminder_run(%s, 'first', %s)", first, moment)
            claim(db, NOW + 2 * HOUR, limit=10)
        life_goes_on(db, dice, users, homes, moment)
    # What was predicted is not what is predicted now, nor by the same curves.
    assert value(db, "select count(*) from prediction.fitted_model") == 2
    set_cap(db, "outreach_weekly", 9, 168, since=moments[-1])
    seen = Counter[str]()
    for moment, then in zip(moments, said, strict=True):
        # A microsecond before the plan was carried out, as its own messages stand in the way of others from then on.
        now = told(db, EXPLAINED, moment - MICRO if moment == NOW else moment)
        assert now.keys() == then.keys()
        for key, answer in now.items():
            assert answer == then[key], (moment, key, answer, then[key])
            if moment != moments[-1]:
                seen[answer[1] or answer[0]] += 1
    written = {r["user_id"] for r in rows(db, "select user_id from outreach.message")}
    now = told(db, EXPLAINED, NOW)
    assert {k: now[k] for k in now if k[1] not in written} == {k: said[0][k] for k in now if k[1] not in written}
    assert {
        *("message", "ghost", "too_little_history", "not_in_segment", "open_booking", "not_due_yet"),
        *("unlikely", "already_reminded", "global_control", "not_in_canary", "no_consent", "another_service_first"),
    } <= seen.keys(), seen


def test_of_then_only_the_bookings_and_the_curves_of_then_count(db: Db) -> None:
    """A candidate keeps for a day what it was planned by; all else is computed for the instant."""
    set_rule(db, "holdout.global_share", 0)
    due, early, home = person(db, consents=["email"]), person(db, consents=["email"]), service(db)
    rhythm(db, due, home, last=NOW - 26 * DAY)
    rhythm(db, early, home, last=NOW - 10 * DAY)
    campaign_id = campaign(db)
    value(db, "select prediction.store_model(%s)", NOW - MICRO)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    booking(db, due, home, scheduled_at=NOW + DAY, created_at=NOW + 2 * HOUR)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW + 2 * DAY)

    def gates(user: UUID, moment: datetime) -> dict[str, dict[str, Any]]:
        return {
            g["gate"]: g for g in rows(db, "select * from explain.verdicts(%s, %s) where stage = 'plan'", user, moment)
        }

    assert gates(due, NOW + 2 * DAY)["history"]["evidence"]["visits"] == 9
    then = gates(due, NOW + HOUR)
    assert then["history"]["evidence"]["visits"] == 8
    assert datetime.fromisoformat(then["likely"]["evidence"]["as_of"]) == NOW
    assert then["outcome"]["reason"] == "already_reminded"
    then = gates(early, NOW + HOUR)
    assert datetime.fromisoformat(then["likely"]["evidence"]["as_of"]) == NOW + HOUR
    assert then["outcome"]["reason"] == "not_due_yet"
    before = gates(due, NOW - MICRO)
    assert (before["outcome"]["verdict"], before["segment"]["evidence"]["segment"]) == ("message", "repeat")
    # Before their second visit nothing needs to be predicted.
    first = gates(early, at("2025-06-01T10:00:00"))
    assert (first["outcome"]["verdict"], first["outcome"]["reason"]) == ("no_candidate", "too_little_history")


def test_before_anything_was_learned_the_prediction_is_unknown_and_nobody_learns_for_one_question(db: Db) -> None:
    """Only the gates that hang on the prediction are; once it is learned for that instant, it is the planner's."""
    set_rule(db, "holdout.global_share", 0)
    user, once, home = person(db, consents=["email"]), person(db, consents=["email"]), service(db)
    rhythm(db, user, home, last=NOW - 26 * DAY)
    rhythm(db, once, home, last=NOW - 26 * DAY, times=1)
    campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW + 60 * DAY)
    learning = value(db, "select pg_get_functiondef('prediction.fit_model'::regproc)")
    db.execute(
        "create or replace function prediction.fit_model(p_at timestamptz) returns setof prediction.fitted_model"
        " language plpgsql stable parallel safe as $$ begin raise 'it learns'; end $$"
    )
    gates = {g["gate"]: g for g in rows(db, "select * from explain.verdicts(%s, %s) where stage = 'plan'", user, NOW)}
    assert (gates["outcome"]["verdict"], gates["outcome"]["reason"]) == ("unknown", "not_learned")
    unknown = {name for name, gate in gates.items() if gate["verdict"] == "unknown"}
    assert unknown == {"outcome", "segment", "still_useful", "due", "likely", "time"}
    assert gates["history"]["evidence"]["visits"] == 8
    assert gates["likely"]["evidence"]["p14"] is None
    assert {gate["verdict"] for name, gate in gates.items() if name not in unknown} == {"pass"}
    # What is no question of the prediction is answered.
    (early,) = rows(db, "select * from explain.verdicts(%s, %s) where gate = 'outcome'", once, NOW)
    assert (early["verdict"], early["reason"]) == ("no_candidate", "too_little_history")

    db.execute(learning)
    assert value(db, "select prediction.store_model(%s)", NOW) == NOW
    now = told(db, EXPLAINED, NOW)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    assert now == told(db, SAID, NOW)
    assert {answer[0] for answer in now.values()} == {"message", "no_candidate"}
