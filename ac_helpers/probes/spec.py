"""What a probe is: the questions asked of one scored cell, and how two answers are compared.

A question is plain data drawn at random; an answer is plain data that the student's functions gave to it.
The reference and every known mistake are asked the same question by the same `ask`, so that a student's
answer is only ever compared with another answer. Nothing here knows what a right answer looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np

from ac_helpers.asking import Ask, Data
from ac_helpers.probes.rules import Difference, Rule, Same

Symptom = str | Callable[[Any, Any], str | None]
"""A mistake's id, or what finds it from the value of a field and the expected one: "one", or "one+other"."""


def _same_draws(question: Data) -> Data:
    return question


def _as_it_is(question: Data, answer: Data) -> Data:
    return answer


@dataclass(frozen=True)
class Question:
    """One thing asked of a scored cell.

    Attributes:
        id: names the question; its Russian title is the message `questions.<probe>.<id>`.
        points: what a right answer earns.
        make: draws the question's data from a random generator.
        ask: puts the question to the functions in `names`; what comes back is raw, nothing judged yet.
        rules: for every field of the (digested) answer how it is compared with the expected one.
        digest: turns a raw answer into the fields that are compared; it runs where the verdict is taken,
            never where the student's code runs.
        sharpen: the question as it is put to the reference and the mistakes, with more draws where the
            answer is a sample, so that what is expected is known better than what came back.
        repairs: what else of the same cell can be put right while the question is asked, so that a
            method is not judged by the others; each is tried as the field "repair" of the question's data.
        symptoms: the mistake that shows in a field, whatever the rest of the answer is: the id, or a function
            of the value that came and the one expected which gives it or None. They are looked at in their
            order, and only where no known mistake gives this very answer.
        every_symptom: whether each field that differs tells of a mistake of its own; else the first one does.
        hurry: the question as it is put when another test cell has found the same solution wrong, where
            patience costs time; a wrong part may fail what depends on it.
        elsewhere: the question as it is put last of all though nothing wrong was found in the student's
            parts: with right versions of all other cells and of the class' other methods, but for its
            `__init__`; then of the other cells alone. None if it is not put in these ways, be it at all or
            after the digested answer that the student's own parts have given.
        needs: the names without which it cannot be asked; by default all that the probe's cell defines.
        seconds: the deadline.
        beside: other questions of the cell, of which one has to be answered right as well, for a question
            whose right answer is always the same and could be said by who has done nothing.
        is_patient: a wrong answer takes long and says only that something, somewhere, is wrong: known
            mistakes are not asked, and right versions of failed earlier parts are tried first.
    """

    id: str
    points: float
    make: Callable[[np.random.Generator], Data]
    ask: Ask
    rules: Mapping[str, Rule]
    digest: Callable[[Data, Data], Data] = _as_it_is
    sharpen: Callable[[Data], Data] = _same_draws
    repairs: tuple[str, ...] = ()
    symptoms: Mapping[str, Symptom] = field(default_factory=dict)
    every_symptom: bool = False
    hurry: Callable[[Data], Data] = _same_draws
    elsewhere: Callable[[Data, Data], Data | None] | None = None
    needs: tuple[str, ...] = ()
    seconds: float = 15.0
    is_patient: bool = False
    beside: tuple[str, ...] = ()

    def ways(self, data: Data) -> list[Data]:
        """The question as it is, and with each repair; an answer that is right in one way is right."""
        return [data, *(data | {"repair": repair} for repair in self.repairs)]

    def shown(self, answer: Data, expected: Data) -> tuple[str, ...]:
        """The mistakes that differing fields with a symptom tell of: that of the first, or all of them."""
        differing = {difference.field for difference in self.differences(answer, expected)}
        found = (
            symptom if isinstance(symptom, str) else symptom(answer[name], expected[name])
            for name, symptom in self.symptoms.items()
            if name in differing
        )
        told = (mistake for mistake in found if mistake is not None)
        counted = told if self.every_symptom else islice(told, 1)
        return tuple(dict.fromkeys(chain.from_iterable(one.split("+") for one in counted)))

    def differences(self, answer: Data, expected: Data, sharp: bool = False) -> list[Difference]:
        """Where a digested answer departs from the expected one; empty when they agree.

        Args:
            answer: the digested answer.
            expected: the one to compare it with.
            sharp: by the rules for recognising a known mistake.
        """
        if "raised" in answer or "raised" in expected:
            got, wanted = _raised(answer), _raised(expected)
            return [] if got == wanted else [Difference("raised", (), got, wanted)]
        if answer.keys() != expected.keys():
            return [Difference("fields", (), sorted(answer), sorted(expected))]
        found = []
        for name in expected:
            rule = self.rules.get(name, Same())
            difference = (rule.sharp if sharp else rule).difference(answer[name], expected[name])
            if difference is not None:
                found.append(difference.under(name))
        return found


def _raised(answer: Data) -> tuple[str, str] | None:
    raised = answer.get("raised")
    return None if raised is None else (raised["type"], raised["message"])


@dataclass(frozen=True)
class Probe:
    """Everything that is asked of one test cell.

    Attributes:
        id: the test cell's `grade_id`.
        solution: the `grade_id` of the solution cell that it judges.
        defines: the names that the questions need from that cell.
        methods: the methods that it judges, where what it needs is a class.
        questions: in the order in which they are asked and shown.
    """

    id: str
    solution: str
    defines: tuple[str, ...]
    questions: tuple[Question, ...] = field(default_factory=tuple)
    methods: tuple[str, ...] = ()

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that it judges."""
        return self.methods or self.defines

    @property
    def points(self) -> float:
        """The points of the test cell."""
        return round(sum(question.points for question in self.questions), 6)

    def needed_by(self, question: Question) -> tuple[str, ...]:
        """The names without which one of its questions cannot be asked."""
        return question.needs or self.defines

    def question(self, question_id: str) -> Question:
        """The question with this id.

        Raises:
            KeyError: there is none.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise KeyError(f"{self.id} asks no question {question_id!r}")
