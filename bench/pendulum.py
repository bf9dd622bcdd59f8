"""The Gaussian notebook's agent beside PPO and A2C of Stable-Baselines3, on Pendulum-v1.

    python -m bench.pendulum --seeds 5

All contenders make 100 000 steps on one core, one after another on the same seeds. What counts is the mean
return of the last 100 training episodes, of the policy as it explores, and the seconds of computing. PPO has
the settings that RL Baselines3 Zoo gives for this environment (hyperparams/ppo.yml); A2C has the library's
own with eight environments and the discount of PPO. Results go to pendulum.csv, pendulum_curves.csv,
pendulum.md and pendulum.png beside this file.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import torch
from stable_baselines3 import A2C, PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
from tqdm import tqdm

from ac_helpers.figures import BLUE, GREEN, GREY, ORANGE, VERMILION, quiet, running_mean
from ac_helpers.pendulum import EPISODE_STEPS, WINDOW, failing_run
from ac_helpers.reference import gaussian_actor_critic
from autograder.handbook import markdown_table

HERE = Path(__file__).parent
ENV_NAME = "Pendulum-v1"
STEPS = 100_000
GOAL, MEDIAN_GOAL, SECONDS_GOAL = -250, -200, 25

OURS, PPO_TUNED, A2C_PLAIN = "notebook", "SB3 PPO", "SB3 A2C"
COLOURS = {OURS: VERMILION, PPO_TUNED: BLUE, A2C_PLAIN: GREEN}


@dataclass(frozen=True)
class Run:
    """One run of one contender: the returns of its training episodes in their order, and its seconds."""

    contender: str
    seed: int
    returns: list[float]
    seconds: float

    @property
    def last(self) -> float:
        """The mean return of the last 100 episodes."""
        return float(np.mean(self.returns[-WINDOW:]))


class Episodes(BaseCallback):
    """Keeps the returns of finished training episodes."""

    def __init__(self) -> None:
        super().__init__()
        self.returns: list[float] = []

    def _on_step(self) -> bool:
        self.returns += [float(info["episode"]["r"]) for info in self.locals["infos"] if "episode" in info]
        return True


def _ours(seed: int) -> list[float]:
    log = gaussian_actor_critic.run_gaussian_actor_critic(total_steps=STEPS, seed=seed, progress=False)
    return list(log.returns)


def _ppo(seed: int) -> list[float]:
    envs = make_vec_env(ENV_NAME, n_envs=4, seed=seed)
    return _learn(
        PPO(
            "MlpPolicy",
            envs,
            n_steps=1024,
            gae_lambda=0.95,
            gamma=0.9,
            n_epochs=10,
            ent_coef=0.0,
            learning_rate=1e-3,
            clip_range=0.2,
            use_sde=True,
            sde_sample_freq=4,
            seed=seed,
            device="cpu",
        )
    )


def _a2c(seed: int) -> list[float]:
    envs = make_vec_env(ENV_NAME, n_envs=8, seed=seed)
    return _learn(A2C("MlpPolicy", envs, gamma=0.9, seed=seed, device="cpu"))


def _learn(model: OnPolicyAlgorithm) -> list[float]:
    episodes = Episodes()
    model.learn(STEPS, callback=episodes)
    return episodes.returns


CONTENDERS: dict[str, Callable[[int], list[float]]] = {OURS: _ours, PPO_TUNED: _ppo, A2C_PLAIN: _a2c}


def measure(contender: str, seed: int) -> Run:
    """Runs a contender once."""
    torch.set_num_threads(1)
    started = time.process_time()
    returns = CONTENDERS[contender](seed)
    return Run(contender, seed, returns, time.process_time() - started)


def write(runs: list[Run]) -> None:
    """Writes tables, curves and picture down."""
    with (HERE / "pendulum.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["contender", "seed", "last_100_episodes", "seconds"])
        rows.writerows([run.contender, run.seed, round(run.last, 1), round(run.seconds, 1)] for run in runs)
    with (HERE / "pendulum_curves.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["contender", "seed", "episode", "return"])
        for run in runs:
            rows.writerows(
                [run.contender, run.seed, number, round(value)] for number, value in enumerate(run.returns, 1)
            )
    (HERE / "pendulum.md").write_text(_page(runs), encoding="utf-8")
    _draw(runs).savefig(HERE / "pendulum.png", dpi=110)


def _page(runs: list[Run]) -> str:
    by_contender = {name: [run for run in runs if run.contender == name] for name in CONTENDERS}
    table = markdown_table(
        ["", "seeds", "last 100 episodes: median", "worst", "best", "seconds: median", "longest"],
        [
            [
                name,
                len(of),
                round(float(np.median([run.last for run in of]))),
                round(min(run.last for run in of)),
                round(max(run.last for run in of)),
                round(float(np.median([run.seconds for run in of])), 1),
                round(max(run.seconds for run in of), 1),
            ]
            for name, of in by_contender.items()
        ],
    )
    ours, ppo = by_contender[OURS], by_contender[PPO_TUNED]
    goals = [
        (f"every seed above {GOAL}", min(run.last for run in ours) > GOAL),
        (f"median {MEDIAN_GOAL} or better", np.median([run.last for run in ours]) >= MEDIAN_GOAL),
        (f"{SECONDS_GOAL} s of one core or less", max(run.seconds for run in ours) <= SECONDS_GOAL),
        ("a better median than PPO", np.median([r.last for r in ours]) > np.median([r.last for r in ppo])),
        ("less time than PPO", np.median([r.seconds for r in ours]) < np.median([r.seconds for r in ppo])),
    ]
    lines = [f"- {goal}: {'met' if met else '**not met**'}" for goal, met in goals]
    head = f"# Learning on {ENV_NAME}\n\n{STEPS} steps; mean return of the last {WINDOW} training episodes."
    return "\n\n".join([head, table, "Goals of the notebook's agent:", "\n".join(lines)]) + "\n"


def _draw(runs: list[Run]) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    named = set()
    for run in runs:
        label = None if run.contender in named else run.contender
        named.add(run.contender)
        _plot_mean(axes, np.array(run.returns), COLOURS[run.contender], label)
    _plot_mean(axes, failing_run(), ORANGE, "tutorial's version (recorded)")
    axes.axhline(GOAL, color=GREY, linestyle="--", linewidth=1)
    axes.set(xlabel="steps, thousands", ylabel=f"mean return of {WINDOW} episodes", xlim=(0, STEPS / 1000))
    axes.legend(frameon=False)
    quiet(axes)
    return figure


def _plot_mean(axes: plt.Axes, returns: np.ndarray, colour: str, label: str | None) -> None:
    steps = EPISODE_STEPS * (1 + np.arange(len(returns))) / 1000
    axes.plot(*running_mean(steps, returns, WINDOW), color=colour, linewidth=1.5, label=label)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="how many runs of each contender")
    options = parser.parse_args()
    wanted = [(name, seed) for seed in range(options.seeds) for name in CONTENDERS]
    runs = [measure(name, seed) for name, seed in tqdm(wanted, unit=" runs")]
    write(runs)
    print(_page(runs))


if __name__ == "__main__":
    main()
