"""Questions about `sample_action`: the distribution, the density, the bounds, and that no graph is kept.

The noise is read back from the actions, (a − mean) / std, and its distribution compared with the reference's.
A density can be checked number by number, for it follows from the action; where it does not agree the formula
is looked for among those that are often written.
"""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian import OWN, draw_weights
from ac_helpers.asking.sample_action import PARTS, ask_far, ask_forms, ask_gradient, ask_near
from ac_helpers.probes.rules import UNKNOWN, Named, SameDistribution
from ac_helpers.probes.spec import Probe, Question

STATES, CALLS, MANY_CALLS = 50, 40, 280

DECILES = (-1.2816, -0.8416, -0.5244, -0.2533, 0.0, 0.2533, 0.5244, 0.8416, 1.2816)
"""Of the normal distribution; where exactly they are does not matter."""

INTERVALS = (-3.05, -2.05, *DECILES, 2.05, 3.05)
"""What noise is sorted by, the two ends together; cut off at three deviations, it lacks sixty draws there."""

OFF_CENTRE = 9.0
"""By how many of its own deviations the mean of a number's noise may be off zero; chance leaves it below."""

CLOSE = 1e-3

ROUNDING = 2e-6
"""Nearer to the mean no action comes by chance: both coordinates of one do with a probability of 10^-12."""

CUT_OFF = 0.1
"""Where a larger part of the densities is the least or the largest of them, they have been cut off there."""

ENOUGH, UNRELATED = 1000, 0.2
"""With so many actions the correlation of what is independent stays below the second with certainty."""

PAIRS, APART = 40, 0.25
"""Of so many pairs at least, a larger share rises apart only where both sides are independent."""

ENTROPY = (1 + np.log(2 * np.pi)) / 2
"""Of a normal distribution with deviation one."""

DRAWN = ("distribution", "density", "bounds")
"""What nobody answers right who draws nothing; what a constant would do counts only beside one of them."""


def make_sampling(rng: np.random.Generator, log_std: float = 1.0, spread: float = 0.4) -> Data:
    """States, a known actor, and bounds: far from all actions, and so near that many are beyond them.

    Means and deviations stay within what an actor may give, and differ from one coordinate and state to the
    next. The near bounds differ from coordinate to coordinate and are nowhere symmetric.
    """
    state_dim, action_dim = 4, int(rng.integers(2, 4))
    states = rng.normal(size=(STATES, state_dim)).astype(np.float32)
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    weights = draw_weights(rng, state_dim, action_dim)
    for name, length in (("mean_weight", 0.7), ("log_std_weight", 0.4)):
        weights[name] *= length / np.linalg.norm(weights[name], axis=1, keepdims=True)
    weights["mean_bias"] = rng.choice([-1, 1], action_dim) * rng.uniform(0.8, 1.2, action_dim)
    weights["log_std_bias"] = log_std + rng.permutation(np.linspace(-spread, spread, action_dim))
    low = -rng.permutation(np.linspace(0.3, 0.9, action_dim)).round(2)
    high = rng.permutation(np.linspace(0.4, 1.1, action_dim)).round(2)
    return {
        "weights": weights,
        "states": states,
        "bounds": {
            "far": [np.full(action_dim, -1e4, np.float32), np.full(action_dim, 1e4, np.float32)],
            "near": [low.astype(np.float32), high.astype(np.float32)],
        },
        "calls": CALLS,
        "shake": int(rng.integers(1 << 30)),
    }


def make_narrow(rng: np.random.Generator) -> Data:
    """With deviations below one, some of which nobody expects who keeps to limits of his own.

    Most densities are above one.
    """
    return make_sampling(rng, log_std=-3.5, spread=2.5) | {"calls": 24}


def make_many(rng: np.random.Generator) -> Data:
    """With deviations below and above one, and as many draws as the shape of noise takes.

    They lie so far apart that noise with wrong ones, over all coordinates, is like no noise of another shape;
    and none near a limit that somebody may keep them to, as a hundredth, a tenth, one, or e to the second.
    """
    return make_sampling(rng, log_std=-1.15, spread=2.65) | {"calls": MANY_CALLS}


def more_calls(question: Data) -> Data:
    return question | {"calls": 4 * question["calls"]}


def _noise(answer: Data) -> np.ndarray:
    """(a − mean) / std of every action, [calls, states, coordinates].

    Raises:
        ValueError: there are not as many numbers as the mean has.
    """
    actions = answer["action"]
    if actions.shape[1:] != answer["mean"].shape:
        raise ValueError("actions of another shape than the mean")
    return (actions - answer["mean"]) / np.exp(answer["log_std"])


