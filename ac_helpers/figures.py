"""What all pictures share: colours, quiet axes, and that a figure is shown once.

Colours are those of Okabe and Ito, which colour-blind readers tell apart.
"""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#7F7F7F"


def quiet(axes: Axes) -> None:
    """Leaves the frame away at the top and on the right, and adds a faint grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def closed(figure: Figure) -> Figure:
    """The figure, which a notebook cell shows only because the cell ends in it."""
    plt.close(figure)
    return figure
