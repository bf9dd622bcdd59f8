"""Wrong versions of `ActorCriticTrainer`."""

import numpy as np
import torch
from torch import nn
from torch.distributions import Normal

from ac_helpers.reference import gaussian_actor_critic as right
from ac_helpers.reference.bank import Bank

BANK = Bank()


class _Trainer(right.ActorCriticTrainer):
    """The right update in pieces; a mistake replaces one of them."""

    def flags(self, terminated, truncated):
        return terminated, truncated

    def discounts(self):
        return self.gamma, self.lam

    def next_values(self, rollout):
        return self.critic(torch.as_tensor(rollout["next_states"])).numpy()

    @torch.no_grad()
    def targets(self, rollout):
        values = self.critic(torch.as_tensor(rollout["states"])).numpy()
        flags = self.flags(rollout["terminated"], rollout["truncated"])
        return self.estimate(rollout["rewards"], values, self.next_values(rollout), *flags)

    def estimate(self, rewards, values, next_values, terminated, truncated):
        return right.compute_gae(rewards, values, next_values, terminated, truncated, *self.discounts())

    def passes(self, epochs):
        return epochs

    def minibatches(self, count, size):
        return torch.randperm(count).split(size)

    def old(self, old_log_probs, log_probs):
        return old_log_probs

    def losses(self, *fields):
        return right.actor_critic_losses(*fields)

    def shorten(self, network, limit):
        nn.utils.clip_grad_norm_(network.parameters(), limit)

    def step(self, actor_loss, critic_loss):
        self.actor_opt.zero_grad()
        self.critic_opt.zero_grad()
        (actor_loss + critic_loss).backward()
        self.shorten(self.actor, self.max_grad_norm)
        self.shorten(self.critic, self.max_grad_norm)
        self.actor_opt.step()
        self.critic_opt.step()

    def flat(self, field):
        return torch.as_tensor(np.asarray(field), dtype=torch.float32).flatten(0, 1)

    def flat_targets(self, field):
        return self.flat(field)

    def update(self, rollout, epochs, minibatch_size):
        advantages, returns = map(self.flat_targets, self.targets(rollout))
        states, actions, old_log_probs = (
            self.flat(rollout[name]) for name in ("states", "actions", "log_probs")
        )
        for _ in range(self.passes(epochs)):
            for index in self.minibatches(len(states), minibatch_size):
                mean, log_std = self.actor(states[index])
                log_probs = Normal(mean, log_std.exp(), validate_args=False).log_prob(actions[index]).sum(-1)
                old = self.old(old_log_probs[index], log_probs)
                values = self.critic(states[index])
                self.step(*self.losses(log_probs, old, advantages[index], values, returns[index]))


def _trainer(mistake_id, **pieces):
    """Adds the trainer with these pieces replaced."""
    BANK.mistake(mistake_id)(type("ActorCriticTrainer", (_Trainer,), pieces))


def _step(actor=True, critic=True, zero=True, clip=("actor", "critic")):
    """A step that leaves something out."""

    def step(self, actor_loss, critic_loss):
        if zero:
            self.actor_opt.zero_grad()
            self.critic_opt.zero_grad()
        (actor_loss + critic_loss).backward()
        for name in clip:
            self.shorten(getattr(self, name), self.max_grad_norm)
        if actor:
            self.actor_opt.step()
        if critic:
            self.critic_opt.step()

    return step


def _exchanged(self, actor_loss, critic_loss):
    """The actor's loss moves the critic's optimizer, and the other way round."""
    for network, opt, loss in (
        (self.actor, self.critic_opt, actor_loss),
        (self.critic, self.actor_opt, critic_loss),
    ):
        opt.zero_grad()
        loss.backward()
        self.shorten(network, self.max_grad_norm)
        opt.step()


def _with_weights(changed):
    """Losses for advantages that are changed first."""

    def losses(self, log_probs, old, advantages, values, returns):
        return right.actor_critic_losses(log_probs, old, changed(advantages), values, returns)

    return losses


