"""Questions about `ActorCriticTrainer.update`, read from the gradients that its optimizers meet.

Of each gradient the weights of the transitions are known. Advantages may be normalised in any way, so that
the actor's weights are compared with a straight line through the true advantages; the critic's loss may have
a constant factor, so that its weights are compared with a multiple of the true errors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian import OWN, draw_weights
from ac_helpers.asking.trainer import (
    TIGHT,
    ask_clipping,
    ask_gradients,
    ask_minibatches,
    ask_ratio,
)
from ac_helpers.probes.spec import Probe, Question

STEPS, ENVS, ACTION_DIM = 8, 3, 2
SIZE = STEPS * ENVS

NETWORKS, SIZES = ("actor", "critic"), ("even", "uneven")

RIGHT, UNKNOWN = "right", "unknown"

OTHER_GAMMAS, OTHER_LAMS = (0.9, 0.95, 0.99, 1.0), (0.9, 0.95, 0.97)
"""Numbers that are written into the code instead of what the trainer was given."""

CLIP_RATIO = 0.2

PRESENT = 1e-5
"""A transition whose weight is a smaller part of the largest is not in a minibatch, or counts nothing.
Rounding leaves 1e-7, with the known networks and with a student's own."""

BY_CHANCE = 2
"""So many weights of a minibatch may be nothing by chance, where advantages are centred; three of eight are
with a probability below 1e-12."""

FITS = 1e-2
"""How far weights may be from what they should be, in parts of their spread; rounding leaves 1e-4, and the
mistakes that are looked for a tenth or more."""

ENOUGH, TELLING = 5, 2
"""So many transitions of a minibatch have to count for a straight line through them to say something, and so
many minibatches have to have them after the first step, before which no ratio differs from one."""

EDGE = 0.02
"""How near to the edge of the clipping a ratio tells nothing."""

LEFT_OVER = 2e-2
"""The part of a gradient that no weights of transitions explain: a bonus, or what else was added."""


def make_rollout(rng: np.random.Generator) -> Data:
    """A rollout in which every transition has a state of its own and an error that is not near zero."""
    while True:
        question = _make_rollout(rng)
        if np.abs(advantages_of(question, *_known_values(question))).min() > 0.2:
            return question


