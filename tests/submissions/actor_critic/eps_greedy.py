"""Right and wrong answers to the cell eps_greedy, as students could write them."""

# %% right: numpy for everything
def select_action_eps_greedy(Q, state, epsilon):
    with torch.no_grad():
        q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() < epsilon:
        return int(np.random.randint(len(q)))
    return int(np.argmax(q))


# %% right: torch for everything
def select_action_eps_greedy(Q, state, epsilon):
    state = to_tensor(state)
    q_values = Q(state)
    if torch.rand(1).item() < epsilon:
        return torch.randint(0, q_values.shape[-1], (1,)).item()
    return torch.argmax(q_values).item()


# %% right: beginner loop finds the best action
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    best = 0
    for a in range(len(q)):
        if q[a] > q[best]:
            best = a
    number = random.random()
    if number < epsilon:
        action = random.randint(0, len(q) - 1)
    else:
        action = best
    return action


# %% right: weights handed to random.choices
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    n = q.numel()
    weights = [epsilon / n] * n
    weights[int(q.argmax())] += 1 - epsilon
    return random.choices(range(n), weights=weights)[0]


# %% right: Categorical over the mixed probabilities
from torch.distributions import Categorical


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    probs = torch.full_like(q, epsilon / len(q))
    probs[q.argmax()] += 1 - epsilon
    return Categorical(probs=probs).sample().item()


# %% right: Bernoulli decides and Categorical explores
from torch.distributions import Bernoulli, Categorical


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    explore = Bernoulli(torch.tensor(float(epsilon))).sample().bool().item()
    uniform = Categorical(logits=torch.zeros_like(q))
    return int(uniform.sample()) if explore else int(q.argmax())


# %% right: torch.multinomial over the mixture of one-hot and uniform
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    n = q.shape[-1]
    greedy = F.one_hot(q.argmax(-1), n).float()
    probs = (1 - epsilon) * greedy + epsilon * torch.ones(n) / n
    return int(torch.multinomial(probs, num_samples=1))


# %% right: inverse distribution function by cumulative sum
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    p = np.full(len(q), epsilon / len(q))
    p[q.argmax()] += 1.0 - epsilon
    u = np.random.uniform()
    cdf = np.cumsum(p)
    return min(int(np.searchsorted(cdf, u, side="right")), len(q) - 1)


# %% right: np.random.choice with probabilities in float64
def select_action_eps_greedy(Q, state, epsilon):
    with torch.no_grad():
        values = np.asarray(Q(to_tensor(state)).tolist(), dtype=np.float64)
    n_actions = values.size
    p = np.ones(n_actions) * epsilon / n_actions
    p[values.argmax()] += 1 - epsilon
    p = p / p.sum()
    return int(np.random.choice(n_actions, p=p))


# %% right: the secrets module draws both numbers
import secrets


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).flatten().tolist()
    coin = secrets.randbelow(10**9) / 10**9
    if coin < epsilon:
        return secrets.randbelow(len(q))
    return q.index(max(q))


# %% right: numpy generator seeded once at the top
generator = np.random.default_rng(seed=7)


def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state))
    if generator.random() < epsilon:
        return int(generator.integers(values.shape[-1]))
    return int(values.argmax(dim=-1))


# %% right: max with a key over the range of actions
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state)).detach().numpy()
    actions = range(len(values))
    return random.choice(actions) if random.random() < epsilon else max(actions, key=lambda a: values[a])


# %% right: topk and a torch generator of its own
own_generator = torch.Generator()
own_generator.manual_seed(123)


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.as_tensor(np.array(state), dtype=torch.float32))
    if torch.rand((), generator=own_generator) < epsilon:
        return torch.randint(q.numel(), (), generator=own_generator).item()
    return q.topk(1).indices.item()


# %% right: sort in descending order
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    order = torch.sort(q, descending=True).indices
    if np.random.uniform(0, 1) < epsilon:
        order = order[torch.randperm(len(order))]
    return int(order[0])


# %% right: ties are broken at random
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    everything = torch.arange(len(q))
    best = (q == q.max()).nonzero().flatten()
    candidates = everything if random.random() < epsilon else best
    return candidates[torch.randint(len(candidates), (1,))].item()


# %% right: own batch axis is added and removed
def select_action_eps_greedy(Q, state, epsilon):
    batch = to_tensor(state).reshape(1, -1)
    q = Q(batch).flatten()
    if random.random() >= epsilon:
        return q.argmax().item()
    return random.randrange(q.numel())


# %% right: gymnasium's Discrete space explores
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    space = gym.spaces.Discrete(len(q))
    if random.uniform(0, 1) < epsilon:
        return int(space.sample())
    return int(q.argmax())


# %% right: no_grad decorator, type hints and assertions
from typing import Callable


@torch.no_grad()
def select_action_eps_greedy(Q: Callable, state, epsilon: float = 0.1) -> int:
    """Epsilon-greedy choice."""
    assert 0.0 <= epsilon <= 1.0, "epsilon is a probability"
    q: torch.Tensor = Q(to_tensor(state))
    n_actions: int = q.size(-1)
    explore: bool = bool(np.random.binomial(1, epsilon))
    action: int = random.choice(list(range(n_actions))) if explore else q.max(dim=-1).indices.item()
    assert isinstance(action, int)
    return action


