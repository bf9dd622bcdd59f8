"""How a notebook gets into a course, and verdicts that nobody had to run a notebook for."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ac_helpers.wording import Finding
from autograder.assignment import Assignment, Course, grade_id, is_test
from autograder.verdict import CellVerdict, Verdict

NAME = "actor_critic"


def hand_in(course: Course, student: str, notebook: NotebookNode | str) -> Path:
    """Puts a notebook, or text that is none, into submitted/ and returns where."""
    folder = course.root / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}.ipynb"
    path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook), encoding="utf-8")
    return path


def grade_command(course: Course, *options: str, name: str = NAME) -> list[str]:
    """What grades a course as an instructor does it."""
    return [sys.executable, "-m", "autograder", "grade", name, "--course-dir", str(course.root), *options]


def pages(course: Course, name: str = NAME) -> set[str]:
    """Who has a feedback page."""
    return {path.parts[-3] for path in course.root.glob(f"feedback/*/{name}/{name}.html")}


def judged(assignment: Assignment, statuses: dict[str, str], name: str) -> Verdict:
    """A verdict that passes every cell but those whose status is given; they get no points."""
    cells = []
    for cell in assignment.pristine.cells:
        if is_test(cell):
            points = float(cell.metadata.nbgrader.points)
            status = statuses.get(grade_id(cell), "passed")
            findings = () if status == "passed" else (Finding("some_mistake", f"найдено: {status}"),)
            score = points if status == "passed" else 0.0
            cells.append(CellVerdict(grade_id(cell), score, points, status, findings))
    return Verdict(assignment.name, name, tuple(cells))
