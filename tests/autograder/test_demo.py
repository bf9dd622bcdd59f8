import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import grade_id, is_solution
from autograder.batch import Outcome, State
from autograder.demo import submit, surprises
from autograder.made_up import CLASSES
from autograder.solved import Edit, solve

CLASS = ["anna", "boris", "dina", "egor", "gleb", "vera"]


def outcome(student, state=State.GRADED, score=10.0):
    return Outcome(student, state, score, 10.0)


AS_DESIGNED = {
    "actor_critic": [
        outcome("anna"),
        outcome("boris", score=8.0),
        outcome("vera", score=7.0),
        outcome("gleb", score=0.0),
        outcome("dina", State.NEEDS_HUMAN, None),
        outcome("egor", score=9.5),
    ],
    "gaussian_actor_critic": [
        outcome("anna"),
        outcome("boris", score=9.0),
        outcome("vera", score=8.0),
        outcome("gleb", score=0.0),
        outcome("dina"),
        outcome("egor", score=9.0),
    ],
}

SLIPS = {
    "actor_critic": {
        "boris": {"actor_critic_agent"},
        "vera": {"eps_greedy", "actor_critic_agent"},
        "egor": {"sample_batch"},
    },
    "gaussian_actor_critic": {
        "boris": {"returns_and_advantages"},
        "vera": {"sample_action", "losses"},
        "egor": {"trainer"},
    },
}


@pytest.fixture(params=list(CLASSES))
def made_up(course, request):
    return course.assignment(request.param)


def test_an_edit_replaces_what_it_names():
    assert Edit("cell", "x > 0", "x < 0").apply("if x > 0:") == "if x < 0:"


@pytest.mark.parametrize("code", ["if x == 0:", "x > 0 or x > 0"])
def test_an_edit_that_does_not_fit_is_an_error(code):
    with pytest.raises(ValueError, match="not once"):
        Edit("cell", "x > 0", "x < 0").apply(code)


def test_solved_is_the_release_with_the_sources_cells(made_up):
    for ours, released in zip(solve(made_up).cells, made_up.pristine.cells, strict=True):
        if is_solution(released):
            assert "raise NotImplementedError" not in ours.source
        else:
            assert ours == released


def test_everybody_hands_in_something_of_their_own(made_up):
    submit(made_up)
    paths = sorted(made_up.course.root.glob(f"submitted/*/{made_up.name}/{made_up.name}.ipynb"))
    assert [path.parts[-3] for path in paths] == CLASS
    assert len({path.read_text(encoding="utf-8") for path in paths}) == len(CLASS)


def test_only_what_is_said_is_wrong(made_up):
    right = {grade_id(cell): cell.source for cell in solve(made_up).cells}
    slips = SLIPS[made_up.name]
    changed = {}
    for work in CLASSES[made_up.name]:
        if work.student in slips:
            cells = json.loads(work.make(made_up))["cells"]
            sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
            changed[work.student] = {name for name, source in sources.items() if source != right.get(name)}
    assert changed == slips


def test_as_designed_there_is_no_surprise(made_up):
    assert surprises(made_up, AS_DESIGNED[made_up.name]) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("actor_critic", outcome("anna", score=9.9)),
        ("actor_critic", outcome("boris", score=10.0)),
        ("actor_critic", outcome("vera", score=0.0)),
        ("actor_critic", outcome("gleb", score=0.5)),
        ("actor_critic", outcome("dina", score=0.0)),
        ("actor_critic", outcome("egor", State.NEEDS_HUMAN, 9.5)),
        ("gaussian_actor_critic", outcome("dina", State.NEEDS_HUMAN, None)),
        ("gaussian_actor_critic", outcome("boris", score=10.0)),
    ],
    ids=str,
)
def test_anything_else_is_one(course, name, other):
    outcomes = [other if designed.student == other.student else designed for designed in AS_DESIGNED[name]]
    assert surprises(course.assignment(name), outcomes) == [f"{name} of {other.student}"]


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
        assert len(re.findall(rf"│ {student} +│", run.stdout)) == len(CLASSES)
    pages = [Path(line.strip()) for line in run.stdout.splitlines() if line.strip().endswith(".html")]
    told = {(page.parts[-3], page.stem) for page in pages if page.stem != "report"}
    assert told == {(student, name) for student in CLASS for name in CLASSES}
    assert {page.parts[-2] for page in pages if page.stem == "report"} == set(CLASSES)
    assert all(page.is_file() for page in pages)
