"""What lies in submitted/: who handed in what, and what lies where nobody grades it."""

from __future__ import annotations

import glob
from datetime import datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.assignment import Assignment
from autograder.rebuild import UnreadableSubmission
from autograder.usage import UsageError

TIMESTAMP = "timestamp.txt"
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
CHECKPOINTS = ".ipynb_checkpoints"


class Submitted:
    """The submissions of an assignment as they were handed in."""

    def __init__(self, coursedir: CourseDirectory, assignment: Assignment) -> None:
        self._coursedir, self._assignment = coursedir, assignment
        self._name = f"{assignment.name}.ipynb"
        # nbgrader lets a course name its folders; that of all students is what comes before the first star.
        self.root = Path(str(self.folder("*")).split("*", 1)[0])

    def students(self, wanted: tuple[str, ...] = ()) -> list[str]:
        """Who handed something in, or of them those wanted.

        Raises:
            UsageError: nobody did, or some of those wanted did not.
        """
        folders = map(Path, glob.glob(str(self.folder("*"))))
        found = sorted(folder.parent.name for folder in folders if folder.is_dir())
        if not found:
            raise UsageError(
                f"nothing to grade: put notebooks into {self.root}/<student>/{self._assignment.name}/, "
                "or take them out of an archive with `autograder collect ARCHIVE`"
            )
        missing = sorted(set(wanted) - set(found))
        if missing:
            raise UsageError(
                f"no submission of {self._assignment.name} by {', '.join(missing)} in {self.root}"
            )
        return sorted(wanted) or found

    def timestamp_file(self, student: str) -> Path:
        """Where it is said when a submission came in; it need not be there."""
        return self.folder(student) / TIMESTAMP

    def timestamp(self, student: str) -> datetime | None:
        """When a submission came in, where that is known.

        Raises:
            UnreadableSubmission: what is said of it is no time.
        """
        try:
            said = self.timestamp_file(student).read_text(encoding="utf-8").strip()
            return parse_utc(said) if said else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, OverflowError) as problem:
            raise UnreadableSubmission(f"{TIMESTAMP} holds no time: {problem}") from None

    def notebook(self, student: str) -> Path:
        """The notebook that was handed in: the one of the assignment's name, or the only one there is.

        Raises:
            UnreadableSubmission: there is none, there are several, or a link, pipe or device lies there.
        """
        folder = self.folder(student)
        entries = [folder, *sorted(folder.rglob("*"))]
        # A link would hand in somebody else's work.
        strange = [
            str(entry.relative_to(folder.parent))
            for entry in entries
            if entry.is_symlink() or not (entry.is_file() or entry.is_dir())
        ]
        if strange:
            raise UnreadableSubmission(f"{', '.join(strange)}: a link, pipe or device in place of a file")
        if (folder / self._name).is_file():
            return folder / self._name
        files = [entry for entry in entries if entry.is_file() and CHECKPOINTS not in entry.parts]
        notebooks = [file for file in files if file.suffix == ".ipynb"]
        if len(notebooks) == 1:
            return notebooks[0]
        found = ", ".join(str(file.relative_to(folder)) for file in notebooks or files) or "nothing"
        if notebooks:
            raise UnreadableSubmission(
                f"which of the notebooks is meant ({found})? Name it {self._name}, or leave one there"
            )
        raise UnreadableSubmission(f"there is no {self._name} in the submission, but: {found}")

    def misplaced(self) -> list[str]:
        """What somebody may have handed in that nobody will grade where it is, each with what to do."""
        told = []
        for entry in sorted(self.root.iterdir()):
            if entry.is_file() and entry.suffix.lower() in ARCHIVES:
                told.append(f"{entry.name} is an archive: autograder collect {entry}")
            elif entry.is_file() and entry.suffix == ".ipynb":
                told.append(f"{entry.name} is nobody's: move it to <student>/{self._assignment.name}/")
            elif entry.is_dir() and not self.folder(entry.name).is_dir():
                told += [
                    f"{notebook.relative_to(self.root)} is in no folder of an assignment: "
                    f"move it to {entry.name}/{self._assignment.name}/"
                    for notebook in self._lost(entry)
                ]
        return told

    def _lost(self, folder: Path) -> list[Path]:
        """Notebooks in a student's folder that are in no assignment's."""
        others = set(self._assignment.course.assignments())
        return [
            path
            for path in sorted(folder.rglob("*.ipynb"))
            if CHECKPOINTS not in path.parts and not others & set(path.relative_to(folder).parts)
        ]

    def folder(self, student: str) -> Path:
        """Where a student's submission lies."""
        submitted = self._coursedir.submitted_directory
        return Path(self._coursedir.format_path(submitted, student, self._assignment.name))
