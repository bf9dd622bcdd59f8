"""Questions about `ActorNetwork`: forms, bounds, dependence on the state, and how it starts."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian_actor import ask_forms, ask_log_std, ask_mean, ask_start, ask_states
from ac_helpers.probes.networks import (
    DEPENDENCE,
    FAR,
    NO_GRADIENT,
    STEEP,
    describe_dependence,
    extremes,
    is_straight,
    of_batch_of_one,
    varies,
)
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question

HIDDEN_DIMS = (24, 40, 56, 72)
"""Widths that nobody writes into the code instead of the argument, and that heads and groups divide."""

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
        "states": rng.normal(0, 1.5, (48, state_dim)).astype(np.float32),
        "shake": int(rng.integers(1 << 30)),
    }


def describe_mean(question: Data, answer: Data) -> Data:
    """The bounds of each coordinate of the mean, and whether a tanh leads from one to the other."""
    low, high, columns = _columns(answer)
    is_tanh = []
    for curves, bound in zip(columns, high, strict=True):
        with np.errstate(all="ignore"):
            within = np.where(np.abs(curves) < NEAR_BOUND * bound, curves / bound, np.nan)
            is_tanh.append(any(map(is_straight, np.arctanh(within))))
    return {"has_gradient": answer["has_gradient"], "low": low, "high": high, "tanh": all(is_tanh)}


def describe_log_std(question: Data, answer: Data) -> Data:
    """The bounds of each coordinate, and whether each is met all of a sudden, as by a hard clamp."""
    low, high, columns = _columns(answer)
    steep = (answer["edges"] > STEEP).all(axis=1).any(axis=0)
    is_hard = []
    for number, curves in enumerate(columns):
        margin = 1e-3 * (high[number] - low[number])
        inside = (curves > low[number] + margin) & (curves < high[number] - margin)
        is_hard.append(bool(steep[number]) or any(map(is_straight, np.where(inside, curves, np.nan))))
    return {"has_gradient": answer["has_gradient"], "low": low, "high": high, "hard": all(is_hard)}


def _columns(answer: Data) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """The bounds, [action_dim], and the curves of each coordinate."""
    columns = list(np.moveaxis(np.asarray(answer["curves"]), 1, 0))
    low, high = np.array([extremes(curves) for curves in columns]).T
    return low, high, columns


def describe_states(question: Data, answer: Data) -> Data:
    mean, log_std = answer["outputs"][:2]
    is_bent = [_is_bent(question["states"], values) for values in (mean, _before_tanh(mean), log_std)]
    return {
        **describe_dependence(answer, _before_the_end),
        "mean_varies": varies(mean),
        "log_std_varies": _varies_or_is_stopped(log_std, answer["pulled"]),
        "coordinates_differ": _differ(mean) and _differ(log_std),
        "nonlinear": (is_bent[0] and is_bent[1]) or is_bent[2],
        "has_hidden_dim": question["hidden_dim"] in answer["sizes"],
    }


def _varies_or_is_stopped(log_std: np.ndarray, pulled: list[bool]) -> bool:
    """Whether each coordinate varies, or is stopped by a bound: at a wrong one no gradient gets through."""
    is_bound = np.isin(log_std[0], (-20, 2)) | ~np.array(pulled, bool)
    stopped = (np.ptp(log_std, axis=0) == 0) & is_bound
    return all(varies(one) or is_stopped for one, is_stopped in zip(log_std.T, stopped, strict=True))


def _before_the_end(outputs: np.ndarray) -> list[np.ndarray]:
    """Mean and log-deviation as the last layer gives them; what stands at a bound tells nothing."""
    mean, log_std = np.split(outputs, 2, axis=-1)
    return [_before_tanh(mean), np.where((log_std > -20) & (log_std < 2), log_std, np.nan)]


def _before_tanh(mean: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.arctanh(np.where(np.abs(mean) < 2 * NEAR_BOUND, mean / 2, np.nan))


def _differ(values: np.ndarray) -> bool:
    """Whether no two neighbouring columns are the same, unless both stand still, stopped by a bound."""
    apart = np.abs(np.diff(values, axis=1)).max(axis=0) > 1e-3
    moves = np.ptp(values, axis=0) > 0
    return bool((apart | ~(moves[1:] | moves[:-1])).all())


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
        "orthogonal": bool(answer["weights"])
        and all(_is_orthogonal(weight, question["action_dim"]) for weight in answer["weights"]),
        "biases": all(not bias.any() for bias in answer["biases"]),
        "norms": all(not changed.any() for changed in answer["norms"]),
    }


def _is_orthogonal(weight: np.ndarray, action_dim: int) -> bool:
    """Whether rows or columns are orthogonal, in each of the matrices where an array holds several.

    One layer for both outputs holds two, one below the other.
    """
    if weight.ndim == 2:
        rows = weight if weight.shape[0] <= weight.shape[1] else weight.T
        both = np.split(rows, 2) if len(rows) == 2 * action_dim else [rows]
        return _has_orthogonal_rows(rows) or all(map(_has_orthogonal_rows, both))
    stacks = [np.moveaxis(weight, axis, 0) for axis in range(weight.ndim)]
    return _is_orthogonal(weight.reshape(len(weight), -1), action_dim) or any(
        all(_is_orthogonal(part, action_dim) for part in stack) for stack in stacks
    )


def _has_orthogonal_rows(rows: np.ndarray) -> bool:
    products = rows.astype(float) @ rows.T.astype(float)
    lengths = np.sqrt(np.diag(products))
    if not lengths.all():
        return False
    return np.allclose(products / np.outer(lengths, lengths), np.eye(len(rows)), atol=ORTHOGONAL)


def _of_mean(got: np.ndarray, expected: np.ndarray) -> str:
    return "mean_not_bounded" if np.abs(got).max() >= FAR else "mean_wrong_scale"


def _of_log_std(got: np.ndarray, expected: np.ndarray) -> str:
    return "log_std_not_clamped" if np.abs(got).max() >= FAR else "log_std_wrong_bounds"


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
                "batch": "wrong_shape",
                "batch_of_one": of_batch_of_one("wrong_shape"),
                "one_coordinate_batch": "wrong_shape",
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
            symptoms={**NO_GRADIENT, "low": _of_mean, "high": _of_mean, "tanh": "mean_not_tanh"},
        ),
        Question(
            "log_std",
            0.5,
            make_network,
            ask_log_std,
            {"low": Close(5e-3), "high": Close(5e-3)},
            describe_log_std,
            symptoms={**NO_GRADIENT, "low": _of_log_std, "high": _of_log_std, "hard": "log_std_not_clamped"},
        ),
        Question(
            "states",
            0.3,
            make_network,
            ask_states,
            {},
            describe_states,
            symptoms={
                **DEPENDENCE,
                "mean_varies": "actor_ignores_state",
                "log_std_varies": "log_std_state_independent",
                "whole_state": "part_of_state_ignored",
                "coordinates_differ": "coordinates_alike",
                "nonlinear": "no_nonlinearity",
                "body_trained": "body_not_trained",
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
            symptoms={
                "orthogonal": "init_not_orthogonal",
                "biases": "bias_not_zero",
                "norms": "normalisation_changed",
            },
            every_symptom=True,
        ),
    ),
)
