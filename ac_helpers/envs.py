"""Small environments in which a right agent learns within seconds."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

RIGHT_ACTIONS = np.array([0, 1, 1, 0, 1, 0])
"""Which action earns the reward, by light. Neither action is right more often, so that a policy that has
collapsed into one action is right in half of the states."""


class Lights(gym.Env):
    """One of six lights is on; its right action earns 1, the other 0. Episodes last two steps.

    Observation: one-hot vector `[6]`, float32. Actions: 2. The best return is 2, random play earns 1.
    """

    observation_space = gym.spaces.Box(0.0, 1.0, (len(RIGHT_ACTIONS),), np.float32)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        super().reset(seed=seed)
        self.steps_left = 2
        return self._observe(), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        reward = float(action == RIGHT_ACTIONS[self.light])
        self.steps_left -= 1
        return self._observe(), reward, self.steps_left == 0, False, {}

    def _observe(self) -> np.ndarray:
        self.light = int(self.np_random.integers(len(RIGHT_ACTIONS)))
        return np.eye(len(RIGHT_ACTIONS), dtype=np.float32)[self.light]
