"""Pictures of the Actor-Critic notebook: learning curves, what was learnt, a watched episode, the diagram.

Every function returns a closed matplotlib figure: a notebook cell that ends in the call shows it once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.ticker import MaxNLocator
from PIL import Image

from ac_helpers.episodes import Episode, as_html, film_strip, record_episode
from ac_helpers.figures import BLUE, GREEN, GREY, VERMILION, closed, quiet, running_mean
from ac_helpers.messages import text
from ac_helpers.training import History, sampled_actions

CARTPOLE_AXES = ("cart_position", "cart_velocity", "angle", "angular_velocity")
CARTPOLE_SPANS = (2.4, 3.0, np.radians(12), 3.0)  # what an episode that goes on can reach, either way


# Learning curve


def plot_learning_curve(history: History, window: int = 10, goal: float = 200) -> Figure:
    """Returns of the evaluation episodes, their running mean over `window` episodes, and the goal."""
    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    steps = np.array(history.steps) / 1000
    returns = np.array(history.returns)
    if len(returns) == 0:
        axes.text(0.5, 0.5, text("plot.empty"), ha="center", va="center", transform=axes.transAxes)
    axes.scatter(steps, returns, s=12, color=BLUE, alpha=0.35, linewidths=0, label=text("plot.episode"))
    if len(returns) >= window:
        axes.plot(
            *running_mean(steps, returns, window),  # what the rule of "solved" looks at
            color=VERMILION,
            linewidth=2,
            marker="o",
            markersize=4,
            label=text("plot.running_mean", window=window),
        )
    axes.axhline(goal, color=GREEN, linestyle="--", label=text("plot.goal", goal=goal))
    if history.solved_at is not None:
        label = text("plot.solved", steps=f"{history.solved_at:,}".replace(",", " "))
        axes.axvline(history.solved_at / 1000, color=GREY, linestyle=":", label=label)
    axes.set(xlabel=text("plot.steps"), ylabel=text("plot.return"))
    axes.set_xlim(0, 1.03 * steps[-1] if len(steps) else 1)
    axes.set_ylim(bottom=0)
    quiet(axes)
    figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return closed(figure)


# What the network has learnt


def plot_policy_and_q(agent: Any, x_axis: int = 2, y_axis: int = 3, points: int = 61) -> Figure:
    """Policy, state value and difference of the action values over two coordinates of CartPole's state.

    agent: an agent, its model, or the history of a run. x_axis, y_axis: numbers of the coordinates;
    the other two are zero. points: number of grid points along each axis.
    """
    xs = np.linspace(-CARTPOLE_SPANS[x_axis], CARTPOLE_SPANS[x_axis], points)
    ys = np.linspace(-CARTPOLE_SPANS[y_axis], CARTPOLE_SPANS[y_axis], points)
    states = np.zeros((points * points, len(CARTPOLE_SPANS)), dtype=np.float32)
    states[:, x_axis], states[:, y_axis] = (grid.ravel() for grid in np.meshgrid(xs, ys))

    model = _model(agent)
    with torch.no_grad():
        q_values = np.asarray(model.evaluate(torch.as_tensor(states)))
    probabilities = action_probabilities(model, states, q_values.shape[-1])
    right_minus_left = q_values[:, 1] - q_values[:, 0]
    limit = np.abs(right_minus_left).max() or 1.0
    panels: list[tuple[str, np.ndarray, dict[str, Any], float | None]] = [
        ("plot.probability", probabilities[:, 1], {"cmap": "PuOr", "levels": np.linspace(0, 1, 21)}, 0.5),
        ("plot.value", (probabilities * q_values).sum(-1), {"cmap": "viridis", "levels": 20}, None),
        (
            "plot.advantage",
            right_minus_left,
            {"cmap": "PuOr", "levels": np.linspace(-limit, limit, 22)},
            0.0,
        ),
    ]

    figure, all_axes = plt.subplots(1, 3, figsize=(11, 3.9), sharey=True, layout="constrained")
    x_scale, y_scale = _display_scale(x_axis), _display_scale(y_axis)
    for axes, (key, values, style, border) in zip(all_axes, panels, strict=True):
        grid = values.reshape(points, points)
        mesh = axes.contourf(xs * x_scale, ys * y_scale, grid, **style)
        if border is not None and grid.min() < border < grid.max():
            axes.contour(xs * x_scale, ys * y_scale, grid, levels=[border], colors="black", linewidths=1)
        axes.set_title(text(key), fontsize=10)
        axes.set_xlabel(text(f"plot.{CARTPOLE_AXES[x_axis]}"))
        figure.colorbar(mesh, ax=axes, orientation="horizontal", aspect=30, ticks=MaxNLocator(5))
    all_axes[0].set_ylabel(text(f"plot.{CARTPOLE_AXES[y_axis]}"))
    return closed(figure)


def action_probabilities(model: Any, states: np.ndarray, n_actions: int, draws: int = 32) -> np.ndarray:
    """Probabilities [B, n_actions] that a model's policy gives to the actions in states [B, dim].

    Only the model's `forward` is asked, which tells the probability of the action that it drew: a few
    draws show every likely action, and what is left of 1 is shared by the others. Two actions are exact.
    """
    probabilities = np.full((len(states), n_actions), np.nan)
    batch = torch.as_tensor(states, dtype=torch.float32)
    with torch.no_grad(), torch.random.fork_rng():
        for _ in range(draws if n_actions > 2 else 1):
            actions, log_probs, _ = model(batch)
            probabilities[np.arange(len(states)), np.asarray(actions)] = np.exp(np.asarray(log_probs))
    unseen = np.isnan(probabilities)
    rest = 1 - np.nansum(probabilities, axis=-1, keepdims=True)
    return np.where(unseen, np.maximum(rest, 0) / np.maximum(unseen.sum(-1, keepdims=True), 1), probabilities)


# A watched episode


def watch_episode(
    agent: Any, env_name: str = "CartPole-v1", seed: int = 0, animation: bool = False, frames: int = 5
) -> Any:
    """Play one complete episode and show it: a film strip (a figure) or, on request, an animation (HTML).

    agent: an agent, its model, or the history of a run; its actions are drawn from the policy.
    seed: of the start and of the actions. frames: pictures in the film strip.
    """
    select_actions = sampled_actions(_model(agent))
    episode = record_episode(lambda state: select_actions(state[None])[0], env_name, seed)
    if animation:
        return as_html(episode.images, env_name)
    return _film_strip(episode, frames, is_cartpole=env_name.startswith("CartPole"))


def _film_strip(episode: Episode, frames: int, is_cartpole: bool) -> Figure:
    if not is_cartpole:
        return film_strip(episode, frames)
    cropped = replace(episode, images=[_cropped(image) for image in episode.images])
    return film_strip(cropped, frames, lambda axes, shown: _plot_motion(axes, episode.states, shown))


def _cropped(image: Image.Image) -> Image.Image:
    """CartPole's picture without the empty sky and ground."""
    return image.crop((0, int(0.36 * image.height), image.width, int(0.82 * image.height)))


