"""Wrong versions of how `ActorCriticAgent` is built, acts and remembers."""

from collections import deque

import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank

BANK = Bank()


class _Agent(right.ActorCriticAgent):
    """The right agent in pieces; a mistake replaces one of them."""

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, self.discount(gamma), critic_rb_size)
        self.opt = self.optimizer(lr)
        self.critic_rb = self.memory(critic_rb_size)

    def discount(self, gamma):
        return gamma

    def optimizer(self, lr):
        return torch.optim.Adam(self.actor_critic.parameters(), lr=lr)

    def memory(self, size):
        return deque(maxlen=size)

    def log_probs(self, state):
        return self.actor_critic.actor_head(self.actor_critic.net(state)).log_softmax(-1)

    def decide(self, state):
        return self.actor_critic(state)

    def log_prob(self, state, log_prob):
        return log_prob

    def q(self, state, q):
        return q.detach()

    def remember(self, log_prob, q, state, action):
        self.actor_batch.append(log_prob, q, state, action)

    def played(self, state, action):
        return action.item()

    def act(self, state):
        state = to_tensor(state)
        action, log_prob, q = self.decide(state)
        self.remember(self.log_prob(state, log_prob), self.q(state, q), state, action)
        return self.played(state, action)

    def transition(self, s, a, r, next_s, terminated):
        return s, a, r, next_s, terminated

    def append_to_replay_buffer(self, *fields):
        self.critic_rb.append(self.transition(*fields))


@BANK.mistake("optimizer_missing_params")
class ActorCriticAgent(_Agent):
    def optimizer(self, lr):
        return torch.optim.Adam(self.actor_critic.net.parameters(), lr=lr)


@BANK.mistake("lr_ignored")
class ActorCriticAgent(_Agent):
    def optimizer(self, lr):
        return torch.optim.Adam(self.actor_critic.parameters())


@BANK.mistake("replay_unbounded")
class ActorCriticAgent(_Agent):
    def memory(self, size):
        return deque()


@BANK.mistake("replay_unbounded")
class ActorCriticAgent(_Agent):
    def memory(self, size):
        return []


_SHARED: dict[int, deque] = {}


@BANK.mistake("buffers_shared")
class ActorCriticAgent(_Agent):
    """One buffer of each length for all agents, emptied when another agent is made."""

    def memory(self, size):
        shared = _SHARED.setdefault(size, deque(maxlen=size))
        shared.clear()
        return shared


@BANK.mistake("replay_size_ignored")
class ActorCriticAgent(_Agent):
    def memory(self, size):
        return deque(maxlen=1000)


@BANK.mistake("gamma_ignored")
class ActorCriticAgent(_Agent):
    def discount(self, gamma):
        return 0.999


@BANK.mistake("prob_not_log")
class ActorCriticAgent(_Agent):
    def log_prob(self, state, log_prob):
        return log_prob.exp()


@BANK.mistake("log_prob_of_other_action")
class ActorCriticAgent(_Agent):
    def log_prob(self, state, log_prob):
        return self.log_probs(state).max(-1).values


@BANK.mistake("log_prob_of_other_action")
class ActorCriticAgent(_Agent):
    def log_prob(self, state, log_prob):
        return self.actor_critic(state)[1]


@BANK.mistake("q_not_selected")
class ActorCriticAgent(_Agent):
    def q(self, state, q):
        return self.actor_critic.evaluate(state).max().detach()


@BANK.mistake("q_not_selected")
class ActorCriticAgent(_Agent):
    def q(self, state, q):
        return self.actor_critic.evaluate(state).detach()


@BANK.mistake("acts_twice")
class ActorCriticAgent(_Agent):
    def played(self, state, action):
        return self.actor_critic(state)[0].item()


@BANK.mistake("q_not_detached")
class ActorCriticAgent(_Agent):
    def q(self, state, q):
        return q


@BANK.mistake("act_not_stored")
class ActorCriticAgent(_Agent):
    def remember(self, log_prob, q, state, action):
        pass


@BANK.mistake("act_not_stored")
class ActorCriticAgent(_Agent):
    def remember(self, log_prob, q, state, action):
        self.actor_batch.append(log_prob, q)


@BANK.mistake("act_stores_wrong_order")
class ActorCriticAgent(_Agent):
    def remember(self, log_prob, q, state, action):
        self.actor_batch.append(q, log_prob, state, action)


