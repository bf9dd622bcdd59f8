"""Files that are there as a whole or not at all."""

import os

import pytest

from autograder.files import write


def test_folders_are_made_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a" / "б" / "c.txt"
    write(path, "что-то")
    write(path, b"else")
    assert path.read_bytes() == b"else"
    assert [entry.name for entry in path.parent.iterdir()] == ["c.txt"]


def test_a_name_may_be_as_long_as_file_systems_allow(tmp_path):
    write(tmp_path / ("x" * 255), "text")


def test_who_was_killed_while_writing_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "c.txt"
    write(path, "old")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write(path, "new")
    assert path.read_text() == "old"
    write(path, "newer")
    assert [entry.name for entry in tmp_path.iterdir()] == ["c.txt"]


def test_two_that_write_the_same_file_both_go_on(tmp_path, monkeypatch):
    path, replaced = tmp_path / "c.txt", os.replace

    def somebody_was_faster(source, target):
        replaced(source, target)
        replaced(source, target)

    monkeypatch.setattr(os, "replace", somebody_was_faster)
    write(path, "text")
    assert path.read_text() == "text"


def test_that_a_folder_is_gone_is_no_success(tmp_path, monkeypatch):
    def gone(*_):
        raise FileNotFoundError

    monkeypatch.setattr(os, "replace", gone)
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "c.txt", "text")
