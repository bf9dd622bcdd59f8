"""Takes what students have handed in out of an archive of an LMS and puts it into submitted/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from autograder import archive
from autograder.archive import Member, Unreadable
from autograder.assignment import Course
from autograder.files import write
from autograder.nbgrader_course import course_directory, load_config
from autograder.rebuild import LARGEST, UnreadableSubmission, parse_submission
from autograder.submitted import TIMESTAMP, Submitted, is_notebook
from autograder.usage import UsageError

LARGEST_TO_LOOK_INTO = 4_000_000
"""Bytes of a notebook that is parsed here; it may take two hundred times as much memory."""


class Fate(Enum):
    COLLECTED = "collected"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    LEFT = "left out"


@dataclass(frozen=True)
class Collected:
    """What became of what somebody has handed in; `student` is None for files that are nobody's."""

    student: str | None
    fate: Fate
    said: str = ""


@dataclass(frozen=True)
class Notebook:
    """A notebook out of the archive.

    Attributes:
        name: how it is called there.
        order: the later of two versions has the greater one.
        content: the file.
        made_from: the assignment that it was made from, where that can be seen.
    """

    name: str
    order: tuple[int, ...]
    content: bytes
    made_from: str | None


class Collecting:
    """An archive on its way into a course.

    Args:
        course: where to.
        name: the assignment that everything was handed in for; None to look into each notebook.
        update: whether what differs replaces an earlier submission.

    Raises:
        UsageError: the course has no such assignment.
    """

    def __init__(self, course: Course, name: str | None, update: bool) -> None:
        self._course, self._update = course, update
        names = course.assignments() if name is None else [name]
        coursedir = course_directory(load_config(course.root), course.root)
        self._submitted = {one: Submitted(coursedir, course.assignment(one)) for one in names}

    def collect(self, path: Path) -> Iterator[Collected]:
        """Yields what becomes of everybody's files.

        Raises:
            UsageError: the archive cannot be read.
        """
        contents = archive.read(path)
        if not contents.students:
            raise UsageError(
                f"{path} has no files of students: it should hold a folder for each of them, "
                "or files named as Moodle or Canvas name them"
            )
        for student, members in contents.students.items():
            yield from self._of(student, members)
        for name in contents.nobodys:
            yield Collected(None, Fate.LEFT, f"whose {name} is cannot be seen")

    def _of(self, student: str, members: list[Member]) -> Iterator[Collected]:
        notebooks: list[Notebook] = []
        left = []
        for member in sorted(members, key=lambda one: one.order, reverse=True):
            try:
                notebooks += self._notebooks(member)
            except Unreadable as problem:
                left.append(f"{member.name} {problem}")
            if sum(len(one.content) for one in notebooks) > LARGEST:
                left.append("the older files were not looked into: these are large enough")
                break
        by_assignment: dict[str, list[Notebook]] = defaultdict(list)
        unclear: list[Notebook] = []
        for notebook in notebooks:
            name = self._assignment_of(notebook)
            (unclear if name is None else by_assignment[name]).append(notebook)
        if len(by_assignment) == 1:
            # Next to one that is recognised it is a draft or a note, and the recognised one counts.
            next(iter(by_assignment.values())).extend(unclear)
        else:
            left += [f"{one.name} may be of any assignment: name it with --assignment" for one in unclear]
        for name, found in by_assignment.items():
            yield self._put(student, name, found)
        if not notebooks and not left:
            left.append(f"no notebook, but: {', '.join(member.name for member in members)}")
        for said in left:
            yield Collected(student, Fate.LEFT, said)

    def _notebooks(self, member: Member) -> Iterator[Notebook]:
        if is_notebook(Path(member.name)):
            yield self._notebook(member.name, member.order, member.read())
        elif member.name.lower().endswith(".zip"):
            for name, content, order in archive.nested(member.read()):
                yield self._notebook(f"{member.name}/{name}", (*member.order, *order), content)

    def _notebook(self, name: str, order: tuple[int, ...], content: bytes) -> Notebook:
        made_from = None
        # What cannot be recognised was handed in all the same, and whoever grades will hear of it.
        with suppress(UnreadableSubmission, UsageError):
            if len(content) <= LARGEST_TO_LOOK_INTO:
                made_from = self._course.recognise(parse_submission(content, name)).name
        return Notebook(name, order, content, made_from)

    def _assignment_of(self, notebook: Notebook) -> str | None:
        """The one that it was made from, the only one, or the one that it is called after."""
        if notebook.made_from in self._submitted:
            return notebook.made_from
        if len(self._submitted) == 1:
            return next(iter(self._submitted))
        called = [name for name in self._submitted if name in notebook.name]
        return max(called, key=len, default=None)

    def _put(self, student: str, assignment: str, found: list[Notebook]) -> Collected:
        """The newest of those that were made from the assignment, or of all, where none was."""
        chosen, told = _newest(assignment, found)
        path = self._submitted[assignment].folder(student) / f"{assignment}.ipynb"
        fate = self._fate(path, chosen.content)
        if fate is Fate.LEFT:
            return Collected(student, fate, "another submission is there already; --update replaces it")
        if fate is not Fate.UNCHANGED:
            write(path, chosen.content)
        if fate is Fate.REPLACED and path.with_name(TIMESTAMP).is_file():
            told.append(f"{TIMESTAMP} there is of the earlier submission")
        return Collected(student, fate, "; ".join(told))

    def _fate(self, path: Path, content: bytes) -> Fate:
        """What is to become of a notebook, by what lies where it belongs."""
        if not any(path.parent.glob("[!.]*")):
            return Fate.COLLECTED
        if path.is_file() and path.read_bytes() == content:
            return Fate.UNCHANGED
        return Fate.REPLACED if self._update else Fate.LEFT


def _newest(assignment: str, found: list[Notebook]) -> tuple[Notebook, list[str]]:
    """The newest of those made from the assignment, or of all, and what is to be told of the choice."""

    def rank(one: Notebook) -> tuple[bool, tuple[int, ...]]:
        return one.made_from == assignment, one.order

    chosen = max(found, key=rank)
    as_new = sum(rank(one) == rank(chosen) for one in found)
    if as_new > 1:
        return chosen, [f"{chosen.name} was taken, one of {as_new} that are equally new"]
    return chosen, [f"{chosen.name} is the newest of {len(found)} notebooks"] if len(found) > 1 else []


def collect(course: Course, path: Path, name: str | None = None, update: bool = False) -> Iterable[Collected]:
    """Puts everybody's notebook where `autograder grade` looks for it.

    Raises:
        UsageError: there is no such archive, assignment or course.
    """
    return Collecting(course, name, update).collect(path)
