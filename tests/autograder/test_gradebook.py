import copy
import subprocess
import sys
from pathlib import Path

import nbformat
import nbgrader.dbutil
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum
from sqlalchemy import text

from autograder import gradebook
from autograder.assignment import Assignment
from autograder.nbgrader_course import course_directory, load_config
from autograder.usage import UsageError
from tests.autograder.handing_in import NAME


@pytest.fixture
def config(course):
    return load_config(course.root)


@pytest.fixture
def coursedir(course, config):
    return course_directory(config, course.root)


def released_again(assignment, change):
    """The assignment after its released notebook was changed."""
    path = assignment.course.release_dir(NAME) / f"{NAME}.ipynb"
    notebook = copy.deepcopy(assignment.pristine)
    change(notebook)
    nbformat.write(notebook, path)
    return Assignment(NAME, assignment.course)


def add_submission(db_url):
    with Gradebook(db_url) as book:
        book.update_or_create_student("anna")
        book.update_or_create_submission(NAME, "anna")


def test_registering_makes_the_assignment_known(assignment, config, coursedir):
    gradebook.register(assignment, config, coursedir)
    with Gradebook(coursedir.db_url) as book:
        notebook = book.find_notebook(NAME, NAME)
        assert notebook.max_score == assignment.max_score
        assert len(notebook.grade_cells) == 9


def test_registering_touches_no_file_of_the_course(assignment, config, coursedir):
    before = {path: path.stat().st_mtime_ns for path in assignment.course.root.rglob("*") if path.is_file()}
    gradebook.register(assignment, config, coursedir)
    after = {path: path.stat().st_mtime_ns for path in assignment.course.root.rglob("*") if path.is_file()}
    after.pop(assignment.course.root / "gradebook.db")
    assert after == before


def test_registering_what_is_known_writes_nothing(assignment, config, coursedir):
    gradebook.register(assignment, config, coursedir)
    add_submission(coursedir.db_url)
    database = assignment.course.root / "gradebook.db"
    before = database.read_bytes()
    gradebook.register(assignment, config, coursedir)
    assert database.read_bytes() == before


def test_a_changed_release_is_registered_anew(assignment, config, coursedir):
    gradebook.register(assignment, config, coursedir)

    def double_the_points(notebook):
        cell = next(cell for cell in notebook.cells if cell.id == "test_tensor_utils")
        cell.metadata.nbgrader.points = 0.5
        cell.metadata.nbgrader.checksum = compute_checksum(cell)

    changed = released_again(assignment, double_the_points)
    gradebook.register(changed, config, coursedir)
    with Gradebook(coursedir.db_url) as book:
        assert book.find_grade_cell("test_tensor_utils", NAME, NAME).max_score == 0.5


def test_other_cells_under_existing_submissions_are_refused(assignment, config, coursedir):
    gradebook.register(assignment, config, coursedir)
    add_submission(coursedir.db_url)

    def remove_a_test(notebook):
        notebook.cells = [cell for cell in notebook.cells if cell.id != "test_tensor_utils"]

    with pytest.raises(UsageError, match="does not take actor_critic as it is released now"):
        gradebook.register(released_again(assignment, remove_a_test), config, coursedir)


@pytest.mark.parametrize("url", ["nonsense", "foo://x", "sqlite:////nowhere/at/all.db"])
def test_a_gradebook_that_cannot_be_opened(assignment, config, coursedir, url):
    coursedir.db_url = url
    with pytest.raises(UsageError, match="check --db"):
        gradebook.register(assignment, config, coursedir)


def test_a_new_gradebook_is_marked_as_nbgrader_marks_it(tmp_path):
    with nbgrader.dbutil._temp_alembic_ini(f"sqlite:///{tmp_path}/never.db") as settings:
        command = [Path(sys.executable).with_name("alembic"), "-c", settings, "heads"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with Gradebook(f"sqlite:///{tmp_path}/new.db") as made:
        (mark,) = made.db.execute(text("SELECT version_num FROM alembic_version")).scalars()
    assert told.split() == [mark, "(head)"]
