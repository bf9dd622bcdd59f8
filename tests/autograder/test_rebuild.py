"""Submissions of every shape become the released notebook with the student's code in it."""

import json

import nbformat
import pytest

from autograder.assignment import grade_id, is_solution, is_test
from autograder.rebuild import UnreadableSubmission, defined_names, read_submission, rebuild

SYMLOG = "def to_tensor(x):\n    return x\n\ndef symlog(x):\n    return x\n\ndef symexp(x):\n    return x"


@pytest.fixture
def released(assignment):
    return nbformat.from_dict(json.loads(json.dumps(assignment.pristine)))


def cell_of(notebook, wanted):
    return next(cell for cell in notebook.cells if grade_id(cell) == wanted)


def position(notebook, wanted):
    return next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == wanted)


def rebuilt_source(submitted, assignment, wanted="tensor_utils"):
    return cell_of(rebuild(submitted, assignment).notebook, wanted).source


def test_an_untouched_release_is_rebuilt_as_it_was(assignment, released):
    rebuilt = rebuild(released, assignment)
    assert [cell.source for cell in rebuilt.notebook.cells] == [
        cell.source for cell in assignment.pristine.cells
    ]
    assert rebuilt.blank == {grade_id(cell) for cell in released.cells if is_solution(cell)}


