"""Right and wrong answers to the cell returns_and_advantages, as students could write them."""

# %% right: returns inserted at the front of a list
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards[::-1]:
        G = r + gamma * G
        returns.insert(0, G)
    return returns


# %% right: returns by a double sum
def discounted_returns(rewards, gamma):
    n = len(rewards)
    return [sum(gamma ** (k - t) * rewards[k] for k in range(t, n)) for t in range(n)]


# %% right: returns by a triangular matrix
def discounted_returns(rewards, gamma):
    n = len(rewards)
    t = np.arange(n)
    powers = np.clip(t[None] - t[:, None], 0, None)
    return np.triu(float(gamma) ** powers) @ np.asarray(rewards)


# %% right: returns as a float32 tensor
def discounted_returns(rewards, gamma):
    returns = torch.zeros(len(rewards))
    running = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        running = float(rewards[t]) + gamma * running
        returns[t] = running
    return returns


# %% right: returns by recursion
def discounted_returns(rewards, gamma):
    if len(rewards) == 0:
        return []
    rest = discounted_returns(rewards[1:], gamma)
    return [rewards[0] + gamma * (rest[0] if rest else 0.0)] + rest


# %% right: returns by a filter
def discounted_returns(rewards, gamma):
    from itertools import accumulate
    return list(accumulate(reversed(list(rewards)), lambda G, r: r + gamma * G))[::-1]


# %% right: returns into an array like the rewards
def discounted_returns(rewards, gamma):
    rewards = np.array(rewards, dtype=np.float64)
    out = np.zeros_like(rewards)
    out[-1] = rewards[-1]
    for t in range(len(rewards) - 2, -1, -1):
        out[t] = rewards[t] + gamma * out[t + 1]
    return out


# %% right: returns with deque.appendleft
def discounted_returns(rewards, gamma):
    from collections import deque
    returns = deque()
    for t in range(len(rewards))[::-1]:
        following = returns[0] if returns else 0
        returns.appendleft(rewards[t] + gamma * following)
    return list(returns)


# %% right: returns with np.convolve
def discounted_returns(rewards, gamma):
    n = len(rewards)
    kernel = np.array([gamma**k for k in range(n)])
    return np.convolve(np.asarray(rewards)[::-1], kernel)[:n][::-1]


# %% right: returns changed in a copy
def discounted_returns(rewards, gamma):
    returns = list(rewards)
    for t in reversed(range(len(returns) - 1)):
        returns[t] += gamma * returns[t + 1]
    return np.array(returns)


# %% right: gae with masks as floats
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T, N = rewards.shape
    nonterminal = 1.0 - terminated.astype(np.float32)
    done = np.logical_or(terminated, truncated).astype(np.float32)
    advantages = np.zeros((T, N), dtype=np.float32)
    last = np.zeros(N, dtype=np.float32)
    for t in range(T - 1, -1, -1):
        delta = rewards[t] + gamma * next_values[t] * nonterminal[t] - values[t]
        last = delta + gamma * lam * (1 - done[t]) * last
        advantages[t] = last
    return advantages, advantages + values


# %% right: gae environment by environment
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T, N = rewards.shape
    advantages = np.zeros((T, N))
    for n in range(N):
        gae = 0.0
        for t in reversed(range(T)):
            if terminated[t, n]:
                delta = rewards[t, n] - values[t, n]
            else:
                delta = rewards[t, n] + gamma * next_values[t, n] - values[t, n]
            if terminated[t, n] or truncated[t, n]:
                gae = delta
            else:
                gae = delta + gamma * lam * gae
            advantages[t, n] = gae
    return advantages, advantages + values


# %% right: gae in torch
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    r, v, nv = (torch.as_tensor(x, dtype=torch.float32) for x in (rewards, values, next_values))
    term, trunc = torch.as_tensor(terminated), torch.as_tensor(truncated)
    delta = r + gamma * nv * (~term) - v
    adv, acc = torch.zeros_like(delta), torch.zeros(delta.shape[1])
    for t in reversed(range(len(delta))):
        acc = delta[t] + gamma * lam * acc * (~(term[t] | trunc[t]))
        adv[t] = acc
    return adv, adv + v


