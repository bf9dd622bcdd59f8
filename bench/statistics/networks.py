"""Chances that depend on a right network's weights, known once the network is: how much it leaves to luck.

A network that is drawn nearly deterministic shows one action only, which is why several decide; one that is
drawn nearly uniform hides who samples uniformly. Such networks are rare, so that answers alone do not show
how often they come; what each network would answer, and with which probability, follows from its policy in
the states of the question.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock

import numpy as np
import torch
from tqdm import tqdm

from ac_helpers.asking import Data
from ac_helpers.asking import actor_critic_model as model_asked
from ac_helpers.asking.heads import listening, log_probabilities
from ac_helpers.asking.plain import array
from ac_helpers.probes import test_actor_critic_model as model_probe
from ac_helpers.probes.putting import answer
from ac_helpers.probes.rules import FALSE_ALARM as LEVEL
from bench.statistics.pvalues import binomial_miss
from bench.statistics.questions import drawn
from bench.statistics.rows import FALSE_ALARM, MISS, Row, averaged
from bench.statistics.solutions import REFERENCE, Solution, right_solution, right_styles

PROBE = model_probe.PROBE
MOVED = 1e-3
"""How far a log-probability has to move to be seen."""


@dataclass(frozen=True)
class Sample:
    """What a question samples from: the probabilities [S, n], and how often in every state."""

    policy: np.ndarray
    draws: int

    @property
    def seen(self) -> np.ndarray:
        """The chances [S, n] that an action comes at all."""
        return -np.expm1(self.draws * np.log1p(-np.minimum(self.policy, 1 - 1e-12)))


def samples(question_id: str, names: Solution, data: Data) -> list[Sample]:
    """Everything that a question samples from the networks of a solution, in its order."""
    found: list[Sample] = []

    def note(model: Any, states: torch.Tensor) -> Data:
        distinct = 1 if torch.equal(states[0], states[-1]) else len(data["states"])
        found.append(Sample(_policy(model, states[:distinct]), len(states) // distinct))
        nothing = np.zeros(len(states))
        return {"actions": nothing.astype(np.int64), "log_probs": nothing, "Q_s_a": nothing}

    with mock.patch.object(model_asked, "_draws", note):
        answered = answer(PROBE, PROBE.question(question_id), names, data, data["seed"], seconds=600)
    if "raised" in answered:
        raise RuntimeError(f"{question_id}: {answered['raised']}")
    return found


@torch.no_grad()
def _policy(model: Any, states: torch.Tensor) -> np.ndarray:
    """The probabilities [S, n] by which a model samples, whatever its actor head gives."""
    with listening(model.actor_head) as calls:
        model(states)
    rows = [array(log_probabilities(part)) for part in calls.rows]
    log_probs = np.concatenate([part.reshape(-1, part.shape[-1]) for part in rows])[-len(states) :]
    return np.exp(log_probs.astype(np.float64))


# What may happen


def one_action_only(sample: Sample) -> float:
    """In every state one action in all draws."""
    return float((sample.policy**sample.draws).sum(-1).prod())


def twice_the_same(sample: Sample) -> float:
    """All draws come out the same when they are made again."""
    return float(((sample.policy**2).sum(-1) ** sample.draws).prod())


def one_never_seen(several: Sequence[Sample]) -> float:
    """An action comes in no state of any network, at most."""
    never = [(1 - sample.seen).prod(0) for sample in several]
    return float(np.prod(never, axis=0).sum())


def sum_not_one(sample: Sample) -> float:
    """An action stays away whose probability is then missed in the sum, at most."""
    chance = 0.0
    for place in np.ndindex(sample.policy.shape):
        counts = np.full(sample.policy.shape, sample.draws // sample.policy.shape[1])
        counts[place] = 0
        table = model_probe.LogProbTable(counts, sample.policy, 0.0)
        if not table.sums_to_one(sample.policy):
            chance += float((1 - sample.policy[place]) ** sample.draws)
    return chance


def unmoved(before: Sample, after: Sample) -> float:
    """Nothing that comes both times has moved, in any state, at most."""
    with np.errstate(divide="ignore"):
        moved = np.abs(np.log(after.policy) - np.log(before.policy)) > MOVED
    missed = np.where(moved, 1 - before.seen * after.seen, 1.0).min(-1)
    return float(np.where(moved.all(-1), 0.0, missed).prod())


def uniform_passes(sample: Sample) -> float:
    """Uniform actions pass for this policy's, at most."""
    uniform = np.full_like(sample.policy, 1 / sample.policy.shape[1])
    return binomial_miss(sample.policy, uniform, sample.draws, LEVEL / sample.policy.size)


