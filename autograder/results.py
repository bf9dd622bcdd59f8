"""What is known of each graded submission beside the gradebook: one file each in .autograder/results/."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.files import write


@dataclass(frozen=True)
class Scores:
    """What the gradebook gets to know of a graded notebook.

    Attributes:
        by_cell: the score of every test cell; None, or nothing, where a human has to give it.
        unanswered: the solution cells that are as they were released.
    """

    by_cell: Mapping[str, float | None]
    unanswered: frozenset[str]


@dataclass(frozen=True)
class Result:
    """What grading has found out.

    Attributes:
        key: stands for what was graded; a submission whose key is still the same is not graded again.
        verdict: the verdict's JSON, None if there is none.
        needs_human: why a human has to look, None if nobody has to.
        unanswered: the solution cells that are as they were released.
        shown: stands for what the feedback page tells of the gradebook, None before there is a page.
    """

    key: str
    verdict: dict[str, Any] | None
    needs_human: str | None
    unanswered: list[str] = field(default_factory=list)
    shown: str | None = None

    def scores(self) -> dict[str, float | None]:
        """The score of every test cell; None where a human has to give it."""
        cells = self.verdict["cells"] if self.verdict else []
        return {c["grade_id"]: None if c["status"] == "needs_human" else c["score"] for c in cells}

    def for_gradebook(self) -> Scores:
        """What the gradebook gets to know of it."""
        return Scores(self.scores(), frozenset(self.unanswered))


def submission_key(notebook: bytes, said: bytes, problem: str | None, assignment: Assignment) -> str:
    """Changes with all that a verdict hangs on, and with the time of handing in.

    These are the submitted notebook, the released one, the hidden seed and the grader itself.

    Args:
        notebook: the submitted file.
        said: what is said of when it was handed in, nothing where nothing is.
        problem: why there is no file that can be read.
        assignment: what it was handed in for.
    """
    digest = hashlib.sha256(f"{assignment.course.hidden_seed()}/{grader_version()}".encode())
    for content in (notebook, said, (problem or "").encode(), assignment.path.read_bytes()):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


@cache
def grader_version() -> str:
    """A hash of all of the grader that says what is right and how it is told."""
    digest = hashlib.sha256()
    for package in ("ac_helpers", "autograder"):
        for file in sorted(Path(str(resources.files(package))).rglob("*")):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def save(assignment: Assignment, student: str, result: Result) -> None:
    write(_path(assignment, student), json.dumps(asdict(result), ensure_ascii=False, indent=1))


def load(assignment: Assignment, student: str) -> Result | None:
    """What is known of a submission; None where nothing is, or nothing that can be read."""
    path = _path(assignment, student)
    try:
        return Result(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None
    except (ValueError, TypeError):
        return None


def forget(assignment: Assignment, student: str) -> None:
    _path(assignment, student).unlink(missing_ok=True)


def _path(assignment: Assignment, student: str) -> Path:
    return assignment.course.private / "results" / assignment.name / f"{student}.json"
