"""Generalised advantage estimates of a rollout: the right ones, and those often computed in their place."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from ac_helpers.asking import Data

RIGHT, EXCHANGED = "right", "exchanged"

OTHER_GAMMAS, OTHER_LAMS = (0.9, 0.95, 0.99, 1.0), (0.9, 0.95, 0.97)
"""Numbers that are written into the code instead of what the trainer was given."""


def advantages_of(
    question: Data,
    rollout: Data,
    values: np.ndarray,
    next_values: np.ndarray,
    *,
    gamma: float | None = None,
    lam: float | None = None,
    masked: np.ndarray | None = None,
    cut: np.ndarray | None = None,
) -> np.ndarray:
    """Generalised advantage estimates [T·N] for these values, both [T, N].

    J. Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage Estimation", 2016.

    Args:
        question: holds both factors.
        rollout: of the question.
        values: V(s).
        next_values: V(s').
        gamma: the question's, if not given.
        lam: the question's, if not given.
        masked: after which transitions nothing is to come; those that terminate, if not given.
        cut: where the sum ends; where an episode does, if not given.
    """
    gamma = question["gamma"] if gamma is None else gamma
    lam = question["lam"] if lam is None else lam
    masked = rollout["terminated"] if masked is None else masked
    cut = rollout["terminated"] | rollout["truncated"] if cut is None else cut
    deltas = rollout["rewards"] + gamma * np.where(masked, 0, next_values) - values
    advantages, following = np.zeros(deltas.shape), np.zeros(deltas.shape[1])
    for t in reversed(range(len(deltas))):
        following = deltas[t] + gamma * lam * np.where(cut[t], 0, following)
        advantages[t] = following
    return advantages.ravel()


def targets_of(
    question: Data, rollout: Data, values: np.ndarray, next_values: np.ndarray
) -> dict[str, np.ndarray]:
    """The right advantages, and those that are often computed in their place."""
    terminated, truncated = rollout["terminated"], rollout["truncated"]
    ended, nowhere = terminated | truncated, np.zeros_like(terminated)

    def other(**changed: Any) -> np.ndarray:
        return advantages_of(question, rollout, values, next_values, **changed)

    found = {
        RIGHT: other(),
        "gae_not_used rewards": rollout["rewards"].ravel(),
        "value_not_subtracted": other() + values.ravel(),
        "bootstrap_through_termination": other(masked=nowhere),
        "no_bootstrap_through_truncation": other(masked=ended),
        "bootstrap_through_termination+no_bootstrap_through_truncation": other(masked=truncated),
        "no_bootstrap_through_truncation next row": advantages_of(
            question, rollout, values, np.concatenate([values[1:], next_values[-1:]])
        ),
        "episode_not_cut": other(cut=nowhere),
        "bootstrap_through_termination+episode_not_cut": other(masked=nowhere, cut=nowhere),
        "episode_not_cut truncated": other(cut=terminated),
        "episode_not_cut terminated": other(cut=truncated),
        "next_state_is_state": advantages_of(question, rollout, values, values),
        "gae_not_used rewards to the end": _monte_carlo(question, rollout, nowhere) - values.ravel(),
        "gae_not_used rewards of the episode": _monte_carlo(question, rollout, ended) - values.ravel(),
    }
    found |= {f"gamma_ignored {gamma}": other(gamma=gamma) for gamma in OTHER_GAMMAS}
    found |= {f"lam_ignored {lam}": other(lam=lam) for lam in OTHER_LAMS}
    found[EXCHANGED] = other(gamma=question["lam"], lam=question["gamma"])
    found |= {
        f"gamma_ignored+lam_ignored {gamma} {lam}": other(gamma=gamma, lam=lam)
        for gamma, lam in product(OTHER_GAMMAS, OTHER_LAMS)
    }
    return found | {f"gae_not_used {lam}": other(lam=lam) for lam in (0.0, 1.0)}


def wrong_returns(values: np.ndarray, advantages: np.ndarray) -> dict[str, np.ndarray]:
    """What the critic is often taught in place of the sum of both, all [T·N]."""
    found = {"returns_without_value": advantages}
    for ddof in (0, 1):
        normalised = _normalised(advantages, ddof)
        found |= {
            f"returns_without_value normalised {ddof}": normalised,
            f"returns_normalised {ddof}": _normalised(values + advantages, ddof),
            f"returns_normalised advantages {ddof}": values + normalised,
        }
    return found


def _normalised(numbers: np.ndarray, ddof: int) -> np.ndarray:
    return (numbers - numbers.mean()) / (numbers.std(ddof=ddof) + 1e-8)


def _monte_carlo(question: Data, rollout: Data, cut: np.ndarray) -> np.ndarray:
    """Discounted sums [T·N] of the rewards alone."""
    nothing = np.zeros(rollout["rewards"].shape)
    return advantages_of(question, rollout, nothing, nothing, lam=1.0, cut=cut)
