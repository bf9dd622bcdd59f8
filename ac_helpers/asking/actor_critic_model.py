"""How `ActorCriticModel` is asked what `forward` and `evaluate` give, whatever the layers are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import nn

from ac_helpers.asking import Data, Names
from ac_helpers.asking.adapting import adapt
from ac_helpers.asking.building import attempt, tuple_or_list
from ac_helpers.asking.heads import (
    BODY,
    HEADS,
    PARTS,
    listening,
    log_probabilities,
    own_parameters,
    parameters_by_part,
    parameters_of,
    that_can_learn,
)
from ac_helpers.asking.plain import array

WITHOUT_DROPOUT = "without_dropout"
"""The repair that lets a network which leaves out numbers by chance keep them all."""


def build(names: Names, question: Data, hidden_dims: Any = None) -> Any:
    """The student's model, its parameters shifted by known amounts: heads that start at zero differ, too."""
    model = tuple_or_list(
        lambda dims: names["ActorCriticModel"](question["input_dim"], dims, question["n_actions"]),
        hidden_dims or question["hidden_dims"],
    )
    if question.get("repair") == WITHOUT_DROPOUT:
        for module in model.modules():
            if isinstance(module, nn.modules.dropout._DropoutNd):
                module.eval()
    _use_once(model, torch.zeros(2, question["input_dim"]))
    shake(model.parameters(), question["seed"], scale=0.3)
    adapt(model, torch.zeros(2, question["input_dim"]))
    return model


def build_wavering(names: Names, question: Data) -> Any:
    """The student's model with a head of the actor that leaves a chance to several actions.

    Large weights do not: the head is made smaller until another action comes.
    """
    model = build(names, question)
    with suppress(Exception), torch.no_grad():
        states = torch.tensor(question["states"]).repeat(WAVERS, 1)
        for _ in range(HALVINGS):
            actions = model(states)[0].reshape(WAVERS, -1)
            if bool((actions != actions[0]).any(0).float().mean() > SHARE_THAT_WAVERS):
                break
            for parameter in parameters_of(model.actor_head):
                parameter.mul_(0.5)
            adapt(model, torch.zeros(2, question["input_dim"]))
    return model


WAVERS, HALVINGS, SHARE_THAT_WAVERS = 12, 12, 0.3
"""So many draws for each state show whether it has one action only, and so many times weights are halved
while no larger share of the states has others."""


@torch.no_grad()
def _use_once(model: Any, states: torch.Tensor) -> None:
    """Lets lazy layers get their sizes. That `forward` raises is not the fault of what asks nothing of it."""
    for use in (model, model.evaluate):
        if attempt(partial(use, states))[1] == "":
            return


