"""The figures: one row for each, and the table that holds them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from bench.statistics.limits import lower_limit, upper_limit

FALSE_ALARM, MISS = "false alarm", "miss"
"""What a subject begins with that is a chance to reject what is right, or to accept what is wrong."""


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        part: exact, networks, calibration, alarms, power or learns.
        test: the test cell.
        question: the question's id; in `learns` the learning rate.
        subject: who was asked, or what the figure is the chance of.
        runs: how often something was counted, or over how many drawn questions a chance was averaged; 0 for
            a number that is known without drawing anything.
        hits: false alarms, misses, small p-values or successful runs.
        rate: hits / runs, or the chance.
        low: of a count the lower 95 % confidence limit, of an average the smallest value.
        high: the upper limit or the largest value.
        seconds: of computing, for one run.
    """

    part: str
    test: str
    question: str
    subject: str
    runs: int
    hits: int
    rate: float
    low: float
    high: float
    seconds: float = 0.0


COLUMNS = tuple(column.name for column in fields(Row))


def counted(
    part: str, test: str, question: str, subject: str, runs: int, hits: int, seconds: float = 0.0
) -> Row:
    """A row for a count."""
    limits = lower_limit(hits, runs), upper_limit(hits, runs)
    return Row(part, test, question, subject, runs, hits, hits / max(1, runs), *limits, round(seconds, 4))


def computed(test: str, question: str, subject: str, rate: float) -> Row:
    """A row for a probability that is known."""
    return Row("exact", test, question, subject, 0, 0, rate, rate, rate)


def averaged(part: str, test: str, question: str, subject: str, chances: Sequence[float]) -> Row:
    """A row for a chance that hangs on what is drawn, and is known once that is."""
    low, high = min(chances), max(chances)
    return Row(part, test, question, subject, len(chances), 0, float(np.mean(chances)), low, high)


def read(path: Path) -> list[Row]:
    """The rows of a table that was written before; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [_parsed(row) for row in csv.DictReader(file)]


def _parsed(row: dict[str, str]) -> Row:
    whole = {name: int(row[name]) for name in ("runs", "hits")}
    numbers = {name: float(row[name]) for name in ("rate", "low", "high", "seconds")}
    return Row(**{**row, **whole, **numbers})  # type: ignore[arg-type]


def write(path: Path, rows: Sequence[Row]) -> None:
    """Writes the table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            [f"{value:.6g}" if isinstance(value, float) else value for value in astuple(row)] for row in rows
        )


def of_part(rows: Sequence[Row], part: str) -> list[Row]:
    """The rows of one part."""
    return [row for row in rows if row.part == part]
