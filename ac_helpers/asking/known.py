"""A network with known weights, which questions about the agent put into `agent.actor_critic`.

Its body is one tanh layer and its heads are linear, so that every value can be computed by hand from the
question. It does not sample: `forward` hands out the actions of a script, one after another, with their
log-probability and value under the known weights. An agent that uses it therefore behaves the same way on
every run, and one that samples by itself is recognised by not following the script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.asking.building import tuple_or_list
from ac_helpers.asking.heads import LOG_PROBABILITIES, PROBABILITIES, listening, style_of
from ac_helpers.asking.plain import array


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


def heads(weights: Mapping[str, np.ndarray], states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits and Q of all actions, both [..., n_actions], in numpy from the weights alone."""
    features = np.tanh(states @ weights["net_weight"].T + weights["net_bias"])
    logits = features @ weights["actor_weight"].T + weights["actor_bias"]
    return logits, features @ weights["critic_weight"].T + weights["critic_bias"]


def tables(weights: Mapping[str, np.ndarray], states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities and Q of all actions, both [..., n_actions]."""
    logits, q_values = heads(weights, states)
    logits = logits - logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True)), q_values


def known_model(
    names: Mapping[str, Any], weights: Mapping[str, np.ndarray], script: Sequence[int] = (0,)
) -> Any:
    """The network with these weights; `script` lists the actions that `forward` hands out, over and over.

    It inherits the student's own `ActorCriticModel`, so that helper methods which their agent calls are
    there, its `actor_head` ends in a softmax or log-softmax if the student's does, and what `forward` gives
    has no graph where the student's has none.
    """
    base = student_class(names, "ActorCriticModel")
    style, has_graph = head_style(base), forward_has_graph(base)
    model_class = type("ActorCriticModel", (base,), {"forward": _forward, "evaluate": _evaluate})
    model: Any = object.__new__(model_class)
    nn.Module.__init__(model)
    model.net = nn.Sequential(linear(weights["net_weight"], weights["net_bias"]), nn.Tanh())
    actor_head = linear(weights["actor_weight"], weights["actor_bias"])
    model.actor_head = nn.Sequential(actor_head, style) if style is not None else actor_head
    model.critic_head = linear(weights["critic_weight"], weights["critic_bias"])
    model._known_script, model._known_turn, model._known_style = list(script), 0, style
    model._known_graph = has_graph
    return model


@lru_cache(maxsize=64)
def head_style(model_class: type) -> nn.Module | None:
    """The layer that turns the class's `actor_head` into probabilities or their logarithms, if it has one.

    Recognised by what the head gives for random weights and states; one that normalises over the states is
    meant to do so over the actions. None for plain logits, and for a class that cannot be built or called.
    """
    try:
        rows = _rows_of_actor_head(tuple_or_list(lambda dims: model_class(3, dims, 3), (4,)))
    except Exception:
        return None
    if rows.shape != (4, 3):
        return None
    styles = {LOG_PROBABILITIES: nn.LogSoftmax(-1), PROBABILITIES: nn.Softmax(-1)}
    return styles.get(style_of(rows)) or styles.get(style_of(rows.T))


@lru_cache(maxsize=64)
def forward_has_graph(model_class: type) -> tuple[bool, bool]:
    """Whether log-probability and value of the class's `forward` come with their graph.

    They need not. True for a class that cannot be built or called.
    """
    try:
        _, log_prob, q = tuple_or_list(lambda dims: model_class(3, dims, 3), (4,))(_STATES.clone())
        return bool(log_prob.requires_grad), bool(q.requires_grad)
    except Exception:
        return True, True


_STATES = torch.linspace(-2, 2, 12).reshape(4, 3)


@torch.no_grad()
def _rows_of_actor_head(model: Any) -> np.ndarray:
    """What the head gives for some states: called by `forward`, or by hand where `forward` fails."""
    states = _STATES.clone()
    with suppress(Exception):
        model(states)  # lazy layers get their sizes
    for number, parameter in enumerate(model.parameters()):
        parameter += 0.3 * torch.sin(torch.arange(parameter.numel()) + number).reshape(parameter.shape)
    with listening(model.actor_head) as calls, suppress(Exception):
        model(states)
    return array(calls.rows[-1] if calls.rows else model.actor_head(model.net(states)))


def student_class(names: Mapping[str, Any], name: str) -> type:
    """The student's own class of network, for a known one to inherit; `nn.Module` where there is none."""
    found = names.get(name)
    return found if isinstance(found, type) and issubclass(found, nn.Module) else nn.Module


def linear(weight: np.ndarray, bias: np.ndarray) -> nn.Linear:
    """A linear layer with this weight [outputs, inputs] and bias [outputs]."""
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        layer.weight.copy_(torch.as_tensor(weight))
        layer.bias.copy_(torch.as_tensor(bias))
    return layer


def rewind(model: Any) -> None:
    """Lets a known network's script begin anew; any other network has none."""
    if hasattr(model, "_known_turn"):
        model._known_turn = 0


def _forward(self: Any, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    features = self.net(state.to(self.net[0].weight.dtype))
    scores = self.actor_head(features)
    log_probs = scores.log() if isinstance(self._known_style, nn.Softmax) else scores.log_softmax(-1)
    actions = _next_actions(self, scores.shape[:-1])
    given = _pick(log_probs, actions), _pick(self.critic_head(features), actions)
    log_prob, q = (
        part if has_graph else part.detach() for part, has_graph in zip(given, self._known_graph, strict=True)
    )
    return actions, log_prob, q


def _evaluate(self: Any, state: torch.Tensor) -> torch.Tensor:
    return self.critic_head(self.net(state.to(self.net[0].weight.dtype)))


def _next_actions(model: Any, shape: torch.Size) -> torch.Tensor:
    count = shape.numel()
    script, start = model._known_script, model._known_turn
    model._known_turn += count
    return torch.tensor([script[(start + i) % len(script)] for i in range(count)]).reshape(shape)


def _pick(values: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    return values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)
