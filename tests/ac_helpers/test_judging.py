"""From answers to named mistakes, on a made-up cell with two questions."""

from dataclasses import replace

import pytest

from ac_helpers.judging import digest, earned, judge, until_right
from ac_helpers.probes.rules import Close
from ac_helpers.probes.spec import Probe, Question

FIRST = Question("first", 0.5, None, None, {})
SECOND = Question("second", 1.0, None, None, {})
PROBE = Probe("made_up", "cell", (), (FIRST, SECOND))
EXPECTED = {"first": {"a": 1}, "second": {"a": 1}}


def named(answers, **predictions):
    """The mistake named for each question; predictions are (first, second) answers of each mistake."""

    def predict(question):
        return {name: {"a": values[question is SECOND]} for name, values in predictions.items()}

    outcomes = judge(PROBE, {"first": answers[:1], "second": answers[1:]}, EXPECTED, predict)
    return [next(iter(outcome.mistakes), None) for outcome in outcomes], earned(PROBE, outcomes)


def test_right_answers_get_everything_and_no_mistake_is_asked():
    def predict(question):
        raise AssertionError("not needed")

    outcomes = judge(PROBE, {name: (answer,) for name, answer in EXPECTED.items()}, EXPECTED, predict)
    assert earned(PROBE, outcomes) == 1.5


def test_a_wrong_answer_costs_the_points_of_its_question():
    assert named(({"a": 1}, {"a": 2}), doubled=(1, 2)) == ([None, "doubled"], 0.5)


def test_what_matches_no_mistake_has_no_name():
    assert named(({"a": 1}, {"a": 9}), doubled=(1, 2)) == ([None, None], 0.5)


def test_the_mistake_that_explains_more_is_named():
    assert named(({"a": 3}, {"a": 2}), small=(7, 2), large=(3, 2)) == (["large", "large"], 0)


def test_among_equals_the_one_that_contradicts_less_is_named():
    assert named(({"a": 1}, {"a": 2}), always=(4, 2), sometimes=(1, 2)) == ([None, "sometimes"], 0.5)


def test_two_mistakes_are_both_named():
    assert named(({"a": 5}, {"a": 2}), one=(5, 8), two=(6, 2)) == (["one", "two"], 0)


def test_variants_of_a_mistake_share_its_name():
    assert named(({"a": 5}, {"a": 1}), **{"one#2": (5, 1)}) == (["one", None], 1.0)


BESIDE = Question("beside", 0.5, None, None, {}, beside=("second",))


@pytest.mark.parametrize(("second", "points"), [(1, 1.5), (2, 0)])
def test_what_anybody_could_say_earns_only_beside_something_else(second, points):
    probe = Probe("made_up", "cell", (), (BESIDE, SECOND))
    answers = {"beside": ({"a": 1},), "second": ({"a": second},)}
    expected = {"beside": {"a": 1}, "second": {"a": 1}}
    assert earned(probe, judge(probe, answers, expected, lambda question: {})) == points


def test_an_answer_of_another_form_than_any_is_a_wrong_one():
    def only_text(got, expected):
        return got.lower()

    question = Question("first", 0.5, None, None, {}, symptoms={"a": only_text})
    (found,) = until_right(question, {"a": "int"}, [{"a": [1]}])
    assert found["raised"]["type"] == "BadAnswer"
    assert until_right(question, {"a": "int"}, [{"a": "INT"}]) == ({"a": "INT"},)


def raised(kind, message=""):
    return {"raised": {"type": kind, "message": message, "line": "", "function": ""}}


def test_exceptions_have_names_of_their_own():
    assert named((raised("NotImplementedError"), raised("OutOfTime"))) == (["not_implemented", "timeout"], 0)
    assert named((raised("ZeroDivisionError"), raised("NotPlain", "str"))) == (["raises", None], 0)


