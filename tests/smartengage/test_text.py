"""Variants of a text: their odds, their assignment, and when they retire."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from statistics import fmean, pstdev
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from tests.outbox import DAY, HOUR, NOW, row, rows, set_rule, value

Db = Connection[Any]

TEXT = "{address},\n\nআবার {service} লাগবে কি?\n\nবুক করুন:\n{link}\n\nনা চাইলে: {stop_link}"


def variant(db: Db, name: str, category: str = "garden", **columns: Any) -> UUID:
    """An approved house text in a category of its own, so that the seeded ones do not compete."""
    made: UUID = value(
        db,
        "insert into text.template (kind, category, language, variant, form, origin, subject, body, created_at,"
        " approved_by, approved_at) values ('reminder', %s, 'bn', %s, %s, 'house', '{service}', %s, %s, 'test', %s)"
        " returning template_id",
        category, name, columns.get("form", "long"), TEXT, NOW, NOW,
    )  # fmt: skip
    return made


def counted(db: Db, template_id: UUID, trials: int, bookings: int = 0, clicks: int = 0) -> None:
    db.execute(
        "insert into text.variant_performance (template_id, as_of, trials, clicks, bookings) values (%s, %s, %s, %s, %s)",
        [template_id, NOW, trials, clicks, bookings],
    )


def odds(db: Db, category: str = "garden", moment: datetime = NOW) -> dict[str, dict[str, Any]]:
    found = rows(db, "select * from text.variant_odds(null, %s) where category = %s", moment, category)
    return {one["variant"]: one for one in found}


@pytest.mark.parametrize(("alpha", "beta"), [(0.8, 19.2), (1, 1), (5, 95), (40, 960), (400, 9600), (0.05, 20), (60, 3)])
def test_a_beta_distribution_as_two_hundred_values(template_connection: Db, alpha: float, beta: float) -> None:
    """Mean, spread and quantiles against the exact moments and a large random sample."""
    values = value(template_connection, "select stats.beta_quantiles(%s, %s)", alpha, beta)
    assert len(values) == 200
    assert values == sorted(values)
    assert 0 <= values[0] <= values[-1] <= 1
    mean, deviation = alpha / (alpha + beta), (alpha * beta / (alpha + beta) ** 2 / (alpha + beta + 1)) ** 0.5
    assert fmean(values) == pytest.approx(mean, abs=0.02 * deviation)
    assert pstdev(values) == pytest.approx(deviation, rel=0.06)
    dice = random.Random(1)
    sample = sorted(dice.betavariate(alpha, beta) for _ in range(40_000))
    for place in (10, 50, 100, 150, 190):
        assert values[place] == pytest.approx(sample[200 * place + 100], abs=0.06 * deviation)


def test_the_odds_match_draws_from_the_posteriors(db: Db) -> None:
    """Thompson sampling draws from each posterior and shows the highest: simulated here, integrated in SQL."""
    for name, trials, bookings, clicks in [("a", 500, 10, 20), ("b", 500, 14, 30), ("c", 40, 1, 5), ("d", 0, 0, 0)]:
        counted(db, variant(db, name), trials, bookings, clicks)
    found = odds(db)
    total, earned = 1040, 10 + 4 + 14 + 6 + 1 + 1
    mean = (earned + 20 * 0.05) / (total + 20)
    dice = random.Random(2)
    posterior = {
        name: (20 * mean + reward, 20 * (1 - mean) + trials - reward)
        for name, trials, reward in [("a", 500, 14), ("b", 500, 20), ("c", 40, 2), ("d", 0, 0)]
    }
    wins = Counter(
        max((dice.betavariate(alpha, beta), name) for name, (alpha, beta) in posterior.items())[1]
        for _ in range(40_000)
    )
    for name, (alpha, beta) in posterior.items():
        assert found[name]["rate"] == pytest.approx(alpha / (alpha + beta))
        assert found[name]["p_best"] == pytest.approx(wins[name] / 40_000, abs=0.015)
        assert found[name]["rate_low"] < found[name]["rate"] < found[name]["rate_high"]
    assert sum(one["p_best"] for one in found.values()) == pytest.approx(1)


def test_without_trials_the_odds_are_equal_within_each_contest(db: Db) -> None:
    for name in "abc":
        variant(db, name)
    counted(db, variant(db, "a", form="short"), 10_000, 900)
    found = rows(db, "select * from text.variant_odds(null, %s) where category = 'garden'", NOW)
    assert {(o["form"], o["variant"]): round(o["p_best"], 6) for o in found} == {
        ("long", "a"): round(1 / 3, 6), ("long", "b"): round(1 / 3, 6), ("long", "c"): round(1 / 3, 6),
        ("short", "a"): 1,
    }  # fmt: skip


def test_the_assignment_is_stable_per_person_and_follows_the_odds(db: Db) -> None:
    texts = {variant(db, name): name for name in "abc"}
    for text, bookings in zip(texts, (40, 55, 60), strict=True):
        counted(db, text, 1000, bookings)
    people = [uuid4() for _ in range(20_000)]

    def shown(salt: str) -> list[str]:
        drawn = db.execute(
            "select text.assigned_variant(t.template_ids, t.bucket_from, p.id, %s)"
            " from text.house_texts('reminder', %s) t, unnest(%s::uuid[]) with ordinality as p (id, place)"
            " where t.category = 'garden' order by p.place",
            [salt, NOW, people],
        )
        return [texts[text] for (text,) in drawn]

    first = shown("run 1")
    assert shown("run 1") == first
    assert shown("run 2") != first
    share = Counter(first)
    for name, one in odds(db).items():
        assert share[name] / 20_000 == pytest.approx(one["p_best"], abs=0.012)


def test_a_booking_outweighs_a_click(db: Db) -> None:
    """The worth of a click is a rule."""
    counted(db, variant(db, "a"), 1000, bookings=20)
    counted(db, variant(db, "b"), 1000, clicks=80)
    assert odds(db)["a"]["p_best"] > 0.5 > odds(db)["b"]["p_best"]
    set_rule(db, "variant.click_worth", 0.5)
    assert odds(db)["b"]["p_best"] > 0.9


# --- Counting and retiring -------------------------------------------------------------------------------------------


SENT = """
with sent as (
  insert into outreach.message (user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, occurrence,
    template_id, state, state_at, planned_at, due_at, useful_until)
  select p.user_id, 'email', 'outreach', 'reminder', true, true, 'reminder', %(key)s || '/' || n.n, %(template)s,
    case when n.n <= %(booked)s then 'booked' when n.n <= %(booked)s + %(clicked)s then 'clicked' else 'sent' end,
    %(at)s, %(at)s, %(at)s, %(at)s + interval '2 days'
  from generate_series(1, %(sent)s) n (n)
  cross join (select user_id from account.person limit 1) p
  returning message_id, user_id, channel, purpose, takes_slot, template_id
)
insert into outreach.delivery (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel,
  consent_purpose, state, template_id)
