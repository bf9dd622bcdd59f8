"""A naive grader, as many are: the notebook runs as it came, its own cells test it, their output decides.

Run as a program it grades one notebook and writes the score to a file. Nothing protects anything here.

    python -m tests.hostile.naive NOTEBOOK RESULT
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

TESTS = {
    "test_tensor_utils": """
import numpy as np, torch, reference
for numbers in (np.linspace(-3, 3, 3), np.array([0.5, -20.0, 1e3])):
    x = torch.as_tensor(numbers, dtype=torch.float32)
    assert np.allclose(to_tensor(numbers), reference.to_tensor(numbers)), "to_tensor"
    assert np.allclose(symlog(x), reference.symlog(x)), "symlog"
    assert np.allclose(symexp(symlog(x)), reference.symexp(reference.symlog(x)), rtol=1e-3), "symexp"
""",
    "test_eps_greedy": """
import torch, reference
Q = lambda state: torch.tensor([0.0, 1.0, 0.5])
for state in ([0.0, 1.0], [1.0, 0.0]):
    right = reference.select_action_eps_greedy(Q, state, 0.0)
    assert select_action_eps_greedy(Q, state, 0.0) == right, "not the best action"
""",
    "test_sample_batch": """
buffer = [([float(i)], i % 2, float(i), [i + 1.0], False) for i in range(20)]
assert len(sample_batch(buffer, 4)) == 5 or True
assert [len(part) for part in sample_batch(buffer, 4)] == [4] * 5, "wrong sizes"
""",
    "test_actor_critic_model": """
import numpy as np, torch
action, log_prob, Q_s_a = ActorCriticModel(3, [8], 2)(torch.zeros(3))
assert action in (0, 1) and log_prob <= 0 and np.allclose(Q_s_a, Q_s_a)
""",
}
ELSE = "agent = ActorCriticAgent(3, 2, [8], 1e-3, 0.9, 100)\nagent.act(np.zeros(3))\nagent.update(1, 1, 1)\n"

SECONDS = 60
"""The deadline of the one who runs it; it has none itself."""


def with_tests(notebook: dict[str, Any]) -> dict[str, Any]:
    """The released notebook with the naive tests in its test cells."""
    for cell in notebook["cells"]:
        graded = cell["metadata"].get("nbgrader", {})
        if graded.get("grade"):
            cell["source"] = TESTS.get(graded["grade_id"], ELSE)
    return notebook


def grade(path: Path) -> float:
    """The points of all cells that ended without a word of an error."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    with contextlib.suppress(DeadKernelError):  # what there is counts
        NotebookClient(notebook, allow_errors=True, timeout=None, kernel_name="python3").execute()
    path.with_suffix(".executed").write_text(nbformat.writes(notebook), encoding="utf-8")
    return sum(
        float(cell.metadata.nbgrader.points)
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        and not any(output.output_type == "error" for output in cell.get("outputs", []))
    )


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(grade(Path(sys.argv[1]))), encoding="utf-8")
