"""Kernel provisioners for `jupyter_client` whose kernels are forked from a warm process.

One forks them beside itself, the other into a room of their own. Any tool that starts kernels can use them by
their names in a kernel's specification.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Bool

from autograder.room import HOME, SOCKETS, UID, Limits, Room, is_superuser
from autograder.warm import fork, is_available, kernel_environment

FORKED, IN_A_ROOM = "autograder-forked", "autograder-room"
"""The names under which `jupyter_client` finds the provisioners."""


class ForkedProvisioner(LocalProvisioner):
    """Forks where the local one starts a program."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Forks a kernel; of the command only what follows the program's name matters."""
        request = {"arguments": cmd[3:], "env": kwargs["env"], "cwd": kwargs["cwd"]}
        return self._forked(fork(request))

    def _forked(self, process: Any) -> KernelConnectionInfo:
        self.process = process  # as much of a Popen as is asked of it
        self.pid = self.pgid = process.pid
        return self.connection_info

    def end(self) -> None:
        """Ends the process and waits until it has."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)  # it may not lead a group of its own yet
            self.process.kill()
            self.process.wait()

    async def wait(self) -> int | None:
        """Waits for the end of the process; the local one looks every tenth of a second."""
        process, self.process = self.process, None
        return None if process is None else await asyncio.to_thread(process.wait)


class RoomProvisioner(ForkedProvisioner):
    """Forks into a room; its kernel is reached by sockets in the room's own folder, never by the network.

    Attributes:
        room: the kernel's, from its start until it is cleaned up.
    """

    limits = Limits()
    room: Room | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Makes a room and forks a kernel into it, whatever environment and folder it was meant to have."""
        self.room = Room(self.limits)
        ports = {name: number for number, name in enumerate(_PORTS, 1)}
        known: dict[str, Any] = {**self.connection_info, **ports, "transport": "ipc"}
        key = known["key"].decode() if isinstance(known["key"], bytes) else known["key"]
        file = f"{SOCKETS}/connection.json"
        request = {
            "arguments": ["-f", file, *_QUIET],
            "env": kernel_environment(Path(HOME)) | {"TMPDIR": "/tmp", "USER": "student"},
            "cwd": HOME,
            "room": {
                "own_user": not is_superuser(),
                "uid": UID if is_superuser() else None,
                "limits": self.limits.of_process(),
                "connection_file": file,
                "connection": known | {"ip": f"{SOCKETS}/kernel", "key": key},
            },
        }
        self.connection_info.update(known | {"ip": str(self.room.sockets / "kernel")})  # type: ignore[typeddict-item]
        try:
            process = fork(request, self.room.pidfd)
        except BaseException:
            self.end()
            raise
        self.room.add(process.pid)
        return self._forked(process)

    def end(self) -> None:
        """Ends everything in the room."""
        room, self.room = self.room, None
        if room is not None:
            room.close()

    async def kill(self, restart: bool = False) -> None:
        """Ends everything in the room."""
        self.end()

    async def cleanup(self, restart: bool = False) -> None:
        """Leaves no room behind."""
        self.end()
        await super().cleanup(restart)


_PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
_QUIET = ("--HistoryManager.enabled=False",)


class OwnKernelSpecs(KernelSpecManager):
    """Knows one kernel: this Python's, whatever kernels are installed; warm where the system allows."""

    in_a_room = Bool(False)

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel of the grader's own environment."""
        name = IN_A_ROOM if self.in_a_room else FORKED
        metadata = {"kernel_provisioner": {"provisioner_name": name}} if is_available() else {}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python",
            language="python",
            metadata=metadata,
        )


# Other tools find them by the package's entry points; the grader does not hang on what an older install left.
for _name, _class in ((FORKED, ForkedProvisioner), (IN_A_ROOM, RoomProvisioner)):
    KernelProvisionerFactory.instance().provisioners.setdefault(
        _name,
        EntryPoint(_name, f"{__name__}:{_class.__name__}", KernelProvisionerFactory.GROUP_NAME),
    )
