"""What the benchmark says of the rule for learning, against the rule itself with runs that are tossed."""

import math

import numpy as np
import pytest

from ac_helpers.asking import agent_learns as learning_asked
from ac_helpers.probes import test_agent_learns as learning
from bench.statistics.learning import chance_to_fail
from bench.statistics.questions import question_data


def _answers(monkeypatch, rates, raised, times):
    """Answers of an agent whose runs succeed and raise with these probabilities, None where all raise."""
    rng = np.random.default_rng(0)
    chances = list(zip(rates, raised, strict=True))

    def run(names, question, number, run):
        toss, (rate, share) = rng.random(), chances[number]
        if rate <= toss < rate + share:
            raise FloatingPointError
        right = np.repeat(question["right_actions"][number][run][:, None], learning_asked.LAST, axis=1)
        return right if toss < rate else learning_asked.NOTHING_LEARNT

    monkeypatch.setattr(learning_asked, "one_run", run)
    monkeypatch.setattr(learning_asked, "_stays_quiet", lambda names, question: True)
    monkeypatch.setattr(learning_asked, "_still", lambda names, question: [])
    question = question_data(learning.PROBE.id, "learns")
    for _ in range(times):
        try:
            yield learning.describe_attempts(question, learning_asked.ask_attempts({}, question))["learns"]
        except FloatingPointError:
            yield None


@pytest.mark.parametrize(
    "rates", [(0.06, 0.0, 0.03, 0.0, 0.0, 0.0, 0.0), (0.05, 0.05, 0.0, 0.0, 0.0, 0.0, 0.0)]
)
def test_an_agent_fails_as_often_as_the_rule_says(monkeypatch, rates):
    lost = np.mean([answer is False for answer in _answers(monkeypatch, rates, (0,) * 7, 250)])
    assert 0.1 < lost < 0.9
    assert chance_to_fail(rates) == pytest.approx(lost, abs=0.09)


def test_exceptions_end_it_as_often_as_they_come_first(monkeypatch):
    rates, raised = (0.3, *[0.0] * 6), (0.5, *[0.95] * 6)
    ended = np.mean([answer is None for answer in _answers(monkeypatch, rates, raised, 250)])
    assert math.prod(raised) == pytest.approx(ended, abs=0.09)


def test_the_first_run_is_enough_and_any_later_one_is_not():
    question = question_data(learning.PROBE.id, "learns")

    def run(number, succeeds=True):
        right = np.repeat(question["right_actions"][number][:1].T, learning_asked.LAST, axis=1)
        return right if succeeds else learning_asked.NOTHING_LEARNT

    def passes(*exams):
        exams = [*map(list, exams), *[[] for _ in range(len(learning.LEARNING_RATES) - len(exams))]]
        return learning_asked.passes(exams, question["right_actions"])

    assert passes([run(0)])
    assert not passes([run(0, False)], [run(1)], [])
    assert chance_to_fail([0.3, *[0.0] * 6]) == pytest.approx(
        0.7 * (0.7**19 + 19 * 0.3 * 0.7**18) + 0.7**13 * (1 - 0.7**7 - 7 * 0.3 * 0.7**6)
    )


def test_more_learning_rates_only_help():
    assert chance_to_fail([0.5, 0.5]) < chance_to_fail([0.5])
    assert chance_to_fail([0.0]) == 1
    assert chance_to_fail([1.0]) == 0