def shake(parameters: Iterable[nn.Parameter], seed: int, scale: float) -> None:
    """Adds Gaussian noise to every parameter, the same for the same seed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in parameters:
            parameter.add_(scale * torch.randn(parameter.shape, generator=generator))


ASKED_AGAIN = "values_in_order"
"""Where the values stand by which an answer is known to come of a network that was given these states."""


def values_in_order(names: Names, question: Data) -> Data:
    """Q of one state after another, each twice, in the question's order; each asked about as two rows.

    Whatever shape `evaluate` gives, the same state has the same values, and other states have others; if not
    in each network, because all rectified units of one may be silent. One that tells them apart is enough.
    """
    states, found = torch.tensor(question["states"]), []
    for number in range(BUILT):
        model = build(names, question | {"seed": question["seed"] + number})
        with torch.no_grad():
            values = [array(model.evaluate(states[[i, i]])).reshape(-1) for i in question["order"]]
        found.append(values)
        if _are_apart(values):
            break
    return {ASKED_AGAIN: found}


def _are_apart(values: list[np.ndarray]) -> bool:
    """Whether values differ clearly, compared with the largest of them."""
    if len({value.shape for value in values}) != 1:
        return False
    rows = np.array(values, dtype=np.float64)
    return bool(np.ptp(rows, axis=0).max(initial=0) > APART * np.abs(rows).max(initial=0))


APART = 0.1
"""A part of the largest value: what rounding leaves of a difference is far less."""


OFTEN = 4
"""What raises for some of the actions, or takes another shape, does so in one of so many rounds."""


def ask_batch(names: Names, question: Data) -> Data:
    """Everything for five states, for a batch of one, and for as many as a state has numbers or actions."""
    model, states = build(names, question), torch.tensor(question["states"])
    for state in states.repeat(OFTEN, 1):
        one = {f"{name}_of_one": values for name, values in _everything(model, state[None]).items()}
    few = [
        [list(values.shape) for values in _everything(model, states[:rows]).values()]
        for rows in (question["input_dim"], question["n_actions"])
    ]
    return {**_everything(model, states), **one, "few": few, **values_in_order(names, question)}


def _everything(model: Any, states: torch.Tensor) -> Data:
    action, log_prob, q = model(states)
    q_all = model.evaluate(states)
    return {"action": array(action), "log_prob": array(log_prob), "Q_s_a": array(q), "Q_s": array(q_all)}


def ask_single(names: Names, question: Data) -> Data:
    """The states one by one, after all together: what a batch raises is not the single state's fault."""
    model, states = build(names, question), torch.tensor(question["states"])
    together = _everything(model, states)
    alone, error = attempt(lambda: [_everything(model, state) for state in states])
    copies, _ = attempt(lambda: _in_batches(model, states))
    return {
        "error": error,
        "batch": {name: list(values.shape[1:]) for name, values in together.items()},
        "alone": alone or [],
        "copies": copies or [],
        **_variety_alone(names, question),
        **values_in_order(names, question),
    }


def _in_batches(model: Any, states: torch.Tensor) -> list[Data]:
    """What comes for each state in a batch of its copies and in one that mixes all, in one row each.

    Nothing of that says how a state alone is taken.
    """
    mixed, values, found = _draws(model, states.repeat(COPIES, 1)), array(model.evaluate(states)), []
    for number, state in enumerate(states):
        alike = _draws(model, state.repeat(COPIES, 1))
        rows = {name: np.concatenate([alike[name], mixed[name][number :: len(states)]]) for name in alike}
        found.append(
            rows | {"Q_s": array(model.evaluate(state[None])), "Q_s_mixed": np.asarray(values[number])}
        )
    return found


COPIES = 60
"""Among so many rows of a state any action that is not rare is found again."""


def _variety_alone(names: Names, question: Data) -> Data:
    """Whether two actions come for a state alone, and for copies of it, in one of several networks."""
    states, varies, alone_varies = torch.tensor(question["states"]), False, False
    for model in _some_networks(names, question):
        rows, _ = attempt(partial(_draws, model, states.repeat(DRAWS_OF_EACH, 1)))
        alone, _ = attempt(partial(_actions_alone, model, states))
        if rows is None or alone is None or rows["actions"].shape != (DRAWS_OF_EACH * len(states),):
            break
        varies |= bool(np.ptp(rows["actions"].reshape(DRAWS_OF_EACH, -1), axis=0).any())
        alone_varies |= bool(np.ptp(alone, axis=0).any())
        if alone_varies:
            break
    return {"varies": varies, "alone_varies": alone_varies}


@torch.no_grad()
def _actions_alone(model: Any, states: torch.Tensor) -> np.ndarray:
    """The actions [draws, S] for states that come one by one."""
    return np.array([[array(model(state)[0]).item() for state in states] for _ in range(DRAWS_OF_EACH)])


