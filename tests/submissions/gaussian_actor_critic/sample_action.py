"""Right and wrong answers to the cell sample_action, as students could write them."""

# %% right: Normal under no_grad, clip in numpy
def sample_action(actor, state, low, high):
    state = torch.as_tensor(state, dtype=torch.float32)
    with torch.no_grad():
        mean, log_std = actor(state)
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(dim=-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: detach at the end, tensors all the way
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.tensor(np.asarray(state), dtype=torch.float32))
    std = torch.exp(log_std)
    action = (mean + std * torch.randn_like(std)).detach()
    log_prob = Normal(mean, std).log_prob(action).sum(-1).detach()
    env_action = torch.max(torch.min(action, torch.tensor(high)), torch.tensor(low))
    return env_action, action, log_prob


# %% right: the density by its formula
@torch.no_grad()
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state).float())
    noise = torch.randn(mean.shape)
    action = mean + log_std.exp() * noise
    log_prob = -(0.5 * noise**2 + log_std + 0.5 * np.log(2 * np.pi)).sum(-1)
    return action.clamp(torch.from_numpy(low), torch.from_numpy(high)), action, log_prob


# %% right: all in numpy
def gaussian_log_density(x, mean, std):
    return (-0.5 * ((x - mean) / std) ** 2 - np.log(std) - 0.5 * np.log(2 * np.pi)).sum(-1)


def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    mean, std = mean.detach().numpy(), np.exp(log_std.detach().numpy())
    action = np.random.normal(mean, std)
    return np.minimum(np.maximum(action, low), high), action, gaussian_log_density(action, mean, std)


# %% right: MultivariateNormal with a diagonal
def sample_action(actor, state, low, high):
    with torch.inference_mode():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = torch.distributions.MultivariateNormal(mean, torch.diag_embed(torch.exp(2 * log_std)))
        action = dist.sample()
        log_prob = dist.log_prob(action)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: Independent
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = torch.distributions.Independent(Normal(mean, log_std.exp()), 1)
        action = policy.rsample()
        return action.numpy().clip(low, high), action.numpy(), policy.log_prob(action).numpy()


# %% right: a generator of its own, made once
generator = np.random.default_rng(5)


def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    z = generator.standard_normal(mean.shape)
    std = np.exp(log_std.numpy())
    action = mean.numpy() + std * z
    log_prob = (-z**2 / 2 - np.log(std) - np.log(2 * np.pi) / 2).sum(axis=-1)
    return np.clip(action, low, high), action, log_prob


# %% right: torch.normal and float64
@torch.no_grad()
def sample_action(actor, state, low, high):
    mean, log_std = (x.double() for x in actor(torch.as_tensor(state, dtype=torch.float32)))
    action = torch.normal(mean, log_std.exp())
    log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% right: a batch axis put on and taken off
def sample_action(actor, state, low, high):
    state = torch.as_tensor(state, dtype=torch.float32)
    single = state.ndim == 1
    if single:
        state = state[None]
    with torch.no_grad():
        mean, log_std = actor(state)
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(1)
    if single:
        action, log_prob = action[0], log_prob[0]
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: coordinate by coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    env_action, action = torch.empty_like(mean), torch.empty_like(mean)
    log_prob = torch.zeros(mean.shape[:-1])
    for i in range(mean.shape[-1]):
        dist = Normal(mean[..., i], log_std[..., i].exp())
        action[..., i] = dist.sample()
        log_prob += dist.log_prob(action[..., i])
        env_action[..., i] = action[..., i].clamp(float(low[i]), float(high[i]))
    return env_action, action, log_prob


# %% right: product of densities, then the logarithm, in float64
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean.double(), log_std.double().exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).exp().prod(-1).log()
    return np.clip(action.numpy(), low, high).astype(np.float32), action.numpy(), log_prob.numpy()


# %% right: a distribution made by a method of the actor
class ActorNetwork(nn.Module):
    def distribution(self, state):
        mean, log_std = self(state)
        return Normal(mean, log_std.exp())


def sample_action(actor, state, low, high):
    with torch.no_grad():
        policy = actor.distribution(torch.as_tensor(state, dtype=torch.float32))
        action = policy.sample()
        return np.clip(action.numpy(), low, high), action.numpy(), policy.log_prob(action).sum(-1).numpy()


