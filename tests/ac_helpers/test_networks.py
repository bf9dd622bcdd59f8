"""What is read off a student's networks and optimizers: curves, leaves, and the weights of transitions."""

import numpy as np
import pytest
import torch
from torch import nn

from ac_helpers.asking.adapting import adapt
from ac_helpers.asking.gaussian import OWN, actor_for, actor_rows, critic_rows, own_only_past_forward
from ac_helpers.asking.heads import jacobian
from ac_helpers.asking.networks import in_company, knows_all, leaves_of, settle, shake, together, trains_all
from ac_helpers.asking.reaching import GRID, climb, edges, reach
from ac_helpers.asking.trainer import Watched
from ac_helpers.asking.value_critic import ask_states
from ac_helpers.probes.networks import (
    FAR,
    STEEP,
    depends_on_company,
    extremes,
    is_more_than_a_sum,
    is_straight,
)
from ac_helpers.probes.test_value_critic import describe_states
from ac_helpers.reference import gaussian_actor_critic as right

STATES = np.linspace(-1, 1, 12).reshape(4, 3)


def squashed(squash):
    layer = nn.Linear(3, 1)
    return layer, reach(layer, squash, STATES)["curves"]


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
    assert curves.shape == (2, 1, len(GRID))
    assert extremes(curves) == pytest.approx(bounds, abs=1e-3)


def test_what_is_moved_is_put_back():
    torch.manual_seed(1)
    layer, _ = squashed(torch.tanh)
    torch.manual_seed(1)
    fresh = nn.Linear(3, 1)
    assert all(torch.equal(a, b) for a, b in zip(layer.parameters(), fresh.parameters(), strict=True))


def test_each_column_has_bounds_of_its_own():
    torch.manual_seed(1)
    layer = nn.Linear(3, 2)
    curves = reach(layer, lambda given: torch.cat([given[:, :1].tanh(), given[:, 1:]], 1), STATES)["curves"]
    assert extremes(curves[:, 0]) == pytest.approx((-1, 1), abs=1e-3)
    assert extremes(curves[:, 1]) == (-FAR, FAR)


@pytest.mark.parametrize(
    ("squash", "is_hard"),
    [
        (lambda x: x.clamp(-20, 2), True),
        (lambda x: nn.functional.softplus(x).log().clamp(-20, 2), True),
        (lambda x: -20 + 11 * (torch.tanh(x) + 1), False),
        (lambda x: -20 + 22 * torch.sigmoid(x), False),
    ],
)
def test_a_hard_bound_is_met_at_full_height(squash, is_hard):
    torch.manual_seed(1)
    found = edges(nn.Linear(3, 2), squash, STATES)
    assert bool((found > STEEP).all(axis=1).any(axis=0).all()) == is_hard


@pytest.mark.parametrize(
    ("squash", "reached"),
    [
        (lambda x: x.amin(-1), 1e4),
        (lambda x: x.median(-1).values, 1e4),
        (lambda x: 200 * torch.tanh(x[:, 0]), 200),
        (lambda x: x[:, 0].clamp(-1, 150), 150),
    ],
)
def test_a_climb_gets_as_far_as_there_is_a_way(squash, reached):
    torch.manual_seed(1)
    assert min(climb(nn.Linear(3, 5), squash, STATES, 1e4), 1e4) == pytest.approx(reached)


def test_what_starts_beyond_its_bounds_is_brought_back():
    torch.manual_seed(1)
    layer, states = nn.Linear(3, 2), torch.tensor(STATES, dtype=torch.float32)
    nn.init.constant_(layer.bias, 30)
    network = nn.Sequential(layer, nn.Hardtanh(-20, 2))
    settle(network, states)
    assert float(network(states).detach().abs().max()) < 2


class Below(nn.Linear):
    """A critic that starts at zero and knows no value above it."""

    def __init__(self, state_dim):
        super().__init__(state_dim, 1)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    def forward(self, states):
        return super().forward(states).squeeze(-1).clamp(max=0)


def test_a_critic_at_its_bound_for_all_states_is_started_elsewhere():
    def starts_at_the_bound(seed):
        network = Below(3)
        return not network(shake(network, STATES, seed)).any()

    seeds = [next(filter(starts_at_the_bound, range(1000)))]
    seeds.append(next(seed for seed in range(1000) if not starts_at_the_bound(seed)))
    question = {"state_dim": 3, "states": STATES, "shakes": seeds}
    names = {"CriticNetwork": Below}
    assert describe_states(question, ask_states(names, question))["varies"]
    assert not describe_states(question, ask_states(names, question | {"shakes": seeds[:1]}))["varies"]


