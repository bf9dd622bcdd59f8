"""One question about `update`: does the whole agent learn a tiny environment.

Learning is luck, so one run decides nothing. The agent is tried with several learning rates, because what
suits Adam makes plain SGD crawl and Adadelta stand still. With each of them it is a sequential test (A. Wald,
Sequential Tests of Statistical Hypotheses, 1945) of a policy that has collapsed at random, which is right in
all six states with probability 1/64, against an agent that learns in every second run. One learning rate that
brings enough evidence is enough; one that brings a success in ever fewer runs is given up.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

from ac_helpers.envs import RIGHT_ACTIONS, Lights
from ac_helpers.probes.agents import new_agent
from ac_helpers.probes.plain import array
from ac_helpers.probes.spec import Data, Names, Probe, Question

LEARNING_RATES = (0.02, 0.2, 0.005, 0.05, 0.5, 1.0, 5.0)
COLLAPSED, LEARNING = 1 / 2 ** len(RIGHT_ACTIONS), 1 / 2
"""The chances of a run to succeed: by luck, and if the agent learns at all."""

ENOUGH = 20_000
"""How many times likelier the runs have to be if the agent learns."""

PATIENCE = 12
"""So many failures without a success, and as many again for each, and the learning rate is given up."""

PATIENCE_WITH_WRONG_PARTS = 2
"""The patience with an agent of which another cell has found something wrong already."""

RUNS = 60
"""The most runs with one learning rate."""

PASS_SHARE = 0.85


def make_attempts(rng: np.random.Generator) -> Data:
    return {
        "learning_rates": list(LEARNING_RATES),
        "seeds": rng.integers(2**31, size=(len(LEARNING_RATES), RUNS)),
        "patience": PATIENCE,
        "updates": 120,
        "rollout_size": 16,
        "exams": 40,
    }


def hurry(question: Data) -> Data:
    """The question with less patience."""
    return question | {"patience": PATIENCE_WITH_WRONG_PARTS}


def ask_attempts(names: Names, question: Data) -> Data:
    """The actions taken in every state after learning, by learning rate and run, until the agent passes.

    The learning rates take turns, each until its next failure. One that is too large may end in an exception;
    that run has failed. Only when the first runs with all of them do so, the student is told.
    """
    exams: list[list[np.ndarray]] = [[] for _ in question["learning_rates"]]
    answer = {"waits_for_the_rollout": _stays_quiet(names, question), "exams": exams}
    raised: list[Exception] = []
    patience = question["patience"]
    while going_on := [n for n, runs in enumerate(exams) if not is_hopeless(*_tally(runs), patience)]:
        for number in going_on:
            raised += _run_until_failure(names, question, number, exams[number])
            if passes(exams[number]):
                return answer
        if len(raised) == sum(map(len, exams)):
            raise raised[0]
    return answer


def _run_until_failure(names: Names, question: Data, number: int, runs: list[np.ndarray]) -> list[Exception]:
    """More runs with one learning rate, until one fails or there is enough evidence; what the last raised."""
    lr, seeds = question["learning_rates"][number], question["seeds"][number]
    while True:
        try:
            runs.append(_run(names, question, lr, int(seeds[len(runs)])))
        except Exception as failure:
            runs.append(NOTHING_LEARNT)
            return [failure]
        if not succeeded(runs[-1]) or passes(runs) or len(runs) == RUNS:
            return []


NOTHING_LEARNT = np.full((len(RIGHT_ACTIONS), 1), 255, dtype=np.uint8)
"""What stands for the exam of a run that did not get there."""


def succeeded(actions: np.ndarray) -> bool:
    """Whether the actions [states, exams] are right nearly always, in the worst of the states too."""
    return bool((actions == RIGHT_ACTIONS[:, None]).mean(1).min() >= PASS_SHARE)


def passes(runs: list[np.ndarray]) -> bool:
    """Whether the runs with one learning rate show that the agent learns."""
    return is_enough(*_tally(runs))


def _tally(runs: list[np.ndarray]) -> tuple[int, int]:
    """How many of the runs succeeded, and how many did not."""
    successes = sum(map(succeeded, runs))
    return successes, len(runs) - successes


def is_enough(successes: int, failures: int) -> bool:
    """Whether so many successes and failures are `ENOUGH` times likelier for an agent that learns."""
    for_success, for_failure = LEARNING / COLLAPSED, (1 - LEARNING) / (1 - COLLAPSED)
    return successes * math.log(for_success) + failures * math.log(for_failure) >= math.log(ENOUGH)


def is_hopeless(successes: int, failures: int, patience: int = PATIENCE) -> bool:
    """Whether so many failures beside the successes are too many, or the runs are at their end."""
    return failures >= patience * (successes + 1) or successes + failures >= RUNS


def _run(names: Names, question: Data, lr: float, seed: int) -> np.ndarray:
    agent = _agent(names, lr)
    learn(agent, question, seed)
    return _examine(agent, question["exams"])


def _agent(names: Names, lr: float) -> Any:
    return new_agent(
        names, lr=lr, critic_rb_size=2000, hidden_dims=(16,), state_dim=len(RIGHT_ACTIONS), action_dim=2
    )


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


def _stays_quiet(names: Names, question: Data) -> bool:
    """Whether nothing moves before the rollout is full."""
    agent = _agent(names, question["learning_rates"][0])
    state = np.eye(len(RIGHT_ACTIONS), dtype=np.float32)[0]
    agent.append_to_replay_buffer(state, agent.act(state), 0.0, state, False)
    before = [array(parameter) for parameter in agent.actor_critic.parameters()]
    agent.update(question["rollout_size"], 1, 1)
    after = [array(parameter) for parameter in agent.actor_critic.parameters()]
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def _examine(agent: Any, exams: int) -> np.ndarray:
    states = np.eye(len(RIGHT_ACTIONS), dtype=np.float32)
    actions = [[int(agent.act(state)) for _ in range(exams)] for state in states]
    return array(actions).astype(np.uint8)


def describe_attempts(question: Data, answer: Data) -> Data:
    return {
        "waits_for_the_rollout": answer["waits_for_the_rollout"],
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
