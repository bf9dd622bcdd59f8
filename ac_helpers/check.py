"""What a student calls in the notebook: `check("test_...")` and `hint("test_...")`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ac_helpers import show
from ac_helpers.expected import frozen
from ac_helpers.judging import Outcome, digest, earned, judge, until_right
from ac_helpers.messages import entry, text
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.asking import PUBLIC_SEED, answer
from ac_helpers.probes.spec import Data, Names, Probe, Question

_hints_given: dict[str, int] = {}


def check(test_id: str) -> float:
    """Checks what the notebook defines so far and shows, question by question, what is right.

    Args:
        test_id: the `grade_id` of a test cell, "test_td_loss" for example.

    Returns:
        The points earned: between 0 and the points of the cell.

    Raises:
        ValueError: there is no such check.
    """
    probe = _find(test_id)
    names = sys._getframe(1).f_globals
    missing = [name for name in probe.defines if name not in names]
    if missing:
        show.missing(probe, missing)
        return 0.0
    outcomes = _ask_all(probe, names)
    points = earned(probe, outcomes)
    show.outcomes(probe, outcomes, points)
    return points


def _ask_all(probe: Probe, names: Names) -> list[Outcome]:
    known = frozen(probe.id)
    expected = {question_id: entry.reference for question_id, entry in known.items()}
    answers = {
        question.id: until_right(question, expected[question.id], _answers(probe, question, names))
        for question in probe.questions
    }
    return judge(probe, answers, expected, lambda question: known[question.id].mistakes)


def _answers(probe: Probe, question: Question, names: Names) -> Iterator[Data]:
    data = frozen(probe.id)[question.id].data
    for way in question.ways(data):
        yield digest(question, data, answer(probe, question, names, way, PUBLIC_SEED))


def hint(test_id: str) -> None:
    """Shows the next hint for a test cell; every call says a little more, after the last it starts again.

    Raises:
        ValueError: there is no such check.
    """
    probe = _find(test_id)
    hints: list[str] = entry(f"hints.{probe.id}")
    number = _hints_given.get(test_id, 0) % len(hints)
    _hints_given[test_id] = number + 1
    show.hint(hints[number], number + 1, len(hints))


def _find(test_id: str) -> Probe:
    try:
        return probe_by_id(test_id)
    except KeyError:
        raise ValueError(text("check.unknown", test=test_id)) from None
