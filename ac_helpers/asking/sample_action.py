"""How `sample_action` is asked: in every form of the state, many times over, and with bounds near and far."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.gaussian import actor_for, outputs_of, own_only_past_forward, trained
from ac_helpers.asking.plain import array

PARTS = ("env_action", "action", "log_prob")


@own_only_past_forward
def ask_forms(names: Names, question: Data) -> Data:
    """What comes back for each form of the state, near to bounds, and what the actor says of it.

    The batch as an array is what the notebook itself passes; that another form fails is an answer.
    """
    states = question["states"]
    given: dict[str, Any] = {
        "batch_tensor": torch.tensor(states),
        "batch_of_one": states[:1].copy(),
        "single_array": states[0].copy(),
        "single_tensor": torch.tensor(states[0]),
    }
    asked = {name: partial(_asked, names, question, state) for name, state in given.items()}
    asked["one_coordinate"] = partial(_asked, names, _of_one_coordinate(question), states.copy())
    answer: Data = {"batch_array": _asked(names, question, states.copy())}
    for name, ask in asked.items():
        answer[name], answer[f"{name}_error"] = attempt(ask)
    return answer


def _asked(names: Names, question: Data, state: Any) -> Data:
    actor = actor_for(names, question, question["states"])
    parts = _sampled(names, actor, state, *question["bounds"]["near"])
    return {"parts": [array(part) for part in parts], **policy_of(actor, np.array(state))}


def _of_one_coordinate(question: Data) -> Data:
    weights = {name: values[:1] for name, values in question["weights"].items()}
    bounds = {name: [bound[:1] for bound in both] for name, both in question["bounds"].items()}
    return question | {"weights": weights, "bounds": bounds}


def _sampled(names: Names, actor: Any, state: Any, low: np.ndarray, high: np.ndarray) -> tuple[Any, ...]:
    return tuple(names["sample_action"](actor, state, low.copy(), high.copy()))[:4]


@own_only_past_forward
def ask_far(names: Names, question: Data) -> Data:
    """Many actions, none of which gets to the bounds."""
    return _ask_often(names, question, "far")


@own_only_past_forward
def ask_near(names: Names, question: Data) -> Data:
    """Actions of which many are out of bounds, and a few with bounds that none gets to."""
    far = _ask_often(names, question | {"calls": FEW_CALLS}, "far")
    return {**_ask_often(names, question, "near"), "far": far}


FEW_CALLS = 4


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
    mean, log_std = outputs_of(actor, torch.tensor(states, dtype=torch.float32))
    return {"mean": array(mean), "log_std": array(log_std)}


@own_only_past_forward
def ask_gradient(names: Names, question: Data) -> Data:
    """Which of the results still hang on the network, and what has been left behind for what comes later."""
    actor = actor_for(names, question, question["states"])
    seed, before = torch.initial_seed(), [*map(id, trained(actor))]
    batch, *others = (partial(_sampled, names, actor, form) for form in _forms(question["states"]))
    bounds = question["bounds"]["far"]
    try:
        found = [batch(*bounds)]
        # That another form fails is asked elsewhere.
        found += [parts for form in others if (parts := attempt(partial(form, *bounds))[0]) is not None]
        still_on = torch.is_grad_enabled() and [*map(id, trained(actor))] == before
        seeds_kept = [_keeps_seeds(partial(form, *bounds)) for form in (batch, *others)]
    finally:
        torch.set_grad_enabled(True)
    by_part = zip(PARTS, zip(*found, strict=False), strict=False)
    return {
        **{name: any(map(_requires_grad, parts)) for name, parts in by_part},
        "gradients_on": still_on,
        "seed_kept": torch.initial_seed() == seed and all(seeds_kept),
    }


def _forms(states: np.ndarray) -> tuple[Any, ...]:
    """The states as a batch and the first of them alone, as arrays and as tensors."""
    return states.copy(), states[0].copy(), torch.tensor(states), torch.tensor(states[0])


def _keeps_seeds(call: Callable[[], Any]) -> bool:
    """Whether the generators of numpy and Python are not started anew by a call."""
    generators = [_after(started, call) for started in (1, 2)]
    return all(one != other for one, other in zip(*generators, strict=True))


def _after(started: int, call: Callable[[], Any]) -> tuple[str, str]:
    """The states of the generators of numpy and Python after a call; they have been started before it."""
    np.random.seed(started)
    random.seed(started)
    attempt(call)
    return str(np.random.get_state(legacy=False)), str(random.getstate())


def _requires_grad(part: Any) -> bool:
    return isinstance(part, torch.Tensor) and bool(part.requires_grad)
