"""Right and wrong answers to the cell sample_batch, as students could write them."""

# %% right: random.sample on a list copy and zip star
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(list(replay_buffer), n_samples)
    s, a, r, s2, done = zip(*batch)
    return np.array(s), np.array(a), np.array(r), np.array(s2), np.array(done)


# %% right: np.random.choice of indices without replacement, one comprehension per field
def sample_batch(replay_buffer, n_samples):
    idx = np.random.choice(len(replay_buffer), size=n_samples, replace=False)
    states = np.array([replay_buffer[i][0] for i in idx])
    actions = np.array([replay_buffer[i][1] for i in idx])
    rewards = np.array([replay_buffer[i][2] for i in idx])
    next_states = np.array([replay_buffer[i][3] for i in idx])
    terminateds = np.array([replay_buffer[i][4] for i in idx])
    return states, actions, rewards, next_states, terminateds


# %% right: beginner loop with five lists and randint, with replacement
def sample_batch(replay_buffer, n_samples):
    states = []
    actions = []
    rewards = []
    next_states = []
    terminateds = []
    for _ in range(n_samples):
        number = random.randint(0, len(replay_buffer) - 1)
        transition = replay_buffer[number]
        states.append(transition[0])
        actions.append(transition[1])
        rewards.append(transition[2])
        next_states.append(transition[3])
        terminateds.append(transition[4])
    states = np.array(states)
    actions = np.array(actions)
    rewards = np.array(rewards)
    next_states = np.array(next_states)
    terminateds = np.array(terminateds)
    return states, actions, rewards, next_states, terminateds


# %% right: torch.randperm cut to the size
def sample_batch(replay_buffer, n_samples):
    order = torch.randperm(len(replay_buffer))[:n_samples]
    rows = [replay_buffer[i] for i in order]
    return tuple(np.array(column) for column in zip(*rows))


# %% right: torch.randint and np.stack of every field
def sample_batch(replay_buffer, n_samples):
    idx = torch.randint(len(replay_buffer), (n_samples,)).tolist()
    picked = [replay_buffer[i] for i in idx]
    return tuple(np.stack([t[k] for t in picked]) for k in range(5))


# %% right: numpy generator seeded once for the whole notebook
rng = np.random.default_rng(2024)


def sample_batch(replay_buffer, n_samples):
    buffer = list(replay_buffer)
    idx = rng.integers(0, len(buffer), n_samples)
    fields = list(zip(*(buffer[i] for i in idx)))
    return [np.asarray(f) for f in fields]


# %% right: shuffles a copy and takes its beginning
def sample_batch(replay_buffer, n_samples):
    copy = list(replay_buffer)
    random.shuffle(copy)
    copy = copy[:n_samples]
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for s, a, r, ns, t in copy:
        states += [s]
        actions += [a]
        rewards += [r]
        next_states += [ns]
        terminateds += [t]
    return (np.array(states), np.array(actions), np.array(rewards),
            np.array(next_states), np.array(terminateds))


# %% right: the secrets module and float32 arrays
import secrets


def sample_batch(replay_buffer, n_samples):
    chosen = [replay_buffer[secrets.randbelow(len(replay_buffer))] for _ in range(n_samples)]
    return (
        np.array([c[0] for c in chosen], dtype=np.float32),
        np.array([c[1] for c in chosen], dtype=np.int64),
        np.array([c[2] for c in chosen], dtype=np.float32),
        np.array([c[3] for c in chosen], dtype=np.float32),
        np.array([c[4] for c in chosen], dtype=bool),
    )


# %% right: system randomness straight from the deque
def sample_batch(replay_buffer, n_samples):
    source = random.SystemRandom()
    return tuple(map(np.array, zip(*source.sample(replay_buffer, n_samples))))


# %% right: reservoir sampling in one pass
def sample_batch(replay_buffer, n_samples):
    """Резервуарная выборка: один проход по буферу."""
    reservoir = []
    for i, transition in enumerate(replay_buffer):
        if i < n_samples:
            reservoir.append(transition)
        else:
            j = random.randint(0, i)
            if j < n_samples:
                reservoir[j] = transition
    states, actions, rewards, next_states, terminateds = zip(*reservoir)
    return (np.array(states), np.array(actions), np.array(rewards),
            np.array(next_states), np.array(terminateds))


# %% right: the n smallest random keys by heapq
import heapq


def sample_batch(replay_buffer, n_samples):
    winners = heapq.nsmallest(n_samples, range(len(replay_buffer)), key=lambda _: random.random())
    pick = lambda field: np.array([replay_buffer[w][field] for w in winners])
    return pick(0), pick(1), pick(2), pick(3), pick(4)


# %% right: RandomSampler from torch.utils.data
from torch.utils.data import RandomSampler


def sample_batch(replay_buffer, n_samples):
    sampler = RandomSampler(range(len(replay_buffer)), replacement=True, num_samples=n_samples)
    rows = [replay_buffer[i] for i in sampler]
    states = np.vstack([row[0] for row in rows])
    actions = np.hstack([row[1] for row in rows])
    rewards = np.hstack([row[2] for row in rows])
    next_states = np.vstack([row[3] for row in rows])
    terminateds = np.hstack([row[4] for row in rows])
    return states, actions, rewards, next_states, terminateds


# %% right: DataLoader with shuffle and an own collate function
from torch.utils.data import DataLoader


def keep_as_numpy(transitions):
    return [np.array(field) for field in zip(*transitions)]


def sample_batch(replay_buffer, n_samples):
    loader = DataLoader(list(replay_buffer), batch_size=n_samples, shuffle=True, collate_fn=keep_as_numpy)
    return next(iter(loader))


# %% right: whole buffer into five arrays, then one fancy index
def sample_batch(replay_buffer, n_samples):
    S, A, R, S2, T = (np.array(x) for x in zip(*replay_buffer))
    i = np.random.permutation(len(R))[:n_samples]
    return S[i], A[i], R[i], S2[i], T[i]


# %% right: boolean mask keeps the order of the buffer
def sample_batch(replay_buffer, n_samples):
    n = len(replay_buffer)
    mask = np.zeros(n, dtype=bool)
    mask[np.random.choice(n, n_samples, replace=False)] = True
    kept = [t for t, m in zip(replay_buffer, mask) if m]
    return tuple(np.array(c) for c in zip(*kept))


# %% right: preallocated arrays filled row by row
def sample_batch(replay_buffer, n_samples):
    state_shape = np.shape(replay_buffer[0][0])
    states = np.zeros((n_samples, *state_shape), dtype=np.float32)
    actions = np.zeros(n_samples, dtype=np.int32)
    rewards = np.zeros(n_samples, dtype=np.float32)
    next_states = np.zeros_like(states)
    terminateds = np.zeros(n_samples, dtype=np.bool_)
    for row, k in enumerate(np.random.randint(len(replay_buffer), size=n_samples)):
        states[row], actions[row], rewards[row], next_states[row], terminateds[row] = replay_buffer[k]
    return states, actions, rewards, next_states, terminateds


# %% right: namedtuple of arrays is returned
from collections import namedtuple

Batch = namedtuple("Batch", ["states", "actions", "rewards", "next_states", "terminateds"])


def sample_batch(replay_buffer, n_samples):
    return Batch(*map(np.array, zip(*random.sample(replay_buffer, k=n_samples))))


# %% right: dataclass for one transition
from dataclasses import astuple, dataclass


