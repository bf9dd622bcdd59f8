"""The trusted side of a question: its data, what a right answer is, and what each known mistake answers.

An examiner holds the questions of one assignment for one seed. What it computes is kept, because every
submission is asked the same questions.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from ac_helpers import reference
from ac_helpers.judging import Predictions, digest
from ac_helpers.probes.asking import answer, draw
from ac_helpers.probes.spec import Data, Names, Probe, Question


class Examiner:
    """The questions of an assignment for one seed, with the answers of the reference and of the mistakes."""

    def __init__(self, assignment: str, seed: int) -> None:
        self.seed = seed
        self._names: Mapping[str, Any] = reference.names(assignment)
        self._data: dict[tuple[str, str], Data] = {}
        self._expected: dict[tuple[str, str], Data] = {}
        self._predictions: dict[tuple[str, str], Predictions] = {}

    def data(self, probe: Probe, question: Question) -> Data:
        """The data of a question."""
        key = (probe.id, question.id)
        if key not in self._data:
            self._data[key] = draw(probe, question, self.seed)
        return self._data[key]

    def random_seed(self, probe: Probe, question: Question) -> int:
        """What the random generators are seeded with while the question is asked."""
        return zlib.crc32(f"{self.seed}/{probe.id}/{question.id}".encode())

    def digest(self, probe: Probe, question: Question, raw: Data) -> Data:
        """A student's raw answer in the form in which it is compared."""
        return digest(question, self.data(probe, question), raw)

    def expected(self, probe: Probe, question: Question) -> Data:
        """The reference's answer, digested.

        Raises:
            RuntimeError: the reference fails on its own question, which is a fault of the grader.
        """
        key = (probe.id, question.id)
        if key not in self._expected:
            found = self._ask(probe, question, self._names)
            if "raised" in found:
                raise RuntimeError(f"the reference fails on {probe.id}/{question.id}: {found['raised']}")
            self._expected[key] = found
        return self._expected[key]

    def predictions(self, probe: Probe, question: Question) -> Predictions:
        """The digested answers of the known mistakes, by variant."""
        key = (probe.id, question.id)
        if key not in self._predictions:
            mistakes = reference.known_mistakes(probe.id) if question.asks_mistakes else ()
            self._predictions[key] = {
                mistake.variant: self._ask(probe, question, {**self._names, mistake.name: mistake.value})
                for mistake in mistakes
            }
        return self._predictions[key]

    def _ask(self, probe: Probe, question: Question, names: Names) -> Data:
        data = self.data(probe, question)
        raw = answer(probe, question, names, question.sharpen(data), self.random_seed(probe, question))
        return self.digest(probe, question, raw)

    def stand_in(self, defines: tuple[str, ...]) -> str:
        """Source that defines right versions of these names, to run in an empty namespace."""
        return _imports(inspect.getsource(inspect.getmodule(self._names[defines[0]]))) + "\n\n".join(  # type: ignore[arg-type]
            inspect.getsource(self._names[name]) for name in defines
        )


@cache
def _imports(module_source: str) -> str:
    lines = [line for line in module_source.splitlines() if line.startswith(("import ", "from "))]
    return "\n".join(lines) + "\n\n\n"


@cache
def examiner(assignment: str, seed: int) -> Examiner:
    """The examiner of an assignment and seed, one for the whole process."""
    return Examiner(assignment, seed)
