"""What is written into the gradebook, and what is read from it; the rest of nbgrader sees the same."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder import gradebook
from autograder.nbgrader_course import course_directory, load_config
from autograder.records import NO_ANSWER, Records
from autograder.results import Scores
from tests.autograder.handing_in import NAME

CELL, OTHER, SOLUTION = "test_tensor_utils", "test_eps_greedy", "tensor_utils"
DUE, LATE = datetime(2026, 9, 1, 12), datetime(2026, 9, 2, 12)


@pytest.fixture
def db_url(assignment, course):
    config = load_config(course.root)
    coursedir = course_directory(config, course.root)
    gradebook.register(assignment, config, coursedir)
    return coursedir.db_url


@pytest.fixture
def records(db_url):
    with Records(db_url, NAME, Config()) as records:
        yield records


def scores(assignment, unanswered=(), **changed):
    cells = [
        c.metadata.nbgrader for c in assignment.pristine.cells if c.metadata.get("nbgrader", {}).get("grade")
    ]
    return Scores({cell.grade_id: float(cell.points) for cell in cells} | changed, frozenset(unanswered))


def test_nothing_is_recorded_of_who_handed_in_nothing(records):
    assert records.recorded("nobody") is None
    records.penalise_anew("nobody")
    assert records.recorded("nobody") is None


def test_before_grading_there_is_no_score(records, db_url):
    with Gradebook(db_url) as book:
        book.update_or_create_student("anna")
        book.update_or_create_submission(NAME, "anna")
    assert records.recorded("anna").score is None
    assert records.recorded("anna").needs_human


def test_nbgrader_sees_what_was_written(records, assignment, db_url):
    records.write("anna", scores(assignment, [SOLUTION], **{CELL: 0.0, OTHER: None}), LATE)
    with Gradebook(db_url) as book:
        submission = book.find_submission(NAME, "anna")
        assert (submission.timestamp, submission.score) == (LATE, 9.5)
        assert submission.needs_manual_grade
        assert book.find_grade(OTHER, NAME, NAME, "anna").needs_manual_grade
        assert not book.find_grade(CELL, NAME, NAME, "anna").needs_manual_grade
        assert book.find_comment(SOLUTION, NAME, NAME, "anna").comment == NO_ANSWER
        assert book.find_comment("eps_greedy", NAME, NAME, "anna").comment is None


def test_what_humans_gave_stays_and_nothing_else_of_an_earlier_grading(records, assignment, db_url):
    records.write("anna", scores(assignment, [SOLUTION]), LATE)
    with Gradebook(db_url) as book:
        book.find_grade(CELL, NAME, NAME, "anna").manual_score = 0.1
        book.find_comment(SOLUTION, NAME, NAME, "anna").manual_comment = "почти"
        book.db.commit()
    records.write("anna", scores(assignment, **{CELL: 0.0, OTHER: None}))
    shown = records.shown("anna")
    assert (shown.scores[CELL], shown.comments[SOLUTION]) == (0.1, "почти")
    assert shown.score == pytest.approx(9.6)
    assert records.recorded("anna").auto_scores[OTHER] is None
    with Gradebook(db_url) as book:
        assert book.find_grade(CELL, NAME, NAME, "anna").needs_manual_grade
        assert book.find_submission(NAME, "anna").timestamp == LATE


@pytest.fixture
def strict(db_url):
    """Records of a course in which whoever is late gets nothing."""
    with Gradebook(db_url) as book:
        book.find_assignment(NAME).duedate = DUE
        book.db.commit()
    with Records(db_url, NAME, Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})) as records:
        yield records


def test_the_courses_own_penalty_is_taken(strict, assignment):
    strict.write("anna", scores(assignment), LATE)
    assert (strict.shown("anna").late_penalty, strict.shown("anna").score) == (10.0, 0.0)
    strict.write("anna", scores(assignment), DUE)
    assert strict.shown("anna").late_penalty == 0


def test_without_any_score_no_penalty_of_an_earlier_grading_stays(strict, assignment, db_url):
    strict.write("anna", scores(assignment, [SOLUTION]), LATE)
    strict.write("anna", Scores({}, frozenset()), None)
    assert strict.recorded("anna").score is None
    assert (strict.shown("anna").late_penalty, strict.shown("anna").comments[SOLUTION]) == (0, None)
    with Gradebook(db_url) as book:
        assert book.find_submission(NAME, "anna").timestamp is None


def test_a_submission_is_written_as_a_whole_or_not_at_all(records, assignment, db_url, monkeypatch):
    records.write("anna", scores(assignment))

    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(records, "_penalise", broken)
    for student in ("anna", "boris"):
        with pytest.raises(OSError, match="full"):
            records.write(student, scores(assignment, **{CELL: 0.0}))
    assert records.recorded("anna").score == 10.0
    assert records.recorded("boris") is None
    with Gradebook(db_url) as book:
        assert [student.id for student in book.students] == ["anna"]