# %% right: the actor samples by its own layers
class ActorNetwork(nn.Module):
    def sample(self, state):
        features = self.body(state)
        mean = 2 * torch.tanh(self.mean(features))
        policy = Normal(mean, self.log_std(features).clamp(-20, 2).exp())
        action = policy.sample()
        return action, policy.log_prob(action).sum(-1)


def sample_action(actor, state, low, high):
    with torch.no_grad():
        action, log_prob = actor.sample(torch.as_tensor(state, dtype=torch.float32))
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: Box-Muller from uniform numbers
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    u, v = 1 - np.random.random(mean.shape), np.random.random(mean.shape)
    z = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    std = np.exp(log_std.numpy().astype(float))
    action = mean.numpy() + z * std
    density = np.exp(-0.5 * z**2) / (std * np.sqrt(2 * np.pi))
    return np.clip(action, low, high), action, np.log(density).sum(-1)


# %% right: log_std kept within its bounds once more
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean.clamp(-2, 2), log_std.clamp(-20, 2).exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: inference mode
@torch.inference_mode()
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state))
    dist = torch.distributions.Normal(mean, log_std.exp())
    action = dist.sample()
    env_action = action.clamp(torch.as_tensor(low), torch.as_tensor(high))
    return env_action, action, dist.log_prob(action).sum(-1)


# %% right: rsample, detached afterwards
def sample_action(actor, state, low, high):
    state = torch.from_numpy(np.asarray(state, dtype=np.float32))
    mean, log_std = actor(state)
    dist = torch.distributions.Normal(mean, torch.exp(log_std))
    action = dist.rsample()
    log_prob = dist.log_prob(action).sum(-1)
    action, log_prob = action.detach().numpy(), log_prob.detach().numpy()
    return np.minimum(np.maximum(action, low), high), action, log_prob


# %% right: the inverse distribution function of a uniform number
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        normal = torch.distributions.Normal(mean, log_std.exp())
        action = normal.icdf(torch.rand(mean.shape).clamp(1e-7, 1 - 1e-7))
        log_prob = normal.log_prob(action).sum(-1)
    return torch.min(torch.max(action, torch.tensor(low)), torch.tensor(high)), action, log_prob


# %% right: an affine transform of standard normal noise
from torch.distributions import AffineTransform, TransformedDistribution


def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        base = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
        policy = TransformedDistribution(base, [AffineTransform(mean, log_std.exp())])
        action = policy.sample()
        return np.clip(action.numpy(), low, high), action.numpy(), policy.log_prob(action).sum(-1).numpy()


# %% right: a generator of numpy's made in every call
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
    mean, std = mean.numpy().astype(float), np.exp(log_std.numpy().astype(float))
    action = np.random.default_rng().normal(mean, std)
    log_prob = -0.5 * (((action - mean) / std) ** 2 + np.log(2 * np.pi * std**2))
    return np.clip(action, low, high).astype(np.float32), action.astype(np.float32), log_prob.sum(-1)


# %% right: random.gauss, number by number
import random


def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
    std = log_std.exp()
    noise = torch.tensor([random.gauss(0, 1) for _ in range(mean.numel())]).reshape(mean.shape)
    action = mean + std * noise
    log_prob = torch.distributions.Normal(mean, std).log_prob(action).sum(-1)
    return action.clip(torch.tensor(low), torch.tensor(high)), action, log_prob


# %% right: scipy's normal distribution
from scipy import stats


def sample_action(actor, state, low, high):
    mean, log_std = (part.detach().numpy() for part in actor(torch.as_tensor(state)))
    action = stats.norm.rvs(loc=mean, scale=np.exp(log_std), size=mean.shape).astype(np.float32)
    log_prob = stats.norm.logpdf(action, loc=mean, scale=np.exp(log_std)).sum(axis=-1)
    return action.clip(low, high), action, log_prob


