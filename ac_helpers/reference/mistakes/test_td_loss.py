"""Wrong versions of `ActorCriticAgent.compute_td_loss`."""

import copy

import numpy as np
import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _pick(values, actions):
    return values.gather(-1, to_tensor(actions, dtype=np.int64).unsqueeze(-1)).squeeze(-1)


def _logits(agent, states):
    return agent.actor_critic.actor_head(agent.actor_critic.net(to_tensor(states)))


def _n_actions(agent, states):
    return agent.actor_critic.evaluate(to_tensor(states)).shape[-1]


class _TDLoss(right.ActorCriticAgent):
    """The right loss in pieces; a mistake replaces one of them."""

    def q(self, states, actions):
        return _pick(self.actor_critic.evaluate(to_tensor(states)), actions)

    def next_value(self, next_states):
        probs = torch.softmax(_logits(self, next_states), -1)
        return (probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)

    def reward(self, rewards):
        return to_tensor(rewards)

    def discount(self):
        return self.gamma

    def mask(self, terminateds):
        return 1 - to_tensor(terminateds)

    def target(self, rewards, next_value, terminateds):
        return self.reward(rewards) + self.discount() * self.mask(terminateds) * next_value

    @torch.no_grad()
    def constant_target(self, rewards, next_states, terminateds):
        return self.target(rewards, self.next_value(next_states), terminateds)

    def reduce(self, q, target):
        return ((q - target) ** 2).mean()

    def regularize(self, q, regularizer):
        return regularizer * q.mean()

    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.q(states, actions)
        td_loss = self.reduce(q, self.constant_target(rewards, next_states, terminateds))
        return td_loss + self.regularize(q, regularizer)


@BANK.mistake("next_value_missing")
class ActorCriticAgent(_TDLoss):
    def target(self, rewards, next_value, terminateds):
        return self.reward(rewards)


class _WithCopy(_TDLoss):
    """The next value comes from a copy of the network that is as old as the first loss."""

    copied = None

    def next_value(self, next_states):
        own, self.copied = self.actor_critic, self.copied or copy.deepcopy(self.actor_critic)
        self.actor_critic = self.copied
        try:
            return super().next_value(next_states)
        finally:
            self.actor_critic = own


@BANK.mistake("target_network")
class ActorCriticAgent(_WithCopy):
    pass


@BANK.mistake("target_network")
class ActorCriticAgent(_WithCopy):
    def next_value(self, next_states):
        super().next_value(next_states)
        probs = torch.softmax(_logits(self, next_states), -1)
        return (probs * self.copied.evaluate(to_tensor(next_states))).sum(-1)


@BANK.mistake("target_not_detached")
class ActorCriticAgent(_TDLoss):
    def constant_target(self, rewards, next_states, terminateds):
        return self.target(rewards, self.next_value(next_states), terminateds)


@BANK.mistake("target_not_detached")
class ActorCriticAgent(_TDLoss):
    def constant_target(self, rewards, next_states, terminateds):
        with torch.no_grad():
            next_q = self.actor_critic.evaluate(to_tensor(next_states))
        next_value = (torch.softmax(_logits(self, next_states), -1) * next_q).sum(-1)
        return self.target(rewards, next_value, terminateds)


@BANK.mistake("target_not_detached")
class ActorCriticAgent(_TDLoss):
    def constant_target(self, rewards, next_states, terminateds):
        probs = torch.softmax(_logits(self, next_states), -1).detach()
        next_value = (probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)
        return self.target(rewards, next_value, terminateds)


@BANK.mistake("q_detached")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, actions).detach()


@BANK.mistake("q_detached")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, actions).detach().requires_grad_()


@BANK.mistake("terminated_not_masked")
class ActorCriticAgent(_TDLoss):
    def mask(self, terminateds):
        return 1


@BANK.mistake("terminated_inverted")
class ActorCriticAgent(_TDLoss):
    def mask(self, terminateds):
        return to_tensor(terminateds)


@BANK.mistake("terminated_masks_reward")
class ActorCriticAgent(_TDLoss):
    def target(self, rewards, next_value, terminateds):
        return (1 - to_tensor(terminateds)) * (to_tensor(rewards) + self.gamma * next_value)


@BANK.mistake("gamma_missing")
class ActorCriticAgent(_TDLoss):
    def discount(self):
        return 1


@BANK.mistake("reward_missing")
class ActorCriticAgent(_TDLoss):
    def reward(self, rewards):
        return 0


@BANK.mistake("max_target")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        return self.actor_critic.evaluate(to_tensor(next_states)).max(-1).values


@BANK.mistake("sampled_target")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        return self.actor_critic(to_tensor(next_states))[2]


@BANK.mistake("mean_target")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        return self.actor_critic.evaluate(to_tensor(next_states)).mean(-1)


@BANK.mistake("logits_as_probabilities")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        return (_logits(self, next_states) * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)


@BANK.mistake("logits_as_probabilities")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        log_probs = torch.log_softmax(_logits(self, next_states), -1)
        return (log_probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)


@BANK.mistake("softmax_wrong_axis")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        probs = torch.softmax(_logits(self, next_states), 0)
        return (probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)


