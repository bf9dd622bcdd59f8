"""How `update_critic` is asked, in two ways.

The first watches how `sample_batch` and `compute_td_loss` are called. Whoever does not call them by these
names is asked in the second way, by what comes back alone, many times over, for a buffer of transitions of
two kinds.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
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
    sets_a_seed,
)
from ac_helpers.asking.building import attempt
from ac_helpers.asking.heads import as_the_network
from ac_helpers.asking.plain import NotPlain, array, kind_of

UNWATCHED = "unwatched"
"""The repair that asks by the results alone."""

APPENDED = "appended"
"""Transitions get into the memory by the student's own `append_to_replay_buffer`, in its own order."""

OWN_LOSS = "own-loss"
"""Beside `UNWATCHED`: the loss is the student's own, which may be part of `update_critic` itself."""

BUFFER = 1000
"""Transitions in the replay buffer, half of them of each kind: enough for all batches together, and as many
as there is room for. Who waits until it is full is told so where fewer have to do."""

CALLS = 60
"""How often a result is asked for; that all 60 counts are even has the probability 2^-60."""

REGULARIZER = 0.1


class Recorder:
    """Right versions of what `update_critic` calls, which write down how they were called.

    `sample_batch` deals out transitions in their order and draws none, never one twice; the reward says which
    one it is. `compute_td_loss` gives the question's losses one after another, each with its own gradient.
    """

    def __init__(self, question: Data) -> None:
        self.question = question
        self.batch_sizes: list[int] = []
        self.buffers: list[int] = []
        self.loss_sizes: list[int] = []
        self.used: list[int] = []
        self.in_order = True
        self.regularizers: set[float] = set()
        self.factor = torch.ones((), requires_grad=True)

    def sample_batch(self, replay_buffer: Any, n_samples: int) -> tuple[np.ndarray, ...]:
        dealt = sum(self.batch_sizes)
        self.batch_sizes.append(int(n_samples))
        self.buffers.append(len(replay_buffer) if hasattr(replay_buffer, "__len__") else -1)
        return self._batch(np.arange(dealt, dealt + n_samples))

    def _batch(self, numbers: np.ndarray) -> tuple[np.ndarray, ...]:
        rows = numbers % len(self.question["states"])
        states = self.question["states"][rows]
        return states, rows % N_ACTIONS, numbers + 0.5, states + 1, rows % 2 == 0

    @property
    def each_once(self) -> bool:
        """Whether what was dealt out has been used, all of it and nothing twice."""
        return not self.batch_sizes or sorted(self.used) == list(range(sum(self.batch_sizes)))

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
        numbers = np.floor(np.nan_to_num(fields[2].astype(float))).reshape(-1).astype(int)
        self.used += numbers.tolist()
        dealt = self._batch(numbers)
        self.in_order &= all(
            part.size == wanted.size and np.allclose(part.reshape(wanted.shape), wanted)
            for part, wanted in zip(fields, dealt, strict=True)
        )
        self.regularizers.add(float(regularizer))
        losses = self.question["losses"]
        return self.factor * float(losses[(len(self.loss_sizes) - 1) % len(losses)])


def filled_agent(names: Names, question: Data, transitions: int) -> Any:
    """The student's agent with so many transitions in its replay buffer."""
    agent, remember = known_agent(names, question, question["states"]), _remember(question)
    for number in range(transitions):
        state = question["states"][number % len(question["states"])]
        remember(agent, state, number % N_ACTIONS, float(number), state + 1, number % 2 == 0)
    return agent


def _remember(question: Data) -> Callable[..., None]:
    """How a transition gets into an agent's memory."""
    if APPENDED in question.get("repair", "").split():
        return lambda agent, *transition: agent.append_to_replay_buffer(*transition)
    return lambda agent, *transition: agent.critic_rb.append(transition)


def ask_updates(names: Names, question: Data) -> Data:
    """What is called and what comes back, for the question's numbers and for other ones.

    Whose loss was asked for by its name needs no way of asking in which it might have another one.
    """
    repair = question.get("repair", "").split()
    if OWN_LOSS in repair and _calls_the_loss(names, question):
        repair.remove(OWN_LOSS)
    if UNWATCHED in repair:
        return _ask_unwatched(names, question | {"repair": " ".join(repair)})
    more = {name: question[name] + question["extra"] for name in ("batch_size", "n_updates")}
    return {
        "watched": [_ask_watched(names, asked) for asked in (question, question | more)],
        "by_default": attempt(lambda: _batches_by_default(names, question))[0],
        "again": attempt(lambda: _ask_again(names, question))[0],
        "seed_set": _sets_a_seed(names, question),
    }


def _calls_the_loss(names: Names, question: Data) -> bool:
    watched, _ = attempt(lambda: _ask_watched(names, question))
    return watched is not None and bool(watched["loss_sizes"])


