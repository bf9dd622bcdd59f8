"""Questions about `sample_batch`: whole transitions, uniformly chosen, and an untouched buffer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.plain import array
from ac_helpers.asking.sample_batch import FIELDS, ask_batch, ask_left, ask_repeatedly, buffer_of
from ac_helpers.probes.rules import Same, SameDistribution
from ac_helpers.probes.spec import Probe, Question

ONE_TRANSITION, ONE_BATCH, NEIGHBOURS, FREE = "one transition", "one batch", "neighbours", "free"
EVEN_STEPS = "even steps"
UNKNOWN, UNKNOWN_FIELD = "unknown", "?"

_PATTERNS = {
    ONE_TRANSITION: "same_transition",
    ONE_BATCH: "first_or_last_n",
    NEIGHBOURS: "consecutive_transitions",
}


def make_buffer(rng: np.random.Generator, size: int = 30) -> Data:
    """Transitions in which every field but the last says by itself which transition it belongs to.

    The numbers fit the smallest types that anybody would keep them in: bytes and half-precision floats.
    """
    shift = int(rng.integers(100))
    return {
        "states": rng.permutation(size * 4).reshape(size, 4).astype(np.float32) + 0.5,
        "actions": rng.permutation(size) + 60,
        "rewards": rng.permutation(size) + 0.25 - 400 - shift,
        "next_states": -rng.permutation(size * 4).reshape(size, 4).astype(np.float32) - 500.5,
        "terminateds": rng.random(size) < 0.5,
        "n_samples": int(rng.integers(11, 14)),
    }


def make_small_buffer(rng: np.random.Generator) -> Data:
    """As few transitions and as many batches as it takes to see that one comes half as often as others.

    Rounded numbers do that to the first and the last. Rewards are far apart, for whoever prefers some.
    """
    size = 16
    flags = rng.permutation(np.arange(size) % 2 == 0)
    rewards = rng.choice(np.arange(1, 120), size, replace=False) + 0.25
    return make_buffer(rng, size) | {"rewards": rewards, "terminateds": flags, "calls": 300}


def describe_batch(question: Data, answer: Data) -> Data:
    """Which field stands at each position, how many rows it has, and whether the rows belong together."""
    batches = [[_without_last_axis(question, values) for values in batch] for batch in answer["batches"]]
    first = batches[0]
    inverted = question | {"terminateds": ~question["terminateds"]}
    is_aligned = all(_aligned(question, batch) for batch in batches)
    # Fields without flags are aligned either way.
    is_inverted = not is_aligned and all(_aligned(inverted, batch) for batch in batches)
    return {
        "kinds": answer["kinds"],
        "order": [_recognise(question, values)[0] for values in first],
        "truncated": any(_is_truncated(question, values) for values in first),
        "columns": any(
            values.ndim != given.ndim for values, given in zip(first, answer["batches"][0], strict=True)
        ),
        "rows": [_rows(question, parts) for parts in zip(*answer["batches"], strict=False)],
        "rows_of_one": answer["rows_of_one"],
        "terminated_inverted": is_inverted,
        "rows_agree": all(map(_agree, map(partial(_rows_of, question), batches))),
        "aligned": is_aligned or is_inverted,
    }


def _without_last_axis(question: Data, values: np.ndarray) -> np.ndarray:
    """A field of single numbers that came as a column, as it should be; any other as it is."""
    if values.ndim != 2 or values.shape[1] != 1 or _recognise(question, values)[0] != UNKNOWN_FIELD:
        return values
    return values[:, 0]


def _rows(question: Data, parts: Sequence[np.ndarray]) -> int:
    """How many rows a field has in every batch; the least number if it is too few somewhere."""
    rows = [values.shape[0] if values.ndim else 0 for values in parts]
    return min(rows) if min(rows) < question["n_samples"] else max(rows)


def _recognise(question: Data, values: np.ndarray) -> tuple[str, np.ndarray | None]:
    """The field whose entries these are, and the transition of each row."""
    for name in FIELDS[:-1]:
        column = question[name]
        if values.shape[1:] != column.shape[1:] or values.ndim == 0:
            continue
        near = _near(values[:, None], column[None]).reshape(len(values), len(column), -1)
        equal = np.all(near, axis=-1)
        if equal.any(1).all():
            return name, equal.argmax(1)
    if values.ndim == 1 and np.isin(values, (0, 1)).all():
        return "terminateds", None
    return UNKNOWN_FIELD, None


def _is_truncated(question: Data, values: np.ndarray) -> bool:
    """Whether an unknown field is one of the buffer's whose numbers have lost what follows the point."""
    if _recognise(question, values)[0] != UNKNOWN_FIELD or not np.issubdtype(values.dtype, np.number):
        return False
    cut = {name: np.trunc(question[name]) for name in FIELDS[:-1]}
    return _recognise(question | cut, values)[0] != UNKNOWN_FIELD


