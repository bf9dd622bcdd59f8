"""Right versions that stand in for what has failed suit what the student wrote around it."""

import random
from collections import deque

import numpy as np
import pytest

from ac_helpers.probes import probe
from ac_helpers.standing_in import stand_ins


@pytest.fixture(scope="module")
def sample_batch():
    return stand_ins([probe("test_sample_batch")])["sample_batch"]


@pytest.fixture
def buffer():
    return deque((np.full(2, k), k, float(k), np.full(2, -k), False) for k in range(1, 6))


def test_arguments_that_only_the_students_function_takes_are_left_aside(sample_batch, buffer):
    for fields in (
        sample_batch(buffer, 4, generator=random.Random(0)),
        sample_batch(buffer, 4, random.Random(0)),
        sample_batch(n_samples=4, replay_buffer=buffer, device="cpu"),
    ):
        assert [len(field) for field in fields] == [4] * 5
        assert np.array_equal(fields[1], fields[2])


def test_what_the_right_function_needs_has_to_be_given(sample_batch, buffer):
    with pytest.raises(TypeError, match="n_samples"):
        sample_batch(buffer, size=4)
