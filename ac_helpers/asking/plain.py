"""Turns whatever a student's function returned into plain data, and plain data into JSON and back.

Conversion goes through the base classes (`torch.Tensor.detach`, `np.asarray` of the bare storage), never
through methods that a subclass may have redefined, so that an object that lies becomes the number it holds.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import torch

MAX_BYTES = 4_000_000
"""The largest answer, encoded, that is sent or accepted."""

MAX_DEPTH = 12
MAX_SIZE = 200_000
"""The longest side of an array; an array without numbers may claim any shape in a few bytes."""

_DTYPES = {"bool", "int8", "int16", "int32", "int64", "uint8", "float16", "float32", "float64"}
_NATIVE = frozenset(map(np.dtype, _DTYPES))


class NotPlain(ValueError):
    """What came back cannot be turned into plain data; the message says what it was."""


def array(value: Any) -> np.ndarray:
    """Tensor, array, number or (nested) sequence of them as a numpy array of numbers.

    Raises:
        NotPlain: it holds something else, or its rows differ in length.
    """
    if isinstance(value, torch.Tensor):
        return _tensor_array(value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return _checked(np.array(value, subok=False))
    if isinstance(value, list | tuple | np.ndarray):
        try:
            return _checked(np.array([array(item) for item in value]))
        except ValueError as error:
            raise NotPlain("ragged") from error
    if isinstance(value, np.generic) and type(value).__module__ == "numpy":
        return _checked(np.asarray(value))
    if isinstance(value, float):
        return np.asarray(float.__float__(value))
    if isinstance(value, bool):
        return np.asarray(value)
    if isinstance(value, int):
        return _checked(np.asarray(int.__int__(value)))
    raise NotPlain(type(value).__name__)


def action_number(value: Any) -> int:
    """An action as a number, whatever kind of number it is or holds: its kind has a question of its own.

    Raises:
        NotPlain: it is no number.
    """
    try:
        return int(value)
    except (TypeError, ValueError, RuntimeError):
        numbers = array(value).reshape(-1)
    if len(numbers) != 1 or not np.isfinite(numbers[0]):
        raise NotPlain("no_action")
    return int(numbers[0])


def _tensor_array(value: torch.Tensor) -> np.ndarray:
    bare = torch.Tensor.detach(value).as_subclass(torch.Tensor)
    if bare.dtype == torch.bfloat16:
        bare = bare.float()
    return _checked(np.array(bare.resolve_conj().resolve_neg().cpu().numpy()))


def _checked(result: np.ndarray) -> np.ndarray:
    # The name of a type takes longer to make than all the rest.
    if result.dtype not in _NATIVE and result.dtype.name not in _DTYPES:
        raise NotPlain(f"dtype {result.dtype}")
    return result


def kind_of(value: Any) -> str:
    """What sort of object came back, in words that a student knows: "int", "torch.Tensor float32"."""
    if isinstance(value, torch.Tensor):
        return f"torch.Tensor {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, np.ndarray):
        return f"np.ndarray {value.dtype.name}"
    if isinstance(value, np.generic):
        return f"np.{type(value).__name__}"
    return type(value).__name__


def encode(data: Any, readable: bool = False) -> str:
    """Plain data as JSON text; arrays become their dtype, shape and base64 bytes, or lists if readable.

    Raises:
        NotPlain: something in it is not plain, or it is larger than `MAX_BYTES`.
    """
    encoded = json.dumps(_to_json(data, MAX_DEPTH, readable), ensure_ascii=True)
    if not readable and len(encoded) > MAX_BYTES:
        raise NotPlain(f"an answer of {len(encoded)} bytes")
    return encoded


def decode(encoded: str, limit: int | None = MAX_BYTES) -> Any:
    """The inverse of `encode`; every array's dtype, shape and length are checked.

    Raises:
        NotPlain: it is too large, no JSON, too deep, or an array in it is not what it claims to be.
    """
    if limit is not None and len(encoded) > limit:
        raise NotPlain(f"an answer of {len(encoded)} bytes")
    try:
        return _from_json(json.loads(encoded), MAX_DEPTH)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise NotPlain(f"an answer that is no plain data: {error}") from error


def _to_json(data: Any, depth: int, readable: bool) -> Any:
    if depth == 0:
        raise NotPlain("data nested too deep")
    if data is None or type(data) in (bool, int, float, str):
        return _bounded(data)
    if type(data) is np.ndarray:
        return _array_to_json(_checked(data), readable)
    if type(data) in (list, tuple):
        return [_to_json(item, depth - 1, readable) for item in data]
    if type(data) is dict and all(type(key) is str for key in data):
        return {"dict": {key: _to_json(item, depth - 1, readable) for key, item in data.items()}}
    raise NotPlain(type(data).__name__)


def _array_to_json(data: np.ndarray, readable: bool) -> dict[str, Any]:
    described = {"dtype": data.dtype.name, "shape": _usual(data.shape)}
    if readable:
        return described | {"values": data.ravel().tolist()}
    return described | {"array": base64.b64encode(np.ascontiguousarray(data).tobytes()).decode()}


def _from_json(node: Any, depth: int) -> Any:
    if depth == 0:
        raise NotPlain("data nested too deep")
    if isinstance(node, list):
        return [_from_json(item, depth - 1) for item in node]
    if not isinstance(node, dict):
        return _bounded(node)
    if "dict" in node:
        return {str(key): _from_json(item, depth - 1) for key, item in node["dict"].items()}
    return _array_from_json(node)


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise NotPlain("a number that no array holds")
    return value


def _usual(shape: tuple[int, ...]) -> tuple[int, ...]:
    if any(not 0 <= size <= MAX_SIZE for size in shape) or len(shape) > MAX_DEPTH:
        raise NotPlain(f"an array of shape {list(shape)}"[:80])
    return shape


def _array_from_json(node: dict[str, Any]) -> np.ndarray:
    if node["dtype"] not in _DTYPES:
        raise NotPlain(f"dtype {node['dtype']}")
    shape = _usual(tuple(int(size) for size in node["shape"]))
    if "values" in node:
        return np.array(node["values"], dtype=node["dtype"]).reshape(shape)
    raw = base64.b64decode(node["array"], validate=True)
    return np.frombuffer(raw, dtype=node["dtype"]).reshape(shape).copy()