def _make_rollout(rng: np.random.Generator) -> Data:
    shape = (STEPS, ENVS)
    places = rng.permutation([(t, n) for t in range(1, STEPS - 1, 2) for n in range(ENVS)])
    terminated, truncated = np.zeros(shape, bool), np.zeros(shape, bool)
    terminated[tuple(places[:2].T)] = True
    truncated[tuple(places[2:4].T)] = True
    states = np.eye(SIZE, dtype=np.float32)[rng.permutation(SIZE)].reshape(*shape, SIZE)
    after = rng.normal(0, 0.5, (*shape, SIZE)).astype(np.float32)
    goes_on = ~(terminated | truncated)
    after[:-1][goes_on[:-1]] = states[1:][goes_on[:-1]]
    weights = draw_weights(rng, SIZE, ACTION_DIM)
    weights["log_std_bias"] = rng.uniform(-1.4, -1.1, ACTION_DIM)
    mean = states @ weights["mean_weight"].T + weights["mean_bias"]
    std = np.exp(states @ weights["log_std_weight"].T + weights["log_std_bias"])
    noise = rng.choice([-1.0, 1.0], mean.shape) * rng.uniform(0.5, 1.6, mean.shape)
    return {
        "weights": weights,
        "value_weight": rng.normal(0, 1, SIZE),
        "value_bias": rng.normal(0, 0.5, 1),
        "rollout": {
            "states": states,
            "next_states": after,
            "actions": (mean + std * noise).astype(np.float32),
            "rewards": rng.normal(0, 2, shape).astype(np.float32),
            "terminated": terminated,
            "truncated": truncated,
        },
        "gamma": round(rng.uniform(0.7, 0.8), 2),
        "lam": round(rng.uniform(0.5, 0.6), 2),
        "minibatch_sizes": {"even": 8, "uneven": int(rng.choice([7, 9, 10])), "half": SIZE // 2},
        "epochs": {"even": int(rng.integers(2, 4)), "uneven": int(rng.integers(4, 6))},
        "shake": int(rng.integers(1 << 30)),
    }


def _known_values(question: Data) -> tuple[np.ndarray, np.ndarray]:
    rollout = question["rollout"]
    both = (rollout[name] @ question["value_weight"] for name in ("states", "next_states"))
    values, next_values = (found + question["value_bias"] for found in both)
    return values, next_values


def advantages_of(
    question: Data,
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
        question: holds the rollout.
        values: V(s).
        next_values: V(s').
        gamma: the question's, if not given.
        lam: the question's, if not given.
        masked: after which transitions nothing is to come; those that terminate, if not given.
        cut: where the sum ends; where an episode does, if not given.
    """
    rollout = question["rollout"]
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


def _targets(question: Data, values: np.ndarray, next_values: np.ndarray) -> dict[str, np.ndarray]:
    """The right advantages, and those that are often computed in their place."""
    rollout = question["rollout"]
    terminated, truncated = rollout["terminated"], rollout["truncated"]
    ended, nowhere = terminated | truncated, np.zeros_like(terminated)

    def other(**changed: Any) -> np.ndarray:
        return advantages_of(question, values, next_values, **changed)

    found = {
        RIGHT: other(),
        "gae_not_used rewards": rollout["rewards"].ravel(),
        "value_not_subtracted": other() + values.ravel(),
        "bootstrap_through_termination": other(masked=nowhere),
        "no_bootstrap_through_truncation": other(masked=ended),
        "no_bootstrap_through_truncation alone": other(masked=truncated),
        "episode_not_cut": other(cut=nowhere),
        "episode_not_cut truncated": other(cut=terminated),
        "episode_not_cut terminated": other(cut=truncated),
        "next_state_is_state": advantages_of(question, values, values),
    }
    found |= {f"gamma_ignored {gamma}": other(gamma=gamma) for gamma in OTHER_GAMMAS}
    found |= {f"lam_ignored {lam}": other(lam=lam) for lam in OTHER_LAMS}
    return found | {f"gae_not_used {lam}": other(lam=lam) for lam in (0.0, 1.0)}


def describe_minibatches(question: Data, answer: Data) -> Data:
    """Whether each optimizer makes the right steps, and every epoch uses every transition once."""
    return {
        f"{network}_{name}": _passes(
            answer[name],
            network,
            question["epochs"][name],
            question["minibatch_sizes"][name],
            BY_CHANCE if network == "actor" else _near_zero(question, answer[name]),
        )
        for name in SIZES
        for network in NETWORKS
    }


def _near_zero(question: Data, answer: Data) -> int:
    """How many transitions have next to no error; with the known networks there are none."""
    errors = np.abs(advantages_of(question, answer["values"], answer["next_values"]))
    return int((errors < FITS * errors.max()).sum())


def _passes(answer: Data, network: str, epochs: int, size: int, missing: int) -> str:
    """What is to be said of one network's minibatches: the first thing that is wrong, or "right".

    Args:
        answer: what both optimizers have met.
        network: whose minibatches these are.
        epochs: how many there should be.
        size: of a minibatch.
        missing: so many transitions of a minibatch may count nothing.
    """
    weights = answer[network]["weights"]
    if len(weights) == 0:
        return "no_steps"
    there = _present(weights)
    if not there.any():
        return "gradient_elsewhere" if answer[network]["elsewhere"] else "no_gradient"
    whole, rest = divmod(SIZE, size)
    per_epoch, left = divmod(len(weights), epochs)
    if left or per_epoch not in {whole, whole + (rest > 0)}:
        return _of_other_count(there, epochs, size)
    if (np.diff(there.astype(int), axis=0) >= 0).all() and not (there == there[0]).all():
        return "accumulated"
    for epoch in np.split(there, epochs):
        if (epoch == epoch[0]).all() and len(epoch) > 1:
            return "same_minibatch"
        if epoch.sum(0).max() > 1:
            return "overlap"
        if not _sizes_fit(epoch.sum(1), size, per_epoch > whole, missing):
            return "other_sizes"
    return RIGHT


def _present(weights: np.ndarray) -> np.ndarray:
    """Which transitions are in each minibatch, [steps, T·N]."""
    largest = np.abs(weights).max(axis=1, keepdims=True)
    return np.abs(weights) > np.maximum(PRESENT * largest, 1e-12)


def _of_other_count(there: np.ndarray, epochs: int, size: int) -> str:
    """What another number of steps than expected comes of: other minibatches, or other epochs."""
    largest = int(there.sum(1).max())
    if not size - BY_CHANCE <= largest <= size:
        return "other_size"
    is_one_pass = there.sum(0).max() <= 1 and len(there) >= SIZE // size
    if len(there) < epochs * (SIZE // size) and not is_one_pass:
        return "too_few"
    return "other_epochs"


def _sizes_fit(sizes: np.ndarray, size: int, has_rest: bool, missing: int) -> bool:
    """Whether minibatches have this size; the rest may be a smaller one, join the others, or go.

    Each may seem smaller by what is missing from it.
    """
    seems_whole = SIZE - missing * len(sizes) <= sizes.sum() <= SIZE
    if has_rest:
        return bool(seems_whole and sizes.max() <= size)
    are_alike = bool((sizes >= size - missing).all() and (sizes <= size).all())
    return are_alike or bool(seems_whole and (sizes >= size - missing).all())


def describe_gradients(question: Data, answer: Data) -> Data:
    """From which advantages the weights of both networks' gradients follow."""
    targets = _targets(question, answer["values"], answer["next_values"])
    return {
        "actor": _of_actor(answer["actor"]["weights"], targets),
        "critic": _of_critic(answer["critic"]["weights"], targets, answer["values"].ravel()),
        "actor_adds": _adds(answer["actor"]),
        "critic_adds": _adds(answer["critic"]),
    }


def _adds(network: Data) -> bool:
    """Whether a gradient has a part that is no transition's own."""
    return max(network["rests"], default=0.0) > LEFT_OVER


def _of_actor(weights: np.ndarray, targets: dict[str, np.ndarray]) -> str:
    """The advantages through which every minibatch's weights lie on a straight line that falls."""
    there = _present(weights)
    for name, advantages in targets.items():
        lines = [_line(advantages[one], -row[one]) for row, one in zip(weights, there, strict=True)]
        slopes = [line[0] for line in lines if line is not None]
        if slopes and len(slopes) == len(lines):
            if min(slopes) > 0:
                return name
            return "opposite" if max(slopes) < 0 else UNKNOWN
    return UNKNOWN


def _line(across: np.ndarray, heights: np.ndarray) -> tuple[float, float] | None:
    """Slope and start of the straight line through these points, None where they lie on none."""
    if len(across) < 3 or np.ptp(across) == 0:
        return None
    slope, start = np.polyfit(across, heights, 1)
    rest = np.abs(heights - slope * across - start).max()
    return (float(slope), float(start)) if rest <= FITS * abs(slope) * np.ptp(across) else None


def _of_critic(weights: np.ndarray, targets: dict[str, np.ndarray], values: np.ndarray) -> str:
    """The targets from which the weights follow: times the minibatch's size they are a multiple of V - R."""
    there = _present(weights)
    errors = {name: -advantages for name, advantages in targets.items()}
    for name, wanted in {**errors, "returns_without_value": values - targets[RIGHT]}.items():
        factors = (weights * there.sum(1, keepdims=True) / wanted)[there]
        middle = float(np.median(factors)) if factors.size else 0.0
        if factors.size and np.abs(factors - middle).max() <= 2 * FITS * abs(middle):
            return name if middle > 0 else "opposite"
    return UNKNOWN


def describe_clipping(question: Data, answer: Data) -> Data:
    """Whose gradients are shortened where all have to be, and whether any is where none may be."""
    tight, wide = answer["tight"], answer["wide"]
    is_one_length = any(_is_one_length(wide[network]["lengths"]) for network in NETWORKS)
    return {"tight": _whose(tight["actor"], tight["critic"]), "wide": "changed" if is_one_length else "left"}


def _whose(actor: Data, critic: Data) -> str:
    """Which network's gradients have the length of the limit; both have it where they have it together."""
    lengths = {"actor": np.array(actor["lengths"]), "critic": np.array(critic["lengths"])}
    clipped = [name for name in NETWORKS if _are(lengths[name], TIGHT)]
    alike = len(lengths["actor"]) == len(lengths["critic"])
    if len(clipped) == 2 or (alike and _are(np.hypot(*lengths.values()), TIGHT)):
        return "both"
    if clipped:
        return f"only_{clipped[0]}"
    every = np.concatenate(list(lengths.values()))
    if len(every) == 0 or every.min() < (1 - FITS) * TIGHT:
        return "shorter"
    return "by_value" if max(*actor["largest"], *critic["largest"]) <= (1 + FITS) * TIGHT else "neither"


def _are(lengths: Any, wanted: float) -> bool:
    return len(lengths) > 0 and bool(np.allclose(lengths, wanted, rtol=FITS))


def _is_one_length(lengths: list[float]) -> bool:
    return len(lengths) == 0 or bool(np.ptp(lengths) <= 1e-3 * max(lengths))


def describe_ratio(question: Data, answer: Data) -> Data:
    """Whether a moved actor's gradients have the ratio in them, and lack what is clipped.

    The actor's weights over the ratio, or as they are, lie on a straight line through the advantages.
    """
    advantages = advantages_of(question, answer["values"], answer["next_values"])
    weights, ratios = answer["actor"]["weights"], answer["ratios"]
    there = _present(weights)
    telling = (there.sum(1) >= ENOUGH) & (np.arange(len(there)) > 0)
    with_ratio, without = (
        [_fit(advantages[one], -row[one]) for row, one in zip(rows[telling], there[telling], strict=True)]
        for rows in (weights / ratios, weights)
    )
    steps = zip(with_ratio, ratios[telling], there[telling], strict=True)
    return {
        "ratio": _which(with_ratio, without),
        "counts_clipped": any(
            _counts_clipped(line, advantages[one], ratio[one])
            for line, ratio, one in steps
            if line is not None
        ),
    }


def _which(with_ratio: list[Any], without: list[Any]) -> str:
    if len(with_ratio) < TELLING:
        return UNKNOWN
    if all(line is not None for line in with_ratio):
        return "new_over_old"
    return "always_one" if all(line is not None for line in without) else UNKNOWN


def _fit(across: np.ndarray, heights: np.ndarray) -> tuple[float, float] | None:
    line = _line(across, heights)
    return None if line is None or line[0] <= 0 else line


def _counts_clipped(line: tuple[float, float], advantages: np.ndarray, ratios: np.ndarray) -> bool:
    """Whether a transition counts whose probability has gone the right way beyond the range already."""
    weights = line[0] * advantages + line[1]
    too_far = 1 + CLIP_RATIO + EDGE, 1 - CLIP_RATIO - EDGE
    matters = np.abs(weights) > EDGE * np.abs(weights).max()
    return bool((matters & np.where(weights > 0, ratios > too_far[0], ratios < too_far[1])).any())


_PASSES = {
    "no_gradient": "zero_grad_misplaced",
    "gradient_elsewhere": "optimizers_exchanged",
    "other_epochs": "epochs_ignored",
    "other_size": "minibatch_size_ignored",
    "too_few": "minibatches_incomplete",
    "accumulated": "zero_grad_missing",
    "same_minibatch": "same_minibatch",
    "overlap": "minibatches_overlap",
    "other_sizes": "minibatches_incomplete",
}

_ACTOR_PASSES = {**_PASSES, "no_steps": "actor_not_stepped"}

_CRITIC_PASSES = {**_PASSES, "no_steps": "critic_not_stepped"}

_TARGETS = {"opposite": "actor_loss_sign", UNKNOWN: "samples_misaligned"}

_TIGHT = {
    "by_value": "clip_by_value",
    "neither": "gradients_not_clipped",
    "only_actor": "one_net_clipped",
    "only_critic": "one_net_clipped",
}

_RATIOS = {"always_one": "old_log_probs_ignored"}


def _of_actor_passes(got: str, expected: str) -> str | None:
    return _ACTOR_PASSES.get(got)


def _of_critic_passes(got: str, expected: str) -> str | None:
    return _CRITIC_PASSES.get(got)


def _of_targets(got: str, expected: str) -> str | None:
    """The mistake that a wrong target is called after, what comes behind it left away."""
    return _TARGETS.get(got, got.split()[0])


def _of_tight(got: str, expected: str) -> str | None:
    return _TIGHT.get(got)


def _of_ratio(got: str, expected: str) -> str | None:
    return _RATIOS.get(got)


PROBE = Probe(
    id="test_trainer",
    solution="trainer",
    defines=("ActorCriticTrainer",),
    questions=(
        Question(
            "minibatches",
            0.3,
            make_rollout,
            ask_minibatches,
            {},
            describe_minibatches,
            repairs=(OWN,),
            symptoms={
                **{f"actor_{name}": _of_actor_passes for name in SIZES},
                **{f"critic_{name}": _of_critic_passes for name in SIZES},
            },
        ),
        Question(
            "gradients",
            0.3,
            make_rollout,
            ask_gradients,
            {},
            describe_gradients,
            repairs=(OWN,),
            symptoms={
                "actor": _of_targets,
                "critic": _of_targets,
                "actor_adds": "gradient_of_something_else",
                "critic_adds": "gradient_of_something_else",
            },
        ),
        Question(
            "clipping",
            0.2,
            make_rollout,
            ask_clipping,
            {},
            describe_clipping,
            repairs=(OWN,),
            symptoms={
                "wide": "max_grad_norm_ignored",
                "tight": _of_tight,
            },
        ),
        Question(
            "ratio",
            0.2,
            make_rollout,
            ask_ratio,
            {},
            describe_ratio,
            repairs=(OWN,),
            symptoms={"ratio": _of_ratio, "counts_clipped": "no_clip"},
        ),
    ),
)
