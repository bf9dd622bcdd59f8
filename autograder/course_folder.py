"""Makes a fresh course folder for a term out of an existing course."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from autograder.assignment import CONFIG_FILE, Course
from autograder.usage import UsageError

COPIED = (CONFIG_FILE, "solutions", "notebooks")
LEFT_OUT = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", "*.pyc")


def create(source: Course, target: Path) -> Course:
    """Sources, release and configuration in a new folder, with a hidden seed of its own."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty; name a folder that does not exist yet")
    missing = [name for name in COPIED if not (source.root / name).exists()]
    if missing:
        raise UsageError(f"{source.root} has no {' and no '.join(missing)}: run `autograder build` there")
    target = target.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Made beside the target and renamed, so that there is never half a course.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
            unfinished = Path(folder) / "course"
            _fill(source, unfinished)
            unfinished.replace(target)
    except OSError as problem:
        raise UsageError(f"cannot make a course in {target}: {_reason(problem)}") from None
    return Course.find(target)


def _reason(problem: OSError) -> str:
    """What is wrong; of copying a folder, with the first of its files for which something was."""
    if isinstance(problem, shutil.Error):
        _, path, reason = problem.args[0][0]
        return f"{path}: {reason}"
    return problem.strerror or str(problem)


def _fill(source: Course, target: Path) -> None:
    target.mkdir()
    for name in COPIED:
        path = source.root / name
        if path.is_dir():
            shutil.copytree(path, target / name, ignore=LEFT_OUT)
        else:
            shutil.copy(path, target / name)
    (target / "submitted").mkdir()
    Course.find(target).hidden_seed()
