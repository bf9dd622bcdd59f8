"""Wrong versions of `discounted_returns` and `compute_gae`."""

import numpy as np

from ac_helpers.reference.bank import Bank, InPieces

BANK = Bank()


class _Returns(InPieces):
    """The right returns in pieces; a mistake replaces one of them."""

    __name__ = "discounted_returns"

    def discount(self, gamma):
        return gamma

    def sums(self, rewards, gamma):
        returns, following = np.zeros(len(rewards)), 0.0
        for t in reversed(range(len(rewards))):
            following = rewards[t] + gamma * following
            returns[t] = following
        return returns

    def finish(self, returns):
        return returns

    def __call__(self, rewards, gamma):
        return self.finish(self.sums(rewards, self.discount(gamma)))


_returns = BANK.in_pieces(_Returns())


def _forward(self, rewards, gamma):
    returns, running = np.zeros(len(rewards)), 0.0
    for t, reward in enumerate(rewards):
        running = reward + gamma * running
        returns[t] = running
    return returns


def _forward_and_turned(self, rewards, gamma):
    return _forward(self, rewards, gamma)[::-1].copy()


def _after(self, rewards, gamma):
    return np.append(_Returns.sums(self, rewards, gamma)[1:], 0.0)


def _without_last(self, rewards, gamma):
    return np.append(_Returns.sums(self, rewards[:-1], gamma), 0.0)


def _without_first(self, rewards, gamma):
    return np.append(0.0, _Returns.sums(self, rewards, gamma)[1:])


def _of_same_type(self, rewards, gamma):
    return _Returns.sums(self, rewards, gamma).astype(np.asarray(rewards).dtype)


def _rounded_on_the_way(self, rewards, gamma):
    returns, following = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        returns[t] = rewards[t] + gamma * following
        following = returns[t]
    return returns


def _from_the_start(self, rewards, gamma):
    discounts = gamma ** np.arange(len(rewards))
    return (discounts * np.asarray(rewards))[::-1].cumsum()[::-1]


def _of_last_reward(self, rewards, gamma):
    steps = len(rewards)
    return np.array([gamma ** (steps - 1 - t) * rewards[-1] for t in range(steps)])


def _in_place(self, rewards, gamma):
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards


_returns("returns_forward", finish=lambda self, returns: returns[::-1].copy())
_returns("returns_forward", sums=_forward)
_returns("returns_forward", sums=_forward_and_turned)
_returns(
    "returns_forward",
    sums=lambda self, rewards, gamma: np.cumsum([gamma**t * reward for t, reward in enumerate(rewards)]),
)
_returns("off_by_one", sums=_after)
_returns("off_by_one", sums=lambda self, rewards, gamma: gamma * _Returns.sums(self, rewards, gamma))
_returns("off_by_one", sums=lambda self, rewards, gamma: gamma * _after(self, rewards, gamma))
_returns("off_by_one", sums=_without_last)
_returns("off_by_one", sums=_without_first)
_returns("wrong_dtype", sums=_of_same_type)
_returns("wrong_dtype", sums=_rounded_on_the_way)
_returns("discount_from_the_start", sums=_from_the_start)
_returns("gamma_missing", discount=lambda self, gamma: 1.0)
_returns("gamma_ignored", discount=lambda self, gamma: 0.99)
_returns("gamma_ignored", discount=lambda self, gamma: 0.95)
_returns(
    "returns_normalised",
    finish=lambda self, returns: (returns - returns.mean()) / (returns.std() + 1e-5),
)
_returns(
    "returns_normalised",
    finish=lambda self, returns: (returns - returns.mean()) / (returns.std(ddof=1) + 1e-8),
)
_returns("returns_normalised", finish=lambda self, returns: returns - returns.mean())
_returns("returns_normalised", finish=lambda self, returns: returns / np.abs(returns).max())
_returns("wrong_shape", finish=lambda self, returns: returns[0])
_returns("wrong_shape", finish=lambda self, returns: returns[:, None])
_returns("wrong_shape", finish=lambda self, returns: np.append(returns, 0.0))
_returns("last_reward_only", sums=_of_last_reward)
_returns("input_mutated", sums=_in_place)


