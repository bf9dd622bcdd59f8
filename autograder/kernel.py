"""A Jupyter kernel of its own for one submission: runs cells and brings back answers, each with a deadline.

This is where a sandbox goes around the student's code: the kernel's process is started here and nowhere
else, it talks over sockets in a private folder, and only text and encoded data are read from it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

from autograder import warm
from autograder.provisioner import OwnKernelSpecs

START_SECONDS = 60.0
INTERRUPT_SECONDS = 3.0
REPLY_SECONDS = 2.0
""""Idle" and the reply come over two channels, the one right after the other."""
MAX_TEXT = 20_000
"""How many characters of a cell's output are kept."""


class KernelFault(Exception):
    """The grader could not get a kernel to run; not the student's doing."""


@dataclass
class CellRun:
    """What became of one execution.

    Attributes:
        status: "ok", "error", "timeout" (interrupted) or "dead" (the kernel is gone and must be replaced).
        error: name and message of what was raised.
        line: the line of the cell that raised it, as it is written there, where that is known.
        outputs: text outputs, as notebook nodes.
        published: data published under MIME types that ask for it, by type.
    """

    status: str = "ok"
    error: tuple[str, str] | None = None
    line: str | None = None
    outputs: list[NotebookNode] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)
    text_left: int = MAX_TEXT


class StudentKernel:
    """A kernel process with a private working folder; use it as a context manager."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ac-"))
        self._manager: KernelManager | None = None
        self._client: BlockingKernelClient | None = None

    def __enter__(self) -> StudentKernel:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Starts a fresh process.

        Raises:
            KernelFault: it did not come up.
        """
        work = Path(tempfile.mkdtemp(dir=self.folder))
        manager = KernelManager(
            kernel_name="python3",
            kernel_spec_manager=OwnKernelSpecs(),
            transport="ipc",
            ip=str(work / "socket"),
            connection_file=str(work / "connection.json"),
        )
        home = work / "home"
        home.mkdir()
        try:
            manager.start_kernel(cwd=str(home), env=warm.kernel_environment(home))
            self._manager, self._client = manager, manager.blocking_client()
            self._client.start_channels()
            self._wait_until_heard()
        except (RuntimeError, warm.ZygoteFault) as problem:
            self.kill()
            raise KernelFault(f"the kernel did not start: {problem}") from problem

    def _wait_until_heard(self) -> None:
        """Until the kernel says that it knows who listens; what it is told from then on is answered for sure.

        Raises:
            RuntimeError: it does not say so.
        """
        for message in self._messages(time.monotonic() + START_SECONDS):
            if message["msg_type"] == "iopub_welcome":
                return
        raise RuntimeError("it says nothing" if self._alive() else "it ended at once")

    def kill(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._client is not None:
            self._client.stop_channels()
        if self._manager is not None and self._manager.has_kernel:
            # The manager looks for its end every tenth of a second; when it is asked, the end has come.
            self._manager.signal_kernel(signal.SIGKILL)
            self._manager.provisioner.process.wait()
            self._manager.shutdown_kernel(now=True)
        self._manager = self._client = None

    def replace(self) -> None:
        """Kills the process and starts another."""
        self.kill()
        self.start()

    def run(self, code: str, seconds: float, wanted: str | None = None) -> CellRun:
        """Executes code and waits until it is done or its time is over.

        Args:
            code: what a cell holds.
            seconds: the deadline; then the kernel is interrupted, and killed if that does not help.
            wanted: the MIME type of published data that is brought back.
        """
        assert self._client is not None, "the kernel is not running"
        request = self._client.execute(code, store_history=False, allow_stdin=False, stop_on_error=False)
        run = CellRun()
        if self._collect(run, request, time.monotonic() + seconds, wanted):
            run.line = _line_of(code, run.line)
            self._note_silent_error(run, request)
            return run
        if self._alive():
            run.status = "timeout"
            assert self._manager is not None
            self._manager.interrupt_kernel()
            if self._collect(CellRun(), request, time.monotonic() + INTERRUPT_SECONDS, None):
                return run
            self.kill()
            return run
        run.status = "dead"
        self.kill()
        return run

    def _note_silent_error(self, run: CellRun, request: str) -> None:
        """A magic that is not there stops a cell with no more than a line on stderr; the reply says so."""
        assert self._client is not None
        with contextlib.suppress(Empty):
            reply = self._client.get_shell_msg(timeout=REPLY_SECONDS)
            while reply["parent_header"].get("msg_id") != request:
                reply = self._client.get_shell_msg(timeout=REPLY_SECONDS)
            content = reply["content"]
            if run.status == "ok" and content.get("status") == "error":
                run.status, run.error = "error", (str(content["ename"])[:80], str(content["evalue"])[:500])

    @property
    def running(self) -> bool:
        """Whether there is a process to run code in."""
        return self._client is not None

    def _alive(self) -> bool:
        return self._manager is not None and self._manager.is_alive()

    def _collect(self, run: CellRun, request: str, until: float, wanted: str | None) -> bool:
        """Reads messages until the request is done; False if time ran out or the process is gone."""
        for message in self._messages(until):
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return True
            _note(run, kind, content, wanted)
        return False

    def _messages(self, until: float) -> Iterator[dict[str, Any]]:
        assert self._client is not None
        while (left := until - time.monotonic()) > 0:
            try:
                yield self._client.get_iopub_msg(timeout=min(left, 0.5))
            except Empty:
                if not self._alive():
                    return


def _note(run: CellRun, kind: str, content: dict[str, Any], wanted: str | None) -> None:
    if kind == "error":
        run.status, run.error = "error", (str(content["ename"])[:80], str(content["evalue"])[:500])
        run.line = "\n".join(map(str, content["traceback"]))
        _keep(run, "error", f"{content['ename']}: {content['evalue']}")
    elif kind == "stream":
        _keep(run, str(content["name"]), str(content["text"]))
    elif kind in ("display_data", "execute_result"):
        data = content["data"]
        if wanted is not None and wanted in data:
            run.published.append((wanted, str(data[wanted])))
        elif "text/plain" in data:
            _keep(run, "stdout", f"{data['text/plain']}\n")


_FRAME = re.compile(r"Cell In\[\d*\],? line (\d+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def _line_of(code: str, traceback: str | None) -> str | None:
    """The line of a cell that its traceback names first: the statement at which the cell stopped."""
    found = _FRAME.search(_ANSI.sub("", traceback or ""))
    lines = code.splitlines()
    if found is None or not 0 < int(found[1]) <= len(lines):
        return None
    return lines[int(found[1]) - 1].strip()[:200] or None


def _keep(run: CellRun, name: str, text: str) -> None:
    """Keeps output as text and nothing else, up to the limit."""
    kept = text[: run.text_left]
    run.text_left -= len(kept)
    if not kept:
        return
    stream = "stderr" if name in ("stderr", "error") else "stdout"
    if run.outputs and run.outputs[-1].name == stream:
        run.outputs[-1].text += kept
    else:
        run.outputs.append(nbformat.v4.new_output("stream", name=stream, text=kept))
