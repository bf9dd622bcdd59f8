"""Reads a submission and rebuilds it: the released notebook with the student's code put in.

Only the sources of code cells are taken from a submission. Its metadata, outputs, test cells and everything
else stay behind, so that nothing in them can matter to what runs afterwards.
"""

from __future__ import annotations

import copy
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment, grade_id, is_solution
from autograder.cells import MAX_PARSED, code_lines, read_code
from autograder.matching import OWN, Matched, Piece, Released, match

__all__ = ["OWN", "Rebuilt", "UnreadableSubmission", "match_cells", "read_submission", "rebuild"]


LARGEST = 200 * 2**20
"""Bytes of a notebook file: more than any has with its pictures, less than there is memory for."""


MOST_CODE = 1_000_000
"""Characters of code that are read, cells with pasted data left aside: ten times what any solution has."""


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


def read_submission(path: Path) -> NotebookNode:
    """The notebook in a file, in today's format.

    Raises:
        UnreadableSubmission: there is no file, or it is no notebook with code in it.
    """
    return parse_submission(read_bytes(path, str(path)), str(path))


def read_bytes(path: Path, name: str) -> bytes:
    """What is in a file that was handed in.

    Args:
        path: the file.
        name: how messages call it.

    Raises:
        UnreadableSubmission: there is none, or it is not an ordinary one.
    """
    try:
        return _read_ordinary(Path(path), name)
    except FileNotFoundError:
        raise UnreadableSubmission(f"{name} does not exist: check the name") from None
    except IsADirectoryError:
        raise UnreadableSubmission(f"{name} is a folder: name the notebook in it") from None
    except OSError as problem:
        raise UnreadableSubmission(f"{name} cannot be read: {problem.strerror}") from None


def parse_submission(content: bytes, name: str) -> NotebookNode:
    """The notebook in a file's bytes, in today's format.

    Args:
        content: the file.
        name: how messages call it.

    Raises:
        UnreadableSubmission: it is no notebook with code in it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableSubmission(f"{name} cannot be read as text: {problem}") from None
    return _parse(text, name)


def _read_ordinary(path: Path, name: str) -> bytes:
    """The bytes of a file; what is no ordinary one, such as a pipe or a device, may never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableSubmission(f"{name} is no ordinary file: hand in the notebook itself")
        if status.st_size > LARGEST:
            raise UnreadableSubmission(
                f"{name} has {status.st_size >> 20} MB, more than {LARGEST >> 20}: clear its outputs"
            )
        return file.read(LARGEST)


def _parse(text: str, path: str) -> NotebookNode:
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
        cells = [_cell(number, cell) for number, cell in enumerate(notebook.cells)]
    except Exception as problem:
        raise UnreadableSubmission(
            f"{path} is a damaged notebook ({type(problem).__name__}): {advice}"
        ) from None
    if not any(cell.cell_type == "code" for cell in cells):
        raise UnreadableSubmission(f"{path} has no code cells: {advice}")
    sizes = [len(cell.source) for cell in cells if cell.cell_type == "code"]
    code = sum(size for size in sizes if size <= MAX_PARSED)
    if code > MOST_CODE:
        raise UnreadableSubmission(f"{path} has {code} characters of code, more than {MOST_CODE}: {advice}")
    return nbformat.v4.new_notebook(cells=cells)


def _cell(number: int, cell: Any) -> NotebookNode:
    """The source and the id of a cell, and nothing else of it."""
    source = cell["source"]
    text = _clean(source if isinstance(source, str) else "".join(source))
    found = grade_id(cell) if isinstance(cell.get("metadata"), dict) else None
    metadata = {"nbgrader": {"grade_id": found}} if found else {}
    of_code: dict[str, Any] = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    # nbformat's own functions look at every cell with its schema; the whole notebook is looked at anyway.
    return nbformat.from_dict(
        {
            "cell_type": "code" if of_code else "markdown",
            "id": f"submitted-{number}",
            "metadata": metadata,
            "source": text,
            **of_code,
        }
    )


def _clean(text: str) -> str:
    """Text with line ends of one kind and without half characters, which no kernel can be sent."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def match_cells(submitted: NotebookNode, pristine: NotebookNode) -> dict[int, str]:
    """Which code cells of a submission come from which solution or test cells: position -> id.

    By id or by the same text; solution cells also by the names that they define.
    """
    released = Released(pristine)
    matched = {
        piece.position: solution
        for solution, pieces in match(submitted, released).solutions.items()
        for piece in pieces
    }
    for position, cell in enumerate(submitted.cells):
        found = released.identity(cell)
        if cell.cell_type == "code" and found and released.is_scored(found):
            matched.setdefault(position, found)
    return matched


def rebuild(submitted: NotebookNode, assignment: Assignment) -> Rebuilt:
    """The released notebook with what is taken from the submission.

    Solution cells take the student's code, wherever it was found (see `autograder.matching`). Own cells, and
    given cells that the student has changed, run in their place: after the released cell that they follow.
    Rebuilding what was rebuilt changes nothing.
    """
    pristine = assignment.pristine
    matched = match(submitted, Released(pristine))
    own = _by_anchor(matched)
    cells = _own_cells(own.get(None, []), "first")
    blank = set()
    for released in pristine.cells:
        cell, found = copy.deepcopy(released), grade_id(released)
        if is_solution(cell) and found is not None:
            *before, cell.source = _sources(matched.solutions[found])
            before = [piece.code.source for piece in matched.needed[found]] + before
            cells += _own_cells(before, f"before-{found}")
            if code_lines(cell.source) in ((), code_lines(released.source)):
                blank.add(found)
        cells.append(cell)
        cells += _own_cells(own.get(found, []) if found is not None else [], found or "")
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(pristine.metadata))
    return Rebuilt(notebook, frozenset(blank))


def _by_anchor(matched: Matched) -> dict[str | None, list[str]]:
    own: dict[str | None, list[str]] = {}
    for piece in matched.pieces:
        if piece.stays:
            own.setdefault(piece.anchor, []).append(piece.code.source)
    return own


def _sources(pieces: list[Piece]) -> list[str]:
    """The source of a solution cell, last, and what has to run as cells of its own before it.

    Parts stay apart where they cannot be one cell: a cell magic stands first and takes all the rest.
    """
    sources = [piece.code.source for piece in pieces]
    together = "\n\n\n".join(sources)
    has_cell_magic = any(source.lstrip().startswith("%%") for source in sources)
    if len(pieces) > 1 and (has_cell_magic or not read_code(together).runs) and _all_run(pieces):
        return sources
    return [together]


def _all_run(pieces: list[Piece]) -> bool:
    return all(piece.code.runs for piece in pieces)


def _own_cells(sources: list[str], place: str) -> list[NotebookNode]:
    return [_own_cell(source, f"{OWN}-{place}-{number}") for number, source in enumerate(sources)]


def _own_cell(source: str, cell_id: str) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, id=cell_id[-64:])
    cell.metadata["autograder"] = {OWN: True}
    return cell
