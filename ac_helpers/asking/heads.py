"""What goes into and comes out of a network's two heads, whatever the network is made of.

Forward hooks on `actor_head` and `critic_head` see every call, whoever makes it: `forward`, `evaluate`, a
helper method of the model, or an agent that calls a head itself. From them follow the gradients with respect
to the logits and the values of single states, which are comparable between networks of any architecture.

Who works with the parameters alone (`functional_call`, `vmap`, `F.linear`) calls no head. Where a head has
enough parameters, the same gradients follow from those of its parameters and the Jacobian of what it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.asking.plain import NotPlain, array

BODY, ACTOR, CRITIC = PARTS = ("net", "actor_head", "critic_head")
HEADS = (ACTOR, CRITIC)
LOGITS, PROBABILITIES, LOG_PROBABILITIES = "logits", "probabilities", "log-probabilities"

REPEATS, PASSES = 400, 50
"""How often a state is asked at once, and how many times that, to see every action of a policy that is only
seen by its samples: one with probability 1/800 is missing with probability (799/800)^20000 < 1e-10."""

RANK = 1e-6
"""Singular values below this share of the largest are those of rounding."""


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


def parameters_of(part: nn.Module | nn.Parameter) -> list[nn.Parameter]:
    """Those of a module; a part may also be a parameter itself."""
    return [part] if isinstance(part, nn.Parameter) else list(part.parameters())


def parameters_by_part(model: Any) -> dict[str, list[nn.Parameter]]:
    """Those of the body and of both heads; a body that is no module is everything beside the heads."""
    parts = {name: getattr(model, name) for name in PARTS}
    return {
        name: parameters_of(part) if isinstance(part, nn.Module | nn.Parameter) else beside_the_heads(model)
        for name, part in parts.items()
    }


def that_can_learn(model: Any) -> dict[str, int]:
    """How many parameters of each part want a gradient."""
    return {
        part: sum(parameter.requires_grad for parameter in own)
        for part, own in parameters_by_part(model).items()
    }


def own_parameters(model: Any) -> tuple[list[nn.Parameter], ...]:
    """Those of either head that are not the other's as well; both may be rows of one layer."""
    of_heads = [parameters_of(getattr(model, head)) for head in HEADS]
    taken = [{id(parameter) for parameter in parameters} for parameters in reversed(of_heads)]
    return tuple(
        [parameter for parameter in parameters if id(parameter) not in others]
        for parameters, others in zip(of_heads, taken, strict=True)
    )


def beside_the_heads(model: Any) -> list[nn.Parameter]:
    """The parameters of a model that belong to neither head."""
    in_heads = {id(parameter) for head in HEADS for parameter in parameters_of(getattr(model, head))}
    return [parameter for parameter in model.parameters() if id(parameter) not in in_heads]


@contextmanager
def listening(module: nn.Module | nn.Parameter) -> Iterator[Calls]:
    """Notes the calls of a module inside the block; a parameter is never called."""
    calls = Calls()
    if isinstance(module, nn.Parameter):
        yield calls
        return
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
        self._features = {head: _features(model, head, states) for head in HEADS}
        self._calls: dict[str, Calls] = {}

    @contextmanager
    def listening(self) -> Iterator[Heads]:
        """Notes what the heads are asked inside the block."""
        with listening(self.model.actor_head) as actor, listening(self.model.critic_head) as critic:
            self._calls = {ACTOR: actor, CRITIC: critic}
            yield self

    def gradients(self) -> dict[str, np.ndarray]:
        """d loss / d logits and d loss / d Q, both [S, n], after `backward`; zeros where none arrived."""
        return {
            "logit_gradient": self._gradient(ACTOR),
            "q_gradient": self._gradient(CRITIC),
        }

    def body_moves(self) -> bool:
        """Whether any parameter outside the heads has got a gradient."""
        body = beside_the_heads(self.model)
        return any(parameter.grad is not None and bool(parameter.grad.any()) for parameter in body)

    def _gradient(self, head: str) -> np.ndarray:
        calls = zip(self._calls[head].features, self._calls[head].rows, strict=True)
        reached = [(features, rows, rows.grad) for features, rows in calls if rows.grad is not None]
        known = self._features[head]
        if known is None or not reached:
            return self._gradient_of_parameters(head)
        total = np.zeros((len(known), reached[0][1].shape[-1]))
        for features, rows, gradient in reached:
            if head == ACTOR:
                gradient = _to_logits(rows.detach(), gradient)
            places = _nearest(array(features).reshape(-1, known.shape[1]), known)
            np.add.at(total, places, array(gradient).reshape(len(places), -1))
        return total

    def _gradient_of_parameters(self, head: str) -> np.ndarray:
        """The gradient [S, n] at the outlet of a head from those of its parameters.

        With the Jacobian J [S * n, P] of the outlet it is the g of dL/dparameters = J^T g. For
        log-probabilities many g do, because they depend on each other; as a gradient of logits all are one.
        """
        parameters = parameters_of(getattr(self.model, head))
        gradients = [parameter.grad for parameter in parameters]
        rows = outlet(self.model, head, self._states)
        if all(gradient is None or not gradient.any() for gradient in gradients):
            return np.zeros(rows.shape)
        slopes, flat = jacobian(rows, parameters), flattened(gradients, parameters)
        found = np.linalg.lstsq(slopes.T, flat, rcond=RANK)[0]
        if np.abs(slopes.T @ found - flat).max() > 1e-3 * np.abs(flat).max():
            return np.zeros(rows.shape)
        found = torch.tensor(found.reshape(rows.shape))
        return array(_to_logits(rows.detach().double(), found) if head == ACTOR else found)


