"""What the questions about a student's networks share: their forms, what they are made of, and a shake.

The architecture is free, so nothing is asked by name.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data
from ac_helpers.asking.building import attempt
from ac_helpers.asking.plain import array, kind_of

HALVINGS = 12
"""So often parameters are halved to bring an output that is beyond its bounds at the start back to them."""

INSIDE = 0.75
"""An output so near to zero is at no bound."""

ROWS = 4
"""So many states are asked about alone, too."""


def parts_of(given: Any) -> list[Any]:
    """What a network gave, as a list: of one where it is no tuple."""
    return list(given)[:4] if isinstance(given, tuple | list) else [given]


def forms(network: Any, state_dim: int, batch: int) -> Data:
    """The shapes of what a network gives for a batch, for a batch of one and for a single state.

    A batch that fails raises; that one of the other forms does is an answer.
    """
    given = network(_states((batch, state_dim)))
    answer: Data = {"kinds": _kinds(given), "batch": _shapes(parts_of(given))}
    for form, shape in (("batch_of_one", (1, state_dim)), ("single", (state_dim,))):
        found, error = attempt(partial(network, _states(shape)))
        answer[form] = None if error else _shapes(parts_of(found))
        answer[f"{form}_error"] = error
    return answer


def _kinds(given: Any) -> list[str]:
    """What kinds of objects a network gave; a tuple of one, as a comma too many makes it, is not that one."""
    kinds = [kind_of(part).split()[0] for part in parts_of(given)]
    return ["tuple"] if isinstance(given, tuple | list) and len(kinds) == 1 else kinds


def _states(shape: tuple[int, ...]) -> torch.Tensor:
    return torch.linspace(-1, 1, int(np.prod(shape))).reshape(shape)


def _shapes(parts: Sequence[Any]) -> list[list[int]]:
    return [list(array(part).shape) for part in parts]


def leaves_of(*outputs: torch.Tensor) -> list[torch.Tensor]:
    """The tensors that outputs have a gradient in, known to a network or not; those far back first."""
    found: list[torch.Tensor] = []
    seen, ahead = set(), [output.grad_fn for output in outputs]
    while ahead:
        function = ahead.pop(0)
        if function is None or function in seen:
            continue
        seen.add(function)
        if hasattr(function, "variable"):
            found.append(function.variable)
        ahead += [earlier for earlier, _ in function.next_functions]
    return found[::-1]


def knows_all(network: Any, *outputs: torch.Tensor) -> bool:
    """Whether everything that outputs have a gradient in is a parameter of the network."""
    known = {id(parameter) for parameter in network.parameters()}
    return all(id(leaf) in known for leaf in leaves_of(*outputs))


def trains_all(network: Any, *outputs: torch.Tensor) -> bool:
    """Whether outputs have a gradient in every parameter of the network that wants one."""
    found = {id(leaf) for leaf in leaves_of(*outputs)}
    return all(id(parameter) in found for parameter in network.parameters() if parameter.requires_grad)


def copied_and_asked(network: Any, states: torch.Tensor) -> list[np.ndarray]:
    """What a copy of a network gives, which leaves no trace in it; nothing where it cannot be copied."""
    found, failure = attempt(lambda: [array(part) for part in parts_of(copy.deepcopy(network)(states))])
    return found if found is not None and not failure else []


def dependence(network: Any, states: torch.Tensor, seed: int) -> Data:
    """What outputs, two at most, hang on: the states, each for itself, and the network's parameters.

    Args:
        network: a student's.
        states: a batch [B, state_dim].
        seed: of the moves of parameters.
    """
    again = copied_and_asked(network, states)
    outputs = parts_of(network(states))[:2]
    return {
        "outputs": [array(output) for output in outputs],
        "again": again,
        "changes": _changes(network, states),
        "company": in_company(network, states),
        "has_gradient": all(output.requires_grad for output in outputs),
        "registered": knows_all(network, *outputs),
        "all_trained": trains_all(network, *outputs),
        "moved": together(network, states, seed),
        "sizes": sorted({size for leaf in leaves_of(*outputs) for size in leaf.shape}),
    }


def settle(network: Any, states: torch.Tensor) -> None:
    """Halves all parameters until each column of each output is inside its bounds for some state.

    Where that does not help they are left as they were.
    """
    given = [part for part in parts_of(network(states)) if part.requires_grad]
    leaves = leaves_of(*given)
    start = [leaf.detach().clone() for leaf in leaves]
    with torch.no_grad():
        for _ in range(HALVINGS):
            if all(map(_is_inside, parts_of(network(states)))):
                return
            for leaf in leaves:
                leaf.mul_(0.5)
        for leaf, values in zip(leaves, start, strict=True):
            leaf.copy_(values)


def _is_inside(outputs: torch.Tensor) -> bool:
    return bool((outputs.abs().reshape(len(outputs), -1).amin(0) <= INSIDE).all())


@torch.no_grad()
def _changes(network: Any, states: torch.Tensor) -> list[float]:
    """By how much the outputs change at most where one number of every second state does, for each of these.

    Who takes the mean of the batch away does not see what all states do together.
    """
    before = parts_of(network(states))
    every_second = (torch.arange(len(states)) % 2).unsqueeze(-1)
    return [
        max(float((now - was).abs().max()) for now, was in zip(parts_of(network(moved)), before, strict=True))
        for moved in (states + every_second * one for one in torch.eye(states.shape[-1]))
    ]


COMPANIES = ("batch", "pair", "single")


@torch.no_grad()
def in_company(network: Any, states: torch.Tensor) -> Data:
    """What a network gives for a few states: within the batch, in front of another one, and alone.

    Normalisation layers are asked in the mode in which they keep their numbers. Each is a list of outputs
    [ROWS, ...]; nothing at all where one of the forms fails, which is another question's.
    """
    was_training = network.training
    network.eval()
    try:
        found, failure = attempt(partial(_in_company, network, states))
    finally:
        network.train(was_training)
    return found if found is not None and not failure else {}


def _in_company(network: Any, states: torch.Tensor) -> Data:
    rows = range(ROWS)
    pairs = [[part[0] for part in parts_of(network(states[[row, row - 1]]))] for row in rows]
    singles = [parts_of(network(states[row])) for row in rows]
    return {
        "batch": [array(part)[:ROWS] for part in parts_of(network(states))],
        "pair": _stacked(pairs),
        "single": _stacked(singles),
    }


def _stacked(given: Sequence[Sequence[torch.Tensor]]) -> list[np.ndarray]:
    return [np.stack([array(value) for value in of_part]) for of_part in zip(*given, strict=True)]


@torch.no_grad()
def together(network: Any, states: torch.Tensor, seed: int, size: float = 0.02) -> np.ndarray:
    """The outputs, side by side, after none, one, the other and both of two random moves, [4, B, ...].

    What is moved is what they have a gradient in, and is put back. Where only a last linear layer is
    trained the moves add up.
    """
    with torch.enable_grad():
        leaves = leaves_of(*[part for part in parts_of(network(states)) if part.requires_grad])
    start = [leaf.detach().clone() for leaf in leaves]
    generator = torch.Generator().manual_seed(seed)
    moves = [
        [size * torch.randn(leaf.shape, generator=generator).to(leaf.dtype) for leaf in leaves]
        for _ in range(2)
    ]
    found = []
    for one, other in ((0, 0), (1, 0), (0, 1), (1, 1)):
        for leaf, values, first, second in zip(leaves, start, *moves, strict=True):
            leaf.copy_(values + one * first + other * second)
        found.append(np.concatenate([array(part) for part in parts_of(network(states))[:2]], axis=-1))
    for leaf, values in zip(leaves, start, strict=True):
        leaf.copy_(values)
    return np.stack(found)


@torch.no_grad()
def shake(network: Any, states: np.ndarray, seed: int, size: float = 0.1) -> torch.Tensor:
    """Moves all parameters a little, so that layers which start at zero tell states apart; gives the states.

    What a weight is computed from is left alone: it need not be free to move.
    """
    given = torch.tensor(states, dtype=torch.float32)
    network(given)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        if "parametrizations." not in name:
            parameter.add_(size * torch.randn(parameter.shape, generator=generator).to(parameter.dtype))
    return given
