"""Right and wrong answers to the cell losses, as students could write them."""

# %% right: torch.clamp, torch.min, mse_loss
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    surr1 = ratio * advantages
    surr2 = torch.clamp(ratio, 1.0 - clip_ratio, 1.0 + clip_ratio) * advantages
    return -torch.min(surr1, surr2).mean(), F.mse_loss(values, returns.detach())


# %% right: the larger of two losses
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    adv, old, target = advantages.detach(), old_log_probs.detach(), returns.detach()
    ratio = (log_probs - old).exp()
    loss1 = -adv * ratio
    loss2 = -adv * ratio.clip(1 - clip_ratio, 1 + clip_ratio)
    return torch.maximum(loss1, loss2).mean(), (values - target).pow(2).mean()


# %% right: the clipped advantage by cases
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    bound = torch.where(A > 0, (1 + clip_ratio) * A, (1 - clip_ratio) * A)
    ratio = torch.exp(log_probs - old_log_probs.detach())
    return -(torch.min(ratio * A, bound)).mean(), torch.mean(torch.square(returns.detach() - values))


# %% right: densities divided
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = log_probs.exp() / old_log_probs.exp().detach()
    adv = advantages.detach()
    clipped = torch.clamp(ratio, min=1 - clip_ratio, max=1 + clip_ratio)
    actor_loss = torch.minimum(ratio * adv, clipped * adv).mean().neg()
    critic_loss = nn.MSELoss()(values, returns.detach())
    return actor_loss, critic_loss


# %% right: constants made under no_grad
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    with torch.no_grad():
        old, adv, target = old_log_probs.clone(), advantages.clone(), returns.clone()
    ratio = torch.exp(log_probs - old)
    terms = torch.stack([ratio * adv, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * adv])
    error = values - target
    return -terms.min(dim=0).values.mean(), (error * error).mean()


# %% right: transition by transition
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    actor_terms, critic_terms = [], []
    for i in range(len(log_probs)):
        ratio = torch.exp(log_probs[i] - old_log_probs[i].detach())
        A = advantages[i].detach()
        actor_terms.append(torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A))
        critic_terms.append((values[i] - returns[i].detach()) ** 2)
    return -torch.stack(actor_terms).mean(), torch.stack(critic_terms).mean()


# %% right: a dot product over the size
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    n = log_probs.shape[0]
    A = advantages.data
    ratio = torch.exp(log_probs - old_log_probs.data)
    gain = torch.fmin(ratio * A, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * A)
    error = returns.data - values
    return -gain.sum() / n, error @ error / n


# %% right: which ratios are clipped, by a mask
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    too_high = (A > 0) & (ratio > 1 + clip_ratio)
    too_low = (A < 0) & (ratio < 1 - clip_ratio)
    used = torch.where(too_high, torch.full_like(ratio, 1 + clip_ratio), ratio)
    used = torch.where(too_low, torch.full_like(ratio, 1 - clip_ratio), used)
    return -(used * A).mean(), ((values - returns.detach()) ** 2).mean()


# %% right: tensors made anew from numpy
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    old, A, target = (torch.from_numpy(x.detach().numpy()) for x in (old_log_probs, advantages, returns))
    ratio = torch.exp(log_probs - old)
    actor_loss = -torch.mean(torch.min(ratio * A, torch.clip(ratio, 1 - clip_ratio, 1 + clip_ratio) * A))
    return actor_loss, F.mse_loss(values, target, reduction="mean")


