"""Where the time goes while one worker grades a solved notebook: a table by what it waits for.

    python -m bench.grading.phases              twenty notebooks, one after another
    python -m bench.grading.phases --times 50

What is asked for while the student's code runs is named by the test cell; the rest is the worker's own. The
figures are medians of seconds by the clock, on a machine that should have nothing else to do. Results go to
grading_phases.md beside this folder.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from autograder import work
from autograder.batch import Batch
from autograder.handbook import markdown_table
from autograder.kernel import StudentKernel
from autograder.pool import Here
from autograder.records import Records
from autograder.session import Session
from bench.grading.classes import NAME, ROOT, course

START, END, GREETING = "kernel: start", "kernel: end", "kernel: is it the right one"
CELLS, FEEDBACK, WRITER = "cells of the notebook", "feedback page", "gradebook"
OWN = "reading, rebuilding, judging, writing the notebook"
DOCUMENT = ROOT / "bench" / "grading_phases.md"


class Phases:
    """Seconds of every phase of every notebook; a phase within another one counts for the inner one only."""

    def __init__(self) -> None:
        self.notebooks: list[dict[str, float]] = []
        self._within: list[float] = []

    def begin(self) -> None:
        """The next notebook comes."""
        self.notebooks.append(defaultdict(float))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measures a block."""
        started = time.perf_counter()
        self._within.append(0.0)
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            self.notebooks[-1][name] += seconds - self._within.pop()
            if self._within:
                self._within[-1] += seconds

    def of(self, name: Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        """A function whose calls are measured under the name that their arguments give."""

        @wraps(function)
        def measured(*arguments: Any, **options: Any) -> Any:
            with self.phase(name(*arguments)):
                return function(*arguments, **options)

        return measured


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20, help="how many notebooks")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="where the table is written")
    options = parser.parse_args(arguments)
    phases = measured(options.times)
    options.document.write_text(document(phases.notebooks), encoding="utf-8")


def measured(times: int) -> Phases:
    """The phases of so many solved notebooks; one more, for which answers are computed, comes first."""
    phases = Phases()
    with tempfile.TemporaryDirectory(prefix="phases-") as folder, _watched(phases):
        batch = Batch(course(Path(folder) / "course", "solved", times + 1), NAME)
        for outcome in batch.grade(batch.students()):
            if outcome.score != 10.0:
                raise RuntimeError(f"{outcome.student} has {outcome.score} points")
    del phases.notebooks[0]
    return phases


@contextmanager
def _watched(phases: Phases) -> Iterator[None]:
    """Within it, what the grader does is measured."""

    def started(function: Callable[..., Any]) -> Callable[..., Any]:
        def submit(pool: Here, work_done: Callable[..., Any], *arguments: Any) -> Any:
            grades = work_done is work.grade
            if grades:
                phases.begin()
            with phases.phase(OWN if grades else FEEDBACK):
                return function(pool, work_done, *arguments)

        return submit

    with (
        mock.patch.object(Here, "submit", started(Here.submit)),
        mock.patch.object(StudentKernel, "start", phases.of(lambda *_: START, StudentKernel.start)),
        mock.patch.object(StudentKernel, "kill", phases.of(lambda *_: END, StudentKernel.kill)),
        mock.patch.object(Session, "greet", phases.of(lambda *_: GREETING, Session.greet)),
        mock.patch.object(Session, "run_cell", phases.of(lambda *_: CELLS, Session.run_cell)),
        mock.patch.object(Session, "_put", phases.of(_asked, Session._put)),
        mock.patch.object(Records, "write", phases.of(lambda *_: WRITER, Records.write)),
    ):
        yield


def _asked(session: Session, requests: Sequence[Any]) -> str:
    return f"questions: {requests[0].probe.id}"


def document(notebooks: Sequence[dict[str, float]]) -> str:
    """The table, the longest phase first."""
    names = {name for notebook in notebooks for name in notebook}
    usual = {name: median(notebook.get(name, 0.0) for notebook in notebooks) for name in names}
    total = sum(usual.values())
    rows = [
        [name, f"{1000 * seconds:.0f}", f"{100 * seconds / total:.0f} %"]
        for name, seconds in sorted(usual.items(), key=lambda phase: -phase[1])
    ]
    return (
        "\n\n".join(
            (
                "# Where the time goes",
                f"One worker, {len(notebooks)} solved notebooks one after another in the sandbox; medians.",
                markdown_table(["phase", "ms", "share"], [*rows, ["all", f"{1000 * total:.0f}", ""]]).strip(),
            )
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
