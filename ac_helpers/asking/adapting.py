"""Waits for layers that adapt to their weights by and by, as those with a spectral norm do."""

from __future__ import annotations

from typing import Any

import torch

FORWARDS, MOST_LOOKS = 50, 200
"""Forwards between two looks whether layers still adapt, and how many looks there are at most. The power
method gains a factor of the square of the ratio of the two largest singular values with every forward: after
10 000 of them one more moves a norm by less than 1e-7, whatever that ratio is."""

SAME_PACE = 4
"""What changes by exactly as much at so many looks goes on like that, as a count of calls does."""

STILL = 2e-7
"""A change of what layers keep, by one forward, that is no more than rounding of numbers up to one."""


@torch.no_grad()
def adapt(model: Any, states: torch.Tensor) -> None:
    """Lets layers get used to weights that were just moved.

    Args:
        model: is asked about the same states until nothing that it keeps changes any more.
        states: any batch that it takes.
    """
    looks: list[list[float]] = []
    for _ in range(MOST_LOOKS if _kept_by(model) else 0):
        for _ in range(FORWARDS - 1):
            model(states)
        before = [values.clone() for values in _kept_by(model)]
        model(states)
        pairs = zip(_kept_by(model), before, strict=True)
        looks.append([float((now - was).abs().max()) for now, was in pairs])
        if all(map(_is_over, zip(*looks[-SAME_PACE:], strict=True))):
            break


def _is_over(changes: tuple[float, ...]) -> bool:
    """Whether something has settled, by its changes at the last looks, or is not to be waited for."""
    return not changes[-1] > STILL or (len(changes) == SAME_PACE and len(set(changes)) == 1)


def _kept_by(model: Any) -> list[torch.Tensor]:
    """The numbers that a model keeps beside its parameters, whole ones left out: these only count."""
    return [values for values in model.buffers() if values.is_floating_point() and values.numel()]
