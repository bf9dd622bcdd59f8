"""A made-up class of six for the demonstration: what each of them hands in, and what should come of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder import results
from autograder.assignment import Assignment, grade_id, is_solution
from autograder.batch import Outcome, State
from autograder.source import BANNER_BEGIN, read_source

NAME = "actor_critic"


@dataclass(frozen=True)
class Edit:
    """A slip in the solved notebook: in the cell, `right` becomes `wrong`."""

    cell: str
    right: str
    wrong: str

    def apply(self, code: str) -> str:
        if code.count(self.right) != 1:
            raise ValueError(f"{self.right!r} stands in {self.cell} {code.count(self.right)} times, not once")
        return code.replace(self.right, self.wrong)


@dataclass(frozen=True)
class Student:
    id: str
    hands_in: str
    make: Callable[[Assignment], str]
    as_designed: Callable[[Outcome], bool]


def submit(assignment: Assignment) -> None:
    """Puts everybody's notebook into submitted/."""
    for student in CLASS:
        folder = assignment.course.root / "submitted" / student.id / assignment.name
        folder.mkdir(parents=True)
        (folder / f"{assignment.name}.ipynb").write_text(student.make(assignment), encoding="utf-8")


def surprises(outcomes: list[Outcome]) -> list[str]:
    """Whose result is not what the demonstration is meant to show."""
    by_student = {outcome.student: outcome for outcome in outcomes}
    return [student.id for student in CLASS if not student.as_designed(by_student[student.id])]


def rows(assignment: Assignment, outcomes: list[Outcome]) -> list[tuple[Outcome, str, str]]:
    """The class with what each handed in and is told first, for a table."""
    hands_in = {student.id: student.hands_in for student in CLASS}
    return [(outcome, hands_in[outcome.student], _first_finding(assignment, outcome)) for outcome in outcomes]


def _first_finding(assignment: Assignment, outcome: Outcome) -> str:
    if outcome.reason is not None:
        return outcome.reason
    result = results.load(assignment, outcome.student)
    cells = result.verdict["cells"] if result and result.verdict else []
    return next((finding["message"] for cell in cells for finding in cell["findings"]), "")


def solve(assignment: Assignment, edits: tuple[Edit, ...] = ()) -> NotebookNode:
    """The released notebook with the solved cells in it, after the edits."""
    source = read_source(assignment.course.source_dir(assignment.name) / f"{assignment.name}.py")
    solved = {grade_id(cell): cell.source for cell in source.cells}
    for edit in edits:
        solved[edit.cell] = edit.apply(solved[edit.cell])
    notebook = copy.deepcopy(assignment.pristine)
    for cell in notebook.cells:
        if is_solution(cell):
            cell.source = solved[grade_id(cell)]
    return notebook


def _solved_with(*edits: Edit) -> Callable[[Assignment], str]:
    return lambda assignment: nbformat.writes(solve(assignment, edits))


def _stub(assignment: Assignment) -> str:
    return nbformat.writes(assignment.pristine)


def _cut_off(assignment: Assignment) -> str:
    text = nbformat.writes(solve(assignment))
    return text[: len(text) // 2]


def _is_full(outcome: Outcome) -> bool:
    return outcome.state is State.GRADED and outcome.score == outcome.max_score


def _is_partial(outcome: Outcome) -> bool:
    return (
        outcome.state is State.GRADED and outcome.score is not None and 0 < outcome.score < outcome.max_score
    )


def _is_zero(outcome: Outcome) -> bool:
    return outcome.state is State.GRADED and outcome.score == 0


def _is_reported(outcome: Outcome) -> bool:
    return outcome.state is State.NEEDS_HUMAN


CLASS = (
    Student("anna", "everything right", _solved_with(), _is_full),
    Student(
        "boris",
        "takes the best action for V(s'), not the mean over the policy",
        _solved_with(
            Edit(
                "actor_critic_agent",
                "(next_probs * self.actor_critic.critic_head(features)).sum(-1)",
                "self.actor_critic.critic_head(features).max(-1).values",
            )
        ),
        _is_partial,
    ),
    Student(
        "vera",
        "ε the wrong way round, the actor walks downhill",
        _solved_with(
            Edit("eps_greedy", "random.random() < epsilon", "random.random() > epsilon"),
            Edit("actor_critic_agent", "return -(advantages", "return (advantages"),
        ),
        _is_partial,
    ),
    Student("gleb", "the notebook as it was given out", _stub, _is_zero),
    Student("dina", "a file that broke off while it was saved", _cut_off, _is_reported),
    Student(
        "egor",
        "a loop without an end in sample_batch",
        _solved_with(
            Edit("sample_batch", BANNER_BEGIN, f"{BANNER_BEGIN}\n    while True:\n        pass"),
        ),
        _is_partial,
    ),
)
