"""Notebooks with something odd about the notebook, not about the answers in it; a module for each assignment, and one for all.

An oddity makes a submission of the released notebook and the solved one, which are its own to spoil, and
says which test cells lose points by it, with which status. All others must get everything. What it returns
is a notebook, or the JSON of one where no notebook can be that odd.
"""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import nbformat
from nbformat import NotebookNode

from ac_helpers.probes import ASSIGNMENTS
from autograder.assignment import grade_id, is_solution

Make = Callable[[NotebookNode, NotebookNode], NotebookNode | dict[str, Any]]


@dataclass(frozen=True)
class Oddity:
    """What is odd, what it costs (status by test cell, nothing if empty), and how a submission gets it."""

    what: str
    lost: Mapping[str, str]
    make: Make

    @property
    def name(self) -> str:
        """A short name that tells the oddities apart."""
        return self.make.__name__

    def submission(self, pristine: NotebookNode, solved: NotebookNode) -> str:
        """The file that is handed in."""
        made = self.make(copy.deepcopy(pristine), copy.deepcopy(solved))
        return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)


_KNOWN: defaultdict[str, list[Oddity]] = defaultdict(list)
_SHARED: list[tuple[str, str | None, Make]] = []


def oddities(assignment: str) -> list[Oddity]:
    """The oddities of an assignment and those of every one, where it has any of its own."""
    module = f"{__name__}.{assignment}"
    if find_spec(module) is None:
        return []
    import_module(module)
    import_module(f"{__name__}.every")
    tests = ASSIGNMENTS[assignment]
    of_every = [
        Oddity(what, dict.fromkeys(tests, status) if status else {}, make) for what, status, make in _SHARED
    ]
    return _KNOWN[assignment] + of_every


def oddity(
    assignment: str, what: str, lost: Mapping[str, str] | None = None
) -> Callable[[Make], Make]:
    """Adds a way to make a submission of an assignment to the list."""

    def add(make: Make) -> Make:
        _KNOWN[assignment].append(Oddity(what, lost or {}, make))
        return make

    return add


def shared(what: str, status: str | None = None) -> Callable[[Make], Make]:
    """Adds a way to make a submission of any assignment; with a status all of its test cells are lost."""

    def add(make: Make) -> Make:
        _SHARED.append((what, status, make))
        return make

    return add


# --- what the oddities are made with ---


def solutions(notebook: NotebookNode) -> list[str]:
    """The ids of the solution cells, in their order."""
    return [grade_id(cell) for cell in notebook.cells if is_solution(cell)]


def position(notebook: NotebookNode, wanted: str) -> int:
    """Where the (first) cell of this id stands."""
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(wanted)


def cell_of(notebook: NotebookNode, wanted: str) -> NotebookNode:
    """The (first) cell of this id."""
    return notebook.cells[position(notebook, wanted)]


def take_out(notebook: NotebookNode, wanted: str) -> NotebookNode:
    """Removes the cell of this id and returns it."""
    return notebook.cells.pop(position(notebook, wanted))


def own(notebook: NotebookNode, after: str, *sources: str) -> NotebookNode:
    """Puts own cells after the cell of this id."""
    at = position(notebook, after) + 1
    notebook.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


def split(notebook: NotebookNode, wanted: str, before: str, *, keep_ids: bool = True) -> NotebookNode:
    """Cuts a cell in two before the line that begins with this text, as JupyterLab does: no blank edges."""
    at = position(notebook, wanted)
    first = notebook.cells[at]
    second = copy.deepcopy(first)
    lines = first.source.split("\n")
    cut = next(number for number, line in enumerate(lines) if line.startswith(before))
    first.source = "\n".join(lines[:cut]).strip("\n")
    second.source = "\n".join(lines[cut:]).strip("\n")
    second.id = f"{first.get('id', 'cell')}-2"
    if not keep_ids:
        second.metadata = NotebookNode()
    notebook.cells.insert(at + 1, second)
    return notebook


def without_ids(notebook: NotebookNode) -> NotebookNode:
    """Takes all metadata from all cells."""
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    return notebook


def as_old_json(notebook: NotebookNode) -> dict[str, Any]:
    """The notebook in the format 4.0: cells have no ids, sources are lists of lines."""
    old = json.loads(json.dumps(notebook))
    old["nbformat_minor"] = 0
    for cell in old["cells"]:
        cell.pop("id", None)
        cell["source"] = cell["source"].splitlines(keepends=True)
    return old


def own_before(notebook: NotebookNode, before: str, *sources: str) -> NotebookNode:
    """Puts own cells before the cell of this id."""
    at = position(notebook, before)
    notebook.cells[at:at] = [nbformat.v4.new_code_cell(source) for source in sources]
    return notebook


def moved_down(
    pristine: NotebookNode, solved: NotebookNode, wanted: str, old: str, new: str, *above: str
) -> NotebookNode:
    """Leaves a solution as a stub; what was there follows at the very end, changed, below own cells."""
    code = cell_of(solved, wanted).source
    assert old in code
    cell_of(solved, wanted).source = cell_of(pristine, wanted).source
    solved.cells += [nbformat.v4.new_code_cell(source) for source in (*above, code.replace(old, new))]
    return solved
