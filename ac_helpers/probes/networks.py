"""How answers about a student's networks are read: how far an output gets, and by what line."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking.networks import GRID

FAR = 100.0
"""An output that gets so far has no bound."""

ENOUGH = 6
"""So many points of a curve have to lie on a straight line, or it is none."""

STRAIGHT = 2e-3
"""How far points may be from the straight line, in parts of its height: float32 rounds an inverse tanh."""


def extremes(curves: np.ndarray) -> tuple[float, float]:
    """The least and the largest that any curve reaches, no farther than `FAR`."""
    reached = np.clip(np.nan_to_num(curves, nan=0.0, posinf=FAR, neginf=-FAR), -FAR, FAR)
    return (float(reached.min()), float(reached.max())) if reached.size else (0.0, 0.0)


def is_straight(heights: np.ndarray) -> bool:
    """Whether the finite heights over the grid lie on one straight line that is not level."""
    inside = np.isfinite(heights)
    if inside.sum() < ENOUGH:
        return False
    steps, heights = np.array(GRID)[inside], heights[inside]
    span = float(np.ptp(heights))
    rest = heights - np.polyval(np.polyfit(steps, heights, 1), steps)
    return span > 0 and float(np.abs(rest).max()) < STRAIGHT * span
