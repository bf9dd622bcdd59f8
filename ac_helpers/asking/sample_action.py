"""How `sample_action` is asked: in every form of the state, many times over, and with bounds near and far."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.gaussian import actor_for
from ac_helpers.asking.plain import array

PARTS = ("env_action", "action", "log_prob")


def ask_forms(names: Names, question: Data) -> Data:
    """The shapes of the three results for a batch and a single state, as array and as tensor.

    The batch as an array is what the notebook itself passes; that another form fails is an answer.
    """
    actor = actor_for(names, question, question["states"])
    low, high = question["bounds"]["far"]
    states = question["states"]
    answer: Data = {"batch_array": _shapes(_sampled(names, actor, states.copy(), low, high))}
    others = {
        "batch_tensor": torch.tensor(states),
        "single_array": states[0].copy(),
        "single_tensor": torch.tensor(states[0]),
    }
    for name, state in others.items():
        found, error = attempt(partial(_sampled, names, actor, state, low, high))
        answer[name] = None if found is None else _shapes(found)
        answer[f"{name}_error"] = error
    return answer


def _sampled(names: Names, actor: Any, state: Any, low: np.ndarray, high: np.ndarray) -> tuple[Any, ...]:
    return tuple(names["sample_action"](actor, state, low.copy(), high.copy()))[:4]


def _shapes(parts: tuple[Any, ...]) -> list[list[int]]:
    return [list(array(part).shape) for part in parts]


def ask_far(names: Names, question: Data) -> Data:
    """Many actions, none of which gets to the bounds."""
    return _ask_often(names, question, "far")


def ask_near(names: Names, question: Data) -> Data:
    """Actions of which many are out of bounds."""
    return _ask_often(names, question, "near")


def _ask_often(names: Names, question: Data, bounds: str) -> Data:
    states = question["states"]
    actor = actor_for(names, question, states)
    low, high = question["bounds"][bounds]
    drawn = [_sampled(names, actor, states.copy(), low, high) for _ in range(question["calls"])]
    found = {name: np.array([array(parts[i]) for parts in drawn]) for i, name in enumerate(PARTS)}
    return {**found, **policy_of(actor, states)}


@torch.no_grad()
def policy_of(actor: Any, states: np.ndarray) -> Data:
    """What the actor itself says of the states [..., state_dim]: mean and logarithm of the deviation."""
    mean, log_std = actor(torch.tensor(states, dtype=torch.float32))
    return {"mean": array(mean), "log_std": array(log_std)}


def ask_gradient(names: Names, question: Data) -> Data:
    """Which of the results still hang on the network."""
    actor = actor_for(names, question, question["states"])
    parts = _sampled(names, actor, question["states"].copy(), *question["bounds"]["far"])
    return {name: _requires_grad(part) for name, part in zip(PARTS, parts, strict=False)}


def _requires_grad(part: Any) -> bool:
    return isinstance(part, torch.Tensor) and bool(part.requires_grad)