# %% right: lambda-returns by their own recursion
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T = len(rewards)
    returns = np.zeros(rewards.shape, dtype=np.float64)
    ahead = next_values[-1].astype(np.float64)
    for t in reversed(range(T)):
        ended = terminated[t] | truncated[t]
        mixed = np.where(ended, next_values[t], (1 - lam) * next_values[t] + lam * ahead)
        returns[t] = ahead = rewards[t] + gamma * np.where(terminated[t], 0.0, mixed)
    return returns - values, returns


# %% right: the next value read from the next row
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    following = np.concatenate([values[1:], next_values[-1:]])
    following = np.where(truncated, next_values, following)
    following = np.where(terminated, 0, following)
    deltas = rewards + gamma * following - values
    advantages = deltas.copy()
    for t in range(len(rewards) - 2, -1, -1):
        advantages[t] += gamma * lam * np.where(terminated[t] | truncated[t], 0, advantages[t + 1])
    return advantages, advantages + values


# %% right: gae as an explicit sum
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T, N = rewards.shape
    deltas = rewards + gamma * next_values * (1 - terminated) - values
    advantages = np.zeros((T, N))
    for n in range(N):
        for t in range(T):
            factor = 1.0
            for k in range(t, T):
                advantages[t, n] += factor * deltas[k, n]
                if terminated[k, n] or truncated[k, n]:
                    break
                factor *= gamma * lam
    return advantages, advantages + values


# %% right: lists of rows, stacked at the end
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    rows, following = [], 0
    for r, v, nv, term, trunc in zip(rewards[::-1], values[::-1], next_values[::-1], terminated[::-1], truncated[::-1]):
        following = r + gamma * nv * (1 - term) - v + gamma * lam * following * (1 - np.maximum(term, trunc))
        rows.append(following)
    advantages = np.stack(rows[::-1])
    return advantages, advantages + values


# %% right: inputs copied, then changed
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    next_values = next_values.copy()
    next_values[terminated] = 0.0
    advantages = rewards + gamma * next_values - values
    goes_on = np.logical_not(terminated) & np.logical_not(truncated)
    for t in range(len(advantages) - 1, 0, -1):
        advantages[t - 1] += gamma * lam * goes_on[t - 1] * advantages[t]
    return advantages, advantages + values


# %% right: one recursive function for rows
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    out = np.empty_like(values)

    def row(t):
        if t == len(rewards):
            return np.zeros(rewards.shape[1])
        rest = row(t + 1)
        out[t] = rewards[t] + gamma * next_values[t] * ~terminated[t] - values[t]
        out[t] += gamma * lam * rest * ~terminated[t] * ~truncated[t]
        return out[t]

    row(0)
    return out, values + out


# %% right: returns first, advantages from them
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    returns = np.zeros_like(values)
    carry = np.zeros(values.shape[1])
    for t in reversed(range(values.shape[0])):
        target = rewards[t] + gamma * (1 - terminated[t]) * next_values[t]
        carry = target - values[t] + gamma * lam * (1 - (terminated[t] | truncated[t])) * carry
        returns[t] = carry + values[t]
    return returns - values, returns


# %% right: a filter of scipy
from scipy.signal import lfilter


def discounted_returns(rewards, gamma):
    return lfilter([1.0], [1.0, -gamma], np.asarray(rewards, dtype=float)[::-1])[::-1]


# %% right: discounts divided out again
def discounted_returns(rewards, gamma):
    discounts = float(gamma) ** np.arange(len(rewards))
    return np.cumsum((discounts * np.asarray(rewards))[::-1])[::-1] / discounts


# %% wrong: test_returns_and_advantages returns_forward: sums from the start
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards:
        G = r + gamma * G
        returns.append(G)
    return returns


# %% wrong: test_returns_and_advantages returns_reversed: not turned back
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in reversed(rewards):
        G = r + gamma * G
        returns.append(G)
    return returns


# %% wrong: test_returns_and_advantages off_by_one: without its own reward
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards[::-1]:
        returns.insert(0, G)
        G = r + gamma * G
    return returns


# %% wrong: test_returns_and_advantages off_by_one: its own reward discounted
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards[::-1]:
        G = gamma * (r + G)
        returns.insert(0, G)
    return returns


# %% wrong: test_returns_and_advantages gamma_missing: a plain sum
def discounted_returns(rewards, gamma):
    return np.cumsum(np.asarray(rewards)[::-1])[::-1]


