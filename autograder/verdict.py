"""The verdict on one notebook: points, status and findings of every test cell."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ac_helpers.wording import Finding  # it loads torch, which a verdict does without

Status = Literal["passed", "partial", "failed", "not_attempted", "error", "timeout", "missing", "needs_human"]


@dataclass(frozen=True)
class CellVerdict:
    """What a test cell is worth in one submission, and why."""

    grade_id: str
    score: float
    points: float
    status: Status
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What a whole notebook is worth; `cells` in the order of the notebook."""

    assignment: str
    notebook: str
    cells: tuple[CellVerdict, ...]

    @property
    def score(self) -> float:
        """The sum of all cells."""
        return round(sum(cell.score for cell in self.cells), 6)

    @property
    def max_score(self) -> float:
        """The points that can be had."""
        return round(sum(cell.points for cell in self.cells), 6)

    @property
    def needs_human(self) -> bool:
        """Whether some cell could not be judged."""
        return any(cell.status == "needs_human" for cell in self.cells)

    def to_json(self) -> dict[str, Any]:
        """The object that `autograder check --json` prints."""
        return {
            "assignment": self.assignment,
            "notebook": self.notebook,
            "score": self.score,
            "max_score": self.max_score,
            "cells": [
                asdict(cell) | {"findings": [asdict(finding) for finding in cell.findings]}
                for cell in self.cells
            ],
        }
