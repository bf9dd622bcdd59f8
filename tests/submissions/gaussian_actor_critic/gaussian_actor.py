"""Right and wrong answers to the cell gaussian_actor, as students could write them."""

# %% right: ReLU body, init through apply
def _init(module):
    if isinstance(module, nn.Linear):
        nn.init.orthogonal_(module.weight, gain=np.sqrt(2))
        nn.init.constant_(module.bias, 0.0)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.mean_head = nn.Linear(hidden_dim, action_dim)
        self.log_std_head = nn.Linear(hidden_dim, action_dim)
        self.apply(_init)

    def forward(self, state):
        x = F.relu(self.fc1(state))
        x = F.relu(self.fc2(x))
        mean = 2.0 * torch.tanh(self.mean_head(x))
        log_std = torch.clamp(self.log_std_head(x), -20, 2)
        return mean, log_std


# %% right: one head of twice the width, chunk
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.ELU(), nn.Linear(hidden_dim, 2 * action_dim)
        )
        for m in self.net:
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight)
                m.bias.data.fill_(0)

    def forward(self, state):
        a, b = self.net(state).chunk(2, dim=-1)
        return a.tanh() * 2, b.clamp(min=-20, max=2)


# %% right: two bodies
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.mu = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, action_dim), nn.Tanh()
        )
        self.sigma = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, action_dim), nn.Hardtanh(-20, 2)
        )
        for p in self.parameters():
            if p.dim() == 2:
                nn.init.orthogonal_(p, 0.5)
            else:
                nn.init.zeros_(p)

    def forward(self, state):
        return 2 * self.mu(state), self.sigma(state)


# %% right: LayerNorm between the layers, SiLU
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.LayerNorm(hidden_dim), nn.SiLU(),
            nn.Linear(hidden_dim, hidden_dim), nn.LayerNorm(hidden_dim), nn.SiLU(),
        )
        self.head_mean = nn.Linear(hidden_dim, action_dim)
        self.head_log_std = nn.Linear(hidden_dim, action_dim)
        for name, p in self.named_parameters():
            if p.ndim >= 2:
                nn.init.orthogonal_(p)
            elif "bias" in name:
                nn.init.zeros_(p)

    def forward(self, state):
        h = self.body(state)
        return torch.tanh(self.head_mean(h)).mul(2), torch.clip(self.head_log_std(h), -20.0, 2.0)


# %% right: PReLU and four layers in a ModuleList
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        widths = [state_dim] + [hidden_dim] * 4
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.act = nn.PReLU()
        self.out = nn.ModuleDict({"mean": nn.Linear(hidden_dim, action_dim), "log_std": nn.Linear(hidden_dim, action_dim)})
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.orthogonal_(m.weight, 2**0.5)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        for layer in self.layers:
            x = self.act(layer(x))
        log_std = self.out["log_std"](x)
        return 2 * torch.tanh(self.out["mean"](x)), torch.max(torch.min(log_std, torch.tensor(2.0)), torch.tensor(-20.0))


# %% right: weights of its own, stored input by output
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.W1 = nn.Parameter(nn.init.orthogonal_(torch.empty(state_dim, hidden_dim)))
        self.b1 = nn.Parameter(torch.zeros(hidden_dim))
        self.W_mean = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_dim, action_dim), 0.01))
        self.b_mean = nn.Parameter(torch.zeros(action_dim))
        self.W_std = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_dim, action_dim), 0.01))
        self.b_std = nn.Parameter(torch.zeros(action_dim))

    def forward(self, state):
        h = torch.tanh(state @ self.W1 + self.b1)
        mean = 2 * torch.tanh(h @ self.W_mean + self.b_mean)
        return mean, (h @ self.W_std + self.b_std).clamp(-20, 2)


# %% right: no biases at all
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.hidden = nn.Linear(state_dim, hidden_dim, bias=False)
        self.mean = nn.Linear(hidden_dim, action_dim, bias=False)
        self.log_std = nn.Linear(hidden_dim, action_dim, bias=False)
        for layer in self.children():
            nn.init.orthogonal_(layer.weight)

    def forward(self, state):
        h = torch.relu(self.hidden(state))
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -20, 2)


# %% right: float64 inside
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.l1 = nn.Linear(state_dim, hidden_dim).double()
        self.l2 = nn.Linear(hidden_dim, 2 * action_dim).double()
        for layer in (self.l1, self.l2):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.n = action_dim

    def forward(self, state):
        out = self.l2(torch.tanh(self.l1(state.double()))).float()
        return 2 * torch.tanh(out[..., : self.n]), out[..., self.n :].clamp(-20, 2)


# %% right: tanh by a sigmoid
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.GELU(), nn.Linear(hidden_dim, hidden_dim), nn.GELU())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                torch.nn.init.orthogonal_(module.weight, gain=1.0)
                torch.nn.init.zeros_(module.bias)

    def forward(self, state):
        h = self.body(state)
        return 4 * torch.sigmoid(2 * self.mean(h)) - 2, self.log_std(h).clamp(-20, 2)


# %% right: orthogonal by a QR decomposition, other gains
def orthogonal(rows, columns):
    q, _ = torch.linalg.qr(torch.randn(max(rows, columns), min(rows, columns)))
    return q if rows >= columns else q.T


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.first = nn.Linear(state_dim, hidden_dim)
        self.last = nn.Linear(hidden_dim, 2 * action_dim)
        with torch.no_grad():
            for layer, gain in ((self.first, 1.4), (self.last, 0.1)):
                layer.weight.copy_(gain * orthogonal(*layer.weight.shape))
                layer.bias.zero_()

    def forward(self, state):
        mean, log_std = torch.tensor_split(self.last(torch.sin(self.first(state))), 2, dim=-1)
        return torch.tanh(mean) + torch.tanh(mean), torch.clamp(log_std, min=-20).clamp(max=2)


