"""The student notebook, made by nbgrader's own release pipeline."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment

from autograder.nbgrader_course import NbgraderFailed, course_directory, load_config, run
from autograder.usage import UsageError


def release_files(solved: NotebookNode, name: str, course_root: Path) -> dict[str, bytes]:
    """What nbgrader releases for the assignment, by file name.

    It runs in a throw-away course without a gradebook: nbgrader empties the release folder first and writes
    the assignment down, and a build should do neither.
    """
    config = load_config(course_root)
    config.GenerateAssignment.no_database, config.SaveCells.enabled = True, False
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        coursedir = course_directory(config, root)
        source = Path(coursedir.format_path(coursedir.source_directory, ".", name))
        shutil.copytree(course_root / coursedir.source_directory / name, source)
        nbformat.write(solved, source / f"{name}.ipynb")
        coursedir.assignment_id = name
        try:
            run(GenerateAssignment(coursedir=coursedir, config=config))
        except NbgraderFailed as problem:
            raise UsageError(f"nbgrader cannot release {name}: {problem}") from None
        released = Path(coursedir.format_path(coursedir.release_directory, ".", name))
        return {
            path.relative_to(released).as_posix(): path.read_bytes()
            for path in sorted(released.rglob("*"))
            if path.is_file()
        }