def _features(model: Any, head: str, states: torch.Tensor) -> np.ndarray | None:
    """What the head gets [S, width] for the states; None where it is not called."""
    with listening(getattr(model, head)) as calls:
        _ask(model, head, states)
    return array(calls.features[-1]).reshape(len(states), -1) if calls.rows else None


def _ask(model: Any, head: str, states: torch.Tensor) -> Any:
    """Makes the model use the head."""
    states = as_the_network(model, states)
    return model(states) if head == ACTOR else model.evaluate(states)


def outlet(model: Any, head: str, states: torch.Tensor) -> torch.Tensor:
    """Log-probabilities or values [S, n] that the model gives for the states, with their graph.

    Raises:
        NotPlain: of a policy that is only seen by its samples, one action never came.
    """
    if head == CRITIC:
        return _ask(model, head, states)
    with listening(model.actor_head) as calls:
        _ask(model, head, states)
    return log_probabilities(calls.rows[-1]) if calls.rows else _log_probs_of_samples(model, states)


def _log_probs_of_samples(model: Any, states: torch.Tensor) -> torch.Tensor:
    n_actions = model.evaluate(as_the_network(model, states)).shape[-1]
    places = [(state, action) for state in range(len(states)) for action in range(n_actions)]
    found: dict[tuple[int, int], torch.Tensor] = {}
    repeated = as_the_network(model, states.repeat_interleave(REPEATS, 0))
    for _ in range(PASSES):
        actions, log_probs, _ = (part.reshape(len(states), REPEATS) for part in model(repeated))
        for state, action in places:
            taken = (actions[state] == action).nonzero()
            if len(taken):
                found.setdefault((state, action), log_probs[state, taken[0, 0]])
        if len(found) == len(places):
            return torch.stack([found[place] for place in places]).reshape(len(states), n_actions)
    raise NotPlain("own_network")


def jacobian(rows: torch.Tensor, parameters: Sequence[torch.Tensor]) -> np.ndarray:
    """The derivatives [S * n, P] of rows [S, n] with respect to all numbers of the parameters, in float64.

    All rows at once, which is several times as fast, where every step of the way back can be taken so.
    """
    flat = rows.reshape(-1)
    try:
        each = torch.eye(len(flat), dtype=flat.dtype)
        found = _slopes(flat, parameters, grad_outputs=each, is_grads_batched=True)
        parts = [
            torch.zeros(len(flat), *p.shape) if g is None else g
            for g, p in zip(found, parameters, strict=True)
        ]
        return np.concatenate([array(part).astype(float).reshape(len(flat), -1) for part in parts], axis=1)
    except RuntimeError:
        return np.stack([flattened(_slopes(row, parameters), parameters) for row in flat])


def _slopes(
    outputs: torch.Tensor, parameters: Sequence[torch.Tensor], **how: Any
) -> tuple[torch.Tensor | None, ...]:
    return torch.autograd.grad(outputs, parameters, retain_graph=True, allow_unused=True, **how)


def flattened(gradients: Iterable[torch.Tensor | None], parameters: Sequence[torch.Tensor]) -> np.ndarray:
    """Gradients as one float64 vector [P]; zeros for those that are missing."""
    pairs = zip(gradients, parameters, strict=True)
    return np.concatenate([array(p * 0 if g is None else g).astype(float).reshape(-1) for g, p in pairs])


def as_the_network(model: Any, states: torch.Tensor) -> torch.Tensor:
    """States in the network's own precision: an agent may have turned it, and all it feeds it, to float64."""
    parameter = next(iter(model.parameters()), states)
    return states.to(parameter.dtype) if parameter.dtype.is_floating_point else states


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
