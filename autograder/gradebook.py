"""Makes nbgrader's gradebook know an assignment as it is released now."""

from __future__ import annotations

import tempfile

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.assignment import Assignment, grade_id
from autograder.nbgrader_course import NbgraderFailed, course_directory, run, shown_url, usable
from autograder.usage import UsageError


def register(assignment: Assignment, config: Config, coursedir: CourseDirectory) -> None:
    """Makes the gradebook know the assignment as it is released now; touches no file of the course."""
    with usable(coursedir.db_url):
        if _known_checksums(assignment, coursedir.db_url) != _released_checksums(assignment):
            _generate_assignment(assignment, config, coursedir)


def _known_checksums(assignment: Assignment, db_url: str) -> dict[str, str] | None:
    with Gradebook(db_url) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment.name, assignment.name)
        except MissingEntry:
            return None
        return {cell.name: cell.checksum for cell in notebook.source_cells}


def _released_checksums(assignment: Assignment) -> dict[str, str]:
    cells = [cell for cell in assignment.pristine.cells if grade_id(cell)]
    return {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.get("checksum") for cell in cells}


def _generate_assignment(assignment: Assignment, config: Config, coursedir: CourseDirectory) -> None:
    """nbgrader writes an assignment down while releasing it: here from the release, into the void."""
    course = assignment.course
    with tempfile.TemporaryDirectory() as nowhere:
        releasing = course_directory(config, course.root, coursedir.db_url)
        releasing.source_directory = coursedir.release_directory
        releasing.release_directory = nowhere
        releasing.assignment_id, releasing.notebook_id = assignment.name, "*"
        try:
            run(GenerateAssignment(coursedir=releasing, config=config))
        except NbgraderFailed as problem:
            raise UsageError(
                f"the gradebook {shown_url(coursedir.db_url)} does not take {assignment.name} "
                f"as it is released now: {problem}; grade into another gradebook (--db) or move this one away"
            ) from None
