"""Questions about `ActorCriticTrainer.update`, read from the gradients that its optimizers meet.

Of each gradient the weights of the transitions are known. Advantages may be normalised in any way, so that
the actor's weights are compared with a straight line through the true advantages; the critic's loss may have
a constant factor, so that its weights are compared with a multiple of the true errors.
"""

from __future__ import annotations

from ac_helpers.asking.gaussian import OWN
from ac_helpers.asking.trainer import TENSORS, ask_clipping, ask_gradients, ask_minibatches, ask_ratio
from ac_helpers.probes.rules import UNKNOWN, Named
from ac_helpers.probes.spec import Probe, Question
from ac_helpers.probes.trainer.advantages import EXCHANGED
from ac_helpers.probes.trainer.clipping import describe_clipping
from ac_helpers.probes.trainer.gradients import BENT, SCALED, SHIFTED, describe_gradients
from ac_helpers.probes.trainer.minibatches import SIZES, describe_minibatches
from ac_helpers.probes.trainer.moving import CHANGES, describe_ratio
from ac_helpers.probes.trainer.rollouts import make_off_centre, make_rollout
from ac_helpers.probes.trainer.watched import ADDS, BROADCAST, MISALIGNED

REPAIRS = (OWN, TENSORS, f"{OWN} {TENSORS}")

_PASSES = {
    ADDS: "gradient_of_something_else",
    "no_gradient": "zero_grad_misplaced",
    "gradient_elsewhere": "optimizers_exchanged",
    "twice": "steps_twice",
    "other_epochs": "epochs_ignored",
    "other_size": "minibatch_size_ignored",
    "too_few": "minibatches_incomplete",
    "accumulated": "zero_grad_missing",
    "same_minibatch": "same_minibatch",
    "overlap": "minibatches_overlap",
    "actor_stands_still": "actor_not_stepped",
    "critic_stands_still": "critic_not_stepped",
    "other_sizes": "minibatches_incomplete",
}

_ACTOR_PASSES = {**_PASSES, "no_steps": "actor_not_stepped"}

_CRITIC_PASSES = {**_PASSES, "no_steps": "critic_not_stepped"}

_TARGETS = {
    **_PASSES,
    "no_steps": None,
    "opposite": "actor_loss_sign",
    "alike": "loss_broadcast",
    "other_lengths": "max_grad_norm_ignored",
    SHIFTED: "advantages_shifted",
    **dict.fromkeys(("other_factors", BENT, SCALED, EXCHANGED)),
    UNKNOWN: MISALIGNED,
}

_TIGHT = {
    "by_value": "clip_by_value",
    "neither": "gradients_not_clipped",
    "shorter": "max_grad_norm_ignored",
    "skipped": "long_step_skipped",
    "only_actor": "one_net_clipped",
    "only_critic": "one_net_clipped",
}

_STEPS = {
    "no_actor": "actor_not_stepped",
    "no_critic": "critic_not_stepped",
    "larger": "minibatch_size_ignored",
    "twice": "steps_twice",
    "fewer": "stopped_early",
    "more": "rollout_kept",
    "accumulated": "zero_grad_missing",
}

_RATIOS = {
    "always_one": "old_log_probs_ignored",
    "of_each_epoch": "old_log_probs_ignored",
    "opposite": "actor_loss_sign",
    ADDS: "gradient_of_something_else",
    MISALIGNED: MISALIGNED,
    BROADCAST: "loss_broadcast",
}

_MOVING = {
    CHANGES: "critic_loss_changed",
    ADDS: "gradient_of_something_else",
    MISALIGNED: MISALIGNED,
    BROADCAST: "loss_broadcast",
}


def _of_actor_passes(got: str, expected: str) -> str | None:
    return _ACTOR_PASSES.get(got)


def _of_critic_passes(got: str, expected: str) -> str | None:
    return _CRITIC_PASSES.get(got)


def _of_targets(got: str, expected: str) -> str | None:
    """The mistake that a wrong target is called after, what comes behind it left away."""
    return _TARGETS.get(got, got.split()[0])


def _of_tight(got: str, expected: str) -> str | None:
    return _TIGHT.get(got)


def _of_steps(got: str, expected: str) -> str | None:
    return _STEPS.get(got)


def _of_moving(got: str, expected: str) -> str | None:
    return _MOVING.get(got)


def _of_ratio(got: str, expected: str) -> str | None:
    return _RATIOS.get(got)


PROBE = Probe(
    id="test_trainer",
    solution="trainer",
    defines=("ActorCriticTrainer",),
    questions=(
        Question(
            "minibatches",
            0.3,
            make_rollout,
            ask_minibatches,
            {},
            describe_minibatches,
            repairs=REPAIRS,
            symptoms={
                **{f"actor_{name}": _of_actor_passes for name in SIZES},
                **{f"critic_{name}": _of_critic_passes for name in SIZES},
                "as_many_epochs": "epochs_ignored",
            },
            every_symptom=True,
        ),
        Question(
            "gradients",
            0.3,
            make_off_centre,
            ask_gradients,
            {"actor": Named(), "critic": Named()},
            describe_gradients,
            repairs=REPAIRS,
            symptoms={
                "actor_adds": "gradient_of_something_else",
                "critic_adds": "gradient_of_something_else",
                "actor": _of_targets,
                "critic": _of_targets,
                "one_environment": "one_environment_fails",
            },
        ),
        Question(
            "clipping",
            0.2,
            make_rollout,
            ask_clipping,
            {},
            describe_clipping,
            repairs=REPAIRS,
            symptoms={
                "wide": "max_grad_norm_ignored",
                "tight": _of_tight,
            },
        ),
        Question(
            "ratio",
            0.2,
            make_rollout,
            ask_ratio,
            dict.fromkeys(("ratio", "critic"), Named(nameless=(UNKNOWN, ADDS))),
            describe_ratio,
            repairs=REPAIRS,
            symptoms={
                "steps": _of_steps,
                "ratio": _of_ratio,
                "counts_clipped": "no_clip",
                "lacks_unclipped": "clipped_only",
                "critic": _of_moving,
            },
        ),
    ),
)
