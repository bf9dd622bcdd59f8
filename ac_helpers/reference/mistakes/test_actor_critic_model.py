"""Wrong versions of `ActorCriticModel`."""

import math

import torch
from torch import nn
from torch.distributions import Categorical

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _pick(values, actions):
    return values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)


@BANK.mistake("greedy_forward")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.probs.argmax(-1)
        return action, policy.log_prob(action), _pick(self.critic_head(features), action)


@BANK.mistake("prob_not_log")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, log_prob.exp(), q


@BANK.mistake("log_prob_of_other_action")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(policy.probs.argmax(-1)), _pick(self.critic_head(features), action)


@BANK.mistake("log_prob_of_other_action")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(policy.sample()), _pick(self.critic_head(features), action)


@BANK.mistake("log_prob_sign")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, -log_prob, q


@BANK.mistake("log_prob_base")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, log_prob / math.log(2), q


@BANK.mistake("log_prob_not_normalised")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = Categorical(logits=logits).sample()
        return action, _pick(logits, action), _pick(self.critic_head(features), action)


@BANK.mistake("q_not_selected")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, _ = super().forward(state)
        return action, log_prob, self.evaluate(state)


@BANK.mistake("q_not_selected")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, _ = super().forward(state)
        return action, log_prob, self.evaluate(state).max(-1).values


@BANK.mistake("q_not_selected")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, _ = super().forward(state)
        return action, log_prob, self.evaluate(state).mean(-1)


@BANK.mistake("body_not_shared")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.critic_net = right.ActorCriticModel(input_dim, hidden_dims, output_dim).net

    def forward(self, state):
        policy = Categorical(logits=self.actor_head(self.net(state)))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.evaluate(state), action)

    def evaluate(self, state):
        return self.critic_head(self.critic_net(state))


@BANK.mistake("body_not_shared")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.actor_net = right.ActorCriticModel(input_dim, hidden_dims, output_dim).net

    def forward(self, state):
        policy = Categorical(logits=self.actor_head(self.actor_net(state)))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.evaluate(state), action)


@BANK.mistake("no_nonlinearity")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.net = nn.Sequential(*(layer for layer in self.net if isinstance(layer, nn.Linear)))


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, (64,), output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, tuple(hidden_dims)[:1], output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, tuple(hidden_dims)[-1:], output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, (hidden_dims[0], hidden_dims[1]), output_dim)


@BANK.mistake("softmax_wrong_axis")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(probs=torch.softmax(self.actor_head(features), dim=0))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.critic_head(features), action)


@BANK.mistake("softmax_wrong_axis")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = Categorical(logits=logits).sample()
        log_prob = _pick(torch.log_softmax(logits, dim=0), action)
        return action, log_prob, _pick(self.critic_head(features), action)


@BANK.mistake("policy_not_sampled")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = Categorical(logits=logits).sample()
        log_prob = Categorical(logits=torch.softmax(logits, -1)).log_prob(action)
        return action, log_prob, _pick(self.critic_head(features), action)


@BANK.mistake("critic_scalar")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.critic_head = nn.Linear(self.critic_head.in_features, 1)

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features).squeeze(-1)


@BANK.mistake("critic_scalar")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.critic_head = nn.Linear(self.critic_head.in_features, 1)

    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), self.critic_head(features)


class _Squashed(nn.Module):
    def __init__(self, head, squash):
        super().__init__()
        self.head, self.squash = head, squash

    def forward(self, features):
        return self.squash(self.head(features))


def _squashed_critic(squash):
    class ActorCriticModel(right.ActorCriticModel):
        def __init__(self, input_dim, hidden_dims, output_dim):
            super().__init__(input_dim, hidden_dims, output_dim)
            self.critic_head = _Squashed(self.critic_head, squash)

    return ActorCriticModel


BANK.mistake("critic_bounded")(_squashed_critic(torch.tanh))
BANK.mistake("critic_bounded")(_squashed_critic(torch.relu))
BANK.mistake("critic_bounded")(_squashed_critic(torch.sigmoid))
BANK.mistake("critic_bounded")(_squashed_critic(lambda values: torch.softmax(values, -1)))


