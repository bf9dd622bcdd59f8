"""Exact figures of the questions that count outcomes and compare the counts with the reference's.

Sums over all samples that the student and the reference can draw, no simulation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from ac_helpers.asking import Data
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes import rules
from ac_helpers.probes.test_eps_greedy import STATE_DIM, count_actions
from ac_helpers.probes.test_sample_action import INTERVALS
from bench.statistics.limits import binomial
from bench.statistics.pvalues import fisher_outcomes
from bench.statistics.questions import drawn, question_data
from bench.statistics.rows import FALSE_ALARM, MISS, Row, computed

POWER = 0.999
"""With what probability a mistake has to be caught."""

EPS, BATCH, NOISE = "test_eps_greedy", "test_sample_batch", "test_sample_action"


@dataclass(frozen=True)
class Counted:
    """One outcome of a question that counts them.

    Attributes:
        test: the test cell.
        question: the question's id.
        outcome: what is counted.
        n: the student's draws.
        reference: the reference's.
        outcomes: how many there are; each is tested at that part of the question's level.
        share: the outcome's probability if all is right.
        wrong: its probability under a mistake that shifts it most.
        batches: how many batches the draws come in, if they are made without replacement within a batch.
    """

    test: str
    question: str
    outcome: str
    n: int
    reference: int
    outcomes: int
    share: float
    wrong: Mapping[str, float]
    batches: int = 0

    @property
    def threshold(self) -> float:
        """The p-value below which the outcome is rejected."""
        return rules.FALSE_ALARM / self.outcomes

    @property
    def expected(self) -> np.ndarray:
        """The distribution of the reference's hits."""
        return binomial(self.reference, self.share)


def counted_tests() -> Iterator[Counted]:
    """Every test by Fisher's exact test, for the questions at both ends of what can be drawn."""
    yield from _of_random()
    epsilons = {data["epsilon"] for data in drawn(EPS, "mixed", 300)}
    for epsilon in (min(epsilons), max(epsilons)):
        yield from _of_mixed(epsilon)
    yield _of_rare()
    sizes = {data["n_samples"] for data in drawn(BATCH, "uniform", 100)}
    for size in (min(sizes), max(sizes)):
        yield _of_batches(size)
    yield from _of_noise()


