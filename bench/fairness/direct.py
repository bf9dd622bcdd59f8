"""Versions of the corpus asked without a kernel, in this process: what the grader says of many hidden seeds.

Everything is as in a check but for what makes one safe and slow: the same cells, questions, ways of asking
and judging. Whole notebooks that are odd are left out, and so is the learning of the agent.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ac_helpers.asking import Names
from ac_helpers.judging import earned
from ac_helpers.probes import probes
from ac_helpers.probes.spec import Probe
from ac_helpers.wording import findings
from autograder.answer_cache import FOLDER
from autograder.assignment import Assignment, Course
from autograder.examiner import Examiner, examiner
from bench.fairness.report import Verdict
from bench.fairness.submissions import LEARNS, Submission
from tests.ac_helpers.asked import judged_by
from tests.submissions.corpus import Version, cells_of, names_of, solved_cells


def asked_directly(corpus: Iterable[Submission]) -> list[Submission]:
    """The submissions that can be: single versions that show in some other cell than the learning."""
    found = []
    for submission in corpus:
        for version in submission.versions:
            seen = _without_learning(version)
            if version.right or seen.mistakes:
                statuses = {test: status for test, status in submission.statuses.items() if test != LEARNS}
                found.append(dataclasses.replace(submission, versions=(seen,), statuses=statuses))
    return found


def _without_learning(version: Version) -> Version:
    return dataclasses.replace(
        version, mistakes=tuple(part for part in version.mistakes if part[0] != LEARNS)
    )


def check(course: Path, submission: Submission, path: Path) -> tuple[Verdict, float]:
    """What the grader says of the only version in a submission; and the seconds."""
    started = time.monotonic()
    (version,) = submission.versions
    assignment = _assignment(course, submission.assignment)
    solved = solved_cells(assignment)
    cells = cells_of(version.code, solved)
    changed = {cell for cell in cells if cells[cell] != solved[cell]}
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            names = names_of(assignment, cells)
            verdict: Verdict = {"cells": list(_judged(assignment, names, changed))}
    except Exception as problem:
        verdict = f"no verdict: {type(problem).__name__}: {problem}"
    return verdict, time.monotonic() - started


@cache
def _assignment(course: Path, name: str) -> Assignment:
    return Course.find(course).assignment(name)


def _judged(assignment: Assignment, names: Names, changed: set[str]) -> Iterator[Mapping[str, Any]]:
    course = assignment.course
    known = examiner(assignment.name, course.hidden_seed(), course.private / FOLDER)
    for probe in probes(assignment.name):
        if probe.id != LEARNS and probe.solution in changed:
            yield _cell(probe, names, known)


def _cell(probe: Probe, names: Names, known: Examiner) -> Mapping[str, Any]:
    outcomes = judged_by(known, probe, names, lambda question: known.random_seed(probe, question))
    points = earned(probe, outcomes)
    return {
        "grade_id": probe.id,
        "points": probe.points,
        "score": points,
        "status": None,
        "findings": [{"mistake": finding.mistake} for finding in findings(probe, outcomes)],
    }
