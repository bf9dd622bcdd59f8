"""Right and wrong answers to the cell actor_critic_model, as students could write them."""

# %% right: Categorical with logits and a ReLU body
from torch.distributions import Categorical


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        last = input_dim
        for h in hidden_dims:
            layers.append(nn.Linear(last, h))
            layers.append(nn.ReLU())
            last = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(last, output_dim)
        self.critic_head = nn.Linear(last, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        q = self.critic_head(features)
        action = policy.sample()
        log_prob = policy.log_prob(action)
        Q_s_a = q.gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: Categorical with probabilities, only forward is rewritten
class ActorCriticModel(nn.Module):
    def forward(self, state):
        hidden = self.net(state)
        probs = F.softmax(self.actor_head(hidden), dim=-1)
        dist = torch.distributions.Categorical(probs=probs)
        action = dist.sample()
        values = self.critic_head(hidden)
        return action, dist.log_prob(action), (values * F.one_hot(action, values.shape[-1])).sum(dim=-1)


# %% right: body is a ModuleList that cannot be called, with a helper method features
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim] + list(hidden_dims)
        self.net = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def features(self, state):
        for layer in self.net:
            state = torch.tanh(layer(state))
        return state

    def policy(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.features(state)))

    def forward(self, state):
        policy = self.policy(state)
        action = policy.sample()
        Q = self.evaluate(state)
        Q_s_a = torch.take_along_dim(Q, action[..., None], dim=-1)[..., 0]
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.features(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        Q = self.actor_critic.evaluate(to_tensor(states))
        Q_s_a = Q.gather(1, to_tensor(actions, np.int64).reshape(-1, 1)).reshape(-1)
        with torch.no_grad():
            next_states = to_tensor(next_states)
            V = (self.actor_critic.policy(next_states).probs * self.actor_critic.evaluate(next_states)).sum(1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = ((Q_s_a - target) ** 2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        policy = self.actor_critic.policy(states)
        with torch.no_grad():
            Q = self.actor_critic.evaluate(states)
            w = Q.gather(1, actions.unsqueeze(1)).squeeze(1) - (policy.probs * Q).sum(1)
        return -(w * policy.log_prob(actions)).mean()


# %% right: body is a ModuleDict with a helper method distribution
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleDict()
        width = input_dim
        for i, h in enumerate(hidden_dims):
            self.net[f"linear{i}"] = nn.Linear(width, h)
            self.net[f"activation{i}"] = nn.ELU()
            width = h
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)

    def body(self, x):
        for block in self.net.values():
            x = block(x)
        return x

    def distribution(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.body(state)))

    def forward(self, state):
        dist = self.distribution(state)
        action = dist.sample()
        q = self.evaluate(state)
        one_hot = F.one_hot(action, q.size(-1)).to(q.dtype)
        return action, dist.log_prob(action), torch.einsum("...a,...a->...", q, one_hot)

    def evaluate(self, state):
        return self.critic_head(self.body(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        model = self.actor_critic
        rows = torch.arange(len(actions))
        Q_s_a = model.evaluate(to_tensor(states))[rows, to_tensor(actions, dtype=np.int64)]
        with torch.no_grad():
            s2 = to_tensor(next_states)
            V = (model.distribution(s2).probs * model.evaluate(s2)).sum(dim=-1)
            y = to_tensor(rewards) + self.gamma * V * (1 - to_tensor(terminateds))
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        weights = torch.stack(self.actor_batch.q_values).detach()
        weights = weights - weights.mean()
        return -(weights * self.actor_critic.distribution(states).log_prob(actions)).mean()


# %% right: LayerNorm, GELU and orthogonal weights with a small gain for the actor
def orthogonal(layer, gain):
    nn.init.orthogonal_(layer.weight, gain)
    nn.init.zeros_(layer.bias)
    return layer


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        parts = []
        dims = (input_dim, *hidden_dims)
        for i in range(len(dims) - 1):
            parts.append(orthogonal(nn.Linear(dims[i], dims[i + 1]), 2**0.5))
            parts.append(nn.LayerNorm(dims[i + 1]))
            parts.append(nn.GELU())
        self.net = nn.Sequential(*parts)
        self.actor_head = orthogonal(nn.Linear(dims[-1], output_dim), 0.01)
        self.critic_head = orthogonal(nn.Linear(dims[-1], output_dim), 1.0)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        action = torch.multinomial(log_pi.exp(), 1)
        pick = lambda table: torch.take_along_dim(table, action, -1).squeeze(-1)
        return action.squeeze(-1), pick(log_pi), pick(self.critic_head(h))

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: both heads start at zero
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        n_in = input_dim
        for k, n_out in enumerate(hidden_dims, start=1):
            self.net.add_module(f"fc{k}", nn.Linear(n_in, n_out))
            self.net.add_module(f"tanh{k}", nn.Tanh())
            n_in = n_out
        self.actor_head = nn.Linear(n_in, output_dim)
        self.critic_head = nn.Linear(n_in, output_dim)
        for head in (self.actor_head, self.critic_head):
            nn.init.constant_(head.weight, 0.0)
            nn.init.constant_(head.bias, 0.0)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action[..., None])[..., 0]
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: softmax inside the actor head, the agent agrees with it
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, size = [], input_dim
        for width in hidden_dims:
            layers.extend((nn.Linear(size, width), nn.ReLU()))
            size = width
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(size, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(size, output_dim)

    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features)
        q_values = self.critic_head(features)
        action = torch.multinomial(probs, 1)
        log_prob = torch.log(probs.gather(-1, action)).squeeze(-1)
        Q_s_a = q_values.gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        model = self.actor_critic
        actions = to_tensor(actions, dtype=np.int64)
        Q_s_a = model.evaluate(to_tensor(states)).gather(-1, actions.unsqueeze(-1)).squeeze(-1)
        with torch.no_grad():
            features = model.net(to_tensor(next_states))
            V = (model.actor_head(features) * model.critic_head(features)).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = F.mse_loss(Q_s_a, target)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        model = self.actor_critic
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        probs = model.actor_head(model.net(states))
        with torch.no_grad():
            Q = model.evaluate(states)
            advantage = (Q.gather(-1, actions) - (probs * Q).sum(-1, keepdim=True)).squeeze(-1)
        return -(advantage * probs.gather(-1, actions).squeeze(-1).log()).mean()


# %% right: log-softmax inside the actor head
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim, *hidden_dims]
        self.net = nn.Sequential(
            *[m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), nn.LeakyReLU())]
        )
        self.actor_head = nn.Sequential(nn.Linear(widths[-1], output_dim), nn.LogSoftmax(dim=-1))
        self.critic_head = nn.Sequential(nn.Linear(widths[-1], output_dim))

    def forward(self, state):
        z = self.net(state)
        log_probs = self.actor_head(z)
        action = torch.multinomial(torch.exp(log_probs), num_samples=1)
        return (
            action.squeeze(-1),
            log_probs.gather(-1, action).squeeze(-1),
            self.critic_head(z).gather(-1, action).squeeze(-1),
        )

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: Gumbel noise and argmax
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        with torch.no_grad():
            uniform = torch.rand_like(logits).clamp_min(1e-20)
            gumbel = -torch.log(-torch.log(uniform))
            action = torch.argmax(logits + gumbel, dim=-1)
        log_prob = logits.gather(-1, action.unsqueeze(-1)).squeeze(-1) - torch.logsumexp(logits, dim=-1)
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a


# %% right: inverse of the distribution function
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = torch.softmax(self.actor_head(features), -1)
        cdf = probs.detach().cumsum(-1)
        u = torch.rand(cdf.shape[:-1]).unsqueeze(-1)
        action = (cdf < u).sum(-1).clamp(max=cdf.shape[-1] - 1)
        index = action.unsqueeze(-1)
        log_prob = torch.log(torch.gather(probs, -1, index)).squeeze(-1)
        q = torch.gather(self.critic_head(features), -1, index).squeeze(-1)
        return action, log_prob, q


# %% right: numpy draws the action of every row
class ActorCriticModel(nn.Module):
    def forward(self, state):
        single = state.dim() == 1
        if single:
            state = state.unsqueeze(0)
        features = self.net(state)
        log_probs = F.log_softmax(self.actor_head(features), dim=1)
        probs = log_probs.detach().double().exp().numpy()
        probs = probs / probs.sum(axis=1, keepdims=True)
        n = probs.shape[1]
        actions = torch.tensor([int(np.random.choice(n, p=p)) for p in probs])
        rows = torch.arange(len(actions))
        log_prob = log_probs[rows, actions]
        Q = self.critic_head(features)[rows, actions]
        if single:
            return actions[0], log_prob[0], Q[0]
        return actions, log_prob, Q


# %% right: random.choices row by row and torch.stack
def choose(weights):
    return random.choices(range(len(weights)), weights=weights)[0]


class ActorCriticModel(nn.Module):
    def one(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        action = choose(torch.softmax(logits, dim=0).tolist())
        return torch.tensor(action), torch.log_softmax(logits, dim=0)[action], self.critic_head(h)[action]

    def forward(self, state):
        if len(state.shape) == 1:
            return self.one(state)
        actions, log_probs, values = [], [], []
        for row in state:
            a, lp, q = self.one(row)
            actions.append(a)
            log_probs.append(lp)
            values.append(q)
        return torch.stack(actions), torch.stack(log_probs), torch.stack(values)

    def evaluate(self, state):
        if len(state.shape) == 1:
            return self.critic_head(self.net(state))
        return torch.stack([self.critic_head(self.net(row)) for row in state])


# %% right: OneHotCategorical and sums over the last axis
from torch.distributions import OneHotCategorical


class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = OneHotCategorical(logits=self.actor_head(features))
        chosen = policy.sample()
        return chosen.argmax(dim=-1), policy.log_prob(chosen), (chosen * self.critic_head(features)).sum(dim=-1)


# %% right: an exponential race decides
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_probs = self.actor_head(h).log_softmax(dim=-1)
        arrival = torch.empty_like(log_probs).exponential_().log() - log_probs.detach()
        action = arrival.min(dim=-1).indices
        mask = torch.nn.functional.one_hot(action, log_probs.shape[-1]).bool()
        shape = action.shape
        return action, log_probs[mask].reshape(shape), self.critic_head(h)[mask].reshape(shape)


# %% right: single states get a batch axis that is removed again
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.input_dim = input_dim
        self.output_dim = output_dim
        modules = []
        for h in hidden_dims:
            modules += [nn.Linear(input_dim, h), nn.SiLU()]
            input_dim = h
        self.net = nn.Sequential(*modules)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        batch = state.reshape(-1, self.input_dim)
        features = self.net(batch)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        log_prob = dist.log_prob(action)
        Q = self.critic_head(features)
        Q_s_a = Q[range(len(Q)), action]
        shape = state.shape[:-1]
        return action.view(shape), log_prob.view(shape), Q_s_a.view(shape)

    def evaluate(self, state):
        batch = state.reshape(-1, self.input_dim)
        Q = self.critic_head(self.net(batch))
        return Q.view(*state.shape[:-1], self.output_dim)


# %% right: float64 inside, float32 at the outlets of the heads
class Cast(nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.dtype = dtype

    def forward(self, x):
        return x.to(self.dtype)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = [Cast(torch.float64)]
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h, dtype=torch.float64), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(input_dim, output_dim, dtype=torch.float64), Cast(torch.float32))
        self.critic_head = nn.Sequential(nn.Linear(input_dim, output_dim, dtype=torch.float64), Cast(torch.float32))

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: the body normalises its inputs with LayerNorm
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = [nn.LayerNorm(input_dim)]
        width = input_dim
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.Tanh()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        return action, dist.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: residual blocks after every projection
class ResidualBlock(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))

    def forward(self, x):
        return torch.relu(x + self.inner(x))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        blocks = []
        for h in hidden_dims:
            blocks += [nn.Linear(input_dim, h), ResidualBlock(h)]
            input_dim = h
        self.net = nn.Sequential(*blocks)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        x = self.net(state)
        logits, q = self.actor_head(x), self.critic_head(x)
        action = torch.distributions.Categorical(logits=logits).sample()
        log_prob = -F.cross_entropy(logits.reshape(-1, logits.shape[-1]), action.reshape(-1), reduction="none")
        return action, log_prob.reshape(action.shape), q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: own activation with a learned slope