# %% right: float64 and a norm
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    old, A, target = old_log_probs.detach().double(), advantages.detach().double(), returns.detach().double()
    ratio = torch.exp(log_probs.double() - old)
    actor_loss = -torch.minimum(ratio * A, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, torch.linalg.vector_norm(values.double() - target) ** 2 / len(target)


# %% right: ReLUs in place of minima
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    excess = F.relu(ratio - (1 + clip_ratio)) * F.relu(A) - F.relu((1 - clip_ratio) - ratio) * F.relu(-A) * -1
    return -(ratio * A - excess).mean(), ((returns.detach() - values) ** 2).mean()


# %% right: two helper functions
def policy_loss(log_probs, old_log_probs, advantages, clip_ratio):
    ratio = torch.exp(log_probs - old_log_probs)
    return -torch.min(ratio * advantages, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * advantages).mean()


def value_loss(values, returns):
    return torch.nn.functional.mse_loss(values, returns)


def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    actor_loss = policy_loss(log_probs, old_log_probs.detach(), advantages.detach(), clip_ratio)
    return actor_loss, value_loss(values, returns.detach())


# %% right: advantages and targets cut off in place
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages.detach_()
    returns.detach_()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns)


# %% right: amin over a stack
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs - old)
    both = torch.stack([ratio * advantages, ratio.clip(1 - clip_ratio, 1 + clip_ratio) * advantages])
    return -both.amin(dim=0).mean(), nn.MSELoss()(values, returns)


# %% right: hardtanh for the clipping, a variance and a mean for the error
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = F.hardtanh(ratio, 1 - clip_ratio, 1 + clip_ratio)
    error = values - returns.detach()
    return -torch.minimum(ratio * A, clipped * A).mean(), error.var(unbiased=False) + error.mean() ** 2


# %% right: good and bad advantages apart
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages = advantages.data
    ratio = torch.exp(log_probs - old_log_probs.data)
    good, bad = advantages.clamp(min=0), advantages.clamp(max=0)
    gain = good * ratio.clamp(max=1 + clip_ratio) + bad * ratio.clamp(min=1 - clip_ratio)
    critic_loss = F.mse_loss(values, returns.data, reduction="sum") / values.numel()
    return gain.mean().neg(), critic_loss


# %% right: the surrogate less what the clipping takes away
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    with torch.no_grad():
        A, R, old = advantages.clone(), returns.clone(), old_log_probs.clone()
    ratio = torch.exp(log_probs - old)
    surrogate = ratio * A
    excess = F.relu(surrogate - torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A)
    return (excess - surrogate).mean(), torch.mean(torch.pow(R - values, 2))


# %% right: einsum and inner products
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    n = len(log_probs)
    A = advantages.detach()
    ratio = torch.exp(torch.sub(log_probs, old_log_probs.detach()))
    weight = torch.where(A >= 0, torch.clamp(ratio, max=1 + clip_ratio), torch.clamp(ratio, min=1 - clip_ratio))
    error = torch.sub(values, returns.detach())
    return -torch.einsum("i,i->", weight, A) / n, torch.inner(error, error) / n


# %% right: a class of autograd's own
class Clipped(torch.autograd.Function):
    @staticmethod
    def forward(ctx, log_probs, old, advantages, clip_ratio):
        ratio = (log_probs - old).exp()
        limited = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
        ctx.save_for_backward(torch.where(ratio * advantages <= limited * advantages, ratio * advantages, 0.0))
        return torch.minimum(ratio * advantages, limited * advantages).mean().neg()

    @staticmethod
    def backward(ctx, grad):
        (kept,) = ctx.saved_tensors
        return -grad * kept / len(kept), None, None, None


def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    actor_loss = Clipped.apply(log_probs, old_log_probs.detach(), advantages.detach(), clip_ratio)
    return actor_loss, (values - returns.detach()).square().mean()


# %% right: a mean by hand, transition after transition, in numpy's numbers where nothing is learnt
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    old = old_log_probs.detach().tolist()
    A, R = advantages.detach().tolist(), returns.detach().tolist()
    actor_loss, critic_loss = 0.0, 0.0
    for i in range(len(old)):
        ratio = torch.exp(log_probs[i] - old[i])
        if A[i] > 0:
            part = A[i] * min(ratio, torch.tensor(1.0 + clip_ratio, dtype=ratio.dtype))
        else:
            part = A[i] * max(ratio, torch.tensor(1.0 - clip_ratio, dtype=ratio.dtype))
        actor_loss = actor_loss - part / len(old)
        critic_loss = critic_loss + (values[i] - R[i]) ** 2 / len(old)
    return actor_loss, critic_loss


