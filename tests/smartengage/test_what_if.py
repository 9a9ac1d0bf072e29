"""What-if: the unchanged policy gives history back; another one gives what the product itself does under it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from tests.marketplace import campaign, service
from tests.rules.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    happened,
    message,
    new_cap,
    no_quiet_periods,
    reader,
    row,
    rows,
    sent,
    set_cap,
    set_rule,
    tell,
    value,
    went,
    withdraw,
)
from tests.rules.test_properties import Life, people

FROM, UNTIL = NOW - DAY, NOW + 60 * DAY
LIMITLESS = {"outreach_daily": {"max_messages": None}, "outreach_weekly": {"max_messages": None}}


def changes(
    db: Connection[Any], policy: dict[str, Any], since: datetime = FROM, until: datetime = UNTIL
) -> list[dict[str, Any]]:
    return rows(
        db,
        "select message_id, change, before_at, after_at, reason, was_capped, bookings"
        " from smartengage.replay_changes(%s, %s, %s, %s) order by before_at, after_at",
        since,
        until,
        Jsonb(policy),
        until,
    )


def told(db: Connection[Any], policy: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The same without ids, in short."""
    return [(c["change"], c["before_at"], c["after_at"], c["reason"]) for c in changes(db, policy)]


NOBODY, BEYOND = UUID(int=0), UUID(int=2**128 - 1)


def screened_as_all(db: Connection[Any], policy: dict[str, Any], since: datetime, until: datetime) -> int:
    """The pass for those whom the screen names gives what the pass for everybody gives; how many the screen spared."""
    found = {
        everybody: rows(
            db,
            "select message_id, sent_at, reason, before_at from smartengage.replay(%s, %s, %s, %s, %s, %s) order by 1",
            since,
            until,
            Jsonb(policy),
            NOBODY,
            BEYOND,
            everybody,
        )
        for everybody in (True, False)
    }
    assert found[False] == found[True], policy
    named = "select count(*) from smartengage.replay_suspects(%s, %s, 'outreach', %s, %s, %s, %s)"
    readers = value(db, "select count(distinct user_id) from outreach.delivery")
    return int(readers - value(db, named, NOBODY, BEYOND, since - 17 * DAY, since, until, Jsonb(policy)))


def run_until_idle(db: Connection[Any], until: datetime = UNTIL) -> None:
    """A worker that is never late: claims at each instant at which something is due."""
    while (
        due := value(db, "select min(due_at) from outreach.message where state = 'scheduled'")
    ) is not None and due <= until:
        for claimed in claim(db, due)["messages"]:
            tell(db, UUID(claimed["message_id"]), "accepted", due)


# One case each ------------------------------------------------------------------------------------------------------


def test_a_send_beyond_a_stricter_cap_waits_for_its_exact_instant_or_is_dropped(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    first = NOW + timedelta(microseconds=7)
    sent(db, user, first)
    sent(db, user, NOW + 30 * HOUR, useful_until=first + 48 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 29}}) == []
    assert told(db, {"outreach_daily": {"window_hours": 30}}) == [
        ("later", NOW + 30 * HOUR, first + 30 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 31}}) == [
        ("later", NOW + 30 * HOUR, first + 31 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 48}}) == [
        ("later", NOW + 30 * HOUR, first + 48 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 49}}) == [
        ("no_longer", NOW + 30 * HOUR, None, "outreach_daily"),
    ]
    assert told(db, {"outreach_daily": {"max_messages": 0}}) == [
        ("no_longer", first, None, "outreach_daily"),
        ("no_longer", NOW + 30 * HOUR, None, "outreach_daily"),
    ]