def test_a_mistake_that_raises_the_same_is_named_rather_than_the_exception():
    def predict(question):
        return {"empty": raised("IndexError", "list index out of range")}

    answers = {
        "first": (raised("IndexError", "list index out of range"),),
        "second": (raised("IndexError", "other"),),
    }
    outcomes = judge(PROBE, answers, EXPECTED, predict)
    assert [outcome.mistakes for outcome in outcomes] == [("empty",), ("raises",)]


def test_an_answer_that_cannot_be_digested_is_wrong_and_no_fault():
    question = Question("q", 1, None, None, {}, digest=lambda data, answer: {"a": answer["b"]})
    assert digest(question, {}, {"a": 1})["raised"]["type"] == "BadAnswer"
    assert digest(question, {}, {"b": 1}) == {"a": 1}


def test_another_set_of_fields_is_a_difference():
    (difference,) = FIRST.differences({"shape": [1]}, {"a": 1})
    assert difference.kind == "fields"


def judged(first, second=({"a": 1},), predict=lambda question: {}, pairs=None, probe=PROBE):
    outcomes = judge(probe, {"first": first, "second": second}, EXPECTED, predict, pairs)
    return [outcome.mistakes for outcome in outcomes], earned(probe, outcomes)


def test_one_right_answer_of_several_is_enough():
    assert judged(({"a": 2}, raised("TypeError"), {"a": 1})) == ([(), ()], 1.5)


def test_a_wrong_answer_is_named_by_whichever_way_tells():
    answers = (raised("TypeError"), {"a": 7}, {"a": 9})
    assert judged(answers, predict=lambda question: {"seven": {"a": 7}})[0] == [("seven",), ()]


def test_a_mistake_whose_own_answer_passes_explains_nothing():
    loose = Question("first", 0.5, None, None, {"a": Close(atol=2)}, digest=lambda data, answer: answer)
    probe = Probe("made_up", "cell", (), (loose, SECOND))
    assert judged(({"a": 4},), predict=lambda question: {"near": {"a": 2.5}}, probe=probe)[0] == [(), ()]


def test_a_question_that_is_passed_says_nothing_for_a_mistake_by_its_other_ways():
    def predict(question):
        return {
            "first": {"early": {"a": 7}, "late": {"a": 1}},
            "second": {"early": {"a": 5}, "late": {"a": 5}},
        }[question.id]

    assert judged(({"a": 7}, {"a": 1}), ({"a": 5},), predict)[0] == [(), ("late",)]


def test_two_mistakes_in_one_answer_are_both_named():
    def predict(question):
        return {"known": {"a": 5}}

    def pairs(question, known):
        assert known == {"known"}
        return {"known+other": {"a": 8}}

    assert judged(({"a": 5},), ({"a": 8},), predict, pairs)[0] == [("known",), ("known", "other")]


def test_a_symptom_names_what_no_known_mistake_explains():
    by_id = Question("first", 0.5, None, None, {}, symptoms={"a": "symptom"})
    by_value = Question("second", 1.0, None, None, {}, symptoms={"a": lambda got, expected: f"got_{got}"})
    probe = Probe("made_up", "cell", (), (by_id, by_value))
    assert judged(({"a": 3},), ({"a": 4},), probe=probe)[0] == [("symptom",), ("got_4",)]
    assert judged(({"a": 3},), predict=lambda q: {"known": {"a": 3}}, probe=probe)[0] == [("known",), ()]


def test_what_shows_beside_right_earlier_parts_counts_more_than_what_fits_beside_wrong_ones():
    shows = Question("first", 0.5, None, None, {}, symptoms={"a": "symptom"})
    probe = Probe("made_up", "cell", (), (shows, SECOND))

    def predict(question):
        return {"mixed_up": {"a": 7}}

    assert judged(({"a": 7}, {"a": 4}), predict=predict, probe=probe)[0] == [("symptom",), ()]
    assert judged(({"a": 4}, {"a": 7}), predict=predict, probe=probe)[0] == [("mixed_up",), ()]
    assert judged(({"a": 7}, {"a": 4}), predict=predict)[0] == [("mixed_up",), ()]


