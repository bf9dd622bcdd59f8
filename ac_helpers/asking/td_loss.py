"""How `compute_td_loss` is asked for its value and its gradient, with a network of known weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import heads_of, known_agent
from ac_helpers.asking.building import attempt
from ac_helpers.asking.heads import Heads
from ac_helpers.asking.plain import array, kind_of

FIELDS = ("states", "actions", "rewards", "next_states", "terminateds")

EARLIER = 0.5
"""By how much the weights were others before."""

TIMES = 3
"""How often the same is asked; two losses that hang on sampled actions hardly ever agree thrice."""


def _agent(names: Names, question: Data) -> Any:
    """An agent with the known network, which had other weights when the loss was asked for before."""
    agent = known_agent(names, question, _states(question), question["script"], gamma=question["gamma"])
    known = {name: value.clone() for name, value in agent.actor_critic.state_dict().items()}
    with torch.no_grad():
        for parameter in agent.actor_critic.parameters():
            parameter.add_(EARLIER)
    attempt(lambda: td_loss(agent, question, 0.0))  # who keeps a copy of the network has one of those weights
    agent.actor_critic.load_state_dict(known)
    return agent


def _states(question: Data) -> np.ndarray:
    return np.concatenate([question["states"], question["next_states"]])


def td_loss(agent: Any, question: Data, *regularizer: float) -> Any:
    """The loss that the agent computes for the question's batch."""
    return agent.compute_td_loss(*(question[name].copy() for name in FIELDS), *regularizer)


def ask_value(names: Names, question: Data) -> Data:
    """The loss several times, also with other rewards: a right one is always the same."""
    agent, other = _agent(names, question), question | {"rewards": question["other_rewards"]}
    return {
        "loss": [array(td_loss(agent, question, 0.0)) for _ in range(TIMES)],
        "other_loss": [array(td_loss(agent, other, 0.0)) for _ in range(TIMES)],
    }


def ask_also_one(names: Names, question: Data) -> Data:
    """The same, and the loss of a batch with one transition, or what it raises."""
    agent, one = _agent(names, question), {name: question[name][:1] for name in FIELDS}
    loss, error = attempt(lambda: array(td_loss(agent, one, 0.0)))
    return {**ask_value(names, question), "one": loss, "one_error": error}


def ask_regularizer(names: Names, question: Data) -> Data:
    """The loss without and with the argument, and by how much its term changes the gradient on Q.

    With the argument the rewards are others: a wrong loss that is right by chance is not so twice.
    """
    agent, other = _agent(names, question), question | {"rewards": question["other_rewards"]}
    heads, moved = heads_of(agent, _states(question)), []
    for regularizer in (question["regularizer"], 0.0):
        loss, gradients = _backward(agent, heads, question, regularizer)
        moved.append(gradients["q_gradient"] if isinstance(loss, torch.Tensor) else np.full((1,), np.nan))
    return {
        "loss_default": [array(td_loss(agent, question)) for _ in range(TIMES)],
        "loss_given": [array(td_loss(agent, other, question["regularizer"])) for _ in range(TIMES)],
        "gradient_of_regularizer": moved[0] - moved[1],
    }


def _backward(agent: Any, heads: Heads, question: Data, regularizer: float) -> tuple[Any, Data]:
    """The loss for the question's batch and the gradients on the heads that it gives."""
    agent.actor_critic.zero_grad()
    with heads.listening():
        loss = td_loss(agent, question, regularizer)
        if isinstance(loss, torch.Tensor):
            loss.sum().backward()
    return loss, heads.gradients()


def ask_gradient(names: Names, question: Data) -> Data:
    agent = _agent(names, question)
    heads = heads_of(agent, _states(question))
    answer: Data = {"q_gradient": [], "logit_gradient": []}
    for _ in range(TIMES):
        loss, gradients = _backward(agent, heads, question, regularizer=0.0)
        for name, gradient in gradients.items():
            answer[name].append(gradient)
    return answer | {"kind": kind_of(loss).split()[0], "body_moves": heads.body_moves()}
