"""The probes of every assignment, in the order of the notebook."""

from __future__ import annotations

from importlib import import_module

from ac_helpers.probes.spec import Probe

ASSIGNMENTS: dict[str, tuple[str, ...]] = {
    "actor_critic": (
        "test_tensor_utils",
        "test_eps_greedy",
        "test_sample_batch",
        "test_actor_critic_model",
        "test_agent_act",
        "test_td_loss",
        "test_update_critic",
        "test_update_actor",
        "test_agent_learns",
    ),
    "gaussian_actor_critic": (
        "test_gaussian_actor",
        "test_value_critic",
        "test_sample_action",
        "test_returns_and_advantages",
        "test_losses",
        "test_trainer",
    ),
}


def assignment_of(test_id: str) -> str:
    """The assignment that has such a test cell.

    Raises:
        KeyError: there is none.
    """
    for assignment, tests in ASSIGNMENTS.items():
        if test_id in tests:
            return assignment
    raise KeyError(test_id)


def probe(test_id: str) -> Probe:
    """The probe of a test cell.

    Raises:
        KeyError: no assignment has such a test cell.
    """
    assignment_of(test_id)
    found: Probe = import_module(f"ac_helpers.probes.{test_id}").PROBE
    return found


def probes(assignment: str) -> tuple[Probe, ...]:
    """The probes of an assignment.

    Raises:
        KeyError: there is no such assignment.
    """
    return tuple(probe(test_id) for test_id in ASSIGNMENTS[assignment])
