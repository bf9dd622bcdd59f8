"""From answers to outcomes: what is right, what each wrong answer looks like, and which mistake explains it.

The same functions serve `check()` in a notebook, where the expected answers are frozen data, and the
grader, where they are computed from the reference. Nothing here runs a student's code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.answering import raised
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.rules import Difference
from ac_helpers.probes.spec import Probe, Question

Predictions = Mapping[str, Data]
"""What a question's known mistakes answer: digested answers by variant ("argmin", "argmin#2")."""


PredictPairs = Callable[[Question, frozenset[str]], Predictions]


@dataclass(frozen=True)
class Outcome:
    """How one question went.

    Attributes:
        question: the question.
        differences: where the answer departs from the expected one; empty when it is right.
        raised: what was raised instead of an answer, as data, or None.
        explained_by: ids of the known mistakes that give this very answer.
        contradicted: ids of the known mistakes that would have given another answer.
        mistakes: the ids that are named to the student, chosen over all questions of the cell; one, two that
            only together give this answer, or those that show in its fields.
        answer: the digested answer that all this is about.
    """

    question: Question
    differences: tuple[Difference, ...] = ()
    raised: Data | None = None
    explained_by: frozenset[str] = field(default_factory=frozenset)
    contradicted: frozenset[str] = field(default_factory=frozenset)
    mistakes: tuple[str, ...] = ()
    answer: Data = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return not self.differences and self.raised is None

    @property
    def points(self) -> float:
        """What the answer earned."""
        return self.question.points if self.passed else 0.0


def is_put_right(
    probe: Probe, question: Question, earned: Mapping[str, float], unfilled: Collection[str]
) -> bool:
    """Whether a patient question about a class is asked with right versions of its other methods first.

    These have lost points in their own test cells: what is wrong was charged there. A class with stubs in it
    is put right only where a third or more is earned, so that enough is left of the student's own to judge.

    Args:
        probe: the question's.
        question: the question.
        earned: the points of test cells judged so far.
        unfilled: those of them that have met a stub.
    """
    judged = [other for other in map(probe_by_id, earned) if other.solution == probe.solution]
    beside = [other for other in judged if other.id != probe.id]
    points, got = sum(other.points for other in beside), sum(earned[other.id] for other in beside)
    is_written = not any(other.id in unfilled for other in beside)
    return question.is_patient and got < points and (is_written or got >= points / 3)


def meets_stub(outcomes: Iterable[Outcome]) -> bool:
    """Whether something that was asked of a cell is not written yet."""
    return any("not_implemented" in outcome.mistakes for outcome in outcomes)


def digest(question: Question, data: Data, answer: Data) -> Data:
    """The fields that are compared; an answer that cannot be digested counts as one that raised."""
    if "raised" in answer:
        return answer
    try:
        with np.errstate(all="ignore"):  # numbers without end are not the grader's fault
            return question.digest(data, answer)
    except Exception as error:
        return raised("BadAnswer", type(error).__name__)


def until_right(question: Question, expected: Data, answers: Iterable[Data]) -> tuple[Data, ...]:
    """The answers that the ways of asking gave, asked one by one until one of them is right."""
    seen = []
    for answer in answers:
        try:
            is_wrong = bool(question.differences(answer, expected))
            if is_wrong:
                question.shown(answer, expected)
        except Exception as error:  # its fields cannot even be compared with the expected ones
            seen.append(raised("BadAnswer", type(error).__name__))
            continue
        seen.append(answer)
        if not is_wrong:
            break
    return tuple(seen)


