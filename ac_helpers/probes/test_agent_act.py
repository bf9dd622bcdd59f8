"""Questions about `ActorCriticAgent`: how it is built, how it acts, and what it remembers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.agent_act import (
    CRITIC,
    NOBODY,
    POLICY,
    SIGMOID,
    ask_kinds,
    ask_many,
    ask_parts,
    ask_replay,
    ask_steps,
    hands_on,
    is_terminal,
)
from ac_helpers.asking.agents import N_ACTIONS, NETWORKS, STATE_DIM
from ac_helpers.asking.known import draw_weights, heads, tables
from ac_helpers.probes.rules import UNKNOWN, Close, SameDistribution, frequencies_agree
from ac_helpers.probes.spec import Probe, Question


def make_parts(rng: np.random.Generator) -> Data:
    return {
        "lr": float(np.round(rng.uniform(1e-4, 2e-3), 5)) + 5e-6,  # nobody's own number
        "gamma": float(np.round(rng.uniform(0.8, 0.99), 3)),
        "critic_rb_size": int(rng.integers(20, 60)),
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


def describe_steps(question: Data, answer: Data) -> Data:
    """What each column of stored numbers is, told by what the known weights give for every step."""
    log_probs, q_values = tables(question["weights"], question["states"])
    actions, steps = answer["actions"], np.arange(len(question["states"]))
    described: Data = {
        "steps_stored": [
            list(answer[name].shape[:1]) for name in ("log_probs", "q_values", "states", "stored_actions")
        ],
        "q_with_gradient": answer["q_with_gradient"],
    }
    stored = ("log_prob", "q_value", "state", "action")
    if any(size != [len(steps)] for size in described["steps_stored"]):
        # Of steps that are not there nothing follows.
        return described | dict.fromkeys(("returns_actions", *stored))
    described["returns_actions"] = bool(np.isin(actions, range(N_ACTIONS)).all())
    if not described["returns_actions"]:
        return described | dict.fromkeys(stored)
    values = {
        ACTION: actions,
        LOG_PROB: log_probs[steps, actions],
        PROBABILITY: np.exp(log_probs[steps, actions]),
        VALUE: q_values[steps, actions],
        STATE: question["states"],
    }
    every_action = np.tile(range(N_ACTIONS), (len(steps), 1))
    log_prob = _what_is(answer["log_probs"], values, {ANOTHER_LOG_PROB: log_probs})
    q_value = _what_is(answer["q_values"], values, {ANOTHER_VALUE: q_values})
    if log_prob == q_value == UNKNOWN:  # as if another state or network had been asked
        q_value = OF_ANOTHER_STATE
    return described | {
        "log_prob": log_prob,
        "q_value": q_value,
        "state": _what_is(answer["states"], values, {}),
        "action": _what_is(answer["stored_actions"], values, {ANOTHER_ACTION: every_action}),
    }


ACTION, LOG_PROB, PROBABILITY, VALUE, STATE = "action", "log_prob", "probability", "value", "state"

ANOTHER_LOG_PROB, ANOTHER_VALUE, ANOTHER_ACTION = "another_log_prob", "another_value", "another_action"

ALL_VALUES = "all_values"

OF_ANOTHER_STATE = "of_another_state"


def _what_is(got: np.ndarray, values: dict[str, np.ndarray], any_of: dict[str, np.ndarray]) -> str:
    """Which of the values of all steps [N] or [N, d] these are, or one of each step's row [N, n]."""
    for name, wanted in values.items():
        if got.size == wanted.size and np.allclose(got.reshape(wanted.shape), wanted, atol=1e-3, rtol=1e-3):
            return name
    for name, rows in any_of.items():
        if got.size == len(rows) and np.isclose(got.reshape(-1, 1), rows, atol=1e-3, rtol=1e-3).any(1).all():
            return name
        if got.size == rows.size:
            return ALL_VALUES
    return UNKNOWN


def make_many(rng: np.random.Generator) -> Data:
    """Two states in which the policy is like nobody else's, and no action is rare."""
    question = _make_two_states(rng)
    while not _tells_choices_apart(question):
        question = _make_two_states(rng)
    # Shares that are neither the policy's nor anybody's whom a wrong agent may follow.
    script = rng.choice(N_ACTIONS, size=997, p=rng.permutation([0.6, 0.3, 0.1]))
    return question | {"draws": 1200, "script": script}


def _make_two_states(rng: np.random.Generator) -> Data:
    return {
        "weights": draw_weights(rng, STATE_DIM, N_ACTIONS),
        "states": rng.normal(size=(2, STATE_DIM)).astype(np.float32),
    }


def _tells_choices_apart(question: Data) -> bool:
    candidates = _candidates(question)
    policy = candidates[POLICY]
    return bool(policy.min() > 0.02) and all(
        np.abs(policy - candidates[other]).max() > distance for other, distance in APART.items()
    )