class LearnedSwish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.ones(()))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for fan_in, fan_out in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(fan_in, fan_out), LearnedSwish()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(dim=-1)
        action = probs.multinomial(num_samples=1).squeeze(dim=-1)
        where = action.unsqueeze(dim=-1)
        log_prob = probs.gather(dim=-1, index=where).log().squeeze(dim=-1)
        Q_s_a = self.critic_head(features).gather(dim=-1, index=where).squeeze(dim=-1)
        return action, log_prob, Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: dueling critic head made of two linear streams
class DuelingHead(nn.Module):
    """Q = V + A - среднее A; всё линейно."""

    def __init__(self, width, n_actions):
        super().__init__()
        self.value = nn.Linear(width, 1)
        self.advantage = nn.Linear(width, n_actions)

    def forward(self, x):
        a = self.advantage(x)
        return self.value(x) + a - a.mean(dim=-1, keepdim=True)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        net, width = [], input_dim
        for h in hidden_dims:
            net += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*net)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = DuelingHead(width, output_dim)

    def forward(self, state):
        features = self.net(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(features))
        a = pi.sample()
        return a, pi.log_prob(a), self.critic_head(features).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: lazy layers get their sizes from a dry run
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        for h in hidden_dims:
            self.net.append(nn.LazyLinear(h))
            self.net.append(nn.Mish())
        self.actor_head = nn.LazyLinear(output_dim)
        self.critic_head = nn.LazyLinear(output_dim)
        with torch.no_grad():
            self(torch.zeros(1, input_dim))

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: actor head is a small network, critic head two linear layers in a row
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        width = input_dim
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.Hardswish()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, output_dim))
        self.critic_head = nn.Sequential(nn.Linear(width, 32), nn.Linear(32, output_dim))

    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.multinomial(F.softmax(logits, dim=-1), 1).squeeze(-1)
        log_prob = F.log_softmax(logits, dim=-1).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: hidden_dims is read through an iterator and itertools.pairwise
import itertools


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = itertools.chain([input_dim], iter(hidden_dims))
        layers = []
        for fan_in, fan_out in itertools.pairwise(widths):
            layers += [nn.Linear(fan_in, fan_out), nn.Softplus()]
        self.net = nn.Sequential(*layers)
        self.actor_head, self.critic_head = (nn.Linear(fan_out, output_dim) for _ in range(2))

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: type hints, assertions, prints, and states of any kind
from torch import Tensor


class ActorCriticModel(nn.Module):
    """Actor and critic on one body."""

    def __init__(self, input_dim: int, hidden_dims: tuple, output_dim: int) -> None:
        super(ActorCriticModel, self).__init__()
        assert len(hidden_dims) >= 1
        body: list = []
        previous: int = input_dim
        for width in hidden_dims:
            body.append(nn.Linear(in_features=previous, out_features=width))
            body.append(nn.ReLU(inplace=True))
            previous = width
        self.net: nn.Sequential = nn.Sequential(*body)
        self.actor_head: nn.Linear = nn.Linear(previous, output_dim)
        self.critic_head: nn.Linear = nn.Linear(previous, output_dim)
        print("parameters:", sum(p.numel() for p in self.parameters()))

    def forward(self, state) -> tuple[Tensor, Tensor, Tensor]:
        state = to_tensor(state)
        assert state.dim() in (1, 2), "one state or a batch"
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        log_prob = dist.log_prob(action)
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        assert action.shape == log_prob.shape == Q_s_a.shape == state.shape[:-1]
        return action, log_prob, Q_s_a

    def evaluate(self, state) -> Tensor:
        return self.critic_head(self.net(to_tensor(state)))


# %% right: the body hands its input on beside the features
class SkipBody(nn.Module):
    def __init__(self, input_dim, hidden_dims):
        super().__init__()
        self.layers = nn.ModuleList()
        for h in hidden_dims:
            self.layers.append(nn.Linear(input_dim, h))
            input_dim = input_dim + h
        self.out_features = input_dim

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, F.relu(layer(x))], dim=-1)
        return x


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = SkipBody(input_dim, hidden_dims)
        self.actor_head = nn.Linear(self.net.out_features, output_dim)
        self.critic_head = nn.Linear(self.net.out_features, output_dim)

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        Q = self.critic_head(features)
        Q_s_a = torch.index_select(Q, -1, action) if action.dim() == 0 else Q[torch.arange(Q.shape[0]), action]
        return action, dist.log_prob(action), Q_s_a.reshape(action.shape)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: layers written by hand from parameters
class HandMadeLinear(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_in, n_out) / n_in**0.5)
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.W + self.b


class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(x)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim] + [int(h) for h in hidden_dims]
        self.net = nn.Sequential(*[nn.Sequential(HandMadeLinear(i, o), Sine()) for i, o in zip(dims, dims[1:])])
        self.actor_head = HandMadeLinear(dims[-1], output_dim)
        self.critic_head = HandMadeLinear(dims[-1], output_dim)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: weight normalisation on every layer
from torch.nn.utils.parametrizations import weight_norm


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers.append(weight_norm(nn.Linear(input_dim, h)))
            layers.append(nn.Tanh())
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = weight_norm(nn.Linear(input_dim, output_dim))
        self.critic_head = weight_norm(nn.Linear(input_dim, output_dim))

    def evaluate(self, state):
        features = self.net(state)
        return self.critic_head(features)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(probs=torch.softmax(self.actor_head(x), -1))
        action = dist.sample()
        q = self.evaluate(state)
        return action, dist.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)


# %% right: heads without bias and an extra layer between the body and the heads
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        n = input_dim
        for h in hidden_dims:
            layers += [nn.Linear(n, h), nn.ReLU()]
            n = h
        layers += [nn.Linear(n, n), nn.Tanh()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(n, output_dim, bias=False)
        self.critic_head = nn.Linear(n, output_dim, bias=False)

    def forward(self, state):
        h = self.net(state)
        log_p = torch.log_softmax(self.actor_head(h), dim=-1)
        with torch.no_grad():
            a = torch.distributions.Categorical(log_p.exp()).sample()
        eye = torch.eye(log_p.shape[-1])[a]
        return a, (eye * log_p).sum(-1), (eye * self.critic_head(h)).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: seeded at the top of the cell, own torch generator in forward
torch.manual_seed(42)
policy_generator = torch.Generator().manual_seed(42)


class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(dim=-1)
        action = torch.multinomial(log_probs.exp().detach(), 1, generator=policy_generator)
        return (
            action[..., 0],
            log_probs.gather(-1, action)[..., 0],
            self.critic_head(features).gather(-1, action)[..., 0],
        )


# %% right: scaled states before the body, helper methods for the agent
STATE_SCALE = 0.5


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def encode(self, state):
        return self.net(state * STATE_SCALE)

    def policy_and_values(self, state):
        features = self.encode(state)
        return torch.distributions.Categorical(logits=self.actor_head(features)), self.critic_head(features)

    def forward(self, state):
        policy, values = self.policy_and_values(state)
        action = policy.sample()
        return action, policy.log_prob(action), values.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.policy_and_values(state)[1]


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        actions = to_tensor(actions, dtype=np.int64)
        _, values = self.actor_critic.policy_and_values(to_tensor(states))
        Q_s_a = values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)
        with torch.no_grad():
            policy, next_values = self.actor_critic.policy_and_values(to_tensor(next_states))
            V = (policy.probs * next_values).sum(-1)
            target = to_tensor(rewards) + self.gamma * (1 - to_tensor(terminateds)) * V
        td_loss = (Q_s_a - target).pow(2).mean()
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        states = torch.stack(self.actor_batch.states)
        actions = torch.stack(self.actor_batch.actions)
        policy, values = self.actor_critic.policy_and_values(states)
        values = values.detach()
        baseline = (policy.probs.detach() * values).sum(-1)
        advantage = values.gather(-1, actions.unsqueeze(-1)).squeeze(-1) - baseline
        return -(advantage * policy.log_prob(actions)).mean()


# %% right: a flag in the constructor's dictionary chooses the activation
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "elu": nn.ELU}


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim, activation="elu", init_scale=0.1):
        super().__init__()
        layers, width = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(width, h), ACTIVATIONS[activation]()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)
        with torch.no_grad():
            for parameter in self.actor_head.parameters():
                parameter.mul_(init_scale)

    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        dist = torch.distributions.Categorical(logits=logits)
        action = dist.sample(sample_shape=())
        all_log_probs = logits - logits.logsumexp(-1, keepdim=True)
        choose = lambda values: torch.gather(values, values.dim() - 1, action.unsqueeze(-1)).squeeze(-1)
        return action, choose(all_log_probs), choose(self.critic_head(features))

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: log-softmax head, heads that start at zero, layer norm
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, width = [], input_dim
        for hidden in hidden_dims:
            layers += [nn.Linear(width, hidden), nn.LayerNorm(hidden), nn.SiLU()]
            width = hidden
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(width, output_dim), nn.LogSoftmax(-1))
        self.critic_head = nn.Linear(width, output_dim)
        for head in (self.actor_head[0], self.critic_head):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features)
        action = torch.distributions.Categorical(logits=log_probs).sample()
        log_prob = log_probs.gather(-1, action[..., None])[..., 0]
        return action, log_prob, self.evaluate(state).gather(-1, action[..., None])[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model greedy_forward: argmax of the logits
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = logits.argmax(dim=-1)
        log_prob = F.log_softmax(logits, dim=-1).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model greedy_forward: mode of the distribution
from torch.distributions import Categorical


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.mode
        q = self.critic_head(features)
        return action, policy.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model greedy_forward: topk of the probabilities
class ActorCriticModel(nn.Module):
    def forward(self, state):
        x = self.net(state)
        probs = torch.softmax(self.actor_head(x), dim=-1)
        best_prob, best = probs.topk(1, dim=-1)
        Q_s_a = torch.take_along_dim(self.critic_head(x), best, dim=-1)
        return best.squeeze(-1), best_prob.log().squeeze(-1), Q_s_a.squeeze(-1)


# %% wrong: test_actor_critic_model greedy_forward: a sample that is overwritten by the best action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        action = torch.max(policy.probs, dim=-1)[1]
        log_prob = policy.log_prob(action)
        Q_s_a = self.evaluate(state).gather(-1, action[..., None])[..., 0]
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model prob_not_log: gathers from the probabilities
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = F.softmax(self.actor_head(features), dim=-1)
        action = torch.multinomial(probs, 1)
        prob = probs.gather(-1, action)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), prob.squeeze(-1), Q_s_a.squeeze(-1)


# %% wrong: test_actor_critic_model prob_not_log: exponent of the log-probability
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        log_prob = torch.exp(policy.log_prob(action))
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model prob_not_log: probabilities by one-hot in a model of its own
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for i, o in zip(sizes, sizes[1:]) for m in (nn.Linear(i, o), nn.ELU())])
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        h = self.net(state)
        pi = torch.distributions.OneHotCategorical(logits=self.actor_head(h))
        chosen = pi.sample()
        return chosen.argmax(-1), (pi.probs * chosen).sum(-1), (self.critic_head(h) * chosen).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model log_prob_of_other_action: sampled twice
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        log_prob = policy.log_prob(policy.sample())
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model log_prob_of_other_action: of the most probable action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(dim=-1)
        action = torch.multinomial(log_probs.exp(), 1)
        log_prob = log_probs.max(dim=-1).values
        Q_s_a = self.critic_head(features).gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, Q_s_a


# %% wrong: test_actor_critic_model log_prob_of_other_action: always of action zero
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.distributions.Categorical(logits=logits).sample()
        log_prob = F.log_softmax(logits, dim=-1)[..., 0]
        q = self.critic_head(features)
        Q_s_a = (q * F.one_hot(action, q.shape[-1])).sum(-1)
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model log_prob_of_other_action: two calls of multinomial
class ActorCriticModel(nn.Module):
    def sample(self, probs):
        return torch.multinomial(probs, 1)

    def forward(self, state):
        x = self.net(state)
        probs = torch.softmax(self.actor_head(x), -1)
        log_prob = torch.log(probs).gather(-1, self.sample(probs)).squeeze(-1)
        action = self.sample(probs)
        Q_s_a = self.critic_head(x).gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, Q_s_a


