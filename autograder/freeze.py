"""Writes down what the reference and the mistakes answer to the public questions, as data for students."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ac_helpers.asking.plain import NotPlain, decode, encode
from ac_helpers.probes import probes
from ac_helpers.probes.putting import PUBLIC_SEED, draw
from ac_helpers.probes.spec import Probe
from autograder.examiner import Examiner
from autograder.files import write

TOLERANCE = 1e-4
"""How far numbers may differ between machines before frozen answers count as outdated, relatively."""


def freeze(root: Path, assignment: str) -> Iterator[Path]:
    """Brings the frozen answers of an assignment up to date; yields the files that changed."""
    for probe in probes(assignment):
        path = _path(root, probe)
        fresh = _answers(assignment, probe)
        if not _alike(_frozen(path), fresh):
            write(path, _layout(encode(fresh, readable=True)))
            yield path


def drift(root: Path, assignment: str) -> Iterator[str]:
    """Which frozen answers are no longer what the reference and the mistakes answer; nothing is changed."""
    for probe in probes(assignment):
        path = _path(root, probe)
        if not path.is_file():
            yield f"{path.relative_to(root)} does not exist"
        elif not _alike(_frozen(path), _answers(assignment, probe)):
            yield f"{path.relative_to(root)} differs from what the reference and the mistakes answer"


def _frozen(path: Path) -> Any:
    """What a file holds, None where that cannot be read."""
    try:
        return decode(path.read_text(encoding="utf-8"), limit=None) if path.is_file() else None
    except (NotPlain, UnicodeDecodeError):
        return None


def _path(root: Path, probe: Probe) -> Path:
    return root / "ac_helpers" / "frozen" / f"{probe.id}.json"


def _answers(assignment: str, probe: Probe) -> dict[str, Any]:
    examiner = Examiner(assignment, PUBLIC_SEED)
    return {
        question.id: {
            "data": draw(probe, question, PUBLIC_SEED),
            "reference": examiner.expected(probe, question),
            "mistakes": dict(examiner.predictions(probe, question)),
        }
        for question in probe.questions
    }


def _layout(encoded: str) -> str:
    """One entry a line, so that a change is seen where it is."""
    questions = json.loads(encoded)["dict"]
    lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in questions.items()]
    return '{"dict": {\n' + ",\n".join(lines) + "\n}}\n"


def _alike(old: Any, new: Any) -> bool:
    """Whether both are the same data, numbers up to rounding."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_alike(old[key], new[key]) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_alike, old, new))
    if hasattr(old, "dtype") and hasattr(new, "dtype"):
        return old.dtype == new.dtype and old.shape == new.shape and _close(old, new)
    if isinstance(old, float) and isinstance(new, float):
        return _close(old, new)
    return bool(type(old) is type(new) and old == new)


def _close(old: Any, new: Any) -> bool:
    return bool(np.allclose(old, new, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True))
