"""Right solutions of every cell and, beside them, the mistakes; the standalone notebook goes without."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ac_helpers.reference.bank import Mistake


def names(assignment: str) -> Mapping[str, Any]:
    """The global names of the solved notebook of an assignment."""
    return vars(import_module(f"{__name__}.{assignment}"))


@cache
def known_mistakes(test_id: str) -> tuple[Mistake, ...]:
    """The known mistakes that a test cell looks for, in the order of their file."""
    if find_spec(f"{__name__}.mistakes.{test_id}") is None:
        return ()
    return tuple(import_module(f"{__name__}.mistakes.{test_id}").BANK)