def count_noise(question: Data, answer: Data) -> Data:
    """How often the noise falls into each interval, and how often two that are independent have one sign."""
    noise = _noise(answer)
    spread = np.maximum(noise.std(0), CLOSE)
    off_centre = np.abs(noise.mean(0)) / spread * np.sqrt(len(noise))
    across_calls = _signs(noise[0::2, :, 0], noise[1::2, :, 0])
    return {
        "repeats": bool(across_calls[1] == 0),
        "centred": bool((off_centre < OFF_CENTRE).all()),
        "intervals": _by_intervals(noise),
        "across_coordinates": _signs(noise[..., 0], noise[..., 1]),
        "across_states": _signs(noise[:, 0::2, 0], noise[:, 1::2, 0]),
        "across_calls": across_calls,
    }


def _by_intervals(noise: np.ndarray) -> np.ndarray:
    between = np.searchsorted(INTERVALS, noise.ravel()) % len(INTERVALS)
    return np.bincount(between, minlength=len(INTERVALS))


def _signs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    same = int((np.sign(one) == np.sign(other)).sum())
    return np.array([same, one.size - same])


def find_density(question: Data, answer: Data) -> Data:
    """By which formula the densities were computed from the actions that came with them."""
    return {"formula": _formula(answer, answer["action"])}


def _formula(answer: Data, actions: np.ndarray) -> str:
    """The first formula that gives the densities which came back."""
    given = answer["log_prob"]
    for name, densities in _formulas(answer, actions).items():
        if given.shape == densities.shape and _are_close(given, densities):
            return name
    return "of_other_action" if _is_unrelated(answer, actions) else UNKNOWN


def _are_close(given: np.ndarray, densities: np.ndarray) -> bool:
    """The logarithm of a number below zero is one and the same nan for both."""
    return np.allclose(given, densities, rtol=CLOSE, atol=CLOSE, equal_nan=True)


def _is_unrelated(answer: Data, actions: np.ndarray) -> bool:
    """Whether densities and their logarithms have nothing to do with how far actions are from the mean.

    Nor with how far they are from where they lie themselves, which another mean would leave them.
    """
    given = answer["log_prob"]
    if given.shape != actions.shape[:-1] or given.size < ENOUGH or not np.isfinite(given).all():
        return False
    if max(np.isclose(given, end).mean() for end in (given.min(), given.max())) > CUT_OFF:
        return False
    centres = (answer["mean"], actions.mean(0))
    distances = [(((actions - centre) / np.exp(answer["log_std"])) ** 2).sum(-1) for centre in centres]
    told = [given, *([np.log(given)] if (given > 0).all() else [])]
    rests = [numbers + answer["log_std"].sum(-1) for numbers in told]
    if min(map(np.std, [*rests, *distances])) < CLOSE:
        return False
    return all(
        abs(np.corrcoef(rest.ravel(), squares.ravel())[0, 1]) < UNRELATED
        for rest in rests
        for squares in distances
    )


def _formulas(answer: Data, actions: np.ndarray) -> dict[str, np.ndarray]:
    mean, log_std = answer["mean"], answer["log_std"]
    constant = np.log(2 * np.pi) / 2
    with np.errstate(all="ignore"):
        each = _log_densities(mean, np.exp(log_std), actions)
        summed, half_squares = each.sum(-1), ((actions - mean) / np.exp(log_std)) ** 2 / 2
        return {
            "log_density": summed,
            "each_coordinate": each,
            "mean_of_coordinates": each.mean(-1),
            "kept_axis": each.sum(-1, keepdims=True),
            **({"whole_batch": each.sum((-2, -1)), "over_states": each.sum(-2)} if each.ndim > 1 else {}),
            "density": np.exp(summed),
            **{
                name: _log_densities(mean, std, actions).sum(-1) for name, std in _deviations(log_std).items()
            },
            "std_not_squared": (each + half_squares * (1 - np.exp(log_std))).sum(-1),
            "log_of_variance": (each - log_std).sum(-1),
            "without_constant": (each + constant).sum(-1),
            "constant_once": (each + constant).sum(-1) - constant,
            "constant_doubled": (each - constant).sum(-1),
            "without_half": (each - half_squares).sum(-1),
            "of_the_mean": (each + half_squares).sum(-1),
            "without_log_std": (each + log_std).sum(-1),
            "log_std_added": (each + 2 * log_std).sum(-1),
            "negative": -summed,
            "entropy": np.broadcast_to((log_std + ENTROPY).sum(-1), summed.shape),
        }


