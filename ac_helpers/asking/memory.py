"""What an agent has noted of its steps, so that a step can be taken back.

An agent keeps its rollout in `actor_batch` and may keep more beside it: lists, counters, a running loss.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import torch
from torch import nn

_LEARNT = (nn.Module, torch.optim.Optimizer, torch.Tensor, np.ndarray)


class Memory:
    """The containers that belong to an agent or its rollout, each with what it holds now.

    These are their attributes, and the lists, deques and dictionaries among them; never the network.
    """

    def __init__(self, agent: Any) -> None:
        self._held: list[tuple[Any, Any]] = []
        seen: set[int] = set()
        batch = agent.actor_batch
        columns = [getattr(batch, name, None) for name in ("logprobs", "q_values", "states", "actions")]
        pending: list[Any] = [agent, batch, *columns]
        while pending:
            found = pending.pop()
            if id(found) in seen or isinstance(found, _LEARNT):
                continue
            seen.add(id(found))
            if isinstance(found, dict):
                self._held.append((found, dict(found)))
                pending += found.values()
            elif isinstance(found, list | deque):
                self._held.append((found, list(found)))
            elif isinstance(getattr(found, "__dict__", None), dict) and not isinstance(found, type):
                pending.append(found.__dict__)

    def restore(self) -> None:
        """Puts back into every container what it held."""
        for container, held in self._held:
            container.clear()
            if isinstance(container, dict):
                container.update(held)
            else:
                container.extend(held)
