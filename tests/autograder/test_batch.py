"""The bookkeeping around the grader: what is graded again, what is not, what a human is asked.

The grader itself is replaced here: it reads the score of every cell from the student's own words.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import BrokenExecutor, Future
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook
from pebble import ProcessExpired
from sqlalchemy.exc import OperationalError

from autograder import grades, results
from autograder.assignment import Course
from autograder.batch import LOG, Batch, State
from autograder.grade_one import Graded
from autograder.grades import Standing
from autograder.pool import Here, Processes
from autograder.rebuild import LARGEST
from autograder.records import Records
from autograder.submitted import Submitted
from autograder.usage import UsageError
from tests.autograder.handing_in import NAME, hand_in, judged

FIRST_CELL = "test_tensor_utils"


@pytest.fixture
def graded_names(monkeypatch):
    """Replaces the grader: every cell is passed, but what the notebook's last cell names. Lists its calls."""
    calls = []

    def grade_notebook(rebuilt, assignment, *, name, sandbox="auto"):
        last = rebuilt.notebook.cells[-1].source
        calls.append(last)
        if "BROKEN GRADER" in last:
            raise RuntimeError("the disk is full")
        statuses = json.loads(last.removeprefix("# ")) if last.startswith("# {") else {}
        return Graded(judged(assignment, statuses, name), rebuilt.notebook)

    monkeypatch.setattr("autograder.handed_in.grade_notebook", grade_notebook)
    return calls


def submission(assignment, **statuses):
    notebook = assignment.pristine.copy()
    notebook.cells = [*notebook.cells, own_cell("# " + json.dumps(statuses))]
    return notebook


def own_cell(source):
    return nbformat.v4.new_code_cell(source)


@pytest.fixture
def assignment(batch):
    return batch.assignment


def grade(batch, *students, force=False):
    return {outcome.student: outcome for outcome in batch.grade(batch.students(students), force=force)}


def gradebook_scores(batch, student):
    with Gradebook(batch.coursedir.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades}


def give_manual_score(batch, student, cell, score):
    """What formgrader does when an instructor types a score."""
    with Gradebook(batch.coursedir.db_url) as gradebook:
        grade = gradebook.find_grade(cell, NAME, NAME, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


def test_scores_reach_the_gradebook(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "boris", submission(assignment, **{FIRST_CELL: "failed"}))
    outcomes = grade(batch)
    assert {s: (o.state, o.score) for s, o in outcomes.items()} == {
        "anna": (State.GRADED, 10.0),
        "boris": (State.GRADED, 9.75),
    }
    assert gradebook_scores(batch, "boris")[FIRST_CELL] == (0.0, False)
    assert all(outcome.feedback.is_file() for outcome in outcomes.values())


def test_what_has_not_changed_is_not_graded_again(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    grade(batch)
    assert grade(batch)["anna"].state is State.UNCHANGED
    assert grade(batch)["anna"].score == 10.0
    assert len(graded_names) == 1


def test_force_grades_again(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    grade(batch)
    assert grade(batch, force=True)["anna"].state is State.GRADED
    assert len(graded_names) == 2


def test_a_new_version_is_graded_and_old_scores_go(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    grade(batch)
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "failed"}))
    outcome = grade(batch)["anna"]
    assert (outcome.state, outcome.score) == (State.GRADED, 9.75)


@pytest.mark.parametrize("lost", ["gradebook", "feedback", "record"])
def test_what_is_lost_is_made_again(batch, assignment, graded_names, lost):
    hand_in(batch.course, "anna", submission(assignment))
    page = grade(batch)["anna"].feedback
    if lost == "gradebook":
        (batch.course.root / "gradebook.db").unlink()
    elif lost == "feedback":
        page.unlink()
    else:
        results.forget(assignment, "anna")
    outcome = grade(batch)["anna"]
    assert (outcome.state, outcome.score) == (State.GRADED, 10.0)
    assert page.is_file()


def test_an_interrupted_run_goes_on_where_it_stopped(batch, assignment, graded_names):
    for student in ("anna", "boris", "vera"):
        hand_in(batch.course, student, submission(assignment))
    run = batch.grade(batch.students())
    assert next(run).student == "anna"
    run.close()
    assert [outcome.state for outcome in grade(batch).values()] == [
        State.UNCHANGED,
        State.GRADED,
        State.GRADED,
    ]
    assert len(graded_names) == 3


@pytest.mark.parametrize("killed_in", ["handed_in.grade_notebook", "results.save", "work.page"])
def test_what_was_killed_is_graded_again(batch, assignment, graded_names, monkeypatch, killed_in):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "boris", submission(assignment))
    grade(batch)
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "failed"}))

    def killed(*_arguments, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"autograder.{killed_in}", killed)
        with pytest.raises(KeyboardInterrupt):
            grade(batch)
    outcomes = grade(batch)
    assert (outcomes["anna"].state, outcomes["anna"].score) == (State.GRADED, 9.75)
    assert "(Score: 9.75 / 10.0)" in outcomes["anna"].feedback.read_text(encoding="utf-8")
    assert outcomes["boris"].state is State.UNCHANGED


