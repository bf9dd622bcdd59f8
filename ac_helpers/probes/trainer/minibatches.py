"""Whether minibatches are as large as asked for, and use every transition once in every epoch."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.probes.trainer.advantages import RIGHT, advantages_of
from ac_helpers.probes.trainer.rollouts import SIZE
from ac_helpers.probes.trainer.watched import ADDS, FITS, NETWORKS, adds, present

SIZES = ("even", "uneven")

BY_CHANCE = 2
"""So many weights of a minibatch may be nothing by chance, where advantages are centred; three of eight are
with a probability below 1e-12."""

MOST = 0.8
"""That part of the transitions at least is used equally often where every epoch takes each of them once."""


def describe_minibatches(question: Data, answer: Data) -> Data:
    """Whether each optimizer makes the right steps, and every epoch uses every transition once."""
    return {
        **{
            f"{network}_{name}": passes
            for name in SIZES
            for network, passes in passes_of(question, answer[name], name, question["epochs"][name]).items()
        },
        # Where no rest is left out.
        "as_many_epochs": all(
            _times_used(answer["even"][network]) in {0, question["epochs"]["even"]} for network in NETWORKS
        ),
    }


def passes_of(question: Data, answer: Data, sizes: str, epochs: int) -> dict[str, str]:
    """What is to be said of the minibatches of both networks: the first thing that is wrong, or "right".

    Transitions that only the actor's gradient lacks are in the minibatches: the clipping has left them out.

    Args:
        question: holds the rollout.
        answer: what both optimizers have met.
        sizes: which of the question's.
        epochs: how many there should be.
    """
    found = {network: _passes_of_one(question, answer, network, sizes, epochs) for network in NETWORKS}
    if found == {"actor": "other_sizes", "critic": RIGHT}:
        found["actor"] = RIGHT
    return found


def _times_used(network: Data) -> int:
    """How often all transitions but a few are in a minibatch; 0 where that differs, or cannot be told.

    A second step on the same minibatch does not count.
    """
    there = present(network)
    times = (there[::2] if are_pairs(there) else there).sum(axis=0)
    usual = int(np.median(times))
    return usual if (times == usual).mean() > MOST and not adds(network) else 0


def _near_zero(question: Data, answer: Data) -> int:
    """How many transitions have next to no error; with the known networks there are none."""
    errors = np.abs(advantages_of(question, question["rollout"], answer["values"], answer["next_values"]))
    return int((errors < FITS * errors.max()).sum())


def _passes_of_one(question: Data, answer: Data, network: str, sizes: str, epochs: int) -> str:
    size = question["minibatch_sizes"][sizes]
    # So many transitions of a minibatch may count nothing.
    missing = BY_CHANCE if network == "actor" else _near_zero(question, answer)
    weights = answer[network]["weights"]
    if len(weights) == 0:
        return "no_steps"
    there = present(answer[network])
    if not there.any():
        (other,) = {*NETWORKS} - {network}
        if present(answer[other]).any():
            return f"{network}_stands_still"
        return "gradient_elsewhere" if answer[network]["elsewhere"] else "no_gradient"
    whole, rest = divmod(SIZE, size)
    per_epoch, left = divmod(len(weights), epochs)
    fits = not left and per_epoch in {whole, whole + (rest > 0)}
    if adds(answer[network]):
        return RIGHT if fits else ADDS  # the weights tell nothing, and what is added is charged elsewhere
    if not fits and are_pairs(there):
        return "twice"
    if not fits:
        return _of_other_count(there, epochs, size)
    if add_up(there, epochs, size):
        return "accumulated"
    for epoch in np.split(there, epochs):
        if (epoch == epoch[0]).all() and len(epoch) > 1:
            return "same_minibatch"
        if epoch.sum(0).max() > 1:
            return "overlap"
    counts = np.split(there.sum(1), epochs)
    return RIGHT if _mostly_fit(counts, size, per_epoch > whole, missing) else "other_sizes"


def are_pairs(there: np.ndarray) -> bool:
    """Whether each minibatch comes twice in a row, and is not the only one."""
    return len(there) % 2 == 0 and np.array_equal(there[::2], there[1::2]) and not (there == there[:1]).all()


def add_up(there: np.ndarray, epochs: int, size: int) -> bool:
    """Whether minibatches contain those before them, in every epoch or from the first one on."""
    return _grow([there], size) or _grow(np.split(there, epochs), size)


def _grow(runs: list[np.ndarray], size: int) -> bool:
    """Whether runs begin with one minibatch each, the first a whole one, to which others are added."""
    begin = runs[0][0].sum() >= size - BY_CHANCE and all(run[0].sum() <= size for run in runs)
    keep = all((np.diff(run.astype(int), axis=0) >= 0).all() for run in runs)
    return begin and keep and not all((run == run[0]).all() for run in runs)


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


def _mostly_fit(epochs: list[np.ndarray], size: int, has_rest: bool, missing: int) -> bool:
    """Whether most epochs have minibatches of this size, and to the others they lack little.

    Where states and targets do not belong together some error may be next to nothing, now and then.
    """
    fitting = [_sizes_fit(sizes, size, has_rest, missing) for sizes in epochs]
    most = max(int(sizes.sum()) for sizes in epochs)
    lack_little = (
        most - int(sizes.sum()) <= BY_CHANCE and _sizes_fit(sizes, size, has_rest, missing + BY_CHANCE)
        for sizes in epochs
    )
    return sum(fitting) > len(epochs) / 2 and all(lack_little)


def _sizes_fit(sizes: np.ndarray, size: int, has_rest: bool, missing: int) -> bool:
    """Whether minibatches have this size; the rest may be a smaller one, join the others, or go.

    Each may seem smaller by what is missing from it.
    """
    seems_whole = SIZE - missing * len(sizes) <= sizes.sum() <= SIZE
    if has_rest:
        return bool(seems_whole and sizes.max() <= size)
    are_alike = bool((sizes >= size - missing).all() and (sizes <= size).all())
    return are_alike or bool(seems_whole and (sizes >= size - missing).all())