# %% right: lazy layers, orthogonal once their sizes are known
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.LazyLinear(hidden_dim), nn.Tanh(), nn.LazyLinear(hidden_dim), nn.Tanh())
        self.heads = nn.LazyLinear(2 * action_dim)
        self(torch.zeros(1, state_dim))
        for p in self.parameters():
            nn.init.orthogonal_(p) if p.ndim > 1 else nn.init.zeros_(p)

    def forward(self, state):
        out = self.heads(self.body(state))
        half = out.shape[-1] // 2
        return 2 * out[..., :half].tanh(), out[..., half:].clamp(-20, 2)


# %% right: weights kept orthogonal by a parametrization
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.hidden = nn.utils.parametrizations.orthogonal(nn.Linear(state_dim, hidden_dim))
        self.mean = nn.utils.parametrizations.orthogonal(nn.Linear(hidden_dim, action_dim))
        self.log_std = nn.utils.parametrizations.orthogonal(nn.Linear(hidden_dim, action_dim))
        for layer in (self.hidden, self.mean, self.log_std):
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = torch.tanh(self.hidden(state))
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% right: normalises its input by a running norm and has dropout switched off
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.norm = nn.LayerNorm(state_dim, elementwise_affine=False)
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Mish())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        self.apply(self.start)

    def start(self, module):
        if type(module) is nn.Linear:
            nn.init.orthogonal_(module.weight, 0.7)
            module.bias.data *= 0

    def forward(self, state):
        h = self.body(self.norm(state))
        return 2 * self.mean(h).tanh(), self.log_std(h).clamp_(-20, 2)


# %% right: a head for every coordinate
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ELU())
        self.heads = nn.ModuleList(nn.Linear(hidden_dim, 1) for _ in range(2 * action_dim))
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = self.body(state)
        mean, log_std = torch.cat([head(h) for head in self.heads], -1).chunk(2, -1)
        return 2 * mean.tanh(), log_std.clamp(-20, 2)


# %% right: a gate of one number
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.gate = nn.Linear(state_dim, hidden_dim), nn.Linear(state_dim, 1)
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = torch.relu(self.inner(state)) * torch.sigmoid(self.gate(state))
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -20, 2)


# %% right: the deviation by a softplus, its logarithm clamped
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner = nn.Linear(state_dim, hidden_dim)
        self.mean, self.std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = torch.tanh(self.inner(state))
        return 2 * torch.tanh(self.mean(h)), F.softplus(self.std(h)).log().clamp(-20, 2)


# %% right: one head, its halves with gains of their own
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.out = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)
        with torch.no_grad():
            self.out.weight[:action_dim] /= 100

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state))).chunk(2, dim=-1)
        return 2 * torch.tanh(mean), log_std.clamp(min=-20, max=2)


# %% right: large gains everywhere
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, hidden_dim), nn.ReLU())
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight, gain=5)
                nn.init.constant_(layer.bias, 0)

    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -20, 2)


# %% right: softplus layers, whose features are all above zero
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(state_dim, hidden_dim), nn.Softplus(), nn.Linear(hidden_dim, hidden_dim), nn.Softplus()
        )
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight, gain=2**0.5)
                nn.init.constant_(layer.bias, 0)

    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -20, 2)


# %% right: limits kept beside the weights, not trained
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.out = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        self.limits = nn.Parameter(torch.tensor([-20.0, 2.0]), requires_grad=False)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state))).chunk(2, -1)
        return 2 * torch.tanh(mean), torch.minimum(torch.maximum(log_std, self.limits[0]), self.limits[1])


# %% right: weight_norm with hooks around orthogonal layers
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.out = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)
        nn.utils.weight_norm(self.inner)

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state))).chunk(2, -1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% right: both heads in one tensor
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.w1 = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_dim, state_dim)))
        self.b1 = nn.Parameter(torch.zeros(hidden_dim))
        self.w2 = nn.Parameter(torch.stack([nn.init.orthogonal_(torch.empty(action_dim, hidden_dim)) for _ in "ms"]))
        self.b2 = nn.Parameter(torch.zeros(2, action_dim))

    def forward(self, state):
        h = torch.tanh(state @ self.w1.T + self.b1)
        out = torch.einsum("kah,...h->...ka", self.w2, h) + self.b2
        return 2 * out[..., 0, :].tanh(), out[..., 1, :].clamp(-20, 2)


