"""Reads a submission and rebuilds it: the released notebook with the student's code put in.

Only the sources of code cells are taken from a submission. Its metadata, outputs, test cells and everything
else stay behind, so that nothing in them can matter to what runs afterwards.
"""

from __future__ import annotations

import ast
import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment, grade_id, is_solution, is_test

OWN = "own"


class UnreadableSubmission(Exception):
    """What was handed in is no notebook; the message is one line that says why."""


@dataclass(frozen=True)
class Rebuilt:
    """A rebuilt notebook.

    Attributes:
        notebook: released cells with the student's sources, own cells in their place.
        blank: ids of the solution cells that are deleted, empty or as they were released.
    """

    notebook: NotebookNode
    blank: frozenset[str]


@dataclass
class _Taken:
    """What is taken from a submission: sources of solution cells, own cells by what they stand after."""

    sources: dict[str, str] = field(default_factory=dict)
    own: dict[str | None, list[str]] = field(default_factory=dict)


def read_submission(path: Path) -> NotebookNode:
    """The notebook in a file, in today's format.

    Raises:
        UnreadableSubmission: there is no file, or it is no notebook with code in it.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableSubmission(f"{path} does not exist: check the name") from None
    except IsADirectoryError:
        raise UnreadableSubmission(f"{path} is a folder: name the notebook in it") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise UnreadableSubmission(f"{path} cannot be read as text: {problem}") from None
    return _parse(text, path)


def _parse(text: str, path: Path) -> NotebookNode:
    advice = "hand in the .ipynb file as Jupyter or Colab saved it"
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as problem:
        what = "is empty" if not text.strip() else f"is no notebook (not JSON: {problem})"
        raise UnreadableSubmission(f"{path} {what}: {advice}") from None
    if not isinstance(raw, dict) or "nbformat" not in raw:
        raise UnreadableSubmission(f"{path} is no notebook (JSON without nbformat): {advice}")
    try:
        notebook = nbformat.convert(nbformat.from_dict(raw), 4)
        cells = [_cell(cell) for cell in notebook.cells]
    except Exception as problem:
        raise UnreadableSubmission(
            f"{path} is a damaged notebook ({type(problem).__name__}): {advice}"
        ) from None
    if not any(cell.cell_type == "code" for cell in cells):
        raise UnreadableSubmission(f"{path} has no code cells: {advice}")
    return nbformat.v4.new_notebook(cells=cells)


def _cell(cell: Any) -> NotebookNode:
    """The source and the id of a cell, and nothing else of it."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    found = grade_id(cell)
    metadata = {"nbgrader": {"grade_id": found}} if found else {}
    new_cell = nbformat.v4.new_code_cell if cell["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    return new_cell(text, metadata=metadata)


def match_cells(submitted: NotebookNode, pristine: NotebookNode) -> dict[int, str]:
    """Which code cells of a submission are which solution cells: position -> id.

    By id; a solution cell whose id is lost is found by the names that it defines.
    """
    solutions = {grade_id(cell): cell for cell in pristine.cells if is_solution(cell)}
    code = {i: cell for i, cell in enumerate(submitted.cells) if cell.cell_type == "code"}
    matched = {i: found for i, cell in code.items() if (found := grade_id(cell)) in solutions and found}
    names = {found: defined_names(cell.source) for found, cell in solutions.items()}
    known = {grade_id(cell) for cell in pristine.cells}
    for found, defined in names.items():
        if found is None or found in matched.values():
            continue
        for i, cell in code.items():
            if i not in matched and grade_id(cell) not in known and defined & defined_names(cell.source):
                matched[i] = found
                break
    return matched


def defined_names(source: str) -> set[str]:
    """The functions and classes that a cell defines; for broken code, those that begin a line."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        starts = [line.split("(")[0].split(":")[0].split() for line in source.splitlines()]
        return {words[1] for words in starts if len(words) == 2 and words[0] in ("def", "class")}
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def rebuild(submitted: NotebookNode, assignment: Assignment) -> Rebuilt:
    """The released notebook with what is taken from the submission.

    Solution cells take the student's source; of several copies the last one counts. Own cells, and given
    cells that the student has changed, run in their place: after the released cell that they follow.
    """
    pristine = assignment.pristine
    taken = _take(submitted, pristine)
    cells = [_own_cell(source, None, number) for number, source in enumerate(taken.own.get(None, []))]
    blank = set()
    for released in pristine.cells:
        cell, found = copy.deepcopy(released), grade_id(released)
        if is_solution(cell):
            cell.source = taken.sources.get(found or "", "")
            if not cell.source.strip() or cell.source.strip() == released.source.strip():
                blank.add(found or "")
        cells.append(cell)
        cells += [_own_cell(source, found, number) for number, source in enumerate(taken.own.get(found, []))]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(pristine.metadata))
    return Rebuilt(notebook, frozenset(blank))


def _take(submitted: NotebookNode, pristine: NotebookNode) -> _Taken:
    matched = match_cells(submitted, pristine)
    released = {grade_id(cell): cell for cell in pristine.cells if grade_id(cell)}
    ids = {cell.source.strip(): found for found, cell in released.items()}
    taken, anchor = _Taken(), None
    for i, cell in enumerate(submitted.cells):
        found = matched.get(i) or grade_id(cell)
        if found not in released:
            found = ids.get(cell.source.strip())
        if i in matched:
            taken.sources[matched[i]] = cell.source
        elif cell.cell_type == "code" and _is_own(cell, released.get(found)):
            taken.own.setdefault(found or anchor, []).append(cell.source)
        anchor = found or anchor
    return taken


def _is_own(cell: NotebookNode, released: NotebookNode | None) -> bool:
    if not cell.source.strip():
        return False
    if released is None:
        return True
    return (
        not is_test(released)
        and released.cell_type == "code"
        and cell.source.strip() != released.source.strip()
    )


def _own_cell(source: str, after: str | None, number: int) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=f"{OWN}-{after or 'first'}-{number}"[:64])
    cell.metadata["autograder"] = {OWN: True}
    return cell
