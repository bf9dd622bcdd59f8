"""Questions about `CriticNetwork`: the forms of V, that the state matters, and that nothing bounds it."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.value_critic import ask_forms, ask_reach, ask_states
from ac_helpers.probes.networks import DEPENDENCE, describe_dependence, of_batch_of_one, varies
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.probes.test_gaussian_actor import HIDDEN_DIMS

SHAKES, CLIMBS = 40, 8
"""So many starts, and from so many V climbs: with a bound at zero all values lie there in half of them."""

FAR = 5e4
"""A value that gets so far has no bound: nobody's returns do."""


def make_critic(rng: np.random.Generator) -> Data:
    state_dim = int(rng.integers(5, 8))
    return {
        "state_dim": state_dim,
        "hidden_dim": int(rng.choice(HIDDEN_DIMS)),
        "batch": int(rng.integers(9, 12)),
        "states": rng.normal(0, 1.5, (32, state_dim)).astype(np.float32),
        "far": FAR,
        "shakes": rng.integers(1 << 30, size=SHAKES).tolist(),
        "climbs": CLIMBS,
    }


def describe_reach(question: Data, answer: Data) -> Data:
    """Whether V gets as far as one likes, up and down."""
    return {side: answer[side] >= 1 for side in ("down", "up")}


def describe_states(question: Data, answer: Data) -> Data:
    (values,) = answer["outputs"]
    return {**describe_dependence(answer, lambda moved: [moved]), "varies": varies(values)}


PROBE = Probe(
    id="test_value_critic",
    solution="value_critic",
    defines=("CriticNetwork",),
    questions=(
        Question(
            "forms",
            0.4,
            make_critic,
            ask_forms,
            {},
            symptoms={
                **dict.fromkeys(("kinds", "batch"), "critic_shape"),
                "batch_of_one": of_batch_of_one("critic_shape"),
                **dict.fromkeys(("single_error", "single"), "single_state_fails"),
            },
            beside=("states", "reach"),
        ),
        Question(
            "states",
            0.3,
            make_critic,
            ask_states,
            {},
            describe_states,
            symptoms={
                **DEPENDENCE,
                "varies": "critic_ignores_state",
                "whole_state": "part_of_state_ignored",
                "body_trained": "body_not_trained",
            },
        ),
        Question(
            "reach",
            0.3,
            make_critic,
            ask_reach,
            {},
            describe_reach,
            symptoms=dict.fromkeys(("down", "up"), "critic_bounded"),
        ),
    ),
)
