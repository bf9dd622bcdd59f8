"""Tests of what becomes of a network's parameters: added or multiplied."""

import pytest
import torch
from torch import nn

from ac_helpers.asking.roles import ADDED, MULTIPLIED, roles_of

X = torch.linspace(-1, 1, 12).reshape(4, 3)


def role(parameter, output):
    return roles_of(output)[id(parameter)]


def test_a_layer_multiplies_with_its_weight_and_adds_its_bias():
    layer = nn.Linear(3, 2)
    for states in (X, X[0]):
        output = torch.tanh(layer(states))
        assert (role(layer.weight, output), role(layer.bias, output)) == (MULTIPLIED, ADDED)


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (lambda p: X + p, ADDED),
        (lambda p: X - p.reshape(1, 3), ADDED),
        (lambda p: torch.addmm(p.expand(4, 3), X, torch.ones(3, 3)), ADDED),
        (lambda p: X * p, MULTIPLIED),
        (lambda p: X @ p, MULTIPLIED),
        (lambda p: X @ torch.stack([p, p]).T, MULTIPLIED),
        (lambda p: X / p, MULTIPLIED),
        (lambda p: X * p + p, None),
        (lambda p: X * p.exp(), None),
    ],
)
def test_a_vector_is_what_is_done_with_it(use, expected):
    parameter = nn.Parameter(torch.tensor([0.5, 1.0, 2.0]))
    assert role(parameter, use(parameter)) == expected
