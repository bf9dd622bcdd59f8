"""Whole notebooks, graded for real: a Jupyter kernel each."""

import copy
from collections import Counter

import nbformat
import pytest

from ac_helpers.probes import probe
from autograder import grade_one, session
from autograder.assignment import grade_id
from autograder.grade_one import grade_notebook
from autograder.kernel import KernelFault, StudentKernel
from autograder.rebuild import rebuild
from autograder.session import Deadlines
from autograder.solved import Edit, solve

HASTY = Deadlines(cell=10.0, question_grace=2.0)


def cell_of(notebook, wanted):
    return next(cell for cell in notebook.cells if grade_id(cell) == wanted)


def graded(notebook, assignment, deadlines=None):
    return grade_notebook(rebuild(notebook, assignment), assignment, name="work.ipynb", deadlines=deadlines)


def verdict_of(notebook, assignment, deadlines=None):
    return graded(notebook, assignment, deadlines).verdict


def lost(verdict):
    """Status and mistakes of every cell that is not full."""
    return {
        cell.grade_id: (cell.status, {finding.mistake for finding in cell.findings})
        for cell in verdict.cells
        if cell.score != cell.points
    }


def own_cell(notebook, after, source):
    at = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) == after)
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(source))


def test_the_solved_notebook_gets_everything(assignment):
    found = graded(solve(assignment), assignment)
    assert lost(found.verdict) == {}
    assert (found.verdict.score, found.verdict.max_score) == (10, 10)
    summary = cell_of(found.notebook, "test_td_loss").outputs[0].text
    assert summary.count("✓") == 5


def test_the_released_notebook_gets_nothing_and_is_not_attempted(assignment):
    verdict = verdict_of(assignment.pristine, assignment)
    assert verdict.score == 0
    assert {cell.status for cell in verdict.cells} == {"not_attempted"}


STEALS = """
LOOT = []


def to_tensor(x, dtype=None):
    import sys

    frame = sys._getframe()
    while frame is not None:
        LOOT.extend(frame.f_locals.get("asked", {}).get("stand_ins", []))
        frame = frame.f_back
    return None


symlog = symexp = to_tensor
"""


def test_nothing_that_has_still_to_be_judged_is_sent_to_a_kernel(assignment):
    notebook = copy.deepcopy(assignment.pristine)
    later = "select_action_eps_greedy, sample_batch, ActorCriticModel, ActorCriticAgent"
    own_cell(notebook, "imports", f"for {later} in []:\n    pass")
    cell_of(notebook, "tensor_utils").source = STEALS
    for solution in ("eps_greedy", "sample_batch", "actor_critic_model", "actor_critic_agent"):
        names = cell_of(notebook, solution).source
        steals = "\nfor source in LOOT:\n    exec(source, globals())\n"
        cell_of(notebook, solution).source = names + steals
    assert verdict_of(notebook, assignment).score == 0


def test_the_verdict_is_the_object_of_the_contract(assignment):
    edit = Edit("tensor_utils", "torch.log1p(torch.abs(x))", "torch.log1p(x)")
    shown = verdict_of(solve(assignment, (edit,)), assignment).to_json()
    assert set(shown) == {"assignment", "notebook", "score", "max_score", "cells"}
    assert (shown["assignment"], shown["notebook"], shown["max_score"]) == ("actor_critic", "work.ipynb", 10)
    assert shown["score"] == pytest.approx(9.925)
    assert set(shown["cells"][0]) == {"grade_id", "score", "points", "status", "findings"}
    assert shown["cells"][0]["status"] == "partial"
    assert [set(finding) for finding in shown["cells"][0]["findings"]] == [{"mistake", "message"}]
    assert shown["cells"][0]["findings"][0]["mistake"] == "symlog_log_of_x"


def test_mistakes_in_early_cells_are_charged_there_and_nowhere_else(assignment):
    notebook = solve(assignment)
    cell_of(notebook, "tensor_utils").source = cell_of(assignment.pristine, "tensor_utils").source
    cell_of(notebook, "sample_batch").source = "def sample_batch(replay_buffer, n_samples):\n    return 17\n"
    cell_of(notebook, "actor_critic_model").source = "class ActorCriticModel(nn.Module):\n    pass\n"
    verdict = verdict_of(notebook, assignment)
    assert set(lost(verdict)) == {"test_tensor_utils", "test_sample_batch", "test_actor_critic_model"}
    assert lost(verdict)["test_tensor_utils"][0] == "not_attempted"


def test_a_method_of_the_agent_that_raises_is_charged_once(assignment):
    edit = Edit(
        "actor_critic_agent",
        "self.actor_batch.append(log_prob, Q_s_a, state, action)",
        "self.actor_batch.append(log_prob, Q_s_a, state, action[1])",
    )
    verdict = verdict_of(solve(assignment, (edit,)), assignment)
    assert lost(verdict) == {"test_agent_act": ("partial", {"raises"})}