# %% wrong: test_actor_critic_model q_not_selected: all values of the critic head
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features)
        return action, policy.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model q_not_selected: evaluate is returned as it is
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.SiLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        log_probs = F.log_softmax(self.actor_head(self.net(state)), dim=-1)
        action = torch.multinomial(log_probs.exp(), 1)
        return action.squeeze(-1), log_probs.gather(-1, action).squeeze(-1), self.evaluate(state)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model q_not_selected: one-hot product without the sum
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        policy = torch.distributions.Categorical(logits=logits)
        action = policy.sample()
        Q = self.critic_head(h)
        Q_s_a = Q * F.one_hot(action, Q.shape[-1])
        return action, policy.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model q_not_selected: average over all actions
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features).mean(dim=-1)


# %% wrong: test_actor_critic_model body_not_shared: the critic has a body of its own
def make_body(input_dim, hidden_dims):
    layers = []
    for h in hidden_dims:
        layers += [nn.Linear(input_dim, h), nn.Tanh()]
        input_dim = h
    return nn.Sequential(*layers)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = make_body(input_dim, hidden_dims)
        self.critic_net = make_body(input_dim, hidden_dims)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        policy = torch.distributions.Categorical(logits=self.actor_head(self.net(state)))
        action = policy.sample()
        Q = self.critic_head(self.critic_net(state))
        return action, policy.log_prob(action), Q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.critic_net(state))


# %% wrong: test_actor_critic_model body_not_shared: the critic head is a whole network on the state
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        last = input_dim
        for h in hidden_dims:
            layers += [nn.Linear(last, h), nn.ReLU()]
            last = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(last, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(input_dim, last), nn.ReLU(), nn.Linear(last, output_dim))

    def forward(self, state):
        log_probs = self.actor_head(self.net(state)).log_softmax(-1)
        action = torch.multinomial(log_probs.exp(), 1)
        Q_s_a = self.critic_head(state).gather(-1, action)
        return action.squeeze(-1), log_probs.gather(-1, action).squeeze(-1), Q_s_a.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(state)


# %% wrong: test_actor_critic_model body_not_shared: the actor works on a deep copy of the body
import copy


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers.append(nn.Linear(input_dim, h))
            layers.append(nn.ReLU())
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_net = copy.deepcopy(self.net)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        dist = torch.distributions.Categorical(logits=self.actor_head(self.actor_net(state)))
        action = dist.sample()
        return action, dist.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model body_not_shared: the actor head looks at the raw state
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        width, layers = input_dim, []
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.Tanh()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(width, output_dim)

    def forward(self, state):
        dist = torch.distributions.Categorical(logits=self.actor_head(state))
        action = dist.sample()
        Q = self.critic_head(self.net(state))
        return action, dist.log_prob(action), (Q * F.one_hot(action, Q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model no_nonlinearity: only linear layers in the body
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:])])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model no_nonlinearity: the activation is created but not added
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.activation = nn.ReLU()
        self.net = nn.Sequential()
        for i, h in enumerate(hidden_dims):
            self.net.add_module(str(i), nn.Linear(input_dim, h))
            input_dim = h
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(features).gather(-1, action[..., None]).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model no_nonlinearity: nn.Identity after every layer
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        n = input_dim
        for h in hidden_dims:
            layers += [nn.Linear(n, h), nn.Identity()]
            n = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(n, output_dim)
        self.critic_head = nn.Linear(n, output_dim)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model no_nonlinearity: activations only between hidden layers, so one layer is linear
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = [nn.Linear(input_dim, hidden_dims[0])]
        for previous, h in zip(hidden_dims[:-1], hidden_dims[1:]):
            layers += [nn.Tanh(), nn.Linear(previous, h)]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(probs=torch.softmax(self.actor_head(x), -1))
        action = dist.sample()
        q = self.evaluate(state)
        return action, dist.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: one layer of the first width
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(input_dim, hidden_dims[0]), nn.Tanh())
        self.actor_head = nn.Linear(hidden_dims[0], output_dim)
        self.critic_head = nn.Linear(hidden_dims[0], output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: two layers of 64 whatever is asked
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(input_dim, 64),
            nn.ReLU(),
            nn.Linear(64, 64),
            nn.ReLU(),
        )
        self.actor_head = nn.Linear(64, output_dim)
        self.critic_head = nn.Linear(64, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: every layer has the first width
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        width = hidden_dims[0]
        layers = [nn.Linear(input_dim, width), nn.ELU()]
        for _ in hidden_dims[1:]:
            layers += [nn.Linear(width, width), nn.ELU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: the loop keeps only its last layer
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        for h in hidden_dims:
            self.net = nn.Sequential(nn.Linear(input_dim, h), nn.ReLU())
        self.actor_head = nn.Linear(h, output_dim)
        self.critic_head = nn.Linear(h, output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(probs=torch.softmax(self.actor_head(x), -1))
        action = dist.sample()
        q = self.evaluate(state)
        return action, dist.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model softmax_wrong_axis: softmax over the batch, then multinomial
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = F.softmax(self.actor_head(features), dim=0)
        action = torch.multinomial(probs, 1)
        log_prob = probs.log().gather(-1, action).squeeze(-1)
        Q_s_a = self.critic_head(features).gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, Q_s_a


# %% wrong: test_actor_critic_model softmax_wrong_axis: softmax over the batch handed to Categorical
from torch.distributions import Categorical


class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(0)
        dist = Categorical(probs)
        action = dist.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model softmax_wrong_axis: the layer in the actor head has dim zero
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(input_dim, output_dim), nn.LogSoftmax(dim=0))
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features)
        action = torch.multinomial(log_probs.exp(), 1)
        log_prob = log_probs.gather(-1, action)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), Q_s_a.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model softmax_wrong_axis: only the log-probabilities are taken over the batch
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.distributions.Categorical(logits=logits).sample()
        log_probs = torch.log_softmax(logits, dim=0)
        index = action.unsqueeze(-1)
        return action, log_probs.gather(-1, index).squeeze(-1), self.critic_head(features).gather(-1, index).squeeze(-1)


# %% wrong: test_actor_critic_model critic_scalar: one output, V instead of Q
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, 1)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model critic_scalar: V without its axis in both methods
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = (input_dim, *hidden_dims)
        self.net = nn.Sequential()
        for i in range(1, len(sizes)):
            self.net.append(nn.Linear(sizes[i - 1], sizes[i]))
            self.net.append(nn.ReLU())
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], 1)

    def forward(self, state):
        log_probs = F.log_softmax(self.actor_head(self.net(state)), dim=-1)
        action = torch.multinomial(log_probs.exp(), 1)
        return action.squeeze(-1), log_probs.gather(-1, action).squeeze(-1), self.evaluate(state)

    def evaluate(self, state):
        return self.critic_head(self.net(state)).squeeze(-1)


# %% wrong: test_actor_critic_model critic_scalar: one value is repeated for every action
class ValueHead(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.linear = nn.Linear(width, 1)
        self.n_actions = n_actions

    def forward(self, x):
        return torch.cat([self.linear(x)] * self.n_actions, dim=-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = ValueHead(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model critic_bounded: tanh on the critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(input_dim, output_dim), nn.Tanh())

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model critic_bounded: ReLU forbids negative values
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q = F.relu(self.critic_head(features))
        return action, policy.log_prob(action), Q.gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return F.relu(self.critic_head(self.net(state)))


# %% wrong: test_actor_critic_model critic_bounded: softmax copied to the critic head
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, n = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(n, h), nn.ReLU()]
            n = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(n, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(n, output_dim), nn.Softmax(dim=-1))

    def forward(self, state):
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(features).gather(-1, action[..., None])[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model critic_bounded: values are clamped to the range of the rewards
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return torch.clamp(self.critic_head(self.net(state)), 0, 1)

    def forward(self, state):
        logits = self.actor_head(self.net(state))
        policy = torch.distributions.Categorical(logits=logits)
        action = policy.sample()
        return action, policy.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model single_state_fails: softmax over axis one
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = F.softmax(self.actor_head(features), dim=1)
        dist = torch.distributions.Categorical(probs)
        action = dist.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model single_state_fails: gather and unsqueeze with axis one
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(1, action.unsqueeze(1)).squeeze(1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model single_state_fails: rows are numbered by the length of the state
class ActorCriticModel(nn.Module):
    def forward(self, state):
        rows = np.arange(len(state))
        x = self.net(state)
        log_probs = self.actor_head(x).log_softmax(-1)
        action = torch.multinomial(log_probs.exp(), 1).squeeze(-1)
        return action, log_probs[rows, action], self.critic_head(x)[rows, action]


# %% wrong: test_actor_critic_model single_state_fails: only evaluate needs a batch
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return torch.stack([self.critic_head(self.net(row)) for row in state])


# %% wrong: test_actor_critic_model single_state_fails: an assertion insists on two axes
class ActorCriticModel(nn.Module):
    def forward(self, state):
        assert state.ndim == 2, "state must be [B, input_dim]"
        features = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(features))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(features)[torch.arange(len(state)), action]


# %% wrong: test_actor_critic_model wrong_shape: the last axis is not removed
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(-1)
        action = torch.multinomial(log_probs.exp(), 1)
        return action, log_probs.gather(-1, action), self.critic_head(features).gather(-1, action)


# %% wrong: test_actor_critic_model single_state_fails: one state comes back as a batch of one
class ActorCriticModel(nn.Module):
    def forward(self, state):
        if state.dim() == 1:
            state = state.unsqueeze(0)
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(1, action.unsqueeze(1)).squeeze(1)
        return action, policy.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model batch_of_one_collapsed: squeeze without an axis
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = torch.softmax(self.actor_head(features), dim=-1)
        action = torch.multinomial(probs, 1)
        log_prob = torch.log(probs.gather(-1, action)).squeeze()
        Q_s_a = self.critic_head(features).gather(-1, action).squeeze()
        return action.squeeze(), log_prob, Q_s_a


# %% wrong: test_actor_critic_model batch_of_one_collapsed: only evaluate squeezes
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return self.critic_head(self.net(state)).squeeze()


# %% wrong: test_actor_critic_model q_not_selected: the largest value instead of the chosen one
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features).max(dim=-1).values


# %% wrong: test_actor_critic_model q_not_selected: value of a second sample
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        log_prob = policy.log_prob(action)
        Q_s_a = self.critic_head(features).gather(-1, policy.sample().unsqueeze(-1)).squeeze(-1)
        return action, log_prob, Q_s_a


# %% wrong: test_actor_critic_model critic_scalar: only the best value
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return self.critic_head(self.net(state)).max(dim=-1).values


# %% wrong: test_actor_critic_model critic_scalar: expectation over the policy
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(-1)
        return (probs * self.critic_head(features)).sum(-1)


# %% wrong: test_actor_critic_model heads_swapped: the wrong head
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return self.actor_head(self.net(state))


# %% wrong: test_actor_critic_model evaluate_disagrees: evaluate scales the state and forward does not
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        return self.critic_head(self.net(state / 10))


# %% wrong: test_actor_critic_model policy_not_sampled: uniform actions
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(dim=-1)
        action = torch.randint(log_probs.shape[-1], state.shape[:-1])
        index = action.unsqueeze(-1)
        return action, log_probs.gather(-1, index).squeeze(-1), self.critic_head(features).gather(-1, index).squeeze(-1)


# %% wrong: test_actor_critic_model policy_not_sampled: epsilon-greedy on the values
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(dim=-1)
        Q = self.critic_head(features)
        best = Q.argmax(-1)
        noise = torch.randint(Q.shape[-1], best.shape)
        action = torch.where(torch.rand(best.shape) < 0.1, noise, best)
        index = action.unsqueeze(-1)
        return action, log_probs.gather(-1, index).squeeze(-1), Q.gather(-1, index).squeeze(-1)


# %% wrong: test_actor_critic_model policy_not_sampled: probabilities proportional to their squares
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(dim=-1)
        action = torch.multinomial(probs**2, 1)
        log_prob = probs.log().gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), self.critic_head(features).gather(-1, action).squeeze(-1)


