"""The project's own corpus of submissions through the real `autograder check`: who gets what, and why.

    python -m bench.fairness                      every version in a notebook of its own
    python -m bench.fairness --packed             versions that do not meet in one place share a notebook
    python -m bench.fairness --seeds 10 --packed  again with other hidden seeds; no verdict may differ

The command is called within worker processes that stay, so that its imports are paid for once a worker and
not once a notebook. Right versions and harmless oddities must get everything; wrong ones must lose in their
own cells and nowhere else, and be named. The matrix is printed and, for whole runs, written to fairness.md
and fairness.csv beside this file. The exit status is 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import csv
import io
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from autograder import cli, course_folder
from autograder.assignment import Assignment, Course, grade_id, is_test
from tests.submissions.corpus import Version, cells_of, notebook_of, solved_cells, versions
from tests.submissions.oddities import ODDITIES, Oddity

HERE = Path(__file__).parent
ASSIGNMENT = "actor_critic"
LEARNS = "test_agent_learns"
"""The one cell that may fall with a method of the agent."""

NAMED_AT_LEAST = 0.95


@dataclass(frozen=True)
class Submission:
    """A notebook of the corpus, and what must come of it.

    Attributes:
        name: tells it apart.
        versions: the versions in it; none for an oddity.
        text: the notebook file.
        statuses: the status of every test cell that has to lose points, None where any will do.
    """

    name: str
    versions: tuple[Version, ...]
    text: str
    statuses: Mapping[str, str | None]


@dataclass
class Tally:
    """One row of the matrix."""

    right: int = 0
    full: int = 0
    wrong: int = 0
    caught: int = 0
    to_name: int = 0
    named: int = 0
    collateral: int = 0

    def add(self, other: Tally) -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Report:
    """What became of a run."""

    rows: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    complaints: list[str] = field(default_factory=list)
    verdicts: dict[str, Any] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        total = Tally()
        for row in self.rows.values():
            total.add(row)
        return total


# --- the submissions ---


def submissions(assignment: Assignment, packed: bool) -> list[Submission]:
    """All of the corpus: versions alone or packed, and the oddities."""
    solved = solved_cells(assignment)
    corpus = list(versions())
    groups = [*_packed(v for v in corpus if v.right), *_packed(v for v in corpus if not v.right)]
    if not packed:
        groups = [(version,) for version in corpus]
    made = [_of_versions(assignment, solved, group) for group in groups]
    return made + [_of_oddity(assignment, solved, oddity) for oddity in ODDITIES]


def _of_versions(assignment: Assignment, solved: dict[str, str], group: tuple[Version, ...]) -> Submission:
    cells = solved
    for version in group:
        cells = cells_of(version.code, cells)
    lost = {test: None for version in group for test, _ in version.mistakes}
    return Submission(
        " & ".join(map(str, group)),
        group,
        json.dumps(notebook_of(assignment, cells), ensure_ascii=False),
        lost,
    )


def _of_oddity(assignment: Assignment, solved: dict[str, str], oddity: Oddity) -> Submission:
    text = oddity.submission(assignment.pristine, notebook_of(assignment, solved))
    return Submission(f"oddities: {oddity.what}", (), text, dict(oddity.lost))


def _packed(corpus: Iterable[Version]) -> Iterator[tuple[Version, ...]]:
    """Groups of versions of which no two define the same function or method, or a model and an agent apart.

    Two versions from one file are about the same test cell and never share a notebook.
    """
    open_groups: list[tuple[list[Version], set[str], set[str]]] = []
    for version in corpus:
        defines = _definitions(version.code)
        for group, files, taken in open_groups:
            if version.file not in files and not defines & taken and not _clash(defines, taken):
                group.append(version)
                files.add(version.file)
                taken |= defines
                break
        else:
            open_groups.append(([version], {version.file}, set(defines)))
    yield from (tuple(group) for group, _, _ in open_groups)


def _is_special(node: ast.ClassDef) -> bool:
    """Whether there is more to a class than methods: what it inherits, a decorator, attributes."""
    documented = (ast.FunctionDef, ast.Expr)
    bases = {ast.unparse(base) for base in node.bases}
    if node.name == "ActorCriticModel":
        bases.discard("nn.Module")
    return bool(bases or node.decorator_list) or not all(isinstance(item, documented) for item in node.body)


def _clash(defines: set[str], taken: set[str]) -> bool:
    """An agent is written for its own model, and a special class for its own methods: both come alone."""
    both = defines | taken
    for one, other in ((defines, taken), (taken, defines)):
        special = {name.removesuffix("*") for name in one if name.endswith(".*")}
        if any(name.startswith(prefix) for prefix in special for name in other):
            return True
    return any(name.startswith("ActorCriticModel") for name in both) and any(
        name.startswith("ActorCriticAgent") for name in both
    )


def _definitions(code: str) -> set[str]:
    found = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
            if _is_special(node):
                found.add(f"{node.name}.*")
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
        else:
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return found


# --- running them ---


def run(course: Course, corpus: Sequence[Submission], jobs: int, folder: Path) -> Report:
    """Checks every submission by the command line and judges what came back."""
    report = Report()
    folder.mkdir(parents=True)
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        results = pool.map(
            _check,
            [course.root] * len(corpus),
            [submission.text for submission in corpus],
            [folder / f"{number}.ipynb" for number in range(len(corpus))],
        )
        for submission, (verdict, seconds) in tqdm(
            zip(corpus, results, strict=True), total=len(corpus), file=sys.stdout, ncols=88
        ):
            report.seconds.append(seconds)
            report.verdicts[submission.name] = verdict
            _judge(submission, verdict, report)
    return report


def _check(course: Path, text: str, path: Path) -> tuple[dict[str, Any] | str, float]:
    """The command's own verdict, or what it said instead of one; and its seconds."""
    path.write_text(text, encoding="utf-8")
    target = path.with_suffix(".json")
    arguments = ["check", str(path), "--json", str(target), "--sandbox", "none", "--course-dir", str(course)]
    said = io.StringIO()
    started = time.monotonic()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        cli.main(arguments)
    seconds = time.monotonic() - started
    if not target.is_file():
        return f"no verdict: {said.getvalue().strip()[-300:]}", seconds
    return json.loads(target.read_text(encoding="utf-8")), seconds


