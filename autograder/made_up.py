"""A made-up class of six for the demonstration: what each of them hands in, and what should come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment, is_test
from autograder.batch import Outcome, State
from autograder.solved import Edit, solve
from autograder.source import BANNER_BEGIN


@dataclass(frozen=True)
class Work:
    """What one of the class hands in for an assignment, and whether an outcome is what should come of it."""

    student: str
    hands_in: str
    make: Callable[[Assignment], str]
    as_designed: Callable[[Outcome], bool]


def _solved_with(*edits: Edit) -> Callable[[Assignment], str]:
    return lambda assignment: nbformat.writes(solve(assignment, edits))


def _stub(assignment: Assignment) -> str:
    return nbformat.writes(assignment.pristine)


def _cut_off(assignment: Assignment) -> str:
    text = nbformat.writes(solve(assignment))
    return text[: len(text) // 2]


def _copied(assignment: Assignment) -> str:
    notebook = solve(assignment)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_test(cell)]
    for cell in notebook.cells:
        cell.metadata = NotebookNode()
    return nbformat.writes(notebook)


def _is_full(outcome: Outcome) -> bool:
    return outcome.state is State.GRADED and outcome.score == outcome.max_score


def _is_partial(outcome: Outcome) -> bool:
    return (
        outcome.state is State.GRADED and outcome.score is not None and 0 < outcome.score < outcome.max_score
    )


def _is_zero(outcome: Outcome) -> bool:
    return outcome.state is State.GRADED and outcome.score == 0


def is_reported(outcome: Outcome) -> bool:
    """Whether a human has to look at it."""
    return outcome.state is State.NEEDS_HUMAN


CLASSES: Mapping[str, tuple[Work, ...]] = {
    "actor_critic": (
        Work("anna", "everything right", _solved_with(), _is_full),
        Work(
            "boris",
            "takes the best action for V(s'), not the mean over the policy",
            _solved_with(
                Edit(
                    "actor_critic_agent",
                    "(next_probs * self.actor_critic.critic_head(features)).sum(-1)",
                    "self.actor_critic.critic_head(features).max(-1).values",
                )
            ),
            _is_partial,
        ),
        Work(
            "vera",
            "ε the wrong way round, the actor walks downhill",
            _solved_with(
                Edit("eps_greedy", "random.random() < epsilon", "random.random() > epsilon"),
                Edit("actor_critic_agent", "return -(advantages", "return (advantages"),
            ),
            _is_partial,
        ),
        Work("gleb", "the notebook as it was given out", _stub, _is_zero),
        Work("dina", "a file that broke off while it was saved", _cut_off, is_reported),
        Work(
            "egor",
            "a loop without an end in sample_batch",
            _solved_with(
                Edit("sample_batch", BANNER_BEGIN, f"{BANNER_BEGIN}\n    while True:\n        pass")
            ),
            _is_partial,
        ),
    ),
    "gaussian_actor_critic": (
        Work("anna", "everything right", _solved_with(), _is_full),
        Work(
            "boris",
            "bootstraps from the state in which an episode has ended",
            _solved_with(
                Edit("returns_and_advantages", "next_values * ~terminated - values", "next_values - values")
            ),
            _is_partial,
        ),
        Work(
            "vera",
            "log σ taken for σ, the larger of the two products in the actor's loss",
            _solved_with(
                Edit("sample_action", "log_std.exp()", "log_std"),
                Edit("losses", "torch.min(", "torch.max("),
            ),
            _is_partial,
        ),
        Work("gleb", "the notebook as it was given out", _stub, _is_zero),
        Work("dina", "right cells copied into a notebook of her own, no tests there", _copied, _is_full),
        Work(
            "egor",
            "a loop without an end in the last cell",
            _solved_with(Edit("trainer", "for _ in range(epochs):", "while True:")),
            _is_partial,
        ),
    ),
}
"""The same six by assignment; other assignments have no made-up class."""