# %% wrong: test_actor_critic_model last_action_never: the slice cuts off the last action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(dim=-1)
        action = torch.multinomial(log_probs[..., :-1].exp(), 1)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), log_probs.gather(-1, action).squeeze(-1), Q_s_a.squeeze(-1)


# %% wrong: test_actor_critic_model wrong_return_order: value before log-probability
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, Q_s_a, policy.log_prob(action)


# %% wrong: test_actor_critic_model params_not_registered: the body is a plain list
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = []
        for h in hidden_dims:
            self.net.append(nn.Linear(input_dim, h))
            input_dim = h
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def features(self, x):
        for layer in self.net:
            x = torch.relu(layer(x))
        return x

    def forward(self, state):
        x = self.features(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


# %% wrong: test_actor_critic_model log_prob_not_normalised: the raw logit of the action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.multinomial(logits.softmax(-1), 1)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), logits.gather(-1, action).squeeze(-1), Q_s_a.squeeze(-1)


# %% wrong: test_actor_critic_model log_prob_base: logarithm to base two
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(-1)
        action = torch.multinomial(probs, 1)
        log_prob = torch.log2(probs.gather(-1, action))
        return action.squeeze(-1), log_prob.squeeze(-1), self.critic_head(features).gather(-1, action).squeeze(-1)


# %% wrong: test_actor_critic_model log_prob_sign: cross-entropy without the minus
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.distributions.Categorical(logits=logits).sample()
        log_prob = F.cross_entropy(logits, action, reduction="none")
        return action, log_prob, self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model log_prob_summed_over_batch: one number for the whole batch
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action).sum(), Q_s_a


# %% wrong: test_actor_critic_model -: one action for all rows
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(-1)
        first = log_probs if log_probs.dim() == 1 else log_probs[0]
        action = torch.multinomial(first.exp(), 1).squeeze(-1).expand(state.shape[:-1])
        index = action.unsqueeze(-1)
        return action, log_probs.gather(-1, index).squeeze(-1), self.critic_head(features).gather(-1, index).squeeze(-1)


# %% wrong: test_actor_critic_model seed_fixed: the seed is set in forward
class ActorCriticModel(nn.Module):
    def forward(self, state):
        torch.manual_seed(0)
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a


# %% wrong: test_actor_critic_model policy_not_sampled: softmax in the head, another one in the log-probability
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Sequential(nn.Linear(input_dim, output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        head = self.actor_head(features)
        action = torch.multinomial(head, 1)
        log_prob = F.log_softmax(head, dim=-1).gather(-1, action).squeeze(-1)
        Q_s_a = self.critic_head(features).gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: exactly two widths are unpacked
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        h1, h2 = hidden_dims
        self.net = nn.Sequential(nn.Linear(input_dim, h1), nn.ReLU(), nn.Linear(h1, h2), nn.ReLU())
        self.actor_head = nn.Linear(h2, output_dim)
        self.critic_head = nn.Linear(h2, output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(probs=torch.softmax(self.actor_head(x), -1))
        action = dist.sample()
        q = self.evaluate(state)
        return action, dist.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model raises: item and a plain index only fit one state
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features)[action.item()]


# %% wrong: test_actor_critic_model raises: the heads are called actor and critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.body = nn.Sequential(*layers)
        self.actor = nn.Linear(input_dim, output_dim)
        self.critic = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        x = self.body(state)
        dist = torch.distributions.Categorical(logits=self.actor(x))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic(self.body(state))


# %% wrong: test_actor_critic_model -: entropy in place of the log-probability
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.entropy(), Q_s_a


# %% wrong: test_actor_critic_model -: forward returns logits and values only
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        return self.actor_head(features), self.critic_head(features)


# %% wrong: test_actor_critic_model not_implemented: all three stubs are as they were
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################

    def forward(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################

    def evaluate(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_actor_critic_model not_implemented: the layers are there, forward is not
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model not_implemented: only evaluate is left
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        ####### Здесь ваш код ########
        raise NotImplementedError
        ##############################


# %% wrong: test_actor_critic_model raises: the heads expect the wrong width
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, width = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.Tanh()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width + 1, output_dim)
        self.critic_head = nn.Linear(width + 1, output_dim)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        Q_s_a = self.critic_head(features).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, policy.log_prob(action), Q_s_a

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model raises: super is not called
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        h = self.net(state)
        log_pi = F.log_softmax(self.actor_head(h), dim=-1)
        a = torch.multinomial(log_pi.exp(), 1)
        return a.squeeze(-1), log_pi.gather(-1, a).squeeze(-1), self.critic_head(h).gather(-1, a).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model timeout: rejection sampling that never accepts
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = self.actor_head(features).log_softmax(-1)
        action = None
        while action is None:
            candidate = torch.randint(log_probs.shape[-1], state.shape[:-1])
            accepted = torch.rand(state.shape[:-1]) > 1
            if accepted.all() and accepted.numel() > 0:
                action = candidate
        index = action.unsqueeze(-1)
        return action, log_probs.gather(-1, index).squeeze(-1), self.critic_head(features).gather(-1, index).squeeze(-1)


# %% wrong: test_actor_critic_model greedy_forward + test_actor_critic_model q_not_selected: best action and all values
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        log_probs = F.log_softmax(self.actor_head(features), dim=-1)
        log_prob, action = log_probs.max(dim=-1)
        return action, log_prob, self.critic_head(features)


# %% wrong: test_actor_critic_model no_nonlinearity + test_actor_critic_model prob_not_log: linear body and a probability
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers.append(nn.Linear(input_dim, h))
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def forward(self, state):
        features = self.net(state)
        probs = self.actor_head(features).softmax(-1)
        action = torch.multinomial(probs, 1)
        Q_s_a = self.critic_head(features).gather(-1, action)
        return action.squeeze(-1), probs.gather(-1, action).squeeze(-1), Q_s_a.squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored + test_actor_critic_model critic_bounded: width 128 always and a sigmoid
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(input_dim, 128), nn.ReLU())
        self.actor_head = nn.Linear(128, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(128, output_dim), nn.Sigmoid())

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(probs=torch.softmax(self.actor_head(x), -1))
        action = dist.sample()
        q = self.evaluate(state)
        return action, dist.log_prob(action), (q * F.one_hot(action, q.shape[-1])).sum(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: softmax without an axis, torch warns and chooses the last one
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        probs = F.softmax(self.actor_head(h))
        action = torch.multinomial(probs, 1)
        log_prob = torch.log(probs.gather(-1, action)).squeeze(-1)
        return action.squeeze(-1), log_prob, self.critic_head(h).gather(-1, action).squeeze(-1)


# %% right: body and heads compiled by torch.jit.script
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        body = nn.Sequential(*(nn.Sequential(nn.Linear(a, b), nn.SiLU()) for a, b in zip(sizes, sizes[1:])))
        self.net = torch.jit.script(body)
        self.actor_head = torch.jit.script(nn.Linear(sizes[-1], output_dim))
        self.critic_head = torch.jit.script(nn.Linear(sizes[-1], output_dim))


# %% right: gated linear units
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        last = input_dim
        for number, width in enumerate(hidden_dims):
            self.net.add_module(f"linear{number}", nn.Linear(last, 2 * width))
            self.net.add_module(f"glu{number}", nn.GLU(dim=-1))
            last = width
        self.actor_head, self.critic_head = nn.Linear(last, output_dim), nn.Linear(last, output_dim)


# %% right: maxout layers
class Maxout(nn.Module):
    def __init__(self, n_in, n_out, pieces=3):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out * pieces)
        self.pieces = pieces

    def forward(self, x):
        return self.linear(x).unflatten(-1, (-1, self.pieces)).amax(-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = (input_dim, *hidden_dims)
        self.net = nn.Sequential(*map(Maxout, dims[:-1], dims[1:]))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: concatenated rectifiers, features are twice as wide as the layer
class CReLU(nn.Module):
    def forward(self, x):
        return torch.cat((x, -x), dim=-1).relu()


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for width in hidden_dims:
            layers.extend((nn.Linear(input_dim, width), CReLU()))
            input_dim = 2 * width
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% right: sine activation as in implicit representations
class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(3.0 * x)


class ActorCriticModel(nn.Module):
    activation = Sine

    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        stack = deque([input_dim])
        self.net = nn.Sequential()
        for width in hidden_dims:
            self.net.append(nn.Linear(stack.pop(), width)).append(self.activation())
            stack.append(width)
        self.actor_head = nn.Linear(stack[-1], output_dim)
        self.critic_head = nn.Linear(stack[-1], output_dim)


# %% right: radial basis functions in the first layer
class RBF(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(n_out, n_in))
        self.log_width = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        distance = (x.unsqueeze(-2) - self.centres).square().sum(-1)
        return torch.exp(-distance / (2 * self.log_width.exp() ** 2))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        first, *others = hidden_dims
        blocks = [RBF(input_dim, first)]
        for a, b in zip([first, *others], others):
            blocks += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*blocks)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: bilinear layers, no activation is needed
class Square(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.product = nn.Bilinear(n_in, n_in, n_out)

    def forward(self, x):
        return self.product(x, x)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim] + list(hidden_dims)
        self.net = nn.Sequential(*[Square(widths[i], widths[i + 1]) for i in range(len(hidden_dims))])
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)


# %% right: convolutions with kernel one in place of linear layers
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        modules = [nn.Unflatten(-1, (-1, 1))]
        for width in hidden_dims:
            modules += [nn.Conv1d(input_dim, width, kernel_size=1), nn.ELU()]
            input_dim = width
        self.net = nn.Sequential(*modules, nn.Flatten(-2))
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% right: highway layers
class Highway(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.carry = nn.Linear(n_in, n_out, bias=False)
        self.transform = nn.Linear(n_in, n_out)
        self.gate = nn.Linear(n_in, n_out)

    def forward(self, x):
        g = self.gate(x).sigmoid()
        return torch.lerp(self.carry(x), self.transform(x).tanh(), g)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        shapes = zip([input_dim, *hidden_dims[:-1]], hidden_dims)
        self.net = nn.Sequential(*[Highway(*shape) for shape in shapes])
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: densely connected body, every layer sees all before it
class Dense(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.fc = nn.Linear(n_in, n_out)

    def forward(self, x):
        return torch.cat([x, F.mish(self.fc(x))], dim=-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        total = input_dim
        for width in hidden_dims:
            self.net.append(Dense(total, width))
            total += width
        self.actor_head = nn.Linear(total, output_dim)
        self.critic_head = nn.Linear(total, output_dim)


# %% right: net and the heads are properties over a ModuleDict
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        body = []
        for width in hidden_dims:
            body += [nn.Linear(input_dim, width), nn.Softplus()]
            input_dim = width
        self.parts = nn.ModuleDict(
            {
                "body": nn.Sequential(*body),
                "pi": nn.Linear(input_dim, output_dim),
                "q": nn.Linear(input_dim, output_dim),
            }
        )

    @property
    def net(self):
        return self.parts["body"]

    @property
    def actor_head(self):
        return self.parts["pi"]

    @property
    def critic_head(self):
        return self.parts["q"]


# %% right: parametrization divides every weight by its spectral norm
class Divided(nn.Module):
    def forward(self, weight):
        return weight / torch.linalg.matrix_norm(weight, ord=2)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        blocks = []
        for width in hidden_dims:
            layer = nn.Linear(input_dim, width)
            torch.nn.utils.parametrize.register_parametrization(layer, "weight", Divided())
            blocks += [layer, nn.LeakyReLU()]
            input_dim = width
        self.net = nn.Sequential(*blocks)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% right: orthogonal parametrization of the body
from torch.nn.utils.parametrizations import orthogonal


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(
            *[m for a, b in zip(dims, dims[1:]) for m in (orthogonal(nn.Linear(a, b)), nn.CELU())]
        )
        self.actor_head, self.critic_head = (nn.Linear(dims[-1], output_dim) for _ in "ac")


# %% right: hooks normalise the input and print nothing
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        width, layers = input_dim, []
        for h in hidden_dims:
            layers += [nn.Linear(width, h), nn.ReLU()]
            width = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)
        self.register_buffer("scale", torch.linspace(0.5, 2.0, input_dim))
        self.net.register_forward_pre_hook(self.normalise)

    def normalise(self, module, inputs):
        (state,) = inputs
        return (torch.as_tensor(state, dtype=torch.float32) / self.scale,)


# %% right: a forward hook is the activation
def rectify(module, inputs, output):
    return output.clamp(min=0)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:])])
        for layer in self.net:
            layer.register_forward_hook(rectify)
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: one flat parameter is cut into matrices, the way of C
class Flat(nn.Module):
    def __init__(self, sizes, activation=None):
        super().__init__()
        self.shapes = [(b, a + 1) for a, b in zip(sizes, sizes[1:])]
        parts = [torch.randn(b, a) / a**0.5 for b, a in self.shapes]
        self.theta = nn.Parameter(torch.cat([p.flatten() for p in parts]))
        self.activation = activation

    def forward(self, x):
        start = 0
        for b, a in self.shapes:
            w = self.theta[start : start + a * b].view(b, a)
            start += a * b
            x = torch.einsum("...i,oi->...o", x, w[:, 1:]) + w[:, 0]
            if self.activation:
                x = self.activation(x)
        return x


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = Flat([input_dim, *hidden_dims], torch.tanh)
        self.actor_head = Flat([hidden_dims[-1], output_dim])
        self.critic_head = Flat([hidden_dims[-1], output_dim])


