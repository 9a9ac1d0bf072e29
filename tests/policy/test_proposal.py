"""Changes of rules and caps: which ones loosen, and that those need the approval of a second admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.outbox import DAY, HOUR, MICRO, NOW, row, rows, run_concurrently, value, wait_until_blocked
from tests.sessions import refused

Connect = Callable[..., Connection[Any]]

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


@pytest.mark.parametrize(
    ("old", "new", "loosens"),
    [
        ((2, 168), (1, 168), False),
        ((2, 168), (2, 168), False),
        ((2, 168), (3, 168), True),
        ((2, 168), (2, 169), False),
        ((2, 168), (2, 167), True),
        # More messages in a longer window, or fewer in a shorter one: looser on some days.
        ((2, 168), (3, 336), True),
        ((2, 168), (1, 24), True),
        ((2, 168), (None, 168), True),
        ((2, 168), (None, 8784), True),
        ((2, 168), (0, 1), False),
        ((0, 168), (0, 1), False),
        ((0, 168), (1, 8784), True),
        ((0, 168), (None, 168), True),
        ((None, 168), (None, 1), False),
        ((None, 168), (1000, 1), False),
        ((None, 168), (0, 1), False),
    ],
)
def test_cap_loosens_with_more_messages_or_a_shorter_window(
    db: Connection[Any], old: Any, new: Any, loosens: bool
) -> None:
    assert value(db, "select policy.cap_loosens(%s::int, %s, %s::int, %s)", *old, *new) is loosens
    db.execute("select policy.change_cap('outreach_weekly', %s, %s, 'tester', 'a test', %s)", [*old, NOW - DAY])
    proposal_id = change(db, "outreach_weekly", cap(*new))
    assert (proposal_id is not None) is loosens
    assert limits(db, "outreach_weekly") == (old if loosens else new)


def allowed(instants: tuple[int, ...], most: int, hours: int) -> bool:
    return all(sum(last - hours < earlier <= last for earlier in instants) <= most for last in instants)


def test_cap_loosens_whenever_the_new_cap_allows_more(db: Connection[Any]) -> None:
    """Compares with a brute-force check: every pattern of up to two messages an hour over five hours."""
    patterns = [tuple(hour for hour in range(5) for _ in range(number // 3**hour % 3)) for number in range(3**5)]
    caps = [(most, hours) for most in range(3) for hours in (1, 2, 3)]
    through = {one: {pattern for pattern in patterns if allowed(pattern, *one)} for one in caps}
    for old in caps:
        for new in caps:
            said = value(db, "select policy.cap_loosens(%s, %s, %s, %s)", *old, *new)
            assert said >= bool(through[new] - through[old]), (old, new)


@pytest.mark.parametrize(
    ("rule", "wish", "loosens"),
    [
        ("bounce.soft_limit", 6, True),
        ("bounce.soft_limit", 5, False),
        ("bounce.soft_limit", 4, False),
        ("link.stop_for", 1825, True),
        ("link.stop_for", 1827, False),
        ("text.min_bengali_share", 0.79, True),
        ("text.min_bengali_share", 0.81, False),
        ("reminder.lead", 30, False),
        ("reminder.lead", 0, False),
        ("default_zone", "Europe/London", False),
    ],
)
def test_rule_loosens_in_its_direction(db: Connection[Any], rule: str, wish: Any, loosens: bool) -> None:
    before = in_force(db, rule)
    assert (change(db, rule, wish) is not None) is loosens
    assert in_force(db, rule) == (before if loosens else wish)


def test_an_additional_cap_tightens_and_the_first_of_a_purpose_loosens(db: Connection[Any]) -> None:
    assert change(db, "outreach_sms", cap(1, 720, purpose="outreach", channel="sms")) is None
    assert limits(db, "outreach_sms") == (1, 720)
    # Voice has no cap, so nothing may be sent for it: the first cap enables sending.
    proposal_id = change(db, "voice_weekly", cap(1, 168, purpose="voice"))
    assert proposal_id is not None
    assert limits(db, "voice_weekly") is None
    assert approve(db, "voice_weekly", proposal_id) == 1
    assert in_force(db, "voice_weekly") == cap(1, 168, purpose="voice", channel=None)
    # Voice now has a cap over all channels, so one for SMS tightens.
    assert change(db, "voice_sms", cap(1, 24, purpose="voice", channel="sms")) is None


def test_ending_a_cap_takes_two_admins_and_the_last_cap_cannot_end(db: Connection[Any]) -> None:
    proposal_id = change(db, "outreach_daily", None)
    assert limits(db, "outreach_daily") == (1, 24)
    approve(db, "outreach_daily", proposal_id)
    assert limits(db, "outreach_daily") is None
    assert limits(db, "outreach_daily", NOW - MICRO) == (1, 24)
    # No cap does not mean no limit: a purpose without a cap sends nothing.
    with refused("SH422", column="value"):
        change(db, "outreach_weekly", None)
    # Setting it again tightens, as another cap is in force.
    assert change(db, "outreach_daily", cap(1, 24), at=NOW + HOUR) is None
    assert limits(db, "outreach_daily", NOW + HOUR) == (1, 24)


def test_two_pending_ends_leave_one_cap(db: Connection[Any]) -> None:
    daily, weekly = change(db, "outreach_daily", None), change(db, "outreach_weekly", None)
    approve(db, "outreach_daily", daily)
    with refused("SH422", column="value"):
        approve(db, "outreach_weekly", weekly)
    assert limits(db, "outreach_weekly") == (2, 168)


@pytest.mark.parametrize(
    ("rule", "wish", "field"),
    [
        ("outreach_daily", cap(-1), "value.max_messages"),
        ("outreach_daily", cap(1.5), "value.max_messages"),  # type: ignore[arg-type]
        ("outreach_daily", cap("1"), "value.max_messages"),  # type: ignore[arg-type]
        ("outreach_daily", {"window_hours": 24}, "value.max_messages"),
        ("outreach_daily", cap(1, 0), "value.window_hours"),
        ("outreach_daily", cap(1, 8785), "value.window_hours"),
        ("outreach_daily", cap(1, -24), "value.window_hours"),
        ("outreach_daily", {"max_messages": 1}, "value.window_hours"),
        ("outreach_daily", cap(1, purpose="coaching"), "value.purpose"),
        ("outreach_daily", cap(1, channel="sms"), "value.channel"),
        ("outreach_daily", cap(1, hours_="x"), "value"),
        ("outreach_daily", 1, "value"),
        ("new_cap", cap(1, purpose="transactional"), "value.purpose"),
        ("new_cap", cap(1, purpose="outreach", channel="fax"), "value.channel"),
        ("New Cap", cap(1, purpose="outreach"), "rule"),
        ("new_cap", cap(1), "rule"),
        ("no.such.rule", 1, "rule"),
        ("no.such.rule", None, "rule"),
        ("reminder.lead", None, "value"),
        ("reminder.lead", "3", "value"),
        ("reminder.lead", -1, "value"),
        ("reminder.lead", 31, "value"),
        ("consent", False, "value"),
        ("default_zone", "Mars/Olympus", "value"),
    ],
)
def test_an_invalid_change_names_the_field_and_changes_nothing(
    db: Connection[Any], rule: str, wish: Any, field: str
) -> None:
    everything = "select * from policy.setting_version order by rule, version"
    before = rows(db, everything)
    with refused("SH422", column=field):
        change(db, rule, wish)
    assert rows(db, everything) == before
    assert rows(db, "select * from policy.proposal") == []


def test_a_change_needs_a_reason_and_cannot_begin_in_the_past(db: Connection[Any]) -> None:
    for blank in ("", " \t"):
        with refused("SH422", column="reason"):
            change(db, "reminder.lead", 4, reason=blank)
    with refused("SH422", column="effective_from"):
        change(db, "reminder.lead", 4, since=NOW - MICRO)
    assert change(db, "reminder.lead", 4, since=NOW) is None


def test_a_change_replaces_scheduled_versions(db: Connection[Any], clock: Clock) -> None:
    change(db, "outreach_weekly", cap(1, 168), since=NOW + DAY)
    assert (limits(db, "outreach_weekly"), limits(db, "outreach_weekly", NOW + DAY)) == ((2, 168), (1, 168))
    # The value in force again is looser than the scheduled one, so it takes two admins.
    assert change(db, "outreach_weekly", cap(2, 168)) is not None
    # A value tighter than both is applied at once, and withdraws the scheduled one.
    assert change(db, "outreach_weekly", cap(0, 168)) is None
    assert limits(db, "outreach_weekly", NOW + 2 * DAY) == (0, 168)
    assert [
        (r["version"], r["empty"])
        for r in rows(
            db, "select version, isempty(valid_at) as empty from policy.cap where cap = 'outreach_weekly' order by 1"
        )
    ] == [(1, False), (2, True), (3, False)]
    # A version that has begun cannot be withdrawn.
    with pytest.raises(psycopg.Error, match="never changed or deleted"):
        db.execute("update policy.cap set valid_at = 'empty' where cap = 'outreach_weekly' and version = 3")


def test_a_change_that_replaces_a_scheduled_version_loosens_what_precedes_it(db: Connection[Any], clock: Clock) -> None:
    approve(db, "outreach_daily", change(db, "outreach_daily", cap(2), since=NOW + DAY))
    proposal_id = change(db, "outreach_daily", cap(2), since=NOW + DAY)
    assert proposal_id is not None
    approve(db, "outreach_daily", proposal_id)
    assert [limits(db, "outreach_daily", NOW + n * DAY) for n in (0, 1)] == [(1, 24), (2, 24)]


def test_a_future_end_can_be_brought_nearer_but_not_into_the_past(db: Connection[Any], clock: Clock) -> None:
    change(db, "reminder.lead", 4, since=NOW + 2 * DAY)
    change(db, "reminder.lead", 5, since=NOW + DAY)
    assert [in_force(db, "reminder.lead", NOW + n * DAY) for n in (0, 1, 2)] == [3, 5, 5]
    end = "update policy.rule set valid_at = tstzrange(null, %s) where rule = 'reminder.lead' and version = 1"
    for moment in (NOW - MICRO, NOW + DAY + MICRO):
        with pytest.raises(psycopg.Error, match="never changed or deleted"):
            db.execute(end, [moment])


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


LOOSER_CAP = """
    insert into policy.cap (cap, version, purpose, max_messages, window_hours, valid_at, author, reason, proposal_id)
    values ('outreach_daily', 2, 'outreach', 2, 24, tstzrange(%s, null), %s, 'alone', %s)
