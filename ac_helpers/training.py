"""What the given training loop needs besides the agent: seeding, evaluation, a record of the run."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from tqdm import tqdm, trange


def seed_everything(seed: int) -> None:
    """Seed every generator a solution may draw from: random, numpy and torch."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def count_steps(total_steps: int, progress: bool = True, unit: str = " steps") -> tqdm:
    """Iterate over 1, 2, ..., total_steps, with a progress bar on stderr unless progress is false.

    The environment variable TQDM_DISABLE=1 silences the bar as well.
    """
    silent: dict[str, Any] = {} if progress else {"disable": True}
    return trange(1, total_steps + 1, unit=unit, mininterval=0.5, **silent)


@dataclass
class History:
    """Record of one training run.

    steps:        [n_episodes] environment steps of training made before each evaluation episode
    returns:      [n_episodes] undiscounted, unscaled return of each complete evaluation episode
    loss_steps:   [n_updates] environment steps of training made before each update
    actor_losses, critic_losses: [n_updates]
    solved_at:    environment steps of training made when the goal was reached, None if it was not
    agent:        the trained agent
    """

    agent: Any = None
    steps: list[int] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    loss_steps: list[int] = field(default_factory=list)
    actor_losses: list[float] = field(default_factory=list)
    critic_losses: list[float] = field(default_factory=list)
    solved_at: int | None = None

    def add_returns(self, step: int, returns: np.ndarray) -> None:
        """Append the returns [n_episodes] of one evaluation made after `step` training steps."""
        self.steps.extend([step] * len(returns))
        self.returns.extend(float(value) for value in returns)

    def add_losses(self, step: int, losses: Any) -> None:
        """Append the (actor, critic) losses that `ActorCriticAgent.update` returned.

        Anything but a pair is passed over: None before the rollout is full, or whatever a rewritten
        `update` returns.
        """
        if not (isinstance(losses, tuple) and len(losses) == 2):
            return
        actor_loss, critic_loss = losses
        self.loss_steps.append(step)
        self.actor_losses.append(actor_loss)
        self.critic_losses.append(critic_loss)

    def mean_return(self, window: int) -> float:
        """Mean of the last `window` evaluation returns; -inf while there are fewer of them."""
        if len(self.returns) < window:
            return float("-inf")
        return float(np.mean(self.returns[-window:]))


def sampled_actions(model: Callable) -> Callable[[np.ndarray], np.ndarray]:
    """A function states [B, dim] -> actions [B] from a model whose forward gives (action, log_prob, q)."""

    def select_actions(states: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            actions, _, _ = model(torch.as_tensor(states, dtype=torch.float32))
        return np.asarray(actions)

    return select_actions


def evaluate_policy(
    select_actions: Callable[[np.ndarray], np.ndarray], env_name: str, n_episodes: int = 10, seed: int = 0
) -> np.ndarray:
    """Play n_episodes complete episodes side by side and return their returns [n_episodes].

    select_actions: function states [n_episodes, state_dim] -> actions [n_episodes].

    Each environment contributes its first episode only, from reset to termination or truncation. Counting
    whichever episodes end first instead would favour short ones.
    """
    envs = gym.make_vec(env_name, num_envs=n_episodes)
    states, _ = envs.reset(seed=seed)
    returns = np.zeros(n_episodes)
    running = np.ones(n_episodes, dtype=bool)
    while running.any():
        states, rewards, terminated, truncated, _ = envs.step(select_actions(states))
        returns += running * rewards
        running &= ~(terminated | truncated)
    envs.close()
    return returns
