"""Wrong versions of how `ActorCriticAgent` is built, acts and remembers."""

from collections import deque

import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _logits(agent, states):
    return agent.actor_critic.actor_head(agent.actor_critic.net(to_tensor(states)))


@BANK.mistake("optimizer_missing_params")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.opt = torch.optim.Adam(self.actor_critic.net.parameters(), lr=lr)


@BANK.mistake("lr_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.opt = torch.optim.Adam(self.actor_critic.parameters())


@BANK.mistake("replay_unbounded")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.critic_rb = deque()


@BANK.mistake("replay_unbounded")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.critic_rb = []


_SHARED: dict[int, deque] = {}


@BANK.mistake("buffers_shared")
class ActorCriticAgent(right.ActorCriticAgent):
    """One buffer of each length for all agents, emptied when another agent is made."""

    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.critic_rb = _SHARED.setdefault(critic_rb_size, self.critic_rb)
        self.critic_rb.clear()


@BANK.mistake("replay_size_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
        self.critic_rb = deque(maxlen=1000)


@BANK.mistake("gamma_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
        super().__init__(state_dim, action_dim, hidden_dims, lr, 0.999, critic_rb_size)


@BANK.mistake("prob_not_log")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob.exp(), q.detach(), state, action)
        return action.item()


@BANK.mistake("log_prob_of_other_action")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        action, _, q = self.actor_critic(state)
        log_prob = torch.log_softmax(_logits(self, state), -1).max(-1).values
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action.item()


@BANK.mistake("log_prob_of_other_action")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        action, _, q = self.actor_critic(state)
        self.actor_batch.append(self.actor_critic(state)[1], q.detach(), state, action)
        return action.item()


@BANK.mistake("q_not_selected")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, _ = self.actor_critic(state)
        self.actor_batch.append(log_prob, self.actor_critic.evaluate(state).max().detach(), state, action)
        return action.item()


@BANK.mistake("q_not_selected")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        action, log_prob, _ = self.actor_critic(state)
        self.actor_batch.append(log_prob, self.actor_critic.evaluate(state).detach(), state, action)
        return action.item()


@BANK.mistake("acts_twice")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return self.actor_critic(to_tensor(state))[0].item()


@BANK.mistake("q_not_detached")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q, state, action)
        return action.item()


@BANK.mistake("act_not_stored")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        return self.actor_critic(to_tensor(state))[0].item()


@BANK.mistake("act_not_stored")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach())
        return action.item()


@BANK.mistake("act_stores_wrong_order")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(q.detach(), log_prob, state, action)
        return action.item()


@BANK.mistake("act_stores_wrong_order")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), action, state)
        return action.item()


@BANK.mistake("greedy_action")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        log_probs = torch.log_softmax(_logits(self, state), -1)
        action = log_probs.argmax(-1)
        q = self.actor_critic.evaluate(state).detach()
        self.actor_batch.append(log_probs[action], q[action], state, action)
        return action.item()


@BANK.mistake("greedy_action")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        state = to_tensor(state)
        q = self.actor_critic.evaluate(state).detach()
        action = q.argmax(-1)
        log_probs = torch.log_softmax(_logits(self, state), -1)
        self.actor_batch.append(log_probs[action], q[action], state, action)
        return action.item()


@BANK.mistake("not_int")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action


@BANK.mistake("not_int")
class ActorCriticAgent(right.ActorCriticAgent):
    def act(self, state):
        action, log_prob, q = self.actor_critic(to_tensor(state))
        self.actor_batch.append(log_prob, q.detach(), state, action)
        return action.numpy()


@BANK.mistake("replay_order")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, next_s, r, terminated))


@BANK.mistake("replay_order")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, terminated, next_s))


@BANK.mistake("replay_order")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, next_s, a, r, terminated))


@BANK.mistake("transition_changed")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, next_s, False))


@BANK.mistake("replay_keeps_oldest")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if len(self.critic_rb) < self.critic_rb.maxlen:
            self.critic_rb.append((s, a, r, next_s, terminated))


@BANK.mistake("replay_skips_terminated")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        if not terminated:
            self.critic_rb.append((s, a, r, next_s, terminated))


@BANK.mistake("transition_not_whole")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.extend((s, a, r, next_s, terminated))


@BANK.mistake("replay_same_state")
class ActorCriticAgent(right.ActorCriticAgent):
    def append_to_replay_buffer(self, s, a, r, next_s, terminated):
        self.critic_rb.append((s, a, r, s, terminated))
