"""Puts an outcome into words for the student: which mistake it is, or the smallest thing that differs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from ac_helpers.judging import Outcome
from ac_helpers.messages import has, text
from ac_helpers.probes.rules import Difference
from ac_helpers.probes.spec import Probe


@dataclass(frozen=True)
class Finding:
    """What a student is told of one or more lost points.

    Attributes:
        mistake: the id of a known mistake, or None.
        message: what was found and where to look.
    """

    mistake: str | None
    message: str


def title(probe: Probe, question_id: str) -> str:
    """What a question asks, in a few words."""
    return text(f"questions.{probe.id}.{question_id}")


def findings(probe: Probe, outcomes: list[Outcome]) -> tuple[Finding, ...]:
    """One finding for every mistake of a cell, in the order of the questions, none told twice.

    What the same line raises in several questions is told once, as it was in the first of them.
    """
    told: dict[Hashable, Finding] = {}
    for outcome in outcomes:
        if not outcome.passed:
            for finding in findings_of(probe, outcome):
                told.setdefault(_cause(outcome, finding), finding)
    return tuple(dict.fromkeys(told.values()))


def _cause(outcome: Outcome, finding: Finding) -> Hashable:
    if outcome.raised is None or not outcome.raised["line"]:
        return finding
    return finding.mistake, outcome.raised["type"], outcome.raised["function"], outcome.raised["line"]


def findings_of(probe: Probe, outcome: Outcome) -> list[Finding]:
    """What is told of one wrong answer: its mistakes, or what differs."""
    if not outcome.mistakes:
        return [Finding(None, evidence(probe, outcome))]
    return [Finding(mistake, _hint(probe, outcome, mistake)) for mistake in outcome.mistakes]


def _hint(probe: Probe, outcome: Outcome, mistake: str) -> str:
    message = text(hint_key(probe.id, mistake))
    if outcome.raised is None:
        return message
    return message.format_map(_Raised(outcome.raised))


def hint_key(test_id: str, mistake: str) -> str:
    """The catalogue's key of a mistake's hint: the cell's own, where it has one."""
    own = f"mistakes_of.{test_id}.{mistake}"
    return own if has(own) else f"mistakes.{mistake}"


class _Raised(dict[str, str]):
    """Fills in what a message says of an exception; a function without a name is a question mark."""

    def __init__(self, raised: dict[str, str]) -> None:
        place = text("raised.line", line=raised["line"]) if raised["line"] else text("raised.nowhere")
        super().__init__(
            type=raised["type"],
            message=raised["message"] or text("raised.no_message"),
            place=place,
            function=raised["function"] or "?",
        )


def evidence(probe: Probe, outcome: Outcome) -> str:
    """The smallest thing in which an answer differs from a right one."""
    if outcome.raised is not None:
        kind = outcome.raised["type"]
        if has(f"raised.{kind}"):
            return text(f"raised.{kind}", message=_short(outcome.raised["message"]))
        return text("mistakes.raises").format_map(_Raised(outcome.raised))
    return _difference(probe, outcome, outcome.differences[0])


def _difference(probe: Probe, outcome: Outcome, difference: Difference) -> str:
    values = {
        "got": _short(difference.got),
        "expected": _short(difference.expected),
        "where": _where(difference.index),
        "field": difference.field,
    }
    own = f"differs.{probe.id}.{outcome.question.id}.{difference.field}"
    if difference.kind in ("value", "share") and has(own):
        return text(own, **values)
    return text(f"differs.any.{difference.kind}", **values)


def _where(index: tuple[int, ...]) -> str:
    return text("differs.where", index=", ".join(str(i) for i in index)) if index else ""


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return text("words.yes") if value else text("words.no")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_short(item) for item in value[:8]) + (", …]" if len(value) > 8 else "]")
    if isinstance(value, str) and has(f"words.{value}"):
        return text(f"words.{value}")
    return str(value)[:120]
