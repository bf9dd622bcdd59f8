"""Wrong versions of `actor_critic_losses`."""

import torch
from torch.nn import functional as F

from ac_helpers.reference.bank import Bank, InPieces

BANK = Bank()


class _Losses(InPieces):
    """The right losses in pieces; a mistake replaces one of them."""

    __name__ = "actor_critic_losses"

    def log_probs(self, log_probs):
        return log_probs

    def values(self, values):
        return values

    def old(self, old_log_probs):
        return old_log_probs.detach()

    def weights(self, advantages):
        return advantages.detach()

    def targets(self, returns):
        return returns.detach()

    def ratio(self, log_probs, old_log_probs):
        return (log_probs - old_log_probs).exp()

    def clip(self, ratio, clip_ratio):
        return ratio.clamp(1 - clip_ratio, 1 + clip_ratio)

    def surrogate(self, ratio, clipped, advantages):
        return torch.min(ratio * advantages, clipped * advantages)

    def reduce(self, terms):
        return terms.mean()

    def sign(self):
        return -1

    def critic(self, values, returns):
        return ((values - returns) ** 2).mean()

    def results(self, actor_loss, critic_loss):
        return actor_loss, critic_loss

    def __call__(self, log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
        ratio = self.ratio(self.log_probs(log_probs), self.old(old_log_probs))
        terms = self.surrogate(ratio, self.clip(ratio, clip_ratio), self.weights(advantages))
        critic_loss = self.critic(self.values(values), self.targets(returns))
        return self.results(self.sign() * self.reduce(terms), critic_loss)


_losses = BANK.in_pieces(_Losses())


def _one_side(sign):
    """Clips on one side only, whatever the advantage is."""

    def clip(self, ratio, clip_ratio):
        return ratio.clamp(max=1 + clip_ratio) if sign > 0 else ratio.clamp(min=1 - clip_ratio)

    return clip


def _bounds(self, ratio, clip_ratio):
    """Both bounds, for a surrogate that does something else with them."""
    return 1 - clip_ratio, 1 + clip_ratio


def _of_exchanged_bounds(self, ratio, bounds, weights):
    return torch.min(ratio * weights, torch.where(weights > 0, *bounds) * weights)


def _of_clipped_product(self, ratio, bounds, weights):
    return torch.min(ratio * weights, (ratio * weights).clamp(*bounds))


def _of_clipped_weights(self, ratio, bounds, weights):
    return torch.min(ratio * weights, ratio * weights.clamp(*bounds))


_losses("actor_loss_sign", sign=lambda self: 1)
_losses("ratio_inverted", ratio=lambda self, new, old: (old - new).exp())
_losses("ratio_without_exp", ratio=lambda self, new, old: new - old)
_losses("ratio_without_exp", ratio=lambda self, new, old: new / old)
_losses("ratio_without_exp", ratio=lambda self, new, old: 1 + new - old)
_losses("ratio_without_exp", ratio=lambda self, new, old: (new / old).exp())
_losses("ratio_without_exp", ratio=lambda self, new, old: (new + old).exp())
_losses("ratio_without_exp", ratio=lambda self, new, old: new.exp() - old.exp())
_losses("clip_wrong_side", clip=_one_side(1))
_losses("clip_wrong_side", clip=_one_side(-1))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(-c, c))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(1 - c / 2, 1 + c / 2))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(1 - 2 * c, 1 + 2 * c))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(1 / (1 + c), 1 + c))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(1, 1 + c))
_losses("clip_wrong_side", clip=lambda self, r, c: r.clamp(1 - c, 1))
_losses("clip_wrong_side", clip=lambda self, r, c: (r - 1).clamp(-c, c))
_losses("clip_wrong_side", clip=lambda self, r, c: r.log().clamp(-c, c).exp())
_losses("clip_wrong_side", clip=_bounds, surrogate=_of_exchanged_bounds)
_losses("clip_wrong_side", clip=_bounds, surrogate=_of_clipped_product)
_losses("clip_wrong_side", clip=_bounds, surrogate=_of_clipped_weights)
_losses(
    "max_instead_of_min",
    surrogate=lambda self, r, c, w: torch.max(r * w, c * w),
)
_losses("no_clip", surrogate=lambda self, r, c, w: r * w)
_losses("clipped_only", surrogate=lambda self, r, c, w: c * w)
_losses("clipped_only", surrogate=lambda self, r, c, w: torch.min(r, c) * w)
_losses("clip_ratio_ignored", clip=lambda self, r, c: r.clamp(0.8, 1.2))
_losses("clip_ratio_ignored", clip=lambda self, r, c: r.clamp(0.9, 1.1))
_losses("old_log_probs_ignored", ratio=lambda self, new, old: (new - new.detach()).exp())
_losses("old_log_probs_ignored", ratio=lambda self, new, old: new, clip=lambda self, r, c: r)
_losses(
    "old_log_probs_ignored",
    ratio=lambda self, new, old: new.exp(),
    clip=lambda self, r, c: r,
)
_losses("old_log_probs_ignored", ratio=lambda self, new, old: new.exp())
_losses("old_log_probs_with_gradient", old=lambda self, old: old)
_losses("advantages_with_gradient", weights=lambda self, a: a)
_losses("returns_with_gradient", targets=lambda self, returns: returns)
_losses("log_prob_detached", log_probs=lambda self, new: new.detach())
_losses("log_prob_detached", log_probs=lambda self, new: new.detach(), old=lambda self, old: old)
_losses("values_detached", values=lambda self, values: values.detach())
_losses(
    "loss_broadcast",
    surrogate=lambda self, r, c, w: torch.min(r.unsqueeze(-1) * w, c.unsqueeze(-1) * w),
)
_losses("loss_broadcast", critic=lambda self, v, r: ((v.unsqueeze(-1) - r) ** 2).mean())
_losses("critic_abs_error", critic=lambda self, v, r: (v - r).abs().mean())
_losses("critic_huber", critic=lambda self, v, r: F.smooth_l1_loss(v, r))
_losses("td_error_not_squared", critic=lambda self, v, r: (v - r).mean())
_losses("td_error_not_squared", critic=lambda self, v, r: (r - v).mean())
_losses("mean_squared", critic=lambda self, v, r: (v - r).mean() ** 2)
_losses("root_of_mean_square", critic=lambda self, v, r: ((v - r) ** 2).mean().sqrt())
_losses("loss_halved", critic=lambda self, v, r: ((v - r) ** 2).mean() / 2)
_losses("sum_not_mean", reduce=lambda self, terms: terms.sum())
_losses("sum_not_mean", critic=lambda self, v, r: ((v - r) ** 2).sum())
_losses(
    "sum_not_mean",
    reduce=lambda self, terms: terms.sum(),
    critic=lambda self, v, r: ((v - r) ** 2).sum(),
)
_losses("loss_not_reduced", reduce=lambda self, terms: terms)
_losses("loss_not_reduced", critic=lambda self, v, r: (v - r) ** 2)
_losses(
    "loss_not_reduced",
    reduce=lambda self, terms: terms,
    critic=lambda self, v, r: (v - r) ** 2,
)
_losses(
    "advantages_normalised",
    weights=lambda self, a: ((a - a.mean()) / (a.std() + 1e-8)).detach(),
)
_losses(
    "advantages_normalised",
    weights=lambda self, a: ((a - a.mean()) / (a.std(correction=0) + 1e-8)).detach(),
)
_losses("advantages_normalised", weights=lambda self, a: (a - a.mean()).detach())
_losses("advantages_normalised", weights=lambda self, a: (a / (a.std() + 1e-8)).detach())
_losses("weights_absolute", weights=lambda self, a: a.abs().detach())
_losses("wrong_return_order", results=lambda self, a, c: (c, a))
_losses("losses_added", results=lambda self, a, c: (a + c, c))
_losses("losses_added", results=lambda self, a, c: a + c)
_losses("losses_added", results=lambda self, a, c: a + 0.5 * c)
_losses(
    "losses_added",
    results=lambda self, a, c: (a + 0.5 * c, c),
)
_losses("loss_not_tensor", results=lambda self, a, c: (a.item(), c.item()))
_losses("min_of_means", surrogate=lambda self, r, c, w: torch.min((r * w).mean(), (c * w).mean()))
_losses("weights_clipped", weights=lambda self, a: a.relu().detach())