def test_a_solution_is_put_in_its_place_and_rebuilding_again_changes_nothing(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    once = rebuild(released, assignment)
    assert cell_of(once.notebook, "tensor_utils").source == SYMLOG
    assert "tensor_utils" not in once.blank
    twice = rebuild(once.notebook, assignment)
    assert [cell.source for cell in twice.notebook.cells] == [cell.source for cell in once.notebook.cells]


def test_nothing_but_code_is_taken(assignment, released):
    solution, test = cell_of(released, "tensor_utils"), cell_of(released, "test_tensor_utils")
    solution.source = SYMLOG
    solution.outputs = [nbformat.v4.new_output("stream", text="forged")]
    solution.metadata.tags = ["skip-execution"]
    solution.metadata.nbgrader.points = 100
    test.source, test.metadata.nbgrader.points = "3.0", 1000
    released.metadata.kernelspec = {"name": "bash"}
    rebuilt = rebuild(released, assignment).notebook
    for found in ("tensor_utils", "test_tensor_utils"):
        assert cell_of(rebuilt, found).metadata == cell_of(assignment.pristine, found).metadata
    assert cell_of(rebuilt, "tensor_utils").outputs == []
    assert (
        cell_of(rebuilt, "test_tensor_utils").source
        == cell_of(assignment.pristine, "test_tensor_utils").source
    )
    assert rebuilt.metadata == assignment.pristine.metadata


def test_a_solution_whose_id_is_lost_is_found_by_what_it_defines(assignment, released):
    solution = cell_of(released, "tensor_utils")
    solution.source, solution.metadata = SYMLOG, {}
    assert rebuilt_source(released, assignment) == SYMLOG


def test_a_notebook_without_any_metadata_is_rebuilt_by_names(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    for cell in released.cells:
        cell.metadata = {}
    rebuilt = rebuild(released, assignment).notebook
    assert cell_of(rebuilt, "tensor_utils").source == SYMLOG
    assert len(rebuilt.cells) == len(assignment.pristine.cells)


def test_of_several_copies_the_last_counts(assignment, released):
    copy = nbformat.from_dict(json.loads(json.dumps(cell_of(released, "tensor_utils"))))
    copy.source = SYMLOG
    released.cells.append(copy)
    assert rebuilt_source(released, assignment) == SYMLOG


def test_a_deleted_or_emptied_solution_is_blank(assignment, released):
    cell_of(released, "eps_greedy").source = "  \n"
    released.cells = [cell for cell in released.cells if grade_id(cell) != "tensor_utils"]
    rebuilt = rebuild(released, assignment)
    assert {"eps_greedy", "tensor_utils"} <= rebuilt.blank
    assert cell_of(rebuilt.notebook, "tensor_utils").source == ""


def test_deleted_test_cells_come_back(assignment, released):
    released.cells = [cell for cell in released.cells if not is_test(cell)]
    rebuilt = rebuild(released, assignment).notebook
    assert [grade_id(c) for c in rebuilt.cells if is_test(c)] == [
        grade_id(c) for c in assignment.pristine.cells if is_test(c)
    ]


def test_own_cells_stay_where_they_were(assignment, released):
    released.cells.insert(0, nbformat.v4.new_code_cell("first = 1"))
    released.cells.insert(position(released, "tensor_utils") + 1, nbformat.v4.new_code_cell("mine = 2"))
    rebuilt = rebuild(released, assignment).notebook
    assert rebuilt.cells[0].source == "first = 1"
    assert rebuilt.cells[position(rebuilt, "tensor_utils") + 1].source == "mine = 2"


def test_own_markdown_and_empty_cells_stay_behind(assignment, released):
    released.cells.insert(3, nbformat.v4.new_markdown_cell("<script>"))
    released.cells.insert(3, nbformat.v4.new_code_cell(" "))
    assert len(rebuild(released, assignment).notebook.cells) == len(assignment.pristine.cells)


def test_a_given_cell_that_was_changed_runs_after_the_pristine_one(assignment, released):
    """Colab lets students add an import to a locked cell; their solution needs it."""
    imports = cell_of(released, "imports")
    imports.source += "\nfrom torch.distributions import Categorical"
    rebuilt = rebuild(released, assignment).notebook
    at = position(rebuilt, "imports")
    assert rebuilt.cells[at].source == cell_of(assignment.pristine, "imports").source
    assert rebuilt.cells[at + 1].source == imports.source


def test_solutions_that_were_moved_stand_in_the_released_order(assignment, released):
    cell_of(released, "tensor_utils").source = SYMLOG
    released.cells.reverse()
    rebuilt = rebuild(released, assignment).notebook
    assert [grade_id(c) for c in rebuilt.cells if grade_id(c)] == [
        grade_id(c) for c in assignment.pristine.cells if grade_id(c)
    ]
    assert cell_of(rebuilt, "tensor_utils").source == SYMLOG


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    return 1\nclass C(object): pass", {"f", "C"}),
        ("def f(x):\n    return (1\nclass C:\n", {"f", "C"}),
        ("%matplotlib inline\ndef f(): pass", {"f"}),
        ("f = 3", set()),
        ("\x00", set()),
    ],
)
def test_names_are_found_even_in_broken_code(source, names):
    assert defined_names(source) == names


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "is empty"),
        ("hello", "not JSON"),
        ("[1, 2]", "without nbformat"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": [', "not JSON"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "no code cells"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}', "damaged"),
        ('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 7}', "damaged"),
        ('{"nbformat": 97}', "damaged"),
        ("[" * 200_000, "not JSON"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, content, reason):
    path = tmp_path / "work.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSubmission) as refused:
        read_submission(path)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_a_folder_and_bytes_are_refused(tmp_path):
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00\x9f")
    for path in (tmp_path / "no.ipynb", tmp_path, tmp_path / "bytes.ipynb"):
        with pytest.raises(UnreadableSubmission):
            read_submission(path)


def test_colabs_format_without_ids_is_read(tmp_path, assignment):
    old = json.loads(json.dumps(assignment.pristine))
    old["nbformat_minor"] = 0
    for cell in old["cells"]:
        del cell["id"]
        cell["source"] = cell["source"].splitlines(keepends=True)
    (tmp_path / "colab.ipynb").write_text("\ufeff" + json.dumps(old), encoding="utf-8")
    read = read_submission(tmp_path / "colab.ipynb")
    assert [cell.source for cell in read.cells] == [cell.source for cell in assignment.pristine.cells]
