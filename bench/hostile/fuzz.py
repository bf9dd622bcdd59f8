"""Notebooks that chance has changed, through the real `autograder check`.

    python -m bench.hostile.fuzz          two thousand of them; writes bench/fuzz.md
    python -m bench.hostile.fuzz --notebooks 100 --first 500

One half comes of the released notebook, which is worth nothing, the other of the solved one. Changed are the
file's text, what it says, or the code in it. Every one has to get a verdict or a clear refusal, and no score
may be higher than that of the notebook it comes of. The exit status is 1 otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from tqdm import tqdm

from autograder import cli
from autograder.assignment import Course
from autograder.handbook import markdown_table
from autograder.solved import solve
from bench.fairness.cli import ASSIGNMENT, ROOT, course_with_seed
from bench.hostile.running import WORDS
from tests.hostile.mutants import mutated, mutated_text

SEED = 20260901
STUB, SOLVED = "released", "solved"
FULL = {STUB: 0.0, SOLVED: 10.0}


@dataclass(frozen=True)
class Fuzzed:
    """What became of one notebook: the score, None if it was refused, and what is not as it must be."""

    number: int
    origin: str
    score: float | None
    complaint: str
    seconds: float


def notebook(course: Course, number: int) -> tuple[str, str]:
    """The notebook with this number, and what it comes of."""
    rng = np.random.default_rng([SEED, number])
    origin = (STUB, SOLVED)[number % 2]
    text = _texts(course.root)[origin]
    change = (_text, _data, _code)[number // 2 % 3]
    return change(text, rng), origin


def _text(text: str, rng: np.random.Generator) -> str:
    return mutated_text(text, rng)


def _data(text: str, rng: np.random.Generator) -> str:
    made = json.loads(text)
    for _ in range(rng.choice(TIMES)):
        made = mutated(made, rng)
    return json.dumps(made)


def _code(text: str, rng: np.random.Generator) -> str:
    made = json.loads(text)
    cells = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    for _ in range(rng.choice(TIMES)):
        cell = cells[rng.integers(len(cells))]
        cell["source"] = mutated_text("".join(cell["source"]), rng)
    return json.dumps(made)


TIMES = (1, 5, 25)
"""So many places are changed."""


@cache
def _texts(root: Path) -> dict[str, str]:
    assignment = Course.find(root).assignment(ASSIGNMENT)
    found = {STUB: assignment.pristine, SOLVED: solve(assignment)}
    return {origin: json.dumps(made, ensure_ascii=False, indent=1) for origin, made in found.items()}


def check(root: Path, number: int) -> Fuzzed:
    """Hands in one notebook."""
    text, origin = notebook(Course.find(root), number)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path, target = Path(folder) / f"{ASSIGNMENT}.ipynb", Path(folder) / "verdict.json"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        said, started, fault = io.StringIO(), time.monotonic(), ""
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            try:
                cli.main(["check", str(path), "--json", str(target), "--course-dir", str(root)])
            except SystemExit:
                pass
            except BaseException as problem:
                fault = f"{type(problem).__name__}: {problem}"
        seconds = time.monotonic() - started
        verdict = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else None
    return Fuzzed(
        number, origin, verdict and verdict["score"], fault or _complaint(origin, verdict, said), seconds
    )


def _complaint(origin: str, verdict: dict | None, said: io.StringIO) -> str:
    told = said.getvalue().strip()
    if "Traceback" in told:
        return f"a trace of the program: {told[-300:]}"
    if verdict is None:
        return "" if 0 < len(told) <= WORDS else f"no clear refusal: {told[-300:]!r}"
    if verdict["score"] > FULL[origin]:
        return f"{verdict['score']} points"
    human = [cell["grade_id"] for cell in verdict["cells"] if cell["status"] == "needs_human"]
    return f"a human is asked for {human}" if human else ""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    os.environ["OMP_NUM_THREADS"] = "1"
    numbers = range(options.first, options.first + options.notebooks)
    with tempfile.TemporaryDirectory(prefix="fuzz-course-") as folder:
        root = course_with_seed(Path(folder) / "course", SEED).root
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
            results = pool.map(check, [root] * len(numbers), numbers)
            found = list(tqdm(results, total=len(numbers), file=sys.stdout, ncols=88, disable=None))
    complaints = [f"{one.number} ({one.origin}): {one.complaint}" for one in found if one.complaint]
    text = document(found, complaints)
    print(text)
    if options.first == 0 and options.notebooks >= 2000:
        (ROOT / "bench" / "fuzz.md").write_text(text, encoding="utf-8")
    return 1 if complaints else 0


def document(found: Sequence[Fuzzed], complaints: Sequence[str]) -> str:
    """The result, for people."""
    rows = []
    for origin, full in FULL.items():
        ours = [one for one in found if one.origin == origin]
        refused = sum(one.score is None for one in ours)
        same = sum(one.score == full for one in ours)
        rows.append([origin, len(ours), same, len(ours) - same - refused, refused])
    longest = max(one.seconds for one in found)
    return (
        "\n\n".join(
            [
                "# Notebooks that chance has changed",
                f"{len(found)} notebooks; the longest check took {longest:.0f} s.",
                markdown_table(
                    ["comes of the notebook", "notebooks", "its own score", "less", "refused"], rows
                ).strip(),
                "\n".join(f"- {complaint}" for complaint in complaints) or "Everything is as it must be.",
            ]
        )
        + "\n"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--notebooks", type=int, default=2000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="checks at a time")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
