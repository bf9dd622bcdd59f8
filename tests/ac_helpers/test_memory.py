"""A step that is taken back leaves nothing behind, wherever an agent notes its steps."""

from collections import deque
from types import SimpleNamespace

import torch
from torch import nn

from ac_helpers.asking.memory import Memory


class SlottedBatch:
    __slots__ = ("actions", "logprobs", "q_values", "states")

    def __init__(self):
        for name in self.__slots__:
            setattr(self, name, [])


def agent_with(batch, **more):
    return SimpleNamespace(actor_batch=batch, actor_critic=nn.Linear(1, 1), **more)


def test_lists_counters_and_sums_are_as_they_were():
    agent = agent_with(
        SimpleNamespace(logprobs=[1.0], steps=1), trace={"count": 1}, seen=deque([3]), loss=0.5
    )
    before = Memory(agent)
    agent.actor_batch.logprobs.append(2.0)
    agent.actor_batch.steps += 1
    agent.trace["count"] += 1
    agent.seen.append(4)
    agent.loss += 1
    agent.extra = "new"
    before.restore()
    assert vars(agent.actor_batch) == {"logprobs": [1.0], "steps": 1}
    assert (agent.trace, list(agent.seen), agent.loss) == ({"count": 1}, [3], 0.5)
    assert not hasattr(agent, "extra")


def test_columns_of_a_batch_with_slots_are_found():
    agent = agent_with(SlottedBatch())
    before = Memory(agent)
    agent.actor_batch.logprobs.append(1.0)
    before.restore()
    assert agent.actor_batch.logprobs == []


def test_the_network_is_left_alone():
    agent = agent_with(SimpleNamespace(logprobs=[]))
    before = Memory(agent)
    with torch.no_grad():
        agent.actor_critic.weight.fill_(7.0)
    before.restore()
    assert agent.actor_critic.weight.item() == 7.0
