"""The command line: `autograder check | grade | collect | report | export | build | init | demo`."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder import scratch, warm
from autograder.forking import start_ahead
from autograder.usage import UsageError
from autograder.visible import visible

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.batch import Batch, Outcome
    from autograder.grades import Row

# Small networks gain nothing from threads, and several graders on one machine lose by them.
os.environ.setdefault("OMP_NUM_THREADS", "1")

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""Those that this process may use, which are fewer than the machine has where somebody shares it out."""

EXIT_UNGRADED = 1
EXIT_USAGE = 2

course_option = click.option(
    "--course-dir", type=Path, default=Path("."), show_default=True, help="The course folder."
)
db_option = click.option(
    "--db",
    "db_url",
    metavar="URL",
    envvar="AUTOGRADER_DB",
    show_envvar=True,
    help="The gradebook's database, in place of the course's own file.",
)
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(["auto", "bwrap", "none"]),
    default="auto",
    show_default=True,
    help="How the student's code is confined.",
)


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Grades the notebooks of the course."""


@cli.command()
@click.argument("file", type=Path)
@click.option("--json", "json_target", metavar="FILE|-", help="Write the verdict as JSON; - is stdout.")
@sandbox_option
@course_option
def check(file: Path, json_target: str | None, sandbox: str, course_dir: Path) -> int:
    """Grade one notebook FILE, without a gradebook."""
    # Imported late, here and below: torch and nbgrader take seconds that --help and a typing error need not.
    scratch.settle(course_dir.resolve())
    warm.start()  # it loads what kernels need while this process loads its own
    from autograder.assignment import Course
    from autograder.grade_one import grade_notebook
    from autograder.rebuild import UnreadableSubmission, read_submission, rebuild
    from autograder.sandbox import warning as sandbox_warning
    from autograder.tables import verdict_table

    course = Course.find(course_dir)
    target = None if json_target in (None, "-") else _writable(Path(json_target))
    try:
        submitted = read_submission(file)
    except UnreadableSubmission as problem:
        raise UsageError(str(problem)) from None
    assignment = course.recognise(submitted)
    _warn(sandbox_warning(sandbox))
    rebuilt = rebuild(submitted, assignment)
    verdict = grade_notebook(rebuilt, assignment, name=str(file), sandbox=sandbox).verdict
    if json_target is None:
        Console().print(verdict_table(verdict))
    else:
        _write_json(verdict.to_json(), target)
    return EXIT_UNGRADED if verdict.needs_human else 0


@cli.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, metavar="ID", help="Only this student; repeatable.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=CORES,
    show_default="the cores it may use",
    help="How many submissions are graded at a time.",
)
@click.option("--cluster", metavar="ADDRESS", help="Grade on a Dask cluster: its scheduler's address.")
@db_option
@sandbox_option
@course_option
def grade(
    assignment: str,
    students: tuple[str, ...],
    force: bool,
    workers: int,
    cluster: str | None,
    db_url: str | None,
    sandbox: str,
    course_dir: Path,
) -> int:
    """Grade the submissions of ASSIGNMENT into the gradebook and write feedback."""
    scratch.settle(course_dir.resolve())
    if cluster is None:
        warm.start()
        if workers > 1:
            start_ahead()
    from autograder.assignment import Course
    from autograder.batch import Batch, State
    from autograder.tables import outcomes_table

    batch = Batch(
        Course.find(course_dir),
        assignment,
        sandbox=sandbox,
        db_url=db_url,
        workers=workers,
        cluster=cluster,
    )
    started = time.monotonic()
    outcomes = _grade_with_bar(batch, batch.students(students), force)
    console = Console()
    console.print(outcomes_table(outcomes))
    counts = {state: sum(outcome.state is state for outcome in outcomes) for state in State}
    summary = ", ".join(f"{count} {state.value}" for state, count in counts.items())
    console.print(f"{summary}; {_duration(time.monotonic() - started)}")
    misplaced = [] if students else batch.submitted.misplaced()
    for told in misplaced:
        console.print(f"not looked at: {visible(told)}", markup=False, soft_wrap=True)
    return EXIT_UNGRADED if counts[State.NEEDS_HUMAN] or misplaced else 0


@cli.command()
@click.argument("archive", type=Path)
@click.option("--assignment", metavar="NAME", help="What it was handed in for, in place of looking.")
@click.option("--update", is_flag=True, help="Replace earlier submissions that differ.")
@course_option
def collect(archive: Path, assignment: str | None, update: bool, course_dir: Path) -> int:
    """Take everybody's notebooks out of ARCHIVE, a zip from Moodle or Canvas, into submitted/."""
    from autograder.assignment import Course
    from autograder.collect import Fate
    from autograder.collect import collect as collecting
    from autograder.tables import collected_table

    found = list(collecting(Course.find(course_dir), archive, assignment, update))
    console = Console()
    if any(one.said for one in found):
        console.print(collected_table(one for one in found if one.said))
    counts = {fate: sum(one.fate is fate for one in found) for fate in Fate}
    console.print(", ".join(f"{count} {fate.value}" for fate, count in counts.items()))
    return EXIT_UNGRADED if counts[Fate.LEFT] else 0