# %% right: states normalised by what has been seen, kept in buffers
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.register_buffer("centre", torch.zeros(state_dim))
        self.inner, self.out = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        if self.training and state.ndim > 1:
            self.centre.lerp_(state.detach().mean(0), 0.01)
        mean, log_std = self.out(torch.tanh(self.inner(state - self.centre))).chunk(2, -1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% right: limits by a module, orthogonal in a layer of its own
class OrthogonalLinear(nn.Linear):
    def reset_parameters(self):
        nn.init.orthogonal_(self.weight)
        nn.init.zeros_(self.bias)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(
            OrthogonalLinear(state_dim, hidden_dim), nn.Mish(), OrthogonalLinear(hidden_dim, hidden_dim), nn.Mish()
        )
        self.mean = nn.Sequential(OrthogonalLinear(hidden_dim, action_dim), nn.Tanh())
        self.log_std = nn.Sequential(OrthogonalLinear(hidden_dim, action_dim), nn.Hardtanh(-20, 2))

    def forward(self, state):
        features = self.body(state)
        return self.mean(features).mul(2), self.log_std(features)


# %% right: residual blocks with RMSNorm
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inp = nn.Linear(state_dim, hidden_dim)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.RMSNorm(hidden_dim), nn.Linear(hidden_dim, hidden_dim), nn.GELU()) for _ in range(2)
        )
        self.out = nn.Linear(hidden_dim, 2 * action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.orthogonal_(module.weight, 0.7)
                nn.init.constant_(module.bias, 0)

    def forward(self, state):
        x = torch.tanh(self.inp(state))
        for block in self.blocks:
            x = x + block(x)
        mean, log_std = torch.tensor_split(self.out(x), 2, dim=-1)
        low, high = mean.new_tensor(-20.0), mean.new_tensor(2.0)
        return torch.tanh(mean) * 2, torch.minimum(torch.maximum(log_std, low), high)


# %% right: heads see the state once more
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.first = nn.Linear(state_dim, hidden_dim)
        self.second = nn.Linear(hidden_dim + state_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim + state_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim + state_dim, action_dim)
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name.endswith("weight"):
                    nn.init.orthogonal_(parameter, gain=0.1 if "mean" in name else 1.0)
                else:
                    parameter.zero_()

    def forward(self, state):
        x = torch.relu(self.first(state))
        x = torch.relu(self.second(torch.cat([x, state], dim=-1)))
        x = torch.cat([x, state], dim=-1)
        log_std = self.log_std(x)
        log_std = torch.where(log_std > 2, torch.full_like(log_std, 2.0), log_std)
        log_std = torch.where(log_std < -20, torch.full_like(log_std, -20.0), log_std)
        return 2 * (1 - 2 / (torch.exp(2 * self.mean(x)) + 1)), log_std


# %% right: the mean of two networks before the tanh
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.nets = nn.ModuleList()
        for _ in range(2):
            net = nn.Sequential(
                nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 2 * action_dim)
            )
            for layer in (net[0], net[2]):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)
            self.nets.append(net)
        self.n = action_dim

    def forward(self, state):
        out = torch.stack([net(state) for net in self.nets]).mean(0)
        return 2 * out[..., : self.n].tanh(), out[..., self.n :].clip(-20, 2)


# %% right: wider in the middle, a narrow neck at the end
def layer(n, m, gain=2**0.5):
    linear = nn.Linear(n, m)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(
            layer(state_dim, hidden_dim), nn.LeakyReLU(),
            layer(hidden_dim, 2 * hidden_dim), nn.LeakyReLU(),
            layer(2 * hidden_dim, hidden_dim // 2), nn.LeakyReLU(),
        )
        self.mu, self.sigma = layer(hidden_dim // 2, action_dim, 0.01), layer(hidden_dim // 2, action_dim, 0.01)

    def forward(self, state):
        h = self.net(state)
        return 2 * F.tanh(self.mu(h)), F.hardtanh(self.sigma(h), -20, 2)


# %% right: a gated linear unit
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, 2 * hidden_dim), nn.GLU(), nn.Linear(hidden_dim, 2 * action_dim))
        nn.init.orthogonal_(self.net[0].weight)
        nn.init.zeros_(self.net[0].bias)
        nn.init.orthogonal_(self.net[2].weight)
        nn.init.zeros_(self.net[2].bias)

    def forward(self, state):
        out = self.net(state)
        n = out.shape[-1] // 2
        return 2 * torch.tanh(out[..., :n]), torch.clamp(out[..., n:], min=-20.0, max=2.0)


# %% right: a constant offset before the clamp
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Linear(state_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in (self.body, self.mean, self.log_std):
            nn.init.orthogonal_(module.weight, 0.3)
            module.bias.data.zero_()

    def forward(self, state):
        x = torch.tanh(self.body(state))
        return 2 * torch.tanh(self.mean(x)), torch.clamp(self.log_std(x) - 0.5, -20, 2)


# %% right: spectral norm around orthogonal layers
from torch.nn.utils.parametrizations import spectral_norm


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        layers = [nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)]
        for one in layers:
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)
        self.body = nn.Sequential(spectral_norm(layers[0]), nn.ReLU(), spectral_norm(layers[1]), nn.ReLU())
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for head in (self.mean, self.log_std):
            nn.init.orthogonal_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, state):
        x = self.body(state)
        return 2 * torch.tanh(self.mean(x)), self.log_std(x).clamp(-20, 2)


# %% right: matrices in a ParameterDict and einsum
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.w = nn.ParameterDict({
            "body": torch.empty(hidden_dim, state_dim),
            "mean": torch.empty(action_dim, hidden_dim),
            "log_std": torch.empty(action_dim, hidden_dim),
        })
        self.b = nn.ParameterDict({name: torch.zeros(len(weight)) for name, weight in self.w.items()})
        for weight in self.w.values():
            nn.init.orthogonal_(weight)

    def layer(self, name, x):
        return torch.einsum("...i,oi->...o", x, self.w[name]) + self.b[name]

    def forward(self, state):
        x = torch.sin(self.layer("body", state))
        return self.layer("mean", x).tanh() * 2.0, self.layer("log_std", x).clamp(-20.0, 2.0)


# %% right: a batch axis put on and taken off, outputs in a list
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc = nn.Linear(state_dim, hidden_dim)
        self.heads = nn.ModuleList([nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)])
        for one in [self.fc, *self.heads]:
            nn.init.orthogonal_(one.weight, gain=1.0)
            nn.init.zeros_(one.bias)

    def forward(self, state):
        single = state.dim() == 1
        x = F.silu(self.fc(state.unsqueeze(0) if single else state))
        mean, log_std = [head(x) for head in self.heads]
        outputs = [torch.tanh(mean) * 2, torch.clamp(log_std, -20, 2)]
        return [out.squeeze(0) for out in outputs] if single else outputs


# %% right: outputs in a named tuple
from typing import NamedTuple


