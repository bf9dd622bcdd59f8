"""Networks with known weights, which questions of the Gaussian notebook hand to a student's functions.

They are linear in the state, so that every mean, deviation and value follows from the question. Each
inherits the student's own class, so that helper methods which their later code calls on a network are there.
Where that code goes past `forward`, the student's own network is asked instead: what it says is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.asking import Ask, Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.heads import jacobian
from ac_helpers.asking.known import linear, student_class
from ac_helpers.asking.networks import shake
from ac_helpers.asking.plain import array

OWN = "own"
"""The repair that asks with the student's own network."""

ASKED = "asked"
"""Where a question notes of every known network whether the student's code has called it."""


def own_only_past_forward(ask: Ask) -> Ask:
    """An ask whose repair is for code that cannot do with the known networks, or goes past their `forward`.

    Whoever asks the known networks and answers wrongly is wrong: for a student's own network, whose means and
    deviations nobody has chosen, the same code may be right.
    """

    @wraps(ask)
    def asked(names: Names, question: Data) -> Data:
        if OWN in question.get("repair", ""):
            calls: dict[str, bool] = {}
            without = {"repair": question["repair"].replace(OWN, ""), ASKED: calls}
            answer, failure = attempt(partial(ask, names, {**question, **without}))
            if answer is not None and not failure and all(calls.values()):
                return answer
        return ask(names, question)

    return asked


def draw_weights(rng: np.random.Generator, state_dim: int, action_dim: int) -> Data:
    """Random weights [action_dim, state_dim] and biases of mean and log-deviation.

    For states of length one they keep to what an actor may give.
    """
    return {
        "mean_weight": rng.normal(0, 0.5, (action_dim, state_dim)).clip(-1.2, 1.2),
        "mean_bias": rng.normal(0, 0.3, action_dim).clip(-0.7, 0.7),
        "log_std_weight": rng.normal(0, 0.2, (action_dim, state_dim)),
        "log_std_bias": rng.normal(-0.2, 0.2, action_dim),
    }


def actor_for(names: Names, question: Mapping[str, Any], states: np.ndarray) -> Any:
    """The known actor; the student's own, shaken, where the question's repair says so."""
    weights = question["weights"]
    if OWN in question.get("repair", ""):
        action_dim, state_dim = weights["mean_weight"].shape
        return _own(names["ActorNetwork"](state_dim, action_dim), states, question["shake"])
    actor = _known(names, "ActorNetwork", _actor_outputs, question)
    actor.known_mean = linear(weights["mean_weight"], weights["mean_bias"])
    actor.known_log_std = linear(weights["log_std_weight"], weights["log_std_bias"])
    return actor


def critic_for(names: Names, question: Mapping[str, Any], states: np.ndarray) -> Any:
    """The known critic, or the student's own in the same way."""
    if OWN in question.get("repair", ""):
        return _own(names["CriticNetwork"](states.shape[-1]), states, question["shake"] + 1)
    critic = _known(names, "CriticNetwork", _critic_output, question)
    critic.known_value = linear(question["value_weight"][None], question["value_bias"])
    return critic


def actor_rows(actor: Any, states: torch.Tensor, of_outputs: Callable[..., torch.Tensor]) -> np.ndarray:
    """The derivatives [B, P] of numbers [B] made of an actor's outputs for states [B, state_dim].

    Args:
        actor: the known one or another.
        states: for which it is asked.
        of_outputs: makes the numbers of mean and log-deviation; each hangs on its own state alone.
    """
    outputs = outputs_of(actor, states)
    numbers = of_outputs(*outputs)
    if not hasattr(actor, "known_mean"):
        return jacobian(numbers, trained(actor))
    slopes = torch.autograd.grad(numbers.sum(), outputs)
    return np.concatenate([_through(slope, states) for slope in slopes], axis=1)


def critic_rows(critic: Any, states: torch.Tensor) -> np.ndarray:
    """The derivatives [B, P] of a critic's values for states [B, state_dim]."""
    if hasattr(critic, "known_value"):
        return _through(torch.ones(len(states), 1), states)
    return jacobian(critic(states), trained(critic))


def trained(network: Any) -> list[nn.Parameter]:
    """The parameters of a network that are not frozen."""
    return [parameter for parameter in network.parameters() if parameter.requires_grad]


def _through(slopes: torch.Tensor, inputs: torch.Tensor) -> np.ndarray:
    """The derivatives [B, P] in a linear layer's weight and bias, from those in what it gives, [B, n]."""
    of_weight = slopes.unsqueeze(-1) * inputs.unsqueeze(-2)
    return array(torch.cat([of_weight.flatten(1), slopes], dim=1)).astype(float)


def outputs_of(network: Any, states: torch.Tensor) -> Any:
    """What a network gives for states, in the precision that it has; nobody takes note of it."""
    if hasattr(network, "known_outputs"):
        return network.known_outputs(states)
    return network(states.to(next((p.dtype for p in network.parameters()), states.dtype)))


def _own(network: Any, states: np.ndarray, seed: int) -> Any:
    shake(network, states.reshape(-1, states.shape[-1]), seed, size=0.05)
    return network


def _known(names: Names, name: str, outputs: Callable[..., Any], question: Mapping[str, Any]) -> Any:
    calls = question.get(ASKED, {})
    calls[name] = False

    def forward(self: Any, state: torch.Tensor) -> Any:
        calls[name] = True
        if state.dtype != self.known_precision.dtype:
            raise RuntimeError(f"expected a state of {self.known_precision.dtype}, but it is {state.dtype}")
        return outputs(self, state)

    methods = {"forward": forward, "known_outputs": outputs}
    network: Any = object.__new__(type(name, (student_class(names, name),), methods))
    nn.Module.__init__(network)
    network.register_buffer("known_precision", torch.zeros(()))  # what layers would have, and be moved to
    return network


def _actor_outputs(self: Any, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    state = state.to(self.known_mean.weight.dtype)
    return self.known_mean(state), self.known_log_std(state)


def _critic_output(self: Any, state: torch.Tensor) -> torch.Tensor:
    return self.known_value(state.to(self.known_value.weight.dtype)).squeeze(-1)
