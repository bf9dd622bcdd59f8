"""Checks of many notebooks by the command line, with verdicts that are kept."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tqdm import tqdm

from autograder import cli
from autograder.assignment import Course
from bench.fairness.report import Report, Verdict, judge
from bench.fairness.submissions import Submission

Check = Callable[[Path, Submission, Path], tuple[Verdict, float]]
"""Checks a submission for the course in a folder; the path is its to write to. Gives verdict and seconds."""


def run(
    course: Course, corpus: Sequence[Submission], jobs: int, folder: Path, check: Check | None = None
) -> Report:
    """Checks every submission, by the command line if not otherwise said, and judges what came back.

    Verdicts that are in the folder from an earlier run of the same code are not asked for again.
    """
    report = Report()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["OMP_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        paths = [folder / f"{_digest(submission.text)}.ipynb" for submission in corpus]
        checks = [check or by_command] * len(corpus)
        results = pool.map(_kept, checks, [course.root] * len(corpus), corpus, paths)
        for submission, (verdict, seconds) in tqdm(
            zip(corpus, results, strict=True), total=len(corpus), file=sys.stdout, ncols=88, disable=None
        ):
            report.seconds.append(seconds)
            judge(submission, verdict, report)
    return report


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _kept(check: Check, course: Path, submission: Submission, path: Path) -> tuple[Verdict, float]:
    """A verdict and its seconds, from an earlier run where there was one."""
    kept = path.with_suffix(".kept")
    if kept.is_file():
        verdict, seconds = json.loads(kept.read_text(encoding="utf-8"))
        return verdict, seconds
    verdict, seconds = check(course, submission, path)
    if not isinstance(verdict, str):
        kept.write_text(json.dumps([verdict, seconds], ensure_ascii=False), encoding="utf-8")
    return verdict, seconds


def by_command(course: Path, submission: Submission, path: Path) -> tuple[Verdict, float]:
    """The command's own verdict, or what it said instead of one; and its seconds."""
    target = path.with_suffix(".json")
    path.write_text(submission.text, encoding="utf-8")
    arguments = ["check", str(path), "--json", str(target), "--course-dir", str(course)]
    said = io.StringIO()
    started = time.monotonic()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        cli.main(arguments)
    seconds = time.monotonic() - started
    if not target.is_file():
        return f"no verdict: {said.getvalue().strip()[-300:]}", seconds
    return json.loads(target.read_text(encoding="utf-8")), seconds
