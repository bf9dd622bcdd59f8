"""How `discounted_returns` and `compute_gae` are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.plain import array

INPUTS = ("rewards", "values", "next_values", "terminated", "truncated")


def ask_returns(names: Names, question: Data) -> Data:
    """The returns of an episode, of its rewards as a list, of a single reward, and of whole numbers."""
    rewards, gamma = question["rewards"], question["gamma"]
    return {
        "array": _returns(names, rewards.copy(), gamma),
        "list": _returns(names, [float(reward) for reward in rewards], gamma),
        "one": _returns(names, rewards[:1].copy(), gamma),
        "whole": _returns(names, list(question["whole_rewards"]), gamma),
        "whole_array": _returns(names, np.array(question["whole_rewards"]), gamma),
    }


def ask_discounts(names: Names, question: Data) -> Data:
    """With other discounts, and whether the rewards are left as they were."""
    given, listed = question["rewards"].copy(), question["rewards"].tolist()
    answers = {name: _returns(names, given, gamma) for name, gamma in question["gammas"].items()}
    _returns(names, listed, question["gamma"])
    return {
        **answers,
        "untouched": bool(np.array_equal(given, question["rewards"])),
        "list_untouched": listed == question["rewards"].tolist(),
    }


def _returns(names: Names, rewards: Any, gamma: float) -> np.ndarray:
    return array(names["discounted_returns"](rewards, gamma))


def ask_gae(names: Names, question: Data) -> Data:
    advantages, returns = _gae(names, question, _inputs(question))
    return {"advantages": array(advantages), "returns": array(returns)}


def ask_forms(names: Names, question: Data) -> Data:
    """The shapes for a single environment, which inputs come out changed, and advantages at the edges."""
    given = _inputs(question)
    parts = _gae(names, question, given)
    changed = [name for name in INPUTS if not np.array_equal(given[name], question[name])]
    return {
        "shapes": [list(array(part).shape) for part in parts],
        "changed": changed,
        "advantages": array(parts[0]),
        "edges": {name: _advantages(names, asked) for name, asked in edges_of(question).items()},
    }


def edges_of(question: Data) -> dict[str, Data]:
    """The question with the least and the largest lambda, and its first step alone."""
    first = {name: question[name][:1] for name in INPUTS}
    return {
        "λ = 0": question | {"lam": 0.0},
        "λ = 1": question | {"lam": 1.0},
        "T = 1": question | first,
    }


def _advantages(names: Names, question: Data) -> np.ndarray | None:
    """The advantages; None where they cannot be had."""
    return attempt(lambda: array(_gae(names, question, _inputs(question))[0]))[0]


def _inputs(question: Mapping[str, Any]) -> dict[str, np.ndarray]:
    return {name: question[name].copy() for name in INPUTS}


def _gae(names: Names, question: Data, given: Mapping[str, np.ndarray]) -> tuple[Any, ...]:
    return tuple(names["compute_gae"](*given.values(), question["gamma"], question["lam"]))[:3]
