"""What the questions about the agent share: building one, and replacing what its methods call."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.known import known_model
from ac_helpers.probes.plain import array

STATE_DIM = 4
N_ACTIONS = 3


def new_agent(
    names: Mapping[str, Any], gamma: float = 0.9, lr: float = 1e-3, critic_rb_size: int = 1000
) -> Any:
    """An agent as a student's notebook would build it, for states of 4 numbers and 3 actions."""
    return names["ActorCriticAgent"](
        state_dim=STATE_DIM,
        action_dim=N_ACTIONS,
        hidden_dims=(8,),
        lr=lr,
        gamma=gamma,
        critic_rb_size=critic_rb_size,
    )


INIT = "init"
"""The repair of a question that builds the agent without the student's `__init__`."""


def known_agent(
    names: Mapping[str, Any], question: Mapping[str, Any], script: Any = (0,), gamma: float = 0.9
) -> Any:
    """The student's agent with the question's known network in `actor_critic`."""
    agent = _bare_agent(names) if INIT in question.get("repair", "") else new_agent(names, gamma=gamma)
    agent.actor_critic = known_model(names, question["weights"], [int(action) for action in script])
    agent.gamma = gamma
    return agent


def _bare_agent(names: Mapping[str, Any]) -> Any:
    """An agent with the parts that every agent has, whatever its `__init__` does."""
    agent: Any = object.__new__(names["ActorCriticAgent"])
    agent.actor_batch, agent.critic_rb = names["ActorBatch"](), deque(maxlen=1000)
    agent.opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    return agent


def gradients(model: Any) -> dict[str, np.ndarray]:
    """The gradient of every part of a known network, zeros where none arrived, by parameter name."""
    parts = {"net": model.net, "actor": model.actor_head, "critic": model.critic_head}
    return {
        f"{part}_gradient": np.concatenate(
            [
                (np.zeros(parameter.shape) if parameter.grad is None else array(parameter.grad)).ravel()
                for parameter in module.parameters()
            ]
        )
        for part, module in parts.items()
    }


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
