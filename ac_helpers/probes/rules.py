"""Rules by which one field of an answer agrees with the expected one.

Each rule returns the first and smallest thing that differs, so that a message can name it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

import numpy as np

FALSE_ALARM = 1e-11
"""Probability of rejecting one right sample. A submission meets fewer than a hundred such tests, which
leaves the false alarms of a whole submission below 1e-9."""

NOT_RECOGNISED = 1e-6
"""Probability that a sample of a known mistake is not taken for one. It costs no more than the name."""

ROUNDING = 1e-5
"""How far a claimed probability may be from the true one: in float32 the logarithm of nearly 1 is 0."""


SHARPER, OF_FLOAT32 = 30, 1e-5
"""How much nearer a known mistake's answer is than a right one has to be, and what float32 leaves of zero."""


@dataclass(frozen=True)
class Difference:
    """Where two answers differ: the field, the position in it, and both values.

    `kind` says what is compared: "value", "shape" of an array, "share" of an outcome, "raised" exception or
    the "fields" of the whole answer.
    """

    kind: str
    index: tuple[int, ...]
    got: Any
    expected: Any
    field: str = ""

    def under(self, field: str) -> Difference:
        """The same difference, told of the named field."""
        return replace(self, field=field)


class Rule(Protocol):
    """Compares one field of an answer with the expected one."""

    def difference(self, got: Any, expected: Any) -> Difference | None:
        """None when both agree."""

    @property
    def sharp(self) -> Rule:
        """The rule by which a known mistake is recognised: what is right has more room than what is named."""


@dataclass(frozen=True)
class Same:
    """Equal, value by value and in every dimension."""

    @property
    def sharp(self) -> Same:
        return self

    def difference(self, got: Any, expected: Any) -> Difference | None:
        got_array, expected_array = _as_array(got), _as_array(expected)
        if got_array is None or expected_array is None:
            return _unless_equal(got, expected)
        found = _first(got_array, expected_array, lambda a, b: a == b)
        if found is not None and found.kind == "shape" and isinstance(expected, list):
            return Difference(
                "value", (), got, expected
            )  # a list describes something: its length is no shape
        return found


UNKNOWN = "unknown"
"""What a digest says of an answer for which it has no name."""


@dataclass(frozen=True)
class Named(Same):
    """Equal names; that two answers have none does not make them alike where a mistake is recognised.

    Attributes:
        nameless: what is no name.
        is_sharp: whether a mistake is to be recognised.
    """

    nameless: tuple[str, ...] = (UNKNOWN,)
    is_sharp: bool = False

    @property
    def sharp(self) -> Named:
        return replace(self, is_sharp=True)

    def difference(self, got: Any, expected: Any) -> Difference | None:
        if self.is_sharp and expected in self.nameless:
            return Difference("value", (), got, expected)
        return super().difference(got, expected)


@dataclass(frozen=True)
class Close:
    """Equal up to rounding: |got - expected| <= atol + rtol * |expected|; nan agrees with nothing but nan."""

    rtol: float = 1e-3
    atol: float = 1e-5

    @property
    def sharp(self) -> Close:
        """With a hundred known mistakes some number is near by chance; a mistake's own is nearer."""
        return Close(self.rtol / SHARPER, max(self.atol / SHARPER, min(self.atol, OF_FLOAT32)))

    def difference(self, got: Any, expected: Any) -> Difference | None:
        got_array, expected_array = _as_array(got), _as_array(expected)
        if got_array is None or expected_array is None:
            return _unless_equal(got, expected)
        return _first(
            got_array,
            expected_array,
            lambda a, b: np.isclose(a, b, rtol=self.rtol, atol=self.atol, equal_nan=True),
        )


@dataclass(frozen=True)
class SameDistribution:
    """Counts [k] of k outcomes come from the same distribution.

    Null hypothesis: both samples were drawn independently from one distribution. Every outcome is tested
    against all others by Fisher's exact test (hypergeometric tails, two-sided by doubling); the threshold
    is the level divided by the number of tests, so the bound holds whatever the distribution is.
    Samples that vary less than independent draws (without replacement) only make it more conservative.

    Attributes:
        level: the probability of rejecting samples of one distribution.
    """

    level: float = FALSE_ALARM

    @property
    def sharp(self) -> SameDistribution:
        """A mistake's sample is only as large as the student's, and tells less from it than a right one's."""
        return SameDistribution(NOT_RECOGNISED)

    def difference(self, got: Any, expected: Any) -> Difference | None:
        got_counts, expected_counts = np.asarray(got), np.asarray(expected)
        if got_counts.shape != expected_counts.shape:
            return Difference("shape", (), list(got_counts.shape), list(expected_counts.shape))
        total, expected_total = int(got_counts.sum()), int(expected_counts.sum())
        for outcome, (hits, expected_hits) in enumerate(zip(got_counts, expected_counts, strict=True)):
            p_value = fisher_exact(int(hits), total, int(expected_hits), expected_total)
            if p_value < self.level / len(got_counts):
                shares = _share(hits, total), _share(expected_hits, expected_total)
                return Difference("share", (outcome,), *shares)
        return None


