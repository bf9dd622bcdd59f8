"""The steps of `test_update_actor`, taken by agents that go by a script and by those that do not."""

import numpy as np
import pytest
import torch

from ac_helpers import reference
from ac_helpers.asking import update_actor as asked
from ac_helpers.asking.agents import known_agent
from ac_helpers.asking.plain import array
from ac_helpers.probes import probe
from ac_helpers.probes.putting import draw

REFERENCE = reference.names("actor_critic")
PROBE = probe("test_update_actor")


class SamplesByItself(REFERENCE["ActorCriticAgent"]):
    def act(self, state):
        state = torch.as_tensor(state)
        logits = self.actor_critic.actor_head(self.actor_critic.net(state))
        q_values = self.actor_critic.evaluate(state)
        policy = torch.distributions.Categorical(logits=logits)
        action = policy.sample()
        self.actor_batch.append(policy.log_prob(action), q_values[action].detach(), state, action)
        return action.item()


class AlwaysTheFirst(SamplesByItself):
    def act(self, state):
        super().act(state)
        self.actor_batch.actions[-1] = torch.tensor(0)
        return 0


def filled(agent_class, question):
    names = {**REFERENCE, "ActorCriticAgent": agent_class}
    agent = known_agent(names, question, question["states"], question["script"])
    asked._act(agent, question)
    return agent.actor_batch


@pytest.mark.parametrize("question", PROBE.questions, ids=lambda question: question.id)
@pytest.mark.parametrize("agent_class", [REFERENCE["ActorCriticAgent"], SamplesByItself])
def test_all_steps_are_taken_in_their_order(question, agent_class):
    data = draw(PROBE, question, 1)
    batch = filled(agent_class, data)
    assert [int(action) for action in batch.actions] == data["actions"].tolist()
    assert np.array_equal([array(state) for state in batch.states], data["states"])
    assert len(batch.logprobs) == len(batch.q_values) == len(data["actions"])


def test_steps_that_do_not_come_are_taken_as_they_are(monkeypatch):
    monkeypatch.setattr(asked, "PATIENCE", 2)
    data = draw(PROBE, PROBE.question("skewed"), 1)
    batch = filled(AlwaysTheFirst, data)
    assert [int(action) for action in batch.actions] == [0] * len(data["actions"])
    assert np.array_equal([array(state) for state in batch.states], data["states"])
