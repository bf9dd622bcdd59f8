"""How `ActorCriticTrainer` is asked: only its optimizers are watched, step by step.

A gradient is a sum over transitions: Σ wᵢ·∇log π(aᵢ|sᵢ) for the actor, Σ wᵢ·∇V(sᵢ) for the critic. With more
parameters than transitions these terms are independent, so that the weights wᵢ can be solved for. They tell
which transitions are in a minibatch and what each counts, however the trainer has come by the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.gaussian import (
    actor_for,
    actor_rows,
    critic_for,
    critic_rows,
    outputs_of,
    own_only_past_forward,
)
from ac_helpers.asking.heads import flattened
from ac_helpers.asking.plain import array

MOST_STEPS = 300
"""So many steps are watched; nobody is asked for half as many."""

UNCLIPPED, TIGHT = 1e6, 1e-3
"""Lengths of gradients that none has, and that all have."""

MOVE = 0.1
"""How far a step moves the log-probabilities of the rollout, as their root mean square."""


class Watched(torch.optim.Optimizer):
    """An optimizer that keeps each gradient, and moves its parameters by a length of its own or not at all.

    Args:
        parameters: of one network.
        terms: gives the rows [B, P] that the gradients are sums of, for the parameters as they are.
        note: called before every step; what it gives is kept.
        others: the parameters of the other network.
        move: how far a step moves the terms' sources, 0 for none.
    """

    def __init__(
        self,
        parameters: Iterable[torch.Tensor],
        terms: Callable[[], np.ndarray],
        note: Callable[[], np.ndarray | None] = lambda: None,
        others: Iterable[torch.Tensor] = (),
        move: float = 0.0,
    ) -> None:
        super().__init__(parameters, {"lr": 1e-3})
        self._terms, self._note, self._move = terms, note, move
        self._others = list(others)
        self._fixed = terms()
        self.elsewhere = False
        self.weights: list[np.ndarray] = []
        self.rests: list[float] = []
        self.lengths: list[float] = []
        self.largest: list[float] = []
        self.notes: list[Any] = []

    @torch.enable_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Keeps what the gradient is made of."""
        if closure is not None:
            closure()
        gradient = self._gradient()
        rows = self._terms() if self._move else self._fixed
        weights = np.linalg.lstsq(rows.T, gradient, rcond=None)[0]
        length = float(np.linalg.norm(gradient))
        rest = float(np.linalg.norm(gradient - rows.T @ weights))
        self.elsewhere |= any(other.grad is not None and bool(other.grad.any()) for other in self._others)
        if len(self.weights) < MOST_STEPS:
            self.weights.append(weights)
            self.lengths.append(length)
            self.largest.append(float(np.abs(gradient).max()))
            self.rests.append(rest / length if length else 0.0)
            self.notes.append(self._note())
        if self._move and length:
            self._go(gradient, rows)

    def _parameters(self) -> list[torch.Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def _gradient(self) -> np.ndarray:
        parameters = self._parameters()
        return flattened((parameter.grad for parameter in parameters), parameters)

    @torch.no_grad()
    def _go(self, gradient: np.ndarray, rows: np.ndarray) -> None:
        effect = float(np.sqrt(np.mean((rows @ gradient) ** 2)))
        step = gradient * (self._move / effect if effect else 0.0)
        sizes = np.cumsum([parameter.numel() for parameter in self._parameters()])[:-1]
        for parameter, part in zip(self._parameters(), np.split(step, sizes), strict=True):
            parameter.sub_(torch.as_tensor(part).reshape(parameter.shape).to(parameter.dtype))

    def watched(self) -> Data:
        """The weights [steps, B], what is left of each gradient without them, lengths and largest numbers.

        Beside them whether the other network had a gradient when a step was made.
        """
        return {
            "weights": np.array(self.weights, dtype=np.float32).reshape(-1, len(self._fixed)),
            "elsewhere": self.elsewhere,
            "rests": self.rests,
            "lengths": self.lengths,
            "largest": self.largest,
        }


@own_only_past_forward
def ask_minibatches(names: Names, question: Data) -> Data:
    """An update with minibatches that divide the rollout, and one with others."""
    return {
        name: _watched(names, question, question["minibatch_sizes"][name], epochs)
        for name, epochs in question["epochs"].items()
    }


@own_only_past_forward
def ask_gradients(names: Names, question: Data) -> Data:
    return _watched(names, question, question["minibatch_sizes"]["even"])


@own_only_past_forward
def ask_clipping(names: Names, question: Data) -> Data:
    """The lengths of all gradients with a limit that all exceed, and with one that none does."""
    limits = {"tight": TIGHT, "wide": UNCLIPPED}
    return {
        name: {
            part: {"lengths": found["lengths"], "largest": found["largest"]}
            for part, found in _watched(
                names, question, question["minibatch_sizes"]["even"], max_grad_norm=limit
            ).items()
            if part in ("actor", "critic")
        }
        for name, limit in limits.items()
    }


@own_only_past_forward
def ask_ratio(names: Names, question: Data) -> Data:
    """An update whose steps move the actor, with the ratios of new to old probabilities before each."""
    return _watched(names, question, question["minibatch_sizes"]["half"], epochs=4, move=MOVE)


def _watched(
    names: Names,
    question: Data,
    minibatch_size: int,
    epochs: int = 2,
    max_grad_norm: float = UNCLIPPED,
    move: float = 0.0,
) -> Data:
    rollout = {name: values.copy() for name, values in question["rollout"].items()}
    states, actions = rollout["states"], rollout["actions"]
    actor, critic = actor_for(names, question, states), critic_for(names, question, states)
    flat_states = torch.tensor(states).flatten(0, 1)
    flat_actions = torch.tensor(actions).flatten(0, 1)

    def density(mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
        return _log_density(mean, log_std, flat_actions)

    def log_probs() -> np.ndarray:
        return array(density(*outputs_of(actor, flat_states)))

    old = log_probs()
    values = {name: _values(critic, rollout[name]) for name in ("states", "next_states")}
    rollout["log_probs"] = old.reshape(states.shape[:2]).astype(np.float32)
    actor_opt = Watched(
        actor.parameters(),
        lambda: actor_rows(actor, flat_states, density),
        lambda: np.exp(log_probs() - old) if move else None,
        critic.parameters(),
        move,
    )
    critic_opt = Watched(
        critic.parameters(),
        lambda: critic_rows(critic, flat_states),
        others=actor.parameters(),
    )
    trainer = names["ActorCriticTrainer"](
        actor,
        critic,
        actor_opt,
        critic_opt,
        gamma=question["gamma"],
        lam=question["lam"],
        max_grad_norm=max_grad_norm,
    )
    trainer.update(rollout, epochs, minibatch_size)
    found: Data = {"actor": actor_opt.watched(), "critic": critic_opt.watched()}
    if move:
        found["ratios"] = np.array(actor_opt.notes, dtype=np.float32).reshape(-1, len(old))
    return {**found, "values": values["states"], "next_values": values["next_states"]}


def _log_density(mean: torch.Tensor, log_std: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    """The logarithm of the density of the actions, [B]: a sum over the coordinates of a normal's."""
    deviations = (actions - mean) / log_std.exp()
    return -(deviations.square() / 2 + log_std + np.log(2 * np.pi) / 2).sum(-1)


@torch.no_grad()
def _values(critic: Any, states: np.ndarray) -> np.ndarray:
    return array(outputs_of(critic, torch.tensor(states).flatten(0, 1))).reshape(states.shape[:2])