def _deviations(log_std: np.ndarray) -> dict[str, np.ndarray]:
    """What has been taken for the standard deviation."""
    return {
        "with_signed_log_std": log_std,
        "with_log_std": np.abs(log_std),
        "with_softplus": np.logaddexp(0, log_std),
        "with_base_two": 2**log_std,
        "with_base_ten": 10**log_std,
        "with_exp_twice": np.exp(np.exp(log_std)),
        "with_inverse": np.exp(-log_std),
        "with_variance": np.exp(2 * log_std),
        "with_root": np.exp(log_std / 2),
    }


def _log_densities(mean: np.ndarray, std: np.ndarray, actions: np.ndarray) -> np.ndarray:
    """Logarithms of the normal density, coordinate by coordinate."""
    return -(((actions - mean) / std) ** 2) / 2 - np.log(std) - np.log(2 * np.pi) / 2


def describe_bounds(question: Data, answer: Data) -> Data:
    """What happened to actions beyond the bounds, and of which action the density is."""
    low, high = question["bounds"]["near"]
    actions, env_actions = answer["action"], answer["env_action"]
    beyond = (actions < low) | (actions > high)
    clipped_mean = answer | {"mean": np.clip(answer["mean"], low, high)}
    is_known = _is_known(answer, actions)
    return {
        "action_clipped": not beyond.any(),
        "env_action": _clipping(actions, env_actions, low, high),
        "density_of_clipped": not is_known and _is_known(answer, np.clip(actions, low, high)),
        "density_as_far_away": _is_plain(answer) or not _is_plain(answer["far"]),
        "mean_clipped": not is_known and _is_known(clipped_mean, actions),
    }


def _is_plain(answer: Data) -> bool:
    """Whether the densities are those of the actions themselves."""
    return _formula(answer, answer["action"]) == "log_density"


def _is_known(answer: Data, actions: np.ndarray) -> bool:
    """Whether the densities follow from these actions by any formula that has a name."""
    return _formula(answer, actions) not in (UNKNOWN, "of_other_action")


