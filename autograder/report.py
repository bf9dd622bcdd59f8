"""What became of a class: how the points are spread, which cells were hard, who made which mistakes."""

from __future__ import annotations

import os
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder import results
from autograder.assignment import Assignment
from autograder.export import FOLDER
from autograder.feedback import feedback_path
from autograder.files import write
from autograder.grades import Row, Standing, standings
from autograder.nbgrader_course import course_directory, load_config
from autograder.results import Result

BARS = 10
"""Of the histogram."""

UNNAMED = "not one of the known mistakes"


@dataclass(frozen=True)
class Entry:
    """A student in the report: the grades, and where the feedback page is, seen from the report."""

    row: Row
    page: str | None
    reason: str | None


@dataclass(frozen=True)
class Bar:
    """Students whose score lies between two: the last bar has both of its ends in it."""

    low: float
    high: float
    students: int


@dataclass(frozen=True)
class CellLine:
    """How a class did in one test cell; all counts are of graded submissions."""

    name: str
    points: float
    mean: float
    full: int
    part: int
    nothing: int
    blank: int


@dataclass(frozen=True)
class MistakeLine:
    """A mistake in a cell, what most of those who made it were told, and who they are."""

    cell: str
    mistake: str
    message: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Report:
    """All that the page shows."""

    assignment: str
    max_score: float
    entries: tuple[Entry, ...]
    counts: Mapping[Standing, int]
    spread: Mapping[str, float]
    bars: tuple[Bar, ...]
    cells: tuple[CellLine, ...]
    mistakes: tuple[MistakeLine, ...]

    @property
    def highest(self) -> int:
        """The students in the highest bar."""
        return max((bar.students for bar in self.bars), default=0)


def report(assignment: Assignment, rows: Sequence[Row]) -> Path:
    """Writes the page and says where it is.

    Args:
        assignment: the assignment.
        rows: everybody's grades.
    """
    path = assignment.course.root / FOLDER / assignment.name / "report.html"
    known = {row.student: results.load(assignment, row.student) for row in rows}
    write(path, _page(summary(assignment, rows, known, path.parent)))
    return path


def summary(
    assignment: Assignment, rows: Sequence[Row], known: Mapping[str, Result | None], seen_from: Path
) -> Report:
    """What a class's grades and verdicts come to."""
    coursedir = course_directory(load_config(assignment.course.root), assignment.course.root)

    def entry(row: Row) -> Entry:
        page = feedback_path(assignment, row.student, coursedir)
        result = known[row.student]
        link = quote(os.path.relpath(page, seen_from)) if page.is_file() else None
        return Entry(row, link, result.needs_human if result else None)

    entries = tuple(map(entry, rows))
    graded = [one for one in entries if one.row.standing is Standing.GRADED]
    scores = [one.row.score for one in graded if one.row.score is not None]
    verdicts = {row.student: found.verdict for row in rows if (found := known[row.student]) and found.verdict}
    return Report(
        assignment.name,
        assignment.max_score,
        entries,
        standings(rows),
        _spread(scores),
        _bars(scores, assignment.max_score),
        tuple(_cells(assignment, graded, verdicts)),
        tuple(_mistakes(entries, verdicts)),
    )


def _spread(scores: Sequence[float]) -> dict[str, float]:
    if not scores:
        return {}
    # One alone has no quartiles; twice the same one has.
    low, median, high = statistics.quantiles(
        [*scores, *scores[:1]][: max(2, len(scores))], method="inclusive"
    )
    return {
        "mean": statistics.fmean(scores),
        "lowest": min(scores),
        "lower quartile": low,
        "median": median,
        "upper quartile": high,
        "highest": max(scores),
    }


def _bars(scores: Iterable[float], max_score: float) -> tuple[Bar, ...]:
    places = Counter(min(int(score / max_score * BARS), BARS - 1) for score in scores)
    width = max_score / BARS
    return tuple(Bar(i * width, (i + 1) * width, places[i]) for i in range(BARS))


def _cells(
    assignment: Assignment, graded: Sequence[Entry], verdicts: Mapping[str, dict[str, Any]]
) -> Iterable[CellLine]:
    statuses = Counter(
        (cell["grade_id"], cell["status"])
        for one in graded
        for cell in verdicts.get(one.row.student, {"cells": []})["cells"]
    )
    for name, points in assignment.points.items():
        got = [one.row.by_cell[name] or 0.0 for one in graded]
        full, nothing = sum(one >= points for one in got), sum(one <= 0 for one in got)
        mean = statistics.fmean(got) if got else 0.0
        blank = statuses[name, "not_attempted"] + statuses[name, "missing"]
        yield CellLine(name, points, mean, full, len(got) - full - nothing, nothing, blank)


def _mistakes(entries: Iterable[Entry], verdicts: Mapping[str, dict[str, Any]]) -> Iterable[MistakeLine]:
    """By cell in the order of the notebook, the most frequent first."""
    made: dict[tuple[str, str], dict[str, Entry]] = defaultdict(dict)
    told: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    order: dict[str, int] = {}
    for one in entries:
        for cell in verdicts.get(one.row.student, {"cells": []})["cells"]:
            order.setdefault(cell["grade_id"], len(order))
            for finding in cell["findings"]:
                key = cell["grade_id"], finding["mistake"] or UNNAMED
                made[key][one.row.student] = one
                told[key][finding["message"]] += 1
    for key in sorted(made, key=lambda key: (order[key[0]], -len(made[key]), key[1])):
        ((message, _),) = told[key].most_common(1)
        yield MistakeLine(*key, message, tuple(made[key].values()))


def _page(found: Report) -> str:
    environment = Environment(
        loader=PackageLoader("autograder"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["points"] = lambda value: f"{value:.3f}".rstrip("0").rstrip(".")
    return environment.get_template("report.html.j2").render(report=found, Standing=Standing)
