"""How `ActorCriticAgent` is asked how it is built, how it acts, and what it remembers."""

from __future__ import annotations

import numbers
import random
from collections import deque
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import N_ACTIONS, STATE_DIM, known_agent, new_agent
from ac_helpers.asking.heads import as_the_network
from ac_helpers.asking.known import rewind
from ac_helpers.asking.plain import action_number, array, kind_of

POLICY, NOBODY, CRITIC, SIGMOID = "policy", "nobody", "critic", "sigmoid"

FIRST_CALL, SECOND_CALL = "first call", "second call"
"""Who may have chosen an action."""


def ask_parts(names: Names, question: Data) -> Data:
    agent = new_agent(names, question["gamma"], question["lr"], question["critic_rb_size"])
    model, optimizer = agent.actor_critic, agent.opt
    with torch.no_grad():
        model.evaluate(as_the_network(model, torch.zeros(2, STATE_DIM)))  # lazy layers get their sizes
    optimized = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return {
        "grows_with_hidden_dims": _size(names, (16,)) > _size(names, (8,)),
        "is_optimizer": isinstance(optimizer, torch.optim.Optimizer),
        "not_optimized": [
            name
            for name, parameter in model.named_parameters()
            if parameter.requires_grad and id(parameter) not in optimized
        ],
        "lr": array([float(group["lr"]) for group in optimizer.param_groups]),
        "gamma": float(agent.gamma),
        "maxlen": getattr(agent.critic_rb, "maxlen", None),
        "buffer_is_deque": isinstance(agent.critic_rb, deque),
        "buffers_start_empty": len(agent.critic_rb) == 0 and len(agent.actor_batch.logprobs) == 0,
        "buffers_are_its_own": _has_buffers_of_its_own(names, agent, question),
    }


def _has_buffers_of_its_own(names: Names, agent: Any, question: Data) -> bool:
    other = new_agent(names, question["gamma"], question["lr"], question["critic_rb_size"])
    return agent.critic_rb is not other.critic_rb and agent.actor_batch is not other.actor_batch


def _size(names: Names, hidden_dims: tuple[int, ...]) -> int:
    model = new_agent(names, hidden_dims=hidden_dims).actor_critic
    with torch.no_grad():
        model(as_the_network(model, torch.zeros(2, STATE_DIM)))  # lazy layers get their sizes
    return sum(parameter.numel() for parameter in model.parameters())


def ask_steps(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["states"], question["script"])
    actions = [action_number(agent.act(state.copy())) for state in question["states"]]
    batch = agent.actor_batch
    return {
        "actions": array(actions),
        "log_probs": _flat(batch.logprobs),
        "q_values": _flat(batch.q_values),
        "states": array([array(state).reshape(-1) for state in batch.states]),
        "stored_actions": _flat(batch.actions),
        "q_with_gradient": any(isinstance(q, torch.Tensor) and q.requires_grad for q in batch.q_values),
    }


def _flat(values: list[Any]) -> np.ndarray:
    """One number for each step, however it is wrapped."""
    return array(
        [array(value).reshape(-1) if not isinstance(value, numbers.Number) else [value] for value in values]
    )


def ask_kinds(names: Names, question: Data) -> Data:
    """What kind of object `act` returns, whatever it stores."""
    agent = known_agent(names, question, question["states"], question["script"])
    return {"kinds": sorted({kind_of(agent.act(state.copy())) for state in question["states"]})}


def ask_many(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["states"], question["script"])
    states = [state for _ in range(question["draws"]) for state in question["states"]]
    generators = []
    for state in states[:GENERATOR_CALLS]:
        agent.act(state.copy())
        generators.append((random.random(), float(np.random.rand()), float(torch.rand(()))))
    agent.actor_batch.clear()
    rewind(agent.actor_critic)
    actions = [action_number(agent.act(state.copy())) for state in states[:ENOUGH_OF_THE_SCRIPT]]
    if hands_on(np.array(actions), question["script"]) is None:
        actions += [action_number(agent.act(state.copy())) for state in states[ENOUGH_OF_THE_SCRIPT:]]
    return {
        "actions": array(actions),
        "seed_set": any(len(set(drawn)) == 1 for drawn in zip(*generators, strict=True)),
    }


ENOUGH_OF_THE_SCRIPT = 240
"""Who has done what the script says so many times need not be asked for more: nobody does so by chance."""


def hands_on(actions: np.ndarray, script: np.ndarray) -> str | None:
    """Whose the actions are if they are the script's: of the only call for each, or of one of two calls."""
    of_two = np.resize(script, 2 * len(actions))
    handed_out = {POLICY: np.resize(script, len(actions)), FIRST_CALL: of_two[::2], SECOND_CALL: of_two[1::2]}
    return next((who for who, wanted in handed_out.items() if np.array_equal(actions, wanted)), None)


GENERATOR_CALLS = 8
"""After so many actions a number is drawn from each generator; whoever sets a seed in `act` repeats it."""


def ask_replay(names: Names, question: Data) -> Data:
    agent = new_agent(names, critic_rb_size=question["critic_rb_size"])
    for step, (state, reward) in enumerate(zip(question["states"], question["rewards"], strict=True)):
        agent.append_to_replay_buffer(state, step % N_ACTIONS, float(reward), state + 100, is_terminal(step))
    return {"transitions": [_parts(transition) for transition in agent.critic_rb]}


def _parts(transition: Any) -> list[np.ndarray]:
    """The fields of a stored transition; what is no sequence of fields is one part."""
    whole = isinstance(transition, torch.Tensor | np.ndarray) or not hasattr(transition, "__iter__")
    return [array(part).reshape(-1) for part in ([transition] if whole else transition)]


def is_terminal(step: int) -> bool:
    return step % 4 == 0