@cli.command()
@click.argument("assignment")
@db_option
@course_option
def export(assignment: str, db_url: str | None, course_dir: Path) -> int:
    """Write the grades of ASSIGNMENT as CSV, and as Moodle and Canvas read them, into exports/."""
    from autograder.assignment import Course
    from autograder.export import export as exporting

    released = Course.find(course_dir).assignment(assignment)
    rows = _grades(released, db_url)
    for written in exporting(released, rows):
        click.echo(f"{written.path}: {written.students} of {len(rows)} students")
    return _tell_standings(rows)


@cli.command()
@click.argument("assignment")
@db_option
@course_option
def report(assignment: str, db_url: str | None, course_dir: Path) -> int:
    """Write a page about the class: scores, hard cells, mistakes and who made them."""
    from autograder.assignment import Course
    from autograder.report import report as reporting

    released = Course.find(course_dir).assignment(assignment)
    rows = _grades(released, db_url)
    click.echo(reporting(released, rows))
    return _tell_standings(rows)


def _grades(assignment: Assignment, db_url: str | None) -> list[Row]:
    from autograder import grades
    from autograder.nbgrader_course import course_directory, load_config

    root = assignment.course.root
    return grades.read(assignment, course_directory(load_config(root), root, db_url))


def _tell_standings(rows: Sequence[Row]) -> int:
    from autograder.grades import Standing, standings

    counts = standings(rows)
    click.echo(", ".join(f"{count} {standing.value}" for standing, count in counts.items()))
    return EXIT_UNGRADED if counts[Standing.NEEDS_HUMAN] else 0


@cli.command()
@click.option("--standalone", is_flag=True, help="Also write standalone/: notebooks that carry ac_helpers.")
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 1 if anything is out of date."
)
@course_option
def build(standalone: bool, only_check: bool, course_dir: Path) -> int:
    """Generate notebooks, reference and frozen answers from the sources."""
    from autograder import build as builder
    from autograder.assignment import Course

    course = Course.find(course_dir)
    if only_check:
        differences = list(builder.drift(course))
        for difference in differences:
            click.echo(difference)
        click.echo(
            "Out of date: run `autograder build`." if differences else "Everything generated is up to date."
        )
        return EXIT_UNGRADED if differences else 0
    changed = 0
    for path in builder.build(course, with_standalone=standalone):
        click.echo(f"wrote {path}")
        changed += 1
    click.echo(f"{changed} files written" if changed else "everything was up to date")
    return 0


@cli.command()
@click.argument("directory", metavar="DIR", type=Path)
@course_option
def init(directory: Path, course_dir: Path) -> int:
    """Make DIR a fresh course folder for a term."""
    from autograder.assignment import Course
    from autograder.course_folder import create

    course = create(Course.find(course_dir), directory)
    click.echo(f"{course.root} is ready: put notebooks into submitted/<student>/<assignment>/, then")
    for name in course.assignments():
        click.echo(f"  autograder grade {name} --course-dir {course.root}")
    return 0