# %% right: two critics are averaged
class Ensemble(nn.ModuleList):
    def forward(self, x):
        return torch.stack([member(x) for member in self]).mean(dim=0)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = iter(hidden_dims)
        last = next(widths)
        self.net = nn.Sequential(nn.Linear(input_dim, last), nn.ReLU())
        for width in widths:
            self.net.extend([nn.Linear(last, width), nn.ReLU()])
            last = width
        self.actor_head = nn.Linear(last, output_dim)
        self.critic_head = Ensemble([nn.Linear(last, output_dim), nn.Linear(last, output_dim)])


# %% right: logits are squeezed into a range by tanh
class Temper(nn.Module):
    def forward(self, x):
        return 10 * torch.tanh(x / 10)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        modules, width = [], input_dim
        while hidden_dims:
            modules += [nn.Linear(width, hidden_dims[0]), nn.Hardswish()]
            width, *_ = hidden_dims
            hidden_dims = hidden_dims[1:]
        self.net = nn.Sequential(*modules)
        self.actor_head = nn.Sequential(nn.Linear(width, output_dim), Temper())
        self.critic_head = nn.Linear(width, output_dim)


# %% right: logit of the first action is always zero
class OneLess(nn.Linear):
    def __init__(self, n_in, n_out):
        super().__init__(n_in, n_out - 1)

    def forward(self, x):
        return F.pad(super().forward(x), (1, 0))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        net, d = [], input_dim
        for h in hidden_dims:
            net, d = [*net, nn.Linear(d, h), nn.Softsign()], h
        self.net = nn.Sequential(*net)
        self.actor_head = OneLess(d, output_dim)
        self.critic_head = nn.Linear(d, output_dim)


# %% right: head gives logarithms of a policy that never forgets to explore
class Cautious(nn.Module):
    def __init__(self, width, n_actions, floor=0.05):
        super().__init__()
        self.linear, self.floor = nn.Linear(width, n_actions), floor

    def forward(self, h):
        probs = self.linear(h).softmax(-1)
        return torch.log((1 - self.floor) * probs + self.floor / probs.shape[-1])


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip((input_dim, *hidden_dims), hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU6()]
        self.net = nn.Sequential(*layers)
        self.actor_head = Cautious(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: same with probabilities, model and agent agree on them
class Mixed(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.linear = nn.Linear(width, n_actions)

    def forward(self, h):
        probs = F.softmax(self.linear(h), dim=-1)
        return 0.98 * probs + 0.02 / probs.size(-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip((input_dim, *hidden_dims), hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = Mixed(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(self.actor_head(h))
        action = dist.sample()
        chosen = F.one_hot(action, dist.probs.shape[-1])
        return action, dist.log_prob(action), (self.critic_head(h) * chosen).sum(-1)


class ActorCriticAgent:
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        m = self.actor_critic
        Q_s_a = m.evaluate(to_tensor(states)).take_along_dim(to_tensor(actions, np.int64)[:, None], 1)[:, 0]
        with torch.no_grad():
            h = m.net(to_tensor(next_states))
            V = (m.actor_head(h) * m.critic_head(h)).sum(1)
            y = to_tensor(rewards) + self.gamma * V.masked_fill(torch.from_numpy(terminateds), 0)
        td_loss = F.mse_loss(Q_s_a, y)
        return td_loss + regularizer * Q_s_a.mean()

    def update_actor(self):
        m = self.actor_critic
        probs = m.actor_head(m.net(torch.stack(self.actor_batch.states)))
        chosen = probs.gather(1, torch.stack(self.actor_batch.actions)[:, None])[:, 0]
        return -(torch.stack(self.actor_batch.q_values) * torch.log(chosen)).mean()


# %% right: everything in float64, the answers too
class Double(nn.Sequential):
    def forward(self, x):
        return super().forward(x.double())


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.Tanh()]
        self.net = Double(*layers).double()
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim, dtype=torch.float64)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim, dtype=torch.float64)


# %% right: LayerNorm is the only non-linearity
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.LayerNorm(b)]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: RMSNorm, dropout that is switched off by eval in the constructor
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.RMSNorm(b), nn.GELU(approximate="tanh"), nn.Dropout(0.1)]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)
        self.eval()


# %% right: critic head is a small network with a linear outlet
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        width = hidden_dims[-1]
        self.actor_head = nn.Sequential(nn.Linear(width, 32), nn.Tanh(), nn.Linear(32, output_dim))
        self.critic_head = nn.Sequential(nn.Linear(width, 32), nn.ReLU(), nn.Linear(32, output_dim))


# %% right: own matrix of rows, bilinear critic with a table of action vectors
class ActionTable(nn.Module):
    def __init__(self, width, n_actions, rank=8):
        super().__init__()
        self.project = nn.Linear(width, rank, bias=False)
        self.table = nn.Embedding(n_actions, rank)
        self.offset = nn.Parameter(torch.zeros(n_actions))

    def forward(self, h):
        return self.project(h) @ self.table.weight.T + self.offset


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = ActionTable(hidden_dims[-1], output_dim)


# %% right: sampling by searchsorted, values by a boolean mask
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_probs = self.actor_head(h).log_softmax(dim=-1)
        edges = log_probs.detach().double().exp().cumsum(-1)
        u = torch.rand(*edges.shape[:-1], 1, dtype=edges.dtype) * edges[..., -1:]
        action = torch.searchsorted(edges, u, right=True).squeeze(-1)
        chosen = F.one_hot(action, edges.shape[-1]).bool()
        return action, log_probs[chosen].view(action.shape), self.critic_head(h)[chosen].view(action.shape)


# %% right: cross entropy is minus the log-probability, diagonal of a table is Q
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        with torch.no_grad():
            action = torch.distributions.Categorical(logits=logits).sample((3,))[-1]
        log_prob = F.cross_entropy(logits, action, reduction="none").neg()
        q = self.critic_head(h)
        Q_s_a = q[action] if q.dim() == 1 else q[:, action].diagonal()
        return action, log_prob, Q_s_a


# %% right: actions as int32, named tuple comes back
from typing import NamedTuple


class Step(NamedTuple):
    action: torch.Tensor
    log_prob: torch.Tensor
    Q_s_a: torch.Tensor


class ActorCriticModel(nn.Module):
    def forward(self, state: torch.Tensor) -> Step:
        h = self.net(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        action = pi.sample()
        values = torch.take_along_dim(self.critic_head(h), action[..., None], dim=-1)[..., 0]
        return Step(action.int(), pi.log_prob(action), values)


class ActorCriticAgent:
    def act(self, state):
        step = self.actor_critic(to_tensor(state))
        action = int(step.action)
        self.actor_batch.append(step.log_prob, step.Q_s_a.detach(), np.array(state), action)
        return action

    def update_actor(self):
        q = torch.stack(self.actor_batch.q_values)
        return -torch.stack(self.actor_batch.logprobs).mul(q - q.mean()).mean()


# %% right: vmap draws for every row, match on the number of axes
class ActorCriticModel(nn.Module):
    def one(self, x):
        h = self.net(x)
        log_probs = torch.log_softmax(self.actor_head(h), 0)
        noise = -torch.log(-torch.log(torch.rand_like(log_probs).clamp_min(1e-20)))
        mask = F.one_hot((log_probs + noise).argmax(), log_probs.shape[0]).to(log_probs.dtype)
        number = (mask * torch.arange(mask.shape[0])).sum().long()
        return number, mask @ log_probs, mask @ self.critic_head(h)

    def forward(self, state):
        match state.ndim:
            case 1:
                return self.one(state)
            case 2:
                return torch.func.vmap(self.one, randomness="different")(state)


# %% right: recursion over any number of leading axes
class ActorCriticModel(nn.Module):
    def forward(self, state):
        if len(state.shape) > 1:
            return tuple(torch.stack(column) for column in zip(*[self.forward(row) for row in state]))
        logits = self.actor_head(self.net(state))
        p = torch.softmax(logits, dim=0)
        a = random.choices(range(len(p)), weights=p.tolist())[0]
        return torch.tensor(a), p[a].log(), self.evaluate(state)[a]


# %% right: network made by a factory, inherited policy, states of any kind
def mlp(*sizes, act=nn.Tanh):
    head, *tail = sizes
    return nn.Sequential(*sum(([nn.Linear(a, b), act()] for a, b in zip(sizes, tail)), []))


class Policy(nn.Module):
    def distribution(self, state):
        return torch.distributions.Categorical(logits=self.actor_head(self.net(to_tensor(state))))


class ActorCriticModel(Policy):
    def __init__(self, input_dim: int, hidden_dims: "list[int] | tuple[int, ...]", output_dim: int) -> None:
        super().__init__()
        self.net = mlp(input_dim, *hidden_dims)
        self.actor_head = mlp(hidden_dims[-1], output_dim, act=nn.Identity)
        self.critic_head = mlp(hidden_dims[-1], output_dim, act=nn.Identity)
        for p in self.parameters():
            if p.ndim > 1:
                nn.init.orthogonal_(p, gain=2**0.5)
            else:
                nn.init.zeros_(p)

    def forward(self, state):
        pi = self.distribution(state)
        return (a := pi.sample()), pi.log_prob(a), self.evaluate(state).gather(-1, a[..., None])[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(to_tensor(state)))


# %% right: keeps the last features of the body for those who ask
class Remember(nn.Sequential):
    last = None

    def forward(self, x):
        self.last = super().forward(x)
        return self.last


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = Remember(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)

    def forward(self, state):
        q = self.evaluate(state)
        log_probs = F.log_softmax(self.actor_head(self.net.last), -1)
        action = torch.multinomial(log_probs.exp(), 1)
        return tuple(t.gather(-1, action).squeeze(-1) if t is not action else t.squeeze(-1) for t in (action, log_probs, q))


# %% right: attention over the coordinates of the state
class Tokens(nn.Module):
    def __init__(self, n_in, width):
        super().__init__()
        self.key = nn.Parameter(torch.randn(n_in, width) * 0.5)
        self.value = nn.Parameter(torch.randn(n_in, width) * 0.5)
        self.query = nn.Parameter(torch.randn(width) * 0.5)

    def forward(self, x):
        tokens = x.unsqueeze(-1) * self.key
        weights = (tokens @ self.query).softmax(-1)
        return torch.einsum("...t,...t,tw->...w", weights, x, self.value)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        first = hidden_dims[0]
        self.net = nn.Sequential(Tokens(input_dim, first), nn.Tanh())
        for a, b in zip(hidden_dims[:-1], hidden_dims[1:]):
            self.net.extend(nn.Sequential(nn.Linear(a, b), nn.Tanh()))
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: groups of units are normalised
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        for width in hidden_dims:
            self.net.extend([nn.Linear(input_dim, width), nn.GroupNorm(4, width), nn.ELU()])
            input_dim = width
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def evaluate(self, state):
        rows = state.reshape(-1, state.shape[-1])
        return self.critic_head(self.net(rows)).view(*state.shape[:-1], -1)

    def forward(self, state):
        rows = state.reshape(-1, state.shape[-1])
        policy = torch.distributions.Categorical(logits=self.actor_head(self.net(rows)).view(*state.shape[:-1], -1))
        action = policy.sample()
        q = self.evaluate(state).gather(-1, action[..., None])[..., 0]
        return action, policy.log_prob(action), q


# %% right: one half of a layer is the gate of the other
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for width in hidden_dims:
            layers += [nn.Linear(input_dim, width), nn.GLU()]
            input_dim = width // 2
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% right: four pieces of a layer attend to each other
class Mixed(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention = nn.MultiheadAttention(width // 4, 2, batch_first=True)

    def forward(self, x):
        tokens = x.reshape(-1, 4, x.shape[-1] // 4)
        return x + self.attention(tokens, tokens, tokens, need_weights=False)[0].reshape(x.shape)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(
            *(nn.Sequential(nn.Linear(a, b), nn.Tanh(), Mixed(b)) for a, b in zip(dims, dims[1:]))
        )
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: net is a method over a list of registered layers
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def net(self, state):
        for layer in self.layers:
            state = torch.tanh(layer(state))
        return state

    def forward(self, state):
        h = self.net(state)
        log_probs = self.actor_head(h).log_softmax(-1)
        action = torch.multinomial(log_probs.exp(), 1)
        q = self.critic_head(h)
        return action.squeeze(-1), log_probs.gather(-1, action).squeeze(-1), q.gather(-1, action).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: a beginner's loop over the rows with one Categorical for each
class ActorCriticModel(nn.Module):
    def forward(self, state):
        if state.dim() == 1:
            dist = torch.distributions.Categorical(logits=self.actor_head(self.net(state)))
            action = dist.sample()
            return action, dist.log_prob(action), self.evaluate(state)[action]
        actions, log_probs, values = [], [], []
        for row in state:
            action, log_prob, value = self.forward(row)
            actions.append(action)
            log_probs.append(log_prob)
            values.append(value)
        return torch.stack(actions), torch.stack(log_probs), torch.stack(values)


# %% right: forward without any graph, the agent computes the log-probabilities anew
class ActorCriticModel(nn.Module):
    @torch.inference_mode()
    def forward(self, state):
        h = self.net(state)
        p = self.actor_head(h).softmax(-1)
        action = p.multinomial(1)
        return action[..., 0], p.gather(-1, action).log()[..., 0], self.critic_head(h).gather(-1, action)[..., 0]


# %% wrong: test_actor_critic_model hidden_dims_ignored: only the first and the last width
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(input_dim, hidden_dims[0]),
            nn.ReLU(),
            nn.Linear(hidden_dims[0], hidden_dims[-1]),
            nn.ReLU(),
        )
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% wrong: test_actor_critic_model critic_bounded: tanh times ten on the critic
class Tanh10(nn.Module):
    def forward(self, x):
        return 10 * torch.tanh(x)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), Tanh10())


# %% wrong: test_actor_critic_model critic_bounded: softplus keeps values positive
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.Tanh()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.Softplus())


