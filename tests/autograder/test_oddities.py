"""Every oddity costs what it has to cost, and nothing else: whole notebooks, graded for real."""

import pytest

from ac_helpers.probes import ASSIGNMENTS
from autograder.grade_one import grade_notebook
from autograder.rebuild import read_submission, rebuild
from autograder.session import Deadlines
from autograder.solved import solve
from tests.submissions.odd import oddities

QUICK = {
    "actor_critic": {"merged_downwards", "split_between_methods", "solution_deleted"},
    "gaussian_actor_critic": {"merged", "solution_deleted"},
}
HASTY = Deadlines(cell=15.0)


def graded(oddity, assignment, folder):
    path = folder / f"{assignment.name}.ipynb"
    path.write_text(oddity.submission(assignment.pristine, solve(assignment)), encoding="utf-8")
    submitted = read_submission(path)
    assert assignment.course.recognise(submitted).name == assignment.name
    return grade_notebook(rebuild(submitted, assignment), assignment, name=path.name, deadlines=HASTY).verdict


@pytest.mark.parametrize("name", QUICK)
def test_names_tell_the_oddities_apart(name):
    names = [oddity.name for oddity in oddities(name)]
    assert len(set(names)) == len(names)
    assert set(names) >= QUICK[name]


@pytest.mark.parametrize(
    ("name", "oddity"),
    [
        pytest.param(
            name,
            oddity,
            id=f"{name}-{oddity.name}",
            marks=() if oddity.name in QUICK.get(name, ()) else pytest.mark.slow,
        )
        for name in ASSIGNMENTS
        for oddity in oddities(name)
    ],
)
def test_an_oddity_costs_its_own_cells_and_nothing_else(name, oddity, course, tmp_path):
    verdict = graded(oddity, course.assignment(name), tmp_path)
    lost = {cell.grade_id: cell.status for cell in verdict.cells if cell.score != cell.points}
    assert lost == oddity.lost
    assert not any(cell.score for cell in verdict.cells if cell.grade_id in oddity.lost)
