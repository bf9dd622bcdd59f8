"""Questions about `ActorCriticModel`: what `forward` and `evaluate` give, whatever the layers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ac_helpers.asking import Data
from ac_helpers.asking.actor_critic_model import (
    ASKED_AGAIN,
    IS_BENT,
    WITHOUT_DROPOUT,
    ask_batch,
    ask_body,
    ask_critic,
    ask_hidden,
    ask_policy,
    ask_q,
    ask_single,
)
from ac_helpers.asking.heads import PARTS, log_probabilities
from ac_helpers.asking.plain import array
from ac_helpers.probes.rules import frequencies_agree
from ac_helpers.probes.spec import Probe, Question, Symptom

FIRST_WIDTHS, LAST_WIDTH = (8, 16, 24), 8
"""Heads and groups of units divide them; what a wide last layer gives makes policies that are decided."""

WIDE = (16, 24)
"""Of a few rectified units all may be silent, and then a right body moves nothing."""


def make_model(rng: np.random.Generator) -> Data:
    return {
        "seed": int(rng.integers(2**31)),
        "input_dim": 4,
        "hidden_dims": [int(rng.choice(FIRST_WIDTHS)), LAST_WIDTH],
        "n_actions": 3,
        "states": rng.normal(size=(5, 4)).astype(np.float32),
        "order": rng.permutation(np.repeat(np.arange(5), 2)),
    }


CLOSE, CLOSE_TO_ZERO = 1e-3, 1e-4
"""How near a value is to one of the critic's, if it is one: in float32, from batches of other sizes."""

DIFFERS = 1e-6
"""Values of the prescribed size that are farther apart are not the same."""

SAME = 1e-2
"""Values that are nearer to each other than this part of the largest do not tell states apart.

Batch normalisation sees no difference between two equal rows: what it leaves is rounding, some 1e-4 of the
largest value. Networks that see the states are above 0.3.
"""


def follows_the_states(question: Data, answer: Data) -> Data:
    """Whether values are the same exactly where states are, in an order that only this question has."""
    order, differs = list(question["order"]), False
    for values in answer[ASKED_AGAIN]:
        if len(values) != len(order) or len({value.shape for value in values}) != 1:
            return {"follows_the_states": False}
        firsts = np.array([values[order.index(i)] for i in order])
        scale = float(np.abs(firsts).max(initial=0))
        if not np.allclose(values, firsts, rtol=0, atol=1e-5 * scale):
            return {"follows_the_states": False}
        differs |= bool(np.ptp(firsts, axis=0).max(initial=0) > SAME * scale)
    return {"follows_the_states": differs}


def batch_shapes(question: Data, answer: Data) -> Data:
    """Every shape; a batch of one is told of as a whole, by whether it keeps its first axis everywhere."""
    names = ["action", "log_prob", "Q_s_a", "Q_s"]
    actions = answer["action"]
    of_one = [answer[f"{name}_of_one"].shape for name in names]
    valid = (actions >= 0) & (actions < question["n_actions"]) & (actions == np.round(actions))
    return {
        **{name: list(answer[name].shape) for name in names},
        "actions_valid": bool(valid.all()),
        "few": answer["few"],
        "one_is_a_batch": all(shape[:1] == (1,) for shape in of_one),
        **follows_the_states(question, answer),
    }


