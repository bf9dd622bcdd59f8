"""How `to_tensor`, `symlog` and `symexp` are asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ac_helpers.asking import Data, Names
from ac_helpers.asking.plain import array, kind_of


def ask_tensors(names: Names, question: Data) -> Data:
    same, kinds = [], []
    for dtype in question["dtypes"]:
        given = torch.as_tensor(question["values"]).to(getattr(torch, dtype))
        came_back = names["to_tensor"](given)
        same.append(came_back is given)
        kinds.append(kind_of(came_back))
    with_gradient = torch.as_tensor(question["values"]).requires_grad_()
    others = {
        "with_gradient": with_gradient,
        "in_a_graph": with_gradient * 2,
        "without_axes": torch.as_tensor(question["values"][0, 0], dtype=torch.float32),
        "without_numbers": torch.zeros(0),
    }
    came_back_same = {name: names["to_tensor"](given) is given for name, given in others.items()}
    return {"kinds": kinds, "same_object": same, **came_back_same}


def _inputs(question: Data) -> dict[str, Any]:
    return {
        "list": list(question["list"]),
        "tuple": tuple(question["tuple"]),
        "scalar": question["scalar"],
        "integer": question["integer"],
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
    given = _inputs(question)
    answers = {
        "int64": to_tensor(list(question["tuple"]), dtype=np.int64),
        "int64_scalar": to_tensor(given["integer"], np.int64),
        "int64_rows": to_tensor([given["array_int"], given["array_int"]], np.int64),
        "float64": to_tensor(given["array_int"], np.float64),
        "float64_scalar": to_tensor(given["scalar"], np.float64),
        "float64_rows": to_tensor(given["rows"], dtype=np.float64),
    }
    kinds = {f"{name}_kind": kind_of(answer) for name, answer in answers.items()}
    return {**kinds, **{name: array(answer) for name, answer in answers.items()}}


def ask_symlog(names: Names, question: Data) -> Data:
    return _elementwise(names["symlog"], question)


def ask_symexp(names: Names, question: Data) -> Data:
    return _elementwise(names["symexp"], question)


def _elementwise(function: Any, question: Data) -> Data:
    answers = {part: function(torch.tensor(value)) for part, value in question.items()}
    kinds = {f"{part}_kind": kind_of(answer).split()[0] for part, answer in answers.items()}
    return {**kinds, **{part: array(answer) for part, answer in answers.items()}}
