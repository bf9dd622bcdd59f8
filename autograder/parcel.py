"""A course as data: what a worker on another machine needs of it, packed here and unpacked there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from autograder.answer_cache import FOLDER
from autograder.assignment import CONFIG_FILE, Assignment, Course


@dataclass(frozen=True)
class Parcel:
    """Files of a course by their path in it, the hidden seed among them: only trusted workers may get it."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, course: Course) -> Parcel:
        """The configuration, what was released, the hidden seed and the answers that are known."""
        course.hidden_seed()
        found = [course.root / CONFIG_FILE, course.private / "hidden_seed"]
        found += [Assignment(name, course).path for name in course.assignments()]
        found += (course.private / FOLDER).rglob("*.json")
        there = [path for path in found if path.is_file()]
        return cls({str(path.relative_to(course.root)): path.read_bytes() for path in there})

    @cached_property
    def digest(self) -> str:
        """Stands for all that is in it."""
        digest = sha256()
        for path, content in sorted(self.files.items()):
            digest.update(f"{path}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:12]

    def unpack(self, root: Path) -> Course:
        """Makes a course of it in a new folder that only this user can look into."""
        root.mkdir(mode=0o700, parents=True)
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if path.suffix == ".ipynb":
                # A course knows by the folder of its source that it has an assignment.
                (root / "solutions" / path.stem).mkdir(parents=True)
        return Course.find(root)
