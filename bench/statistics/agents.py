"""Agents that learn, in as many styles as there are, and agents that must not pass for such."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers import reference
from ac_helpers.asking import agent_learns as learning_asked
from ac_helpers.probes import test_agent_learns as learning
from bench.statistics.questions import ASSIGNMENT
from bench.statistics.solutions import (
    REFERENCE,
    Solution,
    right_solution,
    right_styles,
    with_code,
    with_mistake,
    wrong_styles,
)

GIVEN: Any = reference.names(ASSIGNMENT)["ActorCriticAgent"]


def _agent(agent: Any) -> Solution:
    return {**reference.names(ASSIGNMENT), "ActorCriticAgent": agent}


def _sgd(base: Any = GIVEN, momentum: float = 0.0) -> Solution:
    """An agent whose optimizer is plain SGD."""

    class ActorCriticAgent(base):  # type: ignore[misc]
        def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
            super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
            self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr, momentum=momentum)

    return _agent(ActorCriticAgent)


class Adagrad(GIVEN):  # type: ignore[misc]
    """Steps that become smaller and smaller."""

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.opt = torch.optim.Adagrad(self.actor_critic.parameters(), lr=lr)


class WeightQ(GIVEN):  # type: ignore[misc]
    """No baseline."""

    def update_actor(self):
        features = self.actor_critic.net(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_probs = self.actor_critic.actor_head(features).log_softmax(-1).gather(-1, actions)
        return -(self.actor_critic.critic_head(features).detach().gather(-1, actions) * log_probs).mean()


class ClippedSteps(GIVEN):  # type: ignore[misc]
    """Gradients no longer than 0.5."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return
        self._step(self.update_actor())
        for _ in range(critic_updates_per_actor):
            self._step(self.update_critic(critic_batch_size))
        self.actor_batch.clear()

    def _step(self, loss):
        self.opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 0.5)
        self.opt.step()


class OneStep(GIVEN):  # type: ignore[misc]
    """One joint step on the sum of the losses, several batches for the critic."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return
        loss = self.update_actor() + self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.actor_batch.clear()


class NoUpdate(GIVEN):  # type: ignore[misc]
    """Never learns."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) >= rollout_size:
            self.actor_batch.clear()


class CollapsedAtRandom(NoUpdate):
    """Has made up its mind, in every state by tossing a coin."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.table = torch.randint(2, (learning_asked.LIGHTS,)).tolist()

    def act(self, state):
        super().act(state)
        return self.table[int(np.argmax(state))]


OWN_LEARNERS: dict[str, Callable[[], Solution]] = {
    "SGD": _sgd,
    "SGD, gradient norm clipped at 0.5": lambda: _sgd(ClippedSteps),
    "SGD, one joint step": lambda: _sgd(OneStep),
    "SGD, weight Q": lambda: _sgd(WeightQ),
    "Adagrad": lambda: _agent(Adagrad),
    "weight Q": lambda: _agent(WeightQ),
}
"""Right agents of which the corpus has none."""

MODELS = (
    "Categorical with logits and a ReLU body",
    "LayerNorm, GELU and orthogonal weights with a small gain for the actor",
    "log-softmax head, heads that start at zero, layer norm",
)
"""Versions of the model alone that may learn otherwise than the reference's."""

OPTIMIZERS = (
    "SGD with momentum",
    "RMSprop over a list of tensors, keywords for the model",
    "AdamW with three parameter groups of the same lr",
)
"""Versions of the agent's `__init__` that may."""

OWN_NON_LEARNERS: dict[str, Callable[[], Solution]] = {
    "actor_loss_sign": lambda: with_mistake("test_update_actor", "actor_loss_sign"),
    "actor_ignores_q": lambda: with_mistake("test_update_actor", "actor_ignores_q"),
    "reward_missing": lambda: with_mistake("test_td_loss", "reward_missing"),
    "update does nothing": lambda: _agent(NoUpdate),
    "collapsed at random": lambda: _agent(CollapsedAtRandom),
}
"""Wrong agents that the question is the last to catch, and one that is right by luck."""


def learners() -> dict[str, Callable[[], Solution]]:
    """The right agents: the reference, all that the corpus writes as a whole, and some more, by style."""
    of_test = {
        learning.PROBE.id: (REFERENCE, *right_styles(learning.PROBE.id)),
        "test_actor_critic_model": MODELS,
        "test_agent_act": OPTIMIZERS,
    }
    from_corpus: dict[str, Callable[[], Solution]] = {
        title: partial(right_solution, test, title) for test, titles in of_test.items() for title in titles
    }
    return from_corpus | OWN_LEARNERS


def non_learners() -> dict[str, Callable[[], Solution]]:
    """The wrong agents, by style."""
    from_corpus = {
        title: partial(with_code, version, learning.PROBE.id)
        for title, version in wrong_styles(learning.PROBE.id).items()
    }
    return OWN_NON_LEARNERS | from_corpus


def agent(title: str) -> Solution:
    """The solution of this style."""
    return (learners() | non_learners())[title]()
