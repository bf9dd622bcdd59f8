"""How `ActorNetwork` is asked: the forms, reach and start of mean and log-deviation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import torch
from torch import nn

from ac_helpers.asking import Data, Names
from ac_helpers.asking.networks import dependence, forms, leaves_of, parts_of, settle, shake
from ac_helpers.asking.plain import array
from ac_helpers.asking.reaching import edges, reach, slopes_of
from ac_helpers.asking.roles import ADDED, roles_of


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
    return reach(_build(names, question), _MEAN, question["states"])


def ask_log_std(names: Names, question: Data) -> Data:
    states = question["states"]
    return {
        **reach(_build(names, question), _LOG_STD, states),
        "edges": edges(_build(names, question), _LOG_STD, states),
    }


_MEAN, _LOG_STD = itemgetter(0), itemgetter(1)


def ask_states(names: Names, question: Data) -> Data:
    """What mean and log-deviation hang on, for all states, after a shake."""
    actor = _build(names, question)
    settle(actor, torch.tensor(question["states"], dtype=torch.float32))
    states = shake(actor, question["states"], question["shake"])
    return dependence(actor, states, question["shake"]) | {"pulled": _pulled(actor, states)}


def _pulled(actor: Any, states: torch.Tensor) -> list[bool]:
    """Whether a gradient gets through to something that makes each coordinate of the log-deviation."""
    _, log_std, *_ = *parts_of(actor(states)), torch.zeros(1)
    leaves, columns = leaves_of(log_std), torch.atleast_2d(log_std).unbind(-1)
    return [
        bool(leaves) and any(slope is not None for slope in slopes_of(column.sum(), leaves))
        for column in columns
    ]


def ask_start(names: Names, question: Data) -> Data:
    """Weight matrices and biases of a new network."""
    actor = _build(names, question)
    states = torch.tensor(question["states"], dtype=torch.float32, requires_grad=True)
    given = parts_of(actor(states))
    known = {id(parameter) for parameter in actor.parameters()} | {id(states)}
    unknown = [("", leaf) for leaf in leaves_of(*given) if id(leaf) not in known]
    apart = _of_constant(given, states)
    found = [(name, part) for name, part in (*_parameters(actor), *unknown) if id(part) not in apart]
    roles = roles_of(*given)
    is_bias = {id(part): _is_bias(name, part, roles.get(id(part))) for name, part in found}
    return {
        "weights": [array(part) for _, part in found if _is_matrix(part) and not is_bias[id(part)]],
        "biases": [array(part).reshape(-1) for _, part in found if is_bias[id(part)]],
        "norms": [array(part).reshape(-1) - default for part, default in _of_norms(actor)],
    }


def _of_norms(network: nn.Module) -> Iterator[tuple[torch.Tensor, float]]:
    """Weights and biases of normalisation layers, and what these have by default."""
    for module in network.modules():
        if isinstance(module, _NORMS):
            for name, default in (("weight", 1.0), ("bias", 0.0)):
                if isinstance(part := getattr(module, name, None), torch.Tensor):
                    yield part, default


def _of_constant(given: list[torch.Tensor], states: torch.Tensor) -> set[int]:
    """What makes a log-deviation that hangs on no state: it is wrong already, however it starts."""
    leaves = [{id(leaf) for leaf in leaves_of(part)} for part in given]
    if len(leaves) < 2 or id(states) not in leaves[0] or id(states) in leaves[1]:
        return set()
    return leaves[1] - leaves[0]


_BIAS, _SHORT = re.compile("bias"), re.compile(r"(^|_)b(_|\d|$)")
"""What is in the names of biases, and what may be short for it or mean something else."""


def _is_matrix(parameter: torch.Tensor) -> bool:
    """Whether there is more than one row; a single one is a vector that has an axis too many."""
    return sum(size > 1 for size in parameter.shape) > 1


def _is_bias(name: str, parameter: torch.Tensor, role: str | None) -> bool:
    """Whether something is added, as its name says, or how it is used where it is a vector.

    Where neither tells: factors are above zero, and those that nobody has drawn at random are all alike.
    """
    is_called_so, may_be_called_so = (pattern.search(name) is not None for pattern in (_BIAS, _SHORT))
    if _is_matrix(parameter):
        return (is_called_so or may_be_called_so) and not bool(parameter.any())
    values = parameter.detach().reshape(-1)
    is_factor = bool((values > 0).all()) or bool((values == values[0]).all())
    return is_called_so or role == ADDED or (role is None and (may_be_called_so or not is_factor))


def _parameters(network: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """What is trained, by names; but for the layers that keep their defaults.

    A weight that is computed from other parameters counts as what is computed.
    """
    computed = [module for module in network.modules() if hasattr(module, "parametrizations")]
    for module in computed:
        for name in module.parametrizations:  # type: ignore[union-attr]
            yield name, getattr(module, name)
    inner = {id(part) for module in computed for part in module.parametrizations.modules()}  # type: ignore[union-attr]
    for module in network.modules():
        if id(module) not in inner and not isinstance(module, _WITH_DEFAULTS):
            yield from _of_module(module)


def _of_module(module: nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    """The parameters of one module itself; for those of weight_norm and spectral_norm what they give."""
    computed: set[str] = set()
    for name, parameter in module.named_parameters(recurse=False):
        base, _, part = name.rpartition("_")
        if part in ("g", "v", "orig") and isinstance(getattr(module, base, None), torch.Tensor):
            if base not in computed:
                computed.add(base)
                yield base, getattr(module, base)
        elif parameter.requires_grad:
            yield name, parameter


_NORMS = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)

_WITH_DEFAULTS = (*_NORMS, nn.PReLU)