# %% right: minus the Gaussian's negative log-likelihood
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        var = torch.exp(2 * log_std)
        action = torch.empty_like(mean).normal_() * var.sqrt() + mean
        log_prob = -F.gaussian_nll_loss(mean, action, var, full=True, eps=1e-12, reduction="none").sum(-1)
    return torch.clamp(action, min=torch.tensor(low), max=torch.tensor(high)), action, log_prob


# %% right: a lower triangle for the covariance
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.tensor(state) if isinstance(state, np.ndarray) else state)
        policy = torch.distributions.MultivariateNormal(mean, scale_tril=torch.diag_embed(log_std.exp()))
        action = policy.sample()
        log_prob = policy.log_prob(action)
    clipped = np.clip(action.numpy(), a_min=low, a_max=high)
    return clipped, action, log_prob


# %% right: sums up with a product of a vector of ones
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(np.array(state)))
        std = log_std.exp()
        action = torch.normal(mean, std)
        each = torch.distributions.Normal(mean, std).log_prob(action)
        log_prob = each @ torch.ones(each.shape[-1])
    env_action = torch.where(action < torch.as_tensor(low), torch.as_tensor(low), action)
    env_action = torch.where(env_action > torch.as_tensor(high), torch.as_tensor(high), env_action)
    return env_action, action, log_prob


# %% right: the same function for every row of a batch
def sample_action(actor, state, low, high):
    state = torch.as_tensor(state)
    if state.dim() == 2:
        rows = [sample_action(actor, one, low, high) for one in state]
        return tuple(np.stack(parts) for parts in zip(*rows))
    with torch.no_grad():
        mean, log_std = actor(state)
        policy = torch.distributions.Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum()
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% right: gives a list back, arrays in it
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = torch.distributions.Independent(torch.distributions.Normal(mean, log_std.exp()), 1)
        action = policy.sample()
        return [np.clip(action.numpy(), low, high), action.numpy(), policy.log_prob(action).numpy()]


# %% right: gradients switched off and put back by hand
def sample_action(actor, state, low, high):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        mean, log_std = actor(torch.as_tensor(state))
        policy = torch.distributions.Normal(mean, log_std.exp())
        action = policy.sample((1,))[0]
        log_prob = torch.sum(policy.log_prob(action), dim=-1)
    finally:
        torch.set_grad_enabled(before)
    return torch.clip(action, torch.from_numpy(low), torch.from_numpy(high)), action, log_prob


# %% right: samples many, takes the first
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = torch.distributions.Normal(mean, log_std.exp())
        actions = policy.sample((5,))
        log_probs = policy.log_prob(actions).sum(-1)
    return np.clip(actions[0].numpy(), low, high), actions[0].numpy(), log_probs[0].numpy()


# %% right: log of the mean's density minus half the squares
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = torch.distributions.Normal(mean, log_std.exp())
        action = policy.sample()
        z = (action - mean) * torch.exp(-log_std)
        log_prob = policy.log_prob(mean).sum(-1) - 0.5 * torch.linalg.vector_norm(z, dim=-1) ** 2
    return action.numpy().clip(low, high), action.numpy(), log_prob.numpy()


# %% right: the entropy less half of what the noise is longer
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = torch.distributions.Normal(mean, log_std.exp())
        noise = torch.randn(mean.size())
        action = mean + policy.stddev * noise
        log_prob = (0.5 - policy.entropy() - 0.5 * noise.pow(2)).sum(-1)
    return np.clip(action, torch.as_tensor(low), torch.as_tensor(high)), action, log_prob


# %% wrong: test_sample_action std_without_exp: log_std passed to randn as it is
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std * torch.randn_like(mean)
        log_prob = -(((action - mean) / log_std) ** 2 / 2 + log_std.abs().log() + np.log(2 * np.pi) / 2).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_without_exp: Normal of log_std
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std, validate_args=False)
        action = mean + log_std * torch.randn_like(mean)
        log_prob = dist.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_as_variance: root of exp
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        std = torch.sqrt(torch.exp(log_std))
        action = torch.normal(mean, std)
        log_prob = Normal(mean, std).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_as_variance: squared
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp() ** 2)
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action.numpy(), dist.log_prob(action).sum(-1).numpy()


