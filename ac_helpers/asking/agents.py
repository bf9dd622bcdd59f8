"""What the questions about the agent share: building one, and replacing what its methods call."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.asking.building import tuple_or_list
from ac_helpers.asking.fitted import WIDTH, fit
from ac_helpers.asking.heads import Heads
from ac_helpers.asking.known import known_model, rewind

STATE_DIM = 4
N_ACTIONS = 3

INIT = "init"
"""The repair of a question that builds the agent without the student's `__init__`."""

OWN = "own"
"""The repair that keeps the student's own network and gives it the question's values."""

NETWORKS = (INIT, OWN)
"""The repairs of a question about one method: each puts something else right around it."""


def new_agent(
    names: Mapping[str, Any],
    gamma: float = 0.9,
    lr: float = 1e-3,
    critic_rb_size: int = 1000,
    hidden_dims: Sequence[int] = (8,),
    state_dim: int = STATE_DIM,
    action_dim: int = N_ACTIONS,
) -> Any:
    """An agent as a student's notebook would build it; by default for states of 4 numbers and 3 actions."""
    agent_class = names["ActorCriticAgent"]
    return tuple_or_list(
        lambda dims: agent_class(state_dim, action_dim, dims, lr, gamma, critic_rb_size), hidden_dims
    )


def known_agent(
    names: Mapping[str, Any],
    question: Mapping[str, Any],
    states: np.ndarray,
    script: Sequence[int] | np.ndarray = (0,),
    gamma: float = 0.9,
) -> Any:
    """The student's agent with a network of which it is known what it says of the states.

    Args:
        names: the student's names.
        question: holds the known weights and, maybe, a repair.
        states: [N, state_dim], all states that will be asked about.
        script: the actions that the known network hands out.
        gamma: the agent's discount.
    """
    repair = question.get("repair", "").split()
    if OWN in repair:
        agent = new_agent(names, gamma=gamma, hidden_dims=(WIDTH,))
        fit(agent.actor_critic, question["weights"], np.unique(states, axis=0))
    else:
        agent = _bare_agent(names) if INIT in repair else new_agent(names, gamma=gamma)
        model = known_model(names, question["weights"], [int(action) for action in script])
        _give(agent, model.to(_precision(agent)))
    if getattr(agent, "gamma", None) != gamma:
        agent.gamma = gamma
    return agent


def _give(agent: Any, model: Any) -> None:
    """Puts the model where the agent's own is, and where an agent that calls it by another name keeps it."""
    if not hasattr(agent, "actor_critic"):
        own = getattr(agent, "__dict__", {}).items()
        for name in [name for name, value in own if isinstance(value, nn.Module)]:
            setattr(agent, name, model)
    agent.actor_critic = model


def _precision(agent: Any) -> torch.dtype:
    """That of the agent's own network, for which its methods prepare what they feed it."""
    model = getattr(agent, "actor_critic", None)
    parameters = model.parameters() if isinstance(model, nn.Module) else iter(())
    found = next(parameters, torch.zeros(())).dtype
    return found if found.is_floating_point else torch.float32


def sets_a_seed(calls: Iterable[Callable[[], Any]]) -> bool:
    """Whether some generator, of Python, numpy or torch, gives one and the same number after each call."""
    drawn = []
    for call in calls:
        call()
        drawn.append((random.random(), float(np.random.rand()), float(torch.rand(()))))
    return any(len(set(numbers)) == 1 for numbers in zip(*drawn, strict=True))


def override(agent: Any, name: str, function: Callable[..., Any]) -> None:
    """Makes an agent, even one without room for attributes, call a function in place of its method."""
    found = type(agent)
    changed = type(found.__name__, (found,), {"__slots__": (), name: staticmethod(function)})
    object.__setattr__(agent, "__class__", changed)  # a frozen dataclass has a __setattr__ that refuses


def _bare_agent(names: Mapping[str, Any]) -> Any:
    """An agent with the parts that every agent has, whatever its `__init__` does.

    What else that sets up before it fails is there for the other methods.
    """
    agent: Any = object.__new__(names["ActorCriticAgent"])
    with suppress(Exception):
        agent.__init__(STATE_DIM, N_ACTIONS, (8,), 1e-3, 0.9, 1000)
    agent.actor_batch, agent.critic_rb = names["ActorBatch"](), deque(maxlen=1000)
    agent.opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    return agent


def heads_of(agent: Any, states: np.ndarray) -> Heads:
    """Listens to the heads of the agent's network; the known network's script starts anew."""
    heads = Heads(agent.actor_critic, torch.tensor(np.unique(states, axis=0), dtype=torch.float32))
    rewind(agent.actor_critic)
    return heads


@contextmanager
def replaced(function: Any, **values: Any) -> Iterator[None]:
    """Gives a function other globals for a while: the names that it calls mean `values` inside the block."""
    namespace = function.__globals__
    missing = object()
    before = {name: namespace.get(name, missing) for name in values}
    namespace.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is missing:
                del namespace[name]
            else:
                namespace[name] = value
