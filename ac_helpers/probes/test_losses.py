"""Questions about `actor_critic_losses`: both values, the clipping, and where gradients go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.losses import (
    ask_actor,
    ask_clip_ratio,
    ask_clipping,
    ask_critic,
    ask_gradient,
    ask_stops,
)
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.probes.trainer.moving import CLIP_RATIO

Span = tuple[float, float]

INSIDE, OUTSIDE, FAR = ((0.12, 0.17), (3, 6)), ((0.6, 0.9), (6, 8)), ((2.3, 2.6), (1, 2))
"""How far log-ratios are from 0, either way: where nothing is clipped, where everything is, and beyond. And
how large advantages are there, so that no part is lost in the mean."""

LARGE = (18.0, 22.0)
"""A few advantages, values and errors are so large that limits of one's own show."""

SMALLER, LARGE_SMALLER = 6, 2
"""Advantages of one sign are so much smaller, a large one too: what is done to both signs would cancel in the
mean. Those of ratios far from 1 are not, and show by themselves."""


def make_inside(rng: np.random.Generator) -> Data:
    """Ratios that no clipping changes."""
    return _make(rng, [INSIDE] * 13)


def make_outside(rng: np.random.Generator) -> Data:
    """Ratios in range and beyond it on both sides, with advantages of both signs for each.

    Of the two means that without clipping is the smaller one.
    """
    return _make_outside(rng, lambda clipped, plain: plain < clipped)


def make_outside_again(rng: np.random.Generator) -> Data:
    """The same, but that with clipping is the smaller mean: whoever takes that of means is told apart."""
    return _make_outside(rng, lambda clipped, plain: clipped < plain)


def _make_outside(rng: np.random.Generator, is_wanted: Callable[[float, float], bool]) -> Data:
    while True:
        question = _make(rng, [INSIDE] * 4 + [OUTSIDE] * 8 + [FAR] * 4)
        ratios, advantages = _ratios(question), question["advantages"]
        clip_ratios = (CLIP_RATIO, *question["clip_ratios"].values())
        means = [float(np.mean(ratios.clip(1 - c, 1 + c) * advantages)) for c in clip_ratios]
        if all(is_wanted(clipped, float(np.mean(ratios * advantages))) for clipped in means):
            return question


def _ratios(question: Data) -> np.ndarray:
    return np.exp(question["log_probs"] - question["old_log_probs"])


def _make(rng: np.random.Generator, rows: Sequence[tuple[Span, Span]]) -> Data:
    """Inputs of which the plain surrogate's mean is not near zero."""
    while True:
        question = _draw(rng, rows)
        if abs(np.mean(_ratios(question) * question["advantages"])) > 0.2:
            return question


def _draw(rng: np.random.Generator, rows: Sequence[tuple[Span, Span]]) -> Data:
    size = len(rows)
    # Of four in a row each has other signs of ratio and advantage than the others.
    signs = np.resize([1.0, 1.0, -1.0, -1.0], size)
    distances, advantages = (
        np.array([rng.uniform(*span) for span in spans]) for spans in zip(*rows, strict=True)
    )
    log_ratios = distances * np.resize([1.0, -1.0], size)
    old = rng.uniform(-2.5, -0.5, size)
    order = rng.permutation(size)
    values = rng.choice([-1.0, 1.0], size) * rng.uniform(0.5, 3, size)
    values[3:5] = [rng.uniform(*LARGE), -rng.uniform(*LARGE)]
    errors = rng.uniform(0.5, 3, size)
    # Of the advantages one of each sign.
    advantages[1:3], errors[1:3] = rng.uniform(*LARGE, 2), rng.uniform(*LARGE, 2)
    shrink = np.where(distances < FAR[0][0], SMALLER, 1)
    shrink[1:3] = LARGE_SMALLER
    advantages /= np.where(signs == rng.choice([1.0, -1.0]), shrink, 1)
    return {
        "log_probs": (old + log_ratios)[order].astype(np.float32),
        "old_log_probs": old[order].astype(np.float32),
        "advantages": (signs * advantages + 0.2)[order].astype(np.float32),
        "values": values[order].astype(np.float32),
        "returns": (values + rng.permuted(signs) * errors)[order].astype(np.float32),
        "clip_ratios": {"narrow": round(rng.uniform(0.05, 0.1), 2), "wide": 0.4},
    }


_LOSS = {"loss": Close()}


def _of_loss(got: np.ndarray, expected: np.ndarray) -> str | None:
    return "loss_not_reduced" if np.size(got) > 1 else None


def _of_kind(got: str, expected: str) -> str:
    return "loss_not_tensor"


PROBE = Probe(
    id="test_losses",
    solution="losses",
    defines=("actor_critic_losses",),
    questions=(
        Question(
            "actor",
            0.5,
            make_inside,
            ask_actor,
            _LOSS,
            symptoms={"kind": _of_kind, "loss": _of_loss},
        ),
        Question(
            "clipping",
            0.5,
            make_outside,
            ask_clipping,
            {"loss": Close(), "gradient": Close()},
            symptoms={"loss": _of_loss},
        ),
        Question(
            "clip_ratio",
            0.2,
            make_outside_again,
            ask_clip_ratio,
            {"narrow": Close(), "wide": Close()},
        ),
        Question(
            "critic",
            0.4,
            make_inside,
            ask_critic,
            _LOSS,
            symptoms={"kind": _of_kind, "loss": _of_loss},
        ),
        Question(
            "gradient",
            0.2,
            make_inside,
            ask_gradient,
            {"log_probs": Close(), "values": Close()},
        ),
        Question(
            "stops",
            0.2,
            make_inside,
            ask_stops,
            {},
            symptoms={
                "old_log_probs": "old_log_probs_with_gradient",
                "advantages": "advantages_with_gradient",
                "returns": "returns_with_gradient",
            },
            every_symptom=True,
        ),
    ),
)
