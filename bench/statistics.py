"""False alarms and power of every question whose answer involves chance.

    python -m bench.statistics                    # exact figures, calibration, false alarms, power
    python -m bench.statistics --runs 10          # ten times as many runs
    python -m bench.statistics --parts learns     # single runs of test_agent_learns

Four parts and a fifth that takes longer. `exact` computes the chance that a right answer is rejected and that
a wrong one is, by summing over all samples. `calibration` draws samples under the null hypothesis and counts
how often the p-values of `ac_helpers.probes.rules` fall below a level. `alarms` asks right solutions of many
styles, `power` the known mistakes, both by fresh questions and fresh random numbers every time. `learns`
trains agents and counts the runs that succeed.

Results go to statistics.csv and statistics.md beside this file and between the markers of docs/statistics.md;
the rows of a part measured again replace the old ones, the rest stays.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from ac_helpers import reference
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes import test_agent_learns as learning
from ac_helpers.probes.asking import answer, draw
from ac_helpers.probes.known import tables
from ac_helpers.probes.rules import FALSE_ALARM, binomial_test, fisher_exact
from ac_helpers.probes.spec import Data, Probe, Question
from ac_helpers.probes.test_update_critic import OWN_LOSS, UNWATCHED
from ac_helpers.reference import known_mistakes
from autograder.assignment import Course
from autograder.examiner import Examiner
from tests.submissions.corpus import cells_of, solved_cells, versions

HERE = Path(__file__).parent
ROOT = HERE.parent
DOCUMENT = ROOT / "docs" / "statistics.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
CONFIDENCE = 0.95
ASSIGNMENT = "actor_critic"
FIRST_SEED = 10_000

Solution = Mapping[str, Any]
"""The global names of a solved notebook."""


@dataclass(frozen=True)
class Row:
    """One figure: `hits` of `runs`, or a rate computed exactly, where both are 0.

    Attributes:
        part: exact, calibration, alarms, power or learns.
        test: the test cell.
        question: the question's id; in `learns` the learning rate.
        subject: who was asked, or what is counted.
        runs: how often.
        hits: false alarms, misses, small p-values or successful runs.
        rate: hits / runs, or what was computed.
        low: lower 95 % confidence limit of the rate (one-sided, Clopper and Pearson).
        high: upper one.
        seconds: of computing, for one run.
    """

    part: str
    test: str
    question: str
    subject: str
    runs: int
    hits: int
    rate: float
    low: float
    high: float
    seconds: float = 0.0


COLUMNS = tuple(column.name for column in fields(Row))


def counted(
    part: str, test: str, question: str, subject: str, runs: int, hits: int, seconds: float = 0
) -> Row:
    """A row for a count."""
    limits = lower_limit(hits, runs), upper_limit(hits, runs)
    return Row(part, test, question, subject, runs, hits, hits / max(1, runs), *limits, round(seconds, 4))


def computed(test: str, question: str, subject: str, rate: float) -> Row:
    """A row for a probability that is known."""
    return Row("exact", test, question, subject, 0, 0, rate, rate, rate)


# Binomial and hypergeometric sums


@cache
def _log_factorials(largest: int) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])


def log_choose(n: int, k: np.ndarray) -> np.ndarray:
    """ln of the binomial coefficients."""
    table = _log_factorials(1 << max(10, n.bit_length()))
    return table[n] - table[k] - table[n - k]


def binomial(n: int, p: float) -> np.ndarray:
    """The probabilities of 0..n hits in n independent draws."""
    k = np.arange(n + 1)
    if not 0 < p < 1:
        return (k == n * round(p)).astype(float)
    return np.exp(log_choose(n, k) + k * math.log(p) + (n - k) * math.log1p(-p))


def upper_limit(hits: int, runs: int) -> float:
    """The rate above which so few hits have a probability below 5 %; 3 / runs for none at all."""
    if hits >= runs:
        return 1.0
    return _bisect(lambda p: binomial(runs, p)[: hits + 1].sum() > 1 - CONFIDENCE)


def lower_limit(hits: int, runs: int) -> float:
    """The rate below which so many hits have a probability below 5 %."""
    return 1 - upper_limit(runs - hits, runs) if hits else 0.0


def _bisect(holds: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high


def fisher_outcomes(
    samples: list[np.ndarray], expected: np.ndarray, threshold: float, negligible: float = 1e-40
) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities that Fisher's test rejects and accepts, for each distribution [n + 1] of hits.

    `expected` [m + 1] is the distribution of the reference's hits. The sum goes over the margins; both
    probabilities are summed, because one minus the other loses what is small.
    """
    n, m = len(samples[0]) - 1, len(expected) - 1
    possible = np.flatnonzero(expected > negligible)
    found = np.zeros((2, len(samples)))
    for hits in range(possible[0], possible[-1] + n + 1):
        own = np.arange(max(0, hits - m), min(hits, n) + 1)
        weights = expected[hits - own]
        if weights.max() < negligible:
            continue
        log_p = log_choose(n, own) + log_choose(m, hits - own) - log_choose(n + m, np.array([hits]))
        p = np.exp(log_p)
        extreme = 2 * np.minimum(np.cumsum(p), np.cumsum(p[::-1])[::-1]) < threshold
        for i, sample in enumerate(samples):
            both = sample[own] * weights
            found[:, i] += both[extreme].sum(), both[~extreme].sum()
    return found[0], found[1]


