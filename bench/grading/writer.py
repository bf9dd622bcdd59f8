"""How many submissions a second one grader takes down, however many machines grade for it.

    python -m bench.grading.writer                 into the course's own file
    python -m bench.grading.writer --db URL        into another database

What a worker does is done once for each step and then said again at once. All else is as in `autograder
grade`: a submission is read and hashed, handed out, its result taken and kept, written down in one
transaction, and its page written.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.batch import Batch
from autograder.pool import Here, Pool
from bench.grading.classes import NAME, course


class Said(Here):
    """Says again what it has done once."""

    ahead = 100
    known: dict[Callable[..., Any], Any]

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """A future of what came of the function at its first call."""
        if function not in self.known:
            self.known[function] = super().submit(function, *arguments).result()
        future: Future[Any] = Future()
        future.set_result(self.known[function])
        return future


class Pretended(Batch):
    """A batch whose workers only seem to work."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._said = Said(self.task)
        self._said.known = {}

    @contextmanager
    def _pool(self) -> Iterator[Pool]:
        yield self._said


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1000, help="how many submissions")
    parser.add_argument("--db", help="the gradebook's database")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="writer-") as folder:
        batch = Pretended(course(Path(folder) / "course", "solved", options.size), NAME, db_url=options.db)
        first, *others = batch.students()
        list(batch.grade([first]))
        started = time.perf_counter(), time.process_time()
        outcomes = list(batch.grade(others))
        seconds, computing = time.perf_counter() - started[0], time.process_time() - started[1]
    if {outcome.score for outcome in outcomes} != {10.0}:
        raise RuntimeError("not everybody was graded")
    each, own = (1000 * some / len(outcomes) for some in (seconds, computing))
    print(
        f"{len(outcomes)} submissions in {seconds:.1f} s: {each:.1f} ms each, {own:.1f} ms of them computing"
    )


if __name__ == "__main__":
    main()
