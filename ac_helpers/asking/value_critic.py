"""How `CriticNetwork` is asked: the forms and the reach of V, and whether it looks at the state."""

from __future__ import annotations

from ac_helpers.asking import Data, Names
from ac_helpers.asking.networks import forms, knows_all, reach, shake
from ac_helpers.asking.plain import array


def ask_forms(names: Names, question: Data) -> Data:
    network = names["CriticNetwork"](question["state_dim"], hidden_dim=question["hidden_dim"])
    return forms(network, question["state_dim"], question["batch"])


def ask_reach(names: Names, question: Data) -> Data:
    """How far V can get: from several starts, for one alone may be where nothing moves it."""
    curves = []
    for seed in question["shakes"]:
        network = names["CriticNetwork"](question["state_dim"])
        shake(network, question["states"], seed)
        curves.append(reach(network, lambda values: values, question["states"]))
    return {"curves": curves}


def ask_states(names: Names, question: Data) -> Data:
    network = names["CriticNetwork"](question["state_dim"])
    values = network(shake(network, question["states"], question["shakes"][0]))
    return {"values": array(values), "registered": knows_all(network, values)}
