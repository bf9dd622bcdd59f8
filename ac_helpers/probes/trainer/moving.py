"""Whether the gradients of networks that move are right, with the ratio in that of the actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.trainer import MOVING_EPOCHS
from ac_helpers.probes.rules import UNKNOWN
from ac_helpers.probes.trainer.advantages import RIGHT, advantages_of, targets_of, wrong_returns
from ac_helpers.probes.trainer.gradients import is_scaled
from ac_helpers.probes.trainer.minibatches import add_up, are_pairs
from ac_helpers.probes.trainer.rollouts import ENVS, SIZE, STEPS
from ac_helpers.probes.trainer.watched import (
    ADDS,
    BROADCAST,
    ENOUGH_OF_ERROR,
    MISALIGNED,
    NETWORKS,
    adds,
    are_alike,
    are_in_order,
    factor_of,
    line_of,
    present,
    steps_of,
)

NEW_OVER_OLD, FOLLOWS, CHANGES = "new_over_old", "follows", "changes"

FIRST = "first"

CLIP_RATIO = 0.2

ENOUGH, TELLING = 5, 2
"""So many transitions of a minibatch have to count for a straight line through them to say something, and so
many minibatches have to have them after the first step, before which no ratio differs from one."""

EDGE = 0.02
"""How near to the edge of the clipping a ratio tells nothing."""


_MOVES_RIGHT: Data = {
    "steps": "all",
    "ratio": NEW_OVER_OLD,
    "counts_clipped": False,
    "lacks_unclipped": False,
    "critic": FOLLOWS,
}


def describe_ratio(question: Data, answer: Data) -> Data:
    """What is to be said of two updates in a row, of which the second may hang on the first.

    What has a name in one of them comes before what has none.
    """
    found = [_describe_update(question, question[name], answer[name]) for name in ("rollout", "second")]
    described = {}
    for name, right in _MOVES_RIGHT.items():
        wrong = [one[name] for one in found if one[name] != right]
        described[name] = next((said for said in wrong if said != UNKNOWN), wrong[0] if wrong else right)
    return described


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
    still = [name for name, network in zip(NETWORKS, watched, strict=True) if not present(network).any()]
    if still:
        return _MOVES_RIGHT | {"steps": f"no_{still[0]}"}
    if any(add_up(present(network), MOVING_EPOCHS, size) for network in watched):
        return _MOVES_RIGHT | {"steps": "accumulated"}
    if any(map(adds, watched)):
        return _MOVES_RIGHT | {
            name: ADDS for name, network in zip(("ratio", "critic"), watched, strict=True) if adds(network)
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
    firsts = {network: steps_of(answer[network], [0]) for network in NETWORKS}
    values = answer["values"].ravel()
    right = advantages_of(question, question["rollout"], answer["values"], answer["next_values"])
    (actor,), (critic,) = (present(firsts[network]) for network in NETWORKS)
    (weights,), (errors,) = (firsts[network]["weights"] for network in NETWORKS)
    # What only the critic's minibatch holds counts nothing in the same minibatch of the actor.
    held = critic if critic[actor].all() else actor
    belongs = {
        "ratio": are_in_order([(-np.where(actor, weights, 0)[held], right[held])]),
        "critic": are_in_order([(-errors[critic], right[critic])]),
    }
    found = {name: MISALIGNED for name, is_in_order in belongs.items() if not is_in_order}
    if not belongs["critic"] and is_scaled(question, answer | firsts):
        found = {}
    if actor.any() and are_alike(weights[actor]):
        found["ratio"] = BROADCAST
    if critic.any() and factor_of(firsts["critic"], (values - (values + right)[critic].mean())[None]):
        found["critic"] = BROADCAST
    return found


def _of_other_steps(watched: list[Data], size: int, n_steps: int) -> str:
    """What another number of steps than expected comes of."""
    for name, network in zip(NETWORKS, watched, strict=True):
        if len(network["weights"]) == 0:
            return f"no_{name}"
    if any(are_pairs(present(network)) for network in watched):
        return "twice"
    if min(len(network["weights"]) for network in watched) >= n_steps:
        return "more"
    return "larger" if max(present(network).sum(axis=1).max() for network in watched) > size else "fewer"


def _overlaps(network: Data) -> bool:
    """Whether a transition is in two minibatches of an epoch."""
    return any(bool((epoch.sum(0) > 1).any()) for epoch in np.split(present(network), MOVING_EPOCHS))


def _of_moving_actor(actor: Data, made: Iterator[tuple[np.ndarray, np.ndarray]]) -> Data:
    """What is to be said by the first advantages that fit, or by the right ones; hardly any are looked at."""
    by_right = _describe_actor(actor, next(made)[0])
    if by_right["ratio"] == NEW_OVER_OLD:
        return by_right
    others = (_describe_actor(actor, advantages) for advantages, _ in made)
    return next((one for one in others if one["ratio"] == NEW_OVER_OLD), by_right)


def _of_moving_critic(critic: Data, made: Iterator[tuple[np.ndarray, np.ndarray]]) -> str:
    """Whether errors are those of targets that stay, or only begin with these."""
    begins, there = False, present(critic)
    for advantages, values in made:
        for returns in _returns(values, advantages):
            errors = critic["values"] - returns
            fits = (factor_of(critic, errors) or 0) > 0
            if fits and not _lacks(np.abs(errors) > ENOUGH_OF_ERROR, there):
                return FOLLOWS
        errors = critic["values"] - values - advantages
        begins |= (factor_of(steps_of(critic, [0]), errors[:1]) or 0) > 0
    return CHANGES if begins else UNKNOWN


def _returns(values: np.ndarray, advantages: np.ndarray) -> Iterator[np.ndarray]:
    """The right targets [steps, T·N], and wrong ones, because these are charged elsewhere."""
    yield values + advantages
    by_step = [wrong_returns(*of_step) for of_step in zip(values, advantages, strict=True)]
    for name in by_step[0]:
        yield np.stack([of_step[name] for of_step in by_step])


def _made(
    question: Data, rollout: Data, answer: Data, network: str
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Advantages and values [steps, T·N] that may have been made for a network's steps: right ones first."""
    for places in _starts(answer["actor"], answer["critic"]):
        yield _made_at(question, rollout, answer, places[network])
    shape = answer[network]["weights"].shape
    values = np.broadcast_to(answer["values"].ravel(), shape)
    targets = targets_of(question, rollout, answer["values"], answer["next_values"])
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
    weights, ratios, there = actor["weights"], actor["ratios"], present(actor)
    telling = (there.sum(1) >= ENOUGH) & (np.arange(len(there)) > 0)
    per_epoch = len(ratios) // MOVING_EPOCHS
    at_its_start = np.repeat(ratios[::per_epoch], per_epoch, axis=0)

    def lines(rows: np.ndarray) -> list[tuple[float, float] | None]:
        return [
            line_of(across[one], -row[one], noise)
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
