"""Wrong versions of `ActorCriticAgent.update_actor`."""

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


class _ActorLoss(right.ActorCriticAgent):
    """The right loss in pieces, with log-probabilities and values computed anew."""

    def log_probs(self):
        states = torch.stack([to_tensor(state) for state in self.actor_batch.states])
        return _pick(torch.log_softmax(_logits(self, states), -1), [int(a) for a in self.actor_batch.actions])

    def weights(self):
        states = torch.stack([to_tensor(state) for state in self.actor_batch.states])
        return _pick(self.actor_critic.evaluate(states), [int(a) for a in self.actor_batch.actions]).detach()

    def update_actor(self):
        return -(self.weights() * self.log_probs()).mean()


@BANK.mistake("actor_loss_sign")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return -super().update_actor()


@BANK.mistake("actor_q_not_detached")
class ActorCriticAgent(_ActorLoss):
    def weights(self):
        states = torch.stack([to_tensor(state) for state in self.actor_batch.states])
        return _pick(self.actor_critic.evaluate(states), [int(a) for a in self.actor_batch.actions])


@BANK.mistake("actor_no_log")
class ActorCriticAgent(_ActorLoss):
    def log_probs(self):
        return super().log_probs().exp()


@BANK.mistake("actor_ignores_q")
class ActorCriticAgent(_ActorLoss):
    def weights(self):
        return torch.ones(len(self.actor_batch.logprobs))


@BANK.mistake("actor_only_last_step")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return -(self.weights()[-1] * self.log_probs()[-1])


@BANK.mistake("log_prob_detached")
class ActorCriticAgent(_ActorLoss):
    def log_probs(self):
        return super().log_probs().detach()


@BANK.mistake("log_prob_of_other_action")
class ActorCriticAgent(_ActorLoss):
    def log_probs(self):
        states = torch.stack([to_tensor(state) for state in self.actor_batch.states])
        return self.actor_critic(states)[1]


@BANK.mistake("actor_broadcast")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return -(self.weights().unsqueeze(-1) * self.log_probs()).mean()


@BANK.mistake("loss_not_reduced")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return -(self.weights() * self.log_probs())


@BANK.mistake("actor_q_without_log_prob")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        states = torch.stack([to_tensor(state) for state in self.actor_batch.states])
        return -_pick(self.actor_critic.evaluate(states), [int(a) for a in self.actor_batch.actions]).mean()