def test_what_waited_for_a_cap_goes_at_once_without_it(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    message(db, user, due=NOW + HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, LIMITLESS) == [("earlier", NOW + DAY, NOW + HOUR, None)]
    assert told(db, {"outreach_daily": {"window_hours": 12}}) == [("earlier", NOW + DAY, NOW + 12 * HOUR, None)]


def test_what_a_cap_refused_goes_without_it(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    message(db, user, due=NOW + HOUR, useful_until=NOW + 2 * HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, LIMITLESS) == [("newly", None, NOW + HOUR, None)]


def test_what_one_message_gives_up_another_takes(db: Connection[Any]) -> None:
    """The second had to wait for the first; where the first never goes, it goes at once."""
    no_quiet_periods(db)
    user = reader(db)
    new_cap(db, "sms_never", None, 24, channel="email")
    sent(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR, useful_until=NOW + 26 * HOUR)
    message(db, user, due=NOW + 48 * HOUR, useful_until=NOW + 9 * DAY)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, {"outreach_daily": {"window_hours": 27}}) == [
        ("no_longer", NOW + 25 * HOUR, None, "outreach_daily"),
        ("earlier", NOW + 7 * DAY, NOW + 48 * HOUR, None),
    ]


def test_an_exempt_message_goes_whatever_the_caps_and_takes_its_place(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW, message_class="urgent", exempt_reason="flood", kind="announcement")
    sent(db, user, NOW + 25 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 26}}) == [("later", NOW + 25 * HOUR, NOW + 26 * HOUR, None)]


def test_a_place_given_back_counts_only_until_then(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    lost = message(db, user, due=NOW)
    claim(db, NOW)
    second = message(db, user, due=NOW + HOUR, useful_until=NOW + 9 * DAY)
    claim(db, NOW + HOUR)  # capped: the first may have gone
    tell(db, lost, "refused", NOW + 2 * HOUR)
    message(db, user, due=NOW + 3 * HOUR)
    run_until_idle(db)
    went_at = value(db, "select sent_at from outreach.delivery where message_id = %s", second)
    assert went_at == NOW + 27 * HOUR
    assert told(db, {}) == []
    assert ("earlier", NOW + 27 * HOUR, NOW + HOUR, None) in told(db, LIMITLESS)


def test_a_deferred_instant_that_is_quiet_is_passed_over(db: Connection[Any]) -> None:
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    # 37 hours later it is eleven at night; the next morning at eight it goes, or within the hour, where it would have.
    morning = NOW + 46 * HOUR
    goes_at = value(
        db, "select outreach.put_off(%s, tstzrange(%s, %s), %s, '1 hour', '10 minutes')",
        second, morning, morning + 13 * HOUR, morning + DAY,
    )  # fmt: skip
    assert morning < goes_at < morning + HOUR
    policy = {"outreach_daily": {"window_hours": 37}}
    assert told(db, policy) == [("later", NOW + 25 * HOUR, goes_at, None)]
    set_rule(db, "quiet.spread", 0)
    assert told(db, policy) == [("later", NOW + 25 * HOUR, morning, None)]


def test_what_falls_into_a_quiet_period_that_is_tried_waits_for_its_end_or_is_dropped(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    set_rule(db, "quiet.spread", 0)
    user = reader(db)
    sent(db, user, NOW)  # ten in the morning
    sent(db, user, NOW + 8 * DAY, useful_until=NOW + 8 * DAY + HOUR)
    nightly = {"from_time": "22:00", "until_time": "10:00"}
    assert told(db, {"quiet_period": nightly}) == []
    assert told(db, {"quiet_period": nightly | {"until_time": "10:01"}}) == [
        ("later", NOW, NOW + timedelta(minutes=1), None),
        ("later", NOW + 8 * DAY, NOW + 8 * DAY + timedelta(minutes=1), None),
    ]
    assert told(db, {"quiet_period": nightly | {"until_time": "11:30"}}) == [
        ("later", NOW, NOW + 1.5 * HOUR, None),
        ("no_longer", NOW + 8 * DAY, None, "quiet"),
    ]
    assert told(db, {"quiet_period": nightly | {"until_time": "11:30", "purpose": "coaching"}}) == []
    assert told(db, {"quiet_period": {"since": NOW.isoformat(), "until": (NOW + DAY).isoformat()}}) == [
        ("later", NOW, NOW + DAY, None),
    ]


def test_quiet_by_what_is_tried_goes_on_with_what_was_quiet_and_ends_in_the_next_place(db: Connection[Any]) -> None:
    """From eight in the evening instead of nine; the next at eight in the morning is another one's, a day after it."""
    set_rule(db, "quiet.spread", 0)
    user = reader(db)
    sent(db, user, NOW + 10.5 * HOUR, useful_until=NOW + 9 * DAY)
    sent(db, user, NOW + 34.5 * HOUR, useful_until=NOW + 9 * DAY)
    tried = {"quiet_period": {"from_time": "20:00", "until_time": "21:00"}}
    assert told(db, tried) == [
        ("later", NOW + 10.5 * HOUR, NOW + 22 * HOUR, None),
        ("later", NOW + 34.5 * HOUR, NOW + 46 * HOUR, None),
    ]


def test_who_opted_out_or_booked_meanwhile_gets_nothing_later(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR)
    withdraw(db, user, NOW + 30 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 28}}) == [("later", NOW + 25 * HOUR, NOW + 28 * HOUR, None)]
    assert told(db, {"outreach_daily": {"window_hours": 40}}) == [("no_longer", NOW + 25 * HOUR, None, "no_consent")]


