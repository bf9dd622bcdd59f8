"""How a question is put: whatever a student's function does, an answer or what went wrong comes back."""

import random
import time

import numpy as np
import pytest
import torch

from ac_helpers.probes import ASSIGNMENTS, probe, probes
from ac_helpers.probes.putting import answer, draw
from ac_helpers.probes.rules import Same
from ac_helpers.probes.spec import Probe, Question


def asking(function, seconds=5.0):
    """A probe with one question that calls the function `f` and reports what it returned."""
    question = Question(
        "q", 1, lambda rng: {}, lambda names, q: {"a": names["f"]()}, {"a": Same()}, seconds=seconds
    )
    return answer(Probe("p", "cell", ("f",), (question,)), question, {"f": function}, {}, 7)


def test_an_answer_comes_back():
    assert asking(lambda: 3) == {"a": 3}


def test_an_exception_is_told_with_the_line_where_it_arose():
    def fails():
        numbers = []
        return numbers[3]

    raised = asking(fails)["raised"]
    assert raised["type"] == "IndexError"
    assert raised["function"] == "fails"
    assert raised["line"] == "return numbers[3]"


def test_an_exception_whose_text_fails_is_told_without_it():
    class Nasty(Exception):
        def __str__(self):
            raise RuntimeError

    def fails():
        raise Nasty

    assert asking(fails)["raised"]["type"] == "Nasty"
    assert asking(fails)["raised"]["message"] == ""


def test_a_name_that_is_not_defined_is_told():
    question = Question("q", 1, lambda rng: {}, lambda names, q: {}, {})
    found = answer(Probe("p", "cell", ("f", "g"), (question,)), question, {"g": 1}, {}, 7)
    assert found["raised"]["type"] == "Undefined"
    assert found["raised"]["message"] == "f"


def test_a_loop_that_swallows_exceptions_is_ended():
    def loops():
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue

    assert asking(loops, seconds=0.3)["raised"]["type"] == "OutOfTime"


def test_a_loop_that_is_ended_leaves_gradients_switched_on():
    def loops():
        while True:
            with torch.no_grad():
                pass

    for _ in range(20):
        assert asking(loops, seconds=0.02)["raised"]["type"] == "OutOfTime"
        assert torch.is_grad_enabled()


def test_asking_leaves_the_random_generators_as_they_were():
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    undisturbed = random.random(), np.random.rand(), torch.rand(()).item()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    asking(lambda: random.random() + np.random.rand() + torch.rand(()).item())
    assert (random.random(), np.random.rand(), torch.rand(()).item()) == undisturbed


def test_what_a_function_prints_is_thrown_away(capsys):
    asking(lambda: print("x" * 1000))
    assert capsys.readouterr() == ("", "")


def test_questions_depend_on_the_seed_and_on_nothing_else():
    for each in probes("actor_critic"):
        for question in each.questions:
            first, again, other = (draw(each, question, seed) for seed in (5, 5, 6))
            assert repr(first) == repr(again)
            assert repr(first) != repr(other)


def test_a_probe_is_found_by_the_id_of_its_test_cell():
    for test_id in ASSIGNMENTS["actor_critic"]:
        assert probe(test_id).id == test_id
    for unknown in ("test_nothing", "spec", "../spec"):
        with pytest.raises(KeyError):
            probe(unknown)
