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


# %% right: returns with itertools.accumulate
from itertools import accumulate


def discounted_returns(rewards, gamma):
    return list(accumulate(reversed(list(rewards)), lambda following, reward: reward + gamma * following))[::-1]


# %% right: returns with functools.reduce
from functools import reduce


def discounted_returns(rewards, gamma):
    return reduce(lambda found, r: [r + gamma * found[0] if found else r, *found], list(rewards)[::-1], [])


# %% right: returns as the solution of linear equations
def discounted_returns(rewards, gamma):
    n = len(rewards)
    return np.linalg.solve(np.eye(n) - gamma * np.eye(n, k=1), np.asarray(rewards, dtype=float))


# %% right: returns as values of polynomials
def discounted_returns(rewards, gamma):
    rewards = np.asarray(rewards, dtype=np.float64)
    return [np.polyval(rewards[t:][::-1], gamma) for t in range(len(rewards))]


# %% right: returns with a powered index matrix
def discounted_returns(rewards, gamma):
    t = np.arange(len(rewards))
    powers = t[None, :] - t[:, None]
    return np.where(powers >= 0, gamma ** np.clip(powers, 0, None), 0.0) @ np.asarray(rewards)


# %% right: returns by halves
def discounted_returns(rewards, gamma):
    rewards = list(rewards)
    if len(rewards) <= 1:
        return rewards
    half = len(rewards) // 2
    late = discounted_returns(rewards[half:], gamma)
    early = discounted_returns(rewards[:half], gamma)
    return [g + gamma ** (half - t) * late[0] for t, g in enumerate(early)] + late


# %% right: returns by np.frompyfunc
def discounted_returns(rewards, gamma):
    step = np.frompyfunc(lambda following, reward: reward + gamma * following, 2, 1)
    backwards = np.array(rewards, dtype=object)[::-1]
    return step.accumulate(backwards, dtype=object)[::-1].astype(float)


# %% right: returns in a torch loop with stack
def discounted_returns(rewards, gamma):
    rewards = torch.as_tensor(np.asarray(rewards), dtype=torch.float64)
    found, following = [], torch.zeros((), dtype=torch.float64)
    for reward in rewards.flip(0):
        following = reward + gamma * following
        found.append(following)
    return torch.stack(found).flip(0)


# %% right: gae as the solution of linear equations
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    done = terminated | truncated
    T, N = rewards.shape
    advantages = np.empty((T, N))
    for n in range(N):
        matrix = np.eye(T)
        for t in range(T - 1):
            matrix[t, t + 1] = -gamma * lam * (not done[t, n])
        advantages[:, n] = np.linalg.solve(matrix, delta[:, n])
    return advantages, advantages + values


# %% right: gae episode by episode
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages = np.zeros_like(rewards)
    for n in range(rewards.shape[1]):
        ends = np.flatnonzero(terminated[:, n] | truncated[:, n]) + 1
        for steps in np.split(np.arange(len(rewards)), ends):
            total = 0.0
            for t in steps[::-1]:
                bootstrap = 0.0 if terminated[t, n] else next_values[t, n]
                total = rewards[t, n] + gamma * bootstrap - values[t, n] + gamma * lam * total
                advantages[t, n] = total
    return advantages, values + advantages


# %% right: gae with a while loop and tensors
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    r, v, nv = (torch.as_tensor(np.array(x), dtype=torch.float32) for x in (rewards, values, next_values))
    alive = 1 - torch.as_tensor(np.array(terminated)).float()
    goes_on = alive * (1 - torch.as_tensor(np.array(truncated)).float())
    deltas = torch.addcmul(r - v, nv, alive, value=gamma)
    t, gae, found = len(r) - 1, torch.zeros(r.shape[1]), []
    while t >= 0:
        gae = torch.addcmul(deltas[t], goes_on[t], gae, value=gamma * lam)
        found.insert(0, gae)
        t -= 1
    advantages = torch.stack(found)
    return advantages, advantages + v


# %% right: gae from masked arrays
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    next_values = np.ma.array(next_values, mask=terminated).filled(0)
    delta = rewards + gamma * next_values - values
    factor = gamma * lam * np.logical_not(np.logical_or(terminated, truncated))
    advantages = delta.copy()
    for t in reversed(range(len(delta) - 1)):
        advantages[t] += factor[t] * advantages[t + 1]
    return advantages, advantages + values


