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