def _judge(submission: Submission, verdict: dict[str, Any] | str, report: Report) -> None:
    """Counts a verdict into the matrix and notes what is not as it must be."""
    if isinstance(verdict, str):
        report.complaints.append(f"NO VERDICT {submission.name}: {verdict}")
        return
    cells = {cell["grade_id"]: cell for cell in verdict["cells"]}
    lost = {name for name, cell in cells.items() if cell["score"] < cell["points"]}
    tolerated = {LEARNS} if _touches_agent(submission) else set()
    collateral = lost - set(submission.statuses) - tolerated
    if collateral:
        told = {name: cells[name]["findings"][:1] for name in sorted(collateral)}
        report.complaints.append(f"COLLATERAL {submission.name}: {told}")
    _count(submission, cells, lost, collateral, report)
    for name, status in submission.statuses.items():
        if status is not None and cells[name]["status"] != status:
            report.complaints.append(
                f"STATUS {submission.name}: {name} is {cells[name]['status']}, not {status}"
            )


def _touches_agent(submission: Submission) -> bool:
    return any("ActorCriticAgent" in version.code for version in submission.versions if not version.right)


def _count(
    submission: Submission,
    cells: Mapping[str, Any],
    lost: set[str],
    collateral: set[str],
    report: Report,
) -> None:
    if not submission.versions:
        full = lost == set(submission.statuses)
        report.rows["oddities"].add(Tally(right=1, full=int(full)))
        if not full:
            report.complaints.append(f"ODDITY {submission.name}: lost {sorted(lost)}")
    for version in submission.versions:
        row = report.rows[version.file]
        if version.right:
            row.add(Tally(right=1, full=int(not lost)))
            continue
        tests = {test for test, _ in version.mistakes}
        row.add(Tally(wrong=1, caught=int(tests <= lost), collateral=int(bool(collateral))))
        report.complaints += [f"MISSED {version}: {test}" for test in sorted(tests - lost)]
        for test, mistake in version.mistakes:
            if mistake is not None and test in lost:
                named = {finding["mistake"] for finding in cells[test]["findings"]}
                row.add(Tally(to_name=1, named=int(mistake in named)))
                if mistake not in named:
                    report.complaints.append(
                        f"UNNAMED {version}: {test} {mistake}, but {sorted(map(str, named))}"
                    )
    if submission.versions and all(version.right for version in submission.versions) and lost:
        told = {name: cells[name]["findings"][:2] for name in sorted(lost)}
        report.complaints.append(f"REJECTED {submission.name}: {told}")


