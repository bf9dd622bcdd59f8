"""How long a command takes, and how much memory all of its processes take together at most."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY = 1.0
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Taken:
    """Seconds, and the largest sum of proportional set sizes seen, in MB: what is shared counts once."""

    seconds: float
    megabytes: float


class Failed(Exception):
    """A command ended with another status than it should have; the message is what it said last."""


def run(command: Sequence[str], folder: Path, statuses: Sequence[int] = (0,)) -> Taken:
    """Runs a command to its end.

    Raises:
        Failed: its exit status is none of `statuses`.
    """
    log = folder / "bench.log"
    started = time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        watch = _Watch(process.pid)
        status = process.wait()
    seconds = time.perf_counter() - started
    watch.stop()
    if status not in statuses:
        raise Failed(f"{command}: {status}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
    return Taken(seconds, watch.most / 2**20)


class _Watch(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._root, self._over = psutil.Process(pid), threading.Event()
        self.start()

    def stop(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(EVERY):
            self.most = max(self.most, _memory(self._root))


def _memory(root: psutil.Process) -> int:
    total = 0
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # it has ended meanwhile
    return total
