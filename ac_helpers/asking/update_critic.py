"""How `update_critic` is asked, in two ways.

The first watches how `sample_batch` and `compute_td_loss` are called. Whoever does not call them by these
names is asked in the second way, by what comes back alone, many times over, for a buffer of transitions of
two kinds.
"""

from __future__ import annotations

import inspect
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.agents import (
    N_ACTIONS,
    heads_of,
    known_agent,
    override,
    replaced,
)
from ac_helpers.asking.building import attempt
from ac_helpers.asking.heads import as_the_network
from ac_helpers.asking.plain import NotPlain, array, kind_of

UNWATCHED = "unwatched"
"""The repair that asks by the results alone."""

OWN_LOSS = "own-loss"
"""Beside `UNWATCHED`: the loss is the student's own, which may be part of `update_critic` itself."""

BUFFER = 400
"""Transitions in the replay buffer, half of them of each kind; enough for all batches together."""

CALLS = 60
"""How often a result is asked for; that all 60 counts are even has the probability 2^-60."""

REGULARIZER = 0.1


class Recorder:
    """Right versions of what `update_critic` calls, which write down how they were called.

    `sample_batch` deals out a transition's number instead of drawing it; `compute_td_loss` gives the
    question's losses one after another, each with a gradient of its own.
    """

    def __init__(self, question: Data) -> None:
        self.question = question
        self.batch_sizes: list[int] = []
        self.buffers: list[int] = []
        self.loss_sizes: list[int] = []
        self.in_order = True
        self.regularizers: set[float] = set()
        self.factor = torch.ones((), requires_grad=True)

    def sample_batch(self, replay_buffer: Any, n_samples: int) -> tuple[np.ndarray, ...]:
        self.batch_sizes.append(int(n_samples))
        self.buffers.append(len(replay_buffer) if hasattr(replay_buffer, "__len__") else -1)
        return self._batch(np.arange(n_samples))

    def _batch(self, numbers: np.ndarray) -> tuple[np.ndarray, ...]:
        rows = numbers % len(self.question["states"])
        states = self.question["states"][rows]
        return states, rows % N_ACTIONS, rows + 0.5, states + 1, rows % 2 == 0

    def compute_td_loss(
        self,
        states: Any,
        actions: Any,
        rewards: Any,
        next_states: Any,
        terminateds: Any,
        regularizer: float = REGULARIZER,
    ) -> torch.Tensor:
        fields = [array(part) for part in (states, actions, rewards, next_states, terminateds)]
        self.loss_sizes.append(len(fields[0]))
        dealt = self._batch(np.arange(len(fields[0])))
        self.in_order &= all(
            part.size == wanted.size and np.allclose(part.reshape(wanted.shape), wanted)
            for part, wanted in zip(fields, dealt, strict=True)
        )
        self.regularizers.add(float(regularizer))
        losses = self.question["losses"]
        return self.factor * float(losses[(len(self.loss_sizes) - 1) % len(losses)])


def filled_agent(names: Names, question: Data, transitions: int) -> Any:
    """The student's agent with so many transitions in its replay buffer."""
    agent = known_agent(names, question, question["states"])
    for number in range(transitions):
        state = question["states"][number % len(question["states"])]
        agent.critic_rb.append((state, number % N_ACTIONS, float(number), state + 1, number % 2 == 0))
    return agent


def ask_updates(names: Names, question: Data) -> Data:
    """What is called and what comes back, for the question's numbers and for other ones."""
    if UNWATCHED in question.get("repair", "").split():
        return _ask_unwatched(names, question)
    more = {name: question[name] + question["extra"] for name in ("batch_size", "n_updates")}
    return {
        "watched": [_ask_watched(names, asked) for asked in (question, question | more)],
        "by_default": attempt(lambda: _batches_by_default(names, question))[0],
    }


def _batches_by_default(names: Names, question: Data) -> int:
    return len(_ask_watched(names, question | {"n_updates": None})["loss_sizes"])


def _ask_watched(names: Names, question: Data) -> Data:
    recorder, agent = Recorder(question), filled_agent(names, question, transitions=BUFFER)
    override(agent, "compute_td_loss", recorder.compute_td_loss)
    with _sampling_from(agent, recorder):
        numbers = (question["batch_size"], question["n_updates"])
        loss = agent.update_critic(*(number for number in numbers if number is not None))
    answer = {
        "draws": len(recorder.batch_sizes),
        "loss_sizes": recorder.loss_sizes,
        "in_order": recorder.in_order or not recorder.batch_sizes,
        "regularizers": sorted(recorder.regularizers),
        "drawn_from": sorted(set(recorder.buffers)) or [BUFFER],
        "left": len(agent.critic_rb),
        "kind": kind_of(loss).split()[0],
        "loss": _number(loss),
    }
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        loss.sum().backward()
        answer["gradient"] = array(recorder.factor.grad) if recorder.factor.grad is not None else None
    return answer


