"""Whether the checks reach their goals: what the false alarms of a submission add up to, what falls short.

Goals: a right submission loses a point by chance with a probability below 1e-9, and every mistake is caught
by some question with a probability of at least 0.999.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ac_helpers.probes import test_agent_learns as learning
from bench.statistics.agents import non_learners
from bench.statistics.learning import RAISED, chance_to_fail
from bench.statistics.limits import upper_limit
from bench.statistics.rows import FALSE_ALARM, MISS, Row, of_part
from bench.statistics.solutions import REFERENCE

ALARMS, MISSES = 1e-9, 1e-3
"""The largest chances that are allowed."""


@dataclass(frozen=True)
class Shortfall:
    """A chance that is larger than allowed.

    Attributes:
        question: the test cell and the question.
        what: what happens by chance.
        who: to whom.
        chance: the chance as it was measured or computed.
    """

    question: str
    what: str
    who: str
    chance: float


@dataclass(frozen=True)
class Learner:
    """One agent's runs: for every learning rate that was tried the row, and the share that raised."""

    title: str
    rows: dict[str, Row]
    raised: dict[str, float]

    @property
    def is_right(self) -> bool:
        """Whether it ought to pass."""
        return self.title not in non_learners()

    @property
    def fails(self) -> float:
        """The chance not to pass, for the rates as measured."""
        rates = [row.rate for row in self.rows.values()]
        all_raise = math.prod(self.raised.get(lr, 0.0) for lr in self.rows)
        return min(1.0, chance_to_fail(rates) + all_raise)

    @property
    def fails_at_most(self) -> float:
        """The chance that no learning rate passes, for the lower limits of the rates."""
        return chance_to_fail([row.low for row in self.rows.values()])

    @property
    def passes(self) -> float:
        """The chance to pass, for the share of all runs that succeeded."""
        runs, hits = self._together()
        return 1 - chance_to_fail([hits / runs] * len(self.rows))

    @property
    def passes_at_most(self) -> float:
        """The chance to pass, for the upper limit of that share."""
        runs, hits = self._together()
        return 1 - chance_to_fail([upper_limit(hits, runs)] * len(self.rows))

    def _together(self) -> tuple[int, int]:
        return sum(row.runs for row in self.rows.values()), sum(row.hits for row in self.rows.values())


def question_of(row: Row) -> str:
    """How a table calls a row's question."""
    return f"{row.test}: {row.question}"


def event_and_who(row: Row) -> tuple[str, str]:
    """The two halves of a subject in the part `networks`."""
    event, _, who = row.subject.partition(": ")
    return event, who


def learners_of(rows: Sequence[Row]) -> list[Learner]:
    """The agents of the part `learns`."""
    found: dict[str, Learner] = {}
    for row in of_part(rows, "learns"):
        title = row.subject.removesuffix(RAISED)
        learner = found.setdefault(title, Learner(title, {}, {}))
        if row.subject.endswith(RAISED):
            learner.raised[row.question] = row.rate
        else:
            learner.rows[row.question] = row
    return list(found.values())


def bounds(rows: Sequence[Row]) -> dict[str, tuple[float, float, float]]:
    """By question the false alarms that follow from the data, and from networks: the reference's, the worst.

    The worst is the sum over all that may happen, each with the style that it happens to most often.
    """
    known: dict[str, float] = {}
    worst: dict[tuple[str, str], float] = {}
    reference: dict[str, float] = {}
    for row in rows:
        if row.part == "exact" and row.subject.startswith(FALSE_ALARM):
            known[question_of(row)] = known.get(question_of(row), 0.0) + row.rate
        if row.part == "networks" and row.subject.startswith(FALSE_ALARM):
            event, who = event_and_who(row)
            key = question_of(row), event
            worst[key] = max(worst.get(key, 0.0), row.rate)
            if who == REFERENCE:
                reference[key[0]] = reference.get(key[0], 0.0) + row.rate
    questions = dict.fromkeys([*known, *(question for question, _ in worst)])
    return {
        question: (
            known.get(question, 0.0),
            reference.get(question, 0.0),
            sum(chance for (asked, _), chance in worst.items() if asked == question),
        )
        for question in questions
    }


def shortfalls(rows: Sequence[Row]) -> list[Shortfall]:
    """All chances that are larger than allowed."""
    return [*_known(rows), *_alarms(rows), *_misses(rows), *_learning(rows)]


def _known(rows: Sequence[Row]) -> Iterator[Shortfall]:
    for row in rows:
        if row.part == "exact":
            what, who = row.subject, ""
        elif row.part == "networks":
            what, who = event_and_who(row)
        else:
            continue
        rejects = what.startswith(FALSE_ALARM) and row.rate > ALARMS
        accepts = what.startswith(MISS) and row.rate > MISSES and who in ("", REFERENCE)
        if rejects or accepts:
            yield Shortfall(question_of(row), what, who, row.rate)


def _alarms(rows: Sequence[Row]) -> Iterator[Shortfall]:
    for row in of_part(rows, "alarms"):
        if row.hits:
            yield Shortfall(
                question_of(row), f"{FALSE_ALARM}, {row.hits} of {row.runs}", row.subject, row.rate
            )


def _misses(rows: Sequence[Row]) -> Iterator[Shortfall]:
    """Mistakes that every question lets pass now and then."""
    best: dict[tuple[str, str], Row] = {}
    for row in of_part(rows, "power"):
        key = row.test, row.subject
        best[key] = min(best.get(key, row), row, key=lambda row: row.rate)
    for row in best.values():
        if row.hits:
            yield Shortfall(question_of(row), f"{MISS}, {row.hits} of {row.runs}", row.subject, row.rate)


def _learning(rows: Sequence[Row]) -> Iterator[Shortfall]:
    for learner in learners_of(rows):
        question = f"{learning.PROBE.id}: learns"
        if learner.is_right and max(learner.fails, learner.fails_at_most) > ALARMS:
            what = f"{FALSE_ALARM}, by the lower limits"
            yield Shortfall(question, what, learner.title, max(learner.fails, learner.fails_at_most))
        if not learner.is_right and learner.passes > MISSES:
            yield Shortfall(question, MISS, learner.title, learner.passes)