class _GAE(InPieces):
    """The right estimate in pieces; a mistake replaces one of them."""

    __name__ = "compute_gae"

    def reward(self, rewards):
        return rewards

    def discount(self, gamma):
        return gamma

    def decay(self, lam):
        return lam

    def bootstrapped(self, terminated, truncated):
        return ~terminated

    def continues(self, terminated, truncated):
        return ~(terminated | truncated)

    def decayed(self, gamma, lam):
        return gamma * lam

    def following_value(self, values, next_values):
        return next_values

    def error(self, reward, gamma, following_value, bootstrapped, values):
        return reward + gamma * following_value * bootstrapped - values

    def advantages(self, deltas, continues, factor):
        advantages, following = np.zeros_like(deltas), 0.0
        for t in reversed(range(len(deltas))):
            following = deltas[t] + factor * continues[t] * following
            advantages[t] = following
        return advantages

    def finish(self, advantages):
        return advantages

    def targets(self, rewards, advantages, values):
        return advantages + values

    def results(self, advantages, returns):
        return advantages, returns

    def __call__(self, rewards, values, next_values, terminated, truncated, gamma, lam):
        gamma, lam = self.discount(gamma), self.decay(lam)
        following_value = self.following_value(values, next_values)
        bootstrapped = self.bootstrapped(terminated, truncated)
        deltas = self.error(self.reward(rewards), gamma, following_value, bootstrapped, values)
        factor = self.decayed(gamma, lam)
        advantages = self.advantages(deltas, self.continues(terminated, truncated), factor)
        return self.results(self.finish(advantages), self.targets(rewards, advantages, values))


_gae = BANK.in_pieces(_GAE())


def _shifted(rewards):
    return np.concatenate([rewards[1:], np.zeros_like(rewards[:1])])


def _flattened(self, deltas, continues, factor):
    flat = _GAE.advantages(self, deltas.reshape(-1), continues.reshape(-1), factor)
    return flat.reshape(deltas.shape)


def _over_environments(self, deltas, continues, factor):
    return _GAE.advantages(self, deltas.T, continues.T, factor).T


def _one_environment_after_the_other(self, deltas, continues, factor):
    return _flattened(self, deltas.T, continues.T, factor).T


def _carried_into_the_next_environment(self, deltas, continues, factor):
    return _one_environment_after_the_other(self, deltas[:, ::-1], continues[:, ::-1], factor)[:, ::-1]


def _cut_together(self, deltas, continues, factor):
    return _GAE.advantages(self, deltas, continues.all(axis=1), factor)


def _next_rows_value(self, values, next_values):
    return np.concatenate([values[1:], next_values[-1:]])


def _next_rows_value_or_none(self, values, next_values):
    return np.concatenate([values[1:], np.zeros_like(values[-1:])])


def _none_after_the_last_row(self, values, next_values):
    return np.concatenate([next_values[:-1], np.zeros_like(next_values[-1:])])


def _from_the_first_row_on(self, deltas, continues, factor):
    advantages, running = np.zeros_like(deltas), 0.0
    for t in range(len(deltas)):
        running = deltas[t] + factor * continues[t] * running
        advantages[t] = running
    return advantages


def _summed_over_environments(self, deltas, continues, factor):
    advantages, following = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        following = deltas[t] + factor * (continues[t] * following).mean()
        advantages[t] = following
    return advantages


def _cut_before(self, deltas, continues, factor):
    advantages, following = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        advantages[t] = following = continues[t] * (deltas[t] + factor * following)
    return advantages


def _cut_a_step_late(self, deltas, continues, factor):
    return _GAE.advantages(self, deltas, np.concatenate([continues[1:], continues[-1:]]), factor)


def _cut_a_step_early(self, deltas, continues, factor):
    return _GAE.advantages(self, deltas, np.concatenate([continues[:1], continues[:-1]]), factor)


def _of_two_steps_at_least(self, rewards, advantages, values):
    assert len(rewards) > 1
    return advantages + values


def _last_row_left_out(self, deltas, continues, factor):
    advantages, following = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas) - 1)):
        following = deltas[t] + factor * continues[t] * following
        advantages[t] = following
    return advantages


