"""The project's own corpus of submissions through the real `autograder check`: who gets what, and why.

    python -m bench.fairness                      every version in a notebook of its own
    python -m bench.fairness --packed             versions that do not meet in one place share a notebook
    python -m bench.fairness --seeds 10 --packed  again with other hidden seeds; no verdict may differ
    python -m bench.fairness --seeds 10 --graded  the same notebooks as one class through `autograder grade`
    python -m bench.fairness --seeds 10 --direct  single versions without kernels, for all that needs none
    python -m bench.fairness --assignment NAME    of one assignment and not of all

`check` is called within worker processes that stay, so that its imports are paid for once a worker and
not once a notebook. Right versions and harmless oddities must get everything; wrong ones must lose in their
own cells and nowhere else, and be named. The matrix is printed and, for whole runs, written to
bench/fairness_<assignment>.md and .csv (bench/fairness_graded_<assignment>.* for a class,
bench/fairness_direct_<assignment>.* without kernels) after every seed, beside earlier seeds of the same code.
The exit status is 1 if anything is not as it must be, or differs from what an earlier seed gave.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ac_helpers.probes import ASSIGNMENTS
from autograder import course_folder
from autograder.assignment import Assignment, Course
from bench.fairness import graded, record
from bench.fairness.direct import asked_directly, check
from bench.fairness.record import ROOT, Asked
from bench.fairness.report import Report, differences, is_fair
from bench.fairness.running import run
from bench.fairness.submissions import check_names, submissions


def matrix(report: Report, assignment: str) -> Table:
    table = Table("", "right", "full", "wrong", "caught", "to name", "named", "collateral", title=assignment)
    for name, row in report.with_total.items():
        table.add_row(name, *(str(value) for value in vars(row).values()))
    return table


def _write(
    reports: Mapping[int, Report], assignment: str, known: str, options: argparse.Namespace
) -> list[Asked]:
    """Adds whole runs to `bench/fairness*.*`; all hidden seeds that this code was asked with."""
    kind, what, timed = _how(options)
    report = next(iter(reports.values()))
    asked = record.add(ROOT / "bench", f"{kind}_{assignment}", known, reports)
    seconds = sorted(second for report in reports.values() for second in report.seconds)
    told = (
        f"{len(report.verdicts)} {what}, {options.jobs} at a time. Seconds per {timed}: median "
        f"{seconds[len(seconds) // 2]:.1f}, longest {seconds[-1]:.1f}."
    )
    text = record.document(assignment, told, report, asked)
    (ROOT / "bench" / f"{kind}_{assignment}.md").write_text(text, encoding="utf-8")
    return asked


def _how(options: argparse.Namespace) -> tuple[str, str, str]:
    """What the files are called, what was handed in, and what took the seconds."""
    if options.direct:
        return "fairness_direct", "versions without a kernel", "check"
    if options.graded:
        return "fairness_graded", "notebooks in one class", "class"
    return "fairness", "notebooks", "check"


def course_with_seed(folder: Path, seed: int) -> Course:
    """The course in a folder, which is made if it is not there, with this hidden seed."""
    is_there = (folder / "submitted").is_dir()
    course = Course.find(folder) if is_there else course_folder.create(Course.find(ROOT), folder)
    (course.private / "hidden_seed").write_text(f"{seed}\n", encoding="ascii")
    return course


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--packed", action="store_true", help="share notebooks")
    how.add_argument("--graded", action="store_true", help="share notebooks, and grade them as one class")
    how.add_argument("--direct", action="store_true", help="ask single versions without a kernel")
    parser.add_argument("--assignment", choices=list(ASSIGNMENTS), help="one of them; all if not given")
    parser.add_argument("--seeds", type=int, default=1, help="how many hidden seeds, one run each")
    parser.add_argument("--first-seed", type=int, default=1, help="the first of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="checks at a time")
    parser.add_argument("--every", type=int, default=1, help="only every n-th submission")
    parser.add_argument("--only", default="", help="only submissions with this in their name")
    parser.add_argument("--keep", type=Path, help="a folder for verdicts, so that a run can be interrupted")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    wanted = [options.assignment] if options.assignment else list(ASSIGNMENTS)
    fair = {assignment: _run(assignment, options) for assignment in wanted}
    return 0 if all(fair.values()) else 1


def _run(name: str, options: argparse.Namespace) -> bool:
    """Runs the corpus of one assignment; whether everything is as it must be."""
    reports: dict[int, Report] = {}
    known = record.code()
    with tempfile.TemporaryDirectory(prefix="fairness-") as folder:
        kept = (options.keep or Path(folder) / "kept") / known / name
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            home = kept if options.graded else Path(folder)
            course = course_with_seed(home / f"course-{seed}", seed)
            reports[seed] = _asked(course.assignment(name), options, kept / str(seed))
            _tell(name, seed, reports)
            if options.every == 1 and not options.only:
                asked = _write(reports, name, known, options)
            else:
                asked = [Asked.of(seed, report) for seed, report in reports.items()]
    return len({row.verdicts for row in asked}) == 1 and all(map(is_fair, reports.values()))


def _asked(assignment: Assignment, options: argparse.Namespace, kept: Path) -> Report:
    """Asks the corpus, or what is wanted of it, in the way that is wanted."""
    check_names(assignment)
    corpus = submissions(assignment, options.packed or options.graded)[:: options.every]
    corpus = [submission for submission in corpus if options.only in submission.name]
    if options.graded:
        return graded.run(assignment, corpus, options.jobs)
    if options.direct:
        corpus, kept = asked_directly(corpus), kept.with_name(f"{kept.name}d")
        return run(assignment.course, corpus, options.jobs, kept, check)
    return run(assignment.course, corpus, options.jobs, kept)


def _tell(assignment: str, seed: int, reports: Mapping[int, Report]) -> None:
    report = reports[seed]
    Console().print(matrix(report, assignment))
    print(f"seed {seed}: {len(report.verdicts)} notebooks, {sum(report.seconds):.0f} s")
    for complaint in report.complaints:
        print(complaint)
    for name in differences(next(iter(reports.values())), report):
        print(f"DIFFERS FROM THE FIRST SEED {name}")
