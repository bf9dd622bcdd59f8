"""How `ActorCriticTrainer` is asked: only its optimizers are watched, step by step.

A gradient is a sum over transitions: Σ wᵢ·∇log π(aᵢ|sᵢ) for the actor, Σ wᵢ·∇V(sᵢ) for the critic. With more
parameters than transitions these terms are independent, so that the weights wᵢ can be solved for. They tell
which transitions are in a minibatch and what each counts, however the trainer has come by the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.gaussian import (
    actor_for,
    actor_rows,
    critic_for,
    critic_rows,
    outputs_of,
    own_only_past_forward,
    trained,
)
from ac_helpers.asking.heads import flattened
from ac_helpers.asking.plain import array
from ac_helpers.overlay import overlaid

MOST_STEPS = 300
"""So many steps are watched; nobody is asked for half as many."""

UNCLIPPED, TIGHT = 1e6, 1e-3
"""Lengths of gradients that none has, and that all have."""

WATCHED_LENGTHS = ("lengths", "largest", "tensors", "weights", "noises", "rests")
"""What is told of gradients where only their lengths matter."""

MOVES = {"actor": (-0.2, -0.2, -0.1, -0.1, 0.3), "critic": (0.4,)}
"""How far the steps of an update move the log-probabilities and the values of the rollout, as their root mean
square; the last number is that of all further steps. The actor's first steps go against the gradient, so that
ratios leave the range on the side on which the clipping keeps a transition, too."""

NO_MOVES: Mapping[str, Sequence[float]] = {"actor": (), "critic": ()}

ROUNDING = 2e-7
"""Of a gradient in float32, in parts of its length."""

EPOCHS, MOVING_EPOCHS = 2, 5
"""Where nothing else is asked about, and where networks move."""

TENSORS = "tensors"
"""The repair that lets `compute_gae` return tensors: a trainer written for these cannot do with arrays."""

FIELDS = ("states", "next_states", "actions", "log_probs", "rewards", "terminated", "truncated")
"""A rollout's, in the order in which the notebook lists them."""


class Watched(torch.optim.Optimizer):
    """An optimizer that keeps each gradient, and moves its parameters by a length of its own or not at all.

    Args:
        parameters: of one network.
        terms: gives the rows [B, P] that the gradients are sums of, for the parameters as they are.
        note: called before every step; what it gives is kept.
        others: the parameters of the other network.
        moves: how far each step moves the terms' sources, the last number for all further ones; none if
            nothing moves.
    """

    def __init__(
        self,
        parameters: Iterable[torch.Tensor],
        terms: Callable[[], np.ndarray],
        note: Callable[[], Any] = lambda: None,
        others: Iterable[torch.Tensor] = (),
        moves: Sequence[float] = (),
    ) -> None:
        super().__init__(parameters, {"lr": 1e-3})
        self._terms, self._note, self._moves = terms, note, moves
        self._others = list(others)
        self.begin()

    def begin(self) -> None:
        """Forgets what has been watched so far: the terms are others from now on."""
        self._fixed = self._terms()
        self.elsewhere = False
        self.weights: list[np.ndarray] = []
        self.noises: list[float] = []
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
        rows = self._terms() if self._moves else self._fixed
        weights, _, _, stretches = np.linalg.lstsq(rows.T, gradient, rcond=None)
        length = float(np.linalg.norm(gradient))
        rest = float(np.linalg.norm(gradient - rows.T @ weights))
        self.elsewhere |= any(other.grad is not None and bool(other.grad.any()) for other in self._others)
        if len(self.weights) < MOST_STEPS:
            self.weights.append(weights)
            self.noises.append(ROUNDING * length / max(float(stretches.min()), 1e-12))
            self.lengths.append(length)
            self.largest.append(float(np.abs(gradient).max()))
            self.rests.append(rest / length if length else 0.0)
            self.notes.append(self._note())
        if self._moves and length:
            self._go(gradient, rows, self._moves[min(len(self.weights), len(self._moves)) - 1])

    def _parameters(self) -> list[torch.Tensor]:
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def _gradient(self) -> np.ndarray:
        parameters = self._parameters()
        return flattened((parameter.grad for parameter in parameters), parameters)

    @torch.no_grad()
    def _go(self, gradient: np.ndarray, rows: np.ndarray, move: float) -> None:
        effect = float(np.sqrt(np.mean((rows @ gradient) ** 2)))
        step = gradient * (move / effect if effect else 0.0)
        sizes = np.cumsum([parameter.numel() for parameter in self._parameters()])[:-1]
        for parameter, part in zip(self._parameters(), np.split(step, sizes), strict=True):
            parameter.sub_(torch.as_tensor(part).reshape(parameter.shape).to(parameter.dtype))

    def watched(self) -> Data:
        """The weights [steps, B], what is left of each gradient without them, lengths and largest numbers.

        Beside them how far rounding may have moved weights, whether the other network had a gradient when a
        step was made, and how many tensors the parameters are.
        """
        return {
            "weights": np.array(self.weights, dtype=np.float32).reshape(-1, len(self._fixed)),
            "noises": self.noises,
            "elsewhere": self.elsewhere,
            "rests": self.rests,
            "lengths": self.lengths,
            "largest": self.largest,
            "tensors": len(self._parameters()),
        }


