"""How long an agent that does not learn is tried."""

import numpy as np
import pytest
import torch

from ac_helpers.asking.agent_learns import LAST, NOTHING_LEARNT, ask_attempts
from ac_helpers.asking.heads import PARTS
from ac_helpers.overlay import overlaid
from ac_helpers.probes import probe
from ac_helpers.probes.putting import PUBLIC_SEED, draw
from ac_helpers.probes.test_agent_learns import LEARNING_RATES, PATIENCE, describe_attempts, elsewhere
from ac_helpers.standing_in import around
from tests.ac_helpers.asked import REFERENCE

Agent = REFERENCE["ActorCriticAgent"]


class NeverSteps(Agent):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.opt.step = lambda: None


class Climbs(Agent):
    def update_actor(self):
        return -super().update_actor()


class IgnoresTheCritic(Agent):
    def update_critic(self, *sizes, **options):
        return 0 * super().update_critic(*sizes, **options)


class Raises(Agent):
    def update_actor(self):
        raise ArithmeticError


@pytest.fixture(scope="module")
def question():
    learns = probe("test_agent_learns")
    return draw(learns, learns.questions[0], PUBLIC_SEED) | {"patience": 2, "updates": 4}


@pytest.mark.parametrize(
    ("agent", "still", "turns"),
    [
        (NeverSteps, [*PARTS], 1),
        (IgnoresTheCritic, ["critic_head"], 2),
        (Climbs, [], 2),
    ],
)
def test_a_network_that_never_moves_is_given_up_after_the_first_turn(question, agent, still, turns):
    answer = ask_attempts({**REFERENCE, "ActorCriticAgent": agent}, question)
    assert answer["still"] == still
    assert [len(runs) for runs in answer["exams"]] == [turns] * len(LEARNING_RATES)


def test_a_part_that_rests_costs_nobody_who_learns_in_the_end(question):
    right = [np.repeat(actions[:, None], LAST, axis=1) for actions in question["right_actions"][0][1:3]]
    failed = [[NOTHING_LEARNT] for _ in LEARNING_RATES]
    quiet = {"waits_for_the_rollout": True, "forgets_the_rollout": True, "frozen": []}
    answer = quiet | {"still": ["net"], "exams": failed}
    assert describe_attempts(question, answer)["still"] == ["net"]
    learnt = describe_attempts(question, answer | {"exams": [failed[0] + right, *failed[1:]]})
    assert learnt == quiet | {"still": [], "learns": True}


def test_a_last_chance_is_for_who_does_nothing_wrong_and_hardly_learns(question):
    assert elsewhere(question, {"still": [], "frozen": []})["patience"] < PATIENCE
    assert elsewhere(question, {"still": ["critic_head"], "frozen": []}) is None
    assert elsewhere(question, {"still": [], "frozen": ["critic_head"]}) is None
    assert elsewhere(question, {"raised": {"type": "ValueError"}}) is None


class FarAway(Agent):
    """Its baseline is right, as any constant is, and so large that luck decides what it learns."""

    def update_actor(self):
        log_probs, q_values = map(torch.stack, (self.actor_batch.logprobs, self.actor_batch.q_values))
        return -(log_probs * (q_values - 100)).mean()


class OwnName(Agent):
    """Keeps something of its own for its own update."""

    def __init__(self, *arguments, **options):
        Agent.__init__(self, *arguments, **options)
        self.waits = self.update_actor

    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        assert self.waits == self.update_actor
        return Agent.update(self, rollout_size, critic_batch_size, critic_updates_per_actor)


class TurnedOptimizer(Agent):
    def __init__(self, *arguments, **options):
        Agent.__init__(self, *arguments, **options)
        self.opt.param_groups[0]["maximize"] = True


class Subtracts(Agent):
    def update(self, rollout_size, critic_batch_size, critic_updates_per_actor):
        if len(self.actor_batch.logprobs) < rollout_size:
            return
        loss = self.update_actor() - self.update_critic(critic_batch_size, critic_updates_per_actor)
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.actor_batch.clear()


@pytest.mark.parametrize(
    ("agent", "learns"), [(FarAway, True), (OwnName, True), (TurnedOptimizer, False), (Subtracts, False)]
)
def test_the_last_chance_leaves_what_no_other_cell_judges_to_the_student(agent, learns):
    """Right versions stand for what other cells have found right, not for `__init__` and `update`."""
    learns_alone = probe("test_agent_learns")
    question = draw(learns_alone, learns_alone.questions[0], PUBLIC_SEED) | {"patience": 1, "runs": 2}
    names = {**REFERENCE, "ActorCriticAgent": agent}
    with overlaid(names, around(learns_alone, "__init__")):
        answer = ask_attempts(names, question)
    assert describe_attempts(question, answer)["learns"] == learns


def test_what_raises_with_every_learning_rate_is_told(question):
    with pytest.raises(ArithmeticError):
        ask_attempts({**REFERENCE, "ActorCriticAgent": Raises}, question)
