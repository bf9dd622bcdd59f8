"""A fresh course for a test to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Course
from autograder.batch import Batch
from autograder.course_folder import create
from tests.autograder.handing_in import NAME

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository() -> Course:
    return Course.find(REPOSITORY)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return create(Course.find(REPOSITORY), tmp_path / "course")


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose gradebook knows the assignment: making a gradebook takes nbgrader a second."""
    course = create(Course.find(REPOSITORY), tmp_path_factory.mktemp("registered") / "course")
    Batch(course, NAME).grade([])
    return course.root


@pytest.fixture
def batch(registered: Path, tmp_path: Path) -> Batch:
    root = shutil.copytree(registered, tmp_path / "course")
    return Batch(Course.find(root), NAME)


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return course.assignment(NAME)
