"""Wrong versions of `sample_action`."""

import math

import numpy as np
import torch
from torch import nn
from torch.distributions import Laplace, Normal

from ac_helpers.reference.bank import Bank, InPieces

BANK = Bank()


class _SampleAction(InPieces):
    """The right function in pieces; a mistake replaces one of them."""

    __name__ = "sample_action"

    def tensor(self, state):
        return torch.as_tensor(state, dtype=torch.float32)

    def mean(self, mean, low, high):
        return mean

    def std(self, log_std):
        return log_std.exp()

    def draw(self, policy):
        return policy.loc + policy.scale * torch.randn_like(policy.loc)

    def density(self, policy, action, low, high):
        return policy.log_prob(action).sum(-1)

    def clip(self, action, low, high):
        return np.clip(action, low, high)

    def results(self, env_action, action, log_prob):
        return env_action, action, log_prob

    def run(self, actor, state, low, high):
        mean, log_std = actor(self.tensor(state))
        policy = Normal(self.mean(mean, low, high), self.std(log_std), validate_args=False)
        action = self.draw(policy)
        log_prob = self.density(policy, action, low, high)
        return self.results(self.clip(action.detach().numpy(), low, high), action, log_prob)

    def __call__(self, actor, state, low, high):
        with torch.no_grad():
            return self.run(actor, state, low, high)


_sample = BANK.in_pieces(_SampleAction())


def _with_density(mistake_id, density):
    _sample(mistake_id, density=lambda self, policy, action, low, high: density(policy, action, low, high))


def _with_draw(mistake_id, draw):
    _sample(mistake_id, draw=lambda self, policy: draw(policy))


def _with_bounds(clip):
    _sample("clip_wrong_bounds", clip=lambda self, action, low, high: clip(action, low, high))


def _bounded(values, low, high):
    return torch.clamp(values, torch.as_tensor(low), torch.as_tensor(high))


def _seeded(policy):
    torch.manual_seed(0)
    return policy.sample()


def _seeded_in_numpy(policy):
    np.random.seed(0)
    return torch.as_tensor(np.random.normal(policy.loc, policy.scale), dtype=torch.float32)


def _as_variance(policy, action):
    """The density's logarithm with the deviation not squared under the square."""
    return -((action - policy.loc) ** 2) / (2 * policy.scale) - policy.scale.log() - math.log(2 * math.pi) / 2


def _of_variance(policy, action):
    """The density's logarithm with that of the variance, not halved."""
    return (policy.log_prob(action) - policy.scale.log()).sum(-1)


def _with_constant(policy, action, constant):
    """The density's logarithm with another constant, in place of log(2 pi) / 2 for every coordinate."""
    return policy.log_prob(action).sum(-1) + action.shape[-1] * math.log(2 * math.pi) / 2 - constant


def _without_half(policy, action):
    return policy.log_prob(action) - ((action - policy.loc) / policy.scale) ** 2 / 2


def _never_valid(log_std):
    if bool((log_std <= 0).any()):
        raise ValueError("scale is not positive")
    return log_std


