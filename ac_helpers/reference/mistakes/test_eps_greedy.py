"""Wrong versions of `select_action_eps_greedy`."""

import random

import numpy as np

from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank

BANK = Bank()


def _greedy(Q, state):
    return int(Q(to_tensor(state)).argmax())


def _n_actions(Q, state):
    return Q(to_tensor(state)).shape[-1]


def _drawn_by(generator, Q, state, epsilon):
    if generator.random() < epsilon:
        return int(generator.integers(_n_actions(Q, state)))
    return _greedy(Q, state)


@BANK.mistake("epsilon_inverted")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() > epsilon:
        return random.randrange(_n_actions(Q, state))
    return _greedy(Q, state)


@BANK.mistake("always_greedy")
def select_action_eps_greedy(Q, state, epsilon):
    return _greedy(Q, state)


@BANK.mistake("always_random")
def select_action_eps_greedy(Q, state, epsilon):
    return random.randrange(_n_actions(Q, state))


@BANK.mistake("explores_without_greedy")
def select_action_eps_greedy(Q, state, epsilon):
    best = _greedy(Q, state)
    if random.random() < epsilon:
        return random.choice([action for action in range(_n_actions(Q, state)) if action != best])
    return best


@BANK.mistake("argmin")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return int(Q(to_tensor(state)).argmin())


@BANK.mistake("last_action_never")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state) - 1)
    return _greedy(Q, state)


@BANK.mistake("not_int")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return Q(to_tensor(state)).argmax()


@BANK.mistake("not_int")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return Q(to_tensor(state)).argmax().numpy()


@BANK.mistake("not_int")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return Q(to_tensor(state)).detach().numpy().argmax()


@BANK.mistake("state_not_converted")
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(state)
    return random.randrange(len(values)) if random.random() < epsilon else int(values.argmax())


@BANK.mistake("first_action_never")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(1, _n_actions(Q, state))
    return _greedy(Q, state)


@BANK.mistake("seed_fixed")
def select_action_eps_greedy(Q, state, epsilon):
    generator = random.Random(0)
    if generator.random() < epsilon:
        return generator.randrange(_n_actions(Q, state))
    return _greedy(Q, state)


@BANK.mistake("seed_fixed")
def select_action_eps_greedy(Q, state, epsilon):
    return _drawn_by(np.random.default_rng(0), Q, state, epsilon)


@BANK.mistake("seed_fixed")
def select_action_eps_greedy(Q, state, epsilon):
    return _drawn_by(np.random.default_rng(42), Q, state, epsilon)


@BANK.mistake("n_actions_hardcoded")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(2)
    return _greedy(Q, state)


@BANK.mistake("samples_instead_of_argmax")
def select_action_eps_greedy(Q, state, epsilon):
    values = Q(to_tensor(state))
    if random.random() < epsilon:
        return random.randrange(values.shape[-1])
    return random.choices(range(values.shape[-1]), weights=values.softmax(-1).tolist())[0]


@BANK.mistake("action_out_of_range")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randint(0, _n_actions(Q, state))
    return _greedy(Q, state)


@BANK.mistake("argmax_of_abs")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return int(Q(to_tensor(state)).abs().argmax())


@BANK.mistake("not_int")
def select_action_eps_greedy(Q, state, epsilon):
    action = random.randrange(_n_actions(Q, state)) if random.random() < epsilon else _greedy(Q, state)
    return [float(number == action) for number in range(_n_actions(Q, state))]


@BANK.mistake("not_int")
def select_action_eps_greedy(Q, state, epsilon):
    q_values = Q(to_tensor(state))
    action = random.randrange(len(q_values)) if random.random() < epsilon else int(q_values.argmax())
    return action, float(q_values[action])


@BANK.mistake("action_out_of_range")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state)) + 1
    return _greedy(Q, state) + 1


@BANK.mistake("returns_q_value")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(_n_actions(Q, state))
    return int(Q(to_tensor(state)).max())


@BANK.mistake("n_actions_from_state")
def select_action_eps_greedy(Q, state, epsilon):
    if random.random() < epsilon:
        return random.randrange(len(state))
    return _greedy(Q, state)


@BANK.mistake("epsilon_inverted")
def select_action_eps_greedy(Q, state, epsilon):
    """With the worst action in place of the best as well."""
    q_values = Q(to_tensor(state))
    if random.random() > epsilon:
        return random.randrange(len(q_values))
    return int(q_values.argmin())
