"""One question about `update`: does the whole agent learn a tiny environment.

Learning is luck, so one run decides nothing: the agent gets several attempts with different learning rates
and seeds, and one success is enough. How likely a right agent is to fail all of them, and an agent that does
not learn to succeed in one, is measured by the benchmark of the checks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.envs import TwoLights
from ac_helpers.probes.plain import array
from ac_helpers.probes.spec import Data, Names, Probe, Question


LEARNING_RATES = (0.02, 0.2, 0.005, 0.05, 0.2, 0.02, 0.5, 0.2, 0.005, 0.2)
"""Adam and its kin learn with the small ones, plain SGD with the large ones."""


def make_attempts(rng: np.random.Generator) -> Data:
    return {
        "learning_rates": list(LEARNING_RATES),
        "seeds": [int(seed) for seed in rng.integers(2**31, size=len(LEARNING_RATES))],
        "updates": 120,
        "rollout_size": 16,
        "exams": 60,
    }


def ask_attempts(names: Names, question: Data) -> Data:
    """The actions taken in either state after learning, for every attempt up to the first success.

    A learning rate that suits one optimizer makes another diverge, so an attempt that ends in an exception is
    one that failed; only when all do, the first exception is what the student is told.
    """
    answer: Data = {"exams": [], "waits_for_the_rollout": []}
    failures: list[Exception] = []
    for lr, seed in zip(question["learning_rates"], question["seeds"], strict=True):
        try:
            _attempt(names, question, lr, seed, answer)
        except Exception as failure:
            failures.append(failure)
        if answer["exams"] and share_right(answer["exams"][-1]) >= PASS_SHARE:
            break
    if not answer["exams"]:
        raise failures[0]
    return answer


def _attempt(names: Names, question: Data, lr: float, seed: int, answer: Data) -> None:
    agent = names["ActorCriticAgent"](
        state_dim=2, action_dim=2, hidden_dims=(16,), lr=lr, gamma=0.9, critic_rb_size=2000
    )
    answer["waits_for_the_rollout"].append(_stays_quiet(agent, question))
    _learn(agent, question, seed)
    answer["exams"].append(_examine(agent, question["exams"]))


PASS_SHARE = 0.85


def share_right(actions: np.ndarray) -> float:
    """The share of the actions [2, exams] that fit the light, in the worse of the two states."""
    return float((actions == np.arange(2)[:, None]).mean(1).min())


def _learn(agent: Any, question: Data, seed: int) -> None:
    torch.manual_seed(seed)
    env = TwoLights()
    state, _ = env.reset(seed=seed)
    for _ in range(question["updates"] * question["rollout_size"]):
        action = agent.act(state)
        next_state, reward, terminated, truncated, _ = env.step(action)
        agent.append_to_replay_buffer(state, action, reward, next_state, terminated)
        agent.update(question["rollout_size"], 32, 2)
        state = env.reset()[0] if terminated or truncated else next_state


def _stays_quiet(agent: Any, question: Data) -> bool:
    """Whether nothing moves before the rollout is full."""
    state = np.eye(2, dtype=np.float32)[0]
    agent.append_to_replay_buffer(state, agent.act(state), 0.0, state, False)
    before = [array(parameter) for parameter in agent.actor_critic.parameters()]
    agent.update(question["rollout_size"], 1, 1)
    after = [array(parameter) for parameter in agent.actor_critic.parameters()]
    agent.actor_batch.clear()
    agent.critic_rb.clear()
    return all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def _examine(agent: Any, exams: int) -> np.ndarray:
    actions = [[int(agent.act(state)) for _ in range(exams)] for state in np.eye(2, dtype=np.float32)]
    agent.actor_batch.clear()
    return array(actions)


def describe_attempts(question: Data, answer: Data) -> Data:
    return {
        "waits_for_the_rollout": all(answer["waits_for_the_rollout"]),
        "learns": any(share_right(actions) >= PASS_SHARE for actions in answer["exams"]),
    }


PROBE = Probe(
    id="test_agent_learns",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    questions=(
        Question(
            "learns",
            0.5,
            make_attempts,
            ask_attempts,
            {},
            describe_attempts,
            seconds=90.0,
            asks_mistakes=False,
        ),
    ),
)
