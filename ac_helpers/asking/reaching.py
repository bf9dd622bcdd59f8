"""How far the outputs of a student's network get, and by what way.

Parameters are moved along the gradients of the outputs. Along one tensor of them, the last linear layer's,
whatever stands before the final squashing or clamping grows in a straight line, and the output shows what
squashes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data
from ac_helpers.asking.networks import leaves_of, settle
from ac_helpers.asking.plain import array

SCALES = (1.0, 0.1, 0.01)
"""States are asked at these scales: large layers saturate at the first, others say too little at the last."""

STEPS = (0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 1e3, 1e4)
"""How far parameters are moved either way, in units of what a straight line would add to the output."""

GRID = (*(-step for step in reversed(STEPS)), 0.0, *STEPS)

MOST = 64
"""So many tensors of parameters are moved, the last ones: nobody's last layer is farther from the end."""

LEVELS = (2e-3, 2e-4)
"""How near to a bound its edge is looked at, in parts of the way there from the start."""

BISECTIONS = 28

CLIMBS = 4.0 ** np.arange(16)
"""By how much more a climb gets on, step by step."""

TRIED = 6
"""Of so many tensors of parameters, the last ones, the best is moved."""

Outlet = Callable[[Any], torch.Tensor]
"""Takes one output [B, n] or [B] from what a network gives."""


@dataclass
class Columns:
    """The columns of an output, each for the state for which it is nearest to zero: there it is at no bound.

    Attributes:
        network: a student's.
        outlet: gives the output.
        states: at all scales.
        rows: for each column the number of its state.
    """

    network: Any
    outlet: Outlet
    states: torch.Tensor
    rows: torch.Tensor

    @classmethod
    def of(cls, network: Any, outlet: Outlet, states: np.ndarray) -> Columns:
        given = _at_all_scales(states)
        network(given)  # lazy layers get their sizes
        settle(network, given)
        return cls(network, outlet, given, _table(outlet(network(given))).detach().abs().argmin(0))

    def __call__(self) -> torch.Tensor:
        """The numbers, one for each column."""
        outputs = _table(self.outlet(self.network(self.states)))
        return outputs[self.rows, torch.arange(outputs.shape[1])]


def _table(outputs: torch.Tensor) -> torch.Tensor:
    return outputs.reshape(len(outputs), -1)


@dataclass
class Line:
    """A tensor of parameters and the way [columns] times its own shape along which each column grows by 1."""

    parameter: torch.Tensor
    ways: torch.Tensor

    @torch.no_grad()
    def at(self, columns: Columns, steps: np.ndarray) -> np.ndarray:
        """The numbers of all columns after a step of each; the parameter is put back."""
        start = self.parameter.detach().clone()
        step = torch.tensor(steps, dtype=self.ways.dtype).reshape(-1, *[1] * start.ndim)
        try:
            self.parameter.copy_(start + (step * self.ways).sum(0))
            return array(columns())
        finally:
            self.parameter.copy_(start)


def reach(network: Any, outlet: Outlet, states: np.ndarray) -> Data:
    """Curves [parameters, columns, len(GRID)] while one tensor of parameters is moved at a time.

    Of what has no gradient there are none.

    Args:
        network: takes states [B, state_dim].
        outlet: gives the output.
        states: a batch.
    """
    columns = Columns.of(network, outlet, states)
    numbers = columns()
    lines = _lines(numbers)
    curves = [[line.at(columns, np.full(len(numbers), step)) for step in GRID] for line in lines]
    return {
        "has_gradient": numbers.requires_grad,
        "curves": np.array(curves).reshape(len(lines), len(GRID), len(numbers)).transpose(0, 2, 1),
    }


