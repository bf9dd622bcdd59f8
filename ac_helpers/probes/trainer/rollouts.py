"""Draws the rollouts that trainers are asked with, and the networks that have collected them."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian import draw_weights
from ac_helpers.probes.trainer.advantages import advantages_of

STEPS, ENVS, ACTION_DIM = 8, 3, 2
SIZE = STEPS * ENVS

BOUND = 2.0
"""Of the actions that Pendulum takes."""

LEAST_MEAN = 0.5
"""So far from zero is the mean of advantages where what is subtracted in its place has to show."""

NEAR_BOUND = 2 * SIZE // 3
"""So many states have means near it: every half of the rollout holds actions beyond it."""


def make_rollout(rng: np.random.Generator) -> Data:
    """Rollouts in which every transition has a state of its own."""
    while True:
        question = _make_question(rng)
        if all(_tells(question, question[name]) for name in ("rollout", "second")):
            return question | {"lane": _one_after_the_other(question["rollout"])}


def make_off_centre(rng: np.random.Generator) -> Data:
    """Rollouts of which the first has advantages with a mean far from zero."""
    while True:
        question = make_rollout(rng)
        rollout = question["rollout"]
        if abs(advantages_of(question, rollout, *_known_values(question, rollout)).mean()) > LEAST_MEAN:
            return question


def _one_after_the_other(rollout: Data) -> Data:
    """The steps of all environments as if one had taken them, cut off where the next one's begin."""
    lane = {
        name: np.swapaxes(field, 0, 1).reshape(SIZE, 1, *field.shape[2:]) for name, field in rollout.items()
    }
    lane["truncated"][STEPS - 1 :: STEPS] = True
    return lane


def _tells(question: Data, rollout: Data) -> bool:
    """Whether no error is near zero, and the action with the lowest advantage lies beyond the bounds.

    An action that is cut off becomes likelier: its term is clipped away but for a low advantage.
    """
    advantages = advantages_of(question, rollout, *_known_values(question, rollout))
    lowest = rollout["actions"].reshape(SIZE, ACTION_DIM)[advantages.argmin()]
    return bool(np.abs(advantages).min() > 0.2 and np.abs(lowest).max() > BOUND)


def _make_question(rng: np.random.Generator) -> Data:
    weights = draw_weights(rng, SIZE, ACTION_DIM)
    # States are columns of the unit matrix, so that each has a mean of its own; many are near the bound.
    means = rng.uniform(-1.2, 1.2, (ACTION_DIM, SIZE))
    means[:, :NEAR_BOUND] = rng.choice([-1.85, 1.85], (ACTION_DIM, NEAR_BOUND))
    weights["mean_weight"] = means - weights["mean_bias"][:, None]
    weights["log_std_bias"] = rng.uniform(-1.4, -1.1, ACTION_DIM)
    return {
        "weights": weights,
        "value_weight": rng.normal(0, 1, SIZE),
        "value_bias": rng.normal(0, 0.5, 1),
        "rollout": _make_rollout(rng, weights),
        "second": _make_rollout(rng, weights),
        "gamma": round(rng.uniform(0.7, 0.8), 2),
        "lam": round(rng.uniform(0.5, 0.6), 2),
        "minibatch_sizes": {"even": 8, "uneven": int(rng.choice([7, 9, 10])), "half": SIZE // 2},
        "epochs": {"even": int(rng.choice([6, 7])), "uneven": 9},  # which nobody writes into the code
        "shake": int(rng.integers(1 << 30)),
    }


def _make_rollout(rng: np.random.Generator, weights: Data) -> Data:
    """Two episodes terminate and two are cut off; actions are away from their means, some beyond bounds."""
    shape = (STEPS, ENVS)
    places = rng.permutation([(t, n) for t in range(1, STEPS - 1, 2) for n in range(ENVS)])
    terminated, truncated = np.zeros(shape, bool), np.zeros(shape, bool)
    terminated[tuple(places[:2].T)] = True
    truncated[tuple(places[2:4].T)] = True
    states = np.eye(SIZE, dtype=np.float32)[rng.permutation(SIZE)].reshape(*shape, SIZE)
    after = rng.normal(0, 0.5, (*shape, SIZE)).astype(np.float32)
    goes_on = ~(terminated | truncated)
    after[:-1][goes_on[:-1]] = states[1:][goes_on[:-1]]
    mean = states @ weights["mean_weight"].T + weights["mean_bias"]
    std = np.exp(states @ weights["log_std_weight"].T + weights["log_std_bias"])
    noise = rng.choice([-1.0, 1.0], mean.shape) * rng.uniform(0.5, 1.6, mean.shape)
    outwards = np.sign(mean) * rng.uniform(1.0, 1.6, mean.shape)
    return {
        "states": states,
        "next_states": after,
        "actions": (mean + std * np.where(np.abs(mean) > 1.8, outwards, noise)).astype(np.float32),
        "rewards": rng.normal(0, 2, shape).astype(np.float32),
        "terminated": terminated,
        "truncated": truncated,
    }


def _known_values(question: Data, rollout: Data) -> tuple[np.ndarray, np.ndarray]:
    both = (rollout[name] @ question["value_weight"] for name in ("states", "next_states"))
    values, next_values = (found + question["value_bias"] for found in both)
    return values, next_values
