"""The report of the hostile suite: what was counted, and for whom a naive grader was never asked."""

from bench.hostile.cli import document
from bench.hostile.running import Result
from tests.hostile.attacks import Attack


def attack(kind):
    return Attack(kind, "something", frozenset({"gains"}), lambda *_: None)


HARMLESS, GAINED = Result({}, 2.0), Result({"gains": "10.0 points"}, 3.0)


def test_a_naive_grader_that_was_not_tried_has_no_figure():
    results = [(attack("forging"), HARMLESS, GAINED), (attack("forging (other)"), HARMLESS, None)]
    rows = [line for line in document(results, []).splitlines() if line.startswith("| ")]
    assert rows[2:5] == [
        "| forging | 1 | 0 | 0 | 0 | 0 | 0 | 1 |",
        "| forging (other) | 1 | 0 | 0 | 0 | 0 | 0 | not tried |",
        "| all | 2 | 0 | 0 | 0 | 0 | 0 | 1 |",
    ]


def test_what_was_gained_is_counted_and_complained_of():
    text = document([(attack("forging"), GAINED, GAINED)], ["GAINS forging: 10.0 points"])
    assert "| forging | 1 | 1 | 0 | 0 | 0 | 0 | 1 |" in text
    assert "GAINS forging: 10.0 points" in text
