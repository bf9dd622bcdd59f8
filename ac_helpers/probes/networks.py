"""How answers about a student's networks are read: how far an output gets, and by what line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.networks import COMPANIES
from ac_helpers.asking.reaching import GRID

FAR = 100.0
"""An output that gets so far has no bound."""

ENOUGH = 6
"""So many points of a curve have to lie on a straight line, or it is none."""

STEEP = 0.05
"""How steep the way to a bound is just before it, in parts of its mean: that of a tanh is below 0.02."""

VARIES = 1e-5
"""What a change of an output is above that is no rounding, in parts of its largest number."""

SAME = 1e-3
"""How far outputs for one state may be apart by rounding, in parts of the largest."""

TRAINED = 1e-4
"""What two moves of all parameters do beyond their sum, in parts of what they do; rounding leaves 1e-5."""

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


def varies(values: np.ndarray) -> bool:
    """Whether every column [B, ...] changes from row to row."""
    rows = values.reshape(len(values), -1)
    return bool((np.ptp(rows, axis=0) > VARIES * max(1.0, float(np.abs(rows).max(initial=0)))).all())


def are_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two tables of outputs agree up to rounding."""
    largest = float(np.abs(one).max(initial=1e-6))
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=SAME * largest)


NO_GRADIENT = {"has_gradient": "no_gradient"}


def of_batch_of_one(wrong_shape: str) -> Callable[[object, object], str]:
    """What the shapes for a batch of one tell, where there are any: the mistake given."""
    return lambda got, expected: "batch_of_one_fails" if got is None else wrong_shape


DEPENDENCE = {
    **NO_GRADIENT,
    "registered": "params_not_registered",
    "repeats": "output_random",
    "alone": "rows_mixed",
}
"""The mistakes that come before whatever else a question about dependence tells of."""


def describe_dependence(answer: Data, before_the_end: Callable[[np.ndarray], list[np.ndarray]]) -> Data:
    """Whether outputs hang on what they should: their own state, all of it, and all of the parameters.

    Args:
        answer: of `dependence`.
        before_the_end: undoes what follows a last linear layer, for the outputs side by side.
    """
    return {
        "has_gradient": answer["has_gradient"],
        "registered": answer["registered"],
        "repeats": all(map(are_same, answer["outputs"], answer["again"])),
        "alone": not depends_on_company(answer["company"]),
        "whole_state": all(change > VARIES for change in answer["changes"]),
        "body_trained": answer["all_trained"]
        or any(map(is_more_than_a_sum, before_the_end(answer["moved"]))),
    }


def depends_on_company(company: Data) -> bool:
    """Whether an output for a state hangs on the states that it comes with, or on whether any do.

    What one of the forms fails at is not known.
    """
    if not company:
        return False
    batch, *others = (company[name] for name in COMPANIES)
    return not all(
        are_same(part, other[number])
        for other in others
        for number, part in enumerate(batch)
        if part.shape == other[number].shape
    )


def is_more_than_a_sum(moved: np.ndarray) -> bool:
    """Whether two moves of an output [4, ...] do more together than one by one, where all are finite."""
    none, one, other, both = (values[np.isfinite(moved).all(0)] for values in moved)
    beyond = np.abs(both - one - other + none).max(initial=0)
    return bool(beyond > TRAINED * np.abs(both - none).max(initial=0))