# %% right: class of a policy behind the function
class EpsilonGreedy:
    def __init__(self, q_function, epsilon):
        self.q_function = q_function
        self.epsilon = epsilon

    def wants_to_explore(self):
        return random.random() < self.epsilon

    def __call__(self, state):
        q = self.q_function(to_tensor(state))
        if self.wants_to_explore():
            return random.randrange(len(q))
        return q.argmax().item()


def select_action_eps_greedy(Q, state, epsilon):
    return EpsilonGreedy(Q, epsilon)(state)


# %% right: Gumbel noise on the logarithm of the mixture
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().double()
    n = len(q)
    probs = torch.full((n,), epsilon / n, dtype=torch.float64)
    probs[q.argmax()] += 1 - epsilon
    gumbel = -torch.log(torch.empty(n, dtype=torch.float64).exponential_())
    return (probs.log() + gumbel).argmax().item()


# %% right: rejection sampling with random bits
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state)).detach().tolist()
    if not random.random() < epsilon:
        return sorted(range(len(values)), key=values.__getitem__)[-1]
    bits = len(values).bit_length()
    while True:
        candidate = random.getrandbits(bits)
        if candidate < len(values):
            return candidate


# %% right: table of two lambdas
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    choose = {
        True: lambda: random.sample(range(q.shape[0]), 1)[0],
        False: lambda: int(q.argmax(-1)),
    }
    return choose[random.random() < epsilon]()


# %% right: Q is asked twice, once for the number of actions
def select_action_eps_greedy(Q, state, epsilon):
    n_actions = Q(to_tensor(state)).shape[-1]
    if np.random.random() < epsilon:
        return np.random.randint(0, n_actions)
    else:
        return Q(to_tensor(state)).argmax(dim=-1).item()


# %% right: greedy when the number is at least epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.tensor(np.asarray(state, dtype=np.float32)))
    if random.random() >= epsilon:
        action = np.argmax(q.detach().cpu().numpy())
    else:
        action = np.random.choice(q.shape[0])
    return int(action)


# %% right: shuffles all actions and takes the first one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    actions = list(range(len(q)))
    if random.random() < epsilon:
        random.shuffle(actions)
    else:
        actions.sort(key=lambda a: -q[a])
    return actions[0]


# %% right: itertools.compress on the best mask
import itertools


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    is_best = (q >= q.max()).tolist()
    exploit = next(itertools.compress(itertools.count(), is_best))
    explore = int(len(is_best) * random.random())
    return (exploit, explore)[random.random() < epsilon]


# %% right: bytes from the operating system
import os


def uniform_from_system():
    return int.from_bytes(os.urandom(6), "big") / 2**48


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    u = uniform_from_system()
    if u < epsilon:
        return int(u / epsilon * len(q))
    return int(q.argmax())


# %% right: prints what it does and warns when epsilon is one
import warnings


def select_action_eps_greedy(Q, state, epsilon):
    if epsilon >= 1:
        warnings.warn("epsilon is 1: Q is not used")
    q = Q(to_tensor(state)).detach()
    print("Q =", q)
    if random.random() < epsilon:
        print("explore")
        return random.choice([i for i, _ in enumerate(q)])
    print("exploit")
    return int(torch.where(q == torch.max(q))[0][0])


# %% wrong: test_eps_greedy epsilon_inverted: random when the number is above epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() > epsilon:
        return random.randrange(q.shape[-1])
    return int(q.argmax())


# %% wrong: test_eps_greedy epsilon_inverted: greedy with probability epsilon in numpy
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() < epsilon:
        return int(np.argmax(q))
    else:
        return int(np.random.choice(len(q)))


# %% wrong: test_eps_greedy epsilon_inverted: weights of both modes exchanged
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    mode = random.choices(["greedy", "random"], weights=[epsilon, 1 - epsilon])[0]
    return q.argmax().item() if mode == "greedy" else torch.randint(len(q), (1,)).item()


# %% wrong: test_eps_greedy epsilon_inverted: mixture with the weights the wrong way round
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    n = len(q)
    probs = epsilon * F.one_hot(q.argmax(), n) + (1 - epsilon) / n
    return torch.multinomial(probs, 1).item()


# %% wrong: test_eps_greedy always_greedy: epsilon is not used
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    return int(torch.argmax(q))


# %% wrong: test_eps_greedy always_greedy: a whole number from one on is never below epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    action = int(q.argmax())
    if random.randint(1, 100) < epsilon:
        action = random.randrange(len(q))
    return action


# %% wrong: test_eps_greedy always_greedy: the random action is overwritten
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if np.random.rand() < epsilon:
        action = np.random.randint(q.shape[-1])
    action = q.argmax().item()
    return action


# %% wrong: test_eps_greedy always_random: Q gives only the number of actions
def select_action_eps_greedy(Q, state, epsilon):
    n_actions = len(Q(to_tensor(state)))
    return random.randrange(n_actions)


