"""Right versions that stand in for what has failed suit what the student wrote around it."""

import random
from collections import deque

import numpy as np
import pytest

from ac_helpers.overlay import overlaid
from ac_helpers.probes import probe
from ac_helpers.standing_in import stand_ins


@pytest.fixture
def buffer():
    return deque((np.full(2, k), k, float(k), np.full(2, -k), False) for k in range(1, 6))


@pytest.fixture
def names():
    """A notebook's names while the right version stands in for a function of the student's."""
    names = {"sample_batch": lambda replay_buffer, n_samples, generator: None}
    with overlaid(names, stand_ins([probe("test_sample_batch")])):
        yield names


def test_arguments_that_only_the_students_function_takes_are_left_aside(names, buffer):
    for fields in (
        names["sample_batch"](buffer, 4, generator=random.Random(0)),
        names["sample_batch"](buffer, 4, random.Random(0)),
        names["sample_batch"](n_samples=4, replay_buffer=buffer, device="cpu"),
    ):
        assert [len(field) for field in fields] == [4] * 5
        assert np.array_equal(fields[1], fields[2])


def test_what_the_right_function_needs_has_to_be_given(names, buffer):
    with pytest.raises(TypeError, match="n_samples"):
        names["sample_batch"](buffer, size=4)