# %% right: gae by doubling the distance
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages = (rewards + gamma * next_values * (1 - terminated) - values).astype(np.float64)
    factor = gamma * lam * (1.0 - (terminated | truncated))
    step = 1
    while step < len(advantages):
        later = np.zeros_like(advantages)
        later[:-step] = advantages[step:]
        advantages = advantages + factor * later
        further = np.zeros_like(factor)
        further[:-step] = factor[step:]
        factor = factor * further
        step *= 2
    return advantages, advantages + values


# %% right: gae as a mean of n-step returns, weighted by lambda
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T, N = rewards.shape
    done = terminated | truncated
    returns = np.zeros((T, N))
    for n in range(N):
        for t in range(T):
            collected, weight, k = 0.0, 1.0, t
            while True:
                collected += gamma ** (k - t) * rewards[k, n]
                ahead = 0.0 if terminated[k, n] else gamma ** (k - t + 1) * next_values[k, n]
                if done[k, n] or k == T - 1:
                    returns[t, n] += weight * (collected + ahead)
                    break
                returns[t, n] += weight * (1 - lam) * (collected + ahead)
                weight, k = weight * lam, k + 1
    return returns - values, returns


# %% right: gae over pairs of rows
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    rows = list(zip(rewards, values, next_values, terminated, truncated))
    found, last = [], 0
    for r, v, nv, term, trunc in reversed(rows):
        target = r + gamma * np.where(term, 0, nv)
        last = target - v + gamma * lam * np.where(term | trunc, 0, last)
        found.append(last)
    advantages = np.stack(found[::-1])
    return advantages, np.add(advantages, values)


# %% right: gae with einsum and a table of products
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * np.where(terminated, 0, next_values) - values
    T = len(delta)
    factor = np.where(terminated | truncated, 0, gamma * lam)
    table = np.zeros((T, T, delta.shape[1]))
    for t in range(T):
        table[t, t] = 1
        for k in range(t + 1, T):
            table[t, k] = table[t, k - 1] * factor[k - 1]
    advantages = np.einsum("tkn,kn->tn", table, delta)
    return advantages, advantages + values


# %% right: gae in float32 tensors, flags inverted
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    rewards, values, next_values = map(torch.from_numpy, (rewards, values, next_values))
    terminated, truncated = torch.from_numpy(terminated), torch.from_numpy(truncated)
    delta = rewards + gamma * next_values.masked_fill(terminated, 0) - values
    advantages = torch.zeros_like(delta)
    advantages[-1] = delta[-1]
    for t in range(len(delta) - 2, -1, -1):
        advantages[t] = delta[t] + gamma * lam * advantages[t + 1].masked_fill(terminated[t].logical_or(truncated[t]), 0)
    return advantages.numpy(), (advantages + values).numpy()


# %% wrong: test_returns_and_advantages returns_forward: sums from the start
def discounted_returns(rewards, gamma):
    returns, G = [], 0
    for r in rewards:
        G = r + gamma * G
        returns.append(G)
    return returns


# %% wrong: test_returns_and_advantages returns_forward: not turned back
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


# %% wrong: test_returns_and_advantages off_by_one: gamma to the power of one more
def discounted_returns(rewards, gamma):
    n = len(rewards)
    return [sum(gamma ** (k - t + 1) * rewards[k] for k in range(t, n)) for t in range(n)]


# %% wrong: test_returns_and_advantages returns_forward: cumsum with discounts from the start
def discounted_returns(rewards, gamma):
    rewards = np.asarray(rewards, dtype=float)
    return np.cumsum(rewards * gamma ** np.arange(len(rewards)))


# %% wrong: test_returns_and_advantages off_by_one: the last reward is left out
def discounted_returns(rewards, gamma):
    returns, following = [], 0.0
    for t in range(len(rewards) - 2, -1, -1):
        following = rewards[t] + gamma * following
        returns.insert(0, following)
    return returns + [0.0]


# %% wrong: test_returns_and_advantages returns_normalised: by the largest
def discounted_returns(rewards, gamma):
    returns, following = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        following = rewards[t] + gamma * following
        returns[t] = following
    return returns / np.abs(returns).max()


