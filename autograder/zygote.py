"""The process that warm kernels are forked from: what takes long to import is imported here, once.

A script of its own, started with a socket as its standard input; it knows nothing of the grader. A request
is a JSON object with the arguments, environment and working folder of a kernel; the reply is the process id
of the kernel that was forked, with a file descriptor that stands for the process. When the other end of the
socket is closed, everything that was forked is killed, and the zygote's own working folder goes with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
from importlib import import_module
from typing import Any

PRELOADED = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "matplotlib.pyplot",
    "tqdm.auto",
    "ac_helpers.plotting",
    "ac_helpers.remote",
    "ac_helpers.training",
)
LARGEST_REQUEST = 1 << 20


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    _preload()
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    kernels: set[int] = set()
    while request := control.recv(LARGEST_REQUEST):
        kernels = {pid for pid in kernels if os.waitpid(pid, os.WNOHANG) == (0, 0)}
        pid = os.fork()
        if pid == 0:
            control.close()
            _become_kernel(json.loads(request))
        kernels.add(pid)
        process = os.pidfd_open(pid)
        socket.send_fds(control, [str(pid).encode()], [process])
        os.close(process)
    for pid in kernels:
        # First the process itself: one that was just forked does not lead a group of its own yet.
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(os.getcwd(), ignore_errors=True)


def _preload() -> None:
    """Imports what every notebook needs; nothing here may start a thread, because threads are not forked."""
    for module in PRELOADED:
        import_module(module)
    import gymnasium
    import torch

    torch.set_num_threads(1)
    gymnasium.make("CartPole-v1").close()
    # The first optimizer of a process imports half of torch.
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))]).step()


def _become_kernel(request: dict[str, Any]) -> None:
    """Turns the forked process into a kernel that nobody could tell from one that was started cold."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    _forget_the_past()
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *request["arguments"]]
    sys.path.append("")  # modules that a notebook writes; a cold kernel finds them, too
    IPKernelApp.launch_instance()
    os._exit(0)


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
