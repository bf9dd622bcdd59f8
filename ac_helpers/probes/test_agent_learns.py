"""One question about `update`: does the whole agent learn a tiny environment.

Learning is luck, so one failure decides nothing. The agent is tried with several learning rates, because what
suits Adam makes plain SGD crawl and Adadelta stand still, and many times with each. It is enough that the
very first run succeeds, or later on two with one of the rates. A policy that has collapsed at random is right
in all states of a run with probability 2**-12, so that luck does not pass for learning.
"""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.agent_learns import LIGHTS, RUNS, UPDATES, ask_attempts, passes
from ac_helpers.probes.spec import Probe, Question

LEARNING_RATES = (0.03, 0.5, 0.2, 1.0, 0.005, 0.05, 5.0)

PATIENCE = 13
"""After so many runs with every learning rate and no success at all the agent is given up."""

RUNS_WITH_WRONG_PARTS = 2
"""As many with an agent of which another cell has found something wrong already."""

SECONDS = 150.0
"""All runs of an agent that never succeeds take more than a minute of computing on a slow machine."""

PATIENCE_ELSEWHERE = 4
"""As many with right versions of the other cells: in a network that is right, but scales its values down by a
hundred say, hardly anybody learns. In four runs with every rate most right agents succeed many times: their
shares are in docs/statistics.md."""


def make_attempts(rng: np.random.Generator) -> Data:
    halves = np.tile(np.repeat(np.array([0, 1], dtype=np.uint8), LIGHTS // 2), (len(LEARNING_RATES), RUNS, 1))
    return {
        "learning_rates": list(LEARNING_RATES),
        "right_actions": rng.permuted(halves, axis=-1),
        "seeds": rng.integers(2**31, size=(len(LEARNING_RATES), RUNS)),
        "runs": RUNS,
        "patience": PATIENCE,
        "updates": UPDATES,
        "rollout_size": 24,
        "batch_size": 48,
    }


def hurry(question: Data) -> Data:
    """The question with fewer runs."""
    return question | {"runs": RUNS_WITH_WRONG_PARTS}


def elsewhere(question: Data, answer: Data) -> Data | None:
    """The question with less patience, because it comes after all patience with the student's own cells.

    None if these are to blame: they raise something, or a part of their network never learns or is frozen.
    """
    blamed = "raised" in answer or answer["still"] or answer["frozen"]
    return None if blamed else question | {"patience": PATIENCE_ELSEWHERE}


def describe_attempts(question: Data, answer: Data) -> Data:
    learns = passes(answer["exams"], question["right_actions"])
    return {
        "waits_for_the_rollout": answer["waits_for_the_rollout"],
        "forgets_the_rollout": answer["forgets_the_rollout"],
        "frozen": answer["frozen"],
        "still": [] if learns else answer["still"],  # who learns in the end may do so with a part that rests
        "learns": learns,
    }


PROBE = Probe(
    id="test_agent_learns",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    methods=("update",),
    questions=(
        Question(
            "learns",
            0.5,
            make_attempts,
            ask_attempts,
            {},
            describe_attempts,
            symptoms={"forgets_the_rollout": "rollout_kept", "frozen": "params_frozen"},
            hurry=hurry,
            elsewhere=elsewhere,
            seconds=SECONDS,
            is_patient=True,
        ),
    ),
)
