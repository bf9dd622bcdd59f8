"""The project's own attack suite through the real `autograder check`, and against a naive grader beside it.

    python -m bench.hostile             every attack against both; writes bench/hostile.md
    python -m bench.hostile --every 4   some of them

Nothing may be gained, told or harmed, and nothing may be late or left without a verdict or a clear refusal.
The same attack has to have its effect on the naive grader, which shows that it is one. The exit status is 1
otherwise. What suits any notebook is handed in for every assignment; the naive grader knows only the first.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from ac_helpers.probes import ASSIGNMENTS
from autograder.handbook import markdown_table
from bench.hostile.running import ROOT, Result, against_a_naive_one, against_the_grader, prepare
from tests.hostile.attacks import ALL, EFFECTS, Attack, attacks


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    results = [result for assignment in ASSIGNMENTS for result in _run(assignment, options)]
    Console().print(matrix(results))
    complaints = list(_complaints(results))
    print(*complaints, sep="\n")
    if options.every == 1 and not options.only and not options.skip_naive:
        (ROOT / "bench" / "hostile.md").write_text(document(results, complaints), encoding="utf-8")
    return 1 if complaints else 0


Results = list[tuple[Attack, Result, Result | None]]


def _run(assignment: str, options: argparse.Namespace) -> Results:
    suite = list(attacks(assignment))
    chosen = [number for number, attack in enumerate(suite) if options.only in str(attack)][:: options.every]
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        Path(folder).chmod(0o755)
        course = prepare(Path(folder), assignment)
        skip_naive = options.skip_naive or assignment != ALL
        tasks = [(assignment, number, course, skip_naive) for number in chosen]
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
            done = tqdm(pool.map(_both, tasks), total=len(tasks), file=sys.stdout, ncols=88)
            pairs = zip(chosen, done, strict=True)
            return [(_of(assignment, suite[number]), ours, naive) for number, (ours, naive) in pairs]


def _of(assignment: str, attack: Attack) -> Attack:
    """The attack under the class that the report counts it in."""
    return attack if assignment == ALL else replace(attack, kind=f"{attack.kind} ({assignment})")


def _both(task: tuple[str, int, Path, bool]) -> tuple[Result, Result | None]:
    assignment, number, course, skip_naive = task
    attack = list(attacks(assignment))[number]
    ours = against_the_grader(attack, course, assignment)
    return ours, None if skip_naive else against_a_naive_one(attack, course, assignment)


def _complaints(results: Results) -> Iterable[str]:
    for attack, ours, naive in results:
        for effect, seen in ours.effects.items():
            yield f"{effect.upper()} {attack}: {seen}"
        if naive is not None and not _shows(attack, naive):
            yield f"EMPTY {attack}: has to have {sorted(attack.effects)}, has {naive.effects or 'none'}"


def _shows(attack: Attack, naive: Result) -> bool:
    """Whether an attack has its effect; what takes memory for ever may be ended before it is late."""
    seen = naive.effects.keys()
    return attack.effects <= seen or (attack.effects == {"late"} and "breaks" in seen)


def _rows(results: Results) -> Mapping[str, list[int | str]]:
    """For each class: attacks, those with each effect here, and those with theirs on the naive grader."""
    rows: dict[str, list[int]] = defaultdict(lambda: [0] * (len(EFFECTS) + 2))
    for attack, ours, naive in results:
        for row in (rows[attack.kind], rows["all"]):
            row[0] += 1
            for place, effect in enumerate(EFFECTS, 1):
                row[place] += effect in ours.effects
            row[-1] += naive is not None and _shows(attack, naive)
    tried = {attack.kind for attack, _, naive in results if naive is not None} | {"all"}
    told: dict[str, list[int | str]] = {
        kind: [*row[:-1], row[-1] if kind in tried else "not tried"] for kind, row in rows.items()
    }
    told["all"] = told.pop("all")
    return told


HEADER = ("", "attacks", "gained", "leaked", "harmed", "late", "broken", "succeed on a naive grader")


def matrix(results: Results) -> Table:
    asked = len(HEADER) if any(naive is not None for _, _, naive in results) else len(HEADER) - 1
    table = Table(*HEADER[:asked], title="Hostile submissions")
    for kind, row in _rows(results).items():
        table.add_row(kind, *map(str, row[: asked - 1]))
    return table


def document(results: Results, complaints: Sequence[str]) -> str:
    """The report of a whole run."""
    seconds = sorted(ours.seconds for _, ours, _ in results)
    lines = [
        "# Hostile submissions",
        "",
        f"{len(results)} attacks through `autograder check` in the sandbox; seconds per check: "
        f"median {seconds[len(seconds) // 2]:.0f}, longest {seconds[-1]:.0f}.",
        "",
        markdown_table(HEADER, ([kind, *row] for kind, row in _rows(results).items())),
        "",
        *(
            complaints
            or ["Nothing was gained, told, harmed, late or left without a verdict or a clear refusal."]
        ),
        "",
        "## Each attack on the naive grader",
        "",
        markdown_table(
            ("attack", "what it does there"),
            ((str(attack), _said(naive)) for attack, _, naive in results if naive is not None),
        ),
    ]
    return "\n".join(lines) + "\n"


def _said(naive: Result) -> str:
    told = [f"{effect}: {_what(effect, seen)}" for effect, seen in naive.effects.items()]
    return "; ".join(told) or "nothing"


def _what(effect: str, seen: str) -> str:
    """What was seen without the names of this run's folders."""
    return f"{seen.count(';') + 1} of the host's files or processes" if effect == "harms" else seen


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="attacks at a time")
    parser.add_argument("--every", type=int, default=1, help="only every n-th attack")
    parser.add_argument("--only", default="", help="only attacks with this in their name")
    parser.add_argument("--skip-naive", action="store_true", help="leave the naive grader out")
    return parser.parse_args(arguments)