def _only_short_steps(self, actor_loss, critic_loss):
    """A step that is not made where the gradient is too long."""
    self.actor_opt.zero_grad()
    self.critic_opt.zero_grad()
    (actor_loss + critic_loss).backward()
    for network, opt in ((self.actor, self.actor_opt), (self.critic, self.critic_opt)):
        if nn.utils.clip_grad_norm_(network.parameters(), self.max_grad_norm) <= self.max_grad_norm:
            opt.step()


def _stepping_twice(self, actor_loss, critic_loss):
    for _ in range(2):
        self.actor_opt.zero_grad()
        self.critic_opt.zero_grad()
        (actor_loss + critic_loss).backward(retain_graph=True)
        self.shorten(self.actor, self.max_grad_norm)
        self.shorten(self.critic, self.max_grad_norm)
        self.actor_opt.step()
        self.critic_opt.step()


def _without_axes_of_one(self, rollout):
    values = self.critic(torch.as_tensor(rollout["next_states"])).squeeze().numpy()
    return values + np.zeros_like(rollout["rewards"])


def _with_backward(*names):
    """A step in which only these losses are passed back."""

    def step(self, actor_loss, critic_loss):
        self.actor_opt.zero_grad()
        self.critic_opt.zero_grad()
        sum({"actor": actor_loss, "critic": critic_loss}[name] for name in names).backward()
        self.shorten(self.actor, self.max_grad_norm)
        self.actor_opt.step()
        self.critic_opt.step()

    return step


class _ZeroedOncePerEpoch(_Trainer):
    """Gradients add up within an epoch."""

    zeroed = ("actor", "critic")

    def minibatches(self, count, size):
        for name in self.zeroed:
            getattr(self, f"{name}_opt").zero_grad()
        return super().minibatches(count, size)

    def step(self, actor_loss, critic_loss):
        for name in ("actor", "critic"):
            if name not in self.zeroed:
                getattr(self, f"{name}_opt").zero_grad()
        _step(zero=False)(self, actor_loss, critic_loss)


class _OldOfEachEpoch(_Trainer):
    """The policy that the ratio starts from is that of the epoch's beginning."""

    def update(self, rollout, epochs, minibatch_size):
        self.states, self.actions = (self.flat(rollout[name]) for name in ("states", "actions"))
        super().update(rollout, epochs, minibatch_size)

    def minibatches(self, count, size):
        with torch.no_grad():
            mean, log_std = self.actor(self.states)
            log_probs = Normal(mean, log_std.exp(), validate_args=False).log_prob(self.actions).sum(-1)
        for index in super().minibatches(count, size):
            self.at_start = log_probs[index]
            yield index

    def old(self, old_log_probs, log_probs):
        return self.at_start


def _only_one_zeroed(self, actor_loss, critic_loss):
    self.actor_opt.zero_grad()
    _step(zero=False)(self, actor_loss, critic_loss)


def _other_only_zeroed(self, actor_loss, critic_loss):
    self.critic_opt.zero_grad()
    _step(zero=False)(self, actor_loss, critic_loss)


def _zeroed_after_backward(self, actor_loss, critic_loss):
    (actor_loss + critic_loss).backward()
    self.actor_opt.zero_grad()
    self.critic_opt.zero_grad()
    self.actor_opt.step()
    self.critic_opt.step()


def _clipped_after_step(self, actor_loss, critic_loss):
    _step(clip=())(self, actor_loss, critic_loss)
    self.shorten(self.actor, self.max_grad_norm)
    self.shorten(self.critic, self.max_grad_norm)


def _by_value(self, network, limit):
    nn.utils.clip_grad_value_(network.parameters(), limit)


def _to_one_length(self, network, limit):
    parameters = list(network.parameters())
    length = torch.sqrt(sum((p.grad**2).sum() for p in parameters))
    for parameter in parameters:
        parameter.grad.mul_(limit / length)


def _with_limit(limit):
    return lambda self, network, _: nn.utils.clip_grad_norm_(network.parameters(), limit)