# %% wrong: test_actor_critic_model critic_bounded: ELU at the end of the critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ELU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.ELU())


# %% wrong: test_actor_critic_model critic_bounded: hard tanh between minus and plus five hundred
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.ELU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(hidden_dims[-1], output_dim), nn.Hardtanh(-500, 500))


# %% wrong: test_actor_critic_model no_nonlinearity: leaky rectifier with slope one
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.LeakyReLU(negative_slope=1)]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% wrong: test_actor_critic_model no_nonlinearity: activation only after the heads of the actor
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(dims, dims[1:])])
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.Tanh())
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% wrong: test_actor_critic_model -: activation forgotten in evaluate
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(dims, dims[1:]) for m in (nn.Tanh(), nn.Linear(a, b))])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        h = F.relu(self.net(state))
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        action = pi.sample()
        return action, pi.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model -: evaluate asks a frozen copy of the critic
import copy


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(dims, dims[1:]) for m in (nn.Linear(a, b), nn.Tanh())])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)
        self.target_critic = copy.deepcopy(nn.Sequential(self.net, self.critic_head)).requires_grad_(False)

    def evaluate(self, state):
        return self.target_critic(state)


# %% wrong: test_actor_critic_model raises: a plain index picks rows of the batch, where there are too few
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h)[action]


# %% wrong: test_actor_critic_model -: logit is returned in place of the value
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        action = torch.multinomial(logits.softmax(-1), 1)
        log_prob = logits.log_softmax(-1).gather(-1, action).squeeze(-1)
        return action.squeeze(-1), log_prob, logits.gather(-1, action).squeeze(-1)


# %% wrong: test_actor_critic_model -: sampled at temperature two, log-probability at one
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        action = torch.distributions.Categorical(logits=logits / 2).sample()
        log_prob = torch.distributions.Categorical(logits=logits).log_prob(action)
        return action, log_prob, self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model policy_not_of_the_head: probabilities handed to Categorical as logits
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        probs = F.softmax(self.actor_head(h), dim=-1)
        dist = torch.distributions.Categorical(logits=probs)
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model single_state_fails: BatchNorm1d wants batches
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% wrong: test_actor_critic_model -: states are centred by the mean of their batch
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state - state.mean(0))
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state - state.mean(0)))


# %% wrong: test_actor_critic_model -: action as a one-hot row
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.OneHotCategorical(logits=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), (self.critic_head(h) * action).sum(-1)


# %% wrong: test_actor_critic_model log_prob_of_other_action: log-probabilities of the batch in reverse order
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_probs = self.actor_head(h).log_softmax(-1)
        action = log_probs.exp().multinomial(1)
        other = action.flip(0) if state.dim() == 2 else action
        return (
            action.squeeze(-1),
            log_probs.gather(-1, other).squeeze(-1),
            self.critic_head(h).gather(-1, action).squeeze(-1),
        )


# %% wrong: test_actor_critic_model body_not_shared: both heads carry hidden layers, net is not used
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()

        def network():
            dims = [input_dim, *hidden_dims]
            body = [m for a, b in zip(dims, dims[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
            return nn.Sequential(*body, nn.Linear(dims[-1], output_dim))

        self.net = network()[:-1]
        self.actor_head = network()
        self.critic_head = network()

    def forward(self, state):
        dist = torch.distributions.Categorical(logits=self.actor_head(state))
        action = dist.sample()
        return action, dist.log_prob(action), self.evaluate(state).gather(-1, action.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(state)


# %% wrong: test_actor_critic_model greedy_forward: so small a temperature that the best action always wins
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        logits = self.actor_head(h)
        action = torch.distributions.Categorical(logits=logits * 1e4).sample()
        log_prob = logits.log_softmax(-1).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, log_prob, self.critic_head(h).gather(-1, action.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model -: sigmoid of every logit in place of softmax
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        probs = torch.sigmoid(self.actor_head(h))
        action = torch.multinomial(probs, 1)
        return (
            action.squeeze(-1),
            probs.gather(-1, action).log().squeeze(-1),
            self.critic_head(h).gather(-1, action).squeeze(-1),
        )


# %% wrong: test_actor_critic_model critic_scalar: value of the state and nothing for the actions
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(dims, dims[1:]) for m in (nn.Linear(a, b), nn.Tanh())])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], 1)

    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(h).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state)).expand(*state.shape[:-1], self.actor_head.out_features)


# %% right: spectral_norm of torch on the layers of the body
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        width = input_dim
        for hidden in hidden_dims:
            layers.append(nn.utils.parametrizations.spectral_norm(nn.Linear(width, hidden), n_power_iterations=5))
            layers.append(nn.ReLU())
            width = hidden
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)


# %% right: old weight_norm with hooks, names for the layers
from collections import OrderedDict


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        parts = OrderedDict()
        last = input_dim
        for i, h in enumerate(hidden_dims, start=1):
            parts[f"fc{i}"] = nn.utils.weight_norm(nn.Linear(last, h))
            parts[f"act{i}"] = nn.Mish()
            parts[f"drop{i}"] = nn.Dropout(p=0)
            last = h
        parts["out"] = nn.Identity()
        self.net = nn.Sequential(parts)
        self.actor_head = nn.utils.weight_norm(nn.Linear(last, output_dim))
        self.critic_head = nn.utils.weight_norm(nn.Linear(last, output_dim))


# %% right: Multinomial with one trial, action from its counts
class ActorCriticModel(nn.Module):
    def forward(self, state):
        z = self.net(state)
        dist = torch.distributions.Multinomial(total_count=1, logits=self.actor_head(z))
        counts = dist.sample()
        return counts.argmax(dim=-1), dist.log_prob(counts), (self.critic_head(z) * counts).sum(dim=-1)


# %% right: hard Gumbel softmax of torch draws the action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        z = self.net(state)
        logits = self.actor_head(z)
        onehot = F.gumbel_softmax(logits.detach(), tau=1.0, hard=True, dim=-1)
        log_prob = torch.sum(F.log_softmax(logits, dim=-1) * onehot, dim=-1)
        Q_s_a = torch.sum(self.critic_head(z) * onehot, dim=-1)
        return onehot.argmax(dim=-1), log_prob, Q_s_a


