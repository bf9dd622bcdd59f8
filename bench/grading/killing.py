"""A class of two hundred whose grading is killed a hundred times, beside one that nobody disturbs.

    python -m bench.grading.killing                 writes bench/killing.md

At a random moment either the whole command or one of its workers gets `kill -9`; a command that is gone is
started again. Twenty of the notebooks are broken files. In the end every score, every page and every exit
status has to be as in the undisturbed run, every submission once in the gradebook, and no process or
temporary file may be left. The exit status is 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from nbgrader.api import Gradebook

from autograder.assignment import Course
from bench.grading.classes import NAME, ROOT, course
from tests.autograder.handing_in import grade_command, pages

LONGEST = 8.0
"""Seconds between two kills, at most. Starting takes most of it: some kills hit that, and some the work, so
that it is not over before the last kill."""


@dataclass
class Disturber:
    """Runs the command again and again and kills what it finds, until it has killed often enough."""

    course: Course
    temporary: Path
    rng: random.Random
    commands: int = 0
    at_work: int = 0
    killed: dict[str, int] = field(default_factory=lambda: {"command": 0, "worker": 0})
    seen: set[psutil.Process] = field(default_factory=set)

    def run(self, kills: int) -> int:
        """The exit status of the last command, which nobody has killed."""
        process = self._start()
        while sum(self.killed.values()) < kills:
            time.sleep(self.rng.uniform(0.1, LONGEST))
            with suppress(psutil.NoSuchProcess):
                self.seen |= set(process.children(recursive=True))
            if process.poll() is None:
                self._kill(process)
            if process.poll() is not None:
                process = self._start()
        return process.wait()

    def _start(self) -> psutil.Popen:
        self.commands += 1
        return psutil.Popen(
            grade_command(self.course),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(self.temporary),
        )

    def _kill(self, process: psutil.Popen) -> None:
        """Either the command or one of its workers."""
        known = (self.course.private / "results" / NAME).glob("[!.]*.json")
        self.at_work += len(list(known)) < len(list((self.course.root / "submitted").iterdir()))
        workers = _workers(process)
        what = self.rng.choice(["command", "worker"] if workers else ["command"])
        with suppress(psutil.Error):  # it may have come to its end meanwhile
            (process if what == "command" else self.rng.choice(workers)).kill()
            self.killed[what] += 1
        if what == "command":
            process.wait()

    def strays(self) -> list[psutil.Process]:
        """What is still there of what a killed command had started."""
        until = time.monotonic() + 30
        while (left := [one for one in self.seen if one.is_running()]) and time.monotonic() < until:
            time.sleep(0.1)
        return left


def _workers(process: psutil.Process) -> list[psutil.Process]:
    """What is forked from the process that has imported everything."""
    found = []
    with suppress(psutil.Error):
        for parent in process.children():
            if "forkserver" in " ".join(parent.cmdline()):
                found += parent.children()
    return found


def environment(temporary: Path) -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "TMPDIR": str(temporary)}


def grades(made: Course) -> dict[str, list[tuple[str, float | None, bool]]]:
    """Every cell of everybody: its score, and whether a human is asked."""
    with Gradebook(f"sqlite:///{made.root}/gradebook.db") as gradebook:
        submissions = gradebook.assignment_submissions(NAME)
        if len(submissions) != len({one.student.id for one in submissions}):
            raise RuntimeError("somebody is in the gradebook twice")
        return {
            one.student.id: sorted(
                (grade.name, grade.auto_score, bool(grade.needs_manual_grade))
                for grade in one.notebooks[0].grades
            )
            for one in submissions
        }


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        quiet = course(Path(folder) / "quiet", "mixed", options.size)
        disturbed = Course.find(shutil.copytree(quiet.root, Path(folder) / "disturbed"))
        temporary = Path(folder) / "tmp"
        temporary.mkdir()
        started = time.monotonic()
        status = subprocess.run(
            grade_command(quiet),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(temporary),
        ).returncode
        quiet_seconds, started = time.monotonic() - started, time.monotonic()
        disturber = Disturber(disturbed, temporary, random.Random(options.seed))
        statuses = status, disturber.run(options.kills)
        seconds = time.monotonic() - started
        complaints = list(_complaints(quiet, disturbed, statuses, disturber))
        text = document(options, disturber, (quiet_seconds, seconds), complaints)
    print(text)
    if options.size >= 200 and options.kills >= 100:
        (ROOT / "bench" / "killing.md").write_text(text, encoding="utf-8")
    return 1 if complaints else 0


def _complaints(
    quiet: Course, disturbed: Course, statuses: tuple[int, int], disturber: Disturber
) -> Sequence[str]:
    expected, found = grades(quiet), grades(disturbed)
    other = [student for student in sorted(expected | found) if expected.get(student) != found.get(student)]
    complaints = [f"other grades: {student}" for student in other]
    complaints += [f"no page: {student}" for student in sorted(pages(quiet) - pages(disturbed))]
    if statuses != (1, 1):
        complaints.append(f"exit statuses {statuses}, not 1 twice")
    complaints += [f"left behind: {process}" for process in disturber.strays()]
    complaints += [f"left behind: {path.name}" for path in disturber.temporary.iterdir()]
    return complaints


def document(
    options: argparse.Namespace,
    disturber: Disturber,
    seconds: tuple[float, float],
    complaints: Sequence[str],
) -> str:
    """The result, for people."""
    killed, at_work = disturber.killed, disturber.at_work
    parts = [
        "# Killed a hundred times",
        f"A mixed class of {options.size}, one in ten a broken file; undisturbed it took {seconds[0]:.0f} s. "
        f"`kill -9` {killed['command']} times of the command and {killed['worker']} times of a worker, "
        f"{at_work} of them before the last submission was graded; {disturber.commands} commands in all, "
        f"{seconds[1]:.0f} s.",
        "\n".join(f"- {one}" for one in complaints)
        or "The same grades and pages, everybody once in the gradebook, nothing left behind.",
    ]
    return "\n\n".join(parts) + "\n"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=200, help="how many submissions")
    parser.add_argument("--kills", type=int, default=100, help="how many processes are killed")
    parser.add_argument("--seed", type=int, default=0, help="of the moments and victims")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
