"""The sums of the statistics benchmark against brute force, simulation and the rules that they are about."""

import math
from itertools import product
from unittest import mock

import numpy as np
import pytest

from ac_helpers import reference
from ac_helpers.asking import actor_critic_model as model_asked
from ac_helpers.probes import test_actor_critic_model as model_probe
from ac_helpers.probes.rules import FALSE_ALARM, fisher_exact, frequencies_agree
from bench.statistics import coincidences, networks, rectified, shares, solutions
from bench.statistics.limits import at_most, binomial, lower_limit, upper_limit
from bench.statistics.pvalues import binomial_accepts, binomial_miss, fisher_outcomes, fisher_p_values
from bench.statistics.questions import question_data

REFERENCE = reference.names("actor_critic")
MODEL = model_probe.PROBE.id


def test_binomial_probabilities():
    assert binomial(5, 0.3) == pytest.approx([math.comb(5, k) * 0.3**k * 0.7 ** (5 - k) for k in range(6)])
    assert binomial(2, 0.0).tolist() == [1, 0, 0]
    assert binomial(2, 1.0).tolist() == [0, 0, 1]
    assert at_most(2, 5, 0.3) == pytest.approx(binomial(5, 0.3)[:3].sum())
    assert (at_most(2, 5, 0.0), at_most(2, 5, 1.0)) == (1, 0)


def test_upper_limit_of_no_hits_is_the_rule_of_three():
    assert upper_limit(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert upper_limit(7, 7) == 1
    assert lower_limit(30, 30) == pytest.approx(0.05 ** (1 / 30))
    assert lower_limit(0, 30) == 0


def test_limits_enclose_a_rate_and_mirror_each_other():
    low, high = lower_limit(3, 20), upper_limit(3, 20)
    assert low < 3 / 20 < high
    assert binomial(20, low)[3:].sum() == pytest.approx(0.05)
    assert upper_limit(17, 20) == pytest.approx(1 - low)


def test_chances_of_fishers_test_are_those_of_all_samples():
    n, m, share, other, threshold = 12, 20, 0.3, 0.8, 0.05
    own, expected = binomial(n, other), binomial(m, share)
    rejected = sum(
        own[a] * expected[b]
        for a, b in product(range(n + 1), range(m + 1))
        if fisher_exact(a, n, b, m) < threshold
    )
    found = fisher_outcomes([own], expected, threshold)
    assert found[0] == pytest.approx([rejected])
    assert found[1] == pytest.approx([1 - rejected])


@pytest.mark.parametrize("hits", [0, 3, 40, 700, 2499])
def test_fishers_p_values_are_those_of_the_rule(hits):
    n, m = 500, 2000
    own, p_values = fisher_p_values(n, m, hits)
    for a, p_value in list(zip(own.tolist(), p_values, strict=True))[::7]:
        assert p_value == pytest.approx(fisher_exact(a, n, hits - a, m), rel=1e-6, abs=1e-50)


@pytest.mark.parametrize("claimed", [0.0, 1e-6, 0.3, 0.9])
def test_accepted_counts_are_those_of_the_rule(claimed):
    n = 300
    accepted = binomial_accepts(n, claimed, FALSE_ALARM / 2)
    for hits in range(n + 1):
        agree = frequencies_agree(np.array([hits, n - hits]), np.array([claimed, 1 - claimed]))
        assert agree == accepted[hits]
    assert not accepted.all()


def test_a_miss_is_counted_where_the_deviation_is_largest():
    claimed, actual = np.array([[0.5, 0.3, 0.2]]), np.array([[0.5, 0.1, 0.4]])
    chance = binomial_miss(claimed, actual, 40, 0.01)
    expected = binomial(40, 0.1)[binomial_accepts(40, 0.3, 0.01)].sum()
    assert chance == pytest.approx(expected)


def test_every_counted_outcome_is_rejected_below_its_level_and_mistakes_are_caught():
    counted = next(test for test in shares.counted_tests() if test.question == "uniform")
    rows = {row.subject.partition(":")[0]: row.rate for row in shares.rows_of(counted)}
    assert 0 < rows["right share rejected"] < counted.threshold
    assert rows["miss"] < 1e-3


def test_counts_with_a_common_factor_are_no_more_likely_than_said():
    counts = binomial(6, 0.5)
    common = sum(
        counts[a] * counts[b] * counts[c]
        for a, b, c in product(range(7), repeat=3)
        if math.gcd(6, a, b, c) > 1 or a == b == c
    )
    assert common <= coincidences._common_factor(counts, 3) < 2 * common


def _enumerated(sample, holds):
    """The chance that something holds for the draws [S, draws] of a sample."""
    n_states, n_actions = sample.policy.shape
    chance = 0.0
    for drawn in product(range(n_actions), repeat=n_states * sample.draws):
        actions = np.reshape(drawn, (n_states, sample.draws))
        if holds(actions):
            chance += np.take_along_axis(sample.policy, actions, 1).prod()
    return chance


def test_what_happens_to_a_network_is_counted_over_all_draws():
    sample = networks.Sample(np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]), draws=3)
    one_only = _enumerated(sample, lambda actions: (actions == actions[:, :1]).all())
    assert networks.one_action_only(sample) == pytest.approx(one_only)
    missing = [_enumerated(sample, lambda actions, a=a: not (actions == a).any()) for a in range(3)]
    assert networks.one_never_seen([sample]) == pytest.approx(sum(missing))
    assert networks.one_never_seen([sample, sample]) == pytest.approx(sum(np.square(missing)))
    assert networks.twice_the_same(sample) == pytest.approx((0.54 * 0.46) ** 3)


