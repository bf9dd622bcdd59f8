"""Questions about `compute_td_loss`: its value and its gradient for a network with known weights."""

from __future__ import annotations

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking.agents import N_ACTIONS, NETWORKS, STATE_DIM
from ac_helpers.asking.known import draw_weights, tables
from ac_helpers.asking.td_loss import ask_also_one, ask_gradient, ask_regularizer, ask_value
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question

BATCH = 7
"""With twice as many states a student's own network, however narrow, can still be given prescribed values."""

LEAST_LOG_PROB = -6.0
"""No action is so rare that it would not be seen where a policy is only known by its samples."""


def make_transitions(rng: np.random.Generator) -> Data:
    """A batch as `sample_batch` returns it; nothing in it is terminal."""
    return _make(rng, np.zeros(BATCH, dtype=bool))


def make_terminal(rng: np.random.Generator) -> Data:
    return _make(rng, np.ones(BATCH, dtype=bool))


def make_mixed(rng: np.random.Generator) -> Data:
    """Two transitions are terminal; the others are enough for samples of next actions to differ."""
    return _make(rng, rng.permutation(np.arange(BATCH) % 3 == 1))


def _make(rng: np.random.Generator, terminateds: np.ndarray) -> Data:
    """A batch with errors on both sides of one, where a clipped error shows, and values whose mean does.

    With other rewards the same is asked again: a wrong loss that is right by chance is not so twice. They are
    large, which shows in clipped errors as well.
    """
    while True:
        question = _make_any(rng, terminateds)
        sizes = np.abs(_errors(question))
        has_sizes = sizes.min() < 0.8 and sizes.max() > 1.5
        far = abs(_values(question).mean()) > LEAST_MEAN_VALUE
        if has_sizes and far and _next_actions_tell(question):
            other_rewards = rng.choice([-1, 1], BATCH) * rng.uniform(12, 25, BATCH)
            return question | {"other_rewards": other_rewards}


def _make_any(rng: np.random.Generator, terminateds: np.ndarray) -> Data:
    """The errors have a mean far from zero, or what is added to every target might not change the loss."""
    states, next_states = rng.normal(size=(2, BATCH, STATE_DIM)).astype(np.float32)
    weights = draw_weights(rng, STATE_DIM, N_ACTIONS)
    while tables(weights, np.concatenate([states, next_states]))[0].min() < LEAST_LOG_PROB:
        weights = draw_weights(rng, STATE_DIM, N_ACTIONS)
    question = {
        "weights": weights,
        "gamma": float(np.round(rng.uniform(0.6, 0.9), 3)),
        "states": states,
        "actions": rng.permutation(np.arange(BATCH) % N_ACTIONS),
        "rewards": rng.normal(1, 2, size=BATCH),
        "next_states": next_states,
        "terminateds": terminateds,
        "script": rng.integers(0, N_ACTIONS, size=31),
    }
    question["rewards"] += _errors(question).mean() - rng.choice([-MEAN_ERROR, MEAN_ERROR])
    return question


OF_LOSSES = 1e-4
"""How far a loss may be off, in parts of it: a hundred times what float32 leaves, and little enough for a
wrong loss not to be that near by chance."""

MEAN_ERROR = 3.0

LEAST_MEAN_VALUE = 0.6
"""So far from zero is the mean of Q(s,a), that a tenth of it cannot be overlooked in a loss."""


def _values(question: Data) -> np.ndarray:
    """Q(s,a) of every transition."""
    _, q_values = tables(question["weights"], question["states"])
    return q_values[np.arange(BATCH), question["actions"]]


MOST_OFTEN_BEST = 0.05
"""With this probability at most a sample of next actions has the policy's best one everywhere."""


def _next_actions_tell(question: Data) -> bool:
    """Whether next actions that are best, by Q or by the policy, are other than those taken or sampled."""
    goes_on = ~question["terminateds"]
    if not goes_on.any():
        return True
    of_next = tables(question["weights"], question["next_states"])
    log_probs, next_q_values = (table[goes_on] for table in of_next)
    taken = question["actions"][goes_on]
    taken_is_best = any((table.argmax(-1) == taken).all() for table in (log_probs, next_q_values))
    return not taken_is_best and bool(log_probs.max(-1).sum() < np.log(MOST_OFTEN_BEST))


def _errors(question: Data) -> np.ndarray:
    """Q(s,a) minus the target, for every transition."""
    log_probs, next_q_values = tables(question["weights"], question["next_states"])
    next_values = (np.exp(log_probs) * next_q_values).sum(-1)
    target = question["rewards"] + question["gamma"] * (1 - question["terminateds"]) * next_values
    return _values(question) - target