def _near(values: np.ndarray, column: np.ndarray) -> np.ndarray:
    """Where values are those of the question up to rounding, in half the time that `np.isclose` takes."""
    with np.errstate(invalid="ignore"):  # what is infinite or no number is near nothing
        return np.abs(values.astype(np.float64) - column) <= 1e-8 + 1e-5 * np.abs(column)


def _rows_of(question: Data, positions: list[np.ndarray]) -> list[np.ndarray | None]:
    """The transition of each row, by every field that tells."""
    return [_recognise(question, values)[1] for values in positions]


def _agree(rows: list[np.ndarray | None]) -> bool:
    """Whether the fields that tell say the same."""
    told = [row for row in rows if row is not None]
    return all(np.array_equal(row, told[0]) for row in told)


def _aligned(question: Data, positions: list[np.ndarray]) -> bool:
    rows = _rows_of(question, positions)
    first = next((row for row in rows if row is not None), None)
    if first is None or not _agree(rows):
        return False
    for values, row in zip(positions, rows, strict=True):
        if row is None and not np.array_equal(values, question["terminateds"][first]):
            return False
    return True


def count_transitions(question: Data, answer: Data) -> Data:
    """How often each transition was chosen, and whether the choices within a batch vary.

    Another field in the place of the rewards tells as well which transitions these are.
    """
    indices = [rows for rows in (_transitions(question, values) for values in answer["rewards"]) if len(rows)]
    pattern = _pattern(indices, len(question["rewards"])) if indices else UNKNOWN
    chosen = np.concatenate([np.zeros(0, dtype=int), *indices])
    counts = np.bincount(chosen, minlength=len(question["rewards"]))
    counts = counts if pattern == FREE else np.zeros_like(counts)
    return {
        "known": len(indices) == len(answer["rewards"]),
        "pattern": pattern,
        "counts": counts,
        **{name: np.array([counts[half].sum(), counts[~half].sum()]) for name, half in _halves(question)},
    }


HALVES = ("newer", "better", "ended")


def _halves(question: Data) -> Iterator[tuple[str, np.ndarray]]:
    """Halves of the buffer of which one may be preferred, as masks: too little for each single transition."""
    rewards, flags = question["rewards"], question["terminateds"]
    masks = np.arange(len(rewards)) >= len(rewards) // 2, rewards > np.median(rewards), flags
    yield from zip(HALVES, masks, strict=True)


def _transitions(question: Data, values: np.ndarray) -> np.ndarray:
    """The transition of each row of a field, in whatever shape it is; none if they cannot be told."""
    found = (_recognise(question, form)[1] for form in (values, values.reshape(-1)))
    return next((rows for rows in found if rows is not None), np.zeros(0, dtype=int))


