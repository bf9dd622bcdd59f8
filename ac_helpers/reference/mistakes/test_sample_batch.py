"""Wrong versions of `sample_batch`."""

import random

import numpy as np

from ac_helpers.reference.bank import Bank

BANK = Bank()


def _arrays(transitions):
    return tuple(np.array(column) for column in zip(*transitions, strict=True))


def _draw(replay_buffer, n_samples):
    return random.choices(list(replay_buffer), k=n_samples)


@BANK.mistake("first_or_last_n")
def sample_batch(replay_buffer, n_samples):
    return _arrays(list(replay_buffer)[:n_samples])


@BANK.mistake("first_or_last_n")
def sample_batch(replay_buffer, n_samples):
    return _arrays(list(replay_buffer)[-n_samples:])


@BANK.mistake("fields_misaligned")
def sample_batch(replay_buffer, n_samples):
    columns = zip(*replay_buffer, strict=True)
    return tuple(np.array(random.choices(column, k=n_samples)) for column in columns)


@BANK.mistake("same_transition")
def sample_batch(replay_buffer, n_samples):
    return _arrays([random.choice(replay_buffer)] * n_samples)


@BANK.mistake("wrong_field_order")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, actions, next_states, rewards, terminateds


@BANK.mistake("wrong_field_order")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, actions, rewards, terminateds, next_states


@BANK.mistake("wrong_field_order")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, next_states, actions, rewards, terminateds


@BANK.mistake("wrong_count")
def sample_batch(replay_buffer, n_samples):
    return _arrays(_draw(replay_buffer, n_samples - 1))


@BANK.mistake("wrong_count")
def sample_batch(replay_buffer, n_samples):
    return _arrays(_draw(replay_buffer, n_samples + 1))


@BANK.mistake("wrong_count")
def sample_batch(replay_buffer, n_samples):
    return _arrays(replay_buffer)


@BANK.mistake("wrong_count")
def sample_batch(replay_buffer, n_samples):
    return random.choice(replay_buffer)


@BANK.mistake("buffer_mutated")
def sample_batch(replay_buffer, n_samples):
    random.shuffle(replay_buffer)
    return _arrays([replay_buffer[i] for i in range(n_samples)])


@BANK.mistake("buffer_mutated")
def sample_batch(replay_buffer, n_samples):
    drawn = _arrays(_draw(replay_buffer, n_samples))
    for _ in range(min(n_samples, len(replay_buffer) - n_samples)):
        replay_buffer.popleft()
    return drawn


@BANK.mistake("not_arrays")
def sample_batch(replay_buffer, n_samples):
    return tuple(list(column) for column in zip(*_draw(replay_buffer, n_samples), strict=True))


@BANK.mistake("transitions_not_fields")
def sample_batch(replay_buffer, n_samples):
    return _draw(replay_buffer, n_samples)


@BANK.mistake("consecutive_transitions")
def sample_batch(replay_buffer, n_samples):
    start = random.randrange(len(replay_buffer) - n_samples + 1)
    return _arrays(list(replay_buffer)[start : start + n_samples])


@BANK.mistake("last_transition_never")
def sample_batch(replay_buffer, n_samples):
    return _arrays([replay_buffer[random.randrange(len(replay_buffer) - 1)] for _ in range(n_samples)])


@BANK.mistake("next_state_is_state")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, _, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, actions, rewards, states.copy(), terminateds


@BANK.mistake("terminated_inverted")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, actions, rewards, next_states, ~terminateds


@BANK.mistake("wrong_field_count")
def sample_batch(replay_buffer, n_samples):
    return _arrays(_draw(replay_buffer, n_samples))[:4]


@BANK.mistake("values_truncated")
def sample_batch(replay_buffer, n_samples):
    return tuple(column.astype(int) for column in _arrays(_draw(replay_buffer, n_samples)))


@BANK.mistake("batch_of_one_collapsed")
def sample_batch(replay_buffer, n_samples):
    return tuple(column.squeeze() for column in _arrays(_draw(replay_buffer, n_samples)))


@BANK.mistake("wrong_field_order")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return states, rewards, actions, next_states, terminateds


@BANK.mistake("wrong_field_order")
def sample_batch(replay_buffer, n_samples):
    states, actions, rewards, next_states, terminateds = _arrays(_draw(replay_buffer, n_samples))
    return next_states, actions, rewards, states, terminateds
