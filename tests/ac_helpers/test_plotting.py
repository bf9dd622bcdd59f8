"""The pictures: what they show is read off the figures, with no display."""

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from ac_helpers.plotting import (
    action_probabilities,
    draw_actor_critic,
    plot_learning_curve,
    plot_policy_and_q,
    watch_episode,
)
from ac_helpers.reference import actor_critic
from ac_helpers.training import History


@pytest.fixture
def agent():
    torch.manual_seed(0)
    return actor_critic.ActorCriticAgent(4, 2, (16,), 1e-3, 0.99, 100)


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(lambda item: hasattr(item, "get_text")))


def test_the_learning_curve_shows_the_running_mean():
    history = History(steps=[500] * 5 + [1000] * 5, returns=[*range(10, 60, 10), *range(100, 150, 10)])
    figure = plot_learning_curve(history, window=5, goal=100)
    drawn = [line.get_ydata()[-1] for line in figure.axes[0].lines if len(line.get_ydata())]
    assert np.mean(history.returns[-5:]) in drawn
    assert "100" in words(figure)


def test_a_curve_without_evaluations_is_drawn_all_the_same():
    assert isinstance(plot_learning_curve(History()), Figure)


def test_probabilities_come_from_forward_alone(agent):
    states = torch.randn(7, 4)
    wanted = agent.actor_critic.actor_head(agent.actor_critic.net(states)).softmax(-1).detach().numpy()
    found = action_probabilities(agent.actor_critic, states.numpy(), 2, draws=64)
    assert np.allclose(found, wanted, atol=1e-4)


def test_policy_and_values_have_a_panel_each(agent):
    figure = plot_policy_and_q(agent)
    titled = [axes for axes in figure.axes if axes.get_title()]
    assert len(titled) == 3
    assert {axes.get_xlabel() for axes in titled} == {"угол стержня, градусы"}


def test_a_watched_episode_is_complete_and_needs_no_display(agent, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    figure = watch_episode(agent, seed=1)
    assert isinstance(figure, Figure)
    assert "Отдача" in words(figure)


def test_the_animation_is_small(agent):
    shown = watch_episode(agent, seed=1, animation=True)
    assert len(shown.data) < 1_000_000


def test_the_diagram_names_body_and_heads():
    drawn = words(draw_actor_critic())
    assert all(name in drawn for name in ("net", "actor_head", "critic_head"))
