"""Single runs of test_agent_learns, and what its rule makes of how often they succeed.

An agent passes when one learning rate does, by the rule of the probe. The rates take turns, which saves time
and changes no chance.
"""

from __future__ import annotations

import math
import random
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from tqdm import tqdm

from ac_helpers.probes import test_agent_learns as learning
from ac_helpers.probes.spec import Data
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
    """The chance not to pass for these success rates of a single run, one for each learning rate."""
    return math.prod(map(_chance_to_be_given_up, rates))


def _chance_to_be_given_up(rate: float) -> float:
    """The chance of one learning rate to be given up before there is enough evidence, over all orders."""
    given_up, going_on = 0.0, Counter({(0, 0): 1.0})
    while going_on:
        after: Counter[tuple[int, int]] = Counter()
        for (successes, failures), chance in going_on.items():
            after[successes + 1, failures] += chance * rate
            after[successes, failures + 1] += chance * (1 - rate)
        open_ones = {runs: chance for runs, chance in after.items() if not learning.is_enough(*runs)}
        going_on = Counter({r: chance for r, chance in open_ones.items() if not learning.is_hopeless(*r)})
        given_up += sum(chance for runs, chance in open_ones.items() if learning.is_hopeless(*runs))
    return given_up


def rows_of(title: str, lr: float, times: int, hopeless: int) -> list[Row]:
    """The runs of one agent with one learning rate: how many succeeded, and how many raised, if any did."""
    names, data = agent(title), question_data(PROBE.id, "learns")
    hits = done = raised = 0
    start = time.process_time()
    for number in tqdm(range(times), desc=f"learns {title} {lr:g}", leave=False, disable=None):
        if hits == 0 and done >= hopeless:
            break
        succeeded = one_run(names, data, lr, zlib.crc32(f"{title}/{lr}/{number}".encode()))
        hits, raised, done = hits + (succeeded is True), raised + (succeeded is None), done + 1
    seconds = (time.process_time() - start) / done
    rows = [counted("learns", PROBE.id, f"{lr:g}", title, done, hits, seconds)]
    if raised:
        rows.append(counted("learns", PROBE.id, f"{lr:g}", f"{title}{RAISED}", done, raised))
    return rows


def one_run(names: Solution, data: Data, lr: float, seed: int) -> bool | None:
    """Whether a run succeeds; None if it raises."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    try:
        return learning.succeeded(learning._run(names, data, lr, seed))
    except Exception:
        return None


def tasks(runs: float) -> list[partial[list[Row]]]:
    """What can be run apart from each other."""
    right, wrong = (max(1, round(times * runs)) for times in (RUNS, RUNS_OF_WRONG))
    numbers = dict.fromkeys(learners(), (right, HOPELESS)) | dict.fromkeys(non_learners(), (wrong, wrong))
    return [
        partial(rows_of, title, lr, times, hopeless)
        for title, (times, hopeless) in numbers.items()
        for lr in learning.LEARNING_RATES
    ]