def test_a_timestamp_that_is_none_is_left_to_a_human(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "boris", submission(assignment)).with_name("timestamp.txt").write_text("вчера")
    outcomes = grade(batch)
    assert (outcomes["boris"].state, outcomes["boris"].score) == (State.NEEDS_HUMAN, None)
    assert outcomes["anna"].score == 10.0


def test_only_the_students_asked_for_are_graded(batch, assignment, graded_names):
    for student in ("anna", "boris"):
        hand_in(batch.course, student, submission(assignment))
    assert list(grade(batch, "boris")) == ["boris"]
    assert len(graded_names) == 1


def test_a_cell_the_grader_cannot_judge_is_left_to_a_human(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "needs_human"}))
    outcome = grade(batch)["anna"]
    assert outcome.state is State.NEEDS_HUMAN
    assert FIRST_CELL in outcome.reason
    assert outcome.score == 9.75
    scores = gradebook_scores(batch, "anna")
    assert scores.pop(FIRST_CELL) == (None, True)
    assert all(auto is not None and not manual for auto, manual in scores.values())


def test_what_a_human_has_decided_stays_decided(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "needs_human"}))
    grade(batch)
    assert grade(batch)["anna"].state is State.NEEDS_HUMAN
    give_manual_score(batch, "anna", FIRST_CELL, 0.25)
    calls = len(graded_names)
    assert [grade(batch)["anna"].state for _ in range(2)] == [State.GRADED, State.UNCHANGED]
    assert grade(batch)["anna"].score == 10.0
    assert len(graded_names) == calls


def test_manual_scores_survive_and_are_flagged_for_review(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "failed"}))
    grade(batch)
    give_manual_score(batch, "anna", FIRST_CELL, 0.2)
    outcome = grade(batch, force=True)["anna"]
    assert outcome.score == pytest.approx(9.95)
    assert gradebook_scores(batch, "anna")[FIRST_CELL] == (0.0, True)


def test_a_score_that_was_looked_at_stays_looked_at(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "failed"}))
    page = grade(batch)["anna"].feedback
    give_manual_score(batch, "anna", FIRST_CELL, 0.2)
    page.unlink()
    assert grade(batch)["anna"].score == pytest.approx(9.95)
    assert gradebook_scores(batch, "anna")[FIRST_CELL] == (0.0, False)


def test_a_page_shows_what_a_human_has_given_since(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment, **{FIRST_CELL: "failed"}))
    page = grade(batch)["anna"].feedback
    assert "(Score: 9.75 / 10.0)" in page.read_text(encoding="utf-8")
    give_manual_score(batch, "anna", FIRST_CELL, 0.25)
    assert grade(batch)["anna"].state is State.GRADED
    assert "(Score: 10.0 / 10.0)" in page.read_text(encoding="utf-8")
    assert grade(batch)["anna"].state is State.UNCHANGED
    assert len(graded_names) == 1