_gae("lambda_missing", decay=lambda self, lam: 1.0)
_gae("lambda_missing", decay=lambda self, lam: 0.0)
_gae("lam_ignored", decay=lambda self, lam: 0.95)
_gae("gamma_missing", discount=lambda self, gamma: 1.0)
_gae("gamma_ignored", discount=lambda self, gamma: 0.99)
_gae("gamma_ignored", discount=lambda self, gamma: 0.95)
_gae("bootstrap_through_termination", bootstrapped=lambda self, term, trunc: np.ones_like(term))
_gae("bootstrap_through_termination", bootstrapped=lambda self, term, trunc: ~term | trunc)
_gae(
    "no_bootstrap_through_truncation",
    bootstrapped=lambda self, term, trunc: ~(term | trunc),
)
_gae("no_bootstrap_through_truncation", bootstrapped=lambda self, term, trunc: ~trunc)
_gae("no_bootstrap_through_truncation", following_value=_next_rows_value)
_gae("no_bootstrap_through_truncation", following_value=_next_rows_value_or_none)
_gae("terminated_inverted", bootstrapped=lambda self, term, trunc: term)
_gae("episode_not_cut", continues=lambda self, term, trunc: np.ones_like(term))
_gae("episode_not_cut", continues=lambda self, term, trunc: ~term)
_gae("episode_not_cut", continues=lambda self, term, trunc: ~trunc)
_gae("off_by_one", advantages=_cut_a_step_late)
_gae("off_by_one", advantages=_cut_a_step_early)
_gae("terminated_masks_reward", advantages=_cut_before)
_gae(
    "terminated_masks_reward",
    error=lambda self, r, gamma, after, there, v: (r + gamma * after) * there - v,
)
_gae("returns_forward", advantages=_from_the_first_row_on)
_gae(
    "returns_forward",
    advantages=lambda self, *given: _GAE.advantages(self, *given)[::-1].copy(),
)
_gae("next_reward", reward=lambda self, rewards: _shifted(rewards))
_gae("reward_missing", reward=lambda self, rewards: np.zeros_like(rewards))
_gae("next_state_is_state", following_value=lambda self, values, next_values: values)
_gae(
    "value_not_subtracted",
    error=lambda self, r, gamma, after, there, v: r + gamma * after * there,
)
_gae(
    "value_not_subtracted",
    error=lambda self, r, gamma, after, there, v: r + gamma * after * there + v,
)
_gae(
    "td_error_sign",
    error=lambda self, r, gamma, after, there, v: v - r - gamma * after * there,
)
_gae(
    "gamma_on_reward",
    error=lambda self, r, gamma, after, there, v: gamma * (r + after * there) - v,
)
_gae("off_by_one", advantages=_last_row_left_out)
_gae("columns_mixed", advantages=_flattened)
_gae("columns_mixed", advantages=_over_environments)
_gae("columns_mixed", advantages=_summed_over_environments)
_gae("columns_mixed", advantages=_one_environment_after_the_other)
_gae("columns_mixed", advantages=_carried_into_the_next_environment)
_gae("columns_mixed", advantages=_cut_together)
_gae(
    "advantages_normalised",
    finish=lambda self, adv: (adv - adv.mean()) / (adv.std() + 1e-8),
)
_gae("advantages_normalised", finish=lambda self, adv: adv - adv.mean())
_gae(
    "advantages_normalised",
    finish=lambda self, adv: (adv - adv.mean(0)) / (adv.std(0) + 1e-8),
)
_gae("advantages_normalised", finish=lambda self, adv: adv / (adv.std() + 1e-8))
_gae("advantages_normalised", finish=lambda self, adv: adv / (adv.std(0) + 1e-8))
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: advantages)
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: advantages - values)
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: rewards)
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: rewards + values)
_gae("gamma_missing", decayed=lambda self, gamma, lam: lam)
_gae(
    "gamma_missing",
    error=lambda self, r, gamma, after, there, v: r + after * there - v,
)
_gae("wrong_return_order", results=lambda self, advantages, returns: (returns, advantages))
_gae("wrong_shape", results=lambda self, advantages, returns: (advantages.ravel(), returns.ravel()))


@BANK.mistake("input_mutated")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    next_values[terminated] = 0
    return _GAE()(rewards, values, next_values, terminated, truncated, gamma, lam)


@BANK.mistake("input_mutated")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards
    deltas += gamma * next_values * ~terminated - values
    advantages = _GAE().advantages(deltas, ~(terminated | truncated), gamma * lam)
    return advantages, advantages + values


_gae("last_row_not_bootstrapped", following_value=_none_after_the_last_row)
_gae("edges_fail", decay=lambda self, lam: lam or 0.95)
_gae("edges_fail", targets=_of_two_steps_at_least)
_gae("results_share_memory", results=lambda self, advantages, returns: (returns, returns))
