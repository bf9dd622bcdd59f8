"""How `CriticNetwork` is asked: the forms and the reach of V, and whether it looks at the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.networks import copied_and_asked, dependence, forms, shake
from ac_helpers.asking.reaching import climb


def ask_forms(names: Names, question: Data) -> Data:
    network = names["CriticNetwork"](question["state_dim"], hidden_dim=question["hidden_dim"])
    return forms(network, question["state_dim"], question["batch"])


def ask_reach(names: Names, question: Data) -> Data:
    """How far V can get: from several starts, for one alone may be where nothing moves it."""
    return {
        name: _farthest(names, question, goal)
        for name, goal in (("down", -question["far"]), ("up", question["far"]))
    }


def _farthest(names: Names, question: Data, goal: float) -> float:
    found = 0.0
    for seed in question["shakes"][: question["climbs"]]:
        found = max(found, climb(_shaken(names, question, seed), _itself, question["states"], goal) / goal)
        if found >= 1:
            break
    return found


def _itself(values: torch.Tensor) -> torch.Tensor:
    return values


def _shaken(names: Names, question: Data, seed: int) -> Any:
    network = names["CriticNetwork"](question["state_dim"])
    shake(network, question["states"], seed)
    return network


def ask_states(names: Names, question: Data) -> Data:
    """What V hangs on, for all states, after the shake that leaves the most of them off a bound."""
    states = torch.tensor(question["states"], dtype=torch.float32)
    most = -1
    for seed in question["shakes"]:
        network = _shaken(names, question, seed)
        if (told_apart := _told_apart(network, states)) > most:
            most, best, seed_of_best = told_apart, network, seed
        if most >= len(states) / 2:
            break
    return dependence(best, states, seed_of_best)


def _told_apart(network: Any, states: torch.Tensor) -> int:
    """How many values a network has for these states; as many as there are states if it cannot be tried."""
    values = copied_and_asked(network, states)
    return len(np.unique(values[0])) if values else len(states)