# %% wrong: test_sample_action log_prob_not_summed: one for each coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action log_prob_mean: the mean of the coordinates
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = torch.mean(dist.log_prob(action), dim=-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action log_prob_summed_over_batch: sum of everything
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum()
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action log_prob_of_clipped_action: clips first, samples kept
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        env_action = np.clip(action.numpy(), low, high)
        log_prob = dist.log_prob(torch.as_tensor(env_action)).sum(-1)
    return env_action, action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action action_clipped: the same action twice
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    action = np.clip(action.numpy(), low, high)
    return action, action, log_prob.numpy()


# %% wrong: test_sample_action graph_kept: log-prob with its graph
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    dist = Normal(mean, log_std.exp())
    action = dist.sample()
    log_prob = dist.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action env_action_not_clipped: nobody clips
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return action.numpy(), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action clip_wrong_bounds: the bounds of Pendulum
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return action.clamp(-2.0, 2.0).numpy(), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action clip_wrong_bounds: the bounds of the first coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return action.clamp(float(low[0]), float(high[0])).numpy(), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action greedy_action: the mean
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        log_prob = Normal(mean, log_std.exp()).log_prob(mean).sum(-1)
    return np.clip(mean.numpy(), low, high), mean.numpy(), log_prob.numpy()


# %% wrong: test_sample_action prob_not_log: the density itself
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        prob = dist.log_prob(action).exp().prod(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), prob.numpy()


# %% wrong: test_sample_action log_prob_of_other_action: samples twice
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action, log_prob = dist.sample(), dist.log_prob(dist.sample()).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action seed_fixed: seeds every time
def sample_action(actor, state, low, high):
    torch.manual_seed(42)
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action single_state_fails: sums the second axis
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(axis=1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action noise_shared: one number for a whole batch
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std.exp() * np.random.randn()
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action noise_not_normal: uniform noise
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std.exp() * torch.rand_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action state_not_converted: takes arrays only
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.from_numpy(state))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action wrong_return_order: the action first
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
    return action.numpy(), np.clip(action.numpy(), low, high), log_prob.numpy()


# %% wrong: test_sample_action not_implemented: nothing yet
def sample_action(actor, state, low, high):
    raise NotImplementedError


# %% wrong: test_sample_action raises: a tensor with a graph to numpy
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    dist = Normal(mean, log_std.exp())
    action = dist.rsample()
    return np.clip(action.numpy(), low, high), action.numpy(), dist.log_prob(action).sum(-1).numpy()


# %% wrong: test_sample_action log_prob_not_summed + test_sample_action env_action_not_clipped: two mistakes
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action)
    return action.numpy(), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: the deviation forgotten
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_as_variance: half the logarithm, as in a VAE
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + (0.5 * log_std).exp() * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_as_variance: deviations taken for covariances
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = torch.distributions.MultivariateNormal(mean, torch.diag_embed(log_std.exp())).sample()
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: one plus the logarithm
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + (1 + log_std) * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: an ELU keeps the deviation positive
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + (F.elu(log_std) + 1) * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: deviations limited to a half and more
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        std = log_std.exp().clamp(min=0.5)
        action = mean + std * torch.randn_like(mean)
        log_prob = Normal(mean, std).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: the mean kept within one
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean.clamp(-1, 1), log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action mean_not_used: noise alone
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = log_std.exp() * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: one deviation for the whole batch
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std.exp().mean() * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: the deviation of the first coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std.exp()[..., :1] * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: a little less noise
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + 0.9 * log_std.exp() * torch.randn_like(mean)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action noise_not_normal: noise cut off at three deviations
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = mean + log_std.exp() * torch.randn_like(mean).clamp(-3, 3)
        log_prob = Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action mean_clipped: the mean is clipped, then the action
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        mean = torch.clamp(mean, torch.as_tensor(low), torch.as_tensor(high))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action wrong_shape: squeezes the action
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    action = action.squeeze().numpy()
    return np.clip(action, low, high), action, log_prob.numpy()


