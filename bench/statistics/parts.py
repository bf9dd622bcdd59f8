"""The parts of the benchmark, and how their figures are computed: one after another or side by side."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import torch

from bench.statistics import asking, calibration, coincidences, learning, networks, rectified, shares
from bench.statistics.rows import Row

Task = Callable[[], list[Row]]

PARTS: dict[str, Callable[[float], Sequence[Task]]] = {
    "exact": lambda runs: [*shares.tasks(), *coincidences.tasks()],
    "networks": lambda runs: [*networks.tasks(runs), *rectified.tasks(runs)],
    "calibration": calibration.tasks,
    "alarms": asking.alarm_tasks,
    "power": asking.power_tasks,
    "learns": learning.tasks,
}
"""By name: the tasks for so many times the usual number of runs."""

DEFAULT = ("exact", "networks", "calibration", "alarms", "power")

Mapped = Callable[[Callable[[Task], list[Row]], Sequence[Task]], Iterator[Any]]


@contextmanager
def workers(jobs: int) -> Iterator[Mapped]:
    """A `map` that computes so many tasks at the same time and gives their results in order."""
    if jobs == 1:
        one_thread()
        yield map
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=one_thread) as pool:
        yield pool.map


def one_thread() -> None:
    """The networks are tiny: more threads only get in each other's way."""
    torch.set_num_threads(1)


def call(task: Task) -> list[Row]:
    """The rows of a task."""
    return task()
