"""Generates from an assignment's source everything that follows from it, and finds what has drifted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment, Course
from autograder.executed import execute
from autograder.files import write
from autograder.freeze import drift as frozen_drift
from autograder.freeze import freeze
from autograder.handbook import handbook
from autograder.reference_module import reference_module
from autograder.release import release_files
from autograder.source import read_source
from autograder.standalone import standalone

EXECUTION_TIMEOUT = 1800


def build(course: Course, *, with_standalone: bool = False) -> Iterator[Path]:
    """Brings everything generated up to date; yields the files that changed, as they do."""
    for name in course.assignments():
        solved = _solved(course, name)
        texts = _generated_texts(course, name, solved)
        yield from _write_changed(texts)
        if _holds_package(course):
            yield from freeze(course.root, name)
        executed = execute(solved, course.source_dir(name), EXECUTION_TIMEOUT)
        yield from _write_changed({_solved_path(course, name): _notebook_bytes(executed)})
        if with_standalone:
            released = nbformat.reads(texts[Assignment(name, course).path].decode(), as_version=4)
            path = course.root / "standalone" / f"{name}.ipynb"
            yield from _write_changed({path: _notebook_bytes(standalone(released))})
    yield from _write_changed(_pages(course))


def drift(course: Course) -> Iterator[str]:
    """What is no longer what `build` would make of the sources; one line each, nothing is changed."""
    for name in course.assignments():
        solved = _solved(course, name)
        yield from _drifted(_generated_texts(course, name, solved), course.root)
        if _holds_package(course):
            yield from frozen_drift(course.root, name)
        yield from _executed_drift(solved, _solved_path(course, name), course.root)
    yield from _drifted(_pages(course), course.root)


def _solved(course: Course, name: str) -> NotebookNode:
    return read_source(course.source_dir(name) / f"{name}.py")


def _solved_path(course: Course, name: str) -> Path:
    return course.source_dir(name) / f"{name}.ipynb"


def _holds_package(course: Course) -> bool:
    """A term's course folder has no ac_helpers of its own; the checkout of this project has."""
    return (course.root / "ac_helpers").is_dir()


def _generated_texts(course: Course, name: str, solved: NotebookNode) -> dict[Path, bytes]:
    """What follows from the source alone, with nothing run."""
    released = release_files(solved, name, course.root)
    texts = {course.release_dir(name) / file: content for file, content in released.items()}
    if _holds_package(course):
        module = course.root / "ac_helpers" / "reference" / f"{name}.py"
        texts[module] = reference_module(solved, name).encode()
    return texts


def _pages(course: Course) -> dict[Path, bytes]:
    """What is told to those who teach; made of the frozen answers, so these come first."""
    return handbook(course.root, course.assignments()) if _holds_package(course) else {}


def _drifted(texts: dict[Path, bytes], root: Path) -> Iterator[str]:
    for path, text in texts.items():
        if not path.is_file() or path.read_bytes() != text:
            yield f"{path.relative_to(root)} differs from what the source gives"


def _executed_drift(solved: NotebookNode, path: Path, root: Path) -> Iterator[str]:
    """Outputs may differ between machines in the last digits; that there are none, or errors, may not."""
    label = path.relative_to(root)
    if not path.is_file():
        yield f"{label} does not exist"
        return
    executed = nbformat.read(path, as_version=4)
    if executed.metadata != solved.metadata or _skeleton(executed) != _skeleton(solved):
        yield f"{label} differs from its source"
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    if any(cell.execution_count is None for cell in code):
        yield f"{label} is not executed"
    if any(output.output_type == "error" for cell in code for output in cell.outputs):
        yield f"{label} holds an error"


def _skeleton(notebook: NotebookNode) -> list[tuple]:
    return [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]


def _notebook_bytes(notebook: NotebookNode) -> bytes:
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def _write_changed(contents: dict[Path, bytes]) -> Iterator[Path]:
    for path, content in contents.items():
        if not path.is_file() or path.read_bytes() != content:
            write(path, content)
            yield path