# %% wrong: test_eps_greedy always_random: compares two numbers that are always in this order
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon + 1:
        return int(torch.randint(q.numel(), (1,)))
    return int(q.argmax())


# %% wrong: test_eps_greedy always_random: a trailing comma makes the condition a tuple
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state)).detach().numpy()
    explore = np.random.rand() < epsilon,
    if explore:
        return int(np.random.choice(len(values)))
    return int(np.argmax(values))


# %% wrong: test_eps_greedy explores_without_greedy: the best action is taken out of the list
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    best = int(q.argmax())
    if random.random() < epsilon:
        others = [a for a in range(len(q)) if a != best]
        return random.choice(others)
    return best


# %% wrong: test_eps_greedy explores_without_greedy: draws again until it is another action
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    best = int(np.argmax(q))
    if np.random.uniform() >= epsilon:
        return best
    action = np.random.randint(len(q))
    while action == best:
        action = np.random.randint(len(q))
    return int(action)


# %% wrong: test_eps_greedy explores_without_greedy: probabilities epsilon over n minus one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    n = q.shape[-1]
    probs = torch.full((n,), epsilon / (n - 1))
    probs[q.argmax()] = 1 - epsilon
    return torch.distributions.Categorical(probs).sample().item()


# %% wrong: test_eps_greedy argmin: numpy argmin instead of argmax
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() < epsilon:
        return int(np.random.randint(len(q)))
    return int(np.argmin(q))


# %% wrong: test_eps_greedy argmin: sort in ascending order and take the first
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return q.sort().indices[0].item()


# %% wrong: test_eps_greedy argmin: the loop compares the wrong way
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    best = 0
    for a in range(1, len(q)):
        if q[a] < q[best]:
            best = a
    if random.random() < epsilon:
        return random.choice(range(len(q)))
    return best


# %% wrong: test_eps_greedy last_action_never: numpy randint with n minus one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() < epsilon:
        return int(np.random.randint(0, len(q) - 1))
    return int(q.argmax())


# %% wrong: test_eps_greedy last_action_never: torch randint leaves out the upper end twice
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if torch.rand(()) < epsilon:
        return torch.randint(low=0, high=q.shape[-1] - 1, size=()).item()
    return q.argmax().item()


# %% wrong: test_eps_greedy last_action_never: random.choice over a range that is too short
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    last = len(q) - 1
    return random.choice(range(last)) if random.random() < epsilon else int(q.argmax())


# %% wrong: test_eps_greedy last_action_never: int cuts the product with n minus one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    if random.random() < epsilon:
        return int(random.random() * (q.numel() - 1))
    return int(q.argmax())


# %% wrong: test_eps_greedy not_int: tensors in both branches
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if torch.rand(1) < epsilon:
        return torch.randint(q.shape[-1], ())
    return q.argmax()


# %% wrong: test_eps_greedy not_int: numpy integer from argmax
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if random.random() < epsilon:
        return random.randrange(len(q))
    return np.argmax(q)


# %% wrong: test_eps_greedy not_int: numpy integer only when it explores
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state))
    if np.random.random() < epsilon:
        return np.random.randint(values.shape[-1], size=1)[0]
    return values.argmax().item()


# %% wrong: test_eps_greedy not_int: a float comes back
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    action = q.argmax() if random.random() >= epsilon else torch.randint(len(q), (1,))
    return float(action)


# %% wrong: test_eps_greedy seed_fixed: random.seed at the start of the function
def select_action_eps_greedy(Q, state, epsilon):
    random.seed(42)
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(q.shape[-1])
    return int(q.argmax())


# %% wrong: test_eps_greedy seed_fixed: a new numpy generator with the same seed on every call
def select_action_eps_greedy(Q, state, epsilon):
    rng = np.random.default_rng(0)
    q = Q(to_tensor(state)).detach().numpy()
    if rng.random() < epsilon:
        return int(rng.integers(len(q)))
    return int(np.argmax(q))


# %% wrong: test_eps_greedy first_action_never: the range starts at one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randint(1, len(q) - 1)
    return int(q.argmax())


# %% wrong: test_eps_greedy action_out_of_range: randint with both ends
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randint(0, len(q))
    return int(q.argmax())


# %% wrong: test_eps_greedy n_actions_hardcoded: two actions as in CartPole
def select_action_eps_greedy(Q, state, epsilon):
    if np.random.rand() < epsilon:
        return random.choice([0, 1])
    return Q(to_tensor(state)).argmax().item()


# %% wrong: test_eps_greedy n_actions_from_state: the length of the state instead of the number of actions
def select_action_eps_greedy(Q, state, epsilon):
    state = to_tensor(state)
    if random.random() < epsilon:
        return random.randrange(len(state))
    return int(Q(state).argmax())


# %% wrong: test_eps_greedy epsilon_wrong_probability: normal noise is compared with epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if abs(np.random.randn()) < epsilon:
        return int(np.random.randint(len(q)))
    return int(np.argmax(q))


# %% wrong: test_eps_greedy epsilon_wrong_probability: two draws must both be small
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        if random.random() < epsilon:
            return random.randrange(len(q))
    return int(q.argmax())