@own_only_past_forward
def ask_minibatches(names: Names, question: Data) -> Data:
    """An update with minibatches that divide the rollout, and one with others."""
    return {
        name: Watching(names, question).update("rollout", question["minibatch_sizes"][name], epochs)
        for name, epochs in question["epochs"].items()
    }


@own_only_past_forward
def ask_gradients(names: Names, question: Data) -> Data:
    """An update by the rollout, and one by a rollout of one environment, unless that fails."""
    size, one = question["minibatch_sizes"]["even"], question | {"rollout": question["lane"]}
    of_one, _ = attempt(lambda: Watching(names, one).update("rollout", size))
    return {**Watching(names, question).update("rollout", size), "lane": of_one}


@own_only_past_forward
def ask_clipping(names: Names, question: Data) -> Data:
    """Lengths of gradients and whose terms they are, with a limit that all exceed, and one that none does."""
    limits = {"tight": TIGHT, "wide": UNCLIPPED}
    return {
        name: {
            part: {key: found[key] for key in WATCHED_LENGTHS}
            for part, found in Watching(names, question, max_grad_norm=limit)
            .update("rollout", question["minibatch_sizes"]["even"])
            .items()
            if part in ("actor", "critic")
        }
        for name, limit in limits.items()
    }


@own_only_past_forward
def ask_ratio(names: Names, question: Data) -> Data:
    """Two updates by rollouts of their own, whose steps move both networks.

    Noted before each step are the ratios of new to old probabilities and the values, all [steps, B]; and how
    many steps of both networks came before.
    """
    watching = Watching(names, question, moves=MOVES)
    return {
        rollout: watching.update(rollout, question["minibatch_sizes"]["half"], MOVING_EPOCHS)
        for rollout in ("rollout", "second")
    }