def judge(
    probe: Probe,
    answers: Mapping[str, Sequence[Data]],
    expected: Mapping[str, Data],
    predict: Callable[[Question], Predictions],
    predict_pairs: PredictPairs | None = None,
) -> list[Outcome]:
    """Compares the digested answers of a cell with the expected ones and names the mistakes in them.

    Args:
        probe: what was asked.
        answers: the student's digested answers by question id, one for each way of asking; one right is
            enough.
        expected: the reference's digested answers by question id.
        predict: gives the answers of the known mistakes to a question; called only when something is wrong.
        predict_pairs: gives the answers of two mistakes together, by "one+other"; one of them is among those
            given, if any are.
    """
    outcomes = [
        _compare(probe, question, answers[question.id], expected[question.id]) for question in probe.questions
    ]
    if all(outcome.passed or _named_by_exception(outcome) for outcome in outcomes):
        return [_name_by_exception(outcome) for outcome in outcomes]
    evidence = {
        outcome.question.id: _evidence(outcome, answers[outcome.question.id], expected[outcome.question.id])
        for outcome in outcomes
    }
    explained = [
        _explain(outcome, evidence[outcome.question.id], expected[outcome.question.id], predict)
        for outcome in outcomes
    ]
    shown = [_shown(outcome, expected[outcome.question.id]) for outcome in explained]
    named = _name_mistakes(explained, shown)
    if predict_pairs is not None:
        named = _name_pairs(named, evidence, predict_pairs)
    return [_last_resort(outcome, expected[outcome.question.id]) for outcome in named]


def _compare(probe: Probe, question: Question, answers: Sequence[Data], expected: Data) -> Outcome:
    """The outcome of the right answer, or of the one that tells most.

    That is the last that is an answer at all, because the most was put right around it.
    """
    right = [answer for answer in answers if not question.differences(answer, expected)]
    telling = right or [answer for answer in reversed(answers) if "raised" not in answer]
    answer = telling[0] if telling else _most_telling(probe, question, answers)
    return Outcome(
        question, tuple(question.differences(answer, expected)), answer.get("raised"), answer=answer
    )


def _most_telling(probe: Probe, question: Question, answers: Sequence[Data]) -> Data:
    """Of answers that all raised: what the judged functions did, not a stub or a failure of earlier parts.

    Earlier parts are right in the last ways of asking, one for each repair.
    """
    last = _most_put_right(question, answers)
    own = [answer for answer in last if answer["raised"]["function"] in probe.functions]
    others = [answer for answer in last if _is_of_student(answer["raised"])]
    return (own or others or last)[0]


def _most_put_right(question: Question, answers: Sequence[Data]) -> Sequence[Data]:
    """Of the answers those of the last ways of asking, in which earlier parts are right."""
    return answers[-1 - len(question.repairs) :]


def _is_of_student(raised: Data) -> bool:
    """Whether it was raised by code of the student's that is no stub, or took too long there."""
    if raised["type"] == "OutOfTime":
        return True
    return raised["function"] != "" and raised["type"] != "NotImplementedError"


def _evidence(outcome: Outcome, answers: Sequence[Data], expected: Data) -> Sequence[Data]:
    """The answers that speak for known mistakes.

    What was answered in other ways of a question that is passed is somebody else's mistake; so may be what
    was answered beside wrong earlier parts, if beside right ones a symptom shows.
    """
    if outcome.passed:
        return [outcome.answer]
    put_right = _most_put_right(outcome.question, answers)
    is_told = any("raised" not in answer for answer in put_right)
    return put_right if is_told and _shown(outcome, expected) else answers


def _explain(
    outcome: Outcome, evidence: Sequence[Data], expected: Data, predict: Callable[[Question], Predictions]
) -> Outcome:
    """Which mistakes give the answers of the most ways of asking; what was raised counts last.

    A mistake whose own answer passes for a right one says nothing about a wrong answer.
    """
    question = outcome.question
    if question.is_patient:
        return outcome
    predictions = {
        variant: answer
        for variant, answer in predict(question).items()
        if outcome.passed or question.differences(answer, expected)
    }
    told = [answer for answer in evidence if "raised" not in answer]
    fitting = _best_fitting(question, told, predictions) or _best_fitting(question, evidence, predictions)
    contradicted = frozenset(predictions) - fitting
    return replace(
        outcome, explained_by=frozenset() if outcome.passed else fitting, contradicted=contradicted
    )


