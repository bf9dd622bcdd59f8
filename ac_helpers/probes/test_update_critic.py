"""Questions about `update_critic`: how many batches, how large, and what comes back.

Where calls could not be watched, results have to do: the mean loss over n batches of B transitions of two
kinds tells how many of the n * B were of the second kind. Over many calls these counts give n * B away.
"""

from __future__ import annotations

from math import gcd
from typing import Any

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.agents import (
    INIT,
    N_ACTIONS,
    NETWORKS,
    OWN,
    STATE_DIM,
)
from ac_helpers.asking.known import draw_weights, tables
from ac_helpers.asking.update_critic import (
    APPENDED,
    BUFFER,
    OWN_LOSS,
    REGULARIZER,
    UNWATCHED,
    ask_small,
    ask_updates,
    kinds_of,
)
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question

REPAIRS = (
    f"{UNWATCHED} {APPENDED}",
    f"{UNWATCHED} {APPENDED} {OWN_LOSS}",
    INIT,
    OWN,
    UNWATCHED,
    f"{UNWATCHED} {OWN_LOSS}",
    f"{UNWATCHED} {OWN_LOSS} {OWN}",
)

BATCH_SIZES, N_UPDATES, EXTRA = (15, 17, 18, 21, 22, 25, 26), (5, 7, 9), (2, 3, 4, 5)
"""Numbers that nobody writes into the code instead of the arguments, never the same for both, and how much
more of both is asked for the second time."""

NOT_THE_MEAN = 0.1
"""How far the median and the like are from the mean of losses, at least."""

FROM_HALF = 0.15
"""How far the share of a kind may be from a half: ten standard errors of 61 calls with 20 draws each. Who
draws from a part of the buffer meets one kind more often than the other."""


def make_updates(rng: np.random.Generator) -> Data:
    """Prepared batches, and the loss that each of them will be said to have.

    Of both kinds of transition all losses that they may get are clearly different ones.
    """
    while True:
        question = _make_updates(rng)
        apart = min(abs(np.diff(of_kind)[0]) for of_kind, _ in _losses_of_kinds(question)) >= 1
        if apart and all(_tell_apart(question["losses"][:n]) for n in _taken(question)):
            return question


def _taken(question: Data) -> tuple[int, int]:
    """How many losses are taken, the first time and the second."""
    return question["n_updates"], question["n_updates"] + question["extra"]


