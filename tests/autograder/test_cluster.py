"""A real Dask cluster and a real PostgreSQL server give the same grades as this machine alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from distributed import Client
from nbgrader.api import Gradebook

from autograder import cluster
from autograder.assignment import Course
from autograder.batch import Batch
from autograder.course_folder import create
from autograder.nbgrader_course import shown_url
from autograder.parcel import Parcel
from autograder.solved import Edit, solve
from autograder.usage import UsageError
from tests.autograder.conftest import REPOSITORY
from tests.autograder.handing_in import NAME, grade_command, hand_in, pages
from tests.autograder.servers import dask, free_port, postgres
from tests.programs import postgres_program

SECONDS = 400
KINDS = {"solved": 10, "wrong": 9.75, "stub": 0, "broken": 0}
SCORES = {f"{kind}-{n}": score for kind, score in KINDS.items() for n in range(2)}
BROKEN = {"broken-0", "broken-1"}


def test_a_parcel_makes_the_same_course_elsewhere(course, tmp_path):
    (course.private / "answers" / "of").mkdir(parents=True)
    (course.private / "answers" / "of" / "a.json").write_text("{}", encoding="ascii")
    hand_in(course, "anna", "a secret of anna's")
    there = Parcel.of(course).unpack(tmp_path / "there")
    assert there.hidden_seed() == course.hidden_seed()
    assert there.assignments() == course.assignments()
    assert there.assignment(NAME).pristine == course.assignment(NAME).pristine
    assert (there.private / "answers" / "of" / "a.json").is_file()
    assert not (there.root / "submitted").exists()
    assert (there.root.stat().st_mode & 0o777) == 0o700
    released = course.release_dir(NAME) / f"{NAME}.ipynb"
    before = Parcel.of(course).digest
    released.write_text(released.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert Parcel.of(course).digest != before  # a worker that lives on takes it for another course


def test_a_password_is_not_shown():
    assert shown_url("postgresql://anna:secret@host/course") == "postgresql://anna:***@host/course"
    assert "secret" not in shown_url("anna:secret@")


def test_where_nobody_answers_it_is_said_what_to_do(course, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    hand_in(course, "anna", course.assignment(NAME).pristine)
    batch = Batch(course, NAME, cluster=f"tcp://127.0.0.1:{free_port()}")
    monkeypatch.setattr("autograder.work.know", lambda task: None)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at .*start one with `dask scheduler`"):
        list(batch.grade(["anna"]))


def test_a_cluster_without_workers_and_one_of_another_version(course, monkeypatch, tmp_path):
    monkeypatch.setattr("autograder.work.know", lambda task: None)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)
    hand_in(course, "anna", course.assignment(NAME).pristine)
    with (
        dask(0, tmp_path) as (address, _),
        pytest.raises(UsageError, match="no workers; start some"),
    ):
        list(Batch(course, NAME, cluster=address).grade(["anna"]))
    monkeypatch.setattr(cluster, "grader_version", lambda: "another")
    with dask(1, tmp_path) as (address, _), pytest.raises(UsageError, match="another version of the grader"):
        list(Batch(course, NAME, cluster=address).grade(["anna"]))


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A course with a class of all kinds, and what it gets on this machine alone."""
    course = create(Course.find(REPOSITORY), tmp_path_factory.mktemp("term") / "course")
    assignment = course.assignment(NAME)
    wrong = solve(assignment, (Edit("eps_greedy", "random() < eps", "random() > eps"),))
    solved = solve(assignment)
    stub = assignment.pristine
    for number in range(2):
        hand_in(course, f"solved-{number}", solved)
        hand_in(course, f"wrong-{number}", wrong)
        hand_in(course, f"stub-{number}", stub)
        hand_in(course, f"broken-{number}", nbformat.writes(solved)[:-400])
    status, said = grade(course)
    assert status == 1, said
    found = grades(f"sqlite:///{course.root}/gradebook.db")
    assert {student: sum(score for score, _ in of.values()) for student, of in found.items()} == SCORES
    assert {student for student, of in found.items() if any(human for _, human in of.values())} == BROKEN
    return course, found


def grade(course, *options):
    """Runs the command to its end; its exit status and what it said."""
    done = subprocess.run(grade_command(course, *options), capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout + done.stderr


def grades(url):
    """The score of every cell of everybody, and whether a human is asked; nobody is there twice."""
    with Gradebook(url) as gradebook:
        submissions = gradebook.assignment_submissions(NAME)
        assert len(submissions) == len({one.student.id for one in submissions})
        return {
            one.student.id: {g.name: (g.score, g.needs_manual_grade) for g in one.notebooks[0].grades}
            for one in submissions
        }


def ungraded(course, where):
    """The same course with the same hidden seed before anything of it was graded."""
    root = shutil.copytree(course.root, where / "course")
    for name in ("gradebook.db", "autograded", "feedback", ".autograder/results"):
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return Course.find(root)


def left_on(dask_worker):
    """What there is of a course on a worker."""
    there = [*dask_worker.plugins, *os.listdir(dask_worker.local_directory)]
    return [name for name in there if "autograder" in name]


@pytest.mark.slow
def test_a_cluster_gives_the_same_grades_though_a_worker_is_killed(term, tmp_path):
    course, expected = term
    there = ungraded(course, tmp_path)
    with dask(2, tmp_path) as (address, workers):
        command = grade_command(there, "--cluster", address)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        kept = there.private / "results" / NAME
        until = time.monotonic() + SECONDS
        while not list(kept.glob("[!.]*.json")):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        workers[0].kill()
        said, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 1, said
        assert re.search(r"6 graded, 0 unchanged, 2 needs? a human", said), said
        with Client(address, set_as_default=False) as client:
            left = client.run(left_on)
        assert list(left.values()) == [[]]
        assert grades(f"sqlite:///{there.root}/gradebook.db") == expected
        assert pages(there) == set(expected)
        assert "6 unchanged" in grade(there, "--cluster", address)[1]


@pytest.mark.slow
@pytest.mark.skipif(postgres_program("initdb") is None, reason="there is no PostgreSQL")
def test_postgresql_gives_the_same_grades(term, tmp_path):
    course, expected = term
    there = ungraded(course, tmp_path)
    with postgres() as url:
        status, said = grade(there, "--db", url)
        assert status == 1, said
        assert grades(url) == expected
        assert not (there.root / "gradebook.db").exists()
        assert "6 unchanged" in grade(there, "--db", url)[1]
        (there.root / "feedback" / "solved-0" / NAME / f"{NAME}.html").unlink()
        command = [
            sys.executable,
            "-m",
            "nbgrader",
            "generate_feedback",
            NAME,
            "--student",
            "solved-0",
            "--force",
        ]
        done = subprocess.run(
            [*command, f"--CourseDirectory.db_url={url}"], cwd=there.root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        page = there.root / "feedback" / "solved-0" / NAME / f"{NAME}.html"
        assert "(Score: 10.0 / 10.0)" in page.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(postgres_program("initdb") is None, reason="there is no PostgreSQL")
def test_what_was_graded_goes_into_another_gradebook_without_grading(term, tmp_path):
    course, expected = term
    there = Course.find(shutil.copytree(course.root, tmp_path / "course"))
    kept = {path: path.stat().st_mtime_ns for path in there.root.glob("autograded/s*/*/*.ipynb")}
    with postgres() as url:
        assert grade(there, "--db", url)[0] == 1
        assert grades(url) == expected
    assert kept
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