class Policy(NamedTuple):
    mean: torch.Tensor
    log_std: torch.Tensor


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for one in self.children():
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)

    def forward(self, state):
        x = F.celu(self.fc2(F.celu(self.fc1(state))))
        return Policy(mean=2 * torch.tanh(self.mean(x)), log_std=torch.clamp(self.log_std(x), -20, 2))


# %% right: orthogonal by the SVD of random numbers
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Softsign())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for one in (self.net[0], self.mean, self.log_std):
            u, _, vh = torch.linalg.svd(torch.randn(one.weight.shape), full_matrices=False)
            one.weight = nn.Parameter(u @ vh)
            one.bias = nn.Parameter(torch.zeros(one.out_features))

    def forward(self, state):
        x = self.net(state)
        return torch.tanh(self.mean(x)) * 2, torch.clamp(self.log_std(x), -20, 2)


# %% right: deviation made first, its logarithm taken, the limits on the deviation
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc = nn.Linear(state_dim, hidden_dim)
        self.mean, self.rough = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for one in (self.fc, self.mean, self.rough):
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)

    def forward(self, state):
        x = torch.relu(self.fc(state))
        log_std = F.logsigmoid(self.rough(x)) + self.rough(x)
        return 2 * torch.tanh(self.mean(x)), torch.clamp(log_std, -20, 2)


# %% right: convolutions of width one
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc = nn.Conv1d(state_dim, hidden_dim, 1)
        self.mean, self.log_std = nn.Conv1d(hidden_dim, action_dim, 1), nn.Conv1d(hidden_dim, action_dim, 1)
        for one in (self.fc, self.mean, self.log_std):
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)

    def forward(self, state):
        x = torch.relu(self.fc(state.unsqueeze(-1)))
        return 2 * torch.tanh(self.mean(x).squeeze(-1)), torch.clamp(self.log_std(x).squeeze(-1), -20, 2)


# %% right: a mixture of two bodies, chosen by a softmax
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.experts = nn.ModuleList(nn.Linear(state_dim, hidden_dim) for _ in range(2))
        self.choice = nn.Linear(state_dim, 2)
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for one in self.modules():
            if isinstance(one, nn.Linear):
                nn.init.orthogonal_(one.weight)
                nn.init.zeros_(one.bias)

    def forward(self, state):
        share = self.choice(state).softmax(-1)
        x = sum(share[..., k : k + 1] * torch.tanh(one(state)) for k, one in enumerate(self.experts))
        return 2 * torch.tanh(self.mean(x)), torch.clamp(self.log_std(x), -20, 2)


# %% wrong: test_gaussian_actor log_std_not_clamped: nothing done about large deviations
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: the bounds of the action
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -2, 2)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: minus two to twenty
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), min=-2, max=20)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: bounds of another tutorial
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), torch.clamp(self.log_std(h), -5, 1)


# %% wrong: test_gaussian_actor log_std_state_independent: a parameter of its own
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        for layer in (self.body[0], self.mean):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.log_std = nn.Parameter(torch.zeros(1, action_dim))

    def forward(self, state):
        mean = 2 * torch.tanh(self.mean(self.body(state)))
        return mean, torch.zeros_like(mean) + self.log_std.clamp(-20, 2)[0]


# %% wrong: test_gaussian_actor mean_not_bounded: the mean as the layer gives it
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return self.mean(h), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor mean_wrong_scale: a tanh and no 2
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor mean_wrong_scale: the 2 within
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return torch.tanh(self.mean(h) * 2), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor mean_not_tanh: clipped instead
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return torch.clamp(self.mean(h), -2, 2), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor init_not_orthogonal: as torch makes them, only biases set
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, hidden_dim), nn.ReLU())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)


# %% wrong: test_gaussian_actor init_not_orthogonal: only the body
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU())
        nn.init.orthogonal_(self.body[0].weight)
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for layer in (self.body[0], self.mean, self.log_std):
            layer.bias.data.zero_()


# %% wrong: test_gaussian_actor bias_not_zero: only weights set
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, hidden_dim), nn.ReLU())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.orthogonal_(module.weight, 2**0.5)


# %% wrong: test_gaussian_actor std_returned: the deviation, for it is needed later
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2).exp()


# %% wrong: test_gaussian_actor wrong_shape: squeezes everything
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mean(h)).squeeze(), self.log_std(h).clamp(-20, 2).squeeze()


# %% wrong: test_gaussian_actor wrong_return_order: deviation first
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return torch.clamp(self.log_std(h), -20, 2), torch.tanh(self.mean(h)) * 2


# %% wrong: test_gaussian_actor no_nonlinearity: linear layers only
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim))
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.orthogonal_(module.weight)
                nn.init.zeros_(module.bias)


# %% wrong: test_gaussian_actor hidden_dims_ignored: 64 written down
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh())
        self.mean = nn.Linear(64, action_dim)
        self.log_std = nn.Linear(64, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.orthogonal_(module.weight)
                nn.init.zeros_(module.bias)


# %% wrong: test_gaussian_actor single_state_fails: splits the second axis
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, 2 * action_dim))
        self.action_dim = action_dim
        for layer in (self.net[0], self.net[2]):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        out = self.net(state)
        return 2 * torch.tanh(out[:, : self.action_dim]), out[:, self.action_dim :].clamp(-20, 2)


# %% wrong: test_gaussian_actor params_not_registered: layers in a plain list
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.layers = [nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)]
        for layer in self.layers:
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        mean, log_std = self.layers[1](torch.tanh(self.layers[0](state))).chunk(2, -1)
        return 2 * mean.tanh(), log_std.clamp(-20, 2)


# %% wrong: test_gaussian_actor not_implemented: forward left as it was
class ActorNetwork(nn.Module):
    def forward(self, state):
        raise NotImplementedError


