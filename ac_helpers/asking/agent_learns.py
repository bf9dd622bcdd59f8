"""How a whole agent is asked to learn a tiny environment, until it has done so or is given up.

The very first run says enough if it succeeds: a policy that has collapsed at random is right in all states
with probability 2**-12.
After a failure two runs with one learning rate have to succeed, because there are many more tries then.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import new_agent
from ac_helpers.asking.heads import PARTS, parameters_by_part, that_can_learn
from ac_helpers.asking.plain import array
from ac_helpers.envs import Lights

LIGHTS = 12
"""The states of the environment; in half of them one action is right, in half the other, so that a policy
that has collapsed into one action is right in half of the states."""

RUNS, SUCCESSES = 20, 2
"""The most runs with one learning rate, and how many of them have to succeed."""

LAST, RIGHT_OF_LAST = 8, 7
"""A run succeeds once so many of the last actions were right in every state."""

UPDATES, LEAST_SHARE = 120, 0.6
"""A run is given up after half of its updates if no larger share of its last actions is right; a coin's is
0.5, and no run that succeeded later was seen below 0.66."""

UNSEEN = 255
"""What stands for an action that was not taken."""


def ask_attempts(names: Names, question: Data) -> Data:
    """The last actions in every state, by learning rate and run, until the agent passes.

    The learning rates take turns, each until its next failure. One that is too large may end in an exception;
    that run has failed. Only when the first runs with all of them do so, the student is told. An agent whose
    network never moves is given up after the first turn.
    """
    exams: list[list[np.ndarray]] = [[] for _ in question["learning_rates"]]
    answer: Data = {
        "waits_for_the_rollout": _stays_quiet(names, question),
        **_after_an_update(names, question),
        "still": [],
        "exams": exams,
    }
    raised: list[Exception] = []
    for turn in range(question["runs"]):
        for number in range(len(exams)):
            raised += _run_until_failure(names, question, number, exams)
            if passes(exams, question["right_actions"]):
                return answer
        if len(raised) == sum(map(len, exams)):
            raise raised[0]
        if any(map(_successes, exams, question["right_actions"])):
            continue
        if turn == 0:
            answer["still"] = _still(names, question)
        if turn + 1 >= question["patience"] or answer["still"] == list(PARTS):
            break
    return answer


def _still(names: Names, question: Data) -> list[str]:
    """The parts of a new agent's network of which a run moves no parameter; none if it ends in an error."""
    agent = _agent(names, question["learning_rates"][0])
    right_actions, seed = question["right_actions"][0][0], int(question["seeds"][0][0])
    try:
        learn(agent, question | {"updates": 1}, right_actions, seed)  # lazy layers get their sizes
        before = _by_part(agent)
        learn(agent, question, right_actions, seed)
        after = _by_part(agent)
    except Exception:
        return []
    return [part for part in PARTS if before[part] and _same(before[part], after[part])]


def _by_part(agent: Any) -> dict[str, list[np.ndarray]]:
    return {part: [*map(array, own)] for part, own in parameters_by_part(agent.actor_critic).items()}


def _parameters(agent: Any) -> list[np.ndarray]:
    return [array(parameter) for parameter in agent.actor_critic.parameters()]


