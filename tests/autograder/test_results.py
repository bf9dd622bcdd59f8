import pytest

from autograder import results
from autograder.results import Result
from autograder.submitted import when_said
from tests.autograder.handing_in import hand_in


@pytest.fixture
def submitted(course, assignment):
    return hand_in(course, "anna", assignment.pristine)


def key(submitted, assignment):
    return results.submission_key(submitted.read_bytes(), when_said(submitted.parent), None, assignment)


def test_key_stays_while_nothing_changes(submitted, assignment):
    assert key(submitted, assignment) == key(submitted, assignment)


def test_key_changes_with_the_notebook(submitted, assignment):
    before = key(submitted, assignment)
    submitted.write_text("{}")
    assert key(submitted, assignment) != before


def test_key_changes_with_the_time_of_handing_in(submitted, assignment):
    before = key(submitted, assignment)
    submitted.with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    assert key(submitted, assignment) != before


def test_key_changes_with_what_keeps_a_file_from_being_read(assignment):
    keys = {results.submission_key(b"", b"", problem, assignment) for problem in (None, "a link", "a pipe")}
    assert len(keys) == 3


def test_key_changes_with_the_release(submitted, assignment):
    before = key(submitted, assignment)
    with assignment.path.open("a", encoding="utf-8") as released:
        released.write("\n")
    assert key(submitted, assignment) != before


def test_what_is_saved_is_loaded(assignment):
    result = Result("key", {"cells": []}, "почему")
    results.save(assignment, "anna", result)
    assert results.load(assignment, "anna") == result
    assert results.load(assignment, "boris") is None


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"key": "k", "a_field_of_another_version": 1}'])
def test_what_cannot_be_read_is_not_known(assignment, content):
    results.save(assignment, "anna", Result("key", None, None))
    (path,) = (assignment.course.private / "results").rglob("*.json")
    path.write_text(content, encoding="utf-8")
    assert results.load(assignment, "anna") is None


def test_forgetting(assignment):
    results.save(assignment, "anna", Result("key", None, None))
    results.forget(assignment, "anna")
    results.forget(assignment, "anna")
    assert results.load(assignment, "anna") is None


def test_a_cell_for_a_human_has_no_score():
    cells = [
        {"grade_id": "a", "status": "passed", "score": 1.0},
        {"grade_id": "b", "status": "needs_human", "score": 0.0},
    ]
    assert Result("key", {"cells": cells}, "b").scores() == {"a": 1.0, "b": None}
    assert Result("key", None, "unreadable").scores() == {}