"""


def test_an_admin_cannot_loosen_alone_in_psql_either(db: Connection[Any]) -> None:
    """The owner may, under another name; a row whose author is an admin needs an approved proposal."""
    declined = change(db, "outreach_daily", cap(2))
    db.execute("select policy.decide_proposal('outreach_daily', %s, 'declined', %s, 'no', %s)", [declined, TWO, NOW])
    other = change(db, "outreach_daily", cap(3))
    db.execute("update policy.cap set valid_at = tstzrange(null, %s) where cap = 'outreach_daily'", [NOW])
    for proposal_id in (None, declined, other):
        with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
            db.execute(LOOSER_CAP, [NOW, ONE, proposal_id])
    with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
        db.execute("select policy.change_rule('bounce.soft_limit', '6', %s, 'alone', %s)", [ONE, NOW])
    with pytest.raises(psycopg.Error, match="needs the approval of a second admin"):
        db.execute(
            "insert into policy.cap (cap, version, purpose, max_messages, window_hours, valid_at, author, reason)"
            " values ('voice_any', 1, 'voice', 1, 24, tstzrange(%s, null), %s, 'alone')",
            [NOW, ONE],
        )
    db.execute(LOOSER_CAP, [NOW, "owner", None])
    logged = "select actor from policy.audit where subject = 'policy.cap' and action = 'insert' order by audit_id"
    assert rows(db, logged)[-1]["actor"] == "owner"


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


@pytest.mark.parametrize(("version", "wish"), [(None, 4), (1, 3), (2, 4), (3, 5)])
def test_earlier_value_of_a_version_and_of_the_previous(
    db: Connection[Any], clock: Clock, version: int | None, wish: int
) -> None:
    for day, number in enumerate((4, 5, 6)):
        change(db, "reminder.lead", number, at=NOW + day * DAY)
    # A scheduled version is not the previous one.
    clock.set(NOW + 2 * DAY)
    change(db, "reminder.lead", 7, since=NOW + 9 * DAY, at=NOW + 2 * DAY)
    found = value(db, "select policy.earlier_value('reminder.lead', %s, %s)", version, NOW + 3 * DAY)
    assert found == (5 if version is None else wish)


def test_a_missing_earlier_version_is_an_error(db: Connection[Any]) -> None:
    for version in (None, 2):
        with refused("SH422", column="version"):
            value(db, "select policy.earlier_value('reminder.lead', %s::int, %s)", version, NOW)
