"""The HTML page that a student gets back, as nbgrader's generate_feedback makes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade, is_solution

from autograder.assignment import Assignment
from autograder.feedback_page import FeedbackExporter
from autograder.nbgrader_course import course_directory, load_config
from autograder.records import Shown


def feedback_path(assignment: Assignment, student: str, coursedir: CourseDirectory) -> Path:
    """Where a student's page lies."""
    folder = coursedir.format_path(coursedir.feedback_directory, student, assignment.name)
    return Path(folder) / f"{assignment.name}.html"


def page(notebook: NotebookNode, assignment: str, shown: Shown, course: Path) -> str:
    """A graded notebook as a page, with the scores and comments that the gradebook has for it.

    Args:
        notebook: the graded notebook; it is changed.
        assignment: the assignment's name.
        shown: what the gradebook says.
        course: the course's folder.
    """
    for cell in notebook.cells:
        if is_solution(cell):
            cell.metadata.nbgrader["comment"] = shown.comments.get(cell.metadata.nbgrader.grade_id)
        if is_grade(cell):
            cell.metadata.nbgrader["score"] = shown.scores.get(cell.metadata.nbgrader.grade_id)
            cell.metadata.nbgrader["points"] = shown.points.get(cell.metadata.nbgrader.grade_id)
    sums = {"score": shown.score, "max_score": shown.max_score, "late_penalty": shown.late_penalty}
    resources = {"unique_key": assignment, "nbgrader": {"notebook": assignment, **sums}}
    text, _ = _exporter(course).from_notebook_node(notebook, resources=resources)
    return text


@cache
def _exporter(course: Path) -> FeedbackExporter:
    """What nbgrader's own command would use, without its gradebook."""
    config = load_config(course)
    nbgraders = GenerateFeedback(coursedir=course_directory(config, course), config=config)
    exporter = FeedbackExporter(parent=nbgraders, config=nbgraders.config)
    exporter.register_preprocessor(CSSHTMLHeaderPreprocessor)
    return exporter