@BANK.mistake("single_state_fails")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = torch.log_softmax(self.actor_head(features), dim=1)
        action = Categorical(logits=logits).sample()
        return action, _pick(logits, action), _pick(self.critic_head(features), action)


@BANK.mistake("single_state_fails")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        q = self.critic_head(features)
        return action, policy.log_prob(action), q[torch.arange(len(action)), action]


@BANK.mistake("single_state_fails")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        return super().forward(state.reshape(-1, state.shape[-1]))

    def evaluate(self, state):
        return super().evaluate(state.reshape(-1, state.shape[-1]))


@BANK.mistake("policy_not_sampled")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = torch.randint(logits.shape[-1], logits.shape[:-1])
        return action, _pick(logits.log_softmax(-1), action), _pick(self.critic_head(features), action)


@BANK.mistake("greedy_forward")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits, q_values = self.actor_head(features), self.critic_head(features)
        action = q_values.argmax(-1)
        return action, _pick(logits.log_softmax(-1), action), _pick(q_values, action)


@BANK.mistake("heads_swapped")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.critic_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.actor_head(features), action)

    def evaluate(self, state):
        return self.actor_head(self.net(state))


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, [hidden_dims[0]] * len(hidden_dims), output_dim)


@BANK.mistake("hidden_dims_reversed")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims[::-1], output_dim)


@BANK.mistake("wrong_shape")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        return tuple(part.unsqueeze(-1) for part in super().forward(state))


@BANK.mistake("wrong_return_order")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, q, log_prob


@BANK.mistake("batch_of_one_collapsed")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        return tuple(part.squeeze() for part in super().forward(state))


@BANK.mistake("seed_fixed")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        torch.manual_seed(0)
        return super().forward(state)


@BANK.mistake("params_not_registered")
class ActorCriticModel(right.ActorCriticModel):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        layers = list(self.net)
        del self.net
        self.net = layers

    def features(self, state):
        for layer in self.net:
            state = layer(state)
        return state

    def forward(self, state):
        features = self.features(state)
        policy = Categorical(logits=self.actor_head(features))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.critic_head(features), action)

    def evaluate(self, state):
        return self.critic_head(self.features(state))


@BANK.mistake("heads_swapped")
class ActorCriticModel(right.ActorCriticModel):
    def evaluate(self, state):
        return self.actor_head(self.net(state))


@BANK.mistake("critic_scalar")
class ActorCriticModel(right.ActorCriticModel):
    def evaluate(self, state):
        return super().evaluate(state).max(-1).values


@BANK.mistake("critic_scalar")
class ActorCriticModel(right.ActorCriticModel):
    def evaluate(self, state):
        policy = torch.softmax(self.actor_head(self.net(state)), -1)
        return (policy * super().evaluate(state)).sum(-1)


@BANK.mistake("critic_scalar")
class ActorCriticModel(right.ActorCriticModel):
    def evaluate(self, state):
        values = super().evaluate(state)
        return values.mean(-1, keepdim=True).expand_as(values)


@BANK.mistake("evaluate_disagrees")
class ActorCriticModel(right.ActorCriticModel):
    def evaluate(self, state):
        return super().evaluate(state / 2)


@BANK.mistake("log_prob_summed_over_batch")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, log_prob.sum(), q


@BANK.mistake("log_prob_summed_over_batch")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        action, log_prob, q = super().forward(state)
        return action, log_prob.mean(), q


@BANK.mistake("last_action_never")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        logits = self.actor_head(features)
        action = Categorical(logits=logits[..., :-1]).sample()
        log_prob = Categorical(logits=logits).log_prob(action)
        return action, log_prob, _pick(self.critic_head(features), action)


@BANK.mistake("last_action_never")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features)[..., :-1])
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.critic_head(features), action)


@BANK.mistake("policy_not_of_the_head")
class ActorCriticModel(right.ActorCriticModel):
    def forward(self, state):
        features = self.net(state)
        policy = Categorical(logits=self.actor_head(features).softmax(-1))
        action = policy.sample()
        return action, policy.log_prob(action), _pick(self.critic_head(features), action)
