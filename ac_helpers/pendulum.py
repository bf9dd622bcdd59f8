"""Pictures of the Gaussian notebook: the run that fails, the one that learns, what was learnt, an episode.

Every function returns a closed matplotlib figure: a notebook cell that ends in the call shows it once.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ac_helpers.episodes import as_html, film_strip, record_episode
from ac_helpers.figures import BLUE, GREY, ORANGE, VERMILION, closed, quiet, running_mean
from ac_helpers.messages import text
from ac_helpers.rollouts import TrainingLog

ENV_NAME = "Pendulum-v1"
EPISODE_STEPS, MAX_SPEED, MAX_TORQUE = 200, 8.0, 2.0
"""Its steps of an episode, the largest angular velocity in rad/s, the largest torque in N m."""

WINDOW = 100


def failing_run() -> np.ndarray:
    """The returns of all episodes of the tutorial's version, recorded once by `bench/failing_run.py`."""
    recorded = resources.files("ac_helpers.recorded").joinpath("failing_run.json")
    return np.array(json.loads(recorded.read_text(encoding="utf-8"))["returns"], dtype=float)


def plot_failing_run() -> Figure:
    """The returns of the recorded run and their running mean over 100 episodes."""
    figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    _plot_failing_run(axes, with_episodes=True)
    axes.legend(loc="upper right", frameon=False)
    return closed(figure)


def _plot_failing_run(axes: Axes, with_episodes: bool) -> None:
    returns = failing_run()
    steps = EPISODE_STEPS * (np.arange(len(returns)) + 1)
    if with_episodes:
        axes.scatter(steps / 1000, returns, s=8, color=GREY, alpha=0.35, linewidths=0)
    _plot_running_mean(axes, steps, returns, ORANGE, "pendulum.failing_run")
    _label(axes)


def _plot_running_mean(axes: Axes, steps: np.ndarray, returns: np.ndarray, colour: str, key: str) -> None:
    if len(returns) >= WINDOW:
        shown = running_mean(steps / 1000, returns, WINDOW)
        axes.plot(*shown, color=colour, linewidth=2, label=text(key))


def _label(axes: Axes) -> None:
    axes.set(xlabel=text("plot.steps"), ylabel=text("plot.return"), ylim=(-1900, 20))
    axes.set_xlim(left=0)
    quiet(axes)


def plot_training(log: TrainingLog) -> Figure:
    """Returns of the training episodes beside the run that fails, and the policy's standard deviation."""
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(8, 5.6), sharex=True, height_ratios=[2.4, 1], layout="constrained"
    )
    steps, returns = np.array(log.steps), np.array(log.returns)
    _plot_failing_run(above, with_episodes=False)
    above.scatter(steps / 1000, returns, s=8, color=BLUE, alpha=0.35, linewidths=0)
    _plot_running_mean(above, steps, returns, VERMILION, "pendulum.running_mean")
    above.set_xlabel("")
    above.legend(loc="lower right", frameon=False)
    below.plot(np.array(log.update_steps) / 1000, log.stds, color=BLUE)
    below.set(xlabel=text("plot.steps"), ylabel=text("pendulum.mean_std"))
    below.set_ylim(bottom=0)
    quiet(below)
    return closed(figure)


def plot_policy_and_value(log: TrainingLog, points: int = 61) -> Figure:
    """Mean torque, standard deviation and value over the pendulum's angle and angular velocity.

    Args:
        log: of a run, with both networks.
        points: number of grid points along each axis.
    """
    angles, speeds = np.linspace(-np.pi, np.pi, points), np.linspace(-MAX_SPEED, MAX_SPEED, points)
    angle, speed = (grid.ravel() for grid in np.meshgrid(angles, speeds))
    states = np.column_stack([np.cos(angle), np.sin(angle), speed]).astype(np.float32)
    with torch.no_grad():
        mean, log_std = log.agent(torch.as_tensor(states))
        values = log.critic(torch.as_tensor(states))
    torques = np.linspace(-MAX_TORQUE, MAX_TORQUE, 21)
    panels: list[tuple[str, Any, dict[str, Any]]] = [
        ("pendulum.mean", mean, {"cmap": "PuOr", "levels": torques}),
        ("pendulum.std", log_std.exp(), {"cmap": "viridis", "levels": 20}),
        ("pendulum.value", values, {"cmap": "viridis", "levels": 20}),
    ]
    figure, all_axes = plt.subplots(1, 3, figsize=(11, 3.9), sharey=True, layout="constrained")
    for axes, (key, shown, style) in zip(all_axes, panels, strict=True):
        grid = np.asarray(shown).reshape(points, points)
        mesh = axes.contourf(np.degrees(angles), speeds, grid, **style)
        axes.set_title(text(key), fontsize=10)
        axes.set_xlabel(text("pendulum.angle"))
        axes.set_xticks([-180, -90, 0, 90, 180])
        figure.colorbar(mesh, ax=axes, orientation="horizontal", aspect=30, ticks=MaxNLocator(5))
    all_axes[0].set_ylabel(text("pendulum.speed"))
    return closed(figure)


def watch_pendulum(log: TrainingLog, seed: int = 0, animation: bool = False, frames: int = 8) -> Any:
    """Play one episode with the policy's mean and show it: a film strip, or on request an animation.

    Args:
        log: of a run.
        seed: of the start.
        animation: whether to show a moving picture (HTML) instead.
        frames: pictures in the film strip.
    """

    @torch.no_grad()
    def mean_action(state: np.ndarray) -> np.ndarray:
        mean, _ = log.agent(torch.as_tensor(state, dtype=torch.float32))
        return np.clip(np.asarray(mean), -MAX_TORQUE, MAX_TORQUE)

    episode = record_episode(mean_action, ENV_NAME, seed)
    if animation:
        return as_html(episode.images, ENV_NAME)
    torques = np.array([float(np.ravel(action)[0]) for action in episode.actions])
    return film_strip(episode, frames, lambda axes, _: _plot_motion(axes, episode.states, torques))


def _plot_motion(axes: Axes, states: np.ndarray, torques: np.ndarray) -> None:
    """The angle from the upright (left scale) and the torque (right scale) at every step."""
    right = axes.twinx()
    lines = [
        *axes.plot(
            np.degrees(np.arctan2(states[:, 1], states[:, 0])), color=BLUE, label=text("pendulum.angle")
        ),
        *right.plot(torques, color=VERMILION, linewidth=1, label=text("pendulum.torque")),
    ]
    axes.set(ylim=(-200, 200), yticks=[-180, -90, 0, 90, 180], xlim=(0, len(torques)))
    right.set_ylim(-2.5, 2.5)
    axes.set_xlabel(text("plot.step"))
    axes.set_ylabel(text("pendulum.angle"), color=BLUE)
    right.set_ylabel(text("pendulum.torque"), color=VERMILION)
    axes.legend(handles=lines, loc="upper right", ncols=2, frameon=False, fontsize=9)
    for side in (axes, right):
        side.spines["top"].set_visible(False)