APART = {NOBODY: 0.55, CRITIC: 0.2, SIGMOID: 0.2}
"""How far a probability of the policy is from another's at least; who follows the policy only four times in
five is then a fifth of the first away, twelve standard errors."""


def _candidates(question: Data) -> dict[str, np.ndarray]:
    """The probabilities [states, n] by which actions may have been chosen, by who chooses."""
    logits, q_values = heads(question["weights"], question["states"])
    weights = {
        POLICY: np.exp(logits),
        NOBODY: np.ones(logits.shape),
        CRITIC: np.exp(q_values),
        SIGMOID: 1 / (1 + np.exp(-logits)),
    }
    return {name: given / given.sum(-1, keepdims=True) for name, given in weights.items()}


def describe_many(question: Data, answer: Data) -> Data:
    """Whose choice the actions are: an agent hands on what `forward` sampled, or samples by itself."""
    actions = answer["actions"]
    described = {"seed_set": answer["seed_set"], "one_action_only": False, "chosen_by": POLICY}
    # Two whom nobody knows are not the same for that: of them alone it counts what they chose.
    described["counts"] = np.zeros(1)
    handed_on = hands_on(actions, question["script"])
    if handed_on is not None:
        return described | {"chosen_by": handed_on}
    columns = actions.reshape(-1, len(question["states"])).T.clip(0, N_ACTIONS - 1)
    counts = np.stack([np.bincount(column, minlength=N_ACTIONS) for column in columns])
    candidates = _candidates(question)
    chosen_by = next((name for name, p in candidates.items() if frequencies_agree(counts, p)), UNKNOWN)
    return described | {
        "one_action_only": bool((counts > 0).sum(1).max() == 1),
        "chosen_by": chosen_by,
        "counts": counts.reshape(-1) if chosen_by == UNKNOWN else np.zeros(1),
    }


def make_replay(rng: np.random.Generator) -> Data:
    # After 12 transitions the last one's action is told apart from its flag; and no reward is so small that
    # squashing it changes nothing.
    rewards = rng.choice([-1.0, 1.0], 12) * rng.uniform(0.6, 2.5, 12)
    rewards[WITHOUT_REWARD] = 0.0
    return {"critic_rb_size": 7, "states": rng.normal(size=(12, STATE_DIM)), "rewards": rewards}


WITHOUT_REWARD = 7
"""A step whose transition is kept, not the newest one, and has another action and flag than 0 and True."""


def describe_replay(question: Data, answer: Data) -> Data:
    """What the fields of the newest transition are, and which transitions the buffer still holds.

    At which end of the deque the newest one lies makes no difference to whoever draws from it.
    """
    transitions = answer["transitions"]
    kept = [_step_of(question, parts) for parts in transitions]
    step = max(kept, default=-1)
    newest = transitions[kept.index(step)] if step >= 0 else []
    wanted = _fields(question, step)
    order = _order(newest, wanted)
    whole = order == list(wanted) and -1 not in kept
    changed = {
        name
        for parts, number in zip(transitions, kept, strict=True)
        for part, (name, value) in zip(parts, _fields(question, number).items(), strict=False)
        if not _equal(part, value)
    }
    flags = [
        (parts[-1], not is_terminal(number))
        for parts, number in zip(transitions, kept, strict=True)
        if parts and number >= 0
    ]
    return {
        "fields": sorted({len(parts) for parts in transitions}),
        "terminated_inverted": bool(flags) and all(_equal(flag, [value]) for flag, value in flags),
        "order": order,
        "changed": sorted(changed) if whole else [],
        "kept": sorted(kept),
    }


def _order(parts: list[np.ndarray], wanted: dict[str, Any]) -> list[str]:
    """Which field each part of a transition is; an action and a flag of the same value are one each."""
    left, order = dict(wanted), []
    for part in parts:
        name = next((name for name, value in left.items() if _equal(part, value)), "?")
        left.pop(name, None)
        order.append(name)
    return order


def _fields(question: Data, step: int) -> dict[str, Any]:
    state = question["states"][step]
    return {
        "s": state,
        "a": [step % N_ACTIONS],
        "r": [question["rewards"][step]],
        "next_s": state + 100,
        "terminated": [is_terminal(step)],
    }


def _step_of(question: Data, parts: list[np.ndarray]) -> int:
    """The step that a stored transition comes from, told by its state or its reward; -1 for none.

    A reward of 0 tells nothing: an action or a flag may be 0 as well.
    """
    fields = [_fields(question, step) for step in range(len(question["states"]))]
    for name in ("s", "r"):
        for step, wanted in enumerate(fields):
            is_telling = name == "s" or step != WITHOUT_REWARD
            if is_telling and any(_equal(part, wanted[name]) for part in parts):
                return step
    return -1


