"""From answers to outcomes: what is right, what each wrong answer looks like, and which mistake explains it.

The same functions serve `check()` in a notebook, where the expected answers are frozen data, and the
grader, where they are computed from the reference. Nothing here runs a student's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ac_helpers.probes.asking import raised
from ac_helpers.probes.rules import Difference
from ac_helpers.probes.spec import Data, Probe, Question

Predictions = Mapping[str, Data]
"""What a question's known mistakes answer: digested answers by variant ("argmin", "argmin#2")."""


@dataclass(frozen=True)
class Outcome:
    """How one question went.

    Attributes:
        question: the question.
        differences: where the answer departs from the expected one; empty when it is right.
        raised: what was raised instead of an answer, as data, or None.
        explained_by: ids of the known mistakes that give this very answer.
        contradicted: ids of the known mistakes that would have given another answer.
        mistake: the id that is named to the student, chosen over all questions of the cell.
    """

    question: Question
    differences: tuple[Difference, ...] = ()
    raised: Data | None = None
    explained_by: frozenset[str] = field(default_factory=frozenset)
    contradicted: frozenset[str] = field(default_factory=frozenset)
    mistake: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return not self.differences and self.raised is None

    @property
    def points(self) -> float:
        """What the answer earned."""
        return self.question.points if self.passed else 0.0


def digest(question: Question, data: Data, answer: Data) -> Data:
    """The fields that are compared; an answer that cannot be digested counts as one that raised."""
    if "raised" in answer:
        return answer
    try:
        return question.digest(data, answer)
    except Exception as error:
        return raised("BadAnswer", type(error).__name__)


def best_answer(question: Question, expected: Data, answers: Iterable[Data]) -> Data:
    """The first right answer of those that the ways of asking gave; they are asked one by one.

    When none is right: the last that is an answer at all, because the most is put right around it.
    """
    seen = []
    for answer in answers:
        seen.append(answer)
        if not question.differences(answer, expected):
            return answer
    return next((answer for answer in reversed(seen) if "raised" not in answer), seen[0])


def judge(
    probe: Probe,
    answers: Mapping[str, Data],
    expected: Mapping[str, Data],
    predict: Callable[[Question], Predictions],
) -> list[Outcome]:
    """Compares the digested answers of a cell with the expected ones and names the mistakes in them.

    Args:
        probe: what was asked.
        answers: the student's digested answers by question id.
        expected: the reference's digested answers by question id.
        predict: gives the answers of the known mistakes to a question; called only when something is wrong.
    """
    outcomes = [
        _compare(question, answers[question.id], expected[question.id]) for question in probe.questions
    ]
    if all(outcome.passed or _named_by_exception(outcome) for outcome in outcomes):
        return _name_mistakes(outcomes)
    return _name_mistakes([_explain(outcome, answers[outcome.question.id], predict) for outcome in outcomes])


def _compare(question: Question, answer: Data, expected: Data) -> Outcome:
    return Outcome(question, tuple(question.differences(answer, expected)), answer.get("raised"))


def _explain(outcome: Outcome, answer: Data, predict: Callable[[Question], Predictions]) -> Outcome:
    question = outcome.question
    predictions = predict(question) if question.asks_mistakes else {}
    fitting = frozenset(name for name, data in predictions.items() if not question.differences(answer, data))
    contradicted = frozenset(predictions) - fitting
    return replace(
        outcome, explained_by=frozenset() if outcome.passed else fitting, contradicted=contradicted
    )


def _name_mistakes(outcomes: list[Outcome]) -> list[Outcome]:
    """Gives every wrong answer the mistake with the most evidence.

    A mistake's evidence is the number of wrong answers that it explains; among equals the one that
    contradicts the fewest other answers of the cell. What it explains is set aside and the rest is
    explained in the same way, so that two mistakes in one cell are both named.
    """
    named = [replace(outcome, mistake=_named_by_exception(outcome)) for outcome in outcomes]
    while True:
        open_places = [
            i for i, o in enumerate(named) if not o.passed and o.mistake is None and o.explained_by
        ]
        if not open_places:
            return [_last_resort(outcome) for outcome in named]
        best = max(
            sorted({variant for i in open_places for variant in named[i].explained_by}),
            key=lambda variant: (
                sum(variant in named[i].explained_by for i in open_places),
                -sum(variant in outcome.contradicted for outcome in named),
            ),
        )
        for i in open_places:
            if best in named[i].explained_by:
                named[i] = replace(named[i], mistake=best.partition("#")[0])


def _named_by_exception(outcome: Outcome) -> str | None:
    if outcome.raised is None:
        return None
    return _MISTAKE_OF_EXCEPTION.get(outcome.raised["type"])


_MISTAKE_OF_EXCEPTION = {"NotImplementedError": "not_implemented", "OutOfTime": "timeout"}


def _last_resort(outcome: Outcome) -> Outcome:
    if (
        outcome.raised is not None
        and outcome.mistake is None
        and outcome.raised["type"] not in _NOT_RAISED_BY_STUDENT
    ):
        return replace(outcome, mistake="raises")
    return outcome


_NOT_RAISED_BY_STUDENT = {"NotPlain", "BadAnswer", "NoAnswer", "KernelDied", "Undefined"}


def earned(probe: Probe, outcomes: list[Outcome]) -> float:
    """The points of a cell; exactly its full points when every answer is right."""
    if all(outcome.passed for outcome in outcomes) and len(outcomes) == len(probe.questions):
        return probe.points
    return round(sum(outcome.points for outcome in outcomes), 4)
