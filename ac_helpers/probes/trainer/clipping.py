"""Whose gradients are shortened to the largest length that is allowed."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.trainer import TIGHT
from ac_helpers.probes.trainer.watched import FITS, NETWORKS, are_one, present


def describe_clipping(question: Data, answer: Data) -> Data:
    """Whose gradients are shortened where all have to be, and whether any is where none may be.

    A network that makes no step shows neither, unless it makes some where nothing is to be shortened.
    """
    tight, wide = answer["tight"], answer["wide"]
    is_changed = any(_has_one_length(wide[network]) for network in NETWORKS)
    skips = any(len(tight[network]["lengths"]) < len(wide[network]["lengths"]) for network in NETWORKS)
    return {"tight": "skipped" if skips else _whose(tight), "wide": "changed" if is_changed else "left"}


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
        return "shorter" if all(of_one.any() for of_one in lengths) else "nothing_left"
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
    there, lengths = present(network), network["lengths"]
    differ = not (there == there[:1]).all()
    return differ and are_one(lengths)
