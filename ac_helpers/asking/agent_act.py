"""How `ActorCriticAgent` is asked how it is built, how it acts, and what it remembers."""

from __future__ import annotations

import numbers
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import N_ACTIONS, STATE_DIM, known_agent, new_agent, sets_a_seed
from ac_helpers.asking.building import attempt, tuple_or_list
from ac_helpers.asking.heads import PARTS, as_the_network, that_can_learn
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
        "grows_with_hidden_dims": all(_size(names, more) > _size(names, less) for less, more in GROWTH),
        "first_width_first": _cost_of_an_input(names, (8, 32)) <= _cost_of_an_input(names, (32, 8)),
        "fits_the_environment": _fits_the_environment(names),
        "frozen": _frozen(names, model),
        "keeps_the_rollout": _keeps_the_rollout(new_agent(names)),
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


GROWTH = (((8,), (16,)), ((8,), (8, 8)), ((8, 8), (8, 16)))
"""Pairs of `hidden_dims`, of which the second makes the larger network."""


def _size(names: Names, hidden_dims: tuple[int, ...], state_dim: int = STATE_DIM) -> int:
    model = new_agent(names, hidden_dims=hidden_dims, state_dim=state_dim).actor_critic
    with torch.no_grad():
        model(as_the_network(model, torch.zeros(2, state_dim)))  # lazy layers get their sizes
    return sum(parameter.numel() for parameter in model.parameters())


def _cost_of_an_input(names: Names, hidden_dims: tuple[int, ...]) -> int:
    """By how many parameters the network is larger if a state has one number more; at least 0."""
    sizes = [attempt(partial(_size, names, hidden_dims, dim))[0] for dim in (STATE_DIM, STATE_DIM + 1)]
    return max(0, sizes[1] - sizes[0]) if sizes[0] and sizes[1] else 0


def _fits_the_environment(names: Names) -> bool:
    """Whether another environment's numbers of inputs and actions get to the network, if it is any good."""
    states = torch.zeros(2, OTHER_STATE_DIM)

    def shape(model: Any) -> list[int]:
        with torch.no_grad():
            return list(model.evaluate(as_the_network(model, states)).shape)

    alone, _ = attempt(lambda: shape(_model_alone(names, OTHER_STATE_DIM, OTHER_N_ACTIONS)))
    of_agent, _ = attempt(lambda: shape(_other_agent(names).actor_critic))
    wanted = [len(states), OTHER_N_ACTIONS]
    return alone != wanted or of_agent == wanted


OTHER_STATE_DIM, OTHER_N_ACTIONS = 6, 5


def _other_agent(names: Names) -> Any:
    return new_agent(names, state_dim=OTHER_STATE_DIM, action_dim=OTHER_N_ACTIONS)


def _model_alone(names: Names, state_dim: int, n_actions: int) -> Any:
    return tuple_or_list(lambda dims: names["ActorCriticModel"](state_dim, dims, n_actions), (8,))


def _frozen(names: Names, model: Any) -> list[str]:
    """The parts in which no parameter can learn, though some could when the model had just been made."""
    alone, _ = attempt(lambda: _model_alone(names, STATE_DIM, N_ACTIONS))
    found = [attempt(partial(that_can_learn, one))[0] for one in (alone, model)]
    before, after = (one or {} for one in found)
    return [part for part in PARTS if before.get(part) and after.get(part) == 0]


LONG = 150


def _keeps_the_rollout(agent: Any) -> bool:
    """Whether the memory of a rollout goes on to grow; of an agent that cannot act nothing follows."""
    lengths = []
    with suppress(Exception), torch.no_grad():
        for _ in range(2):
            for _ in range(LONG):
                agent.act(np.zeros(STATE_DIM, dtype=np.float32))
            lengths.append(len(agent.actor_batch.logprobs))
    return len(lengths) < 2 or lengths[0] == 0 or lengths[1] > lengths[0]


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
    seed_set = sets_a_seed(partial(agent.act, state.copy()) for state in states[:GENERATOR_CALLS])
    agent.actor_batch.clear()
    rewind(agent.actor_critic)
    actions = [action_number(agent.act(state.copy())) for state in states[:ENOUGH_OF_THE_SCRIPT]]
    if hands_on(np.array(actions), question["script"]) is None:
        actions += [action_number(agent.act(state.copy())) for state in states[ENOUGH_OF_THE_SCRIPT:]]
    return {
        "actions": array(actions),
        "seed_set": seed_set,
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
