"""Questions about `to_tensor`, `symlog` and `symexp`."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.probes.plain import array, kind_of
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Data, Names, Probe, Question


def make_tensors(rng: np.random.Generator) -> Data:
    return {"values": rng.normal(size=(2, 3)), "dtypes": ["float32", "float64", "int64"]}


def ask_tensors(names: Names, question: Data) -> Data:
    same, kinds = [], []
    for dtype in question["dtypes"]:
        given = torch.as_tensor(question["values"]).to(getattr(torch, dtype))
        came_back = names["to_tensor"](given)
        same.append(came_back is given)
        kinds.append(kind_of(came_back))
    return {"kinds": kinds, "same_object": same}


def make_arrays(rng: np.random.Generator) -> Data:
    return {
        "list": [round(float(x), 3) for x in rng.normal(size=3)],
        "tuple": [int(x) for x in rng.integers(-9, 9, size=4)],
        "scalar": round(float(rng.normal()), 3),
        "array64": rng.normal(size=(2, 3)),
        "array_int": rng.integers(-9, 9, size=(3,)),
        "rows": rng.normal(size=(3, 2)),
    }


def _inputs(question: Data) -> dict[str, Any]:
    return {
        "list": list(question["list"]),
        "tuple": tuple(question["tuple"]),
        "scalar": question["scalar"],
        "array64": question["array64"].copy(),
        "array_int": question["array_int"].copy(),
        "rows": [row.copy() for row in question["rows"]],
    }


def ask_arrays(names: Names, question: Data) -> Data:
    answers = {name: names["to_tensor"](value) for name, value in _inputs(question).items()}
    kinds = {f"{name}_kind": kind_of(answer) for name, answer in answers.items()}
    return {**kinds, **{name: array(answer) for name, answer in answers.items()}}


def ask_dtypes(names: Names, question: Data) -> Data:
    to_tensor = names["to_tensor"]
    answers = {
        "int64": to_tensor(list(question["tuple"]), dtype=np.int64),
        "float64": to_tensor(question["array_int"].copy(), np.float64),
    }
    kinds = {f"{name}_kind": kind_of(answer) for name, answer in answers.items()}
    return {**kinds, **{name: array(answer) for name, answer in answers.items()}}


def make_numbers(rng: np.random.Generator) -> Data:
    large = rng.choice([-1, 1], size=4) * 10 ** rng.uniform(1, 6, size=4)
    return {
        "vector": np.concatenate([[0.0, 1.0, -1.0], rng.normal(0, 3, size=4), large]).astype(np.float32),
        "matrix": rng.normal(0, 2, size=(2, 3, 2)).astype(np.float32),
        "scalar": np.array(rng.normal(0, 3), dtype=np.float32),
    }


def make_exponents(rng: np.random.Generator) -> Data:
    return {
        "vector": np.concatenate([[0.0, 1.0, -1.0], rng.uniform(-12, 12, size=6)]).astype(np.float32),
        "matrix": rng.normal(0, 2, size=(2, 3, 2)).astype(np.float32),
        "scalar": np.array(rng.normal(0, 3), dtype=np.float32),
    }


def _elementwise(name: str) -> Any:
    def ask(names: Names, question: Data) -> Data:
        return {part: array(names[name](torch.tensor(value))) for part, value in question.items()}

    return ask


_NUMBERS = {"vector": Close(rtol=1e-3, atol=1e-5), "matrix": Close(rtol=1e-3, atol=1e-5), "scalar": Close()}
_ARRAYS = {name: Close() for name in ("list", "tuple", "scalar", "array64", "array_int", "rows")}

PROBE = Probe(
    id="test_tensor_utils",
    solution="tensor_utils",
    defines=("to_tensor", "symlog", "symexp"),
    questions=(
        Question("passes_tensors", 0.04, make_tensors, ask_tensors, {}),
        Question("converts", 0.04, make_arrays, ask_arrays, _ARRAYS),
        Question("dtypes", 0.02, make_arrays, ask_dtypes, {"int64": Close(), "float64": Close()}),
        Question("symlog", 0.075, make_numbers, _elementwise("symlog"), _NUMBERS),
        Question("symexp", 0.075, make_exponents, _elementwise("symexp"), _NUMBERS),
    ),
)
