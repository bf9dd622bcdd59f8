"""Attacks on the notebook file: its cells, metadata, outputs, and what stands in its place."""

from __future__ import annotations

import copy
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
Spoil = Callable[[Path, Notebook, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Structural:
    """What is tried, what comes of it where nothing is done against it, and how the file is written."""

    kind: str
    what: str
    effects: frozenset[str]
    hand_in: Spoil


ATTACKS: list[Structural] = []


def cell(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """The cell with this id."""
    return next(c for c in notebook["cells"] if _id(c) == grade_id)


def first_solution(notebook: Notebook) -> dict[str, Any]:
    """The first cell that a student fills in."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution"))


def _id(one: Mapping[str, Any]) -> str | None:
    return one["metadata"].get("nbgrader", {}).get("grade_id")


def _tests(notebook: Notebook) -> list[dict[str, Any]]:
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]


def own_cell(source: str) -> dict[str, Any]:
    """A code cell as a student adds one."""
    return {
        "cell_type": "code",
        "id": f"own-{abs(hash(source)) % 10**8}",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def changes(what: str, *effects: str, kind: str = "structure") -> Callable[[Any], Any]:
    """Adds an attack that changes the notebook in place."""

    def add(change: Callable[[Notebook], None]) -> Callable[[Notebook], None]:
        def hand_in(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
            changed = copy.deepcopy(notebook)
            change(changed)
            path.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")

        ATTACKS.append(Structural(kind, what, frozenset(effects), hand_in))
        return change

    return add


def writes(what: str, *effects: str, kind: str = "files") -> Callable[[Spoil], Spoil]:
    """Adds an attack that writes the file, or whatever stands in its place, by itself."""

    def add(spoil: Spoil) -> Spoil:
        ATTACKS.append(Structural(kind, what, frozenset(effects), spoil))
        return spoil

    return add


@changes("tests that are never executed: the tag skip-execution", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["metadata"]["tags"] = ["skip-execution"]


@changes("tests that expect the exception: the tag raises-exception", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["source"] = "%%script true\n" + test["source"]
        test["metadata"]["tags"] = ["raises-exception"]


@changes("tests emptied", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["source"] = "pass"


@changes("tests turned into text", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["cell_type"] = "markdown"
        del test["outputs"], test["execution_count"]


@changes("tests turned into raw text", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["cell_type"] = "raw"
        del test["outputs"], test["execution_count"]


@changes("tests that begin with a return out of their cell", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["source"] = "if False:\n" + "\n".join("    " + line for line in test["source"].splitlines())


@changes("one more cell that is worth a thousand points", "gains")
def _(notebook: Notebook) -> None:
    extra = own_cell("pass")
    extra["metadata"]["nbgrader"] = _nbgrader("bonus", 1000)
    notebook["cells"].append(extra)


def _nbgrader(grade_id: str, points: float) -> dict[str, Any]:
    return {
        "grade": True,
        "grade_id": grade_id,
        "locked": True,
        "points": points,
        "schema_version": 3,
        "solution": False,
        "task": False,
        "cell_type": "code",
        "checksum": "0" * 32,
    }


@changes("a second test cell with the same id that asks nothing", "gains")
def _(notebook: Notebook) -> None:
    twin = own_cell("pass")
    twin["metadata"]["nbgrader"] = _nbgrader("test_td_loss", 2)
    notebook["cells"].append(twin)


@changes("points in metadata multiplied, the tests empty", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["metadata"]["nbgrader"]["points"] = 1e6
        test["source"] = ""


@changes("points that are not a number", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["metadata"]["nbgrader"]["points"] = float("inf")
        test["source"] = "0"


@changes("points that are text, an older schema version", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["metadata"]["nbgrader"] |= {"points": "10", "schema_version": 1}
        test["source"] = "0"


@changes("the last cells swapped: tests before what they test, in try", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        lines = "\n".join("    " + line for line in test["source"].splitlines())
        test["source"] = f"try:\n{lines}\nexcept BaseException:\n    pass"


@changes("an end of the kernel before the first test", "gains")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(0, own_cell("import os\nos._exit(0)"))


@changes("a magic that executes no later cell", "gains")
def _(notebook: Notebook) -> None:
    notebook["cells"].insert(
        0,
        own_cell("shell = get_ipython()\nshell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])"),
    )


@changes("another kernel that runs anything", "gains")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["source"] = "%%bash\n" + "true"


@writes("a thousand cells of nothing", "gains", kind="structure")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    notebook["cells"][:0] = [own_cell(f"a{i} = {i}") for i in range(1000)]
    for test in _tests(notebook):
        test["source"] = "pass"
    path.write_text(json.dumps(notebook), encoding="utf-8")


@writes("nested as deep as nobody reads", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.write_text('{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}", encoding="utf-8")


@writes("a notebook of bytes that are no text", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.write_bytes(b"\xff\xfe\x00" + json.dumps(notebook).encode())


@writes("a list in place of a notebook", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.write_text("[]", encoding="utf-8")


@writes("cells that are no objects", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    notebook["cells"] = [1, None, "x", *notebook["cells"]]
    path.write_text(json.dumps(notebook), encoding="utf-8")


@writes("a source that is an object", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    cell(notebook, "tensor_utils")["source"] = {"text": "pass"}
    path.write_text(json.dumps(notebook), encoding="utf-8")


@writes("a format of the year 3000", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    notebook["nbformat"], notebook["nbformat_minor"] = 999, -1
    path.write_text(json.dumps(notebook), encoding="utf-8")


@writes("numbers that JSON does not have", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    text = json.dumps(notebook).replace('"nbformat": 4', '"nbformat": NaN')
    path.write_text(text, encoding="utf-8")


@writes("a number with a million digits", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    text = json.dumps(notebook).replace('"nbformat": 4', '"nbformat": ' + "9" * 1_000_000)
    path.write_text(text, encoding="utf-8")


@writes("a link to the neighbour's notebook", "leaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.symlink_to(field["neighbour"])


@writes("a link to a device that never ends", "late")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.symlink_to("/dev/zero")


@writes("a pipe that nobody writes to", "late")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    os.mkfifo(path)


@writes("a folder", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    path.mkdir()


@writes("an archive", "breaks")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../actor_critic.ipynb", json.dumps(notebook))


@writes("the same key twice: test cells that are not there on the second look", "gains")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    honest = json.dumps(notebook["cells"])
    for test in _tests(notebook):
        test["source"] = "pass"
    text = json.dumps(notebook)[:-1] + ', "cells": ' + json.dumps(notebook["cells"]) + "}"
    path.write_text('{"cells": ' + honest + ", " + text[1:], encoding="utf-8")


@writes("outputs of a hundred megabytes, the tests empty", "gains", kind="outputs")
def _(path: Path, notebook: Notebook, field: Mapping[str, Any]) -> None:
    cell(notebook, "tensor_utils")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "x" * 100_000_000}
    ]
    for test in _tests(notebook):
        test["source"] = ""
    path.write_text(json.dumps(notebook), encoding="utf-8")


@changes("outputs that say all is right, the tests empty", "gains", kind="outputs")
def _(notebook: Notebook) -> None:
    for test in _tests(notebook):
        test["source"] = ""
        test["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "✓ Всё верно. 10 из 10"}]