# %% right: clipped in the logarithm
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    log_ratio = log_probs - old_log_probs.detach()
    clipped = log_ratio.clamp(float(np.log1p(-clip_ratio)), float(np.log1p(clip_ratio)))
    gain = torch.min(A * log_ratio.exp(), A * clipped.exp())
    return -gain.mean(), ((returns.detach() - values) ** 2).mean()


# %% right: columns inside, nothing broadcast
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    lp, old, A, v, R = (
        x.reshape(-1, 1) for x in (log_probs, old_log_probs.detach(), advantages.detach(), values, returns.detach())
    )
    ratio = torch.exp(lp - old)
    s = torch.cat([ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A], dim=1)
    return -s.min(dim=1).values.mean(), F.mse_loss(v, R)


# %% right: vmap over transitions
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    def one(lp, old, A, v, R):
        ratio = torch.exp(lp - old)
        clipped = torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio)
        return -torch.minimum(ratio * A, clipped * A), (v - R) ** 2

    parts = torch.vmap(one)(log_probs, old_log_probs.detach(), advantages.detach(), values, returns.detach())
    return tuple(part.mean() for part in parts)


# %% right: a small class holds the losses
class Losses(nn.Module):
    def __init__(self, clip_ratio):
        super().__init__()
        self.clip_ratio = clip_ratio
        self.mse = nn.MSELoss(reduction="mean")

    def forward(self, log_probs, old, A, values, R):
        ratio = (log_probs - old).exp()
        lower, upper = 1 - self.clip_ratio, 1 + self.clip_ratio
        return torch.mean(torch.max(-ratio * A, -ratio.clamp(lower, upper) * A)), self.mse(values, R)


def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    return Losses(clip_ratio)(log_probs, old_log_probs.detach(), advantages.detach(), values, returns.detach())


# %% wrong: test_losses actor_loss_sign: gradient ascent by a minus forgotten
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses ratio_inverted: old over new
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(old_log_probs.detach() - log_probs)
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses ratio_without_exp: a quotient of logarithms
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = log_probs / old_log_probs.detach()
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses ratio_without_exp: a difference of logarithms
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = log_probs - old_log_probs.detach()
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses clip_wrong_side: from above only
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, max=1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses max_instead_of_min: the optimist
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.maximum(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses no_clip: importance weights alone
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_probs.detach())
    return -(ratio * advantages.detach()).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses clipped_only: no minimum
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_probs.detach())
    ratio = torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio)
    return -(ratio * advantages.detach()).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses clip_ratio_ignored: 0.2 written down
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 0.8, 1.2) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses old_log_probs_ignored: plain policy gradient
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    return -(log_probs * advantages.detach()).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses old_log_probs_with_gradient: no detach there
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses advantages_with_gradient: no detach there
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses returns_with_gradient: no detach there
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns)


# %% wrong: test_losses loss_broadcast: a column and a row
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, (values.unsqueeze(1) - returns.detach()).pow(2).mean()


# %% wrong: test_losses critic_abs_error: L1
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.l1_loss(values, returns.detach())


# %% wrong: test_losses critic_huber: smooth L1
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.huber_loss(values, returns.detach())


# %% wrong: test_losses sum_not_mean: sums
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).sum()
    return actor_loss, F.mse_loss(values, returns.detach(), reduction="sum")


# %% wrong: test_losses loss_not_reduced: one for each transition
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A)
    return actor_loss, (values - returns.detach()) ** 2


# %% wrong: test_losses loss_halved: a half before the critic
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, 0.5 * F.mse_loss(values, returns.detach())