# %% wrong: test_gaussian_actor raises: a layer that is not there
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.net(state)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor log_std_not_clamped: a tanh stretched over the range
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        log_std = torch.tanh(self.log_std(h))
        return 2 * torch.tanh(self.mean(h)), -20 + 0.5 * 22 * (log_std + 1)


# %% wrong: test_gaussian_actor mean_wrong_scale + test_gaussian_actor log_std_not_clamped: two mistakes
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return torch.tanh(self.mean(h)), self.log_std(h)


# %% wrong: test_gaussian_actor log_std_not_clamped: only the first coordinate is clamped
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        log_std = self.log_std(h)
        log_std = torch.cat([log_std[..., :1].clamp(-20, 2), log_std[..., 1:]], -1)
        return 2 * torch.tanh(self.mean(h)), log_std


# %% wrong: test_gaussian_actor mean_not_bounded: a tanh for the first coordinate only
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        mean = self.mean(h)
        return torch.cat([2 * torch.tanh(mean[..., :1]), mean[..., 1:]], -1), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor rows_mixed: a single state goes past the tanh and the clamp
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        if state.ndim == 1:
            return self.mean(h), self.log_std(h)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor rows_mixed: a softmax over the batch
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = torch.softmax(self.body(state), dim=0)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor body_not_trained: no graph for the body
class ActorNetwork(nn.Module):
    def forward(self, state):
        with torch.no_grad():
            h = self.body(state)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor no_gradient: no graph at all
class ActorNetwork(nn.Module):
    def forward(self, state):
        with torch.no_grad():
            h = self.body(state)
            return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor output_random: dropout in the body
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = F.dropout(self.body(state), 0.1)
        return 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)


# %% wrong: test_gaussian_actor bias_not_zero: own vectors of a tenth
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.w1 = nn.Parameter(nn.init.orthogonal_(torch.empty(hidden_dim, state_dim)))
        self.w2 = nn.Parameter(nn.init.orthogonal_(torch.empty(2 * action_dim, hidden_dim)))
        self.b1 = nn.Parameter(torch.full((hidden_dim,), 0.1))
        self.b2 = nn.Parameter(torch.full((2 * action_dim,), 0.1))

    def forward(self, state):
        mean, log_std = (torch.tanh(state @ self.w1.T + self.b1) @ self.w2.T + self.b2).chunk(2, -1)
        return 2 * mean.tanh(), log_std.clamp(-20, 2)


# %% wrong: test_gaussian_actor part_of_state_ignored: looks at three numbers, as Pendulum has
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.out = nn.Linear(3, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state[..., :3]))).chunk(2, -1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% wrong: test_gaussian_actor log_std_not_clamped: clamp called, its result thrown away
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        log_std = self.log_std(x)
        log_std.clamp(-20, 2)
        return 2 * torch.tanh(self.mean(x)), log_std


# %% wrong: test_gaussian_actor log_std_not_clamped: only from above
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return 2 * torch.tanh(self.mean(x)), self.log_std(x).clamp(max=2)


# %% wrong: test_gaussian_actor log_std_not_clamped: only from below
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return 2 * torch.tanh(self.mean(x)), torch.clamp(self.log_std(x), min=-20)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: bounds meant for the deviation
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        log_std = torch.log(torch.exp(self.log_std(x)).clamp(1e-6, 2))
        return 2 * torch.tanh(self.mean(x)), log_std


# %% wrong: test_gaussian_actor std_returned: exp after the clamp
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return torch.tanh(self.mean(x)) * 2, torch.clamp(self.log_std(x), -20, 2).exp()


# %% wrong: test_gaussian_actor mean_not_tanh: 2 sin
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return 2 * torch.sin(self.mean(x)), torch.clamp(self.log_std(x), -20, 2)


# %% wrong: test_gaussian_actor mean_not_tanh: softsign
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return 2 * F.softsign(self.mean(x)), torch.clamp(self.log_std(x), -20, 2)


# %% wrong: test_gaussian_actor mean_not_tanh: a sigmoid from zero to two
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return 2 * torch.sigmoid(self.mean(x)), torch.clamp(self.log_std(x), -20, 2)


# %% wrong: test_gaussian_actor init_not_orthogonal: xavier
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)


# %% wrong: test_gaussian_actor init_not_orthogonal: apply with the wrong class name
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for module in self.children():
            if type(module) is nn.Linear:
                nn.init.orthogonal_(module.weight)
            if hasattr(module, "bias"):
                nn.init.zeros_(module.bias)
        nn.init.zeros_(self.body[0].bias)


# %% wrong: test_gaussian_actor bias_not_zero: ones
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for layer in (self.body[0], self.mean, self.log_std):
            nn.init.orthogonal_(layer.weight)
            nn.init.ones_(layer.bias)


# %% wrong: test_gaussian_actor bias_not_zero: log_std begins at minus one by its bias
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for layer in (self.body[0], self.mean, self.log_std):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.log_std.bias, -1.0)


# %% wrong: test_gaussian_actor wrong_shape: one number of log_std for all coordinates
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, 1)
        for layer in (self.body[0], self.mean, self.log_std):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)


# %% wrong: test_gaussian_actor log_std_not_clamped: a soft clamp
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        log_std = -20 + 22 * torch.sigmoid(self.log_std(x))
        return 2 * torch.tanh(self.mean(x)), log_std


# %% wrong: test_gaussian_actor single_state_fails: cat along axis one
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = torch.cat([self.body(state)], dim=1)
        return 2 * torch.tanh(self.mean(x)), self.log_std(x).clamp(-20, 2)


# %% wrong: test_gaussian_actor mean_wrong_scale + test_gaussian_actor init_not_orthogonal: within one, as torch makes it
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for one in (self.body[0], self.mean, self.log_std):
            nn.init.zeros_(one.bias)

    def forward(self, state):
        x = self.body(state)
        return torch.tanh(self.mean(x)), self.log_std(x).clamp(-20, 2)