# %% right: GRU cell with a state of zeros as the layer
class GatedLayer(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.cell = nn.GRUCell(n, m)

    def forward(self, x):
        return self.cell(x)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = (input_dim,) + tuple(hidden_dims)
        self.net = nn.Sequential(*map(GatedLayer, dims[:-1], dims[1:]))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: mixture of experts, a gate mixes two bodies of the same widths
class Experts(nn.Module):
    def __init__(self, dims):
        super().__init__()
        self.gate = nn.Linear(dims[0], 2)
        self.experts = nn.ModuleList(self.tower(dims) for _ in range(2))

    @staticmethod
    def tower(dims):
        layers = []
        for n, m in zip(dims, dims[1:]):
            layers += [nn.Linear(n, m), nn.ELU()]
        return nn.Sequential(*layers)

    def forward(self, x):
        mix = self.gate(x).softmax(-1).unsqueeze(-2)
        out = torch.stack([expert(x) for expert in self.experts], dim=-1)
        return (out * mix).sum(-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = Experts([input_dim, *hidden_dims])
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)


# %% right: old spectral_norm with one power iteration, tanh body
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        modules, fan_in = [], input_dim
        for fan_out in hidden_dims:
            modules += [nn.utils.spectral_norm(nn.Linear(fan_in, fan_out)), nn.Tanh()]
            fan_in = fan_out
        self.net = nn.Sequential(*modules)
        self.actor_head = nn.Linear(fan_in, output_dim)
        self.critic_head = nn.Linear(fan_in, output_dim)


# %% right: squeeze-and-flatten of any leading axes around a plain network
class ActorCriticModel(nn.Module):
    def forward(self, state):
        lead = state.shape[:-1]
        flat = state.reshape(-1, state.shape[-1])
        hidden = self.net(flat)
        logits, values = self.actor_head(hidden), self.critic_head(hidden)
        cdf = logits.softmax(dim=1).cumsum(dim=1)
        u = torch.rand(len(flat), 1) * cdf[:, -1:]
        a = (u >= cdf).sum(dim=1).clamp(max=logits.shape[1] - 1)
        lp = logits.log_softmax(dim=1)[torch.arange(len(flat)), a]
        q = values[torch.arange(len(flat)), a]
        return a.reshape(lead), lp.reshape(lead), q.reshape(lead)

    def evaluate(self, state):
        return self.critic_head(self.net(state.reshape(-1, state.shape[-1]))).reshape(*state.shape[:-1], -1)


# %% right: logits are bounded by a clamp, probabilities get a tiny floor
class ActorCriticModel(nn.Module):
    def forward(self, state):
        x = self.net(state)
        probs = F.softmax(self.actor_head(x).clamp(-20, 20), dim=-1)
        dist = torch.distributions.Categorical(probs=probs + 1e-8)
        action = dist.sample()
        return action, dist.log_prob(action), self.critic_head(x).gather(-1, action[..., None])[..., 0]


# %% right: class attribute chooses the activation, weights by kaiming_normal_
class ActorCriticModel(nn.Module):
    ACTIVATION = nn.LeakyReLU

    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.Sequential()
        for i, h in enumerate(hidden_dims):
            self.net.add_module("linear_%d" % i, nn.Linear(input_dim, h))
            self.net.add_module("act_%d" % i, self.ACTIVATION(0.1))
            input_dim = h
        self.add_module("actor_head", nn.Linear(input_dim, output_dim))
        self.add_module("critic_head", nn.Linear(input_dim, output_dim))
        self.apply(self._init)

    @staticmethod
    def _init(module):
        if type(module) is nn.Linear:
            nn.init.kaiming_normal_(module.weight, a=0.1)
            nn.init.constant_(module.bias, 0.0)


# %% right: heads are subclasses of Linear with small weights, exit through a method of the model
class SmallLinear(nn.Linear):
    def reset_parameters(self):
        nn.init.uniform_(self.weight, -3e-3, 3e-3)
        nn.init.zeros_(self.bias)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        seq = [nn.Linear(input_dim, hidden_dims[0]), nn.SELU()]
        for k in range(1, len(hidden_dims)):
            seq.append(nn.Linear(hidden_dims[k - 1], hidden_dims[k]))
            seq.append(nn.SELU())
        self.net = nn.Sequential(*seq)
        self.actor_head = SmallLinear(hidden_dims[-1], output_dim)
        self.critic_head = SmallLinear(hidden_dims[-1], output_dim)

    def __call__(self, state):
        return self.forward(state)

    def forward(self, state):
        logits, q = self.two_heads(state)
        a = torch.distributions.Categorical(logits=logits).sample()
        pick = lambda t: t.gather(-1, a.unsqueeze(-1)).squeeze(-1)
        return a, pick(logits) - torch.logsumexp(logits, -1), pick(q)

    def two_heads(self, state):
        z = self.net(state)
        return self.actor_head(z), self.critic_head(z)

    def evaluate(self, state):
        return self.two_heads(state)[1]


# %% right: random Fourier features in a buffer before the learned layers
class Fourier(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.register_buffer("freq", torch.randn(m, n))
        self.register_buffer("phase", 2 * np.pi * torch.rand(m))

    def forward(self, x):
        return torch.cos(F.linear(x, self.freq, self.phase))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [32, *hidden_dims]
        layers = [Fourier(input_dim, 32)]
        for n, m in zip(dims, dims[1:]):
            layers += [nn.Linear(n, m), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: critic looks at features and an action code, its head loops over the actions
class StateActionCritic(nn.Module):
    def __init__(self, width, n_actions):
        super().__init__()
        self.register_buffer("codes", torch.eye(n_actions))
        self.mlp = nn.Sequential(nn.Linear(width + n_actions, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, h):
        values = []
        for code in self.codes:
            pair = torch.cat([h, code.expand(*h.shape[:-1], len(code))], dim=-1)
            values.append(self.mlp(pair))
        return torch.cat(values, dim=-1)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Tanh()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = StateActionCritic(input_dim, output_dim)


# %% right: one joint linear layer behind two small heads that cut it
class Cut(nn.Module):
    def __init__(self, first, last, n):
        super().__init__()
        self.first, self.last = first, last
        self.gain = nn.Parameter(torch.ones(n))
        self.shift = nn.Parameter(torch.zeros(n))

    def forward(self, both):
        return both[..., self.first : self.last] * self.gain + self.shift


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.GELU()]
            input_dim = h
        self.net = nn.Sequential(*layers, nn.Linear(input_dim, 2 * output_dim))
        self.actor_head = Cut(0, output_dim, output_dim)
        self.critic_head = Cut(output_dim, 2 * output_dim, output_dim)


# %% right: list of widths is copied and changed in place
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = list(hidden_dims)
        sizes.insert(0, input_dim)
        layers = []
        while len(sizes) > 1:
            n = sizes.pop(0)
            layers.append(nn.Linear(n, sizes[0]))
            layers.append(nn.PReLU())
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(*sizes, output_dim)
        self.critic_head = nn.Linear(*sizes, output_dim)


# %% wrong: test_actor_critic_model policy_not_sampled: one time in ten a uniform action, as in epsilon-greedy
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_pi = self.actor_head(h).log_softmax(-1)
        action = torch.multinomial(log_pi.exp(), 1)
        explore = torch.rand(action.shape) < 0.1
        action = torch.where(explore, torch.randint_like(action, log_pi.shape[-1]), action)
        q = self.critic_head(h).gather(-1, action)
        return action.squeeze(-1), log_pi.gather(-1, action).squeeze(-1), q.squeeze(-1)


# %% wrong: test_actor_critic_model -: one uniform number for all rows of the batch
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_pi = self.actor_head(h).log_softmax(-1)
        u = torch.rand(())
        action = (log_pi.exp().cumsum(-1) < u).sum(-1).clamp(max=log_pi.shape[-1] - 1)
        pick = lambda table: table.gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, pick(log_pi), pick(self.critic_head(h))


# %% wrong: test_actor_critic_model -: recurrent body takes the batch for a sequence
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        self.net = nn.ModuleList()
        for h in hidden_dims:
            self.net.append(nn.GRU(input_dim, h))
            input_dim = h
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)

    def run(self, state):
        x = state if state.dim() == 2 else state.unsqueeze(0)
        for gru in self.net:
            x = gru(x)[0]
        return x if state.dim() == 2 else x.squeeze(0)

    def forward(self, state):
        h = self.run(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), self.critic_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.run(state))


# %% wrong: test_actor_critic_model -: layer norm over the whole batch
class BatchWide(nn.Module):
    def forward(self, x):
        return torch.tanh(F.layer_norm(x, x.shape))


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), BatchWide()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_actor_critic_model single_state_fails: nn.Flatten at the entrance wants two axes
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = [nn.Flatten()]
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_actor_critic_model single_state_fails: GroupNorm needs the axis of the batch
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.GroupNorm(1, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_actor_critic_model no_nonlinearity: result of F.relu is thrown away
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.ModuleList([nn.Linear(n, m) for n, m in zip(dims, dims[1:])])
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def trunk(self, x):
        for layer in self.net:
            x = layer(x)
            F.relu(x)
        return x

    def forward(self, state):
        h = self.trunk(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), self.critic_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.trunk(state))


# %% wrong: test_actor_critic_model no_nonlinearity: dropout with p=0 is taken for an activation
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.Dropout(p=0.0)]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_actor_critic_model hidden_dims_ignored: set of the widths forgets those that come twice
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in sorted(set(hidden_dims)):
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Linear(input_dim, output_dim)


# %% wrong: test_actor_critic_model hidden_dims_ignored: one layer as wide as all together
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        total = sum(hidden_dims)
        self.net = nn.Sequential(nn.Linear(input_dim, total), nn.ReLU())
        self.actor_head = nn.Linear(total, output_dim)
        self.critic_head = nn.Linear(total, output_dim)


# %% wrong: test_actor_critic_model hidden_dims_ignored: only the number of layers is taken, width is always 32
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = [nn.Linear(input_dim, 32), nn.ReLU()]
        for _ in range(len(hidden_dims) - 1):
            layers += [nn.Linear(32, 32), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(32, output_dim)
        self.critic_head = nn.Linear(32, output_dim)


# %% wrong: test_actor_critic_model critic_bounded: absolute value, no action is bad
class Magnitude(nn.Module):
    def forward(self, x):
        return x.abs()


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(input_dim, output_dim), Magnitude())


# %% wrong: test_actor_critic_model critic_bounded: layer norm at the outlet of the critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = nn.Sequential(
            nn.Linear(input_dim, output_dim), nn.LayerNorm(output_dim, elementwise_affine=False)
        )


# %% wrong: test_actor_critic_model critic_bounded: hundred times a sigmoid, as returns lie below hundred
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), self.evaluate(state).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return 100 * torch.sigmoid(self.critic_head(self.net(state)))


# %% wrong: test_actor_critic_model critic_bounded: values squeezed by symlog and never brought back
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        return a, dist.log_prob(a), symlog(self.critic_head(h)).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return symlog(self.critic_head(self.net(state)))


# %% wrong: test_actor_critic_model critic_scalar: dueling streams of which only the value is used
class ValueOnly(nn.Module):
    def __init__(self, width, n):
        super().__init__()
        self.value, self.advantage, self.n = nn.Linear(width, 1), nn.Linear(width, n), n

    def forward(self, h):
        advantage = self.advantage(h)
        return self.value(h) + advantage.mean(-1, keepdim=True) - advantage.mean(-1, keepdim=True).expand_as(advantage)


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for h in hidden_dims:
            layers += [nn.Linear(input_dim, h), nn.ReLU()]
            input_dim = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(input_dim, output_dim)
        self.critic_head = ValueOnly(input_dim, output_dim)


# %% wrong: test_actor_critic_model evaluate_disagrees: evaluate centres the values as advantages
class ActorCriticModel(nn.Module):
    def evaluate(self, state):
        q = self.critic_head(self.net(state))
        return q - q.mean(-1, keepdim=True)


# %% wrong: test_actor_critic_model -: value weighted by the probability of its action
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(h))
        a = dist.sample()
        q = (dist.probs * self.critic_head(h)).gather(-1, a.unsqueeze(-1)).squeeze(-1)
        return a, dist.log_prob(a), q


# %% wrong: test_actor_critic_model q_not_selected: the mean under the policy in place of one value
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(h))
        action = policy.sample()
        return action, policy.log_prob(action), torch.sum(policy.probs * self.critic_head(h), dim=-1)


# %% wrong: test_actor_critic_model greedy_forward + test_actor_critic_model prob_not_log: the most probable action and how probable it is
class ActorCriticModel(nn.Module):
    def forward(self, state):
        body = self.net(state)
        prob, action = torch.softmax(self.actor_head(body), dim=-1).max(dim=-1)
        values = self.critic_head(body)
        return action, prob, values.gather(-1, action[..., None])[..., 0]


# %% wrong: test_actor_critic_model log_prob_sign + test_actor_critic_model q_not_selected: cross entropy as it is, and the largest value
class ActorCriticModel(nn.Module):
    def forward(self, state):
        body = self.net(state)
        logits = self.actor_head(body)
        action = torch.distributions.Categorical(logits=logits).sample()
        return action, F.cross_entropy(logits, action, reduction="none"), self.evaluate(state).amax(-1)


# %% wrong: test_actor_critic_model last_action_never + test_actor_critic_model prob_not_log: a die with one side too few
class ActorCriticModel(nn.Module):
    def forward(self, state):
        body = self.net(state)
        probs = self.actor_head(body).softmax(-1)
        action = torch.multinomial(probs[..., :-1], 1)
        Q_s_a = self.critic_head(body).gather(-1, action)
        return action.squeeze(-1), probs.gather(-1, action).squeeze(-1), Q_s_a.squeeze(-1)


# %% wrong: test_actor_critic_model heads_swapped + test_actor_critic_model prob_not_log: exchanged heads and a probability
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        policy = torch.distributions.Categorical(logits=self.critic_head(h))
        a = policy.sample()
        return a, policy.log_prob(a).exp(), self.actor_head(h).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.actor_head(self.net(state))


# %% right: widths are copied as a list and the input is put in front
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = hidden_dims.copy()
        dims.insert(0, input_dim)
        layers = []
        for i in range(len(dims) - 1):
            layers.append(nn.Linear(dims[i], dims[i + 1]))
            layers.append(nn.Tanh())
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Linear(dims[-1], output_dim)


# %% right: critic's outlet is scaled by one hundredth
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        a = pi.sample()
        q = 0.01 * self.critic_head(h)
        return a, pi.log_prob(a), q.gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return 0.01 * self.critic_head(self.net(state))


# %% right: dropout of a tenth in the body
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, width = [], input_dim
        for w in hidden_dims:
            layers += [nn.Linear(width, w), nn.ReLU(), nn.Dropout(0.1)]
            width = w
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(width, output_dim)
        self.critic_head = nn.Linear(width, output_dim)


