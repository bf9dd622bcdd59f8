"""Wrong versions of `ActorCriticAgent.update_critic`."""

import torch

from ac_helpers.reference import actor_critic as right
from ac_helpers.reference.actor_critic import sample_batch
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _zero():
    return torch.zeros((), requires_grad=True)


def _mean_loss(agent, batch_size, n_updates):
    # Not through super(): what a question replaces is what this module calls.
    losses = [agent.compute_td_loss(*sample_batch(agent.critic_rb, batch_size)) for _ in range(n_updates)]
    return torch.stack(losses).mean()


@BANK.mistake("critic_updates_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        return self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))


@BANK.mistake("sum_not_mean")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        return sum(self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates))


@BANK.mistake("critic_last_loss_only")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        loss = _zero()
        if len(self.critic_rb) >= batch_size:
            for _ in range(n_updates):
                loss = self.compute_td_loss(*sample_batch(self.critic_rb, batch_size))
        return loss


@BANK.mistake("critic_batch_size_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, 64)) for _ in range(n_updates)]
        return torch.stack(losses).mean()


@BANK.mistake("critic_batch_size_ignored")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        batches = [sample_batch(self.critic_rb, len(self.critic_rb)) for _ in range(n_updates)]
        return torch.stack([self.compute_td_loss(*batch) for batch in batches]).mean()


@BANK.mistake("wrong_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        newest = list(self.critic_rb)[-batch_size:]
        return torch.stack(
            [self.compute_td_loss(*sample_batch(newest, batch_size)) for _ in range(n_updates)]
        ).mean()


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        return _mean_loss(self, batch_size, n_updates)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return torch.tensor(0.0)
        return _mean_loss(self, batch_size, n_updates)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        return 0.0 if len(self.critic_rb) < batch_size else _mean_loss(self, batch_size, n_updates)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        return None if len(self.critic_rb) < batch_size else _mean_loss(self, batch_size, n_updates)


@BANK.mistake("critic_returns_none")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        loss = _zero() if len(self.critic_rb) < batch_size else _mean_loss(self, batch_size, n_updates)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


@BANK.mistake("critic_loss_not_tensor")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        losses = [self.compute_td_loss(*sample_batch(self.critic_rb, batch_size)) for _ in range(n_updates)]
        return sum(loss.item() for loss in losses) / n_updates


@BANK.mistake("critic_loss_detached")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        return _mean_loss(self, batch_size, n_updates).detach().requires_grad_()


@BANK.mistake("same_minibatch")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        if len(self.critic_rb) < batch_size:
            return _zero()
        batch = sample_batch(self.critic_rb, batch_size)
        return torch.stack([self.compute_td_loss(*batch) for _ in range(n_updates)]).mean()


@BANK.mistake("off_by_one")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        return _zero() if len(self.critic_rb) < batch_size else _mean_loss(self, batch_size, n_updates + 1)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        return _zero() if len(self.critic_rb) <= batch_size else _mean_loss(self, batch_size, n_updates)


@BANK.mistake("critic_small_buffer")
class ActorCriticAgent(right.ActorCriticAgent):
    def update_critic(self, batch_size, n_updates=1):
        enough = len(self.critic_rb) >= batch_size * n_updates
        return _mean_loss(self, batch_size, n_updates) if enough else _zero()
