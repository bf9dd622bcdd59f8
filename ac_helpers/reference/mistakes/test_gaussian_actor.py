"""Wrong versions of `ActorNetwork`."""

import torch
from torch import nn

from ac_helpers.reference import gaussian_actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


class _Actor(right.ActorNetwork):
    """The right network in pieces; a mistake replaces one of them."""

    def squash(self, values):
        return 2 * torch.tanh(values)

    def bound(self, values):
        return values.clamp(-20, 2)

    def forward(self, state):
        features = self.body(state)
        return self.squash(self.mean(features)), self.bound(self.log_std(features))


@BANK.mistake("log_std_not_clamped")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values


@BANK.mistake("log_std_not_clamped")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(max=2)


@BANK.mistake("log_std_not_clamped")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(min=-20)


@BANK.mistake("log_std_wrong_bounds")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-2, 20)


@BANK.mistake("log_std_wrong_bounds")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-5, 2)


@BANK.mistake("log_std_wrong_bounds")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-2, 2)


@BANK.mistake("log_std_wrong_bounds")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-20, 0)


@BANK.mistake("log_std_not_clamped")
class ActorNetwork(_Actor):
    def bound(self, values):
        return -20 + 11 * (torch.tanh(values) + 1)


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-20, 2).exp()


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.exp()


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return nn.functional.softplus(values)


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.exp().clamp(-20, 2)


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.exp().clamp(1e-6, 2)


@BANK.mistake("std_returned")
class ActorNetwork(_Actor):
    def bound(self, values):
        return (values.clamp(-20, 2) / 2).exp()


@BANK.mistake("log_std_state_independent")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        self.log_std = nn.Parameter(torch.zeros(action_dim))

    def forward(self, state):
        mean = self.squash(self.mean(self.body(state)))
        return mean, self.bound(self.log_std).expand_as(mean)


@BANK.mistake("log_std_state_independent")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        self.log_std = nn.Parameter(torch.zeros(1))

    def forward(self, state):
        mean = self.squash(self.mean(self.body(state)))
        return mean, self.bound(self.log_std) + torch.zeros_like(mean)


@BANK.mistake("mean_not_bounded")
class ActorNetwork(_Actor):
    def squash(self, values):
        return values


@BANK.mistake("mean_not_bounded")
class ActorNetwork(_Actor):
    def squash(self, values):
        return 2 * values


@BANK.mistake("mean_wrong_scale")
class ActorNetwork(_Actor):
    def squash(self, values):
        return torch.tanh(values)


@BANK.mistake("mean_wrong_scale")
class ActorNetwork(_Actor):
    def squash(self, values):
        return torch.tanh(2 * values)


@BANK.mistake("mean_not_tanh")
class ActorNetwork(_Actor):
    def squash(self, values):
        return values.clamp(-2, 2)


@BANK.mistake("mean_not_tanh")
class ActorNetwork(_Actor):
    def squash(self, values):
        return 2 * torch.sigmoid(values)


@BANK.mistake("mean_not_tanh")
class ActorNetwork(_Actor):
    def squash(self, values):
        return 2 * torch.sin(values)


@BANK.mistake("mean_not_tanh")
class ActorNetwork(_Actor):
    def squash(self, values):
        return 2 * nn.functional.softsign(values)


@BANK.mistake("init_not_orthogonal")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        for layer in (self.body[0], self.body[2], self.mean, self.log_std):
            nn.init.xavier_uniform_(layer.weight)


@BANK.mistake("init_not_orthogonal")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        nn.init.zeros_(self.mean.weight)


@BANK.mistake("bias_not_zero")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        for layer in (self.body[0], self.body[2], self.mean, self.log_std):
            nn.init.uniform_(layer.bias, -0.1, 0.1)


@BANK.mistake("bias_not_zero")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        nn.init.constant_(self.log_std.bias, -0.5)


@BANK.mistake("normalisation_changed")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        self.body.append(nn.LayerNorm(hidden_dim))
        nn.init.constant_(self.body[-1].bias, 0.1)


@BANK.mistake("log_std_wrong_bounds")
class ActorNetwork(_Actor):
    def bound(self, values):
        return values.clamp(-20, -2)


@BANK.mistake("wrong_shape")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return mean.squeeze(), log_std.squeeze()


@BANK.mistake("wrong_shape")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return mean.squeeze(-1), log_std.squeeze(-1)


@BANK.mistake("wrong_shape")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return mean, log_std.mean(-1, keepdim=True)


@BANK.mistake("wrong_shape")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return torch.atleast_2d(mean), torch.atleast_2d(log_std)


@BANK.mistake("single_state_fails")
class ActorNetwork(_Actor):
    def forward(self, state):
        features = self.body(state)
        joined = torch.cat([self.mean(features), self.log_std(features)], dim=1)
        mean, log_std = joined.chunk(2, dim=1)
        return self.squash(mean), self.bound(log_std)


@BANK.mistake("wrong_return_order")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return log_std, mean


@BANK.mistake("no_nonlinearity")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        self.body = nn.Sequential(self.body[0], self.body[2])


@BANK.mistake("hidden_dims_ignored")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, 64)


@BANK.mistake("hidden_dims_ignored")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, 128)


@BANK.mistake("params_not_registered")
class ActorNetwork(_Actor):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__(state_dim, action_dim, hidden_dim)
        self.heads = [self.mean, self.log_std]
        del self.mean, self.log_std

    def forward(self, state):
        features = self.body(state)
        mean, log_std = (head(features) for head in self.heads)
        return self.squash(mean), self.bound(log_std)


@BANK.mistake("coordinates_alike")
class ActorNetwork(_Actor):
    def forward(self, state):
        mean, log_std = super().forward(state)
        return mean[..., :1].expand_as(mean), log_std[..., :1].expand_as(log_std)


@BANK.mistake("no_gradient")
class ActorNetwork(_Actor):
    @torch.no_grad()
    def forward(self, state):
        return super().forward(state)


@BANK.mistake("body_not_trained")
class ActorNetwork(_Actor):
    def forward(self, state):
        features = self.body(state).detach()
        return self.squash(self.mean(features)), self.bound(self.log_std(features))


@BANK.mistake("output_random")
class ActorNetwork(_Actor):
    def forward(self, state):
        features = nn.functional.dropout(self.body(state), 0.2)
        return self.squash(self.mean(features)), self.bound(self.log_std(features))


@BANK.mistake("rows_mixed")
class ActorNetwork(_Actor):
    def forward(self, state):
        features = self.body(state)
        features = torch.softmax(features, 0) if state.ndim > 1 else features
        return self.squash(self.mean(features)), self.bound(self.log_std(features))


@BANK.mistake("part_of_state_ignored")
class ActorNetwork(_Actor):
    def forward(self, state):
        return super().forward(torch.cat([state[..., :3], torch.zeros_like(state[..., 3:])], -1))
