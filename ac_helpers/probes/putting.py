"""Draws the data of questions, and puts them to solutions that live in this process."""

from __future__ import annotations

import zlib

import numpy as np

from ac_helpers.asking import Data, Names
from ac_helpers.asking.answering import answered
from ac_helpers.probes.spec import Probe, Question

PUBLIC_SEED = 20260901
"""The seed of the questions that students are asked in their notebooks."""


def draw(probe: Probe, question: Question, seed: int) -> Data:
    """The data of a question for this seed; every question has a random stream of its own."""
    stream = zlib.crc32(f"{probe.id}/{question.id}".encode())
    return question.make(np.random.default_rng([seed, stream]))


def answer(
    probe: Probe,
    question: Question,
    names: Names,
    data: Data,
    random_seed: int,
    seconds: float | None = None,
) -> Data:
    """The raw answer of a solution; by the question's own deadline where no other is given."""
    needs = probe.needed_by(question)
    return answered(question.ask, needs, names, data, random_seed, seconds or question.seconds)