# Exact figures


@dataclass(frozen=True)
class Counted:
    """A test by counts: so many outcomes in a sample, the reference's sample `factor` times as large."""

    test: str
    question: str
    n: int
    outcomes: int
    share: float
    wrong: Mapping[str, float]
    factor: int = 4
    without_replacement: int = 0

    @property
    def threshold(self) -> float:
        return FALSE_ALARM / self.outcomes

    def rows(self) -> Iterator[Row]:
        """False alarms of one outcome, the chance to miss each mistake, and what shift is never missed."""
        expected = binomial(self.factor * self.n, self.share)
        samples = {"false alarm, one outcome": binomial(self.n, self.share)}
        if self.without_replacement:
            few = binomial(self.without_replacement, self.n / self.without_replacement * self.share)
            samples["false alarm, one outcome, without replacement"] = np.pad(few, (0, self.n + 1 - len(few)))
        alarms, _ = fisher_outcomes(list(samples.values()), expected, self.threshold)
        yield from (
            computed(self.test, self.question, name, float(rate))
            for name, rate in zip(samples, alarms, strict=True)
        )
        wrong = [binomial(self.n, share) for share in self.wrong.values()]
        _, missed = fisher_outcomes(wrong, expected, self.threshold)
        for name, rate in zip(self.wrong, missed, strict=True):
            yield computed(self.test, self.question, f"miss: {name}", float(rate))


def counted_tests() -> Iterator[Counted]:
    """The tests by Fisher's exact test, with the share of the outcome that each mistake shifts most."""
    n = probe_data("test_eps_greedy", "random")["draws"]
    never = dict.fromkeys(("explores_without_greedy", "last_action_never", "first_action_never"), 0.0)
    yield Counted(
        "test_eps_greedy", "random", n, 4, 1 / 4, never | {"always_greedy": 1.0, "n_actions_hardcoded": 0.5}
    )
    n = probe_data("test_eps_greedy", "mixed")["draws"]
    for epsilon in (0.25, 0.35):
        greedy = {
            f"epsilon_inverted, epsilon {epsilon}": epsilon + (1 - epsilon) / 3,
            f"always_greedy, epsilon {epsilon}": 1.0,
            f"always_random, epsilon {epsilon}": 1 / 3,
            f"explores_without_greedy, epsilon {epsilon}": 1 - epsilon,
        }
        yield Counted("test_eps_greedy", "mixed", n, 3, 1 - epsilon * 2 / 3, greedy)
        never = {f"last_action_never, epsilon {epsilon}": 0.0}
        yield Counted("test_eps_greedy", "mixed", n, 3, epsilon / 3, never)
    calls = probe_data("test_sample_batch", "uniform")["calls"]
    for size in (11, 13):
        never = {f"last_transition_never, batch {size}": 0.0, f"one comes thrice as often, batch {size}": 0.1}
        yield Counted(
            "test_sample_batch", "uniform", size * calls, 30, 1 / 30, never, without_replacement=calls
        )


