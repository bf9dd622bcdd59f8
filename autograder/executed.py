"""Runs the solved notebook and keeps of the outputs only what is the same every time."""

from __future__ import annotations

import copy
import os
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.usage import UsageError

WIDGET = "application/vnd.jupyter.widget-view+json"
# One thread and a fixed hash seed: sums and sets come out in the same order on every run.
DETERMINISTIC = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


def execute(notebook: NotebookNode, folder: Path, timeout: int) -> NotebookNode:
    """A copy of the notebook with outputs."""
    executed = copy.deepcopy(notebook)
    client = NotebookClient(
        executed,
        timeout=timeout,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute(env={**os.environ, **DETERMINISTIC})
    except CellExecutionError as problem:
        reason = f"{problem.ename}: {problem.evalue}"
        raise UsageError(f"{folder}: {_failing_cell(executed)} fails: {reason}") from None
    except (CellTimeoutError, DeadKernelError) as problem:
        raise UsageError(f"{folder}: {_failing_cell(executed)} fails: {problem}") from None
    executed.metadata = copy.deepcopy(notebook.metadata)
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs = _stable_outputs(cell.outputs)
    return executed


def _failing_cell(notebook: NotebookNode) -> str:
    """The cell that was started last is the one that stopped the run."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = [cell for cell in code if cell.execution_count is not None or cell.outputs]
    return f"cell {started[-1].id!r}" if started else "the first cell"


def _stable_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    stable: list[NotebookNode] = []
    for output in outputs:
        if output.get("name") == "stderr" or WIDGET in output.get("data", {}):
            continue
        # How the kernel cuts a stream into messages depends on the clock.
        if output.output_type == "stream" and stable and stable[-1].output_type == "stream":
            stable[-1].text += output.text
        else:
            stable.append(output)
    return stable
