"""A complete episode, recorded and shown: as a film strip or as an animation."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from ac_helpers.figures import closed
from ac_helpers.messages import text


@dataclass(frozen=True)
class Episode:
    """What happened in an episode of T steps.

    images:  of T + 1 states
    states:  [T + 1, state_dim]
    actions: the T actions as the environment got them
    rewards: [T]
    """

    images: list[Image.Image]
    states: np.ndarray
    actions: list[Any]
    rewards: np.ndarray


def record_episode(select_action: Callable[[np.ndarray], Any], env_name: str, seed: int) -> Episode:
    """Plays one episode to its end, terminated or truncated, and keeps everything.

    Args:
        select_action: gives the environment's action for a state [state_dim].
        env_name: the environment's id.
        seed: of the start and of torch's random numbers, which are put back afterwards.
    """
    with _no_display(), torch.random.fork_rng(), gym.make(env_name, render_mode="rgb_array") as env:
        torch.manual_seed(seed)
        state, _ = env.reset(seed=seed)
        images, states, actions, rewards = [_picture(env)], [state], [], []
        done = False
        while not done:
            actions.append(select_action(state))
            state, reward, terminated, truncated, _ = env.step(actions[-1])
            images.append(_picture(env))
            states.append(state)
            rewards.append(float(reward))
            done = terminated or truncated
    return Episode(images, np.array(states), actions, np.array(rewards))


@contextmanager
def _no_display() -> Iterator[None]:
    """Keep pygame, which draws the pictures, from looking for a display that a server does not have."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SDL_VIDEODRIVER"]
        else:
            os.environ["SDL_VIDEODRIVER"] = before


def _picture(env: gym.Env) -> Image.Image:
    """The current frame at half size: 500 of them are kept at once."""
    return Image.fromarray(np.asarray(env.render())).reduce(2)


def film_strip(
    episode: Episode, frames: int, plot_motion: Callable[[Axes, np.ndarray], None] | None = None
) -> Figure:
    """Some pictures of an episode side by side.

    Args:
        episode: what was recorded.
        frames: how many pictures.
        plot_motion: draws what happened in between into axes below; it gets the steps that are shown.
    """
    steps = len(episode.rewards)
    shown = np.unique(np.linspace(0, steps, frames).round().astype(int))
    rows = 1 if plot_motion is None else 2
    figure = plt.figure(figsize=(10, 2 * rows), layout="constrained")
    grid = figure.add_gridspec(rows, len(shown), height_ratios=[1, 1.8][:rows])
    for column, step in enumerate(shown):
        axes = figure.add_subplot(grid[0, column])
        axes.imshow(episode.images[step])
        axes.set_title(text("plot.frame", step=step), fontsize=9)
        axes.set(xticks=[], yticks=[])
    if plot_motion is not None:
        plot_motion(figure.add_subplot(grid[1, :]), shown)
    title = text("plot.episode_title", total=round(float(episode.rewards.sum())), steps=steps)
    figure.suptitle(title, fontsize=11)
    return closed(figure)


def as_html(images: list[Image.Image], alt: str, max_frames: int = 100) -> Any:
    """An endlessly repeated GIF of at most max_frames pictures, inside the page itself."""
    from IPython.display import HTML

    stride = -(-len(images) // max_frames)
    small = [image.convert("P", palette=Image.Palette.ADAPTIVE, colors=16) for image in images[::stride]]
    file = io.BytesIO()
    # Browsers play frames shorter than 20 ms slowly, so a step of the environment (20 ms) is the least.
    small[0].save(file, "GIF", save_all=True, append_images=small[1:], duration=20 * stride, loop=0)
    encoded = base64.b64encode(file.getvalue()).decode()
    return HTML(f'<img alt="{alt}" src="data:image/gif;base64,{encoded}">')