def _equal(part: np.ndarray, value: Any) -> bool:
    value = np.asarray(value, dtype=float)
    # Quicker than `np.allclose`: this is asked hundreds of times.
    return part.shape == value.shape and bool((np.abs(part - value) <= 1e-8 + 1e-5 * np.abs(value)).all())


def _of_maxlen(got: int | None, expected: int) -> str | None:
    return "replay_unbounded" if got is None else "replay_size_ignored"


_OF_LOG_PROB = {
    PROBABILITY: "prob_not_log",
    ANOTHER_LOG_PROB: "log_prob_of_other_action",
    VALUE: "act_stores_wrong_order",
}

_OF_VALUE = {
    LOG_PROB: "act_stores_wrong_order",
    ANOTHER_VALUE: "q_not_selected",
    ALL_VALUES: "q_not_selected",
    UNKNOWN: "q_not_selected",
}

_OF_CHOICE = {NOBODY: "always_random", CRITIC: "policy_from_critic"}


def _of_kept(got: list[int], expected: list[int]) -> str | None:
    """The mistake that the transitions left in the buffer tell of."""
    if len(got) > len(expected) and got == list(range(len(got))):
        return "replay_unbounded"
    if got == list(range(len(expected))):
        return "replay_keeps_oldest"
    if len(got) != len(expected):
        return None
    if WITHOUT_REWARD not in got:
        return "replay_skips_zero_reward"
    return None if any(map(is_terminal, got)) else "replay_skips_terminated"


def _of_fields(got: list[int], expected: list[int]) -> str | None:
    """What the numbers of fields tell, unless something else lies beside whole transitions."""
    return None if set(expected) <= set(got) else "transition_not_whole"


def _of_order(got: list[str], expected: list[str]) -> str | None:
    """What the order of the fields tells; an inverted flag, which is none of them, is told by itself."""
    if sorted(got) == sorted(expected):
        return "replay_order"
    changed = [name for name, found in zip(expected, got, strict=False) if found != name]
    is_one = len(got) == len(expected) and len(changed) == 1
    return "transition_changed" if is_one and changed != ["terminated"] else None


PROBE = Probe(
    id="test_agent_act",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    methods=("__init__", "act", "append_to_replay_buffer"),
    questions=(
        Question(
            "parts",
            0.2,
            make_parts,
            ask_parts,
            {"lr": Close(atol=0), "gamma": Close()},
            describe_parts,
            symptoms={
                "all_optimized": "optimizer_missing_params",
                "lr": "lr_ignored",
                "gamma": "gamma_ignored",
                "maxlen": _of_maxlen,
                "grows_with_hidden_dims": "hidden_dims_ignored",
                "first_width_first": "hidden_dims_reversed",
                "fits_the_environment": "sizes_hardcoded",
                "frozen": "params_frozen",
                "keeps_the_rollout": "rollout_bounded",
                "buffer_is_deque": "replay_unbounded",
                "buffers_are_its_own": "buffers_shared",
            },
            every_symptom=True,
        ),
        Question(
            "steps",
            0.4,
            make_steps,
            ask_steps,
            {},
            describe_steps,
            repairs=NETWORKS,
            symptoms={
                "steps_stored": "act_not_stored",
                "returns_actions": lambda got, expected: "action_out_of_range" if got is False else None,
                "q_with_gradient": "q_not_detached",
                "log_prob": lambda got, expected: _OF_LOG_PROB.get(got),
                "q_value": lambda got, expected: _OF_VALUE.get(got),
                "state": lambda got, expected: "act_stores_wrong_order" if got == ACTION else None,
                "action": lambda got, expected: "acts_twice" if got == ANOTHER_ACTION else None,
            },
            every_symptom=True,
        ),
        Question(
            "type",
            0.1,
            make_steps,
            ask_kinds,
            {},
            repairs=NETWORKS,
            symptoms={"kinds": "not_int"},
            beside=("parts", "steps", "replay"),
        ),
        Question(
            "policy",
            0.1,
            make_many,
            ask_many,
            {"counts": SameDistribution()},
            describe_many,
            repairs=NETWORKS,
            symptoms={
                "seed_set": "seed_fixed",
                "one_action_only": "greedy_action",
                "chosen_by": lambda got, expected: _OF_CHOICE.get(got),
            },
        ),
        Question(
            "replay",
            0.2,
            make_replay,
            ask_replay,
            {},
            describe_replay,
            symptoms={
                "fields": _of_fields,
                "terminated_inverted": "terminated_inverted",
                "order": _of_order,
                "changed": "transition_changed",
                "kept": _of_kept,
            },
            every_symptom=True,
        ),
    ),
)