def test_bookings_at_risk_are_those_that_the_message_brought_before_it_would_have_come(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    happened(db, second, "booked", NOW + 30 * HOUR)
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"window_hours": 30}})] == [0]
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"window_hours": 31}})] == [1]
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"max_messages": 0}})] == [0, 1]


def test_each_version_of_a_cap_binds_its_own_time(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    set_cap(db, "outreach_daily", 2, 24, NOW + HOUR)
    sent(db, user, NOW + 2 * HOUR)
    set_cap(db, "outreach_daily", 1, 24, NOW + 3 * HOUR)
    message(db, user, due=NOW + 8 * DAY)
    message(db, user, due=NOW + 8 * DAY + HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert [c[0] for c in told(db, {"outreach_daily": {"max_messages": 1}})] == ["later"]


def test_a_history_that_no_policy_made_is_not_called_reproduced(db: Connection[Any], superuser_url: str) -> None:
    """The check can fail: a claimed sending moved past its cap by somebody who may do anything is found."""
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    assert told(db, {}) == []
    with psycopg.connect(superuser_url, autocommit=True) as mighty:
        mighty.execute("set session_replication_role = replica")
        mighty.execute("update outreach.delivery set sent_at = %s where message_id = %s", [NOW + 23 * HOUR, second])
    assert told(db, {}) == [("later", NOW + 23 * HOUR, NOW + 24 * HOUR, None)]


def test_what_was_written_by_hand_stays(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    went(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR)
    assert told(db, {"outreach_daily": {"max_messages": 0}}) == [("no_longer", NOW + 25 * HOUR, None, "outreach_daily")]


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"outreach_daily": {"max_messages": -1}}, "value"),
        ({"outreach_daily": {"max_messages": 1.5}}, "value"),
        ({"outreach_daily": {"window_hours": 0}}, "value"),
        ({"outreach_daily": {"window_hours": 8785}}, "value"),
        ({"outreach_daily": {"window_hours": None}}, "value"),
        ({"outreach_daily": {"limit": 3}}, "value"),
        ({"outreach_daily": {}}, "value"),
        ({"outreach_daily": 3}, "value"),
        ({"reminder.min_p14": 0.1}, "value"),
        ({"reminder.min_p14": 1.1}, "value"),
        ({"reminder.min_p14": "0.5"}, "value"),
        ({"holdout.global_share": 0.01}, "value"),
        ({"reminder.lead": 4}, "value"),
        ({"quiet_period": {}}, "quiet_period.until"),
        ({"quiet_period": None}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00"}}, "quiet_period.until_time"),
        ({"quiet_period": {"from_time": "25:00", "until_time": "08:00"}}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "20:00"}}, "quiet_period.until"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "08:00", "weekday": 8}}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "08:00", "name": "night"}}, "quiet_period"),
        ({"no_such_rule": 2}, "rule"),
        ([], "value"),
        (None, "value"),
    ],
)
def test_what_history_cannot_tell_is_refused_with_the_field(db: Connection[Any], policy: Any, field: str) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        changes(db, policy)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", field)


@pytest.mark.parametrize(("since", "until"), [(NOW, NOW), (NOW, NOW - DAY), (NOW - 367 * DAY, NOW), (NOW, NOW + MICRO)])
def test_a_period_that_is_no_history_is_refused(db: Connection[Any], since: datetime, until: datetime) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        value(db, "select count(*) from smartengage.what_if(%s, %s, '{}', %s)", since, until, NOW)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", "since")