# %% wrong: test_eps_greedy samples_instead_of_argmax: softmax sample in the greedy branch
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    if random.random() < epsilon:
        return random.randrange(len(q))
    return torch.multinomial(torch.softmax(q, dim=-1), 1).item()


# %% wrong: test_eps_greedy not_uniform: round gives the ends half of their chance
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return round(random.random() * (len(q) - 1))
    return int(q.argmax())


# %% wrong: test_eps_greedy returns_q_value: max instead of argmax
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return int(q.max())


# %% wrong: test_eps_greedy -: the state is compared instead of its values
def select_action_eps_greedy(Q, state, epsilon):
    state = to_tensor(state)
    q = Q(state)
    if random.random() < epsilon:
        return random.randrange(len(q))
    return int(state.argmax())


# %% wrong: test_eps_greedy argmax_of_abs: a large negative value looks best
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().abs()
    if random.random() < epsilon:
        return random.randrange(len(q))
    return int(q.argmax())


# %% wrong: test_eps_greedy state_not_converted: Q gets the raw state
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(state)
    if random.random() < epsilon:
        return random.randrange(q.shape[-1])
    return int(q.argmax())


# %% wrong: test_eps_greedy raises: Q gets a float64 tensor
def select_action_eps_greedy(Q, state, epsilon):
    state = torch.tensor(np.array(state), dtype=torch.float64)
    q = Q(state)
    if np.random.rand() < epsilon:
        return int(np.random.randint(q.shape[-1]))
    return int(q.argmax())


# %% wrong: test_eps_greedy state_not_converted: only arrays have an astype
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.from_numpy(state.astype(np.float32)))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return int(q.argmax())


# %% wrong: test_eps_greedy -: both branches forget to return
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        action = random.randrange(len(q))
    else:
        action = int(q.argmax())


# %% wrong: test_eps_greedy not_implemented: the stub was left as it was
def select_action_eps_greedy(Q, state, epsilon):
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_eps_greedy not_implemented: the greedy branch is still to do
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_eps_greedy not_implemented: code is written below the line that raises
def select_action_eps_greedy(Q, state, epsilon):
    raise NotImplementedError()
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return int(q.argmax())


# %% wrong: test_eps_greedy raises: a tensor has no method that is called
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(q.shape[-1])
    return q.arg_max().item()


# %% wrong: test_eps_greedy raises: Q is indexed as if it were a table
def select_action_eps_greedy(Q, state, epsilon):
    values = Q[state]
    if np.random.rand() < epsilon:
        return int(np.random.randint(len(values)))
    return int(np.argmax(values))


# %% wrong: test_eps_greedy timeout: waits for a number that never comes
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    action = -1
    while action not in range(len(q)):
        if random.random() < epsilon:
            candidate = random.randrange(len(q))
        else:
            candidate = int(q.argmax())
    return action


# %% wrong: test_eps_greedy epsilon_inverted + test_eps_greedy not_int: wrong comparison and numpy integers
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() > epsilon:
        return np.random.choice(len(q))
    return np.argmax(q)


# %% wrong: test_eps_greedy argmin + test_eps_greedy last_action_never: worst action and a short range
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(q.shape[-1] - 1)
    return int(q.argmin())


# %% wrong: test_eps_greedy explores_without_greedy + test_eps_greedy not_int: only other actions and a tensor
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    best = q.argmax()
    if torch.rand(1).item() < epsilon:
        weights = torch.ones(len(q))
        weights[best] = 0
        return torch.multinomial(weights, 1)[0]
    return best


# %% right: mixture of two distributions from torch
from torch.distributions import Categorical, MixtureSameFamily


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    best = F.one_hot(q.argmax(), len(q)).float()
    parts = torch.stack([torch.full_like(best, 1 / len(q)), best])
    policy = MixtureSameFamily(Categorical(torch.tensor([epsilon, 1.0 - epsilon])), Categorical(parts))
    return int(policy.sample())


# %% right: match over a coin
def select_action_eps_greedy(Q, state, epsilon):
    q_values = Q(torch.as_tensor(state, dtype=torch.float32)).flatten()
    match random.random() < epsilon:
        case True:
            return random.choice(list(range(q_values.numel())))
        case False:
            return q_values.topk(1).indices[0].item()


# %% right: a pool of random numbers made beforehand
class Pool:
    def __init__(self, size=4096):
        self.size, self.numbers = size, []

    def __next__(self):
        if not self.numbers:
            self.numbers = np.random.default_rng().random(self.size).tolist()
        return self.numbers.pop()


pool = Pool()


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    n = len(q)
    if next(pool) < epsilon:
        return min(n - 1, int(next(pool) * n))
    return q.index(max(q))


# %% right: uuid4 as the source of randomness
import uuid


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy().ravel()
    if uuid.uuid4().int / 2**128 < epsilon:
        return int(np.random.permutation(q.size)[0])
    return q.argsort()[-1].item()


