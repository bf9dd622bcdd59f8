"""Asks right solutions and known mistakes fresh questions with fresh random numbers, and counts surprises."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from tqdm import tqdm

from ac_helpers.probes import ASSIGNMENTS, assignment_of, probes
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.putting import answer
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.probes.test_update_critic import OWN_LOSS, UNWATCHED
from autograder.examiner import Examiner
from bench.statistics.questions import FIRST_SEED
from bench.statistics.rows import Row, counted
from bench.statistics.solutions import Solution, right_solutions, solutions_with_mistakes


@dataclass(frozen=True)
class Asked:
    """A question that is asked again and again.

    Attributes:
        test: the test cell.
        question: the question's id.
        right: how often right solutions are asked, all styles together.
        wrong: how often the mistakes are.
        is_dear: asking the reference takes long: all solutions are asked the same questions in turn, where
            otherwise every ask has a question of its own.
        repairs: only these ways of asking; all of them if empty.
    """

    test: str
    question: str
    right: int = 1000
    wrong: int = 400
    is_dear: bool = False
    repairs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The question's id, and how it is asked."""
        return f"{self.question}, by results" if self.repairs else self.question


DEAR = (
    Asked("test_eps_greedy", "random", 200, 100, is_dear=True),
    Asked("test_eps_greedy", "mixed", 200, 100, is_dear=True),
    Asked("test_actor_critic_model", "policy", 400, 200, is_dear=True),
    Asked("test_agent_act", "policy", 300, 30, is_dear=True),
    Asked("test_sample_action", "distribution", 300, 100, is_dear=True),
)
"""The questions that take too long for the usual numbers; `exact` and `networks` know their chances."""

BY_RESULTS = Asked("test_update_critic", "batches", repairs=(UNWATCHED, f"{UNWATCHED} {OWN_LOSS}"))


def all_asked() -> Iterator[Asked]:
    """Every question of every cell but those of which one answer takes minutes."""
    dear = {(asked.test, asked.question): asked for asked in DEAR}
    for probe in (probe for assignment in ASSIGNMENTS for probe in probes(assignment)):
        for question in probe.questions:
            if not question.is_patient:
                yield dear.get((probe.id, question.id), Asked(probe.id, question.id))
    yield BY_RESULTS


def passes(examiner: Examiner, probe: Probe, question: Question, names: Solution, asked: Asked) -> bool:
    """Whether one of the ways of asking brings a right answer, as in grading."""
    data = examiner.data(probe, question)
    ways = [data | {"repair": repair} for repair in asked.repairs] or question.ways(data)
    expected, random_seed = examiner.expected(probe, question), examiner.random_seed(probe, question)
    return any(
        not question.differences(
            examiner.digest(probe, question, answer(probe, question, names, way, random_seed)), expected
        )
        for way in ways
    )


def ask_all(part: str, asked: Asked, solutions: dict[str, Solution], times: int, wanted: bool) -> list[Row]:
    """Asks all solutions in turn, so many times together; hits are the answers that are not as wanted."""
    probe = probe_by_id(asked.test)
    question = probe.question(asked.question)
    hits, seconds = dict.fromkeys(solutions, 0), dict.fromkeys(solutions, 0.0)
    rounds = math.ceil(times / max(1, len(solutions)))
    turns = list(product(range(rounds), solutions))
    assignment = assignment_of(asked.test)
    examiner, seed = Examiner(assignment, FIRST_SEED), FIRST_SEED
    for number, (turn, title) in enumerate(_shown(turns, f"{part} {asked.test} {asked.title}")):
        wanted_seed = FIRST_SEED + 1 + (turn if asked.is_dear else number)
        if seed != wanted_seed:
            examiner, seed = Examiner(assignment, wanted_seed), wanted_seed
            examiner.expected(probe, question)
        start = time.process_time()
        hits[title] += passes(examiner, probe, question, solutions[title], asked) != wanted
        seconds[title] += time.process_time() - start
    return [
        counted(part, asked.test, asked.title, title, rounds, hits[title], seconds[title] / rounds)
        for title in solutions
    ]


def _shown(turns: list[tuple[int, str]], title: str) -> Iterable[tuple[int, str]]:
    return tqdm(turns, title, leave=False, disable=None)


def alarms(asked: Asked, runs: float) -> list[Row]:
    """How often right solutions of every style are rejected.

    One way of asking need not fit every style: only those count that it accepts on the first seed.
    """
    solutions = right_solutions(asked.test)
    if asked.repairs:
        solutions = _passing(asked, solutions, wanted=True)
    return ask_all("alarms", asked, solutions, _scaled(asked.right, runs), wanted=True)


def power(asked: Asked, runs: float) -> list[Row]:
    """How often each mistake passes a question that rejects it on the first seed."""
    caught = _passing(asked, solutions_with_mistakes(asked.test), wanted=False)
    return ask_all("power", asked, caught, _scaled(asked.wrong, runs), wanted=False)


def _passing(asked: Asked, solutions: dict[str, Solution], wanted: bool) -> dict[str, Solution]:
    """The solutions that pass on the first seed, or those that do not."""
    probe, examiner = probe_by_id(asked.test), Examiner(assignment_of(asked.test), FIRST_SEED)
    question = probe.question(asked.question)
    return {
        title: names
        for title, names in solutions.items()
        if passes(examiner, probe, question, names, asked) == wanted
    }


def _scaled(times: int, runs: float) -> int:
    return max(1, round(times * runs))


def alarm_tasks(runs: float) -> list[partial[list[Row]]]:
    """The questions that right solutions are asked."""
    return [partial(alarms, asked, runs) for asked in all_asked()]


def power_tasks(runs: float) -> list[partial[list[Row]]]:
    """The questions that mistakes are asked."""
    return [partial(power, asked, runs) for asked in all_asked()]
