"""prediction.backtest: its figures match their definitions, and the prediction beats the naive rule."""

from datetime import date, datetime, timedelta
from math import log
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import dict_row

from tests.marketplace import DHAKA
from tests.prediction.visit_log import load, midnight, noon, people, score


def backtest(db: Connection[Any], first: datetime, last: datetime, days: int) -> list[dict[str, Any]]:
    with db.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "select * from prediction.backtest(p_from => %s, p_until => %s, p_step => %s)",
            [first, last, timedelta(days=days)],
        )
        return cursor.fetchall()


def visit_days(db: Connection[Any]) -> dict[tuple[UUID, UUID], list[date]]:
    found: dict[tuple[UUID, UUID], list[date]] = {}
    with db.cursor() as cursor:
        cursor.execute("select customer_id, service_id, completed_at from market.booking order by completed_at")
        for customer, service, at in cursor.fetchall():
            found.setdefault((customer, service), []).append(at.astimezone(DHAKA).date())
    return found


def area(scores: list[float], came: list[bool]) -> float:
    """Probability that a person who returned has the higher score; ties count half."""
    hits = [s for s, c in zip(scores, came, strict=True) if c]
    misses = [s for s, c in zip(scores, came, strict=True) if not c]
    return sum((h > m) + (h == m) / 2 for h in hits for m in misses) / (len(hits) * len(misses))


def test_figures_match_their_definitions(db: Connection[Any]) -> None:
    load(db, people(150, seed=8))
    cut = midnight(200)
    today = noon(199).date()
    (row,) = backtest(db, cut, cut, 1)
    scores = score(db, cut)
    days = visit_days(db)
    p: dict[int, list[float]] = {7: [], 14: [], 28: []}
    until, naive, near = [], [], []
    for s in scores.values():
        visits = days[s["customer_id"], s["service_id"]]
        last = max(day for day in visits if day <= today)
        following = min((day for day in visits if day > today), default=None)
        until.append((following - today).days if following else 10**6)
        naive.append(float(21 <= (today - last).days <= 30))
        if until[-1] <= 60:
            assert following is not None
            near.append(abs((s["expected_at"].astimezone(DHAKA).date() - following).days) <= 7)
        for horizon, list_of in p.items():
            list_of.append(s[f"p{horizon}"])
    came = [u <= 14 for u in until]
    assert row["n"] == len(scores) > 100
    for horizon, list_of in p.items():
        assert row[f"auc{horizon}"] == pytest.approx(area(list_of, [u <= horizon for u in until]))
    assert row["naive_auc14"] == pytest.approx(area(naive, came))
    assert row["log_loss14"] == pytest.approx(
        sum(-log(q if c else 1 - q) for q, c in zip(p[14], came, strict=True)) / len(came)
    )
    assert row["brier14"] == pytest.approx(sum((q - c) ** 2 for q, c in zip(p[14], came, strict=True)) / len(came))
    assert row["predicted_observed14"] == pytest.approx(sum(p[14]) / sum(came))
    assert row["within7_days"] == pytest.approx(sum(near) / len(near))


def test_prediction_beats_the_naive_rule_and_is_calibrated(db: Connection[Any]) -> None:
    load(db, people(500, days=400, seed=9, services=1))
    rows = backtest(db, midnight(200), midnight(320), 20)
    assert [row["cut"] for row in rows] == [midnight(day) for day in range(200, 321, 20)]
    mean = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0] if name != "cut"}
    assert mean["auc14"] > mean["naive_auc14"] + 0.15
    assert mean["auc14"] > 0.8
    assert 0.9 < mean["predicted_observed14"] < 1.1
    assert mean["within7_days"] > 0.7


def test_a_cut_without_visits_has_no_figures(db: Connection[Any]) -> None:
    load(db, [("a", "s", noon(day)) for day in (0, 30, 60)])
    (row,) = backtest(db, midnight(90), midnight(90), 1)
    assert (row["n"], row["auc14"], row["predicted_observed14"], row["within7_days"]) == (1, None, None, None)
    assert backtest(db, midnight(1), midnight(1), 1) == []
