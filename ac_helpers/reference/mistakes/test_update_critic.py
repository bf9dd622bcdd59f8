"""Wrong versions of `ActorCriticAgent.update_critic`."""

import random

import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import sample_batch
from ac_helpers.reference.bank import Bank

BANK = Bank()


class _CriticLoss(right.ActorCriticAgent):
    """The right loss in pieces; a mistake replaces one of them.

    Not through super(): what a question replaces is what this module calls.
    """

    def is_enough(self, batch_size, n_updates):
        return len(self.critic_rb) >= batch_size

    def nothing(self):
        return torch.zeros((), requires_grad=True)

    def rounds(self, n_updates):
        return n_updates

    def memory(self, batch_size):
        return self.critic_rb

    def size(self, batch_size):
        return batch_size

    def batches(self, batch_size, rounds):
        for _ in range(rounds):
            yield sample_batch(self.memory(batch_size), self.size(batch_size))

    def total(self, losses):
        return torch.stack(losses).mean()

    def update_critic(self, batch_size, n_updates=1):
        if not self.is_enough(batch_size, n_updates):
            return self.nothing()
        batches = self.batches(batch_size, self.rounds(n_updates))
        return self.total([self.compute_td_loss(*batch) for batch in batches])


@BANK.mistake("critic_updates_ignored")
class ActorCriticAgent(_CriticLoss):
    def rounds(self, n_updates):
        return 1


@BANK.mistake("sum_not_mean")
class ActorCriticAgent(_CriticLoss):
    def total(self, losses):
        return sum(losses)


@BANK.mistake("critic_last_loss_only")
class ActorCriticAgent(_CriticLoss):
    def total(self, losses):
        return losses[-1]


@BANK.mistake("critic_batch_size_ignored")
class ActorCriticAgent(_CriticLoss):
    def size(self, batch_size):
        return 64


@BANK.mistake("critic_batch_size_ignored")
class ActorCriticAgent(_CriticLoss):
    def size(self, batch_size):
        return len(self.critic_rb)


@BANK.mistake("wrong_buffer")
class ActorCriticAgent(_CriticLoss):
    def memory(self, batch_size):
        return list(self.critic_rb)[-batch_size:]


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def is_enough(self, batch_size, n_updates):
        return True


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def nothing(self):
        return torch.tensor(0.0)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def nothing(self):
        return 0.0


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def nothing(self):
        return None


@BANK.mistake("critic_returns_none")
class ActorCriticAgent(_CriticLoss):
    def update_critic(self, batch_size, n_updates=1):
        loss = super().update_critic(batch_size, n_updates)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


@BANK.mistake("critic_loss_not_tensor")
class ActorCriticAgent(_CriticLoss):
    def total(self, losses):
        return sum(loss.item() for loss in losses) / len(losses)


@BANK.mistake("critic_loss_detached")
class ActorCriticAgent(_CriticLoss):
    def total(self, losses):
        return super().total(losses).detach().requires_grad_()


@BANK.mistake("same_minibatch")
class ActorCriticAgent(_CriticLoss):
    def batches(self, batch_size, rounds):
        return [sample_batch(self.memory(batch_size), self.size(batch_size))] * rounds


@BANK.mistake("same_minibatch")
class ActorCriticAgent(_CriticLoss):
    def batches(self, batch_size, rounds):
        drawn = [sample_batch(self.memory(batch_size), self.size(batch_size)) for _ in range(rounds)]
        return [drawn[-1]] * rounds


@BANK.mistake("off_by_one")
class ActorCriticAgent(_CriticLoss):
    def rounds(self, n_updates):
        return n_updates + 1


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def is_enough(self, batch_size, n_updates):
        return len(self.critic_rb) > batch_size


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(_CriticLoss):
    def is_enough(self, batch_size, n_updates):
        return len(self.critic_rb) >= batch_size * n_updates


@BANK.mistake("state_kept")
class ActorCriticAgent(_CriticLoss):
    kept = ()

    def total(self, losses):
        self.kept = [*self.kept, *losses]
        return super().total(self.kept)


@BANK.mistake("seed_fixed")
class ActorCriticAgent(_CriticLoss):
    def batches(self, batch_size, rounds):
        for _ in range(rounds):
            random.seed(0)
            yield sample_batch(self.memory(batch_size), self.size(batch_size))
