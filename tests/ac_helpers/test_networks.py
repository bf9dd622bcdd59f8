"""What is read off a student's networks and optimizers: curves, leaves, and the weights of transitions."""

import numpy as np
import pytest
import torch
from torch import nn

from ac_helpers.asking.gaussian import actor_rows, critic_rows
from ac_helpers.asking.heads import jacobian
from ac_helpers.asking.networks import GRID, knows_all, leaves_of, reach, shake
from ac_helpers.asking.trainer import Watched
from ac_helpers.probes.networks import FAR, extremes, is_straight
from ac_helpers.reference import gaussian_actor_critic as right

STATES = np.linspace(-1, 1, 12).reshape(4, 3)


def squashed(squash):
    layer = nn.Linear(3, 1)
    return layer, reach(layer, lambda given: squash(given[..., 0]), STATES)


@pytest.mark.parametrize(
    ("squash", "bounds"),
    [
        (torch.tanh, (-1, 1)),
        (torch.sigmoid, (0, 1)),
        (torch.relu, (0, FAR)),
        (lambda x: x, (-FAR, FAR)),
        (lambda x: x.clamp(-3, 0.5), (-3, 0.5)),
    ],
)
def test_curves_reach_the_bounds_of_what_squashes_an_output(squash, bounds):
    torch.manual_seed(1)
    _, curves = squashed(squash)
    assert curves.shape == (2, len(GRID))
    assert extremes(curves) == pytest.approx(bounds, abs=1e-3)


def test_what_is_moved_is_put_back():
    torch.manual_seed(1)
    layer, _ = squashed(torch.tanh)
    torch.manual_seed(1)
    fresh = nn.Linear(3, 1)
    assert all(torch.equal(a, b) for a, b in zip(layer.parameters(), fresh.parameters(), strict=True))


def test_a_straight_line_is_told_from_a_bent_one_and_from_a_level():
    grid = np.array(GRID)
    assert is_straight(2 * grid + 1)
    assert is_straight(np.where(np.abs(grid) < 5, grid, np.nan))
    assert not is_straight(np.tanh(grid))
    assert not is_straight(np.zeros_like(grid))
    assert not is_straight(np.where(np.abs(grid) < 0.6, grid, np.nan))  # too few points


def test_weights_that_the_network_does_not_know_are_found():
    known, unknown = nn.Linear(3, 3), nn.Linear(3, 1)
    output = unknown(torch.tanh(known(torch.ones(2, 3)))).sum()
    assert {id(leaf) for leaf in leaves_of(output)} == {
        id(parameter) for layer in (known, unknown) for parameter in layer.parameters()
    }
    assert not knows_all(known, output)
    assert knows_all(nn.ModuleList([known, unknown]), output)


def test_a_shake_moves_everything_the_same_way_for_the_same_seed():
    one, other = right.CriticNetwork(3), right.CriticNetwork(3)
    other.load_state_dict(one.state_dict())
    before = [parameter.detach().clone() for parameter in one.parameters()]
    for network in (one, other):
        shake(network, STATES, seed=5)
    for was, moved, same in zip(before, one.parameters(), other.parameters(), strict=True):
        assert not torch.equal(was, moved)
        assert torch.equal(moved, same)


class Known(nn.Module):
    """As the known networks of a question are: linear, with the parts in this order."""

    def __init__(self, outputs, names):
        super().__init__()
        for name in names:
            setattr(self, name, nn.Linear(3, outputs))
        self.names = names

    def forward(self, states):
        found = [getattr(self, name)(states) for name in self.names]
        return tuple(found) if len(found) > 1 else found[0].squeeze(-1)


def test_derivatives_that_are_written_down_are_those_that_autograd_gives():
    states = torch.randn(5, 3)
    actor, critic = Known(2, ("known_mean", "known_log_std")), Known(1, ("known_value",))

    def numbers(mean, log_std):
        return (mean.sin() * log_std.exp()).sum(-1)

    wanted = jacobian(numbers(*actor(states)), list(actor.parameters()))
    np.testing.assert_allclose(actor_rows(actor, states, numbers), wanted, atol=1e-5)
    wanted = jacobian(critic(states), list(critic.parameters()))
    np.testing.assert_allclose(critic_rows(critic, states), wanted, atol=1e-5)


def test_a_watched_optimizer_tells_what_each_term_weighs():
    layer, states = nn.Linear(6, 1), torch.eye(5, 6)
    opt = Watched(layer.parameters(), lambda: jacobian(layer(states).squeeze(-1), list(layer.parameters())))
    weights = torch.tensor([0.5, 0.0, -2.0, 0.0, 1.0])
    before = layer.weight.detach().clone()
    opt.zero_grad()
    (weights * layer(states).squeeze(-1)).sum().backward()
    opt.step()
    watched = opt.watched()
    np.testing.assert_allclose(watched["weights"], [weights.numpy()], atol=1e-5)
    assert watched["rests"][0] < 1e-6
    assert watched["lengths"][0] == pytest.approx(float(torch.hypot(weights.norm(), weights.sum())), rel=1e-5)
    assert torch.equal(layer.weight, before)


def test_a_gradient_of_something_else_is_left_over():
    layer, states = nn.Linear(6, 1), torch.eye(3, 6)
    opt = Watched(layer.parameters(), lambda: jacobian(layer(states).squeeze(-1), list(layer.parameters())))
    (layer(states).sum() + 5 * layer.weight[0, 5]).backward()
    opt.step()
    assert opt.watched()["rests"][0] > 0.5


def test_a_watched_optimizer_moves_by_the_effect_that_it_was_told():
    layer, states = nn.Linear(6, 1), torch.eye(5, 6)

    def outputs():
        return layer(states).squeeze(-1)

    opt = Watched(layer.parameters(), lambda: jacobian(outputs(), list(layer.parameters())), move=0.25)
    before = outputs().detach()
    (outputs() * torch.arange(5.0)).sum().backward()
    opt.step()
    change = outputs().detach() - before
    assert float(change.square().mean().sqrt()) == pytest.approx(0.25, rel=1e-4)
    assert float(change[4]) < 0
