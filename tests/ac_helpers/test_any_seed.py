"""What a submission loses hangs on what it does, and not on the numbers that a seed happens to draw."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ac_helpers.judging import Outcome, digest, until_right
from ac_helpers.probes import probe
from ac_helpers.probes.putting import answer
from ac_helpers.probes.rules import Close
from ac_helpers.probes.test_losses import make_inside, make_outside, make_outside_again
from ac_helpers.probes.test_returns_and_advantages import make_continuing
from ac_helpers.probes.trainer.minibatches import _mostly_fit
from ac_helpers.probes.trainer.rollouts import SIZE, make_rollout
from ac_helpers.probes.trainer.watched import leaves_out_a_span
from ac_helpers.wording import findings
from autograder.assignment import Course
from autograder.examiner import Examiner
from tests.submissions.corpus import cells_of, names_of, solved_cells, versions

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "gaussian_actor_critic"
SEEDS = range(10)


def plain(ratios, advantages, clip_ratio):
    return np.minimum(ratios * advantages, ratios.clip(1 - clip_ratio, 1 + clip_ratio) * advantages)


def log_ratios_clipped(ratios, advantages, clip_ratio):
    clipped = np.exp(np.log(ratios).clip(-clip_ratio, clip_ratio))
    return np.minimum(ratios * advantages, clipped * advantages)


def inverse_below(ratios, advantages, clip_ratio):
    return np.minimum(ratios * advantages, ratios.clip(1 / (1 + clip_ratio), 1 + clip_ratio) * advantages)


def clipped_twice(ratios, advantages, clip_ratio):
    once = plain(ratios, advantages, clip_ratio)
    return np.where(advantages < 0, np.maximum(once, 3 * advantages), once)


def of_bounded_log_ratios(ratios, advantages, clip_ratio):
    return plain(np.exp(np.log(ratios).clip(-20, 2)), advantages, clip_ratio)


def of_bounded_advantages(ratios, advantages, clip_ratio):
    return plain(ratios, advantages.clip(-5, 5), clip_ratio)


def of_centred_advantages(ratios, advantages, clip_ratio):
    return plain(ratios, advantages - advantages.mean(), clip_ratio)


def linear(ratios, advantages, clip_ratio):
    return plain(1 + np.log(ratios), advantages, clip_ratio)


def losses_differ(make, surrogate, seed):
    """Whether another surrogate's mean is no right one with the numbers of a seed, however it is clipped."""
    question = make(np.random.default_rng(seed))
    given = np.exp(question["log_probs"] - question["old_log_probs"]), question["advantages"]
    return all(
        Close().difference(surrogate(*given, clip_ratio).mean(), plain(*given, clip_ratio).mean())
        for clip_ratio in (0.2, question["clip_ratios"]["wide"])
    )


@pytest.mark.parametrize("make", [make_outside, make_outside_again])
@pytest.mark.parametrize(
    "surrogate",
    [log_ratios_clipped, inverse_below, clipped_twice, of_bounded_log_ratios, of_bounded_advantages],
)
def test_no_mean_hides_what_is_done_to_clipped_terms(surrogate, make):
    assert [seed for seed in range(1000) if not losses_differ(make, surrogate, seed)] == []


@pytest.mark.parametrize(("make", "clipped_is_smaller"), [(make_outside, False), (make_outside_again, True)])
def test_which_of_two_means_is_the_smaller_one_hangs_on_the_question(make, clipped_is_smaller):
    for seed in range(100):
        question = make(np.random.default_rng(seed))
        ratios = np.exp(question["log_probs"] - question["old_log_probs"])
        for bound in (0.2, *question["clip_ratios"].values()):
            clipped = np.mean(ratios.clip(1 - bound, 1 + bound) * question["advantages"])
            assert (clipped < np.mean(ratios * question["advantages"])) == clipped_is_smaller


@pytest.mark.parametrize("surrogate", [of_bounded_advantages, of_centred_advantages, linear])
def test_no_mean_hides_what_is_done_to_terms_in_range(surrogate):
    assert [seed for seed in range(1000) if not losses_differ(make_inside, surrogate, seed)] == []


@cache
def names_of_style(style):
    """The global names of the only version with a style."""
    assignment = Course.find(ROOT).assignment(ASSIGNMENT)
    (version,) = (version for version in versions(ASSIGNMENT) if version.style == style)
    return names_of(assignment, cells_of(version.code, solved_cells(assignment)))


def shown(test_id, question_id, names, seed):
    """The fields of a version's last answer that differ, and the mistakes that show in them."""
    known, judged = Examiner(ASSIGNMENT, seed), probe(test_id)
    question = judged.question(question_id)
    data, expected = known.data(judged, question), known.expected(judged, question)
    given = (
        digest(question, data, answer(judged, question, names, way, known.random_seed(judged, question)))
        for way in question.ways(data)
    )
    last = until_right(question, expected, given)[-1]
    fields = tuple(difference.field for difference in question.differences(last, expected))
    return fields, question.shown(last, expected)


