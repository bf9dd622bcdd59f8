"""Reads what an optimizer has met: of each step the weights of the transitions in the gradient."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ac_helpers.asking import Data

NETWORKS = ("actor", "critic")

ADDS, MISALIGNED, BROADCAST = "adds", "samples_misaligned", "broadcast"

PRESENT = 1e-5
"""A transition whose weight is a smaller part of the largest is not in a minibatch, or counts nothing.
Rounding leaves 1e-7 with the known networks."""

SURELY = 10.0
"""A weight is none if it is not so many times as large as rounding may have made it: with a student's own
networks, whose terms may be nearly alike, that is more than `PRESENT`. The same holds for what no weights
explain."""

FITS = 1e-2
"""How far weights may be from what they should be, in parts of their spread; rounding leaves 1e-4, and the
mistakes that are looked for a tenth or more."""

ENOUGH_OF_ERROR = 0.1
"""Errors below this are not known better, in part of themselves, than one of this size."""

LEFT_OVER = 2e-4
"""The part of a gradient that no weights of transitions explain: a bonus, or what else was added. Rounding
leaves less than 1e-6, also with a student's own networks; a thousandth of the entropy leaves more."""


def present(network: Data) -> np.ndarray:
    """Which transitions are in each minibatch, [steps, T·N]."""
    weights = np.abs(network["weights"])
    noises, rests = (np.array(network[name]).reshape(-1, 1) for name in ("noises", "rests"))
    # Where more is left over all weights are wrong, and it is said what is added.
    unexplained = SURELY * np.where(rests > LEFT_OVER, 0, rests)
    part = np.maximum(PRESENT, unexplained) * weights.max(axis=1, keepdims=True, initial=0)
    return weights > np.maximum.reduce([part, SURELY * noises, np.full_like(noises, 1e-12)])


def adds(network: Data) -> bool:
    """Whether a gradient has a part that is no transition's own."""
    return max(network["rests"], default=0.0) > LEFT_OVER


def are_in_order(steps: Iterable[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Whether in each step what is larger does not weigh less: it is where it belongs, though wrong."""
    told = [(weights[np.argsort(right)], np.ptp(weights)) for weights, right in steps if len(weights) > 1]
    return bool(told) and all(bool((np.diff(weights) >= -FITS * spread).all()) for weights, spread in told)


def leaves_out_a_span(there: np.ndarray, right: np.ndarray, epochs: int) -> bool:
    """Whether what counts nothing is the same in every epoch, and no other transition lies between."""
    used = there.any(axis=0)
    if len(there) % epochs == 0 and any((epoch.any(0) != used).any() for epoch in np.split(there, epochs)):
        return False
    left_out, kept = right[~used], right[used]
    return not len(left_out) or not ((kept > left_out.min()) & (kept < left_out.max())).any()


def are_alike(weights: np.ndarray) -> bool:
    """Whether the transitions of a minibatch all count the same."""
    return len(weights) > 1 and bool(np.ptp(weights) <= FITS * np.abs(weights).max())


def line_of(across: np.ndarray, heights: np.ndarray, noise: float) -> tuple[float, float] | None:
    """Slope and start of the straight line through these points, None where they lie on none."""
    if len(across) < 3 or np.ptp(across) == 0:
        return None
    slope, start = np.polyfit(across, heights, 1)
    rest = np.abs(heights - slope * across - start).max()
    is_line = rest <= FITS * abs(slope) * np.ptp(across) + SURELY * noise
    return (float(slope), float(start)) if is_line else None


def steps_of(network: Data, steps: list[int]) -> Data:
    """What was watched in some steps only."""
    return {name: np.asarray(network[name])[steps] for name in ("weights", "noises", "rests")}


def factor_of(critic: Data, wanted: np.ndarray) -> float | None:
    """The number by which the weights are a multiple of errors [steps, T·N], None if they are of none.

    All minibatches are of one size, so that one factor does for all.
    """
    there = present(critic)
    weights, errors = critic["weights"][there], wanted[there]
    if not len(errors):
        return None
    largest = np.abs(errors) >= np.median(np.abs(errors))
    factor = float(np.median(weights[largest] / errors[largest]))
    close = 2 * FITS * abs(factor) * np.abs(errors).clip(ENOUGH_OF_ERROR)
    return factor if factor and (np.abs(weights - factor * errors) <= close).all() else None


def are_one(lengths: Sequence[float]) -> bool:
    """Whether lengths are all the same."""
    return bool(np.ptp(lengths) <= 1e-3 * max(lengths))