def single_shapes(question: Data, answer: Data) -> Data:
    """Each shape for one state, whether it is that of a batch without its first axis, and so the values."""
    shapes = [{name: list(values.shape) for name, values in alone.items()} for alone in answer["alone"]]
    first = shapes[0] if shapes else {name: [-1] for name in answer["batch"]}
    as_in_a_batch = not answer["error"] and all(alone == answer["batch"] for alone in shapes)
    pairs = list(zip(answer["alone"], answer["copies"], strict=False)) if as_in_a_batch else []
    return {
        "error": answer["error"],
        "as_in_a_batch": as_in_a_batch,
        **{name: first[name] for name in sorted(first)},
        "values_as_in_a_batch": all(_has_the_same_values(alone, copies) for alone, copies in pairs),
        "values_of_their_own": all(_are_close(copies["Q_s_mixed"], copies["Q_s"][0]) for _, copies in pairs),
        "log_prob_as_in_a_batch": all(_has_the_same_log_prob(alone, copies) for alone, copies in pairs),
        "only_one_action": bool(pairs) and answer["varies"] and not answer["alone_varies"],
        **follows_the_states(question, answer),
    }


def _has_the_same_values(alone: Data, copies: Data) -> bool:
    """Whether the values of a state alone are those that it has as a row of a batch.

    That of the action is compared where in a batch it is the one that `evaluate` gives.
    """
    values, actions = copies["Q_s"], copies["actions"]
    if values.shape != (1, *alone["Q_s"].shape):
        return True
    of_rows = values[0][actions.astype(np.int64)]
    is_selected = copies["Q_s_a"].shape == of_rows.shape and _are_close(copies["Q_s_a"], of_rows)
    selected = alone["Q_s"][int(alone["action"])]
    return _are_close(alone["Q_s"], values[0]) and (not is_selected or _are_close(alone["Q_s_a"], selected))


def _has_the_same_log_prob(alone: Data, copies: Data) -> bool:
    """Whether a state's action has the log-probability that it has in batches, if that has a meaning."""
    actions, log_probs = copies["actions"], copies["log_probs"]
    of_the_same = log_probs[actions == int(alone["action"])] if log_probs.shape == actions.shape else []
    if len(of_the_same) == 0:
        return True
    shares = [np.exp(log_probs[actions == action]) for action in np.unique(actions)]
    has_meaning = max(map(np.ptp, shares)) < CLOSE and sum(map(np.mean, shares)) < 1 + CLOSE
    is_whole = len(shares) == alone["Q_s"].size and sum(map(np.mean, shares)) > 1 - CLOSE
    return not (has_meaning and is_whole) or _are_close(alone["log_prob"], of_the_same[0])


def _are_close(got: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.allclose(got, expected, rtol=CLOSE, atol=CLOSE_TO_ZERO))


def make_policy(rng: np.random.Generator) -> Data:
    states = rng.normal(size=(8, 4)).astype(np.float32)
    order = rng.permutation(np.repeat(np.arange(8), 2))
    return make_model(rng) | {"states": states, "order": order, "draws": 4000}


def make_few_draws(rng: np.random.Generator) -> Data:
    return make_policy(rng) | {"draws": 50}


def make_body(rng: np.random.Generator) -> Data:
    return make_policy(rng) | {"hidden_dims": rng.choice(WIDE, size=2).tolist(), "draws": 200}


ROW_BY_ROW = 120.0
"""Seconds for tens of thousands of rows, which a loop over the rows takes one by one: half a minute on a slow
machine."""

_UNMEASURED: Data = dict.fromkeys(
    (
        "follows_the_states",
        "shape",
        "one_draw_for_all",
        "one_action_only",
        "always_the_same_draws",
        "never_seen",
        "depends_on_the_batch",
        "one_value_per_action",
        "values_sum_to_one",
        "same_value_for_all_actions",
        "is_the_value",
        "minus_lost",
        "other_base",
        "never_above_zero",
        "probabilities_sum_to_one",
        "is_that_of_the_head",
        "right_with_two_actions",
        "follows_log_probs",
    )
)