# %% wrong: test_returns_and_advantages lambda_missing: lambda is one by default
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    returns = np.zeros_like(rewards)
    following = next_values[-1]
    for t in reversed(range(len(rewards))):
        ended = terminated[t] | truncated[t]
        following = np.where(ended, np.where(terminated[t], 0, next_values[t]), following)
        following = rewards[t] + gamma * following
        returns[t] = following
    return returns - values, returns


# %% wrong: test_returns_and_advantages episode_not_cut: no mask on the sum at all
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * (1 - terminated) - values
    advantages, gae = [], 0
    for row in delta[::-1]:
        gae = row + gamma * lam * gae
        advantages.insert(0, gae)
    advantages = np.array(advantages)
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages no_bootstrap_through_truncation: the last row not bootstrapped either
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    done = terminated | truncated
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - done[t]) - values[t]
        gae = delta + gamma * lam * (1 - done[t]) * gae
        advantages[t] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages returns_without_value: rewards plus gamma V
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    return advantages, advantages.copy()


# %% wrong: test_returns_and_advantages advantages_normalised: in every column
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    returns = advantages + values
    return (advantages - advantages.mean(0)) / (advantages.std(0) + 1e-8), returns


# %% wrong: test_returns_and_advantages bootstrap_through_termination: masked only where both flags are set
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * (1 - truncated * terminated) - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages -: flags of the row before
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t - 1] * gae
        advantages[t] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages -: the value of the state is added, not subtracted
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated + values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages wrong_shape: one list, column after column
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    return advantages.ravel(), (advantages + values).ravel()


# %% wrong: test_returns_and_advantages wrong_return_order: returns first
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, gae = np.zeros_like(rewards), 0
    for t in reversed(range(len(rewards))):
        gae = delta[t] + gamma * lam * goes_on[t] * gae
        advantages[t] = gae
    return advantages + values, advantages


# %% wrong: test_returns_and_advantages lambda_missing + test_returns_and_advantages bootstrap_through_termination: errors of one step, no mask
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages = rewards + gamma * next_values - values
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages episode_not_cut + test_returns_and_advantages bootstrap_through_termination: no masks at all
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values - values
    advantages, last = np.zeros_like(deltas), 0.0
    for t in range(len(deltas) - 1, -1, -1):
        last = deltas[t] + gamma * lam * last
        advantages[t] = last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages gamma_missing + test_returns_and_advantages returns_without_value: undiscounted, and advantages as targets
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + lam * goes_on[t] * last
        advantages[t] = last
    return advantages, advantages


# %% wrong: test_returns_and_advantages no_bootstrap_through_truncation + test_returns_and_advantages lambda_missing: done for both, lambda forgotten
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    goes_on = 1.0 - (terminated | truncated)
    deltas = rewards + gamma * next_values * goes_on - values
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + gamma * goes_on[t] * last
        advantages[t] = last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages value_not_subtracted + test_returns_and_advantages episode_not_cut: targets, summed over episodes
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    targets = rewards + gamma * next_values * (1 - terminated)
    advantages, last = np.zeros_like(targets), 0.0
    for t in reversed(range(len(targets))):
        last = targets[t] + gamma * lam * last
        advantages[t] = last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages advantages_normalised + test_returns_and_advantages no_bootstrap_through_truncation: normalised, done for both
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    goes_on = ~(terminated | truncated)
    deltas = rewards + gamma * next_values * goes_on - values
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + gamma * lam * goes_on[t] * last
        advantages[t] = last
    returns = advantages + values
    return (advantages - advantages.mean()) / (advantages.std() + 1e-8), returns


# %% wrong: test_returns_and_advantages -: returns first, lambda forgotten
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * ~terminated - values
    goes_on = ~(terminated | truncated)
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + gamma * goes_on[t] * last
        advantages[t] = last
    return advantages + values, advantages


# %% wrong: test_returns_and_advantages value_not_subtracted: V(s) comes with a plus
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * ~terminated + values
    goes_on = ~(terminated | truncated)
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + gamma * lam * goes_on[t] * last
        advantages[t] = last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages returns_normalised + test_returns_and_advantages gamma_missing: plain sums, normalised
def discounted_returns(rewards, gamma):
    returns = np.cumsum(np.asarray(rewards)[::-1])[::-1]
    return (returns - returns.mean()) / (returns.std() + 1e-8)