@pytest.mark.parametrize(
    ("style", "test_id", "question_id", "fields", "mistakes"),
    [
        (
            "old log-probs in their first order",
            "test_trainer",
            "ratio",
            ("ratio",),
            ("samples_misaligned",),
        ),
        (
            "actions kept within the bounds of Pendulum",
            "test_trainer",
            "ratio",
            ("ratio",),
            ("gradient_of_something_else",),
        ),
        ("the mean kept within one", "test_sample_action", "narrow", ("formula",), ()),
        ("deviations no less than a tenth", "test_sample_action", "distribution", ("intervals",), ()),
        ("a ReLU at the end", "test_value_critic", "states", (), ()),
        ("min=-20, max=-2", "test_gaussian_actor", "states", (), ()),
    ],
)
def test_the_same_is_said_for_every_seed(style, test_id, question_id, fields, mistakes):
    names = names_of_style(style)
    said = {seed: shown(test_id, question_id, names, seed) for seed in SEEDS}
    assert said == dict.fromkeys(SEEDS, (fields, mistakes))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_half_of_a_rollout_holds_actions_beyond_the_bounds(seed):
    question = make_rollout(np.random.default_rng(seed))
    for name in ("rollout", "second"):
        beyond = (np.abs(question[name]["actions"]) > 2).any(-1)
        assert beyond.sum() > SIZE / 2


@pytest.mark.parametrize(
    ("sizes", "fits"),
    [
        ([[9, 9, 6], [9, 9, 6], [9, 9, 6]], True),
        ([[8, 9, 6], [9, 9, 6], [9, 9, 6]], True),
        ([[8, 9, 6], [9, 9, 6], [9, 8, 6]], False),
        ([[5, 9, 6], [9, 9, 6], [9, 9, 6]], False),
        ([[9, 9, 5], [9, 9, 5], [9, 9, 5]], False),
    ],
)
def test_an_error_that_is_nothing_now_and_then_is_in_its_minibatch_all_the_same(sizes, fits):
    assert _mostly_fit([np.array(epoch) for epoch in sizes], 9, has_rest=True, missing=0) is fits


def test_no_lambda_is_a_discount_squared():
    drawn = [make_continuing(np.random.default_rng(seed)) for seed in range(1000)]
    assert min(abs(question["lam"] - question["gamma"] ** 2) for question in drawn) > 0.01


RIGHT = np.array([-2.0, -1.0, 0.5, 1.0, 3.0])


@pytest.mark.parametrize(
    ("there", "is_span"),
    [
        ([[1, 1, 1, 1, 1], [1, 1, 1, 1, 1]], True),
        ([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1]], True),
        ([[1, 0, 0, 1, 1], [1, 0, 0, 1, 1]], True),
        ([[1, 0, 1, 0, 1], [1, 0, 1, 0, 1]], False),
        ([[0, 0, 1, 1, 1], [0, 1, 1, 1, 1]], False),
    ],
)
def test_what_is_left_out_for_its_advantage_is_so_in_every_epoch(there, is_span):
    assert leaves_out_a_span(np.array(there, bool), RIGHT, epochs=2) is is_span


def test_what_one_line_raises_is_told_once_whatever_sizes_it_names():
    class Mismatched(nn.Module):
        def __init__(self, state_dim, hidden_dim=64):
            super().__init__()
            self.hidden, self.value = nn.Linear(hidden_dim, state_dim), nn.Linear(hidden_dim, 1)

        def forward(self, state):
            return self.value(torch.relu(self.hidden(state))).squeeze(-1)

    known, judged = Examiner(ASSIGNMENT, 1), probe("test_value_critic")
    raised = [
        Outcome(question, raised=raw["raised"], mistakes=("raises",))
        for question in judged.questions
        if (raw := answer(judged, question, {"CriticNetwork": Mismatched}, known.data(judged, question), 1))
    ]
    assert len({outcome.raised["message"] for outcome in raised}) > 1
    (told,) = findings(judged, raised)
    assert told.mistake == "raises"


def test_a_log_deviation_without_any_gradient_is_an_answer():
    class Constant(nn.Linear):
        def __init__(self, state_dim, action_dim, hidden_dim=64):
            super().__init__(state_dim, action_dim)

        def forward(self, state):
            mean = 2 * torch.tanh(super().forward(state))
            return mean, torch.zeros_like(mean)

    known, judged = Examiner(ASSIGNMENT, 1), probe("test_gaussian_actor")
    question = judged.question("states")
    data = known.data(judged, question)
    given = digest(question, data, answer(judged, question, {"ActorNetwork": Constant}, data, 1))
    assert "raised" not in given
    assert not given["has_gradient"]