def smallest_shift(counted_test: Counted, step: float = 0.005) -> tuple[float, float]:
    """The shares below and above the right one from which on a miss is rarer than 1 in 1000."""
    expected = binomial(counted_test.factor * counted_test.n, counted_test.share)
    below = np.arange(counted_test.share, -step, -step).clip(0)
    above = np.arange(counted_test.share, 1 + step, step).clip(0, 1)
    found = []
    for shares in (below, above):
        samples = [binomial(counted_test.n, float(share)) for share in shares]
        _, missed = fisher_outcomes(samples, expected, counted_test.threshold)
        found.append(float(shares[(missed <= 0.001).argmax()]))
    return found[0], found[1]


def exact() -> Iterator[Row]:
    """What needs no runs: sums over all samples."""
    for counted_test in counted_tests():
        yield from counted_test.rows()
    for counted_test in {(c.test, c.question): c for c in counted_tests() if len(c.wrong) > 1}.values():
        below, above = smallest_shift(counted_test)
        what = f"share {counted_test.share:.4f}: never missed"
        yield computed(counted_test.test, counted_test.question, f"{what} at or below", below)
        yield computed(counted_test.test, counted_test.question, f"{what} at or above", above)
    n = probe_data("test_eps_greedy", "random")["draws"]
    yield computed("test_eps_greedy", "random", "miss: action_out_of_range", (4 / 5) ** n)
    yield from _one_action_only()
    yield from _patterns()
    yield from _giving_up()
    yield from _counts_by_results()


def _one_action_only(questions: int = 2000) -> Iterator[Row]:
    """An agent that samples from a policy which is nearly deterministic shows one action in every draw."""
    probe = probe_by_id("test_agent_act")
    make = probe.question("policy").make
    rng, chances = np.random.default_rng(1), []
    for _ in range(questions):
        question = make(rng)
        policy = np.exp(tables(question["weights"], question["states"])[0])
        chances.append(float((policy ** question["draws"]).sum(-1).prod()))
    yield computed(
        "test_agent_act", "policy", "false alarm: one action only, mean question", np.mean(chances)
    )
    yield computed("test_agent_act", "policy", "false alarm: one action only, worst question", max(chances))


def _patterns() -> Iterator[Row]:
    """How a right sampler comes to look like a pattern: every one of the calls has to."""
    calls, size, n = probe_data("test_sample_batch", "uniform")["calls"], 30, 11
    one_batch = math.comb(size, n) ** (1.0 - calls)
    with_replacement = math.factorial(n) / size**n
    yield computed(
        "test_sample_batch", "uniform", "false alarm: one transition", size ** (-(n - 1.0) * calls)
    )
    one_batch = max(one_batch, with_replacement ** (calls - 1.0))
    yield computed("test_sample_batch", "uniform", "false alarm: one batch", one_batch)
    yield computed(
        "test_sample_batch", "uniform", "false alarm: neighbours", (2 / size) ** ((n - 1.0) * calls)
    )


def _giving_up() -> Iterator[Row]:
    """An agent that samples by itself: an action is still missing in a state when patience ends."""
    from ac_helpers.probes.test_update_actor import N_STATES, PATIENCE

    questions = {
        "uniform": ([(1 / 3, 1)] * 3, 3, 2),
        "skewed": ([(5 / 9, 5), (3 / 9, 3), (1 / 9, 1)], 9, 2),
        "one_sided": ([(1 / 3, 3)], 3, 2),
    }
    for question, (actions, steps, times) in questions.items():
        draws = PATIENCE * steps
        missing = sum(float(binomial(draws, share)[:wanted].sum()) for share, wanted in actions)
        yield computed("test_update_actor", question, "patience ends, at most", times * N_STATES * missing)


def _counts_by_results() -> Iterator[Row]:
    """`update_critic` by its results: all counts share a factor with the number of draws, or are equal."""
    from ac_helpers.probes.test_update_critic import CALLS

    worst = 0.0
    for batch_size in (5, 7, 9):
        for n_updates in (3, 5, 6):
            draws = batch_size * n_updates
            worst = max(worst, _common_factor(draws, binomial(draws, 0.5), CALLS + 1))
            one = np.array([math.comb(15, k) * math.comb(15, batch_size - k) for k in range(batch_size + 1)])
            several = np.array([1.0])
            for _ in range(n_updates):
                several = np.convolve(several, one / one.sum())
            worst = max(worst, _common_factor(draws, several, CALLS + 1))
    yield computed("test_update_critic", "batches", "false alarm, asked by results, at most", worst)


