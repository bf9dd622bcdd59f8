"""A Jupyter kernel of its own for one submission: runs cells and brings back answers, each with a deadline.

This is where a sandbox goes around the student's code: the kernel's process is started here and nowhere
else, it talks over sockets in a private folder, and only text and encoded data are read from it.
"""

from __future__ import annotations

import contextlib
import logging
import math
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

from autograder import warm
from autograder.provisioner import ForkedProvisioner, OwnKernelSpecs
from autograder.room import NoRoom

START_SECONDS = 60.0
INTERRUPT_SECONDS = 3.0
REPLY_SECONDS = 2.0
""""Idle" and the reply come over two channels, the one right after the other."""
MAX_TEXT = 20_000
"""How many characters of a cell's output are kept."""
LARGEST_MESSAGE, MESSAGES_WAITING = 64_000_000, 32
"""Bytes of one message and messages that wait to be read; a kernel that says more is cut off or waits."""
NEVER = -1
SOCKET_SECONDS = 0.005
MEMORY_SECONDS = 0.25
"""How often it is looked how much memory a kernel takes."""

log = logging.getLogger(__name__)


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
        published: the data that was asked for, by token, as far as it came.
    """

    status: str = "ok"
    error: tuple[str, str] | None = None
    line: str | None = None
    outputs: list[NotebookNode] = field(default_factory=list)
    published: dict[str, str] = field(default_factory=dict)
    text_left: int = MAX_TEXT


@dataclass(frozen=True)
class Wanted:
    """Data that is brought back: for each of some tokens the first line that is published and holds it.

    Attributes:
        mime: what it is published under.
        seconds: how long each token may take, counted from when the one before it came.
    """

    mime: str
    seconds: Mapping[str, float]


class Deadline:
    """When all has to be over, and when the next thing has to be there that is waited for."""

    def __init__(self, seconds: float, paces: Iterable[float] = ()) -> None:
        self._end = time.monotonic() + seconds
        self._paces = iter(paces)
        self._next = self._end
        self.move()

    def move(self) -> None:
        """One of the things has come; the time of the next one begins."""
        self._next = time.monotonic() + next(self._paces, math.inf)

    @property
    def left(self) -> float:
        """Seconds until the nearer of both."""
        return min(self._end, self._next) - time.monotonic()


@dataclass(frozen=True)
class Message:
    """What a kernel says. Nothing of it can be relied on: any field may hold anything.

    Attributes:
        kind: the type of the message.
        about: the id of the request that it belongs to, or what stands in its place.
        content: the rest.
    """

    kind: str
    about: Any
    content: dict[str, Any]

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Message:
        """The parts that matter of a message of the protocol."""
        parent, content = raw.get("parent_header"), raw.get("content")
        return cls(
            _text(raw.get("msg_type")),
            parent.get("msg_id") if isinstance(parent, dict) else None,
            content if isinstance(content, dict) else {},
        )

    def text(self, field_name: str) -> str:
        """A field as text; a list is taken for lines."""
        value = self.content.get(field_name)
        return "\n".join(map(_text, value)) if isinstance(value, list) else _text(value)

    @property
    def error(self) -> tuple[str, str]:
        """Name and message of what was raised."""
        return self.text("ename")[:80], self.text("evalue")[:500]

    @property
    def data(self) -> dict[str, Any]:
        """What is displayed, by MIME type."""
        found = self.content.get("data")
        return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class StudentKernel:
    """A kernel process with a private working folder; use it as a context manager."""

    def __init__(self, confined: bool = False) -> None:
        self.confined = confined
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
        context = zmq.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, MESSAGES_WAITING)
        context.setsockopt(zmq.LINGER, 0)
        # Whoever may write where its sockets lie may put a link to somebody else's there.
        context.setsockopt(zmq.RECONNECT_IVL, NEVER)
        manager = KernelManager(
            context=context,
            kernel_name="python3",
            kernel_spec_manager=OwnKernelSpecs(in_a_room=self.confined),
            transport="ipc",
            ip=str(work / "socket"),
            connection_file=str(work / "connection.json"),
        )
        home = work / "home"
        home.mkdir()
        self._manager = manager
        try:
            manager.start_kernel(cwd=str(home), env=warm.kernel_environment(home))
            self._client = manager.blocking_client()
            self._client.context = context  # by itself it would take one without these limits
            self._wait_until_bound()
            self._client.start_channels(hb=False)  # whether it lives its process says
            self._wait_until_heard()
        except (RuntimeError, warm.ZygoteFault, NoRoom) as problem:
            self.kill()
            raise KernelFault(f"the kernel did not start: {problem}") from problem

    def _wait_until_bound(self) -> None:
        """Until all of its sockets take connections: each is connected to once and never again.

        Raises:
            RuntimeError: they do not.
        """
        assert self._client is not None
        until = time.monotonic() + START_SECONDS
        for channel in ("shell", "stdin", "control", "iopub"):
            path = self._client._make_url(channel).removeprefix("ipc://")
            while not _takes_connections(path):
                if time.monotonic() > until or not self._alive():
                    raise RuntimeError("it opens no sockets" if self._alive() else "it ended at once")
                time.sleep(SOCKET_SECONDS)

    def _wait_until_heard(self) -> None:
        """Until the kernel says that it knows who listens; what it is told from then on is answered for sure.

        Raises:
            RuntimeError: it does not say so.
        """
        for message in self._messages(Deadline(START_SECONDS)):
            if message.kind == "iopub_welcome":
                return
        raise RuntimeError("it says nothing" if self._alive() else "it ended at once")

    def kill(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._client is not None:
            self._client.stop_channels()
        if self._manager is not None and self._manager.has_kernel:
            # The manager looks for its end every tenth of a second; when it is asked, the end has come.
            self._end()
            self._manager.shutdown_kernel(now=True)
        if self._manager is not None:
            self._manager.context.destroy(linger=0)
        self._manager = self._client = None

    def replace(self) -> None:
        """Kills the process and starts another."""
        self.kill()
        self.start()

    def run(self, code: str, seconds: float, wanted: Wanted | None = None, expression: str = "") -> CellRun:
        """Executes code and waits until it is done or its time is over.

        Args:
            code: what a cell holds.
            seconds: the deadline; then the kernel is interrupted, and killed if that does not help.
            wanted: the published data that is brought back; each part of it has a deadline as well.
            expression: is evaluated afterwards, as it is: IPython takes a third of a millisecond to look for
                magics in every kilobyte of a cell. What it raises is not told, nor what it is.
        """
        assert self._client is not None, "the kernel is not running"
        request = self._client.execute(
            code,
            silent=bool(expression),
            store_history=False,
            allow_stdin=False,
            stop_on_error=False,
            user_expressions={"asked": expression} if expression else {},
        )
        run = CellRun()
        deadline = Deadline(seconds, wanted.seconds.values() if wanted else ())
        if self._collect(run, request, deadline, wanted):
            run.line = _line_of(code, run.line)
            self._note_silent_error(run, request)
            return run
        if self._alive():
            run.status = "timeout"
            assert self._manager is not None
            self._manager.interrupt_kernel()
            if self._collect(CellRun(), request, Deadline(INTERRUPT_SECONDS), None):
                return run
            self.kill()
            return run
        run.status = "dead"
        self.kill()
        return run

    def _note_silent_error(self, run: CellRun, request: str) -> None:
        """A magic that is not there stops a cell with no more than a line on stderr; the reply says so."""
        assert self._client is not None
        until = time.monotonic() + REPLY_SECONDS
        # What cannot be read there is no reply; the channel that matters is the other one.
        with contextlib.suppress(Exception):
            channel = self._client.shell_channel
            reply = Message.read(channel.get_msg(timeout=REPLY_SECONDS))
            while reply.about != request and time.monotonic() < until:
                reply = Message.read(channel.get_msg(timeout=max(0.0, until - time.monotonic())))
            if reply.about == request and run.status == "ok" and reply.text("status") == "error":
                run.status, run.error = "error", reply.error

    @property
    def running(self) -> bool:
        """Whether there is a process to run code in."""
        return self._client is not None

    def _alive(self) -> bool:
        return self._manager is not None and self._manager.is_alive()

    def _collect(self, run: CellRun, request: str, deadline: Deadline, wanted: Wanted | None) -> bool:
        """Reads messages until the request is done; False if time ran out or the process is gone."""
        for message in self._messages(deadline):
            if message.about != request:
                continue
            if message.kind == "status" and message.text("execution_state") == "idle":
                return True
            before = len(run.published)
            _note(run, message, wanted)
            for _ in range(len(run.published) - before):
                deadline.move()
        return False

    def _messages(self, deadline: Deadline) -> Iterator[Message]:
        """What the kernel says until its time is over, it ends, or it is killed.

        It is killed for too much memory, and for saying what nobody can read.
        """
        assert self._client is not None
        looked = time.monotonic()
        while (left := deadline.left) > 0:
            if time.monotonic() - looked > MEMORY_SECONDS:
                looked = time.monotonic()
                if self._is_greedy():
                    return
            try:
                # The client's own method turns an event loop for every message.
                yield Message.read(self._client.iopub_channel.get_msg(timeout=min(left, MEMORY_SECONDS)))
            except Empty:
                if not self._alive():
                    return
            except Exception as problem:
                log.warning("the kernel said what is no message: %s", type(problem).__name__)
                self._end()
                return

    def _is_greedy(self) -> bool:
        """Whether it has taken too much memory, and is no more."""
        assert self._manager is not None
        room = getattr(self._manager.provisioner, "room", None)
        if room is None or not room.is_overfull():
            return False
        log.warning("the kernel took more than %d bytes of memory", room.limits.memory)
        self._end()
        return True

    def _end(self) -> None:
        """Ends the process at once, where it was forked."""
        assert self._manager is not None
        if isinstance(self._manager.provisioner, ForkedProvisioner):
            self._manager.provisioner.end()


def _takes_connections(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as visitor:
        try:
            visitor.connect(path)
        except OSError:
            return False
    return True


def _note(run: CellRun, message: Message, wanted: Wanted | None) -> None:
    if message.kind == "error":
        run.status, run.error, run.line = "error", message.error, message.text("traceback")
        _keep(run, "error", ": ".join(message.error))
    elif message.kind == "stream":
        _keep(run, message.text("name"), message.text("text"))
    elif message.kind in ("display_data", "execute_result"):
        if wanted is not None and wanted.mime in message.data:
            for line in _text(message.data[wanted.mime]).split("\n", len(wanted.seconds)):
                missing = (token for token in wanted.seconds if token not in run.published and token in line)
                run.published.update(dict.fromkeys(islice(missing, 1), line))
        elif "text/plain" in message.data:
            _keep(run, "stdout", f"{_text(message.data['text/plain'])}\n")


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