# %% wrong: test_losses advantages_normalised: mean and deviation
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    A = (A - A.mean()) / (A.std() + 1e-8)
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses wrong_return_order: the critic's first
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return F.mse_loss(values, returns.detach()), actor_loss


# %% wrong: test_losses loss_not_tensor: numbers
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return float(actor_loss), float(F.mse_loss(values, returns.detach()))


# %% wrong: test_losses log_prob_detached: everything under no_grad
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    with torch.no_grad():
        ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * advantages.detach(), torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * advantages.detach()).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses not_implemented: nothing yet
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    raise NotImplementedError


# %% wrong: test_losses raises: a name that is not there
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_prob.detach())
    return -(ratio * advantages).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses max_instead_of_min + test_losses critic_abs_error: one in each
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.max(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, (values - returns.detach()).abs().mean()


# %% wrong: test_losses -: a second clipping for bad advantages
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns = advantages.detach(), returns.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    least = torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages)
    least = torch.where(advantages < 0, torch.max(least, 3 * advantages), least)
    return -least.mean(), F.mse_loss(values, returns)


# %% wrong: test_losses -: log-ratios kept within one
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns = advantages.detach(), returns.detach()
    ratio = (log_probs - old_log_probs.detach()).clamp(-1, 1).exp()
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns)


# %% wrong: test_losses clip_wrong_side: only the lower bound
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns = advantages.detach(), returns.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = ratio.clamp(min=1 - clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns)


# %% wrong: test_losses clip_wrong_side: only the upper bound
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns = advantages.detach(), returns.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = ratio.clamp(max=1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns)


# %% wrong: test_losses no_clip: clip of a copy, forgotten
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_probs.detach())
    ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    gain = torch.min(ratio * advantages.detach(), ratio * advantages.detach())
    return -gain.mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses clip_ratio_ignored: from 0.8 to 1.2
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    return -torch.min(ratio * A, ratio.clamp(0.8, 1.2) * A).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses clip_wrong_side: clamp to plus and minus epsilon
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    return -torch.min(ratio * A, ratio.clamp(-clip_ratio, clip_ratio) * A).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses sum_not_mean: only for the actor
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).sum(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses loss_not_reduced: only for the critic
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).mean(), F.mse_loss(values, returns.detach(), reduction="none")


# %% wrong: test_losses advantages_with_gradient + test_losses returns_with_gradient: no detach anywhere
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), F.mse_loss(values, returns)


# %% wrong: test_losses critic_abs_error: the norm itself
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).mean(), (values - returns.detach()).abs().sum() / len(values)


# %% wrong: test_losses -: root of the mean square
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).mean(), F.mse_loss(values, returns.detach()).sqrt()


# %% wrong: test_losses -: an entropy estimate is subtracted
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    actor_loss = -torch.min(ratio * A, clipped * A).mean() + 0.01 * log_probs.mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses actor_loss_sign: a maximum of the unsigned, plus
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return torch.mean(torch.minimum(ratio * A, clipped * A)), F.mse_loss(values, returns.detach())


# %% wrong: test_losses log_prob_detached: the ratio under no_grad
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    with torch.no_grad():
        ratio = torch.exp(log_probs - old_log_probs)
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses -: values without a gradient
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * A, clipped * A).mean(), F.mse_loss(values.detach(), returns.detach())


# %% wrong: test_losses clip_ratio_ignored + test_losses loss_halved: 0.2 written down and a half before the square
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = -torch.min(ratio * A, torch.clamp(ratio, 0.8, 1.2) * A).mean()
    return actor_loss, 0.5 * (returns.detach() - values).pow(2).mean()


# %% wrong: test_losses ratio_inverted + test_losses actor_loss_sign: both signs turned round
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(old_log_probs.detach() - log_probs)
    actor_loss = torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).mean()
    return actor_loss, F.mse_loss(values, returns.detach())


