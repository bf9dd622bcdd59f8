"""A Jupyter kernel without what takes long at its start and in every cell, and what nothing hangs on.

Loaded by the zygote by its path; it knows nothing of the grader.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any


def shorten() -> None:
    """Puts quicker ways in the place of some of ipykernel's and IPython's, for all kernels forked later."""
    from ipykernel import compiler
    from IPython.core.interactiveshell import InteractiveShell

    # In pure Python a hash of the cell, for the name of its file, takes longer than running most cells.
    compiler.murmur2_x86 = lambda source, seed: zlib.crc32(source.encode("utf-8", "surrogatepass"), seed)
    InteractiveShell.transform_cell = _once_for_both(InteractiveShell.transform_cell)  # type: ignore[method-assign]


def _once_for_both(transform: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    """ipykernel and the shell transform a cell one after the other: the second gets what the first got."""
    ready: dict[str, str] = {}

    def transform_cell(shell: Any, raw_cell: str) -> str:
        found = ready.pop(raw_cell, None)
        if found is None:
            ready.clear()
            found = ready[raw_cell] = transform(shell, raw_cell)
        return found

    return transform_cell


class _SysWithoutModules:
    """`sys` for who would list all modules."""

    modules: Mapping[str, ModuleType] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def launch() -> None:
    """Runs the kernel's application to its end, with the arguments in `sys.argv`.

    It would list the files of all modules for a debugger, and to look at thousands of them copies the memory
    that they share with the zygote: a seventh of what starting a kernel takes.
    """
    from ipykernel import ipkernel
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    ipkernel.sys = _SysWithoutModules()  # type: ignore[assignment]
    try:
        app.initialize()
    finally:
        ipkernel.sys = sys
    app.start()
