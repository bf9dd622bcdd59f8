"""Reads a zip archive of many students' files as Moodle or Canvas gives it: who handed in which files.

An archive is made of strangers' files and named by strangers. It is read as data, with limits, and no name in
it is ever used as a path.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.rebuild import LARGEST
from autograder.submitted import is_noise, is_notebook
from autograder.usage import UsageError
from autograder.visible import visible

MOST_ENTRIES = 200_000
"""More than any class has files."""
MOST_NESTED = 1000
"""Entries of an archive within the archive, which a student made."""
LONGEST_NAME = 60
"""Characters: file systems allow 255 bytes."""

MOODLE = re.compile(r"(?<=\d)(?P<kind>_assignsubmission_[a-z]+)(_|$)")
"""In the name of a folder for each student, or in that of each file: name and number come before it."""
CANVAS = re.compile(r"^(?P<student>[^_/]+)(_LATE)?_(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)$", re.ASCII)
"""A prefix of each file: name, number of the user, number of the upload."""


class Unreadable(Exception):
    """A file in an archive cannot be read; the message says why."""


@dataclass(frozen=True)
class Member:
    """A file that somebody handed in.

    Attributes:
        student: whose it is; fit to be the name of a folder.
        name: its own name, without folders; fit to be one too.
        order: the later of two versions has the greater one.
    """

    student: str
    name: str
    order: tuple[int, ...]
    _archive: zipfile.ZipFile
    _entry: zipfile.ZipInfo

    def read(self) -> bytes:
        """What is in it.

        Raises:
            Unreadable: it is damaged, locked by a password, or too large.
        """
        return _read(self._archive, self._entry)


@dataclass(frozen=True)
class Contents:
    """What is in an archive: files by student, and the names of those that are nobody's."""

    students: dict[str, list[Member]]
    nobodys: list[str]


def read(path: Path) -> Contents:
    """What is in the archive of a class.

    Raises:
        UsageError: it is no zip archive.
    """
    try:
        archive = zipfile.ZipFile(path)
        entries = _files(archive, MOST_ENTRIES)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist: check the name") from None
    except Exception as problem:  # a damaged archive may end in anything
        raise UsageError(f"{path} cannot be read as a zip archive: {problem}") from None
    paths = {entry: PurePosixPath(_name(entry)) for entry in entries}
    skip = _in_common(list(paths.values()))
    found, nobodys = defaultdict(list), []
    for entry, inside in paths.items():
        skipped = min(skip, len(inside.parts) - 1)
        member = _member(archive, entry, PurePosixPath(*inside.parts[skipped:]))
        if member is None:
            nobodys.append(visible(str(inside)))
        else:
            found[member.student].append(member)
    return Contents(dict(sorted(found.items())), nobodys)


def nested(content: bytes) -> list[tuple[str, bytes, tuple[int, ...]]]:
    """The notebooks in an archive that a student made of them, each with its name, content and order.

    Raises:
        Unreadable: it cannot be read, or holds more than anybody hands in.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [e for e in _files(archive, MOST_NESTED) if is_notebook(PurePosixPath(_name(e)))]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise Unreadable(f"is an archive of more than {LARGEST >> 20} MB")
            return [
                (_fit(PurePosixPath(_name(entry)).name), _read(archive, entry), (*entry.date_time,))
                for entry in entries
            ]
    except Unreadable:
        raise
    except Exception as problem:
        raise Unreadable(f"is a damaged archive: {problem}") from None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: PurePosixPath) -> Member | None:
    """Whose an entry is, by the ways in which archives are made; None where that is not to be seen."""
    when = (*entry.date_time,)
    for place, part in enumerate(path.parts):
        # Who may choose the name that is shown may put such a mark into it: the LMS's own is the last.
        if marks := [*MOODLE.finditer(part)]:
            if len(path.parts) == place + 1 and len(marks) > 1:
                return None
            name = path.name if len(path.parts) > place + 1 else part[marks[-1].end() :]
            return Member(_fit(part[: marks[-1].start("kind")]), _fit(name), when, archive, entry)
    if len(path.parts) == 1 and (match := CANVAS.match(path.name)):
        student, upload = f"{match['student']}_{match['user']}", (int(match["attachment"]),)
        return Member(_fit(student), _fit(match["file"]), upload, archive, entry)
    if len(path.parts) == 1:
        return None
    return Member(_fit(path.parts[0]), _fit(path.name), when, archive, entry)


def _in_common(paths: list[PurePosixPath]) -> int:
    """How many folders lie around the students', or around Canvas' files; loose files do not matter."""
    folders = [path.parts[:-1] for path in paths if len(path.parts) > 1]
    skip = 0
    while len(names := {parts[skip] for parts in folders if len(parts) > skip}) == 1:
        if MOODLE.search(names.pop()):
            break  # the only student's own
        skip += 1
    many = any(len(parts) > skip for parts in folders)
    return skip if many or any(CANVAS.match(path.name) for path in paths) else 0


def _files(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    """The ordinary files among the entries of an archive."""
    entries = archive.infolist()
    if len(entries) > most:
        raise Unreadable(f"it has {len(entries)} entries, more than {most}")
    return [entry for entry in entries if _is_file(entry)]


def _is_file(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    path = PurePosixPath(_name(entry))
    return bool(path.parts) and not entry.is_dir() and kind in (0, stat.S_IFREG) and not is_noise(path)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; what says no encoding may be UTF-8 all the same, or that of Windows in Russia."""
    name = entry.filename
    if not entry.flag_bits & 0x800 and not name.isascii():
        # What cannot be encoded was taken from elsewhere in the archive, and is right.
        with suppress(UnicodeEncodeError):
            name = _decoded(name.encode("cp437"))
    return name.replace("\\", "/").lstrip("/")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as file:
            content = file.read(LARGEST + 1)
    except Exception as problem:
        raise Unreadable(f"cannot be unpacked: {problem}") from None
    if len(content) > LARGEST:
        raise Unreadable(f"has more than {LARGEST >> 20} MB")
    return content


def _fit(name: str) -> str:
    """A name that can be that of a folder or file here, and nothing but that."""
    plain = " ".join(unicodedata.normalize("NFC", visible(name)).split()).replace("/", "_")
    if len(plain) > LONGEST_NAME:  # numbers and endings are what it is known by
        plain = f"{plain[: LONGEST_NAME - 26]}…{plain[-25:]}"
    return plain.strip(". ") or "_"
