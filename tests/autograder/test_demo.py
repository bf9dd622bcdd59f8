import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import grade_id, is_solution
from autograder.batch import Outcome, State
from autograder.demo import CLASS, Edit, solve, submit, surprises
from tests.autograder.handing_in import NAME


def outcome(student, state=State.GRADED, score=10.0):
    return Outcome(student, state, score, 10.0)


AS_DESIGNED = [
    outcome("anna"),
    outcome("boris", score=8.0),
    outcome("vera", score=7.0),
    outcome("gleb", score=0.0),
    outcome("dina", State.NEEDS_HUMAN, None),
    outcome("egor", score=9.5),
]


def test_an_edit_replaces_what_it_names():
    assert Edit("cell", "x > 0", "x < 0").apply("if x > 0:") == "if x < 0:"


@pytest.mark.parametrize("code", ["if x == 0:", "x > 0 or x > 0"])
def test_an_edit_that_does_not_fit_is_an_error(code):
    with pytest.raises(ValueError, match="not once"):
        Edit("cell", "x > 0", "x < 0").apply(code)


def test_solved_is_the_release_with_the_sources_cells(assignment):
    solved = solve(assignment)
    for ours, released in zip(solved.cells, assignment.pristine.cells, strict=True):
        if is_solution(released):
            assert "raise NotImplementedError" not in ours.source
        else:
            assert ours == released


def test_everybody_hands_in_something_of_their_own(course, assignment):
    submit(assignment)
    paths = sorted((course.root / "submitted").glob(f"*/{NAME}/{NAME}.ipynb"))
    assert [path.parts[-3] for path in paths] == sorted(student.id for student in CLASS)
    assert len({path.read_text(encoding="utf-8") for path in paths}) == len(CLASS) == 6


def test_only_what_is_said_is_wrong(assignment):
    right = {grade_id(cell): cell.source for cell in solve(assignment).cells}
    changed = {}
    for student in CLASS:
        if student.id in ("boris", "vera", "egor"):
            cells = json.loads(student.make(assignment))["cells"]
            sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
            changed[student.id] = {name for name, source in sources.items() if source != right.get(name)}
    assert changed == {
        "boris": {"actor_critic_agent"},
        "vera": {"eps_greedy", "actor_critic_agent"},
        "egor": {"sample_batch"},
    }


def test_as_designed_there_is_no_surprise():
    assert surprises(AS_DESIGNED) == []


@pytest.mark.parametrize(
    "other",
    [
        outcome("anna", score=9.9),
        outcome("boris", score=10.0),
        outcome("vera", score=0.0),
        outcome("gleb", score=0.5),
        outcome("dina", score=0.0),
        outcome("egor", State.NEEDS_HUMAN, 9.5),
    ],
    ids=lambda outcome: outcome.student,
)
def test_anything_else_is_one(other):
    outcomes = [other if o.student == other.student else o for o in AS_DESIGNED]
    assert surprises(outcomes) == [other.student]


@pytest.mark.slow
def test_the_whole_loop(tmp_path, repository):
    run = subprocess.run(
        [sys.executable, "-m", "autograder", "demo", tmp_path / "demo"],
        cwd=repository.root,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    for student in CLASS:
        assert re.search(rf"│ {student.id} +│", run.stdout)
    pages = [Path(line.strip()) for line in run.stdout.splitlines() if line.strip().endswith(".html")]
    assert sorted(page.parts[-3] for page in pages) == sorted(student.id for student in CLASS)
    assert all(page.is_file() for page in pages)
