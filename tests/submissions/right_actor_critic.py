"""Right, though unusual, versions of what the cells of `actor_critic` define; each must get full points."""

import random
from collections import deque
from itertools import pairwise

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical
from torch.nn import functional as F

from ac_helpers.reference import actor_critic as given
from ac_helpers.reference.actor_critic import ActorBatch, sample_batch, to_tensor

VERSIONS: list[tuple[str, str, object]] = []
"""(the style, the name that it defines, the function or class)."""


def right(style):
    def add(value):
        VERSIONS.append((style, value.__name__, value))
        return value

    return add


# --- tensors ---


@right("torch.tensor with a dtype found through numpy")
def to_tensor(x, dtype=np.float32):
    if torch.is_tensor(x):
        return x
    return torch.tensor(np.array(x).astype(dtype))


@right("from_numpy of at least a copy")
def to_tensor(x, dtype=np.float32):
    if type(x) is torch.Tensor:
        return x
    return torch.from_numpy(np.array(x, dtype=dtype))


@right("symlog through numpy")
def symlog(x):
    values = x.numpy()
    return torch.from_numpy(np.asarray(np.sign(values) * np.log1p(np.abs(values))))


@right("symlog with where, in float64")
def symlog(x):
    wide = x.double()
    return torch.where(wide >= 0, torch.log(wide.clamp(min=0) + 1), -torch.log(-wide.clamp(max=0) + 1))


@right("symlog with copysign")
def symlog(x):
    return torch.copysign(torch.log(x.abs() + 1), x)


@right("symexp with exp minus one")
def symexp(x):
    return x.sign() * (x.abs().exp() - 1)


@right("symexp with where")
def symexp(x):
    return torch.where(x > 0, torch.exp(x) - 1, 1 - torch.exp(-x))


# --- epsilon-greedy ---


@right("torch generator, multinomial over all actions")
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(torch.as_tensor(np.asarray(state), dtype=torch.float32))
    weights = torch.full((len(values),), epsilon / len(values))
    weights[values.argmax()] += 1 - epsilon
    return torch.multinomial(weights, 1).item()


@right("numpy choice with probabilities")
def select_action_eps_greedy(Q, state, epsilon):
    state = state if isinstance(state, torch.Tensor) else torch.tensor(np.array(state, dtype=np.float32))
    values = Q(state).detach().numpy()
    p = np.full(len(values), epsilon / len(values))
    p[np.argmax(values)] += 1 - epsilon
    return int(np.random.choice(len(values), p=p / p.sum()))


@right("a generator of its own and a batch axis")
def select_action_eps_greedy(Q, state, epsilon, rng=np.random.default_rng()):  # noqa: B008
    values = Q(given.to_tensor(state).unsqueeze(0)).squeeze(0)
    if rng.uniform() >= epsilon:
        return values.max(dim=0)[1].item()
    return int(rng.integers(0, values.numel()))


@right("randint with both ends")
def select_action_eps_greedy(Q, state, epsilon):
    values = list(Q(given.to_tensor(state)))
    if random.uniform(0, 1) < epsilon:
        return random.randint(0, len(values) - 1)
    return values.index(max(values))


# --- replay ---


@right("random.sample, without replacement")
def sample_batch(replay_buffer, n_samples):
    return [np.array(column) for column in zip(*random.sample(list(replay_buffer), n_samples), strict=True)]


@right("torch.randperm and a loop")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for i in torch.randperm(len(replay_buffer))[:n_samples].tolist():
        s, a, r, n, t = replay_buffer[i]
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(n)
        terminateds.append(t)
    return (
        np.stack(states),
        np.asarray(actions),
        np.asarray(rewards, dtype=np.float32),
        np.stack(next_states),
        np.asarray(terminateds, dtype=np.float32),
    )


@right("columns first, one index for all")
def sample_batch(replay_buffer, n_samples):
    chosen = np.random.choice(len(replay_buffer), n_samples, replace=True)
    return tuple(np.array([transition[k] for transition in replay_buffer])[chosen] for k in range(5))


# --- the model ---


def _body(input_dim, hidden_dims, activation=nn.ReLU):
    widths = [input_dim, *hidden_dims]
    return [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), activation())]


