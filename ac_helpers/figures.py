"""What all pictures share: colours, quiet axes, and that a figure is shown once.

Colours are those of Okabe and Ito, which colour-blind readers tell apart.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#7F7F7F"


def running_mean(steps: np.ndarray, values: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Steps and means of the last `window` values, one for each step; nothing if there are too few."""
    if len(values) < window:
        return np.zeros(0), np.zeros(0)
    means = np.convolve(values, np.ones(window) / window, mode="valid")
    is_last = np.append(np.diff(steps) > 0, True)[window - 1 :]
    return steps[window - 1 :][is_last], means[is_last]


def quiet(axes: Axes) -> None:
    """Leaves the frame away at the top and on the right, and adds a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def closed(figure: Figure) -> Figure:
    """The figure, which a notebook cell shows only because the cell ends in it."""
    plt.close(figure)
    return figure
