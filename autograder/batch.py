"""Grades a folder of submissions into nbgrader's gradebook: many workers, one writer, nothing done twice.

A submission goes through three steps, each of which leaves something that a later run finds: a worker grades
it (`autograded/`, then the result in `.autograder/results/`), the writer takes the scores down in the
gradebook, a worker makes its feedback page. What was killed goes on with the step that was not finished.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder import gradebook, results, scratch, work
from autograder.assignment import Assignment, Course
from autograder.feedback import feedback_path
from autograder.files import write
from autograder.nbgrader_course import course_directory, load_config, shown_url
from autograder.pool import LOG_FORMAT, Here, Pool, Processes
from autograder.rebuild import UnreadableSubmission, read_bytes
from autograder.records import Records, Shown
from autograder.results import Result, Scores
from autograder.sandbox import warning as sandbox_warning
from autograder.submitted import TIMESTAMP, Submitted, when, when_said
from autograder.usage import UsageError

LOG, LOCK = "grade.log", "grade.lock"
"""In the course's private folder."""
GONE = "the workers are gone; run the same command to go on where it was"

log = logging.getLogger(__name__)


class State(Enum):
    GRADED = "graded"
    UNCHANGED = "unchanged"
    NEEDS_HUMAN = "needs a human"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission; `score` is what the gradebook says, None while it says nothing."""

    student: str
    state: State
    score: float | None
    max_score: float
    reason: str | None = None
    feedback: Path | None = None


@dataclass
class Job:
    """A submission on its way.

    Attributes:
        student: whose it is.
        key: what it is known by.
        said: what is said of when it came in, nothing where nothing is.
        timestamp: when that is, where it is known.
        step: what is done next, with its arguments.
        tries: how many workers have died of that step.
        result: what grading has left, once it has.
        shown: stands for what the page shows that is being made.
    """

    student: str
    key: str
    said: bytes
    timestamp: datetime | None
    step: tuple[Any, ...] = ()
    tries: int = 0
    result: Result | None = None
    shown: str | None = None


class Batch:
    """One run over the submissions of an assignment."""

    def __init__(
        self,
        course: Course,
        name: str,
        *,
        sandbox: str = "auto",
        db_url: str | None = None,
        workers: int = 1,
        cluster: str | None = None,
    ) -> None:
        """
        Args:
            course: the course.
            name: the assignment.
            sandbox: how students' code is confined.
            db_url: the gradebook, if not the course's own.
            workers: how many processes grade at a time; one is this process itself.
            cluster: the address of a Dask scheduler, whose workers grade instead.
        """
        self.warning = sandbox_warning(sandbox)
        self.assignment: Assignment = course.assignment(name)
        self.course = course
        self.workers, self.cluster = workers, cluster
        self.config: Config = load_config(course.root)
        self.coursedir = course_directory(self.config, course.root, db_url)
        self.submitted = Submitted(self.coursedir, self.assignment)
        self.task = work.Task(course.root, name, sandbox)

    def students(self, wanted: tuple[str, ...] = ()) -> list[str]:
        """Who handed something in, or of them those wanted."""
        return self.submitted.students(wanted)

    def grade(self, students: Sequence[str], *, force: bool = False) -> Iterator[Outcome]:
        """Yields an outcome as soon as everything of it is written; what was yielded is not done again."""
        with _alone(self.course.private / LOCK):
            gradebook.register(self.assignment, self.config, self.coursedir)
        return self._outcomes(list(dict.fromkeys(students)), force)

    def _outcomes(self, students: list[str], force: bool) -> Iterator[Outcome]:
        with (
            _alone(self.course.private / LOCK),
            _logging_to(self.course.private / LOG),
            self._records() as records,
            self._pool() as pool,
        ):
            yield from Run(self, records, pool, force).outcomes(students)

    @contextmanager
    def _records(self) -> Iterator[Records]:
        try:
            with Records(self.coursedir.db_url, self.assignment.name, self.config) as records:
                yield records
        except SQLAlchemyError as problem:
            log.exception("The gradebook failed")
            reason = str(problem).splitlines()[0]
            where = shown_url(self.coursedir.db_url)
            raise UsageError(
                f"the gradebook {where} cannot be used: {reason}; run the same command to go on where it was"
            ) from None

    @contextmanager
    def _pool(self) -> Iterator[Pool]:
        if self.cluster is not None:
            # They take a second to import, and load torch.
            from autograder.cluster import Cluster
            from autograder.parcel import Parcel

            work.know(self.task)  # once, instead of once for every machine
            with Cluster(self.cluster, self.task, Parcel.of(self.course)) as workers:
                yield workers
        elif self.workers == 1:
            yield Here(self.task)
        else:
            with self._processes() as pool:
                yield pool

    @contextmanager
    def _processes(self) -> Iterator[Pool]:
        folder = scratch.settle(self.course.root)
        pool = Processes(self.task, self.workers, folder, self.course.private / LOG)
        try:
            yield pool
        finally:
            pool.close()


class Run:
    """The submissions of one run on their way through its steps."""

    def __init__(self, batch: Batch, records: Records, pool: Pool, force: bool) -> None:
        self.batch, self.records, self.pool, self.force = batch, records, pool, force
        self.assignment, self.coursedir, self.submitted = batch.assignment, batch.coursedir, batch.submitted
        self._at_work: dict[Future[Any], Job] = {}

    def outcomes(self, students: Iterable[str]) -> Iterator[Outcome]:
        """What becomes of everybody, in the order in which it becomes known."""
        waiting = deque(students)
        while waiting or self._at_work:
            while waiting and len(self._at_work) < self.pool.ahead:
                yield from self._begin(waiting.popleft())
            done, _ = wait(self._at_work, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._finish(self._at_work.pop(future), future)

    def _begin(self, student: str) -> Iterator[Outcome]:
        """Hands a submission to the workers, unless nothing is to be done or nothing can be."""
        content, said, timestamp, problem = b"", b"", None, None
        try:
            files = self.submitted.files(student)
            said = when_said(self.submitted.folder(student))
            timestamp = when(said)
            submitted = self.submitted.notebook(student, files)
            content = read_bytes(submitted, submitted.name)
        except UnreadableSubmission as reason:
            problem = str(reason)
        key = results.submission_key(content, said, problem, self.assignment)
        job = Job(student, key, said, timestamp)
        job.result = None if self.force else self._known(job)
        if job.result is None:
            self._page(student).unlink(missing_ok=True)
            results.forget(self.assignment, student)
            self._submit(job, work.grade, content, key, problem)
        elif not self._is_recorded(job):
            self._record(job)
        else:
            yield from self._refresh(job)

    def _refresh(self, job: Job) -> Iterator[Outcome]:
        """Makes the page anew where the gradebook no longer holds what it shows."""
        self.records.penalise_anew(job.student)
        assert job.result is not None
        if job.result.shown == _digest(self.records.shown(job.student)) and self._page(job.student).is_file():
            yield self._outcome(job.student, State.UNCHANGED)
        else:
            self._make_page(job)

    def _known(self, job: Job) -> Result | None:
        """What an earlier run has found out about this very submission, where it still stands."""
        result = results.load(self.assignment, job.student)
        if result is None or result.key != job.key or not self._graded(job.student).is_file():
            return None
        return None if self._is_undecided(result, job.student) else result

    def _is_undecided(self, result: Result, student: str) -> bool:
        """Whether a human has still to look."""
        if result.needs_human is None:
            return False
        recorded = self.records.recorded(student)
        return recorded is None or recorded.needs_human

    def _is_recorded(self, job: Job) -> bool:
        assert job.result is not None
        recorded = self.records.recorded(job.student)
        if recorded is None:
            return False
        if job.result.needs_human is not None:
            return True  # somebody has given the missing points by hand since
        scores = job.result.scores()
        return all(score == scores.get(cell) for cell, score in recorded.auto_scores.items())

    def _submit(self, job: Job, function: Any, *arguments: Any) -> None:
        job.step = (function, *arguments)
        try:
            self._at_work[self.pool.submit(function, *arguments)] = job
        except BrokenExecutor:
            raise UsageError(GONE) from None

    def _finish(self, job: Job, future: Future[Any]) -> Iterator[Outcome]:
        try:
            done = future.result()
        except (CancelledError, BrokenExecutor):
            raise UsageError(GONE) from None
        except UsageError:
            raise
        except Exception as problem:
            yield from self._try_again(job, problem)
            return
        if isinstance(done, work.Done):
            job.tries, job.result = 0, done.result
            self._keep(job, done)
            self._record(job)
        else:
            assert job.result is not None
            write(self._page(job.student), done)
            _say_when(job, self._page(job.student).parent)
            results.save(self.assignment, job.student, replace(job.result, shown=job.shown))
            reason = job.result.needs_human if self._is_undecided(job.result, job.student) else None
            state = State.GRADED if reason is None else State.NEEDS_HUMAN
            yield self._outcome(job.student, state, reason, self._page(job.student))

    def _try_again(self, job: Job, problem: Exception) -> Iterator[Outcome]:
        """After a worker's end, whatever the reason; a few times only, for it may be the submission."""
        died = self.pool.has_died(problem)
        job.tries += died
        if died and job.tries < self.pool.tries:
            self._submit(job, *job.step)
            return
        log.error("%s: %s", job.student, problem, exc_info=problem)
        reason = "every worker that tried it has died" if died else f"the grader failed: {problem!r}"
        yield self._failed(job, f"{reason} (more in {self.batch.course.private / LOG})")

    def _keep(self, job: Job, done: work.Done) -> None:
        """Writes down what a worker has found out, the notebook first: with the result all of it is there."""
        write(self._graded(job.student), done.notebook)
        _say_when(job, self._graded(job.student).parent)
        results.save(self.assignment, job.student, done.result)

    def _record(self, job: Job) -> None:
        """Takes the scores down and has the page made that shows them."""
        assert job.result is not None
        self.records.write(job.student, job.result.for_gradebook(), job.timestamp)
        self._make_page(job)

    def _make_page(self, job: Job) -> None:
        notebook = self._graded(job.student).read_text(encoding="utf-8")
        shown = self.records.shown(job.student)
        job.shown = _digest(shown)
        self._submit(job, work.feedback, notebook, shown)

    def _failed(self, job: Job, reason: str) -> Outcome:
        """No score, page or notebook of an earlier grading stays when the new one came to nothing."""
        self.records.write(job.student, Scores({}, frozenset()), job.timestamp)
        for path in (self._page(job.student), self._graded(job.student)):
            path.unlink(missing_ok=True)
        results.forget(self.assignment, job.student)
        return self._outcome(job.student, State.NEEDS_HUMAN, reason)

    def _outcome(
        self, student: str, state: State, reason: str | None = None, page: Path | None = None
    ) -> Outcome:
        recorded = self.records.recorded(student)
        score = recorded.score if recorded else None
        return Outcome(student, state, score, self.assignment.max_score, reason, page)

    def _graded(self, student: str) -> Path:
        name = self.assignment.name
        folder = self.coursedir.format_path(self.coursedir.autograded_directory, student, name)
        return Path(folder) / f"{name}.ipynb"

    def _page(self, student: str) -> Path:
        return feedback_path(self.assignment, student, self.coursedir)


def _say_when(job: Job, folder: Path) -> None:
    """nbgrader's own commands find out there when a submission came in, and stop where that is no time."""
    if job.timestamp is not None:
        write(folder / TIMESTAMP, job.said)
    else:
        (folder / TIMESTAMP).unlink(missing_ok=True)


def _digest(shown: Shown) -> str:
    """Stands for what a page shows of the gradebook."""
    return hashlib.sha256(json.dumps(asdict(shown), sort_keys=True).encode()).hexdigest()


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Keeps what the grader says of its own faults where its messages point to."""
    logger = logging.getLogger("autograder")
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """
    Raises:
        UsageError: another process is grading in this course.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout:
        raise UsageError(
            f"another `autograder grade` is at work in {path.parent.parent}: let it finish, or stop it"
        ) from None
