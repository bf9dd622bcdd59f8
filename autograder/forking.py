"""The process that workers are forked from: it imports what they need once, for all of them."""

from __future__ import annotations

from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

PRELOADED = ["autograder.pool", "autograder.handed_in"]


def start_ahead() -> BaseContext:
    """Starts it, unless it is there already; in its context processes are made."""
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()
    return context