def _drawn_anew(self, count, size):
    return [torch.randint(count, (size,)) for _ in range(-(-count // size))]


def _permuted_anew(self, count, size):
    return [torch.randperm(count)[:size] for _ in range(-(-count // size))]


def _one_again_and_again(self, count, size):
    index = torch.randperm(count)[:size]
    return [index] * -(-count // size)


def _first_again_and_again(self, count, size):
    return [torch.arange(size)] * -(-count // size)


def _first_half(self, count, size):
    return torch.randperm(count).split(size)[: count // size // 2]


def _only_one(self, count, size):
    return torch.randperm(count).split(size)[:1]


def _last_missing(self, count, size):
    return torch.randperm(count).split(size)[:-1]


def _one_transition_missing(self, count, size):
    return torch.randperm(count - 1).split(size)


def _mixed_up(self, field):
    flat = _Trainer.flat(self, field)
    return flat[torch.randperm(len(flat))]


def _returns_by_columns(self, rollout):
    advantages, returns = _Trainer.targets(self, rollout)
    return advantages, np.asarray(returns).T.reshape(np.shape(returns))


def _columns_first(self, field):
    return torch.as_tensor(np.asarray(field), dtype=torch.float32).transpose(0, 1).flatten(0, 1)


def _one_step(self, rewards, values, next_values, terminated, truncated):
    deltas = rewards + self.gamma * next_values * ~terminated - values
    return deltas, deltas + values


def _monte_carlo(self, rewards, values, next_values, terminated, truncated):
    return right.compute_gae(rewards, values, next_values, terminated, truncated, self.gamma, 1.0)


def _rewards_alone(self, rewards, values, next_values, terminated, truncated):
    return rewards, rewards


def _returns_twice(self, *fields):
    _, returns = _Trainer.estimate(self, *fields)
    return returns, returns


def _normalised(numbers):
    return (numbers - numbers.mean()) / (numbers.std() + 1e-8)


def _normalised_advantages_twice(self, *fields):
    advantages, _ = _Trainer.estimate(self, *fields)
    return _normalised(advantages), _normalised(advantages)


def _normalised_returns(self, *fields):
    advantages, returns = _Trainer.estimate(self, *fields)
    return advantages, _normalised(returns)


def _returns_of_normalised_advantages(self, rewards, values, *fields):
    advantages, _ = _Trainer.estimate(self, rewards, values, *fields)
    return _normalised(advantages), _normalised(advantages) + values


def _surrogate(pick, sign=1):
    """Losses written anew: which of both products is picked, and of which sign the log-ratio is."""

    def losses(self, log_probs, old_log_probs, advantages, values, returns):
        ratio = (sign * (log_probs - old_log_probs)).exp()
        picked = pick(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages)
        return -picked.mean(), ((values - returns) ** 2).mean()

    return losses


def _advantages_twice(self, *fields):
    advantages, _ = _Trainer.estimate(self, *fields)
    return advantages, advantages


def _with_entropy(self, log_probs, *fields):
    actor_loss, critic_loss = right.actor_critic_losses(log_probs, *fields)
    return actor_loss + 0.1 * sum(p.square().sum() for p in self.actor.parameters()), critic_loss


def _of_same_states(self, rollout):
    return self.critic(torch.as_tensor(rollout["states"])).numpy()


def _opposite(self, *fields):
    actor_loss, critic_loss = right.actor_critic_losses(*fields)
    return -actor_loss, critic_loss


def _only_clipped(log_probs, old_log_probs, advantages, values, returns):
    ratio = (log_probs - old_log_probs).exp().clamp(0.8, 1.2)
    return -(ratio * advantages).mean(), nn.functional.mse_loss(values, returns)


def _broadcast(actor):
    """Every log-probability meets every advantage, or every value every target."""

    def losses(self, log_probs, old_log_probs, advantages, values, returns):
        if actor:
            log_probs, old_log_probs = log_probs[:, None], old_log_probs[:, None]
            return right.actor_critic_losses(log_probs, old_log_probs, advantages, values, returns)
        actor_loss, _ = right.actor_critic_losses(log_probs, old_log_probs, advantages, values, returns)
        return actor_loss, ((values[:, None] - returns) ** 2).mean()

    return losses


class _ValuesClipped(_Trainer):
    """The critic's loss clipped as PPO's first implementation did."""

    def targets(self, rollout):
        with torch.no_grad():
            self.before = self.flat(self.critic(torch.as_tensor(rollout["states"])))
        return super().targets(rollout)

    def minibatches(self, count, size):
        for self.index in super().minibatches(count, size):
            yield self.index

    def losses(self, log_probs, old_log_probs, advantages, values, returns):
        actor_loss, _ = super().losses(log_probs, old_log_probs, advantages, values, returns)
        before = self.before[self.index]
        near = before + (values - before).clamp(-0.2, 0.2)
        return actor_loss, torch.max((values - returns) ** 2, (near - returns) ** 2).mean()


class _TargetsFollow(_Trainer):
    """Targets made of the critic's values as they are."""

    def losses(self, log_probs, old_log_probs, advantages, values, returns):
        return super().losses(log_probs, old_log_probs, advantages, values, advantages + values.detach())


class _StopsEarly(_Trainer):
    """No more steps once the policy has gone some way from the old one."""

    far = False

    def old(self, old_log_probs, log_probs):
        self.far |= bool((old_log_probs - log_probs).abs().mean() > 0.1)
        return old_log_probs

    def update(self, rollout, epochs, minibatch_size):
        self.far = False
        super().update(rollout, epochs, minibatch_size)

    def step(self, actor_loss, critic_loss):
        if not self.far:
            super().step(actor_loss, critic_loss)


class _KeepsRollouts(_Trainer):
    """What was collected before is learned from again."""

    kept = ()

    def update(self, rollout, epochs, minibatch_size):
        self.kept = (*self.kept, rollout)
        fields = {name: np.concatenate([one[name] for one in self.kept]) for name in rollout}
        super().update(fields, epochs, minibatch_size)


def _without_clipping(self, log_probs, old_log_probs, advantages, values, returns):
    critic_loss = ((values - returns) ** 2).mean()
    return -((log_probs - old_log_probs).exp() * advantages).mean(), critic_loss


def _plain(self, log_probs, old_log_probs, advantages, values, returns):
    return -(log_probs * advantages).mean(), ((values - returns) ** 2).mean()


_trainer("optimizers_exchanged", step=_exchanged)
_trainer("actor_not_stepped", step=_step(actor=False))
_trainer("actor_not_stepped", step=_with_backward("critic"))
_trainer("critic_not_stepped", step=_step(critic=False))
_trainer("critic_not_stepped", step=_with_backward("actor"))
_trainer("zero_grad_missing", step=_step(zero=False))
_trainer("zero_grad_missing", step=_only_one_zeroed)
_trainer("zero_grad_missing", step=_other_only_zeroed)
for zeroed in (("actor", "critic"), ("actor",), ("critic",)):
    BANK.mistake("zero_grad_missing")(type("ActorCriticTrainer", (_ZeroedOncePerEpoch,), {"zeroed": zeroed}))
_trainer("zero_grad_misplaced", step=_zeroed_after_backward)
_trainer("gradients_not_clipped", step=_step(clip=()))
_trainer("gradients_not_clipped", step=_clipped_after_step)
_trainer("one_net_clipped", step=_step(clip=("actor",)))
_trainer("one_net_clipped", step=_step(clip=("critic",)))
_trainer("max_grad_norm_ignored", shorten=_with_limit(0.5))
_trainer("max_grad_norm_ignored", shorten=_with_limit(1.0))
_trainer("max_grad_norm_ignored", shorten=_to_one_length)
_trainer("clip_by_value", shorten=_by_value)
_trainer("epochs_ignored", passes=lambda self, epochs: 1)
_trainer("epochs_ignored", passes=lambda self, epochs: 10)
_trainer("minibatch_size_ignored", minibatches=lambda self, count, size: [torch.arange(count)])
_trainer("minibatch_size_ignored", minibatches=lambda self, count, size: torch.randperm(count).split(4))
_trainer("minibatches_overlap", minibatches=_drawn_anew)
_trainer("minibatches_overlap", minibatches=_permuted_anew)
_trainer("same_minibatch", minibatches=_one_again_and_again)
_trainer("same_minibatch", minibatches=_first_again_and_again)
_trainer("minibatches_incomplete", minibatches=_first_half)
_trainer("minibatches_incomplete", minibatches=_only_one)
_trainer("minibatches_incomplete", minibatches=_last_missing)
_trainer("minibatches_incomplete", minibatches=_one_transition_missing)
_trainer("gae_not_used", estimate=_one_step)
_trainer("gae_not_used", estimate=_monte_carlo)
_trainer("gae_not_used", estimate=_rewards_alone)
_trainer("gamma_ignored", discounts=lambda self: (0.95, self.lam))
_trainer("gamma_ignored", discounts=lambda self: (0.99, self.lam))
_trainer("gamma_ignored", discounts=lambda self: (0.9, self.lam))
_trainer("lam_ignored", discounts=lambda self: (self.gamma, 0.95))
_trainer("lam_ignored", discounts=lambda self: (self.gamma, 0.97))
_trainer("lam_ignored", discounts=lambda self: (self.gamma, 0.9))
_trainer("samples_misaligned", flat_targets=_mixed_up)
_trainer("samples_misaligned", flat_targets=_columns_first)
_trainer("samples_misaligned", targets=_returns_by_columns)
_trainer("value_not_subtracted", estimate=_returns_twice)
_trainer("returns_without_value", estimate=_advantages_twice)
_trainer("returns_without_value", estimate=_normalised_advantages_twice)
_trainer("returns_normalised", estimate=_normalised_returns)
_trainer("returns_normalised", estimate=_returns_of_normalised_advantages)
_trainer(
    "bootstrap_through_termination",
    flags=lambda self, term, trunc: (term & False, term | trunc),
)
_trainer(
    "no_bootstrap_through_truncation",
    flags=lambda self, term, trunc: (term | trunc, trunc),
)
_trainer("episode_not_cut", flags=lambda self, term, trunc: (term, trunc & False))
_trainer(
    "next_state_is_state",
    next_values=lambda self, rollout: self.critic(torch.as_tensor(rollout["states"])).numpy(),
)
_trainer("actor_loss_sign", losses=_opposite)
_trainer("ratio_inverted", losses=_surrogate(torch.min, sign=-1))
_trainer("max_instead_of_min", losses=_surrogate(torch.max))
_trainer("gradient_of_something_else", losses=_with_entropy)
_trainer("old_log_probs_ignored", old=lambda self, old, log_probs: log_probs.detach())
_trainer("old_log_probs_ignored", losses=_plain)
BANK.mistake("old_log_probs_ignored")(type("ActorCriticTrainer", (_OldOfEachEpoch,), {}))
_trainer("loss_broadcast", losses=_broadcast(actor=True))
_trainer("loss_broadcast", losses=_broadcast(actor=False))
_trainer("no_clip", losses=_without_clipping)
_trainer("clipped_only", losses=staticmethod(_only_clipped))
BANK.mistake("critic_loss_changed")(type("ActorCriticTrainer", (_ValuesClipped,), {}))
BANK.mistake("critic_loss_changed")(type("ActorCriticTrainer", (_TargetsFollow,), {}))
BANK.mistake("stopped_early")(type("ActorCriticTrainer", (_StopsEarly,), {}))
BANK.mistake("rollout_kept")(type("ActorCriticTrainer", (_KeepsRollouts,), {}))
_trainer("advantages_shifted", losses=_with_weights(lambda a: (a - a.min()) / (a.max() - a.min())))
_trainer("advantages_shifted", losses=_with_weights(lambda a: a - a.mean() / (a.std() + 1e-8)))
_trainer("long_step_skipped", step=_only_short_steps)
_trainer("steps_twice", step=_stepping_twice)
_trainer("one_environment_fails", next_values=_without_axes_of_one)
