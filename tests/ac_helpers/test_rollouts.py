"""Rollouts of environments side by side, the log of a run, and saved weights."""

import csv

import gymnasium as gym
import numpy as np
import pytest
import torch

from ac_helpers.reference import gaussian_actor_critic as right
from ac_helpers.rollouts import RolloutEnvs, TrainingLog, load_networks, save_networks, set_learning_rate

ENV_NAME = "Pendulum-v1"


def constant_actions(states):
    actions = np.full((len(states), 1), 0.5, dtype=np.float32)
    return actions, actions + 1, np.arange(len(states), dtype=np.float32)


@pytest.fixture
def envs():
    made = RolloutEnvs(ENV_NAME, 3, seed=7)
    yield made
    made.close()


def test_a_rollout_has_the_forms_that_a_trainer_gets(envs):
    rollout, returns = envs.collect(constant_actions, 5)
    assert (envs.state_dim, envs.action_dim) == (3, 1)
    assert {name: (values.shape, values.dtype.name) for name, values in rollout.items()} == {
        "states": ((5, 3, 3), "float32"),
        "next_states": ((5, 3, 3), "float32"),
        "actions": ((5, 3, 1), "float32"),
        "log_probs": ((5, 3), "float32"),
        "rewards": ((5, 3), "float32"),
        "terminated": ((5, 3), "bool"),
        "truncated": ((5, 3), "bool"),
    }
    assert (rollout["actions"] == 1.5).all()
    assert (rollout["log_probs"] == [0, 1, 2]).all()
    assert returns == []


def test_a_rollout_goes_on_where_the_last_one_ended(envs):
    first, _ = envs.collect(constant_actions, 4)
    second, _ = envs.collect(constant_actions, 4)
    np.testing.assert_array_equal(first["next_states"][-1], second["states"][0])


def test_next_states_are_those_before_the_reset_and_returns_are_of_whole_episodes(envs):
    rollout, returns = envs.collect(constant_actions, 201)
    alone, total = gym.make(ENV_NAME), 0.0
    state, _ = alone.reset(seed=7)  # the first environment's seed
    for t in range(200):
        np.testing.assert_allclose(rollout["states"][t, 0], state, atol=1e-6)
        state, reward, _, truncated, _ = alone.step(np.array([0.5], dtype=np.float32))
        total += float(reward)
    assert truncated
    assert rollout["truncated"][199].all()
    assert not rollout["truncated"][:199].any()
    assert not rollout["terminated"].any()
    np.testing.assert_allclose(rollout["next_states"][199, 0], state, atol=1e-6)
    assert not np.allclose(rollout["states"][200, 0], state, atol=1e-3)
    assert len(returns) == 3
    assert returns[0] == pytest.approx(total, rel=1e-5)


def test_the_log_keeps_what_happened_and_writes_it_down(tmp_path):
    file = tmp_path / "runs" / "log.csv"
    log = TrainingLog(right.ActorNetwork(3, 1), critic=right.CriticNetwork(3), file=file)
    rollout = {"states": np.zeros((2, 3, 3), dtype=np.float32)}
    log.add_update(6, [], None, rollout)
    log.add_update(12, [-100.0, -300.0], np.array([0.5, 2.0]), rollout)
    assert log.steps == [12, 12]
    assert log.returns == [-100.0, -300.0]
    assert log.update_steps == [6, 12]
    assert log.critic_losses == [2.0]
    assert log.stds == [pytest.approx(1.0, abs=0.05)] * 2
    with file.open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [row["steps"] for row in rows] == ["6", "12"]
    assert float(rows[1]["mean_return"]) == -200
    assert [row["critic_loss"] for row in rows] == ["nan", "2.0"]


def test_a_new_run_begins_a_new_table(tmp_path):
    file = tmp_path / "log.csv"
    for _ in range(2):
        log = TrainingLog(right.ActorNetwork(3, 1), file=file)
        log.add_update(1, [], None, {"states": np.zeros((1, 1, 3), dtype=np.float32)})
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("losses", [None, 1.0, "ab", (1.0,), {"actor": 1.0, "critic": 2.0}, object()])
def test_a_trainer_may_return_anything(losses):
    log = TrainingLog(right.ActorNetwork(3, 1))
    log.add_update(1, [], losses, {"states": np.zeros((1, 1, 3), dtype=np.float32)})
    assert log.actor_losses == []


def test_weights_are_saved_and_loaded_by_name(tmp_path):
    file = tmp_path / "weights.pt"
    actor, critic = right.ActorNetwork(3, 1), right.CriticNetwork(3)
    save_networks(file, actor=actor, critic=critic)
    other, states = right.ActorNetwork(3, 1), torch.randn(4, 3)
    assert not torch.equal(other(states)[0], actor(states)[0])
    load_networks(file, actor=other)
    assert torch.equal(other(states)[0], actor(states)[0])
    with pytest.raises(KeyError):
        load_networks(file, policy=other)
    with pytest.raises(RuntimeError):
        load_networks(file, actor=right.ActorNetwork(3, 1, hidden_dim=8))


def test_a_learning_rate_is_set_for_all_that_is_moved():
    one, other = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    opt = torch.optim.SGD([{"params": [one]}, {"params": [other], "lr": 5.0}], lr=1.0)
    set_learning_rate(opt, 0.25)
    assert [group["lr"] for group in opt.param_groups] == [0.25, 0.25]


def test_training_is_the_same_for_the_same_seed():
    runs = [
        right.run_gaussian_actor_critic(total_steps=2048, epochs=1, seed=seed, progress=False)
        for seed in (3, 3, 4)
    ]
    assert runs[0].returns == runs[1].returns != runs[2].returns
    assert runs[0].stds == runs[1].stds
    assert len(runs[0].critic_losses) == 2
