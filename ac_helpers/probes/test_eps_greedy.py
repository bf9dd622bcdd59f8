"""Questions about `select_action_eps_greedy`."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.eps_greedy import (
    BEST,
    BEST_ELSEWHERE,
    WORST,
    ask_counts,
    ask_greedy,
    ask_type,
    turns,
)
from ac_helpers.probes.rules import Rule, Same, SameDistribution
from ac_helpers.probes.spec import Probe, Question

STATE_DIM = 8
"""As many numbers as no question has actions: who takes one for the other is seen."""

ROUNDS = 8

UNLIKE = 1.5
"""How far apart the values of actions that are not the best are where actions are counted, at least: who
explores by the values does not explore uniformly then."""


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
    """Also states in which the value that is largest in magnitude is the worst, and another clearly best.

    And one in which all values are negative, for whoever looks for the best one among those above 0.
    """
    margin = 0.0
    while margin < 0.2:
        question = _weights_and_states(rng, n_actions=4)
        below_zero = _state_with_values(question["weights"], np.roll(BELOW_ZERO, rng.integers(1, 4)))
        states = np.concatenate([question["states"], -question["states"], [below_zero]])
        best_two = np.sort(states @ question["weights"].T)[:, -2:]
        margin = float(np.diff(best_two).min())
    return question | {"states": np.tile(states, (ROUNDS, 1)), "kinds": ["list", "array", "tensor"]}


OFTEN = 0.2
"""Of the actions more are out of line where all are random, and fewer where a tenth of them is."""

BELOW_ZERO = (-0.6, -1.4, -2.2, -3.0)


def _state_with_values(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """A state in which these are the values of the actions, but for rounding."""
    return np.round(np.linalg.pinv(weights) @ values, 2)


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
        "best_but_last": q_values[:, :-1].argmax(1),
    }
    cut_or_rounded = (q_values.max(1).astype(int), q_values.max(1).round())
    asked = sum(answer[kind].size for kind in usual)
    described: Data = {"varies": deviating > 1, "varies_often": deviating > OFTEN * asked}
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


def _to_count(rng: np.random.Generator, n_actions: int) -> Data:
    """Weights and states with the worst action in its place and the others unlike in both counted states."""
    while True:
        question = _weights_and_states(rng, n_actions)
        states = {best: question["states"][best] for best in (BEST, BEST_ELSEWHERE)}
        values = {best: question["weights"] @ state for best, state in states.items()}
        unlike = all(np.ptp(np.delete(of_state, best)) >= UNLIKE for best, of_state in values.items())
        if unlike and all(of_state.argmin() == WORST for of_state in values.values()):
            return question | {"offset": OFFSET}


def make_random(rng: np.random.Generator) -> Data:
    """How often the best action comes is asked of so few draws that a chance of 0.95 to explore never shows.

    The small chance shows it.
    """
    return _to_count(rng, n_actions=4) | {"epsilon": 1.0, "draws": 2400, "few": 600}


OFFSET = 10.0
"""Where actions are counted no value is the number of an action."""


def make_mixed(rng: np.random.Generator) -> Data:
    """Two chances to explore, which rounding them or the random number to tenths, quarters or thirds changes.

    By how much can be seen: the first shows wrong factors, and actions that come half as often as they
    should, in the fewest draws if it is large; the small one, which tenths make four times as large, shows
    rounded numbers, and who does not look at the state.
    """
    epsilon = round(float(rng.uniform(0.865, 0.88)), 3)
    rare = {"epsilon": 0.012, "draws": 3400}
    turns = rng.integers(0, 2, size=4800, dtype=np.uint8)
    return _to_count(rng, n_actions=5) | {"epsilon": epsilon, "draws": 4800, "rare": rare, "turns": turns}


def count_random(question: Data, answer: Data) -> Data:
    """How often the best action came among the first few, each of the others, and what is no action."""
    n_actions, actions = len(question["weights"]), answer["actions"]
    inside = (actions >= 0) & (actions < n_actions)
    counts = np.bincount(np.where(inside, actions, n_actions), minlength=n_actions + 1)
    best = actions[: question["few"]] == BEST
    return {
        "in_range": bool(inside.all()),
        "one_only": _is_one_only(counts),
        "another_only": _is_one_only(counts) and not best.any(),
        "counts": np.delete(counts, BEST),
        "best": np.array([best.sum(), (~best).sum()]),
    }


def _is_one_only(counts: np.ndarray) -> bool:
    """Whether one action came always: a few others are little in a distribution, and yet not never."""
    return bool(np.count_nonzero(counts) == 1)


def count_actions(question: Data, answer: Data) -> Data:
    """How often each action came [n + 2]; the last two counts are of what is no action at all.

    One is of what may be a place in the state, the other of larger numbers: `OFFSET` makes all values such.
    Where the other state was asked about, its best action is counted as the first one's.
    """
    n_actions = len(question["weights"])
    described: Data = {}
    for name, chosen in answer.items():
        actions, prefix = _as_in_the_first_state(question, chosen), name.removesuffix("actions")
        inside = (actions >= 0) & (actions < n_actions)
        outside = n_actions + (actions >= STATE_DIM)
        described[f"{prefix}in_range"] = bool(inside.all())
        described[f"{prefix}counts"] = np.bincount(
            np.where(inside, actions, outside), minlength=n_actions + 2
        )
    return described | {"one_only": _is_one_only(described["counts"])}


def _as_in_the_first_state(question: Data, actions: np.ndarray) -> np.ndarray:
    """Actions of both states, the best one of the other state in place of the first one's and back."""
    exchanged = {BEST: BEST_ELSEWHERE, BEST_ELSEWHERE: BEST}
    elsewhere = turns(question, len(actions)) == 1
    pairs = zip(actions.tolist(), elsewhere, strict=True)
    return np.array([exchanged.get(action, action) if turned else action for action, turned in pairs])


