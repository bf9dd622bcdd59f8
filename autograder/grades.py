"""What nbgrader's gradebook holds of an assignment, a row for everybody in the course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from nbgrader.api import Assignment as Released
from nbgrader.api import Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.coursedir import CourseDirectory

from autograder.assignment import Assignment
from autograder.nbgrader_course import sqlite_file, usable
from autograder.usage import UsageError

DIGITS = 6
"""Decimals of a sum of points: what binary fractions add behind them is nobody's."""


class Standing(Enum):
    GRADED = "graded"
    NEEDS_HUMAN = "needs a human"
    ABSENT = "nothing handed in"


@dataclass(frozen=True)
class Row:
    """The grades of one student.

    Attributes:
        student: the name of the student's folder in submitted/.
        first_name: as the gradebook has it, often nothing; so are the last name and the address.
        handed_in: when, in UTC, where that is known.
        by_cell: the points of every test cell as it is released now, None where there are none.
        penalty: what is taken off for being late.
        score: the sum, less the penalty; None where a human has to look or nothing was handed in.
    """

    student: str
    first_name: str
    last_name: str
    email: str
    standing: Standing
    handed_in: datetime | None
    seconds_late: float
    by_cell: Mapping[str, float | None]
    penalty: float
    score: float | None

    @property
    def full_name(self) -> str:
        """First and last name; the student's own id where the gradebook has neither."""
        return f"{self.first_name} {self.last_name}".strip() or self.student


def read(assignment: Assignment, coursedir: CourseDirectory) -> list[Row]:
    """Everybody's grades, in the order of their ids.

    Raises:
        UsageError: the gradebook cannot be read, or the assignment was never graded into it.
    """
    file = sqlite_file(coursedir.db_url)
    if file is not None and not file.is_file():  # nbgrader would make one
        raise _nothing_graded(assignment.name)
    with usable(coursedir.db_url), Gradebook(coursedir.db_url) as gradebook:
        released = _released(gradebook, assignment.name)
        submissions = {one.student_id: one for one in released.submissions}
        students = sorted(gradebook.students, key=lambda student: student.id)
        return [_row(student, submissions.get(student.id), list(assignment.points)) for student in students]


def standings(rows: Iterable[Row]) -> dict[Standing, int]:
    """How many students there are of every standing."""
    found = Counter(row.standing for row in rows)
    return {standing: found[standing] for standing in Standing}


def _released(gradebook: Gradebook, name: str) -> Released:
    try:
        return gradebook.find_assignment(name)
    except MissingEntry:
        raise _nothing_graded(name) from None


def _nothing_graded(name: str) -> UsageError:
    return UsageError(f"nothing of {name} was graded yet: run `autograder grade {name}`")


def _row(student: Student, submission: SubmittedAssignment | None, tests: list[str]) -> Row:
    names = (student.id, student.first_name or "", student.last_name or "", student.email or "")
    if submission is None:
        return Row(*names, Standing.ABSENT, None, 0.0, dict.fromkeys(tests), 0.0, None)
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
    unknown = {
        name for name, grade in grades.items() if grade.auto_score is None and grade.manual_score is None
    }
    penalty = submission.late_submission_penalty
    return Row(
        *names,
        Standing.NEEDS_HUMAN if unknown or not grades else Standing.GRADED,
        submission.timestamp,
        submission.total_seconds_late,
        {name: grades[name].score if name in grades and name not in unknown else None for name in tests},
        penalty,
        None if unknown or not grades else round(max(0.0, submission.score - penalty), DIGITS),
    )
