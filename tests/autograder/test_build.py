import shutil

import nbformat
import pytest

from autograder.assignment import Course
from autograder.build import build, drift
from autograder.course_folder import create
from autograder.release import release_files
from autograder.source import BANNER_BEGIN, BANNER_END, read_source
from tests.autograder.handing_in import NAME


@pytest.fixture
def source(repository):
    return read_source(repository.source_dir(NAME) / f"{NAME}.py")


def test_nothing_in_the_repository_has_drifted(repository):
    assert list(drift(repository)) == [], "run `make build` and commit what changes"


def test_releasing_twice_gives_the_same_bytes(repository, source):
    assert release_files(source, NAME, repository.root) == release_files(source, NAME, repository.root)


def test_the_solutions_are_not_released(repository, source):
    released = release_files(source, NAME, repository.root)
    assert not [name for name in released if name.endswith(".py")]
    notebook = nbformat.reads(released[f"{NAME}.ipynb"].decode(), as_version=4)
    solutions = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert solutions
    for cell in solutions:
        for region in cell.source.split(BANNER_BEGIN)[1:]:
            assert region.split(BANNER_END)[0].split() == ["raise", "NotImplementedError"]


def test_every_region_of_the_source_becomes_a_stub(repository, source):
    released = release_files(source, NAME, repository.root)[f"{NAME}.ipynb"].decode()
    regions = sum(cell.source.count(BANNER_BEGIN) for cell in source.cells)
    assert regions > 0
    assert released.count(BANNER_BEGIN) == regions


def test_releasing_leaves_the_course_alone(course):
    before = {path: path.stat().st_mtime_ns for path in course.root.rglob("*")}
    release_files(read_source(course.source_dir(NAME) / f"{NAME}.py"), NAME, course.root)
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*")} == before


def edit_released(course):
    path = course.release_dir(NAME) / f"{NAME}.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("raise NotImplementedError", "pass"), encoding="utf-8"
    )


def edit_solved(course):
    path = course.source_dir(NAME) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source += "\n# дописано рукой"
    nbformat.write(notebook, path)


def clear_outputs(course):
    path = course.source_dir(NAME) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    nbformat.write(notebook, path)


def add_error(course):
    path = course.source_dir(NAME) / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    nbformat.write(notebook, path)


def edit_source(course):
    path = course.source_dir(NAME) / f"{NAME}.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# %% [markdown]\n# Ещё слово.\n", encoding="utf-8")


def remove_solved(course):
    (course.source_dir(NAME) / f"{NAME}.ipynb").unlink()


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (edit_released, ["notebooks/"]),
        (edit_solved, ["solutions/"]),
        (clear_outputs, ["is not executed"]),
        (add_error, ["holds an error"]),
        (remove_solved, ["does not exist"]),
        (edit_source, ["notebooks/", "solutions/"]),
    ],
)
def test_drift_is_found(course, spoil, found):
    assert list(drift(course)) == []
    spoil(course)
    differences = list(drift(course))
    assert len(differences) == len(found)
    assert all(part in line for part, line in zip(found, differences, strict=True))


def test_drift_in_the_reference_is_found(repository, tmp_path):
    course = create(repository, tmp_path / "checkout")
    shutil.copytree(repository.root / "docs", course.root / "docs")
    shutil.copytree(
        repository.root / "ac_helpers",
        course.root / "ac_helpers",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    assert list(drift(Course.find(course.root))) == []
    module = course.root / "ac_helpers" / "reference" / f"{NAME}.py"
    module.write_text(module.read_text(encoding="utf-8") + "\nx = 1\n", encoding="utf-8")
    assert any(f"reference/{NAME}.py" in line for line in drift(Course.find(course.root)))


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes(course):
    list(build(course))
    built = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
    (course.source_dir(NAME) / f"{NAME}.ipynb").unlink()
    changed = list(build(course))
    assert changed == [course.source_dir(NAME) / f"{NAME}.ipynb"]
    assert {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()} == built
