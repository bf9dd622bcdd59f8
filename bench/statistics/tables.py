"""The figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ac_helpers.probes import test_agent_learns as learning
from bench.statistics.calibration import LEVELS
from bench.statistics.goals import (
    ALARMS,
    MISSES,
    Learner,
    bounds,
    event_and_who,
    learners_of,
    question_of,
    shortfalls,
)
from bench.statistics.limits import upper_limit
from bench.statistics.rows import Row, of_part
from bench.statistics.samples import all_samples
from bench.statistics.solutions import REFERENCE

SMALLEST = 1e-99
"""Chances below this are not told apart."""


def report(rows: Sequence[Row]) -> str:
    """All tables for which there are figures."""
    tables: dict[str, Callable[[list[Row]], list[str]]] = {
        "exact": _exact_table,
        "networks": _network_table,
        "calibration": _calibration_table,
        "alarms": _alarm_table,
        "power": _power_table,
        "learns": _learning_tables,
    }
    lines = [*_goal_table(rows), *_sum_table(rows), *_sample_table()]
    for part, table in tables.items():
        found = of_part(rows, part)
        lines += table(found) if found else []
    return "\n".join(lines).strip() + "\n"


def number(rate: float) -> str:
    """A probability for a table."""
    if rate < SMALLEST:
        return f"< {SMALLEST:g}"
    return f"{rate:.2g}" if rate < 0.01 else f"{rate:.3f}"


def _line(*cells: Any) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _table(title: str, text: str, columns: Sequence[str], lines: Iterable[str]) -> list[str]:
    head = ["", f"### {title}", "", *text.splitlines(), "", _line(*columns), _line(*["---"] * len(columns))]
    return [*head, *lines]


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _goal_table(rows: Sequence[Row]) -> list[str]:
    text = (
        f"Chances above {ALARMS:g} to reject what is right, or above {MISSES:g} to accept what is wrong.\n"
        "Of the mistakes that were asked those count which no question of their cell has caught every time."
    )
    lines = [_line(s.question, s.what, s.who, number(s.chance)) for s in shortfalls(rows)]
    none = [_line("none", "", "", "")]
    return _table("Goals that are not met", text, ("question", "what", "who", "chance"), lines or none)


def _sum_table(rows: Sequence[Row]) -> list[str]:
    text = (
        "False alarms of one submission, at most: what follows from the data of the questions, and what\n"
        "depends on the network, for the reference's and for the style that suffers most."
    )
    found = bounds(rows)
    sums = [sum(column) for column in zip(*found.values(), strict=True)]
    lines = [_line(question, *map(number, chances)) for question, chances in found.items()]
    columns = ("question", "data", "network of the reference", "worst network")
    return _table("Sum for one submission", text, columns, [*lines, _line("sum", *map(number, sums))])


def _sample_table() -> list[str]:
    text = "As the questions have it; the threshold is that of one outcome."
    lines = [
        _line(sampled.question, sampled.sample, f"p < {sampled.threshold:.2g}" if sampled.threshold else "")
        for sampled in all_samples()
    ]
    return _table("Samples", text, ("question", "sample", "threshold"), lines)


def _exact_table(rows: list[Row]) -> list[str]:
    text = "Sums over all samples, no simulation. Where a chance depends on what is drawn it is a mean."
    lines = [
        _line(
            question_of(row),
            row.subject,
            number(row.rate),
            f"{row.runs:,}" if row.runs else "",
            number(row.high) if row.runs else "",
        )
        for row in rows
    ]
    return _table("Exact", text, ("question", "what", "value", "questions drawn", "largest"), lines)


def _network_table(rows: list[Row]) -> list[str]:
    """One line for everything that may happen."""
    text = "Means over drawn questions and networks of all styles, given the weights of each network."
    found = _grouped(rows, lambda row: (question_of(row), event_and_who(row)[0]))
    lines = [_network_line(question, event, several) for (question, event), several in found.items()]
    columns = ("question", "what", "questions drawn", "reference", "worst", "who")
    return _table("By network", text, columns, lines)


def _network_line(question: str, event: str, rows: list[Row]) -> str:
    reference = [number(row.rate) for row in rows if event_and_who(row)[1] == REFERENCE]
    worst = max(rows, key=lambda row: row.rate)
    who = event_and_who(worst)[1] if worst.rate >= SMALLEST else ""
    runs = f"{sum(row.runs for row in rows):,}"
    return _line(question, event, runs, *(reference or ["–"]), number(worst.rate), who)


def _calibration_table(rows: list[Row]) -> list[str]:
    """One line for each test, one column for each level."""
    text = "Share of p-values below a level, under the null hypothesis. No share may be above its level."
    lines = []
    for (question, name), levels in _grouped(
        rows, lambda row: (question_of(row), row.subject.rpartition(": ")[0])
    ).items():
        lines.append(_line(question, name, f"{levels[0].runs:,}", *(f"{row.rate:.2g}" for row in levels)))
    columns = ("question", "test", "samples", *(f"p < {level:g}" for level in LEVELS))
    return _table("Calibration", text, columns, lines)


def _count_table(title: str, text: str, columns: Sequence[str], rows: list[Row]) -> list[str]:
    """One line for each question: the sum over all who were asked, and who was counted."""
    lines = []
    for question, found in _grouped(rows, question_of).items():
        runs, hits = sum(row.runs for row in found), sum(row.hits for row in found)
        who = "; ".join(f"{row.subject} ({row.hits}/{row.runs})" for row in found if row.hits)
        rate = number(hits / runs) if hits else "0"
        lines.append(
            _line(question, len(found), f"{runs:,}", hits, rate, number(upper_limit(hits, runs)), who)
        )
    return _table(title, text, columns, lines)


def _alarm_table(rows: list[Row]) -> list[str]:
    text = "Right solutions of all styles, asked fresh questions with fresh random numbers."
    columns = ("question", "styles", "asked", "rejected", "rate", "95 % upper limit", "who")
    return _count_table("False alarms, measured", text, columns, rows)


def _power_table(rows: list[Row]) -> list[str]:
    text = "Known mistakes that the question rejects on one seed, asked again on fresh ones."
    columns = ("question", "mistakes", "asked", "passed", "rate", "95 % upper limit", "who")
    return _count_table("Misses, measured", text, columns, rows)


def _learning_tables(rows: list[Row]) -> list[str]:
    """Successes by agent and learning rate, and what the rule makes of them."""
    rates = [f"{lr:g}" for lr in learning.LEARNING_RATES]
    learners = learners_of(rows)
    text = (
        "Runs that succeed, by learning rate. The chance to fail is what the rule makes of the rates as\n"
        "measured, and of their lower 95 % limits.\n"
        "A learning rate that brings no success early is given up, and counts as 0."
    )
    columns = ("agent", *rates, "seconds a run", "raised", "fails", "by lower limits")
    right = [
        _line(*_counts(learner, rates), number(learner.fails), number(learner.fails_at_most))
        for learner in learners
        if learner.is_right
    ]
    wrong = [
        _line(*_counts(learner, rates), number(learner.passes), number(learner.passes_at_most))
        for learner in learners
        if not learner.is_right
    ]
    text_of_wrong = (
        "Agents that must not pass: the chance that they do, for the share of all their runs that succeed,\n"
        "and for its upper 95 % limit."
    )
    return [
        *_table("Right agents, single runs of test_agent_learns", text, columns, right),
        *_table("Wrong agents", text_of_wrong, (*columns[:-2], "passes", "by upper limit"), wrong),
    ]


def _counts(learner: Learner, rates: Sequence[str]) -> list[str]:
    """The cells that tell how often an agent succeeded."""
    tried = [learner.rows[rate] for rate in rates if rate in learner.rows]
    successes = (
        f"{learner.rows[r].hits}/{learner.rows[r].runs}" if r in learner.rows else "–" for r in rates
    )
    raised = ", ".join(f"{share:.0%} at {rate}" for rate, share in learner.raised.items())
    return [learner.title, *successes, f"{np.mean([row.seconds for row in tried]):.2f}", raised]
