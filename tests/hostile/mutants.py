"""Chance at work on data and text: what a broken or malicious program might write where another is read."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**63, 2**200, 0.5, 1e308, float("nan"), float("inf")),
    *("", "x" * 3000, "\ud800", "\x1b[2J", "<script>", "../..", [], {}, [[]], {"dict": {}}, {"dict": []}),
    *({"dtype": "float32", "shape": [2**40], "array": ""}, {"dtype": "object", "shape": [], "array": "AAAA"}),
    {"dtype": "int64", "shape": [-1, 0], "values": []},
)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


def mutated(data: Any, rng: np.random.Generator) -> Any:
    """Data as JSON knows it, changed in one place or a few."""
    data = copy.deepcopy(data)
    for _ in range(rng.integers(1, 4)):
        holders = list(_holders(data))
        if not holders:
            return _odd(rng)
        holder = holders[rng.integers(len(holders))]
        changes = _CHANGES if len(holders) < MANY else _CHANGES_IN_PLACE
        changes[rng.integers(len(changes))](holder, rng)
    return data


def _holders(data: Any) -> Any:
    """All lists and dictionaries that are not empty."""
    pending = [data]
    while pending:
        found = pending.pop()
        if isinstance(found, dict | list) and found:
            yield found
            pending += found.values() if isinstance(found, dict) else found


def _place(holder: Any, rng: np.random.Generator) -> Any:
    places = list(holder) if isinstance(holder, dict) else range(len(holder))
    return places[int(rng.integers(len(places)))]


def _odd(rng: np.random.Generator) -> Any:
    return (
        copy.deepcopy(ODD[rng.integers(len(ODD))]) if rng.random() < 0.9 else nested(int(rng.integers(200)))
    )


def _replace(holder: Any, rng: np.random.Generator) -> None:
    holder[_place(holder, rng)] = _odd(rng)


def _remove(holder: Any, rng: np.random.Generator) -> None:
    del holder[_place(holder, rng)]


def _repeat(holder: Any, rng: np.random.Generator) -> None:
    found = copy.deepcopy(holder[_place(holder, rng)])
    if isinstance(holder, list):
        holder += [found] * int(rng.integers(1, 50))
    else:
        holder[f"more {rng.integers(9)}"] = found


def _exchange(holder: Any, rng: np.random.Generator) -> None:
    one, other = _place(holder, rng), _place(holder, rng)
    holder[one], holder[other] = holder[other], holder[one]


def _nudge(holder: Any, rng: np.random.Generator) -> None:
    """A number that is near, a text with another character, the contrary."""
    place = _place(holder, rng)
    found = holder[place]
    if isinstance(found, bool):
        holder[place] = not found
    elif isinstance(found, int | float):
        holder[place] = found + type(found)(rng.integers(-2, 3))
    elif isinstance(found, str):
        holder[place] = mutated_text(found, rng)


Change = Callable[[Any, np.random.Generator], None]
_CHANGES_IN_PLACE: tuple[Change, ...] = (_replace, _remove, _exchange, _nudge, _nudge, _nudge)
_CHANGES: tuple[Change, ...] = (*_CHANGES_IN_PLACE, _repeat)

MANY = 5_000
"""Data with so many parts does not grow any more: what is doubled again and again has no end."""


def mutated_text(text: str, rng: np.random.Generator) -> str:
    """Text in which a piece is lost, said twice, moved, or something else stands in one place."""
    if not text:
        return "\x00"
    start, end = sorted(int(place) for place in rng.integers(len(text) + 1, size=2))
    end = min(end, start + int(rng.choice([1, 1, 10, 1000])))
    kind = rng.integers(4)
    if kind == 0:
        return text[:start] + text[end:]
    if kind == 1:
        return text[:end] + text[start:]
    if kind == 2:
        return text[end:] + text[:end]
    return text[:start] + STRANGE[rng.integers(len(STRANGE))] + text[start + 1 :]


STRANGE = (*"\x00\n\r\"'\\}", "λ", "\u202e", "\U0001f600", "\x1b[31m", "[" * 50_000, '{"a":' * 5_000)
"""What may stand where nobody thinks of it."""