def _best_fitting(question: Question, answers: Sequence[Data], predictions: Predictions) -> frozenset[str]:
    """The variants that give the most of these answers, if they give any."""
    counts = Counter(variant for answer in answers for variant in _fitting(question, [answer], predictions))
    most = max(counts.values(), default=0)
    return frozenset(variant for variant, count in counts.items() if count == most)


def _fitting(question: Question, answers: Sequence[Data], predictions: Predictions) -> frozenset[str]:
    return frozenset(
        variant
        for variant, predicted in predictions.items()
        if any(not question.differences(answer, predicted, sharp=True) for answer in answers)
    )


def _name_mistakes(outcomes: list[Outcome], symptoms: list[tuple[str, ...]]) -> list[Outcome]:
    """Gives every wrong answer the mistake with the most evidence.

    A mistake's evidence is the number of wrong answers that it explains; among equals the one that
    contradicts the fewest other answers of the cell, then the one of which the most symptoms tell. What it
    explains is set aside and the rest is explained in the same way, so that two mistakes in one cell are
    both named. One that contradicts more than it explains does not stand against a symptom of another one.
    """
    named = [_name_by_exception(outcome) for outcome in outcomes]
    while True:
        open_places = [i for i, o in enumerate(named) if not o.passed and not o.mistakes and o.explained_by]
        if not open_places:
            return named

        def evidence(variant: str, places: Sequence[int] = tuple(open_places)) -> tuple[int, int, int]:
            return (
                sum(variant in named[i].explained_by for i in places),
                -sum(variant in outcome.contradicted for outcome in named),
                sum(_id_of(variant) in shown for shown in symptoms),
            )

        best = max(sorted({variant for i in open_places for variant in named[i].explained_by}), key=evidence)
        explains, against, shows = evidence(best)
        for i in (i for i in open_places if best in named[i].explained_by):
            if explains + against < 0 and not shows and symptoms[i]:
                named[i] = replace(named[i], explained_by=frozenset())
            else:
                named[i] = replace(named[i], mistakes=(_id_of(best),))


def _name_pairs(
    outcomes: list[Outcome], evidence: Mapping[str, Sequence[Data]], predict_pairs: PredictPairs
) -> list[Outcome]:
    """Names what is still open by two mistakes together, one of which explains another answer if any does.

    The pair that explains the most answers comes first, as with single mistakes; among equals the one that
    stands first in the bank.
    """
    known = frozenset().union(*(o.explained_by for o in outcomes if o.mistakes))
    named, chosen = list(outcomes), set[str]()
    open_ones = sum(_is_open(outcome, evidence) for outcome in outcomes)
    pairs = {
        i: [pair for pair in found if not _is_contradicted(pair, outcomes, open_ones)]
        for i, outcome in enumerate(outcomes)
        if (found := _fitting_pairs(outcome, evidence, known, predict_pairs))
    }
    while any(pairs.values()):
        every = chain.from_iterable(pairs.values())
        best = max(every, key=lambda pair: sum(pair in fitting for fitting in pairs.values()))
        if sum(best in fitting for fitting in pairs.values()) < min(ENOUGH_FOR_A_PAIR, open_ones):
            break
        for i in [i for i, fitting in pairs.items() if best in fitting]:
            named[i] = replace(named[i], mistakes=tuple(map(_id_of, best.split("+"))))
            del pairs[i]
        chosen.update(best.split("+"))
    return [_by_those_of_pairs(outcome, chosen) for outcome in named]


def _is_contradicted(pair: str, outcomes: list[Outcome], open_ones: int) -> bool:
    """Whether one mistake of a pair fails a question that is passed.

    Two may make up for each other there, which is believed where they explain more than one answer.
    """
    failing = (len(outcome.contradicted & {*pair.split("+")}) for outcome in outcomes if outcome.passed)
    return any(count == 1 or (count == 2 and open_ones == 1) for count in failing)


