"""Questions about `update_actor`: where its loss moves the logits, and what it must not move.

Every action is taken exactly as often as the policy would take it, in every state. The sum of the scores
`grad ln pi(a|s)` is then zero state by state, so that no baseline, whether of the batch or of the state,
changes the gradient; its length is left out of the comparison, because any positive scale is right.

One question is put the other way round: in every state one action only is taken, under a uniform policy.
Whatever the weights are, the gradient on the logits of that state is then a multiple of `pi - onehot(a)`.
"""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.agents import INIT, N_ACTIONS, OWN, STATE_DIM
from ac_helpers.asking.known import draw_weights, tables
from ac_helpers.asking.update_actor import ACT, PLAIN, ask_gradient, ask_one_sided
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question, Symptom

N_STATES = 4

REPAIRS = (ACT, f"{ACT} {PLAIN}", f"{INIT} {ACT}", f"{INIT} {ACT} {PLAIN}", OWN, f"{OWN} {ACT}")

SAME_DIRECTION = 0.02
"""How far the entries of two unit vectors may differ."""

SKEWED_DIRECTION = 0.07
"""The same where an entropy bonus has its share in the direction; `make_skewed` says what lies beyond."""

SAME_ANSWER = 2e-3
"""The same for one question that was asked twice: what hangs on the steps that were taken does not change."""

NEGLIGIBLE, MOVES = 1e-3, 1e-8
"""What rounding leaves is a smaller part of a gradient; and how large one is that moves anything."""

ALONG_THE_POLICY = 1e-2
"""How much of a gradient may point elsewhere than right weights move the logits of any network."""

BELOW_ZERO = 0.2
"""How far the mean of all values is below zero where its sign has to be told."""

NOT_RARE = 0.05
"""How likely the actions taken are under any network that is asked."""


def _make(rng: np.random.Generator, shares: tuple[int, ...], values: np.ndarray, spread: float) -> Data:
    """A policy with these shares in every state, and steps in which each action occurs by its share.

    The critic's values are the given ones and differ between states by about `spread`.
    """
    weights = draw_weights(rng, STATE_DIM, N_ACTIONS)
    weights["actor_weight"] = np.zeros_like(weights["actor_weight"])
    # Logits that are no log-probabilities by themselves: the head is not to be taken for a log-softmax.
    weights["actor_bias"] = np.log(np.array(shares) / sum(shares)) + 0.8
    weights["critic_weight"] *= spread
    weights["critic_bias"] = values
    order = rng.permutation(N_STATES * sum(shares))
    actions = np.tile(np.repeat(np.arange(N_ACTIONS), shares), N_STATES)
    # What is left out at either end has to show: the first action is the best and the last the worst.
    ends = [
        int(np.flatnonzero(actions[order] == extreme)[0]) for extreme in (values.argmax(), values.argmin())
    ]
    order = np.concatenate([order[ends[:1]], np.delete(order, ends), order[ends[1:]]])
    actions = actions[order]
    states = rng.normal(size=(N_STATES, STATE_DIM)).astype(np.float32)
    return {
        "weights": weights,
        "states": np.repeat(states, sum(shares), axis=0)[order],
        "actions": actions,
        "script": np.concatenate([actions, _others(values)[actions]]),
    }


def _others(values: np.ndarray) -> np.ndarray:
    """Which action [n] whoever asks the network anew gets in place of each: the next best, or the best.

    The most frequent action, the best, is hardly ever taken then; the other way round the right direction
    would be met too nearly.
    """
    by_value = np.argsort(-values)
    others = np.empty_like(by_value)
    others[by_value] = np.roll(by_value, -1)
    return others


def make_one_sided(rng: np.random.Generator) -> Data:
    """A uniform policy, three steps in every state and all of them with the same action."""
    question = make_uniform(rng)
    states = np.unique(question["states"], axis=0)
    actions = np.repeat(rng.permutation([0, 1, 2, int(rng.integers(N_ACTIONS))]), 3)
    taken = states, actions[::3]
    anything = draw_weights(rng, STATE_DIM, N_ACTIONS)
    while not (_ranks_differ(anything, *taken) and _tells(anything, *taken)):
        anything = draw_weights(rng, STATE_DIM, N_ACTIONS)
    other_critic = _draw_critic(rng)
    while not _is_another(question["weights"], question["weights"] | other_critic, *taken):
        other_critic = _draw_critic(rng)
    return question | {
        "states": np.repeat(states, 3, axis=0),
        "actions": actions,
        "script": np.concatenate([actions, (actions + 1) % N_ACTIONS]),
        "other_critic": other_critic,
        "anything": anything,
    }


