"""A small environment in which a right agent learns within a second."""

from __future__ import annotations

from collections.abc import Sequence

import gymnasium as gym
import numpy as np


class Lights(gym.Env):
    """One of n lights is on; its right action earns 1, the other 0. Episodes last two steps.

    Lights come in random order, every one of them before any comes again.

    Observation: one-hot vector `[n]`, float32. Actions: 2. The best return is 2.

    Args:
        right_actions: which action is right, 0 or 1, by light.
    """

    action_space = gym.spaces.Discrete(2)

    def __init__(self, right_actions: Sequence[int]) -> None:
        self.right_actions = right_actions
        self.observation_space = gym.spaces.Box(0.0, 1.0, (len(right_actions),), np.float32)
        self._observations = np.eye(len(right_actions), dtype=np.float32)
        self._to_come: list[int] = []

    def reset(self, *, seed: int | None = None, options: dict | None = None) -> tuple[np.ndarray, dict]:
        super().reset(seed=seed)
        if seed is not None:
            self._to_come = []
        self.steps_left = 2
        return self._observe(), {}

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict]:
        reward = float(action == self.right_actions[self.light])
        self.steps_left -= 1
        return self._observe(), reward, self.steps_left == 0, False, {}

    def _observe(self) -> np.ndarray:
        if not self._to_come:
            self._to_come = self.np_random.permutation(len(self.right_actions)).tolist()
        self.light = self._to_come.pop()
        return self._observations[self.light].copy()
