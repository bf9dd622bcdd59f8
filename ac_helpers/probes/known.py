"""A network with known weights, which questions about the agent put into `agent.actor_critic`.

Its body is one tanh layer and its heads are linear, so that every value can be computed by hand from the
question. It does not sample: `forward` hands out the actions of a script, one after another, with their
log-probability and value under the known weights. An agent that uses it therefore behaves the same way on
every run, and one that samples by itself is recognised by not following the script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.probes.plain import array


def draw_weights(rng: np.random.Generator, state_dim: int, n_actions: int, width: int = 5) -> dict[str, Any]:
    """Random weights: body [width, state_dim], heads [n_actions, width] and the biases of all three."""
    return {
        "net_weight": rng.normal(0, 0.6, (width, state_dim)),
        "net_bias": rng.normal(0, 0.3, width),
        "actor_weight": rng.normal(0, 0.8, (n_actions, width)),
        "actor_bias": rng.normal(0, 0.5, n_actions),
        "critic_weight": rng.normal(0, 1.5, (n_actions, width)),
        "critic_bias": rng.normal(0, 1.0, n_actions),
    }


def tables(weights: Mapping[str, np.ndarray], states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities and Q of all actions, both [..., n_actions], in numpy from the weights alone."""
    features = np.tanh(states @ weights["net_weight"].T + weights["net_bias"])
    logits = features @ weights["actor_weight"].T + weights["actor_bias"]
    top = logits.max(-1, keepdims=True)
    log_probs = logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))
    return log_probs, features @ weights["critic_weight"].T + weights["critic_bias"]


def known_model(
    names: Mapping[str, Any], weights: Mapping[str, np.ndarray], script: Sequence[int] = (0,)
) -> Any:
    """The network with these weights; `script` lists the actions that `forward` hands out, over and over.

    It inherits the student's own `ActorCriticModel`, so that helper methods which their agent calls are
    there, and its `actor_head` ends in a softmax or log-softmax if the student's does.
    """
    base = _student_class(names)
    style = head_style(base)
    model_class = type("ActorCriticModel", (base,), {"forward": _forward, "evaluate": _evaluate})
    model: Any = object.__new__(model_class)
    nn.Module.__init__(model)
    model.net = nn.Sequential(_linear(weights["net_weight"], weights["net_bias"]), nn.Tanh())
    actor_head = _linear(weights["actor_weight"], weights["actor_bias"])
    model.actor_head = nn.Sequential(actor_head, style) if style is not None else actor_head
    model.critic_head = _linear(weights["critic_weight"], weights["critic_bias"])
    model._known_script, model._known_turn, model._known_style = list(script), 0, style
    return model


def head_style(model_class: type) -> nn.Module | None:
    """The layer that turns the class's `actor_head` into probabilities or their logarithms, if it has one.

    Recognised by what the head gives for random weights and states: rows that sum to one, or whose
    exponentials do. None for plain logits, and for a class that cannot be built or called this way.
    """
    try:
        with torch.no_grad():
            model = model_class(3, (4,), 3)
            states = torch.linspace(-2, 2, 12).reshape(4, 3)
            model.actor_head(model.net(states))
            for number, parameter in enumerate(model.parameters()):
                parameter += 0.3 * torch.sin(torch.arange(parameter.numel()) + number).reshape(
                    parameter.shape
                )
            rows = array(model.actor_head(model.net(states)))
    except Exception:
        return None
    if rows.shape == (4, 3) and np.allclose(np.exp(rows).sum(-1), 1, atol=1e-4):
        return nn.LogSoftmax(-1)
    if rows.shape == (4, 3) and (rows >= 0).all() and np.allclose(rows.sum(-1), 1, atol=1e-4):
        return nn.Softmax(-1)
    return None


def _student_class(names: Mapping[str, Any]) -> type:
    found = names.get("ActorCriticModel")
    return found if isinstance(found, type) and issubclass(found, nn.Module) else nn.Module


def _linear(weight: np.ndarray, bias: np.ndarray) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        layer.weight.copy_(torch.as_tensor(weight))
        layer.bias.copy_(torch.as_tensor(bias))
    return layer


def _forward(self: Any, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    features = self.net(state)
    scores = self.actor_head(features)
    log_probs = scores.log() if isinstance(self._known_style, nn.Softmax) else scores.log_softmax(-1)
    actions = _next_actions(self, scores.shape[:-1])
    return actions, _pick(log_probs, actions), _pick(self.critic_head(features), actions)


def _evaluate(self: Any, state: torch.Tensor) -> torch.Tensor:
    return self.critic_head(self.net(state))


def _next_actions(model: Any, shape: torch.Size) -> torch.Tensor:
    count = shape.numel()
    script, start = model._known_script, model._known_turn
    model._known_turn += count
    return torch.tensor([script[(start + i) % len(script)] for i in range(count)]).reshape(shape)


def _pick(values: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    return values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)
