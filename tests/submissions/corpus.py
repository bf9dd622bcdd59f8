"""Submissions as students would type them, right and wrong, and how they get into a notebook.

A file in an assignment's folder here is a sequence of blocks. A block is what one submission does differently
from the solved notebook; its header says whether that is right, or which mistakes are in it and where:

    # %% right: <style>
    # %% wrong: <test cell> <mistake>[ + <test cell> <mistake>...]: <what is wrong>

A function or class of the block takes the place of the one with its name in the solved cells. A class may
leave out methods: those of the solved class stay. All else goes just before the definition that follows.
"""

from __future__ import annotations

import ast
import copy
import linecache
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.assignment import Assignment, grade_id, is_solution, is_test
from autograder.source import read_source

FOLDER = Path(__file__).parent
_HEADER = re.compile(r"^# %% (?P<kind>right|wrong): (?P<rest>.+)$", re.MULTILINE)
_UNNAMED = "-"


@dataclass(frozen=True)
class Version:
    """One submission of the corpus.

    Attributes:
        file: the name of the file that it stands in.
        style: what it does differently, in a few words.
        mistakes: (test cell, mistake id or None where no id is expected); empty for a right version.
        code: what the student has typed.
    """

    file: str
    style: str
    mistakes: tuple[tuple[str, str | None], ...]
    code: str

    @property
    def right(self) -> bool:
        return not self.mistakes

    def __str__(self) -> str:
        kind = "right" if self.right else "wrong"
        return f"{self.file}: {kind}: {self.style}"


def versions(assignment: str = "actor_critic") -> Iterator[Version]:
    """The versions of all files of an assignment, in their order."""
    for path in sorted((FOLDER / assignment).glob("*.py")):
        yield from parse(path.stem, path.read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Iterator[Version]:
    """The versions in the text of one file."""
    headers = list(_HEADER.finditer(text))
    for header, end in zip(headers, [h.start() for h in headers[1:]] + [len(text)], strict=True):
        code = text[header.end() : end].strip() + "\n"
        if header["kind"] == "right":
            yield Version(file, header["rest"], (), code)
        else:
            mistakes, style = header["rest"].split(": ", 1)
            pairs = [part.split() for part in mistakes.split(" + ")]
            named = tuple((test, None if mistake == _UNNAMED else mistake) for test, mistake in pairs)
            yield Version(file, style, named, code)


def solved_cells(assignment: Assignment) -> dict[str, str]:
    """The sources of the solved solution cells, by their ids."""
    source = read_source(assignment.course.source_dir(assignment.name) / f"{assignment.name}.py")
    wanted = {grade_id(cell) for cell in assignment.pristine.cells if is_solution(cell)}
    return {found: cell.source for cell in source.cells if (found := grade_id(cell)) in wanted and found}


def cells_of(code: str, solved: dict[str, str]) -> dict[str, str]:
    """The solution cells, by id, after the code of a version has taken its place in them."""
    cells, before = dict(solved), ""
    for node in ast.parse(code).body:
        source = _source(code, node)
        cell = _cell_defining(getattr(node, "name", None), cells)
        if cell is None:
            before += source + "\n\n\n"
        else:
            cells[cell] = _put(cells[cell], node, source, before)
            before = ""
    if before:
        raise ValueError(f"nothing that a solution cell defines follows\n{before}")
    return cells


def notebook_of(assignment: Assignment, cells: dict[str, str]) -> NotebookNode:
    """The released notebook with these sources in its solution cells."""
    notebook = copy.deepcopy(assignment.pristine)
    for cell in notebook.cells:
        if is_solution(cell):
            cell.source = cells[grade_id(cell)]
    return notebook


def names_of(assignment: Assignment, cells: dict[str, str]) -> dict[str, Any]:
    """The global names after the notebook has run with these sources, without what it only shows."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook_of(assignment, cells).cells:
        left_out = (
            is_test(cell) or "skip-grading" in cell.metadata.get("tags", []) or grade_id(cell) == "setup"
        )
        if cell.cell_type == "code" and not left_out:
            run_cell(cell.source, str(grade_id(cell)), names)
    return names


def run_cell(source: str, name: str, names: dict[str, Any]) -> None:
    """Runs a cell so that its lines can be looked up, as they can in a kernel."""
    file = f"<{name} {zlib.crc32(source.encode())}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)


def _cell_defining(name: str | None, cells: dict[str, str]) -> str | None:
    for cell, source in cells.items():
        if name is not None and name in _definitions(source):
            return cell
    return None


def _definitions(source: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    return {
        node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }


def _put(cell: str, node: ast.stmt, source: str, before: str) -> str:
    """The cell with one definition replaced by the version's, and what belongs before it put there."""
    old = _definitions(cell)[node.name]  # type: ignore[attr-defined]
    if isinstance(node, ast.ClassDef) and isinstance(old, ast.ClassDef):
        source += _methods_left_out(cell, old, node)
    lines = cell.splitlines()
    first = min([old.lineno, *(decorator.lineno for decorator in old.decorator_list)])
    return "\n".join([*lines[: first - 1], (before + source).rstrip(), *lines[old.end_lineno :]]) + "\n"


def _methods_left_out(cell: str, old: ast.ClassDef, new: ast.ClassDef) -> str:
    written = {item.name for item in new.body if isinstance(item, ast.FunctionDef)}
    left_out = [item for item in old.body if isinstance(item, ast.FunctionDef) and item.name not in written]
    return "".join(f"\n\n{_source(cell, item)}" for item in left_out)


def _source(code: str, node: ast.stmt) -> str:
    """Whole lines, decorators and the comments right above included."""
    lines = code.splitlines()
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    while first > 0 and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return "\n".join(lines[first : node.end_lineno])