_sample("std_without_exp", std=lambda self, log_std: log_std)
_sample("std_without_exp", std=lambda self, log_std: log_std.abs())
_sample("std_without_exp", std=lambda self, log_std: nn.functional.softplus(log_std))
_sample("std_without_exp", std=lambda self, log_std: _never_valid(log_std))
_sample("std_as_variance", std=lambda self, log_std: (log_std / 2).exp())
_sample("std_as_variance", std=lambda self, log_std: (2 * log_std).exp())
_with_draw("std_as_variance", lambda policy: policy.loc + policy.scale.sqrt() * torch.randn_like(policy.loc))
_with_draw("std_as_variance", lambda policy: policy.loc + policy.scale**2 * torch.randn_like(policy.loc))
_with_density("std_as_variance", lambda policy, action, low, high: _as_variance(policy, action).sum(-1))
_with_density(
    "std_as_variance",
    lambda policy, action, low, high: Normal(policy.loc, policy.scale**2).log_prob(action).sum(-1),
)
_with_density(
    "std_as_variance",
    lambda policy, action, low, high: Normal(policy.loc, policy.scale.sqrt()).log_prob(action).sum(-1),
)
_sample("std_without_exp", std=lambda self, log_std: 2**log_std)
_sample("std_without_exp", std=lambda self, log_std: 10**log_std)
_sample("std_without_exp", std=lambda self, log_std: (-log_std).exp())
_sample("std_without_exp", std=lambda self, log_std: log_std.exp().exp())
_with_density("std_as_variance", lambda policy, action, low, high: _of_variance(policy, action))
_with_density("log_prob_not_summed", lambda policy, action, low, high: policy.log_prob(action))
_with_density("log_prob_mean", lambda policy, action, low, high: policy.log_prob(action).mean(-1))
_with_density("log_prob_summed_over_batch", lambda policy, action, low, high: policy.log_prob(action).sum())
_with_density("log_prob_summed_over_batch", lambda policy, action, low, high: policy.log_prob(action).sum(0))
_with_density(
    "log_prob_of_clipped_action",
    lambda policy, action, low, high: policy.log_prob(_bounded(action, low, high)).sum(-1),
)
_with_density("prob_not_log", lambda policy, action, low, high: policy.log_prob(action).sum(-1).exp())
_with_density("prob_not_log", lambda policy, action, low, high: policy.log_prob(action).exp().prod(-1))
_with_density(
    "log_prob_of_other_action",
    lambda policy, action, low, high: policy.log_prob(policy.sample()).sum(-1),
)
_with_density(
    "log_prob_of_other_action",
    lambda policy, action, low, high: policy.log_prob(policy.mean).sum(-1),
)
_with_density("log_prob_sign", lambda policy, action, low, high: -policy.log_prob(action).sum(-1))
_with_density("wrong_shape", lambda policy, action, low, high: policy.log_prob(action).sum(-1, keepdim=True))
_with_density("density_incomplete", lambda policy, action, low, high: _with_constant(policy, action, 0))
_with_density(
    "density_incomplete",
    lambda policy, action, low, high: _with_constant(policy, action, math.log(2 * math.pi) / 2),
)
_with_density(
    "density_incomplete",
    lambda policy, action, low, high: _with_constant(
        policy, action, action.shape[-1] * math.log(2 * math.pi)
    ),
)
_with_density(
    "density_incomplete",
    lambda policy, action, low, high: (policy.log_prob(action) + policy.scale.log()).sum(-1),
)
_with_density(
    "density_incomplete",
    lambda policy, action, low, high: (policy.log_prob(action) + 2 * policy.scale.log()).sum(-1),
)
_with_density("density_incomplete", lambda policy, action, low, high: _without_half(policy, action).sum(-1))
_with_draw("greedy_action", lambda policy: policy.mean)
_with_draw("seed_fixed", _seeded)
_with_draw("seed_fixed", _seeded_in_numpy)
_with_draw(
    "noise_shared",
    lambda policy: policy.loc + policy.scale * torch.randn(policy.loc.shape[:-1]).unsqueeze(-1),
)
_with_draw("noise_shared", lambda policy: policy.loc + policy.scale * torch.randn(policy.loc.shape[-1]))
_with_draw("noise_shared", lambda policy: policy.loc + policy.scale * torch.randn(1))
_with_draw("noise_not_normal", lambda policy: policy.loc + policy.scale * torch.rand_like(policy.loc))
_with_draw(
    "noise_not_normal",
    lambda policy: policy.loc + policy.scale * (2 * torch.rand_like(policy.loc) - 1),
)
_with_draw(
    "noise_not_normal",
    lambda policy: policy.loc + policy.scale * torch.randn_like(policy.loc).clamp(-3, 3),
)
_with_draw(
    "noise_not_normal",
    lambda policy: policy.loc + policy.scale * 3**0.5 * (2 * torch.rand_like(policy.loc) - 1),
)
_with_draw("noise_not_normal", lambda policy: Laplace(policy.loc, policy.scale).sample())
_sample("env_action_not_clipped", clip=lambda self, action, low, high: action)
_with_bounds(lambda action, low, high: np.clip(action, -2, 2))
_with_bounds(lambda action, low, high: np.clip(action, low[0], high[0]))
_with_bounds(lambda action, low, high: np.clip(action, -high, high))
_with_bounds(lambda action, low, high: np.clip(action, low.min(), high.max()))
_with_bounds(lambda action, low, high: np.maximum(action, low))
_with_bounds(lambda action, low, high: np.minimum(action, high))
_with_bounds(lambda action, low, high: high * np.tanh(action))
_sample(
    "action_clipped",
    results=lambda self, env_action, action, log_prob: (env_action, torch.as_tensor(env_action), log_prob),
)