# %% wrong: test_returns_and_advantages off_by_one + test_returns_and_advantages gamma_ignored: 0.99, and rewards from the next step on
def discounted_returns(rewards, gamma):
    n = len(rewards)
    return [sum(0.99 ** (k - t - 1) * rewards[k] for k in range(t + 1, n)) for t in range(n)]


# %% wrong: test_returns_and_advantages returns_forward + test_returns_and_advantages gamma_ignored: 0.99 and not turned back
def discounted_returns(rewards, gamma=0.99):
    returns, g = [], 0
    for r in list(rewards)[::-1]:
        g = r + 0.99 * g
        returns.append(g)
    return returns


# %% wrong: test_returns_and_advantages off_by_one + test_returns_and_advantages episode_not_cut: one in each function
def discounted_returns(rewards, gamma):
    returns, g = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        g = gamma * (rewards[t] + g)
        returns[t] = g
    return returns


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * ~terminated - values
    advantages, last = np.zeros_like(deltas), 0.0
    for t in reversed(range(len(deltas))):
        last = deltas[t] + gamma * lam * (1 - terminated[t]) * last
        advantages[t] = last
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages off_by_one: the loop never comes to the first reward
def discounted_returns(rewards, gamma):
    returns = np.zeros(len(rewards))
    returns[-1] = rewards[-1]
    t = len(rewards) - 2
    while t > 0:
        returns[t] = rewards[t] + gamma * returns[t + 1]
        t -= 1
    return returns


# %% wrong: test_returns_and_advantages wrong_dtype: a copy of the rewards is filled with the sums
def discounted_returns(rewards, gamma):
    returns = np.array(rewards)
    for t in range(len(returns) - 2, -1, -1):
        returns[t] = returns[t] + gamma * returns[t + 1]
    return returns


# %% wrong: test_returns_and_advantages columns_mixed: who ends ends for all
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * np.where(terminated, 0, next_values) - values
    goes_on = 1 - (terminated | truncated).max(axis=1)
    A = delta.copy()
    for t in range(len(A) - 2, -1, -1):
        A[t] += gamma * lam * goes_on[t] * A[t + 1]
    return A, A + values


# %% wrong: test_returns_and_advantages columns_mixed: one long sum, column by column from the right
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T, N = rewards.shape
    A, g = np.zeros((T, N)), 0.0
    for k in reversed(range(T * N)):
        n, t = divmod(k, T)
        d = rewards[t, n] - values[t, n] + (0 if terminated[t, n] else gamma * next_values[t, n])
        g = d if terminated[t, n] or truncated[t, n] else d + gamma * lam * g
        A[t, n] = g
    return A, A + values


# %% wrong: test_returns_and_advantages columns_mixed: the sum is not set back for the next environment
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages, gae = np.empty_like(rewards), 0.0
    for env in range(rewards.shape[1]):
        for t in range(len(rewards) - 1, -1, -1):
            after = 0.0 if terminated[t, env] else gamma * next_values[t, env]
            over = terminated[t, env] or truncated[t, env]
            gae = rewards[t, env] + after - values[t, env] + (0.0 if over else gamma * lam * gae)
            advantages[t, env] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages bootstrap_through_termination: the clock counts for more than the end
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    bootstraps = truncated | ~terminated
    delta = rewards + gamma * np.where(bootstraps, next_values, 0) - values
    advantages, gae = np.zeros_like(rewards), 0
    for t in range(len(rewards))[::-1]:
        gae = delta[t] + gamma * lam * gae * ~(terminated[t] | truncated[t])
        advantages[t] = gae
    return advantages, advantages + values


# %% wrong: test_returns_and_advantages no_bootstrap_through_truncation: what the next row begins with
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    after = next_values.copy()
    after[:-1] = values[1:]
    delta = rewards + gamma * after * ~terminated - values
    A, g = np.zeros_like(delta), 0
    for t in reversed(range(len(delta))):
        A[t] = g = delta[t] + gamma * lam * ~(terminated | truncated)[t] * g
    return A, A + values