def _pattern(indices: list[np.ndarray], size: int) -> str:
    """How the transitions of all batches have been chosen; after the buffer's last one the first comes."""
    if max(len(set(row.tolist())) for row in indices) == 1:
        return ONE_TRANSITION
    if all(np.array_equal(np.sort(row), np.sort(indices[0])) for row in indices):
        return ONE_BATCH
    steps = {tuple(sorted(set((np.diff(row) % size).tolist()))) for row in indices}
    if steps <= {(1,), (size - 1,)}:
        return NEIGHBOURS
    return EVEN_STEPS if all(len(different) == 1 for different in steps) else FREE


def describe_left(question: Data, answer: Data) -> Data:
    """What is left of the buffer; the order matters, because the oldest transition is dropped first."""
    left = answer["left"]
    before = [[array(part) for part in transition] for transition in buffer_of(question)]
    places = [next((i for i, old in enumerate(before) if _same(old, new)), -1) for new in left]
    return {
        "length": len(left),
        "same_order": places == list(range(len(before))),
        "same_content": sorted(places) == list(range(len(before))),
        "all_error": answer["all_error"],
    }


def _same(old: list[np.ndarray], new: list[np.ndarray]) -> bool:
    return len(old) == len(new) and all(map(np.array_equal, old, new))


def more_calls(question: Data) -> Data:
    return question | {"calls": 4 * question["calls"]}


def _not_arrays(got: list[str], expected: list[str]) -> str | None:
    return "not_arrays" if len(got) == len(expected) else "wrong_field_count"


def _wrong_order(got: list[str], expected: list[str]) -> str | None:
    return "wrong_field_order" if sorted(got) == sorted(expected) else None


def _of_rows(got: list[int], expected: list[int]) -> str | None:
    return "wrong_count" if len(set(got)) == 1 and len(got) == len(expected) else None


def _of_rows_of_one(got: list[list[int]], expected: list[list[int]]) -> str | None:
    """The mistake that the lengths of a batch of one tell of: a field without an axis has lost it."""
    if [] in got and all(rows in ([], [1]) for rows in got):
        return "batch_of_one_collapsed"
    return "wrong_count" if len(got) == len(expected) else None


def _of_pattern(got: str, expected: str) -> str | None:
    return _PATTERNS.get(got)


def _of_counts(got: np.ndarray, expected: np.ndarray) -> str | None:
    """Which transitions never come: the last alone only where all others come about equally often.

    Where all are 0 they have not been counted.
    """
    if not got.any():
        return None
    *others, last = got.tolist()
    return "last_transition_never" if last == 0 and max(others) < 3 * min(others) else "not_uniform"


PROBE = Probe(
    id="test_sample_batch",
    solution="sample_batch",
    defines=("sample_batch",),
    questions=(
        Question(
            "batch",
            0.3,
            make_buffer,
            ask_batch,
            {},
            describe_batch,
            symptoms={
                "kinds": _not_arrays,
                "columns": "wrong_shape",
                "truncated": "values_truncated",
                "order": _wrong_order,
                "rows": _of_rows,
                "rows_of_one": _of_rows_of_one,
                "rows_agree": "fields_misaligned",
                "terminated_inverted": "terminated_inverted",
                "aligned": "fields_misaligned",
            },
            every_symptom=True,
        ),
        Question(
            "uniform",
            0.15,
            make_small_buffer,
            ask_repeatedly,
            {"known": Same(), "counts": SameDistribution(), **dict.fromkeys(HALVES, SameDistribution())},
            count_transitions,
            more_calls,
            symptoms={"pattern": _of_pattern, "counts": _of_counts, **dict.fromkeys(HALVES, "not_uniform")},
        ),
        Question(
            "untouched",
            0.05,
            make_buffer,
            ask_left,
            {},
            describe_left,
            symptoms={
                **dict.fromkeys(("length", "same_order", "same_content"), "buffer_mutated"),
                "all_error": "whole_buffer_refused",
            },
            beside=("batch", "uniform"),
        ),
    ),
)