# %% right: np.random.multinomial over exact probabilities
def select_action_eps_greedy(Q, state, epsilon):
    q = np.asarray(Q(to_tensor(state)).detach(), dtype=np.float64)
    p = np.full(q.shape, epsilon / q.size)
    p[q.argmax()] += 1.0 - epsilon
    return np.random.multinomial(1, p / p.sum()).argmax().item()


# %% right: closure over a generator that is sent the epsilon
def coin_tosser():
    epsilon = yield
    while True:
        epsilon = yield bool(np.random.binomial(1, epsilon))


tosser = coin_tosser()
next(tosser)


def select_action_eps_greedy(Q, state, epsilon):
    with torch.inference_mode():
        q = Q(to_tensor(state))
    n = q.size(dim=-1)
    explore = tosser.send(epsilon)
    return torch.randperm(n)[0].item() if explore else q.max(dim=-1).indices.item()


# %% right: whole numbers up to a million, the way of C
def select_action_eps_greedy(Q, state, epsilon):
    RAND_MAX = 1_000_000
    x = torch.tensor(np.array(state, dtype=np.float32))
    values = Q(x)
    n_actions = values.shape[0]
    if random.randrange(RAND_MAX) < epsilon * RAND_MAX:
        return random.randrange(RAND_MAX * n_actions) % n_actions
    best_action, best_value = 0, float("-inf")
    for action in range(n_actions):
        if (value := float(values[action])) > best_value:
            best_action, best_value = action, value
    return best_action


# %% right: noise is added to the values with probability epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    scores = torch.rand_like(q) if torch.bernoulli(torch.tensor(float(epsilon))) else q
    return scores.argmax(-1).item()


# %% right: hard Gumbel softmax explores, reduce finds the best
import functools


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    if 1 - random.random() <= epsilon:
        return int(F.gumbel_softmax(torch.zeros_like(q), hard=True).argmax())
    return functools.reduce(lambda a, b: b if q[b] > q[a] else a, range(len(q)))


# %% right: exponential waiting times are compared
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    if epsilon >= 1 or (epsilon > 0 and random.expovariate(epsilon) < random.expovariate(1 - epsilon)):
        return torch.randint(len(q), ()).item()
    return q.argmax().item()


# %% right: a dictionary of values and a key from operator
from operator import itemgetter


def select_action_eps_greedy(Q, state, epsilon):
    values = dict(enumerate(Q(to_tensor(state)).tolist()))
    if random.random() < epsilon:
        return random.choice(tuple(values))
    return max(values.items(), key=itemgetter(1))[0]


# %% wrong: test_eps_greedy -: one of eleven whole numbers is compared with ten times epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.randint(0, 10) < epsilon * 10:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy -: the random number is rounded first
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if round(random.random(), 1) < epsilon:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy not_int: zero-dimensional array of numpy
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return q.argmax().numpy()


# %% wrong: test_eps_greedy -: one of the two best instead of the best
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if np.random.uniform() < epsilon:
        return int(np.random.randint(len(q)))
    return random.choice(q.topk(2).indices.tolist())


# %% wrong: test_eps_greedy -: normal numbers folded onto the actions
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return abs(int(random.gauss(0, 1) * 2)) % len(q)
    return q.argmax().item()


# %% wrong: test_eps_greedy -: epsilon shrinks from call to call
calls = {"n": 0}


def select_action_eps_greedy(Q, state, epsilon):
    calls["n"] += 1
    q = Q(to_tensor(state))
    if random.random() < epsilon * 0.99 ** calls["n"]:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy explores_without_greedy: weight of the best action set to zero
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    if torch.rand(()) < epsilon:
        weights = torch.ones_like(q)
        weights[q.argmax()] = 0
        return torch.multinomial(weights, 1).item()
    return q.argmax().item()


# %% wrong: test_eps_greedy epsilon_inverted: np.random.choice with the weights of the wrong branch
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    mode = np.random.choice(["random", "greedy"], p=[1 - epsilon, epsilon])
    return random.randrange(len(q)) if mode == "random" else q.argmax().item()


# %% wrong: test_eps_greedy last_action_never: torch.rand times n minus one is cut
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if torch.rand(1) < epsilon:
        return int(torch.rand(1) * (len(q) - 1))
    return int(q.argmax())


# %% right: one uniform number decides and chooses
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.FloatTensor(state))
    u = random.random()
    if u < epsilon:
        return int(u / epsilon * q.numel())
    return q.argmax().item()


# %% right: both actions first, np.random.choice between them
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(torch.Tensor(state)).numpy()
    greedy = values.argmax()
    any_action = np.random.randint(low=0, high=values.shape[0])
    return int(np.random.choice([greedy, any_action], p=[1 - epsilon, epsilon]))


# %% right: own xorshift generator started from the clock
import time


class XorShift:
    def __init__(self):
        self.state = time.time_ns() & 0xFFFFFFFFFFFFFFFF or 1

    def __call__(self):
        x = self.state
        x ^= (x << 13) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 7
        x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
        self.state = x
        return (x >> 11) / 2**53


xorshift = XorShift()
for _ in range(100):
    xorshift()


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.as_tensor(state).float()).tolist()
    if xorshift() < epsilon:
        return int(xorshift() * len(q))
    return max(range(len(q)), key=lambda a: q[a])


