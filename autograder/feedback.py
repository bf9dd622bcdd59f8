"""The HTML page that a student gets back, by nbgrader's generate_feedback."""

from __future__ import annotations

import glob
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.nbgrader_course import course_directory, run


def feedback_path(assignment: Assignment, student: str, coursedir: CourseDirectory) -> Path:
    folder = coursedir.format_path(coursedir.feedback_directory, student, assignment.name)
    return Path(folder) / f"{assignment.name}.html"


def write_feedback(assignment: Assignment, student: str, config: Config, coursedir: CourseDirectory) -> Path:
    """Writes the page anew and returns where it is."""
    one = course_directory(config, assignment.course.root, coursedir.db_url)
    one.assignment_id, one.student_id = assignment.name, glob.escape(student)
    converter = GenerateFeedback(coursedir=one, config=config)
    converter.force = True
    run(converter)
    return feedback_path(assignment, student, one)
