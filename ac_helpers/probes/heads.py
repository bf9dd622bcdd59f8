"""What goes into and comes out of a network's two heads, whatever the network is made of.

Forward hooks on `actor_head` and `critic_head` see every call, whoever makes it: `forward`, `evaluate`, a
helper method of the model, or an agent that calls a head itself. From them follow the gradients with respect
to the logits and the values of single states, which are comparable between networks of any architecture.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
        total = np.zeros(known_rows.shape)
        for features, rows in zip(self._calls[head].features, self._calls[head].rows, strict=True):
            if rows.grad is None:
                continue
            gradient = rows.grad
            if to_logits:
                gradient = _to_logits(rows.detach(), gradient)
            places = _nearest(array(features).reshape(-1, known.shape[1]), known)
            np.add.at(total, places, array(gradient).reshape(len(places), -1))
        return total


def _features(model: Any, head: str, states: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """What the head gets [S, width] and gives [S, n] for the states."""
    with torch.no_grad(), listening(getattr(model, head)) as calls:
        model(states) if head == "actor_head" else model.evaluate(states)
    features, rows = array(calls.features[-1]), array(calls.rows[-1])
    return features.reshape(len(states), -1), rows.reshape(len(states), -1)


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