def _tells(anything: Data, states: np.ndarray, actions: np.ndarray) -> bool:
    """Whether no action taken [S] is rare, and a second softmax moves the logits clearly elsewhere.

    It moves them along `pi * (d - sum(pi * d))` with `d = softmax(pi) - onehot(a)`, by the derivative of the
    softmax; weights are the values, as they are or with their mean taken off.
    """
    log_probs, q_values = tables(anything, states)
    probs, taken = np.exp(log_probs), np.eye(N_ACTIONS)[actions]
    scores = np.exp(probs) / np.exp(probs).sum(-1, keepdims=True) - taken
    scores = probs * (scores - (probs * scores).sum(-1, keepdims=True))
    values = (q_values * taken).sum(-1, keepdims=True)
    twice = [weights * scores for weights in (values, values - values.mean())]
    rests = [np.abs(one - _along(one, probs - taken)).max() / np.abs(one).max() for one in twice]
    return bool((probs * taken).sum(-1).min() >= NOT_RARE and min(rests) >= 2 * ALONG_THE_POLICY)


def _draw_critic(rng: np.random.Generator) -> Data:
    drawn = draw_weights(rng, STATE_DIM, N_ACTIONS)
    return {name: drawn[name] for name in ("critic_weight", "critic_bias")}


def _ranks_differ(weights: Data, states: np.ndarray, actions: np.ndarray) -> bool:
    """Whether the actions taken [S] are not the best everywhere, nor everywhere the worst or in between.

    Where they are, whoever takes the best value of the state, or the median, for a baseline is left nothing.
    """
    values = tables(weights, states)[1]
    ranks = (values > values[np.arange(len(states)), actions, None]).sum(-1)
    return bool(np.ptp(ranks) > 0)


def _is_another(one: Data, other: Data, states: np.ndarray, actions: np.ndarray) -> bool:
    """Whether another critic differs where it matters to who looks at signs or at the best step alone.

    It does not if the same values of the actions taken in the states [S] are above the mean, or one is best.
    """
    values = np.array(
        [tables(weights, states)[1][np.arange(len(states)), actions] for weights in (one, other)]
    )
    above = values > values.mean(-1, keepdims=True)
    alike = (above[0] == above[1]).all() or values[0].argmax() == values[1].argmax()
    return not alike and _ranks_differ(other, states, actions)


def _belongs_together(question: Data, shares: tuple[int, ...], tolerance: float) -> bool:
    """Whether states or weights in another order, backwards or one further, point clearly elsewhere."""
    states, places = np.unique(question["states"], axis=0, return_inverse=True)
    actions, places = question["actions"], places.ravel()
    values = tables(question["weights"], states)[1][places, actions]
    scores = np.array(shares) / sum(shares) - np.eye(N_ACTIONS)[actions]

    def unit(at: np.ndarray, weights: np.ndarray) -> np.ndarray:
        gradient = np.zeros((len(states), N_ACTIONS))
        np.add.at(gradient, at, weights[:, None] * scores)
        return gradient / np.linalg.norm(gradient)

    right = unit(places, values)
    others = [
        wrong
        for weights in (values, values - values.mean())
        for turn in (lambda row: row[::-1], lambda row: np.roll(row, 1), lambda row: np.roll(row, -1))
        for wrong in (unit(turn(places), weights), unit(places, turn(weights)))
    ]
    return min(float(np.abs(other - right).max()) for other in others) > 2 * tolerance


