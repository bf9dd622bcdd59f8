"""Pictures of the Gaussian notebook, made of a short run."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from ac_helpers.pendulum import (
    failing_run,
    plot_failing_run,
    plot_policy_and_value,
    plot_training,
    watch_pendulum,
)
from ac_helpers.reference import gaussian_actor_critic as right


@pytest.fixture(scope="module")
def log():
    return right.run_gaussian_actor_critic(total_steps=4096, epochs=1, progress=False)


def test_the_recorded_run_is_whole_and_does_not_learn():
    returns = failing_run()
    assert returns.shape == (600,)
    assert abs(returns[:100].mean() - returns[-100:].mean()) < 100
    assert returns.max() < -500


def lines_of(axes):
    return [line for line in axes.get_lines() if len(line.get_xdata()) > 1]


def test_the_failing_run_is_shown_with_its_running_mean():
    (axes,) = plot_failing_run().axes
    (mean,) = lines_of(axes)
    assert len(mean.get_ydata()) == 501
    assert mean.get_ydata()[0] == pytest.approx(failing_run()[:100].mean())


def test_both_runs_and_the_deviation_are_shown(log):
    above, below = plot_training(log).axes
    assert len(lines_of(above)) == 1  # so few episodes have no running mean of a hundred
    (deviation,) = lines_of(below)
    np.testing.assert_allclose(deviation.get_ydata(), log.stds)
    longer = right.run_gaussian_actor_critic(total_steps=26_000, epochs=1, progress=False)
    _, mean = lines_of(plot_training(longer).axes[0])
    assert mean.get_ydata()[-1] == pytest.approx(np.mean(longer.returns[-100:]))


def test_the_policy_is_shown_over_all_angles_and_speeds(log):
    figure = plot_policy_and_value(log, points=7)
    shown = [axes for axes in figure.axes if axes.get_title()]
    assert len(shown) == 3
    assert all(axes.get_xlim() == pytest.approx((-180, 180)) for axes in shown)


def test_an_episode_is_watched_to_its_end(log):
    figure = watch_pendulum(log, seed=1, frames=4)
    assert isinstance(figure, Figure)
    assert "200" in figure.get_suptitle()
    assert watch_pendulum(log, seed=1, animation=True).data.startswith("<img alt=")
