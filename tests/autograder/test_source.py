import pytest

from autograder.assignment import grade_id
from autograder.source import read_source
from autograder.usage import UsageError

METADATA = '{{"grade": false, "grade_id": "{0}", "locked": true, "schema_version": 3, "solution": false}}'
CELL = "# %% nbgrader=" + METADATA + "\nx = 1\n"


def test_ids_follow_from_the_cells(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        "# %% [markdown]\n# Текст\n\n" + CELL.format("first") + "\n# %%\ny = 2\n", encoding="utf-8"
    )
    notebook = read_source(path)
    assert [cell.id for cell in notebook.cells] == ["cell-0", "first", "cell-2"]
    assert [grade_id(cell) for cell in notebook.cells] == [None, "first", None]


def test_reading_twice_gives_the_same(repository):
    path = repository.source_dir("actor_critic") / "actor_critic.py"
    assert read_source(path) == read_source(path)


def test_a_grade_id_used_twice_is_refused(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(CELL.format("same") + "\n" + CELL.format("same"), encoding="utf-8")
    with pytest.raises(UsageError, match="'same' is used by more than one cell"):
        read_source(path)


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.py does not exist"):
        read_source(tmp_path / "nowhere.py")
