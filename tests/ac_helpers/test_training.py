"""The given training tools: evaluation of complete episodes, the record of a run, and that learning works."""

import json
import os
import random
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from ac_helpers.reference import actor_critic
from ac_helpers.training import History, count_steps, evaluate_policy, sampled_actions, seed_everything
from autograder.assignment import Course
from autograder.solved import solve


def test_seeding_covers_every_generator():
    def draws():
        seed_everything(3)
        return random.random(), np.random.rand(), torch.rand(()).item()

    assert draws() == draws()


def test_always_to_the_right_falls_within_a_dozen_steps():
    """CartPole's pole falls that fast under a constant push, so every complete episode must say so."""
    returns = evaluate_policy(lambda states: np.ones(len(states), dtype=int), "CartPole-v1", 20, seed=1)
    assert returns.shape == (20,)
    assert returns.min() >= 8
    assert returns.max() <= 12


def test_episodes_that_last_longer_do_not_count_twice():
    """Half the environments fall at once, half hold out longer: each gives its first episode only."""

    def half_balances(states):
        push = (states[:, 2] + states[:, 3] > 0).astype(int)
        push[::2] = 1
        return push

    returns = evaluate_policy(half_balances, "CartPole-v1", 10, seed=0)
    assert returns[::2].max() <= 12
    assert returns[1::2].min() > 100


def test_the_mean_waits_for_a_full_window():
    history = History()
    history.add_returns(500, np.array([500.0] * 9))
    assert history.mean_return(10) == -np.inf
    history.add_returns(1000, np.array([100.0]))
    assert history.mean_return(10) == 460
    assert history.steps == [500] * 9 + [1000]


def test_losses_are_kept_only_when_there_are_some():
    history = History()
    for losses in (None, 3.0, (1.0, 2.0)):
        history.add_losses(7, losses)
    assert (history.loss_steps, history.actor_losses, history.critic_losses) == ([7], [1.0], [2.0])


def test_a_silent_count_prints_nothing(capsys):
    assert list(count_steps(3, progress=False)) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_actions_are_drawn_from_the_model():
    model = actor_critic.ActorCriticModel(4, (8,), 2)
    actions = sampled_actions(model)(np.zeros((64, 4)))
    assert actions.shape == (64,)
    assert set(actions) == {0, 1}


def test_the_notebooks_defaults_solve_cartpole(capsys):
    history = actor_critic.run_actor_critic(seed=4, progress=False)
    assert capsys.readouterr().out == "Решено!\n"
    assert history.solved_at == history.steps[-1]
    assert np.mean(history.returns[-10:]) >= 200


def test_the_same_seed_gives_the_same_run():
    runs = [actor_critic.run_actor_critic(seed=1, total_max_steps=1500, progress=False) for _ in range(2)]
    assert runs[0].returns == runs[1].returns
    assert runs[0].actor_losses == runs[1].actor_losses


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_every_seed_solves_cartpole(seed, capsys):
    history = actor_critic.run_actor_critic(seed=seed, progress=False)
    assert history.solved_at is not None
    assert "Решено!" in capsys.readouterr().out


def test_a_students_solved_copy_runs_from_top_to_bottom(tmp_path):
    notebook = solve(Course.find(Path(__file__).parents[2]).assignment("actor_critic"))
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute(env={**os.environ, "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"})
    shown = json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)
    assert "Решено!" in shown
    assert shown.count("Всё верно") == 2 * 9  # as HTML and as text
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    assert nbformat.validate(notebook) is None
