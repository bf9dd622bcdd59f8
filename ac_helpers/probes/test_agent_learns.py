"""One question about `update`: does the whole agent learn a tiny environment.

Learning is luck, so one run decides nothing. The agent is tried with several learning rates, because what
suits Adam makes plain SGD crawl and Adadelta stand still; it passes when with one of them it succeeds
`SUCCESSES` times before it has failed `FAILURES` times. A policy that collapses at random is right in all six
states with probability 1/64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.envs import RIGHT_ACTIONS, Lights
from ac_helpers.probes.agents import new_agent
from ac_helpers.probes.plain import array
from ac_helpers.probes.spec import Data, Names, Probe, Question

LEARNING_RATES = (0.02, 0.2, 0.005, 0.05, 0.5, 5.0)
SUCCESSES = 4
FAILURES = 12
FAILURES_OF_WRONG_PARTS = 2
"""The patience with an agent of which another cell has found something wrong already."""

PASS_SHARE = 0.85


def make_attempts(rng: np.random.Generator) -> Data:
    return {
        "learning_rates": list(LEARNING_RATES),
        "seeds": rng.integers(2**31, size=(len(LEARNING_RATES), SUCCESSES + FAILURES - 1)),
        "failures": FAILURES,
        "updates": 120,
        "rollout_size": 16,
        "exams": 40,
    }


def hurry(question: Data) -> Data:
    """The question with less patience."""
    return question | {"failures": FAILURES_OF_WRONG_PARTS}


def ask_attempts(names: Names, question: Data) -> Data:
    """The actions taken in every state after learning, by learning rate and run, until the agent passes.

    The learning rates take turns, each until its next failure. One that is too large may end in an exception;
    that run has failed. Only when the first runs with all of them do so, the student is told.
    """
    answer: Data = {"exams": [[] for _ in question["learning_rates"]], "waits_for_the_rollout": []}
    failures: list[Exception] = []
    for allowed in range(question["failures"]):
        for number, lr in enumerate(question["learning_rates"]):
            runs = answer["exams"][number]
            while not passes(runs) and len(runs) - successes(runs) <= allowed:
                try:
                    runs.append(_run(names, question, lr, int(question["seeds"][number][len(runs)]), answer))
                except Exception as failure:
                    runs.append(NOTHING_LEARNT)
                    failures.append(failure)
            if passes(runs):
                return answer
        if allowed == 0 and len(failures) == len(question["learning_rates"]):
            raise failures[0]
    return answer


NOTHING_LEARNT = np.full((len(RIGHT_ACTIONS), 1), 255, dtype=np.uint8)
"""What stands for the exam of a run that did not get there."""


def succeeded(actions: np.ndarray) -> bool:
    """Whether the actions [states, exams] are right nearly always, in the worst of the states too."""
    return bool((actions == RIGHT_ACTIONS[:, None]).mean(1).min() >= PASS_SHARE)


def successes(runs: list[np.ndarray]) -> int:
    """How many runs have succeeded."""
    return sum(map(succeeded, runs))


def passes(runs: list[np.ndarray]) -> bool:
    """Whether enough runs with the same learning rate have succeeded."""
    return successes(runs) >= SUCCESSES


def _run(names: Names, question: Data, lr: float, seed: int, answer: Data) -> np.ndarray:
    agent = new_agent(
        names, lr=lr, critic_rb_size=2000, hidden_dims=(16,), state_dim=len(RIGHT_ACTIONS), action_dim=2
    )
    answer["waits_for_the_rollout"].append(_stays_quiet(agent, question))
    learn(agent, question, seed)
    return _examine(agent, question["exams"])


def learn(agent: Any, question: Data, seed: int) -> None:
    """The training loop of the notebook, as far as an agent is concerned."""
    torch.manual_seed(seed)
    env = Lights()
    state, _ = env.reset(seed=seed)
    for _ in range(question["updates"] * question["rollout_size"]):
        action = agent.act(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        agent.append_to_replay_buffer(state, action, reward, next_state, terminated)
        agent.update(question["rollout_size"], 32, 2)
        state = env.reset()[0] if terminated or truncated else next_state


def _stays_quiet(agent: Any, question: Data) -> bool:
    """Whether nothing moves before the rollout is full."""
    state = np.eye(len(RIGHT_ACTIONS), dtype=np.float32)[0]
    agent.append_to_replay_buffer(state, agent.act(state), 0.0, state, False)
    before = [array(parameter) for parameter in agent.actor_critic.parameters()]
    agent.update(question["rollout_size"], 1, 1)
    after = [array(parameter) for parameter in agent.actor_critic.parameters()]
    agent.actor_batch.clear()
    agent.critic_rb.clear()
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def _examine(agent: Any, exams: int) -> np.ndarray:
    states = np.eye(len(RIGHT_ACTIONS), dtype=np.float32)
    actions = [[int(agent.act(state)) for _ in range(exams)] for state in states]
    agent.actor_batch.clear()
    return array(actions).astype(np.uint8)


def describe_attempts(question: Data, answer: Data) -> Data:
    return {
        "waits_for_the_rollout": all(answer["waits_for_the_rollout"]),
        "learns": any(passes(runs) for runs in answer["exams"]),
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
            hurry=hurry,
            seconds=120.0,
            is_patient=True,
        ),
    ),
)
