"""How questions are put to a solution: all of the grader that is ever in one process with it.

Nothing here draws a question or knows what a right answer is. That is for `ac_helpers.probes`, which is
hidden where strangers' code is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

Data = dict[str, Any]
"""Plain data: numbers, strings, None, lists, dicts and numpy arrays of numbers."""

Names = Mapping[str, Any]
"""The global names that a solution is made of, as the cells have bound them."""

Ask = Callable[[Names, Data], Data]
"""Puts a question's data to the functions in the names; what comes back is raw, nothing judged yet."""


def name_of(ask: Ask) -> str:
    """By which `named` finds it, in another process too."""
    return f"{ask.__module__.removeprefix(__name__ + '.')}.{ask.__name__}"


def named(name: str) -> Ask:
    """What asks under this name.

    Raises:
        AttributeError, ImportError: nothing does.
    """
    module, _, function = name.partition(".")
    found: Ask = getattr(import_module(f"{__name__}.{module}"), function)
    return found
