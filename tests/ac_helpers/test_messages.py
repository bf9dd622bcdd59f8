"""Every sentence that a student can read: it is there, it is used, and it reads as it should."""

import re
from pathlib import Path
from string import Formatter

import pytest

import ac_helpers
import autograder
from ac_helpers import reference
from ac_helpers.judging import _MISTAKE_OF_EXCEPTION, _NOT_RAISED_BY_STUDENT, Outcome
from ac_helpers.messages import _catalogue, entry, has, language, text
from ac_helpers.probes import ASSIGNMENTS, probe, probes
from ac_helpers.probes.rules import Difference
from ac_helpers.wording import evidence, findings_of, hint_key
from autograder.examiner import examiner
from autograder.handbook import BY_EXCEPTION, named_by_symptoms

PROBES = [probe for assignment in ASSIGNMENTS for probe in probes(assignment)]
QUESTIONS = [
    (assignment, p, q) for assignment in ASSIGNMENTS for p in probes(assignment) for q in p.questions
]
NAMED = {
    probe.id: {mistake.id for mistake in reference.known_mistakes(probe.id)}
    | {mistake for question in probe.questions for mistake in named_by_symptoms(question)}
    for probe in PROBES
}
HINT_KEYS = {hint_key(test_id, mistake) for test_id, mistakes in NAMED.items() for mistake in mistakes}
HINT_KEYS |= {f"mistakes.{mistake}" for mistake in BY_EXCEPTION}

VALUES_OF_A_DIFFERENCE = {"got", "expected", "where", "field"}
VALUES_OF_AN_EXCEPTION = {"type", "message", "place", "function"}
ASKED_SLOWLY = {"test_agent_learns"}

CODE_OF_A_SOLUTION = re.compile(
    r"softmax\(|argmax\(|gather\(|detach|no_grad|\.item|squeeze|\.mean\(|\.sum\(|requires_grad|Categorical"
    r"|multinomial|randrange|choices\(|zip\(|isinstance|as_tensor|from_numpy|expm1|log1p|maxlen="
)
QUOTED = re.compile(r"`[^`]*`|«[^»]*»")


