"""Reads an assignment's source, solutions/<name>/<name>.py, as a notebook that is the same every time."""

from __future__ import annotations

import ast
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.assignment import grade_id
from autograder.usage import UsageError

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
BANNER_BEGIN = "####### Здесь ваш код ########"
BANNER_END = "##############################"


def read_source(path: Path) -> NotebookNode:
    """The solved notebook, not executed: fixed metadata, and ids that follow from the cells."""
    if not path.is_file():
        raise UsageError(f"{path} does not exist: an assignment's source is solutions/<name>/<name>.py")
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNELSPEC), language_info={"name": "python"})
    for number, cell in enumerate(notebook.cells):
        cell.id = grade_id(cell) or f"cell-{number}"
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's own, about the blank lines of the source
    _refuse_duplicates(notebook, path)
    return notebook


def _refuse_duplicates(notebook: NotebookNode, path: Path) -> None:
    seen: set[str] = set()
    for cell in notebook.cells:
        if cell.id in seen:
            raise UsageError(f"{path}: grade_id {cell.id!r} is used by more than one cell")
        seen.add(cell.id)


def only_defines(code: str) -> bool:
    """Whether a cell does nothing but import and define things."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # a magic or a shell line: it does something, so it is no definition
        return False
    return all(_is_definition(statement) for statement in statements)


def _is_definition(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return statement.value is None or _is_constant(statement.value)
    return isinstance(
        statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    )


def _is_constant(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True