def more_draws(question: Data) -> Data:
    more = question | {name: 4 * question[name] for name in ("draws", "few") if name in question}
    if "rare" in question:
        more["rare"] = question["rare"] | {"draws": 4 * question["rare"]["draws"]}
    return more


def _of_others(got: np.ndarray, expected: np.ndarray) -> str | None:
    """What counts of all but the best action, which should be alike, tell of."""
    others = got[:-1]
    never = np.flatnonzero(others == 0).tolist()
    if len(never) == 1:
        return {0: "first_action_never", len(others) - 1: "last_action_never"}.get(never[0], "not_uniform")
    return "not_uniform" if _is_uneven(others) else None


def _of_best(got: np.ndarray, expected: np.ndarray) -> str:
    """What the share of the best action tells of where every action should come equally often."""
    if not got.all():
        return "always_greedy" if got[0] else "explores_without_greedy"
    return "epsilon_wrong_probability"


def _is_uneven(others: np.ndarray) -> bool:
    return bool(np.ptp(others) > 6 * np.sqrt(others.sum() + 1))


def _of_mixed_counts(got: np.ndarray, expected: np.ndarray) -> str | None:
    """What the counts tell where the greedy choice is right: where the best action clearly comes most often.

    If others come more often than each other, it also has to come as often as the chance not to explore.
    """
    others = np.delete(got[:-2], BEST)
    best, next_best, total = got[BEST], others.max(), got.sum()
    if np.count_nonzero(got) == 1 and best == 0:
        return "seed_fixed"
    if best - next_best <= 6 * np.sqrt(best + next_best):
        return None
    if not _is_uneven(others):
        return "epsilon_wrong_probability"
    exploring = np.delete(expected[:-2], BEST).mean() * len(expected[:-2]) / expected.sum()
    greedy = (1 - exploring) * total
    return "not_uniform" if best >= greedy - 3.5 * np.sqrt(greedy * exploring) else None


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
            symptoms={
                **dict.fromkeys(("list_error", "array_error", "tensor_error"), "state_not_converted"),
                "varies": "epsilon_wrong_probability",
            },
        ),
        Question(
            "type",
            0.025,
            make_greedy,
            ask_type,
            {},
            symptoms=dict.fromkeys(("greedy_kind", "random_kind"), "not_int"),
            beside=("greedy", "mixed"),
        ),
        Question(
            "random",
            0.05,
            make_random,
            ask_counts,
            {"counts": SameDistribution(), "best": SameDistribution()},
            count_random,
            more_draws,
            symptoms={
                "in_range": "action_out_of_range",
                "another_only": "seed_fixed",
                "counts": _of_others,
                "best": _of_best,
            },
            beside=("greedy", "mixed"),
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