def _by_those_of_pairs(outcome: Outcome, chosen: Collection[str]) -> Outcome:
    """An answer that a mistake of a pair gives by itself needs no third name."""
    explaining = sorted(outcome.explained_by.intersection(chosen))
    return replace(outcome, mistakes=(_id_of(explaining[0]),)) if explaining else outcome


def _fitting_pairs(
    outcome: Outcome,
    evidence: Mapping[str, Sequence[Data]],
    known: frozenset[str],
    predict_pairs: PredictPairs,
) -> list[str]:
    """The pairs of variants that together give one of the answers of an outcome that is still open."""
    if not _is_open(outcome, evidence):
        return []
    predictions = predict_pairs(outcome.question, known)
    fitting = _fitting(outcome.question, _told(outcome, evidence), predictions)
    return [pair for pair in predictions if pair in fitting]


ENOUGH_FOR_A_PAIR = 2
"""So many of the answers that are still open a pair has to explain: among hundreds one fits one by chance."""


def _is_open(outcome: Outcome, evidence: Mapping[str, Sequence[Data]]) -> bool:
    """Whether a wrong answer has no name yet, and is one that a mistake might give."""
    unnamed = not outcome.passed and not outcome.mistakes and not outcome.question.is_patient
    return unnamed and bool(_told(outcome, evidence))


def _told(outcome: Outcome, evidence: Mapping[str, Sequence[Data]]) -> list[Data]:
    return [answer for answer in evidence[outcome.question.id] if "raised" not in answer]


def _id_of(variant: str) -> str:
    return variant.partition("#")[0]


def _name_by_exception(outcome: Outcome) -> Outcome:
    found = _named_by_exception(outcome)
    return outcome if found is None else replace(outcome, mistakes=(found,))


def _named_by_exception(outcome: Outcome) -> str | None:
    if outcome.raised is None:
        return None
    if outcome.raised["type"] == "NotImplementedError" and not _is_stub(outcome.raised["line"]):
        return None
    return _MISTAKE_OF_EXCEPTION.get(outcome.raised["type"])


_MISTAKE_OF_EXCEPTION = {"NotImplementedError": "not_implemented", "OutOfTime": "timeout"}


def _is_stub(line: str) -> bool:
    """Whether it is the student's own line that says so; libraries raise the same error."""
    return not line or line.startswith("raise NotImplementedError")


def _last_resort(outcome: Outcome, expected: Data) -> Outcome:
    """Names what no known mistake explains by what was raised, or by the symptom that it shows."""
    if outcome.passed or outcome.mistakes:
        return outcome
    if outcome.raised is not None:
        by_student = outcome.raised["type"] not in _NOT_RAISED_BY_STUDENT
        return replace(outcome, mistakes=("raises",)) if by_student else outcome
    return replace(outcome, mistakes=_shown(outcome, expected))


def _shown(outcome: Outcome, expected: Data) -> tuple[str, ...]:
    if outcome.passed or outcome.raised is not None:
        return ()
    return outcome.question.shown(outcome.answer, expected)


_NOT_RAISED_BY_STUDENT = {"NotPlain", "BadAnswer", "NoAnswer", "KernelDied", "Undefined"}


def earned(probe: Probe, outcomes: list[Outcome]) -> float:
    """The points of a cell; exactly its full points when every answer is right."""
    if all(outcome.passed for outcome in outcomes) and len(outcomes) == len(probe.questions):
        return probe.points
    passed = {outcome.question.id for outcome in outcomes if outcome.passed}
    counted = [o for o in outcomes if not o.question.beside or not passed.isdisjoint(o.question.beside)]
    return round(sum(outcome.points for outcome in counted), 4)
