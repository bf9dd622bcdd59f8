"""Wrong versions of `select_action_eps_greedy`."""

import random

import numpy as np

from ac_helpers.reference.actor_critic import to_tensor
from ac_helpers.reference.bank import Bank, InPieces

BANK = Bank()


class _EpsGreedy(InPieces):
    """The right rule in pieces; a mistake replaces some of them."""

    __name__ = "select_action_eps_greedy"

    def converted(self, state):
        return to_tensor(state)

    def generator(self):
        return random

    def explores(self, drawn, epsilon):
        return drawn < epsilon

    def any_of(self, generator, q_values, state):
        return generator.randrange(len(q_values))

    def best_of(self, q_values):
        return q_values.argmax()

    def number(self, best):
        return int(best)

    def returned(self, action, q_values):
        return action

    def __call__(self, Q, state, epsilon):
        q_values, generator = Q(self.converted(state)), self.generator()
        if self.explores(generator.random(), epsilon):
            return self.returned(self.any_of(generator, q_values, state), q_values)
        return self.returned(self.number(self.best_of(q_values)), q_values)


_rule = BANK.in_pieces(_EpsGreedy())


def _any_but_the_best(self, generator, q_values, state):
    best = int(q_values.argmax())
    return generator.choice([action for action in range(len(q_values)) if action != best])


def _any_by_numpy(self, generator, q_values, state):
    return int(generator.integers(len(q_values)))


def _sampled(self, q_values):
    return random.choices(range(len(q_values)), weights=q_values.softmax(-1).tolist())[0]


_rule("epsilon_inverted", explores=lambda self, drawn, epsilon: drawn > epsilon)
_rule("always_greedy", explores=lambda self, drawn, epsilon: False)
_rule("always_random", explores=lambda self, drawn, epsilon: True)
_rule("explores_without_greedy", any_of=_any_but_the_best)
_rule("argmin", best_of=lambda self, q_values: q_values.argmin())
_rule("last_action_never", any_of=lambda self, rng, q_values, state: rng.randrange(len(q_values) - 1))
_rule("not_int", number=lambda self, best: best)
_rule("not_int", number=lambda self, best: best.numpy())
_rule("not_int", number=lambda self, best: np.int64(best))
_rule("state_not_converted", converted=lambda self, state: state)
_rule("first_action_never", any_of=lambda self, rng, q_values, state: rng.randrange(1, len(q_values)))
_rule("seed_fixed", generator=lambda self: random.Random(0))
_rule("seed_fixed", generator=lambda self: np.random.default_rng(0), any_of=_any_by_numpy)
_rule("seed_fixed", generator=lambda self: np.random.default_rng(42), any_of=_any_by_numpy)
_rule("n_actions_hardcoded", any_of=lambda self, rng, q_values, state: rng.randrange(2))
_rule("n_actions_hardcoded", any_of=lambda self, rng, q_values, state: rng.randrange(1))
_rule("epsilon_wrong_probability", explores=lambda self, drawn, epsilon: drawn < epsilon * (2 - epsilon))
_rule("epsilon_wrong_probability", explores=lambda self, drawn, epsilon: drawn < epsilon**2)
_rule("epsilon_wrong_probability", explores=lambda self, drawn, epsilon: drawn < epsilon / 2)
_rule("epsilon_wrong_probability", explores=lambda self, drawn, epsilon: random.gauss(0, 1) < epsilon)
_rule("epsilon_wrong_probability", explores=lambda self, drawn, epsilon: abs(random.gauss(0, 1)) < epsilon)
_rule("samples_instead_of_argmax", best_of=_sampled)
_rule("action_out_of_range", any_of=lambda self, rng, q_values, state: rng.randint(0, len(q_values)))
_rule("argmax_of_abs", best_of=lambda self, q_values: q_values.abs().argmax())
_rule("not_int", returned=lambda self, action, q_values: [float(k == action) for k in range(len(q_values))])
_rule("not_int", returned=lambda self, action, q_values: (action, float(q_values[action])))
_rule("action_out_of_range", returned=lambda self, action, q_values: action + 1)
_rule("returns_q_value", best_of=lambda self, q_values: q_values.max())
_rule("n_actions_from_state", any_of=lambda self, rng, q_values, state: rng.randrange(len(state)))
_rule("max_from_zero", best_of=lambda self, q_values: q_values.clamp(min=0).argmax())
_rule("best_of_all_but_last", best_of=lambda self, q_values: q_values[:-1].argmax())