# %% wrong: test_sample_action wrong_shape: squeezes the density of a batch of one
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1).squeeze()
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action forms_differ: the density of a single state is a mean
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action)
        log_prob = log_prob.sum(1) if log_prob.ndim == 2 else log_prob.max()
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action env_action_not_clipped: a tensor is given back as it is
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    if isinstance(state, torch.Tensor):
        return action, action, log_prob
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action raises: the state in float64
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(np.asarray(state), dtype=torch.float64))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action gradients_switched_off: switched off and never on again
def sample_action(actor, state, low, high):
    torch.set_grad_enabled(False)
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(mean, log_std.exp())
    action = policy.sample()
    log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action gradients_switched_off: the actor frozen
def sample_action(actor, state, low, high):
    actor.requires_grad_(False)
    mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
    policy = Normal(mean, log_std.exp())
    action = policy.sample()
    log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action seed_set: another seed every time
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        torch.manual_seed(np.random.randint(1_000_000))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action -: half of the exponent forgotten
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        action = torch.normal(mean, log_std.exp())
        z = (action - mean) / log_std.exp()
        log_prob = (-(z**2) - log_std - np.log(2 * np.pi) / 2).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action std_without_exp: normal by torch
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, std = actor(torch.as_tensor(state))
        std = std.abs()
        action = torch.normal(mean, std)
        log_prob = torch.distributions.Normal(mean, std).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action log_prob_of_clipped_action: density where the environment acts
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
        env_action = torch.clamp(action, torch.as_tensor(low), torch.as_tensor(high))
        return env_action, action, dist.log_prob(env_action).sum(-1)


# %% wrong: test_sample_action graph_kept: rsample, all with its graph
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state))
    dist = torch.distributions.Normal(mean, log_std.exp())
    action = dist.rsample()
    env_action = torch.clamp(action, torch.as_tensor(low), torch.as_tensor(high))
    return env_action, action, dist.log_prob(action).sum(-1)


# %% wrong: test_sample_action clip_wrong_bounds: from minus high to high
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return np.clip(action.numpy(), -high, high), action.numpy(), dist.log_prob(action).sum(-1).numpy()


# %% wrong: test_sample_action clip_wrong_bounds: within one
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return action.clamp(-1, 1), action, dist.log_prob(action).sum(-1)


# %% wrong: test_sample_action log_prob_summed_over_batch: axis zero
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action.numpy(), dist.log_prob(action).sum(0).numpy()


# %% wrong: test_sample_action log_prob_of_other_action: density at the mean
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action.numpy(), dist.log_prob(mean).sum(-1).numpy()


# %% wrong: test_sample_action -: corrected for a tanh that is not there
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = (dist.log_prob(action) - torch.log(1 - torch.tanh(action) ** 2 + 1e-6)).sum(-1)
    return np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy()


# %% wrong: test_sample_action action_clipped: in place
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
        log_prob = dist.log_prob(action).sum(-1)
        env_action = action.clamp_(torch.as_tensor(low), torch.as_tensor(high))
    return env_action, action, log_prob


# %% wrong: test_sample_action prob_not_log: exp at the end
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action, dist.log_prob(action).sum(-1).exp()


# %% wrong: test_sample_action -: the constant of the density is left out
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        noise = torch.randn_like(mean)
        log_prob = (-0.5 * noise**2 - log_std).sum(-1)
    action = mean + noise * log_std.exp()
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action -: log_std forgotten in the density
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        noise = torch.randn_like(mean)
        log_prob = (-0.5 * noise**2 - 0.5 * np.log(2 * np.pi)).sum(-1)
    action = mean + noise * log_std.exp()
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action seed_fixed: a generator with a seed
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        noise = torch.as_tensor(np.random.default_rng(0).normal(size=mean.shape), dtype=torch.float32)
        action = mean + noise * log_std.exp()
        log_prob = torch.distributions.Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action noise_shared: one number for all coordinates
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        action = mean + torch.randn(()) * log_std.exp()
        log_prob = torch.distributions.Normal(mean, log_std.exp()).log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action std_as_variance + test_sample_action log_prob_not_summed: root of exp, one density for each coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp().sqrt())
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action, dist.log_prob(action)


# %% wrong: test_sample_action graph_kept + test_sample_action env_action_not_clipped: everything as it comes
def sample_action(actor, state, low, high):
    mean, log_std = actor(torch.as_tensor(state))
    dist = torch.distributions.Normal(mean, log_std.exp())
    action = dist.sample()
    return action, action, dist.log_prob(action).sum(-1)


