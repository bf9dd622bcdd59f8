"""Puts one question to the functions of a solution and brings back an answer, whatever happens."""

from __future__ import annotations

import contextlib
import io
import linecache
import random
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Ask, Data, Names
from ac_helpers.asking.plain import NotPlain

PATIENCE = 4
"""How many times its deadline a question may take by the clock."""

_PACKAGE = str(Path(__file__).resolve().parent.parent)


class OutOfTime(BaseException):
    """The question's deadline has passed. No Exception, so that a student's `except Exception` lets it by."""


def answered(
    ask: Ask, needs: Iterable[str], names: Names, data: Data, random_seed: int, seconds: float
) -> Data:
    """The raw answer to a question, or `{"raised": ...}` with what went wrong on the way.

    Random generators are seeded before and put back afterwards, so that asking changes nothing for the
    code that runs next; what the functions print is thrown away.

    Args:
        ask: puts the question.
        needs: the names without which it cannot be put.
        names: the student's names.
        data: the question's data.
        random_seed: for all random generators.
        seconds: the deadline.
    """
    missing = [name for name in needs if name not in names]
    if missing:
        return raised("Undefined", ", ".join(missing))
    try:
        with _own_random_state(random_seed), torch.enable_grad(), _quiet(), deadline(seconds):
            return ask(names, data)
    except OutOfTime:
        return raised("OutOfTime")
    except NotPlain as error:
        return raised("NotPlain", str(error)[:300])
    except Exception as error:
        return {"raised": describe(error)}


def raised(kind: str, message: str = "") -> Data:
    """An answer that says what went wrong outside the student's own lines."""
    return {"raised": {"type": kind, "message": message, "line": "", "function": ""}}


def describe(error: BaseException) -> Data:
    """An exception as data: type, message, and the student's own line and function where it arose."""
    frame = _innermost_own_frame(error)
    return {
        "type": type(error).__name__[:80],
        "message": _message(error)[:300],
        "line": (frame.line or "").strip()[:200] if frame else "",
        "function": frame.name[:80] if frame else "",
    }


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _innermost_own_frame(error: BaseException) -> traceback.FrameSummary | None:
    linecache.checkcache()
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename and _own(frame.filename)]
    return own[-1] if own else None


def _own(filename: str) -> bool:
    return (
        not filename.startswith((_PACKAGE, "<frozen", "<__array_function__"))
        and "/lib/python" not in filename
    )


@contextlib.contextmanager
def _own_random_state(seed: int) -> Iterator[None]:
    saved = random.getstate(), np.random.get_state(), torch.default_generator.get_state()
    random.seed(seed)
    np.random.seed(seed % 2**32)
    # torch.manual_seed would also leave a word for every other device, with a stack trace each time.
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        random.setstate(saved[0])
        np.random.set_state(saved[1])
        torch.default_generator.set_state(saved[2])


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = _Nowhere()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises OutOfTime in the block after so many seconds of computing, or `PATIENCE` times as many in all.

    On a busy machine a right answer takes longer by the clock, but not longer to compute. One deadline may be
    within another, which goes on afterwards. Where the system has no interval timers there is none.

    What is interrupted while it leaves `torch.no_grad()` never gets to switch gradients on again.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def give_up(signum: int, frame: Any) -> None:
        raise OutOfTime

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, 1), (signal.SIGALRM, signal.ITIMER_REAL, PATIENCE))
    with_gradients = torch.is_grad_enabled()
    before = {number: signal.signal(number, give_up) for number, _, _ in timers}
    left = {timer: (signal.setitimer(timer, factor * seconds)[0], _now(timer)) for _, timer, factor in timers}
    try:
        yield
    finally:
        for number, timer, _ in timers:
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])
        torch.set_grad_enabled(with_gradients)
        for timer, (remaining, started) in left.items():
            if remaining:
                signal.setitimer(timer, max(1e-3, remaining - (_now(timer) - started)))


def _now(timer: int) -> float:
    """The time that an interval timer goes by."""
    return time.monotonic() if timer == signal.ITIMER_REAL else time.process_time()
