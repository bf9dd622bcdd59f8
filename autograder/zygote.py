"""The process that warm kernels are forked from: what takes long to import is imported here, once.

A script of its own, started with a socket as its standard input; it knows nothing of the grader. A request
is a JSON object with the arguments, environment and working folder of a kernel; the reply is the process id
of the kernel that was forked, with a file descriptor that stands for the process. A request for a kernel
that is to live in a room brings a descriptor of a process there, the limits that it gets, and its
connection, which is written down inside. When the other end of the socket is closed, everything that was
forked is killed, and the zygote's own working folder goes with it.

The argument is a listening socket, the door: whoever connects there gets a zygote of its own, forked from
this one, in place of one that imports everything again.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import pkgutil
import random
import select
import shutil
import signal
import socket
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

PRELOADED = (
    "faulthandler",
    "importlib.resources.readers",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
    "zmq.utils.garbage",
    "matplotlib.pyplot",
    "tqdm.auto",
    "ac_helpers.plotting",
    "ac_helpers.remote",
    "ac_helpers.training",
)
QUESTIONS = "ac_helpers.asking"
LARGEST_REQUEST = 1 << 20


def _beside(name: str) -> ModuleType:
    """A module from this script's own folder, which is not one that imports are looked for in."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


confine, lean_kernel = map(_beside, ("confine", "lean_kernel"))


def main() -> None:
    control, door = socket.socket(fileno=os.dup(0)), socket.socket(fileno=int(sys.argv[1]))
    _silence()
    _preload()
    gc.collect()
    gc.freeze()
    folder = os.getcwd()
    try:
        _serve(control, door)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(control: socket.socket, door: socket.socket | None = None) -> None:
    """Forks what is asked for by one end of a socket until that is closed, and a branch for who knocks."""
    kernels: set[int] = set()
    _reap_at_once(kernels)
    # Who ends with something unread breaks the connection, who is done closes it.
    with contextlib.suppress(ConnectionError):
        control.send(b"ready")
        while _answer(control, door, kernels):
            pass
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in kernels:
        # First the process itself: one that was just forked does not lead a group of its own yet.
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _answer(control: socket.socket, door: socket.socket | None, kernels: set[int]) -> bool:
    """Does what is asked for next; False when nobody will ask any more."""
    if door is not None and control not in select.select([control, door], [], [])[0]:
        _branch(control, door)
        return True
    message, rooms, _, _ = socket.recv_fds(control, LARGEST_REQUEST, 1)
    if not message:
        return False
    request = json.loads(message)
    if rooms:
        _fork_into(rooms[0], request, control, door)
    else:
        # Not to be told of its end before it is known.
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        try:
            kernels.add(_fork(request, control, door))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    return True


def _branch(control: socket.socket, door: socket.socket) -> None:
    """Forks a zygote that serves another process and ends with it."""
    visitor, _ = door.accept()
    if os.fork() == 0:
        try:
            control.close()
            door.close()
            os.setsid()
            _serve(visitor)
        finally:
            os._exit(0)
    visitor.close()


def _reap_at_once(kernels: set[int]) -> None:
    """Takes note of every end; a room cannot end before whoever moved in has been taken note of."""
    confine.become_subreaper()

    def reap(*_: Any) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                kernels.discard(ended)

    signal.signal(signal.SIGCHLD, reap)


def _fork(request: dict[str, Any], control: socket.socket, door: socket.socket | None) -> int:
    """Forks a kernel and says so; its process id."""
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            if door is not None:
                door.close()
            _become_kernel(request)
        finally:
            os._exit(0)
    process = os.pidfd_open(pid)
    # Nobody may be there to hear of it any more; then it is among those that are ended.
    with contextlib.suppress(ConnectionError):
        socket.send_fds(control, [str(pid).encode()], [process])
    os.close(process)
    return pid


def _fork_into(
    room: int, request: dict[str, Any], control: socket.socket, door: socket.socket | None
) -> None:
    """Forks a kernel into a room by a process that is there for no more than that.

    What lives in a room ends with it.
    """
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            confine.enter(room, request["room"]["own_user"])
            os.close(room)
            _fork(request, control, door)
        except OSError as problem:
            control.send(f"{problem}".encode())
        finally:
            os._exit(0)
    os.close(room)


def _preload() -> None:
    """Imports what every notebook needs; nothing here may start a thread, because threads are not forked."""
    for module in PRELOADED:
        import_module(module)
    lean_kernel.shorten()
    for part in pkgutil.iter_modules(import_module(QUESTIONS).__path__):
        import_module(f"{QUESTIONS}.{part.name}")
    import gymnasium
    import torch

    from ac_helpers.remote import fingerprint

    fingerprint()
    torch.set_num_threads(1)
    gymnasium.make("CartPole-v1").close()
    # The first optimizer of a process imports half of torch.
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))]).step()


def _become_kernel(request: dict[str, Any]) -> None:
    """Turns the forked process into a kernel that nobody could tell from one that was started cold."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    _silence(0, 1, 2)
    os.environ.clear()
    os.environ.update(request["env"])
    if "room" in request:
        _settle(request["room"])
    os.chdir(request["cwd"])
    _forget_the_past()
    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    sys.path.append("")  # modules that a notebook writes; a cold kernel finds them, too
    lean_kernel.launch()


def _silence(*descriptors: int) -> None:
    """Lets standard streams, that of input by default, lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors or (0,):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _settle(room: dict[str, Any]) -> None:
    """In the room already, the process gives up what it may do, and writes down where it will listen."""
    confine.give_up(room["limits"], room["uid"])
    with open(room["connection_file"], "x", encoding="utf-8") as file:
        json.dump(room["connection"], file)


def _forget_the_past() -> None:
    """What was decided when the zygote started and has to be decided anew for every kernel."""
    import numpy as np
    import torch

    tempfile.tempdir = None
    random.seed()
    np.random.seed()
    torch.seed()


if __name__ == "__main__":
    main()