def fisher_exact(hits_a: int, total_a: int, hits_b: int, total_b: int) -> float:
    """Two-sided p-value that two samples have the same share of hits (twice the smaller tail).

    The hypergeometric distribution of `hits_a` given all margins; R. A. Fisher, "Statistical Methods for
    Research Workers", 5th ed., 1934, section 21.02.
    """
    hits = hits_a + hits_b
    low, high = max(0, hits - total_b), min(hits, total_a)
    support = np.arange(low, high + 1)
    log_p = (
        _log_choose(total_a, support)
        + _log_choose(total_b, hits - support)
        - _log_choose(total_a + total_b, np.array([hits]))
    )
    p = np.exp(log_p)
    position = hits_a - low
    return float(min(1.0, 2 * min(p[: position + 1].sum(), p[position:].sum())))


def binomial_test(hits: int, total: int, probability: float) -> float:
    """Two-sided exact p-value of `hits` in `total` independent draws (twice the smaller tail)."""
    if not 0 < probability < 1:
        return float(hits == total * (probability >= 1))
    support = np.arange(total + 1)
    log_p = (
        _log_choose(total, support)
        + support * math.log(probability)
        + (total - support) * math.log1p(-probability)
    )
    p = np.exp(log_p)
    return float(min(1.0, 2 * min(p[: hits + 1].sum(), p[hits:].sum())))


def frequencies_agree(counts: np.ndarray, probabilities: np.ndarray) -> bool:
    """Whether counts [..., k] can have been drawn with the probabilities [..., k] claimed for them.

    Null hypothesis: every row is multinomial with probabilities within `ROUNDING` of these; each outcome is
    tested by the exact binomial test at `FALSE_ALARM` divided by the number of tests.
    """
    threshold = FALSE_ALARM / counts.size
    totals = np.broadcast_to(counts.sum(-1, keepdims=True), counts.shape)
    return all(
        _can_come_of(int(hits), int(total), float(p), threshold)
        for hits, total, p in zip(counts.ravel(), totals.ravel(), probabilities.ravel(), strict=True)
    )


def _can_come_of(hits: int, total: int, probability: float, threshold: float) -> bool:
    low, high = max(0.0, probability - ROUNDING), min(1.0, probability + ROUNDING)
    if low * total <= hits <= high * total:
        return True
    return binomial_test(hits, total, low if hits < low * total else high) >= threshold


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    table = _log_factorials(1 << int(n).bit_length())
    return table[n] - table[k] - table[n - k]


@cache
def _log_factorials(size: int) -> np.ndarray:
    """ln 0!, ln 1!, ... up to `size` of them."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size)))])


def _unless_equal(got: Any, expected: Any) -> Difference | None:
    comparable = not isinstance(got, np.ndarray) and not isinstance(expected, np.ndarray)
    return None if comparable and got == expected else Difference("value", (), got, expected)


def _share(hits: int, total: int) -> float:
    return round(int(hits) / max(1, total), 3)


def _as_array(value: Any) -> np.ndarray | None:
    """Numbers as an array; None for what is no regular array of numbers."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bool | int | float):
        return np.asarray(value)
    if isinstance(value, list):
        try:
            array = np.asarray(value)
        except ValueError:
            return None
        return array if array.dtype.kind in "biuf" else None
    return None


def _first(got: np.ndarray, expected: np.ndarray, agrees: Any) -> Difference | None:
    if got.shape != expected.shape:
        return Difference("shape", (), list(got.shape), list(expected.shape))
    fits = np.asarray(agrees(got, expected))
    if fits.all():
        return None
    index = tuple(int(i) for i in np.argwhere(~fits)[0])
    return Difference("value", index, got[index].item(), expected[index].item())
