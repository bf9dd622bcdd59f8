"""How `select_action_eps_greedy` is asked: one state in all forms, and the same states again and again."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.plain import NotPlain, action_number, kind_of

BEST, WORST, BEST_ELSEWHERE = 1, 2, 3
"""These actions where actions are counted: neither the first nor the last, so that those tell apart. In the
state that is asked about in turns with the first one another action is the best."""


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


def _suitable(select: Callable[..., Any], Q: Callable[[Any], Any], state: np.ndarray) -> Any:
    """The state in a form that is answered as most are, as a tensor if it can be: that is the quickest.

    What only some forms can do is asked with the greedy actions.
    """
    forms = {kind: _AS[kind](state) for kind in ("array", "tensor", "list")}
    greedy = {kind: attempt(partial(_greedy, select, Q, _fresh(form))) for kind, form in forms.items()}
    actions = [action for action, error in greedy.values() if error == ""]
    usual = max(actions, key=actions.count, default=None)
    agreeing = [kind for kind, answer in greedy.items() if answer == (usual, "")] or ["array"]
    return forms["tensor" if "tensor" in agreeing else agreeing[0]]


def _greedy(select: Callable[..., Any], Q: Callable[[Any], Any], state: Any) -> int:
    return _number(select(Q, state, 0.0))


def ask_type(names: Names, question: Data) -> Data:
    select, Q = names["select_action_eps_greedy"], q_function(question)
    state = _suitable(select, Q, question["states"][0])
    return {
        "greedy_kind": kind_of(select(Q, _fresh(state), 0.0)),
        "random_kind": kind_of(select(Q, _fresh(state), 1.0)),
    }


def ask_counts(names: Names, question: Data) -> Data:
    select, Q = names["select_action_eps_greedy"], q_function(question)
    states = [_suitable(select, Q, question["states"][best]) for best in (BEST, BEST_ELSEWHERE)]

    def actions(epsilon: float, turns: np.ndarray) -> np.ndarray:
        return np.array([_number(select(Q, _fresh(states[turn]), epsilon)) for turn in turns])

    answer = {"actions": actions(question["epsilon"], turns(question, question["draws"]))}
    if "rare" in question:
        rare = question["rare"]
        answer["rare_actions"] = actions(rare["epsilon"], turns(question, rare["draws"]))
    return answer


def _fresh(state: Any) -> Any:
    """The state once more: a solution may change what it is given, by an axis in place say."""
    return state.clone() if isinstance(state, torch.Tensor) else copy(state)


def turns(question: Data, draws: int) -> np.ndarray:
    """Which of the two states is asked about each time: who answers without looking does not know."""
    return np.resize(question.get("turns", [0]), draws)
