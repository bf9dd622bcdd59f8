"""Ten thousand broken answers on the channel: none stops the grader, none earns what was not earned."""

import json

import numpy as np
import pytest

from ac_helpers.asking.plain import encode
from ac_helpers.judging import earned, judge, until_right
from ac_helpers.probes import probes
from ac_helpers.probes.putting import PUBLIC_SEED, answer
from autograder.examiner import examiner
from autograder.kernel import CellRun
from autograder.session import read_answer
from tests.ac_helpers.asked import REFERENCE
from tests.hostile.mutants import mutated, mutated_text

HIDDEN_SEED = 4711
ROUNDS = 300
NONCE = "0123456789abcdef"


def said(raw, rng):
    """What a kernel publishes: an answer with its nonce, of which chance has changed something."""
    message = json.loads(encode({"nonce": NONCE, "answer": raw}))
    message["dict"]["answer"] = mutated(message["dict"]["answer"], rng)
    published = json.dumps(message if rng.random() < 0.9 else mutated(message, rng))
    return published if rng.random() < 0.8 else mutated_text(published, rng)


def read(published):
    return read_answer(CellRun(published={NONCE: published}), NONCE)


@pytest.mark.parametrize("probe", probes("actor_critic"), ids=lambda probe: probe.id)
@pytest.mark.slow
def test_answers_that_chance_has_changed_neither_stop_the_grader_nor_earn(probe):
    """The right answers to the questions of one seed, changed, are said to those of another."""
    public, hidden = examiner("actor_critic", PUBLIC_SEED), examiner("actor_critic", HIDDEN_SEED)
    rng = np.random.default_rng(20260901)
    recorded = {
        question.id: answer(probe, question, REFERENCE, public.data(probe, question), 5, 60.0)
        for question in probe.questions
    }
    expected = {question.id: hidden.expected(probe, question) for question in probe.questions}
    understood = 0
    for _ in range(ROUNDS):
        answers = {}
        for question in probe.questions:
            raw = read(said(recorded[question.id], rng))
            understood += "raised" not in raw
            digested = hidden.digest(probe, question, raw)
            answers[question.id] = until_right(question, expected[question.id], [digested])
        outcomes = judge(probe, answers, expected, lambda question: hidden.predictions(probe, question))
        assert earned(probe, outcomes) == 0
    assert understood > ROUNDS * len(probe.questions) / 10


def test_there_are_ten_thousand_of_them():
    assert ROUNDS * sum(len(probe.questions) for probe in probes("actor_critic")) >= 10_000
