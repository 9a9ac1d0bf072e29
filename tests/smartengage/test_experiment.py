"""Uplift: who counts in which group, in which window, and the figures of analysts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.conftest import Connect
from tests.marketplace import booking, campaign, service
from tests.outbox import DAY, MICRO, NOW, house_text, message, reader, record_event, row, rows, sent, set_rule, value

Db = Connection[Any]
WEEK = 7 * DAY


def run(db: Db, campaign_id: UUID, day: int = 0) -> UUID:
    """A planning, so many days after NOW."""
    found: UUID = value(
        db,
        "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates)"
        " values (%s, %s, %s, 1) returning run_id",
        campaign_id, f"day {day}", NOW + day * DAY,
    )  # fmt: skip
    return found


def decided(db: Db, run_id: UUID, user: UUID, home: UUID, outcome: str = "message", **columns: Any) -> None:
    """One outcome of a planning: message, ghost, or the reason of a refusal."""
    refused = outcome not in ("message", "ghost")
    occurrence = columns.pop("occurrence", f"{home}:5")
    message_id = None
    if not refused:
        message_id = message(
            db, user, service_id=home, run_id=run_id, state="ghost" if outcome == "ghost" else "scheduled",
            template_id=house_text(db),
        )  # fmt: skip
    db.execute(
        "insert into smartengage.candidate (run_id, user_id, service_id, occurrence, segment, p14, expected_at,"
        " outcome, message_id, reason, rule, rule_version) values (%s, %s, %s, %s, %s, 0.5, %s, %s, %s, %s, %s, %s)",
        [run_id, user, home, occurrence, columns.pop("segment", "repeat"), NOW, "refused" if refused else outcome,
         message_id, outcome if refused else None, "x" if refused else None, 1 if refused else None],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("after", "status", "booked"),
    [
        (timedelta(0), "pending", True),
        (-MICRO, "pending", False),
        (WEEK - MICRO, "pending", True),
        (WEEK, "pending", False),
        (DAY, "completed", True),
        (DAY, "cancelled", False),
    ],
)
def test_a_booking_counts_within_the_window_from_the_planning_on(
    db: Db, after: timedelta, status: str, booked: bool
) -> None:
    user, home = reader(db), service(db)
    decided(db, run(db, campaign(db)), user, home)
    booking(db, user, home, status=status, scheduled_at=NOW + 20 * DAY, created_at=NOW + after)
    booking(db, user, service(db), status="pending", scheduled_at=NOW + 20 * DAY, created_at=NOW + DAY)
    found = rows(db, "select booked from smartengage.experiment_unit(%s) where scope = 'campaign'", NOW + WEEK)
    assert found == [{"booked": booked}]


def test_a_window_counts_once_it_has_ended(db: Db) -> None:
    decided(db, run(db, campaign(db)), reader(db), service(db))
    assert rows(db, "select 1 from smartengage.experiment_unit(%s)", NOW + WEEK - MICRO) == []
    assert len(rows(db, "select 1 from smartengage.experiment_unit(%s)", NOW + WEEK)) == 2
    set_rule(db, "attribution.window", 8)
    assert rows(db, "select 1 from smartengage.experiment_unit(%s)", NOW + WEEK) == []


@pytest.mark.parametrize(
    ("outcome", "in_campaign", "in_everything"),
    [
        ("message", False, False),
        ("ghost", True, False),
        ("global_control", None, True),
        ("no_consent", None, False),
        ("capped", None, False),
        ("flag_off", None, None),
        ("person_inactive", None, None),
    ],
)
def test_who_is_in_which_group(db: Db, outcome: str, in_campaign: bool | None, in_everything: bool | None) -> None:
    decided(db, run(db, campaign(db)), reader(db), service(db), outcome)
    groups = {r["scope"]: r["held_out"] for r in rows(db, "select * from smartengage.experiment_unit(%s)", NOW + WEEK)}
    assert (groups.get("campaign"), groups.get("everything")) == (in_campaign, in_everything)


def test_a_person_without_messages_counts_once_per_expected_booking(db: Db) -> None:
    """They are due again each morning; a reminded person is refused as already_reminded each morning after."""
    campaign_id, home, user, control = campaign(db), service(db), reader(db), reader(db)
    for day in range(3):
        run_id = run(db, campaign_id, day)
        decided(db, run_id, user, home, "message" if day == 0 else "already_reminded")
        decided(db, run_id, control, home, "global_control")
    # The next expected booking counts again.
    decided(db, run(db, campaign_id, 30), control, home, "global_control", occurrence="next")
    # Booked on the eighth day: not within seven of the first planning.
    booking(db, control, home, status="pending", scheduled_at=NOW + 20 * DAY, created_at=NOW + 8 * DAY)
    found = rows(
        db,
        "select user_id, held_out, booked from smartengage.experiment_unit(%s) where scope = 'everything' order by held_out",
        NOW + 60 * DAY,
    )
    assert [(f["user_id"], f["held_out"], f["booked"]) for f in found] == [
        (user, False, False),
        (control, True, False),
        (control, True, False),
    ]


def measured(db: Db, *, messages: int, ghosts: int) -> UUID:
    """A campaign in which a third of the recipients booked, and none of the held out."""
    campaign_id, home = campaign(db, name="autumn"), service(db)
    run_id = run(db, campaign_id)
    for number in range(messages + ghosts):
        user = reader(db)
        decided(db, run_id, user, home, "message" if number < messages else "ghost",
                segment="repeat" if number % 2 else "at_risk")  # fmt: skip
        if number < messages and number % 3 == 0:
            booking(db, user, home, status="pending", scheduled_at=NOW + 9 * DAY, created_at=NOW + DAY)
    value(db, "select smartengage.refresh_uplift(%s)", NOW + 8 * DAY)
    return campaign_id


@pytest.mark.parametrize(("least", "verdict"), [(20, "more"), (21, "too_early")])
def test_the_figures_of_analysts(db: Db, connect: Connect, least: int, verdict: str) -> None:
    set_rule(db, "uplift.min_sample", least)
    campaign_id = measured(db, messages=30, ghosts=20)
    analyst = connect(role="shokti_analyst")
    found = row(analyst, "select * from analytics.uplift")
    newcombe = row(db, "select * from stats.newcombe_interval(10 / 30.0::float8, 30, 0, 20)")
    assert (found["campaign_id"], found["messages"], found["ghosts"]) == (campaign_id, 30, 20)
    assert (found["message_people"], found["ghost_people"]) == (30, 20)
    assert found["uplift"] == pytest.approx(1 / 3)
    assert (found["uplift_low"], found["uplift_high"]) == pytest.approx((newcombe["low"], newcombe["high"]))
    assert (found["too_early"], found["verdict"]) == (verdict == "too_early", verdict)
    segments = rows(analyst, "select segment, messages, ghosts, verdict from analytics.uplift_by_segment order by 1")
    assert [(s["segment"], s["messages"], s["ghosts"], s["verdict"]) for s in segments] == [
        ("at_risk", 15, 10, "too_early"),
        ("repeat", 15, 10, "too_early"),
    ]


def test_refreshing_again_changes_nothing_and_freshness_shows_it(db: Db) -> None:
    measured(db, messages=6, ghosts=3)
    first = rows(db, "select * from smartengage.uplift order by scope, segment")
    value(db, "select smartengage.refresh_uplift(%s)", NOW + 8 * DAY)
    assert rows(db, "select * from smartengage.uplift order by scope, segment") == first
    fresh = row(db, "select as_of, row_count from analytics.freshness where snapshot = 'smartengage.uplift'")
    assert fresh == {"as_of": NOW + 8 * DAY, "row_count": 3}


def test_a_campaign_without_a_holdout_has_no_uplift(db: Db) -> None:
    measured(db, messages=6, ghosts=0)
    assert rows(db, "select * from analytics.uplift") == []


def test_repeated_units_of_few_people_do_not_narrow_the_interval(db: Db) -> None:
    """The same six people, month after month: three always book, all of them recipients."""
    campaign_id, homes = campaign(db), [service(db) for _ in range(12)]
    run_id, users = run(db, campaign_id), [reader(db) for _ in range(6)]
    for number, user in enumerate(users):
        for home in homes:
            decided(db, run_id, user, home, "message" if number < 4 else "ghost")
            if number < 2:
                booking(db, user, home, status="pending", scheduled_at=NOW + 9 * DAY, created_at=NOW + DAY)
    found = row(
        db, "select * from smartengage.estimate_uplift(%s) where scope = 'campaign' and segment is null", NOW + 8 * DAY
    )
    assert (found["messages"], found["message_people"], found["uplift"]) == (48, 4, 0.5)
    assert found["uplift_low"] < 0


def test_feedback_by_campaign_and_segment(db: Db, connect: Connect) -> None:
    campaign_id, home = campaign(db, name="autumn"), service(db)
    run_id = run(db, campaign_id)
    for number in range(4):
        user = reader(db)
        message_id = sent(db, user, NOW, service_id=home)
        db.execute(
            "insert into smartengage.candidate (run_id, user_id, service_id, occurrence, segment, p14, expected_at,"
            " outcome, message_id) values (%s, %s, %s, 'x', 'repeat', 0.5, %s, 'message', %s)",
            [run_id, user, home, NOW, message_id],
        )
        # The latest feedback counts; one person gives none.
        for word in (["useful"], ["not_useful", "useful"], ["useful", "not_useful"], [])[number]:
            record_event(db, message_id, word, NOW + DAY)
    found = row(connect(role="shokti_analyst"), "select * from analytics.feedback")
    assert (found["campaign"], found["segment"]) == ("autumn", "repeat")
    assert (found["sent"], found["answered"], found["useful"]) == (4, 3, 2)
    assert found["useful_share"] == pytest.approx(2 / 3)
    assert found["useful_low"] < 2 / 3 < found["useful_high"]
