"""Where work is done: in this process or in processes of this machine; cluster.py has other machines."""

from __future__ import annotations

import logging
import os
import select
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from autograder import warm, work
from autograder.forking import start_ahead
from autograder.work import Task

LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"


class Pool(Protocol):
    """Does work of one task, a call at a time for each of its workers.

    Attributes:
        tries: so often a call may end with its worker before it is given up.
    """

    tries: int

    @property
    def ahead(self) -> int:
        """How many calls it should have at a time; more would only take memory."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function of `work` called with the task; its future has what came of it."""

    def has_died(self, problem: BaseException) -> bool:
        """Whether an exception says that a worker is no more."""


class Here:
    """Does everything in this process, at once."""

    ahead = tries = 1

    def __init__(self, task: Task) -> None:
        self._task = task

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Calls the function before it returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(self._task, *arguments))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def has_died(self, problem: BaseException) -> bool:
        """Nobody would be here to ask."""
        return False


class Processes:
    """Processes of this machine, each with a zygote of its own; one that dies is replaced.

    They are forked from one that has imported everything, and so are their zygotes.

    Args:
        task: what is worked on.
        workers: how many.
        folder: where the workers keep temporary files; whoever makes the pool removes it.
        log: where they tell what goes wrong.
    """

    tries = 3

    def __init__(self, task: Task, workers: int, folder: Path, log: Path) -> None:
        self._task, self.ahead = task, 2 * workers
        zygote = warm.zygote().folder if warm.is_available() else None
        self._pool = ProcessPool(
            max_workers=workers,
            context=start_ahead(),
            initializer=_begin,
            initargs=(os.getpid(), zygote, folder, task, log),
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function called by the next worker that is free.

        Raises:
            BrokenExecutor: the workers are gone.
        """
        try:
            future: Future[Any] = self._pool.schedule(function, args=(self._task, *arguments))
        except RuntimeError as problem:  # what pebble raises once all of its workers have died at their start
            raise BrokenExecutor(str(problem)) from problem
        return future

    def has_died(self, problem: BaseException) -> bool:
        """Whether a worker has ended without a word."""
        return isinstance(problem, ProcessExpired)

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""
        self._pool.stop()
        self._pool.join()


def _begin(grader: int, zygote: Path | None, folder: Path, task: Task, log: Path) -> None:
    """A worker does not outlive the grader and leaves nothing elsewhere."""
    _die_with(grader)
    tempfile.tempdir = str(folder)
    warm.start(branch_of=zygote)
    logging.basicConfig(filename=log, format=LOG_FORMAT, encoding="utf-8")
    work.prepare(task)


def _die_with(process: int) -> None:
    """Has this process killed when another one ends, where the system lets one wait for that."""
    if not hasattr(os, "pidfd_open"):
        return

    def wait() -> None:
        select.select([descriptor], [], [])
        os.kill(os.getpid(), signal.SIGKILL)

    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        os._exit(1)
    threading.Thread(target=wait, daemon=True).start()
