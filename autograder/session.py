"""One submission's time in a kernel: its cells run in order, questions between them, and what went wrong."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ac_helpers.asking import Data, name_of
from ac_helpers.asking.answering import PATIENCE, raised
from ac_helpers.asking.plain import NotPlain, decode, encode
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.remote import MIME, fingerprint
from autograder.kernel import CellRun, KernelFault, StudentKernel, Wanted

_ASK = "__import__('ac_helpers.remote', fromlist=['reply']).reply({requests})"
_GREET = "__import__('ac_helpers.remote', fromlist=['greet']).greet({nonce!r})"
AGAIN_SECONDS = 3.0
"""What a cell that has never come to its end gets in a fresh kernel."""
GREETING_SECONDS = 120.0
"""Loading torch from a cold disk takes a while."""


@dataclass(frozen=True)
class Deadlines:
    """Seconds that things may take: a cell, a question beyond its own deadline, and the whole notebook."""

    cell: float = 30.0
    question_grace: float = 5.0
    notebook: float = 600.0


@dataclass(frozen=True)
class Request:
    """One way of putting a question.

    Attributes:
        probe: the probe that asks.
        question: the question.
        data: what it is put with.
        random_seed: for all random generators.
        stand_ins: sources whose names replace those of the notebook while it is put.
        seconds: of computing that it may take.
    """

    probe: Probe
    question: Question
    data: Data
    random_seed: int
    stand_ins: Sequence[str]
    seconds: float

    def encoded(self, nonce: str) -> str:
        """What the kernel reads."""
        return encode(
            {
                "nonce": nonce,
                "ask": name_of(self.question.ask),
                "needs": list(self.probe.needed_by(self.question)),
                "data": self.data,
                "random_seed": self.random_seed,
                "stand_ins": list(self.stand_ins),
                "seconds": self.seconds,
            }
        )


@dataclass
class Session:
    """Runs cells and asks questions; a kernel that hangs or dies is replaced and caught up."""

    kernel: StudentKernel
    deadlines: Deadlines = field(default_factory=Deadlines)
    _history: list[tuple[str, float]] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    def greet(self) -> None:
        """Makes sure that the kernel asks the same questions as the grader, before any of the student's code.

        Raises:
            KernelFault: the kernel has other probes, or none.
        """
        nonce = secrets.token_hex(16)
        run = self.kernel.run(
            _GREET.format(nonce=nonce), GREETING_SECONDS, Wanted(MIME, {nonce: GREETING_SECONDS})
        )
        if read_answer(run, nonce).get("fingerprint") != fingerprint():
            raise KernelFault(f"the kernel cannot be asked: its ac_helpers is not the grader's ({run.error})")

    def run_cell(self, source: str) -> CellRun:
        """Runs a cell of the notebook."""
        if self._left() <= 0:
            return CellRun(status="timeout")
        run = self.kernel.run(source, min(self.deadlines.cell, self._left()))
        if self.kernel.running:
            # What a cell has done until it was interrupted is mostly done at its beginning.
            replayed = (
                min(AGAIN_SECONDS, self.deadlines.cell) if run.status == "timeout" else self.deadlines.cell
            )
            self._history.append((source, replayed))
        else:
            self._recover()
        return run

    def ask(self, request: Request) -> Data:
        """The raw answer to a question, or what was raised instead.

        "OutOfTime" when its time gave no answer, "KernelDied" when the kernel ended by itself.
        """
        if self._left() <= 0:
            return raised("OutOfTime")
        run, answers = self._put([request])
        if run.status == "dead":
            return raised("KernelDied")
        return raised("OutOfTime") if run.status == "timeout" else (answers or [raised("NoAnswer")])[0]

    def ask_together(self, requests: Sequence[Request]) -> list[Data]:
        """The raw answers to the first of some questions, as far as they came: often all.

        One way there and back for all of them. What has kept the rest from coming shows when those are asked
        one by one.
        """
        return self._put(requests)[1] if self._left() > 0 else []

    def _put(self, requests: Sequence[Request]) -> tuple[CellRun, list[Data]]:
        asked = {secrets.token_hex(16): request for request in requests}
        code = ", ".join(repr(request.encoded(nonce)) for nonce, request in asked.items())
        patience = {
            nonce: PATIENCE * request.seconds + self.deadlines.question_grace
            for nonce, request in asked.items()
        }
        seconds = min(sum(patience.values()), self._left())
        run = self.kernel.run("", seconds, Wanted(MIME, patience), expression=_ASK.format(requests=code))
        if not self.kernel.running:
            self._recover()
        came = takewhile(run.published.__contains__, asked)
        return run, [read_answer(run, nonce) for nonce in came]

    def _left(self) -> float:
        return self._started + self.deadlines.notebook - time.monotonic()

    def _recover(self) -> None:
        """A fresh kernel that has run every cell but those that cost one."""
        while True:
            self.kernel.replace()
            self.greet()
            fatal = self._replay()
            if fatal is None:
                return
            del self._history[fatal]

    def _replay(self) -> int | None:
        """Runs the cells so far again while there is time; which of them costs the kernel, if any does."""
        for number, (source, seconds) in enumerate(self._history):
            if self._left() <= 0:
                return None
            self.kernel.run(source, min(seconds, self._left()))
            if not self.kernel.running:
                return number
        return None


def read_answer(run: CellRun, nonce: str) -> Data:
    """The answer that carries the question's nonce; anything else that was published is no answer."""
    if nonce not in run.published:
        return raised("NoAnswer")
    try:
        message = decode(run.published[nonce])
    except NotPlain:
        return raised("NoAnswer")
    tied = isinstance(message, dict) and message.get("nonce") == nonce
    if not tied or not isinstance(message.get("answer"), dict):
        return raised("NoAnswer")
    return _checked(message["answer"])


def _checked(answer: Data) -> Data:
    """What was raised is shown to people, so it has to have the form that it claims to have."""
    if "raised" not in answer:
        return answer
    claimed = answer["raised"]
    if not isinstance(claimed, dict):
        return raised("NoAnswer")
    return {
        "raised": {key: str(claimed.get(key, ""))[:300] for key in ("type", "message", "line", "function")}
    }
