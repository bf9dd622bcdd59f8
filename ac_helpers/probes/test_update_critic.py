"""Questions about `update_critic`: how many batches, how large, and what comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.probes.agents import INIT, N_ACTIONS, STATE_DIM, gradients, known_agent, replaced
from ac_helpers.probes.known import draw_weights
from ac_helpers.probes.plain import NotPlain, array, kind_of
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Data, Names, Probe, Question


def make_updates(rng: np.random.Generator) -> Data:
    """Prepared batches, and the loss that each of them will be said to have."""
    return {
        "weights": draw_weights(rng, STATE_DIM, N_ACTIONS),
        "states": rng.normal(size=(40, STATE_DIM)).astype(np.float32),
        "losses": rng.uniform(1, 9, size=12).round(3),
        "batch_size": int(rng.integers(5, 9)),
        "n_updates": int(rng.integers(3, 6)),
    }


class Recorder:
    """Right versions of what `update_critic` calls, which write down how they were called.

    `sample_batch` deals out a transition's number instead of drawing it; `compute_td_loss` gives the
    question's losses one after another, each with a gradient of its own.
    """

    def __init__(self, question: Data) -> None:
        self.question = question
        self.batch_sizes: list[int] = []
        self.loss_sizes: list[int] = []
        self.factor = torch.ones((), requires_grad=True)

    def sample_batch(self, replay_buffer: Any, n_samples: int) -> tuple[np.ndarray, ...]:
        self.batch_sizes.append(int(n_samples))
        rows = np.arange(n_samples) % len(self.question["states"])
        states = self.question["states"][rows]
        return states, rows % N_ACTIONS, rows.astype(float), states + 1, rows % 2 == 0

    def compute_td_loss(self, states: Any, *rest: Any, **options: Any) -> torch.Tensor:
        self.loss_sizes.append(len(states))
        losses = self.question["losses"]
        return self.factor * float(losses[(len(self.loss_sizes) - 1) % len(losses)])


def filled_agent(names: Names, question: Data, transitions: int) -> Any:
    """The student's agent with so many transitions in its replay buffer."""
    agent = known_agent(names, question)
    for number in range(transitions):
        state = question["states"][number % len(question["states"])]
        agent.critic_rb.append((state, number % N_ACTIONS, float(number), state + 1, number % 2 == 0))
    return agent


def ask_updates(names: Names, question: Data) -> Data:
    recorder, agent = Recorder(question), filled_agent(names, question, transitions=30)
    agent.compute_td_loss = recorder.compute_td_loss
    with replaced(type(agent).update_critic, sample_batch=recorder.sample_batch):
        loss = agent.update_critic(question["batch_size"], n_updates=question["n_updates"])
    answer = {
        "batch_sizes": recorder.batch_sizes,
        "loss_sizes": recorder.loss_sizes,
        "kind": kind_of(loss).split()[0],
        "loss": _number(loss),
    }
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        loss.sum().backward()
        answer["gradient"] = array(recorder.factor.grad) if recorder.factor.grad is not None else None
    return answer


def _number(loss: Any) -> np.ndarray | None:
    try:
        return array(loss)
    except NotPlain:
        return None


def describe_loss(question: Data, answer: Data) -> Data:
    loss = answer["loss"]
    return {
        "kind": answer["kind"],
        "loss": float(loss.reshape(-1)[0]) if loss is not None and loss.size == 1 else "no single number",
        "gradient": float(answer["gradient"]) if answer.get("gradient") is not None else "none",
    }


def describe_calls(question: Data, answer: Data) -> Data:
    return {"batches": len(answer["loss_sizes"])}


def describe_sizes(question: Data, answer: Data) -> Data:
    return {"sizes": sorted(set(answer["loss_sizes"]))}


def ask_small(names: Names, question: Data) -> Data:
    agent = filled_agent(names, question, transitions=question["batch_size"] - 1)
    loss = agent.update_critic(question["batch_size"], n_updates=question["n_updates"])
    answer: Data = {"kind": kind_of(loss).split()[0], "value": _number(loss)}
    if isinstance(loss, torch.Tensor):
        loss.sum().backward()
        answer |= gradients(agent.actor_critic)
    return answer


def describe_small(question: Data, answer: Data) -> Data:
    value = answer["value"]
    parts = [answer[name] for name in answer if name.endswith("_gradient")]
    return {
        "kind": answer["kind"],
        "zero": bool(value is not None and value.size == 1 and np.allclose(value, 0)),
        "moves_the_network": any(bool(part.any()) for part in parts),
    }


_LOSS_RULES = {"loss": Close(), "gradient": Close()}

PROBE = Probe(
    id="test_update_critic",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    questions=(
        Question("small_buffer", 0.25, make_updates, ask_small, {}, describe_small, repairs=(INIT,)),
        Question("batches", 0.25, make_updates, ask_updates, {}, describe_calls, repairs=(INIT,)),
        Question("batch_size", 0.2, make_updates, ask_updates, {}, describe_sizes, repairs=(INIT,)),
        Question("loss", 0.3, make_updates, ask_updates, _LOSS_RULES, describe_loss, repairs=(INIT,)),
    ),
)
