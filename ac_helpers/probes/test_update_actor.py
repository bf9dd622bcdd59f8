"""Questions about `update_actor`: where its loss moves the logits, and what it must not move.

Every action is taken exactly as often as the policy would take it, in every state. The sum of the scores
`grad ln pi(a|s)` is then zero state by state, so that no baseline, whether of the batch or of the state,
changes the gradient; its length is left out of the comparison, because any positive scale is right.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.agents import INIT, N_ACTIONS, STATE_DIM, gradients, known_agent
from ac_helpers.probes.known import draw_weights
from ac_helpers.probes.plain import array
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Data, Names, Probe, Question

N_STATES = 4
ACT = "act"
"""The repair that fills `actor_batch` without the student's `act`."""

REPAIRS = (ACT, f"{INIT} {ACT}")

PATIENCE = 30
"""How often the states are gone through before giving up on an agent that samples by itself: with the rarest
action at 1/9 it is missing in one of 4 states after 270 draws with probability 4 * (8/9)^270 < 1e-12."""


def _make(rng: np.random.Generator, shares: tuple[int, ...]) -> Data:
    """A policy with these shares in every state, and steps in which each action occurs by its share."""
    weights = draw_weights(rng, STATE_DIM, N_ACTIONS)
    weights["actor_weight"] = np.zeros_like(weights["actor_weight"])
    weights["actor_bias"] = np.log(np.array(shares) / sum(shares))
    weights["critic_weight"] *= 0.3
    weights["critic_bias"] = rng.permutation([-3.0, 0.5, 4.0])
    order = rng.permutation(N_STATES * sum(shares))
    actions = np.tile(np.repeat(np.arange(N_ACTIONS), shares), N_STATES)[order]
    states = rng.normal(size=(N_STATES, STATE_DIM)).astype(np.float32)
    return {
        "weights": weights,
        "states": np.repeat(states, sum(shares), axis=0)[order],
        "actions": actions,
        # Whoever asks the network anew gets other actions than those that were taken.
        "script": np.concatenate([actions, (actions + 1) % N_ACTIONS]),
    }


def make_uniform(rng: np.random.Generator) -> Data:
    return _make(rng, (1, 1, 1))


def make_skewed(rng: np.random.Generator) -> Data:
    shares = tuple(int(share) for share in rng.permutation([6, 1, 2]))
    return _make(rng, shares)


def ask_gradient(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["script"])
    if ACT in question.get("repair", ""):
        _fill(agent, question)
    else:
        _act(agent, question)
    batch = agent.actor_batch
    batch.q_values[:] = [q.detach() if isinstance(q, torch.Tensor) else q for q in batch.q_values]
    loss = agent.update_actor()
    loss.sum().backward()
    return {"loss": array(loss), **gradients(agent.actor_critic)}


def _fill(agent: Any, question: Data) -> None:
    """The question's steps as a right `act` would have left them, all at once."""
    states = torch.tensor(question["states"])
    actions, log_probs, q_values = agent.actor_critic(states)
    batch = agent.actor_batch
    for column, values in (
        (batch.logprobs, log_probs),
        (batch.q_values, q_values.detach()),
        (batch.states, states),
        (batch.actions, actions),
    ):
        column[:] = list(values)


def _act(agent: Any, question: Data) -> None:
    """Fills `actor_batch` with the question's steps.

    An agent that samples by itself does not follow the script: it acts until each action has come often
    enough in each state, and what came too often is taken out again.
    """
    states = [state.tobytes() for state in question["states"]]
    wanted = Counter(zip(states, question["actions"].tolist(), strict=True))
    kept: list[int] = []
    for step in range(PATIENCE * len(states)):
        state = question["states"][step % len(states)]
        taken = (state.tobytes(), int(agent.act(state.copy())))
        if wanted[taken] > 0:
            wanted[taken] -= 1
            kept.append(step)
        if len(kept) == len(states):
            break
    batch = agent.actor_batch
    if len(kept) == len(states) < len(batch.logprobs):
        for column in (batch.logprobs, batch.q_values, batch.states, batch.actions):
            column[:] = [column[step] for step in kept]


def directions(question: Data, answer: Data) -> Data:
    """The direction of the gradient on the actor's head, and whether the critic's head got any."""
    return {
        "scalar": answer["loss"].size == 1,
        "direction": _unit(answer["actor_gradient"]),
        "critic_moved": _moved(answer["critic_gradient"], answer["actor_gradient"]),
    }


def _moved(gradient: np.ndarray, compared_with: np.ndarray) -> bool:
    return bool(np.linalg.norm(gradient) > 1e-5 * max(1.0, float(np.linalg.norm(compared_with))))


def _unit(gradient: np.ndarray) -> Any:
    length = np.linalg.norm(gradient)
    return np.round(gradient / length, 4) if length > 1e-8 else "zero"


def roughly(question: Data, answer: Data) -> Data:
    return {"direction": directions(question, answer)["direction"]}


PROBE = Probe(
    id="test_update_actor",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    questions=(
        Question(
            "uniform",
            1.0,
            make_uniform,
            ask_gradient,
            {"direction": Close(0, 0.02)},
            directions,
            repairs=REPAIRS,
        ),
        Question(
            "skewed",
            0.5,
            make_skewed,
            ask_gradient,
            {"direction": Close(0, 0.12)},
            roughly,
            repairs=REPAIRS,
        ),
    ),
)