def _common_factor(draws: int, counts: np.ndarray, calls: int) -> float:
    primes = [p for p in (2, 3, 5, 7) if draws % p == 0]
    return sum(float(counts[::p].sum()) ** calls for p in primes) + float(counts.max()) ** (calls - 1)


# Calibration

LEVELS = (1e-1, 1e-2, 1e-3, 1e-4)


def calibration(runs: float) -> Iterator[Row]:
    """How often p-values under the null hypothesis fall below a level: never more often than that."""
    rng = np.random.default_rng(1)
    n_tests = int(100_000 * runs)
    for counted_test in {(c.test, c.question): c for c in counted_tests()}.values():
        n, m, share = counted_test.n, counted_test.factor * counted_test.n, counted_test.share
        pairs = zip(rng.binomial(n, share, n_tests), rng.binomial(m, share, n_tests), strict=True)
        test = cache(lambda a, b, n=n, m=m: fisher_exact(a, n, b, m))
        p_values = np.array(
            [test(int(a), int(b)) for a, b in tqdm(pairs, total=n_tests, leave=False, disable=None)]
        )
        name = f"Fisher, {n} and {m} draws, share {share:.3f}"
        yield from _levels(counted_test.test, counted_test.question, name, p_values)
    for test_id, question, n in (
        ("test_actor_critic_model", "policy", 1500),
        ("test_agent_act", "policy", 400),
    ):
        p_values = _binomial_p_values(rng, n, n_tests)
        yield from _levels(test_id, question, f"binomial, {n} draws, any share", p_values)


