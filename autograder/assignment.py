"""A course folder and its assignments: where things lie, and which notebook belongs to which assignment."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ac_helpers.probes import ASSIGNMENTS
from autograder.usage import UsageError

CONFIG_FILE = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """A folder with a configuration, sources, releases and submissions."""

    root: Path

    @classmethod
    def find(cls, directory: Path) -> Course:
        """The course in a folder.

        Raises:
            UsageError: the folder does not exist or is no course.
        """
        root = Path(directory)
        if not root.is_dir():
            raise UsageError(f"{directory} is no folder: name the course folder with --course-dir")
        if not (root / CONFIG_FILE).is_file() or not (root / "solutions").is_dir():
            raise UsageError(
                f"{root.resolve()} is no course folder ({CONFIG_FILE} and solutions/ are not there): "
                "go to one, name it with --course-dir, or make one with `autograder init DIR`"
            )
        return cls(root.resolve())

    def assignments(self) -> list[str]:
        """The assignments that this course has a source for."""
        return [name for name in ASSIGNMENTS if self.source_dir(name).is_dir()]

    def source_dir(self, name: str) -> Path:
        """Where the solved source of an assignment lies."""
        return self.root / "solutions" / name

    def release_dir(self, name: str) -> Path:
        """Where the students' version of an assignment lies."""
        return self.root / "notebooks" / name

    def assignment(self, name: str) -> Assignment:
        """The assignment of this name.

        Raises:
            UsageError: the course has none, or it was not released yet.
        """
        if name not in self.assignments():
            known = ", ".join(self.assignments()) or "none"
            raise UsageError(f"there is no assignment {name!r} in {self.root}; there is: {known}")
        found = Assignment(name, self)
        if not found.path.is_file():
            raise UsageError(f"{found.path} does not exist: run `autograder build`")
        return found

    def recognise(self, notebook: NotebookNode) -> Assignment:
        """The assignment that a notebook was made from: the one with most of its cells or names.

        Names are not looked for where the ids say it: all of one assignment are there, and none of another.

        Raises:
            UsageError: it has nothing of any assignment of this course.
        """
        known = [Assignment(name, self) for name in self.assignments()]
        candidates = [one for one in known if one.path.is_file()]
        ids = {grade_id(cell) for cell in notebook.cells}
        carried = [candidate for candidate in candidates if candidate.scored & ids]
        if len(carried) == 1 and carried[0].scored <= ids:
            return carried[0]
        shared = {candidate: candidate.shared_with(notebook) for candidate in candidates}
        best = max(shared, key=lambda candidate: shared[candidate], default=None)
        if best is None or shared[best] == 0:
            names = ", ".join(one.name for one in candidates) or "none"
            raise UsageError(
                f"this notebook has no cell of an assignment of this course ({names}): "
                "give a notebook that was made from the released one"
            )
        return best

    @property
    def private(self) -> Path:
        """Where the grader keeps what students are not to see."""
        return self.root / ".autograder"

    def hidden_seed(self) -> int:
        """The seed of the questions that are asked when grading; made on first use and kept secret.

        Raises:
            UsageError: the file that holds it cannot be read, or holds no number.
        """
        path = self.private / "hidden_seed"
        if not path.is_file():
            self._make_seed(path)
        try:
            return int(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else "it holds no number"
            raise UsageError(
                f"{path} cannot be used ({reason}): make it readable for you, or remove it; "
                "with a new seed everything is graded again"
            ) from None

    def _make_seed(self, path: Path) -> None:
        """Of several processes that come here first, one makes the seed for all."""
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f".hidden_seed.{os.getpid()}")
        unfinished.touch(mode=0o600)
        unfinished.write_text(f"{secrets.randbits(63)}\n", encoding="ascii")
        try:
            with suppress(FileExistsError):
                os.link(unfinished, path)
        finally:
            unfinished.unlink()


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course, as it was released."""

    name: str
    course: Course

    @property
    def path(self) -> Path:
        """Where the released notebook lies."""
        return self.course.release_dir(self.name) / f"{self.name}.ipynb"

    @cached_property
    def pristine(self) -> NotebookNode:
        """The released notebook: stubs in the solution cells, pristine test cells. Nobody may change it.

        Raises:
            UsageError: the file is damaged.
        """
        return _released(self.path, self.path.stat().st_mtime_ns)

    @property
    def points(self) -> dict[str, float]:
        """The points of every test cell by its id, in the order of the notebook."""
        return {
            str(grade_id(cell)): float(cell.metadata.nbgrader["points"])
            for cell in self.pristine.cells
            if is_test(cell)
        }

    @property
    def scored(self) -> frozenset[str]:
        """The ids of all solution and test cells."""
        return frozenset(
            str(grade_id(cell)) for cell in self.pristine.cells if is_solution(cell) or is_test(cell)
        )

    @property
    def max_score(self) -> float:
        """The points of all test cells."""
        return sum(self.points.values())

    def shared_with(self, notebook: NotebookNode) -> int:
        """How many code cells of a notebook come from this assignment, by id or by the names they define."""
        from autograder.rebuild import match_cells

        return len(match_cells(notebook, self.pristine))


@lru_cache(maxsize=8)
def _released(path: Path, changed: int) -> NotebookNode:
    """A notebook as it is since a time of change: it is looked at for every submission, and read once."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception as problem:
        raise UsageError(
            f"{path} is damaged ({type(problem).__name__}): run `autograder build`, or copy it anew"
        ) from None


def grade_id(cell: NotebookNode) -> str | None:
    """The nbgrader id of a cell, None where there is none; metadata of submissions may hold anything."""
    nbgrader = cell.get("metadata", {}).get("nbgrader")
    found = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return found if isinstance(found, str) else None


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell of a released notebook is a test cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade", False))


def is_solution(cell: NotebookNode) -> bool:
    """Whether a cell of a released notebook is one that students fill in."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))
