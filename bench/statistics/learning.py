"""Single runs of test_agent_learns, and what its rule makes of how often they succeed.

An agent passes when its very first run succeeds, or when two with one learning rate do. The rates take
turns, which saves time and changes no chance.
"""

from __future__ import annotations

import math
import random
import time
import zlib
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from tqdm import tqdm

from ac_helpers.asking import Data
from ac_helpers.asking import agent_learns as learning_asked
from ac_helpers.probes import test_agent_learns as learning
from bench.statistics.agents import agent, learners, non_learners
from bench.statistics.questions import question_data
from bench.statistics.rows import Row, counted
from bench.statistics.solutions import Solution

PROBE = learning.PROBE
RUNS, RUNS_OF_WRONG = 24, 30
"""Runs of a right agent and of a wrong one with every learning rate."""

HOPELESS = 4
"""After so many failures and no success a right agent is not tried with that learning rate again."""

RAISED = ", raised"
"""What follows the title of an agent in the row of the runs that raised an exception."""


def chance_to_fail(rates: Sequence[float]) -> float:
    """The chance not to pass for these success rates of a single run, one for each learning rate.

    The first run fails, and then too few succeed, or none does for so long that the agent is given up.
    """
    runs, given_up = learning_asked.RUNS, math.prod((1 - rate) ** learning.PATIENCE for rate in rates)
    first_fails = (
        (1 - rates[0]) * _too_few(rates[0], runs - 1) * math.prod(_too_few(rate, runs) for rate in rates[1:])
    )
    rest = math.prod(_too_few(rate, runs - learning.PATIENCE) for rate in rates)
    return first_fails + given_up * (1 - rest)


def _too_few(rate: float, runs: int) -> float:
    """The chance that fewer than enough of so many runs succeed (binomial distribution)."""
    hits = range(learning_asked.SUCCESSES)
    return sum(math.comb(runs, n) * rate**n * (1 - rate) ** (runs - n) for n in hits)


def rows_of(title: str, rate: int, times: int, hopeless: int) -> list[Row]:
    """The runs of an agent with one learning rate: how many succeeded, and how many raised, if any."""
    names, data, lr = agent(title), question_data(PROBE.id, "learns"), learning.LEARNING_RATES[rate]
    hits = done = raised = 0
    start = time.process_time()
    for number in tqdm(range(times), desc=f"learns {title} {lr:g}", leave=False, disable=None):
        if hits == 0 and done >= hopeless:
            break
        seed = zlib.crc32(f"{title}/{lr}/{number}".encode())
        succeeded = one_run(names, data, rate, number, seed)
        hits, raised, done = hits + (succeeded is True), raised + (succeeded is None), done + 1
    seconds = (time.process_time() - start) / done
    rows = [counted("learns", PROBE.id, f"{lr:g}", title, done, hits, seconds)]
    if raised:
        rows.append(counted("learns", PROBE.id, f"{lr:g}", f"{title}{RAISED}", done, raised))
    return rows


def one_run(names: Solution, data: Data, rate: int, run: int, seed: int) -> bool | None:
    """Whether a run with one of the learning rates succeeds; None if it raises."""
    run %= learning_asked.RUNS
    seeds = np.full_like(data["seeds"], seed)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    try:
        actions = learning_asked.one_run(names, data | {"seeds": seeds}, rate, run)
        return learning_asked.succeeded(actions, data["right_actions"][rate][run])
    except Exception:
        return None


def tasks(runs: float) -> list[partial[list[Row]]]:
    """What can be run apart from each other."""
    right, wrong = (max(1, round(times * runs)) for times in (RUNS, RUNS_OF_WRONG))
    numbers = dict.fromkeys(learners(), (right, HOPELESS)) | dict.fromkeys(non_learners(), (wrong, wrong))
    return [
        partial(rows_of, title, rate, times, hopeless)
        for title, (times, hopeless) in numbers.items()
        for rate in range(len(learning.LEARNING_RATES))
    ]
