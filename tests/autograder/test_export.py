"""Grades as files: what a person, Moodle and Canvas read of the gradebook."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder import cli, grades
from autograder.assignment import Course, grade_id, is_test
from autograder.batch import Batch
from autograder.export import export
from autograder.nbgrader_course import course_directory, load_config
from autograder.records import Records
from autograder.results import Scores
from tests.autograder.handing_in import NAME

OTHER = "gaussian_actor_critic"
CELL = "test_td_loss"
DUE, LATE = datetime(2026, 9, 1, 12), datetime(2026, 9, 2, 12)


@pytest.fixture
def course(batch):
    return batch.course


def register(course, name):
    """Makes the gradebook know an assignment."""
    Batch(course, name).grade([])


def record(course, student, name=NAME, timestamp=None, **changed):
    """Takes a grading down; everything is right but what is said otherwise."""
    assignment, config = course.assignment(name), load_config(course.root)
    cells = [cell.metadata.nbgrader for cell in assignment.pristine.cells if is_test(cell)]
    scores = {cell.grade_id: float(cell.points) for cell in cells} | changed
    with Records(course_directory(config, course.root).db_url, name, config) as records:
        records.write(student, Scores(scores, frozenset()), timestamp)


def exported(course, file, name=NAME):
    """The lines of a file that the command has written."""
    assert run(course, name) == 0
    return lines(course, file, name)


def lines(course, file, name=NAME):
    content = (course.root / "exports" / name / file).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def run(course, name=NAME):
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", name, "--course-dir", str(course.root)])
    return ended.value.code


def test_everything_is_in_one_table(course):
    record(course, "anna", timestamp=LATE, **{CELL: 0.25})
    header, anna = exported(course, "grades.csv")
    tests = [grade_id(cell) for cell in course.assignment(NAME).pristine.cells if is_test(cell)]
    assert header[7:-3] == tests
    row = dict(zip(header, anna, strict=True))
    points = float(course.assignment(NAME).max_score) - 2.0 + 0.25
    assert (row["student_id"], row["status"], row[CELL]) == ("anna", "graded", "0.25")
    assert (row["handed_in_utc"], row["max_score"]) == ("2026-09-02 12:00:00", "10.0")
    assert float(row["score"]) == pytest.approx(points)


def test_a_table_for_people_says_that_it_is_utf8_and_one_for_an_lms_does_not(course):
    record(course, "Анна Иванова_1234567")
    assert run(course) == 0
    folder = course.root / "exports" / NAME
    assert (folder / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "moodle.csv").read_bytes().startswith(b"Identifier,")
    assert (folder / "canvas.csv").read_bytes().startswith(b"Student,ID,")


def test_moodle_finds_a_participant_by_the_number(course):
    record(course, "Анна Иванова_1234567", **{CELL: 0.0})
    record(course, "boris")
    header, *rows = exported(course, "moodle.csv")
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(header)
    assert [dict(zip(header, row, strict=True)) for row in rows] == [
        {
            "Identifier": "Participant 1234567",
            "Full name": "Анна Иванова_1234567",
            "Grade": "8.0",
            "Maximum Grade": "10.0",
            "Last modified (grade)": "-",
        }
    ]


def test_canvas_finds_a_user_by_the_number_or_by_the_login(course):
    record(course, "ivanovaanna_10234")
    record(course, "boris")
    header, points, boris, anna = exported(course, "canvas.csv")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME]
    assert "Points Possible" in points[0]
    assert points[-1] == "10.0"
    assert boris == ["boris", "", "", "boris", "", "10.0"]
    assert anna == ["ivanovaanna_10234", "10234", "", "", "", "10.0"]


def test_names_of_the_gradebook_are_used(course):
    record(course, "anna_1")
    with Gradebook(course_directory(load_config(course.root), course.root).db_url) as book:
        book.update_or_create_student("anna_1", first_name="Анна", last_name="Иванова", email="a@example.org")
    assert exported(course, "moodle.csv")[1][1] == "Анна Иванова"
    assert exported(course, "grades.csv")[1][1:4] == ["Анна", "Иванова", "a@example.org"]


def test_who_needs_a_human_or_handed_in_nothing_gets_no_grade_anywhere(course, capsys):
    record(course, "anna_1")
    record(course, "boris_2", **{CELL: None})
    register(course, OTHER)
    record(course, "vera_3", name=OTHER)
    assert run(course) == 1
    told = capsys.readouterr().out
    assert "1 graded, 1 needs a human, 1 nothing handed in" in told
    header, *rows = lines(course, "grades.csv")
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert {student: row["score"] for student, row in found.items()} == {
        "anna_1": "10.0",
        "boris_2": "",
        "vera_3": "",
    }
    assert found["boris_2"][CELL] == ""
    assert found["boris_2"]["test_eps_greedy"] != ""
    for file in ("moodle.csv", "canvas.csv"):
        assert [row for row in lines(course, file) if "2" in row[0] or "3" in row[0]] == []


def test_a_grade_that_a_human_gave_counts(course):
    record(course, "anna", **{CELL: None})
    with Gradebook(course_directory(load_config(course.root), course.root).db_url) as book:
        book.find_grade(CELL, NAME, NAME, "anna").manual_score = 1.0
        book.db.commit()
    header, anna = exported(course, "grades.csv")
    assert dict(zip(header, anna, strict=True))["score"] == "9.0"


def test_being_late_is_taken_off(course):
    (course.root / "nbgrader_config.py").write_text(
        (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
        + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n",
        encoding="utf-8",
    )
    with Gradebook(course_directory(load_config(course.root), course.root).db_url) as book:
        book.find_assignment(NAME).duedate = DUE
        book.db.commit()
    record(course, "anna", timestamp=LATE)
    header, anna = exported(course, "grades.csv")
    row = dict(zip(header, anna, strict=True))
    assert (row["seconds_late"], row["late_penalty"], row["score"]) == ("86400", "10.0", "0.0")


@pytest.mark.parametrize("name", ["=2+3", "+7", "@SUM(A1)", "-1+1"])
def test_a_name_is_no_formula(course, name):
    record(course, name)
    assert exported(course, "grades.csv")[1][0] == f"'{name}"
    assert exported(course, "canvas.csv")[2][0] == f"'{name}"


def test_both_assignments_have_files_of_their_own(course):
    register(course, OTHER)
    record(course, "anna")
    record(course, "anna", name=OTHER, test_losses=0.0)
    assert exported(course, "grades.csv")[1][-2] == "10.0"
    header, anna = exported(course, "grades.csv", OTHER)
    assert float(anna[-2]) < 10.0
    assert "test_losses" in header
    assert CELL not in header


@pytest.mark.parametrize("name", [NAME, OTHER])
def test_before_anything_was_graded_it_says_what_to_do(tmp_path, registered, name, capsys):
    root = shutil.copytree(registered, tmp_path / "course")
    if name == NAME:
        (root / "gradebook.db").unlink()
    assert run(Course.find(root), name) == 2
    assert f"autograder grade {name}" in capsys.readouterr().err
    assert (root / "gradebook.db").exists() == (name == OTHER)
    assert not (root / "exports").exists()


def test_an_unknown_assignment_is_named(course, capsys):
    assert run(course, "nothing") == 2
    assert "nothing" in capsys.readouterr().err


def test_the_paths_are_told(course, capsys):
    record(course, "anna")
    assert run(course) == 0
    told = capsys.readouterr().out
    for file in ("grades.csv", "moodle.csv", "canvas.csv"):
        assert str(course.root / "exports" / NAME / file) in told


def test_what_is_read_is_what_nbgrader_says(course):
    record(course, "anna", **{CELL: 0.25})
    assignment = course.assignment(NAME)
    coursedir = course_directory(load_config(course.root), course.root)
    (row,) = grades.read(assignment, coursedir)
    with Gradebook(coursedir.db_url) as book:
        assert row.score == pytest.approx(book.find_submission(NAME, "anna").score)
    assert [written.students for written in export(assignment, [row])] == [1, 0, 1]