def test_decisions_are_kept_as_long_as_a_year_may_be_asked_for_and_the_oldest_go_first(db: Connection[Any]) -> None:
    user, at = reader(db), NOW + 13 * HOUR
    for days in (402, 401, 400, 399):
        # At eleven at night, and in the morning of no use any more.
        message(db, user, due=at - days * DAY, useful_until=at - days * DAY + HOUR)
        claim(db, at - days * DAY)

    def kept() -> list[int]:
        ages = rows(db, "select (extract(epoch from %s - decided_at) / 86400)::int as days from outreach.decision", at)
        return sorted(age["days"] for age in ages)

    assert kept() == [399, 400, 401, 402]
    assert value(db, "select outreach.prune_decisions(%s, 1)", at) == 1
    assert kept() == [399, 400, 401]
    assert value(db, "select outreach.prune_decisions(%s)", at) == 1
    assert kept() == [399, 400]
    assert value(db, "select outreach.prune_decisions(%s)", at) == 0
    # What is not there any more is not asked for.
    asked = "select count(*) from smartengage.what_if(%s, %s, '{}', %s)"
    value(db, asked, at - 400 * DAY, at - 390 * DAY, at)
    with pytest.raises(psycopg.Error) as refusal:
        value(db, asked, at - 400 * DAY - MICRO, at - 390 * DAY, at)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", "since")


# Against the product itself -----------------------------------------------------------------------------------------

Due = tuple[int, int, int]
Cap = tuple[int | None, int]

dues = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 14 * 24), st.sampled_from([0, 1, 5, 24, 30, 72, 168])),
    min_size=1,
    max_size=12,
)
#: Quiet periods as tried: nightly, on Sundays, for some days; local times of Dhaka.
quiets: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.tuples(st.integers(0, 23), st.integers(1, 14), st.sampled_from([None, 1, 4])).map(
        lambda t: (
            {"from_time": f"{t[0]:02}:00", "until_time": f"{(t[0] + t[1]) % 24:02}:00"}
            | ({} if t[2] is None else {"weekday": t[2]})
        )
    ),
    st.tuples(st.integers(0, 10), st.integers(1, 5)).map(
        lambda t: {"since": (NOW + t[0] * DAY).isoformat(), "until": (NOW + (t[0] + t[1]) * DAY).isoformat()}
    ),
)
caps = st.tuples(st.sampled_from([0, 1, 1, 2, 3, None]), st.sampled_from([1, 5, 24, 48, 100, 168]))