# %% wrong: test_gaussian_actor std_returned + test_gaussian_actor mean_not_bounded: a plain mean and a deviation
class ActorNetwork(nn.Module):
    def forward(self, state):
        x = self.body(state)
        return self.mean(x), self.log_std(x).clamp(-20, 2).exp()


# %% wrong: test_gaussian_actor log_std_state_independent + test_gaussian_actor mean_wrong_scale: one parameter, a tanh without its 2
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        for one in (self.body[0], self.mean):
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)
        self.log_std = nn.Parameter(torch.full((action_dim,), -0.7))

    def forward(self, state):
        mean = torch.tanh(self.mean(self.body(state)))
        return mean, self.log_std.clamp(-20, 2).expand(mean.shape)


# %% wrong: test_gaussian_actor init_not_orthogonal + test_gaussian_actor bias_not_zero: nothing done about the start
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Tanh(), nn.Linear(hidden_dim, hidden_dim), nn.Tanh())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)


# %% wrong: test_gaussian_actor log_std_state_independent: a row of zeros and a parameter
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU())
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Parameter(torch.zeros(1, action_dim))
        for one in (self.body[0], self.mean):
            nn.init.orthogonal_(one.weight)
            nn.init.zeros_(one.bias)

    def forward(self, state):
        mean = 2 * torch.tanh(self.mean(self.body(state)))
        return mean, torch.zeros_like(mean) + self.log_std.reshape(-1).clamp(-20, 2)


# %% wrong: test_gaussian_actor log_std_state_independent: a parameter of minus a half, expanded
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.mu = nn.Linear(hidden_dim, action_dim)
        for layer in (self.fc1, self.fc2, self.mu):
            nn.init.orthogonal_(layer.weight, 2**0.5)
            nn.init.constant_(layer.bias, 0.0)
        self.log_std = nn.Parameter(-0.5 * torch.ones(action_dim))
        self.log_std_bias = nn.Parameter(torch.rand(action_dim))

    def forward(self, state):
        mean = 2 * torch.tanh(self.mu(torch.tanh(self.fc2(torch.tanh(self.fc1(state))))))
        log_std = torch.clamp(self.log_std + self.log_std_bias, -20, 2)
        return mean, log_std.expand_as(mean)


# %% right: batch norm that falls back to its running numbers for one row
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.norm = nn.Linear(state_dim, hidden_dim), nn.BatchNorm1d(hidden_dim)
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for layer in (self.inner, self.mean, self.log_std):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        self.norm.train(self.training and state.ndim > 1 and len(state) > 1)
        h = torch.relu(self.norm(self.inner(torch.atleast_2d(state))))
        mean, log_std = 2 * torch.tanh(self.mean(h)), self.log_std(h).clamp(-20, 2)
        return mean.view(*state.shape[:-1], -1), log_std.view(*state.shape[:-1], -1)


# %% right: shifts kept as rows of zeros
class Affine(nn.Module):
    def __init__(self, n_in, n_out, gain=1.0):
        super().__init__()
        self.matrix = nn.Parameter(nn.init.orthogonal_(torch.empty(n_in, n_out), gain))
        self.shift = nn.Parameter(torch.zeros(1, n_out))

    def forward(self, x):
        return torch.addmm(self.shift, x, self.matrix)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(Affine(state_dim, hidden_dim, 2**0.5), nn.Tanh())
        self.mean, self.log_std = Affine(hidden_dim, action_dim, 0.01), Affine(hidden_dim, action_dim, 0.01)

    def forward(self, state):
        h = self.body(state.reshape(-1, state.shape[-1]))
        mean, log_std = 2 * self.mean(h).tanh(), self.log_std(h).clamp(-20, 2)
        return mean.reshape(*state.shape[:-1], -1), log_std.reshape(*state.shape[:-1], -1)


# %% right: a layer normalisation written by hand, gamma and beta kept as rows
class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(1, width)), nn.Parameter(torch.zeros(1, width))

    def forward(self, x):
        centred = x - x.mean(-1, keepdim=True)
        out = self.gamma * centred / (x.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt() + self.beta
        return out.reshape(x.shape)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), Norm(hidden_dim), nn.ReLU())
        self.heads = nn.ModuleList([nn.Linear(hidden_dim, action_dim) for _ in range(2)])
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.heads[0](h)), torch.clamp(self.heads[1](h), -20, 2)


# %% right: the state weighted number by number before the first layer
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.importance = nn.Parameter(torch.randn(state_dim))
        self.inner = nn.Linear(state_dim, hidden_dim)
        self.out = nn.Linear(hidden_dim, 2 * action_dim)
        for layer in (self.inner, self.out):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state * self.importance))).chunk(2, -1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% right: heads are lists of vectors, one for each coordinate
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner = nn.Linear(state_dim, hidden_dim)
        nn.init.orthogonal_(self.inner.weight)
        nn.init.zeros_(self.inner.bias)
        vectors = lambda: nn.ParameterList([nn.Parameter(torch.randn(hidden_dim) / hidden_dim) for _ in range(action_dim)])
        self.mean_weights, self.log_std_weights = vectors(), vectors()

    def forward(self, state):
        h = torch.tanh(self.inner(state))
        mean = torch.stack([h @ w for w in self.mean_weights], dim=-1)
        log_std = torch.stack([h @ w for w in self.log_std_weights], dim=-1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% right: one matrix for both heads, each half made orthogonal by itself
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner, self.out = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, 2 * action_dim)
        nn.init.orthogonal_(self.inner.weight)
        for half in self.out.weight.data.chunk(2):
            nn.init.orthogonal_(half, 0.01)
        for layer in (self.inner, self.out):
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        mean, log_std = self.out(torch.tanh(self.inner(state))).chunk(2, -1)
        return 2 * torch.tanh(mean), log_std.clamp(-20, 2)


# %% wrong: test_gaussian_actor bias_not_zero: a trained offset of the deviation, minus a half
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.inner = nn.Linear(state_dim, hidden_dim)
        self.mean, self.log_std = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        self.start = nn.Parameter(-0.5 * torch.ones(action_dim))
        for layer in (self.inner, self.mean, self.log_std):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, state):
        h = torch.tanh(self.inner(state))
        return 2 * torch.tanh(self.mean(h)), (self.log_std(h) + self.start).clamp(-20, 2)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: bounds of the clamp change places
