"""Questions about `ActorNetwork`: forms, bounds, dependence on the state, and how it starts."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian_actor import ask_forms, ask_log_std, ask_mean, ask_start, ask_states
from ac_helpers.probes.networks import FAR, extremes, is_straight
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question

HIDDEN_DIMS = (19, 23, 29, 31)
"""Widths that nobody writes into the code instead of the argument."""

NEAR_BOUND = 0.98
"""Beyond this part of its bound the inverse of a tanh in float32 says little."""

BENT = 1e-3
"""What is left of an output after the best linear function of the state, in parts of its spread; rounding
leaves less than 1e-5, and a hidden layer some 1e-1."""

ORTHOGONAL = 1e-3


def make_network(rng: np.random.Generator) -> Data:
    """Sizes that all differ, and a batch of states."""
    state_dim, action_dim = int(rng.integers(5, 8)), int(rng.integers(3, 5))
    return {
        "state_dim": state_dim,
        "action_dim": action_dim,
        "hidden_dim": int(rng.choice(HIDDEN_DIMS)),
        "batch": int(rng.integers(9, 12)),
        "coordinate": int(rng.integers(action_dim)),
        "states": rng.normal(0, 1.5, (48, state_dim)).astype(np.float32),
        "shake": int(rng.integers(1 << 30)),
    }


def describe_mean(question: Data, answer: Data) -> Data:
    """The bounds of the mean, and whether a tanh leads from one to the other."""
    curves = np.asarray(answer["curves"])
    low, high = extremes(curves)
    with np.errstate(all="ignore"):
        within = np.where(np.abs(curves) < NEAR_BOUND * high, curves / high, np.nan)
        is_tanh = any(map(is_straight, np.arctanh(within)))
    return {"low": low, "high": high, "tanh": is_tanh}


def describe_log_std(question: Data, answer: Data) -> Data:
    """The bounds, and whether nothing changes between them: a hard clamp lets through what is inside."""
    curves = np.asarray(answer["curves"])
    low, high = extremes(curves)
    margin = 1e-3 * (high - low)
    within = np.where((curves > low + margin) & (curves < high - margin), curves, np.nan)
    return {"low": low, "high": high, "hard": any(map(is_straight, within))}


def describe_states(question: Data, answer: Data) -> Data:
    mean, log_std = answer["mean"], answer["log_std"]
    with np.errstate(all="ignore"):
        before_tanh = np.arctanh(np.where(np.abs(mean) < 2 * NEAR_BOUND, mean / 2, np.nan))
    is_bent = [_is_bent(question["states"], values) for values in (mean, before_tanh, log_std)]
    return {
        "registered": answer["registered"],
        "mean_varies": _varies(mean),
        "log_std_varies": _varies(log_std),
        "coordinates_differ": _differ(mean) and _differ(log_std),
        "nonlinear": (is_bent[0] and is_bent[1]) or is_bent[2],
        "has_hidden_dim": question["hidden_dim"] in answer["sizes"],
    }


def _varies(values: np.ndarray) -> bool:
    """Whether every column [B, action_dim] changes from state to state."""
    return bool((np.ptp(values, axis=0) > 1e-3).all())


def _differ(values: np.ndarray) -> bool:
    """Whether no two neighbouring columns are the same."""
    return bool((np.abs(np.diff(values, axis=1)).max(axis=0) > 1e-3).all())


def _is_bent(states: np.ndarray, values: np.ndarray) -> bool:
    """Whether some column is no linear function of the state; what stands at a bound tells nothing."""
    return any(_column_is_bent(states, column) for column in values.T)


def _column_is_bent(states: np.ndarray, column: np.ndarray) -> bool:
    inside = np.isfinite(column) & (column > -20) & (column < 2)
    if inside.sum() <= states.shape[1] + 3:
        return False
    linear = np.column_stack([states[inside], np.ones(inside.sum())])
    rest = column[inside] - linear @ np.linalg.lstsq(linear, column[inside], rcond=None)[0]
    return bool(np.abs(rest).max() > BENT * max(1e-3, np.ptp(column[inside])))


def describe_start(question: Data, answer: Data) -> Data:
    return {
        "orthogonal": bool(answer["weights"]) and all(map(_is_orthogonal, answer["weights"])),
        "biases": all(not bias.any() for bias in answer["biases"]),
    }


def _is_orthogonal(weight: np.ndarray) -> bool:
    """Whether rows or columns are orthogonal and equally long: W Wᵀ = g² I or Wᵀ W = g² I, g > 0."""
    shorter = weight if weight.shape[0] <= weight.shape[1] else weight.T
    products = shorter.astype(float) @ shorter.T.astype(float)
    gain = float(np.trace(products)) / len(products)
    return gain > 0 and np.allclose(products, gain * np.eye(len(products)), atol=ORTHOGONAL * gain)


def _of_mean(got: float, expected: float) -> str:
    return "mean_not_bounded" if abs(got) >= FAR else "mean_wrong_scale"


def _of_log_std(got: float, expected: float) -> str:
    return "log_std_not_clamped" if abs(got) >= FAR else "log_std_wrong_bounds"


PROBE = Probe(
    id="test_gaussian_actor",
    solution="gaussian_actor",
    defines=("ActorNetwork",),
    questions=(
        Question(
            "forms",
            0.4,
            make_network,
            ask_forms,
            {},
            symptoms={
                **dict.fromkeys(("batch", "batch_of_one", "one_coordinate_batch"), "wrong_shape"),
                **dict.fromkeys(("single_error", "single"), "single_state_fails"),
            },
            beside=("mean", "log_std", "states"),
        ),
        Question(
            "mean",
            0.5,
            make_network,
            ask_mean,
            {"low": Close(5e-3), "high": Close(5e-3)},
            describe_mean,
            symptoms={"low": _of_mean, "high": _of_mean, "tanh": "mean_not_tanh"},
        ),
        Question(
            "log_std",
            0.5,
            make_network,
            ask_log_std,
            {"low": Close(5e-3), "high": Close(5e-3)},
            describe_log_std,
            symptoms={"low": _of_log_std, "high": _of_log_std, "hard": "log_std_squashed"},
        ),
        Question(
            "states",
            0.3,
            make_network,
            ask_states,
            {},
            describe_states,
            symptoms={
                "registered": "params_not_registered",
                "mean_varies": "actor_ignores_state",
                "log_std_varies": "log_std_state_independent",
                "coordinates_differ": "coordinates_alike",
                "nonlinear": "no_nonlinearity",
                "has_hidden_dim": "hidden_dims_ignored",
            },
        ),
        Question(
            "start",
            0.3,
            make_network,
            ask_start,
            {},
            describe_start,
            symptoms={"orthogonal": "init_not_orthogonal", "biases": "bias_not_zero"},
        ),
    ),
)