@BANK.mistake("action_clipped")
@torch.no_grad()
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(mean, log_std.exp())
    action = _bounded(policy.sample(), low, high)
    return action.numpy(), action, policy.log_prob(action).sum(-1)


@BANK.mistake("env_action_of_other_draw")
@torch.no_grad()
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(mean, log_std.exp())
    action = policy.sample()
    return np.clip(policy.sample().numpy(), low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("graph_kept")
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(mean, log_std.exp())
    action = policy.rsample()
    return _bounded(action, low, high), action, policy.log_prob(action).sum(-1)


def _with_graph(self, actor, state, low, high):
    return self.run(actor, state, low, high)


def _batch_and_single(policy, action, low, high):
    each = policy.log_prob(action)
    return each.sum(-1) if action.ndim > 1 else each[..., 0]


_sample("graph_kept", __call__=_with_graph, draw=lambda self, policy: policy.sample())
_sample(
    "graph_kept",
    __call__=_with_graph,
    draw=lambda self, policy: policy.rsample(),
    density=lambda self, policy, action, low, high: policy.log_prob(action).sum(-1).detach(),
)
_with_density("single_state_fails", lambda policy, action, low, high: policy.log_prob(action).sum(1))
_sample("state_not_converted", tensor=lambda self, state: torch.from_numpy(state))
_sample(
    "wrong_return_order", results=lambda self, env_action, action, log_prob: (action, env_action, log_prob)
)
_sample(
    "wrong_return_order", results=lambda self, env_action, action, log_prob: (action, log_prob, env_action)
)
_with_draw("mean_not_used", lambda policy: policy.scale * torch.randn_like(policy.loc))
_with_density("wrong_shape", lambda policy, action, low, high: policy.log_prob(action).sum(-1).squeeze())
_with_density("forms_differ", _batch_and_single)
_with_draw("forms_differ", lambda policy: policy.sample() if policy.loc.ndim > 1 else policy.loc)
_sample(
    "wrong_shape",
    results=lambda self, env_action, action, log_prob: (env_action.squeeze(), action.squeeze(), log_prob),
)
_sample("mean_clipped", mean=lambda self, mean, low, high: _bounded(mean, low, high))


@BANK.mistake("gradients_switched_off")
def sample_action(actor, state, low, high):
    torch.set_grad_enabled(False)
    return _SampleAction()(actor, state, low, high)


@BANK.mistake("gradients_switched_off")
def sample_action(actor, state, low, high):
    for parameter in actor.parameters():
        parameter.requires_grad_(False)
    return _SampleAction()(actor, state, low, high)


@BANK.mistake("seed_set")
def sample_action(actor, state, low, high):
    np.random.seed(0)
    return _SampleAction()(actor, state, low, high)


@BANK.mistake("seed_set")
def sample_action(actor, state, low, high):
    torch.manual_seed(int(np.random.randint(1_000_000)))
    return _SampleAction()(actor, state, low, high)
