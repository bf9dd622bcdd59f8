"""What a worker does with one submission: bytes and data in, data out. It knows no gradebook and nobody.

What loads torch is imported within functions: who only hands out work does not need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbgrader.preprocessors import LimitOutput
from traitlets.config import Config

from autograder.assignment import Assignment, Course
from autograder.feedback import page
from autograder.nbgrader_course import load_config
from autograder.records import Shown
from autograder.results import Result

METADATA = "autograder"
"""Where a graded notebook says what it was made of."""


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions of a run."""

    course: Path
    assignment: str
    sandbox: str


@dataclass(frozen=True)
class Done:
    """What came of a submission: what is kept of it, and the graded notebook."""

    result: Result
    notebook: str


def grade(task: Task, content: bytes, key: str, problem: str | None = None) -> Done:
    """Grades a file that was handed in, whatever it is.

    Args:
        task: what it was handed in for.
        content: the file.
        key: what it is known by.
        problem: why there is no file that can be read; then a human is asked.
    """
    from autograder import handed_in

    assignment = _assignment(task.course, task.assignment)
    submitted, problem = handed_in.read(content, problem, assignment.path.name)
    rebuilt, problem = handed_in.rebuilt(submitted, problem, assignment)
    marked = handed_in.graded(rebuilt, problem, assignment, task.sandbox)
    marked.notebook.metadata[METADATA] = {"key": key, "problem": problem}
    LimitOutput(config=_config(task.course)).preprocess(marked.notebook, {})
    return Done(handed_in.result(key, marked), nbformat.writes(marked.notebook))


def feedback(task: Task, notebook: str, shown: Shown) -> str:
    """The page that a student gets back for a graded notebook."""
    return page(nbformat.reads(notebook, 4), task.assignment, shown, task.course)


def prepare(task: Task) -> None:
    """Loads what every submission needs, before the first comes."""
    _assignment(task.course, task.assignment)


def know(task: Task) -> None:
    """Computes right answers and those of the known mistakes where they are not kept yet."""
    from ac_helpers.probes import probes
    from autograder.answer_cache import FOLDER
    from autograder.examiner import examiner

    course = _assignment(task.course, task.assignment).course
    examined = examiner(task.assignment, course.hidden_seed(), course.private / FOLDER)
    for probe in probes(task.assignment):
        for question in probe.questions:
            examined.expected(probe, question)
            examined.predictions(probe, question)


@cache
def _assignment(course: Path, name: str) -> Assignment:
    return Course.find(course).assignment(name)


@cache
def _config(course: Path) -> Config:
    return load_config(course)
