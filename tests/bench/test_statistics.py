"""The sums of the statistics benchmark against brute force."""

import math
from itertools import product

import numpy as np
import pytest

from ac_helpers.probes.rules import fisher_exact
from bench import statistics as bench


def test_chances_of_fishers_test_are_those_of_all_samples():
    n, m, share, other, threshold = 12, 20, 0.3, 0.8, 0.05
    own, expected = bench.binomial(n, other), bench.binomial(m, share)
    rejected = sum(
        own[a] * expected[b]
        for a, b in product(range(n + 1), range(m + 1))
        if fisher_exact(a, n, b, m) < threshold
    )
    found = bench.fisher_outcomes([own], expected, threshold)
    assert found[0] == pytest.approx([rejected])
    assert found[1] == pytest.approx([1 - rejected])


def test_binomial_probabilities():
    assert bench.binomial(5, 0.3) == pytest.approx(
        [math.comb(5, k) * 0.3**k * 0.7 ** (5 - k) for k in range(6)]
    )
    assert bench.binomial(2, 0.0).tolist() == [1, 0, 0]
    assert bench.binomial(2, 1.0).tolist() == [0, 0, 1]


def test_upper_limit_of_no_hits_is_the_rule_of_three():
    assert bench.upper_limit(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert bench.upper_limit(7, 7) == 1
    assert bench.lower_limit(30, 30) == pytest.approx(0.05 ** (1 / 30))
    assert bench.lower_limit(0, 30) == 0


@pytest.mark.parametrize("rate", [0.2, 0.9])
def test_learning_rule_is_a_race_between_successes_and_failures(rate):
    rng, rule = np.random.default_rng(0), bench.LearningRule(successes=2, failures=3)
    runs = rng.random((40_000, 4)) < rate
    lost = (runs.sum(1) < 2).mean()
    assert rule.fails([rate]) == pytest.approx(lost, abs=0.01)
    assert rule.fails([rate, rate]) == pytest.approx(rule.fails([rate]) ** 2)


def test_measured_figures_go_between_the_markers():
    text = f"before\n{bench.BEGIN}\nold\n{bench.END}\nafter\n"
    assert bench.put_between_markers(text, "new\n") == f"before\n{bench.BEGIN}\n\nnew\n\n{bench.END}\nafter\n"
    with pytest.raises(ValueError, match="the document has no"):
        bench.put_between_markers("no markers", "new")