def _same(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def _run_until_failure(
    names: Names, question: Data, number: int, exams: list[list[np.ndarray]]
) -> list[Exception]:
    """More runs with one learning rate, until one fails or there are enough; what the last one raised."""
    runs, right_actions = exams[number], question["right_actions"]
    while len(runs) < question["runs"]:
        try:
            runs.append(one_run(names, question, number, len(runs)))
        except Exception as failure:
            runs.append(NOTHING_LEARNT)
            return [failure]
        has_failed = not succeeded(runs[-1], right_actions[number][len(runs) - 1])
        if has_failed or passes(exams, right_actions):
            break
    return []


NOTHING_LEARNT = np.full((LIGHTS, LAST), UNSEEN, dtype=np.uint8)
"""What stands for the actions of a run that ended in an exception."""


def succeeded(actions: np.ndarray, right_actions: np.ndarray) -> bool:
    """Whether the last actions [states, LAST] are right nearly always, in the worst of the states too."""
    if actions.shape != (LIGHTS, LAST):
        raise ValueError(f"last actions of shape {actions.shape}")
    return bool((actions == right_actions[:, None]).sum(1).min() >= RIGHT_OF_LAST)


def passes(exams: list[list[np.ndarray]], right_actions: np.ndarray) -> bool:
    """Whether the runs with all learning rates, in their order, show that the agent learns.

    Either the very first run has succeeded, or `SUCCESSES` with one of the rates have.
    """
    first = exams[0][:1]
    return _successes(first, right_actions[0]) == 1 or any(
        _successes(runs, right) >= SUCCESSES for runs, right in zip(exams, right_actions, strict=True)
    )


def _successes(runs: list[np.ndarray], right_actions: np.ndarray) -> int:
    return sum(succeeded(run, right) for run, right in zip(runs, right_actions, strict=False))


def one_run(names: Names, question: Data, number: int, run: int) -> np.ndarray:
    """The last actions of a new agent when it has succeeded, or when its time is over."""
    agent = _agent(names, question["learning_rates"][number])
    return learn(agent, question, question["right_actions"][number][run], int(question["seeds"][number][run]))


def _agent(names: Names, lr: float) -> Any:
    return new_agent(names, lr=lr, critic_rb_size=2000, hidden_dims=(32,), state_dim=LIGHTS, action_dim=2)


def learn(agent: Any, question: Data, right_actions: np.ndarray, seed: int) -> np.ndarray:
    """The training loop of the notebook, as far as an agent is concerned; the last actions in every state."""
    torch.default_generator.manual_seed(seed)
    env = Lights(right_actions.tolist())
    last = [deque([UNSEEN] * LAST, maxlen=LAST) for _ in range(LIGHTS)]
    state, _ = env.reset(seed=seed)
    for updates in range(1, question["updates"] + 1):
        for _ in range(question["rollout_size"]):
            action = agent.act(state)
            last[env.light].append(min(max(int(action), 0), UNSEEN))
            next_state, reward, terminated, truncated, _ = env.step(action)
            agent.append_to_replay_buffer(state, action, reward, next_state, terminated)
            agent.update(question["rollout_size"], question["batch_size"], 2)
            state = env.reset()[0] if terminated or truncated else next_state
        actions = np.array(last, dtype=np.uint8)
        right = actions == right_actions[:, None]
        if succeeded(actions, right_actions) or (
            updates == question["updates"] // 2 and right.mean() <= LEAST_SHARE
        ):
            break
    return actions


def _after_an_update(names: Names, question: Data) -> Data:
    """Whether a rollout that has been learnt from is over, and which parts of the network learn no more.

    Of an agent that fails here nothing follows.
    """
    with suppress(Exception):
        agent = _agent(names, question["learning_rates"][0])
        for light in range(question["rollout_size"]):
            state = np.eye(LIGHTS, dtype=np.float32)[light % LIGHTS]
            agent.append_to_replay_buffer(state, agent.act(state), 0.0, state, False)
        before = that_can_learn(agent.actor_critic)
        agent.update(question["rollout_size"], question["rollout_size"] // 2, 1)
        frozen = [part for part in PARTS if before[part] and not that_can_learn(agent.actor_critic)[part]]
        return {"forgets_the_rollout": len(agent.actor_batch.logprobs) == 0, "frozen": frozen}
    return {"forgets_the_rollout": True, "frozen": []}


def _stays_quiet(names: Names, question: Data) -> bool:
    """Whether nothing moves before the rollout is full."""
    agent = _agent(names, question["learning_rates"][0])
    state = np.eye(LIGHTS, dtype=np.float32)[0]
    agent.append_to_replay_buffer(state, agent.act(state), 0.0, state, False)
    before = _parameters(agent)
    agent.update(question["rollout_size"], 1, 1)
    return _same(before, _parameters(agent))