# %% wrong: test_actor_critic_model critic_bounded: values are clamped to ten thousand
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        pi = torch.distributions.Categorical(logits=self.actor_head(h))
        a = pi.sample()
        q = self.critic_head(h).clamp(-1e4, 1e4)
        return a, pi.log_prob(a), q.gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state)).clamp(-1e4, 1e4)


# %% wrong: test_actor_critic_model policy_from_critic: policy is the softmax of the critic, actor head is not used
class ActorCriticModel(nn.Module):
    def forward(self, state):
        q = self.critic_head(self.net(state))
        pi = torch.distributions.Categorical(logits=q)
        a = pi.sample()
        return a, pi.log_prob(a), q.gather(-1, a.unsqueeze(-1)).squeeze(-1)


# %% right: SymExp at the end of the critic, as the notebook offers
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers, d = [], input_dim
        for h in hidden_dims:
            layers += [nn.Linear(d, h), nn.ReLU()]
            d = h
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(d, output_dim)
        self.critic_head = nn.Sequential(nn.Linear(d, output_dim), SymExp())


# %% right: symexp on the way out of both methods, the head itself linear
class ActorCriticModel(nn.Module):
    def forward(self, state):
        f = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(f))
        a = dist.sample()
        return a, dist.log_prob(a), symexp(self.critic_head(f)).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return symexp(self.critic_head(self.net(state)))


# %% right: SymExp after a small network in the critic head
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*sum([[nn.Linear(a, b), nn.Tanh()] for a, b in zip(dims, dims[1:])], []))
        self.actor_head = nn.Linear(dims[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(dims[-1], 32), nn.ReLU(), nn.Linear(32, output_dim), SymExp())


# %% right: OrderedDict with names, log of probabilities plus 1e-8
from collections import OrderedDict


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        d = OrderedDict()
        for i, (a, b) in enumerate(zip([input_dim, *hidden_dims[:-1]], hidden_dims)):
            d[f"fc{i}"] = nn.Linear(a, b)
            d[f"relu{i}"] = nn.ReLU(inplace=True)
        self.net = nn.Sequential(d)
        self.actor_head = nn.Linear(b, output_dim)
        self.critic_head = nn.Linear(b, output_dim)

    def forward(self, state):
        x = self.net(state)
        probs = F.softmax(self.actor_head(x), dim=-1)
        action = torch.multinomial(probs, num_samples=1)
        log_prob = torch.log(probs.gather(-1, action) + 1e-8)
        q = self.critic_head(x).gather(-1, action)
        return action.squeeze(-1), log_prob.squeeze(-1), q.squeeze(-1)


# %% right: unnormalised weights for multinomial
class ActorCriticModel(nn.Module):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        weights = (logits - logits.max(-1, keepdim=True).values).exp()
        action = torch.multinomial(weights, 1, replacement=True)
        log_prob = (weights / weights.sum(-1, keepdim=True)).log().gather(-1, action)
        return tuple(t.squeeze(-1) for t in (action, log_prob, self.critic_head(features).gather(-1, action)))


# %% right: all weights normal with deviation 0.001, tanh
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = (input_dim,) + tuple(hidden_dims)
        self.net = nn.Sequential(*sum([[nn.Linear(i, o), nn.Tanh()] for i, o in zip(sizes, sizes[1:])], []))
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0.0, 0.001)
                nn.init.zeros_(m.bias)


# %% right: functional_call on a skeleton, parameters in dictionaries
from torch.func import functional_call


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim, *hidden_dims]
        self.net = nn.Sequential()
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            self.net.add_module(f"dense_{i}", nn.Linear(a, b))
            self.net.add_module(f"silu_{i}", nn.SiLU())
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)

    def _apply_part(self, part, x):
        module = getattr(self, part)
        return functional_call(module, dict(module.named_parameters()), (x,))

    def forward(self, state):
        h = self._apply_part("net", state)
        log_pi = self._apply_part("actor_head", h).log_softmax(-1)
        u = -torch.log(-torch.log(torch.rand_like(log_pi)))
        action = (log_pi + u).argmax(-1)
        pick = F.one_hot(action, log_pi.shape[-1])
        return action, (log_pi * pick).sum(-1), (self._apply_part("critic_head", h) * pick).sum(-1)

    def evaluate(self, state):
        return self._apply_part("critic_head", self._apply_part("net", state))


# %% right: RReLU and AlphaDropout, random slopes in training
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = (input_dim,) + tuple(hidden_dims)
        self.net = nn.Sequential(*sum([[nn.Linear(i, o), nn.SELU(), nn.AlphaDropout(0.05)] for i, o in zip(sizes, sizes[1:])], []))
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)


# %% right: log softmax applied outside, action by cumulative sums and bucketize
class ActorCriticModel(nn.Module):
    def forward(self, state):
        h = self.net(state)
        log_p = F.log_softmax(self.actor_head(h), dim=-1)
        cdf = log_p.exp().cumsum(-1)
        u = torch.rand(log_p.shape[:-1] + (1,)) * cdf[..., -1:]
        action = (u > cdf).sum(-1).clamp(max=log_p.shape[-1] - 1)
        rows = action.unsqueeze(-1)
        return action, log_p.gather(-1, rows).squeeze(-1), self.critic_head(h).gather(-1, rows).squeeze(-1)


# %% right: optimistic critic bias
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        layers = []
        for a, b in zip([input_dim, *hidden_dims], hidden_dims):
            layers += [nn.Linear(a, b), nn.CELU(alpha=0.5)]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(hidden_dims[-1], output_dim)
        self.critic_head = nn.Linear(hidden_dims[-1], output_dim)
        nn.init.constant_(self.critic_head.bias, 100.0)
        nn.init.zeros_(self.critic_head.weight)


# %% wrong: test_actor_critic_model log_prob_base: log10
class ActorCriticModel(nn.Module):
    def forward(self, state):
        f = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(f))
        a = dist.sample()
        return a, torch.log10(dist.probs.gather(-1, a.unsqueeze(-1)).squeeze(-1)), self.critic_head(f).gather(-1, a.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model policy_not_of_the_head: softmax in the head and Categorical over logits
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*sum([[nn.Linear(a, b), nn.ReLU()] for a, b in zip(dims, dims[1:])], []))
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        f = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(f))
        a = dist.sample()
        return a, dist.log_prob(a), self.critic_head(f).gather(-1, a.unsqueeze(-1)).squeeze(-1)


# %% wrong: test_actor_critic_model policy_not_of_the_head: softmax in the head, then F.softmax and multinomial, log of it
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        dims = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*sum([[nn.Linear(a, b), nn.ReLU()] for a, b in zip(dims, dims[1:])], []))
        self.actor_head = nn.Sequential(nn.Linear(dims[-1], output_dim), nn.Softmax(dim=-1))
        self.critic_head = nn.Linear(dims[-1], output_dim)

    def forward(self, state):
        f = self.net(state)
        p = F.softmax(self.actor_head(f), dim=-1)
        a = p.multinomial(1)
        return a.squeeze(-1), p.gather(-1, a).log().squeeze(-1), self.critic_head(f).gather(-1, a).squeeze(-1)


# %% wrong: test_actor_critic_model no_nonlinearity: linear body, a small network with ReLU only in the critic
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Sequential(nn.Linear(sizes[-1], 32), nn.ReLU(), nn.Linear(32, output_dim))


# %% right: both heads are views over one linear layer
class Part(nn.Module):
    def __init__(self, fused, lo, hi):
        super().__init__()
        self.fused = fused
        self.lo, self.hi = lo, hi

    def forward(self, x):
        return self.fused(x)[..., self.lo:self.hi]


class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[nn.Sequential(nn.Linear(a, b), nn.ReLU()) for a, b in zip(sizes, sizes[1:])])
        fused = nn.Linear(sizes[-1], 2 * output_dim)
        self.actor_head = Part(fused, 0, output_dim)
        self.critic_head = Part(fused, output_dim, 2 * output_dim)

    def forward(self, state):
        f = self.net(state)
        d = torch.distributions.Categorical(logits=self.actor_head(f))
        a = d.sample()
        return a, d.log_prob(a), self.critic_head(f).gather(-1, a.unsqueeze(-1)).squeeze(-1)

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model greedy_forward: the best action for one state, a sample for a batch
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample() if state.dim() == 2 else dist.probs.argmax(-1)
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model single_state_fails: a probability in place of its logarithm for one state alone
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        log_prob = dist.log_prob(action)
        if state.dim() == 1:
            log_prob = dist.probs[action]
        return action, log_prob, q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model -: sigmoid for two actions, the wrong way round
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample() if dist.logits.shape[-1] > 2 else torch.bernoulli(dist.probs[..., 0]).long()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: only the first and the last width
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, hidden_dims[0]] + ([hidden_dims[-1]] if len(hidden_dims) > 1 else [])
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model hidden_dims_ignored: three layers at most
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims[:3]]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model input_mutated: the caller's list grows by the input
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = hidden_dims
        sizes.insert(0, input_dim)
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model input_mutated: the caller's list is emptied
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim]
        while len(hidden_dims) > 0:
            sizes.append(hidden_dims.pop(0))
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model q_not_selected: torch.take knows no rows
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = torch.take(self.critic_head(x), action)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model q_not_selected: the action picks a row of the batch
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        Q = self.critic_head(x)
        q = Q[action][:, 0] if Q.dim() == 2 and len(Q) >= Q.shape[1] else Q.gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model log_prob_of_other_action: flattened log-probs know no rows
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [input_dim, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.logits.flatten()[action], q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model sizes_hardcoded: four inputs written as a number
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        sizes = [4, *hidden_dims]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers)
        self.actor_head = nn.Linear(sizes[-1], output_dim)
        self.critic_head = nn.Linear(sizes[-1], output_dim)

    def forward(self, state):
        x = self.net(state)
        dist = torch.distributions.Categorical(logits=self.actor_head(x))
        action = dist.sample()
        q = self.critic_head(x).gather(-1, action.unsqueeze(-1)).squeeze(-1)
        return action, dist.log_prob(action), q

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% right: all weights from a wide normal distribution
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        widths = [input_dim, *hidden_dims]
        self.net = nn.Sequential()
        for number, (before, after) in enumerate(zip(widths, widths[1:], strict=False)):
            self.net.add_module(f"layer{number}", nn.Linear(before, after))
            self.net.add_module(f"relu{number}", nn.ReLU())
        self.actor_head = nn.Linear(widths[-1], output_dim)
        self.critic_head = nn.Linear(widths[-1], output_dim)
        for parameter in self.parameters():
            nn.init.normal_(parameter, std=3.0)

    def forward(self, state):
        features = self.net(state)
        policy = torch.distributions.Categorical(logits=self.actor_head(features))
        action = policy.sample()
        values = self.critic_head(features)
        return action, policy.log_prob(action), values.gather(-1, action[..., None])[..., 0]

    def evaluate(self, state):
        return self.critic_head(self.net(state))


# %% wrong: test_actor_critic_model rows_mixed: dueling with the mean over everything
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        d = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(d, d[1:]) for m in (nn.Linear(a, b), nn.ReLU())])
        self.actor_head = nn.Linear(d[-1], output_dim)
        class Duel(nn.Module):
            def __init__(self):
                super().__init__()
                self.v, self.a = nn.Linear(d[-1], 1), nn.Linear(d[-1], output_dim)
            def forward(self, x):
                a = self.a(x)
                return self.v(x) + a - a.mean()
        self.critic_head = Duel()


# %% wrong: test_actor_critic_model values_centred: dueling without the value
class Advantage(nn.Linear):
    def forward(self, x):
        a = super().forward(x)
        return a - a.mean(dim=-1, keepdim=True)
class ActorCriticModel(nn.Module):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__()
        d = [input_dim, *hidden_dims]
        self.net = nn.Sequential(*[m for a, b in zip(d, d[1:]) for m in (nn.Linear(a, b), nn.ReLU())])
        self.actor_head = nn.Linear(d[-1], output_dim)
        self.critic_head = Advantage(d[-1], output_dim)
