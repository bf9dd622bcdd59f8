"""The answers that checks in a notebook compare with: frozen beforehand, for questions of the public seed.

One file per probe under `frozen/`: for every question its data, the digested answer of the reference and
those of the known mistakes. `autograder build` writes them; no solution code is among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from ac_helpers.asking import Data
from ac_helpers.asking.plain import decode
from ac_helpers.judging import Predictions


@dataclass(frozen=True)
class Frozen:
    """What is known of one question: its data, the right answer, and the answers of the mistakes."""

    data: Data
    reference: Data
    mistakes: Predictions


@cache
def frozen(probe_id: str) -> dict[str, Frozen]:
    """The frozen answers of a probe by question id.

    Raises:
        FileNotFoundError: the answers were not built; `autograder build` makes them.
    """
    file = resources.files("ac_helpers") / "frozen" / f"{probe_id}.json"
    questions = decode(file.read_text(encoding="utf-8"), limit=None)
    return {
        question_id: Frozen(entry["data"], entry["reference"], entry["mistakes"])
        for question_id, entry in questions.items()
    }
