"""What was measured, as a table and a plot for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from autograder.handbook import markdown_table

if TYPE_CHECKING:
    from bench.grading.cli import Row


def write(rows: list[Row], folder: Path, cores: int) -> None:
    """Writes grading.md and grading.png."""
    (folder / "grading.md").write_text(document(rows, cores), encoding="utf-8")
    plot(rows, folder / "grading.png")


def document(rows: list[Row], cores: int) -> str:
    """The results, for people."""
    parts = [
        "# Grading a class",
        f"{cores} cores; everything from starting the command to the last page. Memory is the largest sum "
        "over all processes, what they share counted once.",
        "![seconds and memory by the size of the class](grading.png)",
    ]
    for assignment, of_one in _by_assignment(rows).items():
        parts += [f"## {assignment}", *_of_assignment(of_one)]
    return "\n\n".join(parts) + "\n"


def _by_assignment(rows: list[Row]) -> dict[str, list[Row]]:
    names = dict.fromkeys(row.assignment for row in rows)
    return {name: [row for row in rows if row.assignment == name] for name in names}


def _of_assignment(rows: list[Row]) -> list[str]:
    parts = []
    if pairs := list(_pairs(rows)):
        ratios = [stock.seconds / ours.seconds for ours, stock in pairs]
        parts += [
            f"Beside stock nbgrader, the same class of {pairs[0][0].size} solved notebooks in turns; "
            "seconds a submission:",
            markdown_table(
                ["run", "autograder grade", "stock nbgrader", "ratio"],
                [
                    [ours.time, f"{_each(ours):.2f}", f"{_each(stock):.2f}", f"{ratio:.1f}"]
                    for (ours, stock), ratio in zip(pairs, ratios, strict=True)
                ],
            ).strip(),
            f"The median ratio is {median(ratios):.1f}.",
        ]
    if curve := _curve(rows):
        table = [
            [row.kind, row.size, f"{row.seconds:.0f}", f"{_each(row):.2f}", f"{row.megabytes:.0f}"]
            for row in curve
        ]
        parts += [
            "Larger and larger classes:",
            markdown_table(["class", "size", "seconds", "a submission", "MB at most"], table).strip(),
        ]
    parts += [
        "The first grading of a term, which computes right answers and those of known mistakes on the way: "
        f"{row.seconds:.0f} s for a {row.kind} class of {row.size}."
        for row in rows
        if row.way.startswith("first")
    ]
    return parts


def plot(rows: list[Row], path: Path) -> None:
    """Seconds and memory by the size of the class."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for assignment, of_one in _by_assignment(rows).items():
        for kind in dict.fromkeys(row.kind for row in _curve(of_one)):
            of_kind = [row for row in _curve(of_one) if row.kind == kind]
            sizes = [row.size for row in of_kind]
            label = f"{assignment}: {kind}"
            left.plot(sizes, [row.seconds for row in of_kind], marker="o", label=label)
            right.plot(sizes, [row.megabytes for row in of_kind], marker="o", label=label)
    left.set(xscale="log", yscale="log", xlabel="submissions", ylabel="seconds", title="time")
    right.set(xscale="log", xlabel="submissions", ylabel="MB", title="memory at most", ylim=(0, None))
    for axes in (left, right):
        axes.grid(alpha=0.3)
    right.legend(fontsize="x-small")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _pairs(rows: list[Row]) -> Iterable[tuple[Row, Row]]:
    """Runs of both graders on the same class, one after the other."""
    by_run = {(row.way, row.kind, row.size, row.time): row for row in rows}
    for stock in rows:
        ours = by_run.get(("ours", stock.kind, stock.size, stock.time))
        if stock.way == "stock" and ours is not None:
            yield ours, stock


def _curve(rows: list[Row]) -> list[Row]:
    curve = [row for row in rows if row.way == "ours" and row.time == 0]
    return sorted(curve, key=lambda row: (row.kind, row.size))


def _each(row: Row) -> float:
    return row.seconds / row.size