def _clipping(actions: np.ndarray, env_actions: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    if env_actions.shape != actions.shape:
        return "other_shape"
    if np.allclose(env_actions, np.clip(actions, low, high), atol=CLOSE):
        return "clipped"
    if np.allclose(env_actions, actions, atol=CLOSE):
        return "not_clipped"
    return "of_other_draw" if _rise_apart(actions, env_actions) else "other_bounds"


def _rise_apart(actions: np.ndarray, env_actions: np.ndarray) -> bool:
    """Whether of two actions the larger one is often the smaller one for the environment.

    Bounds of any kind do that to no two actions of a coordinate; two draws do it to every other pair.
    """
    rises = np.sign(np.diff(actions, axis=0)) * np.sign(np.diff(env_actions, axis=0))
    return bool(np.count_nonzero(rises) >= PAIRS and np.mean(rises[rises != 0] < 0) > APART)


AS_IN_A_BATCH = "as_in_a_batch"

BATCHES = ("batch_array", "batch_tensor", "batch_of_one", "one_coordinate")

FORMS = (*BATCHES, "single_array", "single_tensor")

_FORMULAS = {
    "each_coordinate": "log_prob_not_summed",
    "kept_axis": "wrong_shape",
    "mean_of_coordinates": "log_prob_mean",
    "whole_batch": "log_prob_summed_over_batch",
    "over_states": "log_prob_summed_over_batch",
    "density": "prob_not_log",
    **dict.fromkeys(("with_signed_log_std", "with_log_std", "with_softplus"), "std_without_exp"),
    **dict.fromkeys(("with_base_two", "with_base_ten", "with_exp_twice", "with_inverse"), "std_without_exp"),
    **dict.fromkeys(("with_variance", "with_root", "std_not_squared", "log_of_variance"), "std_as_variance"),
    **dict.fromkeys(("without_constant", "constant_once", "constant_doubled"), "density_incomplete"),
    **dict.fromkeys(("without_half", "without_log_std", "log_std_added"), "density_incomplete"),
    "negative": "log_prob_sign",
    "of_the_mean": "log_prob_of_other_action",
    "of_other_action": "log_prob_of_other_action",
}


def _of_formula(got: str, expected: str) -> str | None:
    return _FORMULAS.get(got)


def _of_other_formula(got: str, expected: str) -> str:
    return _FORMULAS.get(got, "forms_differ")


def _of_intervals(got: np.ndarray, expected: np.ndarray) -> str | None:
    return "greedy_action" if np.count_nonzero(got) == 1 else None


_CLIPPING = {
    "not_clipped": "env_action_not_clipped",
    "other_bounds": "clip_wrong_bounds",
    "of_other_draw": "env_action_of_other_draw",
}


def _of_clipping(got: str, expected: str) -> str | None:
    return _CLIPPING.get(got)


def describe_forms(question: Data, answer: Data) -> Data:
    """Shapes of the three results for every form of the state, and whether values are made as in a batch."""
    whole = _made(question, answer["batch_array"])
    described: Data = {}
    for form in FORMS:
        found, made = answer[form], _made(question, answer[form])
        described[form] = None if found is None else [list(part.shape) for part in found["parts"]]
        described[f"{form}_error"] = answer.get(f"{form}_error", "")
        for name, right in (("formula", "log_density"), ("clipping", "clipped"), ("noise", "random")):
            is_other = whole.get(name) == right and made.get(name, right) != right
            described[f"{form}_{name}"] = made[name] if is_other else AS_IN_A_BATCH
    return described


def _made(question: Data, found: Data | None) -> dict[str, str]:
    """By which formula and bounds the results for one form were made, and whether by chance.

    Where their shapes say so.
    """
    if found is None or len(found["parts"]) != len(PARTS) or found["parts"][1].shape != found["mean"].shape:
        return {}
    env_action, action, log_prob = found["parts"]
    low, high = (bound[: action.shape[-1]] for bound in question["bounds"]["near"])
    formula = _formula({**found, "log_prob": log_prob}, action)
    noise = "none" if np.abs(action - found["mean"]).max() < ROUNDING else "random"
    return {"formula": formula, "clipping": _clipping(action, env_action, low, high), "noise": noise}


def _of_shapes(got: list[list[int]] | None, expected: list[list[int]]) -> str | None:
    """The mistake that the shape of the density tells of, where the others are right."""
    if got is None or len(got) != 3 or got[:2] != expected[:2]:
        return "wrong_shape" if got is not None else None
    return "log_prob_not_summed" if got[2] == expected[1] else "wrong_shape"


_ALIKE = dict.fromkeys(("across_coordinates", "across_states", "across_calls"), "noise_shared")

PROBE = Probe(
    id="test_sample_action",
    solution="sample_action",
    defines=("sample_action",),
    questions=(
        Question(
            "forms",
            0.2,
            make_sampling,
            ask_forms,
            {},
            describe_forms,
            repairs=(OWN,),
            symptoms={
                **dict.fromkeys(BATCHES, _of_shapes),
                **dict.fromkeys(("batch_tensor_error", "batch_tensor"), "state_not_converted"),
                **dict.fromkeys(("single_array_error", "single_tensor_error"), "single_state_fails"),
                **dict.fromkeys(("single_array", "single_tensor"), "single_state_fails"),
                **dict.fromkeys((f"{form}_formula" for form in FORMS), _of_other_formula),
                **dict.fromkeys((f"{form}_clipping" for form in FORMS), _of_clipping),
                **dict.fromkeys((f"{form}_noise" for form in FORMS), "forms_differ"),
            },
            beside=DRAWN,
        ),
        Question(
            "distribution",
            0.4,
            make_many,
            ask_far,
            dict.fromkeys(
                ("intervals", "across_coordinates", "across_states", "across_calls"), SameDistribution()
            ),
            count_noise,
            more_calls,
            repairs=(OWN,),
            symptoms={
                "intervals": _of_intervals,
                "repeats": "seed_fixed",
                "centred": "mean_not_used",
                **_ALIKE,
            },
        ),
        Question(
            "density",
            0.4,
            make_sampling,
            ask_far,
            {"formula": Named()},
            find_density,
            repairs=(OWN,),
            symptoms={"formula": _of_formula},
        ),
        Question(
            "narrow",
            0.1,
            make_narrow,
            ask_far,
            {"formula": Named()},
            find_density,
            repairs=(OWN,),
            symptoms={"formula": _of_formula},
        ),
        Question(
            "bounds",
            0.3,
            make_sampling,
            ask_near,
            {},
            describe_bounds,
            repairs=(OWN,),
            symptoms={
                "action_clipped": "action_clipped",
                "env_action": _of_clipping,
                "density_of_clipped": "log_prob_of_clipped_action",
                "density_as_far_away": "log_prob_of_clipped_action",
                "mean_clipped": "mean_clipped",
            },
        ),
        Question(
            "gradient",
            0.1,
            make_sampling,
            ask_gradient,
            {},
            repairs=(OWN,),
            symptoms={
                **dict.fromkeys(PARTS, "graph_kept"),
                "gradients_on": "gradients_switched_off",
                "seed_kept": "seed_set",
            },
            beside=DRAWN,
        ),
    ),
)