def lived(
    db: Connection[Any], users: list[UUID], planned: list[Due], daily: Cap, weekly: Cap, quiet: dict[str, Any]
) -> tuple[dict[int, datetime], dict[UUID, int]]:
    """What the product does with these messages under these caps: when each one goes; and which is which."""
    set_cap(db, "outreach_daily", *daily, since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", *weekly, since=NOW - 9 * DAY)
    if quiet:
        db.execute(
            "insert into policy.quiet_period (name, isodow, from_time, until_time, during, created_at, author, reason)"
            " values ('tried', %s, %s, %s, tstzrange(%s, %s), %s, 'test', 'tried')",
            [*(quiet.get(field) for field in ("weekday", "from_time", "until_time", "since", "until")), NOW - 9 * DAY],
        )
    ids = {}
    for n, (who, hour, useful) in enumerate(planned):
        # A microsecond apart each, or who goes first of two would be a matter of chance.
        due = NOW + hour * HOUR + n * MICRO
        ids[message(db, users[who], due=due, planned_at=NOW - DAY, useful_until=due + useful * HOUR)] = n
    run_until_idle(db)
    found = rows(db, "select message_id, sent_at from outreach.delivery")
    return {ids[d["message_id"]]: d["sent_at"] for d in found}, ids


def replays_as_lived(
    db: Connection[Any], planned: list[Due], history: tuple[Cap, Cap], other: tuple[Cap, Cap], quiet: dict[str, Any]
) -> None:
    no_quiet_periods(db)
    # The place in the spread is drawn by the id of a message, which is another one in each of the two lives.
    set_rule(db, "quiet.spread", 0)
    users = [reader(db), reader(db)]
    with db.transaction(force_rollback=True):
        expected, _ = lived(db, users, planned, *other, quiet)
    was, ids = lived(db, users, planned, *history, {})
    assert changes(db, {}) == []
    screened_as_all(db, {}, FROM, UNTIL)
    policy: dict[str, Any] = {
        name: {"max_messages": limit, "window_hours": hours}
        for name, (limit, hours) in zip(["outreach_daily", "outreach_weekly"], other, strict=True)
    }
    if quiet:
        policy["quiet_period"] = quiet
    screened_as_all(db, policy, FROM, UNTIL)
    would_be = dict(was)
    for change in changes(db, policy):
        number = ids[change["message_id"]]
        assert change["before_at"] == was.get(number)
        if change["change"] == "no_longer":
            del would_be[number]
        else:
            would_be[number] = change["after_at"]
    assert would_be == expected


def test_another_policy_gives_what_the_product_does_under_it(connect: Callable[..., Connection[Any]]) -> None:
    """The oracle is the product: the same messages lived through under either policy, and one replayed as the other."""
    db = connect(autocommit=False)

    @settings(
        max_examples=int(os.environ.get("SHOKTI_TEST_EXAMPLES", "25")),
        deadline=None,
        derandomize="SHOKTI_TEST_EXAMPLES" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(planned=dues, history=st.tuples(caps, caps), other=st.tuples(caps, caps), quiet=quiets)
    def agrees(planned: list[Due], history: tuple[Cap, Cap], other: tuple[Cap, Cap], quiet: dict[str, Any]) -> None:
        with db.transaction(force_rollback=True):
            replays_as_lived(db, planned, history, other, quiet)

    agrees()


class History(Life):
    """Any sequence of plans, claims, outcomes, receipts, withdrawals, changes of caps and rows by hand."""

    replays = 0

    @rule(
        late=st.sampled_from([0 * HOUR, MICRO, HOUR, 26 * HOUR]),
        outcomes=st.lists(
            st.sampled_from(["accepted", "accepted", "accepted", "later", "refused", "unknown"]), min_size=1, max_size=5
        ),
    )
    def a_worker_gets_to_what_is_due(self, late: timedelta, outcomes: list[str]) -> None:
        for outcome in outcomes:
            due = value(self.db, "select min(due_at) from outreach.message where state = 'scheduled'")
            if due is not None:
                self.now = max(self.now, due) + late
                for claimed in claim(self.db, self.now)["messages"]:
                    tell(self.db, UUID(claimed["message_id"]), outcome, self.now, attempt=claimed["attempt"])

    @rule(kinds=st.lists(st.tuples(people, st.integers(0, 200)), min_size=1, max_size=6))
    def several_are_planned(self, kinds: list[tuple[int, int]]) -> None:
        for who, hours in kinds:
            self.somebody_plans_one(who, hours * HOUR, "reminder")

    @rule(pick=st.integers(0, 9), again=st.booleans())
    def a_provider_gives_back(self, pick: int, again: bool, limit: bool = False, off: int = 0) -> None:
        """Of what went by the ordinary way."""
        if found := [one for one in self.open_ones(("claimed", "in_doubt", "sent")) if one["attempt"] > 0]:
            one = found[pick % len(found)]
            detail = {"code": 131049, "again": again, "person_limit": False}
            happened(self.db, one["message_id"], "returned", self.now, attempt=one["attempt"], detail=detail)

    # Rarer than there: who opted out makes no more history.
    @rule(who=people, really=st.integers(0, 5))
    def somebody_opts_out(self, who: int, really: int = 0) -> None:
        if not really:
            super().somebody_opts_out(who)

    # The laws themselves are tested where Life is; exempt messages would need laws of their own.
    def no_rolling_window_holds_more_than_it_may(self) -> None: ...
    def slots_are_those_of_the_live_sendings(self) -> None: ...
    def every_sending_lies_within_a_consent(self) -> None: ...
    def states_go_forward(self) -> None: ...
    def every_run_adds_up(self) -> None: ...
    def an_occurrence_exists_once_and_is_out_once(self) -> None: ...

    @rule(who=people, wait=st.sampled_from([HOUR, 30 * HOUR]))
    def somebody_plans_what_is_urgent(self, who: int, wait: timedelta) -> None:
        message(
            self.db, self.users[who], due=self.now + wait, useful_until=self.now + wait + DAY, message_class="urgent",
            kind="announcement", exempt_reason="flood", service_id=self.home,
        )  # fmt: skip

    def teardown(self) -> None:
        since, until = NOW - DAY, self.now + DAY
        if self.db.info.transaction_status == TransactionStatus.INERROR:
            super().teardown()
            return
        try:
            assert changes(self.db, {}, since, until) == []
            for policy in (
                {},
                LIMITLESS,
                {"outreach_weekly": {"max_messages": 1}},
                {"outreach_daily": {"window_hours": 40}},
            ):
                screened_as_all(self.db, policy, since, until)
            # Not because nothing is seen: without sendings allowed, all that went by the ordinary way is gone.
            of_the_policy = {
                d["message_id"]
                for d in rows(
                    self.db,
                    "select message_id from outreach.delivery"
                    " where state <> 'released' and obeys_caps and sent_at >= %s",
                    since,
                )
            }
            silent = changes(self.db, {"outreach_daily": {"max_messages": 0}}, since, until)
            assert {c["message_id"] for c in silent if c["change"] == "no_longer"} == of_the_policy
            type(self).replays += len(of_the_policy)
        finally:
            super().teardown()


def test_the_unchanged_policy_reproduces_any_history(connect: Callable[..., Connection[Any]]) -> None:
    History.db = connect(autocommit=False)
    examples = int(os.environ.get("SHOKTI_TEST_EXAMPLES", "10"))
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=examples == 10,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
    # Hypothesis leaves out rules at random, so many examples send nothing; the weeks below send much.
    assert History.replays > 0


# Weeks of a marketplace ---------------------------------------------------------------------------------------------


class Weeks:
    """Six weeks of six people and two services: planned daily, claimed late, answered in every way; caps change."""

    def __init__(self, db: Connection[Any], seed: int) -> None:
        self.db = db
        self.random = random.Random(seed)
        self.doubts = 0
        set_rule(db, "holdout.global_share", 0)
        self.users = [reader(db) for _ in range(6)]
        self.homes = [service(db, code=f"home-{n}") for n in range(2)]
        self.campaign = campaign(db, holdout_share=0.0, window_from="09:00", window_until="20:30")
        for user in self.users:
            db.execute(
                "insert into smartengage.customer (user_id, as_of, visits, segment, segment_version)"
                " values (%s, %s, 5, %s, 1)",
                [user, NOW, self.random.choice(["repeat", "at_risk", "new"])],
            )
            for home in self.homes:
                db.execute(
                    "insert into smartengage.profile values (%(u)s, %(s)s, %(n)s, 5, %(n)s, .1, .6, 1,"
                    " %(n)s, %(n)s, %(n)s, %(n)s, %(n)s)",
                    {"u": user, "s": home, "n": NOW},
                )

    def live(self) -> None:
        for day in range(42):
            morning = NOW + day * DAY - 3 * HOUR
            if day == 14:
                set_cap(self.db, "outreach_weekly", 1, 100, morning)
            if day == 28:
                set_cap(self.db, "outreach_daily", 2, 30, morning)
                set_cap(self.db, "outreach_weekly", 3, 168, morning)
            self.plan(day, morning)
            for hour in range(13):
                self.work(morning + (hour + 1) * HOUR + timedelta(microseconds=self.random.randrange(10**9)))
            value(self.db, "select outreach.sweep(%s)", morning + 14 * HOUR)

    def plan(self, day: int, morning: datetime) -> None:
        # An expected booking every five days and one every four: more than the caps let through.
        self.db.execute(
            "update smartengage.profile f set visits = 5 + %(day)s / x.rhythm,"
            " p14 = 0.3 + 0.06 * ((%(day)s * 7) %% 10),"
            " expected_at = %(now)s::timestamptz + make_interval(hours => 24 * (2 - %(day)s %% x.rhythm) + %(off)s)"
            " from (values (%(a)s::uuid, 5), (%(b)s::uuid, 4)) as x (service_id, rhythm)"
            " where x.service_id = f.service_id",
            {"day": day, "now": morning, "off": self.random.randrange(12), "a": self.homes[0], "b": self.homes[1]},
        )
        value(self.db, "select smartengage.plan(%s, %s, %s)", self.campaign, f"day {day}", morning)
        if self.random.random() < 0.3:
            message(
                self.db, self.random.choice(self.users), due=morning + 5 * HOUR, message_class="urgent",
                kind="announcement", exempt_reason="flood",
            )  # fmt: skip
        if self.random.random() < 0.5:
            message(self.db, self.random.choice(self.users), due=morning + 6 * HOUR, message_class="announcement")

    def work(self, moment: datetime) -> None:
        for claimed in claim(self.db, moment)["messages"]:
            outcome = self.random.choices(["accepted", "later", "refused", "unknown"], [12, 2, 1, 1])[0]
            # Now and then the answer comes only after the next claims.
            answered = moment + self.random.choice([MICRO, MICRO, 2 * HOUR])
            tell(self.db, UUID(claimed["message_id"]), outcome, answered, attempt=claimed["attempt"])
            self.doubts += outcome == "unknown"
            if outcome == "accepted" and self.random.random() < 0.1:
                happened(self.db, UUID(claimed["message_id"]), "booked", answered + HOUR)
        if self.random.random() < 0.1:
            doubts = rows(self.db, "select message_id, attempt from outreach.delivery where state = 'in_doubt'")
            found = [
                {"message_id": str(d["message_id"]), "attempt": d["attempt"], "adapter": "t", "found": n % 2 == 0}
                for n, d in enumerate(doubts)
            ]
            value(self.db, "select outreach.settle(%s, %s)", Jsonb(found), moment)


def figures(db: Connection[Any], policy: dict[str, Any], since: datetime, until: datetime) -> dict[Any, dict[str, Any]]:
    return {
        line["segment"]: line
        for line in rows(db, "select * from smartengage.what_if(%s, %s, %s, %s)", since, until, Jsonb(policy), until)
    }


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_weeks_of_a_marketplace_are_reproduced_exactly(db: Connection[Any], seed: int) -> None:
    weeks = Weeks(db, seed)
    weeks.live()
    since, until = NOW - DAY, NOW + 43 * DAY
    # Everything that could go wrong was there.
    met = row(
        db,
        "select (select count(*) from outreach.delivery where state <> 'released') as sent,"
        " (select count(*) from outreach.delivery where state = 'released') as released,"
        " (select count(*) from outreach.decision where reason = 'capped' and verdict = 'defer') as waited,"
        " (select count(*) from outreach.decision where reason = 'capped' and verdict = 'refuse') as refused,"
        " (select count(*) from smartengage.candidate where reason = 'capped') as capped_at_planning",
    )
    assert met["sent"] > 60
    assert all(met.values()), met
    assert weeks.doubts > 0
    assert changes(db, {}, since, until) == []
    # The sums are those of the views that analysts know.
    everything = figures(db, {}, since, until)
    total = everything.pop(None)
    assert total["sent"] == total["unchanged"] == total["would_be_sent"] == met["sent"]
    assert total["no_longer"] == {}
    assert total["newly"] == total["later"] == total["earlier"] == 0
    assert sum(line["sent"] for line in everything.values()) == total["sent"]
    seen = rows(db, "select segment, sum(sent) as n from analytics.engagement group by 1")
    assert {s["segment"]: s["n"] for s in seen} == {s: e["sent"] for s, e in everything.items() if s != "none"}
    refused = rows(db, "select reason, sum(refusals) as n from analytics.refusal where gate = 'plan' group by 1")
    for one in refused:
        assert total["refused"][one["reason"]] >= one["n"]
    # A version's own value changes nothing where it was in force, another one does.
    assert changes(db, {"outreach_weekly": {"max_messages": 2}}, since, NOW + 13 * DAY) == []
    assert changes(db, {"outreach_weekly": {"max_messages": 2}}, since, until) != []


def test_the_screen_judges_sendings_alone_by_number_and_window(db: Connection[Any]) -> None:
    """Of people who were never refused anything, only the distances between their messages tell."""
    no_quiet_periods(db)
    set_cap(db, "outreach_daily", None, 24, since=NOW - 9 * DAY)
    set_cap(db, "outreach_weekly", None, 168, since=NOW - 9 * DAY)
    draw = random.Random(1)
    for n in range(16):
        user, due = reader(db), NOW + n * MICRO
        for _ in range(2 + n % 5):
            message(db, user, due=due)
            due += draw.choice([1, 5, 24, 25, 49, 100, 168, 169]) * HOUR
    run_until_idle(db)
    spared = [
        screened_as_all(db, {"outreach_daily": {"max_messages": limit, "window_hours": hours}}, FROM, UNTIL)
        for limit in range(6)
        for hours in (1, 5, 24, 25, 100, 168, 400)
    ]
    assert min(spared) == 0
    assert max(spared) == 16
    assert len(set(spared)) > 5


def test_the_screen_misses_nobody_and_spares_whom_it_can(db: Connection[Any]) -> None:
    Weeks(db, 5).live()
    since, until = NOW - DAY, NOW + 43 * DAY
    policies: list[dict[str, Any]] = [
        {},
        LIMITLESS,
        *({"outreach_daily": {"max_messages": n, "window_hours": h}} for n in (0, 1, 2) for h in (12, 24, 25, 49)),
        *(
            {"outreach_weekly": {"max_messages": n, "window_hours": h}}
            for n in (1, 2, 3, 4, 5)
            for h in (100, 168, 400)
        ),
        *({"reminder.min_p14": p} for p in (0.5, 0.7)),
        {"reminder.min_visits": 6},
        {"holdout.global_share": 0.5},
        {"quiet_period": {"from_time": "13:00", "until_time": "15:00", "weekday": 3}},
        {
            "quiet_period": {"since": NOW.isoformat(), "until": (NOW + 3 * DAY).isoformat()},
            "outreach_daily": {"max_messages": 2},
        },
    ]
    # From the middle on, too: what went before lies in the windows still.
    for begin in (since, since + 20 * DAY):
        for policy in policies:
            screened_as_all(db, policy, begin, until)
    no_quiet_periods(db)
    calm = reader(db)
    for week in range(4):
        sent(db, calm, NOW + (60 + 8 * week) * DAY)
    assert screened_as_all(db, {}, NOW + 60 * DAY, NOW + 90 * DAY) == value(
        db, "select count(distinct user_id) from outreach.delivery"
    )


def test_several_processes_work_on_it(db: Connection[Any]) -> None:
    asked = "select parallel_workers_to_launch from pg_stat_database where datname = current_database()"
    value(db, "select pg_stat_force_next_flush()::text")
    before = value(db, asked)
    value(db, "select smartengage.what_if_document(%s, %s, '{}', %s)::text", FROM, UNTIL, UNTIL)
    value(db, "select pg_stat_force_next_flush()::text")
    assert value(db, asked) > before


def test_sums_of_another_policy(db: Connection[Any]) -> None:
    Weeks(db, 4).live()
    since, until = NOW - DAY, NOW + 43 * DAY
    before = figures(db, {}, since, until)
    after = figures(db, {"outreach_weekly": {"max_messages": 1, "window_hours": 168}}, since, until)
    assert set(after) == set(before)
    for segment, line in after.items():
        lost = sum(line["no_longer"].values())
        assert line["sent"] == before[segment]["sent"] == line["unchanged"] + line["later"] + line["earlier"] + lost
        assert line["would_be_sent"] == line["sent"] - lost + line["newly"]
        assert line["bookings_at_risk"] <= line["bookings"]
    assert after[None]["no_longer"]["outreach_weekly"] > 0
    loose = figures(db, LIMITLESS, since, until)
    assert loose[None]["newly"] > 0
    assert loose[None]["no_longer"] == {} or set(loose[None]["no_longer"]) <= {"quiet"}
    likelier = figures(db, {"reminder.min_p14": 0.7}, since, until)
    assert likelier[None]["no_longer"]["reminder.min_p14"] > 0
    assert likelier[None]["earlier"] + likelier[None]["newly"] > 0
    nobody = figures(db, {"holdout.global_share": 1}, since, until)
    assert nobody[None]["no_longer"]["holdout.global_share"] == nobody[None]["sent"] - before["none"]["sent"]
