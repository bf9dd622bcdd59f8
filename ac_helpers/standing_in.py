"""Right versions of what earlier cells define, where a right solution is installed beside this package.

Students' packages hold none; there nothing stands in, and what fails for an earlier mistake says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ac_helpers.probes import ASSIGNMENTS
from ac_helpers.probes.spec import Probe

REFERENCE = "ac_helpers.reference"


def stand_ins(failed: Iterable[Probe]) -> dict[str, Any]:
    """The right versions of the names that these probes are about; none where no solution is installed."""
    failed = list(failed)
    if not failed or find_spec(REFERENCE) is None:
        return {}
    found: dict[str, Any] = {}
    for probe in failed:
        assignment = next(name for name, tests in ASSIGNMENTS.items() if probe.id in tests)
        names = import_module(REFERENCE).names(assignment)
        found |= {name: names[name] for name in probe.defines}
    return found
