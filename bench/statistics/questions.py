"""The questions' data, drawn for as many seeds as are wanted."""

from __future__ import annotations

from collections.abc import Iterator

from ac_helpers.asking import Data
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes.putting import draw

ASSIGNMENT = "actor_critic"
"""The one whose networks and agents are looked at one by one."""

FIRST_SEED = 10_000


def question_data(test: str, question: str, seed: int = FIRST_SEED) -> Data:
    """The data of a question for one seed."""
    probe = probe_by_id(test)
    return draw(probe, probe.question(question), seed)


def drawn(test: str, question: str, n: int) -> Iterator[Data]:
    """The data of a question for so many seeds."""
    for seed in range(FIRST_SEED, FIRST_SEED + n):
        yield question_data(test, question, seed)
