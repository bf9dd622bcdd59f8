"""Wrong versions of `sample_action`."""

import numpy as np
import torch
from torch.distributions import Normal

from ac_helpers.reference.bank import Bank

BANK = Bank()


def _policy(actor, state, std=torch.exp):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    return Normal(mean, std(log_std), validate_args=False)


def _clipped(action, low, high):
    return np.clip(action.numpy(), low, high)


def _with_std(std):
    """The right function but for what it takes for the deviation."""

    @torch.no_grad()
    def sample_action(actor, state, low, high):
        policy = _policy(actor, state, std)
        action = policy.loc + policy.scale * torch.randn_like(policy.loc)
        return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)

    return sample_action


def _with_density(density):
    """The right function but for the density, made from the policy, the action and the bounds."""

    @torch.no_grad()
    def sample_action(actor, state, low, high):
        policy = _policy(actor, state)
        action = policy.sample()
        return _clipped(action, low, high), action, density(policy, action, low, high)

    return sample_action


def _with_action(action_of):
    """The right function but for the action, which is drawn from the policy."""

    @torch.no_grad()
    def sample_action(actor, state, low, high):
        policy = _policy(actor, state)
        action = action_of(policy)
        return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)

    return sample_action


def _with_bounds(clip):
    """The right function but for what the environment gets."""

    @torch.no_grad()
    def sample_action(actor, state, low, high):
        policy = _policy(actor, state)
        action = policy.sample()
        return clip(action.numpy(), low, high), action, policy.log_prob(action).sum(-1)

    return sample_action


def _bounded(values, low, high):
    return torch.clamp(values, torch.as_tensor(low), torch.as_tensor(high))


def _seeded(policy):
    torch.manual_seed(0)
    return policy.sample()


def _never_valid(log_std):
    if bool((log_std <= 0).any()):
        raise ValueError("scale is not positive")
    return log_std


BANK.mistake("std_without_exp")(_with_std(lambda log_std: log_std))
BANK.mistake("std_without_exp")(_with_std(torch.abs))
BANK.mistake("std_without_exp")(_with_std(_never_valid))
BANK.mistake("std_as_variance")(_with_std(lambda log_std: (log_std / 2).exp()))
BANK.mistake("std_as_variance")(_with_std(lambda log_std: (2 * log_std).exp()))
BANK.mistake("log_prob_not_summed")(_with_density(lambda policy, action, low, high: policy.log_prob(action)))
BANK.mistake("log_prob_mean")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).mean(-1))
)
BANK.mistake("log_prob_summed_over_batch")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).sum())
)
BANK.mistake("log_prob_summed_over_batch")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).sum(0))
)
BANK.mistake("log_prob_of_clipped_action")(
    _with_density(lambda policy, action, low, high: policy.log_prob(_bounded(action, low, high)).sum(-1))
)
BANK.mistake("prob_not_log")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).sum(-1).exp())
)
BANK.mistake("prob_not_log")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).exp().prod(-1))
)
BANK.mistake("log_prob_of_other_action")(
    _with_density(lambda policy, action, low, high: policy.log_prob(policy.sample()).sum(-1))
)
BANK.mistake("log_prob_of_other_action")(
    _with_density(lambda policy, action, low, high: policy.log_prob(policy.mean).sum(-1))
)
BANK.mistake("log_prob_sign")(
    _with_density(lambda policy, action, low, high: -policy.log_prob(action).sum(-1))
)
BANK.mistake("wrong_shape")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).sum(-1, keepdim=True))
)
BANK.mistake("greedy_action")(_with_action(lambda policy: policy.mean))
BANK.mistake("seed_fixed")(_with_action(_seeded))
BANK.mistake("noise_shared")(
    _with_action(lambda policy: policy.loc + policy.scale * torch.randn(policy.loc.shape[:-1]).unsqueeze(-1))
)
BANK.mistake("noise_shared")(
    _with_action(lambda policy: policy.loc + policy.scale * torch.randn(policy.loc.shape[-1]))
)
BANK.mistake("noise_shared")(_with_action(lambda policy: policy.loc + policy.scale * torch.randn(1)))
BANK.mistake("noise_not_normal")(
    _with_action(lambda policy: policy.loc + policy.scale * torch.rand_like(policy.loc))
)
BANK.mistake("noise_not_normal")(
    _with_action(lambda policy: policy.loc + policy.scale * (2 * torch.rand_like(policy.loc) - 1))
)
BANK.mistake("noise_not_normal")(
    _with_action(lambda policy: policy.loc + policy.scale * torch.randn_like(policy.loc).clamp(-3, 3))
)
BANK.mistake("env_action_not_clipped")(_with_bounds(lambda action, low, high: action))
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: np.clip(action, -2, 2)))
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: np.clip(action, low[0], high[0])))
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: np.clip(action, -high, high)))
BANK.mistake("clip_wrong_bounds")(
    _with_bounds(lambda action, low, high: np.clip(action, low.min(), high.max()))
)
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: np.maximum(action, low)))
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: np.minimum(action, high)))
BANK.mistake("clip_wrong_bounds")(_with_bounds(lambda action, low, high: high * np.tanh(action)))


