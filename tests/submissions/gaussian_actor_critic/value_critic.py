"""Right and wrong answers to the cell value_critic, as students could write them."""

# %% right: ReLU, squeeze of the last axis
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.fc3 = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        x = torch.relu(self.fc1(state))
        x = torch.relu(self.fc2(x))
        return self.fc3(x).squeeze(-1)


# %% right: takes the only column
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state)[..., 0]


# %% right: a linear critic
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.value = nn.Linear(state_dim, 1)

    def forward(self, state):
        return self.value(state).squeeze(-1)


# %% right: reshape to the state's shape without its last axis
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.LayerNorm(hidden_dim), nn.ELU(), nn.Linear(hidden_dim, 1)
        )

    def forward(self, state):
        return self.net(state).reshape(state.shape[:-1])


# %% right: last layer starts at zero
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU())
        self.out = nn.Linear(hidden_dim, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, state):
        return self.out(self.body(state)).squeeze(-1)


# %% right: the mean of two networks
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.one = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))
        self.two = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return (self.one(state) + self.two(state)).squeeze(-1) / 2


# %% right: float64 inside
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Softplus(), nn.Linear(hidden_dim, 1)).double()

    def forward(self, state):
        return self.net(state.double()).float().squeeze(-1)


# %% right: weights of its own and a dot product
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.W = nn.Parameter(torch.randn(state_dim, hidden_dim) / state_dim**0.5)
        self.b = nn.Parameter(torch.zeros(hidden_dim))
        self.w = nn.Parameter(torch.randn(hidden_dim) / hidden_dim**0.5)

    def forward(self, state):
        return torch.tanh(state @ self.W + self.b) @ self.w


# %% right: unsqueezes a single state and takes it back
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        if state.dim() == 1:
            return self.net(state.unsqueeze(0))[0, 0]
        return self.net(state).squeeze(-1)


# %% right: a residual block and lazy layers
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.first = nn.LazyLinear(hidden_dim)
        self.second = nn.Linear(hidden_dim, hidden_dim)
        self.last = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        h = torch.tanh(self.first(state))
        h = h + torch.tanh(self.second(h))
        return self.last(h).sum(-1)


# %% right: values in symexp scale
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        x = self.net(state).squeeze(-1)
        return torch.sign(x) * torch.expm1(torch.abs(x))


# %% right: many outputs added up
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 8)])

    def forward(self, state):
        return self.layers[1](self.layers[0](state).tanh()).mean(dim=-1)


# %% right: the lesser of two networks
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.one, self.other = (
            nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1)) for _ in range(2)
        )

    def forward(self, state):
        return torch.min(self.one(state), self.other(state)).squeeze(-1)


# %% right: the median of five heads
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 5))

    def forward(self, state):
        return self.net(state).median(-1).values


# %% right: the difference of two maxima
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.up, self.down = nn.Linear(state_dim, hidden_dim), nn.Linear(state_dim, hidden_dim)

    def forward(self, state):
        return self.up(state).amax(-1) - self.down(state).amax(-1)


# %% right: linear in the squares of the state
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.weights = nn.Linear(2 * state_dim, 1)

    def forward(self, state):
        return self.weights(torch.cat([state, state**2], dim=-1)).squeeze(-1)


# %% right: features on a circle
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(2 * hidden_dim, 1)

    def forward(self, state):
        x = self.fc1(state)
        return self.fc2(torch.cat([torch.sin(x), torch.cos(x)], -1))[..., 0]


# %% right: a sum of the features, weighted by hand
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, hidden_dim), nn.Tanh())
        self.weight = nn.Parameter(torch.randn(hidden_dim) / hidden_dim)
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, state):
        return (self.body(state) * self.weight).sum(dim=-1) + self.bias


# %% right: a mixture of two values by a softmax of the state
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.values = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 2))
        self.gate = nn.Linear(state_dim, 2)

    def forward(self, state):
        return (self.values(state) * F.softmax(self.gate(state), -1)).sum(-1)