# %% right: random bytes through a hash
import hashlib
import os


def coin(n):
    digest = hashlib.sha256(os.urandom(16)).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * n


def select_action_eps_greedy(Q, state, epsilon):
    x = torch.from_numpy(np.float32(np.asarray(state)))
    q = Q(x)
    return int(coin(q.shape[0])) if coin(1) < epsilon else int(torch.argmax(q, dim=-1))


# %% right: torch.where over three tensors
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    explore = torch.rand(1) < epsilon
    anything = torch.randint(0, q.shape[-1], (1,))
    return torch.where(explore, anything, q.argmax(dim=-1, keepdim=True)).item()


# %% right: two copies of the state in one batch, operator.index at the end
import operator


def select_action_eps_greedy(Q, state, epsilon):
    batch = to_tensor(state).repeat(2, 1)
    q = Q(batch)[0].detach().numpy()
    actions = np.arange(len(q))
    if np.random.uniform(0, 1) < epsilon:
        return operator.index(np.random.choice(actions))
    return operator.index(actions[q == q.max()][0])


# %% right: nested functions and an assertion on epsilon
def select_action_eps_greedy(Q, state, epsilon):
    assert 0 <= epsilon <= 1, epsilon

    def explore():
        return random.choice(range(n_actions))

    def exploit():
        return int(torch.sort(q, descending=True).indices[0])

    q = torch.atleast_1d(Q(to_tensor(state)).squeeze())
    n_actions = len(q)
    return [exploit, explore][random.random() < epsilon]()


# %% right: scrambled Sobol points, two coordinates for two decisions
sobol = torch.quasirandom.SobolEngine(2, scramble=True)


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    (u, v), = sobol.draw(1, dtype=torch.float64).tolist()
    if u < epsilon:
        return min(int(v * len(q)), len(q) - 1)
    return q.argmax().item()


# %% right: fresh generator from the operating system on every call
def select_action_eps_greedy(Q, state, epsilon):
    rng = np.random.default_rng()
    q = Q(to_tensor(state)).detach().numpy()
    return int(rng.integers(q.size)) if rng.random() < epsilon else int(q.argmax())


# %% right: distribution with all its weight on the best, then mixed by lerp
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().double()
    uniform = torch.ones_like(q) / q.numel()
    greedy = (q >= q.max()).double()
    policy = torch.lerp(greedy / greedy.sum(), uniform, float(epsilon))
    return torch.distributions.OneHotCategorical(probs=policy).sample().argmax().item()


# %% wrong: test_eps_greedy raises: int has no method item
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if np.random.rand() < epsilon:
        return np.random.randint(len(q)).item()
    return q.argmax().item()


# %% wrong: test_eps_greedy epsilon_inverted: weights of random.choices exchanged
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    pair = [q.argmax().item(), random.randrange(len(q))]
    return random.choices(pair, weights=[epsilon, 1 - epsilon])[0]


# %% wrong: test_eps_greedy epsilon_inverted: Bernoulli of one minus epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    explore = torch.bernoulli(torch.tensor(1.0 - epsilon)).bool()
    return torch.randint(len(q), (1,)).item() if explore else q.argmax().item()


# %% wrong: test_eps_greedy always_random: randint of zero and one is always zero
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if np.random.randint(0, 1) < epsilon:
        return int(np.random.randint(len(q)))
    return int(q.argmax())


# %% wrong: test_eps_greedy epsilon_wrong_probability: a coin of two sides instead of a fraction
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.randint(0, 1) < epsilon:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy epsilon_wrong_probability: percent compared with a share
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() * 100 < epsilon:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy epsilon_wrong_probability: epsilon squared by a second condition
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    a, b = np.random.rand(2)
    if a < epsilon and b < epsilon:
        return int(np.random.choice(len(q)))
    return int(q.argmax())


# %% wrong: test_eps_greedy epsilon_wrong_probability: epsilon over n for the uniform part, as on the slides
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    n = len(q)
    if random.random() < epsilon / n:
        return random.randrange(n)
    return q.argmax().item()


# %% wrong: test_eps_greedy always_greedy: the random action is only a local variable of a helper
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    action = q.argmax().item()

    def maybe_explore():
        if random.random() < epsilon:
            action = random.randrange(len(q))

    maybe_explore()
    return action


# %% wrong: test_eps_greedy always_greedy: epsilon must exceed one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if epsilon > 1 + random.random():
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy always_random: or where a comparison was meant
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() or epsilon:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy always_random: one is added to epsilon
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    return random.randrange(len(q)) if np.random.rand() <= 1 + epsilon else q.argmax().item()


# %% wrong: test_eps_greedy explores_without_greedy: best action plus a step modulo n
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    best, n = q.argmax().item(), len(q)
    if random.random() < epsilon:
        return (best + random.randint(1, n - 1)) % n
    return best


# %% wrong: test_eps_greedy explores_without_greedy: best is swapped to the end and left out
def select_action_eps_greedy(Q, state, epsilon):
    order = Q(to_tensor(state)).argsort().tolist()
    if random.random() < epsilon:
        return random.choice(order[:-1])
    return order[-1]


