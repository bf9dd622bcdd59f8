"""Learning speed of the notebook's agent beside PPO and A2C of Stable-Baselines3, on CartPole-v1.

    python -m bench.learning --seeds 10

Two marks, each its own run: a mean return of 200 over the last 10 complete evaluation episodes, and of 475
over the last 100. All contenders are evaluated by the same function on the same schedule, with actions drawn
from the policy, one after another on the same seeds and one core. A run that does not reach its mark within
its contender's budget counts as failed. Results go to learning.csv, learning_curves.csv, learning.md and
learning.png beside this file; rows measured again replace the old ones, the rest stays.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

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

from ac_helpers.reference import actor_critic
from ac_helpers.training import History, evaluate_policy

HERE = Path(__file__).parent
ENV_NAME = "CartPole-v1"
EVAL_SCHEDULE = 500  # training steps between evaluations
EVAL_EPISODES = 10


@dataclass(frozen=True)
class Mark:
    """`goal` on average over the last `window` complete evaluation episodes."""

    goal: int
    window: int


MARKS = (Mark(200, 10), Mark(475, 100))


@dataclass
class Stopwatch:
    """Evaluates policies and notes when, and how long that took; starts when it is made."""

    cpu_start: float = field(default_factory=time.process_time)
    wall_start: float = field(default_factory=time.perf_counter)
    evaluation_seconds: float = 0.0
    cpu_seconds: list[float] = field(default_factory=list)

    def evaluate(self, *args, **kwargs) -> np.ndarray:
        start = time.process_time()
        returns = evaluate_policy(*args, **kwargs)
        now = time.process_time()
        self.evaluation_seconds += now - start
        self.cpu_seconds.append(now - self.cpu_start)
        return returns


# Contenders: functions (seed, mark, max_steps, stopwatch) -> History


def run_ours(seed: int, mark: Mark, max_steps: int, stopwatch: Stopwatch) -> History:
    """The notebook's loop with the notebook's defaults."""
    silent = contextlib.redirect_stdout(io.StringIO())
    with silent, mock.patch.object(actor_critic, "evaluate_policy", stopwatch.evaluate):
        return actor_critic.run_actor_critic(
            env_name=ENV_NAME,
            total_max_steps=max_steps,
            eval_schedule=EVAL_SCHEDULE,
            eval_episodes=EVAL_EPISODES,
            smooth_ret_window=mark.window,
            success_ret=mark.goal,
            seed=seed,
            progress=False,
        )


class EvaluateUntilSolved(BaseCallback):
    """Does to a Stable-Baselines3 model what the notebook's loop does to its agent."""

    def __init__(self, seed: int, mark: Mark, stopwatch: Stopwatch):
        super().__init__()
        self.seed, self.mark, self.stopwatch = seed, mark, stopwatch
        self.history = History()
        self.next_evaluation = EVAL_SCHEDULE

    def _on_step(self) -> bool:
        if self.num_timesteps < self.next_evaluation:
            return True
        self.next_evaluation += EVAL_SCHEDULE
        returns = self.stopwatch.evaluate(
            self._sampled_actions, ENV_NAME, EVAL_EPISODES, seed=self.seed + self.num_timesteps
        )
        self.history.add_returns(self.num_timesteps, returns)
        if self.history.mean_return(self.mark.window) < self.mark.goal:
            return True
        self.history.solved_at = self.num_timesteps
        return False

    def _sampled_actions(self, states: np.ndarray) -> np.ndarray:
        # model.predict does the same with twice the overhead, which would be charged to the model.
        with torch.no_grad():
            return self.model.policy.get_distribution(torch.as_tensor(states)).sample().numpy()


def sb3_runner(make_model: Callable[[int], OnPolicyAlgorithm]) -> Callable[..., History]:
    def run(seed: int, mark: Mark, max_steps: int, stopwatch: Stopwatch) -> History:
        callback = EvaluateUntilSolved(seed, mark, stopwatch)
        make_model(seed).learn(total_timesteps=max_steps, callback=callback)
        return callback.history

    return run


def linear(initial: float) -> Callable[[float], float]:
    """A schedule from `initial` to 0 over the budget."""
    return lambda remaining: remaining * initial


def ppo_tuned(seed: int) -> OnPolicyAlgorithm:
    """The settings of RL Baselines3 Zoo for CartPole-v1."""
    return PPO(
        "MlpPolicy",
        make_vec_env(ENV_NAME, n_envs=8, seed=seed),
        n_steps=32,
        batch_size=256,
        gae_lambda=0.8,
        gamma=0.98,
        n_epochs=20,
        ent_coef=0.0,
        learning_rate=linear(1e-3),
        clip_range=linear(0.2),
        seed=seed,
        device="cpu",
    )