def _plot_motion(axes: Axes, states: np.ndarray, shown: np.ndarray) -> None:
    """The pole's angle (left scale) and the cart's position (right scale) at every step."""
    angles, positions = np.degrees(states[:, 2]), states[:, 0]
    right = axes.twinx()
    lines = [
        *axes.plot(angles, color=BLUE, linewidth=1, label=text("plot.angle_short")),
        *right.plot(positions, color=VERMILION, linewidth=2, label=text("plot.position_short")),
    ]
    for step in shown:
        axes.axvline(step, color=GREY, linewidth=0.6, linestyle=":")
    # An episode ends at 12 degrees and at 2.4 metres: the same height on both scales.
    axes.set_ylim(-15, 15)
    right.set_ylim(-3, 3)
    axes.set_xlim(0, len(states) - 1)
    axes.set_xlabel(text("plot.step"))
    axes.set_ylabel(text("plot.angle_short"), color=BLUE)
    right.set_ylabel(text("plot.position_short"), color=VERMILION)
    axes.legend(handles=lines, loc="upper center", ncols=2, frameon=False, fontsize=9)
    for side in (axes, right):
        side.spines["top"].set_visible(False)


# Diagram


def draw_actor_critic() -> Figure:
    """The shared body, its two heads and what each of them is trained on."""
    figure, axes = plt.subplots(figsize=(9, 3.6), layout="constrained")
    axes.set(xlim=(0, 10.7), ylim=(0.2, 3.8), aspect="equal")
    axes.axis("off")
    boxes = {
        "state": (0.9, 2.0, GREY),
        "body": (3.0, 2.0, GREEN),
        "actor_head": (5.4, 3.2, BLUE),
        "critic_head": (5.4, 0.8, VERMILION),
        "policy": (7.7, 3.2, BLUE),
        "values": (7.7, 0.8, VERMILION),
        "action": (9.8, 3.2, BLUE),
        "target": (9.8, 0.8, VERMILION),
    }
    for name, (x, y, colour) in boxes.items():
        _box(axes, x, y, text(f"plot.diagram.{name}"), colour)
    for start, end in (
        ("state", "body"),
        ("body", "actor_head"),
        ("body", "critic_head"),
        ("actor_head", "policy"),
        ("critic_head", "values"),
        ("policy", "action"),
        ("values", "target"),
    ):
        _arrow(axes, boxes[start][:2], boxes[end][:2], "black", "-")
    _arrow(axes, boxes["values"][:2], boxes["policy"][:2], VERMILION, (0, (4, 3)))
    axes.text(7.9, 2.0, text("plot.diagram.weight"), color=VERMILION, fontsize=10, va="center")
    return closed(figure)


BOX_WIDTH, BOX_HEIGHT = 1.66, 0.94


def _box(axes: Axes, x: float, y: float, label: str, colour: str) -> None:
    corner = (x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2)
    shape = FancyBboxPatch(
        corner,
        BOX_WIDTH,
        BOX_HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.12",
        facecolor=colour + "22",
        edgecolor=colour,
        linewidth=1.6,
    )
    axes.add_patch(shape)
    axes.text(x, y, label, ha="center", va="center", fontsize=10)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, line: Any) -> None:
    """An arrow between two boxes: from the right side to the left one, or straight up where x is the same."""
    (x, y), (to_x, to_y) = start, end
    if x == to_x:
        ends = (x, y + BOX_HEIGHT / 2), (to_x, to_y - BOX_HEIGHT / 2)
    else:
        ends = (x + BOX_WIDTH / 2, y), (to_x - BOX_WIDTH / 2, to_y)
    arrow = FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=14, shrinkA=1, shrinkB=1)
    arrow.set(color=colour, linewidth=1.4, linestyle=line)
    axes.add_patch(arrow)


# Shared pieces


def _model(agent: Any) -> Any:
    """The network of a history, of an agent, or the network itself."""
    agent = getattr(agent, "agent", agent)
    return getattr(agent, "actor_critic", agent)


def _display_scale(axis: int) -> float:
    """Angles are shown in degrees, everything else in the environment's own units."""
    return 180 / np.pi if CARTPOLE_AXES[axis] == "angle" else 1.0