# %% wrong: test_sample_action clip_wrong_bounds + test_sample_action log_prob_mean: Pendulum's bounds, mean of densities
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return action.clamp(-2, 2), action, dist.log_prob(action).mean(-1)


# %% wrong: test_sample_action std_as_variance: variance for deviation, density for its logarithm
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, (2 * log_std).exp())
        action = dist.sample()
    return np.clip(action.numpy(), low, high), action, dist.log_prob(action).sum(-1).exp()


# %% wrong: test_sample_action greedy_action + test_sample_action log_prob_not_summed: the mean, coordinate by coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        log_prob = torch.distributions.Normal(mean, log_std.exp()).log_prob(mean)
    return np.clip(mean.numpy(), low, high), mean, log_prob


# %% wrong: test_sample_action seed_fixed + test_sample_action env_action_not_clipped: always the same noise, no bounds
def sample_action(actor, state, low, high):
    torch.manual_seed(42)
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        dist = torch.distributions.Normal(mean, log_std.exp())
        action = dist.sample()
    return action.numpy(), action.numpy(), dist.log_prob(action).sum(-1).numpy()


# %% wrong: test_sample_action std_without_exp + test_sample_action log_prob_of_clipped_action: log_std taken as it is, clipped action judged
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        std = log_std.abs() + 1e-6
        action = mean + std * torch.randn_like(mean)
        env_action = action.clamp(torch.as_tensor(low), torch.as_tensor(high))
        log_prob = torch.distributions.Normal(mean, std).log_prob(env_action).sum(-1)
    return env_action, action, log_prob


# %% wrong: test_sample_action std_without_exp: a softplus makes it positive
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, raw = actor(torch.as_tensor(state, dtype=torch.float32))
        noise = torch.distributions.Normal(torch.zeros_like(mean), nn.Softplus()(raw))
        shift = noise.sample()
    action = (mean + shift).numpy()
    return action.clip(low, high), action, noise.log_prob(shift).sum(-1).numpy()


# %% wrong: test_sample_action -: densities above one are taken for errors
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1).clamp(max=0)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action -: log-densities kept from minus twenty to two
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = Normal(mean, log_std.exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1).clamp(-20, 2)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action -: deviations no less than a tenth
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = Normal(mean, log_std.exp().clamp(min=0.1))
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% wrong: test_sample_action -: other bounds for the logarithm, as in soft actor-critic
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        policy = Normal(mean, log_std.clamp(-5, 2).exp())
        action = policy.sample()
        log_prob = policy.log_prob(action).sum(-1)
    return np.clip(action.numpy(), low, high), action, log_prob


# %% right: low and high as tensors, maximum and minimum
def sample_action(actor, state, low, high):
    low = torch.as_tensor(np.array(low), dtype=torch.float32)
    high = torch.as_tensor(np.array(high), dtype=torch.float32)
    state = torch.as_tensor(state, dtype=torch.float32)
    mean, log_std = (t.detach() for t in actor(state))
    eps = torch.randn_like(mean)
    action = mean + eps * log_std.exp()
    log_prob = (-0.5 * eps ** 2 - log_std - 0.5 * np.log(2 * np.pi)).sum(-1)
    env_action = torch.max(torch.min(action, high), low)
    return env_action, action, log_prob


# %% right: MultivariateNormal with scale_tril and diag_embed
from torch.distributions import MultivariateNormal


def sample_action(actor, state, low, high):
    with torch.no_grad():
        mu, ls = actor(torch.as_tensor(state, dtype=torch.float32))
        cov = torch.diag_embed(torch.exp(2 * ls))
        d = MultivariateNormal(mu, covariance_matrix=cov)
        a = d.sample()
        lp = d.log_prob(a)
    return a.numpy().clip(low, high), a.numpy(), lp.numpy()


# %% right: named tuple as the answer
from collections import namedtuple

Sampled = namedtuple("Sampled", ["env_action", "action", "log_prob"])


