"""What is known of each graded submission beside the gradebook: one file each in .autograder/results/."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment


@dataclass(frozen=True)
class Result:
    """`key` stands for what was graded; a submission whose key is still the same is not graded again."""

    key: str
    verdict: dict[str, Any] | None
    needs_human: str | None

    def scores(self) -> dict[str, float | None]:
        """The score of every test cell; None where a human has to give it."""
        cells = self.verdict["cells"] if self.verdict else []
        return {c["grade_id"]: None if c["status"] == "needs_human" else c["score"] for c in cells}


def submission_key(notebook: Path, assignment: Assignment) -> str:
    """Changes with the submitted notebook, the time it was handed in, and the released notebook."""
    released = assignment.course.release_dir(assignment.name) / f"{assignment.name}.ipynb"
    digest = hashlib.sha256()
    for path in (notebook, notebook.with_name("timestamp.txt"), released):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def save(assignment: Assignment, student: str, result: Result) -> None:
    path = _path(assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(unfinished, path)


def load(assignment: Assignment, student: str) -> Result | None:
    path = _path(assignment, student)
    return Result(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def forget(assignment: Assignment, student: str) -> None:
    _path(assignment, student).unlink(missing_ok=True)


def _path(assignment: Assignment, student: str) -> Path:
    return assignment.course.root / ".autograder" / "results" / assignment.name / f"{student}.json"
