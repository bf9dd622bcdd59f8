"""A room: namespaces and a small file system of their own, made by bubblewrap, where one kernel lives.

In a room there is a read-only system with this Python and nothing of the grader, no network, no other
processes, and folders in memory that are gone with it. A room holds one quiet process from the beginning;
when that ends, because the room is closed or the grader is no more, everything in the room ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil

PROGRAM = "bwrap"
HOME = "/home/student"
SOCKETS = "/run/kernel"
SECONDS = 30
"""How long the end of a room may take before it is enforced."""

UID = 64_215
"""Whom a kernel belongs to outside where the grader is the superuser; nobody, hopefully."""

MEBI = 1 << 20

KEPT_OUT = ("reference", "probes", "frozen")
"""Of what ships to students: right answers, and what draws questions and judges."""


class NoRoom(Exception):
    """The system does not allow such a room; the message says what it said."""


@dataclass(frozen=True)
class Limits:
    """What the kernel of one submission may use.

    Attributes:
        memory: bytes in use by all processes together.
        address_space: bytes that one process may reserve; the libraries reserve more than they use.
        processes: processes and threads.
        files: open files of a process.
        file_size: bytes of one file.
        disk: bytes in each of the folders that can be written.
        cpu_seconds: computing time of a process.
    """

    memory: int = 3072 * MEBI
    address_space: int = 16_384 * MEBI
    processes: int = 128
    files: int = 512
    file_size: int = 128 * MEBI
    disk: int = 256 * MEBI
    cpu_seconds: int = 900

    def of_process(self) -> dict[str, int]:
        """The limits that the system keeps, by their names in `resource`."""
        return {
            "AS": self.address_space,
            "NPROC": self.processes,
            "NOFILE": self.files,
            "FSIZE": self.file_size,
            "CPU": self.cpu_seconds,
            "CORE": 0,
        }


class Room:
    """An open room; use it as a context manager or close it.

    Attributes:
        pidfd: stands for the process in the room whose namespaces are the room's.
        sockets: the room's folder for sockets, as this process can reach it.

    Raises:
        NoRoom: it cannot be made.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._processes: list[psutil.Process] = []
        read, write = os.pipe()
        try:
            self._bwrap = subprocess.Popen(
                [*_command(limits), "--info-fd", str(write), "--", "/bin/sh", "-c", "echo; exec cat"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(write,),
                env={},
            )
        except OSError as problem:
            os.close(read)
            raise NoRoom(f"{PROGRAM}: {problem.strerror}") from problem
        finally:
            os.close(write)
        with open(read, encoding="ascii") as info:
            self._wait_until_made(info.read())
        try:
            quiet = self._init.children()[0]
            self.pidfd = os.pidfd_open(quiet.pid)
            self._root = os.open(f"/proc/{quiet.pid}/root{SOCKETS}", os.O_PATH | os.O_DIRECTORY)
        except (OSError, IndexError, psutil.Error) as problem:
            self.close()
            raise NoRoom(f"{PROGRAM}: {problem}") from problem
        self.sockets = Path(f"/proc/self/fd/{self._root}")

    def _wait_until_made(self, info: str) -> None:
        assert self._bwrap.stdout is not None
        assert self._bwrap.stderr is not None
        if self._bwrap.stdout.read(1) != b"\n":
            self._bwrap.kill()
            said = self._bwrap.stderr.read().decode(errors="replace").strip()
            self._bwrap.wait()
            raise NoRoom(said[-300:] or f"{PROGRAM} said nothing")
        self._init = psutil.Process(json.loads(info)["child-pid"])

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def add(self, pid: int) -> None:
        """Counts a process that moved in, and all that come of it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._processes.append(psutil.Process(pid))

    def is_overfull(self) -> bool:
        """Whether the processes in the room together use more memory than they may.

        To look closely takes time; that is done only where it matters.
        """
        return self._used(_private) > self.limits.memory and self._used(_share) > self.limits.memory

    def _used(self, by: Callable[[psutil.Process], int]) -> int:
        used = 0
        for process in self._all():
            with contextlib.suppress(psutil.NoSuchProcess):
                used += by(process)
        return used

    def _all(self) -> Iterable[psutil.Process]:
        """Whoever loses his parent in a room becomes a child of its first process."""
        for known in (self._init, *self._processes):
            with contextlib.suppress(psutil.Error):
                yield from (known, *known.children(recursive=True))

    def close(self) -> None:
        """Ends everything in the room."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._init.kill()  # its parent outside waits for it, and ends when it has
        try:
            self._bwrap.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._bwrap.kill()
            self._bwrap.wait()
        for pipe in filter(None, (self._bwrap.stdin, self._bwrap.stdout, self._bwrap.stderr)):
            pipe.close()
        for descriptor in (getattr(self, "pidfd", None), getattr(self, "_root", None)):
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    os.close(descriptor)


def _private(process: psutil.Process) -> int:
    """Bytes that are no file's; of those that a fork shares with its parent every process has all."""
    found = process.memory_info()
    return found.rss - found.shared


def _share(process: psutil.Process) -> int:
    """A process' part of the bytes that it uses; all of them where it does not let itself be looked at."""
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return _private(process)


def is_superuser() -> bool:
    """Whether kernels have to become somebody else."""
    return os.geteuid() == 0


def _command(limits: Limits) -> list[str]:
    user = [] if is_superuser() else ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    namespaces = ["pid", "net", "ipc", "uts", "cgroup-try"]
    folders = [HOME, SOCKETS, "/tmp", "/dev/shm"]
    return [
        PROGRAM,
        *user,
        *(f"--unshare-{namespace}" for namespace in namespaces),
        *("--die-with-parent", "--new-session", "--clearenv", "--hostname", "notebook"),
        *("--proc", "/proc", "--dev", "/dev"),
        *(part for folder in folders for part in _folder(folder, limits.disk)),
        *_system(),  # after them: this Python may lie under one of them
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", HOME),
    ]


def _folder(path: str, size: int) -> list[str]:
    return [*_way_to(path), "--perms", "1777", "--size", str(size), "--tmpfs", path]


def _way_to(path: str) -> list[str]:
    """The folders above a path, which by themselves would be closed to all but their maker."""
    above = list(reversed(Path(path).parents))[1:]
    return [part for folder in above for part in ("--perms", "0755", "--dir", str(folder))]


@cache
def _system() -> tuple[str, ...]:
    """The read-only part: the system's programs and libraries, this Python, and what a student installs."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib64", "/lib32"):
        path = Path(name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            arguments += ["--ro-bind", name, name]
    for name in ("/usr/etc", "/usr/local/etc"):  # settings of the machine's own programs
        if Path(name).is_dir():
            arguments += ["--size", "4096", "--tmpfs", name]
    arguments += _way_to("/etc/any")
    for name in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/fonts"):
        arguments += ["--ro-bind-try", name, name]
    shipped = _package_folder("ac_helpers")
    for folder in (*sorted(_python_folders()), shipped):
        arguments += [*_way_to(folder), "--ro-bind", folder, folder]
    for hidden in (*(f"{shipped}/{name}" for name in KEPT_OUT), _package_folder("autograder")):
        if any(Path(hidden).is_relative_to(folder) for folder in (*_python_folders(), shipped)):
            arguments += ["--size", "4096", "--tmpfs", hidden]
    return tuple(arguments)


def _python_folders() -> list[str]:
    """This environment, the Python that it was made from, and folders of packages elsewhere."""
    packages = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    found = {
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
        *packages,
    }
    folders = {os.path.abspath(path) for path in found if Path(path).is_dir()}
    return [f for f in folders if not any(f != g and Path(f).is_relative_to(g) for g in folders | {"/usr"})]


def _package_folder(name: str) -> str:
    spec = find_spec(name)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return os.path.abspath(next(iter(spec.submodule_search_locations)))


def is_installed() -> bool:
    """Whether there is bubblewrap at all."""
    return shutil.which(PROGRAM) is not None
