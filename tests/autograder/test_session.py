"""Questions that travel together: what came counts, and what kept the rest from coming costs only itself."""

import dataclasses

import pytest

from ac_helpers.probes import probe
from ac_helpers.probes.putting import draw
from autograder.kernel import CellRun, StudentKernel
from autograder.session import AGAIN_SECONDS, Deadlines, Request, Session
from tests.submissions.corpus import solved_cells

PROBE = probe("test_tensor_utils")
SECONDS = 1.0

SPOILED = {
    "dies": "def symlog(x):\n    import os\n    os._exit(1)",
    "cannot be interrupted": (
        "import signal\n"
        "def symlog(x):\n"
        "    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGINT):\n"
        "        signal.signal(number, signal.SIG_IGN)\n"
        "    while True: pass"
    ),
}
OUT_OF_TIME = "def symlog(x):\n    while True: pass"


def _requests():
    return [
        Request(PROBE, question, draw(PROBE, question, 1), 1, [], SECONDS) for question in PROBE.questions
    ]


@pytest.fixture
def session(assignment):
    """One in which the first cells have run, with short deadlines."""
    cells = solved_cells(assignment)
    with StudentKernel() as kernel:
        session = Session(kernel, Deadlines(question_grace=0.5))
        session.greet()
        for source in ("import numpy as np, torch", cells["tensor_utils"]):
            assert session.run_cell(source).status == "ok"
        yield session


def _position(question_id):
    return [question.id for question in PROBE.questions].index(question_id)


def test_all_answers_come_as_if_asked_alone(session):
    requests = _requests()
    assert repr(session.ask_together(requests)) == repr([session.ask(request) for request in requests])


@pytest.mark.parametrize("spoiled", SPOILED.values(), ids=SPOILED)
def test_what_ends_the_kernel_costs_only_itself(session, spoiled):
    requests, spoilt = _requests(), _position("symlog")
    right = session.ask_together(requests)
    session.run_cell(spoiled)
    came = session.ask_together(requests)
    assert repr(came) == repr(right[: len(came)])
    assert len(came) <= spoilt
    alone = [session.ask(request) for request in requests]
    assert alone[spoilt]["raised"]["type"] in {"KernelDied", "OutOfTime"}
    del alone[spoilt], right[spoilt]
    assert repr(alone) == repr(right)


def test_after_one_that_is_out_of_time_the_next_are_not_asked(session):
    session.run_cell(OUT_OF_TIME)
    came = session.ask_together(_requests())
    assert len(came) == _position("symlog") + 1
    assert came[-1]["raised"]["type"] == "OutOfTime"


def test_an_answer_may_take_its_time_after_the_one_before(session):
    """The first two together take longer than either may."""
    slow = "import time\nright = symlog\ndef symlog(x):\n    time.sleep(0.9)\n    return right(x)"
    session.run_cell(slow)
    (request,) = [request for request in _requests() if request.question.id == "symlog"]
    twice = [request, dataclasses.replace(request, random_seed=2)]
    assert ["raised" in answer for answer in session.ask_together(twice)] == [False, False]


class Mortal:
    """Stands for a kernel: interrupts and dies as its cells say, and takes down how long each may take."""

    def __init__(self):
        self.running, self.given = True, []

    def run(self, code, seconds, *_, **__):
        self.given.append((code, seconds))
        self.running = code != "dies"
        return CellRun(status={"hangs": "timeout", "dies": "dead"}.get(code, "ok"))

    def replace(self):
        self.running = True


def test_what_was_interrupted_once_is_not_waited_for_as_long_again(monkeypatch):
    kernel = Mortal()
    monkeypatch.setattr(Session, "greet", lambda self: None)
    session = Session(kernel, Deadlines(cell=30.0))
    for source in ("runs", "hangs", "dies"):
        session.run_cell(source)
    assert kernel.given[3:] == [("runs", 30.0), ("hangs", AGAIN_SECONDS)]
