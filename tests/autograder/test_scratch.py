"""Temporary files: one folder a process, nothing left of who was killed, nothing taken from others."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder import scratch
from autograder.usage import UsageError

MAKES = (
    "from pathlib import Path; from autograder import scratch; "
    "print(scratch.settle(Path({root!r})), flush=True)"
)


@pytest.fixture
def top(tmp_path, monkeypatch):
    """A folder for temporary files in place of the system's."""
    monkeypatch.setattr(scratch, "_top", lambda: str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    return tmp_path


def settled(root, top, then=""):
    """Where another process settles, which then does something."""
    code = MAKES.format(root=str(root)) + then
    environment = {**os.environ, "TMPDIR": str(top)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def test_the_folder_goes_with_its_process(top, course):
    folder = settled(course.root, top, "; import tempfile; tempfile.mkdtemp()")
    assert folder.parent.parent == top
    assert list(top.glob("autograder-*")) == []


def test_what_the_killed_have_left_goes_with_the_next(top, course):
    left = settled(course.root, top, "; import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert left.is_dir()
    folder = scratch.settle(course.root)
    assert not left.exists()
    assert tempfile.gettempdir() == str(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("made", ["link", "open to all"])
def test_a_folder_that_somebody_else_has_made_is_not_used(top, course, made):
    common = scratch.of_course(course.root)
    if made == "link":
        (top / "home").mkdir()
        (top / "home" / "precious").write_text("-", encoding="ascii")
        common.symlink_to(top / "home")
    else:
        common.mkdir()
        common.chmod(0o777)
    with pytest.raises(UsageError, match="not this user's own folder"):
        scratch.settle(course.root)
    assert made != "link" or (top / "home" / "precious").is_file()


def test_a_common_folder_that_goes_at_the_wrong_moment_is_made_again(top, course, monkeypatch):
    looked = []

    def gone_once(folder):
        looked.append(folder)
        if len(looked) == 1:
            folder.rmdir()

    monkeypatch.setattr(scratch, "_check_own", gone_once)
    assert scratch.settle.__wrapped__(course.root).is_dir()
    assert len(looked) == 2


def test_a_place_that_is_not_there_is_refused(top, course, monkeypatch):
    monkeypatch.setattr(scratch, "_top", lambda: str(top / "nowhere"))
    with pytest.raises(UsageError, match="set TMPDIR to a folder that is there"):
        scratch.settle.__wrapped__(course.root)
