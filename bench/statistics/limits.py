"""Binomial distributions, and confidence limits of rates that were counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

CONFIDENCE = 0.95
"""Of every limit by itself, one-sided."""


@cache
def _log_factorials(size: int) -> np.ndarray:
    """ln 0!, ln 1!, ... up to `size` of them."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size)))])


def log_choose(n: int, k: np.ndarray) -> np.ndarray:
    """ln of the binomial coefficients n over k."""
    table = _log_factorials(1 << max(10, n.bit_length()))
    return table[n] - table[k] - table[n - k]


def binomial(n: int, p: float) -> np.ndarray:
    """The probabilities [n + 1] of 0..n hits in n independent draws."""
    k = np.arange(n + 1)
    if not 0 < p < 1:
        return (k == n * round(p)).astype(float)
    return np.exp(log_choose(n, k) + k * math.log(p) + (n - k) * math.log1p(-p))


def at_most(hits: int, runs: int, p: float) -> float:
    """The probability of no more hits than these."""
    if not 0 < p < 1:
        return float(hits >= runs or p <= 0)
    k = np.arange(hits + 1)
    return float(np.exp(log_choose(runs, k) + k * math.log(p) + (runs - k) * math.log1p(-p)).sum())


def upper_limit(hits: int, runs: int) -> float:
    """The rate above which so few hits have a probability below 5 %; about 3 / runs for none at all.

    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26 (1934).
    """
    return 1.0 if hits >= runs else _largest(lambda p: at_most(hits, runs, p) > 1 - CONFIDENCE)


def lower_limit(hits: int, runs: int) -> float:
    """The rate below which so many hits have a probability below 5 %."""
    return _largest(lambda p: at_most(hits - 1, runs, p) > CONFIDENCE) if hits else 0.0


def _largest(holds: Callable[[float], bool], steps: int = 40) -> float:
    """The probability up to which a condition holds, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high
