"""Right solutions of many styles, and the reference with one known mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ac_helpers import reference
from ac_helpers.probes import assignment_of
from ac_helpers.probes import probe as probe_by_id
from ac_helpers.reference import known_mistakes
from autograder.assignment import Course
from tests.submissions.corpus import Version, cells_of, run_cell, solved_cells, versions

ROOT = Path(__file__).parents[2]
REFERENCE = "reference"
WHOLE_AGENTS = "whole_agents"
"""The file of the corpus whose versions write the model and the agent anew."""

Solution = Mapping[str, Any]
"""The global names of a solved notebook."""


@cache
def _solved(assignment: str) -> dict[str, str]:
    return solved_cells(Course.find(ROOT).assignment(assignment))


def with_code(version: Version, test: str) -> Solution:
    """The names that the solved cells define when a version's code has taken its place in them.

    Args:
        version: of the corpus.
        test: a test cell of its assignment.
    """
    assignment = assignment_of(test)
    names = dict(reference.names(assignment))
    for cell, source in cells_of(version.code, _solved(assignment)).items():
        run_cell(source, cell, names)
    return names


@cache
def right_styles(test: str) -> dict[str, Version]:
    """The right versions of what a test cell judges, by style; of whole agents those that write it anew."""
    written = re.compile(rf"^(class|def) ({'|'.join(probe_by_id(test).defines)})\b", re.MULTILINE)
    found: dict[str, Version] = {}
    for version in versions(assignment_of(test)):
        anew = version.file == WHOLE_AGENTS and written.search(version.code)
        if version.right and (anew or version.file == test.removeprefix("test_")):
            taken = version.style in found
            found[f"{version.style} ({version.file})" if taken else version.style] = version
    return found


def wrong_styles(test: str) -> dict[str, Version]:
    """The versions that a test cell has to reject without a name for what is wrong, by style."""
    found = versions(assignment_of(test))
    return {version.style: version for version in found if (test, None) in version.mistakes}


def right_solution(test: str, style: str) -> Solution:
    """The reference, or a right version of what a test cell judges."""
    if style == REFERENCE:
        return reference.names(assignment_of(test))
    return with_code(right_styles(test)[style], test)


def right_solutions(test: str) -> dict[str, Solution]:
    """The reference and all right versions of what a test cell judges, by style."""
    return {style: right_solution(test, style) for style in (REFERENCE, *right_styles(test))}


def with_mistake(test: str, variant: str) -> Solution:
    """The reference with one known mistake."""
    (mistake,) = (mistake for mistake in known_mistakes(test) if mistake.variant == variant)
    return {**reference.names(assignment_of(test)), mistake.name: mistake.value}


def solutions_with_mistakes(test: str) -> dict[str, Solution]:
    """The reference with each of the known mistakes of a test cell, by variant."""
    return {mistake.variant: with_mistake(test, mistake.variant) for mistake in known_mistakes(test)}
