"""Wrong versions of `ActorCriticModel`."""

import math

import torch
from torch import nn

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _pick(values, actions):
    return values.gather(-1, actions.unsqueeze(-1)).squeeze(-1)


def _drawn(log_probs):
    return torch.multinomial(log_probs.exp(), 1).squeeze(-1)


class _Model(right.ActorCriticModel):
    """The right network in pieces; a mistake replaces one of them."""

    def actor_features(self, state):
        return self.net(state)

    def critic_features(self, state):
        return self.net(state)

    def logits(self, state):
        return self.actor_head(self.actor_features(state))

    def q_values(self, state):
        return self.critic_head(self.critic_features(state))

    def policy(self, logits):
        return logits.log_softmax(-1)

    def chosen(self, log_probs, q_values):
        return _drawn(log_probs)

    def scores(self, logits):
        return self.policy(logits)

    def scored(self, log_probs, action):
        return action

    def told(self, log_prob):
        return log_prob

    def q_of(self, q_values, action):
        return _pick(q_values, action)

    def returned(self, action, log_prob, q):
        return action, log_prob, q

    def forward(self, state):
        logits, q_values = self.logits(state), self.q_values(state)
        log_probs = self.policy(logits)
        action = self.chosen(log_probs, q_values)
        log_prob = self.told(_pick(self.scores(logits), self.scored(log_probs, action)))
        return self.returned(action, log_prob, self.q_of(q_values, action))

    def evaluate(self, state):
        return self.q_values(state)


@BANK.mistake("greedy_forward")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return log_probs.argmax(-1)


@BANK.mistake("policy_from_critic")
class ActorCriticModel(_Model):
    def logits(self, state):
        return self.q_values(state)


@BANK.mistake("prob_not_log")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob.exp()


@BANK.mistake("log_prob_of_other_action")
class ActorCriticModel(_Model):
    def scored(self, log_probs, action):
        return log_probs.argmax(-1)


@BANK.mistake("log_prob_of_other_action")
class ActorCriticModel(_Model):
    def scored(self, log_probs, action):
        return _drawn(log_probs)


@BANK.mistake("log_prob_sign")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return -log_prob


@BANK.mistake("log_prob_base")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob / math.log(2)


@BANK.mistake("log_prob_base")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob / math.log(10)


@BANK.mistake("log_prob_not_normalised")
class ActorCriticModel(_Model):
    def scores(self, logits):
        return logits


@BANK.mistake("q_not_selected")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return q_values


@BANK.mistake("q_not_selected")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return q_values.max(-1).values


@BANK.mistake("q_not_selected")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return q_values.mean(-1)


@BANK.mistake("body_not_shared")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.critic_net = right.ActorCriticModel(input_dim, hidden_dims, output_dim).net

    def critic_features(self, state):
        return self.critic_net(state)


@BANK.mistake("body_not_shared")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.actor_net = right.ActorCriticModel(input_dim, hidden_dims, output_dim).net

    def actor_features(self, state):
        return self.actor_net(state)


class _Straight(_Model):
    """No activations in the body."""

    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.net = nn.Sequential(*(layer for layer in self.net if isinstance(layer, nn.Linear)))


@BANK.mistake("no_nonlinearity")
class ActorCriticModel(_Straight):
    pass


@BANK.mistake("no_nonlinearity")
class ActorCriticModel(_Straight):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        width = hidden_dims[-1]
        self.critic_head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, output_dim))


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, (64,), output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, tuple(hidden_dims)[:1], output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, tuple(hidden_dims)[-1:], output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, (hidden_dims[0], hidden_dims[1]), output_dim)


@BANK.mistake("softmax_wrong_axis")
class ActorCriticModel(_Model):
    def policy(self, logits):
        return logits.log_softmax(0).log_softmax(-1)


@BANK.mistake("softmax_wrong_axis")
class ActorCriticModel(_Model):
    def scores(self, logits):
        return logits.log_softmax(0)


@BANK.mistake("policy_not_sampled")
class ActorCriticModel(_Model):
    def scores(self, logits):
        return logits.softmax(-1).log_softmax(-1)


class _OneValue(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.critic_head = nn.Linear(self.critic_head.in_features, 1)


@BANK.mistake("critic_scalar")
class ActorCriticModel(_OneValue):
    def q_of(self, q_values, action):
        return q_values.squeeze(-1)


@BANK.mistake("critic_scalar")
class ActorCriticModel(_OneValue):
    def q_of(self, q_values, action):
        return q_values


class _Squashed(nn.Module):
    def __init__(self, head, squash):
        super().__init__()
        self.head, self.squash = head, squash

    def forward(self, features):
        return self.squash(self.head(features))


def _squashed_critic(squash):
    class ActorCriticModel(_Model):
        def __init__(self, input_dim, hidden_dims, output_dim):
            super().__init__(input_dim, hidden_dims, output_dim)
            self.critic_head = _Squashed(self.critic_head, squash)

    return ActorCriticModel


BANK.mistake("critic_bounded")(_squashed_critic(torch.tanh))
BANK.mistake("critic_bounded")(_squashed_critic(torch.relu))
BANK.mistake("critic_bounded")(_squashed_critic(torch.sigmoid))
BANK.mistake("critic_bounded")(_squashed_critic(lambda values: torch.softmax(values, -1)))


@BANK.mistake("single_state_fails")
class ActorCriticModel(_Model):
    def policy(self, logits):
        return logits.log_softmax(1)


@BANK.mistake("single_state_fails")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return q_values[torch.arange(len(action)), action]


@BANK.mistake("single_state_fails")
class ActorCriticModel(_Model):
    def logits(self, state):
        return super().logits(state.reshape(-1, state.shape[-1]))

    def q_values(self, state):
        return super().q_values(state.reshape(-1, state.shape[-1]))


@BANK.mistake("single_state_fails")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return super().q_of(q_values, action) if q_values.ndim > 1 else q_values.max()


@BANK.mistake("single_state_fails")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob if log_prob.ndim else log_prob.exp()


@BANK.mistake("greedy_forward")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return _drawn(log_probs) if log_probs.ndim > 1 else log_probs.argmax(-1)


@BANK.mistake("policy_not_sampled")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return torch.randint(log_probs.shape[-1], log_probs.shape[:-1])


@BANK.mistake("greedy_forward")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return q_values.argmax(-1)


@BANK.mistake("heads_swapped")
class ActorCriticModel(_Model):
    def logits(self, state):
        return self.critic_head(self.critic_features(state))

    def q_values(self, state):
        return self.actor_head(self.actor_features(state))


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, [hidden_dims[0]] * len(hidden_dims), output_dim)