select message_id, 1, user_id, channel, purpose, takes_slot, %(at)s, channel, purpose, %(state)s, template_id from sent
"""


def sendings(
    db: Db,
    template_id: UUID,
    sent: int,
    moment: datetime,
    *,
    booked: int = 0,
    clicked: int = 0,
    state: str = "accepted",
) -> None:
    given = {"template": template_id, "sent": sent, "at": moment, "booked": booked, "clicked": clicked, "state": state}
    db.execute(SENT, given | {"key": f"{template_id}{moment}{state}"})


@pytest.fixture
def market(db: Db) -> Db:
    """One recipient without caps for all messages: these tests are about texts."""
    db.execute("update policy.cap set valid_at = tstzrange(null, '2025-06-01')")
    db.execute(
        "insert into policy.cap (cap, version, purpose, max_messages, window_hours, valid_at, author, reason)"
        " values ('any', 1, 'outreach', null, 24, tstzrange('2025-06-01', null), 'test', 'test')"
    )
    db.execute("insert into account.person (role, created_at) values ('customer', '2025-01-01')")
    db.execute(
        "insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)"
        " select user_id, 'email', 'outreach', tstzrange('2025-01-01', null), 'test', '1', 'test' from account.person"
    )
    return db


def test_only_sendings_within_the_window_that_are_old_enough_count(market: Db) -> None:
    text = variant(market, "a")
    sendings(market, text, 10, NOW - 48 * HOUR, booked=1, clicked=2)
    sendings(market, text, 5, NOW - 48 * HOUR + timedelta(microseconds=1), booked=5)
    sendings(market, text, 4, NOW - 90 * DAY + timedelta(microseconds=1), clicked=1)
    sendings(market, text, 3, NOW - 90 * DAY, booked=3)
    sendings(market, text, 2, NOW - 60 * DAY, state="in_doubt")
    value(market, "select smartengage.judge_variants(%s)", NOW)
    counts = row(market, "select trials, clicks, bookings from text.variant_performance where template_id = %s", text)
    assert counts == {"trials": 14, "clicks": 3, "bookings": 1}
    seen = row(market, "select trials, clicks, bookings from analytics.variant where template_id = %s", text)
    assert seen == counts


@pytest.mark.parametrize(
    ("trials", "booked", "retired"),
    [(199, 0, False), (200, 0, True), (1000, 30, True), (1000, 70, False), (200, 12, False)],
)
def test_a_loser_retires_after_enough_sendings(market: Db, trials: int, booked: int, retired: bool) -> None:
    best, other = variant(market, "a"), variant(market, "b")
    sendings(market, best, 3000, NOW - 3 * DAY, booked=240)
    sendings(market, other, trials, NOW - 3 * DAY, booked=booked)
    assert value(market, "select smartengage.judge_variants(%s)", NOW) == int(retired)
    assert value(market, "select retired_at from text.template where template_id = %s", other) == (
        NOW if retired else None
    )
    noted = rows(market, "select subject, detail from policy.audit where action = 'retire_template'")
    assert [n["subject"] for n in noted] == [f"template {other}"] * retired
    assert value(market, "select smartengage.judge_variants(%s)", NOW) == 0


@pytest.mark.parametrize(("trials", "retired"), [(199, 0), (200, 1)])
def test_a_leader_with_few_sendings_retires_no_other(market: Db, trials: int, retired: int) -> None:
    newcomer, old = variant(market, "a"), variant(market, "b")
    sendings(market, newcomer, trials, NOW - 3 * DAY, booked=trials // 4)
    sendings(market, old, 3000, NOW - 3 * DAY, booked=30)
    assert odds(market)["a"]["trials"] == 0
    assert value(market, "select smartengage.judge_variants(%s)", NOW) == retired
    assert odds(market)["a"]["is_leader"]


def test_among_many_equally_good_variants_only_the_bad_one_loses(db: Db) -> None:
    """Each of sixty has a p_best below 2 %, because they are many."""
    names = [f"v{n:02d}" for n in range(60)]
    texts = {name: variant(db, name) for name in names}
    for place, name in enumerate(names):
        counted(db, texts[name], 400, bookings=23 + place % 3)
    counted(db, variant(db, "bad"), 400, bookings=1)
    found = odds(db)
    assert sum(found[name]["p_best"] < 0.02 for name in names) > 30
    assert min(found[name]["beats_leader"] for name in names if not found[name]["is_leader"]) > 0.2
    assert found["bad"]["beats_leader"] < 0.02


def test_judging_retires_only_the_bad_one_of_many(market: Db) -> None:
    names = [f"v{n:02d}" for n in range(60)]
    for place, name in enumerate(names):
        sendings(market, variant(market, name), 400, NOW - 3 * DAY, booked=23 + place % 3)
    bad = variant(market, "bad")
    sendings(market, bad, 400, NOW - 3 * DAY, booked=1)
    assert value(market, "select smartengage.judge_variants(%s)", NOW) == 1
    noted = row(market, "select subject, detail from policy.audit where action = 'retire_template'")
    assert noted["subject"] == f"template {bad}"
    assert noted["detail"]["beats_leader"] < 0.02
    assert set(odds(market)) == set(names)


def test_beats_leader_matches_draws_from_both_posteriors(db: Db) -> None:
    given = {"a": (900, 40), "b": (700, 40), "c": (600, 20), "d": (40, 3)}
    for name, (trials, bookings) in given.items():
        counted(db, variant(db, name), trials, bookings)
    found = odds(db)
    mean = (103 + 20 * 0.05) / (2240 + 20)
    dice = random.Random(3)
    draws = {
        name: [dice.betavariate(20 * mean + bookings, 20 * (1 - mean) + trials - bookings) for _ in range(40_000)]
        for name, (trials, bookings) in given.items()
    }
    (leader,) = [name for name, one in found.items() if one["is_leader"]]
    assert found[leader]["p_best"] == max(one["p_best"] for one in found.values())
    for name, one in found.items():
        if name != leader:
            wins = sum(mine > theirs for mine, theirs in zip(draws[name], draws[leader], strict=True)) / 40_000
            assert one["beats_leader"] == pytest.approx(wins, abs=0.012)
            assert one["beats_leader"] >= one["p_best"]
        else:
            assert one["beats_leader"] is None


def test_the_last_variant_stays_however_bad(market: Db) -> None:
    for name in "ab":
        sendings(market, variant(market, name), 5000, NOW - 3 * DAY, booked=0 if name == "b" else 200)
    assert value(market, "select smartengage.judge_variants(%s)", NOW) == 1
    sendings(market, variant(market, "z", "lonely"), 5000, NOW - 3 * DAY)
    assert value(market, "select smartengage.judge_variants(%s)", NOW + DAY) == 0
    assert set(odds(market)) == {"a"}
    assert set(odds(market, "lonely")) == {"z"}


RATES = {"a": 0.02, "b": 0.04, "c": 0.06}
DAILY = 1000


def a_day(db: Db, dice: random.Random, day: datetime, rates: dict[str, float]) -> Counter[str]:
    """A thousand people of a day get texts by the odds, as in planning, and book at the true rates."""
    names = {one["template_id"]: name for name, one in odds(db).items()}
    drawn = db.execute(
        "select text.assigned_variant(t.template_ids, t.bucket_from, md5(n || %s)::uuid, %s)"
        " from text.house_texts('reminder', %s) t, generate_series(1, %s) n where t.category = 'garden'",
        [str(day), str(day), day, DAILY],
    )
    shown: Counter[str] = Counter(names[text] for (text,) in drawn)
    for text, name in names.items():
        if shown[name]:
            booked = sum(dice.random() < rates[name] for _ in range(shown[name]))
            sendings(db, text, shown[name], day, booked=booked)
    value(db, "select smartengage.judge_variants(%s)", day + 2 * DAY)
    return shown


@pytest.mark.slow
def test_the_best_variant_prevails_and_a_new_one_gets_trials(market: Db) -> None:
    """True rates of 2, 4 and 6 in a hundred; after 25 days a fourth text comes that earns 10."""
    dice = random.Random(7)
    for name in RATES:
        variant(market, name)
    shown: Counter[str] = Counter()
    for day in range(25):
        shown += a_day(market, dice, NOW + day * DAY, RATES)
    assert shown["c"] > 0.7 * shown.total()
    assert shown["a"] < 0.1 * shown.total()
    assert set(odds(market)) == {"c"}, "both losers retired, the winner cannot"

    variant(market, "d")
    last: Counter[str] = Counter()
    for day in range(25, 33):
        last = a_day(market, dice, NOW + day * DAY, RATES | {"d": 0.10})
    assert last["d"] > 0.9 * last.total()
