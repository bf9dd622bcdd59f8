"""Where work is done: in this process or in processes of this machine. Both give futures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from pebble import ProcessPool

from autograder import confine, warm


class Pool(Protocol):
    """Does work, a call at a time for each of its workers.

    Attributes:
        ahead: how many calls it should have at a time; more would only take memory.
    """

    ahead: int

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function called; its future has what came of it."""


class Here:
    """Does everything in this process, at once."""

    ahead = 1

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Calls the function before it returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Processes:
    """Processes of this machine, each with a zygote of its own; one that dies is replaced.

    The future of a call whose process has died has `pebble.ProcessExpired` for its exception.

    Args:
        workers: how many.
        folder: where the workers keep temporary files; whoever makes the pool removes it.
        prepare: called in every worker with the arguments that follow, before it does anything else.
    """

    def __init__(self, workers: int, folder: Path, prepare: Callable[..., None], *arguments: Any) -> None:
        self.ahead = 2 * workers
        self._pool = ProcessPool(
            max_workers=workers,
            context=get_context("spawn"),
            initializer=_begin,
            initargs=(str(folder), prepare, arguments),
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Has a function called by the next worker that is free."""
        future: Future[Any] = self._pool.schedule(function, args=arguments)
        return future

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""
        self._pool.stop()
        self._pool.join()


def _begin(folder: str, prepare: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """A worker does not outlive its pool and leaves nothing elsewhere."""
    confine.die_with_parent()
    tempfile.tempdir = folder
    warm.start()
    prepare(*arguments)