def make_uniform(rng: np.random.Generator) -> Data:
    """Values whose mean differs from state to state: a baseline must not be taken for the policy's own.

    The mean of all is below zero, elsewhere above: whoever divides by it turns the loss round.
    """
    shares = (1, 1, 1)
    while True:
        question = _make(rng, shares, rng.permutation([-4.0, -0.5, 3.0]), spread=0.3)
        _, values = tables(question["weights"], np.unique(question["states"], axis=0))
        centred, right = values - values.mean(), values - values.mean(-1, keepdims=True)
        apart = np.abs(centred / np.linalg.norm(centred) - right / np.linalg.norm(right)).max()
        is_told = apart > 2 * SAME_DIRECTION and values.mean() < -BELOW_ZERO
        if is_told and _belongs_together(question, shares, SAME_DIRECTION):
            return question


def make_skewed(rng: np.random.Generator) -> Data:
    """Shares and values for which wrong weights point clearly elsewhere, whatever the baseline is.

    For probabilities in place of their logarithms, for signs, squashed and clipped values and for entropy
    alone the unit vectors differ by 0.086 in one entry at least. The tolerance is less, and leaves room for
    an entropy bonus.
    """
    order = rng.permutation(N_ACTIONS)
    shares = tuple(int(share) for share in np.array([5, 3, 1])[order])
    values = np.array([4.0, 3.0, -4.0])[order]
    while True:
        question = _make(rng, shares, values, spread=0.01)
        if _belongs_together(question, shares, SKEWED_DIRECTION):
            return question


def directions(question: Data, answer: Data) -> Data:
    """Where the gradient on the logits [S, n] points."""
    units = [_unit(*pair) for pair in zip(answer["logit_gradient"], answer["loss"], strict=True)]
    varies = not np.allclose(units[0], units[1], atol=SAME_ANSWER)
    return {
        "kind": answer["kind"][0],
        "scalar": all(loss.size == 1 for loss in answer["loss"]),
        "direction_varies": varies,
        "policy_moves": bool(units[0].any() or units[1].any()),
        "direction": np.zeros_like(units[0]) if varies else units[0],
    }


def describe_one_sided(question: Data, answer: Data) -> Data:
    """What each state's gradient says of the weights: its multiple of `pi - onehot(a)`, and what is over.

    Whoever takes the expectation over all actions in place of the one that was taken has no such multiple;
    that gradient is known exactly.
    """
    states = np.unique(question["states"], axis=0)
    taken = [question["actions"][(question["states"] == state).all(1)][0] for state in states]
    scores = 1 / N_ACTIONS - np.eye(N_ACTIONS)[taken]
    gradients = np.array(answer["logit_gradient"][:2])
    weights = (gradients * scores).sum(-1) / (scores**2).sum(-1)
    rest = gradients - _along(gradients, scores)
    size = np.abs(gradients).max()
    nothing = NEGLIGIBLE * max(size, MOVES)
    return {
        "kind": answer["kind"][0],
        "loss_zero": all(not loss.any() for loss in answer["loss"]),
        "policy_moves": bool(size > MOVES),
        # Under the uniform policies nothing reaches the body, because their logits hang on no feature.
        "body_moves": answer["body_moves"][2],
        "critic_moved": any(map(_moved, answer["q_gradient"], answer["logit_gradient"])),
        "zero_sum": bool(np.abs(gradients.sum(-1)).max() <= nothing),
        "only_through_actions_taken": bool(np.abs(rest).max() <= nothing)
        or _is_expectation(question, gradients),
        "through_the_policy": _follows_policy(question, answer, np.eye(N_ACTIONS)[taken]),
        "follows_q": not np.allclose(weights[0], weights[1], rtol=NEGLIGIBLE, atol=1e-6),
        "less_entropy": _lowers_entropy(question, answer["logit_gradient"][3]),
        "one_weight_for_all": bool(np.ptp(weights, axis=-1).max() <= NEGLIGIBLE * np.abs(weights).max()),
    }


def _follows_policy(question: Data, answer: Data, taken: np.ndarray) -> bool:
    """Whether the values move the logits of any network along `pi - onehot(a)`, or `pi * (Q - V)` for all a.

    The difference to the same network without values leaves an entropy bonus out.
    """
    log_probs, q_values = tables(question["anything"], np.unique(question["states"], axis=0))
    probs = np.exp(log_probs)
    gradient = answer["logit_gradient"][2] - np.nan_to_num(answer["logit_gradient"][3])
    advantages = q_values - (probs * q_values).sum(-1, keepdims=True)
    directions = (probs - taken, probs * advantages)
    rests = [np.abs(gradient - _along(gradient, direction)).max() for direction in directions]
    return bool(min(rests) <= ALONG_THE_POLICY * np.abs(gradient).max() + 1e-6)


