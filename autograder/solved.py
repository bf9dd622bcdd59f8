"""The released notebook with every cell filled in as in the source, or with slips in it."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.assignment import Assignment, grade_id, is_solution
from autograder.source import read_source


@dataclass(frozen=True)
class Edit:
    """A slip in the solved notebook: in the cell, `right` becomes `wrong`."""

    cell: str
    right: str
    wrong: str

    def apply(self, code: str) -> str:
        if code.count(self.right) != 1:
            raise ValueError(f"{self.right!r} stands in {self.cell} {code.count(self.right)} times, not once")
        return code.replace(self.right, self.wrong)


def solve(assignment: Assignment, edits: tuple[Edit, ...] = ()) -> NotebookNode:
    """The released notebook with the solved cells in it, after the edits."""
    source = read_source(assignment.course.source_dir(assignment.name) / f"{assignment.name}.py")
    solved = {grade_id(cell): cell.source for cell in source.cells}
    for edit in edits:
        solved[edit.cell] = edit.apply(solved[edit.cell])
    notebook = copy.deepcopy(assignment.pristine)
    for cell in notebook.cells:
        if is_solution(cell):
            cell.source = solved[grade_id(cell)]
    return notebook
