"""Writes what was graded into nbgrader's gradebook: one transaction for each submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_solution
from traitlets.config import Config

from autograder.results import Scores

NO_ANSWER = "Ответа нет."


@dataclass(frozen=True)
class Recorded:
    """What the gradebook holds of one submission; `score` is None while no cell of it has one."""

    auto_scores: dict[str, float | None]
    score: float | None
    needs_human: bool


@dataclass(frozen=True)
class Shown:
    """What a feedback page shows of the gradebook: scores and comments by cell, and the sums."""

    scores: dict[str, float | None]
    points: dict[str, float]
    comments: dict[str, str | None]
    score: float
    max_score: float
    late_penalty: float


class Left(Enum):
    """Stands for what is not to be changed."""

    AS_IT_IS = "as it is"


class Records:
    """An open gradebook, and one assignment that it knows; use it as a context manager."""

    def __init__(self, db_url: str, assignment: str, config: Config) -> None:
        self._gradebook = Gradebook(db_url)
        self._db = self._gradebook.db
        self._name = assignment
        self._late = AssignLatePenalties(config=config)
        self._late.init_plugin()

    def __enter__(self) -> Records:
        return self

    def __exit__(self, *exception: object) -> None:
        self._gradebook.close()

    def write(self, student: str, scores: Scores, timestamp: datetime | Left | None = Left.AS_IT_IS) -> None:
        """Takes down a grading: nothing of an earlier one survives but what humans have given.

        Args:
            student: whose it is.
            scores: what came of it.
            timestamp: when it was handed in, None where that is not known.
        """
        try:
            submission = self._submission(student)
            if timestamp is not Left.AS_IT_IS:
                submission.timestamp = timestamp
            (notebook,) = submission.notebooks
            for grade in notebook.grades:
                grade.auto_score = scores.by_cell.get(grade.cell.name)
                grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
            for comment in notebook.comments:
                comment.auto_comment = NO_ANSWER if comment.cell.name in scores.unanswered else None
            self._penalise(submission, notebook)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    def _submission(self, student: str) -> SubmittedAssignment:
        self._db.expire_all()  # others write here as well
        assignment = self._gradebook.find_assignment(self._name)
        found = (
            self._db.query(SubmittedAssignment)
            .filter_by(assignment_id=assignment.id, student_id=student)
            .one_or_none()
        )
        return found or self._new(assignment, student)

    def _new(self, assignment: Assignment, student: str) -> SubmittedAssignment:
        """As nbgrader makes one, but within the transaction."""
        if self._db.get(Student, student) is None:
            self._db.add(Student(id=student))
        with self._db.no_autoflush:
            submission = SubmittedAssignment(assignment=assignment, student_id=student)
            for released in assignment.notebooks:
                notebook = SubmittedNotebook(notebook=released, assignment=submission)
                for cell in released.grade_cells:
                    Grade(cell_id=cell.id, notebook=notebook)
                for cell in released.solution_cells:
                    Comment(cell_id=cell.id, notebook=notebook)
            self._db.add(submission)
        self._db.flush()
        return submission

    def _penalise(self, submission: SubmittedAssignment, notebook: SubmittedNotebook) -> None:
        """By the plugin that the course has configured, as nbgrader does it."""
        notebook.late_submission_penalty = None
        self._db.flush()
        if submission.total_seconds_late > 0:
            self._db.refresh(notebook)
            penalty = self._late.plugin_inst.late_submission_penalty(
                submission.student_id, notebook.score, submission.total_seconds_late
            )
            if penalty is not None:
                notebook.late_submission_penalty = min(max(0, penalty), notebook.score)

    def penalise_anew(self, student: str) -> None:
        """What is taken off for being late, as the course is configured now, from the score as it is now."""
        notebook = self._notebook(student)
        if notebook is None:
            return
        try:
            self._penalise(notebook.assignment, notebook)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    def recorded(self, student: str) -> Recorded | None:
        """What there is of a student; None if nothing is."""
        notebook = self._notebook(student)
        if notebook is None:
            return None
        scored = any(g.auto_score is not None or g.manual_score is not None for g in notebook.grades)
        return Recorded(
            {grade.name: grade.auto_score for grade in notebook.grades},
            notebook.score if scored else None,
            notebook.needs_manual_grade,
        )

    def shown(self, student: str) -> Shown:
        """What the student's feedback page shows."""
        notebook = self._notebook(student)
        assert notebook is not None
        penalty = notebook.late_submission_penalty or 0
        return Shown(
            {grade.name: grade.score for grade in notebook.grades},
            {grade.name: grade.max_score for grade in notebook.grades},
            {comment.name: comment.comment for comment in notebook.comments},
            notebook.score - penalty,
            notebook.max_score,
            penalty,
        )

    def _notebook(self, student: str) -> SubmittedNotebook | None:
        self._db.expire_all()
        try:
            return self._gradebook.find_submission_notebook(self._name, self._name, student)
        except MissingEntry:
            return None


def unanswered(notebook: NotebookNode) -> frozenset[str]:
    """The solution cells of a graded notebook that are as they were released."""
    return frozenset(
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if is_solution(cell) and cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
    )