def _along(gradient: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """The part of each state's gradient [S, n] that points along a direction or against it."""
    shares = (gradient * direction).sum(-1, keepdims=True) / (direction**2).sum(-1, keepdims=True)
    return shares * direction


def _lowers_entropy(question: Data, gradient: np.ndarray) -> bool:
    """Whether a step against the gradient [S, n] would make the policy less random, and do nothing else."""
    log_probs, _ = tables(question["anything"], np.unique(question["states"], axis=0))
    probs = np.exp(log_probs)
    entropy = -(probs * log_probs).sum(-1, keepdims=True)
    upwards = -probs * (log_probs + entropy)
    lengths = np.linalg.norm(gradient, axis=-1) * np.linalg.norm(upwards, axis=-1)
    return bool((lengths > MOVES).all() and ((gradient * upwards).sum(-1) > 0.999 * lengths).all())


def _is_expectation(question: Data, gradients: np.ndarray) -> bool:
    """Whether the gradients [2, S, n] are multiples of `pi * (Q - V)`, the sum over all actions.

    Mean Actor-Critic: Allen et al. 2017, arXiv:1709.00503, equation 5.
    """
    states = np.unique(question["states"], axis=0)
    critics = (question["weights"], question["weights"] | question["other_critic"])
    values = np.array([tables(weights, states)[1] for weights in critics])
    expected = (values - values.mean(-1, keepdims=True)) / N_ACTIONS
    scale = (gradients * expected).sum() / (expected**2).sum()
    return bool(np.abs(gradients - scale * expected).max() <= NEGLIGIBLE * np.abs(gradients).max())


def _moved(gradient: np.ndarray, compared_with: np.ndarray) -> bool:
    return bool(np.linalg.norm(gradient) > 1e-5 * max(1.0, float(np.linalg.norm(compared_with))))


def _unit(gradient: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """A vector of length one; zeros for a gradient that is no more than the rounding of its loss."""
    length, rounding = np.linalg.norm(gradient), 3e-6 * max(1.0, 5 * float(np.abs(loss).max(initial=0)))
    return np.round(gradient / length, 4) if length > rounding else np.zeros_like(gradient)


def _of_direction(got: np.ndarray, expected: np.ndarray) -> str | None:
    return "actor_loss_sign" if np.allclose(got, -expected, atol=SAME_DIRECTION) else None


def _of_kind(got: str, expected: str) -> str | None:
    return "actor_returns_none" if got == "NoneType" else "actor_loss_not_tensor"


def _of_moved(got: bool, expected: bool) -> str | None:
    return "actor_q_not_detached" if got else None


_DIRECTIONS: dict[str, Symptom] = {
    "kind": _of_kind,
    "scalar": "loss_not_reduced",
    "direction_varies": "log_prob_of_other_action",
    "direction": _of_direction,
}

_UNIFORM = {"direction": Close(0, SAME_DIRECTION)}

_SKEWED = {"direction": Close(0, SKEWED_DIRECTION)}

PROBE = Probe(
    id="test_update_actor",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    methods=("update_actor",),
    questions=(
        Question(
            "uniform",
            0.7,
            make_uniform,
            ask_gradient,
            _UNIFORM,
            directions,
            repairs=REPAIRS,
            symptoms=_DIRECTIONS,
        ),
        Question(
            "skewed",
            0.4,
            make_skewed,
            ask_gradient,
            _SKEWED,
            directions,
            repairs=REPAIRS,
            symptoms=_DIRECTIONS,
        ),
        Question(
            "one_sided",
            0.4,
            make_one_sided,
            ask_one_sided,
            {},
            describe_one_sided,
            repairs=REPAIRS,
            symptoms={
                "kind": _of_kind,
                "critic_moved": _of_moved,
                "follows_q": "actor_ignores_q",
                "less_entropy": "entropy_sign",
                "body_moves": "body_detached",
            },
        ),
    ),
)