NO_VALUE = Edit("actor_critic_agent", "self.gamma * (1 - to_tensor(terminateds)) * next_V", "0.0")
UPHILL = Edit("actor_critic_agent", "return -(advantages", "return (advantages")
LEARNS_NOTHING = Edit("actor_critic_agent", "actor_loss.backward()", "critic_loss = actor_loss")
NOT_WRITTEN = tuple(
    Edit("actor_critic_agent", line, f"raise NotImplementedError\n        {line}")
    for line in (
        "actions = to_tensor(actions, dtype=np.int64)",
        "if len(self.critic_rb) < batch_size:",
        "features = self.actor_critic.net(torch.stack(self.actor_batch.states))",
    )
)


OF_TENSORS = (
    Edit("returns_and_advantages", "next_values * ~terminated", "next_values * ~(terminated | truncated)"),
    Edit(
        "returns_and_advantages",
        "return advantages, advantages + values",
        "return torch.as_tensor(advantages), torch.as_tensor(advantages + values)",
    ),
    Edit(
        "trainer",
        "advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)",
        "advantages = (advantages - advantages.mean()).div(advantages.std() + 1e-8)\n"
        "        returns = returns.detach()",
    ),
)


def test_a_trainer_written_for_tensors_is_not_charged_for_the_advantages(course):
    assignment = course.assignment("gaussian_actor_critic")
    verdict = verdict_of(solve(assignment, OF_TENSORS), assignment)
    assert lost(verdict) == {"test_returns_and_advantages": ("partial", {"no_bootstrap_through_truncation"})}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ((UPHILL,), {"test_update_actor"}),
        ((NO_VALUE, UPHILL), {"test_td_loss", "test_update_actor"}),
        pytest.param((LEARNS_NOTHING,), {"test_agent_learns"}, marks=pytest.mark.slow),
        pytest.param(
            (NO_VALUE, LEARNS_NOTHING), {"test_td_loss", "test_agent_learns"}, marks=pytest.mark.slow
        ),
        (NOT_WRITTEN, {"test_td_loss", "test_update_critic", "test_update_actor", "test_agent_learns"}),
    ],
)
def test_learning_is_judged_with_right_methods_around_update(assignment, edits, expected):
    assert set(lost(verdict_of(solve(assignment, edits), assignment))) == expected


SCALED = """

class Scaled(ActorCriticModel):
    def forward(self, state):
        action, log_prob, value = super().forward(state)
        return action, log_prob, 0.01 * value

    def evaluate(self, state):
        return 0.01 * super().evaluate(state)


ActorCriticModel = Scaled
"""


@pytest.mark.slow
def test_update_is_not_charged_for_a_right_network_that_hardly_learns(assignment):
    notebook = solve(assignment)
    cell_of(notebook, "actor_critic_model").source += SCALED
    assert lost(verdict_of(notebook, assignment)) == {}


@pytest.mark.slow
def test_a_network_whose_critic_never_learns_has_no_second_chance(assignment):
    notebook = solve(assignment)
    cell_of(
        notebook, "actor_critic_model"
    ).source += "\n\nActorCriticModel.evaluate = torch.no_grad()(ActorCriticModel.evaluate)\n"
    assert set(lost(verdict_of(notebook, assignment))) == {"test_agent_learns"}


def test_an_endless_loop_costs_its_own_cell(assignment):
    notebook = solve(assignment)
    cell_of(notebook, "eps_greedy").source += "\nwhile True:\n    pass\n"
    cell_of(notebook, "sample_batch").source = (
        "def sample_batch(replay_buffer, n_samples):\n"
        "    while True:\n        try:\n            pass\n        except BaseException:\n            pass\n"
    )
    verdict = verdict_of(notebook, assignment, HASTY)
    assert set(lost(verdict)) == {"test_sample_batch"} | (set(lost(verdict)) & {"test_eps_greedy"})
    assert lost(verdict)["test_sample_batch"] == ("timeout", {"timeout"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "told", "came_together"),
    [
        ("while True:\n            pass", ("timeout", {"timeout"}), 1),
        ("import os\n        os._exit(3)", ("failed", {None}), 0),
    ],
    ids=["never ends", "kills"],
)
def test_what_costs_a_kernel_is_not_asked_in_every_way_again_and_again(
    assignment, monkeypatch, code, told, came_together
):
    """A method that hangs or kills however it is asked: in all ways once, then once for each question.

    Of questions that travel together one that is out of time gives an answer, one that kills does not.
    """
    asked = Counter()

    def counted(session, request):
        asked[request.probe.id, request.question.id] += 1
        return ask(session, request)

    ask = session.Session.ask
    monkeypatch.setattr(session.Session, "ask", counted)
    line = "td_loss = ((Q_s_a - target) ** 2).mean()"
    verdict = verdict_of(
        solve(assignment, (Edit("actor_critic_agent", line, f"{line}\n        {code}"),)), assignment
    )
    assert lost(verdict) == {"test_td_loss": told}
    first, *others = probe("test_td_loss").questions
    assert asked["test_td_loss", first.id] == 1 + len(first.repairs) - came_together
    assert [asked["test_td_loss", question.id] for question in others] == [1] * len(others)