@BANK.mistake("act_stores_wrong_order")
class ActorCriticAgent(_Agent):
    def remember(self, log_prob, q, state, action):
        self.actor_batch.append(log_prob, q, action, state)


class _Greedy(_Agent):
    def best(self, state, scores):
        action = scores.argmax(-1)
        return action, self.log_probs(state)[action], self.actor_critic.evaluate(state)[action]


@BANK.mistake("greedy_action")
class ActorCriticAgent(_Greedy):
    def decide(self, state):
        return self.best(state, self.log_probs(state))


@BANK.mistake("greedy_action")
class ActorCriticAgent(_Greedy):
    def decide(self, state):
        return self.best(state, self.actor_critic.evaluate(state))


@BANK.mistake("not_int")
class ActorCriticAgent(_Agent):
    def played(self, state, action):
        return action


@BANK.mistake("not_int")
class ActorCriticAgent(_Agent):
    def played(self, state, action):
        return action.numpy()


@BANK.mistake("replay_order")
class ActorCriticAgent(_Agent):
    def transition(self, s, a, r, next_s, terminated):
        return s, a, next_s, r, terminated


@BANK.mistake("replay_order")
class ActorCriticAgent(_Agent):
    def transition(self, s, a, r, next_s, terminated):
        return s, a, r, terminated, next_s


@BANK.mistake("replay_order")
class ActorCriticAgent(_Agent):
    def transition(self, s, a, r, next_s, terminated):
        return s, next_s, a, r, terminated


@BANK.mistake("transition_changed")
class ActorCriticAgent(_Agent):
    def transition(self, s, a, r, next_s, terminated):
        return s, a, r, next_s, False


@BANK.mistake("replay_keeps_oldest")
class ActorCriticAgent(_Agent):
    def append_to_replay_buffer(self, *fields):
        if len(self.critic_rb) < self.critic_rb.maxlen:
            self.critic_rb.append(self.transition(*fields))


@BANK.mistake("replay_keeps_oldest")
class ActorCriticAgent(_Agent):
    def append_to_replay_buffer(self, *fields):
        if len(self.critic_rb) == self.critic_rb.maxlen:
            self.critic_rb.pop()
        self.critic_rb.append(self.transition(*fields))


@BANK.mistake("replay_skips_terminated")
class ActorCriticAgent(_Agent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if not terminated:
            self.critic_rb.append(self.transition(s, a, r, next_s, terminated))


@BANK.mistake("replay_skips_zero_reward")
class ActorCriticAgent(_Agent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if r:
            self.critic_rb.append(self.transition(s, a, r, next_s, terminated))


@BANK.mistake("transition_not_whole")
class ActorCriticAgent(_Agent):
    def append_to_replay_buffer(self, *fields):
        self.critic_rb.extend(self.transition(*fields))


@BANK.mistake("replay_same_state")
class ActorCriticAgent(_Agent):
    def transition(self, s, a, r, next_s, terminated):
        return s, a, r, s, terminated


@BANK.mistake("sizes_hardcoded")
class ActorCriticAgent(_Agent):
    def __init__(self, state_dim, action_dim, hidden_dims, *rest):
        super().__init__(4, 2, hidden_dims, *rest)


@BANK.mistake("sizes_hardcoded")
class ActorCriticAgent(_Agent):
    def __init__(self, state_dim, action_dim, hidden_dims, *rest):
        super().__init__(state_dim, 2, hidden_dims, *rest)


@BANK.mistake("hidden_dims_ignored")
class ActorCriticAgent(_Agent):
    def __init__(self, state_dim, action_dim, hidden_dims, *rest):
        super().__init__(state_dim, action_dim, hidden_dims[:1], *rest)


@BANK.mistake("hidden_dims_reversed")
class ActorCriticAgent(_Agent):
    def __init__(self, state_dim, action_dim, hidden_dims, *rest):
        super().__init__(state_dim, action_dim, hidden_dims[::-1], *rest)


@BANK.mistake("params_frozen")
class ActorCriticAgent(_Agent):
    def optimizer(self, lr):
        self.actor_critic.critic_head.requires_grad_(False)
        return super().optimizer(lr)


@BANK.mistake("rollout_bounded")
class ActorCriticAgent(_Agent):
    def remember(self, log_prob, q, state, action):
        for column, value in zip(self.columns(), (log_prob, q, state, action), strict=True):
            column.append(value)
            del column[:-100]

    def columns(self):
        batch = self.actor_batch
        return batch.logprobs, batch.q_values, batch.states, batch.actions