@cli.command()
@click.argument("directory", metavar="[DIR]", type=Path, required=False)
@sandbox_option
@course_option
def demo(directory: Path | None, sandbox: str, course_dir: Path) -> int:
    """Release, submit, grade: the whole loop on a made-up class, in a fresh folder."""
    from autograder.assignment import Course
    from autograder.batch import Batch
    from autograder.course_folder import create
    from autograder.demo import rows, submit, surprises
    from autograder.made_up import CLASSES
    from autograder.report import report as reporting
    from autograder.sandbox import obstacle
    from autograder.tables import demo_table

    source = Course.find(course_dir)
    for name in CLASSES:
        source.assignment(name)
    course = create(source, directory or Path(tempfile.mkdtemp(prefix="actor-critic-demo-")))
    assignments = [course.assignment(name) for name in CLASSES]
    click.echo(f"A fresh course in {course.root}: a class of six hands in {' and '.join(CLASSES)}.")
    if sandbox == "auto" and (reason := obstacle()) is not None:
        click.echo(f"Strangers' code could not be graded here: {reason}. These six are this project's own.")
        sandbox = "none"
    console, surprising, pages, reports = Console(), [], [], []
    for assignment in assignments:
        submit(assignment)
        batch = Batch(course, assignment.name, sandbox=sandbox, workers=CORES)
        outcomes = _grade_with_bar(batch, batch.students(), force=False)
        console.print(demo_table(assignment.name, rows(assignment, outcomes)))
        pages += [outcome.feedback for outcome in outcomes if outcome.feedback]
        reports.append(reporting(assignment, _grades(assignment, None)))
        surprising += surprises(assignment, outcomes)
    click.echo("\nWhat the students get back:")
    for page in pages:
        click.echo(f"  {page}")
    click.echo("\nWhat became of the class:")
    for path in reports:
        click.echo(f"  {path}")
    click.echo("\nTo look into the gradebook with nbgrader's formgrader:")
    click.echo(f"  cd {course.root} && {sys.executable} -m jupyter lab")
    click.echo("  and there the menu Nbgrader > Formgrader, or /formgrader in the address bar")
    if surprising:
        click.echo(f"This is not what the demo is meant to show: {', '.join(surprising)}", err=True)
    return EXIT_UNGRADED if surprising else 0


def _grade_with_bar(batch: Batch, students: list[str], force: bool) -> list[Outcome]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[problems]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    graded = batch.grade(students, force=force)
    _warn(batch.warning)
    outcomes: list[Outcome] = []
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=300) as progress:
        task = progress.add_task("grading", total=len(students), problems="")
        for outcome in graded:
            outcomes.append(outcome)
            problems = sum(known.reason is not None for known in outcomes)
            progress.update(
                task,
                advance=1,
                description=escape(visible(outcome.student)),
                problems=f"{problems} for a human" if problems else "",
            )
        progress.update(task, description="graded")
    return sorted(outcomes, key=lambda outcome: outcome.student)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _warn(warning: str | None) -> None:
    if warning is not None:
        click.echo(f"autograder: {warning}", err=True)


def _writable(target: Path) -> Path:
    """Asked before the grading, so that a slip in the name does not cost the minutes it takes."""
    if target.is_dir() or not os.access(target.parent, os.W_OK):
        raise UsageError(f"cannot write {target}: give --json the name of a file in a folder that is there")
    return target


def _write_json(verdict: dict[str, Any], target: Path | None) -> None:
    text = json.dumps(verdict, ensure_ascii=False, indent=2) + "\n"
    if target is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
        return
    from autograder.files import write

    write(target, text)


def main(arguments: list[str] | None = None) -> None:
    """Bad input, a full disk and the like end in one line on stderr and status 2, never in a traceback."""
    try:
        status = cli.main(arguments, standalone_mode=False)
    except UsageError as problem:
        _die(str(problem))
    except click.ClickException as problem:
        _die(f"{problem.format_message()} (see autograder --help)")
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        _die(f"{where}{problem.strerror or problem}; put it right and run the same command to go on")
    except click.Abort:
        click.echo("interrupted; run the same command to go on", err=True)
        sys.exit(EXIT_UNGRADED)
    sys.exit(status)


def _die(message: str) -> None:
    click.echo(f"autograder: {visible(' '.join(message.split()))}", err=True)
    sys.exit(EXIT_USAGE)
