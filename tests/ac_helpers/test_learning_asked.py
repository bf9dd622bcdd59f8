"""How long an agent that does not learn is tried."""

import pytest

from ac_helpers.asking.agent_learns import ask_attempts
from ac_helpers.probes import probe
from ac_helpers.probes.putting import PUBLIC_SEED, draw
from ac_helpers.probes.test_agent_learns import LEARNING_RATES
from tests.ac_helpers.asked import REFERENCE

Agent = REFERENCE["ActorCriticAgent"]


class NeverSteps(Agent):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.opt.step = lambda: None


class Climbs(Agent):
    def update_actor(self):
        return -super().update_actor()


class Raises(Agent):
    def update_actor(self):
        raise ArithmeticError


@pytest.fixture(scope="module")
def question():
    learns = probe("test_agent_learns")
    return draw(learns, learns.questions[0], PUBLIC_SEED) | {"patience": 2, "updates": 4}


@pytest.mark.parametrize(("agent", "turns"), [(NeverSteps, 1), (Climbs, 2)])
def test_a_network_that_never_moves_is_given_up_after_the_first_turn(question, agent, turns):
    answer = ask_attempts({**REFERENCE, "ActorCriticAgent": agent}, question)
    assert [len(runs) for runs in answer["exams"]] == [turns] * len(LEARNING_RATES)


def test_what_raises_with_every_learning_rate_is_told(question):
    with pytest.raises(ArithmeticError):
        ask_attempts({**REFERENCE, "ActorCriticAgent": Raises}, question)