# %% wrong: test_returns_and_advantages returns_normalised: as the tutorial does
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards[::-1]:
        G = r + gamma * G
        returns.insert(0, G)
    returns = np.array(returns)
    return (returns - returns.mean()) / (returns.std() + 1e-5)


# %% wrong: test_returns_and_advantages input_mutated: in place
def discounted_returns(rewards, gamma):
    for t in range(len(rewards) - 2, -1, -1):
        rewards[t] = rewards[t] + gamma * rewards[t + 1]
    return rewards


# %% wrong: test_returns_and_advantages wrong_shape: the return of the first step
def discounted_returns(rewards, gamma):
    G = 0
    for r in rewards[::-1]:
        G = r + gamma * G
    return G


# %% wrong: test_returns_and_advantages discount_from_the_start: powers counted from the first step
def discounted_returns(rewards, gamma):
    n = len(rewards)
    return [sum(gamma**k * rewards[k] for k in range(t, n)) for t in range(n)]


# %% wrong: test_returns_and_advantages lambda_missing: gamma alone in the sum
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages lambda_missing: TD errors only
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * (1 - terminated) - values
    return deltas, deltas + values


# %% wrong: test_returns_and_advantages bootstrap_through_termination: no mask on the value
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages no_bootstrap_through_truncation: done for both
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    done = terminated | truncated
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - done[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - done[t]) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages episode_not_cut: terminated for both
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - terminated[t]) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages next_reward: the reward of the next row
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        reward = rewards[t + 1] if t + 1 < len(rewards) else 0
        delta = reward + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages returns_without_value: advantages twice
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages


# %% wrong: test_returns_and_advantages columns_mixed: one long row
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    r, v, nv, term, trunc = (x.flatten() for x in (rewards, values, next_values, terminated, truncated))
    advantages, last = np.zeros(len(r)), 0
    for t in reversed(range(len(r))):
        delta = r[t] + gamma * nv[t] * (1 - term[t]) - v[t]
        advantages[t] = last = delta + gamma * lam * (1 - (term[t] | trunc[t])) * last
    advantages = advantages.reshape(rewards.shape)
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages advantages_normalised: mean and deviation
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    returns = advantages + values
    return (advantages - advantages.mean()) / (advantages.std() + 1e-8), returns


# %% wrong: test_returns_and_advantages off_by_one: the last row left at zero
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages = np.zeros_like(rewards)
    for t in range(len(rewards) - 2, -1, -1):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * advantages[t + 1]
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages input_mutated: masks the values given
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    next_values *= ~terminated
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages gamma_missing: the value not discounted
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, last = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + next_values[t] * (1 - terminated[t]) - values[t]
        advantages[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages not_implemented: the estimate left for later
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    raise NotImplementedError


# %% wrong: test_returns_and_advantages not_implemented: the returns left for later
def discounted_returns(rewards, gamma):
    raise NotImplementedError


# %% wrong: test_returns_and_advantages raises: minus on booleans
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * -terminated - values
    return deltas, deltas + values


# %% wrong: test_returns_and_advantages timeout: walks the wrong way
def discounted_returns(rewards, gamma):
    t, returns = 0, []
    while t < len(rewards):
        t -= 1
    return returns


# %% wrong: test_returns_and_advantages returns_forward + test_returns_and_advantages lambda_missing: one in each
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards:
        G = r + gamma * G
        returns.append(G)
    return returns


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * (1 - terminated) - values
    return deltas, deltas + values


# %% wrong: test_returns_and_advantages -: whole numbers stay whole
def discounted_returns(rewards, gamma):
    returns, running = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        running = rewards[t] + gamma * running
        returns[t] = running
    return returns


# %% wrong: test_returns_and_advantages input_mutated: a list is changed in place
def discounted_returns(rewards, gamma):
    returns = rewards if isinstance(rewards, list) else list(rewards)
    for t in range(len(returns) - 2, -1, -1):
        returns[t] += gamma * returns[t + 1]
    return returns


# %% wrong: test_returns_and_advantages -: the end of one environment ends them all
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, following = np.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        following = delta + gamma * lam * (not (terminated[t] | truncated[t]).any()) * following
        advantages[t] = following
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages -: gamma twice, lambda never
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, following = np.zeros_like(rewards), np.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        following = delta + gamma * gamma * (1 - (terminated[t] | truncated[t])) * following
        advantages[t] = following
    return advantages, advantages + values