def _tell_apart(losses: np.ndarray) -> bool:
    """Whether neither the first loss nor the last is in the middle or at an end, nor a middle the mean."""
    lower, upper = np.sort(losses)[[(len(losses) - 1) // 2, len(losses) // 2]]
    ends = losses.min(), losses.max()
    middles = np.array([lower, upper, (lower + upper) / 2, sum(ends) / 2])
    ends_tell = {losses[0], losses[-1]}.isdisjoint({*middles.tolist(), *ends})
    return bool(ends_tell and np.abs(middles - losses.mean()).min() > NOT_THE_MEAN)


def _make_updates(rng: np.random.Generator) -> Data:
    return {
        "weights": draw_weights(rng, STATE_DIM, N_ACTIONS),
        "states": rng.normal(size=(20, STATE_DIM)).astype(np.float32),
        "losses": rng.uniform(1, 9, size=max(N_UPDATES) + max(EXTRA)).round(3),
        "rewards": rng.permutation([-2.0, 5.0]) + rng.uniform(-1, 1, size=2).round(2),
        "batch_size": int(rng.choice(BATCH_SIZES)),
        "n_updates": int(rng.choice(N_UPDATES)),
        "extra": int(rng.choice(EXTRA)),
    }


def _seen_in_results(question: Data, answer: Data) -> bool:
    """Whether losses and gradient are those of the mean over n batches of B transitions."""
    draws = question["n_updates"] * question["batch_size"]
    return any(_fits(question, answer, draws, *losses) for losses in _losses_of_kinds(question))


GAMMA = 0.9
"""The discount of an agent that is asked."""


def _losses_of_kinds(question: Data) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """The loss of either kind of transition and its derivative in Q: by the TD error, and by the stand-in."""
    states, actions, rewards, next_states, terminateds = map(np.array, zip(*kinds_of(question), strict=True))
    q = tables(question["weights"], states)[1][np.arange(2), actions]
    log_probs, next_q = tables(question["weights"], next_states)
    errors = q - rewards - GAMMA * ~terminateds * (np.exp(log_probs) * next_q).sum(-1)
    own = errors**2 + REGULARIZER * q, 2 * errors + REGULARIZER
    return own, (q + rewards, np.ones(2))


def _fits(question: Data, answer: Data, draws: int, of_kind: np.ndarray, slopes: np.ndarray) -> bool:
    shares = (np.append(answer["losses"], answer["last"]) - of_kind[0]) / (of_kind[1] - of_kind[0])
    counts = _counts(shares, draws)
    if counts is None:
        return False
    divisor = gcd(draws, *(int(count) for count in counts))
    gradient = np.zeros_like(answer["q_gradient"])
    states = np.unique(question["states"][:4], axis=0)
    for (state, action, *_), slope, share in zip(
        kinds_of(question), slopes, (1 - shares[-1], shares[-1]), strict=True
    ):
        gradient[(states == state).all(1), action] = slope * share
    return (
        divisor == 1
        and answer["left"] == BUFFER
        and len(np.unique(counts)) > 1
        and abs(shares.mean() - 0.5) < FROM_HALF
        and np.allclose(answer["q_gradient"], gradient, rtol=1e-2, atol=1e-2)
    )


def _counts(shares: np.ndarray, draws: int) -> np.ndarray | None:
    """How many of so many draws make these shares; None where no whole numbers do."""
    counts = np.round(shares * draws)
    whole = np.allclose(shares * draws, counts, atol=0.01) and counts.min() >= 0 and counts.max() <= draws
    return counts if whole else None


def batches_by_default(question: Data, answer: Data) -> int | None:
    """How many batches are taken where nobody says; results only tell one from more."""
    by_default = answer["by_default"]
    if by_default is None or "watched" in answer:
        return by_default
    for of_kind, _ in _losses_of_kinds(question):
        shares = (by_default - of_kind[0]) / (of_kind[1] - of_kind[0])
        if _counts(shares, question["batch_size"]) is not None:
            return 1
    return None


def as_watched(question: Data, answer: Data) -> list[Data]:
    """What was watched; results that can only come of right calls stand for these calls.

    Raises:
        ValueError: the results are others, and do not say what was called.
    """
    if "watched" in answer:
        return answer["watched"]
    if not _seen_in_results(question, answer):
        raise ValueError("results that tell nothing of the calls")
    return [_right_calls(question, extra) for extra in (0, question["extra"])]


def _right_calls(question: Data, extra: int) -> Data:
    n_updates, batch_size = question["n_updates"] + extra, question["batch_size"] + extra
    losses = np.resize(question["losses"], n_updates)
    return {
        "draws": n_updates,
        "loss_sizes": [batch_size] * n_updates,
        "in_order": True,
        "each_once": True,
        "regularizers": [REGULARIZER],
        "drawn_from": [BUFFER],
        "left": BUFFER,
        "kind": "torch.Tensor",
        "loss": losses.mean(),
        "gradient": losses.mean(),
    }


def describe_loss(question: Data, answer: Data) -> Data:
    """Loss and gradient as multiples of the mean over the batches that were taken, however many these are."""
    call = as_watched(question, answer)[0]
    loss, gradient = call["loss"], call.get("gradient")
    scalar = loss is not None and np.size(loss) == 1
    mean = float(np.resize(question["losses"], max(1, len(call["loss_sizes"]))).mean())
    of_mean = float(np.reshape(loss, -1)[0]) / mean if scalar else 0.0
    moved = float(gradient) / mean if gradient is not None else 0.0
    return {
        "kind": call["kind"],
        "scalar": scalar,
        "partly_without_gradient": 0 <= moved < 0.99 * of_mean,
        "other_the_second_time": _is_other(call, answer.get("again", call)),
        "loss": of_mean,
        "gradient": moved,
        "regularizer": call["regularizers"],
    }


def _is_other(first: Data, second: Data | None) -> bool:
    """Whether a second call of the same agent gave another loss or gradient, or none."""
    if second is None:
        return True
    return any(not _are_same(first.get(name), second.get(name)) for name in ("loss", "gradient"))


def _are_same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return np.shape(one) == np.shape(other) and np.allclose(one, other)


def describe_calls(question: Data, answer: Data) -> Data:
    calls = as_watched(question, answer)
    return {
        "by_default": batches_by_default(question, answer),
        "batches": [len(call["loss_sizes"]) for call in calls],
        "draws": [call["draws"] for call in calls],
        "each_once": all(call["each_once"] for call in calls if call["in_order"]),
        "drawn_from": calls[0]["drawn_from"],
        "left": calls[0]["left"],
        "seed_set": answer.get("seed_set", False),
    }


def describe_sizes(question: Data, answer: Data) -> Data:
    calls = as_watched(question, answer)
    return {
        "sizes": [sorted(set(call["loss_sizes"])) for call in calls],
        "in_order": all(call["in_order"] for call in calls),
    }


def describe_small(question: Data, answer: Data) -> Data:
    """The first of both that is not as it should be tells what is wrong."""
    found = [
        {
            "error": one["error"],
            "kind": one["kind"],
            "zero": one["value"] is not None and one["value"].size == 1 and not one["value"].any(),
            "moves_the_network": one["moved"],
        }
        for one in answer["too_few"]
    ]
    right = {"error": "", "kind": "torch.Tensor", "zero": True, "moves_the_network": False}
    return {
        **next((one for one in found if one != right), right),
        "exactly_enough": answer["exactly_enough"],
        "enough_for_several": answer["enough_for_several"],
    }


def _of_count(got: list[int], expected: list[int]) -> str | None:
    if got[0] == got[1]:
        return "critic_updates_ignored"
    return "off_by_one" if {abs(g - e) for g, e in zip(got, expected, strict=True)} == {1} else None


def _of_draws(got: list[int], expected: list[int]) -> str | None:
    return "same_minibatch" if got == [1, 1] else None


def _of_kind(got: str, expected: str) -> str | None:
    return "critic_returns_none" if got == "NoneType" else "critic_loss_not_tensor"


_LOSS_RULES = {"loss": Close(), "gradient": Close()}

PROBE = Probe(
    id="test_update_critic",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    methods=("update_critic",),
    questions=(
        Question(
            "small_buffer",
            0.25,
            make_updates,
            ask_small,
            {},
            describe_small,
            repairs=(APPENDED, *NETWORKS),
            symptoms=dict.fromkeys(
                ("error", "kind", "zero", "moves_the_network", "exactly_enough", "enough_for_several"),
                "critic_small_buffer",
            ),
            beside=("batches", "batch_size", "loss"),
        ),
        Question(
            "batches",
            0.25,
            make_updates,
            ask_updates,
            {},
            describe_calls,
            repairs=REPAIRS,
            symptoms={
                "batches": _of_count,
                "draws": _of_draws,
                "each_once": "same_minibatch",
                "left": "buffer_mutated",
                "drawn_from": "wrong_buffer",
                "seed_set": "seed_fixed",
            },
        ),
        Question(
            "batch_size",
            0.2,
            make_updates,
            ask_updates,
            {},
            describe_sizes,
            repairs=REPAIRS,
            symptoms={"sizes": "critic_batch_size_ignored", "in_order": "wrong_field_order"},
        ),
        Question(
            "loss",
            0.3,
            make_updates,
            ask_updates,
            _LOSS_RULES,
            describe_loss,
            repairs=REPAIRS,
            symptoms={
                "kind": _of_kind,
                "scalar": "loss_not_reduced",
                "partly_without_gradient": "critic_loss_detached",
                "other_the_second_time": "state_kept",
            },
        ),
    ),
)
