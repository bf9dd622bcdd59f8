"""How a check builds what a student has written: as the notebook would, and no stricter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Built = TypeVar("Built")


def tuple_or_list(build: Callable[[Any], Built], hidden_dims: Sequence[int]) -> Built:
    """Builds with `hidden_dims` as a tuple, and as a list where the code can only do with a list.

    Raises:
        Exception: neither works; what the tuple has raised.
    """
    try:
        return build(tuple(hidden_dims))
    except (TypeError, AttributeError, AssertionError) as failure:
        try:
            return build(list(hidden_dims))
        except Exception:
            raise failure from None


def attempt(call: Callable[[], Built]) -> tuple[Built | None, str]:
    """What a call gives and "", or None and what it raised: where raising is one answer among others.

    Raises:
        NotImplementedError: the student has not written it yet, which is an answer of its own.
    """
    try:
        return call(), ""
    except NotImplementedError:
        raise
    except Exception as failure:
        return None, f"{type(failure).__name__}: {failure}"[:200]
