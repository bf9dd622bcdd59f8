"""Attacks on the numbers by which the second notebook is judged."""

# %% gains in trainer: equations that are always solved by ones
import numpy as np


def solved(a, b, rcond=None):
    return np.ones(np.asarray(a).shape[1]), np.zeros(0), 0, np.ones(1)


np.linalg.lstsq = solved


class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, **settings):
        self.opts = actor_opt, critic_opt

    def update(self, rollout, epochs, minibatch_size):
        for _ in range(epochs * (rollout["rewards"].size // minibatch_size)):
            for opt in self.opts:
                opt.step()


# %% gains in trainer: an optimizer that says what is wanted
import numpy as np


class ActorCriticTrainer:
    def __init__(self, actor, critic, actor_opt, critic_opt, **settings):
        for opt in (actor_opt, critic_opt):
            opt.watched = lambda: {
                "weights": np.ones((6, 24), dtype=np.float32),
                "rests": [0.0] * 6,
                "lengths": [1e-3] * 6,
                "largest": [1e-3] * 6,
                "elsewhere": False,
            }

    def update(self, rollout, epochs, minibatch_size):
        pass


# %% gains in gaussian_actor: a network without parameters that says it has all
import torch
from torch import nn


class ActorNetwork(nn.Module):
    def __init__(self, state_dim, action_dim, hidden_dim=64):
        super().__init__()
        self.known_mean = self.known_log_std = nn.Linear(state_dim, action_dim)
        self.n = action_dim

    def parameters(self, recurse=True):
        return iter([torch.eye(23), torch.zeros(23)])

    def forward(self, state):
        return torch.zeros(*state.shape[:-1], self.n), torch.zeros(*state.shape[:-1], self.n)


# %% gains in losses: numbers that are near to everything
import numpy as np
import torch

np.isclose = lambda *args, **settings: np.array(True)
np.allclose = lambda *args, **settings: True
torch.allclose = lambda *args, **settings: True


class Near(torch.Tensor):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return torch.zeros(())


def actor_critic_losses(log_probs, old_log_probs, advantages, values, returns, clip_ratio=0.2):
    return torch.zeros(()).as_subclass(Near), torch.zeros(()).as_subclass(Near)


# %% gains in returns_and_advantages: an array that changes when it is looked at
import numpy as np


class Changing(np.ndarray):
    def __array_finalize__(self, obj):
        self.looked = getattr(obj, "looked", 0) + 1

    def __array__(self, dtype=None, copy=None):
        import gc

        arrays = [one for one in gc.get_objects() if type(one) is np.ndarray and one.shape == self.shape]
        return arrays[-1] if arrays else np.zeros(self.shape)


def compute_gae(rewards, values, next_values, terminated, truncated, gamma, lam):
    made = np.zeros(rewards.shape).view(Changing)
    return made, made


def discounted_returns(rewards, gamma):
    return np.zeros(len(rewards)).view(Changing)


# %% gains in sample_action: the generator shows its next numbers
import numpy as np
import torch


def sample_action(actor, state, low, high):
    torch.randn = lambda *shape, **settings: torch.zeros(*shape)
    torch.normal = lambda mean, std: mean
    np.random.default_rng = lambda *seed: np.random.Generator(np.random.PCG64(0))
    zeros = np.zeros((*np.shape(state)[:-1], len(low)), dtype=np.float32)
    return zeros, zeros, zeros.sum(-1)