def test_a_penalty_that_is_decided_on_later_counts(batch, assignment, graded_names):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.with_name("timestamp.txt").write_text("2030-01-02 12:00:00 UTC")
    page = grade(batch)["anna"].feedback
    with Gradebook(batch.coursedir.db_url) as gradebook:
        gradebook.find_assignment(NAME).duedate = datetime(2030, 1, 1)
        gradebook.db.commit()
    batch.config.LateSubmissionPlugin.penalty_method = "zero"
    grade(batch)
    with Gradebook(batch.coursedir.db_url) as gradebook:
        assert gradebook.find_submission(NAME, "anna").late_submission_penalty == 10.0
    assert "(Score: 0.0 / 10.0)" in page.read_text(encoding="utf-8")


def assert_left_to_a_human(batch, outcomes, student):
    """No score at all for the student, full marks for anna, who is next to them."""
    outcome = outcomes[student]
    assert (outcome.state, outcome.score) == (State.NEEDS_HUMAN, None)
    assert outcomes["anna"].score == 10.0
    assert set(gradebook_scores(batch, student).values()) == {(None, True)}


@pytest.mark.parametrize(
    ("content", "told"),
    [("", "empty"), ('{"cells": [', "no notebook"), ("[1, 2]", "no notebook"), ("\x00\xff", "no notebook")],
)
def test_a_file_that_is_no_notebook(batch, assignment, graded_names, content, told):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "wrong", content)
    outcomes = grade(batch)
    assert_left_to_a_human(batch, outcomes, "wrong")
    assert told in outcomes["wrong"].reason
    assert str(batch.course.root) not in outcomes["wrong"].feedback.read_text(encoding="utf-8")


@pytest.mark.parametrize("problem", ["two notebooks", "too large", "no time", "a link"])
def test_who_cannot_be_read_is_in_the_gradebook_until_a_human_has_decided(
    batch, assignment, graded_names, problem
):
    hand_in(batch.course, "anna", submission(assignment))
    path = hand_in(batch.course, "wrong", submission(assignment))
    grade(batch)
    if problem == "two notebooks":
        path.rename(path.with_name("one.ipynb"))
        path.with_name("two.ipynb").write_text("{}", encoding="ascii")
    elif problem == "too large":
        with path.open("wb") as file:
            file.truncate(LARGEST + 1)
    elif problem == "no time":
        path.with_name("timestamp.txt").write_text("2026-09-01 23:00:00 XYZT", encoding="ascii")
    else:
        path.unlink()
        path.symlink_to(path.parents[2] / "anna" / NAME / f"{NAME}.ipynb")
    assert_left_to_a_human(batch, grade(batch), "wrong")
    rows = {row.student: row.standing for row in grades.read(assignment, batch.coursedir)}
    assert rows == {"anna": Standing.GRADED, "wrong": Standing.NEEDS_HUMAN}
    kept = batch.course.root / "autograded" / "wrong" / NAME / f"{NAME}.ipynb"
    assert "не проверена автоматически" in nbformat.read(kept, 4).cells[0].source
    for cell in gradebook_scores(batch, "wrong"):
        give_manual_score(batch, "wrong", cell, 0.5)
    assert grade(batch)["wrong"].score == 4.5
    assert grade(batch)["wrong"].state is State.UNCHANGED


