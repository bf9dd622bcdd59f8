"""A kernel provisioner for `jupyter_client` whose kernels are forked from a warm process."""

from __future__ import annotations

import asyncio
import sys
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from autograder.warm import fork, is_available

NAME = "autograder-forked"
"""The name under which `jupyter_client` finds the provisioner."""


class ForkedProvisioner(LocalProvisioner):
    """Forks where the local one starts a program."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Forks a kernel; of the command only what follows the program's name matters."""
        process = fork(cmd[3:], kwargs["env"], kwargs["cwd"])
        self.process = process  # type: ignore[assignment]  # as much of a Popen as is asked of it
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Waits for the end of the process; the local one looks every tenth of a second."""
        process, self.process = self.process, None
        return None if process is None else await asyncio.to_thread(process.wait)


class OwnKernelSpecs(KernelSpecManager):
    """Knows one kernel: this Python's, whatever kernels are installed; warm where the system allows."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The kernel of the grader's own environment."""
        metadata = {"kernel_provisioner": {"provisioner_name": NAME}} if is_available() else {}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python",
            language="python",
            metadata=metadata,
        )


# Other tools find it by the package's entry point; the grader does not hang on what an older install left.
KernelProvisionerFactory.instance().provisioners.setdefault(
    NAME,
    EntryPoint(NAME, f"{__name__}:{ForkedProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME),
)
