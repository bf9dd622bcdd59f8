"""How `ActorNetwork` is asked: the forms, reach and start of mean and log-deviation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from ac_helpers.asking import Data, Names
from ac_helpers.asking.networks import forms, knows_all, leaves_of, parts_of, reach, shake
from ac_helpers.asking.plain import array

MEAN, LOG_STD = 0, 1


def _build(names: Names, question: Data) -> Any:
    return names["ActorNetwork"](
        question["state_dim"], question["action_dim"], hidden_dim=question["hidden_dim"]
    )


def ask_forms(names: Names, question: Data) -> Data:
    """With several coordinates of the action and with one."""
    state_dim, batch = question["state_dim"], question["batch"]
    one = names["ActorNetwork"](state_dim, 1)
    return {
        **forms(_build(names, question), state_dim, batch),
        **{f"one_coordinate_{name}": found for name, found in forms(one, state_dim, batch).items()},
    }


def ask_mean(names: Names, question: Data) -> Data:
    return _reach(names, question, MEAN)


def ask_log_std(names: Names, question: Data) -> Data:
    return _reach(names, question, LOG_STD)


def _reach(names: Names, question: Data, part: int) -> Data:
    coordinate = question["coordinate"]

    def outlet(given: Any) -> torch.Tensor:
        return given[part][..., coordinate]

    return {"curves": reach(_build(names, question), outlet, question["states"])}


def ask_states(names: Names, question: Data) -> Data:
    """Both outputs [B, action_dim] for all states, after a shake; and the sizes of the layers."""
    actor = _build(names, question)
    states = shake(actor, question["states"], question["shake"])
    mean, log_std = parts_of(actor(states))[:2]
    return {
        "mean": array(mean),
        "log_std": array(log_std),
        "registered": knows_all(actor, mean, log_std),
        "sizes": sorted({size for parameter in leaves_of(mean, log_std) for size in parameter.shape}),
    }


def ask_start(names: Names, question: Data) -> Data:
    """Weight matrices and biases of a new network."""
    actor = _build(names, question)
    given = parts_of(actor(torch.tensor(question["states"], dtype=torch.float32)))
    known = {id(parameter) for parameter in actor.parameters()}
    unknown = [("", leaf) for leaf in leaves_of(*given) if id(leaf) not in known]
    weights, biases = [], []
    for name, parameter in [*_parameters(actor), *unknown]:
        if parameter.ndim >= 2 and min(parameter.shape) > 1:
            weights.append(array(parameter.flatten(1)))
        elif "bias" in name or not bool((parameter == parameter.flatten()[0]).all()):
            biases.append(array(parameter).reshape(-1))
    return {"weights": weights, "biases": biases}


def _parameters(network: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """Weights and biases by their names, those of normalisation and activation layers left out.

    A weight that is computed from other parameters counts as what is computed.
    """
    computed = [module for module in network.modules() if hasattr(module, "parametrizations")]
    for module in computed:
        for name in module.parametrizations:  # type: ignore[union-attr]
            yield name, getattr(module, name)
    inner = {id(part) for module in computed for part in module.parametrizations.modules()}  # type: ignore[union-attr]
    for module in network.modules():
        if id(module) not in inner and not isinstance(module, _WITH_DEFAULTS):
            yield from module.named_parameters(recurse=False)


_WITH_DEFAULTS = (
    nn.modules.batchnorm._NormBase,
    nn.LayerNorm,
    nn.GroupNorm,
    nn.RMSNorm,
    nn.PReLU,
)
