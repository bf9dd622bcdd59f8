"""What a student sees: `check` and `hint`, in a terminal and in a notebook."""

import re

import pytest
from IPython.testing.globalipapp import start_ipython

from ac_helpers import check, hint, reference, show
from ac_helpers.expected import frozen
from ac_helpers.judging import Outcome
from ac_helpers.messages import entry, has
from ac_helpers.probes import probes
from ac_helpers.probes.rules import Difference
from ac_helpers.wording import findings_of, title

PROBES = probes("actor_critic")
SOLVED = dict(reference.names("actor_critic"))


def checked(test_id, **names):
    """check() as a notebook with these names calls it."""
    scope = {**SOLVED, **names, "check": check, "test_id": test_id}
    exec("points = check(test_id)", scope)
    return scope["points"]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_a_right_solution_gets_a_python_float_and_praise(probe, capsys):
    points = checked(probe.id)
    assert type(points) is float
    assert points == probe.points
    printed = capsys.readouterr().out
    assert "Всё верно" in printed
    assert printed.count("✓") == len(probe.questions)
    assert "✗" not in printed


def test_a_wrong_solution_gets_the_hint_and_what_came_back(capsys):
    def symlog(x):
        return x.abs().log1p()

    assert checked("test_tensor_utils", symlog=symlog) == pytest.approx(0.175)
    printed = capsys.readouterr().out
    assert entry("mistakes.symlog_no_sign") in printed
    assert re.search(r"получилось -?\d.*а должно быть -?\d", printed)
    assert printed.count("✗") == 1


def test_a_stub_is_told_kindly(capsys):
    def to_tensor(x, dtype=None):
        raise NotImplementedError

    assert checked("test_tensor_utils", to_tensor=to_tensor) == pytest.approx(0.15)
    assert "Ещё не дописано: `to_tensor`" in capsys.readouterr().out


def test_a_name_that_is_missing_is_told(capsys):
    scope = {"check": check}
    assert eval("check('test_td_loss')", scope) == 0
    assert "ActorCriticAgent" in capsys.readouterr().out


def test_a_check_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="test_tdloss"):
        check("test_tdloss")


def test_the_expected_answers_come_from_data_alone():
    for probe in PROBES:
        assert set(frozen(probe.id)) == {question.id for question in probe.questions}


def test_hints_go_on_and_start_again(capsys):
    number = len(entry("hints.test_td_loss"))
    for _ in range(number + 1):
        hint("test_td_loss")
    printed = capsys.readouterr().out
    assert printed.count(f"Подсказка 1 из {number}") == 2
    assert printed.count(f"Подсказка {number} из {number}") == 1


def test_a_notebook_gets_html_with_everything_escaped():
    shell = start_ipython()
    with_markup = Outcome(
        PROBES[0].questions[0],
        raised={"type": "<b>Bad</b>", "message": "<script>alert(1)</script>", "line": "", "function": ""},
        differences=(Difference("raised", (), None, None),),
        mistakes=("raises",),
    )
    shown = []
    display, show.display = show.display, shown.append
    try:
        assert shell is not None
        show.outcomes(PROBES[0], [with_markup], 0.0)
    finally:
        show.display = display
    html = shown[0]._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>Bad" not in html


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_every_question_and_every_mistake_has_words(probe):
    assert entry(f"hints.{probe.id}")
    for question in probe.questions:
        assert title(probe, question.id)
    for mistake in reference.known_mistakes(probe.id):
        assert has(f"mistakes.{mistake.id}") or has(f"mistakes_of.{probe.id}.{mistake.id}"), mistake.id


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.id)
def test_every_field_that_can_differ_has_words(probe):
    """The frozen answers of reference and mistakes show which fields there are and how they differ."""
    for question in probe.questions:
        known = frozen(probe.id)[question.id]
        for variant, answer in known.mistakes.items():
            for difference in question.differences(answer, known.reference):
                outcome = Outcome(question, (difference,), answer.get("raised"))
                message = findings_of(probe, outcome)[0].message
                assert re.search("[а-яё]{3}", message), (question.id, variant, difference)
                assert "{" not in message.replace("{'", "")
