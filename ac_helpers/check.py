"""What a student calls in the notebook: `check("test_...")` and `hint("test_...")`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from ac_helpers.messages import text


def check(test_id: str) -> float:
    """Checks what the notebook defines so far and shows, question by question, what is right.

    Args:
        test_id: the `grade_id` of a test cell, "test_td_loss" for example.

    Returns:
        The points earned: between 0 and the points of the cell.

    Raises:
        ValueError: there is no such check.
    """
    names = sys._getframe(1).f_globals
    checking = _checking()
    return checking.check(test_id, names) if checking else 0.0


def hint(test_id: str) -> None:
    """Shows the next hint for a test cell; every call says a little more, after the last it starts again.

    Raises:
        ValueError: there is no such check.
    """
    if checking := _checking():
        checking.hint(test_id)


def _checking() -> Any:
    """What checks; None, and a line that says so, where a notebook is graded: there are no answers there."""
    try:
        return import_module("ac_helpers.checking")
    except ImportError as problem:
        if not (problem.name or "").startswith("ac_helpers.probes"):
            raise
        print(text("check.not_here"))
        return None
