"""Right versions of what earlier cells define, where a right solution is installed beside this package.

The standalone notebook carries none; there nothing stands in, and what fails for an earlier mistake says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ac_helpers.probes import assignment_of, probes
from ac_helpers.probes.spec import Probe

REFERENCE = "ac_helpers.reference"


def stand_ins(failed: Iterable[Probe]) -> dict[str, Any]:
    """The right versions of the names that these probes are about; none where no solution is installed."""
    failed = list(failed)
    if not failed or find_spec(REFERENCE) is None:
        return {}
    found: dict[str, Any] = {}
    for probe in failed:
        names = import_module(REFERENCE).names(assignment_of(probe.id))
        found |= {name: names[name] for name in probe.defines}
    return found


def around(probe: Probe, *besides: str) -> dict[str, Any]:
    """The right versions of all names but for the methods that the probe judges, and those in `besides`.

    These stay the student's.
    """
    found = stand_ins(probes(assignment_of(probe.id)))
    return {
        name: _without(right, (*probe.methods, *besides)) if name in probe.defines else right
        for name, right in found.items()
    }


def around_solution(probe: Probe) -> dict[str, Any]:
    """The right versions of the names of all solution cells but the probe's."""
    others = probes(assignment_of(probe.id))
    return stand_ins(other for other in others if other.solution != probe.solution)


def _without(right: type, methods: tuple[str, ...]) -> type:
    left_out = {*methods, "__dict__", "__weakref__"}
    kept = {name: value for name, value in vars(right).items() if name not in left_out}
    return type(right.__name__, right.__bases__, kept)