@pytest.mark.parametrize(
    ("every", "shown"), [(False, ("of_a", "also_of_a")), (True, ("of_a", "also_of_a", "of_c"))]
)
def test_the_first_symptom_or_every_one_is_named(every, shown):
    symptoms = {"b": "of_b", "a": lambda got, expected: "of_a+also_of_a", "c": "of_c"}
    question = Question("first", 0.5, None, None, {}, symptoms=symptoms, every_symptom=every)
    assert question.shown({"a": 2, "b": 1, "c": 2}, {"a": 1, "b": 1, "c": 1}) == shown


THIRD = Question("third", 1.0, None, None, {})


def named_in_pairs(predictions, pairs, wrong=("second",)):
    """The mistakes of the second question, of which only a pair gives the answer; the first one is passed."""
    probe = Probe("made_up", "cell", (), (FIRST, SECOND, THIRD))

    def predict(question):
        return {name: {"a": values[question is not FIRST]} for name, values in predictions.items()}

    outcomes = judge(
        probe,
        {question.id: ({"a": 9 if question.id in wrong else 1},) for question in probe.questions},
        {question.id: {"a": 1} for question in probe.questions},
        lambda question: predict(question) if question is not THIRD or question.id in wrong else {},
        lambda question, known: {pair: {"a": 9} for pair in pairs},
    )
    return outcomes[1].mistakes


def test_a_pair_is_named_where_nothing_that_is_passed_speaks_against_it():
    assert named_in_pairs({"one": (1, 5), "two": (1, 6)}, ["one+two"]) == ("one", "two")


def test_a_passed_question_rules_a_pair_out_of_which_one_mistake_fails_it():
    assert named_in_pairs({"one": (4, 5), "two": (1, 6)}, ["one+two"]) == ()


@pytest.mark.parametrize(("wrong", "named"), [(("second",), ()), (("second", "third"), ("one", "two"))])
def test_two_mistakes_may_make_up_for_each_other_where_they_explain_two_answers(wrong, named):
    assert named_in_pairs({"one": (4, 5), "two": (3, 6)}, ["one+two"], wrong) == named


TOLD = replace(SECOND, symptoms={"a": "shown"})


@pytest.mark.parametrize(("elsewhere", "mistake"), [(1, "explains"), (4, "shown")])
def test_a_mistake_that_two_passed_questions_contradict_gives_way_to_a_symptom(elsewhere, mistake):
    probe = Probe("made_up", "cell", (), (FIRST, TOLD, THIRD))
    right = {question.id: {"a": 1} for question in probe.questions}

    def predict(question):
        return {"explains": {"a": 9 if question is TOLD else elsewhere}}

    answers = {"first": ({"a": 1},), "second": ({"a": 9},), "third": ({"a": 1},)}
    assert judge(probe, answers, right, predict)[1].mistakes == (mistake,)


def test_an_answer_that_one_mistake_of_a_pair_gives_by_itself_gets_no_third_name():
    probe = Probe("made_up", "cell", (), (FIRST, SECOND, THIRD))
    right = {question.id: {"a": 1} for question in probe.questions}
    answers = {"first": ({"a": 5},), "second": ({"a": 9},), "third": ({"a": 8},)}
    alone = {"a_third": {"first": 5}, "one": {"first": 5, "second": 3, "third": 4}}

    def predict(question):
        return {name: {"a": given.get(question.id, 1)} for name, given in alone.items()}

    def predict_pairs(question, known):
        return {"one+two": {"a": {"second": 9, "third": 8}.get(question.id, 0)}}

    mistakes = [outcome.mistakes for outcome in judge(probe, answers, right, predict, predict_pairs)]
    assert mistakes == [("one",), ("one", "two"), ("one", "two")]
