"""What the given training loop for continuous actions needs besides the agent: environments and a log."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from torch import nn

from ac_helpers.training import History

SelectActions = Callable[[np.ndarray], tuple[Any, Any, Any]]
"""Takes states [N, state_dim]; gives actions for the environments, the actions as drawn, both
[N, action_dim], and the logarithms of the densities of the latter, [N]."""


class RolloutEnvs:
    """N copies of an environment side by side, which start anew as soon as an episode ends.

    Args:
        env_name: the environment's id.
        n_envs: how many copies.
        seed: of their random numbers.
    """

    def __init__(self, env_name: str, n_envs: int, seed: int) -> None:
        self._envs = gym.make_vec(
            env_name,
            num_envs=n_envs,
            vectorization_mode="sync",
            vector_kwargs={"autoreset_mode": gym.vector.AutoresetMode.SAME_STEP},
        )
        self._states, _ = self._envs.reset(seed=seed)
        self._returns = np.zeros(n_envs)

    @property
    def state_dim(self) -> int:
        """How many numbers a state has."""
        return int(np.prod(self._envs.single_observation_space.shape))  # type: ignore[arg-type]

    @property
    def action_dim(self) -> int:
        """How many coordinates an action has."""
        return int(np.prod(self._envs.single_action_space.shape))  # type: ignore[arg-type]

    @property
    def low(self) -> np.ndarray:
        """The lower bounds of actions, [action_dim]."""
        return self._envs.single_action_space.low  # type: ignore[attr-defined, no-any-return]

    @property
    def high(self) -> np.ndarray:
        """The upper bounds of actions, [action_dim]."""
        return self._envs.single_action_space.high  # type: ignore[attr-defined, no-any-return]

    def collect(
        self, select_actions: SelectActions, n_steps: int
    ) -> tuple[dict[str, np.ndarray], list[float]]:
        """A rollout of T = n_steps steps in every environment, and the returns of the episodes that ended.

        The rollout holds `states`, `next_states` [T, N, state_dim], `actions` [T, N, action_dim],
        `log_probs`, `rewards` [T, N], all float32, and `terminated`, `truncated` [T, N], boolean. The next
        state is the one that the action led to, also where an episode ends there.
        """
        steps, finished = [], []
        for _ in range(n_steps):
            env_actions, actions, log_probs = select_actions(self._states)
            following, rewards, terminated, truncated, infos = self._envs.step(np.asarray(env_actions))
            reached = _before_reset(following, infos)
            steps.append((self._states, reached, actions, log_probs, rewards, terminated, truncated))
            self._returns += rewards
            for ended in np.flatnonzero(terminated | truncated):
                finished.append(float(self._returns[ended]))
                self._returns[ended] = 0.0
            self._states = following
        return _stacked(steps), finished

    def close(self) -> None:
        """Ends the environments."""
        self._envs.close()


def _before_reset(following: np.ndarray, infos: dict[str, Any]) -> np.ndarray:
    """The states that the actions led to; where an episode ended, `following` is the start of the next."""
    if "final_obs" not in infos:
        return following
    reached = following.copy()
    for ended in np.flatnonzero(infos["_final_obs"]):
        reached[ended] = infos["final_obs"][ended]
    return reached


def _stacked(steps: list[tuple[Any, ...]]) -> dict[str, np.ndarray]:
    names = ("states", "next_states", "actions", "log_probs", "rewards", "terminated", "truncated")
    columns = (np.stack([np.asarray(value) for value in column]) for column in zip(*steps, strict=True))
    return {
        name: column if column.dtype == bool else column.astype(np.float32)
        for name, column in zip(names, columns, strict=True)
    }


def set_learning_rate(opt: torch.optim.Optimizer, lr: float) -> None:
    """Sets the learning rate of everything that an optimizer moves."""
    for group in opt.param_groups:
        group["lr"] = lr


@dataclass
class TrainingLog(History):
    """Record of one training run on continuous actions, written down as it grows where a file is given.

    Beside what `History` keeps, its returns those of the training episodes:

    critic: the trained critic; `agent` is the actor
    update_steps: [n_updates] environment steps made before the end of each update
    stds:   [n_updates] mean standard deviation of the policy in the states of each rollout
    file:   where to write a table, one line per update; None for nowhere
    """

    critic: Any = None
    update_steps: list[int] = field(default_factory=list)
    stds: list[float] = field(default_factory=list)
    file: str | Path | None = None

    def add_update(self, step: int, returns: Iterable[float], losses: Any, rollout: dict[str, Any]) -> None:
        """Append what happened in the update after `step` environment steps.

        Args:
            step: environment steps made so far.
            returns: of the episodes that ended in the rollout.
            losses: what `ActorCriticTrainer.update` returned; a pair of numbers is kept, all else is not.
            rollout: the states are looked at.
        """
        returns = np.asarray(list(returns), dtype=float)
        self.add_returns(step, returns)
        pair = _pair(losses)
        self.add_losses(step, pair)
        self.update_steps.append(step)
        self.stds.append(self._mean_std(rollout["states"]))
        if self.file is not None:
            self._write(step, returns, pair or (np.nan, np.nan))

    @torch.no_grad()
    def _mean_std(self, states: np.ndarray) -> float:
        _, log_std = self.agent(torch.as_tensor(states).flatten(0, 1))
        return float(log_std.exp().mean())

    def _write(self, step: int, returns: np.ndarray, losses: tuple[float, float]) -> None:
        """Add a line to the table, after a heading if it is the first."""
        path = Path(self.file or "")
        is_first = len(self.stds) == 1
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if is_first else "a", newline="", encoding="utf-8") as table:
            rows = csv.writer(table)
            if is_first:
                rows.writerow(("steps", "episodes", "mean_return", "actor_loss", "critic_loss", "mean_std"))
            mean = float(returns.mean()) if len(returns) else np.nan
            rows.writerow((step, len(returns), mean, *losses, self.stds[-1]))


def _pair(losses: Any) -> tuple[float, float] | None:
    try:
        actor_loss, critic_loss = (float(loss) for loss in losses)
    except (TypeError, ValueError):
        return None
    return actor_loss, critic_loss


def save_networks(path: str | Path, **networks: nn.Module) -> None:
    """Write the weights of networks to a file, by their names."""
    torch.save({name: network.state_dict() for name, network in networks.items()}, path)


def load_networks(path: str | Path, **networks: nn.Module) -> None:
    """Read weights that `save_networks` wrote back into networks of the same names and sizes.

    Raises:
        KeyError: the file has no weights of such a name.
        RuntimeError: they are of other sizes.
    """
    saved = torch.load(path, weights_only=True)
    for name, network in networks.items():
        network.load_state_dict(saved[name])