def _sampling_from(agent: Any, recorder: Recorder) -> Any:
    method = inspect.unwrap(type(agent).update_critic)  # a decorator's wrapper calls nothing by these names
    if not hasattr(method, "__globals__"):
        return nullcontext()
    return replaced(method, sample_batch=recorder.sample_batch)


def _number(loss: Any) -> np.ndarray | None:
    try:
        return array(loss)
    except NotPlain:
        return None


def _ask_unwatched(names: Names, question: Data) -> Data:
    """The losses of many calls, and what one of them does to the critic's values."""
    state, next_state = question["states"][:2]
    agent = known_agent(names, question, question["states"][:2])
    for number in range(BUFFER):
        reward = float(question["rewards"][number // (BUFFER // 2)])
        agent.critic_rb.append((state.copy(), 0, reward, next_state.copy(), True))
    if OWN_LOSS not in question["repair"].split():
        override(agent, "compute_td_loss", _mean_reward_plus_q(agent, state, next_state))
    heads = heads_of(agent, question["states"][:2])
    losses = [agent.update_critic(question["batch_size"], question["n_updates"]) for _ in range(CALLS)]
    by_default, _ = attempt(lambda: [agent.update_critic(question["batch_size"]) for _ in range(CALLS)])
    with heads.listening():
        loss = agent.update_critic(question["batch_size"], question["n_updates"])
        loss.sum().backward()
    return {
        "kind": kind_of(loss).split()[0],
        "losses": array(losses).reshape(CALLS),
        "by_default": None if by_default is None else array(by_default).reshape(CALLS),
        "last": array(loss).reshape(1),
        "left": len(agent.critic_rb),
        "q_gradient": heads.gradients()["q_gradient"],
    }


def _mean_reward_plus_q(agent: Any, state: np.ndarray, next_state: np.ndarray) -> Any:
    """A stand-in for the loss: linear in the rewards of the batch, with gradient 1 at the action taken.

    Whatever else is passed has to be what lies in the buffer; the loss is far off if it is not.
    """

    def compute_td_loss(
        states: Any,
        actions: Any,
        rewards: Any,
        next_states: Any,
        terminateds: Any,
        regularizer: float = REGULARIZER,
    ) -> torch.Tensor:
        given = as_the_network(agent.actor_critic, torch.as_tensor(np.asarray(states, dtype=np.float32)))
        q_values = agent.actor_critic.evaluate(given)
        wanted = ((states, state), (actions, 0), (next_states, next_state), (terminateds, 1))
        wrong = abs(regularizer - REGULARIZER) + sum(
            float(np.abs(array(got).astype(float) - right).mean()) for got, right in wanted
        )
        return q_values[:, 0].mean() + float(np.mean(array(rewards))) + 100 * wrong

    return compute_td_loss


def ask_small(names: Names, question: Data) -> Data:
    """What comes back where one transition is missing and where all are, and where there are just enough."""
    return {
        "too_few": [_with_too_few(names, question, n) for n in (question["batch_size"] - 1, 0)],
        "exactly_enough": _counts_when_exactly_enough(names, question, n_updates=1),
        "enough_for_several": _counts_when_exactly_enough(names, question, question["n_updates"]),
    }


def _with_too_few(names: Names, question: Data, transitions: int) -> Data:
    agent = filled_agent(names, question, transitions)
    loss, error = attempt(lambda: agent.update_critic(question["batch_size"], question["n_updates"]))
    answer = {"error": error, "kind": kind_of(loss).split()[0], "value": _number(loss), "moved": False}
    if isinstance(loss, torch.Tensor):
        _, answer["error"] = attempt(lambda: loss.sum().backward())
        parameters = list(agent.actor_critic.parameters())
        answer["moved"] = any(p.grad is not None and bool(p.grad.any()) for p in parameters)
    return answer


def _counts_when_exactly_enough(names: Names, question: Data, n_updates: int) -> bool:
    """Whether as many transitions as a batch has are enough; what else comes back is judged elsewhere."""
    loss, error = _updated(names, question, question["batch_size"], n_updates)
    if error:
        return bool(_updated(names, question, BUFFER, n_updates)[1])
    return not isinstance(loss, torch.Tensor) or bool(loss.detach().abs().sum() > 0)


def _updated(names: Names, question: Data, transitions: int, n_updates: int) -> tuple[Any, str]:
    """What comes back with so many transitions in the buffer, and the error if there is one."""
    recorder, agent = Recorder(question), filled_agent(names, question, transitions)
    override(agent, "compute_td_loss", recorder.compute_td_loss)
    with _sampling_from(agent, recorder):
        return attempt(lambda: agent.update_critic(question["batch_size"], n_updates))
