"""The small environment in which an agent's learning is judged."""

import numpy as np
from gymnasium.utils.env_checker import check_env

from ac_helpers.envs import RIGHT_ACTIONS, Lights


def test_it_is_a_gymnasium_environment():
    check_env(Lights(), skip_render_check=True)


def test_episodes_have_two_steps_and_reward_the_right_action():
    env = Lights()
    state, _ = env.reset(seed=0)
    for last in (False, True):
        light = int(state.argmax())
        state, reward, terminated, truncated, _ = env.step(int(RIGHT_ACTIONS[light]))
        assert (reward, terminated, truncated) == (1.0, last, False)


def test_the_wrong_action_earns_nothing():
    env = Lights()
    state, _ = env.reset(seed=1)
    assert env.step(1 - int(RIGHT_ACTIONS[state.argmax()]))[1] == 0


def test_no_action_is_right_more_often_than_the_other():
    assert np.bincount(RIGHT_ACTIONS).tolist() == [3, 3]