def edges(network: Any, outlet: Outlet, states: np.ndarray) -> np.ndarray:
    """How steep each column's way is just before its end, down and up, [parameters, 2, columns].

    In parts of the way's mean steepness. A hard clamp is met at full height, a smooth one in ever smaller
    steps. Only those parameters are moved that are the last for some column.
    """
    columns = Columns.of(network, outlet, states)
    numbers = columns()
    found = [_edges(columns, line) for line in _nearest(_lines(numbers))]
    return np.array(found).reshape(-1, 2, len(numbers))


def _lines(numbers: torch.Tensor) -> list[Line]:
    if not numbers.requires_grad:
        return []
    leaves = leaves_of(numbers)[-MOST:]
    slopes = [slopes_of(number, leaves) for number in numbers]
    ways = [
        torch.stack([_way(of_column[place], leaf) for of_column in slopes])
        for place, leaf in enumerate(leaves)
    ]
    return [Line(leaf, way) for leaf, way in zip(leaves, ways, strict=True) if bool(way.any())]


def slopes_of(output: torch.Tensor, leaves: Sequence[torch.Tensor]) -> list[torch.Tensor | None]:
    """The derivatives of one number in leaves; None where there is none."""
    found = torch.autograd.grad(output, leaves, allow_unused=True, retain_graph=True)
    return [slope if slope is not None and bool(slope.any()) else None for slope in found]


def _at_all_scales(states: np.ndarray) -> torch.Tensor:
    """The states [B, state_dim] once at every scale, one below the other."""
    return torch.cat([torch.tensor(scale * states, dtype=torch.float32) for scale in SCALES])


def _way(slope: torch.Tensor | None, leaf: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(leaf) if slope is None else slope / slope.square().sum()


def _nearest(lines: list[Line]) -> list[Line]:
    """Of the lines those that are the last for some column."""
    moves = [line.ways.reshape(len(line.ways), -1).any(1) for line in lines]
    last: set[int] = set()
    for of_column in zip(*moves, strict=True):
        last |= set([place for place, moved in enumerate(of_column) if moved][-1:])
    return [lines[place] for place in sorted(last)]


def _edges(columns: Columns, line: Line) -> np.ndarray:
    n_columns = len(line.ways)
    start = line.at(columns, np.zeros(n_columns))
    found = []
    for side in (-1, 1):
        end = line.at(columns, np.full(n_columns, side * STEPS[-1]))
        way = end - start
        near, nearer, there = (
            _first(columns, line, side, start + (1 - part) * way, way) for part in (*LEVELS, 0.0)
        )
        with np.errstate(all="ignore"):
            found.append((LEVELS[0] - LEVELS[1]) / (nearer - near) * there)
    return np.nan_to_num(np.array(found), posinf=1.0)


def _first(columns: Columns, line: Line, side: int, level: np.ndarray, way: np.ndarray) -> np.ndarray:
    """The length of the step with which each column comes to a level on its way."""
    before, after = np.zeros(len(level)), np.full(len(level), STEPS[-1])
    for _ in range(BISECTIONS):
        middle = (before + after) / 2
        is_there = (line.at(columns, side * middle) - level) * np.sign(way) >= 0
        before, after = np.where(is_there, before, middle), np.where(is_there, middle, after)
    return after


def climb(network: Any, outlet: Outlet, states: np.ndarray, goal: float) -> float:
    """How far an output [B] gets for one state, by larger and larger steps of what moves it best.

    What is the least or the largest of several numbers goes on with another of them after each step.

    Args:
        network: takes states [B, state_dim].
        outlet: gives the output.
        states: a batch.
        goal: where to stop, above zero or below.
    """
    columns = Columns.of(network, outlet, states)
    reached = float(columns().detach())
    for step in np.sign(goal) * CLIMBS:
        lines = _lines(columns())
        if not lines or reached / goal >= 1:
            break
        best = max(lines[-TRIED:], key=lambda line: float(line.at(columns, np.array([step]))[0]) / goal)
        with torch.no_grad():
            best.parameter.add_(step * best.ways[0])
            reached = float(columns())
    return reached
