"""Questions about `to_tensor`, `symlog` and `symexp`."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.tensor_utils import ask_arrays, ask_dtypes, ask_symexp, ask_symlog, ask_tensors
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question


def make_tensors(rng: np.random.Generator) -> Data:
    return {"values": rng.normal(size=(2, 3)), "dtypes": ["float32", "float64", "int64"]}


def make_arrays(rng: np.random.Generator) -> Data:
    return {
        "list": [round(float(x), 3) for x in rng.normal(size=3)],
        "tuple": [int(x) for x in rng.integers(-9, 9, size=4)],
        "scalar": round(float(rng.normal()), 3),
        "integer": int(rng.integers(2, 9)),
        "array64": rng.normal(size=(1, 3, 1)),
        "array_int": rng.integers(-9, 9, size=(3,)),
        "rows": rng.normal(size=(3, 2)),
    }


def make_numbers(rng: np.random.Generator) -> Data:
    large = rng.choice([-1, 1], size=4) * 10 ** rng.uniform(1, 6, size=4)
    return {
        "vector": np.concatenate([[0.0, 1.0, -1.0], rng.normal(0, 3, size=4), large]).astype(np.float32),
        "matrix": rng.normal(0, 2, size=(2, 3, 2)).astype(np.float32),
        "scalar": np.array(rng.normal(0, 3), dtype=np.float32),
        "one": rng.normal(0, 3, size=1).astype(np.float32),
    }


def make_exponents(rng: np.random.Generator) -> Data:
    return {
        "vector": np.concatenate([[0.0, 1.0, -1.0], rng.uniform(-12, 12, size=6)]).astype(np.float32),
        "matrix": rng.normal(0, 2, size=(2, 3, 2)).astype(np.float32),
        "scalar": np.array(rng.normal(0, 3), dtype=np.float32),
        "one": rng.normal(0, 3, size=1).astype(np.float32),
    }


def _wrong_dtype(got: str, expected: str) -> str | None:
    return "wrong_dtype" if got.startswith("torch.Tensor") else "not_a_tensor"


def _of_shape(got: np.ndarray, expected: np.ndarray) -> str | None:
    return "wrong_shape" if got.shape != expected.shape else None


def _which_slip_of_symlog(got: np.ndarray, expected: np.ndarray) -> str | None:
    """What the values for 0, 1, -1 and others tell of; ln x is 0 where ln(x + 1) is ln 2."""
    if got.shape != expected.shape:
        return "wrong_shape"
    if not np.isfinite(got).all() or abs(got[1]) < 1e-3:
        return "symlog_log_of_x"
    if np.allclose(got, np.abs(expected), rtol=1e-3, atol=1e-5):
        return "symlog_no_sign"
    ratios = got[expected != 0] / expected[expected != 0]
    return "symlog_base" if np.allclose(ratios, ratios[0], rtol=1e-3) else None


def _which_slip_of_symexp(got: np.ndarray, expected: np.ndarray) -> str | None:
    return _of_shape(got, expected) or "symexp_not_inverse"


_NUMBERS = {
    "vector": Close(rtol=1e-3, atol=1e-5),
    "matrix": Close(rtol=1e-3, atol=1e-5),
    "scalar": Close(),
    "one": Close(),
}

_ARRAYS = {name: Close() for name in ("list", "tuple", "scalar", "integer", "array64", "array_int", "rows")}

_SHAPES = dict.fromkeys(_ARRAYS, _of_shape)

_WITH_DTYPE = ("int64", "int64_scalar", "int64_rows", "float64", "float64_scalar", "float64_rows")

PROBE = Probe(
    id="test_tensor_utils",
    solution="tensor_utils",
    defines=("to_tensor", "symlog", "symexp"),
    questions=(
        Question(
            "passes_tensors",
            0.04,
            make_tensors,
            ask_tensors,
            {},
            needs=("to_tensor",),
            symptoms=dict.fromkeys(
                ("same_object", "kinds", "with_gradient", "in_a_graph", "without_axes", "without_numbers"),
                "tensor_not_passed_through",
            ),
            beside=("converts", "dtypes", "symlog", "symexp"),
        ),
        Question(
            "converts",
            0.04,
            make_arrays,
            ask_arrays,
            _ARRAYS,
            needs=("to_tensor",),
            symptoms={**{f"{name}_kind": _wrong_dtype for name in _ARRAYS}, **_SHAPES},
        ),
        Question(
            "dtypes",
            0.02,
            make_arrays,
            ask_dtypes,
            dict.fromkeys(_WITH_DTYPE, Close()),
            needs=("to_tensor",),
            symptoms={
                **{f"{name}_kind": _wrong_dtype for name in _WITH_DTYPE},
                **dict.fromkeys(_WITH_DTYPE, _of_shape),
            },
        ),
        Question(
            "symlog",
            0.075,
            make_numbers,
            ask_symlog,
            _NUMBERS,
            needs=("symlog",),
            symptoms={
                "vector_kind": "not_a_tensor",
                "vector": _which_slip_of_symlog,
                "matrix": _of_shape,
                "scalar": _of_shape,
                "one": _of_shape,
            },
        ),
        Question(
            "symexp",
            0.075,
            make_exponents,
            ask_symexp,
            _NUMBERS,
            needs=("symexp",),
            symptoms={"vector_kind": "not_a_tensor", **dict.fromkeys(_NUMBERS, _which_slip_of_symexp)},
        ),
    ),
)
