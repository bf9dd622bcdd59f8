"""Questions about `discounted_returns` and `compute_gae`: numbers, on every kind of end."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.returns_and_advantages import (
    ask_discounts,
    ask_forms,
    ask_gae,
    ask_returns,
    edges_of,
)
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.probes.trainer.advantages import advantages_of

RETURNS, GAE = ("discounted_returns",), ("compute_gae",)

STEPS, ENVS = 9, 3

LOWEST, HIGHEST = 0.8, 0.89
"""A discount that is drawn at random is below those that people write into their code."""

LAMBDA = (0.5, 0.62)
"""Below the square of the lowest discount, so that nobody's mistake makes one of the other."""


def make_episode(rng: np.random.Generator) -> Data:
    """The rewards of one episode, none near zero."""
    steps = int(rng.integers(8, 11))
    return {
        "rewards": (rng.choice([-1.0, 1.0], steps) * rng.uniform(0.5, 3, steps)).round(2),
        "whole_rewards": rng.choice([-3, -2, -1, 1, 2, 3], 6).tolist(),
        "gamma": round(rng.uniform(0.7, HIGHEST), 2),
        "gammas": {"half": round(rng.uniform(0.4, 0.6), 2), "small": 0.05, "all": 1.0},
    }


def make_continuing(rng: np.random.Generator) -> Data:
    return _make_rollout(rng, [], [])


def make_terminated(rng: np.random.Generator) -> Data:
    return _make_rollout(rng, _ends(rng), [])


def make_truncated(rng: np.random.Generator) -> Data:
    """Also in the last row, after which no other tells the value of the next state."""
    last = (STEPS - 1, int(rng.integers(ENVS)))
    return _make_rollout(rng, [], [*_ends(rng), last])


def make_mixed(rng: np.random.Generator) -> Data:
    """Ends of either kind, in one place of both kinds, and one in the last row."""
    places = rng.permutation([(t, n) for t in range(1, STEPS - 2, 2) for n in range(ENVS)])
    both, terminated, truncated = places[0], places[1:3], places[3:5]
    last = (STEPS - 1, int(rng.integers(ENVS)))
    return _make_rollout(rng, [both, *terminated, last], [both, *truncated])


def make_single(rng: np.random.Generator) -> Data:
    """One environment."""
    return _make_rollout(rng, [(2, 0)], [(5, 0)], envs=1)


def _ends(rng: np.random.Generator) -> list[tuple[int, int]]:
    """Two ends that are neither in the same row nor in the same environment, and none in the last row."""
    rows, envs = rng.choice(np.arange(1, STEPS - 2), 2, False), rng.choice(ENVS, 2, False)
    return list(zip(rows.tolist(), envs.tolist(), strict=True))


def _make_rollout(rng: np.random.Generator, terminated: list, truncated: list, envs: int = ENVS) -> Data:
    """A rollout [STEPS, envs] with such ends; elsewhere the next value is that of the next row."""
    values = _apart(rng, (STEPS + 1, envs))
    next_values = values[1:].copy()
    flags = {}
    for name, places in (("terminated", terminated), ("truncated", truncated)):
        flags[name] = np.zeros((STEPS, envs), dtype=bool)
        for t, n in places:
            flags[name][t, n] = True
            next_values[t, n] = -next_values[t, n] + rng.uniform(1, 2) * np.sign(-next_values[t, n])
    return {
        "rewards": _apart(rng, (STEPS, envs)),
        "values": values[:-1].copy(),
        "next_values": next_values.astype(np.float32),
        **flags,
        "gamma": round(rng.uniform(LOWEST, HIGHEST), 2),
        "lam": round(rng.uniform(*LAMBDA), 2),
    }


def _apart(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Numbers of which none is near zero."""
    return (rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 3, shape)).round(2).astype(np.float32)


def only_advantages(question: Data, answer: Data) -> Data:
    return {"advantages": answer["advantages"]}


def with_sum(question: Data, answer: Data) -> Data:
    """Both results, and whether the second is the first with the values added to it."""
    advantages, returns = answer["advantages"], answer["returns"]
    is_sum = advantages.shape == returns.shape == question["values"].shape
    return {**answer, "adds_up": is_sum and np.allclose(returns, advantages + question["values"], atol=1e-3)}


def describe_forms(question: Data, answer: Data) -> Data:
    """The shapes, which inputs have changed, and at which edges advantages fail that are right elsewhere."""
    failing = [
        name for name, asked in edges_of(question).items() if not _are_right(asked, answer["edges"][name])
    ]
    return {
        "shapes": answer["shapes"],
        "changed": answer["changed"],
        "edges": failing if _are_right(question, answer["advantages"]) else [],
    }


def _are_right(question: Data, advantages: np.ndarray | None) -> bool:
    if advantages is None or advantages.size != question["values"].size:
        return False
    right = advantages_of(question, question, question["values"], question["next_values"])
    return bool(np.allclose(advantages.ravel(), right, rtol=1e-3, atol=1e-3))


_NUMBERS = {"advantages": Close(), "returns": Close()}

PROBE = Probe(
    id="test_returns_and_advantages",
    solution="returns_and_advantages",
    defines=(*RETURNS, *GAE),
    questions=(
        Question(
            "returns",
            0.5,
            make_episode,
            ask_returns,
            {"array": Close(), "list": Close(), "one": Close(), "whole": Close(), "whole_array": Close()},
            needs=RETURNS,
        ),
        Question(
            "discounts",
            0.25,
            make_episode,
            ask_discounts,
            {"half": Close(), "small": Close(), "all": Close()},
            needs=RETURNS,
            symptoms=dict.fromkeys(("untouched", "list_untouched"), "input_mutated"),
        ),
        Question("continuing", 0.5, make_continuing, ask_gae, _NUMBERS, only_advantages, needs=GAE),
        Question("terminated", 0.4, make_terminated, ask_gae, _NUMBERS, only_advantages, needs=GAE),
        Question("truncated", 0.4, make_truncated, ask_gae, _NUMBERS, only_advantages, needs=GAE),
        Question(
            "mixed",
            0.35,
            make_mixed,
            ask_gae,
            _NUMBERS,
            with_sum,
            needs=GAE,
            symptoms={"adds_up": "returns_without_value"},
        ),
        Question(
            "forms",
            0.1,
            make_single,
            ask_forms,
            {},
            describe_forms,
            needs=GAE,
            symptoms={"shapes": "wrong_shape", "changed": "input_mutated", "edges": "edges_fail"},
            beside=("continuing", "terminated", "truncated", "mixed"),
        ),
    ),
)
