"""The same probes serve a student's notebook, stock nbgrader and the grader: all three say the same."""

from __future__ import annotations

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.api import Gradebook

from autograder.assignment import grade_id, is_test
from autograder.course_folder import create
from autograder.grade_one import grade_notebook
from autograder.rebuild import rebuild
from tests.autograder.handing_in import NAME, hand_in
from tests.submissions.corpus import cells_of, notebook_of, solved_cells, versions

TOGETHER = 4
"""Submissions: all right, and notebooks with wrong versions of several cells in them."""


def of_wrong_versions(assignment, number):
    """A notebook with the n-th wrong version of every cell that neither hangs nor raises."""
    cells = solved_cells(assignment)
    for file in ("tensor_utils", "eps_greedy", "sample_batch", "td_loss"):
        wrong = [v for v in versions() if v.file == file and not v.right and "timeout" not in str(v.mistakes)]
        cells = cells_of(wrong[number * 7 % len(wrong)].code, cells)
    return without_shows(notebook_of(assignment, cells))


def without_shows(notebook):
    """A student may leave out what is not graded, the training above all."""
    notebook.cells = [cell for cell in notebook.cells if "skip-grading" not in cell.metadata.get("tags", [])]
    return notebook


@pytest.fixture(scope="module")
def submissions(repository):
    assignment = repository.assignment(NAME)
    right = without_shows(notebook_of(assignment, solved_cells(assignment)))
    return {"right": right, **{f"wrong{n}": of_wrong_versions(assignment, n) for n in range(1, TOGETHER)}}


def by_the_grader(assignment, notebook):
    verdict = grade_notebook(rebuild(notebook, assignment), assignment, name="work.ipynb").verdict
    return {cell.grade_id: cell.score for cell in verdict.cells}


def by_the_notebook(notebook, folder):
    """What `check` returned to a student who ran everything."""
    notebook = nbformat.from_dict(notebook)
    NotebookClient(
        notebook, timeout=300, allow_errors=True, resources={"metadata": {"path": folder}}
    ).execute()
    return {
        grade_id(cell): float(output.data["text/plain"])
        for cell in notebook.cells
        if is_test(cell)
        for output in cell.outputs
        if output.output_type == "execute_result"
    }


def by_stock_nbgrader(repository, folder, submissions):
    """The automatic scores of nbgrader with its own preprocessors."""
    course = create(repository, folder / "course")
    config = course.root / "nbgrader_config.py"
    ours, theirs = config.read_text(encoding="utf-8").split("# Grading is done by the autograder package")
    config.write_text(ours + theirs[theirs.index("# `nbgrader validate`") :], encoding="utf-8")
    for student, notebook in submissions.items():
        hand_in(course, student, notebook)
    for command in ("generate_assignment", "autograde"):
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", command, NAME], cwd=course.root, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return {
            submission.student.id: {grade.name: grade.auto_score for grade in submission.notebooks[0].grades}
            for submission in gradebook.find_assignment(NAME).submissions
        }


@pytest.mark.slow
def test_notebook_stock_nbgrader_and_grader_agree(repository, submissions, tmp_path):
    assignment = repository.assignment(NAME)
    graded = {student: by_the_grader(assignment, notebook) for student, notebook in submissions.items()}
    assert sum(graded["right"].values()) == assignment.max_score
    assert all(sum(graded[f"wrong{n}"].values()) < assignment.max_score for n in range(1, TOGETHER))
    in_notebooks = {student: by_the_notebook(notebook, tmp_path) for student, notebook in submissions.items()}
    assert in_notebooks == graded
    assert by_stock_nbgrader(repository, tmp_path, submissions) == graded