def describe_policy(question: Data, answer: Data) -> Data:
    """What the draws say of the policy: are these its log-probabilities, and do the actions follow them."""
    n_states, n_actions = len(question["states"]), question["n_actions"]
    if answer["Q_s"].shape[:1] != (n_states,):
        raise ValueError("not one row of values for each state")
    shape = list(answer["log_probs"].shape)
    if answer["log_probs"].shape != answer["actions"].shape:
        return _UNMEASURED | {"shape": shape}
    follows = follows_the_states(question, answer)
    table, alone, sharp = _tables(answer, n_states, n_actions)
    if not answer["varies"] or table.is_nearly_greedy():
        for_all = bool(answer["differs"]) and not answer["varies"]
        return _UNMEASURED | {"shape": shape, "one_draw_for_all": for_all, "one_action_only": not for_all}
    described = {
        **follows,
        "shape": shape,
        "one_draw_for_all": False,
        "one_action_only": False,
        "always_the_same_draws": not answer["differs"],
        "never_seen": sorted(set(range(n_actions)) - set(answer["seen"])),
        "depends_on_the_batch": not table.has_same_actions(alone) or table.differs_from(alone),
        "one_value_per_action": table.spread < CLOSE,
    }
    if not described["one_value_per_action"]:  # then the table holds means, of which nothing follows
        return _UNMEASURED | described
    return described | _meanings(answer, table, sharp)


def _tables(answer: Data, n_states: int, n_actions: int) -> tuple[LogProbTable, LogProbTable, LogProbTable]:
    """What came for each state and action: in a batch, alone, and from a head that prefers some actions."""

    def table(actions: np.ndarray, log_probs: np.ndarray) -> LogProbTable:
        return LogProbTable.of(actions.reshape(-1, n_states), log_probs.reshape(-1, n_states), n_actions)

    # Of states that come alone each answer has a shape of its own, which has to be right.
    actions, log_probs = (np.stack(answer[name], axis=1) for name in ("actions_alone", "log_probs_alone"))
    return (
        table(answer["actions"], answer["log_probs"]),
        LogProbTable.of(actions, log_probs, n_actions),
        table(answer["sharp_actions"], answer["sharp_log_probs"]),
    )


OTHER_BASES = (2.0, 10.0)
"""Of logarithms that are not natural ones."""


def _meanings(answer: Data, table: LogProbTable, sharp: LogProbTable) -> Data:
    """What the values are that came as log-probabilities, one for each state and action."""
    sum_to_one = table.sums_to_one(np.exp(table.values))
    return {
        "values_sum_to_one": table.sums_to_one(table.values),
        "same_value_for_all_actions": table.same_for_all_actions(),
        "is_the_value": table.is_one_of(answer["Q_s"]),
        # Of probabilities that are all one or zero any logarithm would do.
        "minus_lost": table.sums_to_one(np.exp(-table.values)) and not sum_to_one,
        "other_base": not sum_to_one
        and any(table.sums_to_one(np.power(base, table.values)) for base in OTHER_BASES),
        "never_above_zero": bool((table.values <= CLOSE).all()),
        "probabilities_sum_to_one": sum_to_one,
        "is_that_of_the_head": table.is_policy_of(answer["head_rows"]),
        "right_with_two_actions": _is_right_with_two_actions(answer["with_two"], len(table.counts)),
        "follows_log_probs": all(
            frequencies_agree(seen.counts, np.exp(seen.values)) for seen in (table, sharp)
        ),
    }


