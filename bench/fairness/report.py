"""What became of a run: the matrix, and everything that is not as it must be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.fairness.submissions import LEARNS, Submission

NAMED_AT_LEAST = 0.95

Verdict = dict[str, Any] | str
"""A verdict of the command, or what it said instead of one."""


@dataclass
class Tally:
    """One row of the matrix."""

    right: int = 0
    full: int = 0
    wrong: int = 0
    caught: int = 0
    to_name: int = 0
    named: int = 0
    collateral: int = 0

    def add(self, other: Tally) -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclass
class Report:
    """What became of a run."""

    rows: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    complaints: list[str] = field(default_factory=list)
    verdicts: dict[str, Any] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def with_total(self) -> dict[str, Tally]:
        """The rows of the matrix, that of all at the end."""
        return {**self.rows, "all": self.total}

    @property
    def total(self) -> Tally:
        total = Tally()
        for row in self.rows.values():
            total.add(row)
        return total


def judge(submission: Submission, verdict: Verdict, report: Report) -> None:
    """Notes a verdict, counts it into the matrix and tells what is not as it must be."""
    report.verdicts[submission.name] = verdict
    if isinstance(verdict, str):
        report.complaints.append(f"NO VERDICT {submission.name}: {verdict}")
        return
    cells = {cell["grade_id"]: cell for cell in verdict["cells"]}
    lost = {name for name, cell in cells.items() if cell["score"] < cell["points"]}
    tolerated = {LEARNS} if _touches_agent(submission) else set()
    collateral = lost - set(submission.statuses) - tolerated
    if collateral:
        told = {name: cells[name]["findings"][:1] for name in sorted(collateral)}
        report.complaints.append(f"COLLATERAL {submission.name}: {told}")
    _count(submission, cells, lost, collateral, report)
    for name, status in submission.statuses.items():
        if status is not None and cells[name]["status"] != status:
            report.complaints.append(
                f"STATUS {submission.name}: {name} is {cells[name]['status']}, not {status}"
            )


def _touches_agent(submission: Submission) -> bool:
    return any("ActorCriticAgent" in version.code for version in submission.versions if not version.right)


def _count(
    submission: Submission,
    cells: Mapping[str, Any],
    lost: set[str],
    collateral: set[str],
    report: Report,
) -> None:
    if not submission.versions:
        full = lost == set(submission.statuses)
        report.rows["oddities"].add(Tally(right=1, full=int(full)))
        if not full:
            report.complaints.append(f"ODDITY {submission.name}: lost {sorted(lost)}")
    for version in submission.versions:
        row = report.rows[version.file]
        if version.right:
            row.add(Tally(right=1, full=int(not lost)))
            continue
        tests = {test for test, _ in version.mistakes}
        row.add(Tally(wrong=1, caught=int(tests <= lost), collateral=int(bool(collateral))))
        report.complaints += [f"MISSED {version}: {test}" for test in sorted(tests - lost)]
        for test, mistake in version.mistakes:
            if mistake is not None and test in lost:
                named = {finding["mistake"] for finding in cells[test]["findings"]}
                row.add(Tally(to_name=1, named=int(mistake in named)))
                if mistake not in named:
                    report.complaints.append(
                        f"UNNAMED {version}: {test} {mistake}, but {sorted(map(str, named))}"
                    )
    if submission.versions and all(version.right for version in submission.versions) and lost:
        told = {name: cells[name]["findings"][:2] for name in sorted(lost)}
        report.complaints.append(f"REJECTED {submission.name}: {told}")


def differences(first: Report, other: Report) -> list[str]:
    """Submissions of which two runs say something different: points, status or mistakes of a cell."""
    return [
        name for name, verdict in first.verdicts.items() if essence(verdict) != essence(other.verdicts[name])
    ]


def essence(verdict: Verdict) -> Any:
    """What of a verdict no hidden seed may change."""
    if isinstance(verdict, str):
        return verdict
    return [
        [
            cell["grade_id"],
            cell["score"],
            cell["status"],
            sorted({str(f["mistake"]) for f in cell["findings"]}),
        ]
        for cell in verdict["cells"]
    ]


def is_fair(report: Report) -> bool:
    """Whether everything is as it must be."""
    total = report.total
    hard = [complaint for complaint in report.complaints if not complaint.startswith("UNNAMED")]
    return not hard and total.named >= NAMED_AT_LEAST * total.to_name
