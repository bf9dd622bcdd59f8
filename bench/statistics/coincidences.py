"""What goes wrong by coincidence: chances that follow from a question's data alone, exact or from above.

Where they depend on the data, they are averaged over many drawn questions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from itertools import product

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.asking import actor_critic_model as model_asked
from ac_helpers.asking import agent_act as acting_asked
from ac_helpers.asking import agent_learns as learning_asked
from ac_helpers.asking import sample_batch as batches_asked
from ac_helpers.asking import update_actor as actor_asked
from ac_helpers.asking import update_critic as critic_asked
from ac_helpers.asking.known import tables
from ac_helpers.asking.td_loss import TIMES
from ac_helpers.probes import test_agent_act as acting
from ac_helpers.probes import test_agent_learns as learning
from ac_helpers.probes import test_sample_batch as batches
from ac_helpers.probes import test_update_actor as actor
from ac_helpers.probes import test_update_critic as critic
from ac_helpers.probes.rules import FALSE_ALARM as LEVEL
from ac_helpers.probes.test_actor_critic_model import PROBE as MODEL
from ac_helpers.probes.test_eps_greedy import PROBE as EPS_GREEDY
from ac_helpers.probes.test_eps_greedy import ROUNDS
from ac_helpers.probes.test_td_loss import PROBE as TD_LOSS
from bench.statistics.learning import chance_to_fail
from bench.statistics.limits import binomial
from bench.statistics.pvalues import binomial_miss
from bench.statistics.questions import drawn, question_data
from bench.statistics.rows import FALSE_ALARM, MISS, Row, averaged, computed, counted

QUESTIONS = 1000
"""Of so many drawn questions a chance that depends on the data is the mean."""

RUNS = 2
"""How often `update_actor` is asked with steps that have to be as many as wanted."""

BY_RESULTS = ("batches", "batch_size", "loss")
"""The questions of `update_critic` that can be asked by the results alone."""

FLOAT32 = 2.0**-24
"""The chance that torch.rand gives one particular number, of which it has 2^24."""


def greedy() -> list[Row]:
    """Whoever explores at "not above epsilon" does so now and then where epsilon is 0: two times too many."""
    data = question_data(EPS_GREEDY.id, "greedy")
    n_actions = len(data["weights"])
    asked = len(data["states"]) * len(data["kinds"])
    once = float(binomial(asked, FLOAT32 * (1 - 1 / n_actions))[2:].sum())
    columns = asked // ROUNDS
    alike = n_actions ** (1.0 - ROUNDS)
    # All rounds alike in every column, or one action out of line in one of them.
    missed = alike**columns * (1 + columns * ROUNDS * (n_actions - 1))
    return [
        computed(EPS_GREEDY.id, "greedy", f"{FALSE_ALARM}: explores twice at epsilon 0", once),
        computed(EPS_GREEDY.id, "greedy", f"{MISS}: always_random looks as if it never explored", missed),
    ]


def patterns() -> list[Row]:
    """How a right sampler comes to look like a pattern: all of its batches have to."""
    size, calls = batch_sizes(), question_data(batches.PROBE.id, "uniform")["calls"]
    transitions = len(question_data(batches.PROBE.id, "uniform")["rewards"])
    n = min(size)
    alike = max(math.comb(transitions, n) ** -1.0, math.factorial(n) / transitions**n)
    chances = {
        "one transition": transitions ** (-(n - 1.0) * calls),
        "one batch": alike ** (calls - 1),
        "neighbours": (2 / transitions) ** ((n - 1.0) * calls),
    }
    return [
        computed(batches.PROBE.id, "uniform", f"{FALSE_ALARM}: looks like {name}, at most", chance)
        for name, chance in chances.items()
    ]


def batch_sizes() -> set[int]:
    """How many transitions a batch may be asked to have."""
    return {data["n_samples"] for data in drawn(batches.PROBE.id, "uniform", 100)}


def flags_apart() -> list[Row]:
    """Flags that are drawn apart from the rest of the transitions and fit in all batches by chance."""
    rows = min(batch_sizes()) * batches_asked.BATCHES
    chances = []
    for data in drawn(batches.PROBE.id, "batch", QUESTIONS):
        share = float(data["terminateds"].mean())
        chances.append((share**2 + (1 - share) ** 2) ** rows)
    return [averaged("exact", batches.PROBE.id, "batch", f"{MISS}: flags drawn apart", chances)]


def acts_twice() -> list[Row]:
    """An agent that asks twice is dealt the same action both times, in every step."""
    steps = len(question_data(acting.PROBE.id, "steps")["script"])
    chance = float(acting.N_ACTIONS) ** -(steps // 2)
    return [computed(acting.PROBE.id, "steps", f"{MISS}: acts_twice, at most", chance)]


def own_policies() -> list[Row]:
    """An agent that samples by itself, or whose actions come from somewhere else than the policy."""
    alike: list[float] = []
    missed: dict[str, list[float]] = {acting_asked.NOBODY: [], acting_asked.CRITIC: []}
    for data in drawn(acting.PROBE.id, "policy", QUESTIONS):
        candidates = acting._candidates(data)
        policy, draws = candidates[acting_asked.POLICY], data["draws"]
        alike.append(float((policy**draws).sum(-1).prod()))
        for who, chances in missed.items():
            chances.append(binomial_miss(policy, candidates[who], draws, LEVEL / policy.size))
    mistakes = {acting_asked.NOBODY: "always_random", acting_asked.CRITIC: "policy_from_critic"}
    return [
        averaged("exact", acting.PROBE.id, "policy", f"{FALSE_ALARM}: one action only", alike),
        *(
            averaged("exact", acting.PROBE.id, "policy", f"{MISS}: {mistakes[who]}", chances)
            for who, chances in missed.items()
        ),
    ]


def seeds_set() -> list[Row]:
    """The generators that an agent leaves alone give the same number after each of several actions."""
    chance = 3 * FLOAT32 ** (acting_asked.GENERATOR_CALLS - 1)
    return [computed(acting.PROBE.id, "policy", f"{FALSE_ALARM}: seems to set a seed, at most", chance)]


def sampled_targets() -> list[Row]:
    """A loss with sampled next actions that is the expected one, every time."""
    by_script, by_itself = [], []
    for data in drawn(TD_LOSS.id, "value", QUESTIONS):
        fits, likely = _fitting_samples(data)
        by_script.append(float(fits.mean()) ** TIMES)
        by_itself.append(float(likely[fits].sum()) ** TIMES)
    return [
        averaged("exact", TD_LOSS.id, "value", f"{MISS}: sampled_target, by forward", by_script),
        averaged("exact", TD_LOSS.id, "value", f"{MISS}: sampled_target, sampled by itself", by_itself),
    ]


def _fitting_samples(data: Data) -> tuple[np.ndarray, np.ndarray]:
    """For all next actions [n^B]: whether the loss passes for the right one, and how likely they are."""
    log_probs, next_q = tables(data["weights"], data["next_states"])
    n, n_actions = log_probs.shape
    rows = np.arange(n)
    q = tables(data["weights"], data["states"])[1][rows, data["actions"]]
    sampled = np.array(list(product(range(n_actions), repeat=n)))
    discount = data["gamma"] * ~data["terminateds"]
    errors = q - data["rewards"] - discount * next_q[rows, sampled]
    right = float(((q - data["rewards"] - discount * (np.exp(log_probs) * next_q).sum(-1)) ** 2).mean())
    # The rule of the question and, added, the tolerance between its own calls.
    fits = np.isclose((errors**2).mean(-1), right, rtol=1.2e-3, atol=2e-5)
    return fits, np.exp(log_probs[rows, sampled].sum(-1))


def critic_range() -> list[Row]:
    """Values of one sign only, for a head that ends in a linear layer with a bias.

    Given the features h a value is normal with mean zero, independently for every draw, action and network;
    with larger weights all of them grow alike.
    """
    data = question_data(MODEL.id, "critic_range")
    chance = 2 * 0.5 ** (model_asked.BUILT * data["draws"] * data["n_actions"])
    return [computed(MODEL.id, "critic_range", f"{FALSE_ALARM}: values of one sign, at most", chance)]


def giving_up() -> list[Row]:
    """An agent that samples by itself: a step is still missing when patience ends."""
    subject = f"{FALSE_ALARM}: patience ends, samples by itself, at most"
    return [
        computed(actor.PROBE.id, question, subject, RUNS * _missing(question_data(actor.PROBE.id, question)))
        for question in ("uniform", "skewed", "one_sided")
    ]


def _missing(data: Data) -> float:
    """The chance, at most, that the steps do not come: none is less likely than the least likely of them."""
    chance = 0.0
    for network in (data[name] for name in ("weights", "anything") if name in data):
        policy = np.exp(tables(network, data["states"])[0])
        least = float(policy[np.arange(len(policy)), data["actions"]].min())
        draws = actor_asked.PATIENCE * len(policy)
        chance += float(binomial(draws, least)[: len(policy)].sum())
    return chance


def counts_by_results() -> list[Row]:
    """`update_critic` by its results: all counts share a factor with the number of draws, or are equal."""
    numbers = {
        (data["batch_size"], data["n_updates"]) for data in drawn(critic.PROBE.id, "batches", QUESTIONS)
    }
    worst = max(
        _common_factor(distribution, critic_asked.CALLS + 1)
        for batch_size, n_updates in sorted(numbers)
        for distribution in _counts(batch_size, n_updates)
    )
    draws = (critic_asked.CALLS + 1) * min(batch_size * n_updates for batch_size, n_updates in numbers)
    far = 2 * float(binomial(draws, 0.5)[: int(draws * (0.5 - critic.FROM_HALF)) + 1].sum())
    chances = {"counts with a common factor": worst, "a share far from a half": far}
    return [
        computed(critic.PROBE.id, question, f"{FALSE_ALARM}: {what}, asked by results, at most", chance)
        for question in BY_RESULTS
        for what, chance in chances.items()
    ]


def _counts(batch_size: int, n_updates: int) -> Iterator[np.ndarray]:
    """The distributions of the transitions of one kind in all batches: with replacement, and without."""
    yield binomial(batch_size * n_updates, 0.5)
    half = critic_asked.BUFFER // 2
    one = np.array([math.comb(half, k) * math.comb(half, batch_size - k) for k in range(batch_size + 1)])
    several = np.ones(1)
    for _ in range(n_updates):
        several = np.convolve(several, one / one.sum())
    yield several


def _common_factor(counts: np.ndarray, calls: int) -> float:
    """The chance, at most, that so many counts are alike or share a factor with the number of draws."""
    draws = len(counts) - 1
    primes = [p for p in range(2, draws + 1) if draws % p == 0 and all(p % d for d in range(2, p))]
    return sum(float(counts[::p].sum()) ** calls for p in primes) + float(counts.max()) ** (calls - 1)


def losses_too_close(question: str, questions: int = 20 * QUESTIONS) -> list[Row]:
    """Questions in which rounding hides how many transitions of either kind an agent's own loss was made of.

    The count follows from a loss between two values. Its rounding, some units of the last place, counts as
    too much where it could move the count by more than the tolerance.
    """
    tolerance, units = 0.01, 4
    hits = 0
    for data in drawn(critic.PROBE.id, question, questions):
        (losses, _), _ = critic._losses_of_kinds(data)
        rounding = units * np.finfo(np.float32).eps / 2 * np.abs(losses).max()
        draws = data["batch_size"] * data["n_updates"]
        hits += bool(rounding * draws > tolerance * abs(losses[1] - losses[0]))
    subject = f"{FALSE_ALARM}: losses of both kinds too close, asked by own loss"
    return [counted("exact", critic.PROBE.id, question, subject, questions, hits)]


def collapsed() -> list[Row]:
    """An agent that has made up its mind about every state by tossing a coin, and is right often enough."""
    lucky = [2.0**-learning_asked.LIGHTS] * len(learning.LEARNING_RATES)
    chance = 1 - chance_to_fail(lucky)
    return [computed(learning.PROBE.id, "learns", f"{MISS}: collapsed at random", chance)]


def tasks() -> list[partial[list[Row]]]:
    """What can be computed apart from each other."""
    figures = [
        partial(figure)
        for figure in (
            greedy,
            patterns,
            flags_apart,
            acts_twice,
            own_policies,
            seeds_set,
            sampled_targets,
            critic_range,
            giving_up,
            counts_by_results,
            collapsed,
        )
    ]
    return [*figures, *(partial(losses_too_close, question) for question in BY_RESULTS)]