# %% right: radial features around trained centres
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.centres = nn.Parameter(torch.randn(hidden_dim, state_dim))
        self.out = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        distances = (state.unsqueeze(-2) - self.centres).square().sum(-1)
        return self.out(torch.exp(-0.5 * distances)).squeeze(-1)


# %% right: a recurrent cell fed once
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.cell = nn.GRUCell(state_dim, hidden_dim)
        self.value = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        return self.value(self.cell(state)).squeeze(-1)


# %% right: attention over the coordinates
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.embed = nn.Linear(1, hidden_dim)
        self.place = nn.Parameter(0.1 * torch.randn(state_dim, hidden_dim))
        self.attention = nn.MultiheadAttention(hidden_dim, 4, batch_first=True)
        self.value = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        batch = state.reshape(-1, state.shape[-1])
        x = self.embed(batch.unsqueeze(-1)) + self.place
        x = x + self.attention(x, x, x, need_weights=False)[0]
        return self.value(torch.relu(x).mean(1)).reshape(state.shape[:-1])


# %% right: an average over dropped-out copies is not taken, the dropout is zero
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Dropout(p=0.0), nn.ReLU(), nn.Linear(hidden_dim, 1)
        )

    def forward(self, state):
        return self.net(state).view(state.shape[:-1])


# %% right: the value in hundreds
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return 100 * self.net(state).squeeze(dim=-1)


# %% right: a mean and a spread, of which only the mean is given
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.fc = nn.Linear(state_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim, 1)
        self.spread = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        x = F.elu(self.fc(state))
        self.last_spread = F.softplus(self.spread(x)).squeeze(-1)
        return self.mean(x).squeeze(-1)


# %% right: a logarithm undone by symexp of double precision
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.GELU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        y = self.net(state).double()
        return (torch.sign(y) * torch.expm1(y.abs())).squeeze(-1).to(state.dtype)


# %% right: a tree of functions of pairs
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.bilinear = nn.Bilinear(state_dim, state_dim, hidden_dim)
        self.linear = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        return self.linear(F.leaky_relu(self.bilinear(state, state))).flatten(-2) if state.dim() > 1 else self.linear(
            F.leaky_relu(self.bilinear(state, state))
        )[0]


# %% wrong: test_value_critic critic_shape: forgets the last axis
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state)


# %% wrong: test_value_critic critic_shape: squeezes the batch away
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state).squeeze()


# %% wrong: test_value_critic single_state_fails: squeezes the second axis
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state)[:, 0]


# %% wrong: test_value_critic critic_ignores_state: one value for all
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.v = nn.Parameter(torch.zeros(()))

    def forward(self, state):
        return self.v + torch.zeros(state.shape[:-1])


# %% wrong: test_value_critic critic_bounded: a tanh at the end
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1), nn.Tanh())

    def forward(self, state):
        return self.net(state).squeeze(-1)


# %% wrong: test_value_critic critic_bounded: a ReLU at the end
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1), nn.ReLU())

    def forward(self, state):
        return self.net(state).squeeze(-1)


# %% wrong: test_value_critic params_not_registered: layers in a plain list
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.layers = [nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 1)]

    def forward(self, state):
        return self.layers[1](torch.tanh(self.layers[0](state))).squeeze(-1)


# %% wrong: test_value_critic raises: sizes that do not fit
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(hidden_dim, state_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state).squeeze(-1)


# %% wrong: test_value_critic not_implemented: nothing yet
class CriticNetwork(nn.Module):
    def forward(self, state):
        raise NotImplementedError


# %% wrong: test_value_critic critic_bounded: 200 times a tanh
class CriticNetwork(nn.Module):
    def forward(self, state):
        return 200 * torch.tanh(self.layers(state).squeeze(-1))


# %% wrong: test_value_critic critic_bounded: kept within the returns of Pendulum
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers(state).squeeze(-1).clamp(-2000, 0)


# %% wrong: test_value_critic rows_mixed: centred by the batch
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers(state - state.mean(0)).squeeze(-1)


# %% wrong: test_value_critic rows_mixed: the batch comes back to front
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers(state).flip(0).squeeze(-1) if state.ndim > 1 else self.layers(state).squeeze(-1)


