"""The pages for those who teach: every hint with what its mistake costs, and how the points are split.

They follow from the probes, the bank of mistakes, the message catalogue and the frozen answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from ac_helpers import reference
from ac_helpers.asking.plain import decode
from ac_helpers.messages import entry, has, text
from ac_helpers.probes import ASSIGNMENTS, probes
from ac_helpers.probes.spec import Probe, Question, Symptom
from ac_helpers.wording import hint_key, title

BY_EXCEPTION = ("not_implemented", "raises", "timeout")
"""The mistakes that are named by what was raised, in any cell."""

PARTS = ("line", "nowhere", "no_message")
"""What stands under `raised` only to be put into other messages."""

WAYS = {
    "init": "without the student's `__init__`",
    "own": "in the student's own network",
    "act": "without the student's `act`",
    "plain": "with plain tensors in `actor_batch`",
    "unwatched": "by the results alone",
    "appended": "with what the student's `append_to_replay_buffer` has stored",
    "without_dropout": "with dropout switched off",
    "own-loss": "with the student's own loss",
}
"""What each word of a question's repairs means."""

_HEAD = "<!-- Made by `autograder build`: change the probes, the bank or the messages instead. -->\n"
_ID = re.compile(r"[a-z]+(_[a-z0-9]+)+")


def handbook(root: Path, assignments: Iterable[str]) -> dict[Path, bytes]:
    """The pages under `docs/` of a checkout, by path."""
    cells = {
        name: [Cell.of(probe, _frozen(root, probe)) for probe in probes(name)]
        for name in assignments
        if name in ASSIGNMENTS
    }
    pages = {"hints.md": _hints_page(cells), "points.md": _points_page(cells)}
    return {root / "docs" / name: page.encode() for name, page in pages.items()}


def _frozen(root: Path, probe: Probe) -> Mapping[str, Any]:
    path = root / "ac_helpers" / "frozen" / f"{probe.id}.json"
    return decode(path.read_text(encoding="utf-8"), limit=None) if path.is_file() else {}


@dataclass(frozen=True)
class Cell:
    """A test cell with its known mistakes.

    Attributes:
        probe: what is asked.
        variants: the wrong versions of each mistake, in the order of the bank.
        failing: by question, the wrong versions that lose its points.
        symptoms: by mistake, the questions that can name it by a symptom.
    """

    probe: Probe
    variants: Mapping[str, list[str]]
    failing: Mapping[str, frozenset[str]]
    symptoms: Mapping[str, list[Question]] = field(default_factory=dict)

    @classmethod
    def of(cls, probe: Probe, frozen: Mapping[str, Any]) -> Cell:
        """The cell of a probe, from the answers of the reference and the mistakes to its questions."""
        variants: dict[str, list[str]] = {}
        for mistake in reference.known_mistakes(probe.id):
            variants.setdefault(mistake.id, []).append(mistake.variant)
        symptoms: dict[str, list[Question]] = {}
        for question in probe.questions:
            for mistake_id in named_by_symptoms(question):
                symptoms.setdefault(mistake_id, []).append(question)
        failing = {question.id: _failing(question, frozen.get(question.id)) for question in probe.questions}
        return cls(probe, variants, failing, symptoms)

    @property
    def mistakes(self) -> list[str]:
        """The ids that can be named here: those of the bank first, then those that only symptoms tell of."""
        return list(dict.fromkeys([*self.variants, *self.symptoms]))


def _failing(question: Question, frozen: Mapping[str, Any] | None) -> frozenset[str]:
    if frozen is None:
        return frozenset()
    return frozenset(
        variant
        for variant, answer in frozen["mistakes"].items()
        if question.differences(answer, frozen["reference"])
    )


def named_by_symptoms(question: Question) -> list[str]:
    """The ids that the symptoms of a question can give, in their order."""
    found = [mistake_id for symptom in question.symptoms.values() for mistake_id in ids_of(symptom)]
    return list(dict.fromkeys(found))


def ids_of(symptom: Symptom) -> list[str]:
    """The ids that a symptom can give.

    Those of a function are read off its code: they stand there as they are, or as values of a table that it
    looks into.
    """
    if isinstance(symptom, str):
        return [symptom]
    words = _values(getattr(symptom, "__self__", None)) or list(_words(symptom, set()))
    return sorted({word for word in words if _ID.fullmatch(word) or has(f"mistakes.{word}")})


def _values(table: Any) -> list[str]:
    found = table.values() if isinstance(table, Mapping) else ()
    return [value for value in found if isinstance(value, str)]


