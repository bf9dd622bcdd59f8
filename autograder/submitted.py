"""What lies in submitted/: who handed in what, and what lies where nobody grades it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath

from dateutil.parser import UnknownTimezoneWarning
from dateutil.tz import gettz
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.assignment import Assignment
from autograder.rebuild import UnreadableSubmission, read_bytes
from autograder.usage import UsageError

TIMESTAMP = "timestamp.txt"
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
CHECKPOINTS = ".ipynb_checkpoints"
IGNORED = ("__MACOSX", CHECKPOINTS, ".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems and programs leave beside what people have made."""

LONGEST_ID = 128
"""Characters of a student's id that a gradebook takes."""
LONGEST_NAME = 240
"""Bytes of the name of a student's folder: file systems allow 255, and what is kept of it ends in .json."""


class Submitted:
    """The submissions of an assignment as they were handed in."""

    def __init__(self, coursedir: CourseDirectory, assignment: Assignment) -> None:
        """
        Raises:
            UsageError: the course keeps submissions in folders that are not one for each student.
        """
        self._coursedir, self._assignment = coursedir, assignment
        self._name = assignment.path.name
        # nbgrader lets a course name its folders.
        parts = self.folder("*").parts
        if "*" not in parts:
            raise UsageError(
                f"{coursedir.directory_structure} has no folder for each student: "
                "let {student_id} be a part of its own in CourseDirectory.directory_structure"
            )
        place = len(parts) - 1 - parts[::-1].index("*")
        self.root, self._within = Path(*parts[:place]), Path(*parts[place + 1 :])

    def students(self, wanted: tuple[str, ...] = ()) -> list[str]:
        """Who handed something in, or of them those wanted.

        Raises:
            UsageError: nobody did, or some of those wanted did not.
        """
        found = sorted(
            entry.name for entry in self._entries() if self._holds(entry) and not _unfit(entry.name)
        )
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

    def files(self, student: str) -> list[Path]:
        """What was handed in, by path.

        Raises:
            UnreadableSubmission: a link, pipe or device lies there, or it cannot be looked into.
        """
        folder = self.folder(student)
        try:
            entries = [folder, *sorted(folder.rglob("*"))]
            # A link would hand in somebody else's work, or have told what is nobody's business.
            strange = [
                str(entry.relative_to(folder.parent))
                for entry in entries
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir())
            ]
            files = [entry for entry in entries if entry.is_file()]
        except OSError as problem:
            raise UnreadableSubmission(f"the submission cannot be looked into: {problem.strerror}") from None
        if strange:
            raise UnreadableSubmission(f"{', '.join(strange)}: a link, pipe or device in place of a file")
        return files

    def notebook(self, student: str, files: Sequence[Path]) -> Path:
        """The notebook that was handed in: the one of the assignment's name, or the only one there is.

        Args:
            student: whose it is.
            files: what the student has handed in.

        Raises:
            UnreadableSubmission: there is none, or there are several.
        """
        folder = self.folder(student)
        if folder / self._name in files:
            return folder / self._name
        files = [file for file in files if not is_noise(file.relative_to(folder))]
        notebooks = [file for file in files if is_notebook(file)]
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
        for entry in self._entries():
            if entry.is_file() and entry.suffix.lower() in ARCHIVES:
                packed = "" if entry.suffix.lower() == ".zip" else "pack what is in it as .zip, then "
                told.append(f"{entry.name} is an archive: {packed}autograder collect {entry}")
            elif entry.is_file() and is_notebook(entry):
                told.append(f"{entry.name} is nobody's: move it to <student>/{self._assignment.name}/")
            elif entry.is_dir() and not os.access(entry, os.R_OK | os.X_OK):
                told.append(f"{entry.name} cannot be looked into: change its permissions")
            elif entry.is_dir() and (reason := _unfit(entry.name)) is not None:
                told.append(f"{entry.name} {reason}: rename it")
            elif entry.is_dir() and not self._holds(entry):
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
            for path in sorted(folder.rglob("*"))
            if is_notebook(path)
            and not is_noise(path.relative_to(folder))
            and not others & set(path.relative_to(folder).parts)
        ]

    def _entries(self) -> list[Path]:
        """What lies in the folder for all students, hidden files aside."""
        found = self.root.iterdir() if self.root.is_dir() else ()
        return sorted(entry for entry in found if not entry.name.startswith("."))

    def _holds(self, entry: Path) -> bool:
        """Whether a student's folder has something of this assignment."""
        return os.path.isdir(entry / self._within)

    def folder(self, student: str) -> Path:
        """Where a student's submission lies."""
        submitted = self._coursedir.submitted_directory
        return Path(self._coursedir.format_path(submitted, student, self._assignment.name))


def when_said(folder: Path) -> bytes:
    """What is said in a submission's folder of when it was handed in; nothing where there is no such file.

    Raises:
        UnreadableSubmission: the file cannot be read.
    """
    path = folder / TIMESTAMP
    try:
        return read_bytes(path, TIMESTAMP) if os.path.lexists(path) else b""
    except UnreadableSubmission as problem:
        raise UnreadableSubmission(f"{TIMESTAMP} holds no time: {problem}") from None


def when(said: bytes) -> datetime | None:
    """When a submission came in, in UTC, where that is said.

    Raises:
        UnreadableSubmission: what is said of it is no time.
    """
    try:
        text = said.decode("utf-8").strip()
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnknownTimezoneWarning)
            _check_zone(text)
            return parse_utc(text) if text else None
    except (UnknownTimezoneWarning, ValueError, OverflowError) as problem:
        reason = str(problem).splitlines()[0]
        raise UnreadableSubmission(f"{TIMESTAMP} holds no time: {reason}") from None


def _check_zone(text: str) -> None:
    """nbgrader takes a zone that is not known here, "MSK" say, for UTC.

    Raises:
        ValueError: it is such a zone.
    """
    zone = text.split(" ")[-1]
    if len(text.split(" ")) == 3 and zone.isalpha() and gettz(zone) is None:
        raise ValueError(f"the zone {zone!r} is not known here, write +0300 or so")


def is_notebook(path: PurePath) -> bool:
    """Whether a file has the name of a notebook."""
    return path.suffix.lower() == ".ipynb"


def is_noise(path: PurePath) -> bool:
    """Whether a file, by its path from where people began, was made by no human."""
    return any(part in IGNORED or part.startswith("._") for part in path.parts)


def _unfit(name: str) -> str | None:
    """Why a folder cannot be a student's, None if it can."""
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if len(name) > LONGEST_ID or size > LONGEST_NAME:
        return f"has a name of more than {LONGEST_ID} characters or {LONGEST_NAME} bytes"
    return None