# --- telling ---


def matrix(report: Report) -> Table:
    table = Table("", "right", "full", "wrong", "caught", "to name", "named", "collateral", title="Fairness")
    for name, row in [*report.rows.items(), ("all", report.total)]:
        table.add_row(name, *(str(value) for value in vars(row).values()))
    return table


def differences(first: Report, other: Report) -> list[str]:
    """Submissions of which two runs say something different: points, status or mistakes of a cell."""
    return [
        name
        for name, verdict in first.verdicts.items()
        if _essence(verdict) != _essence(other.verdicts[name])
    ]


def _essence(verdict: dict[str, Any] | str) -> Any:
    if isinstance(verdict, str):
        return verdict
    return [
        (cell["grade_id"], cell["score"], cell["status"], sorted(str(f["mistake"]) for f in cell["findings"]))
        for cell in verdict["cells"]
    ]


def is_fair(report: Report) -> bool:
    """Whether everything is as it must be."""
    total = report.total
    hard = [complaint for complaint in report.complaints if not complaint.startswith("UNNAMED")]
    return not hard and total.named >= NAMED_AT_LEAST * total.to_name


def write(report: Report, how: str) -> None:
    """Writes the matrix and the times beside this file."""
    total = report.total
    with (HERE / "fairness.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["cell", *vars(Tally())])
        writer.writerows([name, *vars(row).values()] for name, row in [*report.rows.items(), ("all", total)])
    header = ["cell", *(name.replace("_", " ") for name in vars(Tally()))]
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    for name, row in [*report.rows.items(), ("**all**", total)]:
        lines.append("| " + " | ".join([name, *map(str, vars(row).values())]) + " |")
    seconds = sorted(report.seconds)
    text = (
        f"# Fairness\n\n{how}\n\n" + "\n".join(lines) + "\n\n"
        f"Seconds per check: median {seconds[len(seconds) // 2]:.1f}, longest {seconds[-1]:.1f}.\n"
    )
    (HERE / "fairness.md").write_text(text, encoding="utf-8")


def course_with_seed(folder: Path, seed: int) -> Course:
    """A fresh course with this hidden seed."""
    course = course_folder.create(Course.find(HERE.parent), folder)
    (course.private / "hidden_seed").write_text(f"{seed}\n", encoding="ascii")
    return course


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packed", action="store_true", help="share notebooks")
    parser.add_argument("--seeds", type=int, default=1, help="how many hidden seeds, one run each")
    parser.add_argument("--first-seed", type=int, default=1, help="the first of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="checks at a time")
    parser.add_argument("--every", type=int, default=1, help="only every n-th submission")
    parser.add_argument("--only", default="", help="only submissions with this in their name")
    options = parser.parse_args(arguments)
    whole = options.every == 1 and not options.only
    reports: list[Report] = []
    with tempfile.TemporaryDirectory(prefix="fairness-") as folder:
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            course = course_with_seed(Path(folder) / f"course-{seed}", seed)
            corpus = submissions(course.assignment(ASSIGNMENT), options.packed)[:: options.every]
            corpus = [submission for submission in corpus if options.only in submission.name]
            _same_cells(course.assignment(ASSIGNMENT))
            started = time.monotonic()
            report = run(course, corpus, options.jobs, Path(folder) / f"run-{seed}")
            taken = time.monotonic() - started
            reports.append(report)
            Console().print(matrix(report))
            print(f"seed {seed}: {len(corpus)} notebooks in {taken:.0f} s, {options.jobs} at a time")
            for complaint in report.complaints:
                print(complaint)
            for name in differences(reports[0], report):
                print(f"DIFFERS FROM THE FIRST SEED {name}")
                report.complaints.append(name)
    if whole:
        write(reports[0], f"{len(corpus)} notebooks, {taken:.0f} s with {options.jobs} checks at a time.")
    return 0 if all(map(is_fair, reports)) else 1


def _same_cells(assignment: Assignment) -> None:
    """Every test cell of the corpus has to be one of the assignment's."""
    tests = {grade_id(cell) for cell in assignment.pristine.cells if is_test(cell)}
    unknown = Counter(test for version in versions() for test, _ in version.mistakes if test not in tests)
    if unknown:
        raise ValueError(f"the corpus speaks of test cells that are not there: {sorted(unknown)}")


if __name__ == "__main__":
    sys.exit(main())