@right("module list, sampling by hand")
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise([input_dim, *hidden_dims]))
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def features(self, state):
        for layer in self.net:
            state = F.elu(layer(state))
        return state

    def forward(self, state):
        features = self.features(state)
        log_probs = F.log_softmax(self.actor_head(features), dim=-1)
        action = torch.multinomial(log_probs.exp().reshape(-1, log_probs.shape[-1]), 1).reshape(
            state.shape[:-1]
        )
        one_hot = F.one_hot(action, log_probs.shape[-1])
        return action, (one_hot * log_probs).sum(-1), (one_hot * self.critic_head(features)).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


@right("softmax written into the head")
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(*_body(input_dim, hidden_dims))
        self.actor_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(probs=self.actor_head(features))
        action = policy.sample()
        Q = torch.take_along_dim(self.critic_head(features), action.unsqueeze(-1), -1).squeeze(-1)
        return action, policy.log_prob(action), Q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


@right("log-softmax head, heads that start at zero, layer norm")
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in pairwise([input_dim, *hidden_dims]):
            layers += [nn.Linear(a, b), nn.LayerNorm(b), nn.SiLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.LogSoftmax(-1))
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)
        for head in (self.actor_head[0], self.critic_head):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features)
        action = Categorical(logits=log_probs).sample()
        return (
            action,
            log_probs.gather(-1, action[..., None])[..., 0],
            self.evaluate(state).gather(-1, action[..., None])[..., 0],
        )

    def evaluate(self, state):
        return self.critic_head(self.net(state))


@right("normalised inputs, float64 inside, heads with a hidden layer")
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(nn.LayerNorm(input_dim), *_body(input_dim, hidden_dims, nn.Tanh)).double()
        width = hidden_dims[-1]
        self.actor_head = nn.Sequential(nn.Linear(width, 16), nn.Tanh(), nn.Linear(16, output_dim)).double()
        self.critic_head = nn.Sequential(nn.Linear(width, 16), nn.Tanh(), nn.Linear(16, output_dim)).double()

    def forward(self, state):
        features = self.net(state.double())
        logits = self.actor_head(features)
        gumbel = -torch.log(-torch.log(torch.rand_like(logits)))
        action = (logits + gumbel).argmax(-1)
        pick = action.unsqueeze(-1)
        log_prob = (logits - logits.logsumexp(-1, keepdim=True)).gather(-1, pick).squeeze(-1)
        return action, log_prob.float(), self.evaluate(state).gather(-1, pick).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state.double())).float()


@right("lazy layers")
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        for width in hidden_dims:
            self.net.append(nn.LazyLinear(width))
            self.net.append(nn.ReLU())
        self.actor_head = nn.LazyLinear(output_dim)
        self.critic_head = nn.LazyLinear(output_dim)
        self.forward(torch.zeros(1, input_dim))

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        q = self.critic_head(features)
        return action, policy.log_prob(action), q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# --- the agent ---


