"""Work done by a Dask cluster: submissions travel as bytes, what came of them as data.

Every worker gets the course once, as a parcel, and works in a folder of its own. What a worker has begun
when it dies is given to another one by Dask; the one writer here takes every submission down once.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from typing import Any

from distributed import Client, KilledWorker, Worker, WorkerPlugin

from autograder import warm, work
from autograder.parcel import Parcel
from autograder.results import grader_version
from autograder.sandbox import is_confined
from autograder.usage import UsageError
from autograder.work import Task

CONNECT_SECONDS = 20
WORKERS_SECONDS = 60
LOOK_SECONDS = 5
"""How often it is asked how many workers there are."""

log = logging.getLogger(__name__)


class Cluster:
    """The workers of a Dask cluster; use it as a context manager.

    Args:
        address: of its scheduler.
        task: what is worked on, here; every worker has its own copy of the course.
        parcel: the course.

    Raises:
        UsageError: there is no scheduler, there are no workers, or they have another version of the grader.
    """

    tries = 1
    """Dask itself tries again: by default a call is given up with the fourth worker that it ends with."""

    def __init__(self, address: str, task: Task, parcel: Parcel) -> None:
        self._looked, self._workers = 0.0, 1
        course = CourseAtHand(parcel, task, grader_version())
        self._course = course.name
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise UsageError(
                f"no Dask scheduler answers at {address} ({problem}); start one with `dask scheduler`, "
                "and give the address that it prints"
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
            self._client.register_plugin(course)
        except TimeoutError:
            self._client.close()
            raise UsageError(
                f"the Dask cluster at {address} has no workers; start some with "
                f"`dask worker {address} --nworkers auto --nthreads 1`"
            ) from None
        except Exception as problem:
            self.close()
            raise UsageError(f"a worker of {address} cannot grade: {problem}") from None
        self._executor = self._client.get_executor(pure=False)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def ahead(self) -> int:
        """Twice as many calls as there are workers now, who come and go."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            self._workers = max(1, len(self._client.nthreads()))
        return 2 * self._workers

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function called by a worker that is free."""
        future: Future[Any] = self._executor.submit(call, self._course, function, *arguments)
        return future

    def has_died(self, problem: BaseException) -> bool:
        """Whether it cost so many workers that Dask has given it up."""
        return isinstance(problem, KilledWorker)

    def close(self) -> None:
        """Takes the course from the workers and leaves them; what they are still doing is given up."""
        try:
            self._client.unregister_worker_plugin(self._course)
        except Exception as problem:  # the workers may be gone, and the rest is done all the same
            log.warning("the course could not be taken from the cluster: %s", problem)
        self._client.close()


class Unfit(UsageError):
    """A worker cannot do the work, whatever it is; a run that meets it stops and may go on later."""


class CourseAtHand(WorkerPlugin):
    """Unpacks a course on every worker, those that come later too, and takes it away in the end."""

    def __init__(self, parcel: Parcel, task: Task, version: str) -> None:
        # A later run of the same course finds and replaces what a killed one has left.
        self.name = f"autograder-{sha256(f'{gethostname()}:{task.course}'.encode()).hexdigest()[:12]}"
        self.parcel, self.task, self.version = parcel, task, version

    def setup(self, worker: Worker) -> None:
        """
        Raises:
            Unfit: the worker has another version of the grader, or cannot confine what it runs.
        """
        if grader_version() != self.version:
            raise Unfit(f"{worker.address} has another version of the grader: install the same there")
        try:
            is_confined(self.task.sandbox)
        except UsageError as problem:
            raise Unfit(f"{worker.address}: {problem}") from None
        tempfile.tempdir = worker.local_directory
        root = self._root(worker)
        for left in root.parent.glob(f"{self.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        self.parcel.unpack(root)
        task = replace(self.task, course=root)
        warm.start()
        work.prepare(task)
        _at_hand[self.name] = task

    def teardown(self, worker: Worker) -> None:
        """Takes the course away."""
        _at_hand.pop(self.name, None)
        shutil.rmtree(self._root(worker), ignore_errors=True)
        if not _at_hand:
            warm.renew()

    def _root(self, worker: Worker) -> Path:
        # Under another name where the course is another: what is known of a folder is kept by its path.
        return Path(worker.local_directory) / f"{self.name}-{self.parcel.digest}"


_at_hand: dict[str, Task] = {}
_one_at_a_time = threading.Lock()
"""A worker that was started with many threads grades one submission after the other all the same."""


def call(course: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """What a worker does: a function of `work`, on its own copy of the course.

    Raises:
        Unfit: this worker could not be given the course.
    """
    with _one_at_a_time:
        if course not in _at_hand:
            raise Unfit("a worker has come that could not be given the course: see its log")
        return function(_at_hand[course], *arguments)