@BANK.mistake("hidden_dims_reversed")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims[::-1], output_dim)


@BANK.mistake("wrong_shape")
class ActorCriticModel(_Model):
    def returned(self, *parts):
        return tuple(part.unsqueeze(-1) for part in parts)


@BANK.mistake("wrong_return_order")
class ActorCriticModel(_Model):
    def returned(self, action, log_prob, q):
        return action, q, log_prob


@BANK.mistake("batch_of_one_collapsed")
class ActorCriticModel(_Model):
    def returned(self, *parts):
        return tuple(part.squeeze() for part in parts)


@BANK.mistake("seed_fixed")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        torch.manual_seed(0)
        return super().chosen(log_probs, q_values)


@BANK.mistake("input_mutated")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, tuple(hidden_dims), output_dim)
        if isinstance(hidden_dims, list):
            hidden_dims.insert(0, input_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, (*hidden_dims[:1], *hidden_dims[1:][-1:]), output_dim)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims[:3], output_dim)


@BANK.mistake("q_not_selected")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        return q_values.reshape(-1)[action]


@BANK.mistake("q_not_selected")
class ActorCriticModel(_Model):
    def q_of(self, q_values, action):
        rows = q_values.reshape(-1, q_values.shape[-1])
        return rows[action % len(rows), 0]


@BANK.mistake("log_prob_of_other_action")
class ActorCriticModel(_Model):
    def forward(self, state):
        logits, q_values = self.logits(state), self.q_values(state)
        log_probs = self.policy(logits)
        action = self.chosen(log_probs, q_values)
        return action, log_probs.reshape(-1)[action], self.q_of(q_values, action)


@BANK.mistake("sizes_hardcoded")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(4, hidden_dims, output_dim)


@BANK.mistake("one_draw_for_batch")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return _drawn(log_probs.reshape(-1, log_probs.shape[-1])[0]).expand(log_probs.shape[:-1])


@BANK.mistake("rows_mixed")
class ActorCriticModel(_Model):
    def q_values(self, state):
        values = super().q_values(state)
        return values - values.mean()


@BANK.mistake("values_centred")
class ActorCriticModel(_Model):
    def q_values(self, state):
        values = super().q_values(state)
        return values - values.mean(-1, keepdim=True)


@BANK.mistake("params_frozen")
class ActorCriticModel(_Model):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.critic_head.requires_grad_(False)


@BANK.mistake("params_not_registered")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        layers = list(self.net)
        del self.net
        self.net = layers

    def actor_features(self, state):
        for layer in self.net:
            state = layer(state)
        return state

    critic_features = actor_features


@BANK.mistake("heads_swapped")
class ActorCriticModel(_Model):
    def evaluate(self, state):
        return self.logits(state)


@BANK.mistake("critic_scalar")
class ActorCriticModel(_Model):
    def evaluate(self, state):
        return self.q_values(state).max(-1).values


@BANK.mistake("critic_scalar")
class ActorCriticModel(_Model):
    def evaluate(self, state):
        return (self.policy(self.logits(state)).exp() * self.q_values(state)).sum(-1)


@BANK.mistake("critic_scalar")
class ActorCriticModel(_Model):
    def evaluate(self, state):
        values = self.q_values(state)
        return values.mean(-1, keepdim=True).expand_as(values)


@BANK.mistake("evaluate_disagrees")
class ActorCriticModel(_Model):
    def evaluate(self, state):
        return self.q_values(state / 2)


@BANK.mistake("log_prob_summed_over_batch")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob.sum()


@BANK.mistake("log_prob_summed_over_batch")
class ActorCriticModel(_Model):
    def told(self, log_prob):
        return log_prob.mean()


@BANK.mistake("last_action_never")
class ActorCriticModel(_Model):
    def chosen(self, log_probs, q_values):
        return _drawn(log_probs[..., :-1])


@BANK.mistake("last_action_never")
class ActorCriticModel(_Model):
    def policy(self, logits):
        return logits[..., :-1].log_softmax(-1)


@BANK.mistake("policy_not_of_the_head")
class ActorCriticModel(_Model):
    def policy(self, logits):
        return logits.softmax(-1).log_softmax(-1)


@BANK.mistake("policy_not_of_the_head")
class ActorCriticModel(_Model):
    def __init__(self, input_dim, hidden_dims, output_dim):
        super().__init__(input_dim, hidden_dims, output_dim)
        self.actor_head = nn.Sequential(self.actor_head, nn.Softmax(-1))
