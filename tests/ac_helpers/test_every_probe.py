"""Every probe against right versions of every style and all known mistakes."""

import re
import zlib
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from ac_helpers import reference
from ac_helpers.asking.update_actor import ACT, SECONDS_FOR_ONE_ACTION
from ac_helpers.judging import earned
from ac_helpers.probes import ASSIGNMENTS, assignment_of, probe, probes
from ac_helpers.probes.putting import PUBLIC_SEED, answer
from ac_helpers.probes.test_returns_and_advantages import make_episode, make_mixed
from ac_helpers.probes.trainer.advantages import OTHER_GAMMAS
from autograder.assignment import Course
from autograder.examiner import examiner
from autograder.grade_one import SECONDS_AFTER_A_TIMEOUT
from tests.ac_helpers.asked import REFERENCE, judged_by, outcomes_of, right_names, wrong
from tests.submissions.corpus import cells_of, names_of, solved_cells, versions

PROBES = [probe for assignment in ASSIGNMENTS for probe in probes(assignment)]
SEEDS = (PUBLIC_SEED, 1, 2**62 + 17)
RIGHT = [(name, version) for name in ASSIGNMENTS for version in versions(name) if version.right]


def _share(version):
    """A number from 0 to 7 that no new version of the corpus shifts."""
    return zlib.crc32(str(version).encode()) % 8


RIGHT_AND_SEED = [
    pytest.param(
        assignment,
        version,
        seed,
        id=f"{version}-{seed}",
        # An eighth is asked at once, all in the slow suite, and another eighth with another seed.
        marks=() if seed == PUBLIC_SEED and _share(version) == 1 else pytest.mark.slow,
    )
    for assignment, version in RIGHT
    for seed in (PUBLIC_SEED, 1)
    if seed == PUBLIC_SEED or _share(version) == 2
]
ENOUGH_VERSIONS = {"actor_critic": 12}
MISTAKES = [(probe, mistake) for probe in PROBES for mistake in reference.known_mistakes(probe.id)]
ASKED_MISTAKES = [
    pytest.param(
        probe,
        mistake,
        seed,
        id=f"{probe.id}: {mistake.variant}-{seed}",
        marks=() if seed == PUBLIC_SEED and mistake.is_first else pytest.mark.slow,
    )
    for probe, mistake in MISTAKES
    for seed in (PUBLIC_SEED, 1)
    if seed == PUBLIC_SEED or mistake.is_first
]

