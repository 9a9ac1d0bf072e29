"""Statistics, compared with published figures."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from tests.outbox import row, value

Db = Connection[Any]


@pytest.mark.parametrize(
    ("x", "freedom", "tail"),
    [
        # Tables of the chi-square distribution.
        (3.841459, 1, 0.05),
        (6.634897, 1, 0.01),
        (5.991465, 2, 0.05),
        (7.814728, 3, 0.05),
        (18.307038, 10, 0.05),
        (24.995790, 15, 0.05),
        (0.000157088, 1, 0.99),
        (0.020101, 2, 0.99),
        (0, 3, 1),
        (5, 0, 1),
    ],
)
def test_chi_square_tail(db: Db, x: float, freedom: int, tail: float) -> None:
    found = value(db, "select stats.chi_square_tail(%s::float8, %s)", x, freedom)
    assert found == pytest.approx(tail, abs=2e-6)


def test_chi_square_tail_of_a_large_value_underflows_without_error(db: Db) -> None:
    assert value(db, "select stats.chi_square_tail(1e9, 1)") < 1e-300


@pytest.mark.parametrize(
    ("observed", "expected", "p"),
    [
        # Mendel's peas: 315, 108, 101, 32 against 9:3:3:1 is chi-square 0.470 with three degrees of freedom.
        ([315, 108, 101, 32], [9, 3, 3, 1], 0.9254),
        ([821_588, 815_482], [0.5, 0.5], 1.8e-6),
        ([900, 100], [0.9, 0.1], 1.0),
        ([900, 100], [90, 10], 1.0),
        ([10, 0], [1, 0], 1.0),
        ([10, 1], [1, 0], 0.0),
        ([0, 0], [0.9, 0.1], 1.0),
    ],
)
def test_chi_square_p_value(db: Db, observed: list[int], expected: list[float], p: float) -> None:
    found = value(db, "select stats.chi_square_p_value(%s::bigint[], %s::float8[])", observed, expected)
    assert found == pytest.approx(p, rel=0.02, abs=1e-4 if p > 0.01 else 0)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998 (the paper on single proportions), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval(db: Db, hits: int, n: int, low: float, high: float) -> None:
    found = row(db, "select * from stats.wilson_interval(%s::float8 / %s, %s)", hits, n, n)
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe 1998 (the paper on differences), table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_interval(db: Db, one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = row(
        db, "select * from stats.newcombe_interval(%s::float8 / %s, %s, %s::float8 / %s, %s)",
        one[0], one[1], one[1], other[0], other[1], other[1],
    )  # fmt: skip
    assert found["difference"] == pytest.approx(one[0] / one[1] - other[0] / other[1])
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


def test_newcombe_interval_of_an_empty_group_has_no_row(db: Db) -> None:
    assert value(db, "select count(*) from stats.newcombe_interval(0.5, 10, 0, 0)") == 0


def test_effective_sample_size_of_one_case_each_is_the_number_of_cases(db: Db) -> None:
    """70 people, 56 hits: sums of y², ym and m² are 56, 56 and 70."""
    assert value(db, "select stats.effective_sample_size(70, 70, 56, 56, 56, 70)") == pytest.approx(70)


def test_effective_sample_size_counts_people_with_constant_outcomes_once(db: Db) -> None:
    """Ten people with twelve cases each, of whom five always book and five never: 10 cases, not 120."""
    worth = value(db, "select stats.effective_sample_size(10, 120, 60, %s, %s, %s)", 5 * 144, 5 * 144, 10 * 144)
    assert worth == pytest.approx(10)


@pytest.mark.parametrize("hits", [0, 120])
def test_effective_sample_size_without_variance_is_the_number_of_people(db: Db, hits: int) -> None:
    each = hits // 10
    worth = value(
        db, "select stats.effective_sample_size(10, 120, %s, %s, %s, 1440)", hits, 10 * each**2, 10 * each * 12
    )
    assert worth == 10


def test_linear_equations_are_solved(db: Connection[Any]) -> None:
    with db.cursor() as cursor:
        cursor.execute(
            "select stats.solve_linear_system(p_matrix => array[[4,1,0],[1,3,1],[0,1,2]], p_right => array[6,10,8])"
        )
        row = cursor.fetchone()
    assert row is not None
    assert row[0] == pytest.approx([1, 2, 3])


@pytest.mark.parametrize(
    ("hits", "sample", "rate", "chance"),
    [
        # By the binomial formula, by hand or with exact fractions.
        (0, 10, 0.3, 1.0),
        (1, 1, 0.3, 0.3),
        (2, 10, 0.003, 0.000_398_8),
        (3, 3, 0.05, 0.000_125),
        (10, 10, 0.5, 1 / 1024),
        (6, 10, 0.5, 386 / 1024),
        # At or below the mean it is 1.
        (5, 10, 0.5, 1.0),
        (1, 5, 0.0, 0.0),
        (5, 5, 1.0, 1.0),
    ],
)
def test_the_binomial_tail(db: Db, hits: int, sample: int, rate: float, chance: float) -> None:
    assert value(db, "select stats.binomial_tail(%s, %s, %s)", hits, sample, rate) == pytest.approx(chance, 1e-3)


def test_the_binomial_tail_of_a_large_sample_is_the_sum_of_all_its_terms(db: Db) -> None:
    """Compared with 1 minus the lower tail, summed by the ratio of its terms: no term that counts is cut off."""
    for hits, sample, rate in [(1100, 50_000, 0.02), (180, 50_000, 0.003), (2700, 50_000, 0.05)]:
        term = (1 - rate) ** sample
        below = 0.0
        for i in range(hits):
            below += term
            term *= (sample - i) / (i + 1) * rate / (1 - rate)
        found = value(db, "select stats.binomial_tail(%s, %s, %s)", hits, sample, rate)
        if term:
            assert found == pytest.approx(1 - below, rel=1e-6, abs=1e-12)
        else:
            assert 0 < found < 0.01
