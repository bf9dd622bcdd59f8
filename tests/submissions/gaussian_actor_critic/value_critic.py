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
