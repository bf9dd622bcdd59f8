"""Grades a folder of submissions, one after another, into nbgrader's gradebook."""

from __future__ import annotations

import glob
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from nbgrader.converters import Autograde
from traitlets.config import Config

from autograder import feedback, gradebook, results
from autograder.assignment import Assignment, Course
from autograder.nbgrader_course import NbgraderFailed, course_directory, load_config, run
from autograder.sandbox import warning as sandbox_warning
from autograder.usage import UsageError

LOG = Path(".autograder") / "grade.log"


class State(Enum):
    GRADED = "graded"
    UNCHANGED = "unchanged"
    NEEDS_HUMAN = "needs a human"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission; `score` is what the gradebook says, None while it says nothing."""

    student: str
    state: State
    score: float | None
    max_score: float
    reason: str | None = None
    feedback: Path | None = None


class Batch:
    """One run over the submissions of an assignment."""

    def __init__(self, course: Course, name: str, *, sandbox: str = "auto", db_url: str | None = None):
        self.warning = sandbox_warning(sandbox)
        self.assignment: Assignment = course.assignment(name)
        self.course = course
        self.config: Config = load_config(course.root)
        self.config.GradeSubmission.sandbox = sandbox
        self.coursedir = course_directory(self.config, course.root, db_url)

    def students(self, wanted: tuple[str, ...] = ()) -> list[str]:
        """Who handed something in, or of them those wanted."""
        pattern = self.coursedir.format_path(self.coursedir.submitted_directory, "*", self.assignment.name)
        found = sorted(Path(path).parent.name for path in glob.glob(pattern) if Path(path).is_dir())
        where = Path(pattern).parent.parent
        if not found:
            raise UsageError(
                f"nothing to grade: put notebooks into {where}/<student>/{self.assignment.name}/"
            )
        missing = sorted(set(wanted) - set(found))
        if missing:
            raise UsageError(f"no submission of {self.assignment.name} by {', '.join(missing)} in {where}")
        return sorted(wanted) or found

    def grade(self, students: list[str], *, force: bool = False) -> Iterator[Outcome]:
        """Yields an outcome as soon as it is in the gradebook; what was yielded is not done again."""
        gradebook.register(self.assignment, self.config, self.coursedir)
        return self._outcomes(students, force)

    def _outcomes(self, students: list[str], force: bool) -> Iterator[Outcome]:
        with _logging_to(self.course.root / LOG):
            for student in dict.fromkeys(students):
                if not force and self._is_unchanged(student):
                    yield self._outcome(student, State.UNCHANGED)
                else:
                    yield self._grade_one(student)

    def _submitted(self, student: str) -> Path:
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student, self.assignment.name)
        return Path(folder) / f"{self.assignment.name}.ipynb"

    def _is_unchanged(self, student: str) -> bool:
        result = results.load(self.assignment, student)
        known = gradebook.recorded(self.assignment, student, self.coursedir.db_url)
        if result is None or known is None:
            return False
        if result.key != results.submission_key(self._submitted(student), self.assignment):
            return False
        if not feedback.feedback_path(self.assignment, student, self.coursedir).is_file():
            return False
        if result.needs_human is not None:
            return not known.needs_human  # somebody has given the missing points by hand since
        return known.auto_scores == result.scores()

    def _grade_one(self, student: str) -> Outcome:
        # The page is written last: what was killed before that is graded again.
        feedback.feedback_path(self.assignment, student, self.coursedir).unlink(missing_ok=True)
        results.forget(self.assignment, student)
        submitted = self._submitted(student)
        if strange := _strange_files(submitted.parent):
            return self._failed(student, f"{', '.join(strange)}: a link, pipe or device in place of a file")
        if not submitted.is_file():
            found = ", ".join(sorted(p.name for p in submitted.parent.iterdir())) or "nothing"
            return self._failed(student, f"there is no {submitted.name} in the submission, but: {found}")
        one = course_directory(self.config, self.course.root, self.coursedir.db_url)
        one.assignment_id, one.student_id = self.assignment.name, glob.escape(student)
        converter = Autograde(coursedir=one, config=self.config)
        converter.force = True
        try:
            run(converter)
            page = feedback.write_feedback(self.assignment, student, self.config, self.coursedir)
        except NbgraderFailed as problem:
            return self._failed(student, f"nbgrader could not grade it: {problem} (more in {LOG})")
        result = results.load(self.assignment, student)
        if result is None:
            return self._failed(student, f"grading left no result, see {LOG}")
        state = State.GRADED if result.needs_human is None else State.NEEDS_HUMAN
        return self._outcome(student, state, result.needs_human, page)

    def _failed(self, student: str, reason: str) -> Outcome:
        gradebook.ask_human(self.assignment, student, self.coursedir.db_url)
        results.forget(self.assignment, student)
        return self._outcome(student, State.NEEDS_HUMAN, reason)

    def _outcome(
        self, student: str, state: State, reason: str | None = None, page: Path | None = None
    ) -> Outcome:
        known = gradebook.recorded(self.assignment, student, self.coursedir.db_url)
        return Outcome(
            student, state, known.score if known else None, self.assignment.max_score, reason, page
        )


def _strange_files(folder: Path) -> list[str]:
    """What is neither a file nor a folder of its own: a link would hand in somebody else's work."""
    return [
        str(entry.relative_to(folder.parent))
        for entry in [folder, *sorted(folder.rglob("*"))]
        if entry.is_symlink() or not (entry.is_file() or entry.is_dir())
    ]


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """nbgrader tells what goes wrong only in its log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logger = logging.getLogger("traitlets")
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