def test_a_kernel_that_dies_costs_its_own_cell(assignment):
    notebook = solve(assignment)
    cell_of(
        notebook, "eps_greedy"
    ).source = "import os\n\ndef select_action_eps_greedy(Q, state, epsilon):\n    os._exit(3)\n"
    verdict = verdict_of(notebook, assignment)
    assert set(lost(verdict)) == {"test_eps_greedy"}


def test_a_cell_that_does_not_run_says_why(assignment):
    notebook = solve(assignment)
    cell_of(notebook, "eps_greedy").source = "def select_action_eps_greedy(Q, state, epsilon)\n    return 0\n"
    cell_of(
        notebook, "sample_batch"
    ).source = "import no_such_module\n\ndef sample_batch(b, n):\n    return 1\n"
    verdict = verdict_of(notebook, assignment)
    assert set(lost(verdict)) == {"test_eps_greedy", "test_sample_batch"}
    told = {cell.grade_id: cell for cell in verdict.cells}
    assert told["test_eps_greedy"].status == told["test_sample_batch"].status == "error"
    assert "SyntaxError" in told["test_eps_greedy"].findings[0].message
    assert "no_such_module" in told["test_sample_batch"].findings[0].message


def test_own_cells_shadowed_names_and_copies_disturb_nothing(assignment):
    notebook = solve(assignment)
    own_cell(notebook, "imports", "check = object()\nrandom = 42\nanswer = probe = names = question = None")
    own_cell(notebook, "tensor_utils", "1 / 0")
    own_cell(notebook, "tensor_utils", "%matplotlib inline\n!echo hello\nprint('x' * 100_000)")
    own_cell(
        notebook, "sample_batch", "import warnings, sys\nwarnings.warn('!'); print('!', file=sys.stderr)"
    )
    first_try = copy.deepcopy(cell_of(notebook, "eps_greedy"))
    first_try.source = "def select_action_eps_greedy(Q, state, epsilon):\n    return 0"
    notebook.cells.insert(3, first_try)
    assert lost(verdict_of(notebook, assignment)) == {}


def test_a_given_name_may_be_bound_anew_and_used(assignment):
    notebook = solve(assignment)
    own_cell(notebook, "imports", "from numpy import random")
    cell_of(notebook, "eps_greedy").source = (
        "def select_action_eps_greedy(Q, state, epsilon):\n"
        "    values = Q(to_tensor(state))\n"
        "    if random.rand() < epsilon:\n        return int(random.randint(len(values)))\n"
        "    return int(values.argmax())\n"
    )
    assert lost(verdict_of(notebook, assignment)) == {}


def test_a_name_that_is_not_defined_is_missing(assignment):
    notebook = solve(assignment)
    cell_of(notebook, "sample_batch").source = "def sample_bach(replay_buffer, n_samples):\n    return 1\n"
    verdict = verdict_of(notebook, assignment)
    assert lost(verdict) == {"test_sample_batch": ("missing", {None})}
    told = next(cell for cell in verdict.cells if cell.grade_id == "test_sample_batch").findings
    assert "sample_batch" in told[0].message


def test_a_fault_of_the_grader_is_a_case_for_a_human_and_the_rest_goes_on(assignment, monkeypatch):
    right = grade_one.earned

    def fails_once(probe, outcomes):
        if probe.id == "test_td_loss":
            raise RuntimeError("a bug of ours")
        return right(probe, outcomes)

    monkeypatch.setattr(grade_one, "earned", fails_once)
    verdict = verdict_of(solve(assignment), assignment)
    assert verdict.needs_human
    assert lost(verdict) == {"test_td_loss": ("needs_human", {None})}


def test_a_kernel_that_cannot_start_is_a_case_for_a_human(assignment, monkeypatch):
    def fails(self):
        raise KernelFault("no memory")

    monkeypatch.setattr(StudentKernel, "start", fails)
    verdict = verdict_of(solve(assignment), assignment)
    assert {cell.status for cell in verdict.cells} == {"needs_human"}
    assert len(verdict.cells) == 9


def test_a_kernel_with_other_questions_is_a_case_for_a_human(assignment, monkeypatch):
    monkeypatch.setattr(session, "fingerprint", lambda: "of other probes")
    verdict = verdict_of(solve(assignment), assignment)
    assert {cell.status for cell in verdict.cells} == {"needs_human"}
    assert verdict.cells[0].findings[0].message.startswith("the kernel cannot be asked")
