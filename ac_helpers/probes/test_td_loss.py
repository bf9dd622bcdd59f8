"""Questions about `compute_td_loss`: its value and its gradient for a network with known weights."""

from __future__ import annotations

import numpy as np

from ac_helpers.probes.agents import INIT, N_ACTIONS, STATE_DIM, gradients, known_agent
from ac_helpers.probes.known import draw_weights
from ac_helpers.probes.plain import array
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Data, Names, Probe, Question

BATCH = 7


def make_transitions(rng: np.random.Generator) -> Data:
    """A batch as `sample_batch` returns it; nothing in it is terminal."""
    return {
        "weights": draw_weights(rng, STATE_DIM, N_ACTIONS),
        "gamma": float(np.round(rng.uniform(0.6, 0.9), 3)),
        "states": rng.normal(size=(BATCH, STATE_DIM)).astype(np.float32),
        "actions": rng.permutation(np.arange(BATCH) % N_ACTIONS),
        "rewards": rng.normal(1, 2, size=BATCH),
        "next_states": rng.normal(size=(BATCH, STATE_DIM)).astype(np.float32),
        "terminateds": np.zeros(BATCH, dtype=bool),
        "script": rng.integers(0, N_ACTIONS, size=31),
    }


def make_terminal(rng: np.random.Generator) -> Data:
    return make_transitions(rng) | {"terminateds": np.ones(BATCH, dtype=bool)}


def make_mixed(rng: np.random.Generator) -> Data:
    return make_transitions(rng) | {"terminateds": rng.permutation(np.arange(BATCH) % 2 == 0)}


def make_regularized(rng: np.random.Generator) -> Data:
    return make_mixed(rng) | {"regularizer": float(np.round(rng.uniform(0.3, 0.9), 2))}


def td_loss(names: Names, question: Data, **options: float):
    """The loss for the question's batch, and the agent that gave it."""
    agent = known_agent(names, question, question["script"], gamma=question["gamma"])
    fields = ("states", "actions", "rewards", "next_states", "terminateds")
    return agent, agent.compute_td_loss(*(question[name].copy() for name in fields), **options)


def ask_value(names: Names, question: Data) -> Data:
    _, loss = td_loss(names, question, regularizer=0.0)
    return {"loss": array(loss)}


def ask_regularizer(names: Names, question: Data) -> Data:
    values = {
        "loss_default": td_loss(names, question)[1],
        "loss_given": td_loss(names, question, regularizer=question["regularizer"])[1],
    }
    return {name: array(value) for name, value in values.items()}


def ask_gradient(names: Names, question: Data) -> Data:
    agent, loss = td_loss(names, question, regularizer=0.0)
    loss.sum().backward()
    return gradients(agent.actor_critic)


def one_number(question: Data, answer: Data) -> Data:
    """A loss may keep axes of length one; a loss for every transition is no scalar."""
    return {
        name: float(value.reshape(-1)[0]) if value.size == 1 else f"shape {list(value.shape)}"
        for name, value in answer.items()
    }


_GRADIENTS = {f"{part}_gradient": Close(rtol=1e-2, atol=1e-4) for part in ("net", "actor", "critic")}

PROBE = Probe(
    id="test_td_loss",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    questions=(
        Question("value", 0.8, make_transitions, ask_value, {"loss": Close()}, one_number, repairs=(INIT,)),
        Question("terminal", 0.3, make_terminal, ask_value, {"loss": Close()}, one_number, repairs=(INIT,)),
        Question("mixed", 0.2, make_mixed, ask_value, {"loss": Close()}, one_number, repairs=(INIT,)),
        Question(
            "regularizer",
            0.2,
            make_regularized,
            ask_regularizer,
            {"loss_default": Close(), "loss_given": Close()},
            one_number,
            repairs=(INIT,),
        ),
        Question("gradient", 0.5, make_mixed, ask_gradient, _GRADIENTS, repairs=(INIT,)),
    ),
)