# %% wrong: test_returns_and_advantages off_by_one: the flag of the step that follows
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    over = np.vstack([(terminated | truncated)[1:], np.ones((1, rewards.shape[1]), bool)])
    delta = rewards + gamma * next_values * ~terminated - values
    A, g = np.zeros_like(delta), 0
    for t in reversed(range(len(delta))):
        A[t] = g = delta[t] + gamma * lam * ~over[t] * g
    return A, A + values


# %% wrong: test_returns_and_advantages -: nothing bootstrapped where the last row is cut off
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T = len(rewards)
    done = terminated | truncated
    adv, last = np.zeros_like(rewards), 0.0
    for t in reversed(range(T)):
        if t == T - 1:
            after = next_values[t] * ~done[t]
        else:
            after = next_values[t] * ~terminated[t]
        last = rewards[t] + gamma * after - values[t] + gamma * lam * ~done[t] * last
        adv[t] = last
    return adv, adv + values


# %% right: triple nested loops in pure Python lists
def discounted_returns(rewards, gamma):
    answer = []
    for i in range(len(rewards)):
        s = 0
        for j in range(i, len(rewards)):
            s += gamma ** (j - i) * rewards[j]
        answer.append(s)
    return answer


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T = len(rewards)
    N = len(rewards[0])
    advantages = [[0.0] * N for _ in range(T)]
    returns = [[0.0] * N for _ in range(T)]
    for n in range(N):
        for t in range(T):
            total = 0.0
            k = t
            weight = 1.0
            while k < T:
                delta = rewards[k][n] - values[k][n]
                if not terminated[k][n]:
                    delta = delta + gamma * next_values[k][n]
                total = total + weight * delta
                if terminated[k][n] or truncated[k][n]:
                    break
                weight = weight * gamma * lam
                k = k + 1
            advantages[t][n] = total
            returns[t][n] = total + values[t][n]
    return np.array(advantages), np.array(returns)


# %% right: np.vectorize-free per-column generator
def _column(deltas, cont, k):
    acc = 0.0
    for d, c in zip(reversed(deltas), reversed(cont)):
        acc = d + k * acc if c else d
        yield acc


def discounted_returns(rewards, gamma):
    def gen():
        g = 0
        for r in reversed(rewards):
            g = r + gamma * g
            yield g
    return list(gen())[::-1]


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    deltas = rewards + gamma * next_values * np.logical_not(terminated) - values
    cont = np.logical_not(terminated) & np.logical_not(truncated)
    columns = [list(_column(deltas[:, n].tolist(), cont[:, n].tolist(), gamma * lam))[::-1] for n in range(rewards.shape[1])]
    adv = np.array(columns).T
    return adv, values + adv


# %% right: returns appended and reversed in place
def discounted_returns(rewards, gamma):
    returns = []
    R = 0
    for reward in rewards[::-1]:
        R = reward + gamma * R
        returns.append(R)
    returns.reverse()
    return torch.tensor(returns, dtype=torch.float32)


# %% right: lambda return recursion with np.where, then minus values
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T = rewards.shape[0]
    G = np.empty_like(rewards, dtype=float)
    for t in reversed(range(T)):
        if t == T - 1:
            tail = next_values[t]
        else:
            tail = np.where(truncated[t], next_values[t], (1 - lam) * next_values[t] + lam * G[t + 1])
        G[t] = rewards[t] + gamma * np.where(terminated[t], 0.0, tail)
    return G - values, G


# %% right: lfilter over whole columns by cutting at dones
from scipy.signal import lfilter


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * (~terminated) - values
    adv = np.empty_like(delta)
    for n in range(delta.shape[1]):
        ends = np.flatnonzero(terminated[:, n] | truncated[:, n]) + 1
        parts = np.split(delta[:, n], ends)
        adv[:, n] = np.concatenate([lfilter([1.0], [1.0, -gamma * lam], p[::-1])[::-1] for p in parts if len(p)])
    return adv, adv + values


# %% right: functional with accumulate on tuples of rows
from itertools import accumulate


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    delta = rewards + gamma * next_values * ~terminated - values
    keep = gamma * lam * ~(terminated ^ truncated | terminated & truncated)
    rows = accumulate(zip(delta[::-1], keep[::-1]), lambda acc, dk: dk[0] + dk[1] * acc, initial=np.zeros(delta.shape[1]))
    adv = np.array(list(rows)[1:])[::-1]
    return adv, adv + values