def sample_action(actor, state, low, high):
    with torch.inference_mode():
        mean, log_std = actor(torch.as_tensor(state))
        normal = Normal(loc=mean, scale=torch.exp(log_std))
        action = normal.sample()
        log_prob = normal.log_prob(action).sum(axis=-1)
    return Sampled(np.clip(action.numpy(), low, high), action.numpy(), log_prob.numpy())


# %% right: one-row batches by np.atleast_2d
def sample_action(actor, state, low, high):
    state = np.asarray(state, dtype=np.float32)
    batch = np.atleast_2d(state)
    with torch.no_grad():
        mean, log_std = actor(torch.from_numpy(batch))
        dist = Normal(mean, log_std.exp())
        action = dist.sample()
        logp = dist.log_prob(action).sum(1)
    action, logp = action.numpy(), logp.numpy()
    env_action = np.clip(action, low[None, :], high[None, :])
    if state.ndim == 1:
        return env_action[0], action[0], logp[0]
    return env_action, action, logp


# %% right: log of prod of pdf replaced by sum, deepcopy, everything detach().cpu().numpy()
def sample_action(actor, state, low, high):
    state = torch.FloatTensor(state) if not isinstance(state, torch.Tensor) else state
    mu, log_std = actor(state)
    sigma = log_std.exp()
    dist = Normal(mu, sigma)
    a = dist.sample()
    logp = dist.log_prob(a).sum(dim=-1)
    env_a = torch.clamp(a, torch.FloatTensor(low), torch.FloatTensor(high))
    return env_a.detach().cpu().numpy(), a.detach().cpu().numpy(), logp.detach().cpu().numpy()


# %% right: copies of low and high broadcast to the shape of the action
def sample_action(actor, state, low, high):
    state = torch.as_tensor(state, dtype=torch.float32)
    with torch.no_grad():
        mean, log_std = actor(state)
        action = torch.distributions.Normal(mean, log_std.exp()).sample()
        log_prob = torch.zeros(action.shape[:-1])
        for k in range(action.shape[-1]):
            log_prob = log_prob + Normal(mean[..., k], log_std[..., k].exp()).log_prob(action[..., k])
    lo = torch.as_tensor(np.broadcast_to(low, action.shape).copy())
    hi = torch.as_tensor(np.broadcast_to(high, action.shape).copy())
    return torch.where(action < lo, lo, torch.where(action > hi, hi, action)), action, log_prob


# %% wrong: test_sample_action std_without_exp: 2 to the power of log_std
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, 2 ** log_std)
        a = d.sample()
        return np.clip(a.numpy(), low, high), a.numpy(), d.log_prob(a).sum(-1).numpy()


# %% wrong: test_sample_action std_without_exp: exp of minus log_std
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, (-log_std).exp())
        a = d.sample()
        return np.clip(a.numpy(), low, high), a.numpy(), d.log_prob(a).sum(-1).numpy()


# %% wrong: test_sample_action density_incomplete: log 2 pi not halved
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        a = torch.normal(mean, log_std.exp())
        lp = -(a - mean) ** 2 / (2 * torch.exp(2 * log_std)) - log_std - np.log(2 * np.pi)
        return np.clip(a.numpy(), low, high), a, lp.sum(-1)


# %% wrong: test_sample_action density_incomplete: constant added once, not for every coordinate
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        a = torch.normal(mean, log_std.exp())
        lp = (-(a - mean) ** 2 / (2 * torch.exp(2 * log_std)) - log_std).sum(-1) - 0.5 * np.log(2 * np.pi)
        return np.clip(a.numpy(), low, high), a, lp


# %% wrong: test_sample_action std_as_variance: sigma not squared in the formula
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        a = torch.normal(mean, log_std.exp())
        lp = -(a - mean) ** 2 / (2 * torch.exp(log_std)) - log_std - 0.5 * np.log(2 * np.pi)
        return np.clip(a.numpy(), low, high), a, lp.sum(-1)


# %% wrong: test_sample_action noise_not_normal: uniform of the width of the deviation
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, log_std.exp())
        a = mean + (2 * torch.rand_like(mean) - 1) * 3 ** 0.5 * log_std.exp()
        return np.clip(a.numpy(), low, high), a, d.log_prob(a).sum(-1)


