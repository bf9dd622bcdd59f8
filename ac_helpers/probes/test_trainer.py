"""Questions about `ActorCriticTrainer.update`, read from the gradients that its optimizers meet.

Of each gradient the weights of the transitions are known. Advantages may be normalised in any way, so that
the actor's weights are compared with a straight line through the true advantages; the critic's loss may have
a constant factor, so that its weights are compared with a multiple of the true errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.gaussian import OWN, draw_weights
from ac_helpers.asking.trainer import (
    EPOCHS,
    MOVING_EPOCHS,
    TENSORS,
    TIGHT,
    ask_clipping,
    ask_gradients,
    ask_minibatches,
    ask_ratio,
)
from ac_helpers.probes.rules import UNKNOWN, Named
from ac_helpers.probes.spec import Probe, Question

STEPS, ENVS, ACTION_DIM = 8, 3, 2
SIZE = STEPS * ENVS

NETWORKS, SIZES = ("actor", "critic"), ("even", "uneven")

REPAIRS = (OWN, TENSORS, f"{OWN} {TENSORS}")

RIGHT, FIRST, ADDS, MISALIGNED = "right", "first", "adds", "samples_misaligned"
BENT, SCALED, BROADCAST, EXCHANGED = "bent", "scaled", "broadcast", "exchanged"

OTHER_GAMMAS, OTHER_LAMS = (0.9, 0.95, 0.99, 1.0), (0.9, 0.95, 0.97)
"""Numbers that are written into the code instead of what the trainer was given."""

CLIP_RATIO = 0.2

PRESENT = 1e-5
"""A transition whose weight is a smaller part of the largest is not in a minibatch, or counts nothing.
Rounding leaves 1e-7 with the known networks."""

SURELY = 10.0
"""A weight is none if it is not so many times as large as rounding may have made it: with a student's own
networks, whose terms may be nearly alike, that is more than `PRESENT`. The same holds for what no weights
explain."""

BY_CHANCE = 2
"""So many weights of a minibatch may be nothing by chance, where advantages are centred; three of eight are
with a probability below 1e-12."""

MOST = 0.8
"""That part of the transitions at least is used equally often where every epoch takes each of them once."""

FITS = 1e-2
"""How far weights may be from what they should be, in parts of their spread; rounding leaves 1e-4, and the
mistakes that are looked for a tenth or more."""

ENOUGH_OF_ERROR = 0.1
"""Errors below this are not known better, in part of themselves, than one of this size."""

ENOUGH, TELLING = 5, 2
"""So many transitions of a minibatch have to count for a straight line through them to say something, and so
many minibatches have to have them after the first step, before which no ratio differs from one."""

EDGE = 0.02
"""How near to the edge of the clipping a ratio tells nothing."""

LEFT_OVER = 2e-4
"""The part of a gradient that no weights of transitions explain: a bonus, or what else was added. Rounding
leaves less than 1e-6, also with a student's own networks; a thousandth of the entropy leaves more."""


BOUND = 2.0
"""Of the actions that Pendulum takes."""


def make_rollout(rng: np.random.Generator) -> Data:
    """Rollouts in which every transition has a state of its own."""
    while True:
        question = _make_question(rng)
        if all(_tells(question, question[name]) for name in ("rollout", "second")):
            return question


def _tells(question: Data, rollout: Data) -> bool:
    """Whether no error is near zero, and the action with the lowest advantage lies beyond the bounds.

    An action that is cut off becomes likelier: its term is clipped away but for a low advantage.
    """
    advantages = advantages_of(question, rollout, *_known_values(question, rollout))
    lowest = rollout["actions"].reshape(SIZE, ACTION_DIM)[advantages.argmin()]
    return bool(np.abs(advantages).min() > 0.2 and np.abs(lowest).max() > BOUND)


