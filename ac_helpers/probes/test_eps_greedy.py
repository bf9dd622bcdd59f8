"""Questions about `select_action_eps_greedy`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.probes.building import attempt
from ac_helpers.probes.plain import NotPlain, action_number, kind_of
from ac_helpers.probes.rules import Rule, Same, SameDistribution
from ac_helpers.probes.spec import Data, Names, Probe, Question

STATE_DIM = 8
"""As many numbers as no question has actions: who takes one for the other is seen."""
ROUNDS = 4
BEST, WORST = 1, 2
"""These actions where actions are counted: neither the first nor the last, so that those tell apart."""

UNLIKE = 1.5
"""How far apart the values of actions that are not the best are where actions are counted, at least: who
explores by the values does not explore uniformly then."""


def q_function(question: Data) -> Callable[[Any], torch.Tensor]:
    """A linear Q for weights [n_actions, state_dim] that insists on a float32 tensor, as a network would."""
    weights = torch.as_tensor(question["weights"], dtype=torch.float32)
    offsets = torch.full((len(weights),), question.get("offset", 0.0))

    def Q(state: Any) -> torch.Tensor:
        if not isinstance(state, torch.Tensor) or state.dtype != torch.float32:
            raise TypeError(f"Q got {kind_of(state)} instead of torch.Tensor float32")
        # One call each: this is asked thousands of times.
        return torch.addmv(offsets, weights, state) if state.ndim == 1 else state @ weights.T + offsets

    return Q


def _weights_and_states(rng: np.random.Generator, n_actions: int) -> Data:
    """Weights and one state for every action that makes it the best by a clear margin.

    Rows of length one, no two of which point the same way: an action's own row, twice as long, is a state in
    which it is better than any other by 0.4 at least. The places of the largest and of the smallest number of
    the best action's state are no numbers of actions.
    """
    alike, extremes = 1.0, (0, 0)
    while alike > 0.8 or min(extremes) < n_actions:
        weights = rng.normal(size=(n_actions, STATE_DIM))
        weights /= np.linalg.norm(weights, axis=1, keepdims=True)
        alike = np.triu(weights @ weights.T, 1).max()
        states = np.round(2 * weights + rng.uniform(-0.05, 0.05, size=weights.shape), 2)
        extremes = states[BEST].argmax(), states[BEST].argmin()
    return {"weights": weights, "states": states}


def make_greedy(rng: np.random.Generator) -> Data:
    """Also states in which the value that is largest in magnitude is the worst, and another clearly best."""
    margin = 0.0
    while margin < 0.2:
        question = _weights_and_states(rng, n_actions=4)
        states = np.concatenate([question["states"], -question["states"]])
        best_two = np.sort(states @ question["weights"].T)[:, -2:]
        margin = float(np.diff(best_two).min())
    return question | {"states": np.tile(states, (ROUNDS, 1)), "kinds": ["list", "array", "tensor"]}


_AS = {
    "list": lambda state: [float(number) for number in state],
    "array": lambda state: np.asarray(state, dtype=np.float64),
    "tensor": lambda state: torch.as_tensor(state, dtype=torch.float32),
}


def ask_greedy(names: Names, question: Data) -> Data:
    """The greedy actions for each form of the state; a form that cannot be taken is an answer, too."""
    select, Q = names["select_action_eps_greedy"], q_function(question)

    def greedy(form: Callable[[Any], Any]) -> list[int]:
        return [_number(select(Q, form(state), 0.0)) for state in question["states"]]

    answer: Data = {}
    for kind in question["kinds"]:
        chosen, error = attempt(partial(greedy, _AS[kind]))
        answer[kind] = np.array(chosen or [NO_ACTION] * len(question["states"]))
        answer[f"{kind}_error"] = error
    if all(answer[f"{kind}_error"] for kind in question["kinds"]):
        select(Q, _AS["tensor"](question["states"][0]), 0.0)  # raises for the student to see where
    return answer


NO_ACTION = -1


def _number(action: Any) -> int:
    """The action; what is no number is no action."""
    try:
        return action_number(action)
    except NotPlain:
        return NO_ACTION


def describe_greedy(question: Data, answer: Data) -> Data:
    """For each form of the state: are the actions everywhere the best, the worst, or made from the values.

    The states come again and again, which shows whether the action follows from the state at all. What most
    rounds say counts: whoever draws "not above epsilon" explores once in 2^24 times where epsilon is 0.
    """
    q_values = (question["states"] @ question["weights"].T)[: len(question["states"]) // ROUNDS]
    usual = {kind: _most_frequent(answer[kind].reshape(ROUNDS, -1)) for kind in question["kinds"]}
    deviating = sum(int((answer[kind].reshape(ROUNDS, -1) != usual[kind]).sum()) for kind in usual)
    told = {
        "best": q_values.argmax(1),
        "worst": q_values.argmin(1),
        "largest": np.abs(q_values).argmax(1),
    }
    cut_or_rounded = (q_values.max(1).astype(int), q_values.max(1).round())
    described: Data = {"varies": deviating > 1}
    for kind in question["kinds"]:
        described[f"{kind}_error"] = answer[f"{kind}_error"]
        is_value = any(np.array_equal(usual[kind], values) for values in cut_or_rounded)
        inside = (answer[kind] >= 0) & (answer[kind] < len(question["weights"]))
        described[f"{kind}_value"] = None if deviating > 1 else is_value
        described[f"{kind}_in_range"] = is_value or bool(inside.all())
        for name, actions in told.items():
            described[f"{kind}_{name}"] = None if deviating > 1 else np.array_equal(usual[kind], actions)
    return described


def _most_frequent(actions: np.ndarray) -> np.ndarray:
    """The action [n] that comes most often in each column of [rounds, n]."""
    return np.array([max(set(column), key=column.count) for column in actions.T.tolist()])


def _suitable(select: Callable[..., Any], Q: Callable[[Any], Any], state: np.ndarray) -> Any:
    """The state in the first form that can be taken; that others cannot is asked with the greedy actions."""
    forms = [_AS[kind](state) for kind in ("array", "tensor", "list")]
    return next((form for form in forms if attempt(partial(select, Q, form, 0.0))[1] == ""), forms[0])


def _to_count(rng: np.random.Generator, n_actions: int) -> Data:
    """Weights and states with the worst action in its place and the others unlike in the best one's state."""
    while True:
        question = _weights_and_states(rng, n_actions)
        values = question["weights"] @ question["states"][BEST]
        if values.argmin() == WORST and np.ptp(np.delete(values, BEST)) >= UNLIKE:
            return question | {"offset": OFFSET}