def test_a_policy_does_not_move_where_all_that_comes_twice_is_as_before():
    before = networks.Sample(np.array([[0.999, 0.001], [0.5, 0.5]]), draws=50)
    same = networks.Sample(np.array([[0.9991, 0.0009], [0.5, 0.5]]), draws=50)
    other = networks.Sample(np.array([[0.5, 0.5], [0.2, 0.8]]), draws=50)
    assert networks.unmoved(before, same) > 0.9
    assert networks.unmoved(before, other) == 0


def test_the_networks_of_a_question_are_seen_with_their_policies():
    data = question_data(MODEL, "policy")
    found = networks.samples("policy", REFERENCE, data)
    assert all(np.allclose(sample.policy.sum(-1), 1) for sample in found)
    assert max(sample.draws for sample in found) == data["draws"]
    assert sum(sample.draws == model_asked.DRAWS_OF_EACH for sample in found) == 2 * model_asked.NETWORKS
    assert all(0 <= chance <= 1 for chance in networks.of_policy(REFERENCE, data).values())


def test_nearly_every_right_network_can_be_listened_to():
    asked = {task.args[1] for task in networks.tasks(1.0)}
    styles = solutions.right_styles(MODEL)
    assert solutions.REFERENCE in asked
    assert len(asked.intersection(styles)) > 0.9 * len(styles)


@pytest.mark.parametrize(
    ("question", "scales"),
    [("hidden_layers", {rectified.NOISE}), ("shared_body", {rectified.NOISE, rectified.SHIFT})],
)
def test_simulated_networks_have_the_noise_of_the_questions(question, scales):
    with mock.patch.object(model_asked, "shake", wraps=model_asked.shake) as shake:
        model_probe.PROBE.question(question).ask(REFERENCE, question_data(MODEL, question))
    found = {call.kwargs.get("scale", call.args[-1]) for call in shake.call_args_list}
    assert found == scales


def test_rectified_networks_bend_as_the_questions_judge():
    data = question_data(MODEL, "hidden_layers")
    found = rectified.bends(np.random.default_rng(0), 50, (7, 6, 5), data["pairs"])
    assert found.shape == (50,)
    assert np.median(found) > 100 * rectified.FLAT
    for bend, is_bent in ((0.99 * rectified.FLAT, False), (1.01 * rectified.FLAT, True)):
        answer = {"error": "", "registered": True, "sizes": [1, 2], "bends": [bend]}
        answer |= {"of_sums": [(1, 2)], "cost_of_an_input": [1, 2], "values_in_order": []}
        answer |= {"takes_other_inputs": True, "kept": True}
        assert model_probe.describe_hidden(data, answer)["non_linear"] == is_bent