def ppo_default(seed: int) -> OnPolicyAlgorithm:
    return PPO("MlpPolicy", make_vec_env(ENV_NAME, seed=seed), seed=seed, device="cpu")


def a2c_tuned(seed: int) -> OnPolicyAlgorithm:
    """The settings of RL Baselines3 Zoo for CartPole-v1: the defaults with 8 environments."""
    return A2C("MlpPolicy", make_vec_env(ENV_NAME, n_envs=8, seed=seed), seed=seed, device="cpu")


def a2c_default(seed: int) -> OnPolicyAlgorithm:
    return A2C("MlpPolicy", make_vec_env(ENV_NAME, seed=seed), seed=seed, device="cpu")


@dataclass(frozen=True)
class Contender:
    title: str
    colour: str
    run: Callable[..., History]
    max_steps: int


# PPO's tuned schedules end at its budget, 100 000 steps in the zoo, too.
CONTENDERS = {
    "ours": Contender("this notebook", "#0072B2", run_ours, 50_000),
    "ppo": Contender("PPO, tuned", "#E69F00", sb3_runner(ppo_tuned), 100_000),
    "a2c": Contender("A2C, tuned", "#009E73", sb3_runner(a2c_tuned), 200_000),
    "ppo_default": Contender("PPO, default", "#D55E00", sb3_runner(ppo_default), 200_000),
    "a2c_default": Contender("A2C, default", "#CC79A7", sb3_runner(a2c_default), 200_000),
}

# Measuring

COLUMNS = (
    "contender",
    "goal",
    "seed",
    "solved",
    "steps",
    "cpu_seconds",
    "wall_seconds",
    "evaluation_seconds",
)
CURVE_COLUMNS = ("contender", "seed", "steps", "cpu_seconds", "mean_return")
Row = dict[str, str]


def measure(name: str, seed: int, mark: Mark) -> tuple[Row, list[Row]]:
    """One run: its row of the result, and its learning curve, a row per evaluation."""
    contender = CONTENDERS[name]
    stopwatch = Stopwatch()
    history = contender.run(seed, mark, contender.max_steps, stopwatch)
    cpu, wall = time.process_time() - stopwatch.cpu_start, time.perf_counter() - stopwatch.wall_start
    values = (
        name,
        mark.goal,
        seed,
        int(history.solved_at is not None),
        history.steps[-1],
        f"{cpu:.2f}",
        f"{wall:.2f}",
        f"{stopwatch.evaluation_seconds:.2f}",
    )
    steps = history.steps[::EVAL_EPISODES]
    means = np.reshape(history.returns, (-1, EVAL_EPISODES)).mean(axis=1)
    curve = [
        _row(CURVE_COLUMNS, (name, seed, step, f"{seconds:.2f}", f"{mean:.1f}"))
        for step, seconds, mean in zip(steps, stopwatch.cpu_seconds, means, strict=True)
    ]
    return _row(COLUMNS, values), curve


def warm_up(names: list[str]) -> None:
    """What torch loads at its first use should not be charged to whoever runs first."""
    for name in names:
        CONTENDERS[name].run(0, MARKS[0], 2 * EVAL_SCHEDULE, Stopwatch())


def _row(columns: tuple[str, ...], values: tuple) -> Row:
    return dict(zip(columns, map(str, values), strict=True))


def read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def replace(old: list[Row], new: list[Row], key: tuple[str, ...]) -> list[Row]:
    """The old rows without those that have the key of a new one, and the new ones."""
    keys = {tuple(row[column] for column in key) for row in new}
    return [row for row in old if tuple(row[column] for column in key) not in keys] + new


# Reporting


def _spread(values: list[float], digits: int) -> str:
    if not values:
        return "–"
    median, low, high = np.median(values), min(values), max(values)
    return f"{median:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