def _words(function: Any, seen: set[Any]) -> Iterator[str]:
    """The strings in the code of a function, and in the tables and functions of its module that it uses."""
    if not isinstance(function, FunctionType) or function in seen:
        return
    seen.add(function)
    for code in _codes(function.__code__):
        yield from (constant for constant in code.co_consts if isinstance(constant, str))
        for name in code.co_names:
            used = function.__globals__.get(name)
            yield from _values(used)
            if getattr(used, "__module__", None) == function.__module__:
                yield from _words(used, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _hints_page(cells: Mapping[str, list[Cell]]) -> str:
    intro = """# Hints

What a student is told of a lost point, cell by cell. A mistake is named where a known wrong version gives the
student's very answer, or else where a symptom of the question shows. *Costs* lists the questions that its
wrong versions lose, with their points; in brackets how many of the versions, where not all. Under the hint,
`check()` also shows what differs.
"""
    parts = [_HEAD, intro, _anywhere()]
    for name, found in cells.items():
        parts += [f"## {name}\n", *map(_hints_of, found)]
    return "\n".join(parts)


def _anywhere() -> str:
    named = [(f"`{name}`", text(f"mistakes.{name}")) for name in BY_EXCEPTION]
    unnamed = [
        (f"`{table}.{key}`", message)
        for table in ("cells", "raised")
        for key, message in entry(table).items()
        if key not in PARTS
    ]
    return "## In any cell\n\n" + markdown_table(
        ("mistake or message", "what the student reads"), [*named, *unnamed]
    )


def _hints_of(cell: Cell) -> str:
    parts = [f"### {cell.probe.id}\n"]
    if cell.mistakes:
        rows = [
            (f"`{name}`", text(hint_key(cell.probe.id, name)), _costs(cell, name), _also(cell, name))
            for name in cell.mistakes
            if has(hint_key(cell.probe.id, name))
        ]
        parts.append(markdown_table(("mistake", "hint", "costs", "by symptom alone"), rows))
    messages = _evidence(cell.probe)
    if messages:
        parts.append(markdown_table(("question", "field", "what differs, as the student reads it"), messages))
    return "\n".join(parts)


def _costs(cell: Cell, mistake_id: str) -> str:
    versions = cell.variants.get(mistake_id, [])
    lost = []
    for question in cell.probe.questions:
        count = sum(version in cell.failing[question.id] for version in versions)
        share = "" if count == len(versions) else f" ({count} of {len(versions)})"
        if count:
            lost.append(_priced(question) + share)
    return ", ".join(lost)


def _also(cell: Cell, mistake_id: str) -> str:
    """The questions where only a symptom can name the mistake."""
    versions = cell.variants.get(mistake_id, [])
    return ", ".join(
        _priced(question)
        for question in cell.symptoms.get(mistake_id, [])
        if not cell.failing[question.id].intersection(versions)
    )


def _priced(question: Question) -> str:
    return f"{question.id} {question.points:g}"


def _evidence(probe: Probe) -> list[tuple[str, str, str]]:
    return [
        (question.id, f"`{name}`", message)
        for question in probe.questions
        if has(f"differs.{probe.id}.{question.id}")
        for name, message in entry(f"differs.{probe.id}.{question.id}").items()
    ]


def _points_page(cells: Mapping[str, list[Cell]]) -> str:
    intro = """# Points

What each test cell asks and what a right answer earns. Where something else of the same cell can be put
right, a question that is answered wrongly is asked again that way; one right answer is enough. *Seconds* is
the deadline of one way. *Lost by* counts the known wrong versions that lose the question. *Beside*: its right
answer is always the same, so it earns only if one of these is answered right as well.
"""
    parts = [_HEAD, intro]
    for name, found in cells.items():
        total = sum(cell.probe.points for cell in found)
        parts += [f"## {name}: {total:g} points\n", *map(_points_of, found)]
    return "\n".join(parts)


def _points_of(cell: Cell) -> str:
    versions = sum(map(len, cell.variants.values()))
    known = f"{versions} known wrong versions of {len(cell.variants)} mistakes" if versions else "no bank"
    rows = [
        (
            f"`{question.id}`",
            title(cell.probe, question.id),
            f"{question.points:g}",
            f"{question.seconds:g}",
            ways(question),
            ", ".join(question.beside),
            str(len(cell.failing[question.id])) if not question.is_patient else "–",
        )
        for question in cell.probe.questions
    ]
    head = ("question", "title", "points", "seconds", "asked", "beside", "lost by")
    summary = f"Judges `{cell.probe.solution}`; {known}.\n"
    return "\n".join([f"### {cell.probe.id}: {cell.probe.points:g}\n", summary, markdown_table(head, rows)])


def ways(question: Question) -> str:
    """In words how a question is asked: as it is, and with each repair."""
    repaired = [", ".join(WAYS.get(word, word) for word in repair.split()) for repair in question.repairs]
    return "; ".join(["as it is", *repaired])


def markdown_table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; every line ends with a newline."""
    lines = [head, ("---",) * len(head), *rows]
    cleaned = [[str(cell).replace("|", r"\|").replace("\n", " ") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cleaned)