def _make_question(rng: np.random.Generator) -> Data:
    weights = draw_weights(rng, SIZE, ACTION_DIM)
    # States are columns of the unit matrix, so that each has a mean of its own; some are near the bound.
    means = rng.uniform(-1.2, 1.2, (ACTION_DIM, SIZE))
    means[:, : SIZE // 4] = rng.choice([-1.85, 1.85], (ACTION_DIM, SIZE // 4))
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


def _targets(
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


def _monte_carlo(question: Data, rollout: Data, cut: np.ndarray) -> np.ndarray:
    """Discounted sums [T·N] of the rewards alone."""
    nothing = np.zeros(rollout["rewards"].shape)
    return advantages_of(question, rollout, nothing, nothing, lam=1.0, cut=cut)


def describe_minibatches(question: Data, answer: Data) -> Data:
    """Whether each optimizer makes the right steps, and every epoch uses every transition once."""
    return {
        **{
            f"{network}_{name}": passes
            for name in SIZES
            for network, passes in _of_both(question, answer[name], name).items()
        },
        # Where no rest is left out.
        "as_many_epochs": all(
            _times_used(answer["even"][network]) in {0, question["epochs"]["even"]} for network in NETWORKS
        ),
    }


def _of_both(question: Data, answer: Data, sizes: str) -> dict[str, str]:
    """What is to be said of the minibatches of both networks.

    Transitions that only the actor's gradient lacks are in the minibatches: the clipping has left them out.
    """
    epochs = question["epochs"][sizes]
    found = {network: _passes(question, answer, network, sizes, epochs) for network in NETWORKS}
    if found == {"actor": "other_sizes", "critic": RIGHT}:
        found["actor"] = "clipped_away"
    return found


def _times_used(network: Data) -> int:
    """How often all transitions but a few are in a minibatch; 0 where that differs, or cannot be told."""
    times = _present(network).sum(axis=0)
    usual = int(np.median(times))
    return usual if (times == usual).mean() > MOST and not _adds(network) else 0


def _near_zero(question: Data, answer: Data) -> int:
    """How many transitions have next to no error; with the known networks there are none."""
    errors = np.abs(advantages_of(question, question["rollout"], answer["values"], answer["next_values"]))
    return int((errors < FITS * errors.max()).sum())


def _passes(question: Data, answer: Data, network: str, sizes: str, epochs: int) -> str:
    """What is to be said of one network's minibatches: the first thing that is wrong, or "right".

    Args:
        question: holds the rollout.
        answer: what both optimizers have met.
        network: whose minibatches these are.
        sizes: which of the question's.
        epochs: how many there should be.
    """
    size = question["minibatch_sizes"][sizes]
    # So many transitions of a minibatch may count nothing.
    missing = BY_CHANCE if network == "actor" else _near_zero(question, answer)
    weights = answer[network]["weights"]
    if len(weights) == 0:
        return "no_steps"
    there = _present(answer[network])
    if not there.any():
        (other,) = {*NETWORKS} - {network}
        if _present(answer[other]).any():
            return f"{network}_stands_still"
        return "gradient_elsewhere" if answer[network]["elsewhere"] else "no_gradient"
    whole, rest = divmod(SIZE, size)
    per_epoch, left = divmod(len(weights), epochs)
    fits = not left and per_epoch in {whole, whole + (rest > 0)}
    if _adds(answer[network]):
        return RIGHT if fits else ADDS  # the weights tell nothing, and what is added is charged elsewhere
    if not fits:
        return _of_other_count(there, epochs, size)
    if _add_up(there, epochs, size):
        return "accumulated"
    for epoch in np.split(there, epochs):
        if (epoch == epoch[0]).all() and len(epoch) > 1:
            return "same_minibatch"
        if epoch.sum(0).max() > 1:
            return "overlap"
        if not _sizes_fit(epoch.sum(1), size, per_epoch > whole, missing):
            return "other_sizes"
    return RIGHT


def _add_up(there: np.ndarray, epochs: int, size: int) -> bool:
    """Whether minibatches contain those before them, in every epoch or from the first one on."""
    return _grow([there], size) or _grow(np.split(there, epochs), size)


def _grow(runs: list[np.ndarray], size: int) -> bool:
    """Whether runs begin with one minibatch each, to which others are added."""
    begin = all(run[0].sum() <= size for run in runs)
    keep = all((np.diff(run.astype(int), axis=0) >= 0).all() for run in runs)
    return begin and keep and not all((run == run[0]).all() for run in runs)


def _present(network: Data) -> np.ndarray:
    """Which transitions are in each minibatch, [steps, T·N]."""
    weights = np.abs(network["weights"])
    noises, rests = (np.array(network[name]).reshape(-1, 1) for name in ("noises", "rests"))
    # Where more is left over all weights are wrong, and it is said what is added.
    unexplained = SURELY * np.where(rests > LEFT_OVER, 0, rests)
    part = np.maximum(PRESENT, unexplained) * weights.max(axis=1, keepdims=True, initial=0)
    return weights > np.maximum.reduce([part, SURELY * noises, np.full_like(noises, 1e-12)])


def _of_other_count(there: np.ndarray, epochs: int, size: int) -> str:
    """What another number of steps than expected comes of: other minibatches, or other epochs."""
    if there.sum(1).max() != size:
        return "other_size"
    too_few = len(there) < epochs * (SIZE // size) and not _are_whole_passes(there, size)
    return "too_few" if too_few else "other_epochs"


def _are_whole_passes(there: np.ndarray, size: int) -> bool:
    """Whether minibatches are passes over everything, of whatever number."""
    whole, rest = divmod(SIZE, size)
    return any(
        len(there) % per_epoch == 0
        and all(epoch.sum(0).max() <= 1 for epoch in np.split(there, len(there) // per_epoch))
        for per_epoch in {whole, whole + (rest > 0)}
    )


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
    targets = _targets(question, question["rollout"], answer["values"], answer["next_values"])
    found = {
        "actor": _of_actor(answer["actor"], targets),
        "critic": _of_critic(answer["critic"], targets, answer["values"].ravel()),
    }
    if found["critic"] == UNKNOWN and _is_scaled(question, answer):
        found = {name: SCALED if said == UNKNOWN else said for name, said in found.items()}
    for network in (network for network in NETWORKS if found[network] in {UNKNOWN, BENT, SCALED}):
        passes = _passes(question, answer, network, "even", EPOCHS)
        found[network] = found[network] if passes == RIGHT else passes
    # Actions of other states leave a gradient that is no transition's; the critic's errors tell of whose.
    is_misaligned = found["critic"].startswith(MISALIGNED)
    return {
        **found,
        "actor_adds": _adds(answer["actor"]) and not is_misaligned,
        "critic_adds": _adds(answer["critic"]),
    }


def _adds(network: Data) -> bool:
    """Whether a gradient has a part that is no transition's own."""
    return max(network["rests"], default=0.0) > LEFT_OVER


def _of_actor(actor: Data, targets: dict[str, np.ndarray]) -> str:
    """The advantages through which every minibatch's weights lie on a straight line that falls."""
    there = _present(actor)
    steps = list(zip(actor["weights"], there, actor["noises"], strict=True))
    if there.any() and all(_are_alike(row[one]) for row, one, _ in steps):
        return "alike"
    for name, advantages in targets.items():
        lines = [_line(advantages[one], -row[one], noise) for row, one, noise in steps]
        slopes = [line[0] for line in lines if line is not None]
        if slopes and len(slopes) == len(lines):
            if min(slopes) > 0:
                return name
            return "opposite" if max(slopes) < 0 else UNKNOWN
    return BENT if _are_in_order((-row[one], targets[RIGHT][one]) for row, one, _ in steps) else UNKNOWN


def _are_in_order(steps: Iterable[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Whether in each step what is larger does not weigh less: it is where it belongs, though wrong."""
    told = [(weights[np.argsort(right)], np.ptp(weights)) for weights, right in steps if len(weights) > 1]
    return bool(told) and all(bool((np.diff(weights) >= -FITS * spread).all()) for weights, spread in told)


def _are_alike(weights: np.ndarray) -> bool:
    """Whether the transitions of a minibatch all count the same."""
    return len(weights) > 1 and bool(np.ptp(weights) <= FITS * np.abs(weights).max())


def _line(across: np.ndarray, heights: np.ndarray, noise: float) -> tuple[float, float] | None:
    """Slope and start of the straight line through these points, None where they lie on none."""
    if len(across) < 3 or np.ptp(across) == 0:
        return None
    slope, start = np.polyfit(across, heights, 1)
    rest = np.abs(heights - slope * across - start).max()
    is_line = rest <= FITS * abs(slope) * np.ptp(across) + SURELY * noise
    return (float(slope), float(start)) if is_line else None


def _of_critic(critic: Data, targets: dict[str, np.ndarray], values: np.ndarray) -> str:
    """The targets from which the weights follow: a multiple of V - R, the same one in every step.

    In minibatches of other sizes it is the same one but for the size, by which a mean divides.
    """
    there = _present(critic)
    sizes = there.sum(axis=1)
    summed = critic | {"weights": critic["weights"] * sizes[:, None], "noises": critic["noises"] * sizes}
    errors = {name: -advantages for name, advantages in targets.items()}
    errors["returns_without_value"] = values - targets[RIGHT]
    means = there @ (values + targets[RIGHT]) / sizes.clip(1)
    errors["loss_broadcast"] = values - means[:, None]
    by_rows = (values + targets[RIGHT]).reshape(STEPS, ENVS)
    errors[f"{MISALIGNED} returns by columns"] = values - by_rows.T.ravel()
    errors[f"{MISALIGNED} states by columns"] = values - by_rows.reshape(ENVS, STEPS).T.ravel()
    for name, of_all in errors.items():
        wanted = np.broadcast_to(of_all, critic["weights"].shape)
        factor = _factor(critic, wanted) or _factor(summed, wanted)
        if factor is not None:
            return name if factor > 0 else "opposite"
    if len(there) and _factors(critic, errors[RIGHT]):
        return "other_lengths" if _are_one(critic["lengths"]) else "other_factors"
    steps = zip(critic["weights"], there, strict=True)
    return BENT if _are_in_order((row[one], errors[RIGHT][one]) for row, one in steps) else UNKNOWN


def _is_scaled(question: Data, answer: Data) -> bool:
    """Whether the critic's weights follow from the values and from rewards or targets in another scale."""
    rollout, nothing = question["rollout"], np.zeros((STEPS, ENVS))
    ones = {**rollout, "rewards": nothing + 1}
    values = answer["values"].ravel()
    right = advantages_of(question, rollout, answer["values"], answer["next_values"])
    of_rewards, of_ones = (advantages_of(question, given, nothing, nothing) for given in (rollout, ones))
    parts = np.stack([values, values + right, of_rewards, of_ones, np.ones(SIZE)], axis=-1)
    there = _present(answer["critic"])
    weights, places = answer["critic"]["weights"][there], parts[np.nonzero(there)[1]]
    if len(weights) <= 2 * parts.shape[1]:
        return False
    rest = weights - places @ np.linalg.lstsq(places, weights, rcond=None)[0]
    return bool(np.abs(rest).max() <= FITS * np.ptp(weights))


def _factors(critic: Data, wanted: np.ndarray) -> bool:
    """Whether the weights of each step for itself are a multiple of errors [T·N]."""
    steps = range(len(critic["weights"]))
    return all(_factor(_steps_of(critic, [step]), wanted[None]) is not None for step in steps)


def _steps_of(network: Data, steps: list[int]) -> Data:
    """What was watched in some steps only."""
    return {name: np.asarray(network[name])[steps] for name in ("weights", "noises", "rests")}


def _factor(critic: Data, wanted: np.ndarray) -> float | None:
    """The number by which the weights are a multiple of errors [steps, T·N], None if they are of none.

    All minibatches are of one size, so that one factor does for all.
    """
    there = _present(critic)
    weights, errors = critic["weights"][there], wanted[there]
    if not len(errors):
        return None
    largest = np.abs(errors) >= np.median(np.abs(errors))
    factor = float(np.median(weights[largest] / errors[largest]))
    close = 2 * FITS * abs(factor) * np.abs(errors).clip(ENOUGH_OF_ERROR)
    return factor if factor and (np.abs(weights - factor * errors) <= close).all() else None


def describe_clipping(question: Data, answer: Data) -> Data:
    """Whose gradients are shortened where all have to be, and whether any is where none may be.

    A network that makes no step shows neither.
    """
    tight, wide = answer["tight"], answer["wide"]
    is_changed = any(_has_one_length(wide[network]) for network in NETWORKS)
    return {"tight": _whose(tight), "wide": "changed" if is_changed else "left"}


def _whose(met: Data) -> str:
    """Which network's gradients have the length of the limit; both have it where they have it together."""
    stepped = [name for name in NETWORKS if len(met[name]["lengths"])]
    lengths = [np.array(met[name]["lengths"]) for name in stepped]
    clipped = [name for name, of_one in zip(stepped, lengths, strict=True) if _are(of_one, TIGHT)]
    alike = len(set(map(len, lengths))) == 1
    if not stepped:
        return "no_steps"
    if clipped == stepped or (alike and _are(np.linalg.norm(lengths, axis=0), TIGHT)):
        return "both"
    if clipped:
        return f"only_{clipped[0]}"
    if np.concatenate(lengths).min() < (1 - FITS) * TIGHT:
        return "shorter"
    if all(
        np.allclose(met[name]["lengths"], TIGHT * np.sqrt(met[name]["tensors"]), rtol=FITS)
        for name in stepped
    ):
        return "by_tensor"
    largest = max(max(met[name]["largest"]) for name in stepped)
    return "by_value" if largest <= (1 + FITS) * TIGHT else "neither"


def _are(lengths: np.ndarray, wanted: float) -> bool:
    """Whether lengths are what they are shortened to; a few may be less by nature."""
    at_limit = np.isclose(lengths, wanted, rtol=FITS)
    return bool((at_limit | (lengths < wanted)).all() and at_limit.mean() >= 0.5)


def _has_one_length(network: Data) -> bool:
    """Whether gradients of several minibatches are all equally long."""
    there, lengths = _present(network), network["lengths"]
    differ = not (there == there[:1]).all()
    return differ and _are_one(lengths)


def _are_one(lengths: Sequence[float]) -> bool:
    """Whether lengths are all the same."""
    return bool(np.ptp(lengths) <= 1e-3 * max(lengths))


def describe_ratio(question: Data, answer: Data) -> Data:
    """What is to be said of two updates in a row, of which the second may hang on the first."""
    found = [_describe_update(question, question[name], answer[name]) for name in ("rollout", "second")]
    return {
        name: next((one[name] for one in found if one[name] != right), right)
        for name, right in _MOVES_RIGHT.items()
    }


NEW_OVER_OLD, FOLLOWS, CHANGES = "new_over_old", "follows", "changes"

_MOVES_RIGHT: Data = {
    "steps": "all",
    "ratio": NEW_OVER_OLD,
    "counts_clipped": False,
    "lacks_unclipped": False,
    "critic": FOLLOWS,
}


def _describe_update(question: Data, rollout: Data, answer: Data) -> Data:
    """Whether the gradients of networks that move are right: that of the actor with the ratio in it.

    Advantages and targets are those of the critic at the start of the update, or of each epoch, whether
    both networks take their steps in turns or one after the other; or wrong ones that have a name, because
    these are charged elsewhere.
    """
    size = question["minibatch_sizes"]["half"]
    n_steps = MOVING_EPOCHS * (SIZE // size)
    watched = [answer[network] for network in NETWORKS]
    counts = [len(network["weights"]) for network in watched]
    if set(counts) != {n_steps}:
        return _MOVES_RIGHT | {"steps": _of_other_steps(watched, size, n_steps)}
    still = [name for name, network in zip(NETWORKS, watched, strict=True) if not _present(network).any()]
    if still:
        return _MOVES_RIGHT | {"steps": f"no_{still[0]}"}
    if any(_add_up(_present(network), MOVING_EPOCHS, size) for network in watched):
        return _MOVES_RIGHT | {"steps": "accumulated"}
    if any(map(_adds, watched)):
        return _MOVES_RIGHT | {
            name: ADDS for name, network in zip(("ratio", "critic"), watched, strict=True) if _adds(network)
        }
    if any(map(_overlaps, watched)):
        return _MOVES_RIGHT | dict.fromkeys(("ratio", "critic"), "other_minibatches")
    made = {network: _made(question, rollout, answer, network) for network in NETWORKS}
    found = {
        "steps": "all",
        **_of_moving_actor(answer["actor"], made["actor"]),
        "critic": _of_moving_critic(answer["critic"], made["critic"]),
    }
    if UNKNOWN not in found.values():
        return found
    at_first = _at_first(question | {"rollout": rollout}, answer)
    return found | {name: said for name, said in at_first.items() if found[name] == UNKNOWN}


def _at_first(question: Data, answer: Data) -> dict[str, str]:
    """What is wrong with the weights of the first step, before anything moves, where that has a name."""
    firsts = {network: _steps_of(answer[network], [0]) for network in NETWORKS}
    values = answer["values"].ravel()
    right = advantages_of(question, question["rollout"], answer["values"], answer["next_values"])
    (actor,), (critic,) = (_present(firsts[network]) for network in NETWORKS)
    (weights,), (errors,) = (firsts[network]["weights"] for network in NETWORKS)
    belongs = {
        "ratio": _are_in_order([(-weights[actor], right[actor])]),
        "critic": _are_in_order([(-errors[critic], right[critic])]),
    }
    found = {name: MISALIGNED for name, is_in_order in belongs.items() if not is_in_order}
    if not belongs["critic"] and _is_scaled(question, answer | firsts):
        found = {}
    if actor.any() and _are_alike(weights[actor]):
        found["ratio"] = BROADCAST
    if critic.any() and _factor(firsts["critic"], (values - (values + right)[critic].mean())[None]):
        found["critic"] = BROADCAST
    return found


def _of_other_steps(watched: list[Data], size: int, n_steps: int) -> str:
    """What another number of steps than expected comes of."""
    for name, network in zip(NETWORKS, watched, strict=True):
        if len(network["weights"]) == 0:
            return f"no_{name}"
    if min(len(network["weights"]) for network in watched) >= n_steps:
        return "more"
    return "larger" if max(_present(network).sum(axis=1).max() for network in watched) > size else "fewer"


def _overlaps(network: Data) -> bool:
    """Whether a transition is in two minibatches of an epoch."""
    return any(bool((epoch.sum(0) > 1).any()) for epoch in np.split(_present(network), MOVING_EPOCHS))


def _of_moving_actor(actor: Data, made: Iterator[tuple[np.ndarray, np.ndarray]]) -> Data:
    """What is to be said by the first advantages that fit, or by the right ones; hardly any are looked at."""
    by_right = _describe_actor(actor, next(made)[0])
    if by_right["ratio"] == NEW_OVER_OLD:
        return by_right
    others = (_describe_actor(actor, advantages) for advantages, _ in made)
    return next((one for one in others if one["ratio"] == NEW_OVER_OLD), by_right)


def _of_moving_critic(critic: Data, made: Iterator[tuple[np.ndarray, np.ndarray]]) -> str:
    """Whether errors are those of targets that stay, or only begin with these."""
    begins, there = False, _present(critic)
    for advantages, values in made:
        # Of targets without the values it is said elsewhere that they are missing.
        for errors in (critic["values"] - values - advantages, critic["values"] - advantages):
            fits = (_factor(critic, errors) or 0) > 0
            if fits and not _lacks(np.abs(errors) > ENOUGH_OF_ERROR, there):
                return FOLLOWS
        errors = critic["values"] - values - advantages
        begins |= (_factor(_steps_of(critic, [0]), errors[:1]) or 0) > 0
    return CHANGES if begins else UNKNOWN


def _made(
    question: Data, rollout: Data, answer: Data, network: str
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Advantages and values [steps, T·N] that may have been made for a network's steps: right ones first."""
    for places in _starts(answer["actor"], answer["critic"]):
        yield _made_at(question, rollout, answer, places[network])
    shape = answer[network]["weights"].shape
    values = np.broadcast_to(answer["values"].ravel(), shape)
    targets = _targets(question, rollout, answer["values"], answer["next_values"])
    for name, advantages in targets.items():
        if name != RIGHT:
            yield np.broadcast_to(advantages, shape), values


def _starts(actor: Data, critic: Data) -> Iterator[dict[str, list[tuple[str, int]]]]:
    """When the advantages of each step may have been made: before which network's which step, or at first."""
    per_epoch = len(actor["weights"]) // MOVING_EPOCHS
    firsts = [step - step % per_epoch for step in range(len(actor["weights"]))]
    yield {name: [(FIRST, 0)] * len(firsts) for name in NETWORKS}
    yield {name: [(name, first) for first in firsts] for name in NETWORKS}
    earlier = ["actor" if actor["before"][k] < critic["before"][k] else "critic" for k in firsts]
    yield {name: list(zip(earlier, firsts, strict=True)) for name in NETWORKS}


def _made_at(
    question: Data, rollout: Data, answer: Data, places: list[tuple[str, int]]
) -> tuple[np.ndarray, np.ndarray]:
    """Advantages and values [steps, T·N] that were made at these places."""
    made = {}
    for name, step in set(places):
        values, next_values = (
            (answer[key] if name == FIRST else answer[name][key][step]).reshape(STEPS, ENVS)
            for key in ("values", "next_values")
        )
        made[name, step] = advantages_of(question, rollout, values, next_values), values.ravel()
    advantages, values = (np.stack(part) for part in zip(*(made[place] for place in places), strict=True))
    return advantages, values


def _describe_actor(actor: Data, advantages: np.ndarray) -> Data:
    weights, ratios, there = actor["weights"], actor["ratios"], _present(actor)
    telling = (there.sum(1) >= ENOUGH) & (np.arange(len(there)) > 0)
    per_epoch = len(ratios) // MOVING_EPOCHS
    at_its_start = np.repeat(ratios[::per_epoch], per_epoch, axis=0)

    def lines(rows: np.ndarray) -> list[tuple[float, float] | None]:
        return [
            _line(across[one], -row[one], noise)
            for across, row, one, noise in zip(advantages, rows, there, actor["noises"], strict=True)
        ]

    with_ratio, steps = lines(weights / ratios), np.flatnonzero(telling)
    others = {"always_one": weights, "of_each_epoch": weights * at_its_start / ratios}
    found = ((name, [lines(rows)[k] for k in steps]) for name, rows in others.items())
    wanted = [
        np.zeros(SIZE) if line is None or line[0] <= 0 else line[0] * across + line[1]
        for line, across in zip(with_ratio, advantages, strict=True)
    ]
    kept = _is_kept(np.array(wanted), ratios)
    return {
        "ratio": _which([with_ratio[k] for k in steps], found),
        "counts_clipped": bool((kept < 0)[telling][there[telling]].any()),
        "lacks_unclipped": _lacks(kept > 0, there),
    }


def _is_kept(wanted: np.ndarray, ratios: np.ndarray) -> np.ndarray:
    """For each step and transition 1 if the clipping leaves it, -1 if not, 0 where it is too near to say."""
    high, low = 1 + CLIP_RATIO, 1 - CLIP_RATIO
    matters = np.abs(wanted) > EDGE * np.abs(wanted).max(axis=1, keepdims=True)
    is_clipped = np.where(wanted > 0, ratios > high + EDGE, ratios < low - EDGE)
    is_left = np.where(wanted > 0, ratios < high - EDGE, ratios > low + EDGE)
    return np.where(matters & is_clipped, -1, np.where(matters & is_left, 1, 0))


def _lacks(kept: np.ndarray, there: np.ndarray) -> bool:
    """Whether some transition is in none of an epoch's gradients, though every step would have kept it."""
    epochs = zip(np.split(kept, MOVING_EPOCHS), np.split(there, MOVING_EPOCHS), strict=True)
    return any(bool((of_epoch.all(0) & ~seen.any(0)).any()) for of_epoch, seen in epochs)


def _which(with_ratio: list[Any], others: Iterator[tuple[str, list[Any]]]) -> str:
    """The first ratio with which all lines rise; others are computed only if the right one does not fit."""
    if len(with_ratio) < TELLING:
        return UNKNOWN
    if _rise(with_ratio):
        return NEW_OVER_OLD
    opposite = "opposite" if all(line is not None for line in with_ratio) else UNKNOWN
    return next((name for name, lines in others if _rise(lines)), opposite)


def _rise(lines: list[tuple[float, float] | None]) -> bool:
    return all(line is not None and line[0] > 0 for line in lines)


_PASSES = {
    ADDS: "gradient_of_something_else",
    "no_gradient": "zero_grad_misplaced",
    "gradient_elsewhere": "optimizers_exchanged",
    "other_epochs": "epochs_ignored",
    "other_size": "minibatch_size_ignored",
    "too_few": "minibatches_incomplete",
    "accumulated": "zero_grad_missing",
    "same_minibatch": "same_minibatch",
    "overlap": "minibatches_overlap",
    "actor_stands_still": "actor_not_stepped",
    "critic_stands_still": "critic_not_stepped",
    "other_sizes": "minibatches_incomplete",
    "clipped_away": MISALIGNED,
}

_ACTOR_PASSES = {**_PASSES, "no_steps": "actor_not_stepped"}

_CRITIC_PASSES = {**_PASSES, "no_steps": "critic_not_stepped"}

_TARGETS = {
    **_PASSES,
    "no_steps": None,
    "opposite": "actor_loss_sign",
    "alike": "loss_broadcast",
    "other_lengths": "max_grad_norm_ignored",
    **dict.fromkeys(("other_factors", BENT, SCALED, EXCHANGED)),
    UNKNOWN: MISALIGNED,
}

_TIGHT = {
    "by_value": "clip_by_value",
    "neither": "gradients_not_clipped",
    "only_actor": "one_net_clipped",
    "only_critic": "one_net_clipped",
}

_STEPS = {
    "no_actor": "actor_not_stepped",
    "no_critic": "critic_not_stepped",
    "larger": "minibatch_size_ignored",
    "fewer": "stopped_early",
    "more": "rollout_kept",
    "accumulated": "zero_grad_missing",
}

_RATIOS = {
    "always_one": "old_log_probs_ignored",
    "of_each_epoch": "old_log_probs_ignored",
    "opposite": "actor_loss_sign",
    ADDS: "gradient_of_something_else",
    MISALIGNED: MISALIGNED,
    BROADCAST: "loss_broadcast",
}

_MOVING = {
    CHANGES: "critic_loss_changed",
    ADDS: "gradient_of_something_else",
    MISALIGNED: MISALIGNED,
    BROADCAST: "loss_broadcast",
}


def _of_actor_passes(got: str, expected: str) -> str | None:
    return _ACTOR_PASSES.get(got)


def _of_critic_passes(got: str, expected: str) -> str | None:
    return _CRITIC_PASSES.get(got)


def _of_targets(got: str, expected: str) -> str | None:
    """The mistake that a wrong target is called after, what comes behind it left away."""
    return _TARGETS.get(got, got.split()[0])


def _of_tight(got: str, expected: str) -> str | None:
    return _TIGHT.get(got)


def _of_steps(got: str, expected: str) -> str | None:
    return _STEPS.get(got)


def _of_moving(got: str, expected: str) -> str | None:
    return _MOVING.get(got)


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
            repairs=REPAIRS,
            symptoms={
                **{f"actor_{name}": _of_actor_passes for name in SIZES},
                **{f"critic_{name}": _of_critic_passes for name in SIZES},
                "as_many_epochs": "epochs_ignored",
            },
            every_symptom=True,
        ),
        Question(
            "gradients",
            0.3,
            make_rollout,
            ask_gradients,
            {"actor": Named(), "critic": Named()},
            describe_gradients,
            repairs=REPAIRS,
            symptoms={
                "actor_adds": "gradient_of_something_else",
                "critic_adds": "gradient_of_something_else",
                "actor": _of_targets,
                "critic": _of_targets,
            },
        ),
        Question(
            "clipping",
            0.2,
            make_rollout,
            ask_clipping,
            {},
            describe_clipping,
            repairs=REPAIRS,
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
            dict.fromkeys(("ratio", "critic"), Named(nameless=(UNKNOWN, ADDS))),
            describe_ratio,
            repairs=REPAIRS,
            symptoms={
                "steps": _of_steps,
                "ratio": _of_ratio,
                "counts_clipped": "no_clip",
                "lacks_unclipped": "clipped_only",
                "critic": _of_moving,
            },
        ),
    ),
)