def make_regularized(rng: np.random.Generator) -> Data:
    return make_mixed(rng) | {"regularizer": float(np.round(rng.uniform(0.3, 0.9), 2))}


def always_one_number(question: Data, answer: Data) -> Data:
    """A loss may keep axes of length one; a loss for every transition is no scalar."""
    described: Data = {}
    for name, values in answer.items():
        numbers = np.array([value.reshape(-1)[0] for value in values if value.size == 1])
        one = len(numbers) == len(values)
        described[f"{name}_shape"] = [] if one else list(values[0].shape)
        described[f"{name}_varies"] = one and not np.allclose(numbers, numbers[0], rtol=1e-4, atol=1e-5)
        described[name] = float(numbers[0]) if one and not described[f"{name}_varies"] else 0.0
    return described


def describe_also_one(question: Data, answer: Data) -> Data:
    """Beside both losses that of a batch with one transition, where the others are single numbers."""
    described = always_one_number(question, {name: answer[name] for name in ("loss", "other_loss")})
    one, is_one = answer["one"], described["loss_shape"] == [] and not described["loss_varies"]
    number = float(one.reshape(-1)[0]) if is_one and one is not None and one.size == 1 else 0.0
    return described | {"one_error": answer["one_error"] if is_one else None, "one": number}


def describe_regularizer(question: Data, answer: Data) -> Data:
    losses = {name: values for name, values in answer.items() if name.startswith("loss")}
    described, gradient = always_one_number(question, losses), answer["gradient_of_regularizer"]
    varies = described["loss_given_varies"]
    return described | {"gradient_of_regularizer": np.zeros_like(gradient) if varies else gradient}


def always_the_same(question: Data, answer: Data) -> Data:
    """Gradients by state [S, n]; zeros if they differ from call to call."""
    gradients = {name: np.array(answer[name]) for name in ("q_gradient", "logit_gradient")}
    varies = any(not np.allclose(part, part[:1], rtol=1e-3, atol=1e-4) for part in gradients.values())
    return {
        "kind": answer["kind"],
        "gradient_varies": varies,
        "body_moves": answer["body_moves"] and not varies,
        **{name: np.zeros_like(part[0]) if varies else part[0] for name, part in gradients.items()},
    }


_GRADIENTS = {name: Close(rtol=1e-3, atol=1e-4) for name in ("q_gradient", "logit_gradient")}

_LOSS = {"loss": Close(OF_LOSSES), "other_loss": Close(OF_LOSSES)}

_LOSSES = {
    "loss_default": Close(OF_LOSSES),
    "loss_given": Close(OF_LOSSES),
    "gradient_of_regularizer": Close(rtol=1e-3, atol=1e-4),
}


def _of_regularizer(got: np.ndarray, expected: np.ndarray) -> str | None:
    if np.isnan(got).any():
        return "loss_not_tensor"
    return None if got.any() else "regularizer_detached"


def _of_logits(got: np.ndarray, expected: np.ndarray) -> str | None:
    return "target_not_detached" if got.any() else None


_SYMPTOMS = {"loss_shape": "loss_not_reduced", "loss_varies": "sampled_target"}

PROBE = Probe(
    id="test_td_loss",
    solution="actor_critic_agent",
    defines=("ActorCriticAgent",),
    methods=("compute_td_loss",),
    questions=(
        Question(
            "value",
            0.8,
            make_transitions,
            ask_value,
            _LOSS,
            always_one_number,
            repairs=NETWORKS,
            symptoms=_SYMPTOMS,
        ),
        Question(
            "terminal",
            0.3,
            make_terminal,
            ask_value,
            _LOSS,
            always_one_number,
            repairs=NETWORKS,
            symptoms={"loss_shape": "loss_not_reduced", "loss_varies": "q_of_wrong_action"},
        ),
        Question(
            "mixed",
            0.2,
            make_mixed,
            ask_also_one,
            _LOSS | {"one": Close(OF_LOSSES)},
            describe_also_one,
            repairs=NETWORKS,
            symptoms=_SYMPTOMS,
        ),
        Question(
            "regularizer",
            0.2,
            make_regularized,
            ask_regularizer,
            _LOSSES,
            describe_regularizer,
            repairs=NETWORKS,
            symptoms={
                "loss_default_shape": "loss_not_reduced",
                "loss_default_varies": "sampled_target",
                "gradient_of_regularizer": _of_regularizer,
            },
        ),
        Question(
            "gradient",
            0.5,
            make_mixed,
            ask_gradient,
            _GRADIENTS,
            always_the_same,
            repairs=NETWORKS,
            symptoms={
                "kind": "loss_not_tensor",
                "gradient_varies": "sampled_target",
                "body_moves": "q_detached",
                "logit_gradient": _of_logits,
            },
        ),
    ),
)
