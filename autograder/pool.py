"""Where work is done: in this process or in processes of this machine; cluster.py has other machines."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from autograder import confine, warm, work
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

    Args:
        task: what is worked on.
        workers: how many.
        folder: where the workers keep temporary files; whoever makes the pool removes it.
        log: where they tell what goes wrong.
    """

    tries = 3

    def __init__(self, task: Task, workers: int, folder: Path, log: Path) -> None:
        self._task, self.ahead = task, 2 * workers
        self._pool = ProcessPool(
            max_workers=workers,
            context=get_context("spawn"),
            initializer=_begin,
            initargs=(str(folder), task, log),
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function called by the next worker that is free."""
        future: Future[Any] = self._pool.schedule(function, args=(self._task, *arguments))
        return future

    def has_died(self, problem: BaseException) -> bool:
        """Whether a worker has ended without a word."""
        return isinstance(problem, ProcessExpired)

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""
        self._pool.stop()
        self._pool.join()


def _begin(folder: str, task: Task, log: Path) -> None:
    """A worker does not outlive its pool and leaves nothing elsewhere."""
    confine.die_with_parent()
    tempfile.tempdir = folder
    warm.start()
    logging.basicConfig(filename=log, format=LOG_FORMAT, encoding="utf-8")
    work.prepare(task)
