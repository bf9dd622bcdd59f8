"""How large the samples are, read from the questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ac_helpers import reference
from ac_helpers.asking import actor_critic_model as model_asked
from ac_helpers.asking import agent_learns as learning_asked
from ac_helpers.asking import sample_batch as batches_asked
from ac_helpers.asking import td_loss as td_loss_asked
from ac_helpers.asking import update_actor as actor_asked
from ac_helpers.asking import update_critic as critic_asked
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.probes import test_actor_critic_model as model
from ac_helpers.probes import test_agent_act as acting
from ac_helpers.probes import test_agent_learns as learning
from ac_helpers.probes import test_eps_greedy as eps_greedy
from ac_helpers.probes import test_sample_batch as batches
from ac_helpers.probes import test_td_loss as td_loss
from ac_helpers.probes import test_update_actor as actor
from ac_helpers.probes import test_update_critic as critic
from ac_helpers.probes.rules import FALSE_ALARM
from ac_helpers.probes.spec import Probe
from bench.statistics.networks import samples
from bench.statistics.questions import ASSIGNMENT, drawn, question_data
from bench.statistics.shares import NOISE, counted_tests


@dataclass(frozen=True)
class Sampled:
    """What one question, or several that are alike, take as a sample.

    Attributes:
        question: the test cell and the question.
        sample: how much is drawn, built or asked.
        threshold: the p-value below which one outcome is rejected, None for no test at a level.
    """

    question: str
    sample: str
    threshold: float | None = None


def all_samples() -> Iterator[Sampled]:
    """The samples of all questions whose answer involves chance, in the order of the notebook."""
    yield from _of_actions()
    yield from _of_batches()
    yield from _of_model()
    yield from _of_agent()
    yield from _of_noise()


def _name(probe: Probe, *questions: str) -> str:
    return f"{probe.id}: {', '.join(questions)}"


def _range(numbers: set[int]) -> str:
    return f"{min(numbers)} to {max(numbers)}"


def _of_actions() -> Iterator[Sampled]:
    probe = eps_greedy.PROBE
    data = question_data(probe.id, "greedy")
    states, forms = len(data["states"]) // eps_greedy.ROUNDS, len(data["kinds"])
    yield Sampled(
        _name(probe, "greedy"), f"{eps_greedy.ROUNDS} rounds of {states} states in {forms} forms each"
    )
    for test in {(t.question, t.n): t for t in counted_tests() if t.test == probe.id}.values():
        n_actions = len(question_data(probe.id, test.question)["weights"])
        sample = f"{n_actions} actions, {test.n} draws and {test.reference} of the reference ({test.outcome})"
        yield Sampled(_name(probe, test.question), sample, test.threshold)


def _of_batches() -> Iterator[Sampled]:
    probe = batches.PROBE
    sizes = _range({data["n_samples"] for data in drawn(probe.id, "uniform", 100)})
    yield Sampled(_name(probe, "batch"), f"{batches_asked.BATCHES} batches of {sizes}")
    (test, *_) = (t for t in counted_tests() if t.test == probe.id)
    of_reference = test.reference * test.batches // test.n
    sample = f"{test.batches} batches of {sizes} out of {test.outcomes} and {of_reference} of the reference"
    yield Sampled(_name(probe, "uniform"), sample, test.threshold)


def _of_model() -> Iterator[Sampled]:
    probe, names = model.PROBE, reference.names(ASSIGNMENT)
    for question, threshold in (("policy", FALSE_ALARM), ("shared_body", None)):
        data = question_data(probe.id, question)
        found = samples(question, names, data)
        if threshold is not None:
            threshold /= len(data["states"]) * data["n_actions"]
        shapes = Counter((sample.draws, len(sample.policy)) for sample in found)
        times = (
            f"{'' if n == 1 else f'{n} times '}{draws} draws in {states} state{'' if states == 1 else 's'}"
            for (draws, states), n in shapes.items()
        )
        yield Sampled(_name(probe, question), "; ".join(times), threshold)
    pairs = question_data(probe.id, "hidden_layers")["pairs"].shape[1]
    sizes = 2 * len(model.GROWTH)
    sample = f"{model_asked.BUILT} networks of each of {sizes} sizes, {pairs} pairs of states"
    yield Sampled(_name(probe, "hidden_layers"), sample)
    data = question_data(probe.id, "critic_range")
    heads = data["draws"] * model_asked.BUILT
    sample = f"{heads} heads with weights of {data['scale']:g} and of {data['times']:g} times as much"
    yield Sampled(_name(probe, "critic_range"), sample)


def _of_agent() -> Iterator[Sampled]:
    data = question_data(acting.PROBE.id, "policy")
    states = len(data["states"])
    sample, tests = f"{data['draws']} draws in {states} states", states * acting.N_ACTIONS
    yield Sampled(_name(acting.PROBE, "policy"), sample, FALSE_ALARM / tests)
    sample = f"{td_loss_asked.TIMES} calls with {td_loss.BATCH} transitions"
    yield Sampled(_name(td_loss.PROBE, *(question.id for question in td_loss.PROBE.questions)), sample)
    yield _by_results()
    for question in actor.PROBE.questions:
        steps = len(question_data(actor.PROBE.id, question.id)["states"])
        sample = f"up to {actor_asked.PATIENCE * steps} draws for {steps} steps"
        yield Sampled(_name(actor.PROBE, question.id), sample)
    rates = len(learning.LEARNING_RATES)
    sample = f"up to {learning_asked.RUNS} runs with each of {rates} learning rates"
    yield Sampled(_name(learning.PROBE, "learns"), sample)


def _of_noise() -> Iterator[Sampled]:
    probe = probe_by_id(NOISE)
    for test in (test for test in counted_tests() if test.test == NOISE):
        sample = f"{test.n} draws and {test.reference} of the reference or more ({test.outcome})"
        yield Sampled(_name(probe, test.question), sample, test.threshold)


def _by_results() -> Sampled:
    found = list(drawn(critic.PROBE.id, "batches", 100))
    sizes, updates = ({data[name] for data in found} for name in ("batch_size", "n_updates"))
    sample = (
        f"if asked by results {critic_asked.CALLS + 1} losses of {_range(updates)} batches of {_range(sizes)}"
    )
    return Sampled(_name(critic.PROBE, "batches", "batch_size", "loss"), sample)
