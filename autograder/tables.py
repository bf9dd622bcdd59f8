"""Results as tables for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from autograder.batch import Outcome, State
from autograder.collect import Collected
from autograder.verdict import Verdict
from autograder.visible import visible

STYLES = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "not_attempted": "dim",
    "needs_human": "magenta",
    State.GRADED.value: "green",
    State.UNCHANGED.value: "dim",
    State.NEEDS_HUMAN.value: "magenta",
}


def verdict_table(verdict: Verdict) -> Table:
    table = Table(title=_text(f"{verdict.notebook} ({verdict.assignment})"), show_footer=True)
    table.add_column("cell", "total", overflow="fold")
    table.add_column("points", points(verdict.score, verdict.max_score), justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("what was found", overflow="fold")
    for cell in verdict.cells:
        findings = _text("\n".join(finding.message for finding in cell.findings))
        table.add_row(cell.grade_id, points(cell.score, cell.points), status(cell.status), findings)
    return table


def outcomes_table(outcomes: Iterable[Outcome]) -> Table:
    table = Table()
    table.add_column("student", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("why", overflow="fold")
    for outcome in outcomes:
        table.add_row(
            _text(outcome.student), score(outcome), status(outcome.state.value), _text(outcome.reason or "")
        )
    return table


def collected_table(collected: Iterable[Collected]) -> Table:
    """What somebody may want to look at of what came out of an archive."""
    table = Table()
    table.add_column("student", overflow="fold")
    table.add_column("notebook", no_wrap=True)
    table.add_column("why", overflow="fold")
    for one in collected:
        table.add_row(_text(one.student or "–"), one.fate.value, _text(one.said))
    return table


def demo_table(assignment: str, rows: Iterable[tuple[Outcome, str, str]]) -> Table:
    """Rows: an outcome, what was handed in, and what the student is told first."""
    table = Table(title=assignment)
    table.add_column("student", no_wrap=True)
    table.add_column("handed in", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("first finding", overflow="fold")
    for outcome, hands_in, finding in rows:
        table.add_row(outcome.student, hands_in, score(outcome), status(outcome.state.value), _text(finding))
    return table


def _text(quoted: str) -> Text:
    """What strangers have written, as it is: neither markup nor what steers a terminal."""
    return Text(visible(quoted))


def score(outcome: Outcome) -> str:
    return "–" if outcome.score is None else points(outcome.score, outcome.max_score)


def points(got: float, most: float) -> str:
    return f"{got:g} / {most:g}"


def status(value: str) -> Text:
    return Text(value.replace("_", " "), style=STYLES.get(value, "red"))
