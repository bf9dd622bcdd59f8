"""The small environment in which an agent's learning is judged."""

import numpy as np
from gymnasium.utils.env_checker import check_env

from ac_helpers.envs import Lights

RIGHT_ACTIONS = [0, 1, 1, 0, 1, 0]


def test_it_is_a_gymnasium_environment():
    check_env(Lights(RIGHT_ACTIONS), skip_render_check=True)


def test_episodes_have_two_steps_and_reward_the_right_action():
    env = Lights(RIGHT_ACTIONS)
    state, _ = env.reset(seed=0)
    for last in (False, True):
        light = int(state.argmax())
        state, reward, terminated, truncated, _ = env.step(RIGHT_ACTIONS[light])
        assert (reward, terminated, truncated) == (1.0, last, False)


def test_the_wrong_action_earns_nothing():
    env = Lights(RIGHT_ACTIONS)
    state, _ = env.reset(seed=1)
    assert env.step(1 - RIGHT_ACTIONS[state.argmax()])[1] == 0


def test_every_light_comes_before_any_comes_again():
    env = Lights(RIGHT_ACTIONS)
    lights = [int(env.reset(seed=2)[0].argmax())]
    for _ in range(3 * len(RIGHT_ACTIONS) - 1):
        state = env.step(0)[0]
        lights.append(int(state.argmax()))
        env.steps_left = 2
    rounds = np.reshape(lights, (3, -1))
    assert (np.sort(rounds) == np.arange(len(RIGHT_ACTIONS))).all()
    assert not (rounds == rounds[0]).all()


def test_a_seed_decides_which_lights_come():
    def lights(seed):
        env = Lights(RIGHT_ACTIONS)
        env.reset(seed=seed + 1)
        return [int(env.reset(seed=seed)[0].argmax()), *(int(env.step(0)[0].argmax()) for _ in range(4))]

    assert lights(3) == lights(3)
    assert lights(3) != lights(4)
