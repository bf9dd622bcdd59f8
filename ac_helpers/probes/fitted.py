"""The student's own network, made to give prescribed logits and values in the states of a question.

An agent may use its model in ways that only its own model has: helper methods, a body that is not callable,
float64 layers. The network with known weights cannot stand in for such a model. But whatever the body is,
the last linear layer of each head can be solved for: with at least as many features as there are states,
some weights give exactly the rows that the question prescribes, and the answer is known again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.heads import as_the_network, ask_head, last_linear, listening, log_probabilities
from ac_helpers.probes.known import tables
from ac_helpers.probes.plain import NotPlain, array

WIDTH = 64
"""Hidden units of an agent whose network is to be fitted: well above the number of states."""

TOLERANCE = 2e-4


def fit(model: Any, weights: Mapping[str, np.ndarray], states: np.ndarray) -> None:
    """Solves the heads of a model for the rows that the known weights give in these states [S, state_dim].

    Raises:
        NotPlain: the heads cannot be solved for, so that this network cannot be asked.
    """
    log_probs, q_values = tables(weights, states)
    given = torch.tensor(states, dtype=torch.float32)
    _shake_body(model)
    _solve(model, "actor_head", given, log_probs + 0.8)  # no log-probabilities by themselves
    _solve(model, "critic_head", given, q_values)
    if not np.allclose(_rows(model, "actor_head", given), log_probs, atol=TOLERANCE, rtol=TOLERANCE):
        raise NotPlain("own network")
    if not np.allclose(
        array(model.evaluate(as_the_network(model, given))), q_values, atol=TOLERANCE, rtol=TOLERANCE
    ):
        raise NotPlain("own network")


def _shake_body(model: Any) -> None:
    """Moves every parameter a little, so that layers which start at zero or alike tell states apart."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.add_(0.2 * noise.to(parameter.dtype))


def _rows(model: Any, head: str, states: torch.Tensor) -> np.ndarray:
    """What a head gives in the states; an actor's rows as log-probabilities."""
    with listening(getattr(model, head)) as calls:
        ask_head(model, head, states)
    rows = calls.rows[-1]
    return array(log_probabilities(rows) if head == "actor_head" else rows)


def _solve(model: Any, head: str, states: torch.Tensor, wanted: np.ndarray) -> None:
    """Gives a head's last linear layer the weights of least norm by which the rows are the wanted ones."""
    layer = last_linear(getattr(model, head))
    if layer is None:
        raise NotPlain("own network")
    with listening(layer) as calls:
        ask_head(model, head, states)
    features = array(calls.features[-1]).astype(np.float64).reshape(len(states), -1)
    if layer.bias is not None:
        features = np.hstack([features, np.ones((len(features), 1))])
    solution = torch.tensor(np.linalg.lstsq(features, wanted, rcond=1e-7)[0].T)
    with torch.no_grad():
        layer.weight.copy_(solution[:, : layer.in_features])
        if layer.bias is not None:
            layer.bias.copy_(solution[:, -1])