def twice_softmax_passes(sample: Sample) -> float:
    """The log-probabilities of a softmax of the probabilities pass for the policy's, at most."""
    claimed = np.exp(sample.policy) / np.exp(sample.policy).sum(-1, keepdims=True)
    return binomial_miss(claimed, sample.policy, sample.draws, LEVEL / sample.policy.size)


# The questions


def of_policy(names: Solution, data: Data) -> dict[str, float]:
    """The chances of the question that compares frequencies with log-probabilities.

    What several networks decide has to happen with every one of them.
    """
    found = samples("policy", names, data)
    mixed = max(found, key=lambda sample: sample.policy.size * sample.draws)
    several = [sample for sample in found if sample.draws == model_asked.DRAWS_OF_EACH][::2]
    return {
        f"{FALSE_ALARM}, one action only": math.prod(map(one_action_only, several)),
        f"{FALSE_ALARM}, the same draws twice": math.prod(map(twice_the_same, several)),
        f"{FALSE_ALARM}, an action never seen": one_never_seen(several),
        f"{FALSE_ALARM}, probabilities do not sum to one": sum_not_one(mixed),
        f"{MISS}, policy_not_sampled (uniform)": uniform_passes(mixed),
        f"{MISS}, policy_not_sampled (softmax twice)": twice_softmax_passes(mixed),
    }


def of_body(names: Solution, data: Data) -> dict[str, float]:
    """The chances of the question that shifts the parts of several networks."""
    found = samples("shared_body", names, data)
    parts = ("nothing", *model_asked.PARTS)
    networks = [
        dict(zip(parts, found[i : i + len(parts)], strict=True)) for i in range(0, len(found), len(parts))
    ]
    return {
        f"{FALSE_ALARM}, policy does not move with {part}": math.prod(
            unmoved(network["nothing"], network[part]) for network in networks
        )
        for part in ("net", "actor_head")
    }


CHANCES: dict[str, tuple[Callable[[Solution, Data], dict[str, float]], int]] = {
    "policy": (of_policy, 80),
    "shared_body": (of_body, 400),
}
"""The questions, and for how many draws of each the chances are averaged for every style."""

PATIENCE = 30.0
"""Seconds after which a style that takes long is asked no further question; rows say how many it was."""


def rows_of(question: str, style: str, runs: float) -> list[Row]:
    """The chances of one style, averaged over drawn questions."""
    chances, times = CHANCES[question]
    names = right_solution(PROBE.id, style)
    found, started = [], time.process_time()
    for data in _shown(question, style, max(1, round(times * runs))):
        found.append(chances(names, data))
        if time.process_time() - started > PATIENCE:
            break
    return [
        averaged("networks", PROBE.id, question, f"{event}: {style}", [chance[event] for chance in found])
        for event in found[0]
    ]


def _can_be_read(style: str) -> bool:
    """Whether the head's numbers can be listened to.

    Heads that torch.jit has compiled take no hook, within vmap there are no numbers yet, and a model that
    only multiplies with the head's weights does not call it.
    """
    model = right_solution(PROBE.id, style)["ActorCriticModel"](4, [8], 2)
    try:
        _policy(model, torch.zeros(1, 4))
    except (RuntimeError, ValueError):
        return False
    return True


def _shown(question: str, style: str, times: int) -> Iterator[Data]:
    data = drawn(PROBE.id, question, times)
    yield from tqdm(data, desc=f"{question} {style}", total=times, leave=False, disable=None)


def tasks(runs: float) -> list[partial[list[Row]]]:
    """What can be computed apart from each other."""
    styles = filter(_can_be_read, (REFERENCE, *right_styles(PROBE.id)))
    return [partial(rows_of, question, style, runs) for style in styles for question in CHANCES]