# %% wrong: test_value_critic rows_mixed: sums up along the batch
class CriticNetwork(nn.Module):
    def forward(self, state):
        values = self.layers(state).squeeze(-1)
        return values.cumsum(-1) if state.ndim > 1 else values


# %% wrong: test_value_critic body_not_trained: no graph for the body
class CriticNetwork(nn.Module):
    def forward(self, state):
        with torch.no_grad():
            h = self.layers[:-1](state)
        return self.layers[-1](h).squeeze(-1)


# %% wrong: test_value_critic no_gradient: detached at the end
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers(state).squeeze(-1).detach()


# %% wrong: test_value_critic output_random: dropout before the last layer
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers[-1](F.dropout(self.layers[:-1](state), 0.3)).squeeze(-1)


# %% wrong: test_value_critic critic_shape: unsqueezed twice
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(state).flatten()


# %% wrong: test_value_critic critic_bounded: a softplus, returns of minus signs are forgotten
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return -F.softplus(self.net(state)).squeeze(-1)


# %% wrong: test_value_critic critic_ignores_state: the mean over the state is taken away
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return self.net(torch.zeros_like(state)).squeeze(-1)


# %% wrong: test_value_critic rows_mixed: the batch's mean
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        value = self.net(state).squeeze(-1)
        return value - value.mean()


# %% wrong: test_value_critic no_gradient: a number is made of it
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return torch.tensor(self.net(state).squeeze(-1).tolist())


# %% right: a critic with batch norm, which uses its running numbers for one row
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.norm = nn.Linear(state_dim, hidden_dim), nn.BatchNorm1d(hidden_dim)
        self.out = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        rows = state.reshape(-1, state.shape[-1])
        self.norm.train(self.training and len(rows) > 1)
        return self.out(torch.relu(self.norm(self.inner(rows)))).reshape(state.shape[:-1])


# %% right: flatten for a batch
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, 1)

    def forward(self, state):
        v = self.fc2(F.relu(self.fc1(state)))
        return v.flatten(start_dim=-2) if state.dim() > 1 else v.sum()


# %% right: dueling-like sum of two streams
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.s1 = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ELU(), nn.Linear(hidden_dim, 1))
        self.s2 = nn.Linear(state_dim, 1)

    def forward(self, state):
        return (self.s1(state) + self.s2(state)).squeeze(dim=-1)


# %% right: loop over states one by one
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.l1 = nn.Linear(state_dim, hidden_dim)
        self.l2 = nn.Linear(hidden_dim, 1)

    def one(self, s):
        return self.l2(torch.tanh(self.l1(s))).reshape(())

    def forward(self, state):
        if state.dim() == 1:
            return self.one(state)
        return torch.stack([self.forward(s) for s in state])


# %% right: value normalised by running statistics, PopArt-like buffers
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.register_buffer("mu", torch.tensor(-3.0))
        self.register_buffer("sigma", torch.tensor(4.0))
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1))
        for m in self.net:
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)
                nn.init.constant_(m.bias, 0.1)

    def forward(self, state):
        return (self.mu + self.sigma * self.net(state)).squeeze(-1)


# %% right: exponent of two heads, sinh output
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, 1))

    def forward(self, state):
        return torch.sinh(self.net(state)).squeeze(-1)


# %% right: leaky ReLU at the end is unbounded
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.LeakyReLU(), nn.Linear(hidden_dim, 1), nn.LeakyReLU(0.3))

    def forward(self, state):
        return self.net(state).squeeze(-1)


# %% right: critic with learnable 0-d scale and shift
class CriticNetwork(nn.Module):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 1), nn.Tanh())
        self.scale = nn.Parameter(torch.tensor(10.0))
        self.shift = nn.Parameter(torch.tensor(0.0))

    def forward(self, state):
        return self.scale * self.net(state).squeeze(-1) + self.shift


# %% wrong: test_value_critic critic_shape: a tuple of one
class CriticNetwork(nn.Module):
    def forward(self, state):
        return self.layers(state).squeeze(-1),
