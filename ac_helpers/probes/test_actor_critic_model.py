"""Questions about `ActorCriticModel`: what `forward` and `evaluate` give, whatever the layers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.probes.plain import array
from ac_helpers.probes.rules import frequencies_agree
from ac_helpers.probes.spec import Data, Names, Probe, Question


def build(names: Names, question: Data, hidden_dims: Any = None) -> Any:
    """The student's model, its parameters shifted by known amounts: heads that start at zero differ, too."""
    n_actions = question["n_actions"]
    model = names["ActorCriticModel"](
        question["input_dim"], hidden_dims or tuple(question["hidden_dims"]), n_actions
    )
    with torch.no_grad():
        model.evaluate(torch.zeros(2, question["input_dim"]))  # lazy layers get their sizes
    shake(model, question["seed"], scale=0.3)
    return model


def shake(module: nn.Module, seed: int, scale: float) -> None:
    """Adds Gaussian noise to every parameter, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(scale * torch.randn(parameter.shape, generator=generator))


def make_model(rng: np.random.Generator) -> Data:
    return {
        "seed": int(rng.integers(2**31)),
        "input_dim": 4,
        "hidden_dims": [int(width) for width in rng.integers(6, 12, size=2)],
        "n_actions": 3,
        "states": rng.normal(size=(5, 4)).astype(np.float32),
    }


def ask_batch(names: Names, question: Data) -> Data:
    model, states = build(names, question), torch.tensor(question["states"])
    return _everything(model, states)


def _everything(model: Any, states: torch.Tensor) -> Data:
    action, log_prob, q = model(states)
    q_all = model.evaluate(states)
    return {"action": array(action), "log_prob": array(log_prob), "Q_s_a": array(q), "Q_s": array(q_all)}


def batch_shapes(question: Data, answer: Data) -> Data:
    actions = answer["action"]
    valid = (actions >= 0) & (actions < question["n_actions"]) & (actions == np.round(actions))
    return {
        **{name: list(values.shape) for name, values in answer.items()},
        "actions_valid": bool(valid.all()),
    }


def ask_single(names: Names, question: Data) -> Data:
    model = build(names, question)
    answers = [_everything(model, torch.tensor(state)) for state in question["states"]]
    return {name: np.stack([answer[name] for answer in answers]) for name in answers[0]}


def single_shapes(question: Data, answer: Data) -> Data:
    return {name: list(values.shape[1:]) for name, values in answer.items()}


def make_policy(rng: np.random.Generator) -> Data:
    return make_model(rng) | {"states": rng.normal(size=(3, 4)).astype(np.float32), "draws": 1500}


def ask_policy(names: Names, question: Data) -> Data:
    """Many draws from a batch that mixes the states and from batches of one state each.

    In a right model the rows of a batch know nothing of each other.
    """
    model, states = build(names, question), torch.tensor(question["states"])
    alone = [_draws(model, state.repeat(question["draws"] // 4, 1)) for state in states]
    mixed = _draws(model, states.repeat(question["draws"], 1))
    return {
        **mixed,
        "Q_s": array(model.evaluate(states)),
        "actions_alone": np.stack([draws["actions"] for draws in alone], axis=1),
        "log_probs_alone": np.stack([draws["log_probs"] for draws in alone], axis=1),
    }


def _draws(model: Any, states: torch.Tensor) -> Data:
    with torch.no_grad():
        action, log_prob, q = model(states)
    return {"actions": array(action), "log_probs": array(log_prob), "Q_s_a": array(q)}


def describe_policy(question: Data, answer: Data) -> Data:
    """What the draws say of the policy: are these its log-probabilities, and do the actions follow them."""
    n_states, n_actions = answer["Q_s"].shape[0], question["n_actions"]
    if answer["log_probs"].shape != answer["actions"].shape:
        return {"shape": list(answer["log_probs"].shape[1:])}
    actions = answer["actions"].reshape(-1, n_states)
    table = LogProbTable.of(actions, answer["log_probs"].reshape(-1, n_states), n_actions)
    alone = LogProbTable.of(answer["actions_alone"], answer["log_probs_alone"], n_actions)
    if (table.counts > 0).sum(1).max() == 1:
        return {"one_action_only": True}
    return {
        "one_action_only": False,
        "depends_on_the_batch": table.differs_from(alone),
        "one_value_per_action": table.spread < 1e-3,
        "probabilities_sum_to_one": table.sums_to_one(np.exp(table.values)),
        "values_sum_to_one": table.sums_to_one(table.values),
        "same_value_for_all_actions": table.same_for_all_actions(),
        "follows_log_probs": frequencies_agree(table.counts, np.exp(table.values)),
    }


@dataclass(frozen=True)
class LogProbTable:
    """What was seen in each state for each action: how often [S, n], the mean value [S, n], its spread."""

    counts: np.ndarray
    values: np.ndarray
    spread: float

    @classmethod
    def of(cls, actions: np.ndarray, values: np.ndarray, n_actions: int) -> LogProbTable:
        """From draws [N, S]; what was never drawn has the value -inf."""
        counts = np.zeros((actions.shape[1], n_actions), dtype=np.int64)
        table, spread = np.full(counts.shape, -np.inf), 0.0
        for state, action in np.ndindex(counts.shape):
            found = values[actions[:, state] == action, state]
            counts[state, action] = len(found)
            if len(found):
                table[state, action] = found.mean()
                spread = max(spread, float(np.ptp(found)))
        return cls(counts, table, spread)

    def sums_to_one(self, weights: np.ndarray) -> bool:
        """Whether the weights seen sum to one; an action that never came leaves room for its own."""
        sums = np.where(self.counts > 0, weights, 0).sum(1)
        complete = (self.counts > 0).all(1)
        return bool(np.where(complete, np.abs(sums - 1) < 1e-3, (sums > 0.5) & (sums < 1)).all())

    def same_for_all_actions(self, tolerance: float = 1e-5) -> bool:
        """Whether the value says nothing of which action was taken."""
        seen = self.counts > 0
        lowest = np.where(seen, self.values, np.inf).min(1)
        return bool((np.where(seen, self.values, -np.inf).max(1) - lowest < tolerance).all())

    def differs_from(self, other: LogProbTable, tolerance: float = 1e-3) -> bool:
        """Whether a value differs where both have seen the action, or a state has no action seen by both."""
        both = (self.counts > 0) & (other.counts > 0)
        if not both.any(1).all():
            return True
        return bool(
            (np.abs(np.where(both, self.values, 0) - np.where(both, other.values, 0)) > tolerance).any()
        )


def describe_q(question: Data, answer: Data) -> Data:
    q_all, actions = answer["Q_s"], answer["actions"]
    if answer["Q_s_a"].shape != actions.shape or q_all.shape[1:] != (question["n_actions"],):
        return {"shape": list(answer["Q_s_a"].shape[1:]), "evaluate_shape": list(q_all.shape[1:])}
    rows = np.tile(q_all, (len(actions) // len(q_all), 1))
    chosen = np.take_along_axis(rows, actions[:, None].astype(np.int64), 1)[:, 0]
    return {
        "q_of_the_action": bool(np.allclose(answer["Q_s_a"], chosen, rtol=1e-3, atol=1e-4)),
        "q_of_the_best": bool(np.allclose(answer["Q_s_a"], rows.max(1), rtol=1e-3, atol=1e-4)),
    }


def ask_body(names: Names, question: Data) -> Data:
    """Policy and Q before and after each part of the network is shifted."""
    model, states = build(names, question), torch.tensor(question["states"])
    start = {name: value.clone() for name, value in model.state_dict().items()}
    answer: Data = {}
    for part in ("nothing", "net", "actor_head", "critic_head"):
        model.load_state_dict(start)
        if part != "nothing":
            shake(getattr(model, part), question["seed"] + 1, scale=1.0)
        draws = _draws(model, states.repeat(question["draws"] // 4, 1))
        answer[part] = {"actions": draws["actions"], "log_probs": draws["log_probs"]}
        answer[part]["Q_s"] = array(model.evaluate(states))
    return answer


def describe_body(question: Data, answer: Data) -> Data:
    before = _policy_of(question, answer["nothing"])
    described: Data = {}
    for part in ("net", "actor_head", "critic_head"):
        described[f"{part}_moves_policy"] = before.differs_from(_policy_of(question, answer[part]))
        described[f"{part}_moves_q"] = not np.allclose(
            answer[part]["Q_s"], answer["nothing"]["Q_s"], atol=1e-4
        )
    return described


def _policy_of(question: Data, draws: Data) -> LogProbTable:
    n_states = draws["Q_s"].shape[0]
    shape = (-1, n_states)
    return LogProbTable.of(
        draws["actions"].reshape(shape), draws["log_probs"].reshape(shape), question["n_actions"]
    )


def make_hidden(rng: np.random.Generator) -> Data:
    pairs = rng.normal(0, 3, size=(2, 24, 4)).astype(np.float32)
    return make_model(rng) | {"variants": [[6], [9], [6, 6], [7, 6, 5]], "pairs": pairs}


def ask_hidden(names: Names, question: Data) -> Data:
    answer: Data = {"sizes": [], "bends": []}
    first, second = torch.tensor(question["pairs"])
    for hidden_dims in question["variants"]:
        model = build(names, question, tuple(hidden_dims))
        ends, middle = (
            (model.evaluate(first) + model.evaluate(second)) / 2,
            model.evaluate((first + second) / 2),
        )
        answer["sizes"].append(sum(parameter.numel() for parameter in model.parameters()))
        answer["bends"].append(array(ends - middle))
    return answer


def describe_hidden(question: Data, answer: Data) -> Data:
    return {
        "every_hidden_dims_differs": len(set(answer["sizes"])) == len(answer["sizes"]),
        "non_linear": all(bool((np.abs(bend) > 1e-3).any()) for bend in answer["bends"]),
    }


def make_critic(rng: np.random.Generator) -> Data:
    return make_model(rng) | {"draws": 40, "scale": 30.0, "bound": 20.0}


def ask_critic(names: Names, question: Data) -> Data:
    model, states = build(names, question), torch.tensor(question["states"])
    values = []
    for draw in range(question["draws"]):
        with torch.no_grad():
            for parameter in model.critic_head.parameters():
                parameter.zero_()
        shake(model.critic_head, question["seed"] + draw, scale=question["scale"])
        values.append(array(model.evaluate(states)))
    return {"Q_s": np.stack(values)}


def describe_critic(question: Data, answer: Data) -> Data:
    return {
        "reaches_large": bool((answer["Q_s"] > question["bound"]).any()),
        "reaches_negative": bool((answer["Q_s"] < -question["bound"]).any()),
    }


PROBE = Probe(
    id="test_actor_critic_model",
    solution="actor_critic_model",
    defines=("ActorCriticModel",),
    questions=(
        Question("batch", 0.5, make_model, ask_batch, {}, batch_shapes),
        Question("single", 0.25, make_model, ask_single, {}, single_shapes),
        Question("policy", 0.75, make_policy, ask_policy, {}, describe_policy),
        Question("q_of_action", 0.5, make_policy, ask_policy, {}, describe_q),
        Question("shared_body", 0.5, make_policy, ask_body, {}, describe_body),
        Question("hidden_layers", 0.25, make_hidden, ask_hidden, {}, describe_hidden),
        Question("critic_range", 0.25, make_critic, ask_critic, {}, describe_critic),
    ),
)