def _binomial_p_values(rng: np.random.Generator, n: int, n_tests: int, shares: int = 50) -> np.ndarray:
    found = []
    for share in rng.uniform(0.005, 0.995, size=shares):
        test = cache(lambda hits, share=float(share): binomial_test(hits, n, share))
        found += [test(int(hits)) for hits in rng.binomial(n, share, n_tests // shares)]
    return np.array(found)


def _levels(test: str, question: str, name: str, p_values: np.ndarray) -> Iterator[Row]:
    for level in LEVELS:
        below = int((p_values < level).sum())
        yield counted("calibration", test, question, f"{name}: p < {level:g}", len(p_values), below)


# Solutions


@cache
def _solved() -> dict[str, str]:
    return solved_cells(Course.find(ROOT).assignment(ASSIGNMENT))


def with_code(code: str, title: str) -> Solution:
    """The names that the solved cells define when a version's code has taken its place in them."""
    names = dict(reference.names(ASSIGNMENT))
    for source in cells_of(code, _solved()).values():
        exec(compile(source, f"<{title}>", "exec"), names)
    return names


def right_solutions(test: str) -> dict[str, Solution]:
    """The reference and the right versions of the cell, by style."""
    known = reference.names(ASSIGNMENT)
    file = {"test_agent_act": "agent_act"}.get(test, test.removeprefix("test_"))
    found: dict[str, Solution] = {"reference": known}
    for version in versions():
        if version.right and version.file == file:
            found[version.style] = with_code(version.code, version.style)
    return found


def with_mistake(test: str, variant: str) -> Solution:
    """The reference with one known mistake."""
    (mistake,) = (mistake for mistake in known_mistakes(test) if mistake.variant == variant)
    return {**reference.names(ASSIGNMENT), mistake.name: mistake.value}


# Asking


@dataclass(frozen=True)
class Asked:
    """A question that is asked again and again: of right solutions, and of mistakes.

    Attributes:
        test: the test cell.
        question: the question's id.
        right: of how many fresh questions every right style is asked.
        wrong: of how many every mistake.
        repairs: only these ways of asking; all of them if empty.
    """

    test: str
    question: str
    right: int
    wrong: int
    repairs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.question}, by results" if self.repairs else self.question


ASKED = (
    Asked("test_eps_greedy", "random", 25, 60),
    Asked("test_eps_greedy", "mixed", 25, 60),
    Asked("test_sample_batch", "batch", 60, 300),
    Asked("test_sample_batch", "uniform", 25, 60),
    Asked("test_actor_critic_model", "policy", 60, 60),
    Asked("test_actor_critic_model", "q_of_action", 60, 60),
    Asked("test_actor_critic_model", "shared_body", 60, 60),
    Asked("test_actor_critic_model", "hidden_layers", 60, 60),
    Asked("test_actor_critic_model", "critic_range", 60, 60),
    Asked("test_agent_act", "policy", 15, 40),
    Asked("test_td_loss", "value", 60, 60),
    Asked("test_update_actor", "uniform", 15, 15),
    Asked("test_update_actor", "skewed", 10, 15),
    Asked("test_update_actor", "one_sided", 10, 15),
    Asked("test_update_critic", "batches", 30, 30),
    Asked("test_update_critic", "batches", 30, 30, (UNWATCHED, f"{UNWATCHED} {OWN_LOSS}")),
)


def probe_data(test: str, question: str, seed: int = FIRST_SEED) -> Data:
    """The data of a question for one seed."""
    probe = probe_by_id(test)
    return draw(probe, probe.question(question), seed)


def passes(examiner: Examiner, probe: Probe, question: Question, names: Solution, asked: Asked) -> bool:
    """Whether one of the ways of asking brings a right answer, as in grading."""
    data = examiner.data(probe, question)
    ways = [data | {"repair": repair} for repair in asked.repairs] or question.ways(data)
    expected, random_seed = examiner.expected(probe, question), examiner.random_seed(probe, question)
    return any(
        not question.differences(
            examiner.digest(probe, question, answer(probe, question, names, way, random_seed)), expected
        )
        for way in ways
    )


def _ask_all(part: str, asked: Asked, solutions: dict[str, Solution], seeds: int, wanted: bool) -> list[Row]:
    """Asks all solutions the questions of so many seeds; hits are the answers that are not as wanted."""
    probe = probe_by_id(asked.test)
    question = probe.question(asked.question)
    hits, seconds = dict.fromkeys(solutions, 0), dict.fromkeys(solutions, 0.0)
    for seed in tqdm(
        range(FIRST_SEED, FIRST_SEED + seeds), desc=f"{part} {asked.test} {asked.title}", leave=False
    ):
        examiner = Examiner(ASSIGNMENT, seed)
        examiner.expected(probe, question)
        for title, names in solutions.items():
            start = time.process_time()
            hits[title] += passes(examiner, probe, question, names, asked) != wanted
            seconds[title] += time.process_time() - start
    return [
        counted(part, asked.test, asked.title, title, seeds, hits[title], seconds[title] / seeds)
        for title in solutions
    ]


def alarms(runs: float) -> Iterator[Row]:
    """How often right solutions of every style are rejected."""
    for asked in ASKED:
        yield from _ask_all("alarms", asked, right_solutions(asked.test), _scaled(asked.right, runs), True)


def power(runs: float) -> Iterator[Row]:
    """How often each mistake passes a question that rejects it on the first seed."""
    for asked in ASKED:
        probe = probe_by_id(asked.test)
        examiner = Examiner(ASSIGNMENT, FIRST_SEED)
        solutions = {m.variant: with_mistake(asked.test, m.variant) for m in known_mistakes(asked.test)}
        caught = {
            variant: names
            for variant, names in solutions.items()
            if not passes(examiner, probe, probe.question(asked.question), names, asked)
        }
        yield from _ask_all("power", asked, caught, _scaled(asked.wrong, runs), False)


def _scaled(seeds: int, runs: float) -> int:
    return max(1, round(seeds * runs))


# Learning: single runs of test_agent_learns

GIVEN: Any = reference.names(ASSIGNMENT)["ActorCriticAgent"]


def _optimizer(make: Callable[..., torch.optim.Optimizer], base: Any = GIVEN) -> Solution:
    class ActorCriticAgent(base):  # type: ignore[misc]
        def __init__(self, state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size):
            super().__init__(state_dim, action_dim, hidden_dims, lr, gamma, critic_rb_size)
            self.opt = make(self.actor_critic.parameters(), lr)

    return _agent(ActorCriticAgent)


def _agent(agent: Any) -> Solution:
    return {**reference.names(ASSIGNMENT), "ActorCriticAgent": agent}


def _sgd(parameters: Any, lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=lr)


class WeightQ(GIVEN):  # type: ignore[misc]
    """No baseline."""

    def update_actor(self):
        features = self.actor_critic.net(torch.stack(self.actor_batch.states))
        actions = torch.stack(self.actor_batch.actions).unsqueeze(-1)
        log_probs = self.actor_critic.actor_head(features).log_softmax(-1).gather(-1, actions)
        return -(self.actor_critic.critic_head(features).detach().gather(-1, actions) * log_probs).mean()


class ClippedSteps(GIVEN):  # type: ignore[misc]
    """Gradients no longer than 0.5."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return
        self._step(self.update_actor())
        for _ in range(critic_updates_per_actor):
            self._step(self.update_critic(critic_batch_size))
        self.actor_batch.clear()

    def _step(self, loss):
        self.opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.actor_critic.parameters(), 0.5)
        self.opt.step()


class OneStep(GIVEN):  # type: ignore[misc]
    """One joint step on the sum of the losses, several batches for the critic."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return
        loss = self.update_actor() + self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.actor_batch.clear()


class NoUpdate(GIVEN):  # type: ignore[misc]
    """Never learns."""

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) >= rollout_size:
            self.actor_batch.clear()