class Watching:
    """A student's trainer between optimizers that are watched.

    Args:
        names: the student's.
        question: holds the rollouts and the networks' weights.
        max_grad_norm: what the trainer is told.
        moves: how far the steps move each network, as `Watched` takes it; not at all if not given.
    """

    def __init__(
        self,
        names: Names,
        question: Data,
        max_grad_norm: float = UNCLIPPED,
        moves: Mapping[str, Sequence[float]] = NO_MOVES,
    ) -> None:
        self._names: Any = names
        self._question = question
        self._moves = any(moves.values())
        self._take("rollout")
        states = question["rollout"]["states"]
        self._actor, self._critic = actor_for(names, question, states), critic_for(names, question, states)
        self._old = self._log_probs()
        self._opts = {
            "actor": Watched(
                trained(self._actor),
                lambda: actor_rows(self._actor, self._states, self._density),
                self._note,
                trained(self._critic),
                moves["actor"],
            ),
            "critic": Watched(
                trained(self._critic),
                lambda: critic_rows(self._critic, self._states),
                self._note,
                trained(self._actor),
                moves["critic"],
            ),
        }
        self._trainer = names["ActorCriticTrainer"](
            self._actor,
            self._critic,
            *self._opts.values(),
            gamma=question["gamma"],
            lam=question["lam"],
            max_grad_norm=max_grad_norm,
        )

    def update(self, name: str, minibatch_size: int, epochs: int = EPOCHS) -> Data:
        """What both optimizers meet in an update by one of the question's rollouts, and the values before."""
        self._take(name)
        self._old = self._log_probs()
        for opt in self._opts.values():
            opt.begin()
        given = self._question[name]
        fields = {**given, "log_probs": self._old.reshape(given["rewards"].shape).astype(np.float32)}
        values = {field: _values(self._critic, given[field]) for field in ("states", "next_states")}
        self._steps = 0
        with overlaid(self._names, self._in_place()):
            self._trainer.update({field: fields[field].copy() for field in FIELDS}, epochs, minibatch_size)
        found: Data = {name: opt.watched() for name, opt in self._opts.items()}
        if self._moves:
            for network, opt in self._opts.items():
                found[network] |= _together(opt.notes, len(self._old))
        return {**found, "values": values["states"], "next_values": values["next_states"]}

    def _in_place(self) -> dict[str, Any]:
        """What stands in for the student's functions while the trainer runs."""
        if TENSORS not in self._question.get("repair", "") or "compute_gae" not in self._names:
            return {}
        compute_gae = self._names["compute_gae"]

        @wraps(compute_gae)
        def of_tensors(*given: Any, **named: Any) -> tuple[torch.Tensor, ...]:
            found = compute_gae(*map(_as_array, given), **{k: _as_array(value) for k, value in named.items()})
            return tuple(torch.as_tensor(part, dtype=torch.float32) for part in found)

        return {"compute_gae": of_tensors}

    def _take(self, name: str) -> None:
        rollout = self._question[name]
        self._rollout = rollout
        self._states = torch.tensor(rollout["states"]).flatten(0, 1)
        self._actions = torch.tensor(rollout["actions"]).flatten(0, 1)

    def _density(self, mean: torch.Tensor, log_std: torch.Tensor) -> torch.Tensor:
        return _log_density(mean, log_std, self._actions)

    def _log_probs(self) -> np.ndarray:
        return array(self._density(*outputs_of(self._actor, self._states)))

    def _note(self) -> Data | None:
        if not self._moves:
            return None
        self._steps += 1
        values, next_values = (
            _values(self._critic, self._rollout[field]).ravel() for field in ("states", "next_states")
        )
        return {
            "before": self._steps - 1,
            "ratios": np.exp(self._log_probs() - self._old),
            "values": values,
            "next_values": next_values,
        }


def _as_array(value: Any) -> Any:
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


def _together(notes: list[Data], size: int) -> Data:
    """Notes of all steps as one table each."""
    return {
        "before": [note["before"] for note in notes],
        **{
            name: np.array([note[name] for note in notes], dtype=np.float32).reshape(-1, size)
            for name in ("ratios", "values", "next_values")
        },
    }


def _log_density(mean: torch.Tensor, log_std: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    """The logarithm of the density of the actions, [B]: a sum over the coordinates of a normal's."""
    deviations = (actions - mean) / log_std.exp()
    return -(deviations.square() / 2 + log_std + np.log(2 * np.pi) / 2).sum(-1)


@torch.no_grad()
def _values(critic: Any, states: np.ndarray) -> np.ndarray:
    return array(outputs_of(critic, torch.tensor(states).flatten(0, 1))).reshape(states.shape[:2])
