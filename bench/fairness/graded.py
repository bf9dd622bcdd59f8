"""The whole corpus as one class, graded by one `autograder grade` with warm kernels."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from autograder import results
from autograder.assignment import Assignment, Course
from bench.fairness.report import Report, Verdict, judge
from bench.fairness.submissions import Submission


def run(assignment: Assignment, corpus: Sequence[Submission], jobs: int) -> Report:
    """Hands in every submission as a student of its own, grades the class and judges the verdicts.

    What the same grader has graded in this course before is not graded again. The report's seconds are those
    of the command.
    """
    students = [f"n{number:04d}" for number in range(len(corpus))]
    for student, submission in zip(students, corpus, strict=True):
        _hand_in(assignment.course, student, submission)
    started = time.monotonic()
    _grade(assignment, jobs)
    report = Report(seconds=[time.monotonic() - started])
    for student, submission in zip(students, corpus, strict=True):
        judge(submission, _verdict(assignment, student), report)
    return report


def _hand_in(course: Course, student: str, submission: Submission) -> None:
    folder = course.root / "submitted" / student / submission.assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{submission.assignment}.ipynb").write_text(submission.text, encoding="utf-8")


def _grade(assignment: Assignment, jobs: int) -> None:
    command = [sys.executable, "-m", "autograder", "grade", assignment.name, "--workers", str(jobs)]
    subprocess.run(
        [*command, "--course-dir", str(assignment.course.root)],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,  # what has no verdict is told with the others
    )


def _verdict(assignment: Assignment, student: str) -> Verdict:
    result = results.load(assignment, student)
    if result is None or result.verdict is None:
        return f"no verdict: {result and result.needs_human}"
    return result.verdict