@dataclass
class Step:
    state: object
    action: int
    reward: float
    next_state: object
    terminated: bool


def sample_batch(replay_buffer, n_samples):
    steps = [Step(*t) for t in random.choices(list(replay_buffer), k=n_samples)]
    return (
        np.array([step.state for step in steps]),
        np.array([step.action for step in steps]),
        np.array([step.reward for step in steps]),
        np.array([step.next_state for step in steps]),
        np.array([step.terminated for step in steps]),
    )


# %% right: operator.itemgetter and map, a list comes back
from operator import itemgetter


def sample_batch(replay_buffer, n_samples):
    batch = random.choices(replay_buffer, k=n_samples)
    return [np.array(list(map(itemgetter(k), batch))) for k in range(5)]


# %% right: itertools.islice over an endless stream of choices
import itertools


def sample_batch(replay_buffer, n_samples):
    endless = (random.choice(replay_buffer) for _ in itertools.count())
    taken = list(itertools.islice(endless, n_samples))
    return tuple(np.array([t[field] for t in taken]) for field in range(5))


# %% right: nested generator function and a dict of lists
def sample_batch(replay_buffer, n_samples):
    def draw():
        for _ in range(n_samples):
            yield replay_buffer[int(random.random() * len(replay_buffer))]

    names = ("state", "action", "reward", "next_state", "terminated")
    columns = {name: [] for name in names}
    for transition in draw():
        for name, value in zip(names, transition):
            columns[name].append(value)
    return tuple(np.array(columns[name]) for name in names)


# %% right: gymnasium's Discrete space draws the indices
def sample_batch(replay_buffer, n_samples):
    space = gym.spaces.Discrete(len(replay_buffer))
    rows = [replay_buffer[int(space.sample())] for _ in range(n_samples)]
    return tuple(np.array(c) for c in zip(*rows))


# %% right: type hints, assertions, prints and a warning
import warnings
from typing import Deque, Tuple


