"""How `actor_critic_losses` is asked: values, and the gradient that reaches each of its inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.plain import array, kind_of

INPUTS = ("log_probs", "old_log_probs", "advantages", "values", "returns")


def ask_actor(names: Names, question: Data) -> Data:
    return _described(_losses(names, _inputs(question))[0])


def ask_critic(names: Names, question: Data) -> Data:
    return _described(_losses(names, _inputs(question))[1])


def ask_clip_ratio(names: Names, question: Data) -> Data:
    """The actor's loss with other clip ratios than the default."""
    found = {}
    for name, clip_ratio in question["clip_ratios"].items():
        losses = names["actor_critic_losses"](*_inputs(question).values(), clip_ratio)
        found[name] = array(next(iter(losses)))
    return found


def ask_clipping(names: Names, question: Data) -> Data:
    """The actor's loss and its gradient in the log-probabilities, where some ratios are out of range."""
    inputs = _inputs(question)
    inputs["log_probs"].requires_grad_()
    loss = _losses(names, inputs)[0]
    return {"loss": array(loss), "gradient": _gradients(loss, inputs, ("log_probs",))["log_probs"]}


def ask_gradient(names: Names, question: Data) -> Data:
    """The actor's where log-probabilities and old ones are the same tensor, and the critic's."""
    inputs = _inputs(question)
    inputs["log_probs"].requires_grad_()
    inputs["values"].requires_grad_()
    alike = {**inputs, "old_log_probs": inputs["log_probs"]}
    actor_loss = _losses(names, alike)[0]
    critic_loss = _losses(names, inputs)[1]
    return {
        "log_probs": _gradients(actor_loss, alike, ("log_probs",))["log_probs"],
        "values": _gradients(critic_loss, inputs, ("values",))["values"],
    }


def ask_stops(names: Names, question: Data) -> Data:
    """Which inputs get a gradient where all of them could."""
    inputs = _inputs(question)
    for tensor in inputs.values():
        tensor.requires_grad_()
    actor_loss, critic_loss = _losses(names, inputs)
    reached = _gradients(actor_loss.sum() + critic_loss.sum(), inputs, INPUTS)
    return {name: bool(gradient.any()) for name, gradient in reached.items()}


def _inputs(question: Data) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(question[name], dtype=torch.float32) for name in INPUTS}


def _losses(names: Names, inputs: dict[str, torch.Tensor]) -> tuple[Any, Any]:
    actor_loss, critic_loss = names["actor_critic_losses"](*(inputs[name] for name in INPUTS))
    return actor_loss, critic_loss


def _described(loss: Any) -> Data:
    return {"kind": kind_of(loss).split()[0], "loss": array(loss)}


def _gradients(loss: Any, inputs: dict[str, torch.Tensor], wanted: tuple[str, ...]) -> Data:
    """The gradient of a loss in these inputs, zeros where none gets to or an input was cut off for good."""
    found = {name: np.zeros(tuple(inputs[name].shape), np.float32) for name in wanted}
    asked = [name for name in wanted if inputs[name].requires_grad]
    if asked and isinstance(loss, torch.Tensor) and loss.requires_grad:
        gradients = torch.autograd.grad(loss.sum(), [inputs[name] for name in asked], allow_unused=True)
        for name, gradient in zip(asked, gradients, strict=True):
            found[name] = found[name] if gradient is None else array(gradient)
    return found