# %% wrong: test_losses sum_not_mean + test_losses actor_loss_sign: sums everywhere and no minus
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = torch.min(ratio * A, torch.clamp(ratio, 1 - clip_ratio, 1 + clip_ratio) * A).sum()
    return actor_loss, ((values - returns.detach()) ** 2).sum()


# %% wrong: test_losses advantages_normalised + test_losses no_clip: normalised importance weights
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    A = (A - A.mean()) / (A.std() + 1e-8)
    ratio = torch.exp(log_probs - old_log_probs.detach())
    return -(ratio * A).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses old_log_probs_with_gradient + test_losses advantages_with_gradient + test_losses returns_with_gradient: the formulas and nothing else
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    ratio = (log_probs - old_log_probs).exp()
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.min(ratio * advantages, clipped * advantages).mean(), ((values - returns) ** 2).mean()


# %% wrong: test_losses max_instead_of_min + test_losses sum_not_mean: the larger ones summed up
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    clipped = ratio.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.max(ratio * A, clipped * A).sum(), ((values - returns.detach()) ** 2).mean()


# %% wrong: test_losses clip_wrong_side: gains are held from below, losses from above
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    weight = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    edge = 1 - clip_ratio * weight.sign()
    return -torch.minimum(ratio * weight, edge * weight).mean(), (values - returns.detach()).pow(2).mean()


# %% wrong: test_losses clip_wrong_side: bounds for the product with the advantage
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    plain = (log_probs - old_log_probs.detach()).exp() * advantages.detach()
    held = torch.clip(plain, 1 - clip_ratio, 1 + clip_ratio)
    return -torch.where(held < plain, held, plain).mean(), (values - returns.detach()).pow(2).mean()


# %% wrong: test_losses clip_wrong_side: bounds for the difference of the logarithms
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    weight, edge = advantages.detach(), float(np.log1p(clip_ratio))
    far = log_probs - old_log_probs.detach()
    near = far.clamp(-edge, edge)
    return -torch.minimum(far.exp() * weight, near.exp() * weight).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses advantages_normalised: scaled only
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    a = (advantages / (advantages.std() + 1e-8)).detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    return -torch.min(ratio * a, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * a).mean(), F.mse_loss(values, returns.detach())


# %% wrong: test_losses -: log-ratios kept from minus twenty to two
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    a = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).clamp(-20, 2).exp()
    actor = -torch.min(ratio * a, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * a).mean()
    return actor, F.mse_loss(values, returns.detach())


# %% wrong: test_losses -: Huber's loss with a wide middle
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    a = advantages.detach()
    ratio = (log_probs - old_log_probs.detach()).exp()
    actor = -torch.min(ratio * a, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * a).mean()
    return actor, 2 * F.huber_loss(values, returns.detach(), delta=10.0)


# %% wrong: test_losses -: advantages kept within five
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    a = advantages.detach().clamp(-5, 5)
    ratio = (log_probs - old_log_probs.detach()).exp()
    actor = -torch.min(ratio * a, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * a).mean()
    return actor, F.mse_loss(values, returns.detach())


# %% right: list of two losses back
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.clone().detach()
    r = torch.exp(log_probs - old_log_probs.clone().detach())
    surrogate = torch.stack([r * A, torch.clip(r, 1 - clip_ratio, 1 + clip_ratio) * A], dim=0).min(dim=0).values
    err = values - returns.clone().detach()
    return [surrogate.mean().neg(), torch.square(err).mean()]


# %% right: ratio by exp over exp, where for min
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    old = old_log_probs.detach()
    ratio = log_probs.exp() / old.exp()
    A = advantages.detach()
    unclipped = ratio * A
    clipped = torch.where(ratio < 1 - clip_ratio, torch.ones_like(ratio) * (1 - clip_ratio), torch.where(ratio > 1 + clip_ratio, torch.ones_like(ratio) * (1 + clip_ratio), ratio)) * A
    smaller = torch.where(unclipped < clipped, unclipped, clipped)
    return -torch.mean(smaller), torch.nn.functional.mse_loss(values, returns.detach(), reduction="mean")