IDS_OF_THE_CONTRACT = {
    "actor_critic": """
wrong_dtype tensor_not_passed_through symlog_no_sign symlog_log_of_x symlog_base symexp_not_inverse
epsilon_inverted always_greedy always_random explores_without_greedy argmin last_action_never not_int
first_or_last_n fields_misaligned same_transition wrong_field_order wrong_count buffer_mutated
greedy_forward prob_not_log log_prob_of_other_action q_not_selected body_not_shared no_nonlinearity
hidden_dims_ignored softmax_wrong_axis critic_scalar critic_bounded single_state_fails
optimizer_missing_params lr_ignored q_not_detached log_prob_detached act_not_stored replay_order
replay_unbounded target_not_detached terminated_not_masked terminated_inverted gamma_missing max_target
sampled_target td_broadcast q_of_wrong_action reward_missing critic_updates_ignored
critic_batch_size_ignored critic_small_buffer critic_returns_none actor_loss_sign actor_q_not_detached
actor_no_log actor_ignores_q actor_only_last_step
""",
    "gaussian_actor_critic": """
log_std_not_clamped log_std_wrong_bounds log_std_state_independent mean_not_bounded mean_wrong_scale
mean_not_tanh init_not_orthogonal bias_not_zero std_returned wrong_shape critic_shape critic_ignores_state
std_without_exp std_as_variance log_prob_not_summed log_prob_mean log_prob_summed_over_batch
log_prob_of_clipped_action graph_kept env_action_not_clipped clip_wrong_bounds action_clipped greedy_action
returns_forward off_by_one input_mutated lambda_missing bootstrap_through_termination
no_bootstrap_through_truncation episode_not_cut next_reward returns_without_value columns_mixed
advantages_normalised ratio_inverted ratio_without_exp clip_wrong_side max_instead_of_min no_clip
clipped_only clip_ratio_ignored old_log_probs_ignored old_log_probs_with_gradient advantages_with_gradient
returns_with_gradient loss_broadcast critic_abs_error sum_not_mean loss_not_reduced optimizers_exchanged
actor_not_stepped critic_not_stepped zero_grad_missing gradients_not_clipped one_net_clipped
max_grad_norm_ignored clip_by_value epochs_ignored minibatch_size_ignored minibatches_overlap same_minibatch
minibatches_incomplete gae_not_used gamma_ignored lam_ignored samples_misaligned
""",
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_the_reference_gets_everything(probe, seed):
    outcomes = outcomes_of(probe, right_names(probe), seed)
    assert wrong(outcomes) == []
    assert earned(probe, outcomes) == probe.points


@pytest.fixture(scope="module")
def released():
    return Course.find(Path(__file__).parents[2]).assignment


@pytest.mark.parametrize(("assignment", "version", "seed"), RIGHT_AND_SEED)
def test_every_right_version_gets_everything(released, assignment, version, seed):
    released = released(assignment)
    solved = solved_cells(released)
    cells = cells_of(version.code, solved)
    changed = {cell for cell in cells if cells[cell] != solved[cell]}
    names = names_of(released, cells)
    concerned = [
        probe for probe in probes(assignment) if probe.solution in changed and probe.id != "test_agent_learns"
    ]
    found = {probe.id: wrong(outcomes_of(probe, names, seed)) for probe in concerned}
    assert concerned
    assert not any(found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("version", [one for _, one in RIGHT if one.file == "whole_agents"], ids=str)
def test_every_right_agent_learns(released, version):
    released = released("actor_critic")
    names = names_of(released, cells_of(version.code, solved_cells(released)))
    assert not wrong(outcomes_of(probe("test_agent_learns"), names, PUBLIC_SEED))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_cell_has_many_right_versions(assignment):
    names = [name for probe in probes(assignment) for name in probe.functions]
    right = [version for name, version in RIGHT if name == assignment]
    defined = Counter(name for version in right for name in names if defines(version.code, name))
    assert all(defined[name] >= ENOUGH_VERSIONS.get(assignment, 10) for name in names), defined


def defines(code, name):
    return re.search(rf"\b(def|class) {name}\b", code)


@pytest.mark.parametrize(("probe", "mistake", "seed"), ASKED_MISTAKES)
def test_every_mistake_loses_and_is_named(probe, mistake, seed):
    names = {**right_names(probe), mistake.name: mistake.value}
    outcomes = outcomes_of(probe, names, seed, random_seed=777)
    assert earned(probe, outcomes) < probe.points
    assert {outcome.mistakes for outcome in outcomes if not outcome.passed} == {(mistake.id,)}


@pytest.mark.parametrize(
    "test_id", ["test_agent_act", "test_td_loss", "test_update_critic", "test_update_actor"]
)
def test_a_mistake_in_one_method_of_the_agent_costs_no_other(test_id):
    others = [probe for probe in PROBES if probe.solution == "actor_critic_agent" and probe.id != test_id]
    others = [probe for probe in others if probe.id != "test_agent_learns"]
    for mistake in reference.known_mistakes(test_id):
        names = {**REFERENCE, mistake.name: mistake.value}
        found = {probe.id: wrong(outcomes_of(probe, names, PUBLIC_SEED)) for probe in others}
        assert not any(found.values()), (mistake.variant, found)


def test_methods_that_are_not_written_cost_no_other():
    def not_written(self, *args, **kwargs):
        raise NotImplementedError

    methods = {
        "__init__": {"test_agent_act"},
        "act": {"test_agent_act"},
        "append_to_replay_buffer": {"test_agent_act"},
        "compute_td_loss": {"test_td_loss"},
        "update_critic": {"test_update_critic"},
        "update_actor": {"test_update_actor"},
    }
    probes_of_agent = [probe for probe in PROBES if probe.solution == "actor_critic_agent"]
    for method, expected in methods.items():
        agent = type("ActorCriticAgent", (REFERENCE["ActorCriticAgent"],), {method: not_written})
        names = {**REFERENCE, "ActorCriticAgent": agent}
        found = {probe.id for probe in probes_of_agent if wrong(outcomes_of(probe, names, PUBLIC_SEED))}
        assert found - {"test_agent_learns"} == expected, method


def test_flags_that_are_not_there_are_not_called_inverted():
    def sample_batch(replay_buffer, n_samples):
        return REFERENCE["sample_batch"](replay_buffer, n_samples)[:3]

    found = outcomes_of(probe("test_sample_batch"), {**REFERENCE, "sample_batch": sample_batch}, PUBLIC_SEED)
    assert [outcome.mistakes for outcome in found if not outcome.passed] == [("wrong_field_count",)]


def test_of_steps_that_are_not_stored_nothing_else_is_said():
    class EverySecondStep(REFERENCE["ActorCriticAgent"]):
        steps = 0

        def act(self, state):
            action, self.steps = super().act(state), self.steps + 1
            if self.steps % 2:
                for column in vars(self.actor_batch).values():
                    column.pop()
            return action

    acting = probe("test_agent_act")
    found = outcomes_of(acting, {**REFERENCE, "ActorCriticAgent": EverySecondStep}, PUBLIC_SEED)
    assert [outcome.mistakes for outcome in found if not outcome.passed] == [("act_not_stored",)]


@pytest.mark.parametrize(
    "variant",
    [
        "log_prob_detached",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("actor_loss_sign", "actor_ignores_q")),
    ],
)
def test_an_agent_that_cannot_learn_does_not_pass_for_one_that_does(variant):
    (mistake,) = (m for m in reference.known_mistakes("test_update_actor") if m.variant == variant)
    learns = probe("test_agent_learns")
    outcomes = outcomes_of(learns, {**REFERENCE, mistake.name: mistake.value}, PUBLIC_SEED)
    assert earned(learns, outcomes) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("assignment", "style", "test_id", "seeds"),
    [
        ("actor_critic", "so small a temperature that the best", "test_actor_critic_model", (501, 510)),
        ("actor_critic", "normal noise is compared with epsilon", "test_eps_greedy", (201, 202)),
        ("actor_critic", "median of the losses", "test_update_critic", (981, 982)),
        ("actor_critic", "percent compared with a share", "test_eps_greedy", (501, 503)),
        ("actor_critic", "normal indices around the middle", "test_sample_batch", (201, 202)),
        ("actor_critic", "shortcuts to the parts of the model, discount", "test_td_loss", (201, 203)),
        ("actor_critic", "Categorical sample of the next action, SARSA style", "test_td_loss", (401, 402)),
        ("actor_critic", "Q of the same old action at the next state", "test_td_loss", (401, 402)),
        ("actor_critic", "actions and values are drawn anew", "test_update_actor", (201, 202)),
        ("actor_critic", "cross entropy over probabilities, norm", "test_update_actor", (202, 203)),
        ("actor_critic", "the action that was not taken", "test_update_actor", (301, 302)),
        ("actor_critic", "first step of the rollout left out by a loop", "test_update_actor", (907, 908)),
        ("actor_critic", "epsilon squared by a second condition", "test_eps_greedy", (1001, 1007)),
        ("actor_critic", "answer of the first call is remembered for all", "test_eps_greedy", (1001, 1007)),
        ("actor_critic", "values divided by their mean, which may be", "test_update_actor", (1001, 1007)),
        ("actor_critic", "centred values divided by their mean", "test_update_actor", (1001, 1007)),
        ("actor_critic", "states in reverse order, actions are not", "test_update_actor", (1001, 1002)),
        ("actor_critic", "squashed on its way into the memory", "test_agent_act", (1001, 1006)),
        ("gaussian_actor_critic", "kept within the returns", "test_value_critic", (101, 102, 103)),
        ("gaussian_actor_critic", "gamma twice", "test_returns_and_advantages", (101, 102, 103)),
        ("gaussian_actor_critic", "actions kept within the bounds", "test_trainer", (1, 12, 601)),
        ("gaussian_actor_critic", "five written down", "test_trainer", (601, 602)),
        ("gaussian_actor_critic", "ratios of one, four passes", "test_trainer", (601, 602)),
        ("gaussian_actor_critic", "a loss of its own without the minimum", "test_trainer", (701, 702, 704)),
        ("gaussian_actor_critic", "an entropy bonus", "test_trainer", (801, 802)),
        ("gaussian_actor_critic", "variance for deviation, density", "test_sample_action", (801, 802)),
    ],
)
def test_verdicts_that_once_hung_on_the_seed_do_so_no_more(released, assignment, style, test_id, seeds):
    (version,) = (one for one in versions(assignment) if style in one.style)
    released = released(assignment)
    names = names_of(released, cells_of(version.code, solved_cells(released)))
    known = [examiner(assignment, seed) for seed in seeds]
    first, *others = (
        {
            outcome.question.id: outcome.mistakes
            for outcome in judged_by(one, probe(test_id), names, partial(one.random_seed, probe(test_id)))
            if not outcome.passed
        }
        for one in known
    )
    assert first
    assert all(other == first for other in others)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "test_id", "seed"),
    [
        ("old spectral_norm with one power iteration", "test_actor_critic_model", 302),
        ("bilinear layers, no activation", "test_actor_critic_model", 801),
        ("a narrow neck of eight features", "test_td_loss", 402),
        ("in units of their root mean square, symmetric", "test_update_actor", 507),
    ],
)
def test_right_versions_that_once_failed_by_chance_do_so_no_more(released, style, test_id, seed):
    (version,) = (one for one in versions("actor_critic") if style in one.style)
    released = released("actor_critic")
    names = names_of(released, cells_of(version.code, solved_cells(released)))
    known = examiner("actor_critic", seed)
    assert not wrong(judged_by(known, probe(test_id), names, partial(known.random_seed, probe(test_id))))


