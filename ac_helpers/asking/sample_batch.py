"""How `sample_batch` is asked: with buffers of the question's transitions."""

from __future__ import annotations

from collections import deque
from typing import Any

from ac_helpers.asking import Data, Names
from ac_helpers.asking.building import attempt
from ac_helpers.asking.plain import array, kind_of

BATCHES = 12
"""Of so many batches the rows must belong together and be all there: flags that are drawn apart fit 11 rows
with 2^-11, and no transition is drawn twice among 11 of 30 with 0.12."""

FIELDS = ("states", "actions", "rewards", "next_states", "terminateds")


def buffer_of(question: Data) -> deque[Any]:
    """The replay buffer: a deque of (state, action, reward, next_state, terminated)."""
    rows = zip(*(question[name] for name in FIELDS), strict=True)
    return deque(
        (state.copy(), int(action), float(reward), next_state.copy(), bool(terminated))
        for state, action, reward, next_state, terminated in rows
    )


def ask_batch(names: Names, question: Data) -> Data:
    batches = [
        tuple(names["sample_batch"](buffer_of(question), question["n_samples"]))[:6] for _ in range(BATCHES)
    ]
    one = tuple(names["sample_batch"](buffer_of(question), 1))[:6]
    return {
        "kinds": [_kind(part) for part in batches[0]],
        "rows_of_one": [list(array(part).shape[:1]) for part in one],
        "batches": [[array(part) for part in batch] for batch in batches],
    }


def _kind(part: Any) -> str:
    """Arrays of any numbers are alike; an array of objects is nothing that becomes a tensor."""
    kind = kind_of(part)
    return kind if kind == "np.ndarray object" else kind.split()[0]


def ask_repeatedly(names: Names, question: Data) -> Data:
    """The rewards of many batches, each from a fresh buffer: what a call does to it costs elsewhere."""
    buffer = buffer_of(question)
    return {
        "rewards": [
            array(tuple(names["sample_batch"](buffer.copy(), question["n_samples"]))[2])
            for _ in range(question["calls"])
        ]
    }


def ask_left(names: Names, question: Data) -> Data:
    """What is left of a buffer, and the error if a batch is as large as its buffer."""
    buffer, whole = buffer_of(question), buffer_of(question)
    tuple(names["sample_batch"](buffer, question["n_samples"]))
    _, error = attempt(lambda: tuple(names["sample_batch"](whole, len(whole))))
    return {"left": [[array(part) for part in transition] for transition in buffer], "all_error": error}