@BANK.mistake("value_of_current_state")
class ActorCriticAgent(_TDLoss):
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        return super().compute_td_loss(states, actions, rewards, states, terminateds, regularizer)


@BANK.mistake("td_broadcast")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return ((q.unsqueeze(-1) - target) ** 2).mean()


@BANK.mistake("td_broadcast")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        return super().next_value(next_states).unsqueeze(-1)


@BANK.mistake("td_error_not_squared")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return (q - target).mean()


@BANK.mistake("critic_abs_error")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return (q - target).abs().mean()


@BANK.mistake("sum_not_mean")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return ((q - target) ** 2).sum()


@BANK.mistake("loss_not_reduced")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return (q - target) ** 2


@BANK.mistake("loss_halved")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return ((q - target) ** 2).mean() / 2


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, (np.asarray(actions) + 1) % _n_actions(self, states))


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, (np.asarray(actions) - 1) % _n_actions(self, states))


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return self.actor_critic.evaluate(to_tensor(states)).max(-1).values


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return self.actor_critic.evaluate(to_tensor(states))[:, to_tensor(actions, dtype=np.int64)].mean(1)


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return self.actor_critic(to_tensor(states))[2]


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return self.actor_critic.evaluate(to_tensor(states))[:, 0]


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, _n_actions(self, states) - 1 - np.asarray(actions))


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        values = self.actor_critic.evaluate(to_tensor(states))
        return values.gather(0, to_tensor(actions, dtype=np.int64).unsqueeze(-1)).squeeze(-1)


@BANK.mistake("regularizer_ignored")
class ActorCriticAgent(_TDLoss):
    def regularize(self, q, regularizer):
        return 0.0


@BANK.mistake("mean_over_actions")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        probs = torch.softmax(_logits(self, next_states), -1)
        return (probs * self.actor_critic.evaluate(to_tensor(next_states))).mean(-1)


@BANK.mistake("gamma_on_reward")
class ActorCriticAgent(_TDLoss):
    def target(self, rewards, next_value, terminateds):
        return self.gamma * (to_tensor(rewards) + (1 - to_tensor(terminateds)) * next_value)


@BANK.mistake("gamma_ignored")
class ActorCriticAgent(_TDLoss):
    def discount(self):
        return 0.99


@BANK.mistake("gamma_ignored")
class ActorCriticAgent(_TDLoss):
    def discount(self):
        return 0.9


@BANK.mistake("policy_of_current_state")
class ActorCriticAgent(_TDLoss):
    def compute_td_loss(self, states, actions, rewards, next_states, terminateds, regularizer=0.1):
        q = self.q(states, actions)
        with torch.no_grad():
            probs = torch.softmax(_logits(self, states), -1)
            next_value = (probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)
            target = self.target(rewards, next_value, terminateds)
        return self.reduce(q, target) + regularizer * q.mean()


@BANK.mistake("critic_huber")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return torch.nn.functional.smooth_l1_loss(q, target)


@BANK.mistake("root_of_mean_square")
class ActorCriticAgent(_TDLoss):
    def reduce(self, q, target):
        return ((q - target) ** 2).mean().sqrt()


@BANK.mistake("value_of_greedy_action")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        best = _logits(self, next_states).argmax(-1)
        return _pick(self.actor_critic.evaluate(to_tensor(next_states)), best)


@BANK.mistake("regularizer_sign")
class ActorCriticAgent(_TDLoss):
    def regularize(self, q, regularizer):
        return -regularizer * q.mean()


@BANK.mistake("regularizer_ignored")
class ActorCriticAgent(_TDLoss):
    def regularize(self, q, regularizer):
        return 0.1 * q.mean()


@BANK.mistake("td_broadcast")
class ActorCriticAgent(_TDLoss):
    def mask(self, terminateds):
        return super().mask(terminateds).unsqueeze(-1)


@BANK.mistake("td_broadcast")
class ActorCriticAgent(_TDLoss):
    def reward(self, rewards):
        return super().reward(rewards).unsqueeze(-1)


@BANK.mistake("softmax_twice")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        probs = torch.softmax(torch.softmax(_logits(self, next_states), -1), -1)
        return (probs * self.actor_critic.evaluate(to_tensor(next_states))).sum(-1)


@BANK.mistake("regularizer_squared")
class ActorCriticAgent(_TDLoss):
    def regularize(self, q, regularizer):
        return regularizer * (q**2).mean()


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_TDLoss):
    def q(self, states, actions):
        return super().q(states, np.full(len(actions), actions[0]))


@BANK.mistake("regularizer_detached")
class ActorCriticAgent(_TDLoss):
    def regularize(self, q, regularizer):
        return regularizer * q.detach().mean()


@BANK.mistake("terminated_masks_batch")
class ActorCriticAgent(_TDLoss):
    def mask(self, terminateds):
        return 0 if np.any(terminateds) else 1


@BANK.mistake("policy_from_critic")
class ActorCriticAgent(_TDLoss):
    def next_value(self, next_states):
        values = self.actor_critic.evaluate(to_tensor(next_states))
        return (torch.softmax(values, -1) * values).sum(-1)