def ask_type(names: Names, question: Data) -> Data:
    select, Q = names["select_action_eps_greedy"], q_function(question)
    state = _suitable(select, Q, question["states"][0])
    return {
        "greedy_kind": kind_of(select(Q, state, 0.0)),
        "random_kind": kind_of(select(Q, state, 1.0)),
    }


def make_random(rng: np.random.Generator) -> Data:
    """So few draws that a chance of 0.95 to explore is never seen here; the small one shows it."""
    return _to_count(rng, n_actions=4) | {"epsilon": 1.0, "draws": 2000}


OFFSET = 10.0
"""Where actions are counted no value is the number of an action."""


def make_mixed(rng: np.random.Generator) -> Data:
    """Two chances to explore, which rounding them or the random number to tenths, quarters or thirds changes.

    By how much can be seen: the first shows wrong factors, the small one, which tenths make four times as
    large, rounded random numbers.
    """
    epsilon = round(float(rng.uniform(0.34, 0.36)), 3)
    rare = {"epsilon": 0.012, "draws": 4000}
    return _to_count(rng, n_actions=5) | {"epsilon": epsilon, "draws": 8000, "rare": rare}


def ask_counts(names: Names, question: Data) -> Data:
    select, Q = names["select_action_eps_greedy"], q_function(question)
    state = _suitable(select, Q, question["states"][BEST])

    def actions(epsilon: float, draws: int) -> np.ndarray:
        return np.array([_number(select(Q, state, epsilon)) for _ in range(draws)])

    answer = {"actions": actions(question["epsilon"], question["draws"])}
    return answer | ({"rare_actions": actions(**question["rare"])} if "rare" in question else {})


def count_actions(question: Data, answer: Data) -> Data:
    """How often each action came [n + 1]; the last count is of what is no action at all."""
    n_actions = len(question["weights"])
    described: Data = {}
    for name, actions in answer.items():
        inside, prefix = (actions >= 0) & (actions < n_actions), name.removesuffix("actions")
        described[f"{prefix}in_range"] = bool(inside.all())
        described[f"{prefix}counts"] = np.bincount(
            np.where(inside, actions, n_actions), minlength=n_actions + 1
        )
    return described


def more_draws(question: Data) -> Data:
    more = question | {"draws": 4 * question["draws"]}
    if "rare" in question:
        more["rare"] = question["rare"] | {"draws": 4 * question["rare"]["draws"]}
    return more


def _of_random_counts(got: np.ndarray, expected: np.ndarray) -> str | None:
    """What counts that should all be alike tell of."""
    n_actions = len(got) - 1
    never = np.flatnonzero(got[:n_actions] == 0).tolist()
    if len(never) == n_actions - 1:
        return "always_greedy" if BEST not in never else "seed_fixed"
    if len(never) == 1:
        told = {0: "first_action_never", BEST: "explores_without_greedy", n_actions - 1: "last_action_never"}
        return told.get(never[0], "not_uniform")
    return _of_chance(got)


def _of_mixed_counts(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Where the best action does not come clearly more often than any other, the greedy choice is wrong."""
    best, next_best = got[BEST], np.delete(got[:-1], BEST).max()
    return _of_chance(got) if best - next_best > 6 * np.sqrt(best + next_best) else None


def _of_chance(got: np.ndarray) -> str:
    """Where all but the best action come equally often, only the chance to explore is wrong."""
    others = np.delete(got[:-1], BEST)
    return "not_uniform" if np.ptp(others) > 6 * np.sqrt(others.sum() + 1) else "epsilon_wrong_probability"


_COUNTS: dict[str, Rule] = {
    "in_range": Same(),
    "counts": SameDistribution(),
    "rare_in_range": Same(),
    "rare_counts": SameDistribution(),
}

PROBE = Probe(
    id="test_eps_greedy",
    solution="eps_greedy",
    defines=("select_action_eps_greedy",),
    questions=(
        Question(
            "greedy",
            0.1,
            make_greedy,
            ask_greedy,
            {},
            describe_greedy,
            symptoms=dict.fromkeys(("list_error", "array_error", "tensor_error"), "state_not_converted"),
        ),
        Question(
            "type",
            0.025,
            make_greedy,
            ask_type,
            {},
            symptoms=dict.fromkeys(("greedy_kind", "random_kind"), "not_int"),
        ),
        Question(
            "random",
            0.05,
            make_random,
            ask_counts,
            _COUNTS,
            count_actions,
            more_draws,
            symptoms={"in_range": "action_out_of_range", "counts": _of_random_counts},
        ),
        Question(
            "mixed",
            0.075,
            make_mixed,
            ask_counts,
            _COUNTS,
            count_actions,
            more_draws,
            symptoms={
                "in_range": "action_out_of_range",
                "counts": _of_mixed_counts,
                "rare_in_range": "action_out_of_range",
                "rare_counts": _of_mixed_counts,
            },
        ),
    ),
)
