"""Wrong versions of `CriticNetwork`."""

import torch
from torch import nn

from ac_helpers.reference import gaussian_actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


@BANK.mistake("critic_shape")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers(state)


@BANK.mistake("critic_shape")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers(state).squeeze()


@BANK.mistake("critic_shape")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers(state).mean()


@BANK.mistake("critic_shape")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers(state).flatten()


@BANK.mistake("single_state_fails")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers(state)[:, 0]


@BANK.mistake("critic_ignores_state")
class CriticNetwork(right.CriticNetwork):
    def __init__(self, state_dim, hidden_dim=64):
        super().__init__(state_dim, hidden_dim)
        self.value = nn.Parameter(torch.zeros(1))

    def forward(self, state):
        return self.value.expand(state.shape[:-1])


@BANK.mistake("critic_ignores_state")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return super().forward(torch.ones_like(state))


@BANK.mistake("critic_bounded")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return torch.tanh(super().forward(state))


@BANK.mistake("critic_bounded")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return torch.relu(super().forward(state))


@BANK.mistake("critic_bounded")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return -nn.functional.softplus(super().forward(state))


@BANK.mistake("critic_bounded")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return 10 * torch.sigmoid(super().forward(state))


@BANK.mistake("critic_bounded")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return super().forward(state).clamp(-2000, 200)


@BANK.mistake("no_gradient")
class CriticNetwork(right.CriticNetwork):
    @torch.no_grad()
    def forward(self, state):
        return super().forward(state)


@BANK.mistake("body_not_trained")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers[-1](self.layers[:-1](state).detach()).squeeze(-1)


@BANK.mistake("output_random")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return self.layers[-1](nn.functional.dropout(self.layers[:-1](state), 0.2)).squeeze(-1)


@BANK.mistake("rows_mixed")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return super().forward(state - state.mean(0) if state.ndim > 1 else state)


@BANK.mistake("part_of_state_ignored")
class CriticNetwork(right.CriticNetwork):
    def forward(self, state):
        return super().forward(torch.cat([state[..., :3], torch.zeros_like(state[..., 3:])], -1))
