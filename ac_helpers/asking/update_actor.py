"""How `update_actor` is asked: the question's steps are taken or filled in, and its loss is followed back."""

from __future__ import annotations

import numbers
from contextlib import suppress
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import heads_of, known_agent
from ac_helpers.asking.answering import OutOfTime, deadline
from ac_helpers.asking.heads import as_the_network, listening, log_probabilities
from ac_helpers.asking.memory import Memory
from ac_helpers.asking.plain import action_number, array, kind_of

ACT = "act"
"""The repair that fills `actor_batch` without the student's `act`."""

PLAIN = "plain"
"""Beside `ACT`: the entries are plain tensors, not in the form in which the student's `act` stores them."""

SECONDS_FOR_ONE_ACTION = 0.4
"""What hangs is judged elsewhere; here it only has to leave time for a question with four agents, of the two
seconds that it gets once something has hung."""

PATIENCE = 200
"""How many wrong actions, for each step, are taken back before the steps are taken as they come. Twelve
actions of probability `NOT_RARE` take more than 2400 draws with probability < 1e-30."""


def ask_gradient(names: Names, question: Data) -> Data:
    """The loss's gradient, twice from the beginning: a right one has the same direction."""
    runs = [_gradients(names, question) for _ in range(2)]
    return {name: [run[name] for run in runs] for name in runs[0]}


def ask_one_sided(names: Names, question: Data) -> Data:
    """The gradient for two critics under the uniform policy, and for any network with its critic and without.

    Under a uniform policy all log-probabilities are alike, and what reaches the critic through weights that
    sum to zero cancels; under any other it does not. Without values only an entropy bonus is left.
    """
    anything = question["anything"]
    networks = (
        question["weights"],
        question["weights"] | question["other_critic"],
        anything,
        anything | {name: 0 * anything[name] for name in ("critic_weight", "critic_bias")},
    )
    runs = [_gradients(names, question | {"weights": weights}) for weights in networks]
    return {name: [run[name] for run in runs] for name in runs[0]}


def _gradients(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["states"], question["script"])
    heads = heads_of(agent, question["states"])
    with heads.listening():
        if ACT in question.get("repair", "").split():
            _fill(agent, question)
        else:
            _act(agent, question)
        loss = agent.update_actor()
        if not isinstance(loss, torch.Tensor):
            return {"kind": kind_of(loss), "loss": np.ones(()), **heads.gradients(), "body_moves": False}
        loss.sum().backward()
    moves = heads.body_moves()
    return {"kind": "torch.Tensor", "loss": array(loss), **heads.gradients(), "body_moves": moves}


def _fill(agent: Any, question: Data) -> None:
    """The question's steps as a right `act` would have left them, in the form of the student's or plain."""
    forms = _forms(agent, question["states"][0])
    states = torch.tensor(question["states"])
    actions = torch.tensor(question["actions"])
    with listening(agent.actor_critic.actor_head) as calls:
        agent.actor_critic(as_the_network(agent.actor_critic, states))
    log_probs = log_probabilities(calls.rows[-1])[torch.arange(len(actions)), actions]
    values = agent.actor_critic.evaluate(as_the_network(agent.actor_critic, states))
    q_values = values.detach()[torch.arange(len(actions)), actions]
    # An act that keeps no graph is right; whether update_actor can do without is what is asked here.
    keeps_graph = any(form is None or getattr(form, "grad_fn", None) is not None for form in forms[:2])
    log_probs = log_probs if keeps_graph else log_probs.detach()
    if PLAIN in question["repair"].split():
        forms = [None] * len(forms)
    for step in zip(log_probs, q_values, states, actions, strict=True):
        agent.actor_batch.append(*(_in_form(value, form) for value, form in zip(step, forms, strict=True)))


def _forms(agent: Any, state: np.ndarray) -> list[Any]:
    """One entry of each column as the student's `act` stores it, None where it does not."""
    with suppress(Exception, OutOfTime), deadline(SECONDS_FOR_ONE_ACTION):
        agent.act(state.copy())
    batch = agent.actor_batch
    columns = (batch.logprobs, batch.q_values, batch.states, batch.actions)
    forms = [column[-1] if len(column) else None for column in columns]
    batch.clear()
    return forms


def _in_form(value: torch.Tensor, form: Any) -> Any:
    """A tensor's content as the kind of object that the form is, where it can be."""
    if isinstance(form, torch.Tensor) and form.numel() == value.numel():
        return value.reshape(form.shape).to(form.dtype)
    if isinstance(form, np.ndarray) and form.size == value.numel():
        return value.detach().numpy().reshape(form.shape).astype(form.dtype)
    if isinstance(form, numbers.Number) and value.numel() == 1:
        return value.item()
    return value.tolist() if isinstance(form, list | tuple) else value


def _act(agent: Any, question: Data) -> None:
    """Fills `actor_batch` with the question's steps, or with others in its states where these do not come."""
    at_first = Memory(agent)
    if not _takes_the_steps(agent, question):
        at_first.restore()
        for state in question["states"]:
            agent.act(state.copy())
    _cut_off(agent.actor_batch)


def _cut_off(batch: Any) -> None:
    """Detaches the values that `act` has stored: if it has not done so, that is charged where it is asked."""
    with suppress(Exception):
        for step, value in enumerate(batch.q_values):
            if isinstance(value, torch.Tensor) and value.requires_grad:
                batch.q_values[step] = value.detach()


def _takes_the_steps(agent: Any, question: Data) -> bool:
    """Whether an agent has taken the question's steps, in their order.

    One that samples by itself does not follow the script: it acts until the action of the step comes, and
    every other one is taken back.
    """
    tries = PATIENCE * len(question["states"])
    for state, wanted in zip(question["states"], question["actions"].tolist(), strict=True):
        before = Memory(agent)
        while action_number(agent.act(state.copy())) != wanted:
            before.restore()
            tries -= 1
            if tries == 0:
                return False
    return True