def ask_policy(names: Names, question: Data) -> Data:
    """Many draws from a batch that mixes the states and from batches of one state each.

    In a right model the rows of a batch know nothing of each other.
    """
    model, states = build_wavering(names, question), torch.tensor(question["states"])
    _make_up_its_mind(model, question, question["seed"] + 1)
    alone = [_draws(model, state.repeat(question["draws"] // 4, 1)) for state in states]
    decided = build_wavering(names, question | {"seed": question["seed"] + 2})
    _make_up_its_mind(decided, question, question["seed"] + 3, scale=DECIDED)
    sharp = _draws(decided, states.repeat(question["draws"] // 4, 1))
    together = _draws(model, states.repeat(question["draws"], 1))
    return {
        "sharp_actions": sharp["actions"],
        "sharp_log_probs": sharp["log_probs"],
        "actions": together["actions"],
        "log_probs": together["log_probs"],
        **_actions_of_some_networks(names, question),
        "with_two": _draws_with_two_actions(names, question),
        "head_rows": _rows_of_the_head(model, states),
        "Q_s": array(model.evaluate(states)),
        **values_in_order(names, question),
        "actions_alone": [draws["actions"] for draws in alone],
        "log_probs_alone": [draws["log_probs"] for draws in alone],
    }


def _draws_with_two_actions(names: Names, question: Data) -> Data | None:
    """Draws of a network for two actions, and what its head gave; None where there is no such network."""
    states = torch.tensor(question["states"])

    def draw() -> Data:
        model = build_wavering(names, question | {"n_actions": 2})
        _make_up_its_mind(model, question, question["seed"] + 4)
        draws = _draws(model, states.repeat(question["draws"] // 4, 1))
        return {**draws, "head_rows": _rows_of_the_head(model, states)}

    return attempt(draw)[0]


DECIDED = 3.0
"""How far the weights of a head are moved to make actions rare: who takes a random one now and then shows."""


def _make_up_its_mind(model: Any, question: Data, seed: int, scale: float = 0.7) -> None:
    """Moves the policy away from the uniform one."""
    shake(parameters_of(model.actor_head), seed, scale)
    adapt(model, torch.zeros(2, question["input_dim"]))


def _rows_of_the_head(model: Any, states: torch.Tensor) -> np.ndarray | None:
    """What `actor_head` gives for the states [S, n]; None where `forward` does not call it as a module.

    Compiled modules take no hooks, and within a transformation of torch.func there are no numbers yet.
    """

    def listen() -> np.ndarray:
        with torch.no_grad(), listening(model.actor_head) as calls:
            model(states)
        return array(calls.rows[-1])

    return attempt(listen)[0]


NETWORKS, DRAWS_OF_EACH = 24, 25
"""So many networks with other weights: an action that is rare in one of them, or the only one, is not so in
the next. What any of them does is seen."""


def _some_networks(names: Names, question: Data) -> Iterator[Any]:
    """Networks with other weights, one after the other."""
    for number in range(NETWORKS):
        model = build_wavering(names, question | {"seed": question["seed"] + number})
        _make_up_its_mind(model, question, question["seed"] + number)
        yield model


def _actions_of_some_networks(names: Names, question: Data) -> Data:
    """Which actions come at all, whether two come in the same state, and whether two batches differ."""
    states, seen = torch.tensor(question["states"]), set()
    varies = differs = False
    for model in _some_networks(names, question):
        actions, again = (_draws(model, states.repeat(DRAWS_OF_EACH, 1))["actions"] for _ in range(2))
        seen |= {int(action) for action in np.unique(actions)}
        varies |= bool(np.ptp(actions.reshape(DRAWS_OF_EACH, len(states)), axis=0).any())
        differs |= not np.array_equal(actions, again)
        if varies and differs and seen >= set(range(question["n_actions"])):
            break  # no further network can say anything else
    return {"seen": sorted(seen), "varies": varies, "differs": differs}


def ask_q(names: Names, question: Data) -> Data:
    model, states = build(names, question), torch.tensor(question["states"])
    return {
        **_draws(model, states.repeat(question["draws"], 1)),
        "Q_s": array(model.evaluate(states)),
        **values_in_order(names, question),
    }


ROWS = 800
"""How many states are asked about at once: who makes a table of all rows by all rows needs memory."""


def _draws(model: Any, states: torch.Tensor) -> Data:
    """What `forward` gives for the states; of rows that do not come one for each state the first part."""
    parts = []
    for some in states.split(ROWS):
        with torch.no_grad():
            action, log_prob, q = model(some)
        parts.append({"actions": _short(array(action)), "log_probs": array(log_prob), "Q_s_a": array(q)})
        if any(values.shape[:1] != (len(some),) for values in parts[-1].values()):
            return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _short(actions: np.ndarray) -> np.ndarray:
    """Actions in a byte each where they can be: most of what an answer holds is actions."""
    is_whole = np.issubdtype(actions.dtype, np.integer)
    fits = is_whole and actions.min(initial=0) >= 0 and actions.max(initial=0) < SHORT
    return actions.astype(np.uint8) if fits else actions


SHORT = 128
"""No network has so many actions, and differences of smaller numbers stay right in a byte."""


def ask_body(names: Names, question: Data) -> Data:
    """Policy and Q of some networks before and after each part is shifted."""
    states, networks = torch.tensor(question["states"]), []
    for number in range(BUILT):
        model = build_wavering(names, question | {"seed": question["seed"] + number})
        if not all(parameters_by_part(model).values()):
            return {"registered": False}
        frozen = [part for part, wanting in that_can_learn(model).items() if not wanting]
        if frozen:
            return {"registered": True, "frozen": frozen}
        networks.append(_shifted(model, states.repeat(question["draws"], 1), question["seed"] + number))
        for found in networks[-1].values():
            found["Q_s"] = found["Q_s"][: len(states)]
        networks[-1]["shared"] = _is_shared(model, states)
    return {
        "registered": True,
        "frozen": [],
        "heads_are_one": not all(own_parameters(model)),
        "networks": networks,
        **values_in_order(names, question),
    }


def _is_shared(model: Any, states: torch.Tensor) -> bool:
    """Whether the gradients of the policy and of the values meet in some parameter of the body.

    Where `forward` keeps no graph nothing can be said against it.
    """
    parameters = [parameter for parameter in parameters_by_part(model)[BODY] if parameter.requires_grad]
    outputs = (model(states.repeat(20, 1))[1], model.evaluate(states))
    if not all(output.requires_grad for output in outputs):
        return True
    of_policy, of_values = (
        torch.autograd.grad((output**2).sum(), parameters, allow_unused=True) for output in outputs
    )
    return any(
        one is not None and other is not None and bool(one.any()) and bool(other.any())
        for one, other in zip(of_policy, of_values, strict=True)
    )


def _shifted(model: Any, states: torch.Tensor, seed: int) -> Data:
    """What a network gives for the states as it is, and with one part shifted."""
    start = {name: value.clone() for name, value in model.state_dict().items()}
    parts = parameters_by_part(model)
    for head, own in zip(HEADS, own_parameters(model), strict=True):
        parts[head] = own or parts[head]
    found: Data = {}
    for part in ("nothing", *PARTS):
        model.load_state_dict(start)
        if part != "nothing":
            shake(parts[part], seed + 1, scale=1.0)
        adapt(model, torch.zeros(2, states.shape[-1]))
        draws = _draws(model, states)
        found[part] = {"actions": draws["actions"], "log_probs": draws["log_probs"]}
        found[part]["Q_s"] = array(model.evaluate(states))
    return found


BUILT = 4
"""How many networks of each size are looked at: in one of them all rectified units may be silent, or the
policy may have made up its mind."""


DEEPEST = 3
"""In so many layers or fewer a network is looked at for bends: some activations leave little in more."""

IS_BENT = 1e-3
"""How far values in the middle are from the middle of the values where a network is no straight line."""


def ask_hidden(names: Names, question: Data) -> Data:
    """How large the networks are and where they bend; a length that cannot be built is an answer, too."""
    answer: Data = {
        **values_in_order(names, question),
        "error": "",
        "registered": True,
        "sizes": [],
        "bends": [],
        "cost_of_an_input": [],
        "of_sums": [],
        "kept": _keeps_a_list(names, question),
    }
    for hidden_dims in itertools.chain(*question["steps"]):
        model, error = attempt(partial(build, names, question, hidden_dims))
        if model is None:
            return answer | {"error": f"hidden_dims={hidden_dims}: {error}"}
        answer["registered"] &= bool(parameters_by_part(model)[BODY])
        answer["sizes"].append(_size(model))
        if len(hidden_dims) <= DEEPEST:
            answer["bends"].append(_largest_bend(model, names, question, hidden_dims))
    wider = question | {"input_dim": question["input_dim"] + 1}
    answer["takes_other_inputs"] = _takes(build(names, wider), wider["input_dim"])
    for hidden_dims in question["orders"]:
        sizes = [_size(build(names, asked, hidden_dims)) for asked in (question, wider)]
        answer["cost_of_an_input"].append(sizes[1] - sizes[0])
    answer["of_sums"] = [
        [_size(build(names, question, hidden_dims)) for hidden_dims in pair] for pair in question["sums"]
    ]
    return answer


@torch.no_grad()
def _takes(model: Any, input_dim: int) -> bool:
    """Whether states with so many numbers get through the network."""
    return attempt(lambda: model.evaluate(torch.zeros(2, input_dim)))[1] == ""


def _keeps_a_list(names: Names, question: Data) -> bool:
    """Whether a list of widths is the same after a model was built from it; who takes tuples keeps it."""
    widths = list(question["hidden_dims"])
    attempt(lambda: names["ActorCriticModel"](question["input_dim"], widths, question["n_actions"]))
    return widths == question["hidden_dims"]


def _size(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _largest_bend(model: Any, names: Names, question: Data, hidden_dims: Any) -> float:
    """That of the first network which is bent, the model or another like it, or of all that are built."""
    first, second = torch.tensor(question["pairs"])
    found = _bend(model, first, second)
    for number in range(1, BUILT):
        if found > IS_BENT:
            break
        other = build(names, question | {"seed": question["seed"] + number}, hidden_dims)
        found = max(found, _bend(other, first, second))
    return found


def _bend(model: Any, first: torch.Tensor, second: torch.Tensor) -> float:
    """How far what comes in the middle between two states is from the middle of what comes in both, at most.

    Of values and of logits that of the less bent ones; logits of a head that nobody calls are not to be had.
    """
    outlets = [model.evaluate, partial(_logits, model)]
    found = [[outlet(states) for states in (first, second, (first + second) / 2)] for outlet in outlets]
    bends = [np.abs((one + other) / 2 - middle).max() for one, other, middle in _arrays(found)]
    return float(min(bends))


def _arrays(found: list[list[torch.Tensor | None]]) -> list[list[np.ndarray]]:
    return [[array(part) for part in parts] for parts in found if not any(part is None for part in parts)]


def _logits(model: Any, states: torch.Tensor) -> torch.Tensor | None:
    """Those of the policy [S, n] but for what is the same for all actions; None if no head's call tells."""
    rows: list[torch.Tensor] = []
    # A scripted head takes no hooks, and what passes within a transformation of torch.func does not last.
    with suppress(RuntimeError), listening(model.actor_head) as calls:
        model(states)
        rows = [row.detach().double().reshape(-1, row.shape[-1]) for row in calls.rows]
    if sum(map(len, rows)) != len(states):
        return None
    log_probs = log_probabilities(torch.cat(rows))
    return log_probs - log_probs[:, :1]


def ask_critic(names: Names, question: Data) -> Data:
    """The values [networks, draws, S, n] for critics' heads with large weights, on several bodies.

    And the least and the largest of them all where the same weights are so many times as large.
    """
    states, values, ends = torch.tensor(question["states"]), [], []
    for number in range(BUILT):
        model = build(names, question | {"seed": question["seed"] + number})
        draws = range(number * question["draws"], (number + 1) * question["draws"])
        values.append([_with_large_weights(model, states, question, draw) for draw in draws])
        larger = question | {"scale": question["times"] * question["scale"]}
        far = np.array([_with_large_weights(model, states, larger, draw) for draw in draws])
        ends += [np.nanmin(far, initial=0), np.nanmax(far, initial=0)]
    return {
        "Q_s": np.array(values),
        "ends": [float(min(ends)), float(max(ends))],
        **values_in_order(names, question),
    }


def _with_large_weights(model: Any, states: torch.Tensor, question: Data, draw: int) -> np.ndarray:
    with torch.no_grad():
        for parameter in parameters_of(model.critic_head):
            parameter.zero_()
    shake(parameters_of(model.critic_head), question["seed"] + draw, scale=question["scale"])
    return array(model.evaluate(states))