class ActorNetwork(nn.Module):
    def forward(self, state):
        h = self.body(state)
        return 2 * self.mean(h).tanh(), torch.clamp(self.log_std(h), 2, -20)


# %% right: concatenated ReLU both signs
class CReLU(nn.Module):
    def forward(self, x):
        return torch.cat([F.relu(x), F.relu(-x)], dim=-1)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.l1 = nn.Linear(state_dim, hidden_dim)
        self.l2 = nn.Linear(2 * hidden_dim, hidden_dim)
        self.mu = nn.Linear(2 * hidden_dim, action_dim)
        self.sg = nn.Linear(2 * hidden_dim, action_dim)
        self.act = CReLU()
        for l in [self.l1, self.l2, self.mu, self.sg]:
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        h = self.act(self.l1(state))
        h = self.act(self.l2(h))
        return self.mu(h).tanh().mul(2), self.sg(h).clip(-20, 2)


# %% right: GroupNorm on the features, input scaled
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.a = nn.Linear(state_dim, hidden_dim)
        self.n = nn.LayerNorm(hidden_dim, elementwise_affine=False)
        self.b = nn.Linear(hidden_dim, hidden_dim)
        self.mean_out = nn.Linear(hidden_dim, action_dim)
        self.std_out = nn.Linear(hidden_dim, action_dim)
        for m in self.children():
            if hasattr(m, "weight") and m.weight is not None:
                nn.init.orthogonal_(m.weight, gain=0.5)
            if hasattr(m, "bias") and m.bias is not None:
                nn.init.zeros_(m.bias)

    def forward(self, state):
        x = torch.tanh(self.n(self.a(state * 0.5)))
        x = torch.tanh(self.b(x)) + x
        return 2 * torch.tanh(self.mean_out(x)), torch.clamp(self.std_out(x), -20, 2)


# %% right: input as list of vectors stacked, vmap over batch
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.Softplus(), nn.Linear(hidden_dim, hidden_dim), nn.Softplus())
        self.heads = nn.Linear(hidden_dim, 2 * action_dim)
        self.n = action_dim
        with torch.no_grad():
            for lin in [self.net[0], self.net[2]]:
                nn.init.orthogonal_(lin.weight)
                lin.bias.zero_()
            nn.init.orthogonal_(self.heads.weight[: self.n], gain=0.01)
            nn.init.orthogonal_(self.heads.weight[self.n :], gain=0.01)
            self.heads.bias.zero_()

    def _one(self, s):
        y = self.heads(self.net(s))
        return 2 * torch.tanh(y[: self.n]), torch.clamp(y[self.n :], -20, 2)

    def forward(self, state):
        if state.ndim == 1:
            return self._one(state)
        pairs = [self._one(s) for s in state]
        return torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])


# %% right: learnable activation Swish with beta
class Swish(nn.Module):
    def __init__(self):
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return x * torch.sigmoid(self.beta * x)


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)
        self.a1, self.a2 = Swish(), Swish()
        self.mu, self.ls = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for l, g in ((self.fc1, 2 ** .5), (self.fc2, 2 ** .5), (self.mu, 0.01), (self.ls, 0.01)):
            nn.init.orthogonal_(l.weight, g), nn.init.zeros_(l.bias)

    def forward(self, state):
        x = self.a2(self.fc2(self.a1(self.fc1(state))))
        return 2 * torch.tanh(self.mu(x)), torch.clamp(self.ls(x), -20, 2)


# %% right: InstanceNorm-like normalisation of input by its own norm
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.norm = nn.LayerNorm(state_dim)
        self.inp = nn.Linear(state_dim, hidden_dim)
        self.mid = nn.Linear(hidden_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim, action_dim)
        self.log_std = nn.Linear(hidden_dim, action_dim)
        for l in (self.inp, self.mid, self.mean, self.log_std):
            nn.init.orthogonal_(l.weight, gain=1)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = F.silu(self.inp(self.norm(state)))
        x = F.silu(self.mid(x))
        return 2 * torch.tanh(self.mean(x)), self.log_std(x).clamp(-20, 2)


