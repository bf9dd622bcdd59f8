"""Where a grader and its workers keep temporary files, so that nothing stays of one that was killed."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path


def of_course(root: Path) -> Path:
    """The folder of all graders of a course. It is not in there: paths of sockets have to be short."""
    known_by = sha256(str(root.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"autograder-{os.getuid()}-{known_by}"


@cache
def settle(root: Path) -> Path:
    """Has all temporary files of this process made in a folder of its own, which goes with it.

    What graders of the same course have left that were killed goes at once.

    Args:
        root: the course.
    """
    common = of_course(root)
    folder = common / str(os.getpid())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in common.iterdir():
        if not _lives(other.name):
            shutil.rmtree(other, ignore_errors=True)
    tempfile.tempdir = str(folder)
    atexit.register(_leave, os.getpid(), folder)
    return folder


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def _leave(pid: int, folder: Path) -> None:
    """At the end of the process that made the folder; those that were forked from it know of it, too."""
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            folder.parent.rmdir()