class CollapsedAtRandom(NoUpdate):
    """Has made up its mind, in every state by tossing a coin."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.table = torch.randint(2, (len(learning.RIGHT_ACTIONS),)).tolist()

    def act(self, state):
        super().act(state)
        return self.table[int(np.argmax(state))]


def _style(title: str) -> Solution:
    """A version of the corpus by its style."""
    (version,) = (version for version in versions() if version.style == title)
    return with_code(version.code, title)


LEARNERS: dict[str, Callable[[], Solution]] = {
    "reference: Adam, weight Q − V": lambda: reference.names(ASSIGNMENT),
    "AdamW": lambda: _optimizer(lambda parameters, lr: torch.optim.AdamW(parameters, lr=lr)),
    "SGD": lambda: _optimizer(_sgd),
    "SGD, weight Q": lambda: _style("SGD, lists of floats, log-probs recomputed"),
    "SGD with momentum": lambda: _optimizer(lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9)),
    "SGD, gradient norm clipped at 0.5": lambda: _optimizer(_sgd, ClippedSteps),
    "SGD, one joint step": lambda: _optimizer(_sgd, OneStep),
    "RMSprop, normalised weights, entropy bonus": lambda: _style(
        "parameter groups, batch axis in act, normalised weights and an entropy bonus"
    ),
    "Adagrad": lambda: _optimizer(lambda parameters, lr: torch.optim.Adagrad(parameters, lr=lr)),
    "weight Q, no baseline": lambda: _agent(WeightQ),
    "one joint step, batch mean": lambda: _style(
        "one joint step on the sum of both losses, log-probs kept with a graph"
    ),
    "joint loss, weighted parts, gradient values clipped": lambda: _style(
        "joint loss with weights of its parts and the gradient values clipped"
    ),
    "softmax head": lambda: _style("softmax inside the actor head, agent takes probabilities from it"),
    "heads start at zero, two critic steps": lambda: _style(
        "heads start at zero, bonus for entropy, two optimizer steps for the critic"
    ),
    "layer norm, log-softmax head, heads start at zero": lambda: _style(
        "log-softmax head, heads that start at zero, layer norm"
    ),
    "ReLU body": lambda: _style("Categorical with logits and a ReLU body"),
}

NON_LEARNERS: dict[str, Callable[[], Solution]] = {
    "actor_loss_sign": lambda: with_mistake("test_update_actor", "actor_loss_sign"),
    "actor_ignores_q": lambda: with_mistake("test_update_actor", "actor_ignores_q"),
    "log_prob_detached": lambda: with_mistake("test_update_actor", "log_prob_detached"),
    "reward_missing": lambda: with_mistake("test_td_loss", "reward_missing"),
    "update does nothing": lambda: _agent(NoUpdate),
    "collapsed at random": lambda: _agent(CollapsedAtRandom),
    "gradients erased": lambda: _style("gradients erased between backward and step"),
    "actor_not_stepped": lambda: _style("only the loss of the critic goes back"),
}

HOPELESS = 4
"""After so many failures and no success a right style is not tried with that learning rate again."""


def learns(runs: float) -> Iterator[Row]:
    """Runs that succeed, by style and learning rate; what raises has failed."""
    for title, make in (LEARNERS | NON_LEARNERS).items():
        names = make()
        for lr in learning.LEARNING_RATES:
            times = _scaled(40 if title in LEARNERS else 20, runs)
            yield _runs(title, names, lr, times, HOPELESS if title in LEARNERS else times)


def _runs(title: str, names: Solution, lr: float, times: int, hopeless: int) -> Row:
    data, hits, done, start = probe_data("test_agent_learns", "learns"), 0, 0, time.process_time()
    for number in tqdm(range(times), desc=f"learns {title} {lr}", leave=False, disable=None):
        if hits == 0 and done >= hopeless:
            break
        hits += _one_run(names, data, lr, zlib.crc32(f"{title}/{lr}/{number}".encode()))
        done += 1
    seconds = (time.process_time() - start) / done
    return counted("learns", "test_agent_learns", f"{lr:g}", title, done, hits, seconds)


def _one_run(names: Solution, data: Data, lr: float, seed: int) -> bool:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    try:
        return learning.succeeded(learning._run(names, data, lr, seed, {"waits_for_the_rollout": []}))
    except Exception:
        return False


@dataclass(frozen=True)
class LearningRule:
    """Passes when one learning rate has brought `successes` before `failures`."""

    successes: int
    failures: int

    def fails(self, rates: list[float]) -> float:
        """The chance not to pass for these success rates of a single run, one for each learning rate."""
        runs = self.successes + self.failures - 1
        return math.prod(float(binomial(runs, rate)[: self.successes].sum()) for rate in rates)


def present_rule(rates: list[float]) -> float:
    """The chance that nobody succeeds twice: first run, and one of the next two, with the same rate."""
    return math.prod(1 - rate**2 * (2 - rate) for rate in rates)


# Reporting

PARTS: dict[str, Callable[[float], Iterator[Row]]] = {
    "exact": lambda runs: exact(),
    "calibration": calibration,
    "alarms": alarms,
    "power": power,
    "learns": learns,
}


def read(path: Path) -> list[Row]:
    """The rows of a table that was written before."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [_parsed(row) for row in csv.DictReader(file)]