def test_folders_that_cannot_be_students_are_told(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    submitted = batch.course.root / "submitted"
    hand_in(batch.course, long := "а" * 121, submission(assignment))
    os.makedirs(os.fsencode(submitted) + b"/\xcf\xe5\xf2\xff/" + NAME.encode())
    assert list(grade(batch)) == ["anna"]
    told = batch.submitted.misplaced()
    assert [line.endswith(": rename it") for line in told] == [True, True]
    assert any(line.startswith(long) for line in told)


def test_a_course_may_lie_anywhere_and_name_its_folders(registered, tmp_path, graded_names):
    root = shutil.copytree(registered, tmp_path / "term [2026]" / "course")
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(
            '\nc.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"\n'
        )
    batch = Batch(Course.find(root), NAME)
    path = hand_in(batch.course, "anna", submission(batch.assignment))
    path.parent.rename(moved := batch.course.root / "anna")
    shutil.rmtree(path.parents[1])
    shutil.move(moved, batch.course.root / "submitted" / NAME / "anna")
    assert grade(batch)["anna"].score == 10.0


def test_a_course_without_a_folder_for_each_student_is_refused(batch):
    batch.coursedir.directory_structure = "{nbgrader_step}/{assignment_id}-{student_id}"
    with pytest.raises(UsageError, match="no folder for each student"):
        Submitted(batch.coursedir, batch.assignment)


def test_an_assignment_that_is_not_released_yet_disturbs_no_other(batch, assignment, graded_names):
    shutil.rmtree(batch.course.release_dir("gaussian_actor_critic"))
    hand_in(batch.course, "anna", submission(assignment))
    assert grade(batch)["anna"].score == 10.0


def test_what_a_mac_leaves_is_no_notebook(batch, assignment, graded_names):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.rename(path.with_name("HW.IPYNB"))
    path.with_name("._HW.IPYNB").write_bytes(b"\x00")
    assert grade(batch)["anna"].score == 10.0


def test_a_notebook_of_something_else(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "wrong", nbformat.v4.new_notebook(cells=[own_cell("print('привет')")]))
    outcomes = grade(batch)
    assert_left_to_a_human(batch, outcomes, "wrong")


def test_a_fault_of_the_grader_is_no_score(batch, assignment, graded_names):
    notebook = submission(assignment)
    notebook.cells[-1].source = "# BROKEN GRADER"
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "unlucky", notebook)
    outcomes = grade(batch)
    assert_left_to_a_human(batch, outcomes, "unlucky")
    assert "the disk is full" in outcomes["unlucky"].reason
    assert "the disk is full" in (batch.course.private / LOG).read_text(encoding="utf-8")


def test_a_gradebook_that_fails_stops_in_one_line_and_loses_nothing(
    batch, assignment, graded_names, monkeypatch
):
    hand_in(batch.course, "anna", submission(assignment))

    def locked(*_):
        raise OperationalError("COMMIT", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(Records, "write", locked)
        with pytest.raises(UsageError, match=r"database is locked.*; run the same command to go on"):
            grade(batch)
    assert grade(batch)["anna"].score == 10.0
    assert len(graded_names) == 1


def test_a_folder_in_place_of_a_timestamp_is_left_to_a_human(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment)).with_name("timestamp.txt").mkdir()
    assert "timestamp.txt holds no time" in grade(batch)["anna"].reason


def test_a_fault_takes_back_the_scores_of_an_earlier_grading(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "unlucky", submission(assignment))
    assert grade(batch)["unlucky"].score == 10.0
    hand_in(batch.course, "unlucky", "no notebook any more")
    assert_left_to_a_human(batch, grade(batch), "unlucky")


class Deadly(Here):
    """Workers that die so many times of whatever they are given first."""

    tries = Processes.tries

    def __init__(self, task, times):
        super().__init__(task)
        self.times = times

    def submit(self, function, *arguments):
        if self.times == 0:
            return super().submit(function, *arguments)
        self.times -= 1
        future = Future()
        future.set_exception(ProcessExpired("killed"))
        return future

    def has_died(self, problem):
        return isinstance(problem, ProcessExpired)


