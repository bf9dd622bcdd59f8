"""Wrong versions of `discounted_returns` and `compute_gae`."""

import numpy as np

from ac_helpers.reference.bank import Bank

BANK = Bank()


def _backwards(rewards, gamma):
    returns, following = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        following = rewards[t] + gamma * following
        returns[t] = following
    return returns


@BANK.mistake("returns_forward")
def discounted_returns(rewards, gamma):
    returns, running = np.zeros(len(rewards)), 0.0
    for t, reward in enumerate(rewards):
        running = reward + gamma * running
        returns[t] = running
    return returns


@BANK.mistake("returns_forward")
def discounted_returns(rewards, gamma):
    return np.cumsum([gamma**t * reward for t, reward in enumerate(rewards)])


@BANK.mistake("returns_reversed")
def discounted_returns(rewards, gamma):
    return _backwards(rewards, gamma)[::-1].copy()


@BANK.mistake("off_by_one")
def discounted_returns(rewards, gamma):
    return np.append(_backwards(rewards, gamma)[1:], 0.0)


@BANK.mistake("off_by_one")
def discounted_returns(rewards, gamma):
    return gamma * _backwards(rewards, gamma)


@BANK.mistake("off_by_one")
def discounted_returns(rewards, gamma):
    return gamma * np.append(_backwards(rewards, gamma)[1:], 0.0)


@BANK.mistake("discount_from_the_start")
def discounted_returns(rewards, gamma):
    discounts = gamma ** np.arange(len(rewards))
    return (discounts * np.asarray(rewards))[::-1].cumsum()[::-1]


@BANK.mistake("gamma_missing")
def discounted_returns(rewards, gamma):
    return _backwards(rewards, 1.0)


@BANK.mistake("gamma_ignored")
def discounted_returns(rewards, gamma):
    return _backwards(rewards, 0.99)


@BANK.mistake("gamma_ignored")
def discounted_returns(rewards, gamma):
    return _backwards(rewards, 0.95)


@BANK.mistake("returns_normalised")
def discounted_returns(rewards, gamma):
    returns = _backwards(rewards, gamma)
    return (returns - returns.mean()) / (returns.std() + 1e-5)


@BANK.mistake("wrong_shape")
def discounted_returns(rewards, gamma):
    return _backwards(rewards, gamma)[0]


@BANK.mistake("last_reward_only")
def discounted_returns(rewards, gamma):
    steps = len(rewards)
    return np.array([gamma ** (steps - 1 - t) * rewards[-1] for t in range(steps)])


@BANK.mistake("input_mutated")
def discounted_returns(rewards, gamma):
    for t in reversed(range(len(rewards) - 1)):
        rewards[t] += gamma * rewards[t + 1]
    return rewards


class _GAE:
    """The right estimate in pieces; a mistake replaces one of them."""

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

    def __call__(self, rewards, values, next_values, terminated, truncated, gamma, lam):
        gamma, lam = self.discount(gamma), self.decay(lam)
        following_value = self.following_value(values, next_values)
        bootstrapped = self.bootstrapped(terminated, truncated)
        deltas = self.error(self.reward(rewards), gamma, following_value, bootstrapped, values)
        advantages = self.advantages(deltas, self.continues(terminated, truncated), gamma * lam)
        return self.finish(advantages), self.targets(rewards, advantages, values)


def _gae(mistake_id, **pieces):
    """Adds the estimate with these pieces replaced."""
    wrong = type("Wrong", (_GAE,), pieces)()

    @BANK.mistake(mistake_id)
    def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
        return wrong(rewards, values, next_values, terminated, truncated, gamma, lam)


def _shifted(rewards):
    return np.concatenate([rewards[1:], np.zeros_like(rewards[:1])])


def _flattened(self, deltas, continues, factor):
    flat = _GAE.advantages(self, deltas.reshape(-1), continues.reshape(-1), factor)
    return flat.reshape(deltas.shape)


def _over_environments(self, deltas, continues, factor):
    return _GAE.advantages(self, deltas.T, continues.T, factor).T


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
_gae("gamma_ignored", discount=lambda self, gamma: 0.95)
_gae("gamma_ignored", discount=lambda self, gamma: 0.99)
_gae("bootstrap_through_termination", bootstrapped=lambda self, term, trunc: np.ones_like(term))
_gae(
    "no_bootstrap_through_truncation",
    bootstrapped=lambda self, term, trunc: ~(term | trunc),
)
_gae("no_bootstrap_through_truncation", bootstrapped=lambda self, term, trunc: ~trunc)
_gae("terminated_inverted", bootstrapped=lambda self, term, trunc: term)
_gae("both_ends_bootstrapped", bootstrapped=lambda self, term, trunc: ~term | trunc)
_gae("episode_not_cut", continues=lambda self, term, trunc: np.ones_like(term))
_gae("episode_not_cut", continues=lambda self, term, trunc: ~term)
_gae("episode_not_cut", continues=lambda self, term, trunc: ~trunc)
_gae("episode_not_cut", advantages=_cut_a_step_late)
_gae("episode_not_cut", advantages=_cut_a_step_early)
_gae("terminated_masks_reward", advantages=_cut_before)
_gae("next_reward", reward=lambda self, rewards: _shifted(rewards))
_gae("reward_missing", reward=lambda self, rewards: np.zeros_like(rewards))
_gae("next_state_is_state", following_value=lambda self, values, next_values: values)
_gae(
    "value_not_subtracted",
    error=lambda self, r, gamma, after, there, v: r + gamma * after * there,
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
_gae(
    "advantages_normalised",
    finish=lambda self, adv: (adv - adv.mean()) / (adv.std() + 1e-8),
)
_gae("advantages_normalised", finish=lambda self, adv: adv - adv.mean())
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: advantages)
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: advantages - values)
_gae("returns_without_value", targets=lambda self, rewards, advantages, values: rewards)


@BANK.mistake("gamma_missing")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * ~terminated - values
    advantages = _GAE().advantages(deltas, ~(terminated | truncated), lam)
    return advantages, advantages + values


@BANK.mistake("gamma_missing")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + next_values * ~terminated - values
    advantages = _GAE().advantages(deltas, ~(terminated | truncated), gamma * lam)
    return advantages, advantages + values


@BANK.mistake("wrong_return_order")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, returns = _GAE()(rewards, values, next_values, terminated, truncated, gamma, lam)
    return returns, advantages


@BANK.mistake("wrong_shape")
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, returns = _GAE()(rewards, values, next_values, terminated, truncated, gamma, lam)
    return advantages.ravel(), returns.ravel()


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
