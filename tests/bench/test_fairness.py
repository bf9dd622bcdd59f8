"""The bookkeeping of the fairness run: who shares a notebook, and what counts as a fault."""

from pathlib import Path

import pytest

from ac_helpers.probes import ASSIGNMENTS
from autograder.assignment import Course
from bench.fairness import graded, record
from bench.fairness.cli import course_with_seed
from bench.fairness.direct import asked_directly, check
from bench.fairness.report import Report, Tally, differences, is_fair, judge
from bench.fairness.running import run
from bench.fairness.submissions import Submission, submissions
from tests.submissions.corpus import Version, versions

CELLS = ("test_td_loss", "test_update_actor", "test_agent_learns")


def version(*mistakes, code="class ActorCriticAgent: ..."):
    return Version("td_loss", "style", mistakes, code)


def submission(*of):
    return Submission("some", "actor_critic", of, "", {test: None for one in of for test, _ in one.mistakes})


def verdict(**lost):
    """A verdict in which these cells lose their points, for these mistakes."""
    return {
        "cells": [
            {
                "grade_id": cell,
                "points": 1,
                "score": 0 if cell in lost else 1,
                "status": "failed" if cell in lost else "passed",
                "findings": [{"mistake": lost[cell]}] if cell in lost else [],
            }
            for cell in CELLS
        ]
    }


def judged(submission, verdict):
    report = Report()
    judge(submission, verdict, report)
    return report


def test_a_right_version_with_everything_is_fair():
    report = judged(submission(version()), verdict())
    assert is_fair(report)
    assert (report.total.right, report.total.full) == (1, 1)


@pytest.mark.parametrize(
    ("mistakes", "lost", "complaint"),
    [
        ([], {"test_td_loss": None}, "REJECTED"),
        ([("test_td_loss", "gamma_missing")], {}, "MISSED"),
        (
            [("test_td_loss", "gamma_missing")],
            {"test_td_loss": "gamma_missing", "test_update_actor": "actor_no_log"},
            "COLLATERAL",
        ),
        ([("test_td_loss", "gamma_missing")], {"test_td_loss": "max_target"}, "UNNAMED"),
    ],
)
def test_what_is_not_as_it_must_be_is_told(mistakes, lost, complaint):
    report = judged(submission(version(*mistakes)), verdict(**lost))
    assert complaint in {line.split()[0] for line in report.complaints}
    assert not is_fair(report)


def test_no_verdict_is_not_fair():
    assert not is_fair(judged(submission(version()), "no verdict: it died"))


def test_learning_may_fall_with_a_method_of_the_agent():
    wrong = submission(version(("test_td_loss", "gamma_missing")))
    lost = {"test_td_loss": "gamma_missing", "test_agent_learns": None}
    assert is_fair(judged(wrong, verdict(**lost)))


def test_two_runs_are_compared_by_points_and_mistakes():
    wrong = submission(version(("test_td_loss", "gamma_missing")))
    same, named = (judged(wrong, verdict(test_td_loss="gamma_missing")) for _ in range(2))
    otherwise = judged(wrong, verdict(test_td_loss="max_target"))
    assert differences(named, same) == []
    assert differences(named, otherwise) == ["some"]


def test_seeds_of_the_same_code_add_up_and_those_of_other_code_are_forgotten(tmp_path):
    wrong = submission(version(("test_td_loss", "gamma_missing")))
    named, otherwise = (judged(wrong, verdict(test_td_loss=id)) for id in ("gamma_missing", "max_target"))
    record.add(tmp_path, "fairness", "this", {1: named})
    asked = record.add(tmp_path, "fairness", "this", {3: otherwise, 2: named})
    assert [row.seed for row in asked] == [1, 2, 3]
    assert [row.verdicts == asked[0].verdicts for row in asked] == [True, True, False]
    assert [row.total.named for row in asked] == [1, 1, 0]
    assert "DIFFER" in record.document("actor_critic", "One notebook.", named, asked)
    assert "DIFFER" not in record.document("actor_critic", "One notebook.", named, asked[:2])
    assert record.add(tmp_path, "fairness", "this", {3: named})[2].verdicts == asked[0].verdicts
    assert [row.seed for row in record.add(tmp_path, "fairness", "other", {4: named})] == [4]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_packing_loses_no_version_and_mixes_nothing(assignment):
    corpus = submissions(Course.find(Path(__file__).parents[2]).assignment(assignment), packed=True)
    packed = [version for submission in corpus for version in submission.versions]
    assert sorted(map(str, packed)) == sorted(map(str, versions(assignment)))
    for one in corpus:
        assert len({version.file for version in one.versions}) == len(one.versions)
        assert len({version.right for version in one.versions}) <= 1


def test_versions_are_asked_directly_as_they_are_checked(tmp_path):
    course = course_with_seed(tmp_path, seed=5)
    corpus = asked_directly(submissions(course.assignment("actor_critic"), packed=False))
    assert all(test != "test_agent_learns" for one in corpus for test in one.statuses)
    right = next(one for one in corpus if one.versions[0].file == "td_loss" and one.versions[0].right)
    wrong = next(one for one in corpus if one.versions[0].mistakes == (("test_td_loss", "gamma_missing"),))
    report = run(course, [right, wrong], 1, tmp_path / "kept", check)
    assert report.complaints == []
    assert report.total == Tally(right=1, full=1, wrong=1, caught=1, to_name=1, named=1)


@pytest.mark.slow
def test_a_class_gets_the_verdicts_of_single_checks(tmp_path):
    course = course_with_seed(tmp_path, seed=5)
    corpus = submissions(course.assignment("actor_critic"), packed=True)
    odd = [one for one in corpus if not one.versions][:1]
    wrong = [one for one in corpus if len(one.versions) > 2 and not one.versions[0].right][:1]
    single = run(course, [*odd, *wrong], 2, tmp_path / "kept")
    together = graded.run(course.assignment("actor_critic"), [*odd, *wrong], 2)
    assert len(single.verdicts) == len(together.verdicts) == 2
    assert differences(single, together) == []
    assert single.complaints == together.complaints == []