@right("SGD, lists of floats, log-probs recomputed")
class ActorCriticAgent(given.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.opt = torch.optim.SGD(self.actor_critic.parameters(), lr=lr)

    def act(self, state):
        with torch.no_grad():
            action, log_prob, q = self.actor_critic(torch.tensor(state, dtype=torch.float32))
        self.actor_batch.append(log_prob.item(), q.item(), list(state), int(action))
        return int(action)

    def update_actor(self):
        states = torch.tensor(np.array(self.actor_batch.states), dtype=torch.float32)
        actions = torch.tensor(self.actor_batch.actions)
        logits = self.actor_critic.actor_head(self.actor_critic.net(states))
        weights = torch.tensor(self.actor_batch.q_values)
        return (F.cross_entropy(logits, actions, reduction="none") * weights).mean()


@right("parameter groups, batch axis in act, normalised weights and an entropy bonus")
class ActorCriticAgent(given.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        model = self.actor_critic
        groups = [{"params": part.parameters()} for part in (model.net, model.actor_head, model.critic_head)]
        self.opt = torch.optim.RMSprop(groups, lr=lr)
        self.critic_rb = deque(maxlen=critic_rb_size)

    def act(self, state):
        action, log_prob, q = self.actor_critic(torch.from_numpy(np.asarray(state, dtype=np.float32))[None])
        self.actor_batch.append(log_prob, q.detach(), np.asarray(state), action)
        return action.item()

    def update_actor(self):
        q = torch.cat(self.actor_batch.q_values)
        weights = (q - q.mean()) / (q.std() + 1e-8)
        states = torch.as_tensor(np.stack(self.actor_batch.states), dtype=torch.float32)
        policy = Categorical(logits=self.actor_critic.actor_head(self.actor_critic.net(states)))
        loss = -(torch.cat(self.actor_batch.logprobs) * weights).sum()
        return loss - 0.01 * policy.entropy().mean()


@right("advantage Q - V computed anew, TD loss with mse_loss and one-hot")
class ActorCriticAgent(given.ActorCriticAgent):
    def update_actor(self):
        states = torch.stack([given.to_tensor(state) for state in self.actor_batch.states])
        with torch.no_grad():
            q_values = self.actor_critic.evaluate(states)
        log_probs = self.actor_critic.actor_head(self.actor_critic.net(states)).log_softmax(-1)
        values = (log_probs.exp() * q_values).sum(-1, keepdim=True)
        actions = F.one_hot(torch.as_tensor([int(a) for a in self.actor_batch.actions]), q_values.shape[-1])
        return -((q_values - values.detach()) * log_probs * actions).sum(-1).mean()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        device_states, device_next = torch.from_numpy(states), torch.from_numpy(next_states)
        q_values = self.actor_critic.evaluate(device_states)
        one_hot = F.one_hot(torch.from_numpy(actions).long(), q_values.shape[1]).float()
        q = (q_values * one_hot).sum(dim=1)
        logits = self.actor_critic.actor_head(self.actor_critic.net(device_next))
        v = torch.einsum("bn,bn->b", logits.softmax(1), self.actor_critic.evaluate(device_next)).detach()
        v[torch.from_numpy(terminateds)] = 0
        target = torch.from_numpy(rewards).float() + self.gamma * v
        return F.mse_loss(q, target) + regularizer * q.mean()


@right("columns with a trailing axis, loop over the batches, zero loss through the network")
class ActorCriticAgent(given.ActorCriticAgent):
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        s, n = torch.FloatTensor(states), torch.FloatTensor(next_states)
        a = torch.LongTensor(actions).view(-1, 1)
        r = torch.FloatTensor(rewards).view(-1, 1)
        alive = torch.FloatTensor(1.0 - terminateds.astype(np.float32)).view(-1, 1)
        q = self.actor_critic.evaluate(s).gather(1, a)
        with torch.no_grad():
            policy = torch.distributions.Categorical(
                logits=self.actor_critic.actor_head(self.actor_critic.net(n))
            )
            v = (policy.probs * self.actor_critic.evaluate(n)).sum(1, keepdim=True)
        return torch.pow(q - (r + self.gamma * alive * v), 2).mean() + regularizer * q.mean()

    def update_critic(self, batch_size, n_updates=1):
        if not len(self.critic_rb) >= batch_size:
            return sum(parameter.sum() for parameter in self.actor_critic.parameters()).reshape(1) * 0
        total = 0
        for _ in range(n_updates):
            states, actions, rewards, next_states, terminateds = given.sample_batch(
                self.critic_rb, batch_size
            )
            total = total + self.compute_td_loss(states, actions, rewards, next_states, terminateds)
        return total / n_updates


@right("an ActorBatch of its own")
class ActorCriticAgent(given.ActorCriticAgent):
    class Memory(ActorBatch):
        pass

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor_batch = self.Memory()


@right("samples in act without calling forward")
class ActorCriticAgent(given.ActorCriticAgent):
    def act(self, state):
        features = self.actor_critic.net(given.to_tensor(state))
        policy = Categorical(logits=self.actor_critic.actor_head(features))
        action = policy.sample()
        q = self.actor_critic.critic_head(features)[action].detach()
        self.actor_batch.append(policy.log_prob(action), q, state, action.item())
        return action.item()

    def update_actor(self):
        q_values = torch.stack(self.actor_batch.q_values)
        return -(torch.stack(self.actor_batch.logprobs) * (q_values - q_values.mean())).mean()
