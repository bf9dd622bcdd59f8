"""From which advantages the gradients of networks follow that do not move."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.trainer import EPOCHS
from ac_helpers.probes.rules import UNKNOWN
from ac_helpers.probes.trainer.advantages import RIGHT, advantages_of, targets_of, wrong_returns
from ac_helpers.probes.trainer.minibatches import passes_of
from ac_helpers.probes.trainer.rollouts import ENVS, SIZE, STEPS
from ac_helpers.probes.trainer.watched import (
    FITS,
    MISALIGNED,
    NETWORKS,
    adds,
    are_alike,
    are_in_order,
    are_one,
    factor_of,
    leaves_out_a_span,
    line_of,
    present,
    steps_of,
)

BENT, SCALED, SHIFTED = "bent", "scaled", "shifted"

OFF_CENTRE = 0.01
"""How far from a mean what is subtracted from advantages may be, in parts of their range."""


def describe_gradients(question: Data, answer: Data) -> Data:
    """From which advantages the weights of both networks' gradients follow."""
    found = _of_both(question, question["rollout"], answer)
    # What is wrong in any rollout is not charged to that of one environment.
    fits_one = set(found.values()) != {RIGHT} or (
        answer["lane"] is not None and _of_both(question, question["lane"], answer["lane"]) == found
    )
    if found["critic"] == UNKNOWN and is_scaled(question, answer):
        found = {name: SCALED if said == UNKNOWN else said for name, said in found.items()}
    unexplained = [network for network in NETWORKS if found[network] in {UNKNOWN, BENT, SCALED}]
    passes = passes_of(question, answer, "even", EPOCHS) if unexplained else {}
    found |= {network: passes[network] for network in unexplained if passes[network] != RIGHT}
    # Actions of other states leave a gradient that is no transition's; the critic's errors tell of whose.
    is_misaligned = found["critic"].startswith(MISALIGNED)
    return {
        **found,
        "one_environment": fits_one,
        "actor_adds": adds(answer["actor"]) and not is_misaligned,
        "critic_adds": adds(answer["critic"]),
    }


def _of_both(question: Data, rollout: Data, answer: Data) -> dict[str, str]:
    targets = targets_of(question, rollout, answer["values"], answer["next_values"])
    return {
        "actor": _of_actor(answer["actor"], targets),
        "critic": _of_critic(answer["critic"], targets, answer["values"].ravel()),
    }


def _of_actor(actor: Data, targets: dict[str, np.ndarray]) -> str:
    """The advantages through which every minibatch's weights lie on a straight line that falls."""
    there = present(actor)
    steps = list(zip(actor["weights"], there, actor["noises"], strict=True))
    if there.any() and all(are_alike(row[one]) for row, one, _ in steps):
        return "alike"
    for name, advantages in targets.items():
        lines = [line_of(advantages[one], -row[one], noise) for row, one, noise in steps]
        slopes = [line[0] for line in lines if line is not None]
        if slopes and len(slopes) == len(lines):
            if min(slopes) > 0:
                zeros = [-start / slope for slope, start in filter(None, lines)]
                is_centred = name != RIGHT or _are_centred(zeros, advantages, there)
                return name if is_centred else SHIFTED
            return "opposite" if max(slopes) < 0 else UNKNOWN
    in_order = are_in_order((-row[one], targets[RIGHT][one]) for row, one, _ in steps)
    return BENT if in_order and leaves_out_a_span(there, targets[RIGHT], EPOCHS) else UNKNOWN


def _are_centred(zeros: list[float], advantages: np.ndarray, there: np.ndarray) -> bool:
    """Whether the advantages that count nothing are 0, or the mean of the rollout's or the minibatch's."""
    far = OFF_CENTRE * np.ptp(advantages)
    means = [(0.0, advantages.mean(), advantages[one].mean()) for one in there]
    return all(
        min(abs(zero - mean) for mean in of_step) < far for zero, of_step in zip(zeros, means, strict=True)
    )


def _of_critic(critic: Data, targets: dict[str, np.ndarray], values: np.ndarray) -> str:
    """The targets from which the weights follow: a multiple of V - R, the same one in every step.

    In minibatches of other sizes it is the same one but for the size, by which a mean divides.
    """
    there = present(critic)
    sizes = there.sum(axis=1)
    summed = critic | {"weights": critic["weights"] * sizes[:, None], "noises": critic["noises"] * sizes}
    errors = {name: -advantages for name, advantages in targets.items()}
    errors |= {name: values - returns for name, returns in wrong_returns(values, targets[RIGHT]).items()}
    means = there @ (values + targets[RIGHT]) / sizes.clip(1)
    errors["loss_broadcast"] = values - means[:, None]
    by_rows = (values + targets[RIGHT]).reshape(STEPS, ENVS)
    errors[f"{MISALIGNED} returns by columns"] = values - by_rows.T.ravel()
    errors[f"{MISALIGNED} states by columns"] = values - by_rows.reshape(ENVS, STEPS).T.ravel()
    for name, of_all in errors.items():
        wanted = np.broadcast_to(of_all, critic["weights"].shape)
        factor = factor_of(critic, wanted) or factor_of(summed, wanted)
        if factor is not None:
            return name if factor > 0 else "opposite"
    if len(there) and _factors(critic, errors[RIGHT]):
        return "other_lengths" if are_one(critic["lengths"]) else "other_factors"
    steps = zip(critic["weights"], there, strict=True)
    return BENT if are_in_order((row[one], errors[RIGHT][one]) for row, one in steps) else UNKNOWN


def is_scaled(question: Data, answer: Data) -> bool:
    """Whether the critic's weights follow from the values and from rewards or targets in another scale."""
    rollout, nothing = question["rollout"], np.zeros((STEPS, ENVS))
    ones = {**rollout, "rewards": nothing + 1}
    values = answer["values"].ravel()
    right = advantages_of(question, rollout, answer["values"], answer["next_values"])
    of_rewards, of_ones = (advantages_of(question, given, nothing, nothing) for given in (rollout, ones))
    parts = np.stack([values, values + right, of_rewards, of_ones, np.ones(SIZE)], axis=-1)
    there = present(answer["critic"])
    weights, places = answer["critic"]["weights"][there], parts[np.nonzero(there)[1]]
    if len(weights) <= 2 * parts.shape[1]:
        return False
    rest = weights - places @ np.linalg.lstsq(places, weights, rcond=None)[0]
    return bool(np.abs(rest).max() <= FITS * np.ptp(weights))


def _factors(critic: Data, wanted: np.ndarray) -> bool:
    """Whether the weights of each step for itself are a multiple of errors [T·N]."""
    steps = range(len(critic["weights"]))
    return all(factor_of(steps_of(critic, [step]), wanted[None]) is not None for step in steps)
