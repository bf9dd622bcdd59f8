"""What the questions about a student's networks share: their forms, their reach, and a shake.

The architecture is free, so nothing is asked by name: parameters are moved one tensor at a time along the
gradient of an output. Along one of them, the last linear layer's, whatever stands before the final squashing
or clamping grows in a straight line, and the output shows what squashes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data
from ac_helpers.asking.building import attempt
from ac_helpers.asking.plain import array, kind_of

STEPS = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 1e3, 1e4)
"""How far parameters are moved either way, in units of what a straight line would add to the output."""

GRID = (*(-step for step in reversed(STEPS)), 0.0, *STEPS)

MOST = 64
"""So many tensors of parameters are moved, the last ones: nobody's last layer is farther from the end."""

Outlet = Callable[[Any], torch.Tensor]
"""Takes one tensor from what a network gives."""


def parts_of(given: Any) -> list[Any]:
    """What a network gave, as a list: of one where it is no tuple."""
    return list(given)[:4] if isinstance(given, tuple | list) else [given]


def forms(network: Any, state_dim: int, batch: int) -> Data:
    """The shapes of what a network gives for a batch, for a batch of one and for a single state.

    A batch that fails raises; that one of the other forms does is an answer.
    """
    given = parts_of(network(_states((batch, state_dim))))
    answer: Data = {"kinds": [kind_of(part).split()[0] for part in given], "batch": _shapes(given)}
    for form, shape in (("batch_of_one", (1, state_dim)), ("single", (state_dim,))):
        found, error = attempt(partial(network, _states(shape)))
        answer[form] = None if error else _shapes(parts_of(found))
        answer[f"{form}_error"] = error
    return answer


def _states(shape: tuple[int, ...]) -> torch.Tensor:
    return torch.linspace(-1, 1, int(np.prod(shape))).reshape(shape)


def _shapes(parts: Sequence[Any]) -> list[list[int]]:
    return [list(array(part).shape) for part in parts]


def reach(network: Any, outlet: Outlet, states: np.ndarray) -> np.ndarray:
    """Curves [parameters, len(GRID)] of an output while one tensor of parameters is moved at a time.

    Args:
        network: takes states [B, state_dim].
        outlet: gives the outputs for the states, [B] or without axes, from what the network gives; the one
            nearest to zero is looked at, for it stands at no bound.
        states: a batch.
    """
    given = torch.tensor(states, dtype=torch.float32)
    outlet(network(given))  # lazy layers get their sizes
    outputs = outlet(network(given)).reshape(-1)
    middle = int(outputs.detach().abs().argmin())
    output = outputs[middle]
    trained = leaves_of(output)[-MOST:]
    slopes = torch.autograd.grad(output, trained, allow_unused=True) if trained else ()
    curves = [
        _curve(lambda: float(outlet(network(given)).reshape(-1)[middle]), parameter, slope)
        for parameter, slope in zip(trained, slopes, strict=True)
        if slope is not None and bool(slope.any())
    ]
    return np.array(curves).reshape(-1, len(GRID))


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


@torch.no_grad()
def _curve(number: Callable[[], float], parameter: torch.Tensor, slope: torch.Tensor) -> list[float]:
    start, direction = parameter.detach().clone(), slope / slope.square().sum()
    try:
        curve = []
        for step in GRID:
            parameter.copy_(start + step * direction)
            curve.append(number())
        return curve
    finally:
        parameter.copy_(start)


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