def table(rows: list[Row], mark: Mark) -> list[str]:
    """Markdown lines for one mark; medians, ranges and ratios are those of the solved runs."""
    lines = [
        f"## Mean return {mark.goal} over the last {mark.window} complete evaluation episodes",
        "",
        "| | solved | steps | CPU seconds | of these training | steps, of ours | seconds, of ours |",
        "|---|---|---|---|---|---|---|",
    ]
    ours: tuple[float, float] | None = None
    for name, contender in CONTENDERS.items():
        runs = [row for row in rows if row["contender"] == name and row["goal"] == str(mark.goal)]
        if not runs:
            continue
        solved = [row for row in runs if row["solved"] == "1"]
        steps = [float(row["steps"]) for row in solved]
        seconds = [float(row["cpu_seconds"]) for row in solved]
        training = [float(row["cpu_seconds"]) - float(row["evaluation_seconds"]) for row in solved]
        medians = (float(np.median(steps)), float(np.median(seconds))) if solved else None
        if name == "ours":
            ours = medians
        ratios = (
            [f"{a / b:.1f}×" for a, b in zip(medians, ours, strict=True)] if medians and ours else ["–"] * 2
        )
        cells = [
            contender.title,
            f"{len(solved)}/{len(runs)}",
            _spread(steps, 0),
            _spread(seconds, 1),
            _spread(training, 1),
            *ratios,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def report(rows: list[Row]) -> str:
    lines = [
        "# Learning speed on CartPole-v1",
        "",
        f"Median (lowest–highest) of the solved runs, one core. Every {EVAL_SCHEDULE} training steps",
        f"{EVAL_EPISODES} complete episodes are played, by the same code for all, with sampled actions.",
        "CPU seconds contain this evaluation, the next column does not. A run that does not reach the mark",
        "within its budget is not solved: "
        + ", ".join(f"{c.title} {c.max_steps:,} steps" for c in CONTENDERS.values())
        + ".",
        "Tuned settings are those of RL Baselines3 Zoo. Loading of libraries is not timed.",
        "Made by `python -m bench.learning`.",
        "",
    ]
    for mark in MARKS:
        lines += table(rows, mark)
    return "\n".join([*lines, "![Learning curves](learning.png)", ""])


def plot(curves: list[Row], path: Path) -> None:
    """Median and quartiles over seeds of the runs to the last mark, over steps and over seconds.

    A run that has reached the mark keeps its last value: it would not be trained further.
    """
    figure, all_axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
    for axes, column, label in (
        (all_axes[0], "steps", "environment steps, thousands"),
        (all_axes[1], "cpu_seconds", "CPU seconds, evaluation included"),
    ):
        for name in ("ours", "ppo", "a2c"):
            runs: dict[str, list[Row]] = {}
            for row in curves:
                if row["contender"] == name:
                    runs.setdefault(row["seed"], []).append(row)
            if not runs:
                continue
            traces = [
                ([float(row[column]) for row in run], [float(row["mean_return"]) for row in run])
                for run in runs.values()
            ]
            grid = np.linspace(0, max(xs[-1] for xs, _ in traces), 300)
            values = np.array([np.interp(grid, [0, *xs], [ys[0], *ys]) for xs, ys in traces])
            low, median, high = np.quantile(values, [0.25, 0.5, 0.75], axis=0)
            contender = CONTENDERS[name]
            axes.plot(grid, median, color=contender.colour, label=contender.title)
            axes.fill_between(grid, low, high, color=contender.colour, alpha=0.2, linewidth=0)
        for mark in MARKS:
            axes.axhline(mark.goal, color="grey", linewidth=0.8, linestyle=":")
        axes.set_xlabel(label)
        axes.set_xlim(left=0)
        if column == "steps":
            axes.xaxis.set_major_formatter(lambda steps, _: f"{steps / 1000:g}")
        axes.spines[["top", "right"]].set_visible(False)
    all_axes[0].set_ylabel("return of an evaluation (mean of 10 episodes)")
    all_axes[0].set_ylim(0, 510)
    all_axes[1].legend(frameon=False, loc="lower right")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10, help="seeds 0, 1, ... of each contender")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=["ours", "ppo", "a2c"])
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    warm_up(arguments.contenders)
    rows, curves = read(arguments.output / "learning.csv"), read(arguments.output / "learning_curves.csv")
    jobs = [(s, m, c) for s in range(arguments.seeds) for m in MARKS for c in arguments.contenders]
    for seed, mark, name in tqdm(jobs, unit=" runs"):
        row, curve = measure(name, seed, mark)
        rows = replace(rows, [row], ("contender", "goal", "seed"))
        if mark == MARKS[-1]:
            curves = replace(curves, curve, ("contender", "seed"))
        write(arguments.output / "learning.csv", COLUMNS, rows)
        write(arguments.output / "learning_curves.csv", CURVE_COLUMNS, curves)
    (arguments.output / "learning.md").write_text(report(rows), encoding="utf-8")
    plot(curves, arguments.output / "learning.png")


if __name__ == "__main__":
    main()
