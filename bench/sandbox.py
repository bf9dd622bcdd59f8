"""What the sandbox costs: the solved notebook graded with it and without it, in turns, in one process.

    python -m bench.sandbox            ten of each; writes bench/sandbox.md

Kernels are warm in both cases, as they are when a class is graded.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from autograder import warm
from autograder.assignment import Assignment, Course
from autograder.grade_one import grade_notebook
from autograder.handbook import markdown_table
from autograder.rebuild import rebuild
from autograder.solved import solve

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "actor_critic"
WAYS = ("bwrap", "none")


def seconds(assignment: Assignment, sandbox: str) -> float:
    """How long the solved notebook takes."""
    notebook = solve(assignment)
    started = time.perf_counter()
    rebuilt = rebuild(notebook, assignment)
    verdict = grade_notebook(rebuilt, assignment, name="solved", sandbox=sandbox).verdict
    taken = time.perf_counter() - started
    if verdict.score != verdict.max_score:
        raise RuntimeError(f"the solved notebook got {verdict.score} of {verdict.max_score}")
    return taken


def document(taken: dict[str, list[float]]) -> str:
    """The result, for people."""
    rows = [
        [way, f"{median(some):.2f}", f"{min(some):.2f}", f"{max(some):.2f}"] for way, some in taken.items()
    ]
    ratios = [one / other for one, other in zip(*(taken[way] for way in WAYS), strict=True)]
    return "\n\n".join(
        [
            "# What the sandbox costs",
            f"Seconds for the solved notebook, {len(ratios)} times in turns, warm kernels.",
            markdown_table(["--sandbox", "median", "least", "most"], rows).strip(),
            f"With the sandbox it takes {median(ratios):.2f} times as long (median of the pairs).\n",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=10, help="how often each way")
    options = parser.parse_args(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"
    warm.start()
    assignment = Course.find(ROOT).assignment(ASSIGNMENT)
    for way in WAYS:
        seconds(assignment, way)
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(options.times):
        for way in WAYS:
            taken[way].append(seconds(assignment, way))
    text = document(taken)
    print(text)
    (ROOT / "bench" / "sandbox.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
