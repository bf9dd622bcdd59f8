"""Grading a class: this grader beside stock nbgrader on the same notebooks, and the curve to a thousand.

    python -m bench.grading                      everything, with what README quotes (an hour)
    python -m bench.grading --pairs 1 --sizes 10 --kinds solved
    python -m bench.grading --assignment gaussian_actor_critic --pairs 1 --sizes 10,100

In a pair both graders take the same class of solved notebooks, one after the other: everything from starting
the command to the last feedback page. Stock nbgrader runs `autograde` and `generate_feedback` with its own
defaults, on this machine as it is; this grader works in the sandbox, with a worker for each core. Right
answers are kept from an earlier grading, as in any but the first run of a term; how long that takes is
measured apart. Results go to grading.csv, grading.md and grading.png beside this folder after every run; rows
measured again replace the old ones.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nbgrader.api import Gradebook

from autograder import work
from autograder.assignment import Course
from autograder.gradebook import register
from autograder.made_up import CLASSES
from autograder.nbgrader_course import course_directory, load_config
from bench.grading import report
from bench.grading.classes import KINDS, NAME, ROOT, course, readable, stock
from bench.grading.measuring import Taken, run
from tests.autograder.handing_in import grade_command, pages

CSV = ROOT / "bench" / "grading.csv"
OURS, STOCK, FIRST = "ours", "stock", "first of a term"

Key = tuple[str, str, str, int, int]
"""What tells runs apart: assignment, way, kind, size and time."""


@dataclass(frozen=True)
class Row:
    """One measured run: who graded what kind of class of what, and how large it was.

    Attributes:
        time: the how manieth beside stock nbgrader; 0 for those of the curve.
    """

    assignment: str
    way: str
    kind: str
    size: int
    time: int
    seconds: float
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        name = options.assignment
        term = _term(Path(folder) / "term", name)
        for time in range(1, options.pairs + 1):
            for way in (OURS, STOCK):
                _measure(Path(folder), term, (name, way, "solved", options.pair_size, time))
        for size in options.sizes:
            for kind in options.kinds:
                _measure(Path(folder), term, (name, OURS, kind, size, 0))
        if options.pairs:
            _measure(Path(folder), None, (name, FIRST, "mixed", 10, 0))
    return 0


def _term(folder: Path, name: str) -> Path:
    """What a course keeps once it has graded: its hidden seed and right answers."""
    graded = course(folder, "stub", 1, name)
    work.know(work.Task(graded.root, name, "auto"))
    return graded.private


def _measure(folder: Path, term: Path | None, key: Key) -> None:
    """Grades a class once and keeps the row."""
    name, way, kind, size, _ = key
    made = course(folder / "course", kind, size, name)
    if term is not None:
        shutil.rmtree(made.private)
        shutil.copytree(term, made.private)
    taken = (_by_stock if way == STOCK else _by_us)(made, name)
    graded, points = _graded(made, name)
    expected = readable(name, kind, size)
    if graded != expected or (kind == "solved" and points != 10.0 * size):
        raise RuntimeError(f"{way}: {graded} of {expected} graded, {points} points")
    row = Row(*key, seconds=round(taken.seconds, 2), megabytes=round(taken.megabytes))
    print(*asdict(row).values(), flush=True)
    save(row)
    report.write(load(), ROOT / "bench", os.cpu_count() or 1)
    shutil.rmtree(made.root)


def _by_us(made: Course, name: str) -> Taken:
    return run(grade_command(made, name=name), made.root, statuses=(0, 1))


def _by_stock(made: Course, name: str) -> Taken:
    config = load_config(stock(made).root)
    register(made.assignment(name), config, course_directory(config, made.root))
    steps = [
        run([sys.executable, "-m", "nbgrader", step, name], made.root)
        for step in ("autograde", "generate_feedback")
    ]
    return Taken(sum(step.seconds for step in steps), max(step.megabytes for step in steps))


def _graded(made: Course, name: str) -> tuple[int, float]:
    """How many submissions have a score and a page, and the points of all."""
    with_page = pages(made, name)
    with Gradebook(f"sqlite:///{made.root}/gradebook.db") as gradebook:
        found = [one for one in gradebook.assignment_submissions(name) if one.student.id in with_page]
        grades = [one.notebooks[0].grades for one in found]
        scored = sum(any(grade.auto_score is not None for grade in some) for some in grades)
        return scored, sum(one.score for one in found)


def load() -> list[Row]:
    """What has been measured so far."""
    if not CSV.is_file():
        return []
    kinds: dict[str, Callable[[str], object]] = {"str": str, "int": int, "float": float}
    with CSV.open(encoding="utf-8", newline="") as file:
        return [
            Row(**{field.name: kinds[str(field.type)](row[field.name]) for field in fields(Row)})
            for row in csv.DictReader(file)
        ]


def save(row: Row) -> None:
    """Keeps a row in place of an older one of the same run."""
    kept = [one for one in load() if _key(one) != _key(row)]
    with CSV.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(one) for one in sorted([*kept, row], key=_key))


def _key(row: Row) -> Key:
    return row.assignment, row.way, row.kind, row.size, row.time


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assignment", choices=list(CLASSES), default=NAME, help="what is graded")
    parser.add_argument("--pairs", type=int, default=3, help="how often beside stock nbgrader")
    parser.add_argument("--pair-size", type=int, default=50, help="how large the class is then")
    parser.add_argument("--sizes", type=_numbers, default=[10, 100, 1000], help="of the curve's classes")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=list(KINDS), help="of classes")
    return parser.parse_args(arguments)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]