def _parsed(row: dict[str, str]) -> Row:
    whole = {name: int(row[name]) for name in ("runs", "hits")}
    numbers = {name: float(row[name]) for name in ("rate", "low", "high", "seconds")}
    return Row(**{**row, **whole, **numbers})  # type: ignore[arg-type]


def write(path: Path, rows: list[Row]) -> None:
    """Writes the table."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            [f"{value:.6g}" if isinstance(value, float) else value for value in astuple(row)] for row in rows
        )


def replace(old: list[Row], new: list[Row]) -> list[Row]:
    """The old rows without those of parts and questions that were measured again, and the new ones."""
    measured = {(row.part, row.test) for row in new}
    kept = [row for row in old if (row.part, row.test) not in measured]
    return sorted([*kept, *new], key=lambda row: list(PARTS).index(row.part))


def _line(*cells: Any) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _head(*titles: str) -> list[str]:
    return ["", _line(*titles), _line(*["---"] * len(titles))]


def number(rate: float) -> str:
    """A probability for a table."""
    if rate == 0:
        return "< 1e-300"
    return f"{rate:.2g}" if rate < 0.01 else f"{rate:.3f}"


def report(rows: list[Row]) -> str:
    """The measured figures as Markdown."""
    parts = {part: [row for row in rows if row.part == part] for part in PARTS}
    lines = [
        *_exact_table(parts["exact"]),
        *_calibration_table(parts["calibration"]),
        *_alarm_table(parts["alarms"]),
        *_power_table(parts["power"]),
        *_learning_table(parts["learns"]),
    ]
    return "\n".join(lines).strip() + "\n"


def _exact_table(rows: list[Row]) -> list[str]:
    lines = [
        "",
        "### Exact",
        "",
        "Sums over all samples, no simulation.",
        *_head("question", "what", "value"),
    ]
    return lines + [_line(f"{row.test}: {row.question}", row.subject, number(row.rate)) for row in rows]


def _calibration_table(rows: list[Row]) -> list[str]:
    """One line for each test, one column for each level."""
    lines = [
        "",
        "### Calibration",
        "",
        "Share of p-values below a level, under the null hypothesis. No share may be above its level.",
        *_head("question", "test", "tests", *(f"p < {level:g}" for level in LEVELS)),
    ]
    tests: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        tests.setdefault((f"{row.test}: {row.question}", row.subject.rpartition(": ")[0]), []).append(row)
    for (question, name), levels in tests.items():
        lines.append(_line(question, name, f"{levels[0].runs:,}", *(f"{row.rate:.2g}" for row in levels)))
    return lines


def _by_question(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(f"{row.test}: {row.question}", []).append(row)
    return found


def _total(rows: list[Row]) -> list[str]:
    runs, hits = sum(row.runs for row in rows), sum(row.hits for row in rows)
    return [f"{runs:,}", str(hits), number(hits / runs) if hits else "0", number(upper_limit(hits, runs))]


def _alarm_table(rows: list[Row]) -> list[str]:
    lines = [
        "",
        "### False alarms, measured",
        "",
        "Right solutions of all styles, every one asked fresh questions with fresh random numbers.",
        *_head("question", "styles", "asked", "rejected", "rate", "95 % upper limit", "by"),
    ]
    for question, found in _by_question(rows).items():
        by = "; ".join(f"{row.subject} ({row.hits}/{row.runs})" for row in found if row.hits)
        lines.append(_line(question, len(found), *_total(found), by))
    return lines


def _power_table(rows: list[Row]) -> list[str]:
    lines = [
        "",
        "### Misses, measured",
        "",
        "Known mistakes that the question rejects on the first seed, asked again on fresh ones.",
        *_head("question", "mistakes", "asked", "passed", "rate", "95 % upper limit", "who"),
    ]
    for question, found in _by_question(rows).items():
        by = "; ".join(f"{row.subject} ({row.hits}/{row.runs})" for row in found if row.hits)
        lines.append(_line(question, len(found), *_total(found), by))
    return lines


PROPOSED = LearningRule(successes=4, failures=12)


def _learning_table(rows: list[Row]) -> list[str]:
    """Successes by style and rate, and what the rules make of them; without a run a rate counts as 0."""
    if not rows:
        return []
    titles = [f"{lr:g}" for lr in learning.LEARNING_RATES]
    lines = [
        "",
        "### Single runs of test_agent_learns",
        "",
        "Runs that succeed, by learning rate, and the chance that a rule rejects: for the rates as measured",
        "and, in brackets, for their lower (wrong ones: upper) 95 % limits. The present rule wants a success",
        f"and another one in two more runs; the other one {PROPOSED.successes} successes before "
        f"{PROPOSED.failures} failures with one learning rate.",
        *_head("agent", *titles, "seconds a run", "rejected now", "rejected by the other rule"),
    ]
    styles: dict[str, dict[str, Row]] = {}
    for row in rows:
        styles.setdefault(row.subject, {})[row.question] = row
    for style, by_rate in styles.items():
        found = [by_rate[title] for title in titles if title in by_rate]
        rates = [row.rate for row in found]
        limits = [row.high if style in NON_LEARNERS else row.low for row in found]
        cells = [f"{by_rate[t].hits}/{by_rate[t].runs}" if t in by_rate else "–" for t in titles]
        verdicts = [
            f"{number(rule(rates))} ({number(rule(limits))})" for rule in (present_rule, PROPOSED.fails)
        ]
        lines.append(_line(style, *cells, f"{np.mean([row.seconds for row in found]):.2f}", *verdicts))
    return lines


def put_between_markers(text: str, measured: str) -> str:
    """The document with what stands between its markers replaced."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the document has no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n\n{measured}\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--parts", nargs="*", choices=PARTS, default=["exact", "calibration", "alarms", "power"]
    )
    parser.add_argument("--runs", type=float, default=1.0, help="times the default number of runs")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="where the tables are put")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    table = arguments.output / "statistics.csv"
    for part in arguments.parts:
        rows: list[Row] = []
        for row in PARTS[part](arguments.runs):
            rows.append(row)
            write(table, replace(read(table), rows))
    measured = report(read(table))
    note = "Made by `python -m bench.statistics`; docs/statistics.md explains the tables."
    (arguments.output / "statistics.md").write_text(f"# Statistics of the checks\n\n{note}\n\n{measured}")
    document = arguments.document.read_text(encoding="utf-8")
    arguments.document.write_text(put_between_markers(document, measured), encoding="utf-8")


if __name__ == "__main__":
    main()
