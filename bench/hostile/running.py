"""One attack against the grader, and the same against a naive one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from autograder import course_folder
from autograder.assignment import Course
from tests.hostile import naive
from tests.hostile.attacks import Attack
from tests.hostile.field import Field, Watch, fresh

SECONDS = 660
"""The deadline of a whole check: that of a notebook, and a minute for all around it."""

WORDS = 1000
"""A message for whoever grades is no longer than this."""


@dataclass(frozen=True)
class Result:
    """What came of an attack: the effects that it had, each with what was seen, and its seconds."""

    effects: dict[str, str]
    seconds: float


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit status, None if it had to be killed, and what it said."""

    status: int | None
    said: str
    seconds: float
    watch: Watch


def prepare(root: Path, assignment: str) -> Path:
    """A course that has graded before, so that right answers are not computed anew for each attack."""
    course = course_folder.create(Course.find(ROOT), root / "course")
    path = course.release_dir(assignment) / f"{assignment}.ipynb"
    command = [sys.executable, "-m", "autograder", "check", str(path), "--course-dir", str(course.root)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return course.root


def against_the_grader(attack: Attack, template: Path, assignment: str) -> Result:
    """The attack through `autograder check`, in the sandbox.

    Args:
        attack: what is handed in.
        template: a prepared course, of which a copy is used.
        assignment: what it is handed in for.
    """
    with _course_and_field(template) as (course, field):
        path, target = field.root / f"{assignment}.ipynb", field.root / "verdict.json"
        attack.hand_in(path, released(course, assignment), field.known_to_attackers())
        command = ["-m", "autograder", "check", str(path), "--json", str(target)]
        ended = _run([*command, "--course-dir", str(course.root)], ROOT, field, SECONDS, {})
        verdict = target.read_text(encoding="utf-8") if target.is_file() else ""
        effects = _effects(field, ended, verdict)
        if verdict and (score := json.loads(verdict)["score"]) > 0:
            effects["gains"] = f"{score} points"
        if not verdict and not _is_clear(ended):
            effects["breaks"] = f"exit {ended.status}: {ended.said[-300:]}"
        return Result(effects, ended.seconds)


def against_a_naive_one(attack: Attack, template: Path, assignment: str) -> Result:
    """The attack on the grader of `tests.hostile.naive`, on this machine as it is."""
    with _course_and_field(template) as (course, field):
        folder = field.root / "naive"
        folder.mkdir()
        shutil.copy(ROOT / "ac_helpers" / "reference" / f"{assignment}.py", folder / "reference.py")
        path, target = folder / f"{assignment}.ipynb", folder / "score.json"
        notebook = naive.with_tests(released(course, assignment))
        attack.hand_in(path, notebook, field.known_to_attackers())
        own = {"HOME": str(field.home), "PYTHONPATH": str(ROOT)}
        own |= {name: str(folder / name) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")}
        command = ["-m", "tests.hostile.naive", str(path), str(target)]
        ended = _run(command, folder, field, naive.SECONDS, own)
        executed = path.with_suffix(".executed")
        effects = _effects(field, ended, executed.read_text(encoding="utf-8") if executed.is_file() else "")
        if target.is_file() and (score := float(target.read_text(encoding="utf-8"))) > 0:
            effects["gains"] = f"{score} points"
        if not target.is_file() and ended.status is not None:
            effects["breaks"] = f"exit {ended.status}"
        return Result(effects, ended.seconds)


ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def _course_and_field(template: Path) -> Iterator[tuple[Course, Field]]:
    with tempfile.TemporaryDirectory(dir=template.parent, prefix="attack-") as folder:
        course = Course.find(shutil.copytree(template, Path(folder) / "course"))
        with fresh(course.root) as field:
            yield course, field


def released(course: Course, assignment: str) -> dict[str, Any]:
    """The released notebook without the cells that only show something, each source one text."""
    path = course.release_dir(assignment) / f"{assignment}.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    notebook["cells"] = [c for c in cells if "skip-grading" not in c["metadata"].get("tags", [])]
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def _run(
    command: Sequence[str], folder: Path, field: Field, seconds: float, environment: dict[str, str]
) -> Ended:
    """Runs Python, kills it with all that came of it when its time is over, and watches what it takes."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**os.environ, **environment, "OMP_NUM_THREADS": "1"},
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
        status: int | None = None
        with Watch(process.pid) as watch:
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                _kill(process.pid)
                process.wait()
        taken = time.monotonic() - started
        said.seek(0)
        return Ended(status, said.read().decode("utf-8", "replace"), taken, watch)


def _kill(pid: int) -> None:
    with contextlib.suppress(psutil.Error):
        for process in [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]:
            with contextlib.suppress(psutil.Error):
                process.kill()


def _effects(field: Field, ended: Ended, shown: str) -> dict[str, str]:
    effects = {}
    if leaked := field.leaked(shown, ended.said):
        effects["leaks"] = ", ".join(sorted(leaked))
    if harm := [*field.harm(), *ended.watch.harm()]:
        effects["harms"] = "; ".join(harm[:3])
    if ended.status is None:
        effects["late"] = f"more than {ended.seconds:.0f} s"
    field.end_strays()
    return effects


def _is_clear(ended: Ended) -> bool:
    """Whether a refusal is one for people: short, and no trace of the program's insides."""
    refused = ended.status not in (None, 0)
    return refused and "Traceback" not in ended.said and 0 < len(ended.said.strip()) <= WORDS
