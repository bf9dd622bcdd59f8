"""The student's own network, made to give prescribed logits and values in the states of a question.

An agent may use its model in ways that only its own model has: helper methods, a body that is not callable,
float64 layers. The network with known weights cannot stand in for such a model. But whatever body and heads
are, the heads can be solved for: with more features than there are states, some parameters give exactly the
rows that the question prescribes, and the answer is known again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.heads import ACTOR, CRITIC, RANK, jacobian, outlet
from ac_helpers.probes.known import tables
from ac_helpers.probes.plain import NotPlain, array

WIDTH = 64
"""Hidden units of an agent whose network is to be fitted: well above the number of states."""

TOLERANCE = 2e-4
STEPS, HALVINGS = 30, 8
"""A linear head takes one step; one that ends in a tanh or a network of its own takes a few."""


def fit(model: Any, weights: Mapping[str, np.ndarray], states: np.ndarray) -> None:
    """Solves the heads of a model for the rows that the known weights give in these states [S, state_dim].

    Raises:
        NotPlain: the heads cannot be solved for, so that this network cannot be asked.
    """
    log_probs, q_values = tables(weights, states)
    given = torch.tensor(states, dtype=torch.float32)
    _shake_body(model)
    _solve(model, ACTOR, given, log_probs)
    _solve(model, CRITIC, given, q_values)


def _shake_body(model: Any) -> None:
    """Moves every parameter a little, so that layers which start at zero or alike tell states apart."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.add_(0.2 * noise.to(parameter.dtype))


def _solve(model: Any, head: str, states: torch.Tensor, wanted: np.ndarray) -> None:
    """Gives a head parameters by which its rows are the wanted ones [S, n], by Gauss-Newton steps.

    Each step is the one of least norm that would do, were the head linear; it is halved until it helps.
    """
    parameters = list(getattr(model, head).parameters())
    rows = outlet(model, head, states)
    for _ in range(STEPS):
        error = wanted - array(rows)
        if np.allclose(error, 0, atol=TOLERANCE, rtol=0):
            return
        step = np.linalg.lstsq(jacobian(rows, parameters), error.reshape(-1), rcond=RANK)[0]
        for _ in range(HALVINGS):
            _add(parameters, step)
            rows = outlet(model, head, states)
            if np.abs(wanted - array(rows)).max() < np.abs(error).max():
                break
            _add(parameters, -step)
            step = step / 2
    raise NotPlain("own network")


@torch.no_grad()
def _add(parameters: Sequence[torch.Tensor], step: np.ndarray) -> None:
    parts = np.split(step, np.cumsum([parameter.numel() for parameter in parameters])[:-1])
    for parameter, part in zip(parameters, parts, strict=True):
        parameter.add_(torch.as_tensor(part).reshape(parameter.shape).to(parameter.dtype))