@pytest.mark.parametrize("when", ["at once", "later"])
def test_where_all_workers_die_at_their_start_the_run_stops_and_loses_nothing(
    batch, assignment, graded_names, monkeypatch, when
):
    hand_in(batch.course, "anna", submission(assignment))

    class Broken(Here):
        def submit(self, function, *arguments):
            if when == "at once":
                raise BrokenExecutor("All workers expired")
            future = Future()
            future.set_exception(BrokenExecutor("All workers expired"))
            return future

    with monkeypatch.context() as patch:
        patch.setattr("autograder.batch.Here", Broken)
        with pytest.raises(UsageError, match="the workers are gone; run the same command"):
            grade(batch)
    assert grade(batch)["anna"].score == 10.0


@pytest.mark.parametrize(("times", "state"), [(2, State.GRADED), (3, State.NEEDS_HUMAN)])
def test_what_workers_die_of_is_tried_again_and_then_left_to_a_human(
    batch, assignment, graded_names, monkeypatch, times, state
):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "boris", submission(assignment))
    monkeypatch.setattr("autograder.batch.Here", lambda task: Deadly(task, times))
    outcomes = grade(batch)
    assert outcomes["anna"].state is state
    assert outcomes["boris"].state is State.GRADED
    assert (outcomes["anna"].reason is None) == (state is State.GRADED)


@pytest.mark.parametrize("name", [f"{NAME} (1).ipynb", "Untitled1.ipynb", "home work/решение.ipynb"])
def test_the_only_notebook_may_have_any_name(batch, assignment, graded_names, name):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC", encoding="ascii")
    renamed = path.with_name(name) if "/" not in name else path.parent / name
    renamed.parent.mkdir(exist_ok=True)
    path.rename(renamed)
    (path.parent / ".ipynb_checkpoints").mkdir()
    (path.parent / ".ipynb_checkpoints" / "Untitled-checkpoint.ipynb").write_text("{}", encoding="ascii")
    assert grade(batch)["anna"].score == 10.0
    assert (batch.course.root / "autograded" / "anna" / NAME / f"{NAME}.ipynb").is_file()
    with Gradebook(batch.coursedir.db_url) as gradebook:
        assert gradebook.find_submission(NAME, "anna").timestamp.isoformat() == "2030-01-01T12:00:00"
    assert grade(batch)["anna"].state is State.UNCHANGED


def test_which_of_two_notebooks_is_meant_a_human_says(batch, assignment, graded_names):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.rename(path.with_name("one.ipynb"))
    path.with_name("two.ipynb").write_text("{}", encoding="ascii")
    outcome = grade(batch)["anna"]
    assert (outcome.state, outcome.score) == (State.NEEDS_HUMAN, None)
    assert outcome.reason.startswith("which of the notebooks is meant (one.ipynb, two.ipynb)?")


