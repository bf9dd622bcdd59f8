"""What crosses from a kernel to the grader: plain data, checked on both ends."""

import base64
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ac_helpers.asking.plain import MAX_BYTES, NotPlain, array, decode, encode

arrays = hnp.arrays(
    dtype=st.sampled_from([np.float32, np.float64, np.int64, np.bool_]),
    shape=hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
scalars = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20)
plain = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        return (
            a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        )
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and (a == b or (a != a and b != b))


@settings(max_examples=150, deadline=None)
@given(plain, st.booleans())
def test_decoding_undoes_encoding(data, readable):
    assert same(data, decode(encode(data, readable=readable)))


class LyingTensor(torch.Tensor):
    def __eq__(self, other):
        return True

    def detach(self):
        return torch.zeros(3)

    def numpy(self, *args, **kwargs):
        return np.zeros(3)


class LyingArray(np.ndarray):
    def __array__(self, *args, **kwargs):
        return np.zeros(3)


class LyingFloat(float):
    def __float__(self):
        return 0.0


@pytest.mark.parametrize(
    "liar",
    [torch.ones(3).as_subclass(LyingTensor), np.ones(3).view(LyingArray), [LyingFloat(1.0)] * 3],
    ids=["tensor", "array", "float"],
)
def test_an_object_that_lies_becomes_the_number_it_holds(liar):
    assert np.array_equal(array(liar), np.ones(3))
    assert type(array(liar)) is np.ndarray


@pytest.mark.parametrize(
    "value",
    ["3", None, object(), [1, [2, 3]], [1, "2"], {"a": 1}, np.array([object()]), np.array(["x"]), {1, 2}],
    ids=range(9),
)
def test_what_is_no_regular_array_of_numbers_is_refused(value):
    with pytest.raises(NotPlain):
        array(value)


def test_a_tensor_with_a_graph_becomes_an_array():
    assert array(torch.ones(2, requires_grad=True) * 3).tolist() == [3.0, 3.0]
    assert array([torch.tensor(1.0), torch.tensor(2.0)]).tolist() == [1.0, 2.0]
    assert array(torch.ones(2, dtype=torch.bfloat16)).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "data", [object(), {"a": {1, 2}}, {1: 2}, np.float64(1.0), float], ids=lambda data: type(data).__name__
)
def test_only_plain_data_is_encoded(data):
    with pytest.raises(NotPlain):
        encode(data)


def test_what_is_too_large_is_neither_sent_nor_accepted():
    with pytest.raises(NotPlain):
        encode(np.zeros(MAX_BYTES))
    with pytest.raises(NotPlain, match="a number that no array holds"):
        encode({"action": 10**30})
    with pytest.raises(NotPlain, match="an array of shape"):
        encode(np.zeros(300_000, dtype=np.int8))
    with pytest.raises(NotPlain):
        decode(json.dumps("x" * MAX_BYTES))


def nested(depth):
    return json.dumps(None) if depth == 0 else f"[{nested(depth - 1)}]"


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        nested(50),
        "[" * 100_000,
        json.dumps({"dtype": "object", "shape": [1], "array": ""}),
        json.dumps({"dtype": "float64", "shape": [2], "array": base64.b64encode(bytes(8)).decode()}),
        json.dumps({"dtype": "float64", "shape": [-1], "array": base64.b64encode(bytes(8)).decode()}),
        json.dumps({"dtype": "float64", "shape": "ab", "array": ""}),
        json.dumps({"dtype": "float64", "shape": [1], "array": "!!!!"}),
        json.dumps({"dtype": "int8", "shape": [10**7, 0], "array": ""}),
        json.dumps({"dtype": "int8", "shape": [0] * 40, "array": ""}),
        '{"dtype": "int8", "shape": [Infinity], "array": ""}',
        json.dumps(10**4000),
        json.dumps([2**63]),
        json.dumps({"shape": [1]}),
        json.dumps({"dict": [1, 2]}),
    ],
    ids=range(15),
)
def test_what_claims_to_be_data_and_is_not_is_refused(text):
    with pytest.raises(NotPlain):
        decode(text)
