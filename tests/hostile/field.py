"""What an attack could reach: secrets with canaries, listeners, and a host that must stay as it is."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ENVIRONMENT = "GRADER_TOKEN"
WATCHED = ("/tmp", "/var/tmp", "/dev/shm")
"""Folders that anybody may write to: nothing may be left there that bears the field's token."""

MEMORY, PROCESSES = 5 * 2**30, 140
"""More than a submission may take: bytes of all its processes together, and how many of them at a time."""


@dataclass
class Field:
    """One attack's surroundings; use it as a context manager.

    Args:
        course: a course folder, whose `submitted/` and gradebook get canaries.
        root: a fresh folder for all else.
    """

    course: Path
    root: Path
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    told: list[bytes] = field(default_factory=list)
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Field:
        self.secrets = {name: f"canary-{name}-{secrets.token_hex(12)}" for name in _PLACES}
        self._plant()
        self.addresses = {
            "tcp": self._listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))[1],
            "udp": self._listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))[1],
            "unix": self._listen(socket.AF_UNIX, socket.SOCK_STREAM, str(self.root / "socket")),
            "abstract": self._listen(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.token}")[1:].decode(),
        }
        self._before = self._snapshot()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def known_to_attackers(self) -> dict[str, Any]:
        """Where everything is: an attacker is taken to know it all."""
        return {
            "token": self.token,
            "course": str(self.course),
            "root": str(self.root),
            "home": str(self.home),
            "scratch": str(self.scratch),
            "neighbour": str(self.neighbour),
            "gradebook": str(self.gradebook),
            "pid": self.process.pid,
            **self.addresses,
        }

    def leaked(self, *shown: str) -> set[str]:
        """The canaries that were told to a listener, left in a file of the host, or are in what is shown."""
        time.sleep(0.05)
        loot = self.scratch / "loot"
        seen = b"".join(self.told) + (loot.read_bytes() if loot.is_file() else b"")
        seen += "".join(shown).encode("utf-8", "replace")
        return {name for name, canary in self.secrets.items() if canary.encode() in seen}

    def harm(self) -> list[str]:
        """What has changed on the host."""
        found = [f"{path} changed" for path in _changed(self._before, self._snapshot())]
        found += [f"{path} left behind" for top in (*WATCHED, self.home) for path in self._traces(Path(top))]
        if self.process.poll() is not None:
            found.append("another process was ended")
        found += [f"process {process.pid} left behind" for process in self.strays()]
        return found

    def strays(self) -> list[psutil.Process]:
        """Processes that an attack has started and nobody has ended."""
        mark = str(int(self.token[:6], 16))
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() == "sleep" and process.cmdline()[-1].endswith(f".{mark}"):
                    found.append(process)
        return found

    def end_strays(self) -> None:
        for process in self.strays():
            with contextlib.suppress(psutil.Error):
                process.kill()

    def _plant(self) -> None:
        self.home, self.scratch = self.root / "home", self.root / "scratch"
        self.neighbour = self.course / "submitted" / "neighbour" / "actor_critic" / "actor_critic.ipynb"
        self.gradebook = self.course / "gradebook.db"
        for folder in (self.home / ".ssh", self.scratch, self.neighbour.parent):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.root, self.scratch):
            folder.chmod(0o777)  # whoever the attack runs as: only the room may keep it from here
        (self.home / ".ssh" / "id_ed25519").write_text(self.secrets["home"], encoding="ascii")
        source = {"cells": [], "metadata": {"secret": self.secrets["neighbour"]}, "nbformat": 4}
        self.neighbour.write_text(json.dumps({**source, "nbformat_minor": 5}), encoding="utf-8")
        self.gradebook.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(self.gradebook)) as gradebook, gradebook:
            gradebook.execute("create table secret (text)")
            gradebook.execute("insert into secret values (?)", (self.secrets["gradebook"],))
        before = os.environ.get(ENVIRONMENT)
        os.environ[ENVIRONMENT] = self.secrets["environment"]
        self._stack.callback(_restore, before)
        keeps = f"kept = bytes({list(self.secrets['memory'].encode())!r})\nimport time\ntime.sleep(3600)"
        self.process = subprocess.Popen([sys.executable, "-c", keeps, self.secrets["arguments"], self.token])
        self._stack.callback(self.process.wait)
        self._stack.callback(self.process.kill)

    def _listen(self, family: int, kind: int, address: Any) -> Any:
        listener = self._stack.enter_context(socket.socket(family, kind))
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        threading.Thread(target=self._hear, args=(listener, kind), daemon=True).start()
        self._stack.callback(_shut, listener)
        return listener.getsockname()

    def _hear(self, listener: socket.socket, kind: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                if kind == socket.SOCK_DGRAM:
                    self.told.append(listener.recv(65_536))
                    continue
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(2)
                    while data := connection.recv(65_536):
                        self.told.append(data)

    def _snapshot(self) -> dict[str, str]:
        """Digests of all files that are nobody's but the instructor's."""
        own = self.course / ".autograder"
        files = [path for top in (self.course, self.home) for path in top.rglob("*") if path.is_file()]
        return {str(path): _digest(path) for path in files if own not in path.parents}

    def _traces(self, top: Path) -> Iterator[Path]:
        for path in [*top.glob("*"), *top.glob("*/*")] if top != self.home else top.rglob("*"):
            if self.token in path.name and self.root not in path.parents:
                yield path


_PLACES = ("home", "neighbour", "gradebook", "environment", "memory", "arguments")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _shut(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)


def _restore(value: str | None) -> None:
    if value is None:
        os.environ.pop(ENVIRONMENT, None)
    else:
        os.environ[ENVIRONMENT] = value


class Watch(threading.Thread):
    """Notes how much memory a process and all its descendants take, and how many they are."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.memory, self.processes = pid, 0, 0
        self._over = threading.Event()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.1):
            with contextlib.suppress(psutil.Error):
                children = psutil.Process(self.pid).children(recursive=True)
                self.processes = max(self.processes, len(children))
                self.memory = max(self.memory, sum(map(_unique_memory, children)))

    def harm(self) -> list[str]:
        """What was taken beyond measure."""
        found = [f"{self.memory >> 20} MiB of memory"] if self.memory > MEMORY else []
        return found + ([f"{self.processes} processes"] if self.processes > PROCESSES else [])


def _unique_memory(process: psutil.Process) -> int:
    """Resident bytes that are no other process's as well."""
    try:
        found = process.memory_info()
        return int(found.rss - found.shared)
    except psutil.Error:
        return 0


@contextlib.contextmanager
def fresh(course: Path) -> Iterator[Field]:
    """A field in a folder of its own, which goes with it."""
    with tempfile.TemporaryDirectory(prefix="field-") as folder, Field(course, Path(folder)) as found:
        yield found