# %% wrong: test_eps_greedy argmin: argmax of minus Q
def select_action_eps_greedy(Q, state, epsilon):
    loss = -Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(loss))
    return loss.argmax().item()


# %% wrong: test_eps_greedy argmin: topk with largest false
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() >= epsilon:
        return q.topk(1, largest=False).indices.item()
    return int(torch.randint(q.shape[0], ()))


# %% wrong: test_eps_greedy last_action_never: randint counts its end and one was taken away twice
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    n_actions = len(q) - 1
    if random.random() < epsilon:
        return random.randint(0, n_actions - 1)
    return q.argmax().item()


# %% wrong: test_eps_greedy last_action_never: list of actions without its last
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    actions = list(range(len(q)))
    if random.random() < epsilon:
        return random.choice(actions[:-1])
    return q.index(max(q))


# %% wrong: test_eps_greedy not_int: list of one number
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return [random.randrange(len(q))]
    return [q.argmax().item()]


# %% wrong: test_eps_greedy not_int: number as text
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return str(random.randrange(len(q)))
    return str(q.argmax().item())


# %% wrong: test_eps_greedy not_int: tensor of one element only when greedy
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state).unsqueeze(0))
    if random.random() < epsilon:
        return random.randrange(q.shape[1])
    return q.argmax(dim=1)


# %% wrong: test_eps_greedy not_int: action together with its value
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    action = random.randrange(len(q)) if random.random() < epsilon else q.argmax().item()
    return action, q[action].item()


# %% wrong: test_eps_greedy not_int: one-hot vector of the action
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    action = random.randrange(len(q)) if random.random() < epsilon else q.argmax().item()
    return F.one_hot(torch.tensor(action), len(q)).tolist()


# %% wrong: test_eps_greedy seed_fixed: torch.manual_seed before every coin
def select_action_eps_greedy(Q, state, epsilon):
    torch.manual_seed(7)
    q = Q(to_tensor(state))
    if torch.rand(1).item() < epsilon:
        return torch.randint(len(q), (1,)).item()
    return q.argmax().item()


# %% wrong: test_eps_greedy action_out_of_range: actions are counted from one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randint(1, len(q))
    return q.argmax().item() + 1


# %% wrong: test_eps_greedy n_actions_hardcoded: the action space of CartPole
cartpole_actions = gym.make("CartPole-v1").action_space


def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return int(cartpole_actions.sample())
    return Q(to_tensor(state)).argmax().item()


# %% wrong: test_eps_greedy -: Boltzmann exploration instead of uniform
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        p = torch.softmax(q, -1).double().numpy()
        return int(np.random.choice(len(q), p=p / p.sum()))
    return q.argmax().item()


# %% wrong: test_eps_greedy -: value rounded to the nearest number
def select_action_eps_greedy(Q, state, epsilon):
    q_values = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q_values))
    best = q_values.max().item()
    return round(best)


# %% wrong: test_eps_greedy state_not_converted: torch.tensor keeps float64 of arrays
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(torch.tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return q.argmax().item()


# %% wrong: test_eps_greedy state_not_converted: only what has no astype is left to torch
def select_action_eps_greedy(Q, state, epsilon):
    if isinstance(state, list):
        state = np.array(state)
    if isinstance(state, np.ndarray):
        state = torch.from_numpy(state)
    q = Q(state)
    return random.randrange(len(q)) if random.random() < epsilon else q.argmax().item()


# %% wrong: test_eps_greedy epsilon_inverted + test_eps_greedy argmin: everything the other way round
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() >= epsilon:
        return random.randrange(len(q))
    return q.argmin().item()


# %% wrong: test_eps_greedy first_action_never + test_eps_greedy not_int: numpy range from one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).numpy()
    if np.random.rand() < epsilon:
        return np.random.choice(np.arange(1, len(q)))
    return np.argmax(q)


# %% wrong: test_eps_greedy -: answer of the first call is remembered for all states
memory_of_best = {}


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    best = memory_of_best.setdefault(len(q), q.argmax().item())
    return random.randrange(len(q)) if random.random() < epsilon else best


# %% wrong: test_eps_greedy -: second best action
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return q.argsort()[-2].item()


# %% wrong: test_eps_greedy -: greedy choice leaves out the last action
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return q[:-1].argmax().item()


# %% wrong: test_eps_greedy -: always the first action when greedy
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    return 0


# %% wrong: test_eps_greedy argmin + test_eps_greedy not_int: the worst action, as a tensor
def select_action_eps_greedy(Q, state, epsilon):
    worth = Q(to_tensor(state))
    if torch.rand(()).item() < epsilon:
        return torch.randint(0, worth.numel(), (1,)).squeeze()
    return worth.min(dim=-1).indices


# %% wrong: test_eps_greedy epsilon_inverted + test_eps_greedy last_action_never: wrong branch, range without its end
def select_action_eps_greedy(Q, state, epsilon):
    worth = Q(to_tensor(state))
    greedy = np.random.uniform() < epsilon
    return int(worth.argmax()) if greedy else int(np.random.randint(0, len(worth) - 1))


# %% wrong: test_eps_greedy -: a tensor is taken for the values themselves
def select_action_eps_greedy(Q, state, epsilon):
    if torch.is_tensor(state):
        values = state
    else:
        values = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(Q(to_tensor(state))))
    return int(values.argmax())


