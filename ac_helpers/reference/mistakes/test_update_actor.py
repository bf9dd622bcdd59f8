"""Wrong versions of `ActorCriticAgent.update_actor`, each with every kind of weight."""

import numpy as np
import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _pick(values, actions):
    return values.gather(-1, to_tensor(actions, dtype=np.int64).unsqueeze(-1)).squeeze(-1)


class _ActorLoss(right.ActorCriticAgent):
    """The right loss in pieces, with log-probabilities and values computed anew; mistakes replace pieces."""

    def states(self):
        return torch.stack([to_tensor(state) for state in self.actor_batch.states])

    def actions(self):
        return [int(action) for action in self.actor_batch.actions]

    def all_log_probs(self):
        return self.actor_critic.actor_head(self.actor_critic.net(self.states())).log_softmax(-1)

    def log_probs(self):
        return _pick(self.all_log_probs(), self.actions())

    def q(self):
        return _pick(self.actor_critic.evaluate(self.states()), self.actions())

    def values(self):
        q_values = self.actor_critic.evaluate(self.states())
        return (self.all_log_probs().exp().detach() * q_values).sum(-1)

    def weights(self):
        return self.q()

    def detached(self):
        return self.weights().detach()

    def sign(self):
        return -1

    def update_actor(self):
        return self.sign() * (self.detached() * self.log_probs()).mean()


class _Advantage(_ActorLoss):
    def weights(self):
        return self.q() - self.values()


class _Centred(_ActorLoss):
    def weights(self):
        q = self.q()
        return q - q.mean()


class _Normalised(_ActorLoss):
    def weights(self):
        q = self.q()
        return (q - q.mean()) / (q.std() + 1e-8)


class _NormalisedAdvantage(_Advantage):
    def weights(self):
        advantages = super().weights()
        return (advantages - advantages.mean()) / (advantages.std() + 1e-8)


KINDS = (_ActorLoss, _Advantage, _Centred, _Normalised, _NormalisedAdvantage)


def _with_any_weights(mistake_id):
    """Adds a wrong class to the bank once for each kind of weights; it is given the base to inherit."""

    def add(make):
        for kind in KINDS:
            BANK.mistake(mistake_id)(make(kind))
        return make

    return add


@_with_any_weights("actor_loss_sign")
def _(base):
    class ActorCriticAgent(base):
        def sign(self):
            return 1

    return ActorCriticAgent


@_with_any_weights("actor_q_not_detached")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return self.weights()

    return ActorCriticAgent


@_with_any_weights("actor_no_log")
def _(base):
    class ActorCriticAgent(base):
        def log_probs(self):
            return super().log_probs().exp()

    return ActorCriticAgent


@_with_any_weights("softmax_twice")
def _(base):
    class ActorCriticAgent(base):
        def all_log_probs(self):
            return super().all_log_probs().exp().log_softmax(-1)

    return ActorCriticAgent


@_with_any_weights("actor_only_last_step")
def _(base):
    class ActorCriticAgent(base):
        def update_actor(self):
            return self.sign() * (self.detached()[-1] * self.log_probs()[-1])

    return ActorCriticAgent


@_with_any_weights("actor_only_first_step")
def _(base):
    class ActorCriticAgent(base):
        def update_actor(self):
            return self.sign() * (self.detached()[0] * self.log_probs()[0])

    return ActorCriticAgent


@_with_any_weights("log_prob_of_other_action")
def _(base):
    class ActorCriticAgent(base):
        def log_probs(self):
            return self.actor_critic(self.states())[1]

    return ActorCriticAgent


@_with_any_weights("log_prob_of_other_action")
def _(base):
    class ActorCriticAgent(base):
        def log_probs(self):
            return self.all_log_probs().max(-1).values

    return ActorCriticAgent


@_with_any_weights("log_prob_of_other_action")
def _(base):
    class ActorCriticAgent(base):
        def log_probs(self):
            return _pick(self.all_log_probs().roll(-1, dims=-1), self.actions())

    return ActorCriticAgent


@_with_any_weights("softmax_wrong_axis")
def _(base):
    class ActorCriticAgent(base):
        def all_log_probs(self):
            return self.actor_critic.actor_head(self.actor_critic.net(self.states())).log_softmax(0)

    return ActorCriticAgent


@_with_any_weights("logits_as_log_probs")
def _(base):
    class ActorCriticAgent(base):
        def log_probs(self):
            return _pick(self.actor_critic.actor_head(self.actor_critic.net(self.states())), self.actions())

    return ActorCriticAgent


@_with_any_weights("weights_absolute")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached().abs()

    return ActorCriticAgent


@_with_any_weights("weights_squared")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached() ** 2

    return ActorCriticAgent


@_with_any_weights("body_detached")
def _(base):
    class ActorCriticAgent(base):
        def all_log_probs(self):
            features = self.actor_critic.net(self.states()).detach()
            return self.actor_critic.actor_head(features).log_softmax(-1)

    return ActorCriticAgent


@_with_any_weights("weights_clipped")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached().clamp(min=0)

    return ActorCriticAgent


@_with_any_weights("weights_only_sign")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached().sign()

    return ActorCriticAgent


@_with_any_weights("weights_misaligned")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached().roll(1)

    return ActorCriticAgent


@_with_any_weights("weights_misaligned")
def _(base):
    class ActorCriticAgent(base):
        def detached(self):
            return super().detached().roll(-1)

    return ActorCriticAgent


@BANK.mistake("actor_ignores_q")
class ActorCriticAgent(_ActorLoss):
    def detached(self):
        return torch.ones(len(self.actor_batch.logprobs))


@BANK.mistake("actor_ignores_q")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        log_probs = self.all_log_probs()
        return (log_probs.exp() * log_probs).sum(-1).mean()


@BANK.mistake("log_prob_detached")
class ActorCriticAgent(_ActorLoss):
    def log_probs(self):
        return super().log_probs().detach()


@BANK.mistake("log_prob_detached")
class ActorCriticAgent(_ActorLoss):
    def log_probs(self):
        return super().log_probs().detach().requires_grad_()


@BANK.mistake("loss_broadcast")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return self.sign() * (self.detached().unsqueeze(-1) * self.log_probs()).mean()


@BANK.mistake("loss_broadcast")
class ActorCriticAgent(_Advantage):
    def update_actor(self):
        return self.sign() * (self.detached().unsqueeze(-1) * self.log_probs()).mean()


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_ActorLoss):
    def detached(self):
        return self.values().detach()


@BANK.mistake("q_of_wrong_action")
class ActorCriticAgent(_ActorLoss):
    def q(self):
        return self.actor_critic.evaluate(self.states()).max(-1).values


@BANK.mistake("baseline_with_gradient")
class ActorCriticAgent(_Advantage):
    def detached(self):
        q_values = self.actor_critic.evaluate(self.states()).detach()
        return _pick(q_values, self.actions()) - (self.all_log_probs().exp() * q_values).sum(-1)


@BANK.mistake("weights_zero")
class ActorCriticAgent(_ActorLoss):
    def detached(self):
        q = self.q().detach()
        return q - q


@BANK.mistake("loss_not_reduced")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return self.sign() * (self.detached() * self.log_probs())


@BANK.mistake("actor_q_without_log_prob")
class ActorCriticAgent(_ActorLoss):
    def update_actor(self):
        return -self.q().mean()