# %% wrong: test_returns_and_advantages returns_forward: insert at the wrong end
def discounted_returns(rewards, gamma):
    out, g = [], 0
    for r in rewards:
        g = r + gamma * g
        out.insert(0, g)
    return out


# %% wrong: test_returns_and_advantages wrong_shape: a column
def discounted_returns(rewards, gamma):
    out, g = [], 0
    for r in reversed(rewards):
        g = r + gamma * g
        out.append([g])
    return np.array(out[::-1])


# %% wrong: test_returns_and_advantages wrong_shape: one more for the end
def discounted_returns(rewards, gamma):
    out = np.zeros(len(rewards) + 1)
    for t in reversed(range(len(rewards))):
        out[t] = rewards[t] + gamma * out[t + 1]
    return out


# %% wrong: test_returns_and_advantages gamma_ignored + test_returns_and_advantages lam_ignored: fixed numbers in place of both arguments
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    gamma, lam = 0.99, 0.95
    adv = np.zeros_like(rewards)
    last = 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        adv[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return adv, adv + values


# %% wrong: test_returns_and_advantages terminated_masks_reward: mask on the whole target
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    adv = np.zeros_like(rewards)
    last = 0
    for t in reversed(range(len(rewards))):
        delta = (rewards[t] + gamma * next_values[t]) * (1 - terminated[t]) - values[t]
        adv[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return adv, adv + values


# %% wrong: test_returns_and_advantages returns_forward: walks from the first row on
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    adv = np.zeros_like(rewards)
    last = 0
    for t in range(len(rewards)):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        adv[t] = last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
    return adv, adv + values


# %% wrong: test_returns_and_advantages returns_forward: deltas in reverse, not turned back
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    adv, last = [], 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        last = delta + gamma * lam * (1 - (terminated[t] | truncated[t])) * last
        adv.append(last)
    adv = np.array(adv)
    return adv, adv + values


# %% wrong: test_returns_and_advantages advantages_normalised: scaled by the deviation only
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    pass
    adv, last = np.zeros_like(values), 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * ~terminated[t] - values[t]
        last = delta + gamma * lam * ~(terminated[t] | truncated[t]) * last
        adv[t] = last
    return adv / (adv.std() + 1e-8), adv + values


# %% wrong: test_returns_and_advantages last_row_not_bootstrapped: nothing after the last row
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    T = len(rewards)
    adv, last = np.zeros_like(rewards), 0
    for t in reversed(range(T)):
        nv = 0 if t == T - 1 else next_values[t]
        delta = rewards[t] + gamma * nv * ~terminated[t] - values[t]
        last = delta + gamma * lam * ~(terminated[t] | truncated[t]) * last
        adv[t] = last
    return adv, adv + values


# %% wrong: test_returns_and_advantages results_share_memory: returns are the advantages, added to in place
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    advantages = np.zeros_like(rewards)
    last = 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] + gamma * next_values[t] * (1 - terminated[t]) - values[t]
        last = delta + gamma * lam * (1 - terminated[t]) * (1 - truncated[t]) * last
        advantages[t] = last
    returns = advantages
    returns += values
    return advantages, returns


# %% wrong: test_returns_and_advantages edges_fail: zero counts as no lambda given
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    lam = lam or 0.95
    adv = rewards + gamma * next_values * ~terminated - values
    for t in reversed(range(len(rewards) - 1)):
        adv[t] += gamma * lam * ~(terminated[t] | truncated[t]) * adv[t + 1]
    return adv, adv + values


# %% wrong: test_returns_and_advantages edges_fail: a division by lambda
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    d = rewards + gamma * next_values * ~terminated - values
    scale = 1 / lam
    adv = d.copy()
    for t in reversed(range(len(rewards) - 1)):
        adv[t] += gamma / scale * ~(terminated[t] | truncated[t]) * adv[t + 1]
    return adv, adv + values


# %% wrong: test_returns_and_advantages edges_fail: a rollout of one step raises
def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    d = rewards + gamma * next_values * ~terminated - values
    go = ~(terminated | truncated)
    adv = d.copy()
    if len(d) < 2:
        raise ValueError
    for t in reversed(range(len(rewards) - 1)):
        adv[t] += gamma * lam * go[t] * adv[t + 1]
    return adv, adv + values