def test_an_act_that_hangs_leaves_time_to_ask_update_actor():
    """Of the little that is left once something has hung; its steps are filled in without it."""

    def act(self, state):
        calls.append(state)
        while True:
            pass

    names = {**REFERENCE, "ActorCriticAgent": type("Hangs", (REFERENCE["ActorCriticAgent"],), {"act": act})}
    update_actor, known = probe("test_update_actor"), examiner("actor_critic", PUBLIC_SEED)
    for question in update_actor.questions:
        calls = []
        way = known.data(update_actor, question) | {"repair": ACT}
        raw = answer(update_actor, question, names, way, 1, SECONDS_AFTER_A_TIMEOUT)
        expected = known.expected(update_actor, question)
        assert question.differences(known.digest(update_actor, question, raw), expected) == []
        assert 0 < len(calls) * SECONDS_FOR_ONE_ACTION < SECONDS_AFTER_A_TIMEOUT


@pytest.mark.parametrize("spoilt", [list, np.ndarray, torch.Tensor])
def test_a_form_of_the_state_that_is_answered_wrongly_costs_no_more_than_the_greedy_actions(spoilt):
    eps_greedy, right = probe("test_eps_greedy"), REFERENCE["select_action_eps_greedy"]

    def select(Q, state, epsilon):
        if isinstance(state, spoilt):
            return right(lambda given: -Q(given), state, epsilon)
        return right(Q, state, epsilon)

    outcomes = outcomes_of(eps_greedy, {**REFERENCE, "select_action_eps_greedy": select}, PUBLIC_SEED)
    assert {outcome.question.id for outcome in outcomes if not outcome.passed} == {"greedy"}


