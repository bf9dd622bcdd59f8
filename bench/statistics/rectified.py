"""Networks of rectified units that happen to be silent: how often a right body neither bends nor moves.

Simulated in numpy, far more networks than could be asked: linear layers with the weights that torch starts
them with, the noise that the questions add, and ReLU after every layer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

import numpy as np

from ac_helpers.asking import actor_critic_model as model_asked
from ac_helpers.probes import test_actor_critic_model as model_probe
from bench.statistics.limits import upper_limit
from bench.statistics.questions import drawn, question_data
from bench.statistics.rows import FALSE_ALARM, Row, averaged, counted

PROBE = model_probe.PROBE
NOISE, SHIFT = 0.3, 1.0
"""Standard deviations of what is added to every parameter: when a model is built, and to shift a part."""

FLAT = 1e-3
"""The largest bend of a network that counts as linear."""

CHUNK = 2_000
"""Networks that are computed at once."""


def layer(rng: np.random.Generator, n: int, fan_in: int, fan_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights [n, fan_in, fan_out] and biases [n, 1, fan_out] of n linear layers.

    Uniform up to 1 / sqrt(fan_in), as in torch.nn.Linear, and the noise.
    """
    bound = 1 / math.sqrt(fan_in)
    weights = rng.uniform(-bound, bound, (n, fan_in, fan_out)) + rng.normal(0, NOISE, (n, fan_in, fan_out))
    biases = rng.uniform(-bound, bound, (n, 1, fan_out)) + rng.normal(0, NOISE, (n, 1, fan_out))
    return weights.astype(np.float32), biases.astype(np.float32)


def bends(rng: np.random.Generator, n: int, widths: Sequence[int], pairs: np.ndarray) -> np.ndarray:
    """The largest bend [n] of n networks between pairs of states [2, N, state_dim], as in the question."""
    first, second = pairs
    states = np.concatenate([first, second, (first + second) / 2])
    values = np.broadcast_to(states, (n, *states.shape))
    for fan_in, fan_out in zip([states.shape[1], *widths], widths, strict=False):
        weights, biases = layer(rng, n, fan_in, fan_out)
        values = np.maximum(values @ weights + biases, 0)
    weights, biases = layer(rng, n, widths[-1], question_data(PROBE.id, "hidden_layers")["n_actions"])
    values = values @ weights + biases
    ends, middle = values[:, : 2 * len(first)].reshape(n, 2, len(first), -1), values[:, 2 * len(first) :]
    return np.abs(ends.mean(1) - middle).max((1, 2))


def flat_networks(runs: float) -> list[Row]:
    """How often a network is flat, by its widths, and how often all that are built of one size."""
    sizes = Counter(tuple(hidden_dims) for hidden_dims in chain.from_iterable(model_probe.GROWTH))
    rows, chance = [], 0.0
    for widths, times in sizes.items():
        flat, each = _flat(widths, max(1, round(40 * runs)))
        who = "ReLU, widths " + ", ".join(map(str, widths))
        rows.append(_counted(f"flat network: {who}", len(flat) * each, sum(flat)))
        # All networks of a question are asked about the same states: those that leave the most flat count.
        chance += times * upper_limit(max(flat), each) ** model_asked.BUILT
    subject = f"{FALSE_ALARM}, all {model_asked.BUILT} networks of a size are flat, at most: ReLU"
    return [*rows, averaged("networks", PROBE.id, "hidden_layers", subject, [chance])]


def _flat(widths: Sequence[int], chunks: int) -> tuple[list[int], int]:
    """The flat networks for the states of ten questions, and of how many each."""
    rng = np.random.default_rng(1)
    flat = [
        sum(int((bends(rng, CHUNK, widths, data["pairs"]) <= FLAT).sum()) for _ in range(chunks))
        for data in drawn(PROBE.id, "hidden_layers", 10)
    ]
    return flat, chunks * CHUNK


def _counted(subject: str, runs: int, hits: int) -> Row:
    return counted("networks", PROBE.id, "hidden_layers", subject, runs, hits)


def silent_bodies(question: str, event: str, who: str, shifts: Sequence[float], runs: float) -> list[Row]:
    """How often all units of the last layer are silent in all states of a question, after every shift.

    Given the layer before, the last layer's units are silent independently of each other; their share is
    measured for many first layers, and so known better than by whole bodies.
    """
    rng, units, chances = np.random.default_rng(1), 2_000, []
    for data in drawn(PROBE.id, question, max(2, round(1_000 * runs))):
        (first, last), states = data["hidden_dims"], data["states"]
        silent = np.ones(units, dtype=bool)
        below, above = layer(rng, 1, states.shape[1], first), layer(rng, units, first, 1)
        for shift in shifts:
            (weights, biases), (w, b) = _shifted(rng, below, shift), _shifted(rng, above, shift)
            hidden = np.maximum(states @ weights[0] + biases[0], 0)
            silent &= (hidden @ w + b <= 0).all((1, 2))
        # That the first layer is the same in all networks makes the chance only larger.
        chances.append(float(silent.mean()) ** (last * model_asked.BUILT))
    return [averaged("networks", PROBE.id, question, f"{FALSE_ALARM}, {event}: {who}", chances)]


def _shifted(
    rng: np.random.Generator, parameters: tuple[np.ndarray, np.ndarray], scale: float
) -> Iterator[np.ndarray]:
    return (part + scale * rng.standard_normal(part.shape).astype(np.float32) for part in parameters)


def tasks(runs: float) -> list[partial[list[Row]]]:
    """What can be computed apart from each other."""
    return [
        partial(flat_networks, runs),
        partial(silent_bodies, "shared_body", "all bodies stay silent", "ReLU", (0.0, SHIFT), runs),
        partial(silent_bodies, "critic_range", "all values stay 0", "ReLU, head without bias", (0.0,), runs),
    ]