# %% right: log clipping by expm1
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A = advantages.detach()
    d = torch.expm1(log_probs - old_log_probs.detach())
    gain = torch.minimum(d * A, d.clamp(-clip_ratio, clip_ratio) * A) + A
    diff = returns.detach() - values
    return -gain.mean(), torch.dot(diff, diff) / diff.numel()


# %% right: squeezes and reshapes for safety
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    log_probs = log_probs.reshape(-1)
    old_log_probs = old_log_probs.reshape(-1).detach()
    advantages = advantages.reshape(-1).detach()
    values = values.reshape(-1)
    returns = returns.reshape(-1).detach()
    ratios = torch.exp(log_probs - old_log_probs)
    clipped = torch.clamp(ratios, min=1.0 - clip_ratio, max=1.0 + clip_ratio)
    obj = torch.min(torch.cat([(ratios * advantages)[None], (clipped * advantages)[None]]), dim=0)[0]
    return (-obj).mean(), (values - returns).pow(2).mean()


# %% right: sign trick
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    adv = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    sign = torch.sign(adv)
    capped = sign * torch.minimum(sign * ratio, sign + clip_ratio)
    return -(capped * adv).mean(), torch.mean(torch.abs(values - returns.detach()) ** 2)


# %% right: gaussian negative log-likelihood with unit variance times two
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    adv = advantages.detach()
    ratio = torch.exp(log_probs - old_log_probs.detach())
    actor_loss = torch.max(-ratio * adv, -ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * adv).mean()
    critic_loss = 2 * F.gaussian_nll_loss(values, returns.detach(), torch.ones_like(values))
    return actor_loss, critic_loss


# %% wrong: test_losses clip_wrong_side: clamp 1 to 1 plus eps
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1, 1 + clip_ratio) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses clip_wrong_side: log ratio clamped by plus minus eps
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, torch.exp((log_probs - old_log_probs).clamp(-clip_ratio, clip_ratio)) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses ratio_without_exp: exp of a quotient
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs / old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses old_log_probs_ignored: exp of log_probs
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses log_prob_detached: log_probs detached in place of the old
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns = advantages.detach(), returns.detach()
    ratio = torch.exp(log_probs.detach() - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses mean_squared: square of the mean difference
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = (returns - values).mean() ** 2
    return actor_loss, critic_loss


# %% wrong: test_losses losses_added: one total
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = ((values - returns) ** 2).mean()
    return actor_loss + critic_loss


# %% wrong: test_losses log_prob_detached + test_losses loss_halved: old detached mixed up, half
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    advantages, returns, old_log_probs = advantages.detach(), returns.detach(), old_log_probs.detach()
    ratio = torch.exp(log_probs.detach() - old_log_probs)
    actor_loss = -torch.min(ratio * advantages, ratio.clamp(1 - clip_ratio, 1 + clip_ratio) * advantages).mean()
    critic_loss = 0.5 * ((values - returns) ** 2).mean()
    return actor_loss, critic_loss


# %% wrong: test_losses -: values clipped at ten
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A, R, old = advantages.detach(), returns.detach(), old_log_probs.detach()
    r = torch.exp(log_probs - old)
    pass
    c = torch.clamp(r, 1 - clip_ratio, 1 + clip_ratio)
    actor = -torch.min(r * A, c * A).mean()
    critic = F.mse_loss(values.clamp(-10, 10), R)
    return actor, critic


# %% wrong: test_losses min_of_means: the smaller of two means
def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    A, old = advantages.detach(), old_log_probs.detach()
    r = torch.exp(log_probs - old)
    c = r.clamp(1 - clip_ratio, 1 + clip_ratio)
    return -torch.minimum((r * A).mean(), (c * A).mean()), F.mse_loss(values, returns.detach())
