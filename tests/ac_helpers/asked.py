"""Asks the questions of a probe in this process, as the notebook's `check` and the grader do in theirs."""

from ac_helpers import reference
from ac_helpers.asking.answering import raised
from ac_helpers.asking.plain import NotPlain, decode, encode
from ac_helpers.judging import judge, until_right
from ac_helpers.probes import assignment_of
from ac_helpers.probes.putting import answer
from autograder.examiner import examiner
from autograder.grade_one import SECONDS_AFTER_A_TIMEOUT

REFERENCE = reference.names("actor_critic")


def right_names(probe):
    """The global names of the solved notebook that a probe belongs to."""
    return reference.names(assignment_of(probe.id))


def outcomes_of(probe, names, seed, random_seed=12345):
    """The judged outcomes of a probe for these names, for the questions of a seed."""
    return judged_by(examiner(assignment_of(probe.id), seed), probe, names, lambda question: random_seed)


def judged_by(known, probe, names, random_seed):
    """The outcomes of a probe for these names, by an examiner; each question has a random seed of its own.

    As in a check there is little patience left after the first question that took too long.
    """
    expected = {question.id: known.expected(probe, question) for question in probe.questions}
    hangs = False

    def asked(question):
        nonlocal hangs
        for way in question.ways(known.data(probe, question)):
            seconds = SECONDS_AFTER_A_TIMEOUT if hangs else question.seconds
            raw = _as_sent(answer(probe, question, names, way, random_seed(question), seconds))
            hangs = hangs or raw.get("raised", {}).get("type") == "OutOfTime"
            yield known.digest(probe, question, raw)

    answers = {
        question.id: until_right(question, expected[question.id], asked(question))
        for question in probe.questions
    }
    return judge(
        probe,
        answers,
        expected,
        lambda question: known.predictions(probe, question),
        lambda question, mistakes: known.pair_predictions(probe, question, mistakes),
    )


def _as_sent(raw):
    """A raw answer after its way out of a kernel: what is no plain data does not get through."""
    try:
        return decode(encode(raw))
    except NotPlain as problem:
        return raised("NotPlain", str(problem))


def wrong(outcomes):
    """What is wrong, in a form that a failing test prints well."""
    return [
        (outcome.question.id, outcome.mistakes, outcome.raised, outcome.differences[:1])
        for outcome in outcomes
        if not outcome.passed
    ]