def _is_right_with_two_actions(draws: Data | None, n_states: int) -> bool:
    """Whether a network for two actions draws as its log-probabilities say, and these as its head does."""
    if draws is None or draws["actions"].shape != draws["log_probs"].shape:
        return draws is not None
    actions, log_probs = (draws[name].reshape(-1, n_states) for name in ("actions", "log_probs"))
    table = LogProbTable.of(actions, log_probs, n_actions=2)
    return (
        table.sums_to_one(np.exp(table.values))
        and table.is_policy_of(draws["head_rows"])
        and frequencies_agree(table.counts, np.exp(table.values))
    )


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
        """Whether the weights seen sum to one, in states where every action came if there are any.

        Elsewhere an action that never came leaves room for its own: in N draws one of probability 30 / N
        stays away with probability e^-30.
        """
        sums = np.where(self.counts > 0, weights, 0).sum(1)
        missing = (self.counts == 0).sum(1)
        room = 30 * missing / self.counts.sum(1)
        told = missing == missing.min()
        return bool(((sums > 1 - 1e-3 - room) & (sums < 1 + 1e-3))[told].all())

    def is_nearly_greedy(self) -> bool:
        """Whether a second action came in one state at most, where two are alike; its share is missing."""
        states = int(((self.counts > 0).sum(1) > 1).sum())
        return states <= 1 and not self.sums_to_one(np.exp(self.values))

    def same_for_all_actions(self, tolerance: float = 1e-5) -> bool:
        """Whether the value says nothing of which action was taken, in any state where several were."""
        seen = self.counts > 0
        several = seen.sum(1) > 1
        lowest = np.where(seen, self.values, np.inf).min(1)
        alike = np.where(seen, self.values, -np.inf).max(1) - lowest < tolerance
        return bool(several.any() and alike[several].all())

    def is_policy_of(self, rows: np.ndarray | None, tolerance: float = 1e-2) -> bool:
        """Whether the rows [S, n] of a head are the logits, the probabilities or their logarithms.

        What are probabilities in every state have been through a softmax, and are no logits for another one.
        """
        if rows is None or rows.shape != self.values.shape:
            return True
        return self.is_one_of(array(log_probabilities(torch.tensor(rows).double())), tolerance=tolerance)

    def is_one_of(self, *candidates: np.ndarray, tolerance: float = 1e-3) -> bool:
        """Whether the values are those of a candidate [S, n], wherever they were seen."""
        near = [np.abs(self.values - candidate) < tolerance for candidate in candidates]
        return any(bool(np.where(self.counts > 0, fits, True).all()) for fits in near)

    def differs_from(self, other: LogProbTable, tolerance: float = 1e-3) -> bool:
        """Whether a value differs where both have seen the action."""
        both = (self.counts > 0) & (other.counts > 0)
        return bool(
            (np.abs(np.where(both, self.values, 0) - np.where(both, other.values, 0)) > tolerance).any()
        )

    def has_same_actions(self, other: LogProbTable) -> bool:
        """Whether both have seen some action in each of the states."""
        return bool(((self.counts > 0) & (other.counts > 0)).any(1).all())


