"""Where a grader and its workers keep temporary files, so that nothing stays of one that was killed."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from multiprocessing.util import Finalize
from pathlib import Path

from autograder import warm
from autograder.usage import UsageError


def of_course(root: Path) -> Path:
    """The folder of all graders of a course. It is not in there: paths of sockets have to be short."""
    known_by = sha256(str(root.resolve()).encode()).hexdigest()[:12]
    return Path(_top()) / f"autograder-{os.getuid()}-{known_by}"


TRIES = 100
"""How often another process may come between making the common folder and being in it."""

LAST = -1000
"""Multiprocessing removes its own folder with -100."""


@cache
def _top() -> str:
    """Where temporary files are made before this process has settled anywhere."""
    return tempfile.gettempdir()


@cache
def settle(root: Path) -> Path:
    """Has all temporary files of this process made in a folder of its own, which goes with it.

    What graders of the same course have left that were killed goes at once.

    Args:
        root: the course.

    Raises:
        UsageError: somebody else has made the folder.
    """
    common = of_course(root)
    folder = _own_place(common)
    for other in common.iterdir():
        if other.name.isdecimal() and not _lives(int(other.name)):
            shutil.rmtree(other, ignore_errors=True)
    tempfile.tempdir = str(folder)
    # After multiprocessing has removed what it keeps there, and in no process that is forked from this one.
    Finalize(None, _leave, (folder,), exitpriority=LAST)
    return folder


def _own_place(common: Path) -> Path:
    """A folder for this process in the one for all, which others may take away while it is empty."""
    folder = common / str(os.getpid())
    for _ in range(TRIES):
        with suppress(FileNotFoundError):
            with suppress(FileExistsError):
                common.mkdir(mode=0o700)
            _check_own(common)
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder
    raise UsageError(f"{folder} cannot be made: set TMPDIR to a folder that is there")


def _check_own(folder: Path) -> None:
    """Its name can be guessed: another user may have made it, to find out what happens in there."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise UsageError(f"{folder} is not this user's own folder: remove it, or set TMPDIR to another place")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _leave(folder: Path) -> None:
    warm.renew()  # the zygote may still be writing there
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()