def _of_random() -> Iterator[Counted]:
    """The best action among the first few draws, and each other one among the draws that are not the best."""
    n_actions = len(question_data(EPS, "random")["weights"])
    best = {"explores_without_greedy": 0.0, "always_greedy, epsilon_inverted": 1.0}
    few = _draws(EPS, "random", "few")
    yield Counted(EPS, "random", "best action", *few, 2, 1 / n_actions, best)
    others = [draws * (n_actions - 1) // n_actions for draws in _draws(EPS, "random", "draws")]
    never = {"first_action_never, last_action_never, n_actions_hardcoded": 0.0}
    yield Counted(EPS, "random", "another action", *others, n_actions, 1 / (n_actions - 1), never)


def _of_rare() -> Counted:
    """The best action at the small chance to explore."""
    probe, data = probe_by_id(EPS).question("mixed"), question_data(EPS, "mixed")
    rare, of_reference = data["rare"], probe.sharpen(data)["rare"]["draws"]
    share = 1 - rare["epsilon"] * (1 - 1 / len(data["weights"]))
    tenths = 1 - 0.05 * (1 - 1 / len(data["weights"]))
    wrong = {"a random number rounded to tenths": tenths}
    at = f"best action, epsilon {rare['epsilon']:g}"
    return Counted(EPS, "mixed", at, rare["draws"], of_reference, _n_counts(data), share, wrong)


def _of_mixed(epsilon: float) -> Iterator[Counted]:
    data = question_data(EPS, "mixed")
    sizes = (*_draws(EPS, "mixed", "draws"), _n_counts(data))
    n_actions = len(data["weights"])
    other = epsilon / n_actions
    best = {
        "argmin": other,
        "always_greedy": 1.0,
        "always_random": 1 / n_actions,
        "epsilon_inverted": epsilon + (1 - epsilon) / n_actions,
        "explores_without_greedy": 1 - epsilon,
    }
    at = f"epsilon {epsilon:g}"
    yield Counted(EPS, "mixed", f"best action, {at}", *sizes, 1 - epsilon + other, best)
    never = {"first_action_never, last_action_never, n_actions_hardcoded": 0.0}
    yield Counted(EPS, "mixed", f"another action, {at}", *sizes, other, never)


def _of_batches(size: int) -> Counted:
    calls, of_reference = _draws(BATCH, "uniform", "calls")
    transitions = len(question_data(BATCH, "uniform")["rewards"])
    return Counted(
        BATCH,
        "uniform",
        f"a transition, batches of {size}",
        size * calls,
        size * of_reference,
        transitions,
        1 / transitions,
        {"last_transition_never": 0.0},
        batches=calls,
    )


def _of_noise() -> Iterator[Counted]:
    """Intervals of the noise, and signs of two that are independent: the fewest draws that a question has."""
    found = list(drawn(NOISE, "distribution", 100))
    coordinates = min(len(data["weights"]["mean_bias"]) for data in found)
    times = [calls * len(found[0]["states"]) for calls in _draws(NOISE, "distribution", "calls")]
    n, of_reference = (coordinates * each for each in times)
    intervals, middle = len(INTERVALS), {"greedy_action": 1.0}
    yield Counted(NOISE, "distribution", "a tenth in the middle", n, of_reference, intervals, 0.1, middle)
    beyond = math.erfc(INTERVALS[-1] / math.sqrt(2))
    cut = {"noise_not_normal: nothing beyond three deviations": 0.0}
    yield Counted(NOISE, "distribution", "beyond three", n, of_reference, intervals, beyond, cut)
    halves = [each // 2 for each in times]
    shared = {"noise_shared, same_noise_every_call": 1.0}
    yield Counted(NOISE, "distribution", "two coordinates of one sign", *times, 2, 1 / 2, shared)
    yield Counted(NOISE, "distribution", "two states or calls of one sign", *halves, 2, 1 / 2, shared)


def _draws(test: str, question: str, name: str) -> tuple[int, int]:
    """How often the student is asked, and how often the reference."""
    data = question_data(test, question)
    return data[name], probe_by_id(test).question(question).sharpen(data)[name]


def _n_counts(data: Data) -> int:
    """Into how many outcomes actions are counted."""
    return len(count_actions(data, {"actions": np.zeros(1, dtype=int)})["counts"])


def rows_of(counted: Counted) -> list[Row]:
    """The chance to reject a right share, the chance to miss each mistake, and what shift is always caught.

    A mistake is judged by the outcome that it shifts most; the other outcomes only lower the chance to miss.
    """
    right, below, above = _right_samples(counted), _shifted(counted, -1), _shifted(counted, 1)
    shares = [*counted.wrong.values(), *below, *above]
    samples = [*right.values(), *(binomial(counted.n, share) for share in shares)]
    rejected, accepted = fisher_outcomes(samples, counted.expected, counted.threshold)
    missed = dict(zip(shares, accepted[len(right) :].tolist(), strict=True))
    figures = {
        f"right share rejected: {counted.outcome}, {draws}": rate
        for draws, rate in zip(right, rejected.tolist(), strict=False)
    }
    for mistake, share in counted.wrong.items():
        figures[f"{MISS}: {mistake} ({counted.outcome})"] = missed[share]
    about = f"{counted.outcome}: share {counted.share:.4f}, caught with {POWER:g} at or"
    for side, shifted in (("below", below), ("above", above)):
        figures[f"{about} {side}"] = next(
            (share for share in shifted if missed[share] <= 1 - POWER), math.nan
        )
    return [computed(counted.test, counted.question, subject, rate) for subject, rate in figures.items()]


def _right_samples(counted: Counted) -> dict[str, np.ndarray]:
    """The distributions of the hits [n + 1] of right answers, by how they draw."""
    samples = {"independent draws": binomial(counted.n, counted.share)}
    if counted.batches:
        few = binomial(counted.batches, counted.n / counted.batches * counted.share)
        samples["none twice in a batch"] = np.pad(few, (0, counted.n + 1 - len(few)))
    return samples


def _shifted(counted: Counted, sign: int, steps: int = 40) -> list[float]:
    """Shares that are further and further away, in quarters of a standard deviation, and the last possible.

    With four times as many draws of the reference, a test at 1e-12 has a power of 0.999 at about eleven.
    """
    spread = np.sqrt(counted.share * (1 - counted.share) / counted.n)
    shares = counted.share + sign * spread * (6 + np.arange(steps) / 4)
    return [*shares[(shares > 0) & (shares < 1)].tolist(), 0.0 if sign < 0 else 1.0]


CLAIMS = {("test_actor_critic_model", "policy"): 3, ("test_agent_act", "policy"): 1}
"""How many samples of a question are compared with probabilities that are claimed for them."""


def level_rows() -> list[Row]:
    """What the tests at a level may add to the false alarms of a submission, each by all its outcomes."""
    asked = ((EPS, "random"), (EPS, "mixed"), (BATCH, "uniform"), (NOISE, "distribution"))
    compared = {which: _samples_compared(*which) for which in asked}
    return [
        computed(*which, f"{FALSE_ALARM}: level of the tests, {tests} in all", tests * rules.FALSE_ALARM)
        for which, tests in (compared | CLAIMS).items()
    ]


def _samples_compared(test: str, question: str) -> int:
    """How many samples of a question are compared with the reference's."""
    found = probe_by_id(test).question(question).rules.values()
    return sum(isinstance(rule, rules.SameDistribution) for rule in found)


def range_rows() -> list[Row]:
    """The chance that actions which do not exist never come."""
    data = question_data(EPS, "random")
    n_actions, draws = len(data["weights"]), data["draws"]
    mistakes = {"action_out_of_range": n_actions + 1, "n_actions_from_state": STATE_DIM}
    return [
        computed(EPS, "random", f"{MISS}: {mistake}", (n_actions / taken_for) ** draws)
        for mistake, taken_for in mistakes.items()
    ]


def tasks() -> list[partial[list[Row]]]:
    """What can be computed apart from each other."""
    return [partial(level_rows), partial(range_rows), *(partial(rows_of, test) for test in counted_tests())]
