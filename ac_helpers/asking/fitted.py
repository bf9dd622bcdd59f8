"""The student's own network, made to give prescribed logits and values in the states of a question.

An agent may use its model in ways that only its own model has: helper methods, a body that is not callable,
float64 layers. The network with known weights cannot stand in for such a model. But whatever body and heads
are, the heads can be solved for: with more features than there are states, some parameters give exactly the
rows that the question prescribes, and the answer is known again. Where the features are fewer, the body moves
as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking.adapting import adapt
from ac_helpers.asking.heads import ACTOR, CRITIC, as_the_network, jacobian, outlet, parameters_of
from ac_helpers.asking.known import tables
from ac_helpers.asking.plain import NotPlain, array

WIDTH = 64
"""Hidden units of an agent whose network is to be fitted: well above the number of states."""

AIM, TOLERANCE = 5e-6, 2e-4
"""How near rows come to what is prescribed, if float32 allows, and how near they have to come. A mistake is
only recognised by an answer that is very near to its own."""

ATTEMPTS, SHAKE = 6, 0.2
STEPS = 400
"""A linear head takes one step, one that ends in a tanh or a network of its own a few, a body some dozens.
One that ends in a narrow layer may take hundreds, and a few of a hundred such attempts fail."""

SMALLEST_DAMPING, FIRST_DAMPING, LARGEST_DAMPING = 1e-9, 1e-2, 1e3
"""Of a step, in parts of the mean square of the derivatives."""


def fit(model: Any, weights: Mapping[str, np.ndarray], states: np.ndarray) -> None:
    """Gives a model the rows that the known weights give in these states [S, state_dim].

    Raises:
        NotPlain: no parameters are found that do, so that this network cannot be asked.
    """
    given = torch.tensor(states, dtype=torch.float32)
    with torch.no_grad():
        outlet(model, CRITIC, given)  # lazy layers get their sizes
    start = [parameter.detach().clone() for parameter in model.parameters()]
    for seed in range(ATTEMPTS):
        _shake(model, start, seed)
        adapt(model, as_the_network(model, given[:2]))
        with suppress(NotPlain):
            _fit(model, *tables(weights, states), given)
            return
    raise NotPlain("own_network")


def _fit(model: Any, log_probs: np.ndarray, q_values: np.ndarray, states: torch.Tensor) -> None:
    log_probabilities, values = partial(outlet, model, ACTOR, states), partial(outlet, model, CRITIC, states)
    try:
        _solve(parameters_of(model.actor_head), log_probabilities, log_probs)
        _solve(parameters_of(model.critic_head), values, q_values)
    except NotPlain:
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        both = np.concatenate([log_probs, q_values], -1)
        _solve(trained, lambda: torch.cat([log_probabilities(), values()], -1), both)


@torch.no_grad()
def _shake(model: Any, start: Sequence[torch.Tensor], seed: int) -> None:
    """Moves every parameter a little, so that layers which start at zero or alike tell states apart."""
    generator = torch.Generator().manual_seed(seed)
    for parameter, value in zip(model.parameters(), start, strict=True):
        noise = torch.randn(value.shape, generator=generator)
        parameter.copy_(value + SHAKE * noise.to(value.dtype))


def _solve(
    parameters: Sequence[torch.Tensor], outlets: Callable[[], torch.Tensor], wanted: np.ndarray
) -> None:
    """Moves parameters until what comes out is what is wanted [S, n], by the method of Levenberg-Marquardt.

    Each step is the one of least norm, but for the damping, that would do if everything were linear.

    Raises:
        NotPlain: it does not get there.
    """
    rows, damping, before = outlets(), FIRST_DAMPING, np.inf
    for _ in range(STEPS):
        error = (wanted - array(rows)).reshape(-1)
        size = float(np.abs(error).max())
        if size <= AIM or before / 2 < size <= TOLERANCE:
            return
        before = size
        slopes = jacobian(rows, parameters)
        squares = slopes @ slopes.T
        while damping < LARGEST_DAMPING:
            damped = squares + damping * np.trace(squares) / len(squares) * np.eye(len(squares))
            step = slopes.T @ np.linalg.lstsq(damped, error, rcond=None)[0]
            _add(parameters, step)
            with suppress(NotPlain):  # a policy seen by its samples may have gone too far to be seen whole
                rows = outlets()
                if np.linalg.norm(wanted - array(rows)) < np.linalg.norm(error):
                    damping = max(damping / 5, SMALLEST_DAMPING)
                    break
            _add(parameters, -step)
            damping *= 3
        else:
            break
    if not before <= TOLERANCE:
        raise NotPlain("own_network")


@torch.no_grad()
def _add(parameters: Sequence[torch.Tensor], step: np.ndarray) -> None:
    parts = np.split(step, np.cumsum([parameter.numel() for parameter in parameters])[:-1])
    for parameter, part in zip(parameters, parts, strict=True):
        parameter.add_(torch.as_tensor(part).reshape(parameter.shape).to(parameter.dtype))