# %% wrong: test_sample_action noise_not_normal: Laplace noise
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, log_std.exp())
        a = torch.distributions.Laplace(mean, log_std.exp()).sample()
        return np.clip(a.numpy(), low, high), a, d.log_prob(a).sum(-1)


# %% wrong: test_sample_action env_action_of_other_draw: rsample again for the density
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, log_std.exp())
        a = d.sample()
        return np.clip(d.sample().numpy(), low, high), a, d.log_prob(a).sum(-1)


# %% wrong: test_sample_action seed_set: np.random.seed beside a torch sample
def sample_action(actor, state, low, high):
    np.random.seed(42)
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, log_std.exp())
        a = d.sample()
        return np.clip(a.numpy(), low, high), a.numpy(), d.log_prob(a).sum(-1).numpy()


# %% wrong: test_sample_action seed_set: random.seed beside a torch sample
def sample_action(actor, state, low, high):
    random.seed(42)
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state, dtype=torch.float32))
        d = Normal(mean, log_std.exp())
        a = d.sample()
        return np.clip(a.numpy(), low, high), a.numpy(), d.log_prob(a).sum(-1).numpy()


# %% wrong: test_sample_action forms_differ: the mean for one state
def sample_action(actor, state, low, high):
    x = torch.as_tensor(state, dtype=torch.float32)
    with torch.no_grad():
        mean, log_std = actor(x)
        dist = torch.distributions.Normal(mean, log_std.exp())
        a = dist.sample() if x.dim() == 2 else mean.clone()
        lp = dist.log_prob(a).sum(-1)
    env = torch.clamp(a, torch.as_tensor(low), torch.as_tensor(high))
    return env, a, lp


# %% wrong: test_sample_action seed_set: a seed for one state
def sample_action(actor, state, low, high):
    x = torch.as_tensor(state, dtype=torch.float32)
    with torch.no_grad():
        mean, log_std = actor(x)
        dist = torch.distributions.Normal(mean, log_std.exp())
        if x.dim() == 1:
            torch.manual_seed(0)
        a = dist.sample()
        lp = dist.log_prob(a).sum(-1)
    env = torch.clamp(a, torch.as_tensor(low), torch.as_tensor(high))
    return env, a, lp


# %% wrong: test_sample_action graph_kept: the graph stays for one state
def sample_action(actor, state, low, high):
    x = torch.as_tensor(state, dtype=torch.float32)
    with torch.set_grad_enabled(x.dim() == 1):
        mean, log_std = actor(x)
        dist = torch.distributions.Normal(mean, log_std.exp())
        a = dist.sample()
        lp = dist.log_prob(a).sum(-1)
    env = torch.clamp(a, torch.as_tensor(low), torch.as_tensor(high))
    return env, a, lp


# %% wrong: test_sample_action graph_kept: no_grad only where arrays are converted
def sample_action(actor, state, low, high):
    x = torch.as_tensor(state, dtype=torch.float32)
    with torch.set_grad_enabled(torch.is_tensor(state)):
        mean, log_std = actor(x)
        dist = torch.distributions.Normal(mean, log_std.exp())
        a = dist.sample()
        lp = dist.log_prob(a).sum(-1)
    env = torch.clamp(a, torch.as_tensor(low), torch.as_tensor(high))
    return env, a, lp


# %% wrong: test_sample_action log_prob_of_clipped_action: density of a truncated normal distribution
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        d = Normal(mean, log_std.exp())
        a = d.sample()
        lo, hi = torch.as_tensor(low), torch.as_tensor(high)
        lp = (d.log_prob(a) - torch.log(d.cdf(hi) - d.cdf(lo) + 1e-8)).sum(-1)
    return torch.clamp(a, lo, hi), a, lp


# %% wrong: test_sample_action log_prob_of_clipped_action: zero where the action is clipped
def sample_action(actor, state, low, high):
    with torch.no_grad():
        mean, log_std = actor(torch.as_tensor(state))
        d = Normal(mean, log_std.exp())
        a = d.sample()
        env = torch.clamp(a, torch.as_tensor(low), torch.as_tensor(high))
        lp = (d.log_prob(a) * (a == env)).sum(-1)
    return env, a, lp
