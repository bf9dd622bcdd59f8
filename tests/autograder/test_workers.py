"""Many workers, one gradebook, and processes that are killed: the real command on a real class."""

import contextlib
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from nbgrader.api import Gradebook

from autograder import scratch
from autograder.assignment import Course
from autograder.course_folder import create
from autograder.solved import solve
from tests.autograder.handing_in import NAME, grade_command, hand_in, pages

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).parents[2]
CLASS = {"anna": 10.0} | {f"student-{number}": 0.0 for number in range(8)}
SECONDS = 300


@pytest.fixture
def course(tmp_path):
    """A class of which one has done the work and the others have handed in what they were given."""
    course = create(Course.find(REPOSITORY), tmp_path / "course")
    assignment = course.assignment(NAME)
    for student, score in CLASS.items():
        hand_in(course, student, solve(assignment) if score else assignment.pristine)
    return course


@contextlib.contextmanager
def grading(course, *options):
    """The command at work; nothing of it is left afterwards, however it has ended."""
    with tempfile.TemporaryFile() as said:
        process = psutil.Popen(grade_command(course, "--workers", "2", *options), stdout=said, stderr=said)
        ours = set()
        try:
            yield process, ours
        finally:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
            process.wait()
        until = time.monotonic() + 30
        while (left := [one for one in ours if one.is_running()]) and time.monotonic() < until:
            time.sleep(0.1)
        assert left == []


def wait_for(what, process, ours):
    """Waits until something is so, and takes note of all processes on the way."""
    until = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < until
        assert process.is_running()
        with contextlib.suppress(psutil.Error):
            ours |= set(process.children(recursive=True))
        time.sleep(0.05)


def workers_of(process):
    """What is forked from the one child of the command that has imported everything."""
    (parent,) = [one for one in process.children() if "forkserver" in " ".join(one.cmdline())]
    return [one for one in parent.children() if one.cmdline() == parent.cmdline()]


def results(course):
    return sorted((course.root / ".autograder" / "results" / NAME).glob("[!.]*.json"))


def finished(course):
    """Runs the command to its end; its exit status and what it said."""
    command = grade_command(course, "--workers", "2")
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout + done.stderr


def scores(course):
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        submissions = gradebook.assignment_submissions(NAME)
        assert len(submissions) == len({one.student.id for one in submissions})
        return {one.student.id: one.score for one in submissions}


def test_a_worker_that_is_killed_costs_nobody_anything(course):
    with grading(course) as (process, ours):
        wait_for(lambda: results(course), process, ours)
        assert scratch.of_course(course.root).is_dir()
        workers = workers_of(process)
        assert len(workers) == 2
        workers[0].kill()
        wait_for(lambda: pages(course) == set(CLASS), process, ours)
        assert process.wait(SECONDS) == 0
    assert scores(course) == CLASS
    assert not scratch.of_course(course.root).exists()


def test_a_grader_that_is_killed_goes_on_where_it_was(course):
    with grading(course) as (process, ours):
        wait_for(lambda: len(results(course)) >= 3, process, ours)
        process.send_signal(signal.SIGKILL)
    graded = (course.root / "autograded" / path.stem / NAME / f"{NAME}.ipynb" for path in results(course))
    kept = {path: path.stat().st_mtime_ns for path in graded}
    status, said = finished(course)
    assert status == 0, said
    assert scores(course) == CLASS
    assert pages(course) == set(CLASS)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept  # none was graded again
    assert "9 unchanged" in finished(course)[1]


def test_two_do_not_grade_at_a_time(course):
    with grading(course) as (process, ours):
        wait_for(lambda: results(course), process, ours)
        process.suspend()
        status, said = finished(course)
        process.resume()
        assert status == 2
        assert "another `autograder grade` is at work" in said
        assert process.wait(SECONDS) == 0
    assert scores(course) == CLASS
