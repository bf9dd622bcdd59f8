"""Plain nbgrader in the course folder, with nothing of ours but what the configuration file names."""

from __future__ import annotations

import csv
import html
import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.assignment import Course
from autograder.cli import main
from autograder.course_folder import create
from autograder.made_up import CLASSES
from autograder.nbgrader_course import course_directory, load_config
from autograder.solved import solve
from tests.autograder.handing_in import NAME, hand_in

PARTLY_RIGHT = "boris"


def nbgrader(course, *arguments):
    # As from a shell in which .venv is not activated: what nbgrader starts must be found all the same.
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def autograded(tmp_path_factory, repository):
    """A course in which plain nbgrader has graded all right, partly right, a stub and no notebook."""
    course = create(repository, tmp_path_factory.mktemp("nbgrader") / "course")
    assignment = course.assignment(NAME)
    for work in CLASSES[NAME]:
        if work.student in ("anna", PARTLY_RIGHT, "gleb", "dina"):
            hand_in(course, work.student, work.make(assignment))
    run = nbgrader(course, "autograde", NAME)
    assert run.returncode == 0, run.stderr
    return course, run


def grades(course):
    with Gradebook(course_directory(load_config(course.root), course.root).db_url) as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.find_assignment(NAME).submissions
        }


@pytest.mark.parametrize("student", ["anna", PARTLY_RIGHT, "gleb"])
def test_autograde_gives_the_scores_of_check(autograded, capsys, student):
    course, _ = autograded
    path = course.root / "submitted" / student / NAME / f"{NAME}.ipynb"
    with pytest.raises(SystemExit):
        main(["check", str(path), "--json", "-", "--course-dir", str(course.root)])
    verdict = json.loads(capsys.readouterr().out)
    expected = {cell["grade_id"]: (cell["score"], False) for cell in verdict["cells"]}
    assert grades(course)[student] == expected


def test_the_class_is_told_apart(autograded):
    course, _ = autograded
    totals = {s: sum(auto or 0 for auto, _ in cells.values()) for s, cells in grades(course).items()}
    assert totals["anna"] == 10
    assert 0 < totals[PARTLY_RIGHT] < 10
    assert totals["gleb"] == 0


def test_no_notebook_is_no_score_and_stops_nobody(autograded):
    course, run = autograded
    assert set(grades(course)["dina"].values()) == {(None, True)}
    assert "dina needs a human" in run.stderr
    assert "Traceback" not in run.stderr


def test_feedback_says_what_was_found(autograded):
    course, _ = autograded
    run = nbgrader(course, "generate_feedback", NAME)
    assert run.returncode == 0, run.stderr
    page = course.root / "feedback" / PARTLY_RIGHT / NAME / f"{NAME}.html"
    result = json.loads((course.root / ".autograder" / "results" / NAME / f"{PARTLY_RIGHT}.json").read_text())
    messages = [f["message"] for cell in result["verdict"]["cells"] for f in cell["findings"]]
    assert messages
    shown = " ".join(html.unescape(page.read_text(encoding="utf-8")).split())
    assert [message for message in messages if " ".join(message.split()) not in shown] == []


def test_exported_grades(autograded):
    course, _ = autograded
    run = nbgrader(course, "export")
    assert run.returncode == 0, run.stderr
    rows = list(csv.DictReader((course.root / "grades.csv").open(encoding="utf-8")))
    assert {row["student_id"]: row["max_score"] for row in rows} == dict.fromkeys(
        ("anna", PARTLY_RIGHT, "gleb", "dina"), "10.0"
    )


def test_generate_assignment_gives_what_build_gave(course):
    before = {p: p.read_bytes() for p in course.release_dir(NAME).rglob("*")}
    run = nbgrader(course, "generate_assignment", NAME)
    assert run.returncode == 0, run.stderr
    assert "Writing" in run.stderr
    assert {p: p.read_bytes() for p in course.release_dir(NAME).rglob("*")} == before


def test_the_root_of_the_repository_is_a_course_for_nbgrader(repository):
    config = load_config(repository.root)
    assert course_directory(config, repository.root).root == str(repository.root)
    assert Course.find(config.CourseDirectory.root) == repository


@pytest.mark.slow
def test_validate_passes_the_solved_notebook_and_not_the_stub(course, assignment):
    solved = course.root / "solved.ipynb"
    nbformat.write(solve(assignment), solved)
    run = nbgrader(course, "validate", str(solved))
    assert "Success! Your notebook passes all the tests." in run.stdout
    run = nbgrader(course, "validate", str(course.release_dir(NAME) / f"{NAME}.ipynb"))
    assert "VALIDATION FAILED ON 9 CELL(S)" in " ".join(run.stdout.split())