@BANK.mistake("action_clipped")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    raw = policy.sample()
    action = _bounded(raw, low, high)
    return action.numpy(), action, policy.log_prob(raw).sum(-1)


@BANK.mistake("action_clipped")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = _bounded(policy.sample(), low, high)
    return action.numpy(), action, policy.log_prob(action).sum(-1)


@BANK.mistake("graph_kept")
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("graph_kept")
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.rsample()
    env_action = _bounded(action, low, high)
    return env_action, action, policy.log_prob(action).sum(-1)


@BANK.mistake("graph_kept")
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.rsample()
    return _clipped(action.detach(), low, high), action, policy.log_prob(action).sum(-1).detach()


@BANK.mistake("single_state_fails")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(1)


@BANK.mistake("state_not_converted")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, torch.from_numpy(state))
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("wrong_return_order")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.sample()
    return action, _clipped(action, low, high), policy.log_prob(action).sum(-1)


@BANK.mistake("wrong_return_order")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.sample()
    return action, policy.log_prob(action).sum(-1), _clipped(action, low, high)


BANK.mistake("mean_not_used")(_with_action(lambda policy: policy.scale * torch.randn_like(policy.loc)))
BANK.mistake("wrong_shape")(
    _with_density(lambda policy, action, low, high: policy.log_prob(action).sum(-1).squeeze())
)
BANK.mistake("forms_differ")(
    _with_density(
        lambda policy, action, low, high: (
            policy.log_prob(action).sum(-1) if action.ndim > 1 else policy.log_prob(action)[..., 0]
        )
    )
)


@BANK.mistake("wrong_shape")
@torch.no_grad()
def sample_action(actor, state, low, high):
    policy = _policy(actor, state)
    action = policy.sample()
    log_prob = policy.log_prob(action).sum(-1)
    action = action.squeeze()
    return _clipped(action, low, high), action, log_prob


@BANK.mistake("mean_clipped")
@torch.no_grad()
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(_bounded(mean, low, high), log_std.exp())
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("gradients_switched_off")
def sample_action(actor, state, low, high):
    torch.set_grad_enabled(False)
    policy = _policy(actor, state)
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("gradients_switched_off")
def sample_action(actor, state, low, high):
    for parameter in actor.parameters():
        parameter.requires_grad_(False)
    policy = _policy(actor, state)
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)


@BANK.mistake("seed_set")
@torch.no_grad()
def sample_action(actor, state, low, high):
    torch.manual_seed(int(np.random.randint(1_000_000)))
    policy = _policy(actor, state)
    action = policy.sample()
    return _clipped(action, low, high), action, policy.log_prob(action).sum(-1)
