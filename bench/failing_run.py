"""Runs the tutorial's version on Pendulum-v1 once, for the notebook to show that it does not learn.

    python -m bench.failing_run

Settings as they were printed: two networks of 128 x 128 ReLU, orthogonal with gain sqrt(2) in every layer,
Adam with 1e-6 for each, one update after each of 600 episodes, returns with a discount of 0.99 normalised
within the episode, gradients clipped at 1. The returns of all episodes are written to
ac_helpers/recorded/failing_run.json.
"""

from __future__ import annotations

import json
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
from torch import nn
from torch.distributions import Normal
from tqdm import trange

from ac_helpers.reference.gaussian_actor_critic import discounted_returns
from ac_helpers.training import seed_everything

TARGET = Path(__file__).parents[1] / "ac_helpers" / "recorded" / "failing_run.json"
EPISODES, GAMMA, LEARNING_RATE, MAX_GRAD_NORM, WIDTH = 600, 0.99, 1e-6, 1.0, 128


def _body(outputs: int) -> nn.Sequential:
    network = nn.Sequential(
        nn.Linear(3, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH), nn.ReLU(), nn.Linear(WIDTH, outputs)
    )
    for layer in network[::2]:
        nn.init.orthogonal_(layer.weight, 2**0.5)
        nn.init.zeros_(layer.bias)
    return network


def _policy(actor: nn.Module, states: torch.Tensor) -> Normal:
    mean, log_std = actor(states).chunk(2, -1)
    return Normal(2 * torch.tanh(mean), log_std.clamp(-20, 2).exp(), validate_args=False)


def _play(env: gym.Env, actor: nn.Module) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """One episode: states [T, 3], actions [T, 1] and T rewards."""
    state, _ = env.reset()
    states, actions, rewards, done = [], [], [], False
    while not done:
        with torch.no_grad():
            action = _policy(actor, torch.as_tensor(state)).sample()
        states.append(torch.as_tensor(state))
        actions.append(action)
        state, reward, terminated, truncated, _ = env.step(action.clamp(-2, 2).numpy())
        rewards.append(float(reward))
        done = terminated or truncated
    return torch.stack(states), torch.stack(actions), rewards


def _step(network: nn.Module, opt: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), MAX_GRAD_NORM)
    opt.step()


def run(seed: int = 0, episodes: int = EPISODES) -> list[float]:
    """The returns of all episodes of a run."""
    torch.set_num_threads(1)
    seed_everything(seed)
    env = gym.make("Pendulum-v1")
    env.reset(seed=seed)
    actor, critic = _body(2), _body(1)
    actor_opt, critic_opt = (torch.optim.Adam(net.parameters(), lr=LEARNING_RATE) for net in (actor, critic))
    totals = []
    for _ in trange(episodes, unit=" episodes"):
        states, actions, rewards = _play(env, actor)
        returns = torch.as_tensor(discounted_returns(rewards, GAMMA), dtype=torch.float32)
        returns = (returns - returns.mean()) / (returns.std() + 1e-5)
        values = critic(states).squeeze(-1)
        log_probs = _policy(actor, states).log_prob(actions).sum(-1)
        _step(actor, actor_opt, -(log_probs * (returns - values.detach())).mean())
        _step(critic, critic_opt, ((values - returns) ** 2).mean())
        totals.append(sum(rewards))
    env.close()
    return totals


def main() -> None:
    """Writes the returns down, in whole numbers."""
    totals = run()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps({"returns": [round(total) for total in totals]}) + "\n", encoding="utf-8")
    print(f"first 100: {np.mean(totals[:100]):.0f}, last 100: {np.mean(totals[-100:]):.0f}")


if __name__ == "__main__":
    main()