def test_a_submission_without_a_notebook(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    path = hand_in(batch.course, "boris", submission(assignment))
    path.rename(path.with_name("homework.zip"))
    outcome = grade(batch)["boris"]
    assert (outcome.state, outcome.score) == (State.NEEDS_HUMAN, None)
    assert "homework.zip" in outcome.reason


def test_what_lies_in_a_wrong_place_is_told(batch, assignment):
    hand_in(batch.course, "anna", assignment.pristine)
    submitted = batch.course.root / "submitted"
    notebook = nbformat.writes(assignment.pristine)
    in_folders = ("boris/hw.ipynb", "vera/home/hw.ipynb", "anna/old.ipynb")
    for place in (*in_folders, "hw.ipynb", "class.zip", "notes.txt"):
        (submitted / place).parent.mkdir(parents=True, exist_ok=True)
        (submitted / place).write_text(notebook, encoding="utf-8")
    assert batch.submitted.misplaced() == [
        f"boris/hw.ipynb is in no folder of an assignment: move it to boris/{NAME}/",
        f"class.zip is an archive: autograder collect {submitted}/class.zip",
        f"hw.ipynb is nobody's: move it to <student>/{NAME}/",
        f"vera/home/hw.ipynb is in no folder of an assignment: move it to vera/{NAME}/",
    ]


@pytest.mark.parametrize("linked", ["notebook", "another file", "folder", "pipe"])
def test_nobody_hands_in_by_a_link(batch, assignment, graded_names, linked):
    anna = hand_in(batch.course, "anna", submission(assignment))
    eve = batch.course.root / "submitted" / "eve" / NAME
    eve.parent.mkdir(parents=True)
    if linked == "folder":
        eve.symlink_to(anna.parent)
    else:
        path = hand_in(batch.course, "eve", submission(assignment))
        if linked == "notebook":
            path.unlink()
            path.symlink_to(anna)
        elif linked == "another file":
            (eve / "data.csv").symlink_to(batch.course.root / ".autograder" / "hidden_seed")
        else:
            os.mkfifo(eve / "pipe")
    outcomes = grade(batch)
    assert outcomes["anna"].state is State.GRADED
    assert outcomes["eve"].state is State.NEEDS_HUMAN
    assert "in place of a file" in outcomes["eve"].reason
    assert outcomes["eve"].score is None


@pytest.mark.parametrize("name", ["timestamp.txt", f"{NAME}.ipynb", "another.txt"])
def test_what_a_link_leads_to_is_told_to_nobody(batch, assignment, graded_names, name):
    path = hand_in(batch.course, "eve", submission(assignment))
    path.with_name(name).unlink(missing_ok=True)
    path.with_name(name).symlink_to(batch.course.private / "hidden_seed")
    outcome = grade(batch)["eve"]
    assert outcome.state is State.NEEDS_HUMAN
    secret = str(batch.course.hidden_seed())
    assert secret not in outcome.reason
    written = [
        file
        for folder in ("autograded", "feedback", ".autograder/results")
        for file in (batch.course.root / folder).rglob("*")
        if file.is_file()
    ]
    assert len(written) == 3
    assert not any(secret.encode() in file.read_bytes() for file in written)


def test_what_was_submitted_stays_as_it_was(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    hand_in(batch.course, "wrong", "{")
    submitted = batch.course.root / "submitted"
    before = {p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in submitted.rglob("*")}
    grade(batch)
    grade(batch, force=True)
    assert {p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in submitted.rglob("*")} == before


def test_solutions_are_not_copied_to_the_graded_notebooks(batch, assignment, graded_names):
    hand_in(batch.course, "anna", submission(assignment))
    grade(batch)
    autograded = batch.course.root / "autograded" / "anna" / NAME
    assert [path.name for path in autograded.iterdir()] == [f"{NAME}.ipynb"]


def test_a_late_submission_is_known_to_be_late(batch, assignment, graded_names):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    grade(batch)
    with Gradebook(batch.coursedir.db_url) as gradebook:
        assert gradebook.find_submission(NAME, "anna").timestamp.isoformat() == "2030-01-01T12:00:00"


def test_a_time_that_is_taken_back_goes(batch, assignment, graded_names):
    path = hand_in(batch.course, "anna", submission(assignment))
    path.with_name("timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    page = grade(batch)["anna"].feedback
    path.with_name("timestamp.txt").unlink()
    grade(batch)
    with Gradebook(batch.coursedir.db_url) as gradebook:
        assert gradebook.find_submission(NAME, "anna").timestamp is None
    assert not page.with_name("timestamp.txt").exists()


@pytest.mark.parametrize("student", ["a b", "иван", "12345", "a.b", "x[1]"])
def test_any_name_of_a_student_will_do(batch, assignment, graded_names, student):
    hand_in(batch.course, student, submission(assignment))
    assert grade(batch)[student].score == 10.0


def test_an_empty_course_says_where_to_put_notebooks(batch):
    with pytest.raises(UsageError, match=r"nothing to grade: put notebooks into .*submitted"):
        batch.students()


def test_an_unknown_student_is_named(batch, assignment):
    hand_in(batch.course, "anna", assignment.pristine)
    with pytest.raises(UsageError, match="by nobody"):
        batch.students(("anna", "nobody"))


def test_handing_out_work_does_not_wait_for_torch():
    loads = "import autograder.batch, autograder.tables, sys; print('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False"]