def test_a_critic_is_asked_where_the_most_states_are_off_its_bound():
    states = np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32)

    def off_bound(seed):
        network = Below(3)
        return int((network(shake(network, states, seed)) < 0).sum())

    few = next(seed for seed in range(1000) if 0 < off_bound(seed) <= 5)
    question = {"state_dim": 3, "states": states, "shakes": [few, *range(40)]}
    (values,) = ask_states({"CriticNetwork": Below}, question)["outputs"]
    assert (values < 0).sum() >= 10


@pytest.mark.parametrize("ratio", [0.5, 0.98, 0.999])
def test_layers_that_adapt_are_waited_for_however_long_it_takes(ratio):
    torch.manual_seed(1)
    layer = nn.utils.spectral_norm(nn.Linear(6, 6, bias=False))
    left, _ = torch.linalg.qr(torch.randn(6, 6))
    with torch.no_grad():
        layer.weight_orig.copy_(left * torch.tensor([1.0, ratio, 0.3, 0.2, 0.2, 0.1]))
    adapt(layer, torch.zeros(2, 6))
    states = torch.randn(8, 6)
    before = layer(states)
    for _ in range(20):
        after = layer(states)
    assert float((after - before).detach().abs().max()) < 1e-6


class Counting(nn.Linear):
    """It keeps how often it was called, as a number with a point."""

    def __init__(self):
        super().__init__(3, 1)
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, states):
        self.calls += 1
        return super().forward(states)


def test_what_changes_without_end_is_not_waited_for():
    layer = Counting()
    adapt(layer, torch.zeros(2, 3))
    assert 0 < float(layer.calls) < 1000


class Centred(nn.Linear):
    def forward(self, states):
        return super().forward(states - states.mean(0) if states.ndim > 1 else states)


def test_a_row_that_hangs_on_its_neighbours_is_told():
    states = torch.tensor(STATES, dtype=torch.float32)
    assert not depends_on_company(in_company(nn.Linear(3, 2), states))
    assert depends_on_company(in_company(Centred(3, 2), states))
    with_norm = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    assert in_company(with_norm, states) == {}  # it wants batches, which is another question's
    assert with_norm.training


def test_where_only_the_last_layer_is_trained_moves_add_up():
    class Cut(nn.Sequential):
        def forward(self, states):
            return self[1](self[0](states).tanh().detach())

    torch.manual_seed(1)
    states = torch.tensor(STATES, dtype=torch.float32)
    whole = nn.Sequential(nn.Linear(3, 9), nn.Tanh(), nn.Linear(9, 1))
    cut = Cut(nn.Linear(3, 9), nn.Linear(9, 1))
    assert is_more_than_a_sum(together(whole, states, seed=1))
    assert not is_more_than_a_sum(together(cut, states, seed=1))
    assert trains_all(whole, whole(states))
    assert not trains_all(cut, cut(states))


@pytest.mark.parametrize("goes_past", [False, True])
def test_the_students_own_network_is_asked_only_by_what_goes_past_forward(goes_past):
    @own_only_past_forward
    def ask(names, question):
        actor = actor_for(names, question, STATES)
        states = torch.tensor(STATES, dtype=torch.float32)
        given = actor.mean(actor.body(states)) if goes_past else actor(states)[0]
        return {"mean": given.detach().numpy(), "is_own": hasattr(actor, "body")}

    weights = {
        f"{part}_{name}": np.zeros((2, 3) if name == "weight" else 2)
        for part in ("mean", "log_std")
        for name in ("weight", "bias")
    }
    question = {"weights": weights, "shake": 1, "repair": OWN}
    assert ask({"ActorNetwork": right.ActorNetwork}, question)["is_own"] == goes_past


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

    opt = Watched(
        layer.parameters(), lambda: jacobian(outputs(), list(layer.parameters())), moves=(-0.5, 0.25)
    )
    for moved, sign in ((0.5, 1), (0.25, -1), (0.25, -1)):
        before = outputs().detach()
        opt.zero_grad()
        (outputs() * torch.arange(5.0)).sum().backward()
        opt.step()
        change = outputs().detach() - before
        assert float(change.square().mean().sqrt()) == pytest.approx(moved, rel=1e-4)
        assert sign * float(change[4]) > 0
