"""Questions about `ActorCriticAgent`: how it is built, how it acts, and what it remembers."""

from __future__ import annotations

import numbers
from collections import deque
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.agents import INIT, N_ACTIONS, STATE_DIM, known_agent, new_agent
from ac_helpers.probes.known import draw_weights, tables
from ac_helpers.probes.plain import array, kind_of
from ac_helpers.probes.rules import Close, frequencies_agree
from ac_helpers.probes.spec import Data, Names, Probe, Question


def make_parts(rng: np.random.Generator) -> Data:
    return {
        "lr": float(np.round(rng.uniform(1e-4, 1e-2), 5)),
        "gamma": float(np.round(rng.uniform(0.8, 0.99), 3)),
        "critic_rb_size": int(rng.integers(20, 60)),
    }


def ask_parts(names: Names, question: Data) -> Data:
    agent = new_agent(names, question["gamma"], question["lr"], question["critic_rb_size"])
    model, optimizer = agent.actor_critic, agent.opt
    with torch.no_grad():
        model.evaluate(torch.zeros(2, STATE_DIM))  # lazy layers get their sizes
    optimized = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return {
        "is_optimizer": isinstance(optimizer, torch.optim.Optimizer),
        "not_optimized": [
            name for name, parameter in model.named_parameters() if id(parameter) not in optimized
        ],
        "lr": array([float(group["lr"]) for group in optimizer.param_groups]),
        "gamma": float(agent.gamma),
        "maxlen": agent.critic_rb.maxlen,
        "buffer_is_deque": isinstance(agent.critic_rb, deque),
        "buffers_start_empty": len(agent.critic_rb) == 0 and len(agent.actor_batch.logprobs) == 0,
    }


def describe_parts(question: Data, answer: Data) -> Data:
    """How a network is made up is the student's choice: only whether parameters are left out counts."""
    left_out, lr = answer["not_optimized"], np.unique(answer["lr"])
    described = {name: value for name, value in answer.items() if name != "not_optimized"}
    return {**described, "all_optimized": not left_out, "lr": float(lr[0]) if len(lr) == 1 else lr.tolist()}


def make_steps(rng: np.random.Generator) -> Data:
    n_steps = 24
    return {
        "weights": draw_weights(rng, STATE_DIM, N_ACTIONS),
        "states": rng.normal(size=(n_steps, STATE_DIM)).astype(np.float32),
        "script": rng.integers(0, N_ACTIONS, size=n_steps),
    }


def ask_steps(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["script"])
    actions = [agent.act(state.copy()) for state in question["states"]]
    batch = agent.actor_batch
    return {
        "kinds": sorted({kind_of(action) for action in actions}),
        "actions": array([int(action) for action in actions]),
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


def describe_steps(question: Data, answer: Data) -> Data:
    """Each stored number minus what the known weights give for the action that was really returned."""
    log_probs, q_values = tables(question["weights"], question["states"])
    actions, steps = answer["actions"], np.arange(len(question["states"]))
    described: Data = {
        "steps_stored": [
            list(answer[name].shape[:1]) for name in ("log_probs", "q_values", "states", "stored_actions")
        ],
        "q_with_gradient": answer["q_with_gradient"],
    }
    if (
        any(size != [len(steps)] for size in described["steps_stored"])
        or not np.isin(actions, range(N_ACTIONS)).all()
    ):
        return described
    return described | {
        "log_prob_error": _error(answer["log_probs"], log_probs[steps, actions]),
        "q_error": _error(answer["q_values"], q_values[steps, actions]),
        "state_error": _error(answer["states"], question["states"]),
        "action_error": _error(answer["stored_actions"], actions),
    }


def _error(got: np.ndarray, wanted: np.ndarray) -> Any:
    if got.size != wanted.size:
        return f"shape {list(got.shape)}"
    return np.round(got.reshape(wanted.shape) - wanted, 6)


def describe_kinds(question: Data, answer: Data) -> Data:
    return {"kinds": answer["kinds"]}


def make_many(rng: np.random.Generator) -> Data:
    return make_steps(rng) | {
        "states": rng.normal(size=(2, STATE_DIM)).astype(np.float32),
        "draws": 400,
        "script": rng.integers(0, N_ACTIONS, size=997),
    }


def ask_many(names: Names, question: Data) -> Data:
    agent = known_agent(names, question, question["script"])
    states = [state for _ in range(question["draws"]) for state in question["states"]]
    return {"actions": array([int(agent.act(state.copy())) for state in states])}


def describe_many(question: Data, answer: Data) -> Data:
    """An agent either hands on what `forward` sampled, or samples from the same policy by itself."""
    actions = answer["actions"]
    follows = np.array_equal(actions, np.resize(question["script"], len(actions)))
    log_probs, _ = tables(question["weights"], question["states"])
    columns = actions.reshape(-1, len(question["states"])).T.clip(0, N_ACTIONS - 1)
    counts = np.stack([np.bincount(column, minlength=N_ACTIONS) for column in columns])
    return {"samples_from_the_policy": bool(follows or frequencies_agree(counts, np.exp(log_probs)))}


def make_replay(rng: np.random.Generator) -> Data:
    return {"critic_rb_size": 7, "states": rng.normal(size=(10, STATE_DIM)), "rewards": rng.normal(size=10)}


def ask_replay(names: Names, question: Data) -> Data:
    agent = new_agent(names, critic_rb_size=question["critic_rb_size"])
    for step, (state, reward) in enumerate(zip(question["states"], question["rewards"], strict=True)):
        agent.append_to_replay_buffer(state, step % N_ACTIONS, float(reward), state + 100, step % 4 == 0)
    return {
        "length": len(agent.critic_rb),
        "last": [array(part).reshape(-1) for part in agent.critic_rb[-1]],
        "oldest_reward": array(agent.critic_rb[0][2]).reshape(-1),
    }


def describe_replay(question: Data, answer: Data) -> Data:
    step = len(question["states"]) - 1
    state = question["states"][step]
    wanted = {
        "s": state,
        "a": [step % N_ACTIONS],
        "r": [question["rewards"][step]],
        "next_s": state + 100,
        "terminated": [step % 4 == 0],
    }
    order = [
        next((name for name, value in wanted.items() if _equal(part, value)), "?") for part in answer["last"]
    ]
    return {"order": order, "length": answer["length"], "oldest_reward": answer["oldest_reward"]}


def _equal(part: np.ndarray, value: Any) -> bool:
    value = np.asarray(value, dtype=float)
    return part.shape == value.shape and bool(np.allclose(part, value))


_STEP_RULES = {
    name: Close(atol=1e-4) for name in ("log_prob_error", "q_error", "state_error", "action_error")
}

PROBE = Probe(
    id="test_agent_act",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    questions=(
        Question("parts", 0.2, make_parts, ask_parts, {"lr": Close(), "gamma": Close()}, describe_parts),
        Question("steps", 0.4, make_steps, ask_steps, _STEP_RULES, describe_steps, repairs=(INIT,)),
        Question("type", 0.1, make_steps, ask_steps, {}, describe_kinds, repairs=(INIT,)),
        Question("policy", 0.1, make_many, ask_many, {}, describe_many, repairs=(INIT,)),
        Question("replay", 0.2, make_replay, ask_replay, {"oldest_reward": Close()}, describe_replay),
    ),
)
