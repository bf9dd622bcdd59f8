"""The tests of `ac_helpers.probes.rules` for all samples at once: how likely they reject and accept."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ac_helpers.probes.rules import ROUNDING
from bench.statistics.limits import binomial, log_choose

NEGLIGIBLE = 1e-40
"""Samples of the reference that are rarer than this are left out of the sums."""

FAR = 20
"""Standard deviations beyond which a count is too rare to matter: its p-value is below 1e-60."""


def two_sided(probabilities: np.ndarray) -> np.ndarray:
    """The p-value of each outcome of an ordered distribution: twice the smaller tail."""
    below, above = np.cumsum(probabilities), np.cumsum(probabilities[::-1])[::-1]
    return np.minimum(1.0, 2 * np.minimum(below, above))


def fisher_p_values(n: int, m: int, hits: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts that a sample of n can have if it and another of m have so many hits, and their p-values.

    Those further than `FAR` standard deviations from the mean are left out: their p-values are smaller than
    any that matters, and so is what they add to others'.
    """
    mean, spread = _hypergeometric(n, m, hits)
    low, high = max(0, hits - m, int(mean - FAR * spread)), min(hits, n, int(mean + FAR * spread) + 1)
    own = np.arange(low, high + 1)
    log_p = log_choose(n, own) + log_choose(m, hits - own) - log_choose(n + m, np.array([hits]))
    return own, two_sided(np.exp(log_p))


def _hypergeometric(n: int, m: int, hits: int) -> tuple[float, float]:
    """Mean and standard deviation of the hits in the sample of n; at least 1, for what is nearly certain."""
    share, total = n / (n + m), n + m
    variance = hits * share * (1 - share) * (total - hits) / max(1, total - 1)
    return hits * share, max(1.0, math.sqrt(variance))


def fisher_outcomes(
    samples: Sequence[np.ndarray], expected: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities that Fisher's test rejects and accepts, for each distribution [n + 1] of hits.

    `expected` [m + 1] is the distribution of the reference's hits. The sum goes over the margins; both
    probabilities are summed, because one minus the other loses what is small.
    """
    table = np.stack(samples)
    n, m = table.shape[1] - 1, len(expected) - 1
    possible = np.flatnonzero(expected > NEGLIGIBLE)
    least, most = int(possible[0]), int(possible[-1])
    rejected, accepted = np.zeros(len(table)), np.zeros(len(table))
    for hits in range(least, most + n + 1):
        own = np.arange(max(0, hits - most), min(hits - least, n) + 1)
        near, p_values = fisher_p_values(n, m, hits)
        fits = np.isin(own, near[p_values >= threshold], assume_unique=True)
        weights = expected[hits - own]
        rejected += table[:, own[~fits]] @ weights[~fits]
        accepted += table[:, own[fits]] @ weights[fits]
    return rejected, accepted


def binomial_accepts(n: int, claimed: float, threshold: float) -> np.ndarray:
    """Which counts [n + 1] of an outcome agree with its claimed probability, by `frequencies_agree`."""
    counts = np.arange(n + 1)
    low, high = max(0.0, claimed - ROUNDING), min(1.0, claimed + ROUNDING)
    too_few, too_many = counts < low * n, counts > high * n
    fits_low = two_sided(binomial(n, low)) >= threshold
    fits_high = two_sided(binomial(n, high)) >= threshold
    return np.where(too_few, fits_low, np.where(too_many, fits_high, True))


def binomial_miss(claimed: np.ndarray, actual: np.ndarray, draws: int, threshold: float) -> float:
    """The chance, at most, that actions drawn with other probabilities [S, n] pass for the claimed ones.

    That of the outcome which deviates most, counted in standard deviations; the others are left out.
    """
    deviations = np.abs(actual - claimed) / np.sqrt(np.maximum(actual * (1 - actual), 1 / draws))
    place = np.unravel_index(deviations.argmax(), deviations.shape)
    accepted = binomial_accepts(draws, float(claimed[place]), threshold)
    return math.fsum(binomial(draws, float(actual[place]))[accepted])
