"""The command line: what it prints, what it refuses, and what status it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import nbformat
import pytest

from autograder import sandbox
from autograder.cli import main
from autograder.grade_one import Graded
from tests.autograder.handing_in import NAME, hand_in, judged

STATUSES = {
    "passed",
    "partial",
    "failed",
    "not_attempted",
    "error",
    "timeout",
    "missing",
    "needs_human",
}


@pytest.fixture
def run(capsys, monkeypatch, course):
    """Runs a command in the course and gives back status, stdout and stderr."""
    monkeypatch.chdir(course.root)

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return end.value.code, captured.out, captured.err

    return run


@pytest.fixture
def quick_grader(monkeypatch):
    """Replaces the grader where only what is done with a verdict matters."""

    def replace(**statuses):
        def grade_notebook(rebuilt, assignment, *, name, sandbox="auto"):
            return Graded(judged(assignment, statuses, name), assignment.pristine)

        monkeypatch.setattr("autograder.grade_one.grade_notebook", grade_notebook)
        monkeypatch.setattr("autograder.handed_in.grade_notebook", grade_notebook)

    return replace


def files(root):
    """All files with their times, but for the lock, which is there once anybody has looked at it."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path: path.stat().st_mtime_ns for path in found}


def make(course, name):
    """The inputs of the matrix, by name; returns what is given on the command line."""
    path = course.root / "given.ipynb"
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('другое')")])
    content = {
        "text": "это не тетрадь",
        "cut off": nbformat.writes(other)[:100],
        "JSON": '{"a": 1}',
        "list": "[]",
        "nothing": "",
        "no cells": nbformat.writes(nbformat.v4.new_notebook()),
        "of something else": nbformat.writes(other),
    }
    if name in content:
        path.write_text(content[name], encoding="utf-8")
    elif name == "binary":
        path.write_bytes(bytes(range(256)))
    elif name == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize(
    "name",
    [
        "text",
        "cut off",
        "JSON",
        "list",
        "nothing",
        "no cells",
        "of something else",
        "binary",
        "folder",
        "missing",
    ],
)
@pytest.mark.parametrize("target", [(), ("--json", "-"), ("--json", "verdict.json")], ids=str)
def test_check_refuses_in_one_line(run, course, name, target):
    path = make(course, name)
    before = files(course.root)
    status, out, err = run("check", path, *target)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("autograder: ")
    assert "Traceback" not in err
    assert files(course.root) == before


BAD_COMMANDS = {
    "a folder that is no course": ("check", "x.ipynb", "--course-dir", "notebooks"),
    "a course that is not there": ("check", "x.ipynb", "--course-dir", "nowhere"),
    "an assignment that is not there": ("grade", "nowhere"),
    "nothing handed in": ("grade", NAME),
    "a gradebook that cannot be opened": ("grade", NAME, "--db", "sqlite:////nowhere/at/all.db"),
    "JSON into a folder that is not there": ("check", "x.ipynb", "--json", "nowhere/verdict.json"),
    "JSON into a folder": ("check", "x.ipynb", "--json", "notebooks"),
    "an unknown sandbox": ("check", "x.ipynb", "--sandbox", "box"),
    "an unknown command": ("mark", "x.ipynb"),
    "no command": (),
    "no file": ("check",),
    "an unknown option": ("grade", NAME, "--loudly"),
    "a course made where one is": ("init", "."),
    "a demonstration where a course is": ("demo", "."),
    "a build of no course": ("build", "--course-dir", "notebooks"),
}


