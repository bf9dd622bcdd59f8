"""Classes to grade: the same notebooks for every grader, each with something of its own in it."""

from __future__ import annotations

from pathlib import Path

import nbformat

from autograder import course_folder
from autograder.assignment import Assignment, Course, is_solution
from autograder.made_up import CLASSES, is_reported

ROOT = Path(__file__).parents[2]
NAME = "actor_critic"
KINDS = {
    "solved": ("anna",),
    "stub": ("gleb",),
    "mixed": ("anna", "boris", "anna", "gleb", "anna", "vera", "anna", "boris", "anna", "dina"),
}
"""Whose work of the demo's class comes again and again; one in ten of a mixed class is dina, whose file of
the first assignment is broken."""

STOCK_CONFIG = """\
import os
import sys

c = get_config()  # noqa: F821
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.course_id = "actor-critic"
c.Execute.timeout = 900
"""
"""nbgrader as it is, but for the names of folders and enough time."""


def readable(name: str, kind: str, size: int) -> int:
    """How many of such a class hand in what can be graded."""
    broken = {work.student for work in CLASSES[name] if work.as_designed is is_reported}
    return sum(KINDS[kind][number % len(KINDS[kind])] not in broken for number in range(size))


def course(folder: Path, kind: str, size: int, name: str = NAME) -> Course:
    """A course in which a class of so many has handed in; nobody's training cells are run by any grader."""
    made = course_folder.create(Course.find(ROOT), folder)
    released = made.release_dir(name) / f"{name}.ipynb"
    notebook = nbformat.read(released, 4)
    notebook.cells = [cell for cell in notebook.cells if "skip-grading" not in cell.metadata.get("tags", [])]
    nbformat.write(notebook, released)
    assignment = made.assignment(name)
    works = [_work(assignment, student) for student in KINDS[kind]]
    for number in range(size):
        folder = made.root / "submitted" / f"student-{number:04d}" / name
        folder.mkdir(parents=True)
        text = works[number % len(works)].replace("student-????", f"student-{number:04d}")
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    return made


def _work(assignment: Assignment, student: str) -> str:
    (found,) = (work for work in CLASSES[assignment.name] if work.student == student)
    text = found.make(assignment)
    try:
        notebook = nbformat.reads(text, 4)
    except nbformat.reader.NotJSONError:
        return text
    for cell in notebook.cells:
        # No two students write the same code; what is not filled in is the same for all.
        if is_solution(cell) and "raise NotImplementedError" not in cell.source:
            cell.source += "\n# student-????"
    notebook.cells.append(nbformat.v4.new_markdown_cell("student-????"))
    return nbformat.writes(notebook)


def stock(course: Course) -> Course:
    """The same course for nbgrader alone."""
    (course.root / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
    return course