def test_what_is_sampled_more_often_is_counted_so():
    eps_greedy, known = probe("test_eps_greedy"), examiner("actor_critic", PUBLIC_SEED)
    random = eps_greedy.question("random")
    few = known.data(eps_greedy, random)["few"]
    assert known.expected(eps_greedy, random)["best"].sum() == 4 * few


@pytest.mark.parametrize("make", [make_episode, make_mixed])
def test_no_discount_is_drawn_that_people_write_into_their_code(make):
    drawn = {make(np.random.default_rng(seed))["gamma"] for seed in range(300)}
    assert len(drawn) > 5
    assert max(drawn) < min(OTHER_GAMMAS)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_mistake_of_the_contract_is_in_the_bank(assignment):
    known = {mistake.id for probe, mistake in MISTAKES if assignment_of(probe.id) == assignment}
    assert set(re.findall(r"\w+", IDS_OF_THE_CONTRACT.get(assignment, ""))) - known == set()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_every_probe_meets_at_least_three_wrong_versions(probe):
    bank = "test_update_actor" if probe.id == "test_agent_learns" else probe.id
    assert len(reference.known_mistakes(bank)) >= 3


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_an_unfilled_cell_scores_nothing_and_says_so(probe):
    def stub(*args, **kwargs):
        raise NotImplementedError

    names = {**right_names(probe), **dict.fromkeys(probe.defines, stub)}
    outcomes = outcomes_of(probe, names, PUBLIC_SEED)
    assert earned(probe, outcomes) == 0
    assert {outcome.mistakes for outcome in outcomes} == {("not_implemented",)}


def test_points_are_those_of_the_contract():
    promised = {
        "test_tensor_utils": 0.25,
        "test_eps_greedy": 0.25,
        "test_sample_batch": 0.5,
        "test_actor_critic_model": 3,
        "test_agent_act": 1,
        "test_td_loss": 2,
        "test_update_critic": 1,
        "test_update_actor": 1.5,
        "test_agent_learns": 0.5,
        "test_gaussian_actor": 2,
        "test_value_critic": 1,
        "test_sample_action": 1.5,
        "test_returns_and_advantages": 2.5,
        "test_losses": 2,
        "test_trainer": 1,
    }
    assert {probe.id: probe.points for probe in PROBES if probe.id in promised} == promised
