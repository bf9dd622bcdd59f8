"""Wrong versions of `sample_batch`."""

import random

import numpy as np

from ac_helpers.reference.bank import Bank, InPieces

BANK = Bank()


class _Sample(InPieces):
    """The right sample in pieces; a mistake replaces one of them."""

    __name__ = "sample_batch"

    def count(self, n_samples):
        return n_samples

    def drawn(self, replay_buffer, count):
        return random.choices(list(replay_buffer), k=count)

    def column(self, values):
        return np.array(values)

    def fields(self, *columns):
        return columns

    def __call__(self, replay_buffer, n_samples):
        transitions = self.drawn(replay_buffer, self.count(n_samples))
        return self.fields(*(self.column(values) for values in zip(*transitions, strict=True)))


_sample = BANK.in_pieces(_Sample())


def _each_field_by_itself(self, replay_buffer, count):
    columns = [random.choices(column, k=count) for column in zip(*replay_buffer, strict=True)]
    return list(zip(*columns, strict=True))


def _shuffled(self, replay_buffer, count):
    random.shuffle(replay_buffer)
    return [replay_buffer[i] for i in range(count)]


def _taken_away(self, replay_buffer, count):
    drawn = _Sample.drawn(self, replay_buffer, count)
    for _ in range(min(count, len(replay_buffer) - count)):
        replay_buffer.popleft()
    return drawn


def _consecutive(self, replay_buffer, count):
    start = random.randrange(len(replay_buffer) - count + 1)
    return list(replay_buffer)[start : start + count]


def _all_but_the_last(self, replay_buffer, count):
    return [replay_buffer[random.randrange(len(replay_buffer) - 1)] for _ in range(count)]


_sample("first_or_last_n", drawn=lambda self, replay_buffer, count: list(replay_buffer)[:count])
_sample("first_or_last_n", drawn=lambda self, replay_buffer, count: list(replay_buffer)[-count:])
_sample("fields_misaligned", drawn=_each_field_by_itself)
_sample("fields_misaligned", column=lambda self, values: np.sort(np.array(values), axis=0))
_sample(
    "same_transition",
    drawn=lambda self, replay_buffer, count: [random.choice(replay_buffer)] * count,
)
_sample("wrong_field_order", fields=lambda self, s, a, r, next_s, terminated: (s, a, next_s, r, terminated))
_sample("wrong_field_order", fields=lambda self, s, a, r, next_s, terminated: (s, a, r, terminated, next_s))
_sample("wrong_field_order", fields=lambda self, s, a, r, next_s, terminated: (s, next_s, a, r, terminated))
_sample("wrong_count", count=lambda self, n_samples: n_samples - 1)
_sample("wrong_count", count=lambda self, n_samples: n_samples + 1)
_sample("wrong_count", drawn=lambda self, replay_buffer, count: replay_buffer)


@BANK.mistake("wrong_count")
def sample_batch(replay_buffer, n_samples):
    return random.choice(replay_buffer)


@BANK.mistake("whole_buffer_refused")
def sample_batch(replay_buffer, n_samples):
    return _Sample()(replay_buffer, n_samples) if len(replay_buffer) > n_samples else None


_sample("buffer_mutated", drawn=_shuffled)
_sample("buffer_mutated", drawn=_taken_away)
_sample("not_arrays", column=lambda self, values: list(values))


@BANK.mistake("transitions_not_fields")
def sample_batch(replay_buffer, n_samples):
    return random.choices(list(replay_buffer), k=n_samples)


_sample("consecutive_transitions", drawn=_consecutive)
_sample("last_transition_never", drawn=_all_but_the_last)
_sample(
    "next_state_is_state", fields=lambda self, s, a, r, next_s, terminated: (s, a, r, s.copy(), terminated)
)
_sample(
    "terminated_inverted", fields=lambda self, s, a, r, next_s, terminated: (s, a, r, next_s, ~terminated)
)
_sample("wrong_field_count", fields=lambda self, s, a, r, next_s, terminated: (s, a, r, next_s))
_sample("values_truncated", column=lambda self, values: np.array(values).astype(int))
_sample(
    "values_truncated",
    fields=lambda self, s, a, r, next_s, terminated: (s, a, r.astype(int), next_s, terminated),
)
_sample(
    "values_truncated",
    fields=lambda self, s, a, r, next_s, terminated: (s.astype(int), a, r, next_s.astype(int), terminated),
)
_sample(
    "values_truncated",
    fields=lambda self, s, a, r, next_s, terminated: (s.astype(int), a, r, next_s, terminated),
)
_sample(
    "wrong_shape",
    fields=lambda self, s, a, r, next_s, terminated: (s, a[:, None], r[:, None], next_s, terminated[:, None]),
)
_sample(
    "wrong_shape",
    fields=lambda self, s, a, r, next_s, terminated: (s, a, r, next_s, terminated[:, None]),
)
_sample("batch_of_one_collapsed", column=lambda self, values: np.array(values).squeeze())
_sample("wrong_field_order", fields=lambda self, s, a, r, next_s, terminated: (s, r, a, next_s, terminated))
_sample("wrong_field_order", fields=lambda self, s, a, r, next_s, terminated: (next_s, a, r, s, terminated))