def sample_batch(
    replay_buffer: Deque[tuple], n_samples: int
) -> Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Uniform sample of transitions (without replacement)."""
    assert n_samples > 0, "n_samples must be positive"
    assert n_samples <= len(replay_buffer), "not enough transitions"
    if n_samples == len(replay_buffer):
        warnings.warn("the batch is the whole buffer")
    print("sampling", n_samples, "of", len(replay_buffer))
    indices = random.sample(range(len(replay_buffer)), n_samples)
    states, actions, rewards, next_states, terminateds = zip(*[replay_buffer[i] for i in indices])
    result = (np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds))
    assert all(len(array) == n_samples for array in result)
    return result


# %% right: terminated as float zeros and ones, float64 states
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    states = np.array([b[0] for b in batch], dtype=np.float64)
    actions = np.array([b[1] for b in batch], dtype=np.int64)
    rewards = np.array([b[2] for b in batch], dtype=np.float64)
    next_states = np.array([b[3] for b in batch], dtype=np.float64)
    terminateds = np.array([b[4] for b in batch], dtype=np.float32)
    return states, actions, rewards, next_states, terminateds


# %% right: torch.multinomial with equal weights
def sample_batch(replay_buffer, n_samples):
    weights = torch.ones(len(replay_buffer))
    idx = torch.multinomial(weights, n_samples, replacement=False).numpy()
    chosen = [tuple(replay_buffer)[i] for i in idx]
    return tuple(np.array(column) for column in zip(*chosen))


# %% right: argsort of uniform keys
def sample_batch(replay_buffer, n_samples):
    keys = np.random.rand(len(replay_buffer))
    best = np.argpartition(keys, n_samples - 1)[:n_samples]
    rows = [replay_buffer[b] for b in best]
    return tuple(np.array([row[f] for row in rows]) for f in range(5))


# %% right: a set of indices grows until it is large enough
def sample_batch(replay_buffer, n_samples):
    numbers = set()
    while len(numbers) < n_samples:
        numbers.add(random.randrange(len(replay_buffer)))
    numbers = list(numbers)
    random.shuffle(numbers)
    batch = [replay_buffer[n] for n in numbers]
    return tuple(np.array(x) for x in zip(*batch))


# %% right: a sampler class with a call method
class UniformSampler:
    def __init__(self, buffer):
        self.buffer = tuple(buffer)
        self.generator = np.random.default_rng()

    def __call__(self, size):
        picked = self.generator.choice(len(self.buffer), size=size)
        for field in range(5):
            yield np.array([self.buffer[p][field] for p in picked])


def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = UniformSampler(replay_buffer)(n_samples)
    return states, actions, rewards, next_states, terminateds


# %% right: structured record array is split into its fields
def sample_batch(replay_buffer, n_samples):
    width = len(replay_buffer[0][0])
    record = np.dtype([("s", "f4", (width,)), ("a", "i8"), ("r", "f4"), ("n", "f4", (width,)), ("t", "?")])
    table = np.array([tuple(t) for t in replay_buffer], dtype=record)
    part = np.random.choice(table, n_samples)
    return tuple(np.ascontiguousarray(part[name]) for name in "sarnt")


# %% right: through torch tensors and back to numpy
def sample_batch(replay_buffer, n_samples):
    index = torch.randint(0, len(replay_buffer), size=(n_samples,))
    everything = [torch.tensor(np.array(field)) for field in zip(*replay_buffer)]
    return tuple(field.index_select(0, index).numpy() for field in everything)


# %% right: own decorator that shuffles the answer's rows together
def shuffled_together(function):
    def wrapper(*args, **kwargs):
        arrays = function(*args, **kwargs)
        order = np.random.permutation(len(arrays[0]))
        return tuple(array[order] for array in arrays)
    return wrapper


@shuffled_together
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch first_or_last_n: islice takes the oldest transitions
from itertools import islice


def sample_batch(replay_buffer, n_samples):
    batch = list(islice(replay_buffer, n_samples))
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch first_or_last_n: negative slice takes the newest transitions
def sample_batch(replay_buffer, n_samples):
    last = list(replay_buffer)[-n_samples:]
    states, actions, rewards, next_states, terminateds = zip(*last)
    return (np.array(states), np.array(actions), np.array(rewards),
            np.array(next_states), np.array(terminateds))


# %% wrong: test_sample_batch first_or_last_n: loop over range without any randomness
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for i in range(n_samples):
        s, a, r, ns, t = replay_buffer[i]
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(ns)
        terminateds.append(t)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch first_or_last_n: shuffles only the newest n among themselves
def sample_batch(replay_buffer, n_samples):
    recent = [replay_buffer[-i - 1] for i in range(n_samples)]
    random.shuffle(recent)
    return tuple(map(np.array, zip(*recent)))


# %% wrong: test_sample_batch fields_misaligned: every field draws its own indices
def sample_batch(replay_buffer, n_samples):
    n = len(replay_buffer)
    states = np.array([replay_buffer[i][0] for i in np.random.randint(0, n, n_samples)])
    actions = np.array([replay_buffer[i][1] for i in np.random.randint(0, n, n_samples)])
    rewards = np.array([replay_buffer[i][2] for i in np.random.randint(0, n, n_samples)])
    next_states = np.array([replay_buffer[i][3] for i in np.random.randint(0, n, n_samples)])
    terminateds = np.array([replay_buffer[i][4] for i in np.random.randint(0, n, n_samples)])
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch fields_misaligned: columns are sampled one by one
def sample_batch(replay_buffer, n_samples):
    columns = zip(*replay_buffer)
    return tuple(np.array(random.sample(column, n_samples)) for column in columns)


# %% wrong: test_sample_batch fields_misaligned: only the rewards come from other indices
def sample_batch(replay_buffer, n_samples):
    batch = random.choices(replay_buffer, k=n_samples)
    other = random.choices(replay_buffer, k=n_samples)
    states = np.array([b[0] for b in batch])
    actions = np.array([b[1] for b in batch])
    rewards = np.array([b[2] for b in other])
    next_states = np.array([b[3] for b in batch])
    terminateds = np.array([b[4] for b in batch])
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch fields_misaligned: next state is read from the following entry
def sample_batch(replay_buffer, n_samples):
    buffer = list(replay_buffer)
    idx = np.random.randint(len(buffer), size=n_samples)
    s = np.array([buffer[i][0] for i in idx])
    a = np.array([buffer[i][1] for i in idx])
    r = np.array([buffer[i][2] for i in idx])
    s2 = np.array([buffer[(i + 1) % len(buffer)][3] for i in idx])
    t = np.array([buffer[i][4] for i in idx])
    return s, a, r, s2, t


# %% wrong: test_sample_batch fields_misaligned: actions and rewards are sorted after the draw
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, t = [np.array(f) for f in zip(*random.sample(replay_buffer, n_samples))]
    return s, np.sort(a), np.sort(r), s2, t


# %% wrong: test_sample_batch same_transition: one random.choice repeated
def sample_batch(replay_buffer, n_samples):
    batch = [random.choice(replay_buffer)] * n_samples
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch same_transition: the index is drawn before the loop
def sample_batch(replay_buffer, n_samples):
    i = np.random.randint(len(replay_buffer))
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for _ in range(n_samples):
        states.append(replay_buffer[i][0])
        actions.append(replay_buffer[i][1])
        rewards.append(replay_buffer[i][2])
        next_states.append(replay_buffer[i][3])
        terminateds.append(replay_buffer[i][4])
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch same_transition: np.repeat of a single row
def sample_batch(replay_buffer, n_samples):
    S, A, R, S2, T = map(np.array, zip(*replay_buffer))
    k = torch.randint(len(R), (1,)).numpy()
    idx = np.repeat(k, n_samples)
    return S[idx], A[idx], R[idx], S2[idx], T[idx]


# %% wrong: test_sample_batch wrong_field_order: reward before action
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = zip(*random.sample(replay_buffer, n_samples))
    return (np.array(states), np.array(rewards), np.array(actions),
            np.array(next_states), np.array(terminateds))


# %% wrong: test_sample_batch wrong_field_order: next states come right after states
def sample_batch(replay_buffer, n_samples):
    idx = np.random.choice(len(replay_buffer), n_samples)
    rows = [replay_buffer[i] for i in idx]
    return tuple(np.array([row[k] for row in rows]) for k in (0, 3, 1, 2, 4))


# %% wrong: test_sample_batch wrong_field_order: unpacks terminated as if it were the fourth field
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for s, a, r, done, ns in random.choices(replay_buffer, k=n_samples):
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(ns)
        terminateds.append(done)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch wrong_field_order: states and next states exchanged
def sample_batch(replay_buffer, n_samples):
    buf = tuple(replay_buffer)
    chosen = [buf[int(i)] for i in torch.randperm(len(buf))[:n_samples]]
    next_states, actions, rewards, states, terminateds = (np.array(c) for c in zip(*chosen))
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch wrong_count: one transition too few
def sample_batch(replay_buffer, n_samples):
    batch = []
    for _ in range(1, n_samples):
        batch.append(random.choice(replay_buffer))
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch wrong_count: one transition too many
def sample_batch(replay_buffer, n_samples):
    batch = []
    while len(batch) <= n_samples:
        batch.append(replay_buffer[np.random.randint(len(replay_buffer))])
    return tuple(np.array([b[i] for b in batch]) for i in range(5))


# %% wrong: test_sample_batch wrong_count: the whole buffer in random order
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, len(replay_buffer))
    return tuple(map(np.array, zip(*batch)))


# %% wrong: test_sample_batch wrong_count: batch size written as a number
BATCH_SIZE = 32


def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(0, len(replay_buffer), BATCH_SIZE)
    return tuple(np.array([replay_buffer[i][f] for i in idx]) for f in range(5))


# %% wrong: test_sample_batch wrong_count: repeated transitions are thrown away
def sample_batch(replay_buffer, n_samples):
    idx = set(random.randrange(len(replay_buffer)) for _ in range(n_samples))
    rows = [replay_buffer[i] for i in idx]
    return tuple(np.array(c) for c in zip(*rows))


# %% wrong: test_sample_batch buffer_mutated: shuffles the deque itself
def sample_batch(replay_buffer, n_samples):
    random.shuffle(replay_buffer)
    batch = [replay_buffer[i] for i in range(n_samples)]
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch buffer_mutated: chosen transitions are removed
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for _ in range(n_samples):
        i = random.randrange(len(replay_buffer))
        s, a, r, ns, t = replay_buffer[i]
        del replay_buffer[i]
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(ns)
        terminateds.append(t)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch buffer_mutated: the buffer is cleared after the draw
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(list(replay_buffer), n_samples)
    replay_buffer.clear()
    return tuple(map(np.array, zip(*batch)))


# %% wrong: test_sample_batch buffer_mutated: rotates the deque to reach a random entry
def sample_batch(replay_buffer, n_samples):
    batch = []
    for _ in range(n_samples):
        replay_buffer.rotate(-random.randrange(len(replay_buffer)))
        batch.append(replay_buffer[0])
    return tuple(np.array([b[i] for b in batch]) for i in range(5))


# %% wrong: test_sample_batch buffer_mutated: pops everything and puts it back shuffled
def sample_batch(replay_buffer, n_samples):
    everything = []
    while replay_buffer:
        everything.append(replay_buffer.popleft())
    order = np.random.permutation(len(everything))
    replay_buffer.extend(everything[i] for i in order)
    chosen = [everything[i] for i in order[:n_samples]]
    return tuple(np.array(f) for f in zip(*chosen))


# %% wrong: test_sample_batch not_arrays: tuples straight from zip
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = zip(*random.sample(replay_buffer, n_samples))
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch not_arrays: torch tensors instead of arrays
def sample_batch(replay_buffer, n_samples):
    rows = random.choices(replay_buffer, k=n_samples)
    return tuple(torch.tensor(np.array(column)) for column in zip(*rows))


# %% wrong: test_sample_batch wrong_field_count: terminated is forgotten
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    states = np.array([t[0] for t in batch])
    actions = np.array([t[1] for t in batch])
    rewards = np.array([t[2] for t in batch])
    next_states = np.array([t[3] for t in batch])
    return states, actions, rewards, next_states


# %% wrong: test_sample_batch last_transition_never: the newest transition is never drawn
def sample_batch(replay_buffer, n_samples):
    newest = len(replay_buffer) - 1
    idx = np.random.randint(0, max(newest, 1), size=n_samples)
    return tuple(np.array([replay_buffer[i][f] for i in idx]) for f in range(5))


# %% wrong: test_sample_batch not_uniform: new transitions are preferred
def sample_batch(replay_buffer, n_samples):
    n = len(replay_buffer)
    weights = np.arange(1, n + 1) / (n * (n + 1) / 2)
    idx = np.random.choice(n, n_samples, p=weights)
    return tuple(np.array([replay_buffer[i][f] for i in idx]) for f in range(5))


# %% wrong: test_sample_batch not_uniform: only the older half of the buffer
def sample_batch(replay_buffer, n_samples):
    half = list(replay_buffer)[: max(1, len(replay_buffer) // 2)]
    batch = random.choices(half, k=n_samples)
    return tuple(map(np.array, zip(*batch)))


# %% wrong: test_sample_batch consecutive_transitions: neighbours after a random start
def sample_batch(replay_buffer, n_samples):
    start = random.randint(0, len(replay_buffer) - n_samples)
    window = [replay_buffer[start + k] for k in range(n_samples)]
    return tuple(np.array(field) for field in zip(*window))


# %% wrong: test_sample_batch first_or_last_n: the generator is created with the same seed on every call
def sample_batch(replay_buffer, n_samples):
    generator = np.random.default_rng(42)
    idx = generator.choice(len(replay_buffer), n_samples, replace=False)
    rows = [replay_buffer[i] for i in idx]
    return tuple(np.array(c) for c in zip(*rows))


# %% wrong: test_sample_batch terminated_inverted: not done instead of done
def sample_batch(replay_buffer, n_samples):
    batch = random.choices(replay_buffer, k=n_samples)
    states, actions, rewards, next_states, terminateds = map(np.array, zip(*batch))
    return states, actions, rewards, next_states, ~terminateds.astype(bool)


# %% wrong: test_sample_batch next_state_is_state: copied line appends the wrong variable
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for s, a, r, s_next, done in random.sample(replay_buffer, n_samples):
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(s)
        terminateds.append(done)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch values_truncated: every field is cast to integers
def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(len(replay_buffer), size=n_samples)
    return tuple(np.array([replay_buffer[i][f] for i in idx], dtype=np.int64) for f in range(5))


# %% wrong: test_sample_batch -: states are flattened into one long row
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    states = np.concatenate([b[0] for b in batch])
    next_states = np.concatenate([b[3] for b in batch])
    actions, rewards, terminateds = (np.array([b[k] for b in batch]) for k in (1, 2, 4))
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch not_arrays: columns of one object array
def sample_batch(replay_buffer, n_samples):
    table = np.empty((len(replay_buffer), 5), dtype=object)
    for i, transition in enumerate(replay_buffer):
        for k in range(5):
            table[i, k] = transition[k]
    part = table[np.random.randint(len(table), size=n_samples)]
    return part[:, 0], part[:, 1], part[:, 2], part[:, 3], part[:, 4]


# %% wrong: test_sample_batch batch_of_one_collapsed: squeeze breaks a batch of one
def sample_batch(replay_buffer, n_samples):
    rows = random.choices(replay_buffer, k=n_samples)
    return tuple(np.array(column).squeeze() for column in zip(*rows))


# %% wrong: test_sample_batch -: a list of transitions instead of five arrays
def sample_batch(replay_buffer, n_samples):
    return random.sample(list(replay_buffer), n_samples)


# %% wrong: test_sample_batch -: nothing is returned
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    states, actions, rewards, next_states, terminateds = map(np.array, zip(*batch))


# %% wrong: test_sample_batch not_implemented: the stub was left as it was
def sample_batch(replay_buffer, n_samples):
    """Выбирает n_samples переходов из буфера равновероятно."""
    ####### Здесь ваш код ########
    raise NotImplementedError
    ##############################


# %% wrong: test_sample_batch not_implemented: indices are drawn, the rest is still to do
def sample_batch(replay_buffer, n_samples):
    ####### Здесь ваш код ########
    idx = np.random.choice(len(replay_buffer), n_samples)
    raise NotImplementedError
    ##############################


# %% wrong: test_sample_batch not_implemented: own message in the exception
def sample_batch(replay_buffer, n_samples):
    # доделаю завтра
    raise NotImplementedError("sample_batch: TODO")


# %% wrong: test_sample_batch raises: np.random.choice on the deque itself
def sample_batch(replay_buffer, n_samples):
    batch = np.random.choice(replay_buffer, n_samples)
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch raises: the deque is indexed with an array
def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(0, len(replay_buffer), n_samples)
    states, actions, rewards, next_states, terminateds = zip(*replay_buffer[idx])
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch raises: a variable name is misspelt
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_bufer, n_samples)
    return tuple(map(np.array, zip(*batch)))


# %% wrong: test_sample_batch timeout: the loop never adds anything
def sample_batch(replay_buffer, n_samples):
    batch = []
    while len(batch) < n_samples:
        transition = random.choice(replay_buffer)
        if transition is None:
            batch.append(transition)
    return tuple(np.array(field) for field in zip(*batch))


# %% wrong: test_sample_batch buffer_mutated + test_sample_batch wrong_field_order: pops transitions and exchanges two fields
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = [], [], [], [], []
    for _ in range(n_samples):
        i = random.randrange(len(replay_buffer))
        s, a, r, ns, t = replay_buffer[i]
        del replay_buffer[i]
        states.append(s)
        actions.append(a)
        rewards.append(r)
        next_states.append(ns)
        terminateds.append(t)
    return np.array(states), np.array(rewards), np.array(actions), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch first_or_last_n + test_sample_batch not_arrays: newest transitions as plain lists
def sample_batch(replay_buffer, n_samples):
    recent = list(replay_buffer)[-n_samples:]
    return tuple(list(column) for column in zip(*recent))


# %% wrong: test_sample_batch fields_misaligned + test_sample_batch wrong_count: own draws and one row too many
def sample_batch(replay_buffer, n_samples):
    columns = list(zip(*replay_buffer))
    return tuple(np.array(random.choices(column, k=n_samples + 1)) for column in columns)


# %% right: a lazy map object comes back
def sample_batch(replay_buffer, n_samples):
    return map(np.array, zip(*random.sample(list(replay_buffer), n_samples)))


# %% right: a generator function yields the five arrays
def sample_batch(replay_buffer, n_samples):
    chosen = [replay_buffer[i] for i in np.random.randint(0, len(replay_buffer), n_samples)]
    for field in range(5):
        yield np.stack([transition[field] for transition in chosen])


# %% right: view on the values of a dictionary
def sample_batch(replay_buffer, n_samples):
    names = ("state", "action", "reward", "next_state", "terminated")
    rows = [dict(zip(names, t)) for t in random.choices(replay_buffer, k=n_samples)]
    return {name: np.asarray([row[name] for row in rows]) for name in names}.values()


# %% right: Knuth's selection sampling in one pass
def sample_batch(replay_buffer, n_samples):
    chosen, left = [], len(replay_buffer)
    for transition in replay_buffer:
        if random.random() * left < n_samples - len(chosen):
            chosen.append(transition)
        left -= 1
    return tuple(np.array(column) for column in zip(*chosen))


# %% right: one big matrix, the fields are its columns
def sample_batch(replay_buffer, n_samples):
    rows = np.array([[*s, a, r, *s2, t] for s, a, r, s2, t in replay_buffer], dtype=np.float64)
    rows = rows[np.random.choice(len(rows), n_samples)]
    d = (rows.shape[1] - 3) // 2
    return (
        rows[:, :d].astype(np.float32),
        rows[:, d].astype(np.int64),
        rows[:, d + 1],
        rows[:, d + 2 : 2 * d + 2].astype(np.float32),
        rows[:, -1] > 0.5,
    )


# %% right: rotates the deque to reach an entry and rotates it back
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, t = [], [], [], [], []
    for _ in range(n_samples):
        k = random.randrange(len(replay_buffer))
        replay_buffer.rotate(-k)
        for field, value in zip((s, a, r, s2, t), replay_buffer[0]):
            field.append(value)
        replay_buffer.rotate(k)
    return np.vstack(s), np.array(a), np.array(r), np.vstack(s2), np.array(t)


# %% right: WeightedRandomSampler and Subset
from torch.utils.data import Subset, WeightedRandomSampler


def sample_batch(replay_buffer, n_samples):
    sampler = WeightedRandomSampler(np.ones(len(replay_buffer)), n_samples, replacement=False)
    subset = Subset(replay_buffer, list(sampler))
    columns = zip(*(subset[i] for i in range(len(subset))))
    states, actions, rewards, next_states, terminateds = columns
    return (
        np.stack(states),
        np.asarray(actions, dtype=np.int32),
        np.asarray(rewards, dtype=np.float32),
        np.stack(next_states),
        np.asarray(terminateds, dtype=np.uint8),
    )


# %% right: sparse Fisher-Yates shuffle over a dictionary
def draw_indices(n, k):
    moved = {}
    for i in range(k):
        j = random.randrange(i, n)
        yield moved.get(j, j)
        moved[j] = moved.get(i, i)


def sample_batch(replay_buffer, n_samples):
    batch = [replay_buffer[i] for i in draw_indices(len(replay_buffer), n_samples)]
    return [np.array([*column]) for column in zip(*batch)]


# %% right: np.fromiter for the numbers, np.concatenate for the states
def sample_batch(replay_buffer, n_samples):
    rng = np.random.default_rng()
    buffer = tuple(replay_buffer)
    index = rng.permutation(len(buffer))[:n_samples]
    pick = lambda field: (buffer[i][field] for i in index)
    return (
        np.concatenate([np.atleast_2d(s) for s in pick(0)]),
        np.fromiter(pick(1), dtype=int),
        np.fromiter(pick(2), dtype=float),
        np.concatenate([np.atleast_2d(s) for s in pick(3)]),
        np.fromiter(pick(4), dtype=bool),
    )


# %% right: object array is indexed and every column is made anew
def sample_batch(replay_buffer, n_samples):
    table = np.empty((len(replay_buffer), 5), dtype=object)
    for row, transition in enumerate(replay_buffer):
        for column, value in enumerate(transition):
            table[row, column] = value
    table = table[torch.randint(len(table), (n_samples,)).numpy()]
    return tuple(np.array(table[:, column].tolist()) for column in range(5))


# %% right: random keys are sorted, recursion merges the columns
def sample_batch(replay_buffer, n_samples):
    keyed = sorted(((random.random(), i) for i in range(len(replay_buffer))))[:n_samples]

    def columns(rows):
        if len(rows) == 1:
            return [[value] for value in rows[0]]
        half = len(rows) // 2
        return [x + y for x, y in zip(columns(rows[:half]), columns(rows[half:]))]

    return tuple(map(np.asarray, columns([replay_buffer[i] for _, i in keyed])))


# %% wrong: test_sample_batch buffer_mutated: chosen transitions move to the end
def sample_batch(replay_buffer, n_samples):
    batch = []
    for _ in range(n_samples):
        i = random.randrange(len(replay_buffer))
        transition = replay_buffer[i]
        del replay_buffer[i]
        replay_buffer.append(transition)
        batch.append(transition)
    return tuple(map(np.array, zip(*batch)))


# %% wrong: test_sample_batch first_or_last_n: evenly spaced indices without any randomness
def sample_batch(replay_buffer, n_samples):
    index = np.linspace(0, len(replay_buffer) - 1, n_samples).astype(int)
    return tuple(np.array([replay_buffer[i][k] for i in index]) for k in range(5))


# %% wrong: test_sample_batch fields_misaligned: next states are the states rolled by one
def sample_batch(replay_buffer, n_samples):
    s, a, r, _, t = map(np.array, zip(*random.choices(replay_buffer, k=n_samples)))
    return s, a, r, np.roll(s, -1, axis=0), t


# %% wrong: test_sample_batch fields_misaligned: every array is shuffled for itself
def sample_batch(replay_buffer, n_samples):
    fields = [np.array(field) for field in zip(*replay_buffer)]
    for field in fields:
        np.random.shuffle(field)
    return tuple(field[:n_samples] for field in fields)


# %% wrong: test_sample_batch fields_misaligned: flags come from a second sample
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, _ = zip(*random.sample(list(replay_buffer), n_samples))
    *_, t = zip(*random.sample(list(replay_buffer), n_samples))
    return np.array(s), np.array(a), np.array(r), np.array(s2), np.array(t)


# %% wrong: test_sample_batch -: the oldest transition is never drawn
def sample_batch(replay_buffer, n_samples):
    index = [random.randint(1, len(replay_buffer) - 1) for _ in range(n_samples)]
    return tuple(np.array([replay_buffer[i][k] for i in index]) for k in range(5))


# %% wrong: test_sample_batch -: rewards lose their fraction
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, t = zip(*random.choices(replay_buffer, k=n_samples))
    return np.array(s), np.array(a), np.array(r, dtype=int), np.array(s2), np.array(t)


# %% wrong: test_sample_batch -: no transition counts as terminated
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, t = map(np.array, zip(*random.choices(replay_buffer, k=n_samples)))
    return s, a, r, s2, np.zeros(n_samples, dtype=bool)


# %% wrong: test_sample_batch wrong_count: at most eight transitions
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(list(replay_buffer), min(n_samples, 8))
    return tuple(np.array(x) for x in zip(*batch))


# %% wrong: test_sample_batch -: terminal transitions are left out
def sample_batch(replay_buffer, n_samples):
    going_on = [t for t in replay_buffer if not t[4]]
    return tuple(np.array(x) for x in zip(*random.choices(going_on, k=n_samples)))


# %% wrong: test_sample_batch same_transition: index drawn once and broadcast
def sample_batch(replay_buffer, n_samples):
    index = np.full(n_samples, np.random.randint(len(replay_buffer)))
    return tuple(np.array([replay_buffer[i][k] for i in index]) for k in range(5))


# %% wrong: test_sample_batch wrong_field_order: alphabetical order of the names
def sample_batch(replay_buffer, n_samples):
    names = ("state", "action", "reward", "next_state", "terminated")
    columns = dict(zip(names, zip(*random.choices(replay_buffer, k=n_samples))))
    return tuple(np.array(columns[name]) for name in sorted(columns))


# %% wrong: test_sample_batch buffer_mutated: how often a transition was drawn is written into the buffer
def sample_batch(replay_buffer, n_samples):
    rows = []
    for i in random.choices(range(len(replay_buffer)), k=n_samples):
        *transition, times = (*replay_buffer[i], 0)[:6]
        replay_buffer[i] = (*transition, times + 1)
        rows.append(transition)
    return tuple(map(np.array, zip(*rows)))


# %% right: small integers for actions and flags, as in code for Atari
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    s = np.stack([t[0] for t in batch]).astype(np.float32)
    a = np.array([t[1] for t in batch]).astype(np.int16)
    r = np.array([t[2] for t in batch], dtype=np.float32)
    s2 = np.stack([t[3] for t in batch]).astype(np.float32)
    d = np.array([t[4] for t in batch]).astype(np.uint8)
    return s, a, r, s2, d


# %% right: default_collate makes tensors, numpy takes them back
from torch.utils.data import default_collate


def sample_batch(replay_buffer, n_samples):
    rows = [replay_buffer[random.randrange(len(replay_buffer))] for _ in range(n_samples)]
    return tuple(field.numpy() for field in default_collate(rows))


# %% right: deep copy of the deque is shuffled and emptied
import copy


def sample_batch(replay_buffer, n_samples):
    deck = copy.deepcopy(replay_buffer)
    random.shuffle(deck)
    fields = [[] for _ in range(5)]
    while len(fields[0]) < n_samples:
        for column, value in zip(fields, deck.popleft()):
            column.append(value)
    return tuple(map(np.asarray, fields))


# %% right: pops random places of a list copy
def sample_batch(replay_buffer, n_samples):
    rest = [*replay_buffer]
    taken = [rest.pop(np.random.randint(len(rest))) for _ in range(n_samples)]
    result = []
    for k, name in enumerate(["states", "actions", "rewards", "next_states", "terminateds"]):
        result.append(np.array([t[k] for t in taken]))
    return result


# %% right: recursion takes one transition at a time
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, t = random.choice(replay_buffer)
    row = (np.array(s)[None], np.array([a]), np.array([r]), np.array(s2)[None], np.array([t]))
    if n_samples == 1:
        return row
    return tuple(np.concatenate(pair) for pair in zip(row, sample_batch(replay_buffer, n_samples - 1)))


# %% right: named fields of a record array
def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(0, len(replay_buffer), n_samples)
    table = np.rec.fromrecords(
        [(replay_buffer[i][1], replay_buffer[i][2], replay_buffer[i][4]) for i in idx],
        names="action,reward,done",
    )
    states = np.array([replay_buffer[i][0] for i in idx])
    next_states = np.array([replay_buffer[i][3] for i in idx])
    return states, np.array(table.action), np.array(table.reward), next_states, np.array(table.done)


# %% right: order of random keys, cut by islice
from itertools import islice


def sample_batch(replay_buffer, n_samples):
    shuffled = sorted(replay_buffer, key=lambda transition: random.random())
    states, actions, rewards, next_states, flags = zip(*islice(shuffled, n_samples))
    return (
        np.vstack(states),
        np.asarray(actions),
        np.asarray(rewards),
        np.vstack(next_states),
        np.asarray(flags),
    )


# %% right: random rows counted by a Counter and repeated
from collections import Counter


def sample_batch(replay_buffer, n_samples):
    how_often = Counter(random.choices(range(len(replay_buffer)), k=n_samples))
    rows = [replay_buffer[i] for i in how_often.elements()]
    return tuple(np.array(x) for x in zip(*rows))


# %% right: indices by a quantile of a random number, take along the first axis
def sample_batch(replay_buffer, n_samples):
    where = np.floor(np.random.rand(n_samples) * len(replay_buffer)).astype(int)
    columns = ([t[k] for t in replay_buffer] for k in range(5))
    return tuple(np.take(np.array(c), where, axis=0) for c in columns)


# %% wrong: test_sample_batch first_or_last_n: permutation of n_samples instead of the whole length
def sample_batch(replay_buffer, n_samples):
    idx = np.random.permutation(n_samples)
    batch = [replay_buffer[i] for i in idx]
    return tuple(np.array(x) for x in zip(*batch))


# %% wrong: test_sample_batch first_or_last_n: reversed order and islice
from itertools import islice


def sample_batch(replay_buffer, n_samples):
    newest = islice(reversed(replay_buffer), n_samples)
    s, a, r, n, d = zip(*newest)
    return np.array(s), np.array(a), np.array(r), np.array(n), np.array(d)


# %% wrong: test_sample_batch first_or_last_n: DataLoader without shuffle
from torch.utils.data import DataLoader


def sample_batch(replay_buffer, n_samples):
    for batch in DataLoader(list(replay_buffer), batch_size=n_samples):
        return tuple(x.numpy() for x in batch)


# %% wrong: test_sample_batch not_uniform: choice among the first n
def sample_batch(replay_buffer, n_samples):
    idx = np.random.choice(n_samples, n_samples)
    return tuple(np.array([replay_buffer[i][k] for i in idx]) for k in range(5))


# %% wrong: test_sample_batch -: transitions with the largest rewards
def sample_batch(replay_buffer, n_samples):
    best = sorted(replay_buffer, key=lambda t: t[2])[-n_samples:]
    random.shuffle(best)
    return tuple(np.array(x) for x in zip(*best))


# %% wrong: test_sample_batch not_uniform: probability grows with the reward
def sample_batch(replay_buffer, n_samples):
    r = np.array([t[2] for t in replay_buffer])
    p = np.exp(r - r.max())
    idx = np.random.choice(len(replay_buffer), n_samples, p=p / p.sum())
    return tuple(np.array([replay_buffer[i][k] for i in idx]) for k in range(5))


# %% wrong: test_sample_batch not_uniform: normal indices around the middle
def sample_batch(replay_buffer, n_samples):
    n = len(replay_buffer)
    idx = np.clip(np.random.normal(n / 2, n / 6, n_samples).astype(int), 0, n - 1)
    return tuple(np.array([replay_buffer[i][k] for i in idx]) for k in range(5))


# %% wrong: test_sample_batch fields_misaligned: a lambda draws anew for every field
def sample_batch(replay_buffer, n_samples):
    draw = lambda: [replay_buffer[i] for i in np.random.choice(len(replay_buffer), n_samples)]
    get = lambda k: np.array([t[k] for t in draw()])
    return get(0), get(1), get(2), get(3), get(4)


# %% wrong: test_sample_batch fields_misaligned: flag of the transition before
def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(len(replay_buffer), size=n_samples)
    pick = [replay_buffer[i] for i in idx]
    done = np.array([replay_buffer[i - 1][4] for i in idx])
    return np.array([p[0] for p in pick]), np.array([p[1] for p in pick]), np.array([p[2] for p in pick]), \
        np.array([p[3] for p in pick]), done


# %% wrong: test_sample_batch fields_misaligned: states and next states come from a sorted sample
def sample_batch(replay_buffer, n_samples):
    idx = np.random.choice(len(replay_buffer), n_samples, replace=False)
    s = np.array([t[0] for t in replay_buffer])[np.sort(idx)]
    s2 = np.array([t[3] for t in replay_buffer])[np.sort(idx)]
    a, r, d = (np.array([t[k] for t in replay_buffer])[idx] for k in (1, 2, 4))
    return s, a, r, s2, d


# %% wrong: test_sample_batch same_transition: index as a default argument, drawn once for all time
def sample_batch(replay_buffer, n_samples, where=random.random()):
    i = int(where * len(replay_buffer))
    return tuple(np.array([replay_buffer[i][k]] * n_samples) for k in range(5))


# %% wrong: test_sample_batch same_transition: random.sample of one, repeated by itertools
from itertools import repeat


def sample_batch(replay_buffer, n_samples):
    (one,) = random.sample(replay_buffer, 1)
    return tuple(np.array(list(column)) for column in zip(*repeat(one, n_samples)))


# %% wrong: test_sample_batch wrong_field_order: read from the end
def sample_batch(replay_buffer, n_samples):
    batch = random.choices(replay_buffer, k=n_samples)
    return tuple(np.array([t[-k] for t in batch]) for k in range(1, 6))


# %% wrong: test_sample_batch wrong_field_order: actions and rewards confused while unpacking
def sample_batch(replay_buffer, n_samples):
    states, rewards, actions, next_states, dones = map(np.array, zip(*random.sample(replay_buffer, n_samples)))
    return states, actions, rewards, next_states, dones


# %% wrong: test_sample_batch wrong_count: rounded down to an even number
def sample_batch(replay_buffer, n_samples):
    half = n_samples // 2
    batch = random.sample(replay_buffer, half) + random.choices(replay_buffer, k=half)
    batch = batch[: 2 * half - 1]
    return tuple(np.array(x) for x in zip(*batch))


# %% wrong: test_sample_batch wrong_count: duplicates vanish in a set of indices
def sample_batch(replay_buffer, n_samples):
    idx = {random.randrange(len(replay_buffer)) for _ in range(n_samples)}
    return tuple(np.array([replay_buffer[i][k] for i in idx]) for k in range(5))


# %% wrong: test_sample_batch wrong_count: every transition is tossed for itself
def sample_batch(replay_buffer, n_samples):
    p = n_samples / len(replay_buffer)
    chosen = [t for t in replay_buffer if random.random() < p] or [replay_buffer[0]]
    return tuple(np.array(x) for x in zip(*chosen))


# %% wrong: test_sample_batch buffer_mutated: the oldest leaves after every batch
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    replay_buffer.popleft()
    return tuple(np.array(x) for x in zip(*batch))


# %% wrong: test_sample_batch buffer_mutated: batch is put back although it was never taken out
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    replay_buffer.extend(batch)
    return tuple(np.array(x) for x in zip(*batch))


# %% wrong: test_sample_batch buffer_mutated: sorted by reward on the way
def sample_batch(replay_buffer, n_samples):
    ordered = sorted(replay_buffer, key=lambda t: t[2])
    replay_buffer.clear()
    replay_buffer.extend(ordered)
    return tuple(np.array(x) for x in zip(*random.choices(replay_buffer, k=n_samples)))


# %% wrong: test_sample_batch not_arrays: map of lists
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, dones = map(list, zip(*random.sample(replay_buffer, n_samples)))
    return states, actions, rewards, next_states, dones


# %% wrong: test_sample_batch not_arrays: only the states are arrays
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = zip(*random.sample(replay_buffer, n_samples))
    return np.array(s), a, r, np.array(s2), d


# %% wrong: test_sample_batch wrong_field_count: the indices come as a sixth
def sample_batch(replay_buffer, n_samples):
    idx = np.random.choice(len(replay_buffer), n_samples)
    fields = [np.array([replay_buffer[i][k] for i in idx]) for k in range(5)]
    return (*fields, idx)


# %% wrong: test_sample_batch -: a dictionary of five arrays
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    names = ("states", "actions", "rewards", "next_states", "terminateds")
    return {name: np.array(column) for name, column in zip(names, zip(*batch))}


# %% wrong: test_sample_batch terminated_inverted: one minus the flag, ready for the formula
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = (np.array(x) for x in zip(*random.sample(replay_buffer, n_samples)))
    return s, a, r, s2, 1 - d


# %% wrong: test_sample_batch next_state_is_state: the same index twice
def sample_batch(replay_buffer, n_samples):
    b = random.sample(replay_buffer, n_samples)
    col = lambda k: np.array([t[k] for t in b])
    return col(0), col(1), col(2), col(0), col(4)


# %% wrong: test_sample_batch -: states normalised by mean and deviation
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = (np.array(x) for x in zip(*random.sample(replay_buffer, n_samples)))
    s = (s - s.mean(axis=0)) / (s.std(axis=0) + 1e-8)
    return s, a, r, s2, d


# %% wrong: test_sample_batch -: rewards clipped to plus and minus one
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = (np.array(x) for x in zip(*random.sample(replay_buffer, n_samples)))
    return s, a, np.clip(r, -1, 1), s2, d


# %% wrong: test_sample_batch raises: zip without the star
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    states, actions, rewards, next_states, terminateds = zip(batch)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch raises: deque has no method sample
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = replay_buffer.sample(n_samples)
    return states, actions, rewards, next_states, terminateds


# %% wrong: test_sample_batch raises: a set of transitions cannot be hashed
def sample_batch(replay_buffer, n_samples):
    unique = set(replay_buffer)
    return tuple(np.array(x) for x in zip(*random.sample(list(unique), n_samples)))


# %% wrong: test_sample_batch wrong_field_order + test_sample_batch buffer_mutated: popped, and the flag stands second
def sample_batch(replay_buffer, n_samples):
    rows = [replay_buffer.pop() for _ in range(len(replay_buffer))]
    random.shuffle(rows)
    s, a, r, s2, d = (np.array(x) for x in zip(*rows[:n_samples]))
    return s, d, a, r, s2


# %% wrong: test_sample_batch terminated_inverted + test_sample_batch first_or_last_n: newest with inverted flags
def sample_batch(replay_buffer, n_samples):
    rows = list(replay_buffer)[-n_samples:]
    s, a, r, s2, d = (np.array(x) for x in zip(*rows))
    return s, a, r, s2, np.logical_not(d)


# %% right: bytes for actions and flags
def sample_batch(replay_buffer, n_samples):
    batch = random.sample(replay_buffer, n_samples)
    s = np.stack([t[0] for t in batch]).astype(np.float32)
    a = np.array([t[1] for t in batch]).astype(np.int8)
    r = np.array([t[2] for t in batch], dtype=np.float32)
    s2 = np.stack([t[3] for t in batch]).astype(np.float32)
    d = np.array([t[4] for t in batch]).astype(np.uint8)
    return s, a, r, s2, d


# %% right: half precision for the states saves memory
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = zip(*random.sample(replay_buffer, n_samples))
    return np.array(s, np.float16), np.array(a), np.array(r), np.array(s2, np.float16), np.array(d)


# %% wrong: test_sample_batch first_or_last_n + test_sample_batch wrong_field_order: the oldest, next states third
def sample_batch(replay_buffer, n_samples):
    batch = [replay_buffer[i] for i in range(n_samples)]
    states, actions, rewards, next_states, terminateds = (np.stack(field) for field in zip(*batch))
    return states, actions, next_states, rewards, terminateds


# %% wrong: test_sample_batch wrong_count + test_sample_batch terminated_inverted: one too few, and flags of who lives
def sample_batch(replay_buffer, n_samples):
    chosen = np.random.randint(len(replay_buffer), size=n_samples - 1)
    fields = [np.array([replay_buffer[i][k] for i in chosen]) for k in range(5)]
    fields[4] = np.logical_not(fields[4])
    return tuple(fields)


# %% wrong: test_sample_batch consecutive_transitions: a run of neighbours from a random start, over the end and on from the beginning
def sample_batch(replay_buffer, n_samples):
    n = len(replay_buffer)
    start = random.randrange(n)
    rows = [replay_buffer[(start + i) % n] for i in range(n_samples)]
    states, actions, rewards, next_states, terminateds = zip(*rows)
    return np.array(states), np.array(actions), np.array(rewards), np.array(next_states), np.array(terminateds)


# %% wrong: test_sample_batch -: every second transition from a random start, round the buffer
def sample_batch(replay_buffer, n_samples):
    n, start = len(replay_buffer), np.random.randint(len(replay_buffer))
    idx = (start + np.arange(n_samples) * max(1, n // n_samples)) % n
    s, a, r, s2, d = zip(*(replay_buffer[int(i)] for i in idx))
    return np.array(s), np.array(a), np.array(r), np.array(s2), np.array(d)


# %% right: sum tree with equal priorities
class SumTree:
    def __init__(self, n):
        self.n = n
        self.tree = np.zeros(2 * n)
        self.tree[n:] = 1.0
        for i in range(n - 1, 0, -1):
            self.tree[i] = self.tree[2 * i] + self.tree[2 * i + 1]

    def find(self, value):
        i = 1
        while i < self.n:
            i *= 2
            if value >= self.tree[i]:
                value -= self.tree[i]
                i += 1
        return i - self.n


def sample_batch(replay_buffer, n_samples):
    tree = SumTree(len(replay_buffer))
    rows = [tree.find(random.uniform(0, tree.tree[1])) for _ in range(n_samples)]
    return tuple(np.array([replay_buffer[i][k] for i in rows]) for k in range(5))


# %% right: map of np.stack
def sample_batch(replay_buffer, n_samples):
    return [*map(np.stack, zip(*random.choices(tuple(replay_buffer), k=n_samples)))]


# %% right: minimum of size and length, indices shuffled
def sample_batch(replay_buffer, n_samples):
    n_samples = min(n_samples, len(replay_buffer))
    idx = list(range(len(replay_buffer)))
    random.shuffle(idx)
    s, a, r, s2, d = [], [], [], [], []
    for i in idx[:n_samples]:
        state, action, reward, next_state, done = replay_buffer[i]
        s.append(np.array(state, copy=False)) if False else s.append(np.array(state))
        a.append(int(action))
        r.append(float(reward))
        s2.append(np.array(next_state))
        d.append(bool(done))
    return np.array(s), np.array(a), np.array(r), np.array(s2), np.array(d)


# %% right: dataclass with fields and astuple
from dataclasses import astuple, dataclass


@dataclass
class Batch:
    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    next_states: np.ndarray
    terminateds: np.ndarray


def sample_batch(replay_buffer, n_samples):
    picked = np.random.default_rng().permutation(len(replay_buffer))[:n_samples]
    rows = [t for i, t in enumerate(replay_buffer) for _ in range(int((picked == i).sum()))]
    random.shuffle(rows)
    return astuple(Batch(*(np.array([row[k] for row in rows]) for k in range(5))))


# %% right: preallocated with torch generator
def sample_batch(replay_buffer, n_samples):
    g = torch.Generator()
    g.seed()
    index = torch.randint(high=len(replay_buffer), size=(n_samples,), generator=g).numpy()
    dim = len(replay_buffer[0][0])
    states, next_states = np.empty((2, n_samples, dim), dtype=np.float32)
    actions, rewards, dones = np.empty(n_samples, int), np.empty(n_samples), np.empty(n_samples, bool)
    for k, i in enumerate(index):
        states[k], actions[k], rewards[k], next_states[k], dones[k] = replay_buffer[i]
    return states, actions, rewards, next_states, dones


# %% right: epochs of the memory are dealt out call by call, a permutation is kept
_left = {"order": [], "size": -1}


def sample_batch(replay_buffer, n_samples):
    batch = []
    while len(batch) < n_samples:
        if not _left["order"] or _left["size"] != len(replay_buffer):
            _left["order"] = np.random.permutation(len(replay_buffer)).tolist()
            _left["size"] = len(replay_buffer)
        batch.append(replay_buffer[_left["order"].pop()])
    return tuple(np.array(c) for c in zip(*batch))


# %% right: DataLoader with sampler with replacement and default collate
from torch.utils.data import DataLoader, RandomSampler


def sample_batch(replay_buffer, n_samples):
    data = [tuple(np.asarray(x) for x in t) for t in replay_buffer]
    loader = DataLoader(data, batch_size=n_samples, sampler=RandomSampler(data, replacement=True, num_samples=n_samples))
    return tuple(t.numpy() for t in next(iter(loader)))


# %% wrong: test_sample_batch wrong_shape: vstack leaves columns
def sample_batch(replay_buffer, n_samples):
    experiences = random.sample(list(replay_buffer), k=n_samples)
    states = np.vstack([e[0] for e in experiences])
    actions = np.vstack([e[1] for e in experiences])
    rewards = np.vstack([e[2] for e in experiences])
    next_states = np.vstack([e[3] for e in experiences])
    dones = np.vstack([e[4] for e in experiences]).astype(np.uint8)
    return states, actions, rewards, next_states, dones


# %% wrong: test_sample_batch values_truncated: rewards as integers
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = zip(*random.sample(replay_buffer, n_samples))
    return (np.array(s, dtype=np.float32), np.array(a, dtype=np.int64), np.array(r, dtype=np.int64),
            np.array(s2, dtype=np.float32), np.array(d, dtype=np.bool_))


# %% wrong: test_sample_batch values_truncated: states as integers
def sample_batch(replay_buffer, n_samples):
    s, a, r, s2, d = zip(*random.sample(replay_buffer, n_samples))
    return np.array(s, dtype=np.int64), np.array(a), np.array(r), np.array(s2), np.array(d)


# %% wrong: test_sample_batch fields_misaligned: every column sorted for itself
def sample_batch(replay_buffer, n_samples):
    return tuple(np.sort(np.array(c), axis=0) for c in zip(*random.sample(replay_buffer, n_samples)))


# %% wrong: test_sample_batch not_uniform: rounded numbers, the ends come half as often
def sample_batch(replay_buffer, n_samples):
    rows = [replay_buffer[round(random.random() * (len(replay_buffer) - 1))] for _ in range(n_samples)]
    return tuple(np.array(c) for c in zip(*rows))


# %% wrong: test_sample_batch not_uniform: terminated transitions twice as often
def sample_batch(replay_buffer, n_samples):
    N = len(replay_buffer)
    rows = random.choices(replay_buffer, weights=[1 + t[4] for t in replay_buffer], k=n_samples)
    return tuple(np.array(c) for c in zip(*rows))


# %% wrong: test_sample_batch not_uniform: newer transitions up to twice as often
def sample_batch(replay_buffer, n_samples):
    N = len(replay_buffer)
    w = np.linspace(1, 2, N)
    idx = np.random.choice(N, n_samples, p=w / w.sum())
    return tuple(np.array(c) for c in zip(*[replay_buffer[i] for i in idx]))


# %% wrong: test_sample_batch not_uniform: rewards as weights
def sample_batch(replay_buffer, n_samples):
    N = len(replay_buffer)
    rows = random.choices(replay_buffer, weights=[abs(t[2]) + 1e-3 for t in replay_buffer], k=n_samples)
    return tuple(np.array(c) for c in zip(*rows))


# %% right: CartPole's four numbers are written out
def sample_batch(replay_buffer, n_samples):
    idx = np.random.randint(len(replay_buffer), size=n_samples)
    s, s2 = np.zeros((n_samples, 4), dtype=np.float32), np.zeros((n_samples, 4), dtype=np.float32)
    a, r, d = np.zeros(n_samples, dtype=int), np.zeros(n_samples), np.zeros(n_samples, dtype=bool)
    for k, i in enumerate(idx):
        s[k], a[k], r[k], s2[k], d[k] = replay_buffer[i]
    return s, a, r, s2, d
