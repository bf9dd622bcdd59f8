"""The grader's end inside a student's kernel: answers one question and publishes nothing but data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any

from IPython import get_ipython

from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.asking import answer, raised
from ac_helpers.probes.plain import NotPlain, decode, encode

MIME = "application/vnd.ac-helpers.answer+json"


def greet(nonce: str) -> None:
    """Publishes which questions this kernel knows, tied to the nonce."""
    encoded = encode({"nonce": nonce, "answer": {"fingerprint": fingerprint()}})
    get_ipython().display_pub.publish({MIME: encoded})


@cache
def fingerprint() -> str:
    """A hash of the probes' sources: kernel and grader have to ask by the same ones."""
    digest = hashlib.sha256()
    for file in sorted(resources.files("ac_helpers.probes").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def reply(request: str) -> None:
    """Answers a request and publishes the answer under `MIME`, tied to the request's nonce.

    Args:
        request: encoded data: nonce, probe, question (ids), data, random_seed, seconds, and stand_ins:
            sources whose names replace those of the notebook while the question is asked.
    """
    asked = decode(request)
    shell = get_ipython()
    probe = probe_by_id(asked["probe"])
    question = probe.question(asked["question"])
    with _stand_ins(shell.user_ns, asked["stand_ins"]):
        found = answer(probe, question, shell.user_ns, asked["data"], asked["random_seed"], asked["seconds"])
    try:
        encoded = encode({"nonce": asked["nonce"], "answer": found})
    except NotPlain as error:
        encoded = encode({"nonce": asked["nonce"], "answer": raised("NotPlain", str(error)[:300])})
    shell.display_pub.publish({MIME: encoded})


@contextmanager
def _stand_ins(names: MutableMapping[str, Any], sources: list[str]) -> Iterator[None]:
    """Puts right versions in the place of the notebook's own names for a while.

    They run in a namespace of their own, so that names which a student has bound do not reach them. What a
    student's class defines beside stays there for the code that was written with it.
    """
    scope: dict[str, Any] = {"__name__": "stand_ins"}
    for source in sources:
        exec(source, scope)
    defined = {
        name: _keeping_own(value, names.get(name))
        for name, value in scope.items()
        if not name.startswith("__")
    }
    before = {name: names[name] for name in defined if name in names}
    names.update(defined)
    try:
        yield
    finally:
        for name in defined:
            del names[name]
        names.update(before)


def _keeping_own(stand_in: Any, own: Any) -> Any:
    """A right class with the further methods of the student's; anything else as it is."""
    if not isinstance(stand_in, type) or not isinstance(own, type):
        return stand_in
    kept = {
        name: value
        for name, value in vars(own).items()
        if not name.startswith("__") and not hasattr(stand_in, name)
    }
    return type(stand_in.__name__, (stand_in,), kept) if kept else stand_in