@pytest.mark.parametrize("arguments", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
def test_bad_commands_are_refused_in_one_line(run, course, arguments):
    if "--db" in arguments:
        hand_in(course, "anna", "whatever")
    before = files(course.root)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("autograder: ")
    assert files(course.root) == before


def test_refusing_an_unknown_student_grades_nobody(run, course, assignment):
    hand_in(course, "anna", assignment.pristine)
    status, out, err = run("grade", NAME, "--student", "anna", "--student", "nobody")
    assert (status, out) == (2, "")
    assert "nobody" in err
    assert not (course.root / "autograded").exists()


def assert_contract(verdict):
    """Section 3 of the contract, to the letter."""
    assert set(verdict) == {"assignment", "notebook", "score", "max_score", "cells"}
    assert verdict["assignment"] == NAME
    assert verdict["max_score"] == 10.0
    for cell in verdict["cells"]:
        assert set(cell) == {"grade_id", "score", "points", "status", "findings"}
        assert cell["status"] in STATUSES
        assert isinstance(cell["score"], float)
        assert 0 <= cell["score"] <= cell["points"]
        for finding in cell["findings"]:
            assert set(finding) == {"mistake", "message"}
    assert verdict["score"] == pytest.approx(sum(cell["score"] for cell in verdict["cells"]))


TRUSTED = ("--sandbox", "none")


def test_that_code_is_not_confined_is_said(run, course, quick_grader):
    quick_grader()
    solved = course.source_dir(NAME) / f"{NAME}.ipynb"
    assert "rights of this user" in run("check", solved, "--json", "-", *TRUSTED)[2]


def test_where_code_cannot_be_confined_nothing_is_graded(run, course, quick_grader, monkeypatch):
    quick_grader()
    monkeypatch.delenv(sandbox.VARIABLE, raising=False)
    monkeypatch.setattr(sandbox, "obstacle", lambda: "bwrap is not installed (apt-get install bubblewrap)")
    for choice in ("auto", "bwrap"):
        status, out, err = run("check", course.source_dir(NAME) / f"{NAME}.ipynb", "--sandbox", choice)
        assert (status, out) == (2, "")
        assert "apt-get install bubblewrap" in err
        assert "--sandbox none" in err


def test_the_solved_notebook_gets_everything(run, course, assignment):
    status, out, _ = run("check", course.source_dir(NAME) / f"{NAME}.ipynb", "--json", "-")
    verdict = json.loads(out)
    assert status == 0
    assert_contract(verdict)
    assert verdict["score"] == 10.0
    assert {cell["status"] for cell in verdict["cells"]} == {"passed"}
    tests = [cell.id for cell in assignment.pristine.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell["grade_id"] for cell in verdict["cells"]] == tests


def test_the_released_notebook_gets_nothing(run, course):
    released = course.release_dir(NAME) / f"{NAME}.ipynb"
    status, _, _ = run("check", released, "--json", "verdict.json")
    verdict = json.loads((course.root / "verdict.json").read_text(encoding="utf-8"))
    assert status == 0
    assert_contract(verdict)
    assert verdict["score"] == 0
    assert {cell["status"] for cell in verdict["cells"]} <= {"not_attempted", "failed"}


def test_check_shows_a_table(run, course, quick_grader):
    quick_grader(test_td_loss="failed")
    status, out, _ = run("check", course.release_dir(NAME) / f"{NAME}.ipynb")
    assert status == 0
    assert "8 / 10" in out
    assert "найдено: failed" in out


def test_a_cell_for_a_human_is_not_status_0(run, course, quick_grader):
    quick_grader(test_td_loss="needs_human")
    status, out, _ = run("check", course.release_dir(NAME) / f"{NAME}.ipynb", "--json", "-")
    assert status == 1
    assert json.loads(out)["cells"][5]["status"] == "needs_human"


def test_grade_tells_what_it_did(run, course, assignment, quick_grader):
    quick_grader()
    hand_in(course, "anna", assignment.pristine)
    status, out, _ = run("grade", NAME, "--workers", "1")
    assert status == 0
    assert "1 graded, 0 unchanged, 0 needs a human" in out
    status, out, _ = run("grade", NAME, "--workers", "1")
    assert (status, "0 graded, 1 unchanged" in out) == (0, True)
    hand_in(course, "boris", "no notebook")
    status, out, _ = run("grade", NAME, "--workers", "1")
    assert status == 1
    assert "0 graded, 1 unchanged, 1 needs a human" in out


def test_grade_into_another_gradebook(run, course, assignment, quick_grader):
    quick_grader()
    hand_in(course, "anna", assignment.pristine)
    other = course.root / "other.db"
    status, out, _ = run("grade", NAME, "--workers", "1", "--db", f"sqlite:///{other}")
    assert (status, "1 graded" in out) == (0, True)
    assert other.is_file()
    assert not (course.root / "gradebook.db").exists()


def test_init_makes_a_course(run, course, tmp_path):
    status, out, _ = run("init", tmp_path / "term")
    assert status == 0
    assert f"autograder grade {NAME}" in out
    assert (tmp_path / "term" / "notebooks" / NAME / f"{NAME}.ipynb").is_file()


def test_build_check_is_content_when_nothing_differs(run, monkeypatch):
    monkeypatch.setattr("autograder.build.drift", lambda course: iter(()))
    assert run("build", "--check") == (0, "Everything generated is up to date.\n", "")


def test_build_check_tells_what_is_out_of_date(run, course):
    (course.release_dir(NAME) / f"{NAME}.ipynb").write_text("{}")
    before = files(course.root)
    status, out, _ = run("build", "--check")
    assert status == 1
    assert f"notebooks/{NAME}/{NAME}.ipynb differs" in out
    assert files(course.root) == before


def test_it_runs_as_a_module_and_says_what_there_is(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "autograder", "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "error::SyntaxWarning"},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    for command in ("build", "check", "demo", "grade", "init"):
        assert command in run.stdout


@pytest.mark.parametrize("arguments", [("grade", NAME), ("report", NAME), ("export", NAME)])
def test_a_configuration_that_fails_is_told_in_one_line(run, course, assignment, arguments):
    hand_in(course, "anna", assignment.pristine)
    (course.root / "nbgrader_config.py").write_text("c = undefined\n", encoding="utf-8")
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "nbgrader_config.py fails: NameError" in err
    assert err.count("\n") == 1


def test_a_damaged_release_is_told_in_one_line(run, course, assignment):
    hand_in(course, "anna", assignment.pristine)
    assignment.path.write_text("{", encoding="utf-8")
    status, _, err = run("grade", NAME)
    assert (status, err.count("\n")) == (2, 1)
    assert "is damaged" in err


def test_a_full_disk_is_told_in_one_line(run, course, assignment, quick_grader, monkeypatch):
    quick_grader()
    hand_in(course, "anna", assignment.pristine)
    assert run("grade", NAME, "--workers", "1")[0] == 0

    def full(*_):
        raise OSError(28, "No space left on device", "grades.csv")

    monkeypatch.setattr("autograder.export.write", full)
    status, _, err = run("export", NAME)
    assert status == 2
    assert err == (
        "autograder: grades.csv: No space left on device; put it right and run the same command to go on\n"
    )
