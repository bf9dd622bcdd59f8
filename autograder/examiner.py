"""The trusted side of a question: its data, what a right answer is, and what each known mistake answers.

An examiner holds the questions of one assignment for one seed. What it computes is kept, because every
submission is asked the same questions.
"""

from __future__ import annotations

import ast
import inspect
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import combinations, product
from pathlib import Path

from ac_helpers import reference
from ac_helpers.asking import Data, Names
from ac_helpers.judging import Predictions, digest
from ac_helpers.probes import probes
from ac_helpers.probes.putting import answer, draw
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.reference.bank import Mistake, together
from autograder.answer_cache import AnswerCache

REFERENCE = ""
"""Whom the answers are kept under that no mistake is in."""

BUSY = 10
"""How many times a question's deadline the reference may take: that it is late is never its fault."""

COMMON = 10
"""How many mistakes of a function or class, from the first of its bank, are tried in pairs where nothing else
explains."""


def _common_pairs(mistakes: Iterable[Mistake]) -> Iterator[tuple[Mistake, Mistake]]:
    """Pairs of the first versions of mistakes that are about the same name."""
    by_name: dict[str, dict[str, Mistake]] = {}
    for mistake in mistakes:
        by_name.setdefault(mistake.name, {}).setdefault(mistake.id, mistake)
    for firsts in by_name.values():
        yield from combinations([*firsts.values()][:COMMON], 2)


class Examiner:
    """The questions of an assignment for one seed, with the answers of the reference and of the mistakes.

    Args:
        assignment: its name.
        seed: of the questions.
        kept: the folder where answers are kept between runs, None for none.
    """

    def __init__(self, assignment: str, seed: int, kept: Path | None = None) -> None:
        self.assignment, self.seed = assignment, seed
        self._data: dict[tuple[str, str], Data] = {}
        self._answers = AnswerCache(kept, seed)

    @cached_property
    def _names(self) -> Names:
        return reference.names(self.assignment)

    def data(self, probe: Probe, question: Question) -> Data:
        """The data of a question."""
        key = (probe.id, question.id)
        if key not in self._data:
            self._data[key] = draw(probe, question, self.seed)
        return self._data[key]

    def random_seed(self, probe: Probe, question: Question) -> int:
        """What the random generators are seeded with while the question is asked."""
        return zlib.crc32(f"{self.seed}/{probe.id}/{question.id}".encode())

    def _own_random_seed(self, probe: Probe, question: Question) -> int:
        """Another seed than the students': samples are compared as independent ones."""
        return zlib.crc32(f"{self.seed}/{probe.id}/{question.id}/expected".encode())

    def digest(self, probe: Probe, question: Question, raw: Data) -> Data:
        """A student's raw answer in the form in which it is compared."""
        return digest(question, self.data(probe, question), raw)

    def expected(self, probe: Probe, question: Question) -> Data:
        """The reference's answer, digested.

        Raises:
            RuntimeError: the reference fails on its own question, which is a fault of the grader.
        """
        found = self._asked(probe, question, {REFERENCE: {}})[REFERENCE]
        if "raised" in found:
            raise RuntimeError(f"the reference fails on {probe.id}/{question.id}: {found['raised']}")
        return found

    def predictions(self, probe: Probe, question: Question) -> Predictions:
        """The digested answers of the known mistakes, by variant."""
        mistakes = reference.known_mistakes(probe.id)
        return self._asked(
            probe, question, {mistake.variant: {mistake.name: mistake.value} for mistake in mistakes}
        )

    def pair_predictions(self, probe: Probe, question: Question, known: frozenset[str]) -> Predictions:
        """The digested answers of two known mistakes together.

        One of the two is among the variants in `known`; where none is known, both are common ones of the same
        function or class.
        """
        mistakes = reference.known_mistakes(probe.id)
        firsts = [mistake for mistake in mistakes if mistake.variant in known]
        pairs = product(firsts, mistakes) if firsts else _common_pairs(mistakes)
        changed = {f"{one.variant}+{other.variant}": together(one, other) for one, other in pairs}
        return self._asked(
            probe, question, {pair: names for pair, names in changed.items() if names is not None}
        )

    def _asked(self, probe: Probe, question: Question, whom: Mapping[str, Names]) -> dict[str, Data]:
        """The answers of versions of the reference with other names in it; each is asked once and kept."""
        known = {who: self._answers.get(probe, question, who) for who in whom}
        new = {
            who: self._ask(probe, question, whom[who]) for who, answered in known.items() if answered is None
        }
        if new:
            self._answers.put(probe, question, new)
        return {who: new[who] if answered is None else answered for who, answered in known.items()}

    def _ask(self, probe: Probe, question: Question, changed: Names) -> Data:
        """Only what is right is sampled more often than students' answers are: a name needs no such power."""
        data, seconds = self.data(probe, question), question.seconds
        if not changed:
            data, seconds = question.sharpen(data), BUSY * seconds
        names = {**self._names, **changed}
        raw = answer(probe, question, names, data, self._own_random_seed(probe, question), seconds)
        return digest(question, data, raw)

    def stand_in(self, defines: tuple[str, ...], without: tuple[str, ...] = ()) -> str:
        """Source that defines right versions of these names, to run in an empty namespace.

        It says nothing but what is computed: it will stand where a submission can read it.

        Args:
            defines: the names.
            without: methods that are left out.
        """
        module = inspect.getmodule(self._names[defines[0]])
        parts = [inspect.getsource(self._names[name]) for name in defines]
        return _imports(inspect.getsource(module)) + "\n\n".join(_bare(part, without) for part in parts)  # type: ignore[arg-type]

    def around(self, probe: Probe, *besides: str) -> list[str]:
        """Sources that define right versions of everything but a probe's methods, and `besides`."""
        return [*self.others(probe), self.stand_in(probe.defines, (*probe.methods, *besides))]

    def others(self, probe: Probe) -> list[str]:
        """Sources that define right versions of what other solution cells define than the probe's."""
        others = {other.solution: other.defines for other in probes(self.assignment)}
        del others[probe.solution]
        return [*map(self.stand_in, others.values())]


@cache
def _bare(source: str, without: tuple[str, ...]) -> str:
    """Source without comments, docstrings and these methods."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.body = [part for part in node.body if not _is_left_out(part, without)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_left_out(part: ast.stmt, without: tuple[str, ...]) -> bool:
    is_docstring = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
    return is_docstring or (isinstance(part, ast.FunctionDef) and part.name in without)


@cache
def _imports(module_source: str) -> str:
    lines = [line for line in module_source.splitlines() if line.startswith(("import ", "from "))]
    return "\n".join(lines) + "\n\n\n"


@cache
def examiner(assignment: str, seed: int, kept: Path | None = None) -> Examiner:
    """The examiner of an assignment and seed, one for the whole process."""
    return Examiner(assignment, seed, kept)
