"""Right versions in the place of a notebook's own names, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from types import FunctionType
from typing import Any


@contextmanager
def overlaid(names: MutableMapping[str, Any], right: Mapping[str, Any]) -> Iterator[None]:
    """Binds `names` to the right versions inside the block and puts back afterwards what was there.

    What a student's class defines beside the right one stays there for the code that was written with it, and
    arguments that only the student's function takes are left aside.
    """
    before = {name: names[name] for name in right if name in names}
    names.update({name: _suiting(value, before.get(name)) for name, value in right.items()})
    try:
        yield
    finally:
        for name in right:
            del names[name]
        names.update(before)


def _suiting(right: Any, own: Any) -> Any:
    """What is right, in a form that suits what was written around the student's own."""
    return _tolerant(right) if isinstance(right, FunctionType) else _keeping_own(right, own)


def _tolerant(right: Callable[..., Any]) -> Callable[..., Any]:
    """A right function that leaves aside arguments of which only the student's own one knows."""
    parameters = signature(right).parameters
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters.values()):
        return right

    @wraps(right)
    def called(*given: Any, **named: Any) -> Any:
        known = {name: value for name, value in named.items() if name in parameters}
        return right(*given[: len(parameters)], **known)

    return called


def _keeping_own(right: Any, own: Any) -> Any:
    """A right class with the further methods of the student's, and with the `__init__` that it lacks.

    Anything else as it is.
    """
    if not isinstance(right, type) or not isinstance(own, type):
        return right
    kept = {
        name: value
        for base in own.__mro__[-2::-1]
        for name, value in vars(base).items()
        if (name == "__init__" and name not in vars(right))
        or (not name.startswith("__") and not hasattr(right, name))
    }
    return type(right.__name__, (right,), kept) if kept else right