def leaves(table, path=""):
    """All sentences below a table, by key."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


SENTENCES = {key: sentence for key, sentence in leaves(_catalogue(language())) if isinstance(sentence, str)}
HINTS = {
    key: sentence for key, sentence in SENTENCES.items() if key.startswith(("mistakes.", "mistakes_of."))
}
DIFFERENCES = {key: sentence for key, sentence in SENTENCES.items() if key.startswith("differs.")}


def placeholders(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("test_id", NAMED)
def test_every_mistake_that_can_be_named_has_a_hint(test_id):
    missing = [mistake for mistake in sorted(NAMED[test_id]) if not has(hint_key(test_id, mistake))]
    assert missing == []


def test_every_mistake_that_an_exception_names_has_a_hint():
    assert {"raises", *_MISTAKE_OF_EXCEPTION.values()} == set(BY_EXCEPTION)
    assert all(has(f"mistakes.{mistake}") for mistake in BY_EXCEPTION)


def test_no_hint_is_dead():
    assert sorted(set(HINTS) - HINT_KEYS) == []


@pytest.mark.parametrize(
    ("assignment", "probe", "question"), QUESTIONS, ids=[f"{p.id}-{q.id}" for _, p, q in QUESTIONS]
)
def test_everything_that_can_differ_has_a_sentence_and_no_sentence_is_dead(assignment, probe, question):
    table = f"differs.{probe.id}.{question.id}"
    told = set(entry(table))
    if probe.id in ASKED_SLOWLY:
        assert told
    else:
        assert told == set(examiner(assignment, 1).expected(probe, question))


def test_no_question_without_a_title_and_no_title_without_a_question():
    titled = {key.removeprefix("questions.") for key in SENTENCES if key.startswith("questions.")}
    assert titled == {f"{probe.id}.{question.id}" for probe in PROBES for question in probe.questions}


def test_no_table_is_left_of_a_question_that_is_no_longer_asked():
    asked = {f"{probe.id}.{question.id}" for probe in PROBES for question in probe.questions}
    told = {".".join(key.split(".")[1:3]) for key in DIFFERENCES if key.count(".") == 3}
    assert told - asked == set()
    assert set(entry("hints")) == {probe.id for probe in PROBES}


def test_every_other_sentence_is_used_somewhere():
    folders = [Path(package.__path__[0]) for package in (ac_helpers, autograder)]
    source = "\n".join(
        path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")
    )
    parts = set(re.findall(r"[A-Za-z_]\w*", source))
    own = ("mistakes.", "mistakes_of.", "differs.test_", "questions.")
    others = [key for key in SENTENCES if not key.startswith(own)]
    assert [key for key in others if not set(key.split(".")[1:]) <= parts] == []


@pytest.mark.parametrize("key", HINTS)
def test_a_hint_is_a_short_russian_sentence_without_code_of_the_solution(key):
    sentence = HINTS[key]
    assert len(sentence) <= 240
    assert not CODE_OF_A_SOLUTION.search(sentence)
    assert sentence[-1] in ".?" or sentence.endswith("{message}")
    assert sentence.count("`") % 2 == 0
    assert placeholders(sentence) <= (VALUES_OF_AN_EXCEPTION if key.split(".")[1] in BY_EXCEPTION else set())
    assert is_russian(sentence)


@pytest.mark.parametrize("key", DIFFERENCES)
def test_what_differs_is_told_in_short_russian_with_values_that_there_are(key):
    sentence = DIFFERENCES[key]
    if key == "differs.where":
        assert placeholders(sentence) == {"index"}
        return
    assert len(sentence) <= 200
    assert not CODE_OF_A_SOLUTION.search(sentence)
    assert sentence.endswith((".", ": {got}"))
    assert sentence.count("`") % 2 == 0
    assert placeholders(sentence) <= VALUES_OF_A_DIFFERENCE
    assert is_russian(sentence)


def is_russian(sentence):
    """Outside names and quotations there are more Russian letters than others."""
    plain = re.sub(r"\{\w+\}", "", QUOTED.sub("", sentence))
    russian, latin = len(re.findall(r"[а-яё]", plain, re.I)), len(re.findall(r"[a-z]", plain, re.I))
    return russian > 2 * latin


def test_every_sentence_of_a_difference_can_be_put_together():
    for key in DIFFERENCES:
        _, test_id, *rest = key.split(".")
        if len(rest) != 2:
            continue
        found = probe(test_id)
        outcome = Outcome(
            found.question(rest[0]), (Difference("value", (1, 2), [0.5, "value"], True, rest[1]),)
        )
        message = evidence(found, outcome)
        assert not set("{}") & set(message)


@pytest.mark.parametrize("kind", ["value", "shape", "share", "fields", "raised"])
def test_what_has_no_sentence_of_its_own_is_told_all_the_same(kind):
    found = PROBES[0]
    outcome = Outcome(found.questions[0], (Difference(kind, (), 1, 2, "something new"),))
    assert "{" not in evidence(found, outcome)


@pytest.mark.parametrize(
    "type_name", ["ValueError", *sorted(_MISTAKE_OF_EXCEPTION), *sorted(_NOT_RAISED_BY_STUDENT)]
)
@pytest.mark.parametrize("line", ["x = y[0]", ""])
def test_what_was_raised_is_told_whatever_is_known_of_it(type_name, line):
    raised = {"type": type_name, "message": "", "line": line, "function": ""}
    outcome = Outcome(PROBES[0].questions[0], raised=raised)
    messages = [found.message for found in findings_of(PROBES[0], outcome)]
    assert messages
    assert all(message and "{" not in message for message in messages)


@pytest.mark.parametrize("exception", sorted(_MISTAKE_OF_EXCEPTION))
def test_a_mistake_that_an_exception_names_is_told_with_its_place(exception):
    raised = {"type": exception, "message": "", "line": "raise NotImplementedError", "function": "symlog"}
    mistake = _MISTAKE_OF_EXCEPTION[exception]
    outcome = Outcome(PROBES[0].questions[0], raised=raised, mistakes=(mistake,))
    (found,) = findings_of(PROBES[0], outcome)
    assert found.mistake == mistake
    assert "{" not in found.message


def test_braces_in_what_a_student_wrote_are_no_placeholders():
    raised = {"type": "KeyError", "message": "{got}", "line": "d['{x}']", "function": "f"}
    outcome = Outcome(PROBES[0].questions[0], raised=raised, mistakes=("raises",))
    (found,) = findings_of(PROBES[0], outcome)
    assert "{got}" in found.message
    assert "d['{x}']" in found.message


def test_a_missing_sentence_is_an_error():
    with pytest.raises(KeyError):
        text("mistakes.no_such_mistake")
    with pytest.raises(KeyError):
        text("differs.any.value", got=1)
    with pytest.raises(TypeError):
        text("mistakes")
