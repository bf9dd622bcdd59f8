"""Small environments in which a right agent learns within seconds."""

from __future__ import annotations

import gymnasium as gym
import numpy as np


class TwoLights(gym.Env):
    """One of two lights is on; the action of the same number earns 1, any other 0. Episodes last two steps.

    Observation: one-hot vector `[2]`, float32. Actions: 2. The best return is 2, random play earns 1.
    """

    observation_space = gym.spaces.Box(0.0, 1.0, (2,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        super().reset(seed=seed)
        self.steps_left = 2
        return self._observe(), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        reward = float(action == self.light)
        self.steps_left -= 1
        return self._observe(), reward, self.steps_left == 0, False, {}

    def _observe(self) -> np.ndarray:
        self.light = int(self.np_random.integers(2))
        return np.eye(2, dtype=np.float32)[self.light]
