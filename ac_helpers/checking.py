"""Checks what a notebook defines against the frozen answers, and gives hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from ac_helpers import show
from ac_helpers.asking import Data
from ac_helpers.expected import frozen
from ac_helpers.judging import Outcome, digest, earned, is_put_right, judge, meets_stub, until_right
from ac_helpers.messages import entry, text
from ac_helpers.overlay import overlaid
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.putting import PUBLIC_SEED, answer
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.standing_in import around, around_solution, stand_ins

_hints_given: dict[str, int] = {}
_earned: dict[str, float] = {}
"""The points of the last check of every test cell."""
_unfilled: set[str] = set()
"""The test cells whose last check has met a stub."""


def check(test_id: str, names: MutableMapping[str, Any]) -> float:
    """Asks a test cell's questions of these names and shows what came of it; the points earned.

    Where a right solution is installed (an instructor's machine), it stands in for earlier cells whose check
    has found something wrong, and for failed methods of the agent where its learning is judged, so that a
    mistake costs its own cell only.

    Raises:
        ValueError: there is no such check.
    """
    probe = _find(test_id)
    if all(name not in names for name in probe.defines):
        _earned[probe.id] = 0.0
        _unfilled.add(probe.id)
        show.missing(probe, list(probe.defines))
        return 0.0
    outcomes = _ask_all(probe, names)
    points = earned(probe, outcomes)
    _earned[probe.id] = points
    (_unfilled.add if meets_stub(outcomes) else _unfilled.discard)(probe.id)
    show.outcomes(probe, outcomes, points)
    return points


def _ask_all(probe: Probe, names: MutableMapping[str, Any]) -> list[Outcome]:
    known = frozen(probe.id)
    expected = {question_id: entry.reference for question_id, entry in known.items()}
    answers = {
        question.id: until_right(question, expected[question.id], _answers(probe, question, names))
        for question in probe.questions
    }
    return judge(probe, answers, expected, lambda question: known[question.id].mistakes)


def _answers(probe: Probe, question: Question, names: MutableMapping[str, Any]) -> Iterator[Data]:
    """The student's answers, with their own names and with right ones for what failed before.

    Where a wrong answer takes long, the likelier way to a right one comes first.
    """
    checked = [other for other in map(probe_by_id, _earned) if other.id != probe.id]
    beside = [other for other in checked if other.solution == probe.solution]
    data = frozen(probe.id)[question.id].data
    if is_put_right(probe, question, _earned, _unfilled) and (all_right := around(probe)):
        yield from _asked(probe, question, data, names, all_right)
    repairs = stand_ins(other for other in _failed(checked) if other.solution != probe.solution)
    ways: list[dict[str, Any]] = [{}, repairs] if repairs else [{}]
    told: Data = {}
    for overlay in reversed(ways) if question.is_patient else ways:
        hurried = question.hurry(data) if _failed(beside) else data
        for told in _asked(probe, question, hurried, names, overlay):
            yield told
    if question.elsewhere is not None and not _failed(beside) and (others := around_solution(probe)):
        changed = question.elsewhere(data, told)
        if changed is not None:
            yield from _asked(probe, question, changed, names, around(probe, "__init__"))
            yield from _asked(probe, question, changed, names, others)


def _failed(checked: Iterable[Probe]) -> list[Probe]:
    return [probe for probe in checked if _earned[probe.id] < probe.points]


def _asked(
    probe: Probe, question: Question, data: Data, names: MutableMapping[str, Any], right: dict[str, Any]
) -> Iterator[Data]:
    with overlaid(names, right):
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
