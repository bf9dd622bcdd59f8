"""The grader's end inside a student's kernel: answers one question and publishes nothing but data."""

from __future__ import annotations

import hashlib
import time
from contextlib import nullcontext
from functools import cache
from importlib import resources
from typing import Any

from IPython import get_ipython

from ac_helpers.asking import Data, named
from ac_helpers.asking.answering import answered, raised
from ac_helpers.asking.plain import NotPlain, decode, encode
from ac_helpers.overlay import overlaid
from ac_helpers.steadying import shadowed_builtins, single_precision, steady

MIME = "application/vnd.ac-helpers.answer+json"


def greet(nonce: str) -> None:
    """Before any of the student's code: publishes which questions this kernel knows, tied to the nonce."""
    shell = get_ipython()
    steady(shell)
    encoded = encode({"nonce": nonce, "answer": {"fingerprint": fingerprint()}})
    shell.display_pub.publish({MIME: encoded})


@cache
def fingerprint() -> str:
    """A hash of the sources by which questions are put: kernel and grader have to have the same ones."""
    digest = hashlib.sha256()
    for file in sorted(resources.files("ac_helpers.asking").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def reply(*requests: str) -> None:
    """Answers requests in their order, up to the first that runs out of time: the next ones may do the same.

    Each answer is a line published under `MIME`, tied to its request's nonce. One that took no time waits for
    the next, and is lost with it if that ends the kernel.

    Args:
        requests: encoded data: nonce, ask (who puts the question), needs (the names that it cannot do
            without), data, random_seed, seconds, and stand_ins: sources whose names replace those of the
            notebook while the question is asked.
    """
    waiting: list[str] = []
    started = time.monotonic()
    try:
        for request in requests:
            found, encoded = _answer(request)
            waiting.append(encoded)
            if found.get("raised", {}).get("type") == "OutOfTime":
                break
            if time.monotonic() - started > TOGETHER:
                _publish(waiting)
                started = time.monotonic()
    finally:
        _publish(waiting)


TOGETHER = 0.05
"""Seconds for which answers are kept back to travel with the next: every message costs a millisecond."""


def _publish(answers: list[str]) -> None:
    """Publishes what is there, if anything, and takes it out of the list."""
    if answers:
        get_ipython().display_pub.publish({MIME: "\n".join(answers)})
        answers.clear()


def _answer(request: str) -> tuple[Data, str]:
    """The answer to a request, and its encoded form, tied to the nonce."""
    asked = decode(request)
    names = get_ipython().user_ns
    precision = single_precision() if asked["stand_ins"] else nullcontext()
    with overlaid(names, _right(names, asked["stand_ins"])), precision:
        found = answered(
            named(asked["ask"]), asked["needs"], names, asked["data"], asked["random_seed"], asked["seconds"]
        )
    try:
        return found, encode({"nonce": asked["nonce"], "answer": found})
    except NotPlain as error:
        return found, encode({"nonce": asked["nonce"], "answer": raised("NotPlain", str(error)[:300])})


def _right(names: dict[str, Any], sources: list[str]) -> dict[str, Any]:
    """What stands in for a notebook's names; with right versions come Python's own functions."""
    return {**shadowed_builtins(names), **_run(sources)} if sources else {}


def _run(sources: list[str]) -> dict[str, Any]:
    """What sources define, run in a namespace that names which a student has bound do not reach."""
    scope: dict[str, Any] = {"__name__": "stand_ins"}
    for source in sources:
        exec(source, scope)
    return {name: value for name, value in scope.items() if not name.startswith("__")}
