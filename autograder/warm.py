"""Kernels that are there at once: the grader's end of the process that they are forked from."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

START_SECONDS = 120.0
"""Loading torch from a cold disk takes a while."""
FORK_SECONDS = 30.0

DOOR, LOG = "door", "log"
"""What lies in a zygote's folder: a socket for who wants a branch, and what it says."""

_SCRIPT = Path(__file__).with_name("zygote.py")


class ZygoteFault(Exception):
    """No kernel can be forked; not the student's doing."""


class ForkedProcess:
    """A process that is not our child, with as much of Popen's interface as a kernel provisioner needs."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor: int | None = descriptor

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known to those who are not its parent."""
        if self._descriptor is None:
            return 0
        ended, _, _ = select.select([self._descriptor], [], [], 0)
        return 0 if ended else None

    def wait(self) -> int:
        """Waits for its end."""
        if self._descriptor is not None:
            select.select([self._descriptor], [], [])
            os.close(self._descriptor)
            self._descriptor = None
        return 0

    def send_signal(self, number: int) -> None:
        """Sends a signal to this very process, never to another one that got its number."""
        if self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)


class Zygote:
    """A process with everything imported, which forks kernels; it starts in the background."""

    def __init__(
        self, control: socket.socket, folder: Path, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        """
        Args:
            control: where it is asked for kernels.
            folder: its working folder, with its log and its door.
            process: its process, None if that is a branch of another one.
        """
        self.folder = folder
        self._control, self._process = control, process
        self._ready = False

    @classmethod
    def spawn(cls) -> Zygote:
        """One with a process that imports everything."""
        folder = Path(tempfile.mkdtemp(prefix="ac-zygote-"))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with _short(folder) as reached:
            door.bind(f"{reached}/{DOOR}")
        door.listen()
        with theirs, door, (folder / LOG).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", str(_SCRIPT), str(door.fileno())],
                stdin=theirs.fileno(),
                stdout=log,
                stderr=log,
                env=kernel_environment(folder),
                cwd=folder,
                pass_fds=[door.fileno()],
                start_new_session=True,
            )
        return cls(ours, folder, process)

    @classmethod
    def branch(cls, folder: Path) -> Zygote:
        """One that is forked from another process' zygote, which has imported everything.

        Args:
            folder: that zygote's.

        Raises:
            ZygoteFault: it is no more.
        """
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with _short(folder) as reached:
                control.connect(f"{reached}/{DOOR}")
        except OSError as problem:
            control.close()
            raise ZygoteFault(f"there is nothing to branch from: {problem}") from problem
        return cls(control, folder)

    def fork(self, request: dict[str, Any], room: int | None = None) -> ForkedProcess:
        """A new kernel process.

        Args:
            request: what zygote.py reads.
            room: stands for a process whose namespaces the new one moves into.

        Raises:
            ZygoteFault: there is none to be had.
        """
        try:
            if not self._ready:
                self._control.settimeout(START_SECONDS)
                if not self._control.recv(16):
                    raise EOFError
                self._ready = True
            self._control.settimeout(FORK_SECONDS)
            rooms = [] if room is None else [room]
            socket.send_fds(self._control, [json.dumps(request).encode()], rooms)
            answer, descriptors, _, _ = socket.recv_fds(self._control, 1024, 1)
            if not answer:
                raise EOFError
            if not descriptors:
                raise ZygoteFault(f"the room cannot be entered: {answer.decode(errors='replace')}")
            return ForkedProcess(int(answer), descriptors[0])
        except (OSError, EOFError) as problem:
            raise ZygoteFault(
                f"no kernel could be forked ({type(problem).__name__}): {self._last_words()}"
            ) from problem

    def close(self) -> None:
        """Ends it and all kernels that it forked."""
        self._control.close()
        if self._process is None:
            return
        if not self._ready:
            self._process.kill()  # it has forked nothing, and would only notice after all its imports
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _last_words(self) -> str:
        try:
            said = (self.folder / LOG).read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            said = ""
        return said[-500:] or "it said nothing"


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A short path to a folder: that of a socket has at most 107 bytes."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


_of_process: dict[int, Zygote] = {}


def start(branch_of: Path | None = None) -> None:
    """Starts this process' zygote, if there can be one, before the first kernel is needed.

    Args:
        branch_of: the folder of another process' zygote, to fork this one from if that still lives.
    """
    if not is_available():
        return
    if branch_of is not None:
        with contextlib.suppress(ZygoteFault):
            _of_process[os.getpid()] = Zygote.branch(branch_of)
    zygote()


def zygote() -> Zygote:
    """This process' own zygote, started at the first call."""
    if os.getpid() not in _of_process:
        _of_process[os.getpid()] = Zygote.spawn()
    return _of_process[os.getpid()]


def fork(request: dict[str, Any], room: int | None = None) -> ForkedProcess:
    """A new kernel process from this process' zygote, or from another one where that has died.

    Raises:
        ZygoteFault: there is none to be had.
    """
    try:
        return zygote().fork(request, room)
    except ZygoteFault:
        renew()
        return zygote().fork(request, room)


def renew() -> None:
    """Ends this process' zygote, so that the next kernel comes from a new one."""
    known = _of_process.pop(os.getpid(), None)
    if known is not None:
        known.close()


atexit.register(renew)


@cache
def is_available() -> bool:
    """Whether this system can fork kernels and hold on to them; elsewhere each one is started cold."""
    return hasattr(os, "pidfd_open") and hasattr(socket, "SOCK_SEQPACKET")


def kernel_environment(home: Path) -> dict[str, str]:
    """The environment of a student's kernel: nothing of the grader's own but what Python needs to start."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    return kept | {
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(home),
        "TMPDIR": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "MPLCONFIGDIR": str(home / ".matplotlib"),
        "MPLBACKEND": "Agg",
        "SDL_VIDEODRIVER": "dummy",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "VIRTUAL_ENV": sys.prefix,
    }
