import shutil
import stat

import pytest

from autograder.course_folder import create
from autograder.usage import UsageError


def test_it_is_a_course_with_everything_to_grade(repository, course):
    assert course.assignments() == repository.assignments()
    for name in course.assignments():
        assert course.assignment(name).pristine == repository.assignment(name).pristine
    assert (course.root / "nbgrader_config.py").read_bytes() == (
        repository.root / "nbgrader_config.py"
    ).read_bytes()
    assert list((course.root / "submitted").iterdir()) == []


def test_every_course_has_a_hidden_seed_of_its_own(repository, course, tmp_path):
    other = create(repository, tmp_path / "other")
    assert course.hidden_seed() != other.hidden_seed()
    assert stat.S_IMODE((course.root / ".autograder" / "hidden_seed").stat().st_mode) == 0o600


def test_an_empty_folder_is_taken(repository, tmp_path):
    assert create(repository, tmp_path).root == tmp_path.resolve()


@pytest.mark.parametrize("occupied", ["file", "folder"])
def test_what_is_there_is_left_alone(repository, tmp_path, occupied):
    target = tmp_path / "taken"
    if occupied == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine").write_text("mine")
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="is not empty"):
        create(repository, target)
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before


def test_a_failure_leaves_nothing_behind(repository, tmp_path, monkeypatch):
    def full_disk(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.course_folder.shutil.copytree", full_disk)
    with pytest.raises(UsageError, match="No space left"):
        create(repository, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_which_file_of_a_folder_did_not_fit_is_said(repository, tmp_path, monkeypatch):
    def full_disk(source, *_args, **_kwargs):
        raise OSError(28, "No space left on device", str(source))

    monkeypatch.setattr("shutil.copyfile", full_disk)
    monkeypatch.setattr("autograder.course_folder.COPIED", ("solutions",))
    with pytest.raises(UsageError, match=r"cannot make a course in .*: .*No space left on device"):
        create(repository, tmp_path / "new")


def test_a_course_that_is_not_built_yet_is_none_to_copy(repository, tmp_path):
    source = create(repository, tmp_path / "source")
    shutil.rmtree(source.root / "notebooks")
    with pytest.raises(UsageError, match="has no notebooks: run `autograder build` there"):
        create(source, tmp_path / "new")


def test_of_two_that_make_the_hidden_seed_both_have_the_first(course, monkeypatch):
    path = course.private / "hidden_seed"
    path.unlink()

    def somebody_was_faster(_):
        path.write_text("17\n", encoding="ascii")
        return 18

    monkeypatch.setattr("autograder.assignment.secrets.randbits", somebody_was_faster)
    assert course.hidden_seed() == 17
    assert [entry.name for entry in course.private.iterdir()] == ["hidden_seed"]


def test_a_hidden_seed_that_is_none_is_refused(course):
    (course.private / "hidden_seed").write_text("", encoding="ascii")
    with pytest.raises(UsageError, match="it holds no number"):
        course.hidden_seed()
