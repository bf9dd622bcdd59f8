"""How often the p-values of right samples fall below a level: a test is right if never more often than that.

The samples are drawn, so that levels down to 1e-5 can be counted. `tests/bench` compares the p-values with
those of `ac_helpers.probes.rules`, which computes one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ac_helpers.probes.test_actor_critic_model import PROBE as MODEL
from ac_helpers.probes.test_agent_act import PROBE as ACTING
from bench.statistics.limits import binomial
from bench.statistics.pvalues import fisher_p_values, two_sided
from bench.statistics.questions import question_data
from bench.statistics.rows import Row, counted
from bench.statistics.shares import Counted, counted_tests

LEVELS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-5)
TESTS = 4_000_000
"""Samples of every question."""

SHARES = 200
"""Shares of an outcome that are tried where any may occur."""


def fisher_rows(counted_test: Counted, runs: float) -> list[Row]:
    """The levels of a test that compares the student's sample with the reference's."""
    n, m, share = counted_test.n, counted_test.reference, counted_test.share
    rng, tests = np.random.default_rng([n, int(1000 * share)]), _scaled(TESTS, runs)
    own, expected = rng.binomial(n, share, tests), rng.binomial(m, share, tests)
    p_values = np.empty(tests)
    order = np.argsort(own + expected, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff((own + expected)[order])) + 1):
        counts, all_p_values = fisher_p_values(n, m, int((own + expected)[places[0]]))
        p_values[places] = all_p_values[own[places] - counts[0]]
    name = f"Fisher, {n} and {m} draws, {counted_test.outcome}"
    return list(_levels(counted_test.test, counted_test.question, name, p_values))


def binomial_rows(test: str, question: str, runs: float) -> list[Row]:
    """The levels of a test that compares a sample with claimed probabilities, which may be any."""
    draws = question_data(test, question)["draws"]
    rng, each = np.random.default_rng(draws), _scaled(TESTS // SHARES, runs)
    p_values = [
        two_sided(binomial(draws, float(share)))[rng.binomial(draws, share, each)]
        for share in rng.uniform(0.005, 0.995, SHARES)
    ]
    return list(_levels(test, question, f"binomial, {draws} draws, any share", np.concatenate(p_values)))


def _levels(test: str, question: str, name: str, p_values: np.ndarray) -> Iterator[Row]:
    for level in LEVELS:
        below = int((p_values < level).sum())
        yield counted("calibration", test, question, f"{name}: p < {level:g}", len(p_values), below)


def _scaled(times: int, runs: float) -> int:
    return max(1, round(times * runs))


def tasks(runs: float) -> list[partial[list[Row]]]:
    """What can be computed apart from each other."""
    return [
        *(partial(fisher_rows, test, runs) for test in counted_tests()),
        *(partial(binomial_rows, probe.id, "policy", runs) for probe in (MODEL, ACTING)),
    ]
