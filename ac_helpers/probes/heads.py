"""What goes into and comes out of a network's two heads, whatever the network is made of.

Forward hooks on `actor_head` and `critic_head` see every call, whoever makes it: `forward`, `evaluate`, a
helper method of the model, or an agent that calls a head itself. From them follow the gradients with respect
to the logits and the values of single states, which are comparable between networks of any architecture.

Who works with the parameters alone (`functional_call`, `vmap`, `F.linear`) calls no head. Where a head has at
least as many features as there are states, the same gradients follow from that of its last linear layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.probes.plain import array

LOGITS, PROBABILITIES, LOG_PROBABILITIES = "logits", "probabilities", "log-probabilities"


@dataclass
class Calls:
    """The calls of one head: features [..., width] that went in and the rows [..., n] that came out."""

    features: list[torch.Tensor] = field(default_factory=list)
    rows: list[torch.Tensor] = field(default_factory=list)

    def note(self, module: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        if not isinstance(output, torch.Tensor) or not inputs or not isinstance(inputs[0], torch.Tensor):
            return
        if output.requires_grad:
            with suppress(RuntimeError):  # within a transformation of torch.func there is none to retain
                output.retain_grad()
        self.features.append(inputs[0].detach())
        self.rows.append(output)


@contextmanager
def listening(module: nn.Module) -> Iterator[Calls]:
    """Notes the calls of a module inside the block."""
    calls = Calls()
    handle = module.register_forward_hook(calls.note)
    try:
        yield calls
    finally:
        handle.remove()


class Heads:
    """Listens to both heads of a model; afterwards knows the gradient of each head in each state.

    Args:
        model: has `actor_head` and `critic_head`, `forward` and `evaluate`.
        states: float32 [S, state_dim], the states that calls are recognised by, all different.
    """

    def __init__(self, model: Any, states: torch.Tensor) -> None:
        self.model = model
        self._states = states
        self._known = {head: _features(model, head, states) for head in ("actor_head", "critic_head")}
        self._calls: dict[str, Calls] = {}

    @contextmanager
    def listening(self) -> Iterator[Heads]:
        """Notes what the heads are asked inside the block."""
        with listening(self.model.actor_head) as actor, listening(self.model.critic_head) as critic:
            self._calls = {"actor_head": actor, "critic_head": critic}
            yield self

    def gradients(self) -> dict[str, np.ndarray]:
        """d loss / d logits and d loss / d Q, both [S, n], after `backward`; zeros where none arrived."""
        return {
            "logit_gradient": self._gradient("actor_head", to_logits=True),
            "q_gradient": self._gradient("critic_head", to_logits=False),
        }

    def body_moves(self) -> bool:
        """Whether any parameter outside the heads has got a gradient."""
        in_heads = {
            id(parameter)
            for head in (self.model.actor_head, self.model.critic_head)
            for parameter in head.parameters()
        }
        body = [parameter for parameter in self.model.parameters() if id(parameter) not in in_heads]
        return any(parameter.grad is not None and bool(parameter.grad.any()) for parameter in body)

    def _gradient(self, head: str, to_logits: bool) -> np.ndarray:
        known, known_rows = self._known[head]
        calls = zip(self._calls[head].features, self._calls[head].rows, strict=True)
        reached = [(features, rows, rows.grad) for features, rows in calls if rows.grad is not None]
        if not reached:
            return self._gradient_of_weights(head)
        total = np.zeros(known_rows.shape)
        for features, rows, gradient in reached:
            if to_logits:
                gradient = _to_logits(rows.detach(), gradient)
            places = _nearest(array(features).reshape(-1, known.shape[1]), known)
            np.add.at(total, places, array(gradient).reshape(len(places), -1))
        return total

    def _gradient_of_weights(self, head: str) -> np.ndarray:
        """The gradient [S, n] at the outlet of a head's last linear layer, from that of its weights.

        With features F [S, width] it is the G of dL/dW = G^T F, if the states' features are independent.
        """
        layer, nothing = last_linear(getattr(self.model, head)), np.zeros(self._known[head][1].shape)
        if layer is None or layer.weight.grad is None:
            return nothing
        with listening(layer) as calls:
            ask_head(self.model, head, self._states)
        features = array(calls.features[-1]).astype(np.float64).reshape(len(self._states), -1)
        if np.linalg.matrix_rank(features) < len(features):
            return nothing
        gradient = np.linalg.lstsq(features.T, array(layer.weight.grad).T.astype(np.float64))[0]
        return gradient if gradient.shape == nothing.shape else nothing


def _features(model: Any, head: str, states: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """What the head gets [S, width] and gives [S, n] for the states."""
    with listening(getattr(model, head)) as calls:
        ask_head(model, head, states)
    features, rows = array(calls.features[-1]), array(calls.rows[-1])
    return features.reshape(len(states), -1), rows.reshape(len(states), -1)


@torch.no_grad()
def ask_head(model: Any, head: str, states: torch.Tensor) -> None:
    """Makes the model use the head, without a graph."""
    states = as_the_network(model, states)
    model(states) if head == "actor_head" else model.evaluate(states)


def as_the_network(model: Any, states: torch.Tensor) -> torch.Tensor:
    """States in the network's own precision: an agent may have turned it, and all it feeds it, to float64."""
    parameter = next(iter(model.parameters()), states)
    return states.to(parameter.dtype) if parameter.dtype.is_floating_point else states


def last_linear(head: nn.Module) -> nn.Linear | None:
    """The last linear layer of a head, None if it has none."""
    layers = [module for module in head.modules() if isinstance(module, nn.Linear)]
    return layers[-1] if layers else None


def _nearest(features: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The state [N] that each row of features [N, width] belongs to."""
    return ((features[:, None] - known[None]) ** 2).sum(-1).argmin(1)


def style_of(rows: np.ndarray) -> str:
    """What the rows [S, n] of an actor's head are: logits, probabilities or their logarithms."""
    if np.allclose(np.exp(rows).sum(-1), 1, atol=1e-4):
        return LOG_PROBABILITIES
    if (rows >= 0).all() and np.allclose(rows.sum(-1), 1, atol=1e-4):
        return PROBABILITIES
    return LOGITS


def log_probabilities(rows: torch.Tensor) -> torch.Tensor:
    """The log-probabilities that an actor head's rows [..., n] stand for, whatever its style."""
    style = style_of(array(rows).reshape(-1, rows.shape[-1]))
    if style == PROBABILITIES:
        return rows.log()
    return rows if style == LOG_PROBABILITIES else rows.log_softmax(-1)


def _to_logits(rows: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """The gradient with respect to logits from that with respect to what the head gives.

    The Jacobians of softmax and log-softmax. Logits that happen to be normalised are taken for
    log-probabilities, which changes nothing for a loss that goes through a softmax, and hides one that does
    not; questions therefore prescribe logits that are not.
    """
    style = style_of(array(rows).reshape(-1, rows.shape[-1]))
    if style == PROBABILITIES:
        return rows * (gradient - (rows * gradient).sum(-1, keepdim=True))
    if style == LOG_PROBABILITIES:
        return gradient - rows.exp() * gradient.sum(-1, keepdim=True)
    return gradient
