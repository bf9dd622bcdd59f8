"""Answers that were recorded somewhere else earn nothing: right ones follow from the question's own data."""

import pytest

from ac_helpers.judging import earned, judge
from ac_helpers.probes import probes
from ac_helpers.probes.putting import PUBLIC_SEED, answer
from autograder.examiner import examiner
from tests.ac_helpers.asked import REFERENCE

HIDDEN_SEED = 4711


@pytest.mark.parametrize("probe", probes("actor_critic"), ids=lambda probe: probe.id)
def test_right_answers_to_public_questions_earn_nothing_of_hidden_ones(probe):
    """Anybody can record them and have them said by the part of the checks that runs in a kernel."""
    public, hidden = examiner("actor_critic", PUBLIC_SEED), examiner("actor_critic", HIDDEN_SEED)
    recorded = {
        question.id: answer(probe, question, REFERENCE, public.data(probe, question), 5, 60.0)
        for question in probe.questions
    }
    expected = {question.id: hidden.expected(probe, question) for question in probe.questions}
    replayed = {
        question.id: (hidden.digest(probe, question, recorded[question.id]),) for question in probe.questions
    }
    outcomes = judge(probe, replayed, expected, lambda question: {})
    assert earned(probe, outcomes) == 0
    own = {
        question.id: (public.digest(probe, question, recorded[question.id]),) for question in probe.questions
    }
    own_expected = {question.id: public.expected(probe, question) for question in probe.questions}
    assert earned(probe, judge(probe, own, own_expected, lambda question: {})) == probe.points