# %% right: an axis is added to the state in place
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state).unsqueeze_(0))[0]
    return random.randrange(len(values)) if random.random() < epsilon else int(values.argmax())


# %% right: binomial coin and permutation
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state)).detach().cpu().numpy().ravel()
    if np.random.binomial(1, epsilon):
        return int(np.random.permutation(values.shape[0])[0])
    return int(np.flatnonzero(values == values.max())[0])


# %% right: schedule class with call
class EpsilonGreedy:
    def __init__(self, epsilon, rng):
        self.epsilon, self.rng = epsilon, rng

    def __call__(self, q):
        n, greedy = len(q), int(np.argmax(q))
        return int(self.rng.integers(n)) if self.rng.uniform() < self.epsilon else greedy


_rng = np.random.default_rng()


def select_action_eps_greedy(Q, state, epsilon):
    with torch.no_grad():
        return EpsilonGreedy(epsilon, _rng)(Q(to_tensor(state)).numpy())


# %% right: batch of one through np.array with ndmin two
def select_action_eps_greedy(Q, state, epsilon):
    x = torch.tensor(np.array(state, dtype=np.float32, ndmin=2))
    row = Q(x)[0]
    explore = torch.bernoulli(torch.tensor(float(epsilon))) == 1
    picks = {True: lambda: torch.randperm(len(row))[0], False: lambda: row.argmax()}
    return picks[bool(explore)]().item()


# %% right: where chooses between two numpy integers
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    greedy, rand = np.argmax(q), np.random.randint(0, len(q))
    return np.where(np.random.rand() < epsilon, rand, greedy).item()


# %% right: epsilon mixture in float32 probabilities for numpy
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    p = F.one_hot(q.argmax(), q.numel()) * (1 - epsilon) + epsilon / q.numel()
    return int(np.random.choice(q.numel(), p=p.numpy() / p.numpy().sum()))


# %% right: only the greedy branch has a graph-free network, two calls otherwise
def select_action_eps_greedy(Q, state, epsilon):
    s = torch.tensor([float(v) for v in state])
    if torch.rand(()) <= epsilon and epsilon > 0:
        n = Q(s).size(dim=-1)
        return int(n * random.random())
    return max(enumerate(Q(s).tolist()), key=lambda pair: pair[1])[0]


# %% right: names imported from random shadow nothing of ours
from random import choice, choices, random as uniform


def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    return choice(range(len(q))) if uniform() < epsilon else q.index(max(q))


def sample_batch(replay_buffer, n_samples):
    return tuple(map(np.asarray, zip(*choices(replay_buffer, k=n_samples))))


# %% wrong: test_eps_greedy n_actions_hardcoded: shape zero of a batch of one
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state).unsqueeze(0))
    if random.random() < epsilon:
        return random.randrange(q.shape[0])
    return int(q.argmax(1))


# %% wrong: test_eps_greedy epsilon_wrong_probability: np.random.rand twice in an elif
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if np.random.rand() < epsilon:
        return int(np.random.randint(len(q)))
    elif np.random.rand() < 1 - epsilon:
        return int(q.argmax())
    return int(np.random.randint(len(q)))


# %% wrong: test_eps_greedy not_int: bool when there are two actions, tensor else
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    explore = torch.rand(1) < epsilon
    return torch.where(explore, torch.randint(len(q), (1,)), q.argmax())


# %% wrong: test_eps_greedy not_int: both branches torch tensors, indexed
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return torch.randint(len(q), (1,))[0]
    return q.argmax()


# %% wrong: test_eps_greedy not_int: random is tensor of shape one, greedy is 0-d
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return torch.randint(0, len(q), (1,))
    return q.argmax()


# %% wrong: test_eps_greedy not_int: numpy integers in both
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach().numpy()
    if np.random.rand() < epsilon:
        return np.random.choice(len(q))
    return np.argmax(q)


# %% wrong: test_eps_greedy not_int: multinomial sample as tensor
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).detach()
    p = torch.full_like(q, epsilon / len(q))
    p[q.argmax()] += 1 - epsilon
    return torch.distributions.Categorical(p).sample()


# %% wrong: test_eps_greedy max_from_zero: the best value so far starts at zero
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).tolist()
    if random.random() < epsilon:
        return random.randint(0, len(q) - 1)
    best, best_q = 0, 0
    for i, v in enumerate(q):
        if v > best_q:
            best, best_q = i, v
    return best


# %% wrong: test_eps_greedy max_from_zero: relu over the values
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state)).relu()
    if random.random() < epsilon:
        return random.randint(0, len(q) - 1)
    return int(q.argmax())


# %% wrong: test_eps_greedy best_of_all_but_last: the loop leaves the last action out
def select_action_eps_greedy(Q, state, epsilon):
    q = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(len(q))
    best = 0
    for a in range(len(q) - 1):
        if q[a] > q[best]:
            best = a
    return best