def _ask_again(names: Names, question: Data) -> Data:
    """What comes of a second call of the same agent, after the first one's loss has gone back."""
    agent = filled_agent(names, question, transitions=BUFFER)
    _watched_call(agent, question)
    return _watched_call(agent, question)


def _sets_a_seed(names: Names, question: Data) -> bool:
    agent = filled_agent(names, question, transitions=BUFFER)
    return sets_a_seed([partial(attempt, partial(_watched_call, agent, question))] * GENERATOR_CALLS)


GENERATOR_CALLS = 3


def _batches_by_default(names: Names, question: Data) -> int:
    return len(_ask_watched(names, question | {"n_updates": None})["loss_sizes"])


def _ask_watched(names: Names, question: Data) -> Data:
    return _watched_call(filled_agent(names, question, transitions=BUFFER), question)


def _watched_call(agent: Any, question: Data) -> Data:
    recorder = Recorder(question)
    override(agent, "compute_td_loss", recorder.compute_td_loss)
    with _sampling_from(agent, recorder):
        numbers = (question["batch_size"], question["n_updates"])
        loss = agent.update_critic(*(number for number in numbers if number is not None))
    answer = {
        "draws": len(recorder.batch_sizes),
        "loss_sizes": recorder.loss_sizes,
        "in_order": recorder.in_order or not recorder.batch_sizes,
        "each_once": recorder.each_once,
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


def kinds_of(question: Data) -> list[tuple[np.ndarray, int, float, np.ndarray, bool]]:
    """Both kinds of transition, which differ in every field; the first one ends its episode."""
    states, rewards = question["states"], question["rewards"]
    return [(states[kind], kind, float(rewards[kind]), states[2 + kind], kind == 0) for kind in (0, 1)]


def _ask_unwatched(names: Names, question: Data) -> Data:
    """The losses of many calls, and what one of them does to the critic's values."""
    agent, remember = known_agent(names, question, question["states"][:4]), _remember(question)
    for number in range(BUFFER):
        state, action, reward, next_state, terminated = kinds_of(question)[number // (BUFFER // 2)]
        remember(agent, state.copy(), action, reward, next_state.copy(), terminated)
    if OWN_LOSS not in question["repair"].split():
        override(agent, "compute_td_loss", _mean_reward_plus_q(agent, question))
    heads = heads_of(agent, question["states"][:4])
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
        "left": len(getattr(agent, "critic_rb", range(BUFFER))),
        "q_gradient": heads.gradients()["q_gradient"],
    }


def _mean_reward_plus_q(agent: Any, question: Data) -> Any:
    """A stand-in for the loss: linear in the rewards of the batch, with gradient 1 at the actions taken.

    Each row has to be one of the transitions in the buffer; the loss is far off if it is not.
    """
    columns = [np.array(column, dtype=float) for column in zip(*kinds_of(question), strict=True)]

    def compute_td_loss(
        states: Any,
        actions: Any,
        rewards: Any,
        next_states: Any,
        terminateds: Any,
        regularizer: float = REGULARIZER,
    ) -> torch.Tensor:
        given = [array(part).astype(float) for part in (states, actions, rewards, next_states, terminateds)]
        kinds = np.abs(given[2].reshape(-1, 1) - columns[2]).argmin(1)
        wrong = abs(regularizer - REGULARIZER) + sum(
            float(np.abs(part.reshape(column[kinds].shape) - column[kinds]).mean())
            for part, column in zip(given, columns, strict=True)
        )
        inputs = as_the_network(agent.actor_critic, torch.as_tensor(np.asarray(states, dtype=np.float32)))
        taken = agent.actor_critic.evaluate(inputs)[torch.arange(len(kinds)), torch.as_tensor(kinds)]
        return taken.mean() + float(given[2].mean()) + 100 * wrong

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
    (loss, error, rows), (_, other_error, other_rows) = (
        _updated(names, question, transitions, n_updates) for transitions in (question["batch_size"], BUFFER)
    )
    if error:
        return bool(other_error)
    is_zero = isinstance(loss, torch.Tensor) and not bool(loss.detach().abs().sum() > 0)
    return not is_zero and rows == other_rows


def _updated(names: Names, question: Data, transitions: int, n_updates: int) -> tuple[Any, str, int]:
    """What comes back with so many transitions in the buffer, the error, and how many rows got a loss."""
    recorder, agent = Recorder(question), filled_agent(names, question, transitions)
    override(agent, "compute_td_loss", recorder.compute_td_loss)
    with _sampling_from(agent, recorder):
        loss, error = attempt(lambda: agent.update_critic(question["batch_size"], n_updates))
    return loss, error, sum(recorder.loss_sizes)