def describe_q(question: Data, answer: Data) -> Data:
    q_all, actions = answer["Q_s"], answer["actions"]
    shapes = {"evaluate_shape": list(q_all.shape[1:]), "shape": list(answer["Q_s_a"].shape[1:])}
    shapes |= follows_the_states(question, answer)
    if answer["Q_s_a"].shape != actions.shape or q_all.shape[1:] != (question["n_actions"],):
        return shapes | dict.fromkeys(_Q_FIELDS)
    rows = np.tile(q_all, (len(actions) // len(q_all), 1))
    chosen = np.take_along_axis(rows, actions[:, None].astype(np.int64), 1)[:, 0]
    is_value = np.isclose(answer["Q_s_a"][:, None], rows, rtol=CLOSE, atol=CLOSE_TO_ZERO)
    right = _are_close(answer["Q_s_a"], chosen)
    best, mean = (_are_close(answer["Q_s_a"], values) for values in (rows.max(1), rows.mean(1)))
    same = _same_whatever_the_action(answer["Q_s_a"].reshape(-1, len(q_all)), actions.reshape(-1, len(q_all)))
    is_any = np.isclose(answer["Q_s_a"][:, None], q_all.reshape(1, -1), rtol=CLOSE, atol=CLOSE_TO_ZERO)
    told = (
        bool(is_any.any(1).all()),
        bool(is_value.any(1).all()),
        right,
        *(None if right else value for value in (best, mean, same)),
    )
    return shapes | dict(zip(_Q_FIELDS, told, strict=True))


_Q_FIELDS = (
    "one_of_all_values",
    "one_of_the_values",
    "q_of_the_action",
    "q_of_the_best",
    "q_of_the_mean",
    "same_for_all_actions",
)


def _same_whatever_the_action(values: np.ndarray, actions: np.ndarray) -> bool:
    """Whether values [draws, S] differ in no state, though actions do."""
    several = np.ptp(actions, axis=0) > 0
    spread = np.ptp(values, axis=0)[several]
    return bool(several.any() and (spread < CLOSE_TO_ZERO + CLOSE * np.abs(values).max()).all())


def describe_body(question: Data, answer: Data) -> Data:
    """What a shift of each part moves, in any of the networks."""
    moves = (f"{part}_moves_{what}" for part in PARTS for what in ("policy", "q"))
    unmeasured: Data = {"shape": None, **dict.fromkeys(moves), "one_for_both": None}
    unmeasured["follows_the_states"] = None
    if not answer["registered"] or answer["frozen"]:
        return {"registered": answer["registered"], "frozen": answer.get("frozen"), **unmeasured}
    networks, first = answer["networks"], answer["networks"][0]["nothing"]
    shape = first["log_probs"].shape
    if shape != first["actions"].shape:
        return {"registered": True, "frozen": [], **unmeasured, "shape": list(shape)}
    described: Data = {"registered": True, "frozen": [], "shape": list(shape)}
    described |= follows_the_states(question, answer)
    for part in PARTS:
        described[f"{part}_moves_policy"] = any(
            _policy_of(question, found["nothing"]).differs_from(_policy_of(question, found[part]))
            for found in networks
        )
        described[f"{part}_moves_q"] = any(
            not np.allclose(found[part]["Q_s"], found["nothing"]["Q_s"], atol=1e-4) for found in networks
        )
    if answer["heads_are_one"]:  # whose parameters both heads have, they move together
        described |= {"actor_head_moves_q": False, "critic_head_moves_policy": False}
    described["one_for_both"] = any(found["shared"] for found in networks)
    return described


def _policy_of(question: Data, draws: Data) -> LogProbTable:
    n_states = len(question["states"])
    if draws["Q_s"].shape[:1] != (n_states,):
        raise ValueError("not one row of values for each state")
    shape = (-1, n_states)
    return LogProbTable.of(
        draws["actions"].reshape(shape), draws["log_probs"].reshape(shape), question["n_actions"]
    )


GROWTH = [
    [[8], [16]],
    [[8], [8, 8]],
    [[8, 8], [8, 16]],
    [[16, 8, 8], [24, 8, 8]],
    [[16, 8, 8], [16, 16, 8]],
    [[16, 8, 8], [16, 8, 16]],
    [[8, 8, 8], [8, 8, 8, 8]],
]
"""Pairs of `hidden_dims`, of which the second is larger in one place: so must be the network."""

ORDERS = [[8, 32], [32, 8]]
"""One more input costs a network at least as much where its first layer is the wide one."""

SUMS = [[[16, 16], [32]], [[8, 32], [40]]]
"""Two layers are not one that is as wide as both together."""


def make_hidden(rng: np.random.Generator) -> Data:
    pairs = rng.normal(0, 3, size=(2, 24, 4)).astype(np.float32)
    return make_model(rng) | {"steps": GROWTH, "orders": ORDERS, "sums": SUMS, "pairs": pairs}


def describe_hidden(question: Data, answer: Data) -> Data:
    if answer["error"] or not answer["registered"]:
        unmeasured = dict.fromkeys(
            (
                "grows_with_every_width",
                "one_layer_for_each",
                "takes_other_inputs",
                "first_width_first",
                "keeps_hidden_dims",
                "non_linear",
                "follows_the_states",
            )
        )
        return {"error": answer["error"], "registered": answer["registered"], **unmeasured}
    sizes = np.array(answer["sizes"]).reshape(-1, 2)
    return {
        "error": "",
        "registered": True,
        "grows_with_every_width": bool((sizes[:, 1] > sizes[:, 0]).all()),
        "one_layer_for_each": any(one != other for one, other in answer["of_sums"]),
        "takes_other_inputs": answer["takes_other_inputs"],
        "first_width_first": answer["cost_of_an_input"][0] <= answer["cost_of_an_input"][1],
        "keeps_hidden_dims": answer["kept"],
        "non_linear": all(bend > IS_BENT for bend in answer["bends"]),
        **follows_the_states(question, answer),
    }


GROWS = 30.0
"""So many times as large values are at least where weights are a hundred times as large."""


def make_critic(rng: np.random.Generator) -> Data:
    return make_model(rng) | {"draws": 12, "scale": 1e4, "times": 100.0}


def describe_critic(question: Data, answer: Data) -> Data:
    """Which values large weights give; what has left all numbers counts as the largest of them."""
    values = np.nan_to_num(answer["Q_s"].astype(float))
    follows = bool(np.ptp(values, axis=1).max() > DIFFERS)
    differs = bool(np.ptp(values, axis=-1).max(initial=0) > DIFFERS)
    ends = _goes_on(answer["Q_s"], answer["ends"][1]), _goes_on(-answer["Q_s"], -answer["ends"][0])
    is_table = values.shape[2:] == (len(question["states"]), question["n_actions"])
    is_told = is_table and follows and differs and all(ends)
    return {
        "follows_the_head": follows,
        "reaches_large": ends[0],
        "reaches_negative": ends[1],
        "differs_between_actions": differs,
        # Of values that hang on something else, or have one sign, nothing follows.
        "reaches_all_at_once": not is_told or _reaches_all_at_once(values),
        **follows_the_states(question, answer),
    }


def _reaches_all_at_once(values: np.ndarray) -> bool:
    """Whether all actions of some state are worth something, and those of some other one cost something."""
    return bool(values.min(axis=-1).max() > 0 and values.max(axis=-1).min() < 0)


def _goes_on(values: np.ndarray, largest: float) -> bool:
    """Whether values grow with the weights, whatever their scale is; what has left all numbers does."""
    before = float(np.nanmax(values, initial=0))
    return before > 0 and bool(np.isinf(before) or largest > GROWS * before)


def _of_values(got: list[int], expected: list[int]) -> str | None:
    """The mistake that the shape of `evaluate` tells of."""
    return "critic_scalar" if got in (expected[:-1], [*expected[:-1], 1]) else "wrong_shape"


def _of_value(got: list[int], expected: list[int]) -> str | None:
    """The mistake that the shape of `Q_s_a` tells of."""
    return "q_not_selected" if len(got) == len(expected) + 1 and got[-1] != 1 else "wrong_shape"


def _of_log_prob(got: list[int], expected: list[int]) -> str | None:
    """The mistake that the shape of `log_prob` tells of."""
    return "log_prob_summed_over_batch" if not got and expected else "wrong_shape"


def _of_never_seen(got: list[int], expected: list[int]) -> str | None:
    return "last_action_never" if len(got) == 1 and got[0] > 0 else None


def _of_single(as_in_a_batch: bool, expected: bool) -> str | None:
    return None if as_in_a_batch else "single_state_fails"


def _moved_by_the_other_head(got: bool, expected: bool) -> str | None:
    return "heads_swapped" if got else None


_SHAPES: dict[str, Symptom] = {
    "Q_s": _of_values,
    "Q_s_a": _of_value,
    "action": "wrong_shape",
    "log_prob": _of_log_prob,
}

REPAIRS = (WITHOUT_DROPOUT,)

PROBE = Probe(
    id="test_actor_critic_model",
    solution="actor_critic_model",
    defines=("ActorCriticModel",),
    methods=("__init__", "forward", "evaluate"),
    questions=(
        Question(
            "batch",
            0.5,
            make_model,
            ask_batch,
            {},
            batch_shapes,
            repairs=REPAIRS,
            symptoms={**_SHAPES, "few": "wrong_shape", "one_is_a_batch": "batch_of_one_collapsed"},
        ),
        Question(
            "single",
            0.25,
            make_model,
            ask_single,
            {},
            single_shapes,
            repairs=REPAIRS,
            symptoms={
                "error": "single_state_fails",
                "as_in_a_batch": _of_single,
                **_SHAPES,
                "values_of_their_own": "rows_mixed",
                "values_as_in_a_batch": "single_state_fails",
                "log_prob_as_in_a_batch": "single_state_fails",
                "only_one_action": "greedy_forward",
            },
        ),
        Question(
            "policy",
            0.75,
            make_policy,
            ask_policy,
            {},
            describe_policy,
            repairs=REPAIRS,
            symptoms={
                "shape": _of_log_prob,
                "one_draw_for_all": "one_draw_for_batch",
                "one_action_only": "greedy_forward",
                "always_the_same_draws": "seed_fixed",
                "never_seen": _of_never_seen,
                "depends_on_the_batch": "softmax_wrong_axis",
                "one_value_per_action": "log_prob_of_other_action",
                "values_sum_to_one": "prob_not_log",
                "same_value_for_all_actions": "log_prob_of_other_action",
                "is_the_value": "wrong_return_order",
                "minus_lost": "log_prob_sign",
                "other_base": "log_prob_base",
                "probabilities_sum_to_one": "log_prob_not_normalised",
                "is_that_of_the_head": "policy_not_of_the_head",
                "follows_log_probs": "policy_not_sampled",
            },
            seconds=ROW_BY_ROW,
        ),
        Question(
            "q_of_action",
            0.5,
            make_few_draws,
            ask_q,
            {},
            describe_q,
            repairs=REPAIRS,
            symptoms={
                "evaluate_shape": _of_values,
                "shape": _of_value,
                "same_for_all_actions": "q_not_selected",
                "one_of_all_values": "evaluate_disagrees",
                "one_of_the_values": "q_not_selected",
                "q_of_the_action": "q_not_selected",
            },
        ),
        Question(
            "shared_body",
            0.5,
            make_body,
            ask_body,
            {},
            describe_body,
            repairs=REPAIRS,
            symptoms={
                "registered": "params_not_registered",
                "frozen": "params_frozen",
                "shape": _of_log_prob,
                "net_moves_policy": "body_not_shared",
                "net_moves_q": "body_not_shared",
                "actor_head_moves_q": _moved_by_the_other_head,
                "critic_head_moves_policy": _moved_by_the_other_head,
                "one_for_both": "body_not_shared",
            },
            seconds=ROW_BY_ROW,
        ),
        Question(
            "hidden_layers",
            0.25,
            make_hidden,
            ask_hidden,
            {},
            describe_hidden,
            repairs=REPAIRS,
            symptoms={
                "error": "hidden_dims_ignored",
                "registered": "params_not_registered",
                "grows_with_every_width": "hidden_dims_ignored",
                "one_layer_for_each": "hidden_dims_ignored",
                "takes_other_inputs": "sizes_hardcoded",
                "first_width_first": "hidden_dims_reversed",
                "keeps_hidden_dims": "input_mutated",
                "non_linear": "no_nonlinearity",
            },
        ),
        Question(
            "critic_range",
            0.25,
            make_critic,
            ask_critic,
            {},
            describe_critic,
            repairs=REPAIRS,
            symptoms={
                "follows_the_head": "heads_swapped",
                "reaches_large": "critic_bounded",
                "reaches_negative": "critic_bounded",
                "differs_between_actions": "critic_scalar",
                "reaches_all_at_once": "values_centred",
            },
        ),
    ),
)
