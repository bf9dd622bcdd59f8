"""The demonstration: a made-up class hands in, and is told of."""

from __future__ import annotations

from collections.abc import Iterable

from autograder import results
from autograder.assignment import Assignment
from autograder.batch import Outcome
from autograder.made_up import CLASSES


def submit(assignment: Assignment) -> None:
    """Puts everybody's notebook into submitted/."""
    for work in CLASSES[assignment.name]:
        folder = assignment.course.root / "submitted" / work.student / assignment.name
        folder.mkdir(parents=True)
        (folder / f"{assignment.name}.ipynb").write_text(work.make(assignment), encoding="utf-8")


def surprises(assignment: Assignment, outcomes: Iterable[Outcome]) -> list[str]:
    """Whose result is not what the demonstration is meant to show."""
    by_student = {outcome.student: outcome for outcome in outcomes}
    return [
        f"{assignment.name} of {work.student}"
        for work in CLASSES[assignment.name]
        if not work.as_designed(by_student[work.student])
    ]


def rows(assignment: Assignment, outcomes: Iterable[Outcome]) -> list[tuple[Outcome, str, str]]:
    """The class with what each handed in and is told first, for a table."""
    hands_in = {work.student: work.hands_in for work in CLASSES[assignment.name]}
    return [(outcome, hands_in[outcome.student], _first_finding(assignment, outcome)) for outcome in outcomes]


def _first_finding(assignment: Assignment, outcome: Outcome) -> str:
    if outcome.reason is not None:
        return outcome.reason
    result = results.load(assignment, outcome.student)
    cells = result.verdict["cells"] if result and result.verdict else []
    return next((finding["message"] for cell in cells for finding in cell["findings"]), "")
