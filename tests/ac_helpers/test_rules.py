"""The rules by which answers agree, against independent derivations."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ac_helpers.probes.rules import (
    FALSE_ALARM,
    Close,
    Difference,
    Same,
    SameDistribution,
    binomial_test,
    fisher_exact,
    frequencies_agree,
)

counts = st.integers(0, 40)


def two_sided(p, k):
    return min(1.0, 2 * float(min(sum(p[: k + 1]), sum(p[k:]))))


@settings(max_examples=200, deadline=None)
@given(counts, counts, counts, counts)
def test_fisher_is_the_exact_hypergeometric_tail(hits_a, misses_a, hits_b, misses_b):
    a, b, hits = hits_a + misses_a, hits_b + misses_b, hits_a + hits_b
    low, high = max(0, hits - b), min(hits, a)
    p = [Fraction(comb(a, k) * comb(b, hits - k), comb(a + b, hits)) for k in range(low, high + 1)]
    assert fisher_exact(hits_a, a, hits_b, b) == pytest.approx(two_sided(p, hits_a - low), rel=1e-6)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 99))
def test_binomial_is_the_exact_tail(hits, misses, percent):
    n, q = hits + misses, Fraction(percent, 100)
    p = [comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)]
    assert binomial_test(hits, n, percent / 100) == pytest.approx(two_sided(p, hits), rel=1e-6)


def test_a_sure_thing_has_to_happen():
    assert binomial_test(5, 5, 1.0) == 1
    assert binomial_test(4, 5, 1.0) == 0
    assert binomial_test(0, 5, 0.0) == 1


def test_the_same_distribution_is_not_rejected_and_another_is():
    rng = np.random.default_rng(0)
    rule, p = SameDistribution(), [0.8, 0.1, 0.1]
    expected = rng.multinomial(8000, p)
    assert all(rule.difference(rng.multinomial(2000, p), expected) is None for _ in range(300))
    difference = rule.difference(rng.multinomial(2000, [0.7, 0.2, 0.1]), expected)
    assert difference is not None
    assert difference.kind == "share"
    assert difference.index == (0,)


def test_claimed_frequencies_are_held_against_counts():
    rng = np.random.default_rng(1)
    p = np.array([[0.5, 0.3, 0.2], [0.05, 0.05, 0.9]])
    right = np.stack([rng.multinomial(1500, row) for row in p])
    assert frequencies_agree(right, p)
    assert not frequencies_agree(right, p[:, [1, 0, 2]])


def test_the_threshold_leaves_a_submission_below_one_in_a_billion():
    assert FALSE_ALARM * 100 <= 1e-9


@pytest.mark.parametrize(
    ("rule", "got", "expected"),
    [
        (Same(), 3, 3),
        (Same(), [1, 2], [1, 2]),
        (Same(), ["a", "b"], ["a", "b"]),
        (Same(), np.array([True, False]), np.array([1, 0])),
        (Same(), None, None),
        (Close(), 1.0, 1.0005),
        (Close(), np.array([np.nan]), np.array([np.nan])),
        (Close(), np.array([np.inf]), np.array([np.inf])),
        (Close(), "zero", "zero"),
    ],
)
def test_what_agrees(rule, got, expected):
    assert rule.difference(got, expected) is None


@pytest.mark.parametrize(
    ("rule", "got", "expected", "difference"),
    [
        (Same(), np.array([1, 2, 4]), np.array([1, 2, 3]), Difference("value", (2,), 4, 3)),
        (Same(), ["a"], ["b"], Difference("value", (), ["a"], ["b"])),
        (Same(), np.zeros(2), np.zeros(3), Difference("shape", (), [2], [3])),
        (Close(), 1.0, 1.01, Difference("value", (), 1.0, 1.01)),
        (
            Close(),
            np.array([0.0, np.nan]),
            np.zeros(2),
            Difference("value", (1,), pytest.approx(np.nan, nan_ok=True), 0.0),
        ),
        (Close(), "shape [2]", 1.0, Difference("value", (), "shape [2]", 1.0)),
    ],
)
def test_the_first_difference_is_named(rule, got, expected, difference):
    assert rule.difference(got, expected) == difference


def test_an_array_never_equals_what_is_no_array():
    assert Close().difference(np.zeros(3), "zero") is not None
    assert Same().difference("zero", np.zeros(3)) is not None
