"""What cells of a notebook may do to the shell that runs them, undone: it neither ends nor falls silent.

A student's own cell may call `exit()`, close or replace the streams that every cell's output goes through,
bind the names of Python's own functions, or try another precision. None of that is a mistake in what is
graded.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import torch


def steady(shell: Any) -> None:
    """Lets a shell go on after `exit()` and gives it back its streams after every cell."""
    streams = {name: getattr(sys, name) for name in ("stdout", "stderr")}

    def give_back(*_: Any) -> None:
        for name, stream in streams.items():
            setattr(sys, name, stream)

    shell.ask_exit = lambda: None
    shell.events.register("post_run_cell", give_back)


def shadowed_builtins(names: Mapping[str, Any]) -> dict[str, Any]:
    """Python's own functions whose names are bound to something else."""
    return {
        name: value
        for name, value in vars(builtins).items()
        if not name.startswith("_") and name in names and names[name] is not value
    }


@contextlib.contextmanager
def single_precision() -> Iterator[None]:
    """Within it new tensors and layers are float32, whatever a cell has made the default."""
    default = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(default)