# %% right: embedding of states by fourier features with fixed random buffer
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.register_buffer("freq", torch.randn(state_dim, hidden_dim))
        self.fc = nn.Linear(2 * hidden_dim, hidden_dim)
        self.mu = nn.Linear(hidden_dim, action_dim)
        self.ls = nn.Linear(hidden_dim, action_dim)
        for l in (self.fc, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        p = state @ self.freq
        h = torch.relu(self.fc(torch.cat([p.sin(), p.cos()], -1)))
        return 2 * torch.tanh(self.mu(h)), torch.clamp(self.ls(h), -20, 2)


# %% wrong: test_gaussian_actor log_std_wrong_bounds: min=-20, max=-2
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.mu = nn.Linear(hidden_dim, action_dim)
        self.ls = nn.Linear(hidden_dim, action_dim)
        for l in (self.fc1, self.fc2, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = torch.tanh(self.fc1(state))
        x = torch.tanh(self.fc2(x))
        return 2 * torch.tanh(self.mu(x)), torch.clamp(self.ls(x), -20, -2)


# %% wrong: test_gaussian_actor std_returned: clamp then exp, sqrt
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.mu = nn.Linear(hidden_dim, action_dim)
        self.ls = nn.Linear(hidden_dim, action_dim)
        for l in (self.fc1, self.fc2, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = torch.tanh(self.fc1(state))
        x = torch.tanh(self.fc2(x))
        return 2 * torch.tanh(self.mu(x)), torch.exp(0.5 * torch.clamp(self.ls(x), -20, 2))


# %% wrong: test_gaussian_actor std_returned: exp then clamped positive
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1 = nn.Linear(state_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, hidden_dim)
        self.mu = nn.Linear(hidden_dim, action_dim)
        self.ls = nn.Linear(hidden_dim, action_dim)
        for l in (self.fc1, self.fc2, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = torch.tanh(self.fc1(state))
        x = torch.tanh(self.fc2(x))
        return 2 * torch.tanh(self.mu(x)), torch.clamp(self.ls(x).exp(), 1e-6, 2)


# %% right: actor with a learnable scalar temperature of log_std (0-d parameter)
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)
        self.mu, self.ls = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        self.scale = nn.Parameter(torch.tensor(1.0))
        for l in (self.fc1, self.fc2, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = torch.relu(self.fc2(torch.relu(self.fc1(state))))
        return 2 * torch.tanh(self.mu(x)), torch.clamp(self.scale * self.ls(x), -20, 2)


# %% right: ReZero gate 0-d, zero at the start
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, hidden_dim)
        self.mu, self.ls = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        self.alpha = nn.Parameter(torch.tensor(0.0))
        for l in (self.fc1, self.fc2, self.mu, self.ls):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        x = torch.relu(self.fc1(state))
        x = x + self.alpha * torch.relu(self.fc2(x))
        return 2 * torch.tanh(self.mu(x)), torch.clamp(self.ls(x), -20, 2)


# %% wrong: test_gaussian_actor normalisation_changed: LayerNorm's shift set to a tenth
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.LayerNorm(hidden_dim), nn.Tanh())
        self.mu, self.ls = nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        for m in [self.body[0], self.mu, self.ls]:
            nn.init.orthogonal_(m.weight)
            nn.init.zeros_(m.bias)
        nn.init.constant_(self.body[1].bias, 0.1)
        nn.init.constant_(self.body[1].weight, 0.1)

    def forward(self, state):
        h = self.body(state)
        return 2 * torch.tanh(self.mu(h)), self.ls(h).clamp(-20, 2)


# %% right: own matrices named a and b
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        ortho = lambda o, i: nn.Parameter(nn.init.orthogonal_(torch.empty(o, i)))
        self.a = ortho(hidden_dim, state_dim)
        self.b = ortho(hidden_dim, hidden_dim)
        self.c = ortho(action_dim, hidden_dim)
        self.d = ortho(action_dim, hidden_dim)

    def forward(self, state):
        h = torch.tanh(F.linear(torch.tanh(F.linear(state, self.a)), self.b))
        return 2 * torch.tanh(F.linear(h, self.c)), F.linear(h, self.d).clamp(-20, 2)


# %% right: two branches, matrices W_a and W_b
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        ortho = lambda o, i: nn.Parameter(nn.init.orthogonal_(torch.empty(o, i)))
        self.W_a, self.W_b = ortho(hidden_dim, state_dim), ortho(hidden_dim, state_dim)
        self.W_mean, self.W_std = ortho(action_dim, hidden_dim), ortho(action_dim, hidden_dim)

    def forward(self, state):
        h = torch.tanh(F.linear(state, self.W_a)) * torch.sigmoid(F.linear(state, self.W_b))
        return 2 * torch.tanh(F.linear(h, self.W_mean)), F.linear(h, self.W_std).clamp(-20, 2)


# %% right: parameter named mean_bias is a matrix that keeps orthogonal rows
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.fc, self.m, self.s = nn.Linear(state_dim, hidden_dim), nn.Linear(hidden_dim, action_dim), nn.Linear(hidden_dim, action_dim)
        self.bias_net = nn.Linear(state_dim, action_dim)
        for l in (self.fc, self.m, self.s, self.bias_net):
            nn.init.orthogonal_(l.weight)
            nn.init.zeros_(l.bias)

    def forward(self, state):
        h = torch.tanh(self.fc(state))
        return 2 * torch.tanh(self.m(h) + self.bias_net(state)), torch.clamp(self.s(h), -20, 2)


# %% wrong: test_gaussian_actor log_std_state_independent: one number for all coordinates and states
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.hidden = nn.Linear(state_dim, hidden_dim)
        self.mean = nn.Linear(hidden_dim, action_dim)
        for layer in (self.hidden, self.mean):
            nn.init.orthogonal_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.log_std = nn.Parameter(torch.zeros(1))

    def forward(self, state):
        mean = 2 * torch.tanh(self.mean(torch.tanh(self.hidden(state))))
        return mean, self.log_std.clamp(-20, 2).expand_as(mean)


# %% wrong: test_gaussian_actor log_std_state_independent: the mean times nothing, and one number
class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.log_std = nn.Parameter(torch.tensor(-0.5))
        self.net = nn.Sequential(nn.Linear(state_dim, hidden_dim), nn.ReLU(), nn.Linear(hidden_dim, action_dim))
        for name, part in self.net.named_parameters():
            (nn.init.orthogonal_ if name.endswith("weight") else nn.init.zeros_)(part)

    def forward(self, state):
        mean = self.net(state).tanh() * 2
        return mean, (0 * mean + self.log_std).clamp(min=-20, max=2)
